//! Rules of promotion, demotion and warning: which conditions hold, for how long, and what the others lack.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::super::around::Around;
use super::super::outcome::{held, rating_total};
use super::need::{for_score, grid, unit};
use super::{Condition, Gap, MoveKind, Need, Prospect, Seen};
use crate::policy::ask::Source;
use crate::policy::curve::table::Edge;
use crate::policy::expr::{Expr, Leaf, Node, Op, Part};
use crate::policy::plan::Move;
use crate::policy::unit::unit_of_node;
use crate::record::settings::MeasureKind;

/// The rules that start from a manager's grade.
pub(super) fn prospects(seen: Seen<'_>) -> Vec<Prospect> {
    let manager = seen.manager();
    let grade = manager.facts.profile().grade.as_deref();
    let plan = &manager.plan;
    let lists = [
        (MoveKind::Promotion, &plan.promotion),
        (MoveKind::Demotion, &plan.demotion),
        (MoveKind::Warning, &plan.warnings),
    ];
    let starts = |step: &Move| step.written.from.as_ref().is_none_or(|from| from.has(grade));
    let steps = lists.into_iter().flat_map(|(kind, moves)| moves.iter().map(move |step| (kind, step)));
    steps.filter(|(_, step)| starts(step)).map(|(kind, step)| prospect(seen, kind, step)).collect()
}

fn prospect(seen: Seen<'_>, kind: MoveKind, step: &Move) -> Prospect {
    let rule = &step.written;
    let profile = seen.manager().facts.profile();
    let conditions: Vec<Condition> = step.all.iter().map(|all| condition(seen, step, all)).collect();
    let mut run = Run { held: 0, unknown: false };
    if conditions.iter().all(|condition| condition.holds == Some(true)) {
        run = running(seen, step);
    }
    Prospect {
        kind,
        to: rule.to.as_deref().or(rule.title.as_deref()).unwrap_or_default().into(),
        title: rule.title.clone(),
        conditions,
        held: run.held,
        unknown_before: run.unknown,
        consecutive: rule.times(),
        months: profile.grade_months,
        min_months: rule.min_months,
    }
}

struct Run {
    held: u32,
    unknown: bool,
}

/// Periods in which a rule that holds now has held, counted no further than it asks: running, or among the last so many.
fn running(seen: Seen<'_>, step: &Move) -> Run {
    let rule = &step.written;
    let mut run = Run { held: 1, unknown: false };
    for back in 1..rule.periods() {
        if run.held >= rule.times() {
            break;
        }
        let held = held(seen.board, seen.me, seen.earlier, (step, back)).ok();
        run.held += u32::from(held == Some(true));
        run.unknown |= held.is_none();
        if held != Some(true) && rule.within.is_none() {
            break;
        }
    }
    Run { unknown: run.unknown && run.held < rule.times(), ..run }
}

/// A condition as it sees the period: as it was closed, where it was.
fn condition(seen: Seen<'_>, step: &Move, all: &Expr) -> Condition {
    seen.earlier.look(seen.board, (seen.me, seen.board.period), step, |around| {
        let mut gaps = Vec::new();
        compare(seen, &around, all, &all.node, &mut gaps);
        Condition { text: all.text.clone(), holds: around.flag(all).ok(), gaps }
    })
}

/// The comparisons that a condition is made of; what stands under `or` and `not` has no one gap.
fn compare(seen: Seen<'_>, around: &Around<'_>, all: &Expr, node: &Node, gaps: &mut Vec<Gap>) {
    match node.plain() {
        Node::Binary(Op::And, left, right) => {
            compare(seen, around, all, left, gaps);
            compare(seen, around, all, right, gaps);
        }
        Node::In(left, _) | Node::Binary(Op::Equal, left, _) if is_rating(left) => {
            gaps.extend(rating(seen, around, all, node));
        }
        Node::Binary(op @ (Op::AtLeast | Op::Above | Op::AtMost | Op::Below | Op::Equal), left, right) => {
            let stated = |node: &Node| matches!(node.plain(), Node::Number(_));
            let (figure, needed) = if stated(left) { (right, left) } else { (left, right) };
            let holds = node.flag(around).unwrap_or(false);
            let rises = match op {
                Op::Equal => None,
                op => Some(matches!(op, Op::AtLeast | Op::Above) != stated(left)),
            };
            let beyond = matches!(op, Op::Above | Op::Below);
            gaps.extend(amounts(seen, around, all, figure, needed).map(|gap| {
                let nearest = nearest(gap.needed, step_of(seen, figure), rises, beyond);
                closed(seen, figure, Gap { nearest, ..gap }, holds, rises)
            }));
        }
        _ => {}
    }
}

fn is_rating(node: &Node) -> bool {
    matches!(node.plain(), Node::Leaf(Leaf::Rating, _))
}

/// Both sides of a comparison, where both are known.
fn amounts(seen: Seen<'_>, around: &Around<'_>, all: &Expr, figure: &Node, needed: &Node) -> Option<Gap> {
    let edge = needed.number(around).ok()?.normalize();
    Some(Gap {
        figure: leaf(figure).map_or_else(|| all.text.clone(), |(_, name)| name.clone()),
        now: figure.number(around).ok()?.normalize(),
        needed: edge,
        nearest: edge,
        unit: unit_of(seen, figure),
        holds: true,
        need: None,
    })
}

/// The least step of what a comparison looks at: one where it is counted, else a hundredth, of a ratio a hundredth of a
/// percentage point.
fn step_of(seen: Seen<'_>, figure: &Node) -> Decimal {
    let kind = match leaf(figure) {
        Some((Leaf::Ask(ask, _), _)) => seen.policy.names.get(&ask.query.name).map(|metric| metric.kind),
        Some((Leaf::MonthsIn | Leaf::GradeMonths, _)) => Some(MeasureKind::Count),
        _ => None,
    };
    grid(kind.unwrap_or(MeasureKind::Flow))
}

/// The figure nearest to an edge with which a comparison holds, on whole steps where the figure is counted or has to go `beyond`.
fn nearest(edge: Decimal, step: Decimal, rises: Option<bool>, beyond: bool) -> Decimal {
    let Some(rises) = rises.filter(|_| beyond || step == Decimal::ONE) else { return edge };
    let steps = edge / step;
    let (whole, next) = if rises {
        (steps.ceil(), steps.floor() + Decimal::ONE)
    } else {
        (steps.floor(), steps.ceil() - Decimal::ONE)
    };
    ((if beyond { next } else { whole }) * step).normalize()
}

/// The one name a figure goes by, also inside a function such as `default`.
fn leaf(figure: &Node) -> Option<(&Leaf, &Arc<str>)> {
    match figure.plain() {
        Node::Leaf(leaf, name) => Some((leaf, name)),
        Node::Call(_, arguments) => arguments.first().and_then(leaf),
        _ => None,
    }
}

/// A gap with the figure that would close it: its own, or the one behind a score that should rise.
fn closed(seen: Seen<'_>, figure: &Node, gap: Gap, holds: bool, rises: Option<bool>) -> Gap {
    let need = match leaf(figure) {
        Some((Leaf::Item(part, id), _)) if !holds && rises == Some(true) => {
            for_item(seen, *part, id, gap.nearest)
        }
        Some((Leaf::Ask(ask, _), _)) if !holds && matches!(ask.source, Source::Manager | Source::Actuals) => {
            let (query, unit) = (ask.query.clone(), gap.unit.clone());
            Some(Need { query, now: gap.now, needed: gap.nearest, unit })
        }
        _ => None,
    };
    Gap { holds, need, ..gap }
}

fn for_item(seen: Seen<'_>, part: Part, id: &Arc<str>, needed: Decimal) -> Option<Need> {
    let wanted = match part {
        Part::Score => needed,
        Part::Points => {
            let item = seen.manager().items.get(id)?;
            needed.checked_mul(item.full)?.checked_div(item.effective_weight?)?
        }
        Part::Value | Part::Target => return None,
    };
    for_score(seen, id, wanted)
}

/// The total against the edge of the ratings that a condition accepts: the lowest lower edge, or, where the worst rating is
/// among them, the edge at which the best of them ends: its own, or where the next better one begins.
fn rating(seen: Seen<'_>, around: &Around<'_>, all: &Expr, node: &Node) -> Option<Gap> {
    let plan = &seen.manager().plan;
    let accepted = plan.ratings.iter().filter(|rating| {
        let mut supposed = seen.around();
        supposed.rating = Some(&rating.id);
        node.flag(&supposed).unwrap_or(false)
    });
    let accepted: Vec<_> = accepted.collect();
    let worst = plan.ratings.last()?;
    let falls = accepted.iter().any(|rating| std::ptr::eq(*rating, worst));
    let at = |edge: &Edge| Some((seen.around().number(&edge.at).ok()?, edge.included));
    let (edge, included) = if falls {
        let best = plan.ratings.iter().position(|rating| std::ptr::eq(rating, accepted[0]))?;
        let own = plan.ratings[best].upper.as_ref().and_then(at);
        let better = || plan.ratings[..best].iter().rev().find_map(|rating| rating.lower.as_ref());
        own.or_else(|| better().and_then(at).map(|(edge, included)| (edge, !included)))?
    } else {
        let edges = accepted.iter().filter_map(|rating| rating.lower.as_ref());
        edges.filter_map(at).min_by_key(|(edge, included)| (*edge, !included))?
    };
    let figure: Arc<str> = "total".into();
    Some(Gap {
        figure,
        now: seen
            .manager()
            .facts
            .closed()
            .map_or_else(|| rating_total(seen.board, seen.me), |past| past.total)?
            .normalize(),
        needed: edge.normalize(),
        nearest: nearest(edge.normalize(), grid(MeasureKind::Flow), Some(!falls), !included),
        unit: POINTS.into(),
        holds: around.flag(all).unwrap_or(false),
        need: None,
    })
}

/// What scores and totals are in.
pub(super) const POINTS: &str = "points";

/// What a node's number is in: months, points, a metric's own unit; empty where that cannot be told from one figure.
pub(super) fn unit_of(seen: Seen<'_>, node: &Node) -> String {
    let policy = seen.policy;
    let plan = &seen.manager().plan;
    unit_of_node(node, &|leaf| match leaf {
        Leaf::Ask(ask, _) => {
            policy.names.get(&ask.query.name).map(|metric| unit(policy, metric)).unwrap_or_default()
        }
        Leaf::Item(Part::Value | Part::Target, id) => {
            let value = plan.item(id).and_then(|at| plan.items[at].value.as_ref());
            value.map(|value| unit_of(seen, &value.node)).unwrap_or_default()
        }
        Leaf::Item(..) | Leaf::Total | Leaf::Dimension(_) => POINTS.into(),
        Leaf::MonthsIn | Leaf::GradeMonths => "months".into(),
        leaf => policy.unit_of_leaf(plan, leaf),
    })
}
