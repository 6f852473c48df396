//! Coverage: which clients nobody has been to, how the managers' visits hold against cadence and plan, what visits led to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::{Settle, settle_head_visit};
use super::{Col, Input, Report, Run, Sheet, Usual, choice, days, median, number, part};
use crate::book::deadline::{AskedOfHead, is_seen, last_visit, made};
use crate::record::client::{Client, Tier, VisitKind};
use crate::record::deal::Stage;
use crate::record::kind::RecordKind;
use crate::record::value::Day;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "coverage",
    title: Text::new("Coverage", "客户拜访覆盖"),
    question: Text::new(
        "Which clients are neglected, does each tier get its visits, and do visits lead to business?",
        "哪些客户疏于拜访，各层级是否按频次覆盖，拜访是否转化为业务？",
    ),
    about: Text::new(
        "contact: any visit, call, video or event recorded with the client by the report's day, whoever made it\n\
         due: the day of the last contact, else the first account or the later entry in the book, and the tier's days between contacts (settings `cadence`; weekly while a red warning is open, from its opening where that is later); a client with neither is due at once\n\
         in cadence: clients that anybody was in contact with in their tier's days up to the report's day; coverage: of those whose first contact was made or due (as the metric `visit_coverage`); overdue: the others of them\n\
         median days: from the last contact to the report's day, of the clients that ever had one\n\
         joint: visits of the period with a colleague along\n\
         head: who leads the team of the client's lead, whom the lead reports to, and so on upwards; a lead who leads a team, or has people below and nobody above, is a head too\n\
         visits of heads: for clients of tiers for which the settings' `cadence.head` asks it; last: the last visit, a telephone call aside, at which a head of that day took part; due: its days after that visit or, where later or there was none, after the first account, the entry in the book or the day the client reached such a tier\n\
         kept: of the visits planned for a day of the period and not called off, those the planner made, or joined, on that day, later or in the week before, by the report's day\n\
         on-site: a client that owes principal is to be seen at its premises once in 90 days (a convention of post-loan management)\n\
         conversion: clients visited in the period; of those, clients with a need recorded, an opportunity opened, an opportunity won from the first of these visits to the report's day",
        "联系：截至报告日登记的任何拜访、电话、视频或活动，不限经办人\n\
         应访日：最近一次联系日（无联系的取首次开户日与建档日中较晚者）加本层级间隔天数（设置 cadence；红色预警未解除的每周一次，预警晚于最近联系的自预警日起）；两者皆无的视为应立即拜访\n\
         频次达标：报告日前层级间隔天数内有联系的客户；达标率：占已有联系或首次联系已到期客户的比例（同指标 visit_coverage）；逾期未访：其余客户\n\
         间隔天数中位数：曾有联系的客户，自最近联系日至报告日的天数\n\
         联合拜访：本期有同事陪同的拜访\n\
         主管：主办客户经理的团队负责人、直接上级及其各级上级；主办本人为团队负责人，或有下属而无上级的，本人即主管\n\
         主管拜访：适用于设置 cadence.head 要求的层级；最近：当日的主管实施或陪同的最近一次拜访，电话除外；应访日：该日加规定天数，首次开户、建档或升入该层级较晚或尚无主管拜访的自该日起\n\
         计划完成：计划日在本期且未取消的拜访中，截至报告日计划人在计划日前一周内、当日或以后已实施或参与的\n\
         上门拜访：有用信余额的客户每90天至少上门拜访一次（贷后管理惯例）\n\
         转化：本期拜访的客户中，自首次拜访至报告日登记需求、发现商机、赢单的客户数",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Book(run),
};

const TIERS: Sheet = Sheet {
    name: "coverage_by_tier",
    title: Text::new("Coverage by tier", "各层级覆盖情况"),
    columns: &[
        Col::text("tier", "Tier", "客户分层"),
        Col::count("clients", "Clients", "客户数"),
        Col::count("cadence_days", "Days between contacts", "间隔天数要求"),
        Col::count("in_cadence", "In cadence", "频次达标"),
        Col::ratio("coverage", "Coverage", "达标率").bar(),
        Col::number("median_days", "Median days since contact", "间隔天数中位数"),
        Col::count("never", "Never contacted", "从未联系"),
    ],
};

const MANAGERS: Sheet = Sheet {
    name: "coverage_by_manager",
    title: Text::new("Coverage by manager", "各客户经理覆盖情况"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("name", "Name", "姓名"),
        Col::count("clients", "Clients", "客户数"),
        Col::count("overdue", "Overdue", "逾期未访"),
        Col::ratio("coverage", "Coverage", "达标率").bar(),
        Col::count("visits", "Visits", "本期拜访"),
        Col::count("on_site", "On site", "上门"),
        Col::count("joint", "Joint", "联合拜访"),
        Col::count("planned", "Planned", "计划"),
        Col::ratio("kept", "Kept", "计划完成率"),
    ],
};

const NEGLECTED: Sheet = Sheet {
    name: "neglected_clients",
    title: Text::new(
        "Clients overdue for a contact, or on credit and not seen on site",
        "逾期未访及授信客户未上门拜访清单",
    ),
    columns: &[
        Col::text("client", "Client", "客户"),
        Col::text("name", "Name", "客户名称"),
        Col::text("tier", "Tier", "客户分层"),
        Col::text("lead", "Lead", "主办客户经理"),
        Col::date("last", "Last contact", "最近联系"),
        Col::date("due", "Due", "应访日"),
        Col::count("over_days", "Days over", "逾期天数"),
        Col::date("on_site", "Last on site", "最近上门"),
        Col::money("drawn", "Principal", "用信余额"),
        Col::size("size", "Size", "存款规模"),
        Col::text("settle", "Command", "办理命令"),
    ],
};

const HEADS: Sheet = Sheet {
    name: "head_visits",
    title: Text::new("Visits of heads", "主管拜访情况"),
    columns: &[
        Col::text("client", "Client", "客户"),
        Col::text("name", "Name", "客户名称"),
        Col::text("tier", "Tier", "客户分层"),
        Col::text("lead", "Lead", "主办客户经理"),
        Col::text("head", "Head", "主管"),
        Col::date("last", "Last visit of a head", "最近主管拜访"),
        Col::date("due", "Due", "应访日"),
        Col::count("over_days", "Days over", "逾期天数"),
        Col::text("settle", "Command", "办理命令"),
    ],
};

const CONVERSION: Sheet = Sheet {
    name: "visit_conversion",
    title: Text::new("From visit to need to deal", "拜访转化"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::count("visited", "Clients visited", "拜访客户数"),
        Col::count("needs", "With a need", "登记需求"),
        Col::ratio("need_ratio", "Visit to need", "需求转化率"),
        Col::count("opportunities", "With an opportunity", "发现商机"),
        Col::ratio("opportunity_ratio", "Visit to opportunity", "商机转化率"),
        Col::count("won", "Won", "赢单"),
        Col::ratio("won_ratio", "Visit to deal", "成交转化率").bar(),
    ],
};

/// Days within which a client on credit is to be seen at its premises.
const ON_SITE_DAYS: i64 = 90;
const TIER_ORDER: [Tier; 4] = [Tier::Strategic, Tier::Key, Tier::Base, Tier::Prospect];

/// A client's contacts as the report sees them.
struct Seen<'b> {
    id: &'b str,
    client: &'b Client,
    lead: &'b str,
    last: Option<NaiveDate>,
    due: Option<NaiveDate>,
    /// Whether it was seen within its tier's cadence; nothing where its first contact is not yet due.
    in_cadence: Option<bool>,
}

/// The clients that are in cadence, and those of which it is judged.
fn covered<'s, 'b: 's>(seen: impl IntoIterator<Item = &'s Seen<'b>>) -> (usize, usize) {
    let judged = seen.into_iter().filter_map(|seen| seen.in_cadence);
    judged.fold((0, 0), |(covered, of), is_covered| (covered + usize::from(is_covered), of + 1))
}

impl Seen<'_> {
    fn over(&self, input: &Input<'_>) -> i64 {
        self.due.map_or(0, |due| input.since(due).max(0))
    }
}

fn run(input: &Input<'_>) -> Vec<Table> {
    let seen: Vec<Seen<'_>> = input
        .clients()
        .map(|(id, client)| Seen {
            id,
            client,
            lead: input.lead(client),
            last: last_visit(client, input.as_of).map(|visit| visit.date.0),
            due: input.deadlines.visit(client, input.as_of),
            in_cadence: is_seen(client, input.book.settings.cadence.of(input.tier(client)), input.as_of),
        })
        .collect();
    let (neglected, heads) = (neglected(input, &seen), heads(input));
    vec![neglected, heads, tiers(input, &seen), managers(input, &seen), conversion(input)]
}

fn tiers(input: &Input<'_>, seen: &[Seen<'_>]) -> Table {
    let mut table = TIERS.table(input);
    for tier in TIER_ORDER {
        let of_tier: Vec<_> = seen.iter().filter(|seen| input.tier(seen.client) == tier).collect();
        let (in_cadence, judged) = covered(of_tier.iter().copied());
        let since = |seen: &&&Seen<'_>| seen.last.map(|last| Decimal::from(input.since(last)));
        let since: Vec<Decimal> = of_tier.iter().filter_map(|seen| since(&seen)).collect();
        table.push(vec![
            choice(RecordKind::Client, &["tier"], tier),
            of_tier.len().into(),
            Cell::Count(input.book.settings.cadence.of(tier).into()),
            in_cadence.into(),
            part(in_cadence, judged),
            number(median(since)),
            of_tier.iter().filter(|seen| seen.last.is_none()).count().into(),
        ]);
    }
    table
}

/// A manager's visits and plans of the period.
#[derive(Default)]
struct Work {
    visits: usize,
    on_site: usize,
    joint: usize,
    planned: usize,
    kept: usize,
}

fn work<'b>(input: &Input<'b>) -> BTreeMap<&'b str, Work> {
    let mut work: BTreeMap<&str, Work> = BTreeMap::new();
    for record in &input.book.clients {
        for visit in record.data.visits.iter().filter(|visit| input.is_in(visit.date)) {
            let own = work.entry(&visit.by).or_default();
            own.visits += 1;
            own.on_site += usize::from(visit.kind == VisitKind::OnSite);
            own.joint += usize::from(visit.is_joint());
        }
        let made = made(&record.data, input.as_of);
        let planned = record.data.planned.iter().zip(made);
        for (plan, is_made) in planned.filter(|(plan, _)| plan.cancelled.is_none() && input.is_in(plan.date))
        {
            let own = work.entry(&plan.by).or_default();
            own.planned += 1;
            own.kept += usize::from(is_made);
        }
    }
    work
}

fn managers(input: &Input<'_>, seen: &[Seen<'_>]) -> Table {
    let work = work(input);
    let mut led: BTreeMap<&str, Vec<&Seen<'_>>> = BTreeMap::new();
    for seen in seen {
        led.entry(seen.lead).or_default().push(seen);
    }
    let idle = Work::default();
    let rows = input.managers().map(|(id, manager)| {
        let work = work.get(id).unwrap_or(&idle);
        let led = led.get(id).map(Vec::as_slice).unwrap_or_default();
        let (in_cadence, judged) = covered(led.iter().copied());
        vec![
            id.into(),
            manager.name.as_str().into(),
            led.len().into(),
            (judged - in_cadence).into(),
            part(in_cadence, judged),
            work.visits.into(),
            work.on_site.into(),
            work.joint.into(),
            work.planned.into(),
            part(work.kept, work.planned),
        ]
    });
    MANAGERS.filled(input, rows)
}

fn neglected(input: &Input<'_>, seen: &[Seen<'_>]) -> Table {
    let on_site = |client: &Client| {
        let visits = client.visits.iter().filter(|visit| visit.kind == VisitKind::OnSite);
        visits.filter_map(|visit| input.past(Some(visit.date))).max()
    };
    let mut rows: Vec<(Tier, i64, Vec<Cell>)> = Vec::new();
    for seen in seen {
        let (over, drawn, on_site) = (seen.over(input), input.drawn(seen.client), on_site(seen.client));
        let unseen = drawn > Decimal::ZERO && on_site.is_none_or(|day| input.since(day) > ON_SITE_DAYS);
        if over == 0 && seen.in_cadence != Some(false) && !unseen {
            continue;
        }
        let row = vec![
            seen.id.into(),
            seen.client.name.as_str().into(),
            choice(RecordKind::Client, &["tier"], input.tier(seen.client)),
            seen.lead.into(),
            seen.last.into(),
            seen.due.into(),
            days(over),
            on_site.into(),
            number(drawn),
            number(input.size(seen.client)),
            input.settle(seen.id, Settle::add("visit", "--summary …")),
        ];
        rows.push((input.tier(seen.client), -over, row));
    }
    rows.sort_by_key(|(tier, over, _)| (*tier, *over));
    NEGLECTED.filled(input, rows.into_iter().map(|(.., row)| row))
}

/// Clients that heads are to visit, those first whose visit is due first: of the leads in scope, and of the heads in scope.
fn heads(input: &Input<'_>) -> Table {
    let mut rows: Vec<(NaiveDate, Vec<Cell>)> = Vec::new();
    for record in input.book.clients.iter().filter(|record| input.is_open(&record.data)) {
        let client = &record.data;
        let lead = input.lead(client);
        let asked = input.deadlines.head_visit(input.book, client, input.as_of);
        let asked = asked.filter(|asked| input.covers(lead) || input.covers(asked.by));
        let Some(AskedOfHead { by, last, due, .. }) = asked else { continue };
        let row = vec![
            (&*record.id).into(),
            client.name.as_str().into(),
            choice(RecordKind::Client, &["tier"], input.tier(client)),
            lead.into(),
            by.into(),
            last.into(),
            due.into(),
            days(input.since(due).max(0)),
            input.settle(&record.id, settle_head_visit(by, lead)),
        ];
        rows.push((due, row));
    }
    rows.sort_by_key(|(due, _)| *due);
    HEADS.filled(input, rows.into_iter().map(|(_, row)| row))
}

/// How far the clients visited came.
#[derive(Default)]
struct Funnel<'b> {
    visited: BTreeSet<&'b str>,
    needs: BTreeSet<&'b str>,
    opportunities: BTreeSet<&'b str>,
    won: BTreeSet<&'b str>,
}

impl<'b> Funnel<'b> {
    fn add(&mut self, input: &Input<'_>, id: &'b str, client: &'b Client, first: NaiveDate) {
        let after = |day: Option<Day>| input.past(day).is_some_and(|day| day >= first);
        self.visited.insert(id);
        if client.needs.iter().any(|need| after(Some(need.date))) {
            self.needs.insert(id);
        }
        if client.opportunities.iter().any(|opportunity| after(opportunity.opened)) {
            self.opportunities.insert(id);
        }
        let won = |stage| stage == Stage::Won;
        if client.opportunities.iter().any(|deal| won(deal.stage) && after(deal.closed)) {
            self.won.insert(id);
        }
    }

    fn row(&self, manager: Cell) -> Vec<Cell> {
        let visited = self.visited.len();
        vec![
            manager,
            visited.into(),
            self.needs.len().into(),
            part(self.needs.len(), visited),
            self.opportunities.len().into(),
            part(self.opportunities.len(), visited),
            self.won.len().into(),
            part(self.won.len(), visited),
        ]
    }
}

fn conversion(input: &Input<'_>) -> Table {
    let mut all = Funnel::default();
    let mut by_manager: BTreeMap<&str, Funnel<'_>> = BTreeMap::new();
    for record in &input.book.clients {
        let mut firsts: BTreeMap<&str, NaiveDate> = BTreeMap::new();
        let visits = record.data.visits.iter().filter(|visit| input.is_in(visit.date));
        for visit in visits.filter(|visit| input.covers(&visit.by)) {
            let first = firsts.entry(&visit.by).or_insert(visit.date.0);
            *first = visit.date.0.min(*first);
        }
        if let Some(first) = firsts.values().min() {
            all.add(input, &record.id, &record.data, *first);
        }
        for (manager, first) in firsts {
            by_manager.entry(manager).or_default().add(input, &record.id, &record.data, first);
        }
    }
    let total = Cell::Said { key: "all", text: Text::new("all", "合计") };
    let rows = by_manager.iter().map(|(manager, funnel)| funnel.row((*manager).into()));
    CONVERSION.filled(input, [all.row(total)].into_iter().chain(rows))
}

#[cfg(test)]
mod tests {
    use super::super::{Only, lines, lines_of};

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
# file: managers/li-na.toml
name = "李娜"
# file: managers/wang-fang.toml
name = "王芳"
# file: clients/acme.toml
name = "华东精密"
tier = "key"
manager = "wang-fang"
status = "active"
since = 2020-01-01
[results]
2026-10 = { deposits = 500 }
[[visits]]
date = 2026-08-01
by = "wang-fang"
kind = "call"
[[planned]]
date = 2026-10-10
by = "wang-fang"
[[planned]]
date = 2026-10-12
by = "wang-fang"
cancelled = "客户改期"
# file: clients/beta.toml
name = "贝塔"
tier = "base"
manager = "li-na"
status = "active"
[[visits]]
date = 2026-10-10
by = "li-na"
kind = "at-bank"
with = ["wang-fang"]
[[needs]]
date = 2026-10-12
what = "周转"
opportunity = "wc"
[[opportunities]]
id = "wc"
stage = "won"
opened = 2026-10-13
closed = 2026-11-05
[[planned]]
date = 2026-10-09
by = "wang-fang"
[[facilities]]
id = "wc"
product = "流动资金贷款"
limit = 100
drawn = 80
class = "normal"
# file: clients/gone.toml
name = "旧客户"
tier = "base"
manager = "li-na"
status = "closed"
closed = 2026-10-30
"#;

    #[test]
    fn neglected_clients_stand_by_tier_with_the_command_that_settles_it() {
        // 1 August + 60 days is 30 September, 31 days before the end of October.
        assert_eq!(
            lines(BOOK, "coverage", "neglected_clients", "2026-10"),
            [
                "acme | 华东精密 | key | wang-fang | 2026-08-01 | 2026-09-30 | 31 | - | 0 | 500 | rmbook add visit acme --summary …",
                "beta | 贝塔 | base | li-na | 2026-10-10 | 2027-04-08 | 0 | - | 80 | - | rmbook add visit beta --summary …",
            ]
        );
    }

    #[test]
    fn tiers_without_clients_have_no_ratio() {
        assert_eq!(
            lines(BOOK, "coverage", "coverage_by_tier", "2026-10"),
            [
                "strategic | 0 | 30 | 0 | - | - | 0",
                "key | 1 | 60 | 0 | 0% | 91 | 0",
                "base | 1 | 180 | 1 | 100% | 21 | 0",
                "prospect | 0 | 90 | 0 | - | - | 0",
            ]
        );
    }

    #[test]
    fn a_client_nobody_ever_saw_is_not_in_cadence_and_a_young_one_not_yet_judged() {
        let more = "# file: clients/lead.toml\nname = '意向客户'\ntier = 'prospect'\nmanager = 'li-na'\nstatus = 'prospect'\n\
            # file: clients/young.toml\nname = '新客户'\ntier = 'base'\nmanager = 'li-na'\nstatus = 'active'\nsince = 2026-10-01\n";
        let book = format!("{BOOK}{more}");
        // Of beta, seen on 10 October, and the prospect, due at once, one; the client of October has until March.
        assert_eq!(
            lines(&book, "coverage", "coverage_by_manager", "2026-10")[0],
            "li-na | 李娜 | 3 | 1 | 50% | 1 | 0 | 1 | 0 | -"
        );
        assert_eq!(
            lines(&book, "coverage", "coverage_by_tier", "2026-10")[2..],
            ["base | 2 | 180 | 1 | 100% | 21 | 1", "prospect | 1 | 90 | 0 | 0% | - | 1"]
        );
        assert!(
            lines(&book, "coverage", "neglected_clients", "2026-10")[2]
                .starts_with("lead | 意向客户 | prospect | li-na | - | 2026-10-31 | 0 | ")
        );
    }

    #[test]
    fn plans_called_off_do_not_count_and_joining_keeps_one() {
        assert_eq!(
            lines(BOOK, "coverage", "coverage_by_manager", "2026-10"),
            [
                "li-na | 李娜 | 1 | 0 | 100% | 1 | 0 | 1 | 0 | -",
                "wang-fang | 王芳 | 1 | 1 | 0% | 0 | 0 | 0 | 2 | 50%",
            ]
        );
    }

    #[test]
    fn a_deal_won_after_the_period_is_not_known_yet() {
        let row = |manager| format!("{manager} | 1 | 1 | 100% | 1 | 100% | 0 | 0%");
        assert_eq!(lines(BOOK, "coverage", "visit_conversion", "2026-10"), [row("all"), row("li-na")]);
    }
    #[test]
    fn heads_see_whom_they_are_to_visit_with_the_first_due_first() {
        let client = |name: &str, rest: &str| {
            format!(
                "# file: clients/{name}.toml\nname = '{name}'\ntier = 'strategic'\nmanager = 'li'\nstatus = 'active'\n{rest}"
            )
        };
        let seen = "since = 2020-01-01\nvisits = [{ date = 2026-07-01, by = 'zhao', kind = 'on-site' }, \
            { date = 2026-10-20, by = 'li', kind = 'on-site' }, { date = 2026-11-02, by = 'zhao', kind = 'on-site' }]\n";
        let book = format!(
            "# file: rmbook.toml\nname = '测试支行'\n# file: managers/zhao.toml\nname = '赵'\n\
             # file: managers/li.toml\nname = '李'\nreports_to = 'zhao'\n{}{}{}",
            client("a", "since = 2026-10-01\n"),
            client("b", seen),
            client("c", "").replace("strategic", "key")
        );
        // 90 days after 1 July is 29 September, 32 days before the end of October; November is not known yet.
        let rows = [
            "b | b | strategic | li | zhao | 2026-07-01 | 2026-09-29 | 32 | rmbook add visit b --with zhao --summary …",
            "a | a | strategic | li | zhao | - | 2026-12-30 | 0 | rmbook add visit a --with zhao --summary …",
        ];
        assert_eq!(lines(&book, "coverage", "head_visits", "2026-10"), rows);
        let of = |manager| {
            let only = Only { manager: Some(manager), team: None };
            lines_of(&book, "coverage", "head_visits", "2026-10", only)
        };
        assert_eq!((of("li"), of("zhao")), (rows.map(str::to_owned).into(), rows.map(str::to_owned).into()));
    }
}
