//! What the files of a book say of a word, without loading the whole: ids, names, former ids, measures and units.

use std::collections::BTreeMap;
use std::path::Path;

use crate::book::{folded, holds, load};
use crate::draft::around::Counted;
use crate::draft::present;
use crate::edit::render::Value;
use crate::record::kind::RecordKind;
use crate::record::settings::Settings;
use crate::record::tree::{self, Node};
use crate::store;

/// The ids of the records of a kind.
pub(super) fn ids(root: &Path, kind: RecordKind) -> Vec<String> {
    store::list_records(root, kind).into_iter().map(|(id, _)| id).collect()
}

/// The paths of the records of a kind, by folded id.
pub(super) fn paths_of(root: &Path, kind: RecordKind) -> BTreeMap<String, Vec<String>> {
    let mut paths: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, path) in store::list_records(root, kind) {
        paths.entry(folded(&id)).or_default().push(path);
    }
    paths
}

/// The ids of the records of a kind whose text is as `is_meant` asks.
fn meant(root: &Path, kind: RecordKind, is_meant: impl Fn(Node<'_, '_>) -> bool) -> Vec<String> {
    let snapshot = store::read_some(root, &[kind.place()]).unwrap_or_default();
    let of_kind =
        snapshot.sources.iter().filter(|(_, source)| tree::walk(&source.text, &is_meant) == Some(true));
    of_kind.filter_map(|(_, source)| Some(RecordKind::of_path(&source.path)?.1.to_owned())).collect()
}

/// Whether a record's name, title or an alias is as `is_it` asks.
fn has_name(root: Node<'_, '_>, is_it: impl Fn(&str) -> bool) -> bool {
    let aliases = root.get("aliases").into_iter().flat_map(Node::items);
    let names = ["name", "title"].iter().filter_map(|key| root.get(key));
    names.chain(aliases).any(|node| node.text().is_some_and(&is_it))
}

/// The ids of the records of a kind that are called so.
pub(super) fn called(root: &Path, kind: RecordKind, word: &str) -> Vec<String> {
    meant(root, kind, |record| has_name(record, |name| name == word))
}

/// The ids of the records of a kind that hold a word in their id or name, as a loaded book finds them.
pub(super) fn holding(root: &Path, kind: RecordKind, word: &str) -> Vec<String> {
    let mut holding = meant(root, kind, |record| has_name(record, |name| holds(name, word)));
    holding.extend(ids(root, kind).into_iter().filter(|id| holds(id, word)));
    holding.sort_unstable();
    holding.dedup();
    holding
}

/// The ids that records of a kind had before, with those they have now.
pub(super) fn former(root: &Path, kind: RecordKind) -> BTreeMap<String, String> {
    let snapshot = store::read_some(root, &[kind.place()]).unwrap_or_default();
    let mut former = BTreeMap::new();
    // Few records were ever renamed, and only theirs are read as records.
    for (_, source) in snapshot.sources.iter().filter(|(_, source)| source.text.contains("former_ids")) {
        let Some((_, id)) = RecordKind::of_path(&source.path) else { continue };
        tree::walk(&source.text, |record| {
            let old = record.get("former_ids").into_iter().flat_map(Node::items);
            former.extend(old.filter_map(|old| Some((old.text()?.to_owned(), id.to_owned()))));
        });
    }
    former
}

/// The unit of what is counted so: of measures and money by `rmbook.toml`, of pay by the policies that pay, where they agree.
pub(super) fn unit(root: &Path, counted: Counted<'_>) -> Option<String> {
    if counted == Counted::Pay {
        let policies = store::read_some(root, &[RecordKind::Policy.place()]).ok()?;
        return load(&policies).0.pay_money().map(str::to_owned);
    }
    let snapshot = store::read_some(root, &[store::SETTINGS]).ok()?;
    let text = snapshot.sources.iter().next().map(|(_, source)| source.text.clone())?;
    let settings = tree::read::<Settings>(&text).ok()?;
    match counted {
        Counted::Measure(measure) => settings.measures.get(measure).map(|measure| measure.unit.clone()),
        Counted::Money | Counted::Pay => Some(settings.money),
    }
}

/// The names of the measures that `rmbook.toml` declares, whatever else is wrong with it.
pub(super) fn measures(root: &Path) -> Vec<String> {
    let snapshot = store::read_some(root, &[store::SETTINGS]).unwrap_or_default();
    let text = snapshot.sources.iter().next().map(|(_, source)| source.text.as_str()).unwrap_or_default();
    let declared = present::read(text, RecordKind::Settings.shape());
    if let Some(Value::Table(measures)) = present::get(&declared, "measures") {
        return measures.iter().map(|(name, _)| name.clone()).collect();
    }
    let defaults =
        tree::read::<Settings>("name = \"\"").map(|settings| settings.measures).unwrap_or_default();
    defaults.keys().map(ToString::to_string).collect()
}
