//! The manual of the policy language: its expressions, its curves, and the order in which numbers are made.

use super::{Page, Unknown, fields, said, table_below};
use crate::diag::nearest;
use crate::msg;
use crate::policy::curve::{MANUAL, Manual};
use crate::policy::expr::{Function, Stage, names};
use crate::record::kind::RecordKind;
use crate::record::shape::{Kind, Shape};
use crate::table::{Column, Kind as ColumnKind, Table};
use crate::text::{Message, Text, explain as say, report};

/// The words under which the language is explained.
pub(super) const WORDS: [&str; 3] = ["expression", "order", "curve"];

/// The page about expressions, the order of operations, curves, or one kind of them.
pub(super) fn page(word: &str) -> Option<Result<Page, Unknown>> {
    match word {
        "expression" => Some(Ok(expression())),
        "order" => Some(Ok(plain(say::ORDER, say::ORDER_IS))),
        "curve" => Some(Ok(Page { below: Some(curves()), ..plain(say::CURVES, say::CURVES_ARE) })),
        _ => word.strip_prefix("curve.").map(curve),
    }
}

fn plain(title: Text, what: Text) -> Page {
    Page { title: title.into(), parts: vec![(say::WHAT, what.into())], below: None }
}

fn expression() -> Page {
    let parts = vec![
        (say::WHAT, say::EXPRESSION_IS.into()),
        (say::UNITS, say::UNITS_ARE.into()),
        (say::FIGURES, say::FIGURES_ARE.into()),
        (say::WHERE_MISSING, say::MISSING_IS.into()),
    ];
    let columns = vec![
        Column::new("name", report::NAME, ColumnKind::Text),
        Column::new("known_from", say::KNOWN_FROM, ColumnKind::Text),
        Column::new("what", say::WHAT, ColumnKind::Text),
    ];
    let mut table = Table::new("names", say::NAMES, columns);
    for (name, stage, doc) in names() {
        table.push(vec![name.into(), said(stage_name(stage)), said(doc)]);
    }
    for (_, function, ..) in Function::WORDS {
        let (form, doc) = function.manual();
        table.push(vec![form.into(), said(say::ANYWHERE), said(doc)]);
    }
    Page { title: say::EXPRESSION.into(), parts, below: Some(table) }
}

fn stage_name(stage: Stage) -> Text {
    match stage {
        Stage::Who => say::ANYWHERE,
        Stage::Item => say::FROM_ITEMS,
        Stage::Curve => say::IN_CURVES,
        Stage::Total => say::FROM_GATES,
        Stage::Rating => say::FROM_RATINGS,
        Stage::Pay => say::IN_PAY,
        Stage::Paid => say::FROM_DEFERRAL,
    }
}

fn curves() -> Table {
    let columns = vec![
        Column::new("kind", say::KIND, ColumnKind::Text),
        Column::new("title", report::NAME, ColumnKind::Text),
        Column::new("what", say::WHAT, ColumnKind::Text),
    ];
    let mut table = Table::new("curves", say::CURVES, columns);
    for manual in MANUAL {
        table.push(vec![manual.kind.into(), said(manual.title), said(manual.text)]);
    }
    table
}

fn curve(kind: &str) -> Result<Page, Unknown> {
    let near = || nearest(kind, MANUAL.iter().map(|curve| curve.kind)).map(|near| format!("curve.{near}"));
    let manual = MANUAL.iter().find(|curve| curve.kind == kind);
    manual.map(of_curve).ok_or_else(|| Unknown { nearest: near() })
}

fn of_curve(curve: &'static Manual) -> Page {
    let parts = vec![(say::WHAT, curve.text.into()), (say::EXAMPLE, Message::verbatim(curve.example))];
    let title = msg!(say::METRIC, name = curve.kind, title = curve.title);
    Page { title, parts, below: parameters(curve.kind).map(fields) }
}

/// The keys of a kind of curve.
fn parameters(kind: &str) -> Option<&'static Shape> {
    let curves = RecordKind::Policy.shape().field("curves")?;
    let Kind::Map { values, .. } = &curves.kind else { return None };
    let Kind::Tagged { variants, .. } = values.as_ref() else { return table_below(values) };
    variants.iter().find(|(name, _)| name == kind).map(|(_, shape)| shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_curve_has_a_page_with_its_keys() {
        for manual in MANUAL {
            let page = page(&format!("curve.{}", manual.kind)).unwrap().unwrap();
            let below = page.below.unwrap();
            assert!(!below.rows.is_empty(), "{} shows no keys", manual.kind);
        }
        assert_eq!(page("curve.ration").unwrap().unwrap_err().nearest.as_deref(), Some("curve.ratio"));
    }

    #[test]
    fn the_page_of_expressions_lists_every_name_and_function_once() {
        let names: Vec<String> = names().into_iter().map(|(name, ..)| name).collect();
        let mut sorted = names.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), names.len());
        let below = page("expression").unwrap().unwrap().below.unwrap();
        assert_eq!(below.rows.len(), names.len() + Function::WORDS.len());
    }
}
