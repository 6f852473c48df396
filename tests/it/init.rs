//! `rmbook init` and `rmbook schema` through the program.

use crate::fixture::Folder;

#[test]
fn a_new_book_passes_its_own_check() {
    let folder = Folder::empty();
    let ran = folder.run(&["init", "book"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = folder.run(&["-C", "book", "check"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    for path in [
        ".gitattributes",
        ".gitignore",
        ".gitlab-ci.yml",
        ".taplo.toml",
        "tombi.toml",
        ".rmbook/schema/client.json",
    ] {
        assert!(folder.path("book").join(path).is_file(), "{path}");
    }
    let ran = folder.run(&["-C", "book", "add", "manager", "wang-fang", "--name", "王芳"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    // Nothing is said of months before there was a book, here that no team met in the last one.
    let ran = folder.run(&[
        "-C",
        "book",
        "add",
        "team",
        "corporate-1",
        "--name",
        "公司一部",
        "--lead",
        "wang-fang",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = folder.run(&["-C", "book", "check", "--format", "concise"]);
    assert!(!ran.out.contains("RM641"), "{}", ran.out);
    let ran = folder.run(&["-C", "book", "schema"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(folder.read("book/.rmbook/schema/client.json").contains("\"wang-fang\""));
}

#[test]
fn the_samples_for_ci_install_from_where_rmbook_comes_or_say_what_is_to_be_filled_in() {
    let folder = Folder::empty();
    let samples = [".github/workflows/rmbook.yml", ".gitlab-ci.yml"];
    for lang in ["en", "zh"] {
        let url = "https://git.example.com/tools/rmbook.git";
        let ran = folder.run(&["--lang", lang, "init", &format!("{lang}-1"), "--source", url]);
        assert_eq!((ran.code, ran.err.lines().count()), (Some(0), 1), "{}", ran.err);
        let ran = folder.run(&["--lang", lang, "init", &format!("{lang}-2")]);
        assert_eq!(ran.code, Some(0));
        for path in samples {
            let filled = folder.read(&format!("{lang}-1/{path}"));
            assert!(filled.contains(&format!("cargo install --locked --git {url}\n")), "{filled}");
            assert!(!filled.contains("OWNER"), "{filled}");
            // What nobody filled in is named together with where it stands.
            assert!(folder.read(&format!("{lang}-2/{path}")).contains("https://HOST/OWNER/rmbook\n"));
            assert!(ran.err.contains(path) && ran.err.contains("https://HOST/OWNER/rmbook"), "{}", ran.err);
        }
    }
    for url in ["rmbook", "https://x; rm -rf ~", "--config=x"] {
        let ran = folder.run(&["init", "book", &format!("--source={url}")]);
        assert_eq!(ran.code, Some(2), "{url}");
        assert!(ran.err.contains("is no address of a git repository"), "{}", ran.err);
    }
    assert!(!folder.path("book").exists());
}

#[test]
fn nothing_that_exists_is_overwritten() {
    let folder = Folder::with([(".gitignore", "mine\n")]);
    let ran = folder.run(&["init"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains(".gitignore` exists already"), "{}", ran.err);
    assert_eq!(folder.names("."), [".gitignore"]);
    assert_eq!(folder.read(".gitignore"), "mine\n");
}

#[test]
fn an_editors_own_settings_stay() {
    let book = Folder::book();
    book.write("tombi.toml", "# mine\n");
    let ran = book.run(&["schema", "clients"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(book.read("tombi.toml"), "# mine\n");
    assert!(book.read(".taplo.toml").contains("include = [\"clients/**/*.toml\"]"));
}

#[test]
fn a_new_book_is_in_the_language_asked_for() {
    let folder = Folder::empty();
    assert_eq!(folder.run(&["--lang", "zh", "init", "book"]).code, Some(0));
    let ran = folder.run(&["-C", "book", "check", "--error-on", "warning"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let ran = folder.run(&["-C", "book", "policy", "test"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(folder.read("book/rmbook.toml").contains("# 机构名称"));
    assert!(folder.read("book/policies/scorecard.toml").contains("公司客户经理月度考核办法"));
}
