//! Which of several conditions, tried in their order, can never be the first that holds.
//!
//! Whatever a condition compares is taken to be free to have any value, each beside the others. So one is called out of reach
//! only where the words of the conditions keep it so, whatever the facts.

use chrono::Datelike;
use rust_decimal::Decimal;

use super::eval::{compare, fold};
use super::{Leaf, Node, Op};
use crate::record::policy::curve::Comparison;

/// Why a condition is never the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Beyond {
    /// It holds for nothing.
    Never,
    /// Wherever it holds, so does this one before it.
    After(usize),
    /// Wherever it holds, so does one of those before it.
    Together,
}

/// More combinations of values than these are not gone through.
const MOST: usize = 20_000;

/// The conditions that are never the first to hold, each a list of which all must hold.
pub(in crate::policy) fn out_of_reach(conditions: &[Vec<&Node>]) -> Vec<(usize, Beyond)> {
    if let Some(found) = judged(conditions) {
        return found;
    }
    let mut found = Vec::new();
    for at in 0..conditions.len() {
        for before in 0..at {
            let pair = judged(&[conditions[before].clone(), conditions[at].clone()]).unwrap_or_default();
            match pair.into_iter().find(|(second, _)| *second == 1) {
                Some((_, Beyond::Never)) => found.push((at, Beyond::Never)),
                Some(_) => found.push((at, Beyond::After(before))),
                None => continue,
            }
            break;
        }
    }
    found
}

/// The same; nothing where there are too many combinations, or something cannot be read.
fn judged(conditions: &[Vec<&Node>]) -> Option<Vec<(usize, Beyond)>> {
    let mut subjects = Subjects::default();
    let claims: Vec<Claim> = conditions.iter().map(|all| subjects.all(all)).collect();
    let samples: Vec<Vec<Sample>> = subjects.0.iter().map(Subject::samples).collect();
    let combinations = combinations(&samples).filter(|_| subjects.0.iter().all(Subject::is_read))?;
    let mut seen = vec![Seen::default(); claims.len()];
    for seen in &mut seen {
        seen.covered = vec![true; claims.len()];
    }
    for taken in combinations {
        let holds: Vec<bool> = claims.iter().map(|claim| claim.holds(&taken)).collect();
        for (at, seen) in seen.iter_mut().enumerate().filter(|(at, _)| holds[*at]) {
            seen.ever = true;
            seen.first |= !holds[..at].contains(&true);
            seen.covered.iter_mut().zip(&holds).for_each(|(covered, holds)| *covered &= *holds);
        }
    }
    let beyond = |(at, seen): (usize, Seen)| match seen {
        Seen { ever: false, .. } => Some((at, Beyond::Never)),
        Seen { first: true, .. } => None,
        Seen { covered, .. } => {
            let before = covered[..at].iter().position(|covered| *covered);
            Some((at, before.map_or(Beyond::Together, Beyond::After)))
        }
    };
    Some(seen.into_iter().enumerate().filter_map(beyond).collect())
}

/// Every combination of one sample of each subject; nothing where there are too many.
fn combinations(samples: &[Vec<Sample>]) -> Option<impl Iterator<Item = Vec<&Sample>>> {
    let count = samples.iter().try_fold(1_usize, |count, some| count.checked_mul(some.len()))?;
    let taken = |number: usize| {
        let mut rest = number;
        let each = samples.iter().map(|some| {
            let sample = &some[rest % some.len()];
            rest /= some.len();
            sample
        });
        each.collect()
    };
    (count <= MOST).then(|| (0..count).map(taken))
}

/// Whether two conditions on grade, role, team, branch or the manager plainly hold together somewhere `within` holds: one of them
/// looks at nothing that the other does not, and both hold for words that they name.
///
/// Which grades, roles and teams go together nobody but a book knows, so that no others are said to meet.
pub(in crate::policy) fn meet(within: Option<&Node>, left: &Node, right: &Node) -> bool {
    let subjects_of = |condition| {
        let mut subjects = Subjects::default();
        subjects.claim(condition);
        subjects.0.into_iter().map(|subject| subject.what).collect::<Vec<_>>()
    };
    let (of_left, of_right) = (subjects_of(left), subjects_of(right));
    let people = |what: &(&Node, Option<&Node>)| {
        let own = [Leaf::Grade, Leaf::Role, Leaf::Team, Leaf::Branch, Leaf::ManagerId];
        matches!(what, (Node::Leaf(leaf, _), None) if own.contains(leaf))
    };
    let both = || of_left.iter().chain(&of_right);
    let inside = |some: &[_], others: &[_]| some.iter().all(|what| others.contains(what));
    let nested = inside(&of_left, &of_right) || inside(&of_right, &of_left);
    if of_left.is_empty() || of_right.is_empty() || !both().all(people) || !nested {
        return false;
    }
    let mut subjects = Subjects::default();
    let claims: Vec<Claim> = [left, right].into_iter().chain(within).map(|all| subjects.claim(all)).collect();
    let samples: Vec<Vec<Sample>> = subjects.0.iter().map(Subject::samples).collect();
    let Some(mut combinations) = combinations(&samples) else { return false };
    let named = |taken: &[&Sample]| {
        let known = subjects.0.iter().zip(taken);
        known
            .filter(|(subject, _)| both().any(|what| *what == subject.what))
            .all(|(_, sample)| matches!(sample, Sample::Word(Some(_))))
    };
    subjects.0.iter().all(Subject::is_read)
        && combinations.any(|taken| named(&taken) && claims.iter().all(|claim| claim.holds(&taken)))
}

/// What was seen of a condition over all values.
#[derive(Clone, Default)]
struct Seen {
    ever: bool,
    first: bool,
    /// Which of all conditions held wherever it did.
    covered: Vec<bool>,
}

/// A condition over numbered subjects.
enum Claim {
    Known(bool),
    Not(Box<Self>),
    Both(Box<Self>, Box<Self>),
    Either(Box<Self>, Box<Self>),
    Is(usize, Test),
}

/// What is asked of a subject.
#[derive(Clone)]
enum Test {
    Number(Op, Decimal),
    Word(Box<str>),
    Flag,
}

/// What a condition looks at: a figure, or two against each other, whose difference is then meant.
struct Subject<'n> {
    what: (&'n Node, Option<&'n Node>),
    tests: Vec<Test>,
}

/// A value of a subject.
enum Sample {
    Number(Decimal),
    Word(Option<Box<str>>),
    Flag(bool),
}

/// What a part of a condition is whatever the facts are.
enum Constant {
    Number(Decimal),
    Word(Box<str>),
    Flag(bool),
}

#[derive(Default)]
struct Subjects<'n>(Vec<Subject<'n>>);

impl Claim {
    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }

    fn holds(&self, taken: &[&Sample]) -> bool {
        match self {
            Self::Known(holds) => *holds,
            Self::Not(inner) => !inner.holds(taken),
            Self::Both(left, right) => left.holds(taken) && right.holds(taken),
            Self::Either(left, right) => left.holds(taken) || right.holds(taken),
            Self::Is(subject, test) => test.of(taken[*subject]),
        }
    }
}

impl Test {
    fn of(&self, sample: &Sample) -> bool {
        match (self, sample) {
            (Self::Number(op, at), Sample::Number(number)) => holds(*number, *op, *at),
            (Self::Word(word), Sample::Word(taken)) => taken.as_ref() == Some(word),
            (Self::Flag, Sample::Flag(flag)) => *flag,
            // A subject is one thing: numbers, words or a truth.
            _ => false,
        }
    }
}

fn holds(left: Decimal, op: Op, right: Decimal) -> bool {
    let at_least = compare(left, Comparison::AtLeast, right);
    let at_most = compare(left, Comparison::AtMost, right);
    match op {
        Op::AtLeast => at_least,
        Op::Above => !at_most,
        Op::AtMost => at_most,
        Op::Below => !at_least,
        Op::Unequal => !(at_least && at_most),
        _ => at_least && at_most,
    }
}

/// The same comparison from the other side.
fn turned(op: Op) -> Op {
    match op {
        Op::AtLeast => Op::AtMost,
        Op::Above => Op::Below,
        Op::AtMost => Op::AtLeast,
        Op::Below => Op::Above,
        other => other,
    }
}

fn constant(node: &Node) -> Option<Constant> {
    match node.plain() {
        Node::Text(word) => Some(Constant::Word(word.clone())),
        Node::Date(day) => Some(Constant::Number(day.num_days_from_ce().into())),
        Node::Flag(flag) => Some(Constant::Flag(*flag)),
        other => fold(other).map(Constant::Number),
    }
}

impl Node {
    /// `manager.grade in ['junior', 'senior']`
    pub(in crate::policy) fn of_grades(grades: &[String]) -> Self {
        let own = Self::Leaf(Leaf::Grade, "manager.grade".into());
        Self::In(Box::new(own), grades.iter().map(|grade| Self::Text(grade.as_str().into())).collect())
    }
}

impl<'n> Subjects<'n> {
    fn all(&mut self, conditions: &[&'n Node]) -> Claim {
        let claims = conditions.iter().map(|condition| self.claim(condition));
        claims.fold(Claim::Known(true), |all, claim| Claim::Both(Box::new(all), Box::new(claim)))
    }

    fn claim(&mut self, node: &'n Node) -> Claim {
        match node.plain() {
            Node::Flag(holds) => Claim::Known(*holds),
            Node::Not(inner) => self.claim(inner).not(),
            Node::Binary(Op::And, left, right) => {
                Claim::Both(Box::new(self.claim(left)), Box::new(self.claim(right)))
            }
            Node::Binary(Op::Or, left, right) => {
                Claim::Either(Box::new(self.claim(left)), Box::new(self.claim(right)))
            }
            Node::Binary(op, left, right) => self.compared(*op, left, right),
            Node::In(left, items) => items.iter().fold(Claim::Known(false), |any, item| {
                Claim::Either(Box::new(any), Box::new(self.compared(Op::Equal, left, item)))
            }),
            other => self.is(other, None, Test::Flag),
        }
    }

    fn compared(&mut self, op: Op, left: &'n Node, right: &'n Node) -> Claim {
        let (subject, op, at) = match (constant(left), constant(right)) {
            (Some(Constant::Number(a)), Some(Constant::Number(b))) => return Claim::Known(holds(a, op, b)),
            (Some(Constant::Word(a)), Some(Constant::Word(b))) => {
                return Claim::Known((a == b) == (op == Op::Equal));
            }
            (Some(Constant::Flag(a)), Some(Constant::Flag(b))) => {
                return Claim::Known((a == b) == (op == Op::Equal));
            }
            (_, Some(at)) => (left, op, at),
            (Some(at), None) => (right, turned(op), at),
            (None, None) => {
                let (left, right) = (left.plain(), right.plain());
                let known = self.0.iter().any(|known| known.what == (right, Some(left)));
                let (left, right, op) = if known { (right, left, turned(op)) } else { (left, right, op) };
                return self.is(left, Some(right), Test::Number(op, Decimal::ZERO));
            }
        };
        match at {
            Constant::Number(at) => self.is(subject.plain(), None, Test::Number(op, at)),
            Constant::Word(word) => {
                let is = self.is(subject.plain(), None, Test::Word(word));
                if op == Op::Equal { is } else { is.not() }
            }
            Constant::Flag(flag) => {
                let claim = self.claim(subject);
                if flag == (op == Op::Equal) { claim } else { claim.not() }
            }
        }
    }

    fn is(&mut self, left: &'n Node, right: Option<&'n Node>, test: Test) -> Claim {
        let what = (left, right);
        let at = self.0.iter().position(|known| known.what == what).unwrap_or_else(|| {
            self.0.push(Subject { what, tests: Vec::new() });
            self.0.len() - 1
        });
        self.0[at].tests.push(test.clone());
        Claim::Is(at, test)
    }
}

impl Subject<'_> {
    /// Values between which no test of it tells any other apart: those it is held against, and one on each side of them.
    fn samples(&self) -> Vec<Sample> {
        let mut samples = Vec::new();
        let numbers = self.tests.iter().filter_map(|test| match test {
            Test::Number(_, at) => Some(*at),
            Test::Word(_) | Test::Flag => None,
        });
        let mut numbers: Vec<Decimal> = numbers.collect();
        numbers.sort();
        numbers.dedup();
        if let (Some(first), Some(last)) = (numbers.first(), numbers.last()) {
            samples.extend([first - Decimal::ONE, last + Decimal::ONE].map(Sample::Number));
            let between = numbers.windows(2).map(|pair| (pair[0] + pair[1]) / Decimal::TWO);
            samples.extend(between.chain(numbers.iter().copied()).map(Sample::Number));
        }
        let words = self.tests.iter().filter_map(|test| match test {
            Test::Word(word) => Some(Sample::Word(Some(word.clone()))),
            Test::Number(..) | Test::Flag => None,
        });
        let words: Vec<Sample> = words.collect();
        if !words.is_empty() {
            samples.push(Sample::Word(None));
            samples.extend(words);
        }
        if self.tests.iter().any(|test| matches!(test, Test::Flag)) {
            samples.extend([true, false].map(Sample::Flag));
        }
        samples
    }

    fn is_read(&self) -> bool {
        let mut read = true;
        let (left, right) = self.what;
        [Some(left), right]
            .into_iter()
            .flatten()
            .for_each(|node| node.leaves(&mut |leaf| read &= *leaf != Leaf::Unread));
        read
    }
}
