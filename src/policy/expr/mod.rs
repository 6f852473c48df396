//! The one expression grammar of policies.
//!
//! `+ − × ÷`, comparisons, `and or not`, `in`, functions, brackets, numbers with units, words in quotes, and names. A text is
//! parsed, its names are resolved and its units checked against a [`Scope`]; what is left evaluates without a lookup by name.
//!
//! To add a function: its variant and lines in `function`, and its arm in `eval`. To add a name: its variant
//! in [`Leaf`], its line in `names`, and its arm in the evaluator of `score`.

use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::diag::Rule;
use crate::metric::Dimensions;
use crate::policy::ask::Ask;
use crate::policy::lines::Lines;
use crate::policy::rule;
use crate::record::policy::curve::Group;
use crate::text::Message;

mod eval;
mod exact;
mod fill;
mod function;
mod kept;
mod leaf;
mod names;
mod near;
mod over;
mod parse;
mod power;
mod product;
mod reach;
mod rename;
mod resolve;
mod token;
mod unread;
mod vocabulary;
mod words;

pub use eval::{Environment, Trouble, Value, compare};
pub use fill::Filling;
pub use function::Function;
pub use kept::{Beside, Kept};
pub(super) use kept::{as_percent, of_points};
pub use names::{Repeated, Scope, Stage};
pub(super) use near::nearest;
pub use over::of_group;
pub(super) use reach::{Beyond, meet, out_of_reach};
pub use rename::{Renamed, renamed};
pub use resolve::compile;
pub(super) use resolve::decides;
pub use token::FRACTIONS;
pub use vocabulary::{Gives, fixed, leading, names};
pub(super) use words::{named, words};

/// What is wrong with an expression, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rule it breaks.
    pub rule: &'static Rule,
    /// Bytes of the expression.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: Message,
    /// What to write instead.
    pub help: Option<Box<Message>>,
}

impl Fault {
    fn new(rule: &'static Rule, span: Range<usize>, message: Message) -> Self {
        Self { rule, span, message, help: None }
    }

    fn syntax(span: Range<usize>, message: Message) -> Self {
        Self::new(&rule::BAD_EXPRESSION, span, message)
    }

    fn help(mut self, help: Message) -> Self {
        self.help = Some(Box::new(help));
        self
    }

    fn shifted(mut self, by: usize) -> Self {
        self.span = self.span.start + by..self.span.end + by;
        self
    }
}

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `+`
    Add,
    /// `−`
    Subtract,
    /// `×`
    Multiply,
    /// `÷`
    Divide,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `and`
    And,
    /// `or`
    Or,
}

/// Over whom figures of others are summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// The members of the team a manager leads.
    Led,
    /// Those who report to a manager.
    Reports,
    /// Whom a manager reports to, and nobody else.
    Head,
    /// The manager's group, the manager included.
    Group(Group),
}

impl Node {
    /// The plain numbers it may come to, whatever decides between them.
    pub fn ends(&self) -> Vec<Decimal> {
        match self.plain() {
            Self::Number(number) => vec![*number],
            Self::Call(Function::If, arguments) => arguments[1..].iter().flat_map(Self::ends).collect(),
            Self::Choose { rows, otherwise, .. } => {
                rows.iter().map(|(_, row)| row).chain(otherwise.as_deref()).flat_map(Self::ends).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Among {
    /// Whether it goes by who stands above whom, so that totals and pay of others can be asked for.
    fn is_by_rank(self) -> bool {
        matches!(self, Self::Led | Self::Reports | Self::Head)
    }
}

/// How figures of several are summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Members {
    /// Mean.
    Mean,
    /// Sum.
    Sum,
    /// Least.
    Min,
    /// Greatest.
    Max,
    /// Standard deviation, that of all of them and no sample.
    Deviation,
}

/// Which totals are summed up, that of the period at hand among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those of the last periods, where at least `fewest` of them are known.
    Last {
        /// How many periods.
        periods: u32,
        /// How many totals there have to be; all of them unless stated.
        fewest: u32,
    },
    /// Those of the year so far, from the first the manager was in post for.
    Year,
}

/// Which figure of an item is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Its score before the weight.
    Score,
    /// The points it contributes.
    Points,
    /// Its value after rounding.
    Value,
    /// Its target.
    Target,
}

/// How the name of a table begins.
const TABLES: &str = "tables.";

/// What a client or a facility is, for items evaluated one by one; `vocabulary` names each and says what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// The client's tier.
    Tier,
    /// Its industry.
    Industry,
    /// Its group of companies.
    ClientGroup,
    /// Its credit rating.
    CreditRating,
    /// Its status.
    Status,
    /// Its place.
    Place,
    /// Day of its first account.
    Since,
    /// Whole months from that day to the period's end.
    MonthsWithBank,
    /// Day the relationship ended.
    Closed,
    /// The facility's product.
    Product,
    /// Its five-tier class.
    Class,
    /// Its collateral.
    Collateral,
    /// Whole months from its first drawing to its maturity.
    Term,
    /// Its limit.
    Limit,
    /// Its annual rate.
    Rate,
    /// Day of its first drawing.
    DrawnOn,
    /// Day it matures.
    Matures,
    /// Day it was settled.
    Settled,
    /// First day of what is overdue.
    OverdueSince,
    /// Day since which it has its class.
    ClassSince,
    /// Who originated it.
    Originator,
}

/// A figure that scoring makes, of an earlier period, of another manager or under another scheme.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scored {
    /// A figure of an item.
    Item(Part, Arc<str>),
    /// The total, as it is printed.
    Total,
    /// The pay, before deferral.
    Pay,
    /// A pay line.
    Line(Arc<str>),
}

/// Which closed periods are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// The one before this.
    Last,
    /// All of the year before this one, summed.
    YearToDate,
    /// The same period of the year before.
    YearAgo,
}

/// A name, resolved.
#[derive(Clone, Debug, PartialEq)]
pub enum Leaf {
    /// A figure of the book, with the factor into the policy's money.
    Ask(Arc<Ask>, Decimal),
    /// A figure of an item, by the item's id.
    Item(Part, Arc<str>),
    /// A dimension's points.
    Dimension(Arc<str>),
    /// Figures of an item, or of pay, summed up over several managers.
    Members(Among, Members, Scored),
    /// The total.
    Total,
    /// The rating.
    Rating,
    /// A pay line computed before.
    Line(Arc<str>),
    /// What is paid in all.
    PayTotal,
    /// The curve's input.
    X,
    /// The item's target.
    Target,
    /// The item's full marks.
    Full,
    /// Number of the period's last month.
    Month,
    /// Number of its quarter.
    Quarter,
    /// Half of the year of the period's last month.
    Half,
    /// Its year.
    Year,
    /// Its calendar days.
    Days,
    /// Its months.
    Months,
    /// Its first day.
    FirstDay,
    /// Its last day.
    LastDay,
    /// The manager's id.
    ManagerId,
    /// The manager's grade.
    Grade,
    /// The manager's role.
    Role,
    /// The manager's team.
    Team,
    /// The manager's branch.
    Branch,
    /// Months since joining.
    MonthsIn,
    /// Months in the grade.
    GradeMonths,
    /// Whether rules for risk-takers apply.
    RiskTaker,
    /// Part of the period in post, by days.
    ActiveDays,
    /// Part of the period in post, by months.
    ActiveMonths,
    /// Rating of a closed period before this one.
    EarlierRating(Span),
    /// What the client or facility at hand is, with the factor into the policy's money.
    Record(Attribute, Decimal),
    /// Figures of closed periods before this one.
    Earlier(Scored, Span),
    /// Totals of several periods, this one included, summed up.
    Totals(Members, Reach),
    /// Totals, or amounts paid, of the periods of another scheme that this one is made of, summed up.
    Scheme(Members, Arc<str>, Scored),
    /// Place by total among a group.
    Rank(Group),
    /// Size of a group.
    Size(Group),
    /// What nobody can read yet: a faulty part, or one whose place in the file is faulty.
    Unread,
}

impl Op {
    /// Whether it says which of two is the greater.
    fn compares(self) -> bool {
        matches!(self, Self::AtLeast | Self::Above | Self::AtMost | Self::Below)
    }
}

/// A tree ready to be evaluated.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A number.
    Number(Decimal),
    /// Words.
    Text(Box<str>),
    /// A day.
    Date(NaiveDate),
    /// Truth.
    Flag(bool),
    /// A name, as it is written.
    Leaf(Leaf, Arc<str>),
    /// A formula of its own where a name stands for it, as it is written, and its tree.
    Written(Arc<str>, Box<Self>),
    /// A constant that depends on who and when, or a table of words: its name, what decides, its rows and what holds for all others.
    Choose {
        /// Name of the constant; of a table with `tables.` before it.
        name: Arc<str>,
        /// What decides.
        by: Box<Self>,
        /// Its rows.
        rows: Vec<(Box<str>, Self)>,
        /// What holds for all others.
        otherwise: Option<Box<Self>>,
    },
    /// `not`
    Not(Box<Self>),
    /// Sign.
    Negative(Box<Self>),
    /// Two operands.
    Binary(Op, Box<Self>, Box<Self>),
    /// Membership.
    In(Box<Self>, Vec<Self>),
    /// A function.
    Call(Function, Vec<Self>),
    /// What a table gives: its name, the value looked up, and what stands in it.
    Lookup(Arc<str>, Box<Self>, Rows),
}

/// What stands in a table that an expression looks up.
#[derive(Clone, Debug, PartialEq)]
pub enum Rows {
    /// Bands.
    Bands(Vec<Row>),
    /// Points with straight lines between them.
    Lines(Box<Lines<Node>>),
}

/// A band of a table that an expression looks up.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its lower edge, and whether it is inside.
    pub lower: Option<(Node, bool)>,
    /// Its upper edge, and whether it is inside.
    pub upper: Option<(Node, bool)>,
    /// What it gives.
    pub result: Node,
}

impl Row {
    /// Every expression in it.
    fn nodes(&self) -> impl Iterator<Item = &Node> {
        let edges = self.lower.iter().chain(&self.upper).map(|(edge, _)| edge);
        edges.chain([&self.result])
    }
}

impl Rows {
    /// Every expression in them.
    pub(super) fn nodes(&self) -> Vec<&Node> {
        match self {
            Self::Bands(rows) => rows.iter().flat_map(Row::nodes).collect(),
            Self::Lines(lines) => lines.parts().collect(),
        }
    }
}

impl Node {
    /// The tree itself, whatever name stands for it.
    pub fn plain(&self) -> &Self {
        match self {
            Self::Written(_, node) => node.plain(),
            other => other,
        }
    }

    /// Calls `seen` with every name in it.
    pub fn leaves<'a>(&'a self, seen: &mut dyn FnMut(&'a Leaf)) {
        self.names(&mut |leaf, _| seen(leaf));
    }

    /// Calls `seen` with every name in it and how it is written; what decides about a constant goes by the constant's name.
    pub fn names<'a>(&'a self, seen: &mut dyn FnMut(&'a Leaf, &'a Arc<str>)) {
        match self {
            Self::Number(_) | Self::Text(_) | Self::Date(_) | Self::Flag(_) => {}
            Self::Leaf(leaf, name) => seen(leaf, name),
            Self::Written(_, node) => node.names(seen),
            Self::Choose { by, rows, otherwise, .. } => {
                by.names(seen);
                rows.iter().for_each(|(_, node)| node.names(seen));
                otherwise.iter().for_each(|node| node.names(seen));
            }
            Self::Not(inner) | Self::Negative(inner) => inner.names(seen),
            Self::Binary(_, left, right) => {
                left.names(seen);
                right.names(seen);
            }
            Self::In(left, items) => {
                left.names(seen);
                items.iter().for_each(|item| item.names(seen));
            }
            Self::Call(_, arguments) => arguments.iter().for_each(|argument| argument.names(seen)),
            Self::Lookup(_, x, rows) => {
                x.names(seen);
                rows.nodes().into_iter().for_each(|node| node.names(seen));
            }
        }
    }
}

/// What an expression gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A number; without dimensions where literals alone make it, so that it fits any unit.
    Number(Option<Dimensions>),
    /// Words.
    Text,
    /// A day.
    Date,
    /// Truth.
    Flag,
    /// Whatever is asked for: what it stands for cannot be read.
    Unread,
}

/// A checked expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// As it is written.
    pub text: Arc<str>,
    /// The tree.
    pub node: Node,
    /// What it gives.
    pub gives: Type,
    /// Its value where no fact enters it.
    pub constant: Option<Decimal>,
    /// A number literal without unit or percent sign.
    pub bare: bool,
    /// A number literal with a percent sign.
    pub percent: bool,
    /// What numbers it is held against may not mean.
    pub kept: Option<Kept>,
    /// What it may not mean.
    pub doubts: Vec<Fault>,
    /// The numbers in it that ratios of an unstated unit are held against.
    pub beside: Vec<Beside>,
    /// Whether a bare number in it stands against money, and so is an amount in the policy's.
    pub bare_money: bool,
}

impl Expr {
    /// A number that no policy wrote: a default.
    pub fn number(value: Decimal) -> Self {
        Self {
            text: value.to_string().into(),
            node: Node::Number(value),
            gives: Type::Number(None),
            constant: Some(value),
            bare: true,
            percent: false,
            kept: None,
            doubts: Vec::new(),
            beside: Vec::new(),
            bare_money: false,
        }
    }

    /// Calls `seen` with every name in it.
    pub fn leaves<'a>(&'a self, seen: &mut dyn FnMut(&'a Leaf)) {
        self.node.leaves(seen);
    }
}
