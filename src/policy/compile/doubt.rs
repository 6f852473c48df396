//! Numbers that are likely to mean something else than what they are read as: a forgotten unit, a percent sign forgotten or one
//! too many.

use rust_decimal::Decimal;

use super::Compiler;
use crate::msg;
use crate::policy::expr::{Beside, Expr, Kept, Type, as_percent, of_points};
use crate::policy::rule;
use crate::source::{KeyPath, Place};
use crate::text::policy;

impl Compiler<'_> {
    /// A target: doubted where it does not fit what the value is kept in, and an amount where the value is one.
    pub(in crate::policy) fn held_against(&mut self, value: Option<&Expr>, target: &Expr, path: &KeyPath) {
        let money = Type::Number(Some(self.money.dimensions.clone()));
        if target.bare && value.is_some_and(|value| value.gives == money) {
            self.takes_money(path);
        }
        self.doubt(target, path);
    }

    /// Doubts a number that does not fit the figure at hand: a bare one beside money in another multiple or beside a
    /// percentage, a percentage beside points.
    pub(in crate::policy) fn doubt(&mut self, expression: &Expr, path: &KeyPath) {
        let Some(number) = expression.constant.filter(|number| !number.is_zero()) else { return };
        match self.at_hand.clone() {
            Some(Kept::Money(unit)) if expression.bare => {
                let message = msg!(policy::OTHER_MULTIPLE, unit = unit, money = self.record.money());
                self.fault(&rule::OTHER_MULTIPLE, path, message);
                if let Some(finding) = self.findings.last_mut() {
                    finding.help = Some(policy::STATE_THE_UNIT.into());
                }
            }
            Some(Kept::Ratio(measure)) if expression.bare || expression.percent => {
                let beside = Beside { measure, span: 0..0, number, percent: expression.percent };
                self.beside.push((Place::value(self.file, path.clone()), beside));
            }
            Some(Kept::Points) if expression.percent => {
                self.fault(&rule::PERCENT_OF_POINTS, path, of_points(&expression.text, number));
            }
            Some(kept) => self.bare_percent(expression, path, |number| kept.lacks_percent(*number)),
            None => {}
        }
    }

    /// Doubts a bare number `beyond` what a part is likely to be: its percent sign was forgotten.
    pub(in crate::policy) fn bare_percent(
        &mut self,
        expression: &Expr,
        path: &KeyPath,
        beyond: impl Fn(&Decimal) -> bool,
    ) {
        if let Some(number) = expression.constant.filter(|number| expression.bare && beyond(number)) {
            self.fault(&rule::PERCENT_SIGN, path, as_percent(number));
        }
    }

    /// Doubts a percent sign on points of a total that counts to ten and more.
    pub(in crate::policy) fn of_points(&mut self, points: Option<&str>, path: &KeyPath) {
        let Some(written) = points.filter(|_| self.full_marks_stated() >= Decimal::TEN) else { return };
        if let Some(percent) = percentage(written).filter(|percent| !percent.is_zero()) {
            self.fault(&rule::PERCENT_OF_POINTS, path, of_points(written, percent / Decimal::ONE_HUNDRED));
        }
    }

    /// The same of a bound or an edge of the total, which is no part of one either.
    pub(in crate::policy) fn of_total(&mut self, points: Option<&str>, path: &KeyPath) {
        self.of_points(points, path);
        let least = self.full_marks_stated() / Decimal::from(50);
        let part =
            points.filter(|_| self.in_points()).and_then(|points| points.trim().parse::<Decimal>().ok());
        if let Some(part) = part.filter(|part| !part.is_zero() && part.abs() < least) {
            let written = points.unwrap_or_default();
            self.fault(&rule::PERCENT_OF_POINTS, path, of_points(written, part));
        }
    }

    /// Full marks as stated, 100 unless they are; zero where they are no number.
    pub(in crate::policy) fn full_marks_stated(&self) -> Decimal {
        let stated = self.record.full.as_ref().map(|full| full.0.trim().parse().unwrap_or_default());
        stated.unwrap_or(Decimal::ONE_HUNDRED)
    }

    /// Whether weighted indicators make a total that counts to ten and more.
    pub(super) fn in_points(&self) -> bool {
        let weighs = self.record.indicators.iter().any(|item| item.weight.is_some());
        weighs && self.full_marks_stated() >= Decimal::TEN
    }

    /// A factor, on full marks or on pay: `90` is a forgotten percent sign.
    pub(in crate::policy) fn factor(&mut self, factor: &Expr, path: &KeyPath) {
        self.bare_percent(factor, path, |number| number.abs() >= Decimal::TEN);
    }
}

/// The number before a percent sign, where that is all that is written.
pub(in crate::policy) fn percentage(written: &str) -> Option<Decimal> {
    written.trim().strip_suffix(['%', '％'])?.trim().parse().ok()
}
