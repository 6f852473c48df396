//! Everything owed, by day, with the command that settles it: the page a relationship manager opens each morning.
//!
//! A [`Duty`] is one thing somebody owes by a day. What is owed and when is defined in [`crate::book::deadline`]; here it gets
//! its owner and its command. To add a duty: a kind in [`crate::text::report`] and in [`DutyKind`], and its line in the file of
//! its family.

use chrono::NaiveDate;

use super::{Settle, entry, quoted, reference, settle_head_visit, settle_step};
use crate::book::credit::lead_on;
use crate::book::deadline::Deadlines;
use crate::book::{Book, Record};
use crate::record::client::{Client, Request};
use crate::record::development::Idea;
use crate::record::kind::RecordKind;
use crate::record::promise::Action;
use crate::record::risk::Risk;
use crate::record::value::{Day, ManagerId};
use crate::score::released::deciding;
use crate::table::{Cell, Column, Kind, Table};
use crate::text::{Text, report};

mod appraisal;
mod client;
mod credit;
mod manager;
mod team;

/// One thing somebody owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// The last day for it.
    pub due: NaiveDate,
    /// What kind of thing it is.
    pub kind: DutyKind,
    /// The manager who owes it, where the book says.
    pub owner: Option<String>,
    /// Who stands in for that one, who is on leave.
    pub cover: Option<String>,
    /// The record it stands in.
    pub record: (RecordKind, String),
    /// That record's name.
    pub name: String,
    /// Which one of its kind, in the record's own words.
    pub what: Option<String>,
    /// The command that settles it; `…` stands for what only its owner knows.
    pub settle: String,
}

macro_rules! duty_kinds {
    ($($kind:ident $key:literal $text:ident;)*) => {
        /// What kind of thing is owed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum DutyKind {
            $(#[doc = $key] $kind,)*
        }

        impl DutyKind {
            /// Its stable English key.
            pub fn key(self) -> &'static str {
                match self { $(Self::$kind => $key,)* }
            }

            /// What people read.
            pub fn title(self) -> Text {
                match self { $(Self::$kind => report::$text,)* }
            }
        }
    };
}

duty_kinds! {
    ConfirmComplaint "complaint-confirm" COMPLAINT_CONFIRM;
    ProposeComplaint "complaint-propose" COMPLAINT_PROPOSE;
    DecideComplaint "complaint-decide" COMPLAINT_DECIDE;
    FollowUpComplaint "complaint-follow-up" COMPLAINT_FOLLOW_UP;
    CloseComplaint "complaint-close" COMPLAINT_CLOSE;
    Warning "warning" WARNING;
    FirstCheck "first-check" FIRST_CHECK;
    RoutineCheck "routine-check" ROUTINE_CHECK;
    SpecialCheck "special-check" SPECIAL_CHECK;
    RenewalPlan "renewal-plan" RENEWAL_PLAN;
    Maturity "maturity" MATURITY;
    Covenant "covenant" COVENANT;
    RiskReview "risk-review" RISK_REVIEW;
    Visit "visit" VISIT;
    HeadVisit "head-visit" HEAD_VISIT;
    OnSiteVisit "on-site-visit" ON_SITE_VISIT;
    PlannedVisit "planned-visit" PLANNED_VISIT;
    Action "action" ACTION;
    Solution "solution" SOLUTION;
    Opportunity "opportunity" OPPORTUNITY;
    StaleOpportunity "stale-opportunity" STALE_OPPORTUNITY;
    Referral "referral" REFERRAL;
    Request "request" REQUEST;
    NewLead "new-lead" NEW_LEAD;
    CarryOut "handover-to-carry-out" CARRY_OUT;
    Handover "handover" HANDOVER;
    Answer "answer" ANSWER;
    OneOnOne "one-on-one" ONE_ON_ONE;
    Declaration "declaration" DECLARATION;
    Certificate "certificate" CERTIFICATE;
    Training "training" TRAINING;
    AuditFinding "audit-finding" AUDIT_FINDING;
    Idea "idea" IDEA;
    AccessReview "access-review" ACCESS_REVIEW;
    AccessRevocation "access-revocation" ACCESS_REVOCATION;
    AssetReturn "asset-return" ASSET_RETURN;
    WeeklyMeeting "weekly-meeting" WEEKLY_MEETING;
    MonthlyMeeting "monthly-meeting" MONTHLY_MEETING;
    QuarterlyMeeting "quarterly-meeting" QUARTERLY_MEETING;
    Survey "survey" SURVEY;
    PlanReview "plan-review" PLAN_REVIEW;
    Drill "drill" DRILL;
    DecisionReview "decision-review" DECISION_REVIEW;
    Mark "mark" MARK;
    Rating "rating" RATING_DUE;
    Closing "closing" CLOSING;
    Acknowledgement "acknowledgement" ACKNOWLEDGEMENT;
    Appeal "appeal" APPEAL;
    Amendment "amendment" AMENDMENT;
    Talk "talk" TALK;
    Checkpoint "checkpoint" CHECKPOINT;
    ImprovementPlan "improvement-plan" IMPROVEMENT_PLAN;
    Release "release" RELEASE;
    DecideRelease "release-undecided" DECIDE_RELEASE;
    Forfeit "forfeit" FORFEIT;
    HeldRelease "release-held" HELD_RELEASE;
    Proposal "proposal" PROPOSAL;
    GradeEntry "grade-entry" GRADE_ENTRY;
}

/// Everything owed in a book up to the day `until`, seen from the day `today`; the earliest first.
pub fn duties(book: &Book, today: NaiveDate, until: NaiveDate) -> Vec<Duty> {
    let deadlines = Deadlines::new(&book.settings);
    let kept_since = book.kept_since();
    let mut list = List { book, deadlines, kept_since, today, until, duties: Vec::new() };
    for record in &book.clients {
        let of = Of { kind: RecordKind::Client, id: &record.id, name: &record.data.name };
        client::collect(&mut list, of, &record.data);
        credit::collect(&mut list, of, &record.data);
    }
    for record in &book.managers {
        let of = Of { kind: RecordKind::Manager, id: &record.id, name: &record.data.name };
        manager::collect(&mut list, of, &record.data);
    }
    for record in &book.teams {
        let of = Of { kind: RecordKind::Team, id: &record.id, name: &record.data.name };
        team::collect(&mut list, of, &record.data);
    }
    for record in &book.reviews {
        let name = list.name_of(&record.data.manager);
        let of = Of { kind: RecordKind::Review, id: &record.id, name: &name };
        appraisal::collect(&mut list, of, &record.data);
    }
    appraisal::closings(&mut list);
    appraisal::judgements(&mut list);
    let deciding = deciding(book);
    let releases = book.reviews_by_manager();
    releases.values().for_each(|own| appraisal::releases(&mut list, own, deciding.as_ref()));
    let mut duties = list.duties;
    let order = |duty: &Duty| (duty.due, duty.owner.clone(), duty.kind);
    duties.sort_by(|a, b| {
        order(a).cmp(&order(b)).then_with(|| (&a.record, &a.what).cmp(&(&b.record, &b.what)))
    });
    duties
}

/// What a manager who leaves still has to give back, however far off the day is: access and equipment.
pub fn owed_by_leaver(book: &Book, id: &str) -> Vec<Duty> {
    let Some(record) = book.managers.get(id).filter(|record| record.data.left.is_some()) else {
        return Vec::new();
    };
    let deadlines = Deadlines::new(&book.settings);
    let (today, until) = (NaiveDate::MAX, NaiveDate::MAX);
    let kept_since = book.kept_since();
    let mut list = List { book, deadlines, kept_since, today, until, duties: Vec::new() };
    let of = Of { kind: RecordKind::Manager, id: &record.id, name: &record.data.name };
    manager::workplace(&mut list, of, &record.data);
    list.duties
}

/// All that is owed for a client as seen on a day, however far off the day it is owed by.
pub fn owed_for_client(book: &Book, record: &Record<Client>, on: NaiveDate) -> Vec<Duty> {
    let (deadlines, kept_since) = (Deadlines::new(&book.settings), book.kept_since());
    let mut list = List { book, deadlines, kept_since, today: on, until: NaiveDate::MAX, duties: Vec::new() };
    let of = Of { kind: RecordKind::Client, id: &record.id, name: &record.data.name };
    client::collect(&mut list, of, &record.data);
    credit::collect(&mut list, of, &record.data);
    list.duties.sort_by_key(|duty| duty.due);
    list.duties
}

/// Duties as a table.
pub fn duty_table(duties: &[Duty], today: NaiveDate) -> Table {
    let mut columns = vec![
        Column::new("due", report::DUE, Kind::Date),
        Column::new("days_overdue", report::DAYS_OVERDUE, Kind::Count),
        Column::new("duty", report::DUTY, Kind::Text),
        Column::new("record", report::RECORD, Kind::Text),
        Column::new("id", report::ID, Kind::Text),
        Column::new("name", report::NAME, Kind::Text),
        Column::new("what", report::WHAT, Kind::Text),
        Column::new("manager", report::OWNER, Kind::Text),
    ];
    // Only while somebody stands in for another.
    let any_cover = duties.iter().any(|duty| duty.cover.is_some());
    columns.extend(any_cover.then(|| Column::new("cover", report::COVER, Kind::Text)));
    columns.push(Column::new("settle", report::SETTLE, Kind::Text));
    let mut table = Table::new("due", report::DUTIES, columns);
    for duty in duties {
        let (kind, id) = &duty.record;
        let overdue = (today - duty.due).num_days();
        let mut row = vec![
            duty.due.into(),
            if overdue > 0 { Cell::Count(overdue) } else { Cell::Missing },
            Cell::Said { key: duty.kind.key(), text: duty.kind.title() },
            Cell::Said { key: kind.name(), text: kind.title() },
            id.as_str().into(),
            duty.name.as_str().into(),
            duty.what.as_deref().into(),
            duty.owner.as_deref().into(),
        ];
        row.extend(any_cover.then(|| duty.cover.as_deref().into()));
        row.push(duty.settle.as_str().into());
        table.push(row);
    }
    table
}

/// The record whose duties are being collected.
#[derive(Clone, Copy)]
struct Of<'b> {
    kind: RecordKind,
    id: &'b str,
    name: &'b str,
}

/// Duties while they are collected.
struct List<'b> {
    book: &'b Book,
    deadlines: Deadlines<'b>,
    kept_since: Option<NaiveDate>,
    today: NaiveDate,
    until: NaiveDate,
    duties: Vec<Duty>,
}

impl List<'_> {
    /// Takes in a duty, where something is owed within the horizon.
    fn owe(
        &mut self,
        of: Of<'_>,
        kind: DutyKind,
        due: Option<NaiveDate>,
        owner: Option<&str>,
        what: Option<&str>,
        settle: impl FnOnce() -> Settle<'static>,
    ) {
        if let Some(due) = due.filter(|due| *due <= self.until) {
            self.take(of, kind, due, owner, what, settle);
        }
    }

    /// Takes in a duty whatever the horizon.
    fn take(
        &mut self,
        of: Of<'_>,
        kind: DutyKind,
        due: NaiveDate,
        owner: Option<&str>,
        what: Option<&str>,
        settle: impl FnOnce() -> Settle<'static>,
    ) {
        self.duties.push(Duty {
            due,
            kind,
            owner: owner.map(str::to_owned),
            cover: owner.and_then(|owner| self.cover(owner)),
            record: (of.kind, of.id.to_owned()),
            name: of.name.to_owned(),
            what: what.map(str::to_owned),
            settle: settle().command(&reference(self.book, of.kind, of.id)),
        });
    }

    fn name_of(&self, manager: &str) -> String {
        let known = self.book.managers.get(manager);
        known.map_or_else(|| manager.to_owned(), |record| record.data.name.clone())
    }

    /// Whether a manager has not left by today: what somebody found, raised or promised who has, others must see to.
    fn is_there(&self, manager: &str) -> bool {
        let left = self.book.managers.get(manager).and_then(|record| record.data.left);
        left.is_none_or(|left| left.0 > self.today)
    }

    /// Who stands in for a manager who is on leave today.
    fn cover(&self, manager: &str) -> Option<String> {
        let manager = self.book.managers.get(manager)?;
        manager.data.cover_on(Day(self.today)).map(ToString::to_string)
    }

    /// Who a manager reports to.
    fn supervisor(&self, manager: &str) -> Option<&str> {
        self.book.managers.get(manager)?.data.supervisor_on(self.today).map(|above| &**above)
    }
}

/// Promised actions, in the list `at` of the record; who owes each one is said by `owner`.
fn actions<'c>(
    list: &mut List<'_>,
    of: Of<'_>,
    actions: &'c [Action],
    owner: impl Fn(&List<'_>, &'c Action) -> Option<&'c str>,
    at: impl Fn() -> String,
) {
    for (index, action) in actions.iter().enumerate() {
        let due = list.deadlines.action(action);
        let owner = owner(list, action);
        let settle = || Settle::set_at(&entry(&at(), actions, index), ["done=today"]);
        list.owe(of, DutyKind::Action, due, owner, Some(&action.what), settle);
    }
}

/// Who an action names, where not gone since.
fn named<'c>(list: &List<'_>, action: &'c Action) -> Option<&'c ManagerId> {
    action.owner.as_ref().filter(|named| list.is_there(named))
}

/// Work asked of other departments, which its `owner` follows up.
fn requests<'c>(
    list: &mut List<'_>,
    of: Of<'_>,
    requests: &'c [Request],
    owner: impl Fn(&List<'_>, &'c Request) -> Option<&'c str>,
) {
    for (index, request) in requests.iter().enumerate() {
        let due = list.deadlines.request(request);
        let owner = owner(list, request);
        let settle = || Settle::set_at(&entry("requests", requests, index), ["done=today"]);
        list.owe(of, DutyKind::Request, due, owner, Some(&request.what), settle);
    }
}

/// Risks to be looked at again; who owes one that names nobody is `owner`.
fn risks(list: &mut List<'_>, of: Of<'_>, risks: &[Risk], owner: Option<&str>) {
    for (index, risk) in risks.iter().enumerate() {
        let due = list.deadlines.risk_review(risk);
        let owner = risk.owner.as_deref().filter(|named| list.is_there(named)).or(owner);
        let settle = || Settle::set_at(&entry("risks", risks, index), ["review=…"]);
        list.owe(of, DutyKind::RiskReview, due, owner, Some(&risk.what), settle);
    }
}

/// Ideas to be kept or stopped, in the list `at` of the record; who owes one that names nobody is `owner`.
fn ideas(list: &mut List<'_>, of: Of<'_>, at: &str, ideas: &[Idea], owner: Option<&str>) {
    for (index, idea) in ideas.iter().enumerate() {
        let due = list.deadlines.idea(idea);
        let owner = idea.owner.as_deref().filter(|named| list.is_there(named)).or(owner);
        let settle = || Settle::set_at(&entry(at, ideas, index), ["decision=keep|stop", "decided=today"]);
        list.owe(of, DutyKind::Idea, due, owner, Some(&idea.what), settle);
    }
}

/// The manager an entry names, where not gone since, or the client's lead.
fn or_lead<'c>(list: &List<'_>, named: Option<&'c ManagerId>, client: &'c Client) -> Option<&'c str> {
    let there = named.map(|named| &**named).filter(|named| list.is_there(named));
    Some(there.unwrap_or_else(|| lead_on(client, list.today)))
}

/// The same of what was found or asked on a day: it stays found by whoever found it, and whoever led the client then and has
/// handed it over since has handed this over with it.
fn or_next_lead<'c>(
    list: &List<'_>,
    named: Option<&'c ManagerId>,
    day: Day,
    client: &'c Client,
) -> Option<&'c str> {
    let has_handed_over =
        |named: &&ManagerId| *lead_on(client, day.0) == ***named && *lead_on(client, list.today) != ***named;
    or_lead(list, named.filter(|named| !has_handed_over(named)), client)
}

#[cfg(test)]
mod tests;
