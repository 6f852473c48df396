//! What a name in an expression means, and where it may stand.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::{Fault, Leaf, Part, Type};
use crate::metric::{Dimensions, MetricQuery, Names, Unit};
use crate::msg;
use crate::policy::ask::{Ask, Source};
use crate::policy::rule;
use crate::record::policy::Constant;
use crate::record::policy::curve::Group;
use crate::record::policy::formula::UNREAD;
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
    /// Whether [`UNREAD`] stands for what the file says at a faulty place.
    pub mended: bool,
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
    "manager.months" Leaf::MonthsIn, Who Pure: "whole months since joining", "入职整月数";
    "manager.grade_months" Leaf::GradeMonths, Who Pure: "whole months in the grade", "现职级整月数";
    "manager.risk_taker" Leaf::RiskTaker, Who Flag: "whether deferral rules apply: true or false", "是否对风险有重要影响岗位";
    "manager.active" Leaf::ActiveDays, Who Pure: "part of the period in post, by days, 1 for all of it", "在岗时间占比（按天）";
    "manager.active_months" Leaf::ActiveMonths, Who Pure: "the same by whole months", "在岗时间占比（按整月）";
    "previous.total" Leaf::PreviousTotal, Item Pure: "total of the closed period before", "上期总分（已封存）";
    "previous.rating" Leaf::PreviousRating, Item Text: "rating of the closed period before", "上期等级（已封存）";
    "pay.total" Leaf::PayTotal, Paid Money: "what is paid in all, before deferral", "薪酬合计（延期前）";
    "rank.all" Leaf::Rank(Group::All), Rating Pure: "place by total among everybody the policy scores, 1 the best", "总分名次（全部考核对象）";
    "rank.team" Leaf::Rank(Group::Team), Rating Pure: "among the team", "总分名次（团队内）";
    "rank.grade" Leaf::Rank(Group::Grade), Rating Pure: "among the grade", "总分名次（同职级）";
    "rank.role" Leaf::Rank(Group::Role), Rating Pure: "among the role", "总分名次（同岗位）";
    "size.all" Leaf::Size(Group::All), Rating Pure: "how many have a total", "有总分的人数（全部）";
    "size.team" Leaf::Size(Group::Team), Rating Pure: "in the team", "有总分的人数（团队内）";
    "size.grade" Leaf::Size(Group::Grade), Rating Pure: "in the grade", "有总分的人数（同职级）";
    "size.role" Leaf::Size(Group::Role), Rating Pure: "in the role", "有总分的人数（同岗位）";
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
const PARTS: &[(&str, Part, Text)] = &[
    (
        "score",
        Part::Score,
        Text::new("an item's score before its weight: `score.deposits`", "指标得分（加权前）"),
    ),
    ("points", Part::Points, Text::new("the points an item contributes", "指标计入分")),
    ("value", Part::Value, Text::new("an item's value after rounding", "指标值（取整后）")),
    ("item_target", Part::Target, Text::new("an item's target", "指标目标值")),
];

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

type Found = Result<(Leaf, Type), Fault>;

impl Scope<'_> {
    /// The same scope at another stage.
    #[must_use]
    pub fn at(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    /// Whether words stand for what cannot be read.
    pub(super) fn stands_in(&self, words: &str) -> bool {
        self.mended && words == UNREAD
    }

    /// Whether a part of the file that cannot be read may declare `name`.
    pub(super) fn may_declare(&self, name: &str) -> bool {
        let first = name.split('.').next().unwrap_or_default();
        let ids = match first {
            _ if PARTS.iter().any(|(prefix, ..)| *prefix == first) => self.items,
            "dimension" => self.dimensions,
            "pay" => self.lines,
            _ => {
                let constant = self.constants.contains_key(UNREAD);
                return self.mended && (constant || self.names.get(UNREAD).is_some());
            }
        };
        self.mended && ids.contains(UNREAD)
    }

    /// The meaning of `name`, which is no constant.
    pub(super) fn find(&self, name: &str, span: &Range<usize>) -> Found {
        if let Some(fixed) = FIXED.iter().find(|fixed| fixed.name == name) {
            if fixed.stage > self.stage || matches!(fixed.leaf, Leaf::X) && self.stage != Stage::Curve {
                return Err(self.too_early(name, span));
            }
            return Ok((fixed.leaf.clone(), self.gives(fixed.gives)));
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
        Err(unknown(id, among.iter().map(String::as_str), span))
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
