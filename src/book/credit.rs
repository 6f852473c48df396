//! Who earns a client's figures, day by day.
//!
//! Without a credit entry the lead earns all. Handovers tell who was the lead before, so that earlier periods stay where they
//! were earned. Shares are whole percents times days, divided once at the very end: nothing is rounded on the way.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::period::{Month, Months};
use crate::record::client::{Client, Credit, Handover};
use crate::record::settings::MeasureKind;

/// The lead manager of a client on `day`.
pub fn lead_on(client: &Client, day: NaiveDate) -> &str {
    let next =
        client.handovers.iter().filter(|handover| handover.date.0 > day).min_by_key(|handover| handover.date);
    match next {
        Some(next) => &next.from,
        None => announced(client).map_or(&*client.manager, |handover| &*handover.to),
    }
}

/// A handover that is agreed on and not carried out: the record still names the one who hands over as the lead.
pub fn announced(client: &Client) -> Option<&Handover> {
    let last = client.handovers.iter().max_by_key(|handover| handover.date)?;
    (last.from == client.manager && last.to != client.manager).then_some(last)
}

/// The credit entry for `measure` in force on `day`: the last one that names the measure, else the last one for all. What is
/// agreed on for one measure holds until another entry names the measure, whatever is agreed on for all since.
pub fn entry_on<'c>(client: &'c Client, measure: &str, day: NaiveDate) -> Option<&'c Credit> {
    let applies = |credit: &&Credit| {
        credit.from.0 <= day
            && (credit.measures.is_empty() || credit.measures.iter().any(|only| &**only == measure))
    };
    client.credit.iter().filter(applies).max_by_key(|credit| (!credit.measures.is_empty(), credit.from))
}

/// The percent of `measure` that `managers`, in id order, together earn on `day`.
pub fn percent_on(client: &Client, measure: &str, managers: &[&str], day: NaiveDate) -> Decimal {
    let among = |manager: &str| managers.binary_search(&manager).is_ok();
    match entry_on(client, measure, day) {
        Some(credit) => {
            let shares = credit.shares.iter().filter(|(manager, _)| among(manager));
            shares.map(|(_, share)| share.0).sum()
        }
        None if among(lead_on(client, day)) => Decimal::ONE_HUNDRED,
        None => Decimal::ZERO,
    }
}

/// The sum over the days of `months` of the percent of `measure` that `managers`, in id order, earn: 31 days of a whole client are 3100.
///
/// Divided by 100 × days it is the average share, by which balances are credited.
pub fn percent_days(client: &Client, measure: &str, managers: &[&str], months: Months) -> Decimal {
    if client.credit.is_empty() && client.handovers.is_empty() {
        let all = managers.binary_search(&&*client.manager).is_ok();
        return if all { Decimal::from(100 * months.days()) } else { Decimal::ZERO };
    }
    let last = months.last_day();
    let mut from = months.first_day();
    let mut sum = Decimal::ZERO;
    while from <= last {
        let until =
            next_change(client, from).map_or(last, |change| change.pred_opt().unwrap_or(last).min(last));
        let days = (until - from).num_days() + 1;
        sum += percent_on(client, measure, managers, from) * Decimal::from(days);
        let Some(next) = until.succ_opt() else { break };
        from = next;
    }
    sum
}

/// The part of a client's figure of a month that a manager earns: of a balance by the days of the share, of anything else by
/// the share on the month's last day.
pub fn credited(
    client: &Client,
    measure: &str,
    kind: MeasureKind,
    manager: &str,
    (month, amount): (Month, Decimal),
) -> Decimal {
    let months = Months { first: month, last: month };
    let (percent, days) = match kind {
        MeasureKind::Balance => (percent_days(client, measure, &[manager], months), months.days()),
        _ => (percent_on(client, measure, &[manager], month.last_day()), 1),
    };
    amount * percent / (Decimal::ONE_HUNDRED * Decimal::from(days))
}

/// Whether any of `managers`, in id order, leads a client on a day or has a share of any of its figures.
pub fn earns_on(client: &Client, managers: &[&str], day: NaiveDate) -> bool {
    let among = |manager: &str| managers.binary_search(&manager).is_ok();
    let shares = in_force(client, day).flat_map(|credit| &credit.shares);
    among(lead_on(client, day))
        || shares.into_iter().any(|(manager, share)| among(manager) && !share.0.is_zero())
}

/// The credit entries that hold on `day`, each for all measures or for one at least that it names.
pub fn in_force(client: &Client, day: NaiveDate) -> impl Iterator<Item = &Credit> {
    let is_last = move |credit: &&Credit| {
        let holds =
            |measure: &str| entry_on(client, measure, day).is_some_and(|it| std::ptr::eq(it, *credit));
        // No measure has an empty name: what holds for it holds for all that no entry names.
        credit.measures.iter().any(|measure| holds(measure)) || holds("")
    };
    client.credit.iter().filter(is_last)
}

/// The first day after `day` on which a share or the lead may change.
fn next_change(client: &Client, day: NaiveDate) -> Option<NaiveDate> {
    credit_changes(client).filter(|change| *change > day).min()
}

/// The days from which a share or the lead may be another.
pub fn credit_changes(client: &Client) -> impl Iterator<Item = NaiveDate> {
    let credits = client.credit.iter().map(|credit| credit.from.0);
    let handovers = client.handovers.iter().map(|handover| handover.date.0);
    credits.chain(handovers)
}

/// Every manager who ever earned from a client, `other` left out.
pub fn earners(client: &Client) -> BTreeSet<&str> {
    let credited = client.credit.iter().flat_map(|credit| credit.shares.keys().map(|manager| &**manager));
    let leads = client.handovers.iter().flat_map(|handover| [&*handover.from, &*handover.to]);
    let mut earners: BTreeSet<&str> = credited.chain(leads).chain([&*client.manager]).collect();
    earners.remove("other");
    earners
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::Period;

    fn client(extra: &str) -> Client {
        let text = format!("name = 'a'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n{extra}");
        crate::record::tree::read(&text).unwrap()
    }

    fn percent_days_in(client: &Client, measure: &str, manager: &str, period: &str) -> String {
        let months = period.parse::<Period>().unwrap().months();
        percent_days(client, measure, &[manager], months).to_string()
    }

    #[test]
    fn without_entries_the_lead_earns_all() {
        let client = client("");
        assert_eq!(percent_days_in(&client, "deposits", "li-na", "2026-02"), "2800");
        assert_eq!(percent_days_in(&client, "deposits", "wang-fang", "2026-02"), "0");
    }

    #[test]
    fn a_change_inside_a_month_is_weighed_by_days() {
        let client = client(
            "[[credit]]\nfrom = 2026-01-01\nshares = { li-na = 100 }\n[[credit]]\nfrom = 2026-07-11\nshares = { li-na = 30, wang-fang = 70 }\n",
        );
        // Ten days at 100, 21 at 30.
        assert_eq!(percent_days_in(&client, "deposits", "li-na", "2026-07"), "1630");
        assert_eq!(percent_days_in(&client, "deposits", "wang-fang", "2026-07"), "1470");
        assert_eq!(percent_days_in(&client, "deposits", "wang-fang", "2026-Q3"), "5740");
    }

    #[test]
    fn an_entry_for_one_measure_leaves_the_others() {
        let client = client(
            "[[credit]]\nfrom = 2026-01-01\nshares = { li-na = 60, wang-fang = 40 }\n[[credit]]\nfrom = 2026-01-01\nfor = ['loans']\nshares = { other = 100 }\n",
        );
        assert_eq!(percent_days_in(&client, "deposits", "wang-fang", "2026-01"), "1240");
        assert_eq!(percent_days_in(&client, "loans", "wang-fang", "2026-01"), "0");
        assert_eq!(earners(&client).into_iter().collect::<Vec<_>>(), ["li-na", "wang-fang"]);
    }

    #[test]
    fn an_entry_for_one_measure_outlives_a_later_one_for_all() {
        let shares = "[[credit]]\nfrom = 2026-01-01\nshares = { li-na = 70, wang-fang = 30 }\nfor = ['loans']\n\
                      [[credit]]\nfrom = 2026-02-01\nshares = { li-na = 80, zhao-lei = 20 }\n";
        let until_march = client(shares);
        // 28 days at 30 of loans, at 0 of all else; who has a share of loans alone still earns.
        assert_eq!(percent_days_in(&until_march, "loans", "wang-fang", "2026-02"), "840");
        assert_eq!(percent_days_in(&until_march, "deposits", "wang-fang", "2026-02"), "0");
        assert_eq!(percent_days_in(&until_march, "loans", "zhao-lei", "2026-02"), "0");
        assert_eq!(percent_days_in(&until_march, "deposits", "zhao-lei", "2026-02"), "560");
        let day = "2026-02-15".parse().unwrap();
        assert!(earns_on(&until_march, &["wang-fang"], day) && earns_on(&until_march, &["zhao-lei"], day));
        // Another entry that names the measure ends it.
        let ended = client(&format!(
            "{shares}[[credit]]\nfrom = 2026-02-15\nshares = {{ li-na = 100 }}\nfor = ['fees', 'loans']\n"
        ));
        assert_eq!(percent_days_in(&ended, "loans", "wang-fang", "2026-02"), "420");
        assert!(!earns_on(&ended, &["wang-fang"], day));
        assert_eq!(in_force(&ended, day).count(), 2);
    }

    #[test]
    fn before_a_handover_the_earlier_lead_earned() {
        let client = client("[[handovers]]\ndate = 2026-07-11\nfrom = 'wang-fang'\nto = 'li-na'\n");
        assert_eq!(percent_days_in(&client, "deposits", "wang-fang", "2026-07"), "1000");
        assert_eq!(percent_days_in(&client, "deposits", "li-na", "2026-07"), "2100");
        assert_eq!(lead_on(&client, "2026-07-10".parse().unwrap()), "wang-fang");
        assert_eq!(lead_on(&client, "2026-07-11".parse().unwrap()), "li-na");
        assert!(announced(&client).is_none());
    }

    #[test]
    fn a_handover_ahead_changes_the_lead_on_its_day() {
        let client = client("[[handovers]]\ndate = 2026-12-11\nfrom = 'li-na'\nto = 'wang-fang'\n");
        assert_eq!(lead_on(&client, "2026-12-10".parse().unwrap()), "li-na");
        assert_eq!(lead_on(&client, "2026-12-11".parse().unwrap()), "wang-fang");
        assert_eq!(percent_days_in(&client, "deposits", "li-na", "2026-12"), "1000");
        assert!(announced(&client).is_some());
    }
}
