//! The reports of a practice: each answers one question of whoever leads relationship managers.
//!
//! A report takes an [`Input`] and gives tables; it does not know in which format they are printed, and it never prints a
//! list nobody asked for. Reports do not know each other: what they share is [`Input`], `sheet` and `reckon`.
//!
//! To add a report: a file with its sheets, its functions and a `pub(super) const REPORT`, and a line in [`REPORTS`]. The
//! manual in `about` has one line a figure: what it is, how it is counted, where the definition comes from.

use super::{figure_title, signal_title, titled};
use crate::book::workload::median;
use crate::msg;
use crate::period::Months;
use crate::score::apply::Policies;
use crate::table::{Cell, Column, Kind, Table};
use crate::text::{Text, practice};

mod ahead;
mod balance;
mod body;
mod calls;
mod career;
mod colleagues;
mod communication;
mod complaints;
mod completeness;
mod concentration;
mod coverage;
mod culture;
mod decisions;
mod development;
mod duties;
mod growth;
mod incentive;
mod input;
mod insight;
mod load;
mod market;
mod mix;
mod org;
mod owed;
mod pacing;
mod pipeline;
mod privacy;
mod reckon;
mod retention;
mod risk;
mod satisfaction;
mod scores;
mod sheet;
mod support;
mod target_split;
mod team;
#[cfg(test)]
mod tests;
mod trend;
mod visit_plan;
mod wallet;
mod wellbeing;

pub use ahead::in_business;
pub use input::{Input, Only};
pub use scores::Scores;

use ahead::{amount, closings, in_business_cell, missing, status, unit_cell};
use body::{Body, earlier, figure, length};
use colleagues::{from_colleagues, mean_of_colleagues};
use owed::owed_checks;
use privacy::shown;
use reckon::{as_stated, choice, days, number, part, per_head, ratio, share};
use sheet::{Col, Sheet};
#[cfg(test)]
use tests::{lines, lines_ahead, lines_of, lines_on, notes};

/// A report: the question it answers and how.
#[derive(Debug)]
pub struct Report {
    /// Stable English name.
    pub name: &'static str,
    /// What people read above it.
    pub title: Text,
    /// The question it answers.
    pub question: Text,
    /// How its figures are counted, a line each.
    pub about: Text,
    /// The months it is about where none are named.
    pub usual: Usual,
    /// Whether clients' figures go into it.
    pub figures: bool,
    /// Its tables.
    run: Run,
}

/// What a report's tables are made from.
#[derive(Debug)]
enum Run {
    /// The book.
    Book(fn(&Input<'_>) -> Vec<Table>),
    /// The book and its scorecards.
    Scores(fn(&Input<'_>, &Scores<'_>) -> Vec<Table>),
    /// The same with what was booked of their pay by the day it is asked for on, be the period long over.
    Pay(fn(&Input<'_>, &Scores<'_>) -> Vec<Table>),
}

/// The months a report is about where none are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usual {
    /// The last full month the book has figures for.
    LastFigures,
    /// The month that comes next.
    NextMonth,
}

/// Every report, in the order of the practice: leading, people, clients, risk, figures.
pub const REPORTS: &[&Report] = &[
    &org::REPORT,
    &communication::REPORT,
    &balance::REPORT,
    &development::REPORT,
    &career::REPORT,
    &incentive::REPORT,
    &duties::REPORT,
    &team::REPORT,
    &calls::REPORT,
    &load::REPORT,
    &culture::REPORT,
    &wellbeing::REPORT,
    &support::REPORT,
    &coverage::REPORT,
    &visit_plan::REPORT,
    &pipeline::REPORT,
    &wallet::REPORT,
    &retention::REPORT,
    &satisfaction::REPORT,
    &complaints::REPORT,
    &risk::REPORT,
    &growth::REPORT,
    &pacing::REPORT,
    &target_split::REPORT,
    &trend::REPORT,
    &mix::REPORT,
    &mix::COHORTS_REPORT,
    &concentration::REPORT,
    &market::REPORT,
    &decisions::REPORT,
    &completeness::REPORT,
    &insight::REPORT,
];

/// The report called `name`.
pub fn named(name: &str) -> Option<&'static Report> {
    REPORTS.iter().find(|report| report.name == name).copied()
}

impl Report {
    /// Each figure with its definition, from the lines of the manual.
    pub fn definitions(&self) -> impl Iterator<Item = (Text, Text)> {
        let split = |line: &'static str, colon| line.split_once(colon).unwrap_or((line, ""));
        self.about.en.lines().zip(self.about.zh.lines()).map(move |(en, zh)| {
            let ((figure, means), (figure_zh, means_zh)) = (split(en, ": "), split(zh, "："));
            (Text::new(figure, figure_zh), Text::new(means, means_zh))
        })
    }

    /// The report's manual: the question as the title, a line a figure.
    pub fn manual(&self) -> Table {
        let columns = vec![
            Column::new("figure", practice::FIGURE, Kind::Text),
            Column::new("definition", practice::DEFINITION, Kind::Text),
        ];
        let title = msg!(practice::ABOUT, title = self.title, question = self.question);
        let mut table = Table::new(self.name, title, columns);
        for (figure, definition) in self.definitions() {
            let said = |text: Text| Cell::Said { key: text.en, text };
            table.push(vec![said(figure), said(definition)]);
        }
        table
    }

    /// Whether its tables are made from scorecards.
    pub fn reads_scores(&self) -> bool {
        matches!(self.run, Run::Scores(_) | Run::Pay(_))
    }

    /// The report's tables; the first says which days it is about. Scorecards of the input's months are made where none are lent.
    pub fn run(&self, input: &Input<'_>, lent: Option<&Scores<'_>>) -> Vec<Table> {
        let mut tables = match (&self.run, lent) {
            (Run::Book(run), _) => run(input),
            (Run::Scores(run) | Run::Pay(run), Some(scores)) => run(input, scores),
            (Run::Scores(run) | Run::Pay(run), None) => {
                run(input, &Scores::new(&Policies::of(input.book), input))
            }
        };
        tables.iter_mut().for_each(|table| titled(input.book, table));
        if let Some(first) = tables.first_mut() {
            let Months { first: from, last: to } = input.months;
            let day = if matches!(self.run, Run::Pay(_)) { input.today } else { input.as_of };
            first.basis =
                Some(msg!(practice::SEEN_FROM, from = from.first_day(), to = to.last_day(), day = day));
            if self.figures {
                first.notes.extend(input.lacking());
            }
        }
        tables
    }
}
