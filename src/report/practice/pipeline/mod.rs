//! The pipeline: from needs to opportunities to deals, what it is worth by stage, what stands still.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Input, Report, Run, Usual};
use crate::record::deal::{Opportunity, Stage, Stood};
use crate::table::Table;
use crate::text::Text;

mod deals;
mod people;

pub(super) const REPORT: Report = Report {
    name: "pipeline",
    title: Text::new("Needs and pipeline", "需求与商机"),
    question: Text::new(
        "What is the pipeline worth, who turns needs into deals, and which deals and needs stand still?",
        "商机储备价值几何，谁能把需求转化为业务，哪些商机和需求停滞不前？",
    ),
    about: Text::new(
        "open: opened by the report's day and not won or lost by then; stage, amount, probability, expected day and manager as of that day by the deal's `history`, without one as they are now\n\
         ended later: open on that day, but its stage of that day was not written down\n\
         weighted: amount × probability, of the deals that state both; a deal without a probability is counted apart and adds nothing\n\
         stale: open, and not moved for more than the settings' limit (`management.stale`), or past the day it was expected to close; a new stage moves a deal, a new expected day does not; a deal brought up to date after the report's day is not called still, for when it had moved before is no longer known\n\
         put off: how often the expected day had been moved to a later one by the report's day\n\
         needs: recorded in the period; proposed: of those, with a solution or an opportunity by the report's day\n\
         won and lost: closed in the period; hit rate: won / (won + lost) by number\n\
         days to win: median of calendar days from opened to closed, of the deals won in the period\n\
         waiting need: neither proposed, met nor dropped nor made an opportunity, past the settings' limit (`management.need`)\n\
         forecast: open deals by the month they are expected to close; those overdue stand in the first row",
        "在途：截至报告日已发现且未赢单、未丢单的商机；阶段、金额、概率、预计落地日及负责人依该商机 `history` 取报告日状态，无历史状态的取现状\n\
         其后结案：报告日仍在途，但当时阶段未记录\n\
         加权金额：金额×成功概率，仅计两者均填写的商机；未填概率的单独计数，不计入\n\
         停滞：在途且超过设置时限（management.stale）无进展，或已过预计落地日；阶段变动视为进展，预计日变动不算；报告日之后更新过的商机，此前进展日已无从得知，不作停滞认定\n\
         推迟次数：截至报告日预计落地日被改至更晚日期的次数\n\
         需求：本期登记的；已提方案：其中截至报告日已提出方案或转为商机的\n\
         赢单与丢单：本期结案的；成功率：赢单笔数÷（赢单＋丢单）\n\
         赢单周期：本期赢单的商机自发现至结案的自然日中位数\n\
         待响应需求：未提方案、未满足、未放弃、未转商机，且超过设置时限（management.need）\n\
         落地预测：在途商机按预计落地月份汇总；已逾期的列首行",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Book(run),
};

/// A deal with its client, whoever pursues it, and how it stood on the report's day where it was open then.
struct Deal<'b> {
    client: &'b str,
    manager: &'b str,
    deal: &'b Opportunity,
    stood: Option<Stood<'b>>,
}

impl Deal<'_> {
    fn amount(&self) -> Decimal {
        let amount = self.stood.map_or(self.deal.amount, |stood| stood.amount);
        amount.map_or(Decimal::ZERO, |amount| amount.0)
    }

    /// Amount by chance; nothing where no chance was stated.
    fn weighted(&self) -> Decimal {
        self.chance().map_or(Decimal::ZERO, |chance| self.amount() * chance)
    }

    fn chance(&self) -> Option<Decimal> {
        self.stood.and_then(|stood| stood.probability).map(|chance| chance.0)
    }

    fn stage(&self) -> Option<Stage> {
        self.stood.and_then(|stood| stood.stage)
    }

    fn expected(&self) -> Option<NaiveDate> {
        self.stood.and_then(|stood| stood.expected).map(|day| day.0)
    }

    fn ended_in(&self, input: &Input<'_>, stage: Stage) -> bool {
        self.deal.stage == stage && self.deal.closed.is_some_and(|day| input.is_in(day))
    }

    fn is_stale(&self, input: &Input<'_>) -> bool {
        let limit = input.book.settings.management.stale;
        let moved = self.deal.moved(input.as_of);
        let still = moved.is_some_and(|day| input.days.deadline(day, limit) < input.as_of);
        // Brought up to date since: the day written before is gone, and nobody knows whether it had moved by then.
        let is_known = self.deal.updated.is_none_or(|day| day.0 <= input.as_of);
        let still = still && is_known;
        still || self.expected().is_some_and(|day| day < input.as_of)
    }
}

fn run(input: &Input<'_>) -> Vec<Table> {
    let all = all(input);
    let open: Vec<&Deal<'_>> = all.iter().filter(|deal| deal.stood.is_some()).collect();
    vec![
        deals::stages(input, &open),
        people::managers(input, &all),
        deals::stale(input, &open),
        deals::put_off(input, &open),
        people::waiting(input),
        deals::forecast(input, &open),
        deals::losses(input, &all),
    ]
}

fn all<'b>(input: &Input<'b>) -> Vec<Deal<'b>> {
    let mut deals = Vec::new();
    for record in &input.book.clients {
        for deal in &record.data.opportunities {
            let stood = deal.as_of(input.as_of);
            let by = stood.map_or(deal.by.as_ref(), |stood| stood.by);
            let manager = match by {
                Some(by) => by,
                None => input.lead(&record.data),
            };
            if input.covers(manager) {
                deals.push(Deal { client: &record.id, manager, deal, stood });
            }
        }
    }
    deals
}

#[cfg(test)]
mod tests {
    use super::super::lines;

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
[[needs]]
date = 2026-08-20
what = "跨境结算"
amount = 50
[[needs]]
date = 2026-10-08
what = "现金管理"
opportunity = "cash"
[[needs]]
date = 2026-10-20
what = "保函"
[[opportunities]]
id = "cash"
stage = "proposal"
amount = 200
probability = "50%"
opened = 2026-10-08
expected = 2026-12-10
[[opportunities]]
id = "old"
stage = "engaging"
amount = 300
opened = 2026-07-01
expected = 2026-10-15
[[opportunities]]
id = "won"
by = "li-na"
stage = "won"
amount = 100
opened = 2026-09-01
closed = 2026-10-11
[[opportunities]]
id = "lost"
stage = "lost"
amount = 80
opened = 2026-09-01
closed = 2026-10-31
lost_because = "利率"
[[opportunities]]
id = "later"
stage = "won"
amount = 40
probability = 0.8
opened = 2026-10-01
closed = 2026-11-02
expected = 2026-11-02
"#;

    #[test]
    fn stages_are_those_of_the_last_day() {
        assert_eq!(
            lines(BOOK, "pipeline", "pipeline_stages", "2026-10"),
            [
                "prospecting | 0 | 0 | 0 | 0 | 0",
                "engaging | 1 | 300 | 0 | 1 | 1",
                "proposal | 1 | 200 | 100 | 0 | 0",
                "negotiation | 0 | 0 | 0 | 0 | 0",
                "ended-later | 1 | 40 | 32 | 0 | 0",
                "all | 3 | 540 | 132 | 1 | 1",
            ]
        );
    }

    #[test]
    fn each_manager_has_needs_and_hits_of_ones_own() {
        assert_eq!(
            lines(BOOK, "pipeline", "pipeline_managers", "2026-10"),
            [
                "li-na | 0 | - | 0 | 1 | 0 | 100% | 100 | 40 | 0 | 0",
                "wang-fang | 2 | 50% | 2 | 0 | 1 | 0% | 0 | - | 3 | 132",
            ]
        );
    }

    #[test]
    fn what_stands_still_is_listed() {
        assert_eq!(
            lines(BOOK, "pipeline", "stale_deals", "2026-10"),
            ["wang-fang | acme | old | - | 300 | 2026-07-01 | 122 | 2026-10-15 | -"]
        );
        assert_eq!(
            lines(BOOK, "pipeline", "waiting_needs", "2026-10"),
            ["wang-fang | acme | 跨境结算 | 50 | 2026-08-20 | 2026-09-19 | 42"]
        );
        assert_eq!(
            lines(BOOK, "pipeline", "pipeline_forecast", "2026-10"),
            ["overdue | 1 | 300 | 0", "2026-11 | 1 | 40 | 32", "2026-12 | 1 | 200 | 100"]
        );
        assert_eq!(lines(BOOK, "pipeline", "lost_deals", "2026-10"), ["利率 | 1 | 80"]);
        // Brought up to date in November: when it had moved before is gone, but the day it should close by had passed.
        let updated = BOOK.replace("opened = 2026-07-01\n", "opened = 2026-07-01\nupdated = 2026-11-20\n");
        assert_eq!(lines(&updated, "pipeline", "stale_deals", "2026-10").len(), 1);
        let awaited = updated.replace("expected = 2026-10-15", "expected = 2026-12-15");
        assert!(lines(&awaited, "pipeline", "stale_deals", "2026-10").is_empty());
    }

    const MOVED: &str = r#"
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
[[opportunities]]
id = "scf"
by = "wang-fang"
stage = "won"
amount = 900
probability = 1
opened = 2026-06-01
expected = 2026-11-20
closed = 2026-11-12
[[opportunities.history]]
until = 2026-08-31
by = "li-na"
stage = "engaging"
amount = 600
probability = "25%"
expected = 2026-09-30
[[opportunities.history]]
until = 2026-09-29
expected = 2026-10-31
[[opportunities.history]]
until = 2026-11-11
stage = "negotiation"
probability = "60%"
"#;

    #[test]
    fn a_past_month_shows_a_deal_as_it_stood_then() {
        let stages = |period: &str| {
            let all = lines(MOVED, "pipeline", "pipeline_stages", period);
            all.into_iter().filter(|line| !line.contains("| 0 | 0 | 0 |")).collect::<Vec<_>>()
        };
        // 600 at 25 % in August; 900 at 60 % from September, in negotiation from the 1st.
        assert_eq!(stages("2026-08"), ["engaging | 1 | 600 | 150 | 0 | 1", "all | 1 | 600 | 150 | 0 | 1"]);
        assert_eq!(stages("2026-09"), ["negotiation | 1 | 900 | 540 | 0 | 0", "all | 1 | 900 | 540 | 0 | 0"]);
        assert_eq!(lines(MOVED, "pipeline", "pipeline_forecast", "2026-08"), ["2026-09 | 1 | 600 | 150"]);
        assert_eq!(lines(MOVED, "pipeline", "pipeline_forecast", "2026-09"), ["2026-11 | 1 | 900 | 540"]);
        let open = |period: &str| lines(MOVED, "pipeline", "pipeline_managers", period);
        assert_eq!(open("2026-08"), ["li-na | 0 | - | 0 | 0 | 0 | - | 0 | - | 1 | 150"]);
        assert_eq!(open("2026-09"), ["wang-fang | 0 | - | 0 | 0 | 0 | - | 0 | - | 1 | 540"]);
        // 1 June to 12 November: 164 days.
        assert_eq!(open("2026-11"), ["wang-fang | 0 | - | 0 | 1 | 0 | 100% | 900 | 164 | 0 | 0"]);
    }

    #[test]
    fn a_close_put_off_is_listed_with_how_often_and_how_far() {
        let found = |period: &str| lines(MOVED, "pipeline", "put_off_deals", period);
        // 30 September to 31 October, told on 1 September; to 20 November, told on the 30th: 51 days.
        assert!(found("2026-08").is_empty());
        assert_eq!(
            found("2026-09"),
            ["wang-fang | acme | scf | negotiation | 900 | 2026-09-30 | 2026-11-20 | 2 | 51"]
        );
        assert!(found("2026-11").is_empty());
    }
}
