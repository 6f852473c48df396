//! The unit that pay is in: the money of the policy that pays it, which need not be the book's.

use super::Book;
use crate::period::Period;
use crate::record::policy::Policy;

impl Book {
    /// The money of every policy that pays; nothing where they differ or none pays.
    pub fn pay_money(&self) -> Option<&str> {
        alike(self.policies.iter().map(|policy| &policy.data).filter(|policy| policy.pay.is_some()))
    }

    /// Whether policies pay in different units of money.
    pub fn pays_in_several_moneys(&self) -> bool {
        self.pay_money().is_none() && self.policies.iter().any(|policy| policy.data.pay.is_some())
    }

    /// The money that a manager's pay of a period is in, by one scheme or all: that of the policies it was closed by, else of those
    /// for periods as long; nothing where they differ.
    pub fn money_of_pay(&self, manager: &str, period: Period, scheme: Option<&str>) -> Option<&str> {
        let is_of = |own: &str| scheme.is_none_or(|scheme| scheme == own);
        let review = self.reviews.get(&format!("{period}/{manager}"));
        let closed = review.iter().flat_map(|review| &review.data.closed);
        let closed = closed.filter(|(own, closed)| is_of(own) && closed.pay_total.is_some());
        let mut closed = closed.filter_map(|(_, closed)| self.policies.get(&closed.policy)).peekable();
        if closed.peek().is_some() {
            return alike(closed.map(|policy| &policy.data));
        }
        let policies = self.policies.iter().map(|policy| &policy.data);
        let own = policies.filter(|policy| policy.pay.is_some() && is_of(&policy.scheme));
        alike(own.filter(|policy| policy.period.grain() == period.grain()))
    }
}

/// The money that all of these are in.
fn alike<'p>(policies: impl Iterator<Item = &'p Policy>) -> Option<&'p str> {
    let mut units = policies.map(Policy::money);
    let first = units.next()?;
    units.all(|unit| unit == first).then_some(first)
}
