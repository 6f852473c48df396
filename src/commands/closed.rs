//! What a run says of figures it changes in months that are closed: they stand, and `check` holds the records against them.

use std::collections::BTreeSet;

use super::{Context, Writing};
use crate::book::credit::lead_on;
use crate::msg;
use crate::period::{Month, Period};
use crate::record::client::Client;
use crate::record::kind::RecordKind;
use crate::record::settings::Settings;
use crate::record::tree;
use crate::store;
use crate::text::{Message, close as say, entry};

/// How many of them are said.
const SHOWN: usize = 10;

/// Figures of closed months that a run changes.
pub(super) struct ClosedFigures(Vec<Message>);

impl ClosedFigures {
    /// Says the first of them, and how many more there are.
    pub(super) fn say(&self, context: &mut Context<'_>) -> anyhow::Result<()> {
        for message in self.0.iter().take(SHOWN) {
            context.say(message)?;
        }
        match self.0.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => context.say(&msg!(entry::MORE_REMARKS, count = more)),
        }
    }
}

impl Writing {
    /// The figures of closed months that come to differ, each with its record, period and mend.
    pub(super) fn closed_figures(&mut self) -> anyhow::Result<ClosedFigures> {
        let settings = self.read(store::SETTINGS)?.unwrap_or_default();
        let settings = tree::read::<Settings>(&settings).ok();
        let closed: BTreeSet<Period> = settings
            .iter()
            .flat_map(|settings| settings.closed.values())
            .flat_map(|it| it.keys().copied())
            .collect();
        let mut found = Vec::new();
        for (path, (before, after)) in self.changes.iter().filter(|_| !closed.is_empty()) {
            let is_client = RecordKind::of_path(path).is_some_and(|(kind, _)| kind == RecordKind::Client);
            let read = |text: &Option<String>| tree::read::<Client>(text.as_deref()?).ok();
            let Some(after) = Some(after).filter(|_| is_client).and_then(read) else { continue };
            let before = read(before);
            for (month, field) in differing(before.as_ref(), &after) {
                let manager = lead_on(&after, month.last_day());
                let periods = closed.iter().filter(|period| period.months().iter().any(|it| it == month));
                found.extend(periods.map(|period| {
                    let (path, period) = (path.as_str(), period.to_string());
                    msg!(
                        say::FIGURE_OF_CLOSED,
                        path = path,
                        field = &field,
                        period = period,
                        manager = manager
                    )
                }));
            }
        }
        Ok(ClosedFigures(found))
    }
}

/// The figures in which two states of a client differ, as `results.2026-09.deposits`, with their months.
fn differing(before: Option<&Client>, after: &Client) -> Vec<(Month, String)> {
    let of = |client: Option<&Client>| -> BTreeSet<(Month, String)> {
        let months = client.into_iter().flat_map(|client| &client.results);
        let measures =
            months.flat_map(|(month, figures)| figures.measures().map(|id| (*month, id.to_string())));
        measures.collect()
    };
    let all: BTreeSet<(Month, String)> = of(before).union(&of(Some(after))).cloned().collect();
    let figure = |client: Option<&Client>, month: &Month, measure: &str| {
        client.and_then(|client| client.results.get(month)?.get(measure).cloned())
    };
    let differs = |(month, measure): &(Month, String)| {
        figure(before, month, measure) != figure(Some(after), month, measure)
    };
    let named = |(month, measure)| (month, format!("results.{month}.{measure}"));
    all.into_iter().filter(differs).map(named).collect()
}
