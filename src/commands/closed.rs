//! What a run says of closed periods in which something comes out otherwise by it: what was closed stands, and `check` holds the
//! records against it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use toml::{Table, Value};

use super::{Writing, options_of_all};
use crate::book;
use crate::check;
use crate::close;
use crate::diag::Level;
use crate::metric::Portfolios;
use crate::msg;
use crate::period::Period;
use crate::record::kind::RecordKind;
use crate::record::settings::Settings;
use crate::record::tree;
use crate::score::apply::Policies;
use crate::source::Snapshot;
use crate::store;
use crate::text::{Message, close as say};

impl Writing {
    /// What is to be said of what comes out otherwise in closed periods by this run, and did not before. The whole book is read
    /// only where a change may bear on one.
    pub(super) fn closed_figures(&mut self) -> anyhow::Result<Option<Message>> {
        let settings = self.read(store::SETTINGS)?.unwrap_or_default();
        let settings = tree::read::<Settings>(&settings).ok();
        let closed = settings.iter().flat_map(|settings| settings.closed.values()).flat_map(BTreeMap::keys);
        let Some(until) = closed.map(|period| period.last_day()).max() else { return Ok(None) };
        let bears = |(path, (before, after)): (&String, &(Option<String>, Option<String>))| {
            bears_on(path, before.as_deref(), after.as_deref(), until)
        };
        if !self.changes.iter().any(bears) {
            return Ok(None);
        }
        let disk = store::read_book(&self.root)?;
        if !disk.unreadable.is_empty() {
            return Ok(None);
        }
        let mut new = found(&self.snapshot(&disk, true));
        if !new.is_empty() {
            found(&self.snapshot(&disk, false)).iter().for_each(|known| _ = new.remove(known));
        }
        Ok(said(&new))
    }

    /// The book as it stood before the changes, or is to stand after them.
    fn snapshot(&self, disk: &Snapshot, after: bool) -> Snapshot {
        let mut texts: BTreeMap<&str, &str> =
            disk.sources.iter().map(|(_, source)| (source.path.as_str(), source.text.as_str())).collect();
        for (path, (old, new)) in &self.changes {
            match if after { new } else { old } {
                Some(text) => texts.insert(path, text),
                None => texts.remove(path.as_str()),
            };
        }
        Snapshot::new(texts.into_iter().map(|(path, text)| (path.to_owned(), Ok(text.to_owned()))))
    }
}

/// The file of a finding in a closed period, and what it says.
type Found = (String, String);

fn found(snapshot: &Snapshot) -> BTreeSet<Found> {
    let (book, _) = book::load(snapshot);
    let policies = Policies::of(&book);
    let sources = &snapshot.sources;
    let found = close::compare(&Portfolios::new(&book), sources, &policies, |_| true);
    let mut found = check::settle(found, &book.settings, sources, &options_of_all());
    found.retain(|it| it.level == Level::Deny && close::rule::RULES.contains(&it.rule));
    let key = |finding: crate::diag::Finding| {
        (sources.get(finding.at.file).path.clone(), finding.message.get(crate::text::Lang::En).to_string())
    };
    found.into_iter().map(key).collect()
}

/// How many findings there are, in which periods, and the command that amends where it is of one manager.
fn said(found: &BTreeSet<Found>) -> Option<Message> {
    let count = Some(found.len()).filter(|count| *count > 0)?;
    let ids = found.iter().filter_map(|(path, _)| RecordKind::of_path(path)?.1.rsplit_once('/'));
    let ids: BTreeSet<(&str, &str)> = ids.collect();
    if ids.is_empty() {
        return Some(msg!(say::COMES_SOMEWHERE, count = count));
    }
    let periods: BTreeSet<&str> = ids.iter().map(|(period, _)| *period).collect();
    let (period, manager) = match ids.iter().collect::<Vec<_>>()[..] {
        [(period, manager)] => (Message::verbatim(*period), Message::verbatim(*manager)),
        _ => (Message::both("PERIOD", "期间"), Message::both("MANAGER", "客户经理")),
    };
    let periods = Message::list(&periods.into_iter().collect::<Vec<_>>());
    Some(msg!(say::COMES_OTHERWISE, count = count, periods = periods, period = period, manager = manager))
}

/// Whether a change of a file may bear on what lies up to a day. What no figure rests on does not, nor what is dated later:
/// months, entries of lists, and what was something else up to a later day by the record's own history. In a review the day of an
/// entry is when it was written: what it says is of the review's period.
fn bears_on(path: &str, before: Option<&str>, after: Option<&str>, until: NaiveDate) -> bool {
    let later = |word: &str| word.parse::<Period>().is_ok_and(|period| period.first_day() > until);
    let of_path = RecordKind::of_path(path);
    if let Some((RecordKind::Review, id)) = of_path
        && id.split('/').next().is_some_and(later)
    {
        return false;
    }
    let is_review = matches!(of_path, Some((RecordKind::Review, _)));
    let read = |text: Option<&str>| -> Table {
        text.map(|text| text.trim_start_matches('\u{feff}')).unwrap_or_default().parse().unwrap_or_default()
    };
    let (before, after) = (read(before), read(after));
    let fields = of_path.map(|(kind, _)| kind.shape().fields.as_slice()).unwrap_or_default();
    let kept = fields.iter().find(|field| field.keeps.is_some()).and_then(|field| {
        let kept = kept(&before, list(&before, &field.name), list(&after, &field.name), until)?;
        Some((field.name.as_str(), kept))
    });
    let is_uncounted = |key: &str| fields.iter().any(|field| field.name == key && field.uncounted);
    let is_kept = |key: &str, old: Option<&Value>| {
        kept.is_some_and(|(history, kept)| key == history || old.is_some() && kept.get(key) == old)
    };
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    keys.into_iter().any(|key| match (before.get(key), after.get(key)) {
        (old, new) if old == new || is_uncounted(key) || is_kept(key, old) => false,
        (Some(Value::Array(_)) | None, Some(Value::Array(_)) | None) => {
            let (old, new) = (list(&before, key), list(&after, key));
            let lone = |one: &[Value], other: &[Value]| {
                one.iter().any(|entry| !other.contains(entry) && (is_review || !is_later(entry, until)))
            };
            lone(old, new) || lone(new, old)
        }
        (Some(Value::Table(_)) | None, Some(Value::Table(_)) | None) => {
            let table = |all: &Table| all.get(key).and_then(Value::as_table).cloned().unwrap_or_default();
            let (old, new) = (table(&before), table(&after));
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            names.into_iter().any(|name| old.get(name) != new.get(name) && !later(name))
        }
        _ => true,
    })
}

fn list<'t>(table: &'t Table, key: &str) -> &'t [Value] {
    table.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The entry that a change adds at the end of a history, where it says how the record stood up to `until` or a later day
/// and all it says is what the record said: up to then nothing is otherwise.
fn kept<'t>(before: &Table, old: &[Value], new: &'t [Value], until: NaiveDate) -> Option<&'t Table> {
    let added = new.iter().find(|entry| !old.contains(entry))?.as_table()?;
    let last = added.get(UNTIL).and_then(day).filter(|last| *last >= until)?;
    let is_last = |entry: &Value| entry.get(UNTIL).and_then(day).is_some_and(|earlier| earlier < last);
    let stays = old.iter().all(|entry| new.contains(entry) && is_last(entry)) && new.len() == old.len() + 1;
    let stood = added.iter().all(|(key, value)| key == UNTIL || before.get(key) == Some(value));
    (stays && stood).then_some(added)
}

/// The key of the last day on which something stood as an entry of a history says.
const UNTIL: &str = "until";

fn day(value: &Value) -> Option<NaiveDate> {
    value.as_datetime()?.date?.to_string().parse().ok()
}

/// Whether all days of an entry are later; what held `until` a day held before it.
fn is_later(entry: &Value, until: NaiveDate) -> bool {
    let Some(entry) = entry.as_table().filter(|entry| !entry.contains_key(UNTIL)) else { return false };
    let days: Vec<NaiveDate> = entry.values().filter_map(day).collect();
    !days.is_empty() && days.iter().all(|day| *day > until)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::plan::order;
    use crate::edit::{self, Change};
    use crate::path;
    use crate::record::shape::{Field, Kind};

    fn bears(before: &str, after: &str) -> bool {
        bears_on("clients/a.toml", Some(before), Some(after), "2026-09-30".parse().unwrap())
    }

    #[test]
    fn what_is_dated_later_bears_on_nothing_closed() {
        let visit = "[[visits]]\ndate = 2026-09-12\n[[visits]]\ndate = 2026-10-12\n";
        assert!(!bears("", "[[visits]]\ndate = 2026-10-12\n"));
        assert!(!bears("[[visits]]\ndate = 2026-09-12\n", visit));
        assert!(bears("[[visits]]\ndate = 2026-10-12\n", visit));
        assert!(!bears(
            "[results]\n2026-09 = { loans = 1 }\n",
            "[results]\n2026-09 = { loans = 1 }\n2026-10 = { loans = 2 }\n"
        ));
        assert!(bears("[results]\n2026-09 = { loans = 1 }\n", "[results]\n2026-09 = { loans = 2 }\n"));
        assert!(bears("", "[base]\n2026 = { loans = 1 }\n"));
        assert!(!bears("# a\nnote = 'x'\n", "note = 'x'\n"));
    }

    #[test]
    fn what_closed_was_in_the_example_rests_on_no_field_said_to_be_uncounted() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/riverside");
        let disk = store::read_book(&root).unwrap();
        // The example with the fields of its records that are chosen so made otherwise.
        let otherwise = |is_chosen: &dyn Fn(&Field) -> bool| {
            let texts = disk.sources.iter().map(|(_, source)| {
                let kind = RecordKind::of_path(&source.path).unwrap().0;
                let there: Table = source.text.parse().unwrap();
                let fields = kind.shape().fields.iter();
                let chosen = fields.filter(|field| is_chosen(field) && there.contains_key(&field.name));
                let changes: Vec<Change> = chosen
                    .map(|field| match field.kind {
                        Kind::List(_) => Change::Unset { path: path![field.name.as_str()] },
                        Kind::Choice(_) => {
                            Change::Set { path: path![field.name.as_str()], value: "base".into() }
                        }
                        _ => Change::Set { path: path![field.name.as_str()], value: "改".into() },
                    })
                    .collect();
                (source.path.clone(), Ok(edit::apply(&source.text, &changes, order(kind)).unwrap()))
            });
            Snapshot::new(texts.collect::<Vec<_>>())
        };
        assert_eq!(found(&otherwise(&|field| field.uncounted)), BTreeSet::new());
        assert!(!found(&otherwise(&|field| field.name == "tier")).is_empty());
    }

    #[test]
    fn what_no_figure_rests_on_bears_on_nothing() {
        assert!(!bears("name = 'a'\n", "name = 'b'\n"));
        assert!(!bears("note = 'a'\n", "aliases = ['b']\n[[contacts]]\nname = '王'\n"));
        assert!(bears("place = 'a'\n", "place = 'b'\n"), "a policy may ask for it");
    }

    #[test]
    fn what_the_history_keeps_up_to_a_later_day_bears_on_nothing() {
        let key = "tier = 'key'\n[[history]]\nuntil = ";
        assert!(!bears("tier = 'base'\n", &format!("{key}2026-11-23\ntier = 'base'\n")));
        assert!(
            bears("tier = 'base'\n", &format!("{key}2026-09-29\ntier = 'base'\n")),
            "its last days are closed"
        );
        assert!(bears("tier = 'base'\n", &format!("{key}2026-11-23\ntier = 'strategic'\n")));
        assert!(bears("tier = 'base'\nmanager = 'a'\n", &format!("{key}2026-11-23\ntier = 'base'\n")));
        // Up to the first day the client stood as the earlier entry says, then as the later one says.
        let earlier = "[[history]]\nuntil = 2026-08-31\ntier = 'prospect'\n";
        let later = "[[history]]\nuntil = 2026-11-23\ntier = 'base'\n";
        let before = format!("tier = 'base'\n{earlier}");
        assert!(!bears(&before, &format!("tier = 'key'\n{earlier}{later}")));
        assert!(bears(&before, &format!("tier = 'key'\n{later}")));
    }

    #[test]
    fn what_has_no_day_or_held_until_one_may_bear_on_it() {
        assert!(bears("manager = 'a'\n", "manager = 'b'\n"));
        assert!(bears("", "[[history]]\nuntil = 2026-11-30\nmanager = 'a'\n"));
        assert!(bears("[[facilities]]\nid = 'f'\n", "[[facilities]]\nid = 'f'\noriginated_by = 'a'\n"));
        assert!(bears("", "tier = 'key'\n"));
        let of = |period| {
            bears_on(&format!("reviews/{period}/a.toml"), None, Some("x = 1"), "2026-09-30".parse().unwrap())
        };
        assert!(of("2026-09") && !of("2026-10"));
        let until = "2026-09-30".parse().unwrap();
        let rated =
            Some("[[ratings]]\ngroup = 'superior'\nby = 'b'\nitem = 'c'\nscore = 92\ndate = 2026-10-05\n");
        assert!(
            bears_on("reviews/2026-09/a.toml", Some(""), rated, until),
            "it rates September all the same"
        );
    }
}
