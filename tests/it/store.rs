//! Reading a book from a real file system, with what a file system may hold.

use std::fs;
use std::path::Path;

use rmbook::record::kind::RecordKind;
use rmbook::source::{Reason, Snapshot};
use rmbook::store;

use crate::fixture::Folder;

fn paths(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.sources.iter().map(|(_, file)| file.path.as_str()).collect()
}

fn reason(snapshot: &Snapshot, path: &str) -> Option<Reason> {
    snapshot.reason(snapshot.sources.find(path).expect(path)).cloned()
}

fn book() -> Folder {
    Folder::with([("rmbook.toml", "name = \"b\"\n"), ("clients/east/acme.toml", "name = \"Acme\"\n")])
}

#[test]
fn a_book_is_found_from_any_folder_in_it() {
    let folder = book();
    let found = store::find_book(&folder.path("clients/east")).unwrap();
    assert_eq!(found, folder.root());
}

#[test]
fn no_book_says_how_to_make_one() {
    let error = store::find_book(Folder::empty().root()).unwrap_err().to_string();
    assert!(error.contains("rmbook init"), "{error}");
    let error = store::find_book(Path::new("/nowhere/at/all")).unwrap_err().to_string();
    assert_eq!(error, "no folder `/nowhere/at/all`");
}

#[test]
fn a_book_is_its_records_and_nothing_else() {
    let folder = book();
    for path in [
        "README.md",
        "stray.toml",
        "clients/notes.txt",
        "clients/.tmp-ab12~",
        "clients/.hidden.toml",
        "clients/.trash/old.toml",
        "market.toml",
        "managers/王芳.toml",
    ] {
        folder.write(path, "");
    }
    let snapshot = store::read_book(folder.root()).unwrap();
    assert_eq!(
        paths(&snapshot),
        ["clients/east/acme.toml", "managers/王芳.toml", "market.toml", "rmbook.toml"]
    );
    assert_eq!(snapshot.unreadable, []);
    assert_eq!(snapshot.sources.get(snapshot.sources.find("rmbook.toml").unwrap()).text, "name = \"b\"\n");
}

#[test]
fn one_bad_file_hides_no_other() {
    let folder = book();
    folder.write("clients/gbk.toml", b"name = \"\xbb\xaa\"\n");
    folder.write("clients/huge.toml", vec![b'#'; store::RECORD_LIMIT as usize + 1]);
    folder.write("clients/limit.toml", vec![b'#'; store::RECORD_LIMIT as usize]);
    fs::create_dir(folder.path("clients/folder.toml")).unwrap();
    let snapshot = store::read_book(folder.root()).unwrap();
    assert_eq!(reason(&snapshot, "clients/gbk.toml"), Some(Reason::NotUtf8 { offset: 8 }));
    let limit = store::RECORD_LIMIT;
    assert_eq!(reason(&snapshot, "clients/huge.toml"), Some(Reason::TooLarge { size: limit + 1, limit }));
    assert_eq!(reason(&snapshot, "clients/limit.toml"), None);
    assert_eq!(reason(&snapshot, "clients/folder.toml"), Some(Reason::NotAFile));
    assert_eq!(reason(&snapshot, "clients/east/acme.toml"), None);
    assert_eq!(snapshot.unreadable.len(), 3);
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_never_opened() {
    use std::os::unix::fs::symlink;

    let outside = Folder::with([("secret.toml", "password = 1\n")]);
    let folder = book();
    symlink(outside.path("secret.toml"), folder.path("clients/link.toml")).unwrap();
    symlink("/dev/zero", folder.path("clients/zero.toml")).unwrap();
    symlink("nowhere", folder.path("clients/broken.toml")).unwrap();
    symlink(outside.root(), folder.path("clients/elsewhere")).unwrap();
    symlink(outside.root(), folder.path("managers")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.path("clients/pipe.toml")).status().unwrap();
    assert!(made.success());
    let snapshot = store::read_book(folder.root()).unwrap();
    for (path, expected) in [
        ("clients/broken.toml", Reason::BrokenLink),
        ("clients/elsewhere", Reason::Link),
        ("clients/link.toml", Reason::Link),
        ("clients/pipe.toml", Reason::NotAFile),
        ("clients/zero.toml", Reason::Link),
        ("managers", Reason::Link),
    ] {
        assert_eq!(reason(&snapshot, path), Some(expected), "{path}");
    }
    assert_eq!(snapshot.sources.len(), 8);
}

#[test]
fn some_files_are_read_without_the_others() {
    let folder = book();
    folder.write("managers/li-na.toml", "");
    folder.write("clients/b.toml", "");
    let snapshot =
        store::read_some(folder.root(), &["rmbook.toml", "managers", "clients/none.toml"]).unwrap();
    assert_eq!(paths(&snapshot), ["managers/li-na.toml", "rmbook.toml"]);
}

#[test]
fn ids_are_stems_and_reviews_keep_their_period() {
    let folder = book();
    folder.write("clients/b.toml", "");
    folder.write("reviews/2026-10/wang-fang.toml", "");
    let list = |kind| store::list_records(folder.root(), kind);
    let record = |id: &str, path: &str| (id.to_owned(), path.to_owned());
    let clients = [record("acme", "clients/east/acme.toml"), record("b", "clients/b.toml")];
    assert_eq!(list(RecordKind::Client), clients);
    let review = record("2026-10/wang-fang", "reviews/2026-10/wang-fang.toml");
    assert_eq!(list(RecordKind::Review), [review]);
    assert_eq!(list(RecordKind::Team), []);
}

#[test]
fn an_import_is_capped() {
    let folder = Folder::with([("a.csv", "x,y\n")]);
    assert_eq!(store::read_import(&folder.path("a.csv")).unwrap(), b"x,y\n");
    let huge = fs::File::create(folder.path("huge.csv")).unwrap();
    huge.set_len(store::IMPORT_LIMIT + 1).unwrap();
    let error = store::read_import(&folder.path("huge.csv")).unwrap_err().to_string();
    assert!(error.contains("64 MiB"), "{error}");
    let error = store::read_import(&folder.path("none.csv")).unwrap_err().to_string();
    assert!(error.contains("none.csv"), "{error}");
}
