//! A scorecard step by step: every figure down to its records, and every number from the one before it.
//!
//! The rows stand in the order in which the numbers come about; with the printed numbers a person with a calculator comes to
//! the printed result.

use rust_decimal::Decimal;

mod blend;

use super::{apart, standing};
use crate::book::Book;
use crate::msg;
use crate::policy::expr::Value;
use crate::record::scorecard::LedgerKind;
use crate::record::span::lines;
use crate::score::apply::Scored;
use crate::score::card::{Change, Figure, ItemScore, PayResult, Scorecard, Standing};
use crate::source::{Place, Sources};
use crate::table::{Cell, Column, Kind, Table};
use crate::text::report;
use crate::text::{Message, Text, scorecard as say};

/// What the rows about the total and about pay are called.
const TOTAL: &str = "total";
const PAY: &str = "pay";

/// One manager's scorecard explained.
pub fn chain(book: &Book, sources: &Sources, scored: &Scored<'_>, card: &Scorecard) -> Table {
    let columns = vec![
        Column::new("item", say::ITEM, Kind::Text),
        Column::new("step", say::STEP, Kind::Text),
        Column::new("how", say::HOW, Kind::Text),
        Column::new("number", say::NUMBER, Kind::Number),
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
    let mut rows = Rows { table, item: String::new(), places: Vec::new() };
    match &card.blend {
        Some(blend) => rows.of_blend(scored, card, blend),
        None => rows.of_card(scored, card),
    }
    rows.placed(sources)
}

/// The rows so far.
struct Rows<'a> {
    table: Table,
    item: String,
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

    fn push(&mut self, step: Text, how: impl Into<Cell>, number: Option<Decimal>) {
        self.push_at(step, how, number, Cell::Missing);
    }

    fn push_at(&mut self, step: Text, how: impl Into<Cell>, number: Option<Decimal>, place: Cell) {
        let number = number.map(|number| number.round_dp(10).normalize());
        let row =
            vec![self.item.as_str().into(), Message::from(step).into(), how.into(), number.into(), place];
        self.table.push(row);
    }

    fn of_card(&mut self, scored: &Scored<'_>, card: &'a Scorecard) {
        for item in &card.items {
            self.of_item(scored, item);
        }
        self.of_total(card);
        if let Some(pay) = &card.pay {
            self.of_pay(pay);
        }
    }

    fn of_item(&mut self, scored: &Scored<'_>, item: &'a ItemScore) {
        self.item = item.id.to_string();
        self.figures(&item.figures);
        for part in &item.parts {
            let how = match &part.missing {
                Some(reason) => reason.clone(),
                None => msg!(say::BY_SHARE, value = plain(part.value), share = plain(part.share)),
            };
            self.push_at(say::PART, how, Some(part.amount), (&*part.id).into());
            self.figures(&part.figures);
        }
        if !matches!(item.standing, Standing::Scored) {
            self.push(say::STANDING, standing(&item.standing), None);
        }
        self.value(item);
        for step in &item.steps {
            self.push(say::CURVE, step.how.message(), Some(step.score));
        }
        if item.score != item.raw {
            self.push(say::SCORE, say::WITHIN, item.score);
        }
        self.points(scored, item);
    }

    fn value(&mut self, item: &ItemScore) {
        if item.exact != item.value {
            self.push(say::EXACT, Cell::Missing, item.exact);
        }
        if !item.carried.is_zero() {
            self.push(say::CARRIED, Cell::Missing, Some(item.carried));
        }
        self.push(say::VALUE, Cell::Missing, item.value);
        let Some(target) = &item.target else { return };
        if target.stated != target.prorated {
            self.push(say::PRORATED, Cell::Missing, Some(target.prorated));
        }
        if !target.carried.is_zero() {
            self.push(say::CARRIED, Cell::Missing, Some(target.carried));
        }
        self.push(say::TARGET, Cell::Missing, Some(target.value));
    }

    fn points(&mut self, scored: &Scored<'_>, item: &ItemScore) {
        let (Some(score), Some(points)) = (item.score, item.points) else { return };
        if let (Some(stated), Some(effective)) = (item.weight, item.effective_weight)
            && stated != effective
        {
            let how = msg!(say::SPREAD, stated = plain(stated), effective = plain(effective));
            self.push(say::WEIGHT, how, Some(effective));
        }
        let weighted = scored.policy.record.scale == crate::record::policy::Scale::Weighted;
        match item.effective_weight.or(item.weight).filter(|_| weighted) {
            Some(weight) => {
                let how = msg!(
                    say::CONTRIBUTION,
                    score = plain(score),
                    weight = plain(weight),
                    full = plain(item.full)
                );
                self.push(say::POINTS, how, item.exact_points);
                if item.exact_points != Some(points) {
                    self.push(say::ROUNDED, Cell::Missing, Some(points));
                }
            }
            None => self.push(say::POINTS, Cell::Missing, Some(points)),
        }
    }

    fn figures(&mut self, figures: &'a [Figure]) {
        for figure in figures {
            let (number, how): (Option<Decimal>, Cell) = match &figure.value {
                Ok(Value::Number(number)) => (Some(*number), (&*figure.name).into()),
                Ok(Value::Text(words)) => (None, format!("{} = {words}", figure.name).into()),
                Ok(Value::Flag(flag)) => (None, format!("{} = {flag}", figure.name).into()),
                Err(reason) => (None, reason.clone().into()),
            };
            self.push(say::FIGURE, how, number);
            for evidence in &figure.evidence {
                let how = where_in(&evidence.at);
                self.places.push((self.table.rows.len(), &evidence.at));
                self.push(say::RECORD, how, Some(evidence.amount));
            }
        }
    }

    fn of_total(&mut self, card: &'a Scorecard) {
        for dimension in &card.dimensions {
            self.item = dimension.id.to_string();
            self.push(say::DIMENSION, say::DIMENSION_SUM, Some(dimension.sum));
            if dimension.points != Some(dimension.sum) {
                self.push(say::ROUNDED, Cell::Missing, dimension.points);
            }
        }
        self.item = TOTAL.into();
        for step in &card.steps {
            let how: Message = match &step.change {
                Change::Sum => say::SUM_OF_ALL.into(),
                Change::Rescaled { skipped } => msg!(say::RESCALED, skipped = plain(*skipped)),
                Change::Points(item, points) => msg!(say::ADDED, item = &**item, points = plain(*points)),
                Change::Veto(veto) => msg!(say::VETOED, title = &**veto),
                Change::Gate(gate, factor) => msg!(say::GATED, gate = &**gate, factor = plain(*factor)),
                Change::Active(factor) => msg!(say::TIME_IN_POST, factor = plain(*factor)),
                Change::Bounds => say::BOUNDED.into(),
                Change::Rounding => say::ROUNDED.into(),
            };
            self.push(report::TOTAL, how, Some(step.total));
        }
        for gate in &card.gates {
            self.item = gate.id.to_string();
            self.figures(&gate.figures);
            for step in &gate.steps {
                self.push(say::CURVE, step.how.message(), Some(step.score));
            }
        }
        for veto in &card.vetoes {
            self.item = veto.id.to_string();
            self.figures(&veto.figures);
        }
        self.rating(card);
    }

    fn rating(&mut self, card: &Scorecard) {
        if let Some(rating) = &card.rating {
            self.item = "rating".into();
            self.push(say::RATED, &**rating, None);
        }
    }

    fn of_pay(&mut self, pay: &'a PayResult) {
        for line in &pay.lines {
            self.item = line.id.to_string();
            self.figures(&line.figures);
            for step in &line.steps {
                self.push(say::CURVE, step.message(), None);
            }
            self.push(say::PAY, msg!(say::LINE, title = &*line.title), Some(line.amount));
        }
        self.item = PAY.into();
        self.push(say::PAY, say::LINES_SUM, Some(pay.sum));
        if pay.bounded != pay.sum {
            self.push(say::PAY, say::FLOOR_AND_CEILING, Some(pay.bounded));
        }
        if pay.gated != pay.bounded {
            self.push(say::PAY, msg!(say::GATES, factor = plain(pay.factor)), Some(pay.gated));
        }
        if pay.floored != pay.gated {
            self.push(say::PAY, say::FLOOR_AND_CEILING, Some(pay.floored));
        }
        if !pay.pools.is_zero() {
            self.push(say::PAY, say::POOLS, Some(pay.pools));
        }
        if !pay.advance.is_zero() {
            self.push(say::PAY, say::ADVANCE, Some(pay.advance));
        }
        self.push(say::PAY, report::TOTAL, Some(pay.total));
        self.afterwards(pay);
    }

    /// What is paid later and back, and what is left for now.
    fn afterwards(&mut self, pay: &PayResult) {
        if !pay.deferred.is_zero() {
            self.push(say::PAY, say::DEFERRED, Some(pay.deferred));
            for (index, instalment) in pay.schedule.iter().enumerate() {
                self.push(say::PAY, msg!(say::DEFERRED_YEAR, year = index + 1), Some(*instalment));
            }
        }
        for returned in &pay.returned {
            self.push(say::PAY, msg!(say::GIVEN_BACK, case = &*returned.case), Some(returned.amount));
        }
        for booked in &pay.booked {
            let case = booked.case.as_deref().unwrap_or("–");
            let how = match booked.kind {
                LedgerKind::Holdback => msg!(say::HELD_FOR, case = case),
                LedgerKind::Advance => say::LEDGER_ADVANCE.into(),
                _ => msg!(say::GIVEN_BACK, case = case),
            };
            self.push(say::PAY, how, Some(booked.amount));
        }
        self.push(say::PAID_NOW, Cell::Missing, Some(pay.now));
    }
}

fn plain(number: Decimal) -> Decimal {
    number.round_dp(10).normalize()
}

/// The key path of a place, as people read it.
fn where_in(at: &Place) -> Cell {
    use crate::source::Target;
    match &at.target {
        Target::Value(path) | Target::Key(path) | Target::Part { path, .. } => path.to_string().into(),
        Target::File | Target::Bytes { .. } => Cell::Missing,
    }
}
