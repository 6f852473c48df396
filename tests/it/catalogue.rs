//! The catalogue: every entry is said somewhere, in both languages, once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use rmbook::text::{AREAS, Text, is_chinese};

fn entries() -> impl Iterator<Item = (&'static str, Text)> {
    AREAS.iter().copied().flatten().copied()
}

/// The names in `{…}`, without the nouns of numbers.
fn placeholders(text: &str) -> BTreeSet<&str> {
    let names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name));
    names.map(|name| name.split_once(':').map_or(name, |(name, _)| name)).collect()
}

/// The names in a text of code.
fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').collect()
}

#[test]
fn every_entry_is_said_somewhere() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut areas, mut code) = (BTreeMap::new(), Vec::new());
    for entry in walkdir::WalkDir::new(&src).into_iter().map(Result::unwrap) {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        if path.parent() == Some(&src.join("text")) {
            areas.insert(path.file_stem().unwrap().to_str().unwrap().to_owned(), text);
        } else {
            code.push(text);
        }
    }
    let code: Vec<BTreeSet<&str>> = code.iter().map(|text| words(text)).collect();
    for (name, _) in entries() {
        let declared = format!("    {name} = ");
        let homes: Vec<&String> =
            areas.iter().filter(|(_, text)| text.contains(&declared)).map(|(area, _)| area).collect();
        assert!(!homes.is_empty(), "{name} stands in no file of src/text");
        for area in homes {
            let said = code.iter().any(|words| words.contains(name) && words.contains(area.as_str()));
            assert!(said, "src/text/{area}.rs: nothing says {name}");
        }
    }
}

#[test]
fn every_word_that_examples_say_in_chinese_stands_in_one() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let code = walkdir::WalkDir::new(&src).into_iter().map(Result::unwrap).filter(|entry| {
        let path = entry.path();
        path.extension().is_some_and(|extension| extension == "rs") && !path.starts_with(src.join("text"))
    });
    let texts: Vec<String> = code.map(|entry| fs::read_to_string(entry.path()).unwrap()).collect();
    for words in rmbook::text::explain::OF_EXAMPLES {
        let quoted = format!("\\\"{}\\\"", words.en);
        assert!(texts.iter().any(|text| text.contains(&quoted)), "no example says {quoted}");
    }
}

#[test]
fn every_area_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/text");
    let files = fs::read_dir(folder).unwrap().filter(|entry| entry.as_ref().unwrap().file_name() != "mod.rs");
    assert_eq!(files.count(), AREAS.len(), "each file of src/text is an area in AREAS");
}

#[test]
fn both_languages_have_the_same_placeholders() {
    for (name, text) in entries() {
        assert_eq!(placeholders(text.en), placeholders(text.zh), "{name}");
    }
}

/// Whether a text has words of its own besides its placeholders.
fn worded(text: &str) -> bool {
    text.split('{')
        .map(|part| part.split_once('}').map_or(part, |(_, after)| after))
        .any(|part| part.contains(char::is_alphabetic))
}

#[test]
fn chinese_is_chinese_and_english_is_not() {
    for (name, text) in entries() {
        // A formula of placeholders and signs has nothing to translate.
        assert!(!worded(text.en) || text.zh.contains(is_chinese), "{name}: `{}` has no Chinese", text.zh);
        // What a user types is the same in every language: an amount has its Chinese unit.
        let said: String = text.en.split('`').step_by(2).collect();
        assert!(!said.contains(is_chinese), "{name}: `{}` is not English", text.en);
    }
}

#[test]
fn nothing_is_said_twice() {
    let mut seen = BTreeMap::new();
    for (name, text) in entries() {
        if let Some(other) = seen.insert((text.en, text.zh), name) {
            panic!("{name} and {other} both say `{}`", text.en);
        }
    }
    for area in AREAS {
        let english: BTreeSet<&str> = area.iter().map(|(_, text)| text.en).collect();
        assert_eq!(english.len(), area.len(), "two entries of one area say the same in English: {area:?}");
    }
}
