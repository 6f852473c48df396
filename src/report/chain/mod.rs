//! A scorecard step by step: every figure down to its records, and every number from the one before it.
//!
//! The rows stand in the order in which the numbers come about. Each says what was computed as the policy writes it, with
//! the numbers in the place of the names, so that a person with a calculator comes to the printed result.

use std::collections::HashMap;
use std::sync::Arc;

use rust_decimal::Decimal;

mod blend;
mod item;
mod known;
mod pay;
mod total;

use super::{apart, standing};
use crate::book::Book;
use crate::metric::{Bearing, Evidence};
use crate::msg;
use crate::policy::curve::{Chain, Filled};
use crate::policy::expr::{Expr, Node, Value};
use crate::policy::plan::Plan;
use crate::policy::{Policy, round};
use crate::record::policy::Mode;
use crate::record::review::RaterGroup;
use crate::record::span::lines;
use crate::score::apply::Scored;
use crate::score::card::{Figure, MARK, RATERS, Scorecard, Step};
use crate::source::{Place, Sources};
use crate::table::{Cell, Column, Kind, Table, Together};
use crate::text::{Lang, Message, Text, policy, practice, report, scorecard as say};
use item::{bounds, in_post, time_in_post};
use known::{Known, with_unit};
use total::TOTAL;

/// One manager's scorecard explained.
pub fn chain(book: &Book, sources: &Sources, scored: &Scored<'_>, card: &Scorecard) -> Table {
    let columns = vec![
        Column::new("item", say::ITEM, Kind::Text),
        Column::new("step", say::STEP, Kind::Text),
        Column::new("how", say::HOW, Kind::Text),
        Column::new("number", say::NUMBER, Kind::Number).together(Together::None),
        Column::new("unit", report::UNIT, Kind::Text),
        Column::new("place", say::WHERE, Kind::Text),
    ];
    let name = book.managers.get(&card.profile.id).map_or(&*card.profile.id, |manager| &manager.data.name);
    let title = msg!(
        say::EXPLAINED,
        name = name,
        policy = &scored.policy.record.title,
        period = card.period.to_string()
    );
    let mut table = Table::new(format!("explain_{}", card.profile.id), title, columns);
    if let Some(sealed) = card.sealed.as_deref().filter(|sealed| sealed.differs()) {
        let (then, _) = apart(&sealed.stands, &sealed.now);
        table.notes.push(msg!(say::RECOMPUTED, then = then));
    }
    let mut rows =
        Rows { table, policy: scored.policy, item: Cell::Missing, units: HashMap::new(), places: Vec::new() };
    match &card.blend {
        Some(blend) => rows.of_blend(card, blend),
        None => rows.of_card(card),
    }
    rows.placed(sources)
}

/// The rows so far.
struct Rows<'a> {
    table: Table,
    policy: &'a Policy,
    /// What the rows at hand are about.
    item: Cell,
    /// What the figures of the plan at hand are in, by their names.
    units: HashMap<Arc<str>, String>,
    /// The rows that come from a record, and its place.
    places: Vec<(usize, &'a Place)>,
}

impl<'a> Rows<'a> {
    /// The table, with the line each record's figure stands in.
    fn placed(mut self, sources: &Sources) -> Table {
        let lines = lines(self.places.iter().map(|(_, at)| *at), sources);
        for (row, at) in self.places {
            if let (Some(cell), Some(line)) = (self.table.rows[row].last_mut(), lines.get(at)) {
                *cell = line.as_str().into();
            }
        }
        self.table
    }

    /// What the next rows are about: the id, and what people call it.
    fn about(&mut self, id: &str, title: &str) {
        self.item = named(id, title).into();
    }

    fn push(&mut self, step: Text, how: impl Into<Cell>, number: Option<Decimal>, unit: impl Into<Cell>) {
        let number = number.map(plain);
        let unit = if number.is_some() { unit.into() } else { Cell::Missing };
        let row = vec![
            self.item.clone(),
            Message::from(step).into(),
            how.into(),
            number.into(),
            unit,
            Cell::Missing,
        ];
        self.table.push(row);
    }

    /// A row without a number.
    fn say(&mut self, step: Text, how: impl Into<Cell>) {
        self.push(step, how, None, Cell::Missing);
    }

    fn of_card(&mut self, card: &'a Scorecard) {
        if let Ok(plan) = self.policy.plan(&card.variants) {
            self.of_plan(&plan, card);
        }
    }

    fn of_plan(&mut self, plan: &Plan, card: &'a Scorecard) {
        self.units = units(self.policy, plan);
        for item in &card.items {
            self.of_item(plan, card, item);
        }
        self.of_total(plan, card);
        if let Some(pay) = &card.pay {
            self.of_pay(plan, card, pay);
        }
    }

    /// A condition with its numbers, and whether it holds.
    fn condition(&mut self, known: &Known<'_>, condition: &Expr) {
        let how = Message::verbatim(known.shown(condition));
        let how = match known.holds(condition) {
            Some(true) => msg!(say::HOLDS, condition = how),
            Some(false) => msg!(say::DOES_NOT_HOLD, condition = how),
            None => how,
        };
        self.say(say::CONDITION, how);
    }

    /// What curves did, under the name they go by, and the expressions behind the numbers they took.
    fn steps(&mut self, known: &mut Known<'_>, chain: &Chain, name: Option<&str>, steps: &[Step]) {
        if let Some(name) = name.filter(|_| !steps.is_empty()) {
            self.say(say::CURVE, msg!(policy::BY_CURVE, name = name));
        }
        for (at, step) in steps.iter().enumerate() {
            known.x = Some(step.input);
            if at > 0 {
                known.unit.clear();
            }
            if let Some(curve) = chain.get(at) {
                let told: Vec<&Arc<Expr>> = step.how.iter().flat_map(Filled::formulas).collect();
                curve.parameters(&mut |parameter| {
                    let told = told.iter().any(|formula| formula.text == parameter.text);
                    if !told && !is_number(parameter) {
                        self.parameter(known, parameter);
                    }
                });
            }
            self.filled(known, &step.how, Some(step.score), &Cell::Missing);
        }
    }

    /// An expression whose number a formula takes, where it was taken; what is one figure stands among the figures.
    fn parameter(&mut self, known: &Known<'_>, parameter: &Expr) {
        if matches!(parameter.node, Node::Leaf(..)) {
            return;
        }
        if let Some(number) = known.number(parameter) {
            let unit = known.policy.unit_of(known.plan, parameter);
            self.push(say::PARAMETER, known.shown(parameter), Some(number), unit_cell(&unit));
        }
    }

    fn filled(&mut self, known: &Known<'_>, how: &[Filled], result: Option<Decimal>, unit: &Cell) {
        for (at, filled) in how.iter().enumerate() {
            let last = at + 1 == how.len();
            let number = filled.result().or(result.filter(|_| last));
            self.push(say::CURVE, filled.message(known), number, unit.clone());
        }
    }

    /// Rounding to a number of places.
    fn rounded(&mut self, step: Text, places: Option<i32>, mode: Mode, number: Option<Decimal>, unit: Cell) {
        let how: Cell = places.map(|places| rounding(places, mode)).into();
        self.push(step, how, number, unit);
    }

    fn figures(&mut self, figures: &'a [Figure]) {
        for figure in figures.iter().filter(|figure| !matches!(&*figure.name, "x" | "target" | "full")) {
            let unit = self.units.get(&figure.name).map(|unit| unit_cell(unit)).unwrap_or(Cell::Missing);
            let (number, how): (Option<Decimal>, Cell) = match &figure.value {
                Ok(Value::Number(number)) => (Some(*number), called(&figure.name)),
                Ok(Value::Text(words)) => (None, format!("{} = {words}", figure.name).into()),
                Ok(Value::Date(day)) => (None, format!("{} = {day}", figure.name).into()),
                Ok(Value::Flag(flag)) => (None, format!("{} = {flag}", figure.name).into()),
                Err(reason) => (None, reason.clone().into()),
            };
            self.push(say::FIGURE, how, number, unit.clone());
            for evidence in &figure.evidence {
                self.places.push((self.table.rows.len(), &evidence.at));
                let step = if evidence.bearing == Bearing::Missed { say::MISSED } else { say::RECORD };
                self.push(step, bears(evidence), Some(evidence.amount), unit.clone());
            }
        }
    }
}

/// What the figures that a plan may name are in.
fn units(policy: &Policy, plan: &Plan) -> HashMap<Arc<str>, String> {
    let mut units = HashMap::new();
    plan.expressions(&mut |expression| {
        expression.node.names(&mut |leaf, name| {
            units.entry(name.clone()).or_insert_with(|| policy.unit_of_leaf(plan, leaf));
        });
    });
    units
}

/// Whether an expression is a number as it stands, so that printing it tells nothing more.
fn is_number(expression: &Expr) -> bool {
    matches!(expression.node, Node::Number(_) | Node::Negative(_)) && expression.constant.is_some()
}

/// `to 2 places, halves away from zero`
fn rounding(places: i32, mode: Mode) -> Message {
    msg!(say::TO_PLACES, places = places, mode = round::said(mode))
}

/// What goes by an id and a title; titles stand in one language, so where they are Chinese, people who read Chinese are shown
/// them, and others the id.
fn named(id: &str, title: &str) -> Message {
    Message::both(id, if title.is_ascii() { id } else { title })
}

/// `a 1 + b 2`, for parts by id and title.
fn terms<'t>(parts: impl Iterator<Item = (&'t str, &'t str, Decimal)>) -> Message {
    let parts: Vec<_> = parts.collect();
    let [en, zh] = [Lang::En, Lang::Zh].map(|lang| {
        let parts = parts.iter().map(|(id, title, part)| (named(id, title).get(lang), *part));
        joined(parts.map(|(name, part)| (format!("{name} {}", plain(part.abs())), part)))
    });
    Message::both(en, zh)
}

/// `5 + 2 − 1`, without what is zero.
fn sum_of(parts: impl Iterator<Item = Decimal>) -> String {
    let sum = joined(parts.filter(|part| !part.is_zero()).map(|part| (plain(part.abs()).to_string(), part)));
    if sum.is_empty() { "0".into() } else { sum }
}

/// Words with the sign of their numbers between them.
fn joined(parts: impl Iterator<Item = (String, Decimal)>) -> String {
    let mut out = String::new();
    for (words, part) in parts {
        out.push_str(match (out.is_empty(), part.is_sign_negative() && !part.is_zero()) {
            (true, false) => "",
            (true, true) => "−",
            (false, false) => " + ",
            (false, true) => " − ",
        });
        out.push_str(&words);
    }
    out
}

fn unit_cell(unit: &str) -> Cell {
    if unit.is_empty() { Cell::Missing } else { unit.into() }
}

fn points() -> Cell {
    Cell::Said { key: "points", text: practice::POINTS }
}

fn plain(number: Decimal) -> Decimal {
    number.round_dp(10).normalize()
}

/// The key path of a place, as people read it.
/// The name of a figure; what no expression names goes by its words.
fn called(name: &str) -> Cell {
    if let Some(reason) = name.strip_prefix(MARK) {
        return msg!(say::MARK_FOR, reason = reason).into();
    }
    let group = name.strip_prefix(RATERS).and_then(|group| group.parse::<RaterGroup>().ok());
    group.map_or_else(|| name.into(), |group| msg!(say::RATERS, group = group.title()).into())
}

/// Where a record stands, and which part of it counts where not all of it does: `results.2026-10.deposits × 30%`, or
/// `targets.2026-Q3.deposits × 1 / 3` where no short percentage says it.
fn bears(evidence: &Evidence) -> Cell {
    match (where_in(&evidence.at), evidence.bearing) {
        (Cell::Text(place), Bearing::Part(part, all)) => {
            let ratio = part.checked_div(all).unwrap_or_default().round_dp(4);
            if ratio * all == part {
                format!("{place} × {}%", plain(ratio * Decimal::ONE_HUNDRED)).into()
            } else {
                format!("{place} × {} / {}", plain(part), plain(all)).into()
            }
        }
        (place, _) => place,
    }
}

fn where_in(at: &Place) -> Cell {
    use crate::source::Target;
    match &at.target {
        Target::Value(path) | Target::Key(path) | Target::Part { path, .. } => path.to_string().into(),
        Target::File | Target::Bytes { .. } => Cell::Missing,
    }
}
