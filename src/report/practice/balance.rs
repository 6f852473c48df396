//! Balance: results, clients, teamwork and development side by side, so that no one of them stands for all.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{
    Col, Input, Report, Run, Scores, Sheet, Usual, closings, mean_of_colleagues, number, ratio, share,
};
use crate::metric::{Portfolio, ask};
use crate::msg;
use crate::period::{Grain, Period};
use crate::policy::plan::{Plan, Role};
use crate::record::manager::Manager;
use crate::record::policy::item::Class;
use crate::score::card::Scorecard;
use crate::table::{Cell, Table};
use crate::text::{Text, practice};

pub(super) const REPORT: Report = Report {
    name: "balance",
    title: Text::new("Balanced evaluation", "综合评价"),
    question: Text::new(
        "How does each manager stand in results, satisfaction of clients, teamwork and development, side by side?",
        "各客户经理在业绩、客户满意、团队协作与个人发展四方面分别如何？",
    ),
    about: Text::new(
        "total, results: of the scorecard of the last month with figures, as it was closed where it is closed; results: points of the policy's dimensions of class `results` over the weight of what was scored in them\n\
         satisfaction, complaints: answers about the manager as a part of the best score, and justified complaints, from 1 January to the month's end\n\
         peers: mean rating by colleagues in the month's review, named and anonymous, of at least as many as the settings ask for (`management.peer_raters`; three, the minimum of 360-degree schemes); one's own rating is none\n\
         referrals, shared: given and won, and knowledge shared, from 1 January to the month's end\n\
         hours: trainings completed from 1 January, of the settings' hours a year (`management.training_hours`), by days for whoever joined or left in it; skills: part of the skills the grade asks for that are reached",
        "总分、业绩：取期内最后有数据月份的考核结果，已封存的取封存结果；业绩为办法中类别为 results 的维度得分占其中已评分权重的比例\n\
         满意度、投诉：1月1日至月末客户对其评价占满分比例，及属实投诉件数\n\
         同级评价：当月考核中同事记名与匿名评价的平均分，不含本人自评，达到设置最低人数（management.peer_raters，默认3人，为多方评价常用下限）方予列示\n\
         推荐、分享：1月1日至月末发出及成功的推荐次数，以及知识分享次数\n\
         学时：1月1日起完成的培训学时占设置年度学时（management.training_hours；年内入职或离职的按天折算）的比例；技能：职级要求的技能中已达标的占比",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Scores(|input, scores| vec![balance(input, scores)]),
};

const BALANCE: Sheet = Sheet {
    name: "balance",
    title: Text::new("Four sides of each manager", "四维综合评价"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("name", "Name", "姓名"),
        Col::number("total", "Total", "总分"),
        Col::text("rating", "Rating", "评级"),
        Col::ratio("results", "Results", "业绩").bar(),
        Col::ratio("satisfaction", "Satisfaction", "客户满意度").bar(),
        Col::number("complaints", "Complaints", "属实投诉"),
        Col::number("peers", "Peers", "同级评价"),
        Col::number("referrals", "Referrals given", "发出推荐"),
        Col::number("won", "Of them won", "推荐成功"),
        Col::number("shared", "Shared", "知识分享"),
        Col::ratio("hours", "Hours of the year's", "学时完成率").bar(),
        Col::ratio("skills", "Skills reached", "技能达标率"),
    ],
};

fn balance(input: &Input<'_>, scores: &Scores<'_>) -> Table {
    let period = Period::from(input.to_date().last);
    let mut cards: BTreeMap<&str, (&Scorecard, Option<Decimal>)> = BTreeMap::new();
    for scored in scores.of_last_month(input) {
        let plan = &scored.policy.base;
        let judged = scored.cards.iter().filter(|card| card.total.is_some());
        cards.extend(judged.map(|card| (&*card.profile.id, (card, results(plan, card)))));
    }
    let rows = input.managers().map(|(id, manager)| row(input, period, (id, manager), cards.get(id)));
    let mut table = BALANCE.filled(input, rows);
    let mut shown = scores.of_last_month(input).flat_map(|scored| &scored.cards);
    if shown.any(|card| card.to_date && card.total.is_some()) {
        table.notes.push(msg!(practice::SCORED_TO_DATE, period = period.to_string()));
    }
    table.notes.extend(closings(input, scores.of_last_month(input)));
    table
}

/// Points of the dimensions about results over the weight of what was scored in them. Points hold what was spread over them of
/// dimensions that were not scored, and so does that weight; nothing where none of it was scored.
fn results(plan: &Plan, card: &Scorecard) -> Option<Decimal> {
    let about = |id: &str| plan.dimensions.iter().any(|it| *it.id == *id && it.class == Some(Class::Results));
    let around =
        |id: &str| card.dimensions.iter().find(|it| *it.id == *id).and_then(|it| it.parent.as_deref());
    let inside = |id: Option<&str>| std::iter::successors(id, |id| around(id)).any(about);
    // The outermost dimensions hold the points of those inside them.
    let outermost = card.dimensions.iter().filter(|it| about(&it.id) && !inside(it.parent.as_deref()));
    let points = outermost.filter_map(|dimension| dimension.points).reduce(|sum, points| sum + points)?;
    let scored = card.items.iter().filter(|item| item.role == Role::Indicator && item.standing.counts());
    let scored = scored.filter(|item| inside(item.dimension.as_deref()));
    points.checked_div(scored.filter_map(|item| item.effective_weight).sum())
}

fn row(
    input: &Input<'_>,
    period: Period,
    (id, manager): (&str, &Manager),
    scored: Option<&(&Scorecard, Option<Decimal>)>,
) -> Vec<Cell> {
    let own = input.portfolios().of([id]);
    let so_far = |query: &str| figure(input, &own, query, period);
    let end = Period::containing(input.months.last, Grain::Year).last_day();
    let hours = input.deadlines.training_hours(manager, end);
    let review = input.book.reviews.get(&format!("{period}/{id}"));
    let peers = review.and_then(|review| mean_of_colleagues(input, &review.data, |_| true));
    vec![
        id.into(),
        manager.name.as_str().into(),
        number(scored.and_then(|(card, _)| card.total)),
        scored.and_then(|(card, _)| card.rating.as_deref()).into(),
        ratio(scored.and_then(|(_, results)| *results)),
        ratio(so_far("satisfaction.year_to_date")),
        number(so_far("justified_complaints.year_to_date")),
        number(peers.map(|(_, mean)| mean)),
        number(so_far("referrals_given.year_to_date")),
        number(so_far("referrals_won.year_to_date")),
        number(so_far("knowledge_shared.year_to_date")),
        ratio(so_far("training_hours.year_to_date").and_then(|done| share(done, hours))),
        ratio(skills(input, manager)),
    ]
}

fn figure(input: &Input<'_>, own: &Portfolio<'_>, query: &str, period: Period) -> Option<Decimal> {
    let scope = input.scope(own);
    ask(&scope, &query.parse().ok()?, period).ok().map(|known| known.amount)
}

fn skills(input: &Input<'_>, manager: &Manager) -> Option<Decimal> {
    let asked = input.book.settings.skills.get(manager.grade_on(input.as_of)?)?;
    let has = |skill: &str| manager.skills.get(skill).map_or(0, |level| u32::from(level.0));
    share(asked.iter().filter(|(skill, level)| has(skill) >= **level).count(), asked.len())
}

#[cfg(test)]
mod tests {
    use crate::report::practice::{lines, lines_on};

    #[test]
    fn four_sides_stand_beside_each_other() {
        let book = "# file: rmbook.toml\nname = '支行'\n[management]\ntraining_hours = 40\n[skills.senior]\n'授信' = 3\n'贸易' = 2\n\
            # file: managers/li.toml\nname = '李娜'\ngrade = 'senior'\nskills = { '授信' = 3, '贸易' = 1 }\n\
            targets = { 2026-04 = { deposits = 1000 } }\n\
            trainings = [{ date = 2026-03-01, course = 'c', kind = 'internal', hours = 30, done = 2026-03-01 }]\n\
            # file: clients/a.toml\nname = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\n[results]\n2026-04 = { deposits = 900 }\n\
            [[feedback]]\ndate = 2026-02-01\nscore = 8\nabout = 'li'\n\
            [[referrals]]\ndate = 2026-02-03\nfrom = 'li'\nto = 'wang'\nanswered = 2026-02-20\nresult = 'won'\n\
            # file: reviews/2026-04/li.toml\nmanager = 'li'\nperiod = '2026-04'\nanonymous = [{ group = 'peer', n = 3, sum = 270 }]\n\
            ratings = [{ group = 'peer', by = 'wang', score = 70 }, { group = 'peer', by = 'li', score = 10 }, { group = 'superior', by = 'li', score = 10 }]\n\
            # file: policies/p.toml\ntitle = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'month'\nmissing = 'zero'\n\
            [[dimensions]]\nid = 'r'\nclass = 'results'\nweight = 80\n[[dimensions]]\nid = 'o'\nclass = 'risk'\nweight = 20\n\
            [[indicators]]\nid = 'd'\nin = 'r'\nvalue = 'deposits.average'\nweight = 80\ntarget = 'targets.deposits'\ncurve = { kind = 'ratio', zero_target = 'skip' }\n\
            [[indicators]]\nid = 'm'\nin = 'o'\nweight = 20\ncurve = { kind = 'manual', max = 100 }\n";
        // 900 of 1,000 give 72 of 80 points; four colleagues gave 340, and the own 10 is none; 30 of 40 hours; one skill of two.
        assert_eq!(
            lines(book, "balance", "balance", "2026-04"),
            ["li | 李娜 | 72 | - | 90% | 80% | 0 | 85 | 1 | 1 | 0 | 75% | 50%"]
        );
        // Without a mark all the weight is that of the results: 90 of 100 points, and still 90 %.
        let skipped = book.replace("missing = 'zero'", "missing = 'skip'");
        assert!(lines(&skipped, "balance", "balance", "2026-04")[0].starts_with("li | 李娜 | 90 | - | 90%"));
        // Of a quarter that runs, the last month with figures.
        let running = lines_on(book, "balance", "balance", "2026-Q2", "2026-05-20");
        assert!(running[0].starts_with("li | 李娜 | 72 | - | 90% | 80% | 0 | 85 |"), "{running:?}");
        // From 15 March on 292 days of 365 are left: 32 hours of the year's 40, of which 30 are done.
        let joined = book.replace("grade = 'senior'\n", "grade = 'senior'\njoined = 2026-03-15\n");
        let row = lines(&joined, "balance", "balance", "2026-04").join("");
        assert!(row.ends_with("| 93.75% | 50%"), "{row}");
    }
}
