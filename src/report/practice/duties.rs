//! Duties: whether each duty of a relationship manager is lived, and with which clients it is not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::{Settle, entry, reference};
use super::{Col, Input, Report, Run, Sheet, Usual, median, number, owed_checks, part, ratio, share};
use crate::book::credit::lead_on;
use crate::book::deadline::is_seen;
use crate::period::first_of_months_to;
use crate::record::client::{Client, Request};
use crate::record::deal::Stage;
use crate::record::kind::RecordKind;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "duties",
    title: Text::new("Duties", "岗位职责"),
    question: Text::new(
        "Which duty has no evidence, with which clients, and what settles it?",
        "哪些岗位职责缺少履职记录，涉及哪些客户，应如何补足？",
    ),
    about: Text::new(
        "half-year: the six months to the report's day; every manager who leads clients has a row for each duty, which says what it counts\n\
         understand needs: clients with a need recorded in the half-year, of the clients led\n\
         offer solutions: needs of the half-year with a solution or made an opportunity, of those answered, dropped or past the settings' limit (`management.need`); hit rate: deals won, of those won or lost in the half-year\n\
         coordinate: requests to other departments raised in the half-year that were done by their day, of those done or past it; median days from raised to done of those done in it\n\
         no record: where the half-year has no need, or no request, of a manager at all, each client led is a case without evidence\n\
         keep relations: clients that anybody was in contact with in their tier's days, of those led whose first contact was made or due (as the metric `visit_coverage`)\n\
         assess risk: clients that owe principal and have no post-loan check past its day, of those that owe principal\n\
         gap: each client that keeps a part below 100 %, the largest first, with the command that settles it; a percentage alone invites ticking boxes",
        "半年：截至报告日的六个月；凡主办客户的客户经理，每项职责均列一行，并注明计数对象\n\
         了解需求：半年内登记过需求的客户占主办客户的比例\n\
         提供方案：半年内的需求中已提方案或转为商机的，占已响应、已放弃或超过设置时限（management.need）的比例；成功率：半年内结案商机中赢单的占比\n\
         协调资源：半年内提出的内部协调事项中按期完成的，占已完成或已过期限的比例；完成天数：半年内完成事项自提出至完成自然日的中位数\n\
         无记录：半年内该客户经理全无需求或协调事项的，每户主办客户均计为缺口\n\
         维护关系：层级间隔天数内有联系的客户，占已有联系或首次联系已到期主办客户的比例（同指标 visit_coverage）\n\
         评估风险：有用信余额且无超期贷后检查的客户，占有用信余额客户的比例\n\
         缺口：未达100%所涉的每户客户，由大到小列示及办理命令；仅看百分比易流于形式",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Book(run),
};

const DUTIES: Sheet = Sheet {
    name: "duties",
    title: Text::new("Evidence for each duty", "各项职责履行情况"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("duty", "Duty", "职责"),
        Col::text("counted", "Counted", "计数对象"),
        Col::count("evidence", "With evidence", "有履职记录"),
        Col::count("of", "Of", "应履职"),
        Col::ratio("part", "Part", "履职率").bar(),
        Col::count("gaps", "Gaps", "缺口"),
        Col::ratio("hit_rate", "Hit rate", "商机成功率"),
        Col::number("median_days", "Median days", "完成天数中位数"),
    ],
};

const GAPS: Sheet = Sheet {
    name: "duty_gaps",
    title: Text::new("Where evidence is missing", "履职缺口清单"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("duty", "Duty", "职责"),
        Col::text("client", "Client", "客户"),
        Col::text("what", "What", "事项"),
        Col::date("since", "Since", "起始日"),
        Col::size("size", "Size", "规模"),
        Col::text("settle", "Command", "办理命令"),
    ],
};

/// A duty of a relationship manager, in the order of the practice's own list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Duty {
    Needs,
    Solutions,
    Coordination,
    Relations,
    Risk,
}

impl Duty {
    const ALL: [Self; 5] = [Self::Needs, Self::Solutions, Self::Coordination, Self::Relations, Self::Risk];

    fn cell(self) -> Cell {
        let (key, text) = match self {
            Self::Needs => ("understand-needs", Text::new("understand needs", "了解客户需求")),
            Self::Solutions => ("offer-solutions", Text::new("offer solutions", "提供个性化方案")),
            Self::Coordination => ("coordinate", Text::new("coordinate inside the bank", "协调内部资源")),
            Self::Relations => ("keep-relations", Text::new("keep relations", "维护客户关系")),
            Self::Risk => ("assess-risk", Text::new("assess risk", "评估客户风险")),
        };
        Cell::Said { key, text }
    }

    /// What its figures count; without any record, the clients led.
    fn counted(self, is_recorded: bool) -> Cell {
        let (key, text) = match self {
            Self::Solutions if is_recorded => ("needs", Text::new("needs", "需求")),
            Self::Coordination if is_recorded => ("requests", Text::new("requests", "协调事项")),
            _ => ("clients", Text::new("clients", "客户")),
        };
        Cell::Said { key, text }
    }
}

/// Evidence that is missing.
struct Gap<'b> {
    manager: &'b str,
    duty: Duty,
    client: Option<&'b str>,
    what: Option<&'b str>,
    since: Option<NaiveDate>,
    size: Option<Decimal>,
    settle: Cell,
}

/// What every duty of every manager comes to.
#[derive(Default)]
struct Evidence<'b> {
    counts: BTreeMap<(&'b str, Duty), (usize, usize)>,
    /// The duties of which the half-year has any record, settled or not.
    recorded: BTreeSet<(&'b str, Duty)>,
    /// The duties that have none, for which each client led is counted instead.
    without: BTreeSet<(&'b str, Duty)>,
    /// Deals won, and deals won or lost.
    deals: BTreeMap<&'b str, (usize, usize)>,
    /// Days from raised to done of the requests done.
    turnarounds: BTreeMap<&'b str, Vec<Decimal>>,
    gaps: Vec<Gap<'b>>,
}

impl<'b> Evidence<'b> {
    /// Counts one case of a duty; one without evidence comes as a gap.
    fn add(&mut self, manager: &'b str, duty: Duty, gap: Option<Gap<'b>>) {
        let (there, of) = self.counts.entry((manager, duty)).or_default();
        *there += usize::from(gap.is_none());
        *of += 1;
        self.gaps.extend(gap);
    }
}

fn run(input: &Input<'_>) -> Vec<Table> {
    let from = first_of_months_to(input.as_of, 6);
    let mut evidence = Evidence::default();
    for (id, client) in input.clients() {
        let of = Of { input, id, client, lead: input.lead(client), from };
        of.needs(&mut evidence);
        of.solutions(&mut evidence);
        of.relations(&mut evidence);
        of.risk(&mut evidence);
        for duty in Duty::ALL {
            evidence.counts.entry((of.lead, duty)).or_default();
        }
    }
    deals(input, from, &mut evidence);
    requests(input, from, &mut evidence);
    for (id, client) in input.clients() {
        Of { input, id, client, lead: input.lead(client), from }.unrecorded(&mut evidence);
    }
    let order = |gap: &Gap<'_>| (gap.duty, std::cmp::Reverse(gap.size), gap.since);
    evidence.gaps.sort_by(|a, b| {
        a.manager.cmp(b.manager).then_with(|| order(a).cmp(&order(b))).then_with(|| a.client.cmp(&b.client))
    });
    vec![duties(input, &evidence), gaps(input, evidence.gaps)]
}

/// A client whose lead's duties are looked at, from a day on.
struct Of<'i, 'b> {
    input: &'i Input<'b>,
    id: &'b str,
    client: &'b Client,
    lead: &'b str,
    from: NaiveDate,
}

impl<'b> Of<'_, 'b> {
    fn gap(
        &self,
        duty: Duty,
        what: Option<&'b str>,
        since: Option<NaiveDate>,
        settle: Settle<'_>,
    ) -> Gap<'b> {
        let settle = self.input.settle(self.id, settle);
        let size = self.input.size(self.client);
        Gap { manager: self.lead, duty, client: Some(self.id), what, since, size, settle }
    }

    fn needs(&self, evidence: &mut Evidence<'b>) {
        let last = self.client.needs.iter().filter_map(|need| self.input.past(Some(need.date))).max();
        let is_there = last.is_some_and(|day| day >= self.from);
        let gap = || self.gap(Duty::Needs, None, last, Settle::add("need", "--what …"));
        evidence.add(self.lead, Duty::Needs, (!is_there).then(gap));
    }

    fn solutions(&self, evidence: &mut Evidence<'b>) {
        let input = self.input;
        for (index, need) in self.client.needs.iter().enumerate() {
            if need.date.0 < self.from || need.date.0 > input.as_of {
                continue;
            }
            evidence.recorded.insert((self.lead, Duty::Solutions));
            let answered =
                need.opportunity.is_some() || input.past(need.proposed).or(input.past(need.met)).is_some();
            let limit = input.deadline(need.date, input.book.settings.management.need);
            let is_late = input.past(need.dropped).is_none() && limit < input.as_of;
            if answered {
                evidence.add(self.lead, Duty::Solutions, None);
            } else if is_late {
                let settle = Settle::set_at(&entry("needs", &self.client.needs, index), ["proposed=today"]);
                let gap = self.gap(Duty::Solutions, Some(&need.what), Some(need.date.0), settle);
                evidence.add(self.lead, Duty::Solutions, Some(gap));
            }
        }
    }

    /// Duties of which the half-year has no record at all: with each client there is something to begin with.
    fn unrecorded(&self, evidence: &mut Evidence<'b>) {
        let begin = [
            (Duty::Solutions, Settle::add("need", "--what … --proposed today")),
            (Duty::Coordination, Settle::add("request", "--to … --what …")),
        ];
        for (duty, settle) in begin {
            if !evidence.recorded.contains(&(self.lead, duty)) {
                evidence.without.insert((self.lead, duty));
                evidence.add(self.lead, duty, Some(self.gap(duty, None, None, settle)));
            }
        }
    }

    fn relations(&self, evidence: &mut Evidence<'b>) {
        let cadence = self.input.book.settings.cadence.of(self.input.tier(self.client));
        let Some(seen) = is_seen(self.client, cadence, self.input.as_of) else { return };
        let due = self.input.deadlines.visit(self.client, self.input.as_of);
        let gap = || self.gap(Duty::Relations, None, due, Settle::add("visit", "--summary …"));
        evidence.add(self.lead, Duty::Relations, (!seen).then(gap));
    }

    fn risk(&self, evidence: &mut Evidence<'b>) {
        if self.input.drawn(self.client).is_zero() {
            return;
        }
        let owed = owed_checks(self.input, self.client);
        let first = owed.iter().min_by_key(|owed| owed.day);
        let gap = first.map(|owed| {
            let facility = owed.facility.map(|facility| facility.id.as_str());
            self.gap(Duty::Risk, facility, Some(owed.day), owed.settle())
        });
        evidence.add(self.lead, Duty::Risk, gap);
    }
}

/// Deals won or lost since a day, by whoever pursued them, else by the lead of the day they closed.
fn deals<'b>(input: &Input<'b>, from: NaiveDate, evidence: &mut Evidence<'b>) {
    for (_, client) in input.all_clients() {
        for deal in client.opportunities.iter().filter(|deal| deal.stage.is_end()) {
            let Some(closed) = input.past(deal.closed).filter(|closed| *closed >= from) else { continue };
            let by = deal.by.as_deref().unwrap_or_else(|| lead_on(client, closed));
            let (won, decided) = evidence.deals.entry(by).or_default();
            *won += usize::from(deal.stage == Stage::Won);
            *decided += 1;
        }
    }
}

/// Coordination inside the bank: requests for clients and for the manager's own work.
fn requests<'b>(input: &Input<'b>, from: NaiveDate, evidence: &mut Evidence<'b>) {
    let of_clients = input.all_clients().flat_map(|(id, client)| {
        let lead = input.lead(client);
        let by = move |request: &'b Request| request.by.as_deref().unwrap_or(lead);
        let all = &client.requests;
        all.iter().enumerate().map(move |(index, request)| (by(request), Some(id), index, all, request))
    });
    let of_managers = input.managers().flat_map(|(id, manager)| {
        let all = &manager.requests;
        all.iter().enumerate().map(move |(index, request)| (id, None, index, all, request))
    });
    for (manager, client, index, all, request) in of_clients.chain(of_managers) {
        if request.raised.0 < from || request.raised.0 > input.as_of || !input.covers(manager) {
            continue;
        }
        evidence.recorded.insert((manager, Duty::Coordination));
        let done = input.past(request.done);
        if let Some(done) = done {
            let taken = Input::between(request.raised, done);
            evidence.turnarounds.entry(manager).or_default().push(taken);
        }
        let overdue = request.due.filter(|due| done.unwrap_or(input.as_of) > due.0);
        let (kind, id) = client.map_or((RecordKind::Manager, manager), |client| (RecordKind::Client, client));
        // One that was done late is done.
        let settle = request.done.is_none().then(|| {
            let settle = Settle::set_at(&entry("requests", all, index), ["done=today"]);
            settle.command(&reference(input.book, kind, id))
        });
        let settle = settle.into();
        let gap = Gap {
            manager,
            duty: Duty::Coordination,
            client,
            what: Some(&request.what),
            since: Some(request.raised.0),
            size: None,
            settle,
        };
        if done.is_some() || overdue.is_some() {
            evidence.add(manager, Duty::Coordination, overdue.is_some().then_some(gap));
        }
    }
}

fn duties(input: &Input<'_>, evidence: &Evidence<'_>) -> Table {
    let rows = evidence.counts.iter().map(|((manager, duty), (there, of))| {
        let deals = evidence.deals.get(manager).filter(|_| *duty == Duty::Solutions);
        let taken = evidence.turnarounds.get(manager).filter(|_| *duty == Duty::Coordination);
        vec![
            (*manager).into(),
            duty.cell(),
            duty.counted(!evidence.without.contains(&(*manager, *duty))),
            (*there).into(),
            (*of).into(),
            part(*there, *of),
            (of - there).into(),
            ratio(deals.and_then(|(won, decided)| share(*won, *decided))),
            number(taken.cloned().and_then(median)),
        ]
    });
    DUTIES.filled(input, rows)
}

fn gaps(input: &Input<'_>, gaps: Vec<Gap<'_>>) -> Table {
    let rows = gaps.into_iter().map(|gap| {
        vec![
            gap.manager.into(),
            gap.duty.cell(),
            gap.client.into(),
            gap.what.into(),
            gap.since.into(),
            number(gap.size),
            gap.settle,
        ]
    });
    GAPS.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::lines;

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
# file: managers/li-na.toml
name = "李娜"
[[requests]]
raised = 2026-10-01
to = "科技部"
what = "外网访问"
due = 2026-10-10
# file: clients/acme.toml
name = "华东精密"
tier = "key"
manager = "li-na"
status = "active"
since = 2020-01-01
visits = [{ date = 2026-10-01, by = "li-na", kind = "call" }]
requests = [{ raised = 2026-10-05, to = "法务", what = "合同", due = 2026-10-20, done = 2026-10-19 }]
opportunities = [{ id = "a", stage = "won", closed = 2026-10-02 }, { id = "b", stage = "lost", closed = 2026-09-02 }, { id = "c", stage = "won", closed = 2026-03-02 }]
[[needs]]
date = 2026-09-01
what = "保函"
[[needs]]
date = 2026-10-20
what = "贴现"
# file: clients/beta.toml
name = "贝塔"
tier = "base"
manager = "li-na"
status = "active"
since = 2026-02-01
[[facilities]]
id = "wc"
product = "流动资金贷款"
limit = 100
drawn = 80
drawn_on = 2026-10-01
class = "normal"
"#;

    #[test]
    fn each_gap_opens_to_the_client_and_the_command() {
        assert_eq!(
            lines(BOOK, "duties", "duties", "2026-10"),
            [
                "li-na | understand-needs | clients | 1 | 2 | 50% | 1 | - | -",
                "li-na | offer-solutions | needs | 0 | 1 | 0% | 1 | 50% | -",
                "li-na | coordinate | requests | 1 | 2 | 50% | 1 | - | 14",
                "li-na | keep-relations | clients | 1 | 2 | 50% | 1 | - | -",
                "li-na | assess-risk | clients | 0 | 1 | 0% | 1 | - | -",
            ]
        );
        // A need of 1 September had until 1 October; that of the 20th still has time. 1 February + 180 days; 1 October + 15.
        assert_eq!(
            lines(BOOK, "duties", "duty_gaps", "2026-10"),
            [
                "li-na | understand-needs | beta | - | - | - | rmbook add need beta --what …",
                "li-na | offer-solutions | acme | 保函 | 2026-09-01 | - | rmbook set acme 'needs[2026-09-01].proposed=today'",
                "li-na | coordinate | - | 外网访问 | 2026-10-01 | - | rmbook set li-na 'requests[2026-10-01].done=today'",
                "li-na | keep-relations | beta | - | 2026-07-31 | - | rmbook add visit beta --summary …",
                "li-na | assess-risk | beta | wc | 2026-10-16 | - | rmbook add loan-check beta --kind first --facility wc --due 2026-10-16 --done today --findings …",
            ]
        );
    }

    #[test]
    fn a_duty_nobody_recorded_has_a_row_and_opens_to_every_client() {
        let quiet = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
            # file: clients/a.toml\nname = '甲'\ntier = 'base'\nmanager = 'li-na'\nstatus = 'active'\nsince = 2026-10-01\n";
        assert_eq!(
            lines(quiet, "duties", "duties", "2026-10"),
            [
                "li-na | understand-needs | clients | 0 | 1 | 0% | 1 | - | -",
                "li-na | offer-solutions | clients | 0 | 1 | 0% | 1 | - | -",
                "li-na | coordinate | clients | 0 | 1 | 0% | 1 | - | -",
                "li-na | keep-relations | clients | 0 | 0 | - | 0 | - | -",
                "li-na | assess-risk | clients | 0 | 0 | - | 0 | - | -",
            ]
        );
        assert_eq!(
            lines(quiet, "duties", "duty_gaps", "2026-10"),
            [
                "li-na | understand-needs | a | - | - | - | rmbook add need a --what …",
                "li-na | offer-solutions | a | - | - | - | rmbook add need a --what … --proposed today",
                "li-na | coordinate | a | - | - | - | rmbook add request a --to … --what …",
            ]
        );
    }
}
