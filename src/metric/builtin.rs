//! The metrics that are computed from records rather than declared as measures: one block each.
//!
//! A block is a metric's whole definition: name, unit, kind, manual and function. The policy language, `explain` and the
//! reference read it from here. To add a metric: one block, and its function in the family's file.

use std::sync::LazyLock;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::countable::countable;
use super::known::Measured;
use super::scope::Scope;
use super::timing::Timing;
use super::{calls, clients, development, income, leading, risk, service, staff, teamwork, visits, wallet};
use crate::book::Record;
use crate::book::target::Counting;
use crate::period::Months;
use crate::record::client::Client;
use crate::record::conduct::Recognition;
use crate::record::policy::curve::Better;
use crate::record::risk::{Facility, RiskClass};
use crate::record::settings::MeasureKind;
use crate::text::Text;

/// What is asked of a metric: the stretch, and which records count.
pub struct Question<'q> {
    /// The stretch.
    pub window: Months,
    /// The day it is judged by: its last, or the last one known.
    pub as_of: NaiveDate,
    /// Whether the mean of what stood on its days is asked for, and not what stands on the last one; only of a level.
    pub by_days: bool,
    /// The words its filters ask for, by key.
    pub filters: &'q [(&'q str, &'q str)],
}

impl Question<'_> {
    fn word(&self, key: &str) -> Option<&str> {
        self.filters.iter().find(|(known, _)| *known == key).map(|(_, word)| *word)
    }

    /// Whether a client passes the filters `tier`, as it was on the day the stretch is judged by, and `industry`.
    pub fn takes(&self, client: &Record<Client>) -> bool {
        let then = || client.data.tier_on(self.as_of);
        let tier = self.word("tier").is_none_or(|tier| then().word() == tier);
        tier && self.word("industry").is_none_or(|industry| client.data.industry.as_deref() == Some(industry))
    }
}

/// The one definition of a metric computed from records.
pub struct Builtin {
    /// Name in expressions.
    pub name: &'static str,
    /// What people call it.
    pub title: Text,
    /// Definition, edge cases and source.
    pub doc: Text,
    /// What it is in; `money` stands for the book's unit of money.
    pub unit: &'static str,
    /// How it adds up.
    pub kind: MeasureKind,
    /// What of a stretch it is, and with it the aggregates it has.
    pub timing: Timing,
    /// Keys its filters may name.
    pub filters: &'static [&'static str],
    /// Which way a target of it is met.
    pub better: Better,
    /// Its figure for a manager.
    pub compute: fn(&Scope<'_>, &Question<'_>) -> Measured,
}

impl Builtin {
    /// How its figures count over time; what it is asked for without an aggregate is meant.
    pub fn counting(&self) -> Counting {
        let at_end = matches!(self.timing, Timing::AtEnd | Timing::Level);
        Counting { kind: self.kind, at_end }
    }

    /// Its unit, money in the book's.
    pub fn unit_in<'m>(&self, money: &'m str) -> &'m str {
        if self.unit == "money" { money } else { self.unit }
    }
}

macro_rules! metrics {
    (@better) => { Better::Higher };
    (@better less) => { Better::Lower };
    ($($name:literal $kind:ident $timing:ident $unit:literal [$($filter:literal),*] $($less:ident)? $title_en:literal $title_zh:literal
        $doc_en:literal $doc_zh:literal $compute:expr;)*) => {
        /// Every metric computed from records, by family.
        pub static BUILTINS: &[Builtin] = &[$(Builtin {
            name: $name,
            title: Text::new($title_en, $title_zh),
            doc: Text::new($doc_en, $doc_zh),
            unit: $unit,
            kind: MeasureKind::$kind,
            timing: Timing::$timing,
            filters: &[$($filter),*],
            better: metrics!(@better $($less)?),
            compute: $compute,
        }),*];
    };
}

metrics! {
    "clients" Count AtEnd "户" ["tier", "industry"] "Clients" "管户数"
        "Clients the manager leads on the last day of the period and that are neither closed nor still to come."
        "期末由该客户经理主办、已建立关系且未销户的客户数。"
        |scope, question| clients::count(scope, question.window, |client| question.takes(client));
    "effective_clients" Count AtEnd "户" ["tier", "industry"] "Effective clients" "有效户数"
        "Clients led at the period's end whose figure of its last month with figures reaches one of the thresholds in the settings. Missing where no month of the period has figures."
        "期末主办客户中，本期最后有数据月份任一指标达到设置门槛的户数；本期各月均无数据时视为缺失。"
        |scope, question| clients::effective(scope, question.window, |client| question.takes(client));
    "client_equivalents" Count AtEnd "折算户" ["tier", "industry"] "Client equivalents" "折算户数"
        "Effective clients weighed by the tier's coefficient of the settings. Missing where no month of the period has figures."
        "有效户按层级折算系数加权之和；本期各月均无数据时视为缺失。"
        |scope, question| clients::equivalents(scope, question.window, |client| question.takes(client));
    "new_clients" Count Over "户" ["tier", "industry"] "New clients" "新增有效户"
        "Clients whose first account was opened in the period, effective at its end, and of whose group none was a client before. A handover is no new client. Missing where no month of the period has figures."
        "本期首次开户、期末有效、且所属集团此前无客户的户数；客户移交不算新增；本期各月均无数据时视为缺失。"
        |scope, question| clients::new(scope, question.window, |client| question.takes(client));
    "lost_clients" Count Over "户" [] less "Lost clients" "流失户数"
        "Clients effective when the period began, or in the twelve months before it, and lost in it: closed, with an average of three months below the settings' part of their base, or without a measure of `clients.lost_without` for as many months. Each is lost once. Missing where the period has no figures, or there are under three months of them."
        "期初有效（或此前十二个月内曾有效）、本期流失的户数：已销户、近三月日均低于基数规定比例，或设置 clients.lost_without 所列指标连续规定月数为零；每户只计一次。本期无数据或数据不足三个月时视为缺失。"
        |scope, question| clients::lost(scope, question.window);
    "retention" Ratio Whole "%" [] "Client retention" "客户留存率"
        "1 − lost / there when the period began: effective in the month before it or, where lost only in it, in the twelve before. Missing where nobody was there, the period has no figures, or there are under three months of them."
        "1－流失户数÷期初有效户数；期初有效户指期前一个月有效，或本期才认定流失、此前十二个月内曾有效的客户。期初无有效户、本期无数据或数据不足三个月时视为缺失。"
        |scope, question| clients::retention(scope, question.window);
    "visits" Count Over "次" ["kind", "purpose", "tier", "industry"] "Visits" "拜访次数"
        "Visits the manager made in the period; companions made none."
        "本期由该客户经理实施的拜访次数；陪同不计。"
        |scope, question| visits::count(scope, question.window, |client, visit| {
            let kind = question.word("kind").is_none_or(|kind| visit.kind.word() == kind);
            let purpose = question.word("purpose").is_none_or(|purpose| visit.purpose.is_some_and(|is| is.word() == purpose));
            kind && purpose && question.takes(client)
        });
    "visit_coverage" Ratio AtEnd "%" ["tier", "industry"] "Visit coverage" "拜访覆盖率"
        "Part of the clients led at the period's end that anybody visited within their tier's cadence. One that came, or was entered in the book, within its cadence and that nobody visited is not yet due and not counted."
        "期末主办客户中，在本层级拜访间隔内有拜访记录的占比；建立关系或建档不满一个间隔且未拜访的不计入。"
        |scope, question| visits::coverage(scope, question.window, |client| question.takes(client));
    "head_visit_coverage" Ratio AtEnd "%" ["tier", "industry"] "Visits of a head" "主管拜访覆盖率"
        "Part of the clients led at the period's end, of tiers for which the settings' `cadence.head` asks it, that a head visited within its days, other than by telephone: who led the lead's team on the visit's day, whom the lead reported to, and so on upwards; a lead who leads a team, or has people below and nobody above, is a head too. One that came, was entered in the book or reached such a tier within these days and that no head visited is not yet due and not counted, and none where the book names no head."
        "期末主办客户中，设置 cadence.head 要求主管拜访的层级在规定间隔内有主管拜访（电话除外）的占比。主管指拜访日主办客户经理的团队负责人、直接上级及其各级上级；主办本人为团队负责人，或有下属而无上级的，本人即主管。建立关系、建档或升入该层级不满一个间隔且主管未拜访的，以及台账未登记主管的，不计入。"
        |scope, question| visits::head_coverage(scope, question.window, |client| question.takes(client));
    "planned_visits_kept" Ratio Whole "%" ["tier", "industry"] "Planned visits kept" "拜访计划完成率"
        "Of the visits the manager planned for a day of the period and did not call off, the part made by its end: by the manager, or with the manager along, on that day, later, or in the week before. Missing without plans."
        "本期计划且未取消的拜访中，截至期末本人在计划日前一周内、当日或以后已实施或参与的占比；无计划时视为缺失。"
        |scope, question| visits::planned_kept(scope, question.window, |client| question.takes(client));
    "call_points" Count Over "分" [] "Call points" "营销联络积分"
        "Points of the calls on referrers and prospects and of the proposals presented in the period, by the settings' `call_points`: each call once, two more with a colleague where so stated. Contacts by telephone earn none."
        "本期联络转介人、面访潜在客户及提交方案所得积分，按设置 call_points 计；有同事同行另加分，电话联系不计。"
        |scope, question| calls::points(scope, question.window);
    "call_weeks_met" Ratio Whole "%" [] "Weeks that reached their call points" "周积分达标率"
        "Part of the weeks, Monday to Sunday, ending in the period that reached the settings' weekly points. Weeks in which the manager was not in post throughout do not count; missing where there is none."
        "本期内结束的自然周（周一至周日）中积分达到设置要求的占比；未全周在岗的不计，无此类周时视为缺失。"
        |scope, question| calls::weeks_met(scope, question.window);
    "satisfaction" Ratio Whole "%" [] "Client satisfaction" "客户满意度"
        "Mean answer about the manager as a part of the best score; answers that the manager chose whom to ask for (`sampled_by = \"manager\"`) are left out. Missing without answers."
        "本期客户评价得分占满分比例的平均值，客户经理自选样本（`sampled_by = \"manager\"`）不计；无评价时视为缺失。"
        |scope, question| service::satisfaction(scope, question.window);
    "net_promoter_score" Ratio Whole "%" [] "Net promoter score" "净推荐值"
        "Part answering 9 or 10 of 10 less the part answering 6 or less, from −1 to 1, of the same answers."
        "9–10分占比减去6分及以下占比，取值 −1 至 1，反馈范围同上。"
        |scope, question| service::net_promoter_score(scope, question.window);
    "justified_complaints" Count Over "件" [] less "Justified complaints" "属实投诉"
        "Complaints about the manager found justified, in the period in which they were decided; in that of receipt where that day is not entered. One that was opened again counts once, where it was first found justified. Withdrawn ones don't count."
        "本期作出处理决定、经查属实的投诉件数；未填决定日的按受理日计；重新受理的只计一次，归属首次认定属实的期间；撤诉不计。"
        |scope, question| service::justified_complaints(scope, question.window);
    "complaints_in_time" Ratio Whole "%" [] "Complaints decided in time" "投诉按期处理率"
        "Of the complaints decided in the period, or whose limit passed in it without a decision, the part decided within the limit of the settings, any extension included. Each counts once, in the period of its decision or of its limit, whichever comes first, as known on the period's last day; one that was opened again counts once for each run, its limit from that day; those withdrawn within the limit don't count."
        "本期告知处理决定的，或本期时限届满仍未决定的投诉中，在规定时限（含延期）内决定的占比。每件只计一次，归属决定日与时限日中较早者所在期间，以期末所知为准；重新受理的按每轮分别计算，时限自重新受理日起算；时限内撤诉的不计。"
        |scope, question| service::complaints_in_time(scope, question.window);
    "opportunities_won" Count Over "笔" [] "Opportunities won" "赢单数"
        "Opportunities the manager won in the period." "本期赢单笔数。"
        |scope, question| service::opportunities_won(scope, question.window);
    "amount_won" Flow Over "money" [] "Amount won" "赢单金额"
        "Amounts of the opportunities the manager won in the period." "本期赢单金额合计。"
        |scope, question| service::amount_won(scope, question.window);
    "needs_found" Count Over "项" [] "Needs found" "发现需求数"
        "Client needs the manager found in the period." "本期发现的客户需求数。"
        |scope, question| service::needs_found(scope, question.window);
    "referrals_given" Count Over "次" [] "Referrals given" "推荐次数"
        "Leads the manager passed to colleagues in the period." "本期向同事推荐客户的次数。"
        |scope, question| service::referrals_given(scope, question.window);
    "referrals_won" Count Over "次" [] "Referrals won" "推荐成功次数"
        "Leads the manager passed to colleagues that were answered in the period as won." "本期答复为成功的推荐次数（按推荐人）。"
        |scope, question| service::referrals_won(scope, question.window);
    "referral_income" Flow Over "money" [] "Income from referrals" "推荐收入"
        "Income stated in the referrals the manager gave that were answered in the period as won." "本期答复为成功的推荐所填共同实现收入（按推荐人）。"
        |scope, question| service::referral_income(scope, question.window);
    "joint_income" Flow Over "money" [] "Income earned jointly" "协作收入"
        "The manager's credited part of the income of clients whose credit more than one manager shares: the measures of the settings' `income`, each month by the shares on its last day."
        "由多名客户经理分成的客户收入中归属本人的部分；收入按设置 income 所列指标计，分成取各月末。"
        |scope, question| income::joint_income(scope, question.window);
    "hit_rate" Ratio Whole "%" [] "Hit rate" "商机成功率"
        "Of the opportunities of the manager won or lost in the period, the part won. Missing where none was decided."
        "本期结案商机中赢单的占比；无结案商机时视为缺失。"
        |scope, question| service::hit_rate(scope, question.window);
    "solutions_offered" Count Over "项" [] "Solutions offered" "提出方案数"
        "Client needs for which a solution was offered in the period (`proposed`), whether it became a deal or not."
        "本期已提出方案的客户需求数（`proposed`），不论是否成交。"
        |scope, question| service::solutions_offered(scope, question.window);
    "products_per_client" Balance AtEnd "项/户" ["tier", "industry"] "Products per client" "户均产品数"
        "Products in use on the period's last day for each client led then that has an account: the depth of cross-selling. Missing without such clients."
        "期末主办且已开户客户的户均在用产品数（交叉销售深度）；无此类客户时视为缺失。"
        |scope, question| wallet::products_per_client(scope, question.window, |client| question.takes(client));
    "countable_average" Balance Daily "money" ["measure"] "Countable average balance" "可计入日均"
        "Average daily balance of the measure the filter names, else of the settings' `clients.lost_by`, months weighed by their days. In the last month of a quarter no more counts than the average of the month before × (1 + the mean growth of the last months of the four quarters before over their months before), all by the shares of the month at hand (cap of the 2018 notice on deposit deviation, made for a bank as a whole). Missing where one of these months has no figures."
        "筛选条件 measure 指定指标（未指定的取设置 clients.lost_by）的日均余额，各月按天数加权；季末月可计入的日均不超过上月日均×（1＋前四个季度末月日均环比增速均值），均按当月分成比例计算（2018年存款偏离度通知的口径，原针对银行整体）；所需月份缺数时视为缺失。"
        |scope, question| {
            let measure = question.word("measure").unwrap_or(&scope.book.settings.clients.lost_by);
            countable(scope, question.window, measure)
        };
    "wallet_share" Ratio AtEnd "%" ["measure", "tier", "industry"] "Share of wallet" "钱包份额"
        "Our part of what the clients led at the period's end hold with all banks, by the latest estimate of each known by then; both sides are of the estimate's own month, whose day its evidence shows. The measure is the one the filter names, else that of the settings' `clients.lost_by`. Missing without estimates; a convention, as the total is an estimate."
        "期末主办客户在我行业务占其全部银行业务的比例，取截至期末每户最近一次估计，两侧同为估计当月，估计日见依据记录；指标由筛选条件 measure 指定，未指定的取设置 clients.lost_by。无估计时视为缺失（管理惯例，合计数为估计值）。"
        |scope, question| {
            let measure = question.word("measure").unwrap_or(&scope.book.settings.clients.lost_by);
            wallet::share(scope, question.window, measure, |client| question.takes(client))
        };
    "requests_in_time" Ratio Whole "%" [] "Requests done in time" "内部协调按期完成率"
        "Of the manager's requests to departments due in the period, the part done by their day. Missing where none was due."
        "本期到期的内部协调事项中按期完成的占比；无到期事项时视为缺失。"
        |scope, question| teamwork::requests_in_time(scope, question.window);
    "request_days" Balance Whole "天" [] less "Days to settle a request" "内部协调完成天数"
        "Median of the calendar days from raised to done, of the manager's requests to departments done in the period. Missing where none was done."
        "本期完成的内部协调事项自提出至完成自然日天数的中位数；无完成事项时视为缺失。"
        |scope, question| teamwork::request_days(scope, question.window);
    "drawn" Balance Level "money" [] "Principal drawn" "用信余额"
        "Principal of the facilities managed at the period's end, by credit share for loans; for each facility its own. `drawn.average` is the mean over the days of the period, by the share of each day."
        "期末管户用信余额，按贷款业绩分成；逐笔计算时为该笔余额。`drawn.average` 为期内逐日平均，按每日分成比例计算。"
        |scope, question| risk::drawn(scope, question, risk::Portfolio::Managed, |_| true);
    "overdue_days" Count AtEnd "天" [] less "Days overdue" "逾期天数"
        "Days from the first unpaid day, which is none of them, to the period's last, of the facility longest overdue; for each facility its own (as RM501)." "逾期最久一笔自逾期起始日（不计当日）至期末的天数；逐笔计算时为该笔天数（同 RM501）。"
        |scope, question| risk::longest_overdue(scope, question.window);
    "npl_ratio" Ratio AtEnd "%" [] less "NPL ratio, managed book" "不良率（管户口径）"
        "Principal classed substandard, doubtful or loss over all principal of the clients managed, by credit share for loans. Facilities count as they stood on the period's last day, by their `history`; without one, as they are now."
        "管户贷款中次级、可疑、损失类余额占比，按贷款业绩分成计算；各笔授信依 `history` 取期末状态，无历史状态的取现状。"
        |scope, question| risk::ratio(scope, question.window, risk::Portfolio::Managed, is_npl);
    "npl_ratio_originated" Ratio AtEnd "%" [] less "NPL ratio, originated book" "不良率（经办口径）"
        "Principal classed substandard, doubtful or loss over all principal of the facilities the manager originated, whoever manages them now, as they stood on the period's last day."
        "期末经办贷款中次级、可疑、损失类余额占比，责任不随移交转移。"
        |scope, question| risk::ratio(scope, question.window, risk::Portfolio::Originated, is_npl);
    "npl_balance_originated" Balance Level "money" [] less "NPL balance, originated book" "不良余额（经办口径）"
        "Non-performing principal of the facilities the manager originated, at the period's end." "期末经办贷款不良余额。"
        |scope, question| risk::drawn(scope, question, risk::Portfolio::Originated, is_npl);
    "special_mention_ratio" Ratio AtEnd "%" [] less "Special-mention ratio" "关注率"
        "Principal classed special-mention over all principal managed." "管户贷款中关注类余额占比。"
        |scope, question| risk::ratio(scope, question.window, risk::Portfolio::Managed, |facility| facility.class == RiskClass::SpecialMention);
    "overdue_ratio" Ratio AtEnd "%" [] less "Overdue ratio" "逾期率"
        "Principal of facilities with anything unpaid over all principal managed." "管户贷款中有逾期的余额占比。"
        |scope, question| risk::ratio(scope, question.window, risk::Portfolio::Managed, |facility| facility.overdue_since.is_some());
    "checks_in_time" Ratio Whole "%" [] "Post-loan checks in time" "贷后检查按期完成率"
        "Of the post-loan checks scheduled for a day of the period at clients led at its end, the part done on or before it. A first check scheduled later than its limit after the drawdown is due when that ends, and so is a routine one that is scheduled later than the interval of the class asks for and was never made. A first check whose limit lies in the period counts as missed where nobody scheduled nor made it (as RM511), and so does each routine check that the interval asks for (as RM512): after the drawdown, the last check of any kind or the change of the class, and again after each interval without one."
        "期末主办客户本期应完成的贷后检查中按期完成的占比；首次检查计划日晚于放款后时限的，按时限到期；常规检查计划日晚于分类间隔且一直未做的，按间隔到期。放款后首次检查时限在本期、既未安排也未完成的，计为未完成（同 RM511）；按分类间隔应作而未安排的常规检查亦计为未完成（同 RM512），间隔自放款、最近一次任何检查或分类变动起算，逾期每满一个间隔再计一次。"
        |scope, question| risk::checks_in_time(scope, question.window);
    "warnings_overdue" Count AtEnd "项" [] less "Warnings past their limit" "超期未处置预警"
        "Early warnings still open on the period's last day at clients led then, past the day by which to deal with them: their own, else the limit of their signal or level in the settings."
        "期末主办客户中未解除且已超处置时限的预警数；时限取预警自身期限，未填写的按设置中信号或级别的时限。"
        |scope, question| risk::warnings_overdue(scope, question.window);
    "backup_coverage" Ratio AtEnd "%" ["tier", "industry"] "Clients with a second manager" "协办覆盖率"
        "Part of the clients led at the period's end that name a second manager, employed on that day. Missing without clients."
        "期末主办客户中已配备在职协办客户经理（B角）的占比；无客户时视为缺失。"
        |scope, question| risk::backup_coverage(scope, question.window, |client| question.takes(client));
    "plans_drilled" Ratio AtEnd "%" [] "Contingency plans drilled" "应急演练覆盖率"
        "Of the contingency plans in the manager's charge on the period's last day, the part drilled within the settings' months (`management.plan_months`); one that failed in its last drill was not. A plan approved later than that and never drilled is not yet due, and is left out. Missing without plans."
        "期末本人负责的应急预案中，在设置月数（management.plan_months）内演练过的占比；最近演练未达预期的不计为已演练；批准不满该月数且从未演练的视为未到期，不计入；无预案时视为缺失。"
        |scope, question| teamwork::plans_drilled(scope, question.window);
    "reports_upward" Count Over "项" [] "Reports upward" "上报事项数"
        "What the manager reported upward in the period: progress, problems, requests."
        "本期上报的进展、问题及请示事项数。"
        |scope, question| leading::reports_upward(scope, question.window);
    "answers_in_time" Ratio Whole "%" [] "Answers in time" "上报事项按期答复率"
        "Of the reports upward whose answer by this manager fell due in the period, the part answered, or settled, by then. Due: the report's own day, else the settings' limit (`management.answer`); progress asks for no answer unless it names a day. Missing where none was due."
        "本期应由本人答复的上报事项中，按期答复或办结的占比；期限取事项自身期限，未填写的按设置 management.answer；工作进展未填期限的无须答复；无应答复事项时视为缺失。"
        |scope, question| leading::answers_in_time(scope, question.window);
    "answer_days" Balance Whole "天" [] less "Days to answer" "答复天数"
        "Median of the calendar days from raised to answered, of the reports upward this manager answered in the period. Missing where none was answered."
        "本期由本人答复的上报事项自上报至答复自然日天数的中位数；无答复事项时视为缺失。"
        |scope, question| leading::answer_days(scope, question.window);
    "meetings_held" Ratio Whole "%" [] "Meetings held" "例会召开率"
        "Of the meetings that the teams led by the manager on the period's last day were to hold, the part held: of the kinds in the settings' `management.meetings` or the team's own `meets`, one a week, month and quarter that has a working day, ended in the period, and began when the team worked; a longer meeting stands for a shorter one. Missing where none was planned."
        "期末所带团队应开例会中已召开的占比：按设置 management.meetings 或团队的 meets，本期内结束且含工作日的每周、每月、每季各一次，团队成立之前的不计；月会、季会可代替周会、月会；无应开会议时视为缺失。"
        |scope, question| teamwork::meetings_held(scope, question.window);
    "meeting_attendance" Ratio Whole "%" [] "Meeting attendance" "会议出勤率"
        "Of the meetings of the manager's own team in the period, the part attended. Days before joining or after leaving do not count, nor do absences with a reason or on a day of leave, so that leave costs nobody anything; a meeting on one matter (`special`) counts only for whoever it names, attending or absent. Missing without meetings."
        "本期本团队会议中实际出席的占比；入职前、离职后、有原因的缺席及休假当日不计，休假不影响得分；专题会议（`special`）仅计列明参会或缺席的人员；无会议时视为缺失。"
        |scope, question| leading::meeting_attendance(scope, question.window);
    "actions_closed" Ratio Whole "%" [] "Actions closed" "承诺事项办结率"
        "Of the actions the manager promised at meetings, in talks and on visits that were due in the period, by the day agreed at its end, the part done by its end. Missing where none was due."
        "本期到期（到期日取期末时约定）的会议、面谈、拜访承诺事项中，期末前完成的占比；无到期事项时视为缺失。"
        |scope, question| leading::actions_closed(scope, question.window);
    "actions_on_time" Ratio Whole "%" [] "Actions done on time" "承诺事项按时办结率"
        "Of the actions the manager promised at meetings, in talks and on visits that were due in the period, by the day agreed at its end, the part done by that day. Missing where none was due."
        "本期到期（到期日取期末时约定）的会议、面谈、拜访承诺事项中，在到期日前完成的占比；无到期事项时视为缺失。"
        |scope, question| leading::actions_on_time(scope, question.window);
    "one_on_ones_held" Ratio Whole "%" [] "One-to-ones held" "一对一沟通完成率"
        "Of the one-to-ones due in the period with those who report to this manager, the part held by their day: the settings' days (`management.one_on_one`) after the last one, after joining or the day from which the book was kept (the first visit or entry of a client) where that is later, after coming back, or after one that was missed as long as none made up for it. One held late makes up for the one missed and counts for no other; the next is due the same days after it, as `due` says. Whoever had left by that day, or was away for long (a leave other than annual of over a month, or as long as the status is `away` since the last such leave began), was owed none. Missing where none was due."
        "本期应与直接下属进行的一对一沟通中按期进行的占比；应沟通日为上次沟通、入职（台账启用晚于入职的，自首次拜访或客户建档日起算）、返岗或未补办的上次应沟通日后设置天数（management.one_on_one）；逾期补办的沟通仅补上一次，不计为下一次，下次自补办日起算，与 `due` 一致；当日已离职或长期离岗（超过一个月的其他休假，或状态为 away 的自最近一次其他休假起）的不计；无应沟通时视为缺失。"
        |scope, question| leading::one_on_ones_held(scope, question.window);
    "decisions_reviewed" Ratio Whole "%" [] "Decisions reviewed on time" "决策按期复盘率"
        "Of the decisions this manager took, or the team led by this manager, whose review day lies in the period, the part reviewed by that day. Missing where none was due."
        "本期应复盘的本人（或所带团队）决策中按期复盘的占比；无应复盘决策时视为缺失。"
        |scope, question| leading::decisions_reviewed(scope, question.window);
    "survey_response" Ratio Whole "%" [] "Response to staff surveys" "员工调查回收率"
        "Of those asked in the last staff survey in the period of each team the manager led on its day, the part who answered. A survey with fewer answers than `privacy.survey` says nothing. Missing without surveys."
        "本期内所带团队（以调查截止日为准）最近一次员工满意度调查的回收份数占发放份数的比例；答卷少于设置 privacy.survey 的不计；无调查时视为缺失。"
        |scope, question| staff::survey_response(scope, question.window);
    "staff_satisfaction" Ratio Whole "%" [] "Staff satisfaction" "员工满意度"
        "Marks in the last staff survey in the period of each team the manager led on its day, as a part of the best marks. Surveys and items with fewer answers than `privacy.survey` say nothing. Missing without surveys."
        "本期内所带团队（以调查截止日为准）最近一次员工满意度调查各项得分占满分的比例；答卷少于设置 privacy.survey 的调查和项目不计；无调查时视为缺失。"
        |scope, question| staff::staff_satisfaction(scope, question.window);
    "staff_recommendation" Ratio Whole "%" [] "Staff net recommendation (eNPS)" "员工净推荐值（eNPS）"
        "Of those who said in the last staff survey in the period of each team the manager led on its day whether they would recommend the bank, the part of 9 and 10 less the part of 0 to 6. Fewer answers than `privacy.survey` say nothing. Missing without answers."
        "本期内所带团队（以调查截止日为准）最近一次员工满意度调查中，推荐者（9–10分）占比减贬损者（0–6分）占比；作答少于设置 privacy.survey 的不计；无作答时视为缺失。"
        |scope, question| staff::staff_recommendation(scope, question.window);
    "career_talks_held" Ratio Whole "%" [] "Career talks held" "职业发展面谈完成率"
        "Of those who report to this manager on the period's last day, are with the bank and not away for long, the part who had a career talk in the period. Missing where nobody does."
        "期末在职且未长期离岗的直接下属中，本期内进行过职业发展面谈的占比；无直接下属时视为缺失。"
        |scope, question| staff::career_talks_held(scope, question.window);
    "plans_passed" Ratio Whole "%" [] "Improvement plans passed" "绩效改进达标率"
        "Of the improvement plans ended in the period that this manager looked after, as the review's `reviewer`, else as the supervisor of the day, the part that was passed. Missing where none ended."
        "本期结束的绩效改进计划中达标的占比，计入考核人（未填的为结束日直接上级）；无已结束计划时视为缺失。"
        |scope, question| staff::plans_passed(scope, question.window);
    "event_participation" Ratio Whole "%" [] "Participation in team activities" "团队活动参与率"
        "Of the activities of the manager's own team in the period, on days of employment, the part the manager took part in; those on a day of leave count only where the manager took part all the same. Missing without activities."
        "本期在职期间本团队活动中本人参加的占比；休假当日的活动仅在本人参加时计入；无活动时视为缺失。"
        |scope, question| teamwork::event_participation(scope, question.window);
    "recognitions" Count Over "次" ["kind"] "Recognitions" "表扬与违规次数"
        "Recognitions of the manager in the period: `recognitions{kind = \"praise\"}` or `{kind = \"violation\"}`; both without a filter."
        "本期登记的表扬与违规次数；以 kind 筛选：praise 表扬、violation 违规，不筛选则合计。"
        |scope, question| teamwork::recognitions(scope, question.window, |recognition| {
            let counts = question.word("kind").is_none_or(|kind| recognition.kind.word() == kind);
            if counts { Decimal::ONE } else { Decimal::ZERO }
        });
    "recognition_points" Count Over "分" [] "Recognition points" "表扬违规净分"
        "Points of the praise of the manager in the period less those of the violations, as recorded."
        "本期登记的表扬分减违规分。"
        |scope, question| teamwork::recognitions(scope, question.window, Recognition::signed);
    "ideas_raised" Count Over "项" [] "Ideas raised" "提出创新建议数"
        "Ideas the manager raised in the period, and pilots in the manager's charge."
        "本期提出的创新建议及负责的试点数。"
        |scope, question| teamwork::ideas_raised(scope, question.window);
    "ideas_adopted" Count Over "项" [] "Ideas adopted" "采纳创新建议数"
        "Ideas of the manager, and pilots in the manager's charge, that it was decided in the period to keep."
        "本期决定推广应用的创新建议及负责的试点数。"
        |scope, question| teamwork::ideas_adopted(scope, question.window);
    "training_hours" Count Over "学时" [] "Training hours" "培训学时"
        "Hours of trainings the manager completed in the period." "本期完成的培训学时。"
        |scope, question| development::training_hours(scope, question.window);
    "trainings_passed" Ratio Whole "%" [] "Trainings passed" "培训合格率"
        "Of the trainings completed in the period with a result, the part passed." "本期有结果的培训中合格的占比。"
        |scope, question| development::trainings_passed(scope, question.window);
    "certificates_valid" Count AtEnd "项" [] "Valid certificates" "有效证书数"
        "Certificates that have not expired on the period's last day." "期末有效的资格证书数。"
        |scope, question| development::certificates_valid(scope, question.window);
    "knowledge_shared" Count Over "次" [] "Knowledge-sharing items" "知识分享次数"
        "Talks and papers the manager shared in the period." "本期知识分享次数。"
        |scope, question| development::knowledge_shared(scope, question.window);
    "audit_points" Count Over "分" [] less "Audit points" "审计扣分"
        "Points of the audit findings about the manager in the period; where a review of a period in it states `audit_points`, those instead." "本期审计发现问题的扣分合计；考核填有 `audit_points` 的期间以所填为准。"
        |scope, question| development::audit_points(scope, question.window);
}

fn is_npl(facility: &Facility) -> bool {
    facility.class.is_npl()
}

/// The metric called `name`.
pub fn builtin(name: &str) -> Option<&'static Builtin> {
    static BY_NAME: LazyLock<std::collections::BTreeMap<&'static str, &'static Builtin>> =
        LazyLock::new(|| BUILTINS.iter().map(|metric| (metric.name, metric)).collect());
    BY_NAME.get(name).copied()
}
