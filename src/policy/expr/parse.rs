//! Words into a tree, by precedence: `or`, `and`, `not`, comparisons and `in`, `+ −`, `× ÷`, sign, brackets.

use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::token::{Token, link, tokens};
use super::{Fault, Op};
use crate::metric::Unit;
use crate::msg;
use crate::text::policy;

/// A tree as it is written, each part with its bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ast {
    /// What it is.
    pub(super) kind: AstKind,
    /// Its bytes in the expression.
    pub(super) span: Range<usize>,
}

/// What a part of a tree is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum AstKind {
    Number { value: Decimal, unit: Unit, stated: bool },
    Text(String),
    Date(NaiveDate),
    Flag(bool),
    Name(String),
    Not(Box<Ast>),
    Negative(Box<Ast>),
    Binary(Op, Box<Ast>, Box<Ast>),
    In(Box<Ast>, Vec<Ast>),
    Call(String, Vec<Ast>),
}

/// Brackets and signs an expression may nest, so that a hostile one cannot exhaust the stack.
const DEPTH: usize = 60;

/// Levels a whole tree may have, chains of one operator included: `a + b + c` has three.
pub(super) const HEIGHT: usize = 160;

impl Ast {
    /// Its levels.
    pub(super) fn height(&self) -> usize {
        let below = match &self.kind {
            AstKind::Number { .. }
            | AstKind::Text(_)
            | AstKind::Date(_)
            | AstKind::Flag(_)
            | AstKind::Name(_) => 0,
            AstKind::Not(inner) | AstKind::Negative(inner) => inner.height(),
            AstKind::Binary(_, left, right) => left.height().max(right.height()),
            AstKind::In(left, items) => {
                items.iter().map(Self::height).max().unwrap_or_default().max(left.height())
            }
            AstKind::Call(_, arguments) => arguments.iter().map(Self::height).max().unwrap_or_default(),
        };
        below + 1
    }

    /// Its words, where it is nothing but words in quotes.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            AstKind::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Parses a whole expression.
pub(super) fn parse(text: &str) -> Result<Ast, Fault> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, end: text.len(), depth: 0 };
    let tree = parser.binary(0)?;
    match parser.tokens.get(parser.at) {
        None if tree.height() > HEIGHT => Err(Fault::syntax(0..text.len(), policy::TOO_LONG.into())),
        None => Ok(tree),
        Some((token, span)) => {
            let message =
                msg!(policy::WORD_EXPECTED, expected = policy::AN_OPERATOR, found = &text[span.clone()]);
            let fault = Fault::syntax(span.clone(), message);
            let before = parser.at.checked_sub(1).map(|at| &parser.tokens[at].0);
            Err(match (before, token) {
                (Some(Token::Name(name)), _) if name.eq_ignore_ascii_case("if") => {
                    fault.help(policy::IF_HAS_BRACKETS.into())
                }
                (Some(Token::Number { .. }), Token::Sign(",")) => fault.help(policy::NO_THOUSANDS.into()),
                _ => linked(fault, token),
            })
        }
    }
}

/// The fault, with the word to write where conditions are linked by another one.
fn linked(fault: Fault, token: &Token) -> Fault {
    let Token::Name(name) = token else { return fault };
    match link(name) {
        Some(word) => fault.help(msg!(policy::IN_A_WORD, word = word)),
        None => fault,
    }
}

struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    end: usize,
    depth: usize,
}

/// Binary operators with how tightly they bind.
const OPERATORS: &[(&str, u8, Op)] = &[
    ("or", 1, Op::Or),
    ("and", 2, Op::And),
    ("==", 4, Op::Equal),
    ("!=", 4, Op::Unequal),
    (">=", 4, Op::AtLeast),
    ("<=", 4, Op::AtMost),
    (">", 4, Op::Above),
    ("<", 4, Op::Below),
    ("+", 5, Op::Add),
    ("-", 5, Op::Subtract),
    ("*", 6, Op::Multiply),
    ("/", 6, Op::Divide),
];

/// How tightly comparisons bind.
const COMPARISON: u8 = 4;

/// How tightly `not` and `in` bind.
const NOT: u8 = 3;
const IN: u8 = 4;

impl Parser {
    fn sign(&self) -> Option<&'static str> {
        match self.tokens.get(self.at) {
            Some((Token::Sign(sign), _)) => Some(sign),
            _ => None,
        }
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.sign() == Some(sign);
        self.at += usize::from(found);
        found
    }

    fn here(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(self.end..self.end, |(_, span)| span.clone())
    }

    fn expect(&mut self, sign: &'static str) -> Result<usize, Fault> {
        let span = self.here();
        if self.take(sign) {
            return Ok(span.end);
        }
        let fault = Fault::syntax(span, msg!(policy::SIGN_EXPECTED, sign = sign));
        Err(match self.tokens.get(self.at) {
            Some((token, _)) => linked(fault, token),
            None => fault,
        })
    }

    fn binary(&mut self, least: u8) -> Result<Ast, Fault> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Fault::syntax(self.here(), policy::TOO_DEEP.into()));
        }
        let mut left = self.unary()?;
        let (mut compared, mut links) = (false, 0);
        while let Some(sign) = self.sign() {
            links += 1;
            if links > HEIGHT {
                return Err(Fault::syntax(self.here(), policy::TOO_LONG.into()));
            }
            let negated =
                sign == "not" && matches!(self.tokens.get(self.at + 1), Some((Token::Sign("in"), _)));
            if (sign == "in" || negated) && IN >= least {
                self.at += 1 + usize::from(negated);
                left = self.list(left, negated)?;
                continue;
            }
            let Some((_, power, op)) =
                OPERATORS.iter().find(|(known, power, _)| *known == sign && *power >= least)
            else {
                break;
            };
            if *power == COMPARISON && std::mem::replace(&mut compared, true) {
                return Err(Fault::syntax(self.here(), policy::CHAINED.into()));
            }
            self.at += 1;
            let right = self.binary(power + 1)?;
            let span = left.span.start..right.span.end;
            left = Ast { kind: AstKind::Binary(*op, Box::new(left), Box::new(right)), span };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn list(&mut self, left: Ast, negated: bool) -> Result<Ast, Fault> {
        self.expect("[")?;
        let (items, end) = self.until("]")?;
        let span = left.span.start..end;
        let found = Ast { kind: AstKind::In(Box::new(left), items), span: span.clone() };
        Ok(if negated { Ast { kind: AstKind::Not(Box::new(found)), span } } else { found })
    }

    fn until(&mut self, close: &'static str) -> Result<(Vec<Ast>, usize), Fault> {
        let mut items = Vec::new();
        if self.sign() != Some(close) {
            items.push(self.binary(0)?);
            while self.take(",") {
                items.push(self.binary(0)?);
            }
        }
        Ok((items, self.expect(close)?))
    }

    fn unary(&mut self) -> Result<Ast, Fault> {
        let start = self.here().start;
        if self.take("not") {
            let inner = self.binary(NOT)?;
            let span = start..inner.span.end;
            return Ok(Ast { kind: AstKind::Not(Box::new(inner)), span });
        }
        if self.take("-") {
            let inner = self.binary(7)?;
            let span = start..inner.span.end;
            return Ok(Ast { kind: AstKind::Negative(Box::new(inner)), span });
        }
        self.take("+");
        self.primary()
    }

    fn primary(&mut self) -> Result<Ast, Fault> {
        let Some((token, span)) = self.tokens.get(self.at).cloned() else {
            return Err(Fault::syntax(self.here(), policy::ENDS_EARLY.into()));
        };
        self.at += 1;
        let kind = match token {
            Token::Number { value, unit, stated } => AstKind::Number { value, unit, stated },
            Token::Text(text) => AstKind::Text(text),
            Token::Date(day) => AstKind::Date(day),
            Token::Sign("true") => AstKind::Flag(true),
            Token::Sign("false") => AstKind::Flag(false),
            Token::Sign("(") => {
                let inner = self.binary(0)?;
                let end = self.expect(")")?;
                return Ok(Ast { span: span.start..end, ..inner });
            }
            Token::Name(name) if self.take("(") => {
                let (arguments, end) = self.until(")")?;
                return Ok(Ast { kind: AstKind::Call(name, arguments), span: span.start..end });
            }
            Token::Name(name) => AstKind::Name(name),
            Token::Sign(sign) => {
                let message = msg!(policy::WORD_EXPECTED, expected = policy::A_VALUE, found = sign);
                return Err(Fault::syntax(span, message));
            }
        };
        Ok(Ast { kind, span })
    }
}
