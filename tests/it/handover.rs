//! `rmbook handover` through the program.

use crate::fixture::{CLIENT, Folder};

#[test]
fn a_client_is_handed_over_once() {
    let book = Folder::book();
    let args = ["handover", "acme", "--to", "li-na", "--on", "2026-10-01", "--reason", "rotation"];
    let ran = book.run(&args);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let entry =
        "\n[[handovers]]\ndate = 2026-10-01\nfrom = \"wang-fang\"\nto = \"li-na\"\nreason = \"rotation\"\n";
    let expected = CLIENT.replace("manager = \"wang-fang\"", "manager = \"li-na\"") + entry;
    assert_eq!(book.read("clients/acme.toml"), expected);
    let again = book.run(&args);
    assert_eq!((again.code, again.err.as_str()), (Some(0), "already there: 1\n"));
    for (to, expected) in [("li-na", "leads `acme` already"), ("nobody", "no manager `nobody`")] {
        let ran = book.run(&["handover", "acme", "--to", to]);
        assert!(ran.code == Some(2) && ran.err.contains(expected), "{}", ran.err);
    }
}
