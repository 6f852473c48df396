//! A client passed from one lead to another: what changes in the client's record.
//!
//! The lead and the credit change from a day on and never before it, so that what was earned stays where it was earned
//! ([`crate::book::credit`]). Open work gets its new owner; what is handed over stands in `[[handovers]]`, to be signed.
//! A handover whose day is to come is announced: its entry and the shares from that day are written, the rest once it is
//! carried out. A new kind of open work is an arm in `Passing::owners` and in `package`.

use chrono::NaiveDate;

use crate::book::credit::{announced, entry_on};
use crate::book::deadline::{Deadlines, open_plans};
use crate::edit::Change;
use crate::edit::render::{Table, Value};
use crate::msg;
use crate::path;
use crate::record::client::{Client, Credit, Handover};
use crate::record::settings::Settings;
use crate::record::value::{Day, MeasureId};
use crate::report::Duty;
use crate::source::KeyPath;
use crate::text::{Lang, Message, handover as say};

mod package;

/// Who takes clients over, from when, why.
#[derive(Clone, Copy, Debug)]
pub struct Passing<'a> {
    /// The manager who receives.
    pub to: &'a str,
    /// The first day as the lead.
    pub on: NaiveDate,
    /// Today; a first day after it is announced.
    pub today: NaiveDate,
    /// Why.
    pub reason: Option<&'a str>,
    /// The language of what is written about open work.
    pub lang: Lang,
}

impl Passing<'_> {
    /// Whether the client has been passed on just so, or that is announced and its day is to come.
    pub fn is_done(&self, client: &Client) -> bool {
        self.entry(client).is_some() && (*client.manager == *self.to || self.is_ahead())
    }

    /// Why the client cannot be passed on so.
    pub fn refusal(&self, client: &Client) -> Option<Message> {
        let last = client.handovers.iter().map(|handover| handover.date).max();
        match (last, announced(client)) {
            (_, Some(_)) if self.entry(client).is_some() => None,
            (_, Some(before)) => Some(msg!(say::ANNOUNCED, to = &*before.to, on = before.date.0)),
            _ if *client.manager == *self.to => Some(msg!(say::LEADS_ALREADY, manager = self.to)),
            _ if client.since.is_some_and(|since| since.0 > self.on) => {
                client.since.map(|since| msg!(say::BEFORE_CLIENT, since = since.0))
            }
            (Some(last), None) if last.0 >= self.on => Some(msg!(say::TOO_EARLY, last = last.0)),
            _ => None,
        }
    }

    /// Whether it is only announced, since its day is to come.
    pub fn is_ahead(&self) -> bool {
        self.on > self.today
    }

    /// The place of its entry, where the record has it.
    fn entry(&self, client: &Client) -> Option<usize> {
        let is_it = |done: &Handover| *done.to == *self.to && done.date.0 == self.on;
        client.handovers.iter().position(is_it)
    }

    /// What passing the client on changes in its record.
    /// `returns` is what the old lead, who leaves, still has to give back, `owed` what is owed for the client.
    pub fn changes(
        &self,
        client: &Client,
        settings: &Settings,
        returns: &[Duty],
        owed: &[Duty],
    ) -> Vec<Change> {
        let deadlines = Deadlines::new(settings);
        let mut changes = Vec::new();
        let entry = self.entry(client);
        if !self.is_ahead() {
            changes.push(self.give(path!["manager"]));
            if client.backup.as_deref() == Some(self.to) {
                changes.extend(self.seconded(client));
                changes.push(Change::Unset { path: path!["backup"] });
                changes.extend(client.backup_since.map(|_| Change::Unset { path: path!["backup_since"] }));
            }
            changes.extend(self.owners(client, &deadlines).into_iter().map(|path| self.give(path)));
            changes.extend(self.pursued(client));
        }
        let mut package = if self.is_ahead() { Table::new() } else { self.package(client, &deadlines, owed) };
        if !returns.is_empty() {
            let words = returns.iter().map(|duty| Value::from(to_return(duty).get(self.lang)));
            package.push(("returns".to_owned(), Value::List(words.collect())));
        }
        match entry {
            // What was announced has its shares already.
            Some(entry) => changes.extend(package.into_iter().map(|(key, value)| Change::Set {
                path: path!["handovers", entry].join(key.as_str()),
                value,
            })),
            None => {
                changes.extend(self.credit(client));
                changes.push(Change::Insert {
                    list: path!["handovers"],
                    entry: self.head(client).into_iter().chain(package).collect(),
                    sort: Some("date"),
                });
            }
        }
        changes
    }

    /// What is missing afterwards: a second manager, where the new lead was it, and balances that the entry could list.
    pub fn missing_after(&self, id: &str, client: &Client) -> Vec<Message> {
        let mut missing = Vec::new();
        if self.is_ahead() {
            return missing;
        }
        if client.backup.as_deref() == Some(self.to) {
            let command = format!("rmbook set {id} backup=…");
            missing.push(msg!(say::NO_SECOND, client = id, to = self.to, command = command));
        }
        if package::position(client, self.on).is_empty() && !client.results.is_empty() {
            missing.push(msg!(say::NO_POSITION, client = id));
        }
        missing
    }

    fn give(&self, path: KeyPath) -> Change {
        Change::Set { path, value: self.to.into() }
    }

    /// Where the record names the old lead as the owner of open work.
    fn owners(&self, client: &Client, deadlines: &Deadlines<'_>) -> Vec<KeyPath> {
        let from = &client.manager;
        let mine = |owner: Option<&_>| owner == Some(from);
        let mut owners = Vec::new();
        for (index, deal) in client.opportunities.iter().enumerate() {
            if deal.is_open() && mine(deal.by.as_ref()) {
                owners.push(path!["opportunities", index, "by"]);
            }
        }
        for (index, complaint) in client.complaints.iter().enumerate() {
            // Nobody handles a complaint about themselves.
            let may = complaint.about.as_deref() != Some(self.to);
            if deadlines.complaint(complaint).is_some() && mine(complaint.handler.as_ref()) && may {
                owners.push(path!["complaints", index, "handler"]);
            }
        }
        for (index, warning) in client.warnings.iter().enumerate() {
            if warning.closed.is_none() && mine(warning.owner.as_ref()) {
                owners.push(path!["warnings", index, "owner"]);
            }
        }
        for (index, risk) in client.risks.iter().enumerate() {
            if risk.closed.is_none() && mine(risk.owner.as_ref()) {
                owners.push(path!["risks", index, "owner"]);
            }
        }
        for (index, referral) in client.referrals.iter().enumerate() {
            // Nobody answers a referral of one's own.
            let may = *referral.from != *self.to;
            if deadlines.referral(referral).is_some() && mine(Some(&referral.to)) && may {
                owners.push(path!["referrals", index, "to"]);
            }
        }
        owners.extend(self.visits_to_come(client));
        for (at, visit) in client.visits.iter().enumerate() {
            for (index, action) in visit.next.iter().enumerate() {
                // What was missed before the day stays with whoever promised it.
                let open = action.done.is_none() && !action.missed_before(self.on);
                if open && mine(action.owner.as_ref().or(Some(&visit.by))) {
                    owners.push(path!["visits", at, "next", index, "owner"]);
                }
            }
        }
        owners
    }

    /// Who pursued the open deals up to the day, so that a month before it counts them where they were.
    fn pursued(&self, client: &Client) -> Vec<Change> {
        let Some(until) = self.on.pred_opt() else { return Vec::new() };
        let mine = client.opportunities.iter().enumerate().filter(|(_, deal)| {
            let begun = deal.opened.is_none_or(|opened| opened.0 <= until);
            begun && deal.is_open() && deal.by.as_ref() == Some(&client.manager)
        });
        let kept = mine.map(|(index, deal)| {
            let by: Value = client.manager.to_string().into();
            match deal.history.iter().position(|held| held.until.0 == until) {
                Some(held) => {
                    Change::Set { path: path!["opportunities", index, "history", held, "by"], value: by }
                }
                None => Change::Insert {
                    list: path!["opportunities", index, "history"],
                    entry: vec![("until".to_owned(), until.into()), ("by".to_owned(), by)],
                    sort: Some("until"),
                },
            }
        });
        kept.collect()
    }

    /// That the new lead was the second manager up to the day, so that what was done as such stays so.
    fn seconded(&self, client: &Client) -> Vec<Change> {
        let begun = client.backup_since.or(client.begun());
        let until = self.on.pred_opt().filter(|until| begun.is_none_or(|begun| begun.0 <= *until));
        let Some(until) = until else { return Vec::new() };
        let said = client.history.iter().filter(|held| held.backup.is_some());
        // Up to a later day it was somebody else.
        if said.map(|held| held.until.0).max() >= Some(until) {
            return Vec::new();
        }
        let since = client.backup_since.map(|since| ("backup_since".to_owned(), since.0.into()));
        let held: Table = std::iter::once(("backup".to_owned(), self.to.into())).chain(since).collect();
        if let Some(at) = client.history.iter().position(|held| held.until.0 == until) {
            let set = |(key, value): (String, Value)| Change::Set {
                path: path!["history", at].join(key.as_str()),
                value,
            };
            return held.into_iter().map(set).collect();
        }
        let until = ("until".to_owned(), until.into());
        let entry = std::iter::once(until).chain(held).collect();
        vec![Change::Insert { list: path!["history"], entry, sort: Some("until") }]
    }

    /// Visits the old lead planned from the day on, unless the new one planned one for the same day.
    fn visits_to_come(&self, client: &Client) -> Vec<KeyPath> {
        let taken = |day: Day| client.planned.iter().any(|plan| plan.date == day && *plan.by == *self.to);
        let moves = open_plans(client)
            .filter(|(_, plan)| plan.by == client.manager && plan.date.0 >= self.on && !taken(plan.date));
        moves.map(|(index, _)| path!["planned", index, "by"]).collect()
    }

    /// Gives the old lead's share to the new one from the day on. A client without entries needs none: the handover itself
    /// says who earns.
    fn credit(&self, client: &Client) -> Vec<Change> {
        let has_share = |entry: &Credit| entry.shares.contains_key(&client.manager);
        let later = |(_, entry): &(usize, &Credit)| entry.from.0 >= self.on && has_share(entry);
        let mut changes: Vec<Change> = Vec::new();
        for (index, entry) in client.credit.iter().enumerate().filter(later) {
            changes.extend(self.in_place(client, index, entry));
        }
        let before = |entry: &&Credit| entry.from.0 < self.on;
        // No measure has an empty name: what is in force for it is what is for all.
        let for_all = entry_on(client, "", self.on).filter(before).filter(|entry| has_share(entry));
        let mut for_some: Vec<(&Credit, Vec<&MeasureId>)> = Vec::new();
        for measure in client.credit.iter().flat_map(|entry| &entry.measures) {
            let entry = entry_on(client, measure, self.on).filter(before);
            let Some(entry) = entry.filter(|entry| !entry.measures.is_empty()) else { continue };
            match for_some.iter_mut().find(|(known, _)| std::ptr::eq(*known, entry)) {
                Some((_, measures)) if measures.contains(&measure) => {}
                Some((_, measures)) => measures.push(measure),
                None => for_some.push((entry, vec![measure])),
            }
        }
        // An entry for all would put an earlier one for some out of force, so that one is repeated after it.
        let repeated = for_some.into_iter().filter(|(entry, _)| for_all.is_some() || has_share(entry));
        let entries = for_all.map(|entry| (entry, Vec::new())).into_iter().chain(repeated);
        changes.extend(entries.map(|(entry, measures)| Change::Insert {
            list: path!["credit"],
            entry: self.shares_from(client, entry, &measures),
            sort: Some("from"),
        }));
        changes
    }

    /// An entry from the day on that gives the new lead what the old one had.
    fn shares_from(&self, client: &Client, entry: &Credit, measures: &[&MeasureId]) -> Table {
        let mut shares: Vec<(String, rust_decimal::Decimal)> = Vec::new();
        for (manager, share) in &entry.shares {
            let manager = if *manager == client.manager { self.to } else { manager };
            match shares.iter_mut().find(|(known, _)| known == manager) {
                Some((_, sum)) => *sum += share.0,
                None => shares.push((manager.to_owned(), share.0)),
            }
        }
        let shares = shares.into_iter().map(|(manager, share)| (manager, share.into())).collect();
        let mut table =
            vec![("from".to_owned(), self.on.into()), ("shares".to_owned(), Value::Table(shares))];
        if !measures.is_empty() {
            let measures = measures.iter().map(|measure| measure.to_string().into()).collect();
            table.push(("for".to_owned(), Value::List(measures)));
        }
        table
    }

    /// Moves the share in an entry that is in force only from the day on.
    fn in_place(&self, client: &Client, index: usize, entry: &Credit) -> Vec<Change> {
        let share = |manager: &str| path!["credit", index, "shares", manager];
        let Some(moved) = entry.shares.get(&client.manager) else { return Vec::new() };
        match entry.shares.get(self.to) {
            None => vec![Change::RenameKey { path: share(&client.manager), to: self.to.to_owned() }],
            Some(own) => vec![
                Change::Set { path: share(self.to), value: (own.0 + moved.0).into() },
                Change::Unset { path: share(&client.manager) },
            ],
        }
    }

    /// What the entry of the handover says from the day it is announced.
    fn head(&self, client: &Client) -> Table {
        let mut head: Table = vec![
            ("date".to_owned(), self.on.into()),
            ("from".to_owned(), client.manager.to_string().into()),
            ("to".to_owned(), self.to.into()),
        ];
        head.extend(self.reason.map(|reason| ("reason".to_owned(), reason.into())));
        head
    }

    /// Where the client stands, and what is open.
    fn package(&self, client: &Client, deadlines: &Deadlines<'_>, owed: &[Duty]) -> Table {
        let mut package = package::position(client, self.on);
        let open: Vec<Value> = package::open(client, deadlines, self.on, owed)
            .iter()
            .map(|item| Value::from(item.get(self.lang)))
            .collect();
        if !open.is_empty() {
            package.push(("open".to_owned(), Value::List(open)));
        }
        let facilities = package::facilities(client, self.on);
        if !facilities.is_empty() {
            package.push(("facilities".to_owned(), Value::List(facilities)));
        }
        package
    }
}

/// Something to be given back, in words.
pub fn to_return(duty: &Duty) -> Message {
    msg!(say::DUTY, duty = duty.kind.title(), what = duty.what.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book;
    use crate::book::credit::percent_on;
    use crate::edit::{Order, apply};
    use crate::record::tree;
    use crate::report::owed_for_client;
    use crate::source::Snapshot;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Client text with Wang as the lead.
    fn text(more: &str) -> String {
        format!("name = 'a'\ntier = 'key'\nmanager = 'wang'\nstatus = 'active'\n{more}")
    }

    /// The client after Wang passed it to Zhao on 1 November 2026.
    fn passed(more: &str) -> String {
        let text = text(more);
        let passing = passing("zhao", "2026-11-01");
        let files = [("rmbook.toml", "name = 'b'"), ("clients/a.toml", &text)];
        let snapshot = Snapshot::new(files.map(|(path, text)| (path.to_owned(), Ok(text.to_owned()))));
        let (book, _) = book::load(&snapshot);
        let record = book.clients.get("a").unwrap();
        assert_eq!(passing.refusal(&record.data), None);
        let owed = owed_for_client(&book, record, passing.on);
        let changes = passing.changes(&record.data, &book.settings, &[], &owed);
        apply(&text, &changes, &Order::default()).unwrap()
    }

    /// Passing a client on, seen from that day.
    fn passing(to: &'static str, on: &str) -> Passing<'static> {
        Passing { to, on: day(on), today: day(on), reason: None, lang: Lang::En }
    }

    /// Percent of a measure by manager on a day.
    fn percents(text: &str, measure: &str, on: &str) -> [String; 3] {
        let client: Client = tree::read(text).unwrap();
        ["wang", "li", "zhao"].map(|manager| percent_on(&client, measure, &[manager], day(on)).to_string())
    }

    #[test]
    fn without_credit_entries_the_handover_alone_says_who_earns() {
        let after = passed("since = 2026-10-20\n");
        assert!(!after.contains("credit"), "{after}");
        assert!(
            after.ends_with("[[handovers]]\ndate = 2026-11-01\nfrom = \"wang\"\nto = \"zhao\"\n"),
            "{after}"
        );
        assert_eq!(percents(&after, "loans", "2026-10-31"), ["100", "0", "0"]);
        assert_eq!(percents(&after, "loans", "2026-11-01"), ["0", "0", "100"]);
    }

    #[test]
    fn the_share_of_the_old_lead_goes_to_the_new_one_from_the_day_on() {
        let shares = "[[credit]]\nfrom = 2026-01-01\nshares = { wang = 70, li = 30 }\n";
        let after = passed(shares);
        assert_eq!(percents(&after, "loans", "2026-10-31"), ["70", "30", "0"]);
        assert_eq!(percents(&after, "loans", "2026-11-01"), ["0", "30", "70"]);
        // A share the new lead has already is added to: 30 + 70.
        let after = passed(&shares.replace("li", "zhao"));
        assert_eq!(percents(&after, "loans", "2026-11-01"), ["0", "0", "100"]);
    }

    #[test]
    fn an_entry_for_some_measures_stays_in_force_beside_the_new_one_for_all() {
        let after = passed(
            "[[credit]]\nfrom = 2026-01-01\nshares = { wang = 70, li = 30 }\n\
             [[credit]]\nfrom = 2026-02-01\nshares = { li = 100 }\nfor = ['loans', 'bills']\n",
        );
        for (measure, on, expected) in [
            ("loans", "2026-10-31", ["0", "100", "0"]),
            ("loans", "2026-11-01", ["0", "100", "0"]),
            ("bills", "2026-11-01", ["0", "100", "0"]),
            ("deposits", "2026-10-31", ["70", "30", "0"]),
            ("deposits", "2026-11-01", ["0", "30", "70"]),
        ] {
            assert_eq!(percents(&after, measure, on), expected, "{measure} {on}\n{after}");
        }
    }

    #[test]
    fn shares_agreed_for_later_move_where_they_stand() {
        let after = passed(
            "[[credit]]\nfrom = 2026-01-01\nshares = { li = 100 }\n\
             [[credit]]\nfrom = 2026-11-01\nshares = { wang = 60, li = 40 }\n\
             [[credit]]\nfrom = 2027-01-01\nshares = { wang = 50, zhao = 50 }\n",
        );
        assert_eq!(after.matches("[[credit]]").count(), 3, "{after}");
        assert_eq!(percents(&after, "loans", "2026-10-31"), ["0", "100", "0"]);
        assert_eq!(percents(&after, "loans", "2026-11-01"), ["0", "40", "60"]);
        assert_eq!(percents(&after, "loans", "2027-01-01"), ["0", "0", "100"]);
    }

    #[test]
    fn open_work_gets_its_new_owner_and_stands_in_the_package() {
        let after = passed(
            "[results]\n2026-09 = { deposits = 5, fee_income = 1 }\n\
             2026-10 = { deposits = { avg = 7, end = 8 }, loans = 3, fee_income = 2 }\n\
             2026-11 = { deposits = 99 }\n\
             [[needs]]\ndate = 2026-10-01\nby = 'wang'\nwhat = 'hedging'\n\
             [[visits]]\ndate = 2026-10-09\nby = 'wang'\nkind = 'call'\n\
             [[visits.next]]\nwhat = 'send proposal'\ndue = 2026-11-20\n\
             [[visits.next]]\nwhat = 'thank'\ndone = 2026-10-10\n\
             [[visits]]\ndate = 2026-10-10\nby = 'li'\nkind = 'call'\n[[visits.next]]\nwhat = 'ask'\n\
             [[planned]]\ndate = 2026-11-09\nby = 'wang'\n\
             [[opportunities]]\nid = 'scf'\nby = 'wang'\nstage = 'proposal'\n\
             [[opportunities]]\nid = 'won'\nby = 'wang'\nstage = 'won'\nclosed = 2026-10-01\n\
             [[complaints]]\nid = 'slow'\nreceived = 2026-10-30\nhandler = 'wang'\nabout = 'zhao'\n\
             [[requests]]\nraised = 2026-10-01\nto = '计财部'\nwhat = 'price'\n\
             [[checks]]\nkind = 'routine'\ndue = 2026-12-31\n",
        );
        // November has only begun; an average, as of loans, is no position.
        for part in [
            "position_on = 2026-10-31\nposition = { deposits = 8 }\n",
            "\"next step: send proposal, due 2026-11-20\"",
            "\"next step: ask\"",
            "\"need: hedging, due ",
            "\"opportunity: scf\"",
            "\"complaint: slow, due ",
            "\"routine post-loan check, due 2026-12-31\"",
            "what = 'send proposal'\ndue = 2026-11-20\nowner = \"zhao\"\n",
            "\"request: price\"",
            "[[planned]]\ndate = 2026-11-09\nby = \"zhao\"\n",
            "id = 'scf'\nby = \"zhao\"\n",
            "id = 'won'\nby = 'wang'\n",
            "handler = 'wang'\nabout = 'zhao'\n",
            "what = 'ask'\n[[planned]]",
        ] {
            assert!(after.contains(part), "no {part:?} in\n{after}");
        }
        assert!(!after.contains("step: thank"), "{after}");
    }

    #[test]
    fn a_promise_missed_before_the_day_stays_with_whoever_made_it() {
        let after = passed(
            "[[visits]]\ndate = 2026-10-09\nby = 'wang'\nkind = 'call'\n\
             [[visits.next]]\nwhat = 'missed'\ndue = 2026-10-31\n\
             [[visits.next]]\nwhat = 'put off late'\ndue = 2026-11-20\nslipped = [{ due = 2026-10-12, on = 2026-10-13 }]\n\
             [[visits.next]]\nwhat = 'put off'\ndue = 2026-11-20\nslipped = [2026-10-12]\n\
             [[visits.next]]\nwhat = 'of the day'\ndue = 2026-11-01\n\
             [[visits.next]]\nwhat = 'undated'\n",
        );
        let client: Client = tree::read(&after).unwrap();
        let owners = client.visits[0].next.iter().map(|action| action.owner.as_deref());
        assert_eq!(owners.collect::<Vec<_>>(), [None, None, Some("zhao"), Some("zhao"), Some("zhao")]);
        // The new lead is told of it all the same.
        assert!(after.contains("\"next step: missed, due 2026-10-31\""), "{after}");
    }

    #[test]
    fn nothing_that_is_owed_is_left_out_of_the_package() {
        // A key client is seen every 60 days: after 20 August by 19 October. The quarter ends within 61 days of the handover.
        let after = passed(
            "[[visits]]\ndate = 2026-08-20\nby = 'wang'\nkind = 'on-site'\n\
             [[planned]]\ndate = 2026-10-25\nby = 'wang'\ngoal = '续贷'\n\
             [[referrals]]\ndate = 2026-10-20\nfrom = 'li'\nto = 'wang'\nwhat = '代发工资'\n\
             [[referrals]]\ndate = 2026-10-21\nfrom = 'zhao'\nto = 'wang'\nwhat = '结售汇'\n\
             [[referrals]]\ndate = 2026-10-01\nfrom = 'li'\nto = 'wang'\nwhat = '保函'\nanswered = 2026-10-02\nresult = 'won'\n",
        );
        for part in [
            "\"visit, due 2026-10-19\"",
            "\"planned visit: 续贷, due 2026-10-25\"",
            "\"answer the referral: 代发工资, due ",
            "\"answer the referral: 结售汇, due ",
            "from = 'li'\nto = \"zhao\"\nwhat = '代发工资'\n",
            // Whoever referred it does not answer it.
            "from = 'zhao'\nto = 'wang'\n",
            "to = 'wang'\nwhat = '保函'\n",
        ] {
            assert!(after.contains(part), "no {part:?} in\n{after}");
        }
        assert!(!after.contains("referral: 保函"), "{after}");
        // Seen on 15 October, it is owed a visit by 14 December: more than thirty days after the handover.
        let seen = passed("[[visits]]\ndate = 2026-10-15\nby = 'wang'\nkind = 'on-site'\n");
        assert!(!seen.contains("open = "), "{seen}");
    }

    #[test]
    fn a_position_that_is_long_past_is_none_and_a_lead_has_no_second_role() {
        let after = passed("backup = 'zhao'\n[results]\n2026-08 = { loans = { end = 5 } }\n");
        assert!(!after.contains("position") && !after.contains("backup = 'zhao'"), "{after}");
        // Until the day before Zhao was the second manager.
        let client: Client = tree::read(&after).unwrap();
        assert_eq!(client.backup_on(day("2026-10-31")).map(|backup| &**backup), Some("zhao"));
        assert_eq!(client.backup_on(day("2026-11-01")), None);
    }

    #[test]
    fn a_lead_already_or_a_day_before_the_last_handover_is_refused() {
        let handed = "[[handovers]]\ndate = 2026-06-01\nfrom = 'li'\nto = 'wang'\n";
        let client: Client = tree::read(&text(handed)).unwrap();
        assert!(passing("wang", "2026-07-01").refusal(&client).is_some());
        assert!(passing("zhao", "2026-06-01").refusal(&client).is_some());
        assert!(passing("zhao", "2026-06-02").refusal(&client).is_none());
        assert!(passing("wang", "2026-06-01").is_done(&client));
    }

    #[test]
    fn the_package_tells_what_is_at_risk_and_of_which_day() {
        let after = passed(
            "[[planned]]\ndate = 2026-11-12\nby = 'li'\ngoal = '续贷'\n\
             [[facilities]]\nid = 'wc'\nproduct = 'x'\nlimit = 9\ndrawn = 5\nclass = 'special-mention'\n\
             class_since = 2026-10-20\noverdue_since = 2026-10-18\ndrawn_on = 2025-11-27\nmatures = 2026-11-26\n\
             [[facilities]]\nid = 'fa'\nproduct = 'x'\nlimit = 9\ndrawn = 7\nclass = 'normal'\ndrawn_on = 2025-01-05\nmatures = 2026-12-04\n\
             [[facilities]]\nid = 'old'\nproduct = 'x'\nlimit = 9\ndrawn = 0\nclass = 'normal'\nsettled = 2026-03-01\n\
             [[checks]]\nkind = 'first'\nfacility = 'wc'\ndue = 2026-09-30\ndone = 2026-09-28\n\
             [[warnings]]\nopened = 2026-10-19\nsignal = '欠息'\nlevel = 'red'\n\
             [[warnings]]\nopened = 2026-08-19\nsignal = '涉诉'\nlevel = 'red'\nclosed = 2026-09-01\n\
             [[covenants]]\nwhat = '负债率'\ndue = 2026-12-31\n\
             [[risks]]\nid = 'fx'\nkind = 'market'\nwhat = '汇率'\nlikelihood = 3\nimpact = 3\nreview = 2026-11-30\n",
        );
        for part in [
            "\"warning: 欠息, due 2026-10-26\"",
            "\"planned visit: 续贷, due 2026-11-12\"",
            // 15 days after the drawing; 30 after the class began.
            "\"first post-loan check: fa, due 2025-01-20\"",
            "\"routine post-loan check: wc, due 2026-11-19\"",
            // A downgrade and two red signals, one of them closed, without a special check since.
            "\"special post-loan check: wc, due 2026-10-20\"",
            "\"special post-loan check: 欠息, due 2026-10-19\"",
            "\"special post-loan check: 涉诉, due 2026-08-19\"",
            "\"facility matures: fa, due 2026-12-04\"",
            "\"covenant: 负债率, due 2026-12-31\"",
            "\"risk: 汇率, due 2026-11-30\"",
            "[[handovers.facilities]]\nid = \"wc\"\ndrawn = 5\nclass = \"special-mention\"\n\
             overdue_since = 2026-10-18\nmatures = 2026-11-26\n",
            "[[handovers.facilities]]\nid = \"fa\"\ndrawn = 7\nclass = \"normal\"\nmatures = 2026-12-04\n",
        ] {
            assert!(after.contains(part), "no {part:?} in\n{after}");
        }
        assert!(!after.contains("warning: 涉诉") && !after.contains("id = \"old\""), "{after}");
    }

    #[test]
    fn what_is_announced_leaves_the_present_lead_until_its_day() {
        let before = text(
            "backup = 'zhao'\n[[credit]]\nfrom = 2026-01-01\nshares = { wang = 70, li = 30 }\n\
             [[warnings]]\nopened = 2026-10-19\nsignal = '欠息'\nlevel = 'red'\nowner = 'wang'\n",
        );
        let settings: Settings = tree::read("name = 'b'").unwrap();
        let ahead = Passing { today: day("2026-10-20"), ..passing("zhao", "2026-11-01") };
        let client: Client = tree::read(&before).unwrap();
        let announced =
            apply(&before, &ahead.changes(&client, &settings, &[], &[]), &Order::default()).unwrap();
        assert!(
            announced.contains("manager = 'wang'") && announced.contains("owner = 'wang'"),
            "{announced}"
        );
        assert!(announced.contains("backup = 'zhao'") && !announced.contains("open = "), "{announced}");
        assert_eq!(percents(&announced, "loans", "2026-10-31"), ["70", "30", "0"]);
        assert_eq!(percents(&announced, "loans", "2026-11-01"), ["0", "30", "70"]);
        let client: Client = tree::read(&announced).unwrap();
        assert!(ahead.is_done(&client) && passing("li", "2026-12-01").refusal(&client).is_some());
        // On its day the same is carried out.
        let now = passing("zhao", "2026-11-01");
        assert!(!now.is_done(&client) && now.refusal(&client).is_none());
        let done = apply(&announced, &now.changes(&client, &settings, &[], &[]), &Order::default()).unwrap();
        assert!(done.contains("manager = \"zhao\"") && done.contains("owner = \"zhao\""), "{done}");
        assert!(!done.contains("backup = 'zhao'") && done.contains("warning: 欠息"), "{done}");
        assert_eq!((done.matches("[[credit]]").count(), done.matches("[[handovers]]").count()), (2, 1));
        assert!(now.is_done(&tree::read(&done).unwrap()));
    }
}
