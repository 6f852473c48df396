//! The total explained: dimensions, vetoes, gates, what each step did to the total, the rating and the moves between grades.

use rust_decimal::Decimal;

use super::{Known, Rows, bounds, in_post, is_number, named, plain, points, rounding, terms, unit_cell};
use crate::msg;
use crate::policy::curve::table::Edge;
use crate::policy::expr::Expr;
use crate::policy::plan::{Bounds, Gate, Move, Plan, Rating, Role};
use crate::record::policy::RatingOn;
use crate::record::policy::outcome::GateOn;
use crate::report::rule_word;
use crate::score::card::{Change, ItemScore, Proposal, Scorecard, TotalStep, VetoHit};
use crate::score::total::in_sum;
use crate::table::Cell;
use crate::text::{Message, Text, report, scorecard as say};

/// What the rows about the total and the rating are called.
pub(super) const TOTAL: &str = "total";
const RATING: &str = "rating";

impl<'a> Rows<'a> {
    pub(super) fn of_total(&mut self, plan: &Plan, card: &'a Scorecard) {
        self.dimensions(plan, card);
        self.vetoes(plan, card);
        self.gates(plan, card, GateOn::Total);
        self.about_word(TOTAL, report::TOTAL);
        let mut before = Decimal::ZERO;
        for step in &card.steps {
            self.total_step(plan, card, step, before);
            before = step.total;
        }
        self.gates(plan, card, GateOn::Rating);
        self.rating(plan, card);
        self.moves(plan, card, say::PROMOTION_RULE, card.promotion.as_slice(), &plan.promotion);
        self.moves(plan, card, say::DEMOTION_RULE, card.demotion.as_slice(), &plan.demotion);
        self.moves(plan, card, say::WARNING_RULE, &card.warnings, &plan.warnings);
        self.unjudged(card);
    }

    fn dimensions(&mut self, plan: &Plan, card: &'a Scorecard) {
        for dimension in &card.dimensions {
            let Some(written) = plan.dimensions.iter().find(|one| one.id == dimension.id) else { continue };
            self.about(&dimension.id, &dimension.title);
            let items = card.items.iter().filter(|item| item.dimension.as_ref() == Some(&dimension.id));
            let items = items.filter(|item| item.standing.counts() && item.points.is_some());
            let items = items.map(|item| (&*item.id, &*item.title, in_sum(plan, item)));
            let below = card.dimensions.iter().filter(|one| one.parent.as_ref() == Some(&dimension.id));
            let below = below.filter_map(|one| Some((&*one.id, &*one.title, one.points?)));
            self.push(say::DIMENSION, terms(items.chain(below)), Some(dimension.sum), points());
            if dimension.points.is_none_or(|points| points == dimension.sum) {
                continue;
            }
            let known = Known::new(self.policy, plan, card, &[]);
            let (min, max) = self.bound(&known, written.min.as_ref(), written.max.as_ref());
            let cut = within(dimension.sum, min, max);
            if cut != dimension.sum {
                self.push(say::DIMENSION, bounds(min, max), Some(cut), points());
            }
            if Some(cut) != dimension.points {
                let mode = plan.rounding.mode.unwrap_or_default();
                self.rounded(say::ROUNDED, written.round, mode, dimension.points, points());
            }
        }
    }

    /// Two bounds as numbers, each with its formula where it has one.
    pub(super) fn bound(
        &mut self,
        known: &Known<'_>,
        min: Option<&Expr>,
        max: Option<&Expr>,
    ) -> (Option<Decimal>, Option<Decimal>) {
        for formula in min.iter().chain(&max).filter(|bound| !is_number(bound)) {
            self.parameter(known, formula);
        }
        let number = |bound: Option<&Expr>| bound.and_then(|bound| known.number(bound));
        (number(min), number(max))
    }

    fn vetoes(&mut self, plan: &Plan, card: &'a Scorecard) {
        for veto in &plan.vetoes {
            let hit = card.vetoes.iter().find(|hit| hit.id == veto.id);
            let idle =
                || card.idle.iter().find(|idle| idle.id == veto.id).map(|idle| idle.figures.as_slice());
            let Some(figures) = hit.map(|hit| hit.figures.as_slice()).or_else(idle) else { continue };
            self.about(&veto.id, &veto.title);
            self.figures(figures);
            let known =
                Known { total: so_far(card, &veto.id), ..Known::new(self.policy, plan, card, figures) };
            self.condition(&known, &veto.when);
            let Some(hit) = hit else { continue };
            for formula in veto.cap.iter().chain(&veto.pay).filter(|effect| !is_number(effect)) {
                self.parameter(&known, formula);
            }
            for effect in effects(hit) {
                self.say(say::VETO, effect);
            }
        }
    }

    pub(super) fn gates(&mut self, plan: &Plan, card: &'a Scorecard, on: GateOn) {
        for gate in plan.gates.iter().filter(|gate| gate.on == on) {
            let acts = card.gates.iter().find(|found| found.id == gate.id);
            if acts.is_none() {
                self.idle_gate(plan, card, gate);
            }
            let Some(found) = acts else { continue };
            self.about(&gate.id, &gate.title);
            self.figures(&found.figures);
            let mut known = Known::new(self.policy, plan, card, &found.figures);
            known.full = Decimal::ONE;
            known.total = so_far(card, &gate.id);
            if let Some(when) = &gate.when {
                self.condition(&known, when);
            }
            for (step, formula) in [(say::TARGET, &gate.target), (say::VALUE, &gate.value)] {
                let Some(formula) = formula else { continue };
                known.unit = self.policy.unit_of(plan, formula);
                let number = known.number(formula);
                self.push(step, known.shown(formula), number, unit_cell(&known.unit));
                if step == say::TARGET {
                    known.target = number;
                }
            }
            self.steps(&mut known, &gate.chain, gate.curve.as_deref(), &found.steps);
            let how = gate.factor.as_ref().map(|factor| known.shown(factor));
            self.push(say::FACTOR, how, Some(found.factor), Cell::Missing);
        }
    }

    fn idle_gate(&mut self, plan: &Plan, card: &'a Scorecard, gate: &Gate) {
        let idle = card.idle.iter().find(|idle| idle.id == gate.id);
        let (Some(idle), Some(when)) = (idle, &gate.when) else { return };
        self.about(&gate.id, &gate.title);
        self.figures(&idle.figures);
        let known =
            Known { total: so_far(card, &gate.id), ..Known::new(self.policy, plan, card, &idle.figures) };
        self.condition(&known, when);
    }

    fn total_step(&mut self, plan: &Plan, card: &Scorecard, step: &TotalStep, before: Decimal) {
        let from = plain(before);
        let how: Cell = match &step.change {
            Change::Sum => sum(plan, card).into(),
            Change::Rescaled { skipped } => {
                msg!(say::RESCALED, before = from, whole = plain(plan.whole), skipped = plain(*skipped))
                    .into()
            }
            Change::Points(id, points) => {
                if let Some(bounds) =
                    plan.caps.iter().find(|(group, _)| group == id).map(|(_, bounds)| bounds)
                {
                    self.group(plan, card, id, bounds);
                }
                let sign = if points.is_sign_negative() && !points.is_zero() { "−" } else { "+" };
                let title = card.item(id).map_or(&**id, |item| &*item.title);
                let points = plain(points.abs());
                msg!(say::CHANGED_BY, before = from, sign = sign, what = named(id, title), points = points)
                    .into()
            }
            Change::Veto(id) => {
                let hit = card.vetoes.iter().find(|hit| hit.id == *id);
                let title = hit.map_or(&**id, |hit| &*hit.title);
                msg!(say::VETOED, title = title).into()
            }
            Change::Gate(gate, factor) => {
                let title = plan.gates.iter().find(|one| one.id == *gate).map_or(&**gate, |one| &*one.title);
                msg!(say::GATED, gate = named(gate, title), before = from, factor = plain(*factor)).into()
            }
            Change::Active(_) => {
                let by = plan.partial.shrinks(crate::record::policy::Prorate::Score);
                in_post(&card.profile, by, before, "")
            }
            Change::Bounds => {
                let known = Known::new(self.policy, plan, card, &[]);
                let (min, max) = self.bound(&known, plan.total.min.as_ref(), plan.total.max.as_ref());
                bounds(min, max)
            }
            Change::Rounding => {
                let mode = plan.rounding.mode.unwrap_or_default();
                plan.rounding.total.map(|places| rounding(places, mode)).into()
            }
        };
        self.push(report::TOTAL, how, Some(step.total), points());
    }

    /// The members of a group of additions or deductions, and its bounds.
    fn group(&mut self, plan: &Plan, card: &Scorecard, id: &str, written: &Bounds) {
        let inside = |item: &&ItemScore| {
            plan.item(&item.id).is_some_and(|at| plan.items[at].group.as_deref() == Some(id))
        };
        let members = card.items.iter().filter(inside).filter(|item| item.standing.counts());
        let members: Vec<(&str, &str, Decimal)> =
            members.map(|item| (&*item.id, &*item.title, in_sum(plan, item).abs())).collect();
        let known = Known::new(self.policy, plan, card, &[]);
        let (min, max) = self.bound(&known, written.min.as_ref(), written.max.as_ref());
        let sum: Decimal = members.iter().map(|(_, _, points)| *points).sum();
        let all = msg!(say::GROUP, group = id, terms = terms(members.into_iter()));
        self.push(say::POINTS, all, Some(sum), points());
        let cut = within(sum, min, max);
        if cut != sum {
            self.push(say::POINTS, bounds(min, max), Some(cut), points());
        }
    }

    pub(super) fn rating(&mut self, plan: &Plan, card: &'a Scorecard) {
        if let Some(open) = &card.unrated {
            self.about_word(RATING, report::RATING);
            self.say(say::RATED, open.reason.clone());
        }
        let Some(rating) = &card.rating else { return };
        self.about_word(RATING, report::RATING);
        self.figures(&card.rated_by);
        let exact = plan.rating_on == RatingOn::Exact;
        let total = if exact { card.exact_total } else { card.total };
        let factors: Vec<Decimal> =
            card.gates.iter().filter(|gate| gate.on == "rating").map(|gate| gate.factor).collect();
        let total = total.map(|total| factors.iter().fold(total, |total, factor| total * factor));
        if let (false, Some(total)) = (factors.is_empty(), total) {
            let shown = if exact { card.exact_total } else { card.total }.unwrap_or_default();
            let product = factors.iter().map(|factor| format!(" × {}", plain(*factor))).collect::<String>();
            self.push(say::RATED, format!("{}{product}", plain(shown)), Some(total), points());
        }
        let known = Known::new(self.policy, plan, card, &card.rated_by);
        let at = plan.ratings.iter().position(|band| total.is_some_and(|total| fits(&known, band, total)));
        let band = at.map(|at| &plan.ratings[at]);
        // What keeps a better rating away that the total is enough for.
        for better in &plan.ratings[..at.unwrap_or_default()] {
            if total.is_some_and(|total| within_edges(&known, better, total)) {
                let conditions = better.when.iter().chain(&better.all);
                let missed = conditions.filter(|condition| known.holds(condition) == Some(false));
                missed.for_each(|condition| self.condition(&known, condition));
            }
        }
        if let (Some(band), Some(total)) = (band, total) {
            for condition in band.when.iter().chain(&band.all) {
                self.condition(&known, condition);
            }
            self.say(say::RATED, edges(&known, band, total));
        }
        if band.is_none_or(|band| band.id != *rating) {
            self.say(say::RATED, msg!(say::AT_BEST, rating = &**rating));
        }
    }

    fn moves(&mut self, plan: &Plan, card: &'a Scorecard, step: Text, met: &'a [Proposal], rules: &[Move]) {
        for proposal in met {
            let called = |rule: &&Move| {
                rule.written.to.as_deref().or(rule.written.title.as_deref()) == Some(&*proposal.to)
                    && rule.written.title == proposal.title
            };
            let Some(rule) = rules.iter().find(called) else { continue };
            self.about(&proposal.to, proposal.title.as_deref().unwrap_or(&proposal.to));
            self.figures(&proposal.figures);
            let known = Known::new(self.policy, plan, card, &proposal.figures);
            for condition in &rule.all {
                self.condition(&known, condition);
            }
            self.say(step, msg!(say::HELD_FOR_PERIODS, to = &*proposal.to, periods = proposal.periods));
        }
    }

    /// Rules that nobody can judge, with what is known of the figures they look at.
    fn unjudged(&mut self, card: &'a Scorecard) {
        for open in card.unjudged.iter().chain(&card.early) {
            let to = open.error.item.as_deref().unwrap_or_default();
            self.about(to, open.title.as_deref().unwrap_or(to));
            self.figures(&open.figures);
            self.say(rule_word(open.kind), open.error.reason.clone());
        }
    }

    /// The next rows are about what has a name of ours.
    pub(super) fn about_word(&mut self, key: &'static str, text: Text) {
        self.item = Cell::Said { key, text };
    }
}

/// The top dimensions and the indicators outside any.
fn sum(plan: &Plan, card: &Scorecard) -> Message {
    let top = card.dimensions.iter().filter(|one| one.parent.is_none());
    let top = top.filter_map(|one| Some((&*one.id, &*one.title, one.points?)));
    let loose = card.items.iter().filter(|item| item.role == Role::Indicator && item.dimension.is_none());
    let loose = loose.filter(|item| item.points.is_some());
    let loose = loose.map(|item| (&*item.id, &*item.title, in_sum(plan, item)));
    terms(top.chain(loose))
}

/// The total before a veto or a gate looked at it, where it changed it; the last one made otherwise.
fn so_far(card: &Scorecard, id: &str) -> Option<Decimal> {
    let changes =
        |change: &Change| matches!(change, Change::Veto(known) | Change::Gate(known, _) if **known == *id);
    let at = card.steps.iter().position(|step| changes(&step.change))?;
    card.steps.get(at.checked_sub(1)?).map(|step| step.total)
}

fn effects(hit: &VetoHit) -> Vec<Message> {
    let cap = hit.cap.map(|cap| msg!(say::VETO_CAP, cap = plain(cap)));
    let rating = hit.rating.as_ref().map(|rating| msg!(say::AT_BEST, rating = &**rating));
    let pay = hit.pay.map(|pay| msg!(say::VETO_PAY, factor = plain(pay)));
    [cap, rating, pay].into_iter().flatten().collect()
}

fn within(value: Decimal, min: Option<Decimal>, max: Option<Decimal>) -> Decimal {
    let value = max.map_or(value, |max| value.min(max));
    min.map_or(value, |min| value.max(min))
}

fn fits(known: &Known<'_>, band: &Rating, total: Decimal) -> bool {
    let mut conditions = band.when.iter().chain(&band.all);
    within_edges(known, band, total) && conditions.all(|condition| known.holds(condition) == Some(true))
}

fn within_edges(known: &Known<'_>, band: &Rating, total: Decimal) -> bool {
    let edge = |edge: &Option<Edge>, beyond: fn(Decimal, Decimal) -> bool| {
        edge.as_ref().is_none_or(|edge| {
            known.number(&edge.at).is_some_and(|at| beyond(total, at) || edge.included && total == at)
        })
    };
    edge(&band.lower, |total, at| total > at) && edge(&band.upper, |total, at| total < at)
}

/// `85 ≤ 90.59 < 95: B`
fn edges(known: &Known<'_>, band: &Rating, total: Decimal) -> Message {
    let edge = |edge: &Option<Edge>| {
        let edge = edge.as_ref()?;
        Some((plain(known.number(&edge.at)?), if edge.included { "≤" } else { "<" }))
    };
    let (lower, upper) = (edge(&band.lower), edge(&band.upper));
    let lower = lower.map(|(at, sign)| format!("{at} {sign} ")).unwrap_or_default();
    let upper = upper.map(|(at, sign)| format!(" {sign} {at}")).unwrap_or_default();
    let edges = format!("{lower}{}{upper}", plain(total));
    msg!(say::RATED_AS, edges = edges, rating = &*band.id)
}
