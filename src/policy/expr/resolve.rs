//! A parsed tree into a checked one: names found, units judged, constants filled in.

use std::ops::Range;

use rust_decimal::Decimal;

use super::eval::fold;
use super::kept::Literal;
use super::names::{Scope, Stage};
use super::near::unknown_function;
use super::parse::{Ast, AstKind, HEIGHT, parse};
use super::{Beside, Expr, Fault, Function, Leaf, Node, Op, Type};
use crate::metric::Dimensions;
use crate::msg;
use crate::policy::rule;
use crate::policy::unit::said;
use crate::record::policy::Constant;
use crate::record::policy::formula::Formula;
use crate::text::{Message, policy};

/// Compiles an expression; every fault in it that can be told is returned.
pub fn compile(text: &str, scope: &Scope<'_>) -> Result<Expr, Vec<Fault>> {
    if scope.stands_in(text) {
        return Ok(Expr::unread());
    }
    let tree = parse(text).map_err(|fault| vec![fault])?;
    let mut resolver = Resolver {
        scope,
        text,
        faults: Vec::new(),
        doubts: Vec::new(),
        beside: Vec::new(),
        bare_money: false,
        constants: Vec::new(),
        height: tree.height(),
    };
    let resolved = resolver.node(&tree);
    match resolved {
        Some((node, gives)) if resolver.faults.is_empty() => {
            let constant = fold(&node);
            let literal = resolver.literal(&tree);
            let (bare, percent) = match literal {
                Some(Literal::Bare(_)) => (true, false),
                Some(Literal::Percent(_)) => (false, true),
                None => (false, false),
            };
            let kept = resolver.kept(&node, &gives);
            let Resolver { doubts, beside, bare_money, .. } = resolver;
            Ok(Expr {
                text: text.into(),
                node,
                gives,
                constant,
                bare,
                percent,
                kept,
                doubts,
                beside,
                bare_money,
            })
        }
        _ => Err(resolver.faults),
    }
}

/// What may decide about a constant with rows.
const DECIDES: [(&str, Leaf); 10] = [
    ("month", Leaf::Month),
    ("quarter", Leaf::Quarter),
    ("half", Leaf::Half),
    ("year", Leaf::Year),
    ("grade", Leaf::Grade),
    ("role", Leaf::Role),
    ("team", Leaf::Team),
    ("branch", Leaf::Branch),
    ("manager", Leaf::ManagerId),
    ("rating", Leaf::Rating),
];

/// Whether `word` may decide about a constant with rows.
pub(in crate::policy) fn decides(word: &str) -> bool {
    DECIDES.iter().any(|(known, _)| *known == word)
}

pub(super) struct Resolver<'a> {
    pub(super) scope: &'a Scope<'a>,
    /// The expression.
    pub(super) text: &'a str,
    faults: Vec<Fault>,
    /// What may be meant otherwise.
    pub(super) doubts: Vec<Fault>,
    /// Numbers that ratios of an unstated unit are held against.
    pub(super) beside: Vec<Beside>,
    /// Whether a bare number stands against money.
    pub(super) bare_money: bool,
    /// Constants being filled in, against circles.
    pub(super) constants: Vec<String>,
    /// Levels of the trees that stand in each other.
    height: usize,
}

pub(super) type Resolved = Option<(Node, Type)>;

impl Resolver<'_> {
    pub(super) fn fail<T>(&mut self, fault: Fault) -> Option<T> {
        self.faults.push(fault);
        None
    }

    pub(super) fn node(&mut self, tree: &Ast) -> Resolved {
        match &tree.kind {
            AstKind::Number { value, unit, stated } => {
                let gives = Type::Number(stated.then(|| unit.dimensions.clone()));
                Some((Node::Number(*value * unit.factor_in(self.scope.money)), gives))
            }
            AstKind::Text(text) => Some((Node::Text(text.as_str().into()), Type::Text)),
            AstKind::Date(day) => Some((Node::Date(*day), Type::Date)),
            AstKind::Flag(flag) => Some((Node::Flag(*flag), Type::Flag)),
            AstKind::Name(name) => self.name(name, &tree.span),
            AstKind::Not(inner) => {
                let node = self.flag(inner)?;
                Some((Node::Not(Box::new(node)), Type::Flag))
            }
            AstKind::Negative(inner) => {
                let (node, gives) = self.number(inner)?;
                Some((Node::Negative(Box::new(node)), gives))
            }
            AstKind::Binary(op @ (Op::And | Op::Or), left, right) => {
                let (left, right) = (self.flag(left), self.flag(right));
                Some((Node::Binary(*op, Box::new(left?), Box::new(right?)), Type::Flag))
            }
            AstKind::Binary(op, left, right) => self.binary(*op, left, right, &tree.span),
            AstKind::In(left, items) => self.within(left, items),
            AstKind::Call(name, arguments) => self.call(name, arguments, &tree.span),
        }
    }

    pub(super) fn number(&mut self, tree: &Ast) -> Resolved {
        match self.node(tree)? {
            (node, gives @ (Type::Number(_) | Type::Unread)) => Some((node, gives)),
            _ => self.fail(wrong_type(tree, policy::A_NUMBER)),
        }
    }

    /// A number or a day.
    fn ordered(&mut self, tree: &Ast) -> Resolved {
        match self.node(tree)? {
            (node, gives @ (Type::Number(_) | Type::Date | Type::Unread)) => Some((node, gives)),
            _ => self.fail(wrong_type(tree, policy::A_NUMBER)),
        }
    }

    fn flag(&mut self, tree: &Ast) -> Option<Node> {
        match self.node(tree)? {
            (node, Type::Flag | Type::Unread) => Some(node),
            _ => self.fail(wrong_type(tree, policy::A_CONDITION)),
        }
    }

    fn binary(&mut self, op: Op, left: &Ast, right: &Ast, span: &Range<usize>) -> Resolved {
        if matches!(op, Op::Equal | Op::Unequal) {
            let (a, b) = (self.beside_words(left, right), self.beside_words(right, left));
            let ((a, left), (b, right)) = (a?, b?);
            self.same(&left, &right, span)?;
            return Some((Node::Binary(op, Box::new(a), Box::new(b)), Type::Flag));
        }
        let mut side = |tree| if op.compares() { self.ordered(tree) } else { self.number(tree) };
        let (a, b) = (side(left), side(right));
        let ((a, left_is), (b, right_is)) = (a?, b?);
        let hidden = self.hidden_rate(left, &b, &right_is).or_else(|| self.hidden_rate(right, &a, &left_is));
        if let Some(rate) = hidden.filter(|_| op == Op::Multiply) {
            let fault = Fault::new(&rule::BARE_RATE, span.clone(), policy::BARE_RATE.into());
            let share = format!("{}%", (rate * Decimal::ONE_HUNDRED).normalize());
            return self.fail(fault.help(msg!(policy::AS_A_SHARE, share = share)));
        }
        if !matches!(op, Op::Multiply | Op::Divide) {
            self.doubt(&[(left, &a, &left_is), (right, &b, &right_is)], op.compares(), span);
        }
        let gives = match op {
            Op::Multiply => self.times((&a, left_is), (&b, right_is), 1),
            Op::Divide => self.times((&a, left_is), (&b, right_is), -1),
            Op::Add | Op::Subtract => self.same(&left_is, &right_is, span)?,
            _ => {
                self.same(&left_is, &right_is, span)?;
                Type::Flag
            }
        };
        Some((Node::Binary(op, Box::new(a), Box::new(b)), gives))
    }

    /// One side of a comparison; a name that nobody knows beside a name for words is most likely a word without its quotes.
    fn beside_words(&mut self, tree: &Ast, other: &Ast) -> Resolved {
        let before = self.faults.len();
        let found = self.node(tree);
        if let (AstKind::Name(word), AstKind::Name(name), [fault]) =
            (&tree.kind, &other.kind, &mut self.faults[before..])
            && let Ok((_, Type::Text)) = self.scope.find(name, &other.span)
        {
            fault.help = Some(Box::new(msg!(policy::WORD_IN_QUOTES, name = word)));
        }
        found
    }

    /// What both sides are, where they fit.
    pub(super) fn same(&mut self, left: &Type, right: &Type, span: &Range<usize>) -> Option<Type> {
        match (left, right) {
            (Type::Unread, Type::Number(None)) | (Type::Number(None), Type::Unread) => Some(Type::Unread),
            (Type::Unread, other) | (other, Type::Unread) => Some(other.clone()),
            (Type::Number(None), Type::Number(other)) | (Type::Number(other), Type::Number(None)) => {
                Some(Type::Number(other.clone()))
            }
            (Type::Number(Some(a)), Type::Number(Some(b))) if a != b => {
                let in_words = |of: &Dimensions| match of.is_none() {
                    true => said(of),
                    false => Message::verbatim(of.counted_in(self.scope.money, self.scope.written_money)),
                };
                let message = msg!(policy::UNITS_DIFFER, left = in_words(a), right = in_words(b));
                let fault = Fault::new(&rule::UNITS_DO_NOT_FIT, span.clone(), message);
                // Where both units are stated, another one is no mend.
                let bare = a.is_none() || b.is_none();
                self.fail(fault.help(if bare { policy::STATE_THE_UNIT } else { policy::ONE_UNIT }.into()))
            }
            (a, b) if a == b => Some(a.clone()),
            _ => self.fail(Fault::new(&rule::BAD_EXPRESSION, span.clone(), policy::TYPES_DIFFER.into())),
        }
    }

    fn within(&mut self, left: &Ast, items: &[Ast]) -> Resolved {
        let (node, gives) = self.node(left)?;
        let mut found = Vec::new();
        for item in items {
            let (item_node, item_gives) = self.beside_words(item, left)?;
            self.same(&gives, &item_gives, &item.span)?;
            found.push(item_node);
        }
        Some((Node::In(Box::new(node), found), Type::Flag))
    }

    fn call(&mut self, name: &str, arguments: &[Ast], span: &Range<usize>) -> Resolved {
        if let Some(found) = self.below(name, arguments, span) {
            return found;
        }
        if let Some(of) = name.strip_prefix("total.") {
            return self.totals(of, arguments, span);
        }
        if let Some(of) = name.strip_prefix("scheme.") {
            return self.scheme(of, arguments, span);
        }
        if let Some(found) = self.group(name, arguments, span) {
            return found;
        }
        if name == "lookup" {
            return self.lookup(arguments, span);
        }
        let known = Function::WORDS.iter().find(|(word, ..)| *word == name);
        let Some((_, function, least, most)) = known else {
            return self.fail(unknown_function(name, span));
        };
        if arguments.len() < *least || arguments.len() > *most {
            let message = match least == most {
                true => msg!(policy::ARGUMENTS_EXACTLY, name = name, count = *least),
                false => msg!(policy::ARGUMENTS, name = name, least = *least, most = *most),
            };
            return self.fail(Fault::syntax(span.clone(), message));
        }
        let nodes: Vec<_> = arguments.iter().map(|argument| self.node(argument)).collect();
        let nodes: Vec<(Node, Type)> = nodes.into_iter().collect::<Option<_>>()?;
        let gives = match function {
            Function::Pow | Function::Sqrt => self.power(*function, arguments, &nodes, span)?,
            _ => self.result(*function, arguments, &nodes, span)?,
        };
        if function.compares() {
            let sides = arguments.iter().zip(&nodes).map(|(tree, (node, gives))| (tree, node, gives));
            self.doubt(&sides.collect::<Vec<_>>(), false, span);
        }
        Some((Node::Call(*function, nodes.into_iter().map(|(node, _)| node).collect()), gives))
    }

    fn result(
        &mut self,
        function: Function,
        trees: &[Ast],
        nodes: &[(Node, Type)],
        span: &Range<usize>,
    ) -> Option<Type> {
        let types: Vec<&Type> = nodes.iter().map(|(_, gives)| gives).collect();
        match function {
            Function::Known => return Some(Type::Flag),
            Function::If if !matches!(types[0], Type::Flag | Type::Unread) => {
                return self.fail(wrong_type(&trees[0], policy::A_CONDITION));
            }
            Function::If => return self.same(types[1], types[2], span),
            Function::Default => return self.same(types[0], types[1], span),
            Function::Days | Function::Months | Function::Year | Function::Month => {
                let other = types.iter().position(|gives| !matches!(gives, Type::Date | Type::Unread));
                return match other {
                    Some(at) => self.fail(wrong_type(&trees[at], policy::A_DAY)),
                    None => Some(Type::Number(Some(Dimensions::NONE))),
                };
            }
            _ => {}
        }
        if let Some(at) = types.iter().position(|gives| !matches!(gives, Type::Number(_) | Type::Unread)) {
            return self.fail(wrong_type(&trees[at], policy::A_NUMBER));
        }
        match function {
            Function::Min | Function::Max => {
                types[1..].iter().try_fold(types[0].clone(), |so_far, next| self.same(&so_far, next, span))
            }
            _ => Some(types[0].clone()),
        }
    }

    fn name(&mut self, name: &str, span: &Range<usize>) -> Resolved {
        let constant = name.strip_prefix("constants.").unwrap_or(name);
        if let Some(known) = self.scope.constants.get(constant) {
            return self.constant(constant, known, span);
        }
        match self.scope.find(name, span) {
            Ok((leaf, gives)) => Some((Node::Leaf(leaf, name.into()), gives)),
            // A measure whose name means something else is told where it is declared.
            Err(_) if self.scope.faulty.contains(first(name)) => Some((Node::unread(), Type::Unread)),
            Err(fault) => self.unread_or(fault, name),
        }
    }

    /// A constant's own expression in its place; one that is faulty where it is declared is told there alone.
    fn constant(&mut self, name: &str, constant: &Constant, span: &Range<usize>) -> Resolved {
        if self.scope.faulty.contains(name) {
            return Some((Node::unread(), Type::Unread));
        }
        if self.constants.iter().any(|known| known == name) {
            return self.fail(Fault::new(&rule::CIRCLE, span.clone(), msg!(policy::CIRCLE, name = name)));
        }
        self.constants.push(name.to_owned());
        let found = match constant {
            Constant::One(formula) => self.inside(formula, span),
            Constant::By(rows) => self.choose(name, rows, span),
        };
        self.constants.pop();
        found
    }

    pub(super) fn inside(&mut self, formula: &Formula, span: &Range<usize>) -> Resolved {
        if self.scope.stands_in(&formula.0) {
            return Some((Node::unread(), Type::Unread));
        }
        let tree = match parse(&formula.0) {
            Ok(tree) => tree,
            Err(fault) => return self.fail(Fault { span: span.clone(), ..fault }),
        };
        let height = tree.height();
        if self.height + height > HEIGHT {
            return self.fail(Fault::syntax(span.clone(), policy::TOO_LONG.into()));
        }
        let before = self.faults.len();
        self.height += height;
        let found = self.node(&tree);
        self.height -= height;
        for fault in &mut self.faults[before..] {
            fault.span = span.clone();
        }
        found.map(|(node, gives)| (Node::Written(formula.0.as_str().into(), Box::new(node)), gives))
    }

    fn choose(
        &mut self,
        name: &str,
        rows: &std::collections::BTreeMap<String, Formula>,
        span: &Range<usize>,
    ) -> Resolved {
        let by = rows.get("by").map_or("", |by| by.0.as_str());
        let leaf = DECIDES.iter().find(|(word, _)| *word == by).map(|(_, leaf)| leaf.clone());
        if leaf == Some(Leaf::Rating) && self.scope.stage < Stage::Rating {
            return self.fail(Fault::new(&rule::TOO_EARLY, span.clone(), policy::BY_RATING.into()));
        }
        let Some(leaf) = leaf.or_else(|| self.scope.stands_in(by).then_some(Leaf::Unread)) else {
            let message = msg!(policy::BY_WHAT, by = by);
            return self.fail(Fault::new(&rule::BAD_EXPRESSION, span.clone(), message));
        };
        let (mut found, mut otherwise, mut gives) = (Vec::new(), None, Type::Number(None));
        for (key, formula) in rows.iter().filter(|(key, _)| *key != "by") {
            let (node, row_gives) = self.inside(formula, span)?;
            gives = self.same(&gives, &row_gives, span)?;
            match key.as_str() {
                "else" => otherwise = Some(Box::new(node)),
                _ => found.push((key.as_str().into(), node)),
            }
        }
        let by = Box::new(Node::Leaf(leaf, name.into()));
        Some((Node::Choose { name: name.into(), by, rows: found, otherwise }, gives))
    }
}

/// The name before any point.
fn first(name: &str) -> &str {
    name.split(['.', '{', '@']).next().unwrap_or_default()
}

pub(super) fn wrong_type(tree: &Ast, expected: crate::text::Text) -> Fault {
    Fault::syntax(tree.span.clone(), msg!(policy::WRONG_TYPE, expected = expected))
}
