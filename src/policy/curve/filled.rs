//! What a step did, with its numbers, in words that a reader can compute again.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::msg;
use crate::policy::expr::Expr;
use crate::text::{Arg, Message, Text, policy};

/// What stands beside the numbers of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// The same in every language.
    Plain(Arc<str>),
    /// A phrase of its own.
    Said(Message),
    /// An expression that the step took a number of.
    Formula(Arc<Expr>),
}

/// What a curve or a pay line did in one step, with its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The formula with placeholders.
    pub text: Text,
    /// Numbers that fill them.
    pub numbers: Vec<(&'static str, Decimal)>,
    /// Words that fill them.
    pub words: Vec<(&'static str, Word)>,
}

/// How the parts of a step are written out.
pub trait Spell {
    /// The unit of the number of this name, with the space before it; empty for none.
    fn unit(&self, name: &'static str, of: Option<&Expr>) -> String;
    /// An expression as it is written, with its numbers.
    fn formula(&self, formula: &Expr) -> String;
}

impl Filled {
    pub(crate) fn new(text: Text, numbers: Vec<(&'static str, Decimal)>) -> Self {
        Self { text, numbers, words: Vec::new() }
    }

    pub(crate) fn word(mut self, name: &'static str, word: impl Into<Arc<str>>) -> Self {
        self.words.push((name, Word::Plain(word.into())));
        self
    }

    pub(crate) fn said(mut self, name: &'static str, said: impl Into<Message>) -> Self {
        self.words.push((name, Word::Said(said.into())));
        self
    }

    pub(crate) fn formula(mut self, name: &'static str, formula: &Arc<Expr>) -> Self {
        self.words.push((name, Word::Formula(formula.clone())));
        self
    }

    /// What bounds made of `raw`, as the end of a formula.
    pub(super) fn within(
        self,
        raw: Decimal,
        min: Option<Decimal>,
        max: Option<Decimal>,
        score: Decimal,
    ) -> Self {
        // Most scores stay inside their bounds, and then nothing is written out.
        let said = match (min, max) {
            _ if raw == score => return self.word("within", ""),
            (None, None) => return self.word("within", ""),
            (Some(min), None) => msg!(policy::WITHIN_LEAST, min = signed(min), score = signed(score)),
            (None, Some(max)) => msg!(policy::WITHIN_GREATEST, max = signed(max), score = signed(score)),
            (Some(min), Some(max)) => {
                msg!(policy::WITHIN_BOTH, min = signed(min), max = signed(max), score = signed(score))
            }
        };
        self.said("within", said)
    }

    /// The number it comes to, where it is a step of its own.
    pub fn result(&self) -> Option<Decimal> {
        let result = self.numbers.iter().find(|(name, _)| matches!(*name, "score" | "amount"));
        result.map(|(_, number)| *number)
    }

    /// The expressions it names.
    pub fn formulas(&self) -> impl Iterator<Item = &Arc<Expr>> {
        self.words.iter().filter_map(|(_, word)| match word {
            Word::Formula(formula) => Some(formula),
            Word::Plain(_) | Word::Said(_) => None,
        })
    }

    /// The step in words, numbers to ten places.
    pub fn message(&self, spell: &dyn Spell) -> Message {
        let of = self.formulas().next();
        let numbers = self.numbers.iter().map(|(name, number)| {
            let unit = spell.unit(name, of.map(AsRef::as_ref));
            (*name, Arg::from(format!("{}{unit}", signed(*number))))
        });
        let words = self.words.iter().map(|(name, word)| match word {
            Word::Plain(word) => (*name, Arg::from(&**word)),
            Word::Said(said) => (*name, Arg::from(said.clone())),
            Word::Formula(formula) => (*name, Arg::from(spell.formula(formula))),
        });
        Message::new(self.text, numbers.chain(words).collect())
    }
}

/// The same, with a minus that no dash is taken for.
fn signed(number: Decimal) -> String {
    plain(number).to_string().replacen('-', "−", 1)
}

/// A number to ten places.
pub(super) fn plain(number: Decimal) -> Decimal {
    number.round_dp(10).normalize()
}
