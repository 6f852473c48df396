//! The words of expressions: each name once, with what it is, from which stage it is known and what the manual says of it.

use rust_decimal::Decimal;

use super::{Among, Attribute, Leaf, Members, Part, Scored, Span, Stage};
use crate::policy::ask::Source;
use crate::record::policy::curve::Group;
use crate::text::Text;

const ONE: Decimal = Decimal::ONE;

/// A name without a prefix or with a fixed one.
pub(super) struct Fixed {
    pub(super) name: &'static str,
    pub(super) leaf: Leaf,
    /// The stage from which it is known.
    pub(super) stage: Stage,
    pub(super) gives: Gives,
    doc: Text,
}

macro_rules! fixed {
    ($($name:literal $leaf:expr, $stage:ident $gives:ident: $en:literal, $zh:literal;)*) => {
        pub(super) const FIXED: &[Fixed] = &[$(Fixed {
            name: $name,
            leaf: $leaf,
            stage: Stage::$stage,
            gives: Gives::$gives,
            doc: Text::new($en, $zh),
        }),*];
    };
}

fixed! {
    "total" Leaf::Total, Total Pure: "the total so far, in the end the rounded one", "总分（计算至本环节；最终为取整后）";
    "rating" Leaf::Rating, Rating Text: "the rating", "考核评级";
    "x" Leaf::X, Curve Input: "the value a curve is given", "曲线的输入值";
    "target" Leaf::Target, Item Input: "the item's target", "本项目标值";
    "full" Leaf::Full, Item Pure: "the item's full marks", "本项满分";
    "period.month" Leaf::Month, Who Pure: "number of the period's last month, of a period scored to date the last so far", "期末月份（阶段性结果为至今末月）";
    "period.quarter" Leaf::Quarter, Who Pure: "number of its last quarter, of a period scored to date the last so far", "期末季度（阶段性结果为至今末季）";
    "period.half" Leaf::Half, Who Pure: "number of its last half year, 1 or 2; of a period scored to date that of the last month so far", "期末所在半年（1 或 2；阶段性结果为至今末月所在半年）";
    "period.year" Leaf::Year, Who Pure: "its year", "年份";
    "period.days" Leaf::Days, Who Pure: "its calendar days, of a period scored to date those so far", "期内天数（阶段性结果为至今天数）";
    "period.months" Leaf::Months, Who Pure: "its months, of a period scored to date those so far", "期内月数（阶段性结果为至今月数）";
    "period.first" Leaf::FirstDay, Who Date: "its first day; of a shorter period scored to date that of the policy's period", "期间首日（阶段性结果为办法考核期首日）";
    "period.last" Leaf::LastDay, Who Date: "its last day, of a period scored to date that of the last month so far", "期间末日（阶段性结果为至今末日）";
    "manager.id" Leaf::ManagerId, Who Text: "the manager's id", "客户经理编号";
    "manager.grade" Leaf::Grade, Who Text: "grade on the period's last day", "期末职级";
    "manager.role" Leaf::Role, Who Text: "role", "岗位";
    "manager.team" Leaf::Team, Who Text: "team", "团队";
    "manager.branch" Leaf::Branch, Who Text: "branch, the manager's own or the team's", "机构（本人或所在团队）";
    "manager.months" Leaf::MonthsIn, Who Pure: "whole months since joining", "入职整月数";
    "manager.grade_months" Leaf::GradeMonths, Who Pure: "whole months in the grade", "现职级整月数";
    "manager.risk_taker" Leaf::RiskTaker, Who Flag: "whether deferral rules apply: true or false", "是否属风险岗位（适用延期支付）";
    "manager.active" Leaf::ActiveDays, Who Pure: "part of the period in post, by days, 1 for all of it", "在岗时间占比（按天）";
    "manager.active_months" Leaf::ActiveMonths, Who Pure: "whole months of the period in post; all of `period.months` for who was in post throughout", "期内在岗整月数（全期在岗为 `period.months`）";
    "head.total" Leaf::Members(Among::Head, Members::Sum, Scored::Total), Item Pure: "total of whom the manager reports to on the period's last day (`reports_to`), scored before the manager by whichever policy of the scheme; missing for who reports to nobody, and where the head is not assessed or not scored under the scheme", "期末直接上级（`reports_to`）的总分：上级先于本人计分，按同一考核方案中适用的办法；无直接上级、上级不予考核或不在本方案内的为数据缺失";
    "previous.total" Leaf::Earlier(Scored::Total, Span::Last), Item Pure: "total of the closed period before", "上期总分（已封存）";
    "previous.rating" Leaf::EarlierRating(Span::Last), Item Text: "rating of the closed period before", "上期评级（已封存）";
    "previous.total@year_ago" Leaf::Earlier(Scored::Total, Span::YearAgo), Item Pure: "total of the same period of the year before, closed", "上年同期总分（已封存）";
    "previous.rating@year_ago" Leaf::EarlierRating(Span::YearAgo), Item Text: "rating of the same period of the year before, closed", "上年同期评级（已封存）";
    "client.tier" Leaf::Record(Attribute::Tier, ONE), Item Text: "tier of the client at hand, in the value or condition of an item with `each`", "客户层级（`each` 逐笔口径的取值与条件中）";
    "client.industry" Leaf::Record(Attribute::Industry, ONE), Item Text: "its industry", "客户行业（同上）";
    "client.group" Leaf::Record(Attribute::ClientGroup, ONE), Item Text: "its group of companies", "所属集团（同上）";
    "client.rating" Leaf::Record(Attribute::CreditRating, ONE), Item Text: "its credit rating", "客户信用评级（同上）";
    "client.status" Leaf::Record(Attribute::Status, ONE), Item Text: "its status", "客户状态（同上）";
    "client.place" Leaf::Record(Attribute::Place, ONE), Item Text: "its city or district", "所在地（同上）";
    "client.since" Leaf::Record(Attribute::Since, ONE), Item Date: "day of its first account; a day is written without quotes: `client.since >= 2026-01-01`", "首次开户日（同上）；日期不加引号，如 `client.since >= 2026-01-01`";
    "client.months" Leaf::Record(Attribute::MonthsWithBank, ONE), Item Pure: "whole months from that day to the period's end", "首次开户至期末的整月数（同上）";
    "client.closed" Leaf::Record(Attribute::Closed, ONE), Item Date: "day the relationship ended, missing until then", "销户日（同上，未销户为缺失）";
    "facility.product" Leaf::Record(Attribute::Product, ONE), Item Text: "product of the facility at hand, with `each = \"facility\"`", "授信品种（`each = \"facility\"` 时）";
    "facility.class" Leaf::Record(Attribute::Class, ONE), Item Text: "its five-tier class", "五级分类（同上）";
    "facility.collateral" Leaf::Record(Attribute::Collateral, ONE), Item Text: "its collateral", "担保方式（同上）";
    "facility.months" Leaf::Record(Attribute::Term, ONE), Item Pure: "whole months from its first drawing to its maturity", "期限（首次放款至到期的整月数，同上）";
    "facility.limit" Leaf::Record(Attribute::Limit, ONE), Item Money: "its limit; what is drawn of it is the figure `drawn`", "授信额度（同上；用信余额为 `drawn`）";
    "facility.rate" Leaf::Record(Attribute::Rate, ONE), Item Pure: "its annual rate", "年利率（同上）";
    "facility.drawn_on" Leaf::Record(Attribute::DrawnOn, ONE), Item Date: "day of its first drawing; `facility.drawn_on >= period.first` for what is new, `days(facility.drawn_on, period.last)` for its age", "首次放款日（同上）；本期新放为 `facility.drawn_on >= period.first`，账龄为 `days(facility.drawn_on, period.last)`";
    "facility.matures" Leaf::Record(Attribute::Matures, ONE), Item Date: "day it matures", "到期日（同上）";
    "facility.settled" Leaf::Record(Attribute::Settled, ONE), Item Date: "day it was settled, missing until then: `known(facility.settled)`", "结清日（同上，未结清为缺失：`known(facility.settled)`）";
    "facility.overdue_since" Leaf::Record(Attribute::OverdueSince, ONE), Item Date: "first day of what is overdue, missing where nothing is", "逾期起始日（同上，未逾期为缺失）";
    "facility.class_since" Leaf::Record(Attribute::ClassSince, ONE), Item Date: "day since which it has its class", "分类认定日（同上）";
    "facility.originated_by" Leaf::Record(Attribute::Originator, ONE), Item Text: "who originated it: `facility.originated_by == manager.id`", "经办客户经理（同上），如 `facility.originated_by == manager.id`";
    "previous.pay" Leaf::Earlier(Scored::Pay, Span::Last), Item Money: "pay of the closed period before, before deferral", "上期薪酬合计（已封存，延期前）";
    "previous.pay.year_to_date" Leaf::Earlier(Scored::Pay, Span::YearToDate), Item Money: "the same over all earlier periods of the year", "本年此前各期薪酬之和（已封存，延期前）";
    "previous.pay@year_ago" Leaf::Earlier(Scored::Pay, Span::YearAgo), Item Money: "pay of the same period of the year before, closed, before deferral", "上年同期薪酬合计（已封存，延期前）";
    "pay.total" Leaf::PayTotal, Paid Money: "what is paid in all, before deferral", "薪酬合计（延期前）";
    "rank.all" Leaf::Rank(Group::All), Rating Pure: "place by total, or as `ranking` says, among everybody the policy scores, 1 the best; not known while one of them stands open", "总分名次（全部考核对象；可由 ranking 另定；其中有人考核未定的暂不计算）";
    "rank.team" Leaf::Rank(Group::Team), Rating Pure: "among the team", "总分名次（团队内）";
    "rank.grade" Leaf::Rank(Group::Grade), Rating Pure: "among the grade", "总分名次（同职级）";
    "rank.role" Leaf::Rank(Group::Role), Rating Pure: "among the role", "总分名次（同岗位）";
    "rank.branch" Leaf::Rank(Group::Branch), Rating Pure: "among the branch", "总分名次（同机构）";
    "size.all" Leaf::Size(Group::All), Rating Pure: "how many have a total and are eligible", "有总分且符合排名条件的人数（全部）";
    "size.team" Leaf::Size(Group::Team), Rating Pure: "in the team", "有总分的人数（团队内）";
    "size.grade" Leaf::Size(Group::Grade), Rating Pure: "in the grade", "有总分的人数（同职级）";
    "size.role" Leaf::Size(Group::Role), Rating Pure: "in the role", "有总分的人数（同岗位）";
    "size.branch" Leaf::Size(Group::Branch), Rating Pure: "in the branch", "有总分的人数（同机构）";
}

/// What a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A pure number.
    Pure,
    /// An amount of money.
    Money,
    /// What the curve or the target is in.
    Input,
    /// Words.
    Text,
    /// A day.
    Date,
    /// Truth.
    Flag,
}

/// Prefixes that lead to a figure of the book.
pub(super) const SOURCES: &[(&str, Source, Text)] = &[
    (
        "targets",
        Source::Targets,
        Text::new("the manager's target of a measure: `targets.deposits`", "本人目标：`targets.deposits`"),
    ),
    (
        "actuals",
        Source::Actuals,
        Text::new(
            "a figure recorded with the manager that no client carries",
            "登记于本人、非客户口径的数据",
        ),
    ),
    (
        "team",
        Source::Team,
        Text::new("a figure of the manager's team: `team.deposits.average`", "所在团队的数据"),
    ),
    ("unit", Source::Unit, Text::new("a figure of the whole book: `unit.npl_ratio`", "全机构的数据")),
    (
        "team.targets",
        Source::TeamTargets,
        Text::new(
            "the target recorded with the manager's team: `team.deposits.average / team.targets.deposits`",
            "所在团队的目标（登记于团队档案），如 `team.deposits.average / team.targets.deposits`",
        ),
    ),
    (
        "unit.targets",
        Source::UnitTargets,
        Text::new(
            "the target of the whole unit, recorded in the settings: `unit.targets.deposits`",
            "全机构的目标（登记于设置），如 `unit.targets.deposits`",
        ),
    ),
];

/// The source whose prefix a name begins with, the longest that does, and what stands behind it.
pub(super) fn source(name: &str) -> Option<(Source, &str)> {
    let behind = |prefix: &str| name.strip_prefix(prefix)?.strip_prefix('.').filter(|rest| !rest.is_empty());
    let known = SOURCES.iter().filter_map(|(prefix, source, _)| Some((*source, behind(prefix)?)));
    known.min_by_key(|(_, rest)| rest.len())
}

/// Prefixes that lead to a figure of an item.
pub(super) const PARTS: &[(&str, Part, Text)] = &[
    (
        "score",
        Part::Score,
        Text::new("an item's score before its weight: `score.deposits`", "指标得分（加权前）"),
    ),
    (
        "points",
        Part::Points,
        Text::new(
            "the points an item contributes: its score by the share of its weight, known once every indicator with a weight is \
             scored, so that none of these can name them",
            "指标计入分（得分按权重折算）：全部有权重的指标计分后方能确定，故有权重的指标不能引用",
        ),
    ),
    (
        "value",
        Part::Value,
        Text::new(
            "an item's value after rounding, in the unit of its formula",
            "指标值（取整后，单位依其公式）",
        ),
    ),
    ("item_target", Part::Target, Text::new("an item's target", "指标目标值")),
];

/// How a name of closed periods ends that says which ones are meant.
pub(super) const SPANS: &[(&str, Span)] =
    &[(".year_to_date", Span::YearToDate), ("@year_ago", Span::YearAgo)];

/// Forms of a name that are told apart before any of the above.
const FORMS: &[(&str, Stage, Text)] = &[
    (
        "METRIC.aggregate{key = \"word\"}.window@point",
        Stage::Item,
        Text::new(
            "a figure of the manager's business, all but the name optional: deposits, deposits.average, \
             visits.count{tier = \"key\"}.year_to_date, loans.end@year_start",
            "本人业绩数据，除名称外均可省略，如 deposits、deposits.average、\
             visits.count{tier = \"key\"}.year_to_date、loans.end@year_start",
        ),
    ),
    ("CONSTANT", Stage::Who, Text::new("a constant of the policy, by its name", "本办法的常数")),
    ("dimension.ID", Stage::Total, Text::new("a dimension's points", "维度得分")),
    (
        "pay.ID",
        Stage::Pay,
        Text::new(
            "the amount of a pay line above, 0 where its `when` does not hold",
            "前列薪酬项目金额（不符合适用条件的为0）",
        ),
    ),
    (
        "previous.value.ID",
        Stage::Item,
        Text::new(
            "an item's value in the closed period before, with what was carried into it; score, points and item_target as well; with \
             .year_to_date the sum over the year's earlier periods, without what one carried into the next, with @year_ago the same \
             period of the year before",
            "上期指标值（已封存，含结转）；score、points、item_target 同；加 .year_to_date 为本年此前各期之和（不重复计入各期间的结转），加 @year_ago 为上年同期",
        ),
    ),
    (
        "previous.pay.LINE",
        Stage::Item,
        Text::new(
            "amount of a pay line in the closed period before; with .year_to_date the sum over the year's earlier periods, all of which \
             are to be closed (0 in the first; those before the manager joined or the scheme began, in another post or closed without a \
             judgement add nothing), with @year_ago the same period of the year before. It is the line before gates, vetoes, time in \
             post, floor and ceiling, which are kept of the pay in all alone (`previous.pay`); where the scheme has any RM956 says so",
            "上期薪酬项目金额（已封存），为门槛、否决、在岗时间折算及保底封顶之前的金额（调整后仅保留合计 `previous.pay`，方案设有此类调整的由 RM956 提示）；加 .year_to_date 为本年此前各期之和（须均已封存，首期为0；入职前、本方案施行前、不适用本方案及未予考核的各期不计），加 @year_ago 为上年同期",
        ),
    ),
    (
        "total.mean(3)",
        Stage::Rating,
        Text::new(
            "mean (or sum, min, max) of the totals of the last 3 periods, this one included, the others closed; missing where one of \
             them was not judged, unless (3, 2) says that two are enough; \"year\" in the place of 3 for those of the year so far \
             that were",
            "最近3期总分（含本期，其余须已封存）的平均（或 sum、min、max）；有未予考核的为缺失，写 (3, 2) 则有两期即可；以 \"year\" 代替期数为本年至本期各期（未予考核的除外）",
        ),
    ),
    (
        "lookup(\"tables.NAME\", x)",
        Stage::Who,
        Text::new(
            "what a table gives for x, such as the rate of the bracket a client's balance lies in; one of points the height of the \
             straight line between them",
            "按分档表取值，如客户余额所在档的单价；表为折线各点（points）的，在相邻两点之间线性插值",
        ),
    ),
    (
        "lookup(\"tables.NAME\", word, word)",
        Stage::Who,
        Text::new(
            "what a table of words gives for one key or two, such as a price by grade and branch: the row of the first, in it the              cell of the second, `else` where neither names it, and missing where there is no `else`",
            "按文字分类表取值（一个或两个键，如按职级与机构的单价）：先按首个键取行，再按第二个键取值；均未列明时取 else，无 else 则为数据缺失",
        ),
    ),
    (
        "members.mean(\"ID\")",
        Stage::Item,
        Text::new(
            "mean (or sum, min, max, deviation: that of the population, divided by n) of the scores of an item among those who are on the period's last day in the team a manager leads, or were in it when they left in the period, and are assessed; \"value.ID\" for its values, \"points.ID\" for its points; \
             in pay \"pay.LINE\" for a line above and \"pay\" for all they are paid, of the members this policy scores",
            "所辖团队成员（期末在册及期内离职时在册者，不予考核者除外）该指标得分的平均（或 sum、min、max、deviation 总体标准差，除以 n）；写 \"value.ID\" 取指标值，\"points.ID\" 取计入分；薪酬中写 \"pay.编号\" 取前列薪酬项目、\"pay\" 取薪酬合计（限适用本办法的成员）",
        ),
    ),
    (
        "members.mean(\"total\")",
        Stage::Item,
        Text::new(
            "mean (or sum, min, max, deviation) of the totals of the same members, scored before the leader, by whichever policy of \
             the scheme each falls under; missing while one of them has no total",
            "所辖团队成员总分的平均（或 sum、min、max、deviation 标准差）：成员先于负责人计分，各按同一考核方案中适用的办法；成员总分未定的为数据缺失",
        ),
    ),
    (
        "reports.sum(\"pay.LINE\")",
        Stage::Item,
        Text::new(
            "the same as `members` over those who report to the manager (`reports_to`) on the period's last day, or did when they left \
             in the period, whatever teams they are in: \"ID\", \"value.ID\", \"points.ID\", \"total\", in pay \"pay.LINE\" and \"pay\"",
            "同 `members`，范围为期末（期内离职的为离职时）以本人为直接上级（`reports_to`）的客户经理，不论所在团队：可写 \"编号\"、\"value.编号\"、\"points.编号\"、\"total\"，薪酬中可写 \"pay.编号\"、\"pay\"",
        ),
    ),
    (
        "head.score.ID",
        Stage::Item,
        Text::new(
            "an item's score of whom the manager reports to on the period's last day, where this policy scores both; value, points and \
             item_target as well; missing for who reports to nobody",
            "期末直接上级的指标得分（限本办法同时考核的上级）；value、points、item_target 同；无直接上级的为数据缺失",
        ),
    ),
    (
        "scheme.mean(\"SCHEME\")",
        Stage::Item,
        Text::new(
            "mean (or sum, min, max, deviation) of the manager's totals under another scheme in the periods that this one is made \
             of, such as the quarters of the year: closed ones as they were closed, others as scored now; who was not assessed in \
             one goes by the others",
            "本人在另一考核方案下、本期所含各期总分的平均（或 sum、min、max、deviation 标准差），如年度内各季：已封存的取封存结果，未封存的现算；某期不予考核的按其余各期",
        ),
    ),
    (
        "scheme.sum(\"SCHEME\", \"pay.LINE\")",
        Stage::Item,
        Text::new(
            "sum (or mean, min, max, deviation) of what another scheme pays the manager for a line in the periods that this one is made \
             of that are over, in this policy's money: closed ones as they were closed, others as scored now; \"pay\" for all it pays, \
             before deferral. A period in which the line is not paid counts 0, one in which nothing was to be paid is left out. A line is \
             taken before gates, vetoes, time in post, floor and ceiling, \"pay\" after them; where the scheme has any RM956 says so",
            "本人在另一考核方案下、本期所含各期（已结束的）某薪酬项目的合计（或 mean、min、max、deviation），按本办法的金额单位：已封存的取封存结果，未封存的现算；\
             写 \"pay\" 取薪酬合计（延期前）。某期未计发该项目的为0，某期不予计酬的不计入。项目金额取门槛、否决、在岗时间折算及保底封顶之前的，\"pay\" 取调整后的；方案设有此类调整的由 RM956 提示",
        ),
    ),
    (
        "mean.team(\"ID\")",
        Stage::Item,
        Text::new(
            "the same over those of a manager's group who are assessed, oneself included, not known while that item stands open with one of them: all, team, grade, role or branch, as in max.all(\"value.ID\")",
            "按所在群体（含本人，不予考核者除外；其中有人该指标未定的暂不计算）计算，群体为 all、team、grade、role、branch，如 max.all(\"value.ID\")",
        ),
    ),
];

/// Every form of a name with the stage from which it is known and what it means, for the manual.
pub fn names() -> Vec<(String, Stage, Text)> {
    let forms = FORMS.iter().map(|(name, stage, doc)| ((*name).to_owned(), *stage, *doc));
    let sources = SOURCES.iter().map(|(prefix, _, doc)| (format!("{prefix}.METRIC"), Stage::Item, *doc));
    let parts = PARTS.iter().map(|(prefix, _, doc)| (format!("{prefix}.ID"), Stage::Item, *doc));
    let fixed = FIXED.iter().map(|fixed| (fixed.name.to_owned(), fixed.stage, fixed.doc));
    forms.chain(sources).chain(parts).chain(fixed).collect()
}

/// What expressions read a name as, whatever a policy declares under it.
pub fn fixed(name: &str) -> Option<Text> {
    FIXED.iter().find(|fixed| fixed.name == name).map(|fixed| fixed.doc)
}

/// The same of a name that others follow after a point, as a measure's aggregates do.
pub fn leading(name: &str) -> Option<Text> {
    let parts = PARTS.iter().map(|(prefix, _, doc)| (*prefix, *doc));
    let sources = SOURCES.iter().map(|(prefix, _, doc)| (*prefix, *doc));
    let forms = FORMS.iter().map(|(form, _, doc)| (*form, *doc));
    let fixed = FIXED.iter().map(|fixed| (fixed.name, fixed.doc));
    let mut known = fixed.chain(parts).chain(sources).chain(forms);
    known.find(|(known, _)| known.split('.').next() == Some(name)).map(|(_, doc)| doc)
}

impl Attribute {
    /// How expressions name it.
    pub fn name(self) -> &'static str {
        self.declared().map_or("", |fixed| fixed.name)
    }

    /// What it is.
    pub fn gives(self) -> Gives {
        self.declared().map_or(Gives::Text, |fixed| fixed.gives)
    }

    /// Whether only a facility has it.
    pub fn of_facility(self) -> bool {
        self.name().starts_with("facility.")
    }

    fn declared(self) -> Option<&'static Fixed> {
        FIXED.iter().find(|fixed| matches!(fixed.leaf, Leaf::Record(known, _) if known == self))
    }

    /// Every attribute by its name.
    pub fn all() -> impl Iterator<Item = Self> {
        FIXED.iter().filter_map(|fixed| match fixed.leaf {
            Leaf::Record(attribute, _) => Some(attribute),
            _ => None,
        })
    }
}
