//! The README is true: its commands are run and print what it shows, and its reference is that of the definitions.
//!
//! `RMBOOK_BLESS=1 cargo test readme` writes what is true into it; look at the difference before you keep it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rmbook::record::kind::RecordKind;
use rmbook::record::shape::{Field, Keys, Kind, Shape, Time};

use crate::fixture::{Folder, words};

const BEGIN: &str = "<!-- reference: written by the test `readme`, not by hand -->\n";
const END: &str = "<!-- end of the reference -->\n";

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// Holds the README to `written`, or writes that into it.
#[track_caller]
fn hold(written: impl Fn(&str) -> String) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock();
    let readme = fs::read_to_string(path()).unwrap();
    let written = written(&readme);
    if std::env::var_os("RMBOOK_BLESS").is_some() {
        fs::write(path(), written).unwrap();
    } else {
        let difference = similar::TextDiff::from_lines(&readme, &written);
        let shown = difference.unified_diff().header("README.md", "what is true").to_string();
        assert!(shown.is_empty(), "{shown}\nhelp: RMBOOK_BLESS=1 cargo test readme");
    }
}

/// What a `console` block says after each of its commands is run in `book`.
fn run_block(block: &str, book: &Folder) -> String {
    let mut told = String::new();
    for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let (program, head) = match command.split_once(" | head -n ") {
            Some((program, lines)) => (program, lines.parse().unwrap()),
            None => (command, usize::MAX),
        };
        let words = words(program);
        assert_eq!(words[0], "rmbook", "a console block runs rmbook alone: {command}");
        let args: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        let ran = book.run(&args);
        assert_eq!(ran.code, Some(0), "{command}\n{}", ran.err);
        writeln!(told, "$ {command}").unwrap();
        for line in ran.out.lines().take(head).chain(ran.err.lines()) {
            writeln!(told, "{}", line.trim_end()).unwrap();
        }
    }
    told
}

#[test]
fn commands_print_what_it_shows() {
    let book = Folder::riverside();
    hold(|readme| {
        let mut written = String::new();
        let mut rest = readme;
        while let Some((before, after)) = rest.split_once("```console\n") {
            let (block, after) = after.split_once("```").unwrap();
            write!(written, "{before}```console\n{}```", run_block(block, &book)).unwrap();
            rest = after;
        }
        written + rest
    });
}

#[test]
fn its_reference_is_that_of_the_definitions() {
    hold(|readme| {
        let (before, rest) = readme.split_once(BEGIN).unwrap();
        let (_, after) = rest.split_once(END).unwrap();
        [before, BEGIN, &reference(), END, after].concat()
    });
}

/// Every kind of record with its fields, foldable.
fn reference() -> String {
    let mut text = String::new();
    for kind in RecordKind::ALL {
        let place =
            if kind.is_many() { format!("{}/ID.toml", kind.place()) } else { kind.place().to_owned() };
        let place =
            if *kind == RecordKind::Review { "reviews/PERIOD/MANAGER.toml".to_owned() } else { place };
        let shape = kind.shape();
        let (title, doc) = (kind.title(), &shape.doc);
        write!(text, "\n<details>\n<summary>{} ({}): <code>{place}</code></summary>\n\n", title.en, title.zh)
            .unwrap();
        writeln!(text, "{}. {}。\n", doc.en, doc.zh).unwrap();
        table(&mut text, shape);
        text.push_str("\n</details>\n");
    }
    text.push('\n');
    text
}

/// The fields of a shape, then those of the tables inside it.
fn table(text: &mut String, shape: &Shape) {
    text.push_str("| key | value | meaning | 含义 |\n|---|---|---|---|\n");
    rows(text, shape, "");
}

fn rows(text: &mut String, shape: &Shape, above: &str) {
    for field in &shape.fields {
        let key = format!("{above}{}", field.name);
        let need = if field.required { " **required**" } else { "" };
        writeln!(
            text,
            "| `{key}`{need} | {} | {} | {} |",
            value(field),
            field.doc.en.replace('|', "\\|"),
            field.doc.zh.replace('|', "\\|")
        )
        .unwrap();
        if let Some(inner) = inner(&field.kind) {
            rows(text, inner, &format!("{key}."));
        }
    }
}

/// The table with known keys that a value is or holds.
fn inner(kind: &Kind) -> Option<&Shape> {
    match kind {
        Kind::Table(shape) => Some(shape),
        Kind::List(items) => inner(items),
        Kind::Map { values, .. } => inner(values),
        Kind::AnyOf(kinds) => kinds.iter().find_map(inner),
        _ => None,
    }
}

/// What a field takes, in a word or two.
fn value(field: &Field) -> String {
    let taken = kind(&field.kind);
    match &field.default {
        Some(default) => format!("{taken}; `add` fills in {default}"),
        None => taken,
    }
}

fn kind(of: &Kind) -> String {
    match of {
        Kind::Text => "text".to_owned(),
        Kind::Day => "day".to_owned(),
        Kind::Amount => "amount".to_owned(),
        Kind::Rate => "rate".to_owned(),
        Kind::Quantity => "amount or rate".to_owned(),
        Kind::Formula => "number or expression".to_owned(),
        Kind::Time(time) => self::time(*time).to_owned(),
        Kind::Integer { min: Some(min), max: Some(max) } => format!("{min} to {max}"),
        Kind::Integer { .. } => "whole number".to_owned(),
        Kind::Flag => "`true` or `false`".to_owned(),
        Kind::Choice(choices) => {
            choices.iter().map(|choice| format!("`{}`", choice.name)).collect::<Vec<_>>().join(", ")
        }
        Kind::Ref(kind) => kind.clone(),
        Kind::Table(_) | Kind::Tagged { .. } => "table".to_owned(),
        Kind::Map { keys, values } => format!("{} by {}", kind(values), self::keys(keys)),
        Kind::List(items) => match **items {
            Kind::Table(_) => "entries".to_owned(),
            ref items => format!("list of {}", kind(items)),
        },
        Kind::AnyOf(kinds) => kinds.iter().map(kind).collect::<Vec<_>>().join(" or "),
        Kind::Any => "any".to_owned(),
    }
}

fn time(time: Time) -> &'static str {
    match time {
        Time::Month => "month",
        Time::Period => "period",
        Time::Year => "year",
    }
}

fn keys(keys: &Keys) -> String {
    match keys {
        Keys::Time(time) => self::time(*time).to_owned(),
        Keys::Ref { kind, .. } => kind.clone(),
        Keys::Text { .. } => "name".to_owned(),
    }
}
