//! `rmbook fmt` through the program.

use crate::fixture::{CLIENT, Folder};

/// The client's text as nobody would write it, and what it should be.
fn untidy() -> (String, String) {
    let untidy = CLIENT
        .replace(
            "name = \"Acme\" # by hand\ntier = \"key\"\n",
            "tier='key'\nname   =  \"Acme\" # by hand\n\n\n",
        )
        .replace("{ deposits = 5100, loans = 3000 }", "{loans=3_000,deposits = 5100,}");
    let tidy = CLIENT
        .replace("# by hand", " # by hand")
        .replace("\nmanager", "\n\nmanager")
        .replace("deposits = 5100, loans = 3000", "loans = 3_000, deposits = 5100");
    (untidy, tidy)
}

#[test]
fn records_are_put_in_style_and_the_second_run_is_quiet() {
    let book = Folder::book();
    let (untidy, tidy) = untidy();
    book.write("clients/acme.toml", untidy);
    let ran = book.run(&["fmt"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", "formatted: 1\n"));
    assert_eq!(book.read("clients/acme.toml"), tidy);
    let again = book.run(&["fmt"]);
    assert_eq!((again.code, again.out.as_str(), again.err.as_str()), (Some(0), "", ""));
}

#[test]
fn check_lists_and_diff_shows_without_writing() {
    let book = Folder::book();
    let (untidy, _) = untidy();
    book.write("clients/acme.toml", &untidy);
    book.write("managers/li-na.toml", "name='李娜'\n");
    let ran = book.run(&["fmt", "--check"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), "clients/acme.toml\nmanagers/li-na.toml\n"));
    let ran = book.run(&["fmt", "--diff", "managers"]);
    let expected =
        "--- a/managers/li-na.toml\n+++ b/managers/li-na.toml\n@@ -1 +1 @@\n-name='李娜'\n+name = \"李娜\"\n";
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), expected));
    assert_eq!(book.read("clients/acme.toml"), untidy);
    assert!(!book.path(".rmbook").exists());
    assert_eq!(book.run(&["fmt", "managers"]).code, Some(0));
    assert_eq!(book.run(&["fmt", "--check", "managers/li-na.toml"]).code, Some(0));
    let ran = book.run(&["fmt", "nowhere"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("no path `nowhere` in the book"), "{}", ran.err);
}

#[test]
fn what_cannot_be_read_is_left_alone_and_named() {
    let book = Folder::book();
    let faulty = "name = \nlead  =  'wang-fang'\n";
    book.write("teams/corporate-1.toml", faulty);
    book.write("clients/gbk.toml", b"name = \"\xbb\xaa\"\n");
    book.write("managers/li-na.toml", "name='李娜'\n");
    let ran = book.run(&["fmt"]);
    assert_eq!(ran.code, Some(1));
    for path in ["teams/corporate-1.toml", "clients/gbk.toml"] {
        assert!(ran.err.contains(&format!("left alone, as it cannot be read: {path}\n")), "{}", ran.err);
    }
    assert_eq!(book.read("teams/corporate-1.toml"), faulty);
    assert_eq!(book.read("managers/li-na.toml"), "name = \"李娜\"\n");
}
