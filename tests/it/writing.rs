//! Writing to a book on a real file system: at once or not at all, whatever happens meanwhile.

use std::fs;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rmbook::store::{self, FileChange, Writer};

use crate::fixture::{self, Folder};

const CLIENT: &str = "clients/acme.toml";

fn book() -> Folder {
    Folder::with([("rmbook.toml", ""), (CLIENT, "old = 1\n")])
}

fn open(folder: &Folder) -> Writer {
    Writer::open(folder.root(), Some(store::WAIT)).unwrap()
}

fn change(path: &str, text: &str) -> FileChange {
    FileChange { path: path.to_owned(), text: Some(text.to_owned()) }
}

fn replace(folder: &Folder, path: &str, text: &str) -> anyhow::Result<()> {
    let mut writer = Writer::open(folder.root(), Some(store::WAIT))?;
    writer.read(path)?;
    writer.commit(&[change(path, text)])
}

#[test]
fn files_are_made_replaced_and_removed() {
    let folder = book();
    let mut writer = open(&folder);
    assert_eq!(writer.read(CLIENT).unwrap().as_deref(), Some("old = 1\n"));
    assert!(writer.exists(CLIENT).unwrap() && !writer.exists("clients/new.toml").unwrap());
    writer.commit(&[change(CLIENT, "new = 1\n"), change("reviews/2026-10/王芳.toml", "x = 1\n")]).unwrap();
    assert_eq!(folder.read(CLIENT), "new = 1\n");
    assert_eq!(folder.read("reviews/2026-10/王芳.toml"), "x = 1\n");
    writer.commit(&[FileChange { path: CLIENT.to_owned(), text: None }]).unwrap();
    assert_eq!(folder.names("clients"), [""; 0]);
}

#[test]
fn a_new_book_can_be_written_where_no_folder_is() {
    let folder = Folder::empty();
    let root = folder.path("a/book");
    let mut writer = Writer::open(&root, Some(store::WAIT)).unwrap();
    writer.commit(&[change("rmbook.toml", "name = 1\n")]).unwrap();
    assert_eq!(folder.read("a/book/rmbook.toml"), "name = 1\n");
}

#[test]
fn nothing_that_changed_meanwhile_is_overwritten() {
    let folder = book();
    let mut writer = open(&folder);
    writer.read(CLIENT).unwrap();
    folder.write(CLIENT, "by hand\n");
    let both = [change("clients/b.toml", "b\n"), change(CLIENT, "new\n")];
    let error = writer.commit(&both).unwrap_err().to_string();
    assert!(error.contains("changed by another program"), "{error}");
    let error = writer.commit(&[change("rmbook.toml", "x")]).unwrap_err().to_string();
    assert!(error.contains("exists already"), "{error}");
    assert_eq!(folder.read(CLIENT), "by hand\n");
    assert_eq!(folder.names("clients"), ["acme.toml"]);
}

#[test]
fn paths_out_of_the_book_are_refused() {
    let folder = book();
    let mut writer = open(&folder);
    for path in ["", "/etc/x", "../x", "clients/../../x", "clients\\x", "a\0b", "."] {
        assert!(writer.commit(&[change(path, "x")]).is_err(), "{path:?}");
        assert!(writer.read(path).is_err(), "{path:?}");
    }
}

#[test]
fn no_record_is_written_that_could_not_be_read() {
    let folder = book();
    let huge = "#".repeat(store::RECORD_LIMIT as usize + 1);
    let error = replace(&folder, CLIENT, &huge).unwrap_err().to_string();
    assert!(error.contains("4 MiB"), "{error}");
    assert_eq!(folder.read(CLIENT), "old = 1\n");
}

#[cfg(unix)]
#[test]
fn no_link_is_written_through() {
    let outside = Folder::with([("target.toml", "outside\n")]);
    let folder = book();
    let link = |to: &std::path::Path, at: &str| std::os::unix::fs::symlink(to, folder.path(at)).unwrap();
    link(&outside.path("target.toml"), "clients/link.toml");
    link(outside.root(), "managers");
    for path in ["clients/link.toml", "managers/target.toml", "managers/new.toml"] {
        let error = replace(&folder, path, "inside\n").unwrap_err().to_string();
        assert!(error.contains("link"), "{error}");
    }
    assert_eq!(outside.names("."), ["target.toml"]);
    assert_eq!(outside.read("target.toml"), "outside\n");

    let folder = book();
    std::os::unix::fs::symlink(outside.root(), folder.path(".rmbook")).unwrap();
    assert!(Writer::open(folder.root(), Some(store::WAIT)).is_err());
    assert_eq!(outside.names("."), ["target.toml"]);
}

#[cfg(unix)]
#[test]
fn permissions_stay() {
    use std::os::unix::fs::PermissionsExt;

    let folder = book();
    let mode = |path: &str| fs::metadata(folder.path(path)).unwrap().permissions().mode() & 0o777;
    fs::set_permissions(folder.path(CLIENT), fs::Permissions::from_mode(0o640)).unwrap();
    replace(&folder, CLIENT, "new\n").unwrap();
    assert_eq!(mode(CLIENT), 0o640);
    folder.write("clients/by-hand.toml", "");
    replace(&folder, "clients/new.toml", "new\n").unwrap();
    assert_eq!(mode("clients/new.toml"), mode("clients/by-hand.toml"));
}

#[test]
fn one_that_cannot_be_prepared_stops_all() {
    let folder = book();
    folder.write("teams", "a file where a folder should be");
    let mut writer = open(&folder);
    writer.read(CLIENT).unwrap();
    assert!(writer.commit(&[change(CLIENT, "new\n"), change("teams/a.toml", "x\n")]).is_err());
    assert_eq!(folder.read(CLIENT), "old = 1\n");
    assert_eq!(folder.names("clients"), ["acme.toml"]);
}

#[test]
fn stale_temporary_files_are_passed_over_and_swept() {
    let folder = book();
    folder.write("clients/.tmp-0a1b2c3d~", "half a fi");
    assert_eq!(store::read_book(folder.root()).unwrap().sources.len(), 2);
    replace(&folder, CLIENT, "new\n").unwrap();
    assert_eq!(folder.names("clients"), ["acme.toml"]);
}

#[test]
fn a_held_lock_is_waited_for_and_named() {
    let folder = Folder::book();
    let held = open(&folder);
    let started = Instant::now();
    let error = Writer::open(folder.root(), Some(Duration::from_millis(200))).err().unwrap().to_string();
    assert!(error.contains(&format!("process {}", std::process::id())), "{error}");
    assert!(started.elapsed() >= Duration::from_millis(200));
    assert!(Writer::open(folder.root(), None).is_ok());
    let mut waiting = contact(&folder, "李明").spawn().unwrap();
    sleep(Duration::from_millis(300));
    assert!(waiting.try_wait().unwrap().is_none(), "the program does not wait for the lock");
    drop(held);
    assert!(waiting.wait().unwrap().success());
    assert!(folder.read(CLIENT).contains("李明"));
}

#[test]
fn two_processes_adding_at_once_lose_nothing() {
    const EACH: usize = 40;
    let folder = Folder::book();
    let add_all = |name: &str| {
        (0..EACH).all(|number| contact(&folder, &format!("{name}{number}")).status().unwrap().success())
    };
    std::thread::scope(|scope| {
        let adders = ["a", "b"].map(|name| scope.spawn(move || add_all(name)));
        assert!(adders.into_iter().all(|adder| adder.join().unwrap()));
    });
    let text = folder.read(CLIENT);
    for name in ["a", "b"] {
        for number in 0..EACH {
            assert!(text.contains(&format!("name = \"{name}{number}\"\n")), "{name}{number} is lost");
        }
    }
    assert_eq!(folder.names("clients"), ["acme.toml"]);
}

#[test]
fn a_killed_writer_leaves_the_old_file_or_the_new_one() {
    const ROUNDS: u32 = 24;
    let (folder, new) = swelling();
    folder.write(CLIENT, fixture::CLIENT);
    let started = Instant::now();
    assert!(swell(&folder).status().unwrap().success());
    let whole_run = started.elapsed();
    let mut killed = 0;
    for round in 0..ROUNDS {
        folder.write(CLIENT, fixture::CLIENT);
        let mut writer = swell(&folder).spawn().unwrap();
        sleep(whole_run * round / ROUNDS);
        let ended = writer.try_wait().unwrap().is_some();
        writer.kill().unwrap();
        writer.wait().unwrap();
        let text = folder.read(CLIENT);
        assert!(text == fixture::CLIENT || text == new, "a third state after {} bytes", text.len());
        assert!(!ended || text == new, "a program that ended by itself wrote nothing");
        killed += u32::from(!ended);
    }
    assert!(killed >= ROUNDS / 4, "{killed} rounds were killed");
    assert!(contact(&folder, "李明").status().unwrap().success());
    assert_eq!(folder.names("clients"), ["acme.toml"], "the next writer sweeps what the killed ones left");
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_file_and_says_so() {
    // A file size limit, in blocks of 512 or 1024 bytes, stands for a full disk: the write fails half-way in both.
    let (folder, new) = swelling();
    let mut limits = (0..).step_by(50);
    let failed = limits.by_ref().take_while(|blocks| {
        folder.write(CLIENT, fixture::CLIENT);
        let output = under(&format!("trap '' XFSZ; ulimit -f {blocks}"), &swell(&folder));
        if output.status.success() {
            return false;
        }
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("cannot write") && said.contains("acme.toml"), "{said}");
        assert_eq!(folder.read(CLIENT), fixture::CLIENT);
        assert_eq!(folder.names("clients"), ["acme.toml"]);
        true
    });
    assert!(failed.count() >= 5);
    assert_eq!(folder.read(CLIENT), new);

    folder.write(CLIENT, fixture::CLIENT);
    let output = under("ulimit -f 8", &swell(&folder));
    assert_eq!(output.status.code(), None, "the signal of the limit kills");
    assert_eq!(folder.read(CLIENT), fixture::CLIENT);
    assert!(contact(&folder, "李明").status().unwrap().success());
    assert_eq!(folder.names("clients"), ["acme.toml"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_opened_changes_nothing() {
    // With one file descriptor more in each round, another of the program's files is the first that does not open.
    let (folder, new) = swelling();
    let mut failed = 0;
    for descriptors in 3.. {
        folder.write(CLIENT, fixture::CLIENT);
        let output = under(&format!("ulimit -n {descriptors}"), &swell(&folder));
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(folder.names("clients"), ["acme.toml"]);
        if output.status.success() {
            break;
        }
        assert!(matches!(output.status.code(), Some(2 | 126 | 127)), "{:?}: {said}", output.status);
        assert_eq!(folder.read(CLIENT), fixture::CLIENT, "{said}");
        failed += 1;
    }
    assert!(failed >= 2, "{failed}");
    assert_eq!(folder.read(CLIENT), new);
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_read_and_not_written() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::book();
    fs::create_dir(folder.path(".rmbook")).unwrap();
    let mode =
        |path: &str, mode| fs::set_permissions(folder.path(path), fs::Permissions::from_mode(mode)).unwrap();
    for (path, bits) in [(".", 0o555), ("clients", 0o555), (".rmbook", 0o777)] {
        mode(path, bits);
    }
    // Root may write anywhere, so root steps down first.
    let step_down = "if [ \"$(id -u)\" = 0 ]; then set -- setpriv --reuid=65534 --clear-groups \"$@\"; fi";
    let output = under(step_down, &contact(&folder, "李明"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("cannot write") && said.contains("acme.toml"), "{said}");
    assert_eq!(store::read_book(folder.root()).unwrap().unreadable, []);
    for path in [".", "clients"] {
        mode(path, 0o755);
    }
    assert_eq!(folder.read(CLIENT), fixture::CLIENT);
    assert_eq!(folder.names("clients"), ["acme.toml"]);
}

#[test]
fn an_output_file_is_replaced_at_once() {
    let folder = Folder::with([("report.csv", "old\n")]);
    store::write_output(&folder.path("report.csv"), b"new\n").unwrap();
    assert_eq!(folder.read("report.csv"), "new\n");
    assert_eq!(folder.names("."), ["report.csv"]);
    let error = store::write_output(&folder.path("no/report.csv"), b"x").unwrap_err().to_string();
    assert!(error.contains("report.csv"), "{error}");
}

#[cfg(unix)]
#[test]
fn an_output_may_be_a_link_or_a_device() {
    let folder = Folder::with([("real.csv", "old\n")]);
    std::os::unix::fs::symlink("real.csv", folder.path("link.csv")).unwrap();
    store::write_output(&folder.path("link.csv"), b"new\n").unwrap();
    assert_eq!(folder.read("real.csv"), "new\n");
    assert!(folder.path("link.csv").symlink_metadata().unwrap().is_symlink());
    store::write_output(std::path::Path::new("/dev/null"), b"x").unwrap();
}

/// The program, about to add a contact.
fn contact(folder: &Folder, name: &str) -> Command {
    quiet(folder.command(&["add", "contact", "acme", "--name", name]))
}

/// A book with a file of rows that make the client grow by some hundred KiB, and what the client is with them.
fn swelling() -> (Folder, String) {
    let folder = Folder::book();
    let rows: String = (0..20).map(|number| format!("c{number},{}\n", "x".repeat(15_000))).collect();
    folder.write("rows.csv", format!("name,note\n{rows}"));
    assert!(swell(&folder).status().unwrap().success());
    let new = folder.read(CLIENT);
    assert!(new.len() > 300_000);
    (folder, new)
}

/// The program, about to add the rows of [`swelling`].
fn swell(folder: &Folder) -> Command {
    quiet(folder.command(&["add", "contact", "acme", "--csv", "rows.csv"]))
}

fn quiet(mut program: Command) -> Command {
    program.stdout(Stdio::null()).stderr(Stdio::null());
    program
}

/// A run of the program under a shell that first does something to its own process.
#[cfg(unix)]
fn under(shell: &str, program: &Command) -> Output {
    Command::new("/bin/sh")
        .args(["-c", &format!("{shell}; exec \"$@\""), "sh"])
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(program.get_current_dir().unwrap())
        .output()
        .unwrap()
}
