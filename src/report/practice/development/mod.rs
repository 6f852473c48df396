//! Development: training against pace, certificates and the duties they permit, careers, and what feedback moved.
//!
//! `training` holds courses and certificates, `career` skills, goals and proposals, `feedback` scores before and after.

use super::{Input, Report, Run, Scores, Usual};
use crate::table::Table;
use crate::text::Text;

mod career;
mod feedback;
mod training;

pub(super) const REPORT: Report = Report {
    name: "development",
    title: Text::new("Development", "培训与发展"),
    question: Text::new(
        "Who is behind on training, who must stop which duty on which day, who is ready for more, and does feedback help?",
        "谁的培训落后，谁须自何日起停止何项业务，谁可以承担更多，反馈是否见效？",
    ),
    about: Text::new(
        "hours: of trainings completed from 1 January to the report's day\n\
         pace: the settings' hours a year (`management.training_hours`) for the part of the year that has passed, from the day of joining\n\
         missed: mandatory trainings whose day has passed without completion\n\
         pass rate: of trainings completed in the year with a result\n\
         certificates: expired, or expiring within the settings' days (`management.certificate`), unless a later one of the same name is valid beyond that\n\
         duties that stop: what the certificate permits and no other certificate of the manager valid on the day after permits\n\
         cost a head: of the trainings completed in the year, over the managers who were at work in the period, by team and in all\n\
         courses: trainings completed that should lift an indicator: its score in the last closed scorecard that ended before, and in the first that began after; where none was closed after, in the period's last month as it is scored now\n\
         skills: levels the manager's grade asks for (settings `skills`) against the manager's own; a skill without a level counts as 0\n\
         careers: goals, the last talk by the report's day, and a proposal that waits\n\
         feedback: two closed scorecards of one manager and scheme for periods one after the other, the later ending in the twelve months to the report's day; with talk: the first was talked over before the second ended; the table compares movement with and without\n\
         follow-through: managers at work in the period who had a one-to-one in it; improvement plans that ended and appeals decided in it\n\
         scores: what was closed, of periods that ended by the report's day; nothing closed is recomputed",
        "学时：自1月1日至报告日完成的培训学时\n\
         进度：设置年度学时（management.training_hours）按当年已过天数折算，当年入职的自入职日起算\n\
         缺训：必修培训已过培训日而未完成\n\
         合格率：当年完成且有结果的培训中合格的占比\n\
         证书：已过期或将在设置天数（management.certificate）内到期，且无同名更新证书的\n\
         须停止的业务：该证书准许、而到期次日无其他有效证书准许的业务\n\
         人均费用：当年完成培训的费用除以本期在岗人数，按团队及合计列示\n\
         课程成效：拟提升某项指标的已完成培训，列示完成前最近一期及完成后首期已封存得分；其后尚无封存的，取期末月现行得分\n\
         技能：职级要求（设置 skills）与本人评级之差，未评级的按0计\n\
         职业发展：目标、截至报告日最近一次面谈及待决提议\n\
         反馈成效：同一客户经理同一方案相邻两期已封存得分，后一期在截至报告日十二个月内结束；有面谈：前一期结果在后一期结束前已面谈；对比有无面谈的得分变动\n\
         沟通、改进与申诉：本期在岗客户经理中本期有一对一沟通的占比；本期结束的改进计划及本期裁定的申诉\n\
         得分：取已封存结果，限报告日前已结束的考核期，已封存的不重新计算",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Scores(run),
};

fn run(input: &Input<'_>, scores: &Scores<'_>) -> Vec<Table> {
    let mut tables = training::tables(input, scores);
    tables.extend(career::tables(input));
    tables.extend(feedback::tables(input));
    tables
}

/// The closed scorecards of a manager for periods that ended by the report's day, in order: period, scheme, scorecard.
fn closed<'b>(input: &Input<'b>, manager: &str) -> Vec<Closing<'b>> {
    let reviews = input.book.reviews.iter().map(|record| &record.data);
    let own = reviews.filter(|review| *review.manager == *manager && review.period.last_day() <= input.as_of);
    let mut closed: Vec<Closing<'b>> = own
        .flat_map(|review| review.standings().map(move |(scheme, card)| Closing { review, scheme, card }))
        .collect();
    closed
        .sort_by_key(|closing| (closing.scheme, closing.review.period.last(), closing.review.period.grain()));
    closed
}

/// What stands of a closed scorecard, with the review it stands in.
#[derive(Clone)]
struct Closing<'b> {
    review: &'b crate::record::review::Review,
    scheme: &'b str,
    card: std::borrow::Cow<'b, crate::record::scorecard::Closed>,
}
