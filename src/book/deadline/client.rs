//! What is owed to a client: visits, solutions, answers, the steps of a complaint.

use chrono::{Days, NaiveDate};

use super::{Deadlines, after};
use crate::book::Book;
use crate::book::head::{heads_of, nearest};
use crate::record::client::{Client, Need, PlannedVisit, Referral, Request, Status, Visit, VisitKind};
use crate::record::complaint::{Complaint, Complexity, Extension};
use crate::record::deal::Opportunity;
use crate::record::risk::WarningLevel;
use crate::record::settings::Limit;
use crate::record::value::Day;

/// What a complaint waits for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Restating it and agreeing on that with the client.
    Confirm,
    /// Offering a solution.
    Propose,
    /// Telling the client the decision, which stops the regulated clock.
    Decide,
    /// Asking the client afterwards.
    FollowUp,
    /// Closing it.
    Close,
}

/// Why an extension of a complaint's limit does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Nobody approved it.
    NotApproved,
    /// Whom the complaint is about approved it.
    OwnApproval,
    /// Whoever handles the complaint approved it.
    ByHandler,
    /// The client was not told.
    NotTold,
    /// The client was told on the first day, after the limit, which is the second.
    ToldLate(NaiveDate, NaiveDate),
}

/// The client's last contact of any kind on or before the day `on`.
pub fn last_visit(client: &Client, on: NaiveDate) -> Option<&Visit> {
    client.visits.iter().filter(|visit| visit.date.0 <= on).max_by_key(|visit| visit.date)
}

/// A complaint as it was known on the day `on`: in the run of that day, without what happened later.
pub fn complaint_on(complaint: &Complaint, on: NaiveDate) -> Complaint {
    let of_day = complaint.runs().into_iter().find(|(end, _)| end.is_none_or(|(_, end)| end.0 > on));
    let mut seen = of_day.map_or_else(|| complaint.clone(), |(_, run)| run);
    seen.reopened.retain(|day| day.0 <= on);
    // The client's word counts from the day it was given.
    seen.extension = seen.extension.filter(|extension| extension.told.is_none_or(|told| told.0 <= on));
    let steps = [
        &mut seen.confirmed,
        &mut seen.proposed,
        &mut seen.decided,
        &mut seen.followed_up,
        &mut seen.closed,
        &mut seen.withdrawn,
    ];
    for step in steps {
        *step = step.filter(|day| day.0 <= on);
    }
    seen
}

/// Whether anybody was in contact with a client in the `cadence` days up to the day `on`; nothing of one that was not seen
/// and came, or was entered, later than that, as its first contact is not yet due.
pub fn is_seen(client: &Client, cadence: u32, on: NaiveDate) -> Option<bool> {
    let limit = on.checked_sub_days(Days::new(cadence.into()))?;
    let young = client.kept_since().is_some_and(|since| since.0 > limit);
    match last_visit(client, on) {
        None if young => None,
        last => Some(last.is_some_and(|last| last.date.0 > limit)),
    }
}

/// What a client's tier asks of the heads of its lead.
#[derive(Clone, Debug)]
pub struct AskedOfHead<'b> {
    /// The heads of the lead, the nearest first.
    pub heads: Vec<&'b str>,
    /// The nearest who is there, by whom the visit is owed.
    pub by: &'b str,
    /// The last visit of a head.
    pub last: Option<NaiveDate>,
    /// The day by which a head is to visit it: its tier's days for heads after the last visit of one or, where that is later or
    /// there was none, after the first account, the entry in the book or the day the client came to a tier that asks for such
    /// visits. Where none of these days is known it is owed at once.
    pub due: NaiveDate,
    /// Whether a head was there in these days; nothing of a client whose first visit by a head is not yet due.
    pub is_seen: Option<bool>,
}

/// The client's last visit on or before the day `on` at which a head of its lead took part, as both were on the visit's day.
/// Whoever has only telephoned has not been there.
fn last_head_visit<'c>(book: &Book, client: &'c Client, on: NaiveDate) -> Option<&'c Visit> {
    let took_part = |visit: &&Visit| {
        let heads = heads_of(book, client, visit.date.0);
        let mut present = std::iter::once(&visit.by).chain(&visit.with);
        present.any(|manager| heads.contains(&&**manager))
    };
    let mut visits: Vec<&Visit> = client.visits.iter().filter(|visit| visit.date.0 <= on).collect();
    visits.sort_by_key(|visit| std::cmp::Reverse(visit.date));
    visits.into_iter().filter(|visit| visit.kind != VisitKind::Call).find(took_part)
}

/// Whether the relationship is over on the day `on`.
fn is_gone(client: &Client, on: NaiveDate) -> bool {
    client.status == Status::Closed || client.closed.is_some_and(|closed| closed.0 <= on)
}

/// Days before its day within which a planned visit may be made.
const EARLY: i64 = 7;

/// Which of a client's planned visits were made by the day `on`.
pub fn made(client: &Client, on: NaiveDate) -> Vec<bool> {
    made_at(client, on).into_iter().map(|visit| visit.is_some()).collect()
}

/// The visit, by its index, at which each of a client's planned visits was made by the day `on`. Each visit keeps one plan of
/// everybody who was there: the nearest of those whose day has come, or comes within the week.
pub fn made_at(client: &Client, on: NaiveDate) -> Vec<Option<usize>> {
    let mut made = vec![None; client.planned.len()];
    let open = client.planned.iter().enumerate().filter(|(_, plan)| plan.cancelled.is_none());
    let mut open: Vec<(usize, &PlannedVisit)> = open.collect();
    if open.is_empty() {
        return made;
    }
    open.sort_by_key(|(_, plan)| plan.date);
    let visits = client.visits.iter().enumerate().filter(|(_, visit)| visit.date.0 <= on);
    let mut visits: Vec<(usize, &Visit)> = visits.collect();
    visits.sort_by_key(|(_, visit)| visit.date);
    for (index, visit) in visits {
        for who in std::iter::once(&visit.by).chain(&visit.with) {
            let early =
                |(_, (_, plan)): &(usize, &(usize, &PlannedVisit))| (plan.date.0 - visit.date.0).num_days();
            let own = open.iter().enumerate().filter(|(_, (_, plan))| plan.by == *who);
            let nearest = own.filter(|plan| early(plan) <= EARLY).min_by_key(|plan| early(plan).abs());
            if let Some((at, _)) = nearest {
                made[open.remove(at).0] = Some(index);
            }
        }
    }
    made
}

/// The planned visits of a client that are neither called off nor made.
pub fn open_plans(client: &Client) -> impl Iterator<Item = (usize, &PlannedVisit)> {
    let made = made(client, NaiveDate::MAX);
    let plans = client.planned.iter().enumerate();
    plans.filter(move |(index, plan)| plan.cancelled.is_none() && !made[*index])
}

impl Deadlines<'_> {
    /// Days between two contacts with a client: its tier's, or fewer while a red warning is open on the day `on`.
    pub fn cadence(&self, client: &Client, on: NaiveDate) -> u32 {
        let cadence = &self.settings.cadence;
        let of_tier = cadence.of(client.tier_on(on));
        red_since(client, on).map_or(of_tier, |_| of_tier.min(cadence.red_warning))
    }

    /// The day by which the next contact is owed, seen from the day `on`: the last contact, or where there was none the first
    /// account or the later entry in the book, and its tier's cadence; under a red warning no later than the cadence of one after
    /// the last contact or, where it was opened since, its opening. A client with neither is owed one at once, a closed one never.
    pub fn visit(&self, client: &Client, on: NaiveDate) -> Option<NaiveDate> {
        if is_gone(client, on) {
            return None;
        }
        let cadence = &self.settings.cadence;
        let last = last_visit(client, on).map(|visit| visit.date).or(client.kept_since());
        let Some(last) = last.map(|last| last.0) else { return Some(on) };
        let of_tier = after(last, cadence.of(client.tier_on(on)));
        let red = red_since(client, on).map(|opened| after(last.max(opened), cadence.red_warning));
        Some(red.map_or(of_tier, |red| red.min(of_tier)))
    }

    /// What is asked of heads, seen from the day `on`: nothing for a closed client, by a tier that asks for none, and where the book
    /// names no head who is there.
    pub fn head_visit<'b>(&self, book: &'b Book, client: &Client, on: NaiveDate) -> Option<AskedOfHead<'b>> {
        let cadence = &self.settings.cadence.head;
        let days = cadence.of(client.tier_on(on)).filter(|_| !is_gone(client, on))?;
        let heads = heads_of(book, client, on);
        let by = nearest(book, &heads, on)?;
        let ended = client.history.iter().map(|standing| standing.until.0).filter(|until| *until < on);
        let unasked = ended.filter(|until| cadence.of(client.tier_on(*until)).is_none()).max();
        let since = client.kept_since().map(|since| since.0).max(unasked.and_then(|until| until.succ_opt()));
        let last = last_head_visit(book, client, on).map(|visit| visit.date.0);
        let is_ahead = |from: Option<NaiveDate>| from.is_some_and(|from| after(from, days) > on);
        let is_seen = if is_ahead(last) { Some(true) } else { (!is_ahead(since)).then_some(false) };
        let due = last.max(since).map_or(on, |from| after(from, days));
        Some(AskedOfHead { heads, by, last, due, is_seen })
    }

    /// The day by which a solution is owed for a need; an opportunity made of it is one.
    pub fn need(&self, need: &Need) -> Option<NaiveDate> {
        let days = [need.proposed, need.met, need.dropped];
        let is_open = days.iter().all(Option::is_none) && need.opportunity.is_none();
        is_open.then(|| self.days.deadline(need.date.0, self.settings.management.need))
    }

    /// The day an open opportunity is expected to close.
    pub fn opportunity(&self, opportunity: &Opportunity) -> Option<NaiveDate> {
        opportunity.expected.filter(|_| opportunity.is_open()).map(|day| day.0)
    }

    /// The day from which an open opportunity counts as stale: its last movement and the settings' limit.
    pub fn stale(&self, opportunity: &Opportunity) -> Option<NaiveDate> {
        let moved = opportunity.moved(NaiveDate::MAX).filter(|_| opportunity.is_open())?;
        Some(self.days.deadline(moved, self.settings.management.stale))
    }

    /// The day by which a referral must be answered.
    pub fn referral(&self, referral: &Referral) -> Option<NaiveDate> {
        let is_open = referral.answered.is_none() && referral.result.is_none();
        is_open.then(|| self.days.deadline(referral.date.0, self.settings.management.referral))
    }

    /// The day by which another department must have done what was asked.
    pub fn request(&self, request: &Request) -> Option<NaiveDate> {
        request.due.filter(|_| request.done.is_none()).map(|due| due.0)
    }

    /// The last day to tell the client the decision: the limit of its complexity from the day it came in, or came in
    /// again, and an extension that holds, of at most the settings' longest.
    pub fn complaint_decision(&self, complaint: &Complaint) -> NaiveDate {
        let limits = &self.settings.complaints;
        let decision = self.complaint_limit(complaint);
        let Some(extension) = complaint.extension.as_ref().filter(|it| self.flaw(complaint, it).is_none())
        else {
            return decision;
        };
        let days = extension.days.min(limits.extension.days);
        self.days.deadline(decision, Limit { days, ..limits.extension })
    }

    /// Why a complaint's extension does not hold, where it does not. Who approved it is held against ids.
    pub fn flaw(&self, complaint: &Complaint, extension: &Extension) -> Option<Flaw> {
        let limit = self.complaint_limit(complaint);
        let approved_by = extension.approved_by.trim();
        match extension.told {
            _ if approved_by.is_empty() => Some(Flaw::NotApproved),
            _ if complaint.about.as_deref() == Some(approved_by) => Some(Flaw::OwnApproval),
            _ if complaint.handler.as_deref() == Some(approved_by) => Some(Flaw::ByHandler),
            None => Some(Flaw::NotTold),
            Some(told) => (told.0 > limit).then_some(Flaw::ToldLate(told.0, limit)),
        }
    }

    /// Whether a complaint counts for what was settled of it on a day, in time or not: one that was withdrawn does not, unless the limit had
    /// passed before.
    pub fn counts_settled(complaint: &Complaint, (in_time, settled): (bool, NaiveDate)) -> bool {
        complaint.withdrawn.is_none_or(|withdrawn| !in_time && withdrawn.0 > settled)
    }

    /// Whether the decision came within the limit, and the day on which that was settled: the decision's, or the limit's where
    /// none was told by then. So each complaint is judged once. A decision before the last reopening is none.
    pub fn complaint_outcome(&self, complaint: &Complaint) -> (bool, NaiveDate) {
        let limit = self.complaint_decision(complaint);
        let decided = complaint.decided.map(|day| day.0).filter(|day| *day >= complaint.opened_last().0);
        match decided.filter(|decided| *decided <= limit) {
            Some(decided) => (true, decided),
            None => (false, limit),
        }
    }

    /// The last day to tell the client the decision, without an extension.
    pub fn complaint_limit(&self, complaint: &Complaint) -> NaiveDate {
        let limits = &self.settings.complaints;
        let limit = match complaint.complexity {
            Complexity::Plain => limits.plain,
            Complexity::Complex => limits.complex,
        };
        self.days.deadline(complaint.opened_last().0, limit)
    }

    /// What an open complaint waits for and the last day for it. Steps before its last reopening are done with.
    pub fn complaint(&self, complaint: &Complaint) -> Option<(Step, NaiveDate)> {
        let limits = &self.settings.complaints;
        let start = complaint.opened_last().0;
        let is_again = start > complaint.received.0;
        let ended = |day: &_| if is_again { *day > start } else { *day >= start };
        let is_over = [complaint.closed, complaint.withdrawn].iter().flatten().any(|day| ended(&day.0));
        if is_over {
            return None;
        }
        let done = |day: Option<Day>| day.map(|day| day.0).filter(|day| *day >= start);
        let decided = done(complaint.decided);
        let follow_up = self.days.deadline(decided.unwrap_or(start), limits.follow_up);
        Some(if done(complaint.followed_up).is_some() {
            (Step::Close, follow_up)
        } else if decided.is_some() {
            (Step::FollowUp, follow_up)
        } else if done(complaint.proposed).is_some() {
            (Step::Decide, self.complaint_decision(complaint))
        } else if done(complaint.confirmed).is_some() {
            (Step::Propose, self.complaint_decision(complaint))
        } else {
            (Step::Confirm, self.days.deadline(start, limits.acknowledge))
        })
    }
}

/// Since when a client is under a red warning on the day `on`.
fn red_since(client: &Client, on: NaiveDate) -> Option<NaiveDate> {
    let open = client.warnings.iter().filter(|warning| {
        warning.level == WarningLevel::Red
            && warning.opened.0 <= on
            && warning.closed.is_none_or(|closed| closed.0 > on)
    });
    open.map(|warning| warning.opened.0).min()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{client, day, settings};
    use super::*;

    #[test]
    fn a_visit_is_due_a_cadence_after_the_last_one_and_weekly_under_a_red_warning() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let on = day("2026-10-31");
        let visits = "since = 2026-01-01\n[[visits]]\ndate = 2026-10-09\nby = 'wang-fang'\nkind = 'call'\n\
                      [[visits]]\ndate = 2026-11-20\nby = 'wang-fang'\nkind = 'call'\n";
        // A key client: 60 days after 9 October; the visit of November has not happened yet.
        assert_eq!(deadlines.visit(&client(visits), on), Some(day("2026-12-08")));
        // A week after the warning was opened, which the visit of 9 October could not know of, or after the visit since.
        let red = "[[warnings]]\nopened = 2026-10-20\nsignal = '欠息'\nlevel = 'red'\n";
        assert_eq!(deadlines.visit(&client(&format!("{visits}{red}")), on), Some(day("2026-10-27")));
        let since = format!("{visits}[[visits]]\ndate = 2026-10-28\nby = 'wang-fang'\nkind = 'call'\n{red}");
        assert_eq!(deadlines.visit(&client(&since), on), Some(day("2026-11-04")));
        // A warning never puts off what the tier asks for.
        let late = red.replace("10-20", "10-31");
        assert_eq!(
            deadlines.visit(&client(&format!("since = 2026-09-02\n{late}")), on),
            Some(day("2026-11-01"))
        );
        let closed = format!("{visits}{red}closed = 2026-10-30\n");
        assert_eq!(deadlines.visit(&client(&closed), on), Some(day("2026-12-08")));
        assert_eq!(deadlines.visit(&client("since = 2026-10-01"), on), Some(day("2026-11-30")));
        // A book begun in September knows of no visit since 2019.
        let entered = client("since = 2019-01-01\nentered = 2026-09-20");
        assert_eq!(deadlines.visit(&entered, on), Some(day("2026-11-19")));
        assert_eq!(deadlines.visit(&client(""), on), Some(on));
        assert_eq!(deadlines.visit(&client("closed = 2026-10-30"), on), None);
    }

    /// A book of a manager, the head and the head's head, whose records end so.
    fn led(zhao: &str, gu: &str) -> Book {
        let (zhao, gu) = (format!("name = '赵'\nreports_to = 'gu'\n{zhao}"), format!("name = '顾'\n{gu}"));
        let li = "name = '李'\nreports_to = 'zhao'".to_owned();
        let files = [("managers/li.toml", li), ("managers/zhao.toml", zhao), ("managers/gu.toml", gu)];
        crate::book::load(&crate::source::Snapshot::new(files.map(|(path, text)| (path.into(), Ok(text))))).0
    }

    /// A client of `lead` in the strategic tier with whatever else `text` says of it.
    fn strategic(lead: &str, text: &str) -> Client {
        let head = format!("name = '江湾港口'\ntier = 'strategic'\nmanager = '{lead}'\nstatus = 'active'\n");
        toml::from_str(&format!("{head}{text}")).unwrap()
    }

    const BY_HEADS: &str = "since = 2020-01-01\nvisits = [{ date = 2026-07-01, by = 'zhao', kind = 'on-site' }, \
        { date = 2026-09-01, by = 'li', kind = 'on-site' }, { date = 2026-09-20, by = 'zhao', kind = 'call' }, \
        { date = 2026-10-20, by = 'li', kind = 'video', with = ['gu'] }]\n";

    #[test]
    fn a_visit_of_a_head_is_due_a_quarter_after_the_last_one() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let book = led("", "");
        let due =
            |client: &Client, on: &str| deadlines.head_visit(&book, client, day(on)).map(|asked| asked.due);
        let client = strategic("li", BY_HEADS);
        // 90 days after 1 July: neither the manager's own visit nor the telephone counts.
        assert_eq!(due(&client, "2026-10-10"), Some(day("2026-09-29")));
        assert_eq!(due(&client, "2026-10-31"), Some(day("2027-01-18")));
        let seen = |client: &Client, on: &str| deadlines.head_visit(&book, client, day(on))?.is_seen;
        assert_eq!(seen(&client, "2026-09-28"), Some(true));
        assert_eq!(seen(&client, "2026-09-29"), Some(false));
        // New on 1 October; nobody knows since when; closed; of a tier that asks for none.
        let new = strategic("li", "since = 2020-01-01\nentered = 2026-10-01");
        assert_eq!((due(&new, "2026-10-31"), seen(&new, "2026-10-31")), (Some(day("2026-12-30")), None));
        assert_eq!(seen(&new, "2026-12-30"), Some(false));
        assert_eq!(due(&strategic("li", ""), "2026-10-31"), Some(day("2026-10-31")));
        assert_eq!(due(&strategic("li", "closed = 2026-10-30"), "2026-10-31"), None);
        assert_eq!(due(&super::super::tests::client(BY_HEADS), "2026-10-31"), None);
        let none = toml::from_str("name = '测试支行'\ncadence = { head = { strategic = 0 } }").unwrap();
        assert!(Deadlines::new(&none).head_visit(&book, &client, day("2026-10-31")).is_none());
    }

    #[test]
    fn a_visit_of_a_head_is_owed_from_the_tier_on_that_asks_for_it() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let book = led("", "");
        let client =
            strategic("li", &format!("{BY_HEADS}history = [{{ until = 2026-08-31, tier = 'key' }}]"));
        let asked = |on: &str| deadlines.head_visit(&book, &client, day(on));
        let (due, seen) = (|on: &str| Some(asked(on)?.due), |on: &str| asked(on)?.is_seen);
        assert_eq!((due("2026-08-31"), due("2026-10-10")), (None, Some(day("2026-11-30"))));
        assert_eq!((seen("2026-09-28"), seen("2026-10-10")), (Some(true), None));
    }

    #[test]
    fn a_visit_of_a_head_counts_as_heads_stood_on_its_day() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let on = day("2026-10-10");
        let due = |book: &Book, lead| Some(deadlines.head_visit(book, &strategic(lead, BY_HEADS), on)?.due);
        // Who has left was there; nobody owes it where no head is left.
        let left = "left = 2026-08-31\nstatus = 'left'";
        assert_eq!(due(&led(left, ""), "li"), Some(day("2026-09-29")));
        assert_eq!(due(&led(left, left), "li"), None);
        // Who reports to another and leads no team is no head; nobody above has been there since 2020.
        assert_eq!(due(&led("", ""), "zhao"), Some(day("2020-03-31")));
        // The one at the top is.
        let own = strategic("gu", "visits = [{ date = 2026-10-01, by = 'gu', kind = 'on-site' }]");
        let due = deadlines.head_visit(&led("", ""), &own, on).map(|asked| asked.due);
        assert_eq!(due, Some(day("2026-12-30")));
    }

    #[test]
    fn a_planned_visit_is_owed_until_its_manager_goes() {
        let plan = "[[planned]]\ndate = 2026-10-12\nby = 'li-na'\n";
        let due = |text: &str| {
            let client = client(&format!("{plan}{text}"));
            open_plans(&client).find(|(index, _)| *index == 0).map(|(_, plan)| plan.date.0)
        };
        assert_eq!(due(""), Some(day("2026-10-12")));
        assert_eq!(due("cancelled = '客户改期'"), None);
        let visit = |day: &str| format!("[[visits]]\ndate = 2026-10-{day}\nby = 'li-na'\nkind = 'on-site'\n");
        assert_eq!(due(&visit("04")), Some(day("2026-10-12")));
        assert_eq!(due(&visit("05")), None);
        // A visit in the week before is that of the plan whose day is nearest to it.
        let other =
            |planned: &str| format!("{}[[planned]]\ndate = 2026-10-{planned}\nby = 'li-na'\n", visit("09"));
        assert_eq!(due(&other("08")), Some(day("2026-10-12")));
        assert_eq!(due(&other("20")), None);
        let together = "[[visits]]\ndate = 2026-10-13\nby = 'wang-fang'\nkind = 'on-site'\nwith = ['li-na']";
        assert_eq!(due(together), None);
    }

    #[test]
    fn a_complaint_waits_for_its_next_step() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let waits = |text: &str| {
            let complaint: Complaint =
                toml::from_str(&format!("id = 'x'\nreceived = 2026-10-16\n{text}")).unwrap();
            deadlines.complaint(&complaint)
        };
        let due = |step, text| Some((step, day(text)));
        // 16 October 2026 is a Friday: the first answer is due on Monday.
        assert_eq!(waits(""), due(Step::Confirm, "2026-10-19"));
        assert_eq!(waits("confirmed = 2026-10-16"), due(Step::Propose, "2026-10-31"));
        assert_eq!(
            waits("confirmed = 2026-10-16\nproposed = 2026-10-20\ncomplexity = 'complex'"),
            due(Step::Decide, "2026-11-15")
        );
        // 16 October + 15 + 30 days, although 90 were written; + 15 where it does not hold.
        let extended = |extension: &str| {
            waits(&format!(
                "proposed = 2026-10-20\nabout = 'li-na'\nextension = {{ days = 90, {extension} }}"
            ))
        };
        for (extension, limit) in [
            ("approved_by = '行长', told = 2026-10-31", "2026-11-30"),
            ("approved_by = '行长', told = 2026-11-01", "2026-10-31"),
            ("approved_by = '行长'", "2026-10-31"),
            ("approved_by = ' ', told = 2026-10-31", "2026-10-31"),
            ("approved_by = 'li-na', told = 2026-10-31", "2026-10-31"),
        ] {
            assert_eq!(extended(extension), due(Step::Decide, limit), "{extension}");
        }
        assert_eq!(waits("decided = 2026-10-20"), due(Step::FollowUp, "2026-11-04"));
        assert_eq!(waits("decided = 2026-10-20\nfollowed_up = 2026-10-25"), due(Step::Close, "2026-11-04"));
        let closed = "decided = 2026-10-20\nclosed = 2026-10-25\n";
        assert_eq!(waits(closed), None);
        assert_eq!(
            waits(&format!("{closed}reopened = [2026-11-02]\nconfirmed = 2026-11-02")),
            due(Step::Propose, "2026-11-17")
        );
        assert_eq!(waits("withdrawn = 2026-10-16"), None);
    }

    #[test]
    fn an_opportunity_is_stale_two_months_after_it_moved() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let stale = |text: &str| {
            let opportunity: Opportunity = toml::from_str(&format!("id = 'x'\n{text}")).unwrap();
            deadlines.stale(&opportunity)
        };
        assert_eq!(stale("stage = 'proposal'\nopened = 2026-01-01"), Some(day("2026-03-02")));
        assert_eq!(
            stale("stage = 'proposal'\nopened = 2026-01-01\nupdated = 2026-02-01"),
            Some(day("2026-04-02"))
        );
        let taken_further = "history = [{ until = 2026-02-28, stage = 'engaging' }, { until = 2026-03-31, expected = 2026-05-31 }]";
        assert_eq!(
            stale(&format!("stage = 'proposal'\nopened = 2026-01-01\n{taken_further}")),
            Some(day("2026-04-30"))
        );
        assert_eq!(stale("stage = 'won'\nopened = 2026-01-01"), None);
        assert_eq!(stale("stage = 'proposal'"), None);
    }
}
