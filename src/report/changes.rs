//! What changed between two states of a book: records and their fields, one row each, whatever order or spelling they have.
//!
//! Entries of a list are told apart by their natural keys. What stands on one side only is one row with all it says.
//! Personal data and anonymous answers are said to have changed, never how: two counts that differ by one would tell an answer.

use std::collections::BTreeMap;

use super::holds_answers;
use crate::record::kind::RecordKind;
use crate::record::natural::{self, Below};
use crate::record::personal::masked;
use crate::record::tree::{Node, walk};
use crate::record::value::Amount;
use crate::source::{Source, Sources};
use crate::table::{Cell, Column, Kind, Table};
use crate::text::report as say;

/// What differs between the records of two states, by record and then in the order of their keys.
pub fn changes(old: &Sources, new: &Sources) -> Table {
    let columns = vec![
        Column::new("record", say::RECORD, Kind::Text),
        Column::new("id", say::ID, Kind::Text),
        Column::new("change", say::CHANGED, Kind::Text),
        Column::new("field", say::FIELD, Kind::Text),
        Column::new("old", say::OLD, Kind::Text),
        Column::new("new", say::NEW, Kind::Text),
    ];
    let mut table = Table::new("changes", say::CHANGES, columns);
    for ((kind, id), (old, new)) in pairs(old, new) {
        let record = || [Cell::Said { key: kind.name(), text: kind.title() }, id.into()];
        let mut push = |[change, field, old, new]: [Cell; 4]| {
            table.push(record().into_iter().chain([change, field, old, new]).collect());
        };
        match (old, new) {
            (Some(old), Some(new)) if old.text == new.text => {}
            (Some(old), Some(new)) => fields(kind, &old.text, &new.text).into_iter().for_each(push),
            (None, Some(new)) => push([ADDED, Cell::Missing, Cell::Missing, name(&new.text)]),
            (Some(old), None) => push([REMOVED, Cell::Missing, name(&old.text), Cell::Missing]),
            (None, None) => {}
        }
    }
    table
}

const ADDED: Cell = Cell::Said { key: "added", text: say::ADDED };
const REMOVED: Cell = Cell::Said { key: "removed", text: say::REMOVED };
const CHANGED: Cell = Cell::Said { key: "changed", text: say::CHANGED_ONE };

/// The texts of every record on both sides. A record that only moved to another folder is the same one.
type Pairs<'s> = BTreeMap<(RecordKind, &'s str), (Option<&'s Source>, Option<&'s Source>)>;

fn pairs<'s>(old: &'s Sources, new: &'s Sources) -> Pairs<'s> {
    let records = |sources: &'s Sources| {
        sources.iter().filter_map(|(_, source)| Some((RecordKind::of_path(&source.path)?, source)))
    };
    let mut pairs = Pairs::new();
    for (record, source) in records(old) {
        pairs.entry(record).or_default().0 = Some(source);
    }
    for (record, source) in records(new) {
        pairs.entry(record).or_default().1 = Some(source);
    }
    pairs
}

fn name(text: &str) -> Cell {
    let word = |key: &str| walk(text, |root| root.get(key)?.text().map(str::to_owned)).flatten();
    word("name").or_else(|| word("title")).into()
}

/// What differs between two texts of one record; nothing where one of them is not TOML, which a report says for itself.
fn fields(kind: RecordKind, old: &str, new: &str) -> Vec<[Cell; 4]> {
    let compared = walk(old, |before| {
        walk(new, |after| {
            let mut found = Comparison { kind, old, new, rows: Vec::new() };
            found.compare(before, after, Below::Table(kind.shape()), &Place::default());
            found.rows
        })
    });
    compared.flatten().unwrap_or_default()
}

/// Where a comparison stands.
#[derive(Clone, Default)]
struct Place {
    path: String,
    /// Whether what stands here is nobody's business but its owner's.
    hidden: bool,
}

/// Two texts of one record, and what differs so far.
struct Comparison<'t> {
    kind: RecordKind,
    old: &'t str,
    new: &'t str,
    rows: Vec<[Cell; 4]>,
}

impl Comparison<'_> {
    fn compare(&mut self, old: Node<'_, '_>, new: Node<'_, '_>, at: Below, place: &Place) {
        match (parts(old, at, self.old), parts(new, at, self.new)) {
            (Some(before), Some(after)) => {
                let mut left: BTreeMap<_, _> = after.iter().map(|(name, node)| (name, *node)).collect();
                for (name, node) in &before {
                    let (below, place) = self.below(at, name, place);
                    match left.remove(name) {
                        Some(other) => self.compare(*node, other, below, &place),
                        None => self.one_sided(REMOVED, *node, below, &place),
                    }
                }
                for (name, node) in after.iter().filter(|(name, _)| left.contains_key(name)) {
                    let (below, place) = self.below(at, name, place);
                    self.one_sided(ADDED, *node, below, &place);
                }
            }
            _ => {
                let (before, after) = (words(old, at, self.old), words(new, at, self.new));
                if !same(&before, &after) {
                    let shown = |words: String| {
                        if place.hidden { Cell::Missing } else { masked(&words, None).into() }
                    };
                    self.rows.push([CHANGED, place.path.as_str().into(), shown(before), shown(after)]);
                }
            }
        }
    }

    fn one_sided(&mut self, change: Cell, node: Node<'_, '_>, at: Below, place: &Place) {
        let (text, is_added) = if change == ADDED { (self.new, true) } else { (self.old, false) };
        let said = if place.hidden { Cell::Missing } else { masked(&words(node, at, text), None).into() };
        let (old, new) = if is_added { (Cell::Missing, said) } else { (said, Cell::Missing) };
        self.rows.push([change, place.path.as_str().into(), old, new]);
    }

    /// The place of a part.
    fn below(&self, at: Below, part: &Part, place: &Place) -> (Below, Place) {
        match part {
            Part::Key(key) => {
                let below = at.key(key);
                let path = if place.path.is_empty() { key.clone() } else { format!("{}.{key}", place.path) };
                let hidden = place.hidden || below.is_personal() || holds_answers(self.kind, &path);
                (below, Place { path, hidden })
            }
            Part::Entry(name) => {
                (at.item(), Place { path: format!("{}[{name}]", place.path), hidden: place.hidden })
            }
        }
    }
}

/// What a table or a list of tables is made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Key(String),
    Entry(String),
}

/// The parts of a table or of a list of tables, by natural names; nothing for other values, which are one whole.
fn parts<'a, 't>(node: Node<'a, 't>, at: Below, text: &str) -> Option<Vec<(Part, Node<'a, 't>)>> {
    if let Node::Table(_) = node {
        return Some(node.entries().map(|(key, value)| (Part::Key(key.to_owned()), value)).collect());
    }
    let items: Vec<_> = node.items().collect();
    if items.is_empty() || items.iter().any(|item| !matches!(item, Node::Table(_))) {
        return None;
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let named = items.into_iter().map(|item| {
        let name = natural::name(item, at.entry_key(), text).unwrap_or_default();
        let times = seen.entry(name.clone()).and_modify(|times| *times += 1).or_insert(1);
        (Part::Entry(if *times > 1 { format!("{name} ({times})") } else { name }), item)
    });
    Some(named.collect())
}

/// All that a value says, on one line; what is personal in it is left out.
fn words(node: Node<'_, '_>, at: Below, text: &str) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    if let Node::Table(_) = node {
        let said = node.entries().filter(|(key, _)| !at.key(key).is_personal());
        return joined(
            said.map(|(key, value)| format!("{key} = {}", nested(value, at.key(key), text))).collect(),
        );
    }
    match node.words(text) {
        Some(words) => words.to_owned(),
        None => joined(node.items().map(|item| nested(item, at.item(), text)).collect()),
    }
}

fn nested(node: Node<'_, '_>, at: Below, text: &str) -> String {
    let said = words(node, at, text);
    match node {
        Node::Table(_) => format!("{{ {said} }}"),
        Node::Value(_) if node.words(text).is_none() => format!("[{said}]"),
        Node::Value(_) => said,
    }
}

/// Whether two values say the same: `2370` is `2370.0`.
fn same(a: &str, b: &str) -> bool {
    let number = |words: &str| words.parse::<Amount>().ok().map(|amount| amount.0);
    a == b || number(a).is_some_and(|a| number(b) == Some(a))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<String> {
        let sources = |files: &[(&str, &str)]| {
            let file = |(path, text): &(&str, &str)| Source { path: (*path).into(), text: (*text).into() };
            Sources::new(files.iter().map(file).collect())
        };
        let said = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            Cell::Said { key, .. } => (*key).to_owned(),
            _ => String::new(),
        };
        let rows = changes(&sources(old), &sources(new)).rows;
        rows.iter().map(|row| row.iter().map(said).collect::<Vec<_>>().join(",")).collect()
    }

    const CLIENT: &str = "name = \"甲公司\"\n[results]\n2026-09 = { deposits = 100, loans = 50 }\n\n[[visits]]\ndate = 2026-10-09\nby = \"li-na\"\nkind = \"call\"\nsummary = \"a\"\n";

    fn change_of_client(new: &str) -> Vec<String> {
        shown(&[("clients/acme.toml", CLIENT)], &[("clients/acme.toml", new)])
    }

    #[test]
    fn a_changed_figure_is_one_row_and_a_new_month_another() {
        let new = CLIENT.replace(
            "2026-09 = { deposits = 100, loans = 50 }",
            "2026-09 = { deposits = 120, loans = 50 }\n2026-10 = { deposits = 130 }",
        );
        assert_eq!(
            change_of_client(&new),
            [
                "client,acme,changed,results.2026-09.deposits,100,120",
                "client,acme,added,results.2026-10,,deposits = 130"
            ]
        );
    }

    #[test]
    fn order_comments_spelling_and_folder_change_nothing() {
        let new = "# c\nname = '甲公司'\n[[visits]]\nkind = \"call\"\nby = \"li-na\"\ndate = 2026-10-09\nsummary = \"a\"\n[results.2026-09]\nloans = 50.0\ndeposits = 100\n";
        assert!(shown(&[("clients/acme.toml", CLIENT)], &[("clients/east/acme.toml", new)]).is_empty());
    }

    #[test]
    fn an_entry_goes_by_its_key_whatever_stands_before_it() {
        let earlier = "[[visits]]\ndate = 2026-10-01\nby = \"li-na\"\nkind = \"call\"\nsummary = \"x\"\n\n[[visits]]\ndate = 2026-10-09";
        let new = CLIENT
            .replace("[[visits]]\ndate = 2026-10-09", earlier)
            .replace("summary = \"a\"", "summary = \"b\"");
        assert_eq!(
            change_of_client(&new),
            [
                "client,acme,changed,visits[2026-10-09 li-na call].summary,a,b",
                "client,acme,added,visits[2026-10-01 li-na call],,date = 2026-10-01, by = li-na, kind = call, summary = x"
            ]
        );
    }

    #[test]
    fn records_come_and_go() {
        let gone = [("managers/li-na.toml", "name = \"李娜\"\n")];
        assert_eq!(shown(&gone, &[]), ["manager,li-na,removed,,李娜,"]);
        assert_eq!(shown(&[], &gone), ["manager,li-na,added,,,李娜"]);
    }

    #[test]
    fn personal_data_and_anonymous_answers_are_not_told() {
        let contact =
            |phone: &str| format!("name = \"甲公司\"\n[[contacts]]\nname = \"李明\"\nphone = \"{phone}\"\n");
        let change = |kind: &str, old: &str, new: &str| shown(&[(kind, old)], &[(kind, new)]);
        let said = change("clients/acme.toml", &contact("13800000000"), &contact("13900000000"));
        assert!(said[0].ends_with(".phone,,") && said.len() == 1, "{said:?}");
        let pulse = |well: u8| format!("name = \"一部\"\n[[pulses]]\ndate = 2026-10-20\nwell = {well}\n");
        let said = change("teams/one.toml", &pulse(11), &pulse(12));
        assert_eq!(said, ["team,one,changed,pulses[2026-10-20].well,,"]);
    }
}
