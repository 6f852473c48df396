//! What the program says about itself to shells and to `man`.

use crate::fixture::Folder;

#[test]
fn every_shell_gets_a_script_and_no_book_is_needed() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = Folder::empty().run(&["completion", shell]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{shell}");
        assert!(ran.out.contains("export"), "{shell}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Folder::empty();
    let ran = folder.run(&["man"]);
    assert!(ran.out.contains(".TH rmbook 1"), "{}", ran.out);
    assert_eq!(folder.run(&["man", "--dir", "pages"]).code, Some(0));
    assert!(folder.read("pages/rmbook-add-visit.1").contains(".TH rmbook-add-visit 1"));
    assert!(folder.names("pages").contains(&"rmbook-due.1".to_owned()));
}
