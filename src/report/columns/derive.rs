//! From the shape of a record to its sheets.

use std::sync::LazyLock;

use super::{Hop, Sheet, Source, Spec, heading, in_one_column, is_plain, named, of, plural, shown};
use crate::record::kind::RecordKind;
use crate::record::shape::{Doc, Field, Keys, Kind, Shape, Time};
use crate::text::{Text, report};

pub(super) static WORDS: Kind = Kind::Text;
static POSITION: Kind = Kind::Integer { min: Some(1), max: None };
static MEASURE: LazyLock<Kind> = LazyLock::new(|| Kind::Ref("measure".into()));

/// A place where rows come from, while its sheet and those below it are made.
#[derive(Clone)]
struct Scope {
    record: RecordKind,
    name: String,
    /// What the names of the sheets below begin with.
    prefix: String,
    words: Vec<String>,
    title: Text,
    hops: Vec<Hop>,
    inherited: Vec<Spec>,
    /// Whether those tell one parent from all others.
    told: bool,
    /// The word for one of its rows: `visit`.
    word: String,
    unit: Option<&'static str>,
    personal: bool,
}

/// What the value of a row gives: columns, and lists and maps that become sheets below.
#[derive(Default)]
struct Parts {
    specs: Vec<Spec>,
    nested: Vec<Nested>,
}

/// A list or a map found in a row.
struct Nested {
    field: &'static Field,
    name: String,
    path: Vec<&'static str>,
}

/// The sheets of a kind of record: of the records themselves, and of each list and map in them.
pub(super) fn of_record(record: RecordKind) -> Vec<Sheet> {
    let shape = record.shape();
    let word = record.name();
    let name = if record.is_many() { record.place().to_owned() } else { word.to_owned() };
    let scope = Scope {
        record,
        prefix: word.to_owned(),
        words: vec![word.to_owned(), name.clone()],
        title: heading(&name, &shape.doc),
        name,
        hops: Vec::new(),
        inherited: Vec::new(),
        told: true,
        word: word.to_owned(),
        unit: None,
        personal: false,
    };
    let mut parts = Parts::default();
    parts.table(shape, &Stem::default());
    // How a policy scores, rounds and pays is a document of rules, whose words are too long for a list.
    let is_rule = |spec: &Spec| spec.is_nested() || matches!(spec.kind, Kind::Choice(_)) && !spec.required;
    let of_policy = parts.specs.iter_mut().filter(|_| record == RecordKind::Policy);
    of_policy.filter(|spec| is_rule(spec)).for_each(|spec| spec.listed = false);
    let (ids, key) = match record {
        RecordKind::Settings | RecordKind::Market => (Vec::new(), Vec::new()),
        RecordKind::Review => {
            (vec![Spec::naming("id", report::ID, &WORDS)], vec!["manager".to_owned(), "period".to_owned()])
        }
        _ => (vec![Spec::naming("id", report::ID, &WORDS)], vec!["id".to_owned()]),
    };
    let inherited = ids.len();
    let mut sheets = vec![scope.sheet([ids, parts.specs].concat(), inherited, key)];
    let below = Scope { inherited: names_of(record), ..scope };
    parts.nested.iter().for_each(|nested| below.descend(nested, &mut sheets));
    sheets
}

/// The columns by which the rows of a record's lists name the record.
fn names_of(record: RecordKind) -> Vec<Spec> {
    match record {
        RecordKind::Settings | RecordKind::Market => Vec::new(),
        RecordKind::Review => {
            let fields = ["period", "manager"].into_iter().filter_map(|name| record.shape().field(name));
            let named = fields
                .map(|field| Spec::naming(&format!("review_{}", field.name), field.doc.text(), &field.kind));
            named.collect()
        }
        _ => vec![Spec::naming(record.name(), named(record), &WORDS)],
    }
}

/// What the columns of a nested table begin with.
#[derive(Clone, Default)]
struct Stem {
    name: String,
    path: Vec<&'static str>,
    title: Option<Text>,
}

impl Stem {
    fn join(&self, field: &'static Field) -> Self {
        let part = heading(&field.name, &field.doc);
        Self {
            name: self.key(&field.name),
            path: [self.path.as_slice(), &[field.name.as_str()]].concat(),
            title: Some(self.titled(part)),
        }
    }

    fn key(&self, name: &str) -> String {
        if self.name.is_empty() { name.to_owned() } else { format!("{}_{name}", self.name) }
    }

    fn titled(&self, part: Text) -> Text {
        self.title.map_or(part, |whole| of(part, whole))
    }
}

impl Parts {
    /// Takes in a table with known keys.
    fn table(&mut self, shape: &'static Shape, stem: &Stem) {
        shape.fields.iter().for_each(|field| self.value(field, &field.kind, &stem.join(field)));
    }

    /// Takes in the value of a field.
    fn value(&mut self, field: &'static Field, kind: &'static Kind, stem: &Stem) {
        match kind {
            Kind::Table(shape) => self.table(shape, stem),
            Kind::Tagged { tag, variants } => self.tagged(tag, variants, stem),
            Kind::List(_) | Kind::Map { .. } => {
                if self.nested.iter().all(|nested| nested.path != stem.path) {
                    self.nested.push(Nested { field, name: stem.name.clone(), path: stem.path.clone() });
                }
                if self.specs.iter().all(|spec| spec.key != stem.name) {
                    self.specs.extend(in_one_column(field, kind, Spec::of(field, kind, stem), &stem.path));
                }
            }
            Kind::AnyOf(kinds) => {
                if kinds.iter().any(is_plain) {
                    self.specs.push(Spec::of(field, plain_of(kinds), stem));
                }
                let tables = kinds.iter().filter(|kind| !is_plain(kind));
                tables.for_each(|kind| self.value(field, kind, stem));
            }
            _ => self.specs.push(Spec::of(field, kind, stem)),
        }
    }

    /// Takes in a table whose tag says which shape it has: the tag, and every column any shape has.
    fn tagged(&mut self, tag: &'static str, variants: &'static [(String, Shape)], stem: &Stem) {
        self.specs.push(Spec {
            source: Source::Path([stem.path.as_slice(), &[tag]].concat()),
            required: stem.path.is_empty(),
            ..Spec::naming(&stem.key(tag), stem.titled(report::KIND), &WORDS)
        });
        for (_, shape) in variants {
            let mut parts = Self::default();
            parts.table(shape, stem);
            for spec in parts.specs {
                if self.specs.iter().all(|known| known.key != spec.key) {
                    self.specs.push(Spec { required: false, ..spec });
                }
            }
            for nested in parts.nested {
                if self.nested.iter().all(|known| known.path != nested.path) {
                    self.nested.push(nested);
                }
            }
        }
    }
}

impl Scope {
    /// Makes the sheets of a list or map found in this scope.
    fn descend(&self, nested: &Nested, sheets: &mut Vec<Sheet>) {
        let field = nested.field;
        let mut words = vec![nested.name.clone()];
        let entry = field.entry.as_ref().map(|word| word.replace('-', "_"));
        words.extend(entry.iter().map(|word| plural(word)));
        let one = || field.name.strip_suffix('s').unwrap_or(&field.name).to_owned();
        let word = entry.clone().unwrap_or_else(one);
        words.extend(entry);
        let name = format!("{}_{}", self.prefix, nested.name);
        let below = Self {
            record: self.record,
            prefix: name.clone(),
            name,
            words,
            title: field.doc.label(),
            hops: self.hops.iter().cloned().chain(nested.path.iter().map(|key| Hop::Key(key))).collect(),
            inherited: self.inherited.clone(),
            told: self.told,
            word,
            unit: field.unit.as_deref(),
            personal: self.personal || field.personal,
        };
        match &field.kind {
            Kind::AnyOf(kinds) => {
                let many = kinds.iter().filter(|kind| matches!(kind, Kind::List(_) | Kind::Map { .. }));
                many.take(1).for_each(|kind| below.clone().many(kind, field, sheets));
            }
            kind => below.many(kind, field, sheets),
        }
    }

    /// Makes the sheets of each entry of a list, of each value of a map.
    fn many(mut self, kind: &'static Kind, field: &'static Field, sheets: &mut Vec<Sheet>) {
        match kind {
            Kind::List(items) => {
                self.hops.push(Hop::Entries(entry_names(items, field)));
                self.many(items, field, sheets);
            }
            Kind::Map { keys, values } => {
                let is_outer = matches!(values.as_ref(), Kind::Map { keys: Keys::Text { .. }, .. });
                self.hops.push(Hop::Free);
                self.inherited.push(map_key(keys, if is_outer { "group" } else { &self.word }));
                self.many(values, field, sheets);
            }
            Kind::AnyOf(kinds) if kinds.iter().any(is_map) => self.map_or_word(kinds, field, sheets),
            _ => self.rows(kind, field, sheets),
        }
    }

    /// Makes the sheet of each value of a map that may be a single word instead: a row a value, or one with the word.
    fn map_or_word(mut self, kinds: &'static [Kind], field: &'static Field, sheets: &mut Vec<Sheet>) {
        let Some(Kind::Map { keys, values }) = kinds.iter().find(|kind| is_map(kind)) else { return };
        self.hops.push(Hop::FreeOrWord);
        self.inherited.push(Spec { required: false, ..map_key(keys, "field") });
        let (word, at) = (Spec::of(field, &WORDS, &Stem::default()), sheets.len());
        self.rows(values, field, sheets);
        let source = Source::Word;
        sheets[at].specs.push(Spec {
            key: "value".to_owned(),
            source,
            required: false,
            listed: false,
            ..word
        });
    }

    /// Makes the sheet whose rows are values of `kind`, and those below it.
    fn rows(self, kind: &'static Kind, field: &'static Field, sheets: &mut Vec<Sheet>) {
        let mut parts = Parts::default();
        match kind {
            Kind::Table(shape) => parts.table(shape, &Stem::default()),
            Kind::AnyOf(kinds) => self.either(kinds, &mut parts),
            Kind::Tagged { tag, variants } => parts.tagged(tag, variants, &Stem::default()),
            _ => parts.specs.push(self.plain(kind)),
        }
        let names = match self.hops.last() {
            Some(Hop::Entries(names)) => names.clone(),
            _ => Vec::new(),
        };
        let position = names.iter().filter(|name| matches!(name.source, Source::Position)).cloned();
        let own: Vec<Spec> = position.chain(parts.specs).collect();
        let is_keyed = matches!(self.hops.last(), Some(Hop::Free | Hop::FreeOrWord));
        let told = self.told && (is_keyed || !names.is_empty() && names.len() >= field.key.len());
        let key = self.inherited.iter().chain(&names).map(|spec| spec.key.clone());
        let key = if told { key.collect() } else { Vec::new() };
        let inherited = self.inherited.len();
        sheets.push(self.sheet([self.inherited.clone(), own].concat(), inherited, key));
        let whole = Text::new(shown(&self.word), self.title.zh);
        let prefixed = names.into_iter().map(|name| Spec {
            title: of(name.title, whole),
            key: format!("{}_{}", self.word, name.key),
            source: Source::Parent,
            ..name
        });
        let inherited = self.inherited.iter().cloned().chain(prefixed).collect();
        let below = Self { inherited, told, ..self };
        parts.nested.iter().for_each(|nested| below.descend(nested, sheets));
    }

    /// Takes in rows of several kinds: a plain value stands for the first column of the table it may be instead.
    fn either(&self, kinds: &'static [Kind], parts: &mut Parts) {
        for kind in kinds {
            if let Kind::Table(shape) = kind {
                parts.table(shape, &Stem::default());
            }
        }
        match parts.specs.first_mut() {
            Some(first) => {
                if let Source::Path(path) = &first.source {
                    first.source = Source::PathOrPlain(path.clone());
                }
            }
            None => parts.specs.push(self.plain(plain_of(kinds))),
        }
    }

    /// The column of rows that are single values.
    fn plain(&self, kind: &'static Kind) -> Spec {
        let (key, title): (&str, Text) = match kind {
            Kind::Amount | Kind::Quantity => ("amount", report::AMOUNT),
            Kind::Rate => ("rate", report::RATE),
            Kind::Day => ("date", report::DATE),
            Kind::Ref(kind) => (kind, self.title),
            _ => ("value", self.title),
        };
        let is_taken = self.inherited.iter().any(|spec| spec.key == key);
        let key = if is_taken { &self.word } else { key };
        let source = Source::Path(Vec::new());
        Spec { source, unit: self.unit, ..Spec::naming(key, title, kind) }
    }

    fn sheet(&self, mut specs: Vec<Spec>, inherited: usize, key: Vec<String>) -> Sheet {
        // What tells rows apart is never hidden.
        specs.iter_mut().filter(|spec| key.contains(&spec.key)).for_each(|spec| spec.listed = true);
        let is_measure = |spec: &Spec| matches!(spec.kind, Kind::Ref(kind) if kind == "measure");
        let counts = specs.iter().any(|spec| matches!(spec.kind, Kind::Amount) && spec.unit.is_none());
        Sheet {
            name: self.name.clone(),
            title: self.title,
            record: self.record,
            words: self.words.clone(),
            hops: self.hops.clone(),
            measure: specs.iter().position(is_measure).filter(|_| counts),
            specs,
            inherited,
            key,
            personal: self.personal,
        }
    }
}

impl Spec {
    /// A column that names a parent or a map's key.
    fn naming(key: &str, title: Text, kind: &'static Kind) -> Self {
        Self {
            key: key.to_owned(),
            title,
            kind,
            listed: true,
            personal: false,
            source: Source::Parent,
            unit: None,
            required: true,
        }
    }

    /// Whether it is a field of a table within the row.
    fn is_nested(&self) -> bool {
        matches!(&self.source, Source::Path(path) if path.len() > 1)
    }

    fn of(field: &'static Field, kind: &'static Kind, stem: &Stem) -> Self {
        let tells = matches!(kind, Kind::Day | Kind::Choice(_));
        let title = stem.title.unwrap_or_else(|| heading(&field.name, &field.doc));
        Self {
            listed: field.required || field.listed || field.expected.is_some() || tells,
            personal: field.personal,
            source: Source::Path(stem.path.clone()),
            unit: field.unit.as_deref(),
            required: field.required && stem.path.len() == 1,
            ..Self::naming(&stem.name, title, kind)
        }
    }
}

fn is_map(kind: &Kind) -> bool {
    matches!(kind, Kind::Map { .. })
}

/// The kind of a value's plain form: the only one there is, or words.
fn plain_of(kinds: &'static [Kind]) -> &'static Kind {
    let mut plain = kinds.iter().filter(|kind| is_plain(kind));
    match (plain.next(), plain.next()) {
        (Some(only), None) => only,
        _ => &WORDS,
    }
}

/// The columns that name an entry of a list to the sheets below: its natural key, or its position.
fn entry_names(items: &'static Kind, field: &'static Field) -> Vec<Spec> {
    let Kind::Table(shape) = items else {
        return Vec::new();
    };
    let named = field.key.iter().filter_map(|key| shape.field(key)).filter(|field| is_plain(&field.kind));
    let names: Vec<Spec> =
        named.map(|field| Spec::of(field, &field.kind, &Stem::default().join(field))).collect();
    if names.is_empty() {
        let position = Spec::naming("no", report::POSITION, &POSITION);
        return vec![Spec { source: Source::Position, ..position }];
    }
    names
}

/// The column of a map's keys; `word` is what one of them is called where the map does not say.
fn map_key(keys: &'static Keys, word: &str) -> Spec {
    match keys {
        Keys::Time(Time::Month) => Spec::naming("month", report::MONTH, &WORDS),
        Keys::Time(Time::Period) => Spec::naming("period", report::PERIOD, &WORDS),
        Keys::Time(Time::Year) => Spec::naming("year", report::YEAR, &WORDS),
        Keys::Ref { kind, .. } if kind == "measure" => Spec::naming("measure", report::MEASURE, &MEASURE),
        Keys::Ref { kind, .. } => {
            let title = RecordKind::named(kind).map_or(report::NAME, named);
            Spec::naming(kind, title, &WORDS)
        }
        Keys::Text { each } => Spec::naming(word, each.as_ref().map_or(report::NAME, Doc::text), &WORDS),
    }
}
