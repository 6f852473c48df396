//! Who carries how much on a day, team by team, for the rule and the report alike.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::credit::lead_on;
use super::{Book, Record};
use crate::record::client::Client;
use crate::record::manager::Manager;

/// The managers at work of one team, or of none, on a day.
#[derive(Clone, Debug)]
pub struct Workload<'b> {
    /// Its id.
    pub team: Option<&'b str>,
    /// What each carries, by id.
    pub members: BTreeMap<&'b str, Carried<'b>>,
    /// The middle of their loads; a head without clients is none of those among whom they are divided.
    pub median: Decimal,
    /// The load above which a manager carries too much.
    pub limit: Decimal,
    /// Who leads it without clients.
    idle_head: Option<&'b str>,
}

/// What one manager carries.
#[derive(Clone, Debug, Default)]
pub struct Carried<'b> {
    /// The clients led, in id order.
    pub clients: Vec<&'b Record<Client>>,
    /// The sum of their tiers' equivalents.
    pub load: Decimal,
}

impl Workload<'_> {
    /// Whether a member is one of those among whom clients are divided.
    pub fn shares(&self, member: &str) -> bool {
        self.idle_head != Some(member)
    }

    /// Whether a load is above the settings' multiple of the team's median; no load is of a median of nothing.
    pub fn is_heavy(&self, load: Decimal) -> bool {
        load > self.limit && !self.median.is_zero()
    }
}

/// The workload of every team of a book on a day, in id order; managers without a team come first.
pub fn workloads(book: &Book, day: NaiveDate) -> Vec<Workload<'_>> {
    let mut carried: BTreeMap<&str, Carried<'_>> = BTreeMap::new();
    for client in book.clients.iter().filter(|client| client.data.counts_on(day)) {
        let own = carried.entry(lead_on(&client.data, day)).or_default();
        own.load += book.settings.equivalents.of(client.data.tier_on(day)).0;
        own.clients.push(client);
    }
    let mut teams: BTreeMap<Option<&str>, BTreeMap<&str, Carried<'_>>> = BTreeMap::new();
    for manager in book.managers.iter().filter(|manager| is_at_work(&manager.data, day)) {
        let own = carried.remove(&*manager.id).unwrap_or_default();
        let team = manager.data.counted_to(day).map(|team| &**team);
        teams.entry(team).or_default().insert(&manager.id, own);
    }
    let mut workloads = Vec::new();
    for (team, members) in teams {
        let head = team.and_then(|team| book.teams.get(team)?.data.lead_on(day)).map(|head| &**head);
        let idle_head = head.filter(|head| members.get(head).is_some_and(|own| own.load.is_zero()));
        let counted = members.iter().filter(|(id, _)| idle_head != Some(**id));
        let median = median(counted.map(|(_, own)| own.load).collect()).unwrap_or_default();
        let limit = median * book.settings.management.load.0;
        workloads.push(Workload { team, members, median, limit, idle_head });
    }
    workloads
}

/// Whether a manager had neither left nor was away for long on a day.
fn is_at_work(manager: &Manager, day: NaiveDate) -> bool {
    manager.employed_after(day) && !manager.away_on(day)
}

/// The middle of these values, or the mean of the two in the middle; nothing of none.
pub fn median(mut values: Vec<Decimal>) -> Option<Decimal> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    let even = values.len().is_multiple_of(2);
    Some(if even { (values[values.len() / 2 - 1] + upper) / Decimal::TWO } else { upper })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_or_the_mean_of_two() {
        let median = |values: &[i64]| {
            median(values.iter().map(|value| Decimal::from(*value)).collect()).map(|value| value.to_string())
        };
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[9, 1, 5]).as_deref(), Some("5"));
        assert_eq!(median(&[4, 1]).as_deref(), Some("2.50"));
    }
}
