//! What clients bring the bank, and who earns it together.

use rust_decimal::Decimal;

use super::figures::amount;
use super::known::Measured;
use super::scope::{Adder, Scope};
use crate::book::credit::{entry_on, lead_on};
use crate::path;
use crate::period::{Month, Months};
use crate::record::client::Client;
use crate::record::settings::Settings;

/// One month's income of a client by one of the measures the settings count as income (`income`), with whom it is credited to.
pub struct Income<'b> {
    /// The measure.
    pub measure: &'b str,
    /// The month.
    pub month: Month,
    /// What the client brought.
    pub amount: Decimal,
    /// Who earns it, in percent, those outside the book left out. A flow is credited as on its month's last day.
    pub earners: Vec<(&'b str, Decimal)>,
}

impl Income<'_> {
    /// Whether more than one manager earns it.
    pub fn is_joint(&self) -> bool {
        self.earners.len() > 1
    }

    /// What those earn together whose percents add up to `percent`.
    pub fn part(&self, percent: Decimal) -> Decimal {
        self.amount * percent / Decimal::ONE_HUNDRED
    }
}

/// A client's income in `months`, month by month; months without figures bring none.
pub fn incomes<'b>(
    settings: &'b Settings,
    client: &'b Client,
    months: Months,
) -> impl Iterator<Item = Income<'b>> {
    months.iter().flat_map(move |month| {
        settings.income.iter().filter_map(move |measure| {
            let amount = amount(client, measure, month)?;
            Some(Income { measure, month, amount, earners: earners(client, measure, month) })
        })
    })
}

fn earners<'b>(client: &'b Client, measure: &str, month: Month) -> Vec<(&'b str, Decimal)> {
    match entry_on(client, measure, month.last_day()) {
        Some(credit) => {
            let shares = credit.shares.iter().filter(|(who, share)| &***who != "other" && !share.0.is_zero());
            shares.map(|(who, share)| (&**who, share.0)).collect()
        }
        None => vec![(lead_on(client, month.last_day()), Decimal::ONE_HUNDRED)],
    }
}

/// What the managers asked about earn of the income that several managers share.
pub fn joint_income(scope: &Scope<'_>, window: Months) -> Measured {
    let mut sum = Adder::new(scope);
    for client in scope.clients {
        for income in incomes(&scope.book.settings, &client.data, window).filter(Income::is_joint) {
            let own = income.earners.iter().filter(|(manager, _)| scope.is(manager)).map(|(_, share)| share);
            let percent = own.sum();
            let part = income.part(percent);
            if !part.is_zero() {
                let share = (percent, Decimal::ONE_HUNDRED);
                let path = || path!["results", income.month.to_string(), income.measure];
                sum.add_part(client.file, part, share, path);
            }
        }
    }
    Ok(sum.done())
}
