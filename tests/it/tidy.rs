//! The shape of the source: who may use whom, how long a file is, what every file says first.
//!
//! The order of the modules is the one in `src/lib.rs`. Files are read as text; a path is found wherever it is written out
//! from `crate` or `super`, in a `use` or in the middle of code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Folders whose files do not know each other: what two of them share stands in their `mod.rs`.
const FAMILIES: [&str; 4] = ["check", "report", "render", "commands"];
/// Macros stand at the root of the crate; these are the modules they belong to.
const MACROS: [(&str, &str); 2] = [("msg", "text"), ("path", "source")];
/// Lines a file may have with its tests, and without; docs count in neither, and the second spares the definitions of
/// records, which are data and one file each.
const LONGEST: usize = 600;
const LONGEST_CODE: usize = 400;

/// One file below `src`.
struct File {
    /// Path below `src`, with `/`.
    path: String,
    text: String,
    /// `["render", "findings", "text"]`; for a `mod.rs`, its folder.
    module: Vec<String>,
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files: Vec<File> = walkdir::WalkDir::new(&root)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
        .map(|entry| {
            let path = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            let stem = path.trim_end_matches(".rs").trim_end_matches("/mod");
            let module = stem.split('/').map(str::to_owned).collect();
            File { text: fs::read_to_string(entry.path()).unwrap(), module, path }
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The modules of the crate in the order `lib.rs` lists them.
fn layers(files: &[File]) -> Vec<String> {
    let lib = files.iter().find(|file| file.path == "lib.rs").unwrap();
    let starts = ["pub mod ", "pub(crate) mod "];
    let listed = |line: &str| {
        let name = starts.iter().find_map(|start| line.strip_prefix(start))?;
        Some(name.strip_suffix(';')?.to_owned())
    };
    lib.text.lines().filter_map(listed).collect()
}

/// The paths a file writes out, each from the root of the crate.
fn paths(file: &File) -> BTreeSet<Vec<String>> {
    let code: Vec<&str> = file.text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let tests = code.find("\nmod tests {").unwrap_or(code.len());
    let mut paths = BTreeSet::new();
    for start in ["crate::", "super::"] {
        for (offset, _) in code.match_indices(start) {
            let before = code[..offset].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || "_:$".contains(c)) {
                continue;
            }
            let mut module = file.module.clone();
            if offset > tests {
                module.push("tests".to_owned());
            }
            paths.extend(written(&code[offset..]).iter().map(|path| absolute(&module, path)));
        }
    }
    paths
}

/// The paths that begin here, `{…}` multiplied out.
fn written(code: &str) -> Vec<Vec<String>> {
    let name: String = code.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let rest = &code[name.len()..];
    let Some(below) = rest.strip_prefix("::") else {
        return if name.is_empty() { Vec::new() } else { vec![vec![name]] };
    };
    let tails = match below.strip_prefix('{') {
        Some(group) => split(group).iter().flat_map(|part| written(part.trim())).collect(),
        None => written(below),
    };
    if tails.is_empty() {
        return vec![vec![name]];
    }
    tails.into_iter().map(|tail| [vec![name.clone()], tail].concat()).collect()
}

/// The parts of a group up to its closing brace.
fn split(group: &str) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (offset, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' => {
                parts.push(&group[from..offset]);
                break;
            }
            ',' if depth == 0 => {
                parts.push(&group[from..offset]);
                from = offset + 1;
            }
            _ => {}
        }
    }
    parts
}

/// A path as `module` writes it, from the root of the crate.
fn absolute(module: &[String], path: &[String]) -> Vec<String> {
    if path[0] == "crate" {
        let macro_home = path.get(1).and_then(|name| MACROS.iter().find(|(known, _)| known == name));
        return macro_home.map_or_else(|| path[1..].to_vec(), |(_, home)| vec![(*home).to_owned()]);
    }
    let ups = path.iter().take_while(|step| *step == "super").count();
    let kept = module.len().saturating_sub(ups);
    let rest = path[ups..].iter().filter(|step| *step != "self");
    module[..kept].iter().chain(rest).cloned().collect()
}

#[test]
fn a_module_uses_only_what_stands_before_it() {
    let files = files();
    let layers = layers(&files);
    let place = |name: &String| layers.iter().position(|layer| layer == name);
    for file in files.iter().filter(|file| file.path.contains('/') || place(&file.module[0]).is_some()) {
        let own = place(&file.module[0]).unwrap_or_else(|| panic!("{} is not in lib.rs", file.path));
        for path in paths(file).iter().filter(|path| !path.is_empty()) {
            let used = place(&path[0]);
            assert!(
                used.is_some_and(|used| used <= own),
                "src/{} uses `{}`, which does not stand before `{}` in src/lib.rs",
                file.path,
                path.join("::"),
                file.module[0]
            );
        }
    }
}

#[test]
fn siblings_do_not_know_each_other() {
    let files = files();
    let modules: BTreeSet<&[String]> = files.iter().map(|file| file.module.as_slice()).collect();
    for file in files.iter().filter(|file| FAMILIES.contains(&file.module[0].as_str())) {
        for path in paths(file) {
            for depth in 1..file.module.len().min(path.len()) {
                let same_folder = path[..depth] == file.module[..depth];
                let sibling = path[depth] != file.module[depth] && modules.contains(&path[..=depth]);
                assert!(
                    !(same_folder && sibling),
                    "src/{} uses its sibling `{}`; what they share goes through their `mod.rs`",
                    file.path,
                    path.join("::")
                );
            }
        }
    }
}

#[test]
fn a_file_is_short() {
    for file in files() {
        let is_doc = |line: &&str| line.trim_start().starts_with("///") || line.starts_with("//!");
        let lines: Vec<&str> = file.text.lines().filter(|line| !is_doc(line)).collect();
        assert!(lines.len() <= LONGEST, "src/{} has {} lines; split it", file.path, lines.len());
        let code = lines.iter().position(|line| *line == "mod tests {").unwrap_or(lines.len());
        let is_data = file.path.starts_with("record/") || file.path.ends_with("tests.rs");
        let code = if is_data { 0 } else { code };
        assert!(code <= LONGEST_CODE, "src/{} has {code} lines before its tests; split it", file.path);
    }
}

#[test]
fn a_file_says_first_what_it_knows() {
    for file in files() {
        assert!(file.text.starts_with("//! "), "src/{} begins with `//!`", file.path);
    }
}

#[test]
fn numbers_are_decimals() {
    // A reader may be handed a float, and a workbook knows nothing else.
    let spared = |file: &File| file.path.starts_with("record/") || file.path == "render/xlsx.rs";
    for file in files().iter().filter(|file| !spared(file)) {
        for word in ["f32", "f64"] {
            let said = file.text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|name| name == word);
            assert!(!said, "src/{} says `{word}`", file.path);
        }
    }
}

#[test]
fn properties_are_tried_on_the_same_cases_in_every_run() {
    for file in files() {
        let blocks = file.text.matches(concat!("proptest", "! {")).count();
        let fixed = file.text.matches("#![proptest_config(crate::property::config())]").count();
        assert!(blocks <= fixed, "src/{}: a `proptest!` block without a fixed seed", file.path);
    }
}

#[test]
fn no_test_is_skipped() {
    let tests = walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"));
    let texts = tests.into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    let texts = texts.filter_map(|entry| fs::read_to_string(entry.path()).ok());
    for text in texts.chain(files().into_iter().map(|file| file.text)) {
        let skipped = text.lines().find(|line| line.trim_start().starts_with("#[ignore"));
        assert_eq!(skipped, None);
    }
}

#[test]
fn nothing_is_left_for_later() {
    for file in files() {
        for word in ["todo!", "unimplemented!", "TODO", "FIXME", "XXX", "dbg!"] {
            assert!(!file.text.contains(word), "src/{} says `{word}`", file.path);
        }
    }
}

#[test]
fn paths_are_read_from_groups_and_parents() {
    let file = |text: &str| File {
        path: "render/a.rs".into(),
        text: text.into(),
        module: vec!["render".into(), "a".into()],
    };
    let read = |text: &str| paths(&file(text)).iter().map(|path| path.join("::")).collect::<Vec<_>>();
    assert_eq!(
        read("use crate::{diag::Level, text::{self, Lang}};"),
        ["diag::Level", "text::Lang", "text::self"]
    );
    assert_eq!(read("let x = super::b::c(crate::msg!(A));"), ["render::b::c", "text"]);
    assert_eq!(read("\nmod tests {\n    use super::x;"), ["render::a::x"]);
    assert_eq!(read("// crate::book\n$crate::book::x"), [""; 0]);
}
