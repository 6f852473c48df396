//! Writing to a book on a real file system: at once or not at all, whatever happens meanwhile.

use std::env;
use std::fs;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rmbook::edit::render::Value;
use rmbook::edit::{self, Change, Order};
use rmbook::path;
use rmbook::store::{self, FileChange, Writer};

use crate::fixture::Folder;

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
    let folder = book();
    let mut holder = helper("hold", &folder).stdout(Stdio::piped()).spawn().unwrap();
    wait_until(|| !fs::read_to_string(folder.path(store::LOCK_FILE)).unwrap_or_default().is_empty());
    let started = Instant::now();
    let error = Writer::open(folder.root(), Some(Duration::from_millis(200))).err().unwrap().to_string();
    assert!(error.contains(&format!("process {}", holder.id())), "{error}");
    assert!(started.elapsed() >= Duration::from_millis(200));
    assert!(Writer::open(folder.root(), None).is_ok());
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert!(Writer::open(folder.root(), Some(store::WAIT)).is_ok());
}

#[test]
fn two_processes_adding_at_once_lose_nothing() {
    let folder = book();
    let start = |name: &str| helper(&format!("add {name}"), &folder).spawn().unwrap();
    let adders: Vec<Child> = ["a", "b"].into_iter().map(start).collect();
    for mut adder in adders {
        assert!(adder.wait().unwrap().success());
    }
    let text = folder.read(CLIENT);
    for name in ["a", "b"] {
        for number in 0..200 {
            assert!(text.contains(&format!("note = \"{name}{number}\"")), "{name}{number} is lost");
        }
    }
    assert_eq!(folder.names("clients"), ["acme.toml"]);
}

#[test]
fn a_killed_writer_leaves_the_old_file_or_the_new_one() {
    let folder = book();
    let mut states = [0, 0];
    for round in 0..20_u64 {
        let mut writer = helper("rewrite", &folder).spawn().unwrap();
        sleep(Duration::from_millis(20 + round * 7 % 40));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let text = folder.read(CLIENT);
        let state = [long('x'), long('y')].iter().position(|whole| *whole == text);
        match state {
            Some(state) => states[state] += 1,
            None => assert_eq!(text, "old = 1\n", "a third state after {} bytes", text.len()),
        }
    }
    assert!(states.iter().sum::<i32>() > 0, "no round lived long enough to write");
    replace(&folder, CLIENT, "new\n").unwrap();
    assert_eq!(folder.names("clients"), ["acme.toml"]);
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_file_and_says_so() {
    // A file size limit stands for a full disk: the write fails half-way in both.
    let folder = book();
    let output = limited("trap '' XFSZ; ulimit -f 8; exec \"$@\"", &folder);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(said.contains("cannot write") && said.contains("acme.toml"), "{said}");
    assert_eq!(folder.read(CLIENT), "old = 1\n");
    assert_eq!(folder.names("clients"), ["acme.toml"]);

    let output = limited("ulimit -f 8; exec \"$@\"", &folder);
    assert!(!output.status.success(), "the signal of the limit kills");
    assert_eq!(folder.read(CLIENT), "old = 1\n");
    replace(&folder, CLIENT, "new\n").unwrap();
    assert_eq!(folder.names("clients"), ["acme.toml"]);
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_read_and_not_written() {
    use std::os::unix::fs::PermissionsExt;

    let folder = book();
    fs::create_dir(folder.path(".rmbook")).unwrap();
    for (path, mode) in [(".", 0o555), ("clients", 0o555), (".rmbook", 0o777)] {
        fs::set_permissions(folder.path(path), fs::Permissions::from_mode(mode)).unwrap();
    }
    // Root may write anywhere, so root steps down first.
    let step_down = "if [ \"$(id -u)\" = 0 ]; then exec setpriv --reuid=65534 --clear-groups \"$@\"; else exec \"$@\"; fi";
    let output = limited(step_down, &folder);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(said.contains("cannot write") && said.contains("acme.toml"), "{said}");
    assert_eq!(store::read_book(folder.root()).unwrap().unreadable, []);
    for path in [".", "clients"] {
        fs::set_permissions(folder.path(path), fs::Permissions::from_mode(0o755)).unwrap();
    }
    assert_eq!(folder.read(CLIENT), "old = 1\n");
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

fn wait_until(holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "waited in vain");
        sleep(Duration::from_millis(5));
    }
}

fn long(letter: char) -> String {
    letter.to_string().repeat(300_000)
}

/// This very program, about to do one task of [`task`] in a process of its own.
fn helper(task: &str, folder: &Folder) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "writing::task", "--ignored", "--nocapture"])
        .envs([("RMBOOK_TEST_TASK", task), ("RMBOOK_TEST_BOOK", folder.root().to_str().unwrap())])
        .stdout(Stdio::null());
    command
}

/// The task `replace` under a shell that first does something to its own process.
#[cfg(unix)]
fn limited(shell: &str, folder: &Folder) -> Output {
    let helper = helper("replace", folder);
    Command::new("sh")
        .args(["-c", shell, "sh"])
        .arg(helper.get_program())
        .args(helper.get_args())
        .envs(helper.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .output()
        .unwrap()
}

#[test]
#[ignore = "no test: what the others run in a process of its own"]
fn task() {
    let (Ok(task), Ok(root)) = (env::var("RMBOOK_TEST_TASK"), env::var("RMBOOK_TEST_BOOK")) else { return };
    let root = std::path::Path::new(&root);
    let open = || Writer::open(root, Some(Duration::from_secs(60))).unwrap();
    let put = |text: String| {
        let mut writer = open();
        writer.read(CLIENT).unwrap();
        writer.commit(&[change(CLIENT, &text)]).unwrap_or_else(|error| panic!("{error:#}"));
    };
    match task.split_once(' ') {
        Some(("add", name)) => (0..200).for_each(|number| add(&mut open(), &format!("{name}{number}"))),
        _ if task == "replace" => put(long('x')),
        _ if task == "rewrite" => loop {
            put(long('x'));
            put(long('y'));
        },
        _ => {
            let _held = open();
            sleep(Duration::from_secs(60));
        }
    }
}

fn add(writer: &mut Writer, note: &str) {
    let before = writer.read(CLIENT).unwrap().unwrap();
    let entry = vec![
        ("date".to_owned(), Value::Raw("2026-10-09".to_owned())),
        ("note".to_owned(), Value::from(note)),
    ];
    let visit = Change::Insert { list: path!["visits"], entry, sort: Some("date") };
    let after = edit::apply(&before, &[visit], &Order::default()).unwrap();
    writer.commit(&[change(CLIENT, &after)]).unwrap();
}
