//! Calls that go over more than their arguments: bands of a table, totals of the last periods, scores of members.

use std::ops::Range;
use std::sync::Arc;

use super::names::Stage;
use super::near::{nearest, unknown_function};
use super::parse::{Ast, AstKind};
use super::resolve::{Resolved, Resolver};
use super::vocabulary::PARTS;
use super::{Among, Fault, Leaf, Members, Node, Reach, Row, Rows, Scored, TABLES, Type};
use crate::metric::Dimensions;
use crate::msg;
use crate::policy::lines::{Beyond, Lines};
use crate::policy::rule;
use crate::record::policy::curve::Group;
use crate::record::policy::curve::{Cell, Included, Table};
use crate::record::policy::formula::Formula;
use crate::text::policy;

/// Those below a manager, as calls name them.
pub(super) const BELOW: [(&str, Among); 2] = [("members", Among::Led), ("reports", Among::Reports)];

/// How figures of several are made one, as calls name it.
pub(super) const HOW: [(&str, Members); 5] = [
    ("mean", Members::Mean),
    ("sum", Members::Sum),
    ("min", Members::Min),
    ("max", Members::Max),
    ("deviation", Members::Deviation),
];

impl Resolver<'_> {
    /// `total.mean(3)`: a literal says how many periods; `total.mean("year")` takes those of the year so far.
    pub(super) fn totals(&mut self, of: &str, arguments: &[Ast], span: &Range<usize>) -> Resolved {
        let Some(how) = how(of) else {
            return self.fail(unknown_function(&format!("total.{of}"), span));
        };
        let count = |argument: &Ast| match argument.kind {
            AstKind::Number { value, stated: false, .. } => u32::try_from(value).ok(),
            _ => None,
        };
        let last = |periods: &Ast, fewest: &Ast| {
            let (periods, fewest) = (count(periods)?, count(fewest)?);
            let fits = (2..=60).contains(&periods) && (1..=periods).contains(&fewest);
            fits.then_some(Reach::Last { periods, fewest })
        };
        let reach = match arguments {
            [Ast { kind: AstKind::Text(word), .. }] if word == "year" => Some(Reach::Year),
            [periods] => last(periods, periods),
            [periods, fewest] => last(periods, fewest),
            _ => None,
        };
        let Some(reach) = reach else {
            return self.fail(Fault::syntax(span.clone(), policy::TOTALS_TAKE_A_NUMBER.into()));
        };
        if self.scope.stage < Stage::Rating {
            let message = msg!(policy::TOO_EARLY, name = format!("total.{of}"));
            return self.fail(Fault::new(&rule::TOO_EARLY, span.clone(), message));
        }
        let text = match reach {
            Reach::Last { periods, fewest } if fewest < periods => format!("total.{of}({periods}, {fewest})"),
            Reach::Last { periods, .. } => format!("total.{of}({periods})"),
            Reach::Year => format!("total.{of}(\"year\")"),
        };
        Some((Node::Leaf(Leaf::Totals(how, reach), text.into()), Type::Number(Some(Dimensions::NONE))))
    }

    /// `scheme.mean("quarterly")`: totals of another scheme, by its id; with "pay" or "pay.LINE" what it paid.
    pub(super) fn scheme(&mut self, of: &str, arguments: &[Ast], span: &Range<usize>) -> Resolved {
        let name = format!("scheme.{of}");
        let Some(how) = how(of) else { return self.fail(unknown_function(&name, span)) };
        let texts: Option<Vec<&str>> = arguments.iter().map(Ast::text).collect();
        let (scheme, what) = match texts.as_deref() {
            Some([scheme]) => (*scheme, Scored::Total),
            Some([scheme, "pay"]) => (*scheme, Scored::Pay),
            Some([scheme, figure]) => match figure.strip_prefix("pay.") {
                Some(line) => (*scheme, Scored::Line(line.into())),
                None => {
                    let at = arguments[1].span.clone();
                    return self.fail(Fault::syntax(at, policy::SCHEME_GIVES_PAY.into()));
                }
            },
            _ => return self.fail(Fault::syntax(span.clone(), policy::SCHEME_TAKES_AN_ID.into())),
        };
        if self.scope.stage < Stage::Item {
            let message = msg!(policy::TOO_EARLY, name = name);
            return self.fail(Fault::new(&rule::TOO_EARLY, span.clone(), message));
        }
        let (text, gives) = match &what {
            Scored::Pay => (format!("{name}(\"{scheme}\", \"pay\")"), &self.scope.money.dimensions),
            Scored::Line(line) => {
                (format!("{name}(\"{scheme}\", \"pay.{line}\")"), &self.scope.money.dimensions)
            }
            Scored::Total | Scored::Item(..) => (format!("{name}(\"{scheme}\")"), &Dimensions::NONE),
        };
        let leaf = Leaf::Scheme(how, scheme.into(), what);
        Some((Node::Leaf(leaf, text.into()), Type::Number(Some(gives.clone()))))
    }

    /// `lookup("tables.NAME", x)`; a table of words takes one key or two.
    pub(super) fn lookup(&mut self, arguments: &[Ast], span: &Range<usize>) -> Resolved {
        let Some((Ast { kind: AstKind::Text(table), .. }, keys)) = arguments.split_first() else {
            return self.fail(Fault::syntax(span.clone(), policy::LOOKUP_TAKES.into()));
        };
        let name = table.strip_prefix(TABLES).unwrap_or(table);
        let Some(known) = self.scope.tables.get(name) else {
            let message = msg!(policy::NO_ENTRY, name = name, known = "tables");
            let near = nearest(name, self.scope.tables.keys().map(String::as_str)).map(str::to_owned);
            let fault = Fault::new(&rule::UNKNOWN_NAME, arguments[0].span.clone(), message).meant(near);
            return self.unread_or(fault, &format!("tables.{name}"));
        };
        let label = format!("{TABLES}{name}");
        if self.constants.contains(&label) {
            return self.fail(Fault::new(&rule::CIRCLE, span.clone(), msg!(policy::CIRCLE, name = label)));
        }
        let deep = known.rows.values().any(|cell| matches!(cell, Cell::By(_)));
        let count = if deep { 2 } else { 1 };
        if keys.len() != count {
            let message = msg!(policy::TABLE_KEYS, table = label, count = count);
            return self.fail(Fault::syntax(span.clone(), message));
        }
        if !known.rows.is_empty() {
            let keys: Vec<_> = keys.iter().map(|key| self.node(key)).collect();
            let keys: Option<Vec<Node>> = keys.into_iter().map(|key| key.map(|(node, _)| node)).collect();
            let name = label.as_str().into();
            self.constants.push(label);
            let found = self.words(&name, &keys?, known, span);
            self.constants.pop();
            return found;
        }
        let (x, of) = self.number(&keys[0])?;
        self.constants.push(label.clone());
        let rows = match known.points.is_empty() {
            true => self.bands(known, &of, span),
            false => self.lines(&label, known, &of, span),
        };
        self.constants.pop();
        let (rows, gives) = rows?;
        Some((Node::Lookup(name.into(), Box::new(x), rows), gives))
    }

    /// The rows of a table of words, each giving what it says or deciding about the next key.
    fn words(&mut self, name: &Arc<str>, keys: &[Node], table: &Table, span: &Range<usize>) -> Resolved {
        let (mut rows, mut gives) = (Vec::new(), Type::Number(None));
        for (word, cell) in &table.rows {
            let node = match cell {
                Cell::One(formula) => self.result_of(formula, &mut gives, span)?,
                Cell::By(cells) => {
                    let mut inner = Vec::new();
                    for (word, formula) in cells {
                        inner.push((word.as_str(), self.result_of(formula, &mut gives, span)?));
                    }
                    choose(name, keys.last()?, inner)
                }
            };
            rows.push((word.as_str(), node));
        }
        Some((choose(name, keys.first()?, rows), gives))
    }

    /// A number of a table that what is looked up is held against.
    fn held_against(&mut self, formula: &Formula, x: &Type, span: &Range<usize>) -> Option<Node> {
        let (node, gives) = self.inside(formula, span)?;
        self.same(x, &gives, span)?;
        Some(node)
    }

    fn lines(&mut self, name: &str, table: &Table, x: &Type, span: &Range<usize>) -> Option<(Rows, Type)> {
        let (mut points, mut gives) = (Vec::new(), Type::Number(None));
        for point in &table.points {
            // One that is no pair is told where the table is judged.
            if let [value, result] = point.as_slice() {
                let value = self.held_against(value, x, span)?;
                points.push((value, self.result_of(result, &mut gives, span)?));
            }
        }
        let (Some(below), Some(above)) = (&table.below, &table.above) else {
            let message = msg!(policy::POINTS_NEED_ENDS, table = name);
            return self.fail(Fault::new(&rule::BAD_TABLE, span.clone(), message));
        };
        let mut beyond = |formula: &Formula| match Beyond::worded(&formula.0) {
            Some(beyond) => Some(beyond),
            None => self.result_of(formula, &mut gives, span).map(Beyond::Stated),
        };
        let (below, above) = (beyond(below)?, beyond(above)?);
        Some((Rows::Lines(Box::new(Lines { points, below, above })), gives))
    }

    fn bands(&mut self, table: &Table, x: &Type, span: &Range<usize>) -> Option<(Rows, Type)> {
        let edge = |resolver: &mut Self, formula: &Formula, inside: bool| {
            Some((resolver.held_against(formula, x, span)?, inside))
        };
        let (mut rows, mut gives) = (Vec::new(), Type::Number(None));
        let lower = table.included == Some(Included::Lower);
        for (at, result) in table.results.iter().enumerate() {
            let below = at.checked_sub(1).and_then(|at| table.edges.get(at));
            let row = Row {
                lower: below
                    .map(|formula| edge(self, formula, lower))
                    .map_or(Some(None), |it| it.map(Some))?,
                upper: table
                    .edges
                    .get(at)
                    .map(|formula| edge(self, formula, !lower))
                    .map_or(Some(None), |it| it.map(Some))?,
                result: self.result_of(result, &mut gives, span)?,
            };
            rows.push(row);
        }
        for band in &table.bands {
            let mut either = |inside: &Option<Formula>, outside: &Option<Formula>| match (inside, outside) {
                (Some(formula), _) => edge(self, formula, true).map(Some),
                (None, Some(formula)) => edge(self, formula, false).map(Some),
                (None, None) => Some(None),
            };
            let lower = either(&band.at_least, &band.above)?;
            let upper = either(&band.at_most, &band.below)?;
            let result = match &band.result {
                Some(result) => self.result_of(result, &mut gives, span)?,
                // Told where the table is judged.
                None => Node::unread(),
            };
            rows.push(Row { lower, upper, result });
        }
        if rows.is_empty() {
            return self.fail(Fault::new(&rule::BAD_TABLE, span.clone(), policy::NO_BANDS.into()));
        }
        Some((Rows::Bands(rows), gives))
    }

    fn result_of(&mut self, result: &Formula, gives: &mut Type, span: &Range<usize>) -> Option<Node> {
        let (node, row_gives) = self.inside(result, span)?;
        *gives = self.same(gives, &row_gives, span)?;
        Some(node)
    }

    /// `members.mean("ID")`: over those a manager leads, `reports.mean("ID")` over those who report to the manager; with "total" of
    /// their totals. Nothing where `name` is no such call.
    pub(super) fn below(&mut self, name: &str, arguments: &[Ast], span: &Range<usize>) -> Option<Resolved> {
        let (group, of) = name.split_once('.')?;
        let (_, among) = BELOW.into_iter().find(|(word, _)| *word == group)?;
        let Some(how) = how(of) else {
            return Some(self.fail(unknown_function(name, span)));
        };
        let found = self.over(name, among, how, arguments);
        Some(
            found
                .unwrap_or_else(|| self.fail(Fault::syntax(span.clone(), policy::MEMBERS_TAKE_AN_ID.into()))),
        )
    }

    /// `mean.team("ID")`: over a manager's group; nothing where `name` is no such call.
    pub(super) fn group(&mut self, name: &str, arguments: &[Ast], span: &Range<usize>) -> Option<Resolved> {
        let (of, group) = name.split_once('.')?;
        let (how, group) = (how(of)?, group.parse().ok()?);
        let found = self.over(name, Among::Group(group), how, arguments);
        Some(
            found
                .unwrap_or_else(|| self.fail(Fault::syntax(span.clone(), policy::MEMBERS_TAKE_AN_ID.into()))),
        )
    }

    /// Figures of the item an argument names; nothing where none does.
    fn over(&mut self, call: &str, among: Among, how: Members, arguments: &[Ast]) -> Option<Resolved> {
        let [Ast { kind: AstKind::Text(id), span: at }] = arguments else { return None };
        let text = || format!("{call}(\"{id}\")").into();
        if id == "pay" && among.is_by_rank() {
            if self.scope.stage < Stage::Pay {
                let message = msg!(policy::TOO_EARLY, name = &**id);
                return Some(self.fail(Fault::new(&rule::TOO_EARLY, at.clone(), message)));
            }
            let gives = Type::Number(Some(self.scope.money.dimensions.clone()));
            return Some(Some((Node::Leaf(Leaf::Members(among, how, Scored::Pay), text()), gives)));
        }
        if id == "total" && among.is_by_rank() && !self.scope.items.contains("total") {
            if self.scope.stage < Stage::Item {
                let message = msg!(policy::TOO_EARLY, name = &**id);
                return Some(self.fail(Fault::new(&rule::TOO_EARLY, at.clone(), message)));
            }
            let pure = Type::Number(Some(Dimensions::NONE));
            return Some(Some((Node::Leaf(Leaf::Members(among, how, Scored::Total), text()), pure)));
        }
        let paid = id.starts_with("pay.") && !self.scope.items.contains(&**id);
        let stated = id.split_once('.').is_some_and(|(part, _)| PARTS.iter().any(|(word, ..)| *word == part));
        let name = if stated || paid { id.to_string() } else { format!("score.{id}") };
        Some(match self.scope.find(&name, at) {
            Ok((Leaf::Item(part, id), gives)) => {
                Some((Node::Leaf(Leaf::Members(among, how, Scored::Item(part, id)), text()), gives))
            }
            Ok((Leaf::Line(id), gives)) => {
                Some((Node::Leaf(Leaf::Members(among, how, Scored::Line(id)), text()), gives))
            }
            Ok(_) => None,
            Err(fault) => self.unread_or(fault, &name),
        })
    }
}

/// What a key decides about, `else` holding for all other words.
fn choose(name: &Arc<str>, by: &Node, rows: Vec<(&str, Node)>) -> Node {
    let (others, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(word, _)| *word == "else");
    Node::Choose {
        name: name.clone(),
        by: Box::new(by.clone()),
        rows: rows.into_iter().map(|(word, node)| (word.into(), node)).collect(),
        otherwise: others.into_iter().next().map(|(_, node)| Box::new(node)),
    }
}

/// Whether a name sums up figures over a manager's group: `sum.all`.
pub fn of_group(name: &str) -> bool {
    name.split_once('.').is_some_and(|(of, group)| how(of).is_some() && group.parse::<Group>().is_ok())
}

fn how(word: &str) -> Option<Members> {
    HOW.iter().find(|(known, _)| *known == word).map(|(_, how)| *how)
}
