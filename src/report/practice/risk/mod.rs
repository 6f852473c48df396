//! Risk: the two books of each manager, what is due and overdue, and who would look after a client tomorrow.
//!
//! Facilities carry the risk. A facility's managed part follows the credit for loans; what its originator answers for never
//! moves. `books` counts facilities and checks, `watch` warnings and the register,
//! `continuity` plans and second managers, `compliance` what is to be put right.

use super::{Input, Report, Run, Usual};
use crate::table::Table;
use crate::text::Text;

mod books;
mod collection;
mod compliance;
mod continuity;
mod watch;

pub(super) const REPORT: Report = Report {
    name: "risk",
    title: Text::new("Risk", "风险管理"),
    question: Text::new(
        "Which exposure is going wrong, what is overdue about it, and what if a manager, a client or a system fails us?",
        "哪些授信正在恶化，哪些检查和处置已超期，人员、客户或系统突发状况能否应对？",
    ),
    about: Text::new(
        "facilities: drawn and not settled by the report's day; amount, class and overdue days as of that day by the facility's `history`, without one as they are now; before the first day of its class a facility was what the history tells, else normal\n\
         managed book: principal by the manager's credit share for loans on the report's day; originated book: whole principal of the facilities the manager originated, whoever manages them now\n\
         non-performing: substandard, doubtful or loss; ratio: of all principal of the same book\n\
         overdue ratio: principal of facilities with anything unpaid by the report's day\n\
         checks on time: of the post-loan checks scheduled for a day of the period (a first one no later than its limit after drawdown, a routine one that was never made no later than the interval of the class), and of the first checks whose limit passed in it though nobody scheduled or made one, and of the routine checks that the interval of the class asked for and nobody scheduled (from the drawdown, the last check of any kind or the change of the class, and again after each interval without one), the part done by their day (as the metric `checks_in_time`); class is that of the check's facility, else the client's worst\n\
         overdue checks: scheduled ones past their day; the first check past its limit after drawdown; a routine one past the interval of the class (settings `risk`); a special one since the downgrade or the red signal that nobody scheduled one for (as RM513 and RM521)\n\
         mature soon: within the settings' days (`risk.renewal`), settled and overdue ones left out; without a plan there is nothing under Plan\n\
         due and collected: the two measures of every ratio the settings declare, such as due-loan recovery and interest collection, by the credit shares of the period\n\
         warnings: open on the report's day; exposure: principal of the client; over: days past the signal's own day, else the limit of its signal or level; last on site: by the client's lead\n\
         signals: the settings' list (`signals`), which a warning names as its `signal`, by id or by title; limit: the signal's own, else that of its level; published thresholds and common signals ship as its defaults\n\
         register: risks of clients and teams open on the report's day; score: likelihood × impact, 1 to 25\n\
         plans: months since the plan was last updated or approved, and the last drill; old after the settings' months (`management.plan_months`); a drill is missing once it is overdue (as RM643)\n\
         covered: the client's second manager is at work and made or joined a visit, other than a call, in the 90 days to the report's day; the rest is what would stand alone if the lead resigned today\n\
         top clients: the largest by the measure by which clients are judged lost, as many as the settings say (`management.covered_clients`)\n\
         audit findings: not put right by the report's day, also of managers who left; the gravest first\n\
         covenants: due by the report's day and not tested since, or tested and broken\n\
         declarations: of gifts and conflicts of interest, not looked at by the report's day",
        "授信：报告日已放款未结清的；余额、分类及逾期依该笔 `history` 取报告日状态，无历史状态的取现状；分类认定日之前按历史分类，未列明的按正常类\n\
         管户口径：报告日按贷款业绩分成比例计算的余额；经办口径：其经办授信的全额，不因移交转移\n\
         不良：次级、可疑、损失；比率：占同口径全部余额\n\
         逾期率：报告日存在欠款的授信余额占比\n\
         检查及时率：本期到期的计划检查（首次检查计划日晚于放款后时限的按时限到期，常规检查计划日晚于分类间隔且一直未做的按间隔到期），以及时限在本期、既未安排也未完成的放款后首次检查，以及按分类间隔应作而未安排的常规检查（自放款、最近一次任何检查或分类变动起算，逾期每满一个间隔再计一次）中，按期完成的占比（同指标 checks_in_time）；分类取所涉授信，未指明的取客户最差分类\n\
         超期检查：已过到期日的计划检查；放款后超时限未做的首次检查；超过分类间隔未做的常规检查（设置 risk）；下调分类或红色预警后未安排的专项检查，自该日起算（同 RM513、RM521）\n\
         临近到期：设置天数（risk.renewal）内到期的授信，已结清和已逾期的除外；未作安排的到期安排栏为空\n\
         应收与实收：设置中各比率类指标（如到期贷款收回率、收息率）的分母与分子，按本期业绩分成计算\n\
         预警：报告日未解除的；敞口：客户用信余额；超期：超过预警自身期限，未填写的超过其信号或级别时限的天数；最近上门：主办客户经理最近上门拜访日\n\
         信号清单：设置 signals，预警的 signal 填其编号或名称；时限取信号自身的，未设的取级别时限；默认清单为公开的量化阈值和常见信号\n\
         风险清单：报告日未关闭的客户及团队风险；分值：可能性×影响程度，1至25\n\
         应急预案：距最近修订或批准的月数及最近演练；超过设置月数（management.plan_months）视为过期；演练逾期方计为缺口（同 RM643）\n\
         已覆盖：协办客户经理在岗，且截至报告日90天内实施或参与过拜访（电话联系不计）；其余为主办客户经理今日离职将无人接管的部分\n\
         大户：按流失认定指标规模最大的客户，户数按设置（management.covered_clients）\n\
         审计问题：截至报告日未整改的，含已离职人员，由重到轻\n\
         约束条件：截至报告日到期未检验，或检验结果为不符合的\n\
         申报：截至报告日尚未审核的礼品及利益冲突申报",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Book(run),
};

fn run(input: &Input<'_>) -> Vec<Table> {
    let mut tables = books::tables(input);
    tables.push(collection::table(input));
    tables.extend(watch::tables(input));
    tables.extend(continuity::tables(input));
    tables.extend(compliance::tables(input));
    tables
}
