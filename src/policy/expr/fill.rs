//! An expression with what is known in the place of its names, so that a reader can compute it again.

use std::ops::Range;
use std::sync::Arc;

use super::eval::{height, looked_up};
use super::parse::{Ast, AstKind, parse};
use super::token::{Token, tokens};
use super::{Environment, Expr, Leaf, Node, Op, Row, Rows};
use crate::policy::lines::{Height, Lines, Point, Reached};

/// What stands in the place of names.
pub struct Filling<'a> {
    /// The words for a name, with their unit; nothing leaves the name as it is written.
    pub known: &'a dyn Fn(&Leaf, &Arc<str>) -> Option<String>,
    /// What decides about constants with rows and about tables.
    pub environment: &'a dyn Environment,
}

impl Expr {
    /// As it is written, on one line.
    pub fn line(&self) -> String {
        one_line(&self.text)
    }

    /// The expression with what stands in the place of its names and of what they stand for.
    pub fn filled(&self, by: &Filling<'_>) -> String {
        by.formula(&self.text, &self.node)
    }
}

/// Spellings of signs that people read more easily.
const SIGNS: &[(&str, &str)] = &[("*", "×"), ("-", "−"), (">=", "≥"), ("<=", "≤"), ("==", "="), ("!=", "≠")];

type Edits = Vec<(Range<usize>, String)>;

impl Filling<'_> {
    fn formula(&self, text: &str, node: &Node) -> String {
        let (Ok(tree), Ok(tokens)) = (parse(text), tokens(text)) else { return one_line(text) };
        let mut edits = Edits::new();
        self.walk(&tree, node, &mut edits);
        for (token, span) in tokens {
            let Token::Sign(sign) = token else { continue };
            let inside = edits.iter().any(|(range, _)| range.start <= span.start && span.end <= range.end);
            if let Some((_, spelling)) = SIGNS.iter().find(|(known, _)| *known == sign && !inside) {
                edits.push((span, (*spelling).to_owned()));
            }
        }
        edits.sort_by_key(|(range, _)| range.start);
        let (mut out, mut at) = (String::new(), 0);
        for (range, words) in edits {
            out.push_str(&text[at..range.start]);
            out.push_str(&words);
            at = range.end;
        }
        out.push_str(&text[at..]);
        one_line(&out)
    }

    /// What a tree is written as where a name stands for it, in brackets where that is more than one word.
    fn instead(&self, node: &Node) -> Option<String> {
        match node {
            Node::Leaf(leaf, name) => (self.known)(leaf, name),
            Node::Choose { .. } => self.instead(node.row(self.environment).ok()?),
            Node::Written(text, inner) => {
                let words = self.formula(text, inner);
                let compound = parse(text).is_ok_and(|tree| {
                    matches!(
                        tree.kind,
                        AstKind::Binary(..) | AstKind::In(..) | AstKind::Not(_) | AstKind::Negative(_)
                    )
                });
                Some(if compound { format!("({words})") } else { words })
            }
            _ => None,
        }
    }

    /// What stands after a minus: a number below zero in brackets.
    fn after_minus(&self, tree: &Ast, node: &Node, edits: &mut Edits) {
        let before = edits.len();
        self.walk(tree, node, edits);
        for (range, words) in &mut edits[before..] {
            if *range == tree.span && words.starts_with('-') {
                *words = format!("({words})");
            }
        }
    }

    fn walk(&self, tree: &Ast, node: &Node, edits: &mut Edits) {
        match (&tree.kind, node) {
            (AstKind::Name(_), node) | (AstKind::Call(..), node @ Node::Leaf(..)) => {
                edits.extend(self.instead(node).map(|words| (tree.span.clone(), words)));
            }
            (AstKind::Not(tree), Node::Not(node)) => self.walk(tree, node, edits),
            (AstKind::Negative(tree), Node::Negative(node)) => self.after_minus(tree, node, edits),
            (AstKind::Binary(Op::Subtract, left, right), Node::Binary(_, a, b)) => {
                self.walk(left, a, edits);
                self.after_minus(right, b, edits);
            }
            (AstKind::Binary(_, left, right), Node::Binary(_, a, b)) => {
                self.walk(left, a, edits);
                self.walk(right, b, edits);
            }
            (AstKind::In(left, items), Node::In(node, nodes)) => {
                self.walk(left, node, edits);
                items.iter().zip(nodes).for_each(|(item, node)| self.walk(item, node, edits));
            }
            (AstKind::Call(_, arguments), Node::Call(_, nodes)) => {
                arguments.iter().zip(nodes).for_each(|(argument, node)| self.walk(argument, node, edits));
            }
            (AstKind::Call(_, arguments), Node::Choose { .. }) => {
                let (mut chosen, mut keys) = (Some(node), arguments.iter().skip(1));
                while let Some(node @ Node::Choose { by, .. }) = chosen
                    && let Some(key) = keys.next()
                {
                    self.walk(key, by, edits);
                    chosen = node.row(self.environment).ok();
                }
                let end = arguments.last().map_or(tree.span.end, |last| last.span.end);
                let words = chosen.and_then(|row| self.instead(row));
                edits.extend(words.map(|words| (end..end, format!(" → {words}"))));
            }
            (AstKind::Call(_, arguments), Node::Lookup(name, x, rows)) => {
                let Some(argument) = arguments.get(1) else { return };
                self.walk(argument, x, edits);
                let end = argument.span.end;
                edits.extend(self.found(name, x, rows).map(|words| (end..end, words)));
            }
            _ => {}
        }
    }

    fn found(&self, name: &Arc<str>, x: &Node, rows: &Rows) -> Option<String> {
        match rows {
            Rows::Bands(rows) => Some(self.band(looked_up(name, x, rows, self.environment).ok()?)),
            Rows::Lines(lines) => Some(self.lines(lines, height(x, lines, self.environment).ok()?)),
        }
    }

    /// `: 100 万元 → 20, 500 万元 → 60` for the line between two points; `: < 100 万元 → 20` for what lies beyond all of them.
    fn lines(&self, lines: &Lines<Node>, found: Height) -> String {
        let words = |node: &Node| self.instead(node).unwrap_or_default();
        let point = |point: Point| {
            let (x, y) = &lines.points[point.at];
            (words(x), words(y))
        };
        let (end, y) = match found.how {
            Reached::Line(from, to) => {
                let ((x0, y0), (x1, y1)) = (point(from), point(to));
                return format!(": {x0} → {y0}, {x1} → {y1}");
            }
            Reached::Held(end) => (end, point(end).1),
            Reached::Stated(end) => (end, lines.stated(end).map(words).unwrap_or_default()),
        };
        let sign = if end.at == 0 { "<" } else { ">" };
        format!(": {sign} {} → {y}", point(end).0)
    }

    /// `: ≥ 100 万元, < 500 万元 → 3 元/万元`
    fn band(&self, row: &Row) -> String {
        let edge = |edge: &Option<(Node, bool)>, open: &str, closed: &str| {
            let (at, inside) = edge.as_ref()?;
            Some(format!("{} {}", if *inside { closed } else { open }, self.instead(at)?))
        };
        let edges = [edge(&row.lower, ">", "≥"), edge(&row.upper, "<", "≤")];
        let edges = edges.into_iter().flatten().collect::<Vec<_>>().join(", ");
        format!(": {edges} → {}", self.instead(&row.result).unwrap_or_default())
    }
}

/// The words of a text with one space between them.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
