//! What stood before a change, kept where its entry says how it stood before: `history`, `slipped`.
//!
//! A list marked `x-keeps` keeps what its neighbours were. Where the mark names a field of its entries, each says what held
//! up to that day; where it names a neighbour, the list holds that one's earlier days. A neighbour marked `x-since` says
//! from which day another one holds. A new list of either kind needs nothing here. What was done on a complaint before it is
//! opened again moves into its `earlier`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Fault;
use super::present::{at, covers, entries, get};
use crate::edit::Change;
use crate::edit::render::{Table, Value};
use crate::msg;
use crate::record::shape::{Field, Kind, Shape};
use crate::source::{KeyPath, Step};
use crate::text::{Message, entry};

/// One value that is about to be replaced or removed.
struct Replaced<'c> {
    /// What the record is.
    root: &'static Shape,
    /// The entry it stands in, and what that entry is.
    entry: KeyPath,
    shape: &'static Shape,
    field: &'static Field,
    new: Option<&'c Value>,
}

/// The changes that keep what `changes` replace in a record, where new values hold from the day `on`.
pub fn kept(
    shape: &'static Shape,
    record: &Table,
    changes: &[Change],
    on: NaiveDate,
) -> Result<Vec<Change>, Fault> {
    let given: Vec<Replaced<'_>> = changes.iter().filter_map(|change| replaced(shape, change)).collect();
    let begun: Vec<Change> = given.iter().filter_map(|one| begun(record, &given, one, on)).collect();
    let replaced: Vec<Replaced<'_>> =
        given.into_iter().chain(begun.iter().filter_map(|change| replaced(shape, change))).collect();
    let mut kept = Vec::new();
    let mut positions: BTreeMap<(KeyPath, NaiveDate), (&'static Field, Table)> = BTreeMap::new();
    for one in &replaced {
        let path = one.entry.join(one.field.name.as_str());
        // A flag that is not stated is down.
        let down = matches!(one.field.kind, Kind::Flag).then(|| Value::Raw("false".to_owned()));
        let old = at(record, &path).or(down.as_ref());
        let is_new = match old {
            Some(old) => one.new.is_none_or(|new| !covers(old, new, true)),
            None => one.field.implied && one.new.is_some(),
        };
        if !is_new || is_correction(record, &replaced, one) {
            continue;
        }
        let since = since(&replaced, one).unwrap_or(on);
        for list in one.shape.fields.iter().filter(|field| field.keeps.is_some()) {
            let Some(position) = list.entries() else {
                kept.extend(old.and_then(|old| slip(record, one, list, old, since)));
                continue;
            };
            let is_until = list.keeps.as_deref() == Some(one.field.name.as_str());
            if is_until || position.field(&one.field.name).is_none() {
                continue;
            }
            let Some(until) = held_until(record, one, list, since)? else { continue };
            let place = (one.entry.join(list.name.as_str()), until);
            let (_, values) = positions.entry(place).or_insert_with(|| (list, Table::new()));
            values.extend(old.map(|old| (one.field.name.clone(), old.clone())));
        }
    }
    for ((place, until), (list, values)) in positions {
        kept.extend(position(record, &place, until, list, values));
    }
    kept.extend(replaced.iter().filter_map(|one| handed(record, one, on)));
    kept.extend(replaced.iter().flat_map(|one| run_before(record, &replaced, one)));
    kept.extend(begun);
    Ok(kept)
}

/// The change that says since when a new value holds, where a day stands beside it that its history keeps with it and the
/// same changes do not name; a value that goes takes its day along.
fn begun(record: &Table, given: &[Replaced<'_>], one: &Replaced<'_>, on: NaiveDate) -> Option<Change> {
    let old = at(record, &one.entry.join(one.field.name.as_str()));
    let is_new = old.is_none_or(|old| one.new.is_none_or(|new| !covers(old, new, true)));
    let is_kept = |name: &str| {
        let lists = one.shape.fields.iter().filter(|field| field.keeps.is_some());
        lists.filter_map(Field::entries).any(|position| position.field(name).is_some())
    };
    let day = one
        .shape
        .fields
        .iter()
        .find(|field| field.since.as_deref() == Some(one.field.name.as_str()) && is_kept(&field.name))?;
    let is_given = given.iter().any(|other| other.entry == one.entry && other.field.name == day.name);
    let path = one.entry.join(day.name.as_str());
    match one.new {
        _ if !is_new || is_given => None,
        Some(_) => Some(Change::Set { path, value: on.into() }),
        None => at(record, &path).is_some().then_some(Change::Unset { path }),
    }
}

/// The first change of a value that cannot hold from a day to come, since nothing keeps what holds up to then.
pub fn unplanned(shape: &'static Shape, record: &Table, changes: &[Change]) -> Option<Fault> {
    let replaced = changes.iter().filter_map(|change| replaced(shape, change));
    let mut unkept = replaced.filter_map(|one| {
        let path = one.entry.join(one.field.name.as_str());
        let old = at(record, &path);
        let same = |old: &Value| one.new.is_some_and(|new| covers(old, new, true));
        let keeps = |list: &&Field| {
            let by_day = list.entries().and_then(|of| Some((of, of.field(list.keeps.as_deref()?)?)));
            by_day.is_some_and(|(of, until)| !until.past && of.field(&one.field.name).is_some())
        };
        let is_kept = one.shape.fields.iter().any(|list| keeps(&list)) || hands_over(&one).is_some();
        let has_old = old.is_some() || matches!(one.field.kind, Kind::Flag);
        let is_planned = old.is_some_and(same) || is_kept && has_old;
        (!is_planned).then_some(path)
    });
    let path = unkept.next()?;
    let fault = Fault::new(&path, Message::from(entry::NOT_AHEAD));
    Some(fault.with_help(Message::from(entry::NOT_AHEAD_HELP)))
}

/// The handovers of a client, where its lead is replaced.
fn hands_over(one: &Replaced<'_>) -> Option<&'static Field> {
    let is_lead = one.entry.0.is_empty() && one.field.name == "manager";
    one.shape.field("handovers").filter(|_| is_lead)
}

/// The handover of a client that gets another lead: before its day the one it had earned its figures.
fn handed(record: &Table, one: &Replaced<'_>, on: NaiveDate) -> Option<Change> {
    let list = hands_over(one)?;
    let (old, new) = (get(record, "manager")?, one.new?);
    let begun = ["since", "entered"].iter().find_map(|key| day(get(record, key)?));
    let last = entries(record, &list.name).max_by_key(|entry| get(entry, "date").and_then(day));
    // One that was agreed on is carried out.
    let is_known = last.is_some_and(|last| get(last, "to") == Some(new));
    if covers(old, new, true) || is_known || begun.is_some_and(|begun| begun >= on) {
        return None;
    }
    let entry = vec![
        ("date".to_owned(), on.into()),
        ("from".to_owned(), old.clone()),
        ("to".to_owned(), new.clone()),
    ];
    Some(Change::Insert {
        list: KeyPath(vec![list.name.as_str().into()]),
        entry,
        sort: list.order.as_deref(),
    })
}

/// The changes that move the steps of a complaint which is opened again into a run of their own; nothing where a step of the new
/// run stands among them. Another day for the same reopening corrects the run that ended on it.
fn run_before(record: &Table, replaced: &[Replaced<'_>], one: &Replaced<'_>) -> Vec<Change> {
    let list = one.shape.field("earlier").filter(|_| one.field.name == "reopened");
    let Some((list, shape)) = list.and_then(|list| Some((list, list.entries()?))) else { return Vec::new() };
    let Some(Value::Table(complaint)) = at(record, &one.entry) else { return Vec::new() };
    let (old, new) = (get(complaint, "reopened").map(days).unwrap_or_default(), one.new.map(days));
    let new = new.unwrap_or_default();
    let Some(opened) = new.iter().filter(|day| !old.contains(day)).max() else { return Vec::new() };
    let place = one.entry.join(list.name.as_str());
    if let Some(gone) = old.iter().find(|day| !new.contains(day)) {
        let ended = |run: &Table| get(run, "reopened").and_then(day) == Some(*gone);
        let of_it = entries(complaint, &list.name).position(ended);
        let correct =
            |index: usize| Change::Set { path: place.join(index).join("reopened"), value: (*opened).into() };
        return of_it.map(correct).into_iter().collect();
    }
    let moves = |field: &&Field| field.name != "reopened";
    let held = shape
        .fields
        .iter()
        .filter(moves)
        .filter_map(|field| Some((field.name.clone(), get(complaint, &field.name)?.clone())));
    let mut run: Table = held.collect();
    if run.is_empty() || run.iter().any(|(_, value)| day(value).is_some_and(|day| day > *opened)) {
        return Vec::new();
    }
    let is_given =
        |name: &str| replaced.iter().any(|other| other.entry == one.entry && other.field.name == name);
    let gone: Vec<Change> = run
        .iter()
        .filter(|(name, _)| !is_given(name))
        .map(|(name, _)| Change::Unset { path: one.entry.join(name.as_str()) })
        .collect();
    run.push(("reopened".to_owned(), (*opened).into()));
    run.sort_by_key(|(name, _)| shape.fields.iter().position(|field| field.name == *name));
    let insert = Change::Insert { list: place, entry: run, sort: list.order.as_deref() };
    gone.into_iter().chain([insert]).collect()
}

/// The days of a list.
fn days(value: &Value) -> Vec<NaiveDate> {
    match value {
        Value::List(items) => items.iter().filter_map(day).collect(),
        Value::Raw(raw) => {
            let words = raw.trim_matches(['[', ']']).split(',');
            words.filter_map(|word| word.trim().parse().ok()).collect()
        }
        _ => Vec::new(),
    }
}

/// Where a change goes, if it is to a field of an entry of a list.
fn replaced<'c>(root: &'static Shape, change: &'c Change) -> Option<Replaced<'c>> {
    let (path, new) = match change {
        Change::Set { path, value } => (path, Some(value)),
        Change::Unset { path } => (path, None),
        Change::Insert { .. } | Change::RenameKey { .. } => return None,
    };
    let (last, entry) = path.0.split_last()?;
    let mut shape = root;
    for pair in entry.chunks(2) {
        let [Step::Key(key), Step::Index(_)] = pair else { return None };
        shape = shape.field(key)?.entries()?;
    }
    let field = shape.field(last.key()?)?;
    Some(Replaced { root, entry: KeyPath(entry.to_vec()), shape, field, new })
}

/// Whether a field is a day from which a neighbour holds, and that one stays: a new day corrects the old one.
fn is_correction(record: &Table, replaced: &[Replaced<'_>], one: &Replaced<'_>) -> bool {
    let Some(held) = &one.field.since else { return false };
    let changes = |other: &Replaced<'_>| {
        let old = at(record, &other.entry.join(held.as_str()));
        let same = |old: &Value| other.new.is_some_and(|new| covers(old, new, true));
        other.entry == one.entry && other.field.name == *held && !old.is_some_and(same)
    };
    !replaced.iter().any(changes)
}

/// The day from which a value holds, where the same changes say so; of such a day, itself.
fn since(replaced: &[Replaced<'_>], one: &Replaced<'_>) -> Option<NaiveDate> {
    if one.field.since.is_some() {
        return day(one.new?);
    }
    let says = |other: &&Replaced<'_>| {
        other.entry == one.entry && other.field.since.as_deref() == Some(one.field.name.as_str())
    };
    replaced.iter().filter(says).filter_map(|other| day(other.new?)).max()
}

fn day(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::Raw(raw) => raw.parse().ok(),
        _ => None,
    }
}

/// The last day the old value held; nothing where its entry had not begun by then, or had ended: what is written about it
/// afterwards is a correction.
fn held_until(
    record: &Table,
    one: &Replaced<'_>,
    list: &Field,
    since: NaiveDate,
) -> Result<Option<NaiveDate>, Fault> {
    let old = match at(record, &one.entry) {
        Some(Value::Table(old)) => old,
        // A field of the record itself.
        None if one.entry.0.is_empty() => record,
        _ => return Ok(None),
    };
    let stated = |marked: fn(&Field) -> bool| {
        let mut marked = one.shape.fields.iter().filter(|field| marked(field));
        marked.find_map(|field| day(get(old, &field.name)?))
    };
    let begun = stated(|field| field.begins).or_else(|| begun_above(record, one));
    let ended = stated(|field| field.ends);
    let was_there = |until: &NaiveDate| {
        begun.is_none_or(|begun| begun <= *until) && ended.is_none_or(|ended| ended > *until)
    };
    let Some(until) = since.pred_opt().filter(was_there) else { return Ok(None) };
    let says = |held: &&Table| one.field.implied || get(held, &one.field.name).is_some();
    let said = entries(old, &list.name).filter(says);
    let key = list.keeps.as_deref().unwrap_or_default();
    match said.filter_map(|held| day(get(held, key)?)).max() {
        // A second change on one day: what held up to the day before is known, what held for no day is not kept.
        Some(known) if known == until => Ok(None),
        Some(known) if known > until => {
            let path = one.entry.join(one.field.name.as_str());
            let fault = Fault::new(&path, msg!(entry::KEPT_LATER, until = known.to_string()));
            Err(fault.with_help(Message::from(entry::KEEP_HELP)))
        }
        _ => Ok(Some(until)),
    }
}

/// The day the entry began in whose list the one at hand stands.
fn begun_above(record: &Table, one: &Replaced<'_>) -> Option<NaiveDate> {
    let above = one.entry.0.get(..one.entry.0.len().checked_sub(2)?)?;
    let mut shape = one.root;
    for pair in above.chunks(2) {
        shape = shape.field(pair.first()?.key()?)?.entries()?;
    }
    let Some(Value::Table(entry)) = at(record, &KeyPath(above.to_vec())) else { return None };
    let mut marked = shape.fields.iter().filter(|field| field.begins);
    marked.find_map(|field| day(get(entry, &field.name)?))
}

/// The change that writes an earlier position: into the one that held up to the same day, or as a new one.
fn position(
    record: &Table,
    place: &KeyPath,
    until: NaiveDate,
    list: &'static Field,
    values: Table,
) -> Vec<Change> {
    let key = list.keeps.as_deref().unwrap_or_default();
    let held = match at(record, place) {
        Some(Value::List(items)) => items.iter().position(|item| match item {
            Value::Table(held) => get(held, key).and_then(day) == Some(until),
            _ => false,
        }),
        _ => None,
    };
    match held {
        Some(index) => {
            let set = |(name, value): (String, Value)| Change::Set {
                path: place.join(index).join(name.as_str()),
                value,
            };
            values.into_iter().map(set).collect()
        }
        None => {
            let order = |name: &str| {
                list.entries().and_then(|shape| shape.fields.iter().position(|field| field.name == name))
            };
            let mut entry: Table = vec![(key.to_owned(), until.into())];
            entry.extend(values);
            entry.sort_by_key(|(name, _)| order(name));
            vec![Change::Insert { list: place.clone(), entry, sort: list.order.as_deref() }]
        }
    }
}

/// The change that notes a day put off: a later one took its place.
fn slip(record: &Table, one: &Replaced<'_>, list: &Field, old: &Value, on: NaiveDate) -> Option<Change> {
    let is_kept = list.keeps.as_deref() == Some(one.field.name.as_str());
    let (was, now) = (day(old)?, day(one.new?)?);
    if !is_kept || now <= was {
        return None;
    }
    let path = one.entry.join(list.name.as_str());
    let mut slips = match at(record, &path) {
        Some(Value::List(slips)) => slips.clone(),
        _ => Vec::new(),
    };
    slips.push(Value::Table(vec![(one.field.name.clone(), was.into()), ("on".to_owned(), on.into())]));
    Some(Change::Set { path, value: Value::List(slips) })
}

#[cfg(test)]
mod tests {
    use super::super::present::read;
    use super::*;
    use crate::draft::plan::order;
    use crate::edit::apply;
    use crate::path;
    use crate::record::kind::RecordKind;

    const CLIENT: &str = "name = 'A'\n[[visits]]\ndate = 2026-10-09\nby = 'wang'\nkind = 'call'\n\
                          [[visits.next]]\nwhat = 'offer'\ndue = 2026-10-20\n\
                          [[opportunities]]\nid = 'scf'\nstage = 'engaging'\nopened = 2026-07-01\nexpected = 2026-10-31\n\
                          [[facilities]]\nid = 'wc'\ndrawn = 900\nclass = 'normal'\n";

    fn set(path: KeyPath, raw: &str) -> Change {
        let value = match raw.parse::<toml::Value>() {
            Ok(toml::Value::String(words)) => Value::Text(words),
            _ => Value::Raw(raw.to_owned()),
        };
        Change::Set { path, value }
    }

    /// What stands in the record after changes that hold from a day on.
    fn after(text: &str, changes: &[Change], on: &str) -> Result<String, String> {
        let kind = RecordKind::Client;
        let record = read(text, kind.shape());
        let kept = kept(kind.shape(), &record, changes, on.parse().unwrap());
        let kept = kept.map_err(|fault| fault.words(crate::text::Lang::En))?;
        Ok(apply(text, &[&kept, changes].concat(), order(kind)).unwrap())
    }

    #[test]
    fn a_post_that_decides_on_risk_from_a_day_did_not_before() {
        let kind = RecordKind::Manager;
        let kept_of = |text: &str, raw: &str| {
            let changes = [set(path!["risk_taker"], raw)];
            let kept = kept(kind.shape(), &read(text, kind.shape()), &changes, "2026-10-10".parse().unwrap())
                .unwrap();
            let changes: Vec<Change> = kept.into_iter().chain(changes).collect();
            apply(text, &changes, order(kind)).unwrap()
        };
        let before = "[[history]]\nuntil = 2026-10-09\nrisk_taker = false\n";
        let begun = kept_of("name = 'A'\njoined = 2020-01-01\n", "true");
        assert!(begun.contains("risk_taker = true\n") && begun.contains(before), "{begun}");
        // What is said again changes nothing, nor what holds from the first day.
        assert!(!kept_of("name = 'A'\nrisk_taker = true\n", "true").contains("history"));
        assert!(!kept_of("name = 'A'\njoined = 2026-10-10\n", "true").contains("history"));
    }

    #[test]
    fn whoever_was_the_second_manager_stays_so_for_the_days_before() {
        let client = "name = 'A'\nbackup = 'wang'\nsince = 2020-01-01\n";
        let before = "[[history]]\nuntil = 2026-10-09\nbackup = \"wang\"\n";
        let other = after(client, &[set(path!["backup"], "'li'")], "2026-10-10").unwrap();
        assert!(other.contains("backup = \"li\"\n") && other.contains(before), "{other}");
        let none = after(client, &[Change::Unset { path: path!["backup"] }], "2026-10-10").unwrap();
        assert!(!none.contains("backup = 'wang'") && none.contains(before), "{none}");
        // Who comes after nobody was not so before, and who goes takes the day along.
        let first = after("name = 'A'\nsince = 2020-01-01\n", &[set(path!["backup"], "'li'")], "2026-10-10");
        assert_eq!(
            first.as_deref(),
            Ok("name = 'A'\nbackup = \"li\"\nbackup_since = 2026-10-10\nsince = 2020-01-01\n")
        );
        let gone = after(&first.unwrap(), &[Change::Unset { path: path!["backup"] }], "2026-11-02").unwrap();
        let kept = "[[history]]\nuntil = 2026-11-01\nbackup = \"li\"\nbackup_since = 2026-10-10\n";
        assert_eq!(gone, format!("name = 'A'\nsince = 2020-01-01\n\n{kept}"));
    }

    #[test]
    fn another_lead_takes_over_on_a_day_and_a_team_is_left_on_one() {
        let lead = "name = 'A'\nmanager = 'wang'\nsince = 2020-01-01\n";
        let handed = after(lead, &[set(path!["manager"], "'li'")], "2026-10-10").unwrap();
        let entry = "[[handovers]]\ndate = 2026-10-10\nfrom = 'wang'\nto = \"li\"\n";
        assert!(
            handed.contains(&entry.replace('\'', "\"")) && handed.contains("manager = \"li\"\n"),
            "{handed}"
        );
        // The same lead again, and one that was agreed on, hand over nothing more.
        assert!(
            !after(lead, &[set(path!["manager"], "'wang'")], "2026-10-10").unwrap().contains("handovers")
        );
        let agreed = format!("{lead}[[handovers]]\ndate = 2026-12-01\nfrom = 'wang'\nto = 'li'\n");
        let carried = after(&agreed, &[set(path!["manager"], "'li'")], "2026-12-01").unwrap();
        assert_eq!(carried.matches("[[handovers]]").count(), 1, "{carried}");
        let kind = RecordKind::Manager;
        let text = "name = 'A'\nteam = 'one'\ngrade = 'M1'\n";
        let text = format!("{text}reports_to = 'zhao'\n");
        let moved = [set(path!["team"], "'two'"), set(path!["reports_to"], "'sun'")];
        let kept =
            kept(kind.shape(), &read(&text, kind.shape()), &moved, "2026-10-10".parse().unwrap()).unwrap();
        let changes: Vec<Change> = kept.into_iter().chain(moved).collect();
        let text = apply(&text, &changes, order(kind)).unwrap();
        let entry = "[[history]]\nuntil = 2026-10-09\nteam = \"one\"\nreports_to = \"zhao\"\n";
        assert!(text.contains(entry), "{text}");
    }

    #[test]
    fn a_stage_that_is_taken_further_stays_in_the_history() {
        let stage = |words: &str| set(path!["opportunities", 0, "stage"], words);
        let expected = set(path!["opportunities", 0, "expected"], "2026-11-30");
        let first = after(CLIENT, &[stage("'proposal'"), expected], "2026-10-10").unwrap();
        let kept =
            "[[opportunities.history]]\nuntil = 2026-10-09\nstage = \"engaging\"\nexpected = 2026-10-31\n";
        assert!(first.contains(kept) && first.contains("stage = \"proposal\"\n"), "{first}");
        // The same again changes nothing, and a second change of the day keeps what held the day before.
        assert_eq!(after(&first, &[stage("'proposal'")], "2026-10-20").unwrap(), first);
        let again = after(&first, &[stage("'negotiation'")], "2026-10-10").unwrap();
        assert_eq!(again.matches("until = ").count(), 1, "{again}");
        let later = after(&first, &[stage("'negotiation'")], "2026-10-21").unwrap();
        assert!(later.contains("until = 2026-10-20\nstage = \"proposal\"\n"), "{later}");
        // What held later is known already, so an earlier change cannot be slipped in before it.
        let said = after(&later, &[stage("'won'")], "2026-10-15").unwrap_err();
        assert!(said.contains("2026-10-20"), "{said}");
    }

    #[test]
    fn what_had_not_begun_or_was_over_is_not_kept() {
        let changes = [set(path!["opportunities", 0, "stage"], "'proposal'")];
        assert!(!after(CLIENT, &changes, "2026-07-01").unwrap().contains("history"));
        let over = CLIENT.replace("'engaging'", "'won'\nclosed = 2026-09-30");
        let amount = [set(path!["opportunities", 0, "expected"], "2026-09-30")];
        assert!(!after(&over, &amount, "2026-10-20").unwrap().contains("history"));
    }

    #[test]
    fn the_day_that_stands_beside_the_value_decides() {
        let class = set(path!["facilities", 0, "class"], "'special-mention'");
        let since = set(path!["facilities", 0, "class_since"], "2026-11-02");
        let text = after(CLIENT, &[class, since], "2026-11-24").unwrap();
        assert!(text.contains("[[facilities.history]]\nuntil = 2026-11-01\nclass = \"normal\"\n"), "{text}");
        // The day the old class began is kept with it; a new day alone corrects the old one.
        let text = CLIENT.replace("class = 'normal'", "class = 'special-mention'\nclass_since = 2026-06-11");
        let class = set(path!["facilities", 0, "class"], "'substandard'");
        let since = || set(path!["facilities", 0, "class_since"], "2026-11-20");
        let kept = "until = 2026-11-19\nclass = \"special-mention\"\nclass_since = 2026-06-11\n";
        let changed = after(&text, &[class, since()], "2026-11-24").unwrap();
        assert!(changed.contains(kept), "{changed}");
        assert!(!after(&text, &[since()], "2026-11-24").unwrap().contains("history"));
        // A class alone begins on the day it is set, and says so.
        let class = [set(path!["facilities", 0, "class"], "'substandard'")];
        let changed = after(&text, &class, "2026-11-24").unwrap();
        assert!(changed.contains("class_since = 2026-11-24\n"), "{changed}");
        assert!(changed.contains(&kept.replace("11-19", "11-23")), "{changed}");
        let paid = [
            set(path!["facilities", 0, "drawn"], "900.0"),
            Change::Unset { path: path!["facilities", 0, "class"] },
        ];
        let text = after(CLIENT, &paid, "2026-11-24").unwrap();
        assert!(
            text.contains("until = 2026-11-23\nclass = \"normal\"\n") && !text.contains("drawn = 900\n"),
            "{text}"
        );
    }

    #[test]
    fn a_complaint_opened_again_keeps_the_run_before() {
        let done = "confirmed = 2026-10-02\nproposed = 2026-10-06\ndecided = 2026-10-10\njustified = true\n";
        let text =
            format!("name = 'A'\n[[complaints]]\nid = 'a'\nreceived = 2026-10-01\n{done}cause = 'x'\n");
        let days = |days: &str| [set(path!["complaints", 0, "reopened"], days)];
        let first = after(&text, &days("[2026-11-20]"), "2026-11-20").unwrap();
        // As `fmt` leaves it.
        let (steps, found) = done.split_at(done.find("justified").unwrap());
        let run = format!("[[complaints.earlier]]\n{steps}reopened = 2026-11-20\n{found}");
        assert!(first.ends_with(&run) && first.matches("decided").count() == 1, "{first}");
        assert!(first.contains("reopened = [2026-11-20]\n") && first.contains("cause = 'x'\n"), "{first}");
        // The same day again moves nothing, another one in its place is the day of the same run.
        let decided = first.replace("cause", "decided = 2026-11-24\ncause");
        assert_eq!(after(&decided, &days("[2026-11-20]"), "2026-11-24").unwrap(), decided);
        let corrected = after(&decided, &days("[2026-11-19]"), "2026-11-24").unwrap();
        assert_eq!(corrected, decided.replace("11-20", "11-19"));
        let third = after(&decided, &days("[2026-11-20, 2026-12-01]"), "2026-12-01").unwrap();
        assert!(
            third.ends_with("[[complaints.earlier]]\ndecided = 2026-11-24\nreopened = 2026-12-01\n"),
            "{third}"
        );
        // What was done since is no run before.
        let late = after(&text, &days("[2026-10-05]"), "2026-11-20").unwrap();
        assert!(!late.contains("earlier"), "{late}");
    }

    #[test]
    fn an_action_given_to_somebody_else_was_owed_by_whoever_had_it() {
        let kind = RecordKind::Team;
        let kept_of = |action: &str, on: &str| {
            let text = format!(
                "name = 'A'\n[[meetings]]\ndate = 2026-10-12\nkind = 'weekly'\n[[meetings.actions]]\nwhat = 'x'\n{action}"
            );
            let changes = [set(path!["meetings", 0, "actions", 0, "owner"], "'li'")];
            let kept = kept(kind.shape(), &read(&text, kind.shape()), &changes, on.parse().unwrap()).unwrap();
            apply(&text, &[kept, changes.to_vec()].concat(), order(kind)).unwrap()
        };
        let given = kept_of("owner = 'wang'\n", "2026-11-10");
        assert!(
            given.ends_with(
                "owner = \"li\"\n[[meetings.actions.history]]\nuntil = 2026-11-09\nowner = \"wang\"\n"
            ),
            "{given}"
        );
        // Who owes what names nobody is known all the same, and stays so for the days before.
        let named = kept_of("", "2026-11-10");
        assert!(
            named.ends_with("owner = \"li\"\n[[meetings.actions.history]]\nuntil = 2026-11-09\n"),
            "{named}"
        );
        // On the day of the meeting it had been nobody's before; the same owner again changes nothing.
        assert!(!kept_of("owner = 'wang'\n", "2026-10-12").contains("history"));
        assert!(!kept_of("owner = 'li'\n", "2026-11-10").contains("history"));
    }

    #[test]
    fn a_promise_put_off_slips_and_one_drawn_forward_does_not() {
        let due = |day: &str| [set(path!["visits", 0, "next", 0, "due"], day)];
        let first = after(CLIENT, &due("2026-11-10"), "2026-10-20").unwrap();
        assert!(first.contains("slipped = [{ due = 2026-10-20, on = 2026-10-20 }]\n"), "{first}");
        let second = after(&first, &due("2026-12-01"), "2026-11-09").unwrap();
        let slips =
            "slipped = [{ due = 2026-10-20, on = 2026-10-20 }, { due = 2026-11-10, on = 2026-11-09 }]\n";
        assert!(second.contains(slips), "{second}");
        assert!(!after(CLIENT, &due("2026-10-15"), "2026-10-10").unwrap().contains("slipped"));
    }
}
