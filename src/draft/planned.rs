//! What was planned for a visit, which the visit that keeps the plan takes over where nobody says otherwise.
//!
//! The fields marked `x-default = "plan"` are those a plan has under the same name; a new one needs nothing here.

use chrono::NaiveDate;

use super::present::{entries, get};
use crate::book::deadline::made_at;
use crate::edit::render::{Table, document};
use crate::record::client::{Client, Visit};
use crate::record::shape::{Field, Shape};
use crate::record::tree;

/// The mark of what a plan says.
const PLAN: &str = "plan";

/// The plans of one client, with the visits it has and those that are being added.
#[derive(Default)]
pub(super) struct Plans(Option<Option<(Client, Vec<Table>)>>);

impl Plans {
    /// An entry of the list `field` of a record with what was planned for it, and those of its fields that nobody gave.
    pub(super) fn kept(
        &mut self,
        (text, record): (Option<&str>, &Table),
        field: &'static Field,
        (entry, filled): (&Table, &[String]),
    ) -> (Table, Vec<String>) {
        let (mut whole, mut filled) = (entry.clone(), filled.to_vec());
        let Some(shape) = field.entries() else { return (whole, filled) };
        let is_open =
            |field: &&Field| field.default.as_deref() == Some(PLAN) && get(entry, &field.name).is_none();
        let mut open = shape.fields.iter().filter(is_open).peekable();
        let plan = open.peek().and_then(|_| self.plan(text?, record, entry));
        for (name, value) in open.filter_map(|field| Some((&field.name, get(plan.as_ref()?, &field.name)?))) {
            whole.push((name.clone(), value.clone()));
            filled.push(name.clone());
        }
        whole.sort_by_key(|(key, _)| place(shape, key));
        (whole, filled)
    }

    /// The plan that a visit keeps: that of its manager before that of a colleague who came along.
    fn plan(&mut self, text: &str, record: &Table, entry: &Table) -> Option<Table> {
        let read = || {
            let client: Client =
                tree::read(text).ok().filter(|client: &Client| !client.planned.is_empty())?;
            Some((client, entries(record, "planned").cloned().collect()))
        };
        let (client, plans) = self.0.get_or_insert_with(read).as_mut()?;
        let visit: Visit = tree::read(&document(&[], entry)).ok()?;
        let name = |visit: &Visit| (visit.date, visit.by.clone(), visit.kind, visit.n);
        // One that stands there already is this one.
        let known = client.visits.iter().position(|other| name(other) == name(&visit));
        let index = known.unwrap_or(client.visits.len());
        if known.is_none() {
            client.visits.push(visit);
        }
        let made = made_at(client, NaiveDate::MAX).into_iter().enumerate();
        let kept = made.filter(|(_, at)| *at == Some(index)).map(|(plan, _)| plan);
        let by = &client.visits[index].by;
        plans.get(kept.max_by_key(|plan| client.planned[*plan].by == *by)?).cloned()
    }
}

fn place(shape: &Shape, key: &str) -> Option<usize> {
    shape.fields.iter().position(|field| field.name == key)
}
