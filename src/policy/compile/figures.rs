//! Figures that do not belong where they stand: a flow beside one of another length, and in an item that goes over clients or
//! facilities a term that is no figure of theirs.

use super::Compiler;
use crate::metric::{Aggregate, Metric, MetricQuery, Point, Timing, Window};
use crate::msg;
use crate::policy::ask::{Ask, Source};
use crate::policy::expr::{Expr, Leaf, Node, Op};
use crate::policy::plan::Item;
use crate::policy::rule;
use crate::source::KeyPath;
use crate::text::policy;

impl Compiler<'_> {
    /// A flow of several months beside the one month its base is.
    pub(super) fn stretches(&mut self, expression: &Expr, path: &KeyPath) {
        let mut found = Vec::new();
        pairs(&expression.node, &mut |left, right| {
            let base = |ask: &Ask| matches!(ask.query.point, Some(Point::Base | Point::YearStart));
            let (of, base) = match (base(left), base(right)) {
                (false, true) => (left, right),
                (true, false) => (right, left),
                _ => return,
            };
            let metric = self.names.get(&of.query.name);
            let flows = of.source == Source::Manager && metric.is_some_and(|metric| adds_up(metric, of));
            let alike = base.query.name == of.query.name && base.query.aggregate == of.query.aggregate;
            if flows && alike && self.length(&of.query) != Some(1) {
                found.push((of.to_string(), base.to_string()));
            }
        });
        for (of, base) in found {
            self.fault(&rule::OTHER_LENGTH, path, msg!(policy::OTHER_LENGTH, of = of, base = base));
        }
    }

    /// Months that a query is about; nothing where they differ from period to period.
    fn length(&self, query: &MetricQuery) -> Option<i32> {
        match (query.point, query.window) {
            (Some(Point::LastYear), _) => Some(12),
            (Some(Point::YearStart | Point::Base), _) => Some(1),
            (_, Window::Period) => Some(self.record.period.grain().months()),
            (_, Window::LastMonths(months)) => i32::try_from(months).ok(),
            (_, Window::YearToDate | Window::QuarterToDate) => None,
        }
    }

    /// Terms of an item that goes over records which ask for a figure that is none of the record's: it is taken once for each.
    /// A plain number counts the records.
    pub(super) fn of_records(&mut self, item: &Item) {
        let (Some(_), Some(value)) = (item.each, &item.value) else { return };
        let mut found: Vec<&Node> = Vec::new();
        terms(&value.node, &mut found);
        let path = item.path.join("value");
        let is_of_others_alone = |term: &&&Node| {
            let (mut of_record, mut of_others) = (false, false);
            term.names(&mut |leaf, _| match leaf {
                Leaf::Ask(ask, _) if ask.source == Source::Manager => of_record = true,
                Leaf::Record(..) | Leaf::Unread => of_record = true,
                Leaf::Ask(..) | Leaf::Item(..) | Leaf::Target | Leaf::Members(..) | Leaf::Earlier(..) => {
                    of_others = true;
                }
                _ => {}
            });
            of_others && !of_record
        };
        for term in found.iter().filter(is_of_others_alone) {
            let mut name = None;
            term.names(&mut |_, text| {
                name.get_or_insert_with(|| text.clone());
            });
            let name = name.unwrap_or_default();
            self.fault(&rule::OF_NO_RECORD, &path, msg!(policy::OF_NO_RECORD, name = &*name));
        }
    }
}

/// Whether a figure is what happened in its months, added up.
fn adds_up(metric: &Metric, ask: &Ask) -> bool {
    metric.timing == Timing::Over
        && matches!(ask.query.aggregate, None | Some(Aggregate::Sum | Aggregate::Count))
}

/// Calls `seen` with every two figures that one is taken from, added to, divided by or held against the other.
fn pairs(node: &Node, seen: &mut dyn FnMut(&Ask, &Ask)) {
    if let Node::Binary(op, left, right) = node
        && !matches!(op, Op::Multiply | Op::And | Op::Or)
        && let (Node::Leaf(Leaf::Ask(left, _), _), Node::Leaf(Leaf::Ask(right, _), _)) =
            (left.plain(), right.plain())
    {
        seen(left, right);
    }
    match node {
        Node::Number(_) | Node::Text(_) | Node::Date(_) | Node::Flag(_) | Node::Leaf(..) => {}
        Node::Written(_, inner) | Node::Not(inner) | Node::Negative(inner) => pairs(inner, seen),
        Node::Choose { rows, otherwise, .. } => {
            rows.iter().map(|(_, row)| row).chain(otherwise.as_deref()).for_each(|row| pairs(row, seen));
        }
        Node::Binary(_, left, right) => {
            pairs(left, seen);
            pairs(right, seen);
        }
        Node::In(left, _) => pairs(left, seen),
        Node::Call(_, arguments) => arguments.iter().for_each(|argument| pairs(argument, seen)),
        Node::Lookup(_, x, _) => pairs(x, seen),
    }
}

/// What a sum is made of.
fn terms<'n>(node: &'n Node, found: &mut Vec<&'n Node>) {
    match node {
        Node::Binary(Op::Add | Op::Subtract, left, right) => {
            terms(left, found);
            terms(right, found);
        }
        Node::Written(_, inner) | Node::Negative(inner) => terms(inner, found),
        other => found.push(other),
    }
}
