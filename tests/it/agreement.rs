//! Three readers of one record agree: the fast one, `toml` itself, and the walk that explains what does not fit.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;
use rmbook::record::client::Client;
use rmbook::record::fault::faults;
use rmbook::record::kind::RecordKind;
use rmbook::record::tree;
use rmbook::source::{Source, Sources};

/// Clients of the example book, the shorter ones, so that most mutations hit something.
static RECORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/riverside/clients");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let texts = paths.iter().map(|path| fs::read_to_string(path).unwrap());
    texts.filter(|text| text.len() < 5000).collect()
});

/// Pieces that change what a text means.
const PIECES: [&str; 40] = [
    "\"",
    "'",
    "\"\"\"",
    "=",
    "[",
    "]",
    "{",
    "}",
    "[[",
    "]]",
    ",",
    ".",
    "\n",
    "\r\n",
    "\r",
    "#",
    "-",
    "_",
    "0",
    "1e3",
    "0.5",
    "12345678901234567890",
    "true",
    "nan",
    "-inf",
    "2026-02-31",
    "2026-10-09",
    "2026-10-09T08:00:00Z",
    "07:32:00",
    "name = 1\n",
    "[results]\n",
    "[[visits]]\n",
    "unknown = 1\n",
    "\\",
    "\\u0000",
    "\u{feff}",
    "\u{0}",
    "名",
    "\t",
    "1970-01-01 ",
];

#[derive(Clone, Debug)]
enum Mutation {
    Insert(Index, usize),
    Replace(Index, usize, usize),
    Delete(Index, usize),
    DropLine(Index),
    RepeatLine(Index),
    SwapLines(Index, Index),
    Cut(Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let piece = 0..PIECES.len();
    prop_oneof![
        3 => (any::<Index>(), piece.clone()).prop_map(|(at, piece)| Mutation::Insert(at, piece)),
        3 => (any::<Index>(), 1..8_usize, piece).prop_map(|(at, length, piece)| Mutation::Replace(at, length, piece)),
        3 => (any::<Index>(), 1..8_usize).prop_map(|(at, length)| Mutation::Delete(at, length)),
        2 => any::<Index>().prop_map(Mutation::DropLine),
        2 => any::<Index>().prop_map(Mutation::RepeatLine),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Mutation::SwapLines(a, b)),
        1 => any::<Index>().prop_map(Mutation::Cut),
    ]
}

/// The text with one mutation, which never splits a character.
fn mutated(text: &str, mutation: &Mutation) -> String {
    let splice = |at: &Index, length: usize, piece: &str| {
        let from = text.floor_char_boundary(at.index(text.len() + 1));
        let to = text.ceil_char_boundary((from + length).min(text.len()));
        [&text[..from], piece, &text[to..]].concat()
    };
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let count = lines.len();
    let line = |at: &Index| at.index(count);
    match mutation {
        _ if text.is_empty() => return PIECES[0].to_owned(),
        Mutation::Insert(at, piece) => return splice(at, 0, PIECES[*piece]),
        Mutation::Replace(at, length, piece) => return splice(at, *length, PIECES[*piece]),
        Mutation::Delete(at, length) => return splice(at, *length, ""),
        Mutation::Cut(at) => return text[..text.floor_char_boundary(at.index(text.len()))].to_owned(),
        Mutation::DropLine(at) => drop(lines.remove(line(at))),
        Mutation::RepeatLine(at) => lines.insert(line(at), lines[line(at)]),
        Mutation::SwapLines(a, b) => lines.swap(line(a), line(b)),
    }
    lines.concat()
}

/// Whether a number stands in it that only the base of its digits tells apart: amounts are read as typed, in tens.
fn has_other_base(text: &str) -> bool {
    ["0x", "0o", "0b"].iter().any(|base| text.contains(base))
}

fn faults_of(text: &str) -> usize {
    let sources = Sources::new(vec![Source { path: "clients/a.toml".to_owned(), text: text.to_owned() }]);
    let file = sources.find("clients/a.toml").unwrap();
    faults(file, text, RecordKind::Client.shape()).len()
}

/// The same cases in every run.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 1000,
        rng_seed: RngSeed::Fixed(20_261_009),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn readers_agree_on_what_fits_and_the_walk_explains_what_does_not(
        record in any::<Index>(),
        mutations in prop::collection::vec(mutation(), 1..4),
    ) {
        let original = RECORDS[record.index(RECORDS.len())].clone();
        let text = mutations.iter().fold(original, |text, mutation| mutated(&text, mutation));
        let fast = tree::read::<Client>(&text).map(|_| ());
        let slow = toml::from_str::<Client>(&text).map(|_| ()).map_err(|error| error.to_string());
        if !has_other_base(&text) {
            prop_assert_eq!(fast.is_ok(), slow.is_ok(), "{:?} {:?}\n{}", fast, slow, text);
        }
        prop_assert_eq!(fast.is_ok(), faults_of(&text) == 0, "{:?}\n{}", fast, text);
    }
}
