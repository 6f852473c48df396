//! The manual of records: a kind of record, a key at any depth below one, and the kinds of a table that one of its keys decides.
//!
//! A path is written as keys follow each other in a file, without what is named freely (`policy.tables.bands`), and goes
//! through the kinds of a table by their names (`policy.curves.anchor.part`).

use super::{Page, said};
use crate::diag::nearest;
use crate::msg;
use crate::record::fault::{name_of, title_of};
use crate::record::kind::RecordKind;
use crate::record::shape::{Choice, Field, Kind, Shape};
use crate::table::{Cell, Column, Kind as ColumnKind, Table};
use crate::text::{Message, Text, explain as say, render};

/// The page about a kind of record or what lies below one.
pub(super) fn page(path: &str) -> Option<Page> {
    Spot::at(path).or_else(|| Spot::by_word(path)).or_else(|| Spot::by_last(path)).map(Spot::page)
}

/// The path that `path` most likely means: the same below a kind of record that it does not name, or its first step that
/// leads nowhere, written like another.
pub(super) fn near(path: &str) -> Option<String> {
    let Some(kind) = RecordKind::named(path.split('.').next()?) else {
        let mut below = RecordKind::ALL.iter().map(|kind| format!("{}.{path}", kind.name()));
        let deep = || RecordKind::ALL.iter().find_map(|kind| deeper(&Spot::record(*kind), path));
        return below.find(|path| Spot::at(path).is_some()).or_else(deep);
    };
    let mut spot = Spot::record(kind);
    for step in path.split('.').skip(1) {
        let Some(further) = spot.step(step) else {
            let near = nearest(step, spot.below.steps());
            return near.map(|near| format!("{}.{near}", spot.path)).or_else(|| deeper(&spot, step));
        };
        spot = further;
    }
    None
}

/// The place nearest below `spot` where a key is called `name`.
fn deeper(spot: &Spot, name: &str) -> Option<String> {
    let mut level: Vec<Spot> = spot.children();
    while !level.is_empty() {
        if let Some(found) = level.iter().find_map(|spot| spot.step(name)) {
            return Some(found.path);
        }
        level = level.iter().flat_map(Spot::children).collect();
    }
    None
}

/// Where a path leads.
#[derive(Clone)]
struct Spot {
    path: String,
    what: What,
    below: Below,
}

#[derive(Clone)]
enum What {
    Record(RecordKind),
    Key(&'static Field),
    /// A key that several kinds of one table have, each for itself.
    Shared(Vec<(&'static str, &'static Field)>),
    /// A table of one kind.
    Variant(&'static Shape),
}

/// What a value holds.
#[derive(Clone, Default)]
struct Below {
    shapes: Vec<&'static Shape>,
    /// The key that decides the kind of a table.
    tag: Option<&'static str>,
    variants: Vec<(&'static str, &'static Shape)>,
}

impl Below {
    fn of(kinds: impl IntoIterator<Item = &'static Kind>) -> Self {
        let mut below = Self::default();
        kinds.into_iter().for_each(|kind| below.gather(kind));
        below
    }

    /// What a curve may be and what each curve of a chain may be is the same, and so counts once.
    fn gather(&mut self, kind: &'static Kind) {
        match kind {
            Kind::Table(shape) => self.shapes.push(shape),
            Kind::List(items) => self.gather(items),
            Kind::Map { values, .. } => self.gather(values),
            Kind::AnyOf(kinds) => kinds.iter().for_each(|kind| self.gather(kind)),
            Kind::Tagged { tag, variants } => {
                self.tag = Some(tag);
                for (name, shape) in variants {
                    if self.variants.iter().all(|(known, _)| known != name) {
                        self.variants.push((name, shape));
                    }
                }
            }
            _ => {}
        }
    }

    /// The keys of its tables; the key that decides their kind says nothing beside the kind.
    fn fields(&self) -> impl Iterator<Item = &'static Field> {
        let tag = self.tag.filter(|_| self.variants.is_empty());
        let fields = self.shapes.iter().flat_map(|shape| &shape.fields);
        fields.filter(move |field| Some(field.name.as_str()) != tag)
    }

    /// What a path may go on with.
    fn steps(&self) -> impl Iterator<Item = &'static str> {
        let fields = self.fields().map(|field| field.name.as_str());
        fields.chain(self.variants.iter().map(|(name, _)| *name))
    }
}

impl Spot {
    fn at(path: &str) -> Option<Self> {
        let mut steps = path.split('.');
        let record = Self::record(RecordKind::named(steps.next()?)?);
        steps.try_fold(record, |spot, step| spot.step(step))
    }

    /// The place that begins with the word by which `add` knows an entry: `visit.kind`.
    fn by_word(path: &str) -> Option<Self> {
        let (word, rest) = path.split_once('.').map_or((path, None), |(word, rest)| (word, Some(rest)));
        let is_called = |spot: &Self| match &spot.what {
            What::Key(field) => field.entry.as_deref() == Some(word),
            _ => false,
        };
        let further = |spot: Self| {
            rest.into_iter().flat_map(|it| it.split('.')).try_fold(spot, |spot, step| spot.step(step))
        };
        RecordKind::ALL.iter().find_map(|kind| {
            let mut level = Self::record(*kind).children();
            while !level.is_empty() {
                if let Some(found) = level.iter().filter(|spot| is_called(spot)).cloned().find_map(further) {
                    return Some(found);
                }
                level = level.iter().flat_map(Self::children).collect();
            }
            None
        })
    }

    /// The place nearest below any kind of record whose way ends so: `deferral`, `lines.pool`. Of two as near the policy's is
    /// meant, and a key of one kind of a table only where nothing else is called so.
    fn by_last(path: &str) -> Option<Self> {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let further = |spot: Self| {
            rest.into_iter().flat_map(|it| it.split('.')).try_fold(spot, |spot, step| spot.step(step))
        };
        let policy = |spot: &Self| !spot.path.starts_with("policy.");
        for within_kinds in [false, true] {
            let mut level: Vec<Self> = RecordKind::ALL.iter().map(|kind| Self::record(*kind)).collect();
            while !level.is_empty() {
                level = level.iter().flat_map(Self::children).collect();
                level.retain(|spot| within_kinds || !matches!(spot.what, What::Variant(_)));
                let ends = |spot: &&Self| spot.path.rsplit('.').next() == Some(first);
                let mut found: Vec<Self> = level.iter().filter(ends).cloned().filter_map(further).collect();
                found.sort_by_key(policy);
                if let Some(found) = found.into_iter().next() {
                    return Some(found);
                }
            }
        }
        None
    }

    fn record(kind: RecordKind) -> Self {
        let below = Below { shapes: vec![kind.shape()], ..Below::default() };
        Self { path: kind.name().to_owned(), what: What::Record(kind), below }
    }

    fn step(&self, step: &str) -> Option<Self> {
        let path = format!("{}.{step}", self.path);
        if let Some((_, shape)) = self.below.variants.iter().find(|(name, _)| *name == step) {
            let below = Below { shapes: vec![shape], tag: self.below.tag, variants: Vec::new() };
            return Some(Self { path, what: What::Variant(shape), below });
        }
        if let Some(field) = self.below.fields().find(|field| field.name == step) {
            return Some(Self { path, what: What::Key(field), below: Below::of([&field.kind]) });
        }
        if self.below.tag == Some(step) {
            return Some(self.clone());
        }
        let variants = self.below.variants.iter();
        let shared: Vec<_> = variants.filter_map(|(name, shape)| Some((*name, shape.field(step)?))).collect();
        match shared.as_slice() {
            [] => None,
            [(name, _)] => self.step(name)?.step(step),
            _ => {
                let below = Below::of(shared.iter().map(|(_, field)| &field.kind));
                Some(Self { path, what: What::Shared(shared), below })
            }
        }
    }

    fn children(&self) -> Vec<Self> {
        self.below.steps().filter_map(|step| self.step(step)).collect()
    }

    fn page(self) -> Page {
        let path = Message::verbatim(self.path.as_str());
        let what = |doc: Text| vec![(say::WHAT, doc.into())];
        let (title, parts, choices) = match &self.what {
            What::Record(kind) => {
                let mut parts = what(kind.shape().doc.text());
                parts.push((say::STANDS, Message::verbatim(kind.path("ID"))));
                (kind.title().into(), parts, None)
            }
            What::Key(field) => (path, of_field(field), choices(&field.kind)),
            What::Shared(_) => (path, what(say::SHARED), None),
            What::Variant(shape) => (path, what(shape.doc.text()), None),
        };
        let shared = match &self.what {
            What::Shared(fields) => fields.as_slice(),
            _ => &[],
        };
        let last = |name: &str, field: &Field| format!("{name}.{}", field.name);
        let mut keys: Vec<(String, &'static Field)> =
            shared.iter().map(|(name, field)| (last(name, field), *field)).collect();
        // What several kinds share is told apart there; what lies below it is on the page of each.
        if keys.is_empty() {
            keys = self.below.fields().map(|field| (field.name.clone(), field)).collect();
        }
        let below = [fields(&keys), words(&keys), choices, self.kinds()].into_iter().flatten().collect();
        Page { title, parts, below }
    }

    fn kinds(&self) -> Option<Table> {
        let tag = self.below.tag.filter(|_| !self.below.variants.is_empty())?;
        let columns = vec![
            Column::new("kind", say::KIND, ColumnKind::Text),
            Column::new("what", say::WHAT, ColumnKind::Text),
        ];
        let mut table = Table::new("kinds", msg!(say::KINDS, tag = tag), columns);
        for (name, shape) in &self.below.variants {
            table.push(vec![(*name).into(), said(shape.doc.text())]);
        }
        Some(table)
    }
}

fn of_field(field: &'static Field) -> Vec<(Text, Message)> {
    let mut parts = vec![(say::WHAT, field.doc.text().into()), (say::HOLDS, name_of(&field.kind))];
    if field.required {
        parts.push((say::REQUIRED, render::YES.into()));
    }
    if let Some(weight) = field.expected {
        parts.push((say::EXPECTED, Message::verbatim(weight.to_string())));
    }
    if let Some(default) = &field.default {
        parts.push((say::DEFAULT, Message::verbatim(default.as_str())));
    }
    if let Some(assumed) = &field.assumed {
        parts.push((say::ASSUMED, Message::verbatim(assumed.as_str())));
    }
    if !field.key.is_empty() {
        parts.push((say::ENTRY_KEY, Message::list(&field.key)));
    }
    parts
}

fn fields(keys: &[(String, &'static Field)]) -> Option<Table> {
    let columns = vec![
        Column::new("key", say::KEY, ColumnKind::Text),
        Column::new("required", say::REQUIRED, ColumnKind::Flag),
        Column::new("holds", say::HOLDS, ColumnKind::Text),
        Column::new("default", say::ASSUMED, ColumnKind::Text),
        Column::new("what", say::WHAT, ColumnKind::Text),
    ];
    let mut table = Table::new("fields", say::FIELDS, columns);
    for (key, field) in keys {
        let holds = match &field.kind {
            // Words are told below, each with its meaning.
            Kind::Choice(_) => said(title_of(&field.kind)),
            kind => name_of(kind).into(),
        };
        let assumed = field.assumed.as_deref().into();
        table.push(vec![
            key.as_str().into(),
            Cell::Flag(field.required),
            holds,
            assumed,
            said(field.doc.text()),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// The words that the keys of one table take; keys of several kinds of table that mean the same tell it once.
fn words(keys: &[(String, &'static Field)]) -> Option<Table> {
    let columns = vec![
        Column::new("key", say::KEY, ColumnKind::Text),
        Column::new("value", say::VALUE, ColumnKind::Text),
        Column::new("what", say::WHAT, ColumnKind::Text),
    ];
    let mut table = Table::new("words", say::WORDS, columns);
    for (_, field) in keys {
        for choice in choices_of(&field.kind) {
            let row = vec![field.name.as_str().into(), choice.name.as_str().into(), said(choice.doc.text())];
            if !table.rows.contains(&row) {
                table.push(row);
            }
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

fn choices(kind: &'static Kind) -> Option<Table> {
    let columns = vec![
        Column::new("value", say::VALUE, ColumnKind::Text),
        Column::new("what", say::WHAT, ColumnKind::Text),
    ];
    let mut table = Table::new("choices", say::CHOICES, columns);
    for choice in choices_of(kind) {
        table.push(vec![choice.name.as_str().into(), said(choice.doc.text())]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// The words a value may be, or an entry of one.
fn choices_of(kind: &'static Kind) -> Vec<&'static Choice> {
    match kind {
        Kind::Choice(choices) => choices.iter().collect(),
        Kind::List(items) => choices_of(items),
        Kind::Map { values, .. } => choices_of(values),
        Kind::AnyOf(kinds) => kinds.iter().flat_map(choices_of).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    /// Every path below `spot`, the way there being asked for at each step.
    fn walk(spot: &Spot, seen: &mut Vec<String>) {
        let listed: Vec<Cell> = spot_page(&spot.path).below.iter().flat_map(first_column).collect();
        for step in spot.below.steps() {
            let path = format!("{}.{step}", spot.path);
            assert!(listed.contains(&step.into()), "`{}` does not list `{step}`", spot.path);
            let page = spot_page(&path);
            for (heading, words) in &page.parts {
                for lang in [Lang::En, Lang::Zh] {
                    assert!(!words.get(lang).is_empty(), "`{path}` says nothing under {}", heading.en);
                }
            }
            let further = spot.step(step).unwrap();
            assert_eq!(further.path, path);
            seen.push(path);
            walk(&further, seen);
        }
    }

    fn spot_page(path: &str) -> Page {
        page(path).unwrap_or_else(|| panic!("`{path}` has no page"))
    }

    fn first_column(table: &Table) -> Vec<Cell> {
        table.rows.iter().map(|row| row[0].clone()).collect()
    }

    /// Rows as words, the last column in English.
    fn rows(table: &Table) -> Vec<String> {
        let word = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            Cell::Said { text, .. } => text.en.to_owned(),
            other => format!("{other:?}"),
        };
        table.rows.iter().map(|row| row.iter().map(word).collect::<Vec<_>>().join(" | ")).collect()
    }

    #[test]
    fn every_key_at_any_depth_is_listed_by_the_page_above_and_has_one_of_its_own() {
        let mut seen = Vec::new();
        for kind in RecordKind::ALL {
            walk(&Spot::record(*kind), &mut seen);
        }
        for deep in
            ["policy.indicators.curve.cases.else.curve", "policy.pay.deferral.years", "client.visits.by"]
        {
            assert!(seen.iter().any(|path| path == deep), "{deep}");
        }
    }

    #[test]
    fn every_word_a_key_takes_says_what_it_means() {
        let mut seen = Vec::new();
        walk(&Spot::record(RecordKind::Policy), &mut seen);
        for path in seen {
            let Some(Spot { what: What::Key(field), .. }) = Spot::at(&path) else { continue };
            for choice in choices_of(&field.kind) {
                assert!(!choice.doc.en.is_empty() && !choice.doc.zh.is_empty(), "`{path}` = {}", choice.name);
            }
        }
    }

    #[test]
    fn a_key_of_several_kinds_of_curve_tells_its_words_once() {
        let page = spot_page("policy.indicators.curve.part");
        assert_eq!(rows(&page.below[0]).len(), 2, "anchor and per-unit have parts of a step");
        assert_eq!(
            rows(&page.below[1]),
            [
                "part | pro-rata | It counts in proportion",
                "part | whole | It does not count: toward zero",
                "part | started | It counts as a whole step: away from zero",
            ]
        );
        // One kind alone has a cliff, and so the page is that of its key.
        assert_eq!(spot_page("policy.curves.cliff").title, spot_page("policy.curves.anchor.cliff").title);
        // The key that decides the kind lists the kinds.
        assert_eq!(rows(&spot_page("policy.curves.kind").below[0])[1], "threshold | Full marks or none");
    }

    #[test]
    fn a_step_that_leads_nowhere_is_taken_for_a_like_one_or_for_a_deeper_key() {
        assert_eq!(near("policy.indicators.weigt").as_deref(), Some("policy.indicators.weight"));
        assert_eq!(near("policy.cliff").as_deref(), Some("policy.curves.anchor.cliff"));
        assert_eq!(near("policy.indicators.carry.resat").as_deref(), Some("policy.indicators.carry.reset"));
        assert_eq!(near("policy.indicators.carry.zzzzz"), None);
        // A path whose kind of record is left out, and a key alone.
        assert_eq!(near("management.meetings").as_deref(), Some("settings.management.meetings"));
        assert_eq!(near("meets").as_deref(), Some("team.meets"));
        assert_eq!(near("signed_supervisor").as_deref(), Some("client.handovers.signed_supervisor"));
    }
}
