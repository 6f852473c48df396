//! The gallery: every rule's page, with the finding its example gives, as people read it, in both languages.
//!
//! The pages stand in `tests/reference` and are written from the rules themselves; `RMBOOK_BLESS=1 cargo test gallery`
//! writes them anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use rmbook::book;
use rmbook::check::{self, Baseline, Entry, Options};
use rmbook::close;
use rmbook::diag::{Finding, Level, Rule};
use rmbook::metric::Portfolios;
use rmbook::policy;
use rmbook::render::{self, FindingFormat, Style};
use rmbook::score::tie::ambiguous;
use rmbook::score::{self, apply::Policies};
use rmbook::source::Snapshot;
use rmbook::text::{Lang, explain};

/// The book around every example, in which nothing else is wrong.
const SURROUNDINGS: &str = include_str!("../../src/check/rules/surroundings.txt");

fn files(text: &str) -> impl Iterator<Item = (String, String)> {
    text.split("# file: ").skip(1).map(|part| {
        let (path, text) = part.split_once('\n').unwrap_or((part, ""));
        (path.trim().to_owned(), text.to_owned())
    })
}

/// Every rule of every layer, by code.
fn rules() -> impl Iterator<Item = &'static Rule> {
    let others = policy::rule::RULES.iter().chain(close::rule::RULES).copied();
    check::rules().chain(others).chain(score::rules())
}

#[test]
fn each_rule_has_a_code_of_its_own() {
    let mut known = std::collections::BTreeMap::new();
    for rule in rules() {
        let before = known.insert(rule.code, rule.name);
        assert_eq!(before, None, "{} is {} too", rule.code, rule.name);
    }
}

/// What `check` shows of an example.
fn shown(rule: &Rule, lang: Lang) -> String {
    let mut all: std::collections::BTreeMap<String, String> = files(SURROUNDINGS).collect();
    all.extend(files(rule.example));
    let baseline = all.remove("baseline.toml").unwrap_or_default();
    let snapshot = Snapshot::new(all.into_iter().map(|(path, text)| (path, Ok(text))));
    let today = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
    let (book, mut found) = book::load(&snapshot);
    let options = Options::default();
    found.extend(check::run(&book, &snapshot.sources, today, &options));
    let (policies, portfolios) = (Policies::of(&book), Portfolios::new(&book));
    found.extend(close::compare(&portfolios, &snapshot.sources, &policies, |_| true));
    found.extend(ambiguous(&book, &policies, today));
    found.extend(score::findings(&portfolios, &policies, today));
    found.extend(policies.findings);
    let found = Baseline::read(&baseline).unwrap().apply(found, &book, &snapshot.sources, today).found;
    let found: Vec<Finding> = check::settle(found, &book.settings, &snapshot.sources, &options);
    let style = Style { lang, ..Style::default() };
    let mut out = Vec::new();
    render::findings(&found, &snapshot.sources, FindingFormat::Text, &style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn page(lang: Lang) -> String {
    let say = |en: &'static str, zh: &'static str| if lang == Lang::En { en } else { zh };
    let mut out = format!(
        "# {}\n\n{}\n",
        say("Rules of `rmbook check`", "`rmbook check` 检查规则"),
        say(
            "Written by `tests/it/gallery.rs` from the rules; `rmbook explain RULE` says the same.",
            "由 `tests/it/gallery.rs` 依规则定义生成；`rmbook explain 规则` 内容相同。",
        )
    );
    for rule in rules() {
        let level = match rule.level {
            Level::Deny => say("error", "错误"),
            Level::Warn => say("warning", "警告"),
            Level::Allow => say("not reported", "不报告"),
        };
        let (title, why, mend) = (rule.title.get(lang), rule.why.get(lang), rule.mend.get(lang));
        writeln!(out, "\n## {} {}\n\n{title} ({level})\n\n{why}\n\n{mend}", rule.code, rule.name).unwrap();
        if check::check_of(rule).is_some_and(|check| check.entry() == Entry::Refuse) {
            let refused = explain::REFUSED_AT_ENTRY;
            writeln!(out, "\n{}{}", refused.get(lang), say(".", "。")).unwrap();
        }
        if !rule.example.is_empty() {
            let shown = shown(rule, lang);
            let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
            writeln!(
                out,
                "\n```toml\n{}\n```\n\n```text\n{}\n```",
                rule.example.trim_end(),
                lines.join("\n")
            )
            .unwrap();
        }
    }
    out
}

#[test]
fn the_pages_of_the_rules_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    for (lang, name) in [(Lang::En, "rules.md"), (Lang::Zh, "rules.zh.md")] {
        let path = folder.join(name);
        let page = page(lang);
        if std::env::var_os("RMBOOK_BLESS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &page).unwrap();
        }
        let stored = fs::read_to_string(&path).unwrap_or_default();
        let differs = stored.lines().zip(page.lines()).find(|(stored, page)| stored != page);
        assert!(stored == page, "{name} is out of date, first at {differs:?}; run with RMBOOK_BLESS=1");
    }
}

#[test]
fn no_message_leaves_a_placeholder_open() {
    for rule in rules().filter(|rule| !rule.example.is_empty()) {
        for lang in [Lang::En, Lang::Zh] {
            let shown = shown(rule, lang);
            assert!(shown.contains(rule.code), "{} shows nothing", rule.code);
        }
    }
}
