//! What a name in an expression means, and where it may stand.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::{Attribute, Earlier, Fault, Leaf, Part, Span, Type};
use crate::metric::{Dimensions, MetricQuery, Names, Unit};
use crate::msg;
use crate::policy::ask::{Ask, Source};
use crate::policy::rule;
use crate::record::policy::Constant;
use crate::record::policy::curve::{Group, Table};
use crate::record::policy::item::Each;
use crate::text::{Text, finding, policy};

/// How far scoring has come when an expression is evaluated; what comes later cannot be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Who the manager is and when it is; no figures.
    Who,
    /// Items: figures and other items.
    Item,
    /// A curve: its input too.
    Curve,
    /// Vetoes and gates: dimensions and the total so far.
    Total,
    /// Moves between grades: the rating too.
    Rating,
    /// Pay: earlier lines too.
    Pay,
    /// Deferral and clawback: what is paid in all, too.
    Paid,
}

/// What an expression may name.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Metrics and measures.
    pub names: &'a Names,
    /// Unit of money of the policy.
    pub money: &'a Unit,
    /// Constants.
    pub constants: &'a BTreeMap<String, Constant>,
    /// Ids of items.
    pub items: &'a BTreeSet<String>,
    /// Ids of dimensions.
    pub dimensions: &'a BTreeSet<String>,
    /// Ids of the pay lines above.
    pub lines: &'a BTreeSet<String>,
    /// Constants that are faulty where they are declared.
    pub faulty: &'a BTreeSet<String>,
    /// Whether [`UNREAD`](crate::record::policy::formula::UNREAD) stands for what the file says at a faulty place.
    pub mended: bool,
    /// Ids of all pay lines.
    pub all_lines: &'a BTreeSet<String>,
    /// Tables.
    pub tables: &'a BTreeMap<String, Table>,
    /// The records that are gone over, where they are.
    pub each: Option<Each>,
    /// How far scoring has come.
    pub stage: Stage,
    /// Dimensions of the curve's input and of the target, where they are known.
    pub x: Option<&'a Type>,
}

/// A name without a prefix or with a fixed one.
struct Fixed {
    name: &'static str,
    leaf: Leaf,
    /// The stage from which it is known.
    stage: Stage,
    gives: Gives,
    doc: Text,
}

macro_rules! fixed {
    ($($name:literal $leaf:expr, $stage:ident $gives:ident: $en:literal, $zh:literal;)*) => {
        const FIXED: &[Fixed] = &[$(Fixed {
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
    "rating" Leaf::Rating, Rating Text: "the rating", "考核等级";
    "x" Leaf::X, Curve Input: "the value a curve is given", "曲线的输入值";
    "target" Leaf::Target, Item Input: "the item's target", "本项目标值";
    "full" Leaf::Full, Item Pure: "the item's full marks", "本项满分";
    "period.month" Leaf::Month, Who Pure: "number of the period's last month", "期末月份";
    "period.quarter" Leaf::Quarter, Who Pure: "number of its last quarter", "期末季度";
    "period.year" Leaf::Year, Who Pure: "its year", "年份";
    "period.days" Leaf::Days, Who Pure: "its calendar days", "期内天数";
    "period.months" Leaf::Months, Who Pure: "its months", "期内月数";
    "manager.id" Leaf::ManagerId, Who Text: "the manager's id", "客户经理编号";
    "manager.grade" Leaf::Grade, Who Text: "grade on the period's last day", "期末职级";
    "manager.role" Leaf::Role, Who Text: "role", "岗位";
    "manager.team" Leaf::Team, Who Text: "team", "团队";
    "manager.branch" Leaf::Branch, Who Text: "branch, the manager's own or the team's", "机构（本人或所在团队）";
    "manager.months" Leaf::MonthsIn, Who Pure: "whole months since joining", "入职整月数";
    "manager.grade_months" Leaf::GradeMonths, Who Pure: "whole months in the grade", "现职级整月数";
    "manager.risk_taker" Leaf::RiskTaker, Who Flag: "whether deferral rules apply: true or false", "是否对风险有重要影响岗位";
    "manager.active" Leaf::ActiveDays, Who Pure: "part of the period in post, by days, 1 for all of it", "在岗时间占比（按天）";
    "manager.active_months" Leaf::ActiveMonths, Who Pure: "the same by whole months", "在岗时间占比（按整月）";
    "previous.total" Leaf::PreviousTotal, Item Pure: "total of the closed period before", "上期总分（已封存）";
    "previous.rating" Leaf::PreviousRating, Item Text: "rating of the closed period before", "上期等级（已封存）";
    "client.tier" Leaf::Record(Attribute::Tier), Item Text: "tier of the client at hand, in the value or condition of an item with `each`", "客户层级（`each` 逐笔口径的取值与条件中）";
    "client.industry" Leaf::Record(Attribute::Industry), Item Text: "its industry", "客户行业（同上）";
    "client.group" Leaf::Record(Attribute::ClientGroup), Item Text: "its group of companies", "所属集团（同上）";
    "client.rating" Leaf::Record(Attribute::CreditRating), Item Text: "its credit rating", "客户信用评级（同上）";
    "client.status" Leaf::Record(Attribute::Status), Item Text: "its status", "客户状态（同上）";
    "facility.product" Leaf::Record(Attribute::Product), Item Text: "product of the facility at hand, with `each = \"facility\"`", "授信品种（`each = \"facility\"` 时）";
    "facility.class" Leaf::Record(Attribute::Class), Item Text: "its five-tier class", "五级分类（同上）";
    "facility.collateral" Leaf::Record(Attribute::Collateral), Item Text: "its collateral", "担保方式（同上）";
    "facility.months" Leaf::Record(Attribute::Term), Item Pure: "whole months from its first drawing to its maturity", "期限（首次放款至到期的整月数，同上）";
    "previous.pay" Leaf::Earlier(Earlier::Pay, Span::Last), Item Money: "pay of the closed period before, before deferral", "上期薪酬合计（已封存，延期前）";
    "previous.pay.year_to_date" Leaf::Earlier(Earlier::Pay, Span::YearToDate), Item Money: "the same over all earlier periods of the year", "本年此前各期薪酬之和（已封存，延期前）";
    "pay.total" Leaf::PayTotal, Paid Money: "what is paid in all, before deferral", "薪酬合计（延期前）";
    "rank.all" Leaf::Rank(Group::All), Rating Pure: "place by total, or as `ranking` says, among everybody the policy scores, 1 the best", "总分名次（全部考核对象；可由 ranking 另定）";
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

#[derive(Clone, Copy)]
enum Gives {
    Pure,
    Money,
    Input,
    Text,
    Flag,
}

/// Prefixes that lead to a figure of the book.
const SOURCES: &[(&str, Source, Text)] = &[
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
];

/// Prefixes that lead to a figure of an item.
pub(super) const PARTS: &[(&str, Part, Text)] = &[
    (
        "score",
        Part::Score,
        Text::new("an item's score before its weight: `score.deposits`", "指标得分（加权前）"),
    ),
    ("points", Part::Points, Text::new("the points an item contributes", "指标计入分")),
    ("value", Part::Value, Text::new("an item's value after rounding", "指标值（取整后）")),
    ("item_target", Part::Target, Text::new("an item's target", "指标目标值")),
];

/// How a name of closed periods ends that sums over the year.
const YEAR_TO_DATE: &str = ".year_to_date";

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
    ("pay.ID", Stage::Pay, Text::new("the amount of a pay line above", "前列薪酬项金额")),
    (
        "previous.value.ID",
        Stage::Item,
        Text::new(
            "an item's value in the closed period before; score, points and item_target as well; with .year_to_date the sum over \
             the year's earlier periods",
            "上期指标值（已封存）；score、points、item_target 同；加 .year_to_date 为本年此前各期之和",
        ),
    ),
    (
        "previous.pay.LINE",
        Stage::Item,
        Text::new(
            "amount of a pay line in the closed period before; with .year_to_date the sum over the year's earlier periods",
            "上期薪酬项金额（已封存）；加 .year_to_date 为本年此前各期之和",
        ),
    ),
    (
        "total.mean(3)",
        Stage::Rating,
        Text::new(
            "mean (or sum, min, max) of the totals of the last 3 periods, this one included; the others closed",
            "最近3期总分（含本期，其余须已封存）的平均（或 sum、min、max）",
        ),
    ),
    (
        "lookup(\"tables.NAME\", x)",
        Stage::Who,
        Text::new(
            "what a table gives for x, such as the rate of the bracket a client's balance lies in",
            "按分档表取值，如客户余额所在档的单价",
        ),
    ),
    (
        "members.mean(\"ID\")",
        Stage::Item,
        Text::new(
            "mean (or sum, min, max) of the scores of an item among the members of the team a manager leads",
            "所辖团队成员该指标得分的平均（或 sum、min、max）",
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

impl Attribute {
    /// How expressions name it.
    pub fn name(self) -> &'static str {
        let found = FIXED.iter().find(|fixed| fixed.leaf == Leaf::Record(self));
        found.map_or("", |fixed| fixed.name)
    }

    /// Every attribute by its name.
    pub fn all() -> impl Iterator<Item = Self> {
        FIXED.iter().filter_map(|fixed| match fixed.leaf {
            Leaf::Record(attribute) => Some(attribute),
            _ => None,
        })
    }
}

type Found = Result<(Leaf, Type), Fault>;

impl Scope<'_> {
    /// The same scope at another stage.
    #[must_use]
    pub fn at(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    /// The meaning of `name`, which is no constant.
    pub(super) fn find(&self, name: &str, span: &Range<usize>) -> Found {
        if let Some(fixed) = FIXED.iter().find(|fixed| fixed.name == name) {
            if fixed.stage > self.stage || matches!(fixed.leaf, Leaf::X) && self.stage != Stage::Curve {
                return Err(self.too_early(name, span));
            }
            if let Leaf::Record(attribute) = fixed.leaf
                && self.each.is_none_or(|each| attribute.of_facility() && each == Each::Client)
            {
                let message = msg!(policy::NOT_IN_EACH, name = name);
                return Err(Fault::new(&rule::TOO_EARLY, span.clone(), message));
            }
            return Ok((fixed.leaf.clone(), self.gives(fixed.gives)));
        }
        if let Some(rest) = name.strip_prefix("previous.") {
            return self.earlier(rest, span);
        }
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        if let Some((_, part, _)) = PARTS.iter().find(|(prefix, ..)| *prefix == first && !rest.is_empty()) {
            let id = self.known(rest, self.items, span)?;
            let gives = matches!(part, Part::Score | Part::Points).then_some(Dimensions::NONE);
            return Ok((Leaf::Item(*part, id), Type::Number(gives)));
        }
        match first {
            "dimension" if self.stage >= Stage::Total => {
                let id = self.known(rest, self.dimensions, span)?;
                return Ok((Leaf::Dimension(id), Type::Number(Some(Dimensions::NONE))));
            }
            "pay" if self.stage >= Stage::Pay => {
                let id = self.known(rest, self.lines, span)?;
                return Ok((Leaf::Line(id), Type::Number(Some(self.money.dimensions.clone()))));
            }
            _ => {}
        }
        let source = SOURCES.iter().find(|(prefix, ..)| *prefix == first && !rest.is_empty());
        match source {
            Some((_, source, _)) => self.ask(*source, rest, span),
            None => self.ask(Source::Manager, name, span),
        }
    }

    /// A figure of closed periods: `value.ID`, `pay.LINE`, over the year or of the last one.
    fn earlier(&self, rest: &str, span: &Range<usize>) -> Found {
        if self.stage == Stage::Who {
            return Err(self.too_early(&format!("previous.{rest}"), span));
        }
        let (rest, of) = match rest.strip_suffix(YEAR_TO_DATE) {
            Some(rest) => (rest, Span::YearToDate),
            None => (rest, Span::Last),
        };
        let (first, id) = rest.split_once('.').unwrap_or((rest, ""));
        if first == "pay" {
            let line = self.known(id, self.all_lines, span)?;
            let gives = Type::Number(Some(self.money.dimensions.clone()));
            return Ok((Leaf::Earlier(Earlier::Line(line), of), gives));
        }
        let Some((_, part, _)) = PARTS.iter().find(|(prefix, ..)| *prefix == first) else {
            let fixed = FIXED.iter().map(|fixed| fixed.name).filter(|name| name.starts_with("previous."));
            return Err(unknown(&format!("previous.{rest}"), fixed, span));
        };
        let id = self.known(id, self.items, span)?;
        let gives = matches!(part, Part::Score | Part::Points).then_some(Dimensions::NONE);
        Ok((Leaf::Earlier(Earlier::Item(*part, id), of), Type::Number(gives)))
    }

    fn gives(&self, gives: Gives) -> Type {
        match gives {
            Gives::Pure => Type::Number(Some(Dimensions::NONE)),
            Gives::Money => Type::Number(Some(self.money.dimensions.clone())),
            Gives::Input => self.x.cloned().unwrap_or(Type::Number(None)),
            Gives::Text => Type::Text,
            Gives::Flag => Type::Flag,
        }
    }

    fn known(&self, id: &str, among: &BTreeSet<String>, span: &Range<usize>) -> Result<Arc<str>, Fault> {
        if among.contains(id) {
            return Ok(id.into());
        }
        let message = msg!(policy::UNKNOWN_NAME, name = id);
        let fault = Fault::new(&rule::UNKNOWN_NAME, span.clone(), message);
        let near = nearest(id, among.iter().map(String::as_str));
        Err(match near {
            _ if id.contains('@') => fault.help(policy::EARLIER_NAMES.into()),
            Some(near) => fault.help(msg!(finding::NEAREST, name = near)),
            None => fault,
        })
    }

    fn too_early(&self, name: &str, span: &Range<usize>) -> Fault {
        Fault::new(&rule::TOO_EARLY, span.clone(), msg!(policy::TOO_EARLY, name = name))
    }

    fn ask(&self, source: Source, text: &str, span: &Range<usize>) -> Found {
        let query: MetricQuery = text.parse().map_err(|message| {
            let first = text.split(['.', '{', '@']).next().unwrap_or_default();
            match self.names.get(first) {
                Some(_) => Fault::new(&rule::UNKNOWN_NAME, span.clone(), message),
                // What stands behind a name nobody knows says nothing: `manger.role`.
                None => self.unknown_metric(source, text, span),
            }
        })?;
        let Some(metric) = self.names.get(&query.name) else {
            return Err(self.unknown_metric(source, &query.name, span));
        };
        if self.stage == Stage::Who {
            return Err(self.too_early(text, span));
        }
        if let Some(aggregate) = query.aggregate
            && !metric.aggregates.contains(&aggregate)
            && source != Source::Targets
        {
            let known: Vec<&str> = metric.aggregates.iter().map(|aggregate| aggregate.word()).collect();
            let message = msg!(
                policy::NO_SUCH_AGGREGATE,
                name = &*query.name,
                aggregate = aggregate.word(),
                known = known.join(", ")
            );
            return Err(Fault::new(&rule::UNKNOWN_NAME, span.clone(), message));
        }
        if let Some(allowed) = &metric.filters
            && let Some(key) = query.filters.keys().find(|key| !allowed.iter().any(|known| **known == ***key))
        {
            return Err(unknown(key, allowed.iter().map(String::as_str), span));
        }
        let unit = Unit::parse(&metric.unit);
        let factor = unit.factor_in(self.money);
        let query = source.canonical(query, self.names);
        Ok((Leaf::Ask(Arc::new(Ask { source, query }), factor), Type::Number(Some(unit.dimensions))))
    }

    fn unknown_metric(&self, source: Source, name: &str, span: &Range<usize>) -> Fault {
        let metrics = self.names.iter().map(|(name, _)| name);
        if source != Source::Manager {
            return unknown(name, metrics, span);
        }
        let fixed = FIXED.iter().map(|fixed| fixed.name);
        let prefixes = PARTS.iter().map(|(prefix, ..)| *prefix);
        let constants = self.constants.keys().map(String::as_str);
        unknown(name, metrics.chain(fixed).chain(prefixes).chain(constants), span)
    }
}

/// A fault for a name nobody knows, with the nearest one that is known.
fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>, span: &Range<usize>) -> Fault {
    let message = msg!(policy::UNKNOWN_NAME, name = name);
    let fault = Fault::new(&rule::UNKNOWN_NAME, span.clone(), message);
    match nearest(name, known) {
        Some(near) => fault.help(msg!(finding::NEAREST, name = near)),
        None if !name.contains('.') => fault.help(msg!(policy::QUOTE_WORDS, name = name)),
        None => fault,
    }
}

/// The known name most like `name`, if it is like enough to be meant.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let like = known.map(|known| (strsim::damerau_levenshtein(name, known), known));
    let limit = 1 + name.chars().count() / 4;
    like.filter(|(distance, _)| *distance <= limit).min().map(|(_, known)| known)
}
