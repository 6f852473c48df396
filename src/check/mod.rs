//! The linter: what is wrong with records that load.
//!
//! [`run`] hands every record, every fact of its text and the book as a whole to the rules of [`rules`], in parallel and in
//! time linear in the book; [`settle`] then gives every finding, also those of other layers, its level in this run and
//! takes back those that a remark in a file allows. Neither prints, sorts or knows a format.
//!
//! To add a rule: one `static` block (code, name, level, manual, an example that fires and what mends it), its function
//! beside it, and its name in the `RULES` of that file. To add a file of rules: one line in `rules/mod.rs`. The tests there
//! say what is missing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::book::target::Counting;
use crate::book::{Book, Record, Records};
use crate::diag::{Finding, Level, Rule};
use crate::period::Period;
use crate::record::client::Client;
use crate::record::facts::{Fact, Trail};
use crate::record::manager::Manager;
use crate::record::review::Review;
use crate::record::settings::Settings;
use crate::record::team::Team;
use crate::source::{FileId, Place, Sources};
use crate::text::Text;

mod allowance;
mod baseline;
mod completeness;
mod context;
mod key;
mod levels;
mod rules;
mod since;
#[cfg(test)]
mod tests;
mod walk;

pub use baseline::{Applied, Baseline};
pub use completeness::{Missing, RecordCompleteness};
pub use context::Context;
pub use key::{FindingKey, keys};
pub use levels::UnknownRule;
pub use since::{Change, change as since};
pub use walk::completeness;

use completeness::Tally;
use levels::{Overrides, named};
pub use rules::KnownAs;
use rules::{STALE_BASELINE, UNUSED_ALLOW};

/// A low rating after which nobody talked with the manager, made known on one day and due by another.
pub fn low_rating(
    book: &Book,
    at: (&Review, Place),
    rating: &str,
    (known, deadline): (NaiveDate, NaiveDate),
) -> Finding {
    rules::low_rating(book, at, rating, (known, deadline))
}

/// What a review says no more of what its manager was told of a closed result.
pub fn unsaid(file: FileId, before: &Review, after: &Review) -> Vec<Finding> {
    rules::unsaid(file, before, after)
}

/// Targets that were others in a book of before, of which no change says so.
pub fn retargeted(before: &Book, now: &Book) -> Vec<Finding> {
    rules::retargeted(before, now)
}

/// More held back or advanced of a period than it pays at once.
pub fn held_above_pay(at: Place, held: &str, period: Period, paid: &str) -> Finding {
    rules::above_pay(at, held, period, paid)
}

/// The entries of a manager's ledger that name no scheme, where several pay a period, or the pay line it names, as `paying` says.
pub fn scheme_not_named(
    reviews: &[&Record<Review>],
    paying: &dyn Fn(Period, Option<&str>) -> BTreeSet<String>,
) -> Vec<Finding> {
    rules::unnamed(reviews, paying)
}

/// A rule with what finds it.
#[derive(Debug)]
pub struct Check {
    /// Its names and its manual.
    pub rule: Rule,
    /// What a finding says, with placeholders.
    pub says: Text,
    /// What the example holds, and what stands there instead once it is mended.
    pub mended: (&'static str, &'static str),
    /// What finds it.
    pub run: Run,
    /// What it says of a record that is being written, where that is not what most rules of its kind do.
    pub(crate) entry: Option<Entry>,
}

impl Check {
    /// What a rule says of a record that is being written.
    pub fn entry(&self) -> Entry {
        let by_reach = match self.run {
            Run::Book(_) | Run::Settling => Entry::Whole,
            _ => Entry::Remark,
        };
        self.entry.unwrap_or(by_reach)
    }
}

/// What a rule says of a record that is being written, in a book of that record and those it names alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// What it finds cannot be so, and is not written.
    Refuse,
    /// What it finds is written, since facts must be, and said.
    Remark,
    /// Nothing: it takes the whole book to tell.
    Whole,
}

/// Findings so far.
pub type Found = Vec<Finding>;

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Run {
    /// One client.
    Client(fn(&Context<'_>, &Record<Client>, &mut Found)),
    /// One manager.
    Manager(fn(&Context<'_>, &Record<Manager>, &mut Found)),
    /// One team.
    Team(fn(&Context<'_>, &Record<Team>, &mut Found)),
    /// One review.
    Review(fn(&Context<'_>, &Record<Review>, &mut Found)),
    /// All records together.
    Book(fn(&Context<'_>, &mut Found)),
    /// One fact of a record's text.
    Fact(fn(&Context<'_>, At<'_>, Fact<'_, '_>, &mut Found)),
    /// The text of a file.
    Text(fn(FileId, &str, &mut Found)),
    /// Nothing here: it is found while levels and remarks are applied.
    Settling,
}

/// Where a fact stands.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// The file.
    pub file: FileId,
    /// Its text.
    pub text: &'a str,
    /// The way to the fact.
    pub trail: &'a Trail<'a>,
}

/// A finding of a rule: `fires!(VISIT_OVERDUE, place, days = 12)` fills the words of the rule.
macro_rules! fires {
    ($check:ident, $at:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::diag::Finding::new(&$check.rule, $at, $crate::msg!($check.says $(, $name = $value)*))
    };
}
use fires;

/// What a run looks at besides the book.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only findings of these files; without any, of all.
    pub only: Option<BTreeSet<FileId>>,
    /// Levels from the command line.
    overrides: Overrides,
    /// Rules of other layers, whose names settings and remarks may say.
    pub others: Vec<&'static Rule>,
    /// Whether the book holds only records that are being written and those they name: rules that need the whole are silent.
    pub near: bool,
    /// Metrics computed from records, for which targets may be set as for measures.
    pub metrics: BTreeMap<&'static str, Computed>,
}

/// What rules know of a metric that is computed from records.
#[derive(Clone, Copy, Debug)]
pub struct Computed {
    /// How its months come together.
    pub counting: Counting,
    /// What it is in.
    pub unit: &'static str,
}

impl Options {
    /// Whether findings of a file are asked for.
    pub fn wants(&self, file: FileId) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&file))
    }

    /// Gives the rule with that name or code a level, above all others; of two the later holds.
    pub fn set(&mut self, name: &str, level: Level) -> Result<(), UnknownRule> {
        let rule = named(name, self.known())?;
        self.overrides.insert(rule, level);
        Ok(())
    }

    /// The rules that can be told in a book of this reach.
    fn checks(&self) -> impl Iterator<Item = &'static Check> + Clone + use<> {
        let near = self.near;
        checks().filter(move |check| !near || check.entry() != Entry::Whole)
    }

    /// Every rule whose name may be said.
    fn known(&self) -> impl Iterator<Item = &'static Rule> + Clone {
        rules().chain(self.others.iter().copied())
    }
}

/// Every rule of structure and of this layer, by code.
pub fn rules() -> impl Iterator<Item = &'static Rule> + Clone {
    let structure = crate::record::rule::RULES.iter().copied();
    structure.chain(checks().map(|check| &check.rule))
}

/// Every rule of this layer with what finds it, by code.
fn checks() -> impl Iterator<Item = &'static Check> + Clone {
    rules::FILES.iter().copied().flatten().copied()
}

/// What finds a rule of this layer, and what mends its example.
pub fn check_of(rule: &Rule) -> Option<&'static Check> {
    checks().find(|check| check.rule == *rule)
}

/// Everything the rules find, at the rules' own levels, in the order of the files.
pub fn run(book: &Book, sources: &Sources, today: NaiveDate, options: &Options) -> Found {
    let mut context = Context::new(book, sources, today, options);
    let walked = walk::walk(&context);
    context.completeness = walked.completeness;
    let mut found = walked.found;
    let of_book = options.checks().filter_map(|check| match check.run {
        Run::Book(run) => Some(run),
        _ => None,
    });
    found.par_extend(of_book.collect::<Vec<_>>().into_par_iter().flat_map_iter(|run| {
        let mut found = Found::new();
        run(&context, &mut found);
        found
    }));
    // What holds records against each other may find in one that is near what the written one did.
    found.retain(|finding| options.near || options.wants(finding.at.file));
    found.extend(each(&context, &context.book.clients, |run| match run {
        Run::Client(run) => Some(run),
        _ => None,
    }));
    found.extend(each(&context, &context.book.managers, |run| match run {
        Run::Manager(run) => Some(run),
        _ => None,
    }));
    found.extend(each(&context, &context.book.teams, |run| match run {
        Run::Team(run) => Some(run),
        _ => None,
    }));
    found.extend(each(&context, &context.book.reviews, |run| match run {
        Run::Review(run) => Some(run),
        _ => None,
    }));
    found.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.rule.code.cmp(b.rule.code)));
    found
}

type RecordRule<T> = fn(&Context<'_>, &Record<T>, &mut Found);

/// The rules of one kind of record over each record that is asked for.
fn each<T: Sync>(
    context: &Context<'_>,
    records: &Records<T>,
    of_kind: impl Fn(Run) -> Option<RecordRule<T>>,
) -> Found {
    let rules: Vec<RecordRule<T>> = context.options.checks().filter_map(|check| of_kind(check.run)).collect();
    let wanted: Vec<&Record<T>> = context.wanted(records).collect();
    let found = wanted.par_iter().with_min_len(16).map(|record| {
        let mut found = Found::new();
        for run in &rules {
            run(context, record, &mut found);
        }
        found
    });
    found.reduce(Found::new, |mut all, more| {
        all.extend(more);
        all
    })
}

/// Gives each finding, whichever layer found it, its level in this run; those that a file allows come back at level
/// `Allow`, with the remark as a label. Remarks that allow nothing become findings.
pub fn settle(found: Vec<Finding>, settings: &Settings, sources: &Sources, options: &Options) -> Found {
    let found = allowance::apply(found, sources, options);
    levels::apply(found, settings, options)
}
