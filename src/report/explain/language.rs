//! The manual of the policy language, its expressions, its curves, and the order in which numbers are made; and of mapping files.

use std::cmp::Reverse;

use super::{Page, Unknown, near_path, of_path, said};
use crate::metric::unit::WORDS as UNITS;
use crate::msg;
use crate::policy::curve::MANUAL;
use crate::policy::expr::{FRACTIONS, Function, Stage, names, of_group};
use crate::table::{Column, Kind as ColumnKind, Table};
use crate::text::{Message, Text, explain as say, report};

/// The words under which the language is explained.
pub(super) const WORDS: [&str; 4] = ["expression", "order", "curve", "import"];

/// The page about expressions, the order of operations, curves, or one kind of them.
pub(super) fn page(word: &str) -> Option<Result<Page, Unknown>> {
    match word {
        "expression" => Some(Ok(expression())),
        "import" => Some(Ok(import())),
        "order" => Some(Ok(plain(say::ORDER, say::ORDER_IS))),
        "curve" => Some(Ok(Page { below: vec![curves()], ..plain(say::CURVES, say::CURVES_ARE) })),
        _ => word.strip_prefix("curve.").map(curve),
    }
}

fn plain(title: Text, what: Text) -> Page {
    Page { title: title.into(), parts: vec![(say::WHAT, what.into())], below: Vec::new() }
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
    Page { title: say::EXPRESSION.into(), parts, below: vec![table, units()] }
}

/// A name of expressions: as the manual writes it, else by what stands before its first point (`targets.deposits`).
pub(super) fn name(word: &str) -> Option<Page> {
    let functions = Function::WORDS.iter().map(|(_, function, ..)| function.manual());
    let functions = functions.map(|(form, doc)| (form.to_owned(), Stage::Who, doc));
    let all: Vec<(String, Stage, Text)> = names().into_iter().chain(functions).collect();
    let stem = |form: &str| form.split('(').next().unwrap_or_default().to_owned();
    // What follows the point of these is the policy's or the book's own, and not listed.
    let is_open = |form: &str| form.contains('(') || form.ends_with(".METRIC") || form.ends_with(".ID");
    let first = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let word = if of_group(word) { "mean.team" } else { word };
    let exact = all
        .iter()
        .find(|(form, ..)| *form == word)
        .or_else(|| all.iter().find(|(form, ..)| stem(form) == word));
    // Of those that begin so, the one whose beginning says the most: `team.targets.deposits`.
    let fitting = |form: &str| {
        let begins = form.trim_end_matches("METRIC").trim_end_matches("ID");
        if word.starts_with(begins) { begins.len() } else { 0 }
    };
    let open = all.iter().filter(|(form, ..)| is_open(form) && first(&stem(form)) == first(word));
    let (form, stage, doc) = exact.or_else(|| open.min_by_key(|(form, ..)| Reverse(fitting(form))))?;
    let parts = vec![(say::WHAT, (*doc).into()), (say::KNOWN_FROM, stage_name(*stage).into())];
    Some(Page { title: Message::verbatim(form.as_str()), parts, below: Vec::new() })
}

/// The words that mean a unit by themselves.
fn units() -> Table {
    let columns = vec![
        Column::new("unit", report::UNIT, ColumnKind::Text),
        Column::new("worth", say::WORTH, ColumnKind::Text),
    ];
    let mut table = Table::new("units", say::UNITS, columns);
    for (name, count) in UNITS.yuan {
        table.push(vec![(*name).into(), msg!(say::OF_YUAN, count = *count).into()]);
    }
    for (name, count) in UNITS.rupees {
        table.push(vec![(*name).into(), msg!(say::OF_RUPEES, count = *count).into()]);
    }
    for (word, code) in UNITS.named.into_iter().flatten() {
        table.push(vec![(*word).into(), Message::verbatim(*code).into()]);
    }
    let codes = Message::verbatim(UNITS.currencies.join(" "));
    table.push(vec![codes.into(), said(say::A_CURRENCY)]);
    for (multiple, count) in UNITS.multiples {
        let of = msg!(say::OF_A_NAMED_CURRENCY, count = *count, multiple = *multiple);
        table.push(vec![(*multiple).into(), of.into()]);
    }
    for (prefix, count) in UNITS.scales {
        table.push(vec![(*prefix).into(), msg!(say::OF_A_CURRENCY, count = *count, prefix = *prefix).into()]);
    }
    for (sign, parts) in FRACTIONS {
        table.push(vec![sign.into(), msg!(say::A_PART, count = parts).into()]);
    }
    // A percent sign is a unit of figures and a part of a number: it is told of once.
    let is_sign = |word: &&&str| FRACTIONS.iter().any(|(sign, _)| sign == *word);
    for word in UNITS.pure.iter().filter(|word| !word.is_empty() && !is_sign(word)) {
        table.push(vec![(*word).into(), said(say::A_PURE_NUMBER)]);
    }
    table
}

/// A text whose braces belong to what it tells of.
fn as_written(text: Text) -> Message {
    Message::both(text.en, text.zh)
}

fn import() -> Page {
    let parts = vec![
        (say::WHAT, as_written(say::IMPORT_IS)),
        (say::OF_THE_FILE, as_written(say::IMPORT_KEYS)),
        (say::OF_A_VALUE, as_written(say::IMPORT_STEPS)),
        (say::EXAMPLE, as_written(say::IMPORT_EXAMPLE)),
    ];
    Page { title: say::IMPORT.into(), parts, below: Vec::new() }
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

/// A kind of curve, or one of its keys (`anchor.cliff.op`).
fn curve(word: &str) -> Result<Page, Unknown> {
    const CURVES: &str = "policy.curves.";
    let path = format!("{CURVES}{word}");
    let Some(manual) = MANUAL.iter().find(|curve| curve.kind == word) else {
        let near = || near_path(&path).map(|near| near.replacen(CURVES, "curve.", 1));
        return of_path(&path).ok_or_else(|| Unknown { nearest: near() });
    };
    let parts = vec![(say::WHAT, manual.text.into()), (say::EXAMPLE, Message::verbatim(manual.example))];
    let title = msg!(say::METRIC, name = manual.kind, title = manual.title);
    Ok(Page { title, parts, below: of_path(&path).map_or_else(Vec::new, |keys| keys.below) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Cell;
    use crate::text::Lang;

    #[test]
    fn every_curve_has_a_page_with_its_keys() {
        for manual in MANUAL {
            let page = page(&format!("curve.{}", manual.kind)).unwrap().unwrap();
            assert!(!page.below[0].rows.is_empty(), "{} shows no keys", manual.kind);
        }
        assert_eq!(page("curve.ration").unwrap().unwrap_err().nearest.as_deref(), Some("curve.ratio"));
        assert_eq!(
            page("curve.anchor.cliff.score").unwrap().unwrap().title.get(Lang::En),
            "policy.curves.anchor.cliff.score"
        );
    }

    #[test]
    fn the_page_of_expressions_lists_every_name_and_function_once() {
        let names: Vec<String> = names().into_iter().map(|(name, ..)| name).collect();
        let mut sorted = names.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), names.len());
        let below = page("expression").unwrap().unwrap().below;
        assert_eq!(below[0].rows.len(), names.len() + Function::WORDS.len());
    }

    #[test]
    fn the_page_of_expressions_says_what_each_unit_is_once() {
        let below = page("expression").unwrap().unwrap().below;
        let worth = |unit: &str| {
            let row = below[1].rows.iter().find(|row| row[0] == unit.into()).unwrap();
            let Cell::Sentence(worth) = &row[1] else { panic!("{unit} has no sentence") };
            worth.get(Lang::Zh)
        };
        assert_eq!([worth("万元"), worth("‰")], ["10000 元", "数字的 1/1000"]);
        assert_eq!(below[1].rows.iter().filter(|row| row[0] == "%".into()).count(), 1);
    }
}
