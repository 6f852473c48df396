//! A book as it was at a git revision.

use std::fs;

use rmbook::source::{Reason, Snapshot};
use rmbook::store;

use crate::fixture::Folder;

/// A repository whose folder `book` had one client, then two.
fn repository() -> Folder {
    let folder =
        Folder::with([("book/rmbook.toml", ""), ("book/clients/华东 精密.toml", "a = 1\n"), ("README", "")]);
    folder.git(&["init", "-q"]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "-qm", "one"]);
    folder.git(&["tag", "first"]);
    folder.write("book/clients/华东 精密.toml", "a = 2\n");
    folder.write("book/clients/b.toml", "b = 1\n");
    folder.git(&["add", "."]);
    folder.git(&["commit", "-qm", "two"]);
    folder.write("book/clients/b.toml", "uncommitted = 1\n");
    folder
}

fn texts(snapshot: &Snapshot) -> Vec<(&str, &str)> {
    snapshot.sources.iter().map(|(_, file)| (file.path.as_str(), file.text.as_str())).collect()
}

#[test]
fn a_revision_is_the_book_as_it_was() {
    let folder = repository();
    let book = folder.path("book");
    let client = "clients/华东 精密.toml";
    let first = [(client, "a = 1\n"), ("rmbook.toml", "")];
    assert_eq!(texts(&store::read_revision(&book, "first").unwrap()), first);
    assert_eq!(texts(&store::read_revision(&book, "HEAD~1").unwrap()), first);
    let second = [("clients/b.toml", "b = 1\n"), (client, "a = 2\n"), ("rmbook.toml", "")];
    assert_eq!(texts(&store::read_revision(&book, "HEAD").unwrap()), second);
}

#[test]
fn what_is_no_revision_is_refused_and_runs_nothing() {
    let folder = repository();
    let written = folder.path("written");
    for revision in ["nothing", "", "--output=written", "-h", "HEAD:book", "HEAD --", "@{-99}"] {
        let error = store::read_revision(&folder.path("book"), revision).unwrap_err();
        assert!(error.to_string().contains(&format!("no revision `{revision}`")), "{error:#}");
    }
    assert!(!written.exists());
}

#[test]
fn without_a_history_or_a_book_in_it_there_is_a_clear_error() {
    let plain = Folder::with([("rmbook.toml", "")]);
    let error = store::read_revision(plain.root(), "HEAD").unwrap_err().to_string();
    assert!(error.contains("no git history"), "{error}");

    let folder = repository();
    let error = store::read_revision(folder.root(), "HEAD").unwrap_err().to_string();
    assert!(error.contains("no book yet at `HEAD`"), "{error}");
    folder.write("later/rmbook.toml", "");
    let error = store::read_revision(&folder.path("later"), "HEAD").unwrap_err().to_string();
    assert!(error.contains("did not exist at `HEAD`"), "{error}");
}

#[cfg(unix)]
#[test]
fn odd_files_of_a_revision_are_named_and_never_followed() {
    let folder = repository();
    std::os::unix::fs::symlink("/etc/passwd", folder.path("book/clients/link.toml")).unwrap();
    folder.write("book/clients/gbk.toml", b"n = \"\xbb\"\n");
    folder.write("book/clients/huge.toml", vec![b'#'; store::RECORD_LIMIT as usize + 1]);
    folder.write("book/clients/.hidden.toml", "");
    folder.git(&["add", "."]);
    folder.git(&["commit", "-qm", "odd"]);
    let snapshot = store::read_revision(&folder.path("book"), "HEAD").unwrap();
    let reason = |path: &str| snapshot.reason(snapshot.sources.find(path).unwrap()).cloned();
    let limit = store::RECORD_LIMIT;
    assert_eq!(reason("clients/link.toml"), Some(Reason::Link));
    assert_eq!(reason("clients/gbk.toml"), Some(Reason::NotUtf8 { offset: 5 }));
    assert_eq!(reason("clients/huge.toml"), Some(Reason::TooLarge { size: limit + 1, limit }));
    assert_eq!(snapshot.unreadable.len(), 3);
    assert!(snapshot.sources.find("clients/.hidden.toml").is_none());
}

#[cfg(unix)]
#[test]
fn a_hostile_repository_runs_no_program() {
    let folder = repository();
    let trap = folder.path("trap");
    fs::write(&trap, format!("#!/bin/sh\ntouch {}\n", folder.path("sprung").display())).unwrap();
    fs::set_permissions(&trap, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let trap = trap.to_str().unwrap();
    folder.write("book/.gitattributes", "* filter=trap diff=trap\n");
    folder.git(&["add", "book/.gitattributes"]);
    folder.git(&["commit", "-qm", "attributes"]);
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "filter.trap.smudge",
        "filter.trap.clean",
        "diff.trap.textconv",
        "diff.external",
        "gpg.program",
        "alias.rev-parse",
        "credential.helper",
    ] {
        folder.git(&["config", key, trap]);
    }
    fs::copy(trap, folder.path("book/git")).unwrap();
    assert_eq!(store::read_revision(&folder.path("book"), "HEAD").unwrap().sources.len(), 3);
    assert!(!folder.path("sprung").exists());
}

#[test]
fn a_diff_tells_records_and_points_apart_by_revision() {
    let client = |deposits: u32| {
        format!(
            "name = \"Acme\"\ntier = \"key\"\nmanager = \"li-na\"\nstatus = \"active\"\n\n[results]\n2026-10 = {{ deposits = {deposits} }}\n"
        )
    };
    let policy = "title = \"Main\"\nscheme = \"scorecard\"\neffective = 2026-01-01\nperiod = \"month\"\nscale = \"weighted\"\nmoney = \"万元\"\n\
                  rounding = { total = 2 }\nmissing = \"zero\"\n\n[[indicators]]\nid = \"deposits\"\ntitle = \"Deposits\"\nvalue = \"deposits.average\"\n\
                  weight = 100\ntarget = \"targets.deposits\"\ncurve = { kind = \"ratio\", max = 1, zero_target = \"skip\" }\n";
    let folder = Folder::with([
        ("rmbook.toml", "name = \"Riverside\"\n"),
        ("managers/li-na.toml", "name = \"李娜\"\n\n[targets]\n2026-10 = { deposits = 200 }\n"),
        ("clients/acme.toml", &client(100)),
        ("policies/main.toml", policy),
    ]);
    folder.git(&["init", "-q"]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "-qm", "one"]);
    folder.write("clients/acme.toml", client(150));
    let changes = "record,id,change,field,old,new\nclient,acme,changed,results.2026-10.deposits,100,150\n";
    let run = |args: &[&str]| folder.run(args);
    assert_eq!(run(&["diff", "HEAD", "--table", "changes", "-O", "csv"]).out, changes);
    // 100 of 200 are 50 points, 150 of 200 are 75.
    let points = run(&["diff", "HEAD", "--table", "points_scorecard", "-O", "csv"]);
    assert!(points.out.contains("\nli-na,李娜,50,75,25,"), "{points:?}");
    folder.git(&["commit", "-qam", "two"]);
    assert_eq!(run(&["diff", "HEAD~1", "HEAD", "--table", "changes", "-O", "csv"]).out, changes);
    assert!(!run(&["diff", "HEAD"]).out.contains("acme"));
    let refused = run(&["diff", "HEAD", "--at", "HEAD"]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
}
