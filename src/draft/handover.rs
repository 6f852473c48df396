//! A client passes from one lead to another: what changes in its record.
//!
//! Figures before the day stay where they were earned: the entry itself says who led before, and shares are never rewritten
//! for days that have passed.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::plan::Proposal;
use crate::edit::render::{Table, Value};
use crate::path;
use crate::period::Month;
use crate::record::client::{Client, Credit, Stage};
use crate::record::kind::RecordKind;
use crate::record::shape::Field;
use crate::record::value::ManagerId;
use crate::source::KeyPath;

/// A handover to be written.
#[derive(Clone, Debug)]
pub struct Handover<'a> {
    /// The lead from then on.
    pub to: &'a str,
    /// Its first day.
    pub date: NaiveDate,
    /// Why.
    pub reason: Option<&'a str>,
}

type Values = Vec<(KeyPath, Option<Value>)>;

impl Handover<'_> {
    /// Whether a client's record has it already.
    pub fn is_done(&self, client: &Client) -> bool {
        let same = client.handovers.iter().any(|known| known.date.0 == self.date && &*known.to == self.to);
        &*client.manager == self.to && same
    }

    /// What it changes in a client's record.
    pub fn proposals(&self, client: &Client) -> Vec<Proposal> {
        let mut values = vec![(path!["manager"], Some(self.to.into()))];
        if client.backup.as_ref().is_some_and(|backup| &**backup == self.to) {
            values.push((path!["backup"], None));
        }
        self.move_open_work(client, &mut values);
        self.move_later_shares(client, &mut values);
        let mut proposals = vec![Proposal::Values(values)];
        proposals
            .extend(self.new_shares(client).into_iter().map(|entry| Proposal::Entry(list("credit"), entry)));
        proposals.push(Proposal::Entry(list("handover"), self.entry(client)));
        proposals
    }

    /// What nobody has done yet is the new lead's to do.
    fn move_open_work(&self, client: &Client, values: &mut Values) {
        let old = |manager: &Option<ManagerId>| manager.as_ref() == Some(&client.manager);
        let mut give = |path: KeyPath| values.push((path, Some(self.to.into())));
        for (index, plan) in client.planned.iter().enumerate() {
            if plan.by == client.manager && plan.date.0 >= self.date && plan.cancelled.is_none() {
                give(path!["planned", index, "by"]);
            }
        }
        for (index, deal) in client.opportunities.iter().enumerate() {
            if old(&deal.by) && is_open(deal.stage) {
                give(path!["opportunities", index, "by"]);
            }
        }
        for (index, complaint) in client.complaints.iter().enumerate() {
            if old(&complaint.handler) && complaint.closed.is_none() && complaint.withdrawn.is_none() {
                give(path!["complaints", index, "handler"]);
            }
        }
        for (at, visit) in client.visits.iter().enumerate() {
            for (index, action) in visit.next.iter().enumerate() {
                if old(&action.owner) && action.done.is_none() {
                    give(path!["visits", at, "next", index, "owner"]);
                }
            }
        }
    }

    /// Shares that begin on the day or later, and name the old lead.
    fn move_later_shares(&self, client: &Client, values: &mut Values) {
        for (index, credit) in
            client.credit.iter().enumerate().filter(|(_, credit)| credit.from.0 >= self.date)
        {
            if let Some(shares) = self.moved(client, credit) {
                values.push((path!["credit", index, "shares"], Some(Value::Table(shares))));
            }
        }
    }

    /// Entries that carry the shares in force on over to the new lead.
    fn new_shares(&self, client: &Client) -> Vec<Table> {
        let mut entries = Vec::new();
        for credit in client.credit.iter().filter(|credit| credit.from.0 < self.date) {
            let same = |other: &&Credit| other.measures == credit.measures && other.from.0 <= self.date;
            let newest = client.credit.iter().filter(same).map(|other| other.from).max();
            if newest != Some(credit.from) {
                continue;
            }
            let Some(shares) = self.moved(client, credit) else { continue };
            let mut entry: Table =
                vec![("from".into(), self.date.into()), ("shares".into(), Value::Table(shares))];
            if !credit.measures.is_empty() {
                let measures = credit.measures.iter().map(|measure| Value::from(&**measure));
                entry.push(("for".into(), Value::List(measures.collect())));
            }
            entries.push(entry);
        }
        entries
    }

    /// The shares with the old lead's given to the new one; nothing where the old lead has none.
    fn moved(&self, client: &Client, credit: &Credit) -> Option<Table> {
        let given = credit.shares.get(&client.manager)?.0;
        let kept =
            credit.shares.iter().filter(|(manager, _)| **manager != client.manager && &***manager != self.to);
        let own = credit.shares.get(self.to).map_or(Decimal::ZERO, |share| share.0);
        let mut shares: Table = vec![(self.to.to_owned(), (given + own).into())];
        shares.extend(kept.map(|(manager, share)| (manager.to_string(), share.0.into())));
        Some(shares)
    }

    fn entry(&self, client: &Client) -> Table {
        let mut entry: Table = vec![
            ("date".into(), self.date.into()),
            ("from".into(), (&*client.manager).into()),
            ("to".into(), self.to.into()),
        ];
        entry.extend(self.reason.map(|reason| ("reason".to_owned(), reason.into())));
        let position = self.position(client);
        if !position.is_empty() {
            entry.push(("position".into(), Value::Table(position)));
        }
        let open: Vec<Value> = open_work(client).into_iter().map(Value::Text).collect();
        if !open.is_empty() {
            entry.push(("open".into(), Value::List(open)));
        }
        entry
    }

    /// The month-end figures of the last month before the day, at most two months back; an average is no position.
    fn position(&self, client: &Client) -> Table {
        let before = |month: &Month| month.last_day() < self.date;
        let Some((month, figures)) = client.results.iter().rev().find(|(month, _)| before(month)) else {
            return Table::new();
        };
        let is_near = Month::of(self.date).since(*month) <= 2;
        let ends =
            figures.iter().filter(|_| is_near).filter_map(|(measure, figure)| Some((measure, figure.end?)));
        ends.map(|(measure, end)| (measure.to_string(), end.0.into())).collect()
    }
}

fn list(word: &str) -> &'static Field {
    RecordKind::Client.shape().entry(word).map(|(field, _)| field).expect("a client has credit and handovers")
}

fn is_open(stage: Stage) -> bool {
    !matches!(stage, Stage::Won | Stage::Lost)
}

/// What is open at a client, each by the word of its list and what names it there.
fn open_work(client: &Client) -> Vec<String> {
    let deals = client.opportunities.iter().filter(|deal| is_open(deal.stage));
    let complaints = client
        .complaints
        .iter()
        .filter(|complaint| complaint.closed.is_none() && complaint.withdrawn.is_none());
    let needs = client.needs.iter().filter(|need| need.met.is_none() && need.dropped.is_none());
    let requests = client.requests.iter().filter(|request| request.done.is_none());
    let actions =
        client.visits.iter().flat_map(|visit| visit.next.iter().map(move |action| (visit.date, action)));
    let actions = actions.filter(|(_, action)| action.done.is_none());
    deals
        .map(|deal| format!("opportunity {}", deal.id))
        .chain(complaints.map(|complaint| format!("complaint {}", complaint.id)))
        .chain(needs.map(|need| format!("need {}: {}", need.date, need.what)))
        .chain(requests.map(|request| format!("request {}: {}", request.raised, request.what)))
        .chain(actions.map(|(day, action)| format!("visit {day}: {}", action.what)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::plan::{Known, Target, propose};
    use super::*;

    const CLIENT: &str = "\
name = \"A\"
tier = \"key\"
manager = \"wang\"
backup = \"li\"
status = \"active\"

[results]
2026-06 = { deposits = { avg = 10, end = 12 }, loans = 5 }

[[credit]]
from = 2026-01-01
shares = { wang = 70, zhao = 30 }

[[visits]]
date = 2026-06-09
by = \"wang\"
kind = \"call\"
[[visits.next]]
what = \"send offer\"
owner = \"wang\"

[[opportunities]]
id = \"q3\"
by = \"wang\"
stage = \"proposal\"

[[opportunities]]
id = \"q2\"
by = \"wang\"
stage = \"won\"
";

    fn handed(handover: &Handover<'_>) -> String {
        let client: Client = crate::record::tree::read(CLIENT).unwrap();
        let target =
            Target { kind: RecordKind::Client, path: "clients/a.toml".into(), text: Some(CLIENT.into()) };
        let mut known = Known::new(|_| ["wang", "li", "zhao", "deposits"].map(str::to_owned).to_vec());
        let outcome = propose(&target, &handover.proposals(&client), true, &mut known);
        assert!(outcome.refused.is_empty() && outcome.findings.is_empty(), "{outcome:?}");
        outcome.text.unwrap()
    }

    #[test]
    fn the_lead_the_shares_and_what_is_open_move_and_history_stays() {
        let handover = Handover { to: "li", date: "2026-07-01".parse().unwrap(), reason: Some("rotation") };
        let after = handed(&handover);
        let expected = CLIENT
            .replace("manager = \"wang\"\nbackup = \"li\"", "manager = \"li\"")
            .replace(
                "zhao = 30 }\n",
                "zhao = 30 }\n\n[[credit]]\nfrom = 2026-07-01\nshares = { li = 70, zhao = 30 }\n",
            )
            .replace("owner = \"wang\"", "owner = \"li\"")
            .replace("id = \"q3\"\nby = \"wang\"", "id = \"q3\"\nby = \"li\"");
        let entry = "\n[[handovers]]\ndate = 2026-07-01\nfrom = \"wang\"\nto = \"li\"\nreason = \"rotation\"\n\
                     position = { deposits = 12 }\nopen = [\"opportunity q3\", \"visit 2026-06-09: send offer\"]\n";
        assert_eq!(after, expected + entry);
        assert!(handover.is_done(&crate::record::tree::read(&after).unwrap()));
    }

    #[test]
    fn a_position_that_is_long_past_is_none() {
        let handover = Handover { to: "li", date: "2026-12-01".parse().unwrap(), reason: None };
        assert!(!handed(&handover).contains("position"));
    }
}
