//! What appraisals ask for: acknowledgement, decisions of appeals, talks, checkpoints, releases of deferred pay.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{DutyKind, List, Of, Settle, entry};
use crate::book::Record;
use crate::book::head::appraised;
use crate::book::ledger::{Ledger, open_case};
use crate::period::Period;
use crate::policy::curve::Judge;
use crate::record::kind::RecordKind;
use crate::record::review::Review;
use crate::record::value::Day;
use crate::report::quoted;
use crate::score::apply::Policies;
use crate::score::released::{Verdict, verdict};
use crate::score::unjudged::{Unjudged, unjudged};

/// Instalments of deferred pay, due on the first day of the year they fall due in, or on the day after the period whose result
/// decides: before it none can be released. What that result does not release is to be forfeited. While a loan of the manager's is
/// non-performing they are held back, and shown with it.
pub(super) fn releases(list: &mut List<'_>, reviews: &[&Record<Review>], deciding: Option<&Policies>) {
    let ledger = Ledger::of(reviews);
    for (&key, instalment) in &ledger.instalments {
        let (period, scheme, year) = key;
        let balance = instalment.balance();
        let Some(review) = reviews.iter().find(|review| review.data.period == period) else { continue };
        if balance <= Decimal::ZERO {
            continue;
        }
        let verdict = deciding.map_or(Verdict::Whole, |policies| {
            verdict(list.book, policies, &review.data.manager, key, instalment.deferred)
        });
        let due = match &verdict {
            Verdict::Whole => NaiveDate::from_ymd_opt(year, 1, 1),
            Verdict::Waits(by) | Verdict::Releases(by, _) | Verdict::Unclear(by, _) => {
                by.last_day().succ_opt()
            }
        };
        let Some(due) = due.filter(|due| *due <= list.until) else { continue };
        // Which of several schemes deferred it decides the unit.
        let several = ledger.instalments.keys().any(|(of, by, _)| *of == period && *by != scheme);
        let instalment = Due { review, key, due, balance, released: instalment.released, several };
        instalment.settle(list, &verdict);
    }
}

/// An instalment that is due.
struct Due<'a> {
    review: &'a Record<Review>,
    key: (Period, &'a str, i32),
    due: NaiveDate,
    balance: Decimal,
    released: Decimal,
    /// Whether several schemes deferred pay of the period.
    several: bool,
}

impl Due<'_> {
    fn settle(&self, list: &mut List<'_>, verdict: &Verdict) {
        let manager = &self.review.data.manager;
        if let Some((client, facility)) = open_case(list.book, manager, Day(list.today)) {
            let facility = &client.data.facilities[facility].id;
            let held = format!(" ({} {facility})", client.id);
            let settle = || Settle::Whole(format!("rmbook show client {}", quoted(&client.id)));
            self.take(list, DutyKind::HeldRelease, (self.balance, &held), settle);
            return;
        }
        match verdict {
            Verdict::Whole => self.release(list, self.balance, ""),
            Verdict::Waits(by) => {
                let settle = || Settle::Whole(format!("rmbook close {by}"));
                self.take(list, DutyKind::DecideRelease, (self.balance, &format!(" ({by})")), settle);
            }
            Verdict::Releases(by, most) => {
                let amount = (most - self.released).clamp(Decimal::ZERO, self.balance);
                if amount > Decimal::ZERO {
                    self.release(list, amount, &format!(" ({by})"));
                }
                if self.balance > amount {
                    self.forfeit(list, self.balance - amount, *by);
                }
            }
            Verdict::Unclear(by, _) => {
                let flags = format!("--kind release --due {} --amount …{}", self.key.2, self.of_scheme());
                let settle = || Settle::add("ledger", flags);
                self.take(list, DutyKind::Release, (self.balance, &format!(" ({by})")), settle);
            }
        }
    }

    fn release(&self, list: &mut List<'_>, amount: Decimal, by: &str) {
        let (year, of_scheme, plain) = (self.key.2, self.of_scheme(), amount.normalize());
        let flags = format!("--kind release --due {year} --amount {plain}{of_scheme}");
        self.take(list, DutyKind::Release, (amount, by), || Settle::add("ledger", flags));
    }

    fn forfeit(&self, list: &mut List<'_>, amount: Decimal, by: Period) {
        let (year, of_scheme, plain) = (self.key.2, self.of_scheme(), amount.normalize());
        let flags = format!("--kind clawback --due {year} --amount {plain} --case result-{by}{of_scheme}");
        self.take(list, DutyKind::Forfeit, (amount, &format!(" ({by})")), || Settle::add("ledger", flags));
    }

    fn of_scheme(&self) -> String {
        if self.several { format!(" --scheme {}", quoted(self.key.1)) } else { String::new() }
    }

    fn take(
        &self,
        list: &mut List<'_>,
        kind: DutyKind,
        (amount, by): (Decimal, &str),
        settle: impl FnOnce() -> Settle<'static>,
    ) {
        let (manager, (period, scheme, year)) = (&self.review.data.manager, self.key);
        let name = list.name_of(manager);
        let of = Of { kind: RecordKind::Review, id: &self.review.id, name: &name };
        let owner = list.supervisor(manager).map(str::to_owned);
        let of_one = Some(scheme).filter(|scheme| !scheme.is_empty());
        let unit = list.book.money_of_pay(manager, period, of_one);
        let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
        let what = format!("{year}: {}{unit}{by}", amount.normalize());
        list.take(of, kind, self.due, owner.as_deref(), Some(&what), settle);
    }
}

/// Periods that are over and not closed, once for all schemes that are to close one: it is the whole unit's to do.
pub(super) fn closings(list: &mut List<'_>) {
    let owed = list.deadlines.closings(list.book, list.today);
    let periods: BTreeMap<Period, NaiveDate> = owed.iter().map(|owed| (owed.period, owed.due)).collect();
    let book = list.book;
    let of = Of { kind: RecordKind::Settings, id: RecordKind::Settings.name(), name: &book.settings.name };
    for (period, due) in periods {
        let settle = || Settle::Whole(format!("rmbook close {period}"));
        list.owe(of, DutyKind::Closing, Some(due), None, Some(&period.to_string()), settle);
    }
}

/// Marks and ratings that the last full period goes without, by the day to close it; whoever was the superior on its last day owes
/// them.
pub(super) fn judgements(list: &mut List<'_>) {
    let book = list.book;
    for Unjudged { manager, period, item, by } in unjudged(book, list.today) {
        let id = format!("{period}/{manager}");
        let review = book.reviews.get(&id);
        let name = list.name_of(&manager);
        let of = Of { kind: RecordKind::Review, id: &id, name: &name };
        let above =
            book.managers.get(&manager).and_then(|record| record.data.supervisor_on(period.last_day()));
        let reviewer = review.and_then(|review| review.data.reviewer.as_ref()).or(above);
        let owner = reviewer.filter(|reviewer| list.is_there(reviewer)).map(ToString::to_string);
        let (kind, noun, flags) = match by {
            Judge::Marker => (DutyKind::Mark, "mark", format!("--indicator {item} --points … --reason …")),
            _ => {
                let by = owner.as_deref().unwrap_or("…");
                (DutyKind::Rating, "rating", format!("--group superior --by {by} --score …"))
            }
        };
        let settle = match review {
            Some(_) => Settle::add(noun, flags),
            None => Settle::Whole(format!("rmbook add review {}", quoted(&id))),
        };
        list.owe(of, kind, Some(list.deadlines.closing(period)), owner.as_deref(), Some(&item), || settle);
    }
}

/// Whoever has left acknowledges nothing, and once the limit is over silence has: then the reviewer enters its last day.
fn acknowledgement(list: &mut List<'_>, of: Of<'_>, review: &Review, reviewer: Option<&str>) {
    let Some(due) = list.deadlines.acknowledgement(review) else { return };
    let owner = if list.is_there(&review.manager) { Some(&*review.manager) } else { reviewer };
    let (lapsed, is_over) = (format!("lapsed={due}"), due < list.today);
    let acknowledged = || Settle::set(["acknowledged=today"]);
    list.owe(of, DutyKind::Acknowledgement, Some(due), owner, None, || match is_over {
        true => Settle::either(Settle::set([&*lapsed]), acknowledged()),
        false => acknowledged(),
    });
}

pub(super) fn collect(list: &mut List<'_>, of: Of<'_>, review: &Review) {
    let supervisor = list.supervisor(&review.manager).map(str::to_owned);
    let reviewer = review.reviewer.as_deref().or(supervisor.as_deref());
    acknowledgement(list, of, review, reviewer);
    // Who appraised may not decide; who does is whoever the appeal names, or the next above the reviewer.
    let mut passed = BTreeSet::new();
    let mut above = reviewer.and_then(|reviewer| list.supervisor(reviewer)).map(str::to_owned);
    while let Some(judge) = above.take_if(|judge| appraised(list.book, review, judge)) {
        above = list.supervisor(&judge).map(str::to_owned).filter(|next| passed.insert(next.clone()));
    }
    if let Some(appeal) = &review.appeal {
        let due = list.deadlines.appeal(review);
        let owner = appeal.by.as_deref().or(above.as_deref());
        let by = format!("by={}", owner.unwrap_or("…"));
        let settle = || Settle::set_at("appeal", ["decided=today", "upheld=true|false", "decision=…", &by]);
        list.owe(of, DutyKind::Appeal, due, owner, Some(&appeal.reason), settle);
    }
    let due = list.deadlines.amendment(review);
    let (period, id) = (review.period, &review.manager);
    let by_records = format!("rmbook close {period} --amend {} --why … --who … --approved-by …", quoted(id));
    list.owe(of, DutyKind::Amendment, due, reviewer, None, || {
        Settle::either(Settle::Whole(by_records), Settle::set(["appeal.corrected_in=…"]))
    });
    let due = list.deadlines.talk(list.book, review);
    list.owe(of, DutyKind::Talk, due, reviewer, None, || Settle::add("feedback-talk", "--summary …"));
    for (index, checkpoint) in review.checkpoints.iter().enumerate() {
        let due = list.deadlines.checkpoint(review, checkpoint);
        let at = || entry("checkpoints", &review.checkpoints, index);
        let settle = || Settle::set_at(&at(), ["checked=today", "met=true|false"]);
        list.owe(of, DutyKind::Checkpoint, due, reviewer, Some(&checkpoint.what), settle);
    }
    if let Some(plan) = &review.improvement_plan {
        let due = list.deadlines.improvement_plan(plan);
        let settle = || Settle::set_at("improvement_plan", ["ended=today", "result=passed|extended|failed"]);
        list.owe(of, DutyKind::ImprovementPlan, due, reviewer, None, settle);
    }
}
