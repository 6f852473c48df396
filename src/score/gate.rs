//! Vetoes and gates: what overrides or scales a total.

use rust_decimal::Decimal;

use super::around::Around;
use super::board::Board;
use super::card::{Change, GateFactor, Idle, Step, VetoHit};
use super::item::{Fallback, setback};
use super::run::Several;
use super::total::{Making, failed};
use crate::policy::curve::{Halt, Input};
use crate::policy::expr::Trouble;
use crate::policy::plan::{Gate, Plan};
use crate::record::policy::item::Missing;
use crate::record::policy::outcome::GateOn;

/// Vetoes that apply, each with the total it leaves.
pub(super) fn vetoes(board: &Board<'_>, me: usize, making: &mut Making<'_>) -> Vec<VetoHit> {
    let mut hits = Vec::new();
    let plan = making.plan;
    for veto in &plan.vetoes {
        let around = Around::new(board, me);
        let found = around.flag(&veto.when).and_then(|holds| {
            let cap = around.optional(veto.cap.as_ref().filter(|_| holds))?;
            Ok((holds, cap, around.optional(veto.pay.as_ref().filter(|_| holds))?))
        });
        match found {
            Ok((false, ..)) => making.idle.push(Idle { id: veto.id.clone(), figures: around.figures() }),
            Err(Trouble::Missing(_)) if veto.missing != Missing::Error => {}
            Ok((true, cap, pay)) => {
                let total = if veto.zero { Decimal::ZERO } else { making.total };
                let total = cap.map_or(total, |cap| total.min(cap));
                making.step(Change::Veto(veto.id.clone()), total);
                let figures = around.figures();
                hits.push(VetoHit {
                    id: veto.id.clone(),
                    title: veto.title.clone(),
                    figures,
                    cap: if veto.zero { Some(Decimal::ZERO) } else { cap },
                    rating: veto.rating.clone(),
                    pay,
                });
            }
            Err(trouble) => making.failed(&veto.id, Halt::Trouble(trouble)),
        }
    }
    hits
}

/// Gates on the total and on the rating that act, each with its factor; those on the total change it.
pub(super) fn on_total(board: &Board<'_>, me: usize, making: &mut Making<'_>) -> Vec<GateFactor> {
    let plan = making.plan;
    let mut found = Vec::new();
    for gate in plan.gates.iter().filter(|gate| gate.on != GateOn::Pay) {
        match gate_factor(board, me, plan, gate) {
            Ok(Acts::Not(idle)) => making.idle.push(idle),
            Ok(Acts::By(factor)) => {
                if gate.on == GateOn::Total {
                    making.step(Change::Gate(gate.id.clone(), factor.factor), making.total * factor.factor);
                }
                found.push(factor);
            }
            Err(halt) => making.failed(&gate.id, halt),
        }
    }
    found
}

/// Gates on pay, which may look at total and rating; where one cannot be computed, there is no pay.
pub(super) fn on_pay(board: &mut Board<'_>, some: &Several) {
    for me in some.clone() {
        let plan = board.managers[me].plan.clone();
        for gate in plan.gates.iter().filter(|gate| gate.on == GateOn::Pay) {
            if let Err(error) = board.managers[me].card.withheld(&gate.id, |seen| gate.expressions(seen)) {
                board.managers[me].card.unpaid.push(error);
                continue;
            }
            let found = gate_factor(board, me, &plan, gate);
            let card = &mut board.managers[me].card;
            match found {
                Ok(Acts::By(factor)) => card.gates.push(factor),
                Ok(Acts::Not(idle)) => card.idle.push(idle),
                Err(halt) => card.unpaid.push(failed(&gate.id, halt)),
            }
        }
    }
}

/// Whether a gate acts.
enum Acts {
    By(GateFactor),
    Not(Idle),
}

fn gate_factor(board: &Board<'_>, me: usize, plan: &Plan, gate: &Gate) -> Result<Acts, Halt> {
    let mut around = Around::new(board, me);
    let mut steps = Vec::new();
    let factor = match factor_of(&mut around, gate, None, &mut steps) {
        Ok(None) => return Ok(Acts::Not(Idle { id: gate.id.clone(), figures: around.figures() })),
        Ok(Some(factor)) => factor,
        Err(halt) => match setback(halt.clone(), gate.missing, plan.zero_target).counts_as {
            Fallback::Zero => Decimal::ZERO,
            Fallback::Full => Decimal::ONE,
            Fallback::Skip => return Ok(Acts::Not(Idle { id: gate.id.clone(), figures: around.figures() })),
            Fallback::Error => return Err(halt),
        },
    };
    let on = match gate.on {
        GateOn::Total => "total",
        GateOn::Rating => "rating",
        GateOn::Pay => "pay",
    };
    let figures = around.figures();
    Ok(Acts::By(GateFactor { id: gate.id.clone(), title: gate.title.clone(), on, figures, steps, factor }))
}

/// The factor of a gate that acts; `supposed` stands in place of its value.
pub(super) fn factor_of(
    around: &mut Around<'_>,
    gate: &Gate,
    supposed: Option<Decimal>,
    steps: &mut Vec<Step>,
) -> Result<Option<Decimal>, Halt> {
    if let Some(when) = &gate.when
        && !around.flag(when)?
    {
        return Ok(None);
    }
    if let Some(factor) = &gate.factor {
        return Ok(Some(around.number(factor)?));
    }
    around.target = around.optional(gate.target.as_ref())?;
    let mut x = match supposed {
        Some(supposed) => supposed,
        None => around.optional(gate.value.as_ref())?.unwrap_or_default(),
    };
    for curve in &gate.chain {
        around.x = Some(x);
        let mode = around.plan().rounding.mode.unwrap_or_default();
        let input = Input { x, target: around.target, full: Decimal::ONE, mode, around: &*around };
        let scored = curve.apply(&input)?;
        steps.push(Step { input: x, score: scored.score, how: scored.how });
        x = scored.score;
    }
    Ok(Some(x))
}
