//! The team: what people do together, and whether working together is paid and not just praised.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{Col, Input, Report, Run, Sheet, Usual, days, number, part, per_head, ratio, share};
use crate::book::credit::in_force;
use crate::metric::income::incomes;
use crate::record::client::{Referral, ReferralResult};
use crate::record::manager::Manager;
use crate::record::value::{Day, Year};
use crate::table::{Cell, Table};
use crate::text::Text;
use chrono::Datelike;

mod cooperation;

pub(super) const REPORT: Report = Report {
    name: "team",
    title: Text::new("Team", "团队协作"),
    question: Text::new(
        "Who earns together, which referrals nobody answered, and does everybody take part?",
        "哪些人协作产生了效益，哪些推荐无人答复，团队活动参与是否广泛？",
    ),
    about: Text::new(
        "pairs: two managers who share a client's credit in a month of the period, or of whom one referred to the other in it\n\
         joint income: of the shared clients, the income (the measures of the settings' `income`) of each month times the shares both have on its last day; a client three share counts in three pairs\n\
         part: of the income credited to a manager, what clients bring whose credit others share\n\
         referral income: stated in referrals between the two that were won and answered in the period\n\
         referrals: given and received in the period by the day they were passed on; in limit: of those answered in the period, and those whose limit passed in it unanswered, the part answered within the settings' days (`management.referral`)\n\
         peer scores: mean of what colleagues gave in the latest review of the period that is over, named and anonymous, per item; shown where at least the settings' number of them (`management.peer_raters`), and never fewer than three, rated; one's own rating counts nowhere\n\
         before: the same of the latest earlier review for a period as long; ranks are among those shown, equal scores share one\n\
         unanswered: neither answered nor with a result by the report's day\n\
         splits: credit entries in force on the report's day that more than one manager shares; `other` is outside the book\n\
         events: of the period; participation: of the team's members who were employed on the day\n\
         budget: used from 1 January to the report's day, of the year's event budget\n\
         sharing: talks, cases and coaching in the period",
        "协作对：本期任一月份共享客户业绩分成，或本期互有推荐的两名客户经理\n\
         共同收入：所共享客户各月收入（设置 income 所列指标）乘以两人月末分成比例之和；三人共享的客户计入三对\n\
         协作占比：归属本人的收入中来自与他人分成客户的部分\n\
         推荐收入：两人之间本期答复且成功的推荐所填收入\n\
         推荐：按推荐日计的本期发出与收到数；时限内答复率：本期答复及本期时限届满而未答复的推荐中，在设置时限（management.referral）内答复的占比\n\
         同级评分：本期内最近一次已结束考核中同事记名与匿名评价的平均分，按项目列示；评价人数不少于设置人数（management.peer_raters）且不少于三人方予列示，自评不计\n\
         上次：同长度考核期中更早的最近一次；名次仅在列示者中排列，同分同名次\n\
         未答复：截至报告日既无答复也无结果\n\
         分成：报告日生效且由多名客户经理共享的业绩分成；other 为台账以外\n\
         活动：本期举办的活动；参与率：占活动当日在职团队成员的比例\n\
         经费使用：自1月1日至报告日已用经费占年度活动经费的比例\n\
         知识分享：本期讲座、案例、带教",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Book(|input| {
        vec![
            pairs(input),
            joint(input),
            referrals(input),
            cooperation::peers(input),
            unanswered(input),
            splits(input),
            events(input),
            sharing(input),
        ]
    }),
};

const PAIRS: Sheet = Sheet {
    name: "joint_pairs",
    title: Text::new("Income from joint work by pair", "协作收入（按协作对）"),
    columns: &[
        Col::text("one", "Manager", "客户经理甲"),
        Col::text("other", "With", "客户经理乙"),
        Col::count("clients", "Shared clients", "共享客户"),
        Col::money("income", "Joint income", "共同收入").bar(),
        Col::count("referrals", "Referrals", "互相推荐"),
        Col::money("referral_income", "Referral income", "推荐收入"),
    ],
};

const JOINT: Sheet = Sheet {
    name: "joint_income",
    title: Text::new("Income earned alone and together", "独立与协作收入"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::money("income", "Income credited", "归属收入"),
        Col::money("joint", "Earned jointly", "其中协作收入"),
        Col::ratio("part", "Part", "协作占比").bar(),
    ],
};

const REFERRALS: Sheet = Sheet {
    name: "referrals",
    title: Text::new("Referrals by manager", "内部推荐情况"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::count("given", "Given", "发出"),
        Col::count("given_won", "Of them won", "其中成功"),
        Col::count("received", "Received", "收到"),
        Col::count("answered", "Answered", "已答复"),
        Col::ratio("in_limit", "In limit", "时限内答复率"),
        Col::count("open", "Unanswered", "未答复"),
        Col::money("income", "Income from given", "发出推荐收入"),
    ],
};

const UNANSWERED: Sheet = Sheet {
    name: "unanswered_referrals",
    title: Text::new("Referrals nobody answered", "未答复的推荐"),
    columns: &[
        Col::text("to", "Must answer", "接收人"),
        Col::text("from", "Referred by", "推荐人"),
        Col::text("client", "Client", "客户"),
        Col::text("what", "What", "事项"),
        Col::date("date", "Referred", "推荐日"),
        Col::date("due", "Limit", "答复时限"),
        Col::count("over_days", "Days over", "超期天数"),
    ],
};

const SPLITS: Sheet = Sheet {
    name: "credit_splits",
    title: Text::new("Shared credit in force", "生效中的业绩分成"),
    columns: &[
        Col::text("client", "Client", "客户"),
        Col::text("name", "Name", "客户名称"),
        Col::date("from", "From", "生效日"),
        Col::text("for", "For", "适用指标"),
        Col::text("shares", "Shares in percent", "分成比例（%）"),
    ],
};

const EVENTS: Sheet = Sheet {
    name: "team_events",
    title: Text::new("Events of each team", "团队活动"),
    columns: &[
        Col::text("team", "Team", "团队"),
        Col::count("events", "Events", "活动次数"),
        Col::ratio("participation", "Participation", "参与率").bar(),
        Col::money("cost", "Cost", "费用"),
        Col::money("per_head", "Cost a head", "人均费用"),
        Col::money("budget", "Year's budget", "年度经费"),
        Col::ratio("used", "Budget used", "经费使用率"),
    ],
};

const SHARING: Sheet = Sheet {
    name: "knowledge_sharing",
    title: Text::new("Knowledge shared", "知识分享"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::count("items", "Items", "次数"),
        Col::count("audience", "Audience", "听众人次"),
        Col::number("hours", "Hours", "学时"),
    ],
};

/// What two managers do together.
#[derive(Default)]
struct Pair<'b> {
    clients: BTreeSet<&'b str>,
    income: Decimal,
    referrals: usize,
    referral_income: Decimal,
}

fn pairs(input: &Input<'_>) -> Table {
    let mut pairs: BTreeMap<(&str, &str), Pair<'_>> = BTreeMap::new();
    for record in &input.book.clients {
        for income in incomes(&input.book.settings, &record.data, input.months) {
            for (index, (one, one_share)) in income.earners.iter().enumerate() {
                for (other, other_share) in &income.earners[index + 1..] {
                    let pair = pairs.entry((*one, *other)).or_default();
                    pair.clients.insert(&record.id);
                    pair.income += income.part(one_share + other_share);
                }
            }
        }
        for referral in &record.data.referrals {
            let (from, to) = (&*referral.from, &*referral.to);
            let key = (from.min(to), from.max(to));
            if input.is_in(referral.date) {
                pairs.entry(key).or_default().referrals += 1;
            }
            if let Some(income) = won_income(input, referral) {
                pairs.entry(key).or_default().referral_income += income;
            }
        }
    }
    let mut pairs: Vec<_> =
        pairs.into_iter().filter(|((one, other), _)| input.covers(one) || input.covers(other)).collect();
    pairs.sort_by(|a, b| {
        let income = |pair: &Pair<'_>| pair.income + pair.referral_income;
        income(&b.1).cmp(&income(&a.1)).then_with(|| a.0.cmp(&b.0))
    });
    let rows = pairs.into_iter().map(|((one, other), pair)| {
        vec![
            one.into(),
            other.into(),
            pair.clients.len().into(),
            number(pair.income),
            pair.referrals.into(),
            number(pair.referral_income),
        ]
    });
    PAIRS.filled(input, rows)
}

/// What each manager earns, and how much of it together with others.
fn joint(input: &Input<'_>) -> Table {
    let mut by_manager: BTreeMap<&str, [Decimal; 2]> = BTreeMap::new();
    for record in &input.book.clients {
        for income in incomes(&input.book.settings, &record.data, input.months) {
            for (manager, share) in &income.earners {
                let [all, joint] = by_manager.entry(manager).or_default();
                let part = income.part(*share);
                *all += part;
                *joint += if income.is_joint() { part } else { Decimal::ZERO };
            }
        }
    }
    let own = by_manager.into_iter().filter(|(manager, _)| input.covers(manager));
    let rows = own.map(|(manager, [all, joint])| {
        vec![manager.into(), number(all), number(joint), ratio(share(joint, all))]
    });
    JOINT.filled(input, rows)
}

fn is_won(referral: &Referral) -> bool {
    referral.result == Some(ReferralResult::Won)
}

/// The income of a referral won and answered in the period.
fn won_income(input: &Input<'_>, referral: &Referral) -> Option<Decimal> {
    let in_period = referral.answered.is_some_and(|day| input.is_in(day));
    referral.income.filter(|_| in_period && is_won(referral)).map(|income| income.0)
}

fn is_open(input: &Input<'_>, referral: &Referral) -> bool {
    let answered = input.past(referral.answered).is_some();
    let ended = referral.answered.is_none() && referral.result.is_some();
    referral.date.0 <= input.as_of && !answered && !ended
}

/// What one manager gave and received.
#[derive(Default)]
struct Given {
    given: usize,
    given_won: usize,
    received: usize,
    answered: usize,
    /// Whether each whose limit lies in the period, or that was answered in it, was answered by then.
    in_limit: Vec<bool>,
    open: usize,
    income: Decimal,
}

fn referrals(input: &Input<'_>) -> Table {
    let limit = input.book.settings.management.referral;
    let mut by_manager: BTreeMap<&str, Given> = BTreeMap::new();
    for referral in input.book.clients.iter().flat_map(|record| &record.data.referrals) {
        let giver = by_manager.entry(&referral.from).or_default();
        if input.is_in(referral.date) {
            giver.given += 1;
            giver.given_won += usize::from(is_won(referral) && input.past(referral.answered).is_some());
        }
        giver.income += won_income(input, referral).unwrap_or_default();
        let receiver = by_manager.entry(&referral.to).or_default();
        receiver.received += usize::from(input.is_in(referral.date));
        receiver.open += usize::from(is_open(input, referral));
        let limit = input.deadline(referral.date, limit);
        if let Some(answered) = referral.answered.filter(|day| input.is_in(*day)) {
            receiver.answered += 1;
            receiver.in_limit.push(answered.0 <= limit);
        } else if is_open(input, referral) && limit < input.as_of && input.is_in(Day(limit)) {
            receiver.in_limit.push(false);
        }
    }
    let rows = by_manager.into_iter().filter(|(manager, _)| input.covers(manager)).map(|(manager, own)| {
        vec![
            manager.into(),
            own.given.into(),
            own.given_won.into(),
            own.received.into(),
            own.answered.into(),
            part(own.in_limit.iter().filter(|in_limit| **in_limit).count(), own.in_limit.len()),
            own.open.into(),
            number(own.income),
        ]
    });
    REFERRALS.filled(input, rows)
}

fn unanswered(input: &Input<'_>) -> Table {
    let limit = input.book.settings.management.referral;
    let all = input
        .book
        .clients
        .iter()
        .flat_map(|record| record.data.referrals.iter().map(move |referral| (&*record.id, referral)));
    let mut open: Vec<(&str, &Referral)> = all
        .filter(|(_, referral)| is_open(input, referral))
        .filter(|(_, referral)| input.covers(&referral.to) || input.covers(&referral.from))
        .collect();
    open.sort_by_key(|(client, referral)| (referral.date, *client));
    let rows = open.into_iter().map(|(client, referral)| {
        let due = input.deadline(referral.date, limit);
        vec![
            (&*referral.to).into(),
            (&*referral.from).into(),
            client.into(),
            referral.what.as_deref().into(),
            referral.date.0.into(),
            due.into(),
            days(input.since(due).max(0)),
        ]
    });
    UNANSWERED.filled(input, rows)
}

fn splits(input: &Input<'_>) -> Table {
    let mut table = SPLITS.table(input);
    for record in &input.book.clients {
        let client = &record.data;
        for credit in in_force(client, input.as_of) {
            let measures: Vec<&str> = credit.measures.iter().map(|measure| &**measure).collect();
            let in_scope = input.is_whole() || credit.shares.keys().any(|manager| input.covers(manager));
            if credit.shares.len() < 2 || !in_scope {
                continue;
            }
            let shares = credit.shares.iter().map(|(manager, share)| format!("{manager} {}", share.0));
            table.push(vec![
                (&*record.id).into(),
                client.name.as_str().into(),
                credit.from.0.into(),
                Cell::list(&measures),
                Cell::list(&shares.collect::<Vec<_>>()),
            ]);
        }
    }
    table
}

fn events(input: &Input<'_>) -> Table {
    let year = input.as_of.year();
    let rows = input.teams().map(|(id, team)| {
        let members = |day: Day| -> BTreeSet<&str> {
            let was = |manager: &Manager| manager.counted_to(day.0).is_some_and(|team| **team == *id);
            let members = input.book.managers.iter().filter(|record| was(&record.data));
            members.filter(|record| record.data.employed_on(day)).map(|record| record.id.as_ref()).collect()
        };
        let events: Vec<_> = team.events.iter().filter(|event| input.is_in(event.date)).collect();
        let (mut there, mut invited, mut heads) = (0, 0, 0);
        for event in &events {
            let members = members(event.date);
            let came: BTreeSet<&str> = event.participants.iter().map(|who| &**who).collect();
            there += came.intersection(&members).count();
            invited += members.len();
            heads += came.len();
        }
        let cost = |from: chrono::NaiveDate| -> Decimal {
            let known =
                team.events.iter().filter(|event| event.date.0 >= from && event.date.0 <= input.as_of);
            known.filter_map(|event| event.cost).map(|cost| cost.0).sum()
        };
        let spent = cost(input.months.first_day());
        let budget = team.event_budget.get(&Year(year)).map(|budget| budget.0);
        let this_year = cost(chrono::NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(input.as_of));
        vec![
            id.into(),
            events.len().into(),
            part(there, invited),
            number(spent),
            per_head(share(spent, heads)),
            number(budget),
            ratio(budget.and_then(|budget| share(this_year, budget))),
        ]
    });
    EVENTS.filled(input, rows)
}

fn sharing(input: &Input<'_>) -> Table {
    let mut table = SHARING.table(input);
    for (id, manager) in input.managers() {
        let items: Vec<_> = manager.sharings.iter().filter(|sharing| input.is_in(sharing.date)).collect();
        if items.is_empty() {
            continue;
        }
        let audience: u32 = items.iter().filter_map(|sharing| sharing.audience).sum();
        let hours: Decimal = items.iter().filter_map(|sharing| sharing.hours).map(|hours| hours.0).sum();
        table.push(vec![id.into(), items.len().into(), Cell::Count(audience.into()), number(hours)]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::lines;

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
# file: managers/li-na.toml
name = "李娜"
team = "one"
sharings = [{ date = 2026-10-12, topic = "案例", audience = 12, hours = 1.5 }]
# file: managers/wang-fang.toml
name = "王芳"
team = "one"
joined = 2026-10-15
# file: managers/zhao-lei.toml
name = "赵磊"
# file: teams/one.toml
name = "一部"
event_budget = { 2026 = 2 }
events = [{ date = 2026-09-19, name = "健步走", kind = "sports", cost = 0.5 }, { date = 2026-10-20, name = "读书会", kind = "learning", cost = 0.3, participants = ["li-na", "zhao-lei"] }]
# file: clients/acme.toml
name = "华东精密"
tier = "key"
manager = "li-na"
status = "active"
results = { 2026-10 = { deposits = 900, fee_income = 10, ftp_profit = 30 } }
[[credit]]
from = 2026-01-01
shares = { li-na = 50, wang-fang = 30, other = 20 }
[[referrals]]
date = 2026-10-01
from = "zhao-lei"
to = "li-na"
answered = 2026-10-20
result = "won"
income = 5
[[referrals]]
date = 2026-09-20
from = "li-na"
to = "wang-fang"
what = "代发工资"
answered = 2026-11-02
"#;

    #[test]
    fn cooperation_is_paid_by_pair() {
        // (10 + 30) × (50 + 30) %.
        assert_eq!(
            lines(BOOK, "team", "joint_pairs", "2026-10"),
            ["li-na | wang-fang | 1 | 32 | 0 | 0", "li-na | zhao-lei | 0 | 0 | 1 | 5"]
        );
        assert_eq!(
            lines(BOOK, "team", "credit_splits", "2026-10"),
            ["acme | 华东精密 | 2026-01-01 | - | li-na 50, other 20, wang-fang 30"]
        );
    }

    #[test]
    fn income_is_shared_as_each_month_was_and_principal_is_none() {
        // August is shared 50/50: 20 × 100 %. September belongs to li-na alone. The 700 that came due are no income.
        let book = BOOK
            .replace("results = {", "results = { 2026-08 = { fee_income = 20, principal_due = 700 }, 2026-09 = { fee_income = 10 },")
            .replace("name = \"测试支行\"", "name = \"测试支行\"\n[measures.principal_due]\ntitle = \"到期本金\"\nunit = \"万元\"\nkind = \"flow\"\n[measures.fee_income]\ntitle = \"收入\"\nunit = \"万元\"\nkind = \"flow\"")
            .replace("shares = { li-na = 50, wang-fang = 30, other = 20 }", "shares = { li-na = 50, wang-fang = 50 }\n[[credit]]\nfrom = 2026-09-30\nshares = { li-na = 100 }")
            .replace(", ftp_profit = 30", "");
        assert_eq!(lines(&book, "team", "joint_pairs", "2026-Q3")[0], "li-na | wang-fang | 1 | 20 | 1 | 0");
        assert_eq!(
            lines(&book, "team", "joint_income", "2026-Q3"),
            ["li-na | 20 | 10 | 50%", "wang-fang | 10 | 10 | 100%"]
        );
    }

    #[test]
    fn a_referral_answered_later_was_open() {
        // Answered after 19 days, the limit is 14; 20 September + 14 days is 4 October.
        assert_eq!(
            lines(BOOK, "team", "referrals", "2026-10"),
            [
                "li-na | 0 | 0 | 1 | 1 | 0% | 0 | 0",
                "wang-fang | 0 | 0 | 0 | 0 | 0% | 1 | 0",
                "zhao-lei | 1 | 1 | 0 | 0 | - | 0 | 5",
            ]
        );
        assert_eq!(
            lines(BOOK, "team", "unanswered_referrals", "2026-10"),
            ["wang-fang | li-na | acme | 代发工资 | 2026-09-20 | 2026-10-04 | 27"]
        );
    }

    #[test]
    fn who_joined_later_was_not_invited_and_guests_do_not_raise_participation() {
        assert_eq!(lines(BOOK, "team", "team_events", "2026-09"), ["one | 1 | 0% | 0.5 | - | 2 | 25%"]);
        assert_eq!(lines(BOOK, "team", "team_events", "2026-10"), ["one | 1 | 50% | 0.3 | 0.15 | 2 | 40%"]);
        assert_eq!(lines(BOOK, "team", "knowledge_sharing", "2026-10"), ["li-na | 1 | 12 | 1.5"]);
    }
}
