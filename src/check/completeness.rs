//! Completeness as a figure: the weight of what a record has over the weight of what is expected of it.
//!
//! Which fields are expected, and how much each weighs, stands in the records' definitions (`x-expected`). A field of the
//! entries of a list weighs once however many entries there are: it counts by the part of them that have it.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::book::Book;
use crate::record::client::Tier;
use crate::record::facts::Trail;
use crate::record::kind::RecordKind;
use crate::record::shape::{Field, Shape};
use crate::record::tree::Node;
use crate::source::{FileId, KeyPath, Step};

/// How complete one record is.
#[derive(Clone, Debug)]
pub struct RecordCompleteness {
    /// Its kind.
    pub kind: RecordKind,
    /// Its id.
    pub id: String,
    /// Its file.
    pub file: FileId,
    /// Weight of what it has.
    pub present: Decimal,
    /// Weight of what is expected of it.
    pub weight: Decimal,
    /// The rate the settings ask for, where they do.
    pub least: Option<Decimal>,
    /// What it lacks, in the order of the definition.
    pub missing: Vec<Missing>,
}

/// An expected field a record lacks.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The way to it.
    pub path: KeyPath,
    /// The definition of the field.
    pub field: &'static Field,
    /// Its weight.
    pub weight: u8,
    /// Since when it has been missing: the day of its entry, or the day the record begins; `None` where no day says.
    pub since: Option<NaiveDate>,
}

impl RecordCompleteness {
    /// The part it has of what is expected, 0 to 1; a record of which nothing is expected is complete.
    pub fn rate(&self) -> Decimal {
        if self.weight.is_zero() { Decimal::ONE } else { self.present / self.weight }
    }

    /// The rate the settings ask for, where the record does not reach it.
    pub fn short_of(&self) -> Option<Decimal> {
        self.least.filter(|least| self.rate() < *least)
    }
}

/// The count of one record's expected fields during the walk.
pub(super) struct Tally<'a> {
    kind: RecordKind,
    id: &'a str,
    file: FileId,
    /// What decides which fields are expected: a client's tier, a manager's place.
    of: Option<&'static str>,
    least: Option<Decimal>,
    begins: Option<NaiveDate>,
    /// By field, wherever its entries stand.
    fields: Vec<Counted>,
    missing: Vec<Missing>,
}

struct Counted {
    field: &'static Field,
    present: u32,
    all: u32,
}

impl<'a> Tally<'a> {
    pub(super) fn new(
        book: &Book,
        kind: RecordKind,
        (id, file): (&'a str, FileId),
        today: NaiveDate,
    ) -> Self {
        let client = (kind == RecordKind::Client).then(|| book.clients.get(id)).flatten();
        let tier = client.map(|client| client.data.tier_on(today));
        let asked = &book.settings.completeness;
        let least = match kind {
            RecordKind::Client => tier.and_then(|tier| asked.client.of(tier)),
            RecordKind::Manager => asked.manager,
            _ => None,
        };
        Self {
            kind,
            id,
            file,
            of: match kind {
                RecordKind::Manager => Some(place(book, id)),
                _ => tier.map(Tier::word),
            },
            least: least.map(|rate| rate.0),
            begins: begins(book, kind, id),
            fields: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Takes note of one expected field of a record whose tree is `root` and whose text is `text`.
    pub(super) fn count(
        &mut self,
        field: &'static Field,
        present: bool,
        trail: &Trail<'_>,
        root: Node<'_, '_>,
        text: &str,
    ) {
        let is_of = |own| field.expected_of.is_empty() || field.expected_of.iter().any(|of| of == own);
        if !self.of.is_none_or(is_of) {
            return;
        }
        let known = self.fields.iter_mut().find(|counted| std::ptr::eq(counted.field, field));
        match known {
            Some(counted) => {
                counted.all += 1;
                counted.present += u32::from(present);
            }
            None => self.fields.push(Counted { field, present: present.into(), all: 1 }),
        }
        if !present {
            let path = trail.path();
            let since = entry_day(self.kind.shape(), &path, root, text).or(self.begins);
            let weight = field.expected.unwrap_or_default();
            self.missing.push(Missing { path, field, weight, since });
        }
    }

    /// The record's completeness; `None` if nothing is expected of it.
    pub(super) fn finish(self) -> Option<RecordCompleteness> {
        let mut present = Decimal::ZERO;
        let mut weight = Decimal::ZERO;
        for counted in &self.fields {
            let of_field = Decimal::from(counted.field.expected.unwrap_or_default());
            weight += of_field;
            present += of_field * Decimal::from(counted.present) / Decimal::from(counted.all);
        }
        (!weight.is_zero()).then(|| RecordCompleteness {
            kind: self.kind,
            id: self.id.to_owned(),
            file: self.file,
            present,
            weight,
            least: self.least,
            missing: self.missing,
        })
    }
}

/// Whether a manager is a head, to whom others report and above whom the book ends, or a member.
fn place(book: &Book, id: &str) -> &'static str {
    let own = book.managers.get(id).map(|record| &record.data);
    let ends = own.is_some_and(|own| own.reports_to.is_none() && own.team.is_none());
    let leads = || book.managers.iter().any(|other| other.data.reports_to.as_deref() == Some(id));
    if ends && leads() { "head" } else { "member" }
}

/// The day from which a record should be complete: a client since it is one, a manager since joining, a review since its
/// period has ended.
fn begins(book: &Book, kind: RecordKind, id: &str) -> Option<NaiveDate> {
    let day = match kind {
        RecordKind::Client => book.clients.get(id)?.data.since,
        RecordKind::Manager => book.managers.get(id)?.data.joined,
        RecordKind::Review => return Some(book.reviews.get(id)?.data.period.months().last_day()),
        _ => None,
    };
    day.map(|day| day.0)
}

/// The day of the outermost entry that `path` lies in, by the key its list is sorted by.
fn entry_day(shape: &Shape, path: &KeyPath, root: Node<'_, '_>, text: &str) -> Option<NaiveDate> {
    let [Step::Key(list), Step::Index(index), ..] = path.0.as_slice() else { return None };
    let order = shape.field(list)?.order.as_deref()?;
    let entry = root.get(list)?.items().nth(*index)?;
    entry.get(order)?.words(text)?.parse().ok()
}
