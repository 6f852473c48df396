//! The manual of figures: every metric of a book, computed or declared, and what may be asked of one.

use super::{Page, said};
use crate::metric::{Aggregate, BUILTINS, Metric, MetricQuery, Names, Point, Timing, Window};
use crate::msg;
use crate::record::policy::curve::Better;
use crate::record::settings::{Measure, MeasureKind, Settings};
use crate::table::{Cell, Column, Kind as ColumnKind, Table};
use crate::text::{Message, Text, explain as say, practice, report};

/// Every metric of a book, with its unit and a line on what it is: the measures it declares, then what its records tell.
pub fn metrics(settings: &Settings) -> Table {
    let columns = vec![
        Column::new("name", report::NAME, ColumnKind::Text),
        Column::new("title", practice::REPORT_TITLE, ColumnKind::Text),
        Column::new("unit", report::UNIT, ColumnKind::Text),
        Column::new("filters", say::FILTERS, ColumnKind::Text),
        Column::new("what", say::WHAT, ColumnKind::Text),
    ];
    let mut table = Table::new("metrics", say::METRICS, columns);
    let names = Names::of_settings(settings);
    let tail = |name: &str| {
        let metric = names.get(name);
        let filters = metric.and_then(|metric| metric.filters.clone());
        let unit = metric.map(|metric| metric.unit.clone());
        [unit.into(), Cell::list(&filters.unwrap_or_default())]
    };
    for (id, measure) in &settings.measures {
        let [unit, filters] = tail(id);
        table.push(vec![(&**id).into(), title(measure).into(), unit, filters, of_kind(measure).into()]);
    }
    for metric in BUILTINS.iter().filter(|metric| !settings.measures.contains_key(metric.name)) {
        let [unit, filters] = tail(metric.name);
        let first = Text::new(sentence(metric.doc.en, ". "), sentence(metric.doc.zh, "。"));
        table.push(vec![metric.name.into(), said(metric.title), unit, filters, said(first)]);
    }
    table
}

/// What stands before the first full stop.
fn sentence(text: &'static str, stop: &str) -> &'static str {
    text.split(stop).next().unwrap_or(text).trim_end_matches(['.', '。'])
}

/// The page about a metric, or about one question to it: `deposits`, `deposits.average.year_to_date@year_ago`.
pub(super) fn page(word: &str, settings: &Settings) -> Option<Page> {
    let query: MetricQuery = word.parse().ok()?;
    let names = Names::of_settings(settings);
    let metric = names.get(&query.name)?;
    let measure = settings.measures.get(&*query.name);
    let builtin = BUILTINS.iter().find(|metric| metric.name == &*query.name).filter(|_| measure.is_none());
    // A word that no figure of this metric takes is explained nowhere.
    if query.aggregate.is_some_and(|aggregate| !metric.aggregates.contains(&aggregate)) {
        return None;
    }
    let title: Message = match (measure, builtin) {
        (Some(measure), _) => title(measure),
        (None, builtin) => builtin?.title.into(),
    };
    let what: Message = match (measure, builtin) {
        (Some(measure), _) => of_kind(measure),
        (None, builtin) => builtin?.doc.into(),
    };
    let mut parts = vec![(say::WHAT, what), (report::UNIT, Message::verbatim(&*metric.unit))];
    if word != &*query.name {
        parts.push((say::ASKED, asked(&names.canonical(query.clone()), metric, measure.is_none())));
    }
    if let Some(measure) = measure {
        parts.push((say::FROM, from(&query.name, measure)));
    }
    if builtin.is_some_and(|metric| metric.better == Better::Lower) {
        parts.push((say::BETTER, say::LESS_IS.into()));
    }
    let below = vec![choices(metric, measure, &query.name)];
    let filters = metric.filters.as_ref().filter(|filters| !filters.is_empty());
    parts.extend(filters.map(|keys| (say::FILTERS, Message::list(keys))));
    Some(Page { title: msg!(say::METRIC, name = word, title = title), parts, below })
}

fn title(measure: &Measure) -> Message {
    Message::both(measure.title_en.as_deref().unwrap_or(&measure.title), &measure.title)
}

/// How a measure's figures add up.
fn of_kind(measure: &Measure) -> Message {
    match (measure.kind, &measure.numerator, &measure.denominator) {
        (MeasureKind::Balance, ..) => say::A_BALANCE.into(),
        (MeasureKind::Flow, ..) => say::A_FLOW.into(),
        (MeasureKind::Count, ..) => say::A_COUNT.into(),
        (MeasureKind::Ratio, Some(above), Some(below)) => {
            msg!(say::A_RATIO, above = &**above, below = &**below)
        }
        (MeasureKind::Ratio, ..) => say::A_HALF_RATIO.into(),
    }
}

/// Where a measure's figures stand, and who earns them.
fn from(name: &str, measure: &Measure) -> Message {
    match measure.kind {
        MeasureKind::Ratio => say::FROM_MEASURES.into(),
        MeasureKind::Balance => msg!(say::FROM_BALANCES, name = name),
        MeasureKind::Flow | MeasureKind::Count => msg!(say::FROM_FLOWS, name = name),
    }
}

/// What one question asks for: its aggregate, stretch and point of comparison.
fn asked(query: &MetricQuery, metric: &Metric, of_records: bool) -> Message {
    let mut words: Vec<Text> = Vec::new();
    words.extend(query.aggregate.map(|aggregate| of_aggregate(aggregate, metric.timing, of_records)));
    words.push(of_window(query.window));
    words.extend(query.point.map(of_point));
    let join = |of: fn(&Text) -> &'static str, by| words.iter().map(of).collect::<Vec<_>>().join(by);
    Message::both(join(|text| text.en, "; "), join(|text| text.zh, "；"))
}

/// The words a question may add, each with what it does.
fn choices(metric: &Metric, measure: Option<&Measure>, name: &str) -> Table {
    let columns = vec![
        Column::new("word", say::VALUE, ColumnKind::Text),
        Column::new("what", say::WHAT, ColumnKind::Text),
    ];
    let mut table = Table::new("questions", say::QUESTIONS, columns);
    let mut push =
        |word: String, what: Text| table.push(vec![Cell::from(format!("{name}{word}")), said(what)]);
    for aggregate in &metric.aggregates {
        let what = of_aggregate(*aggregate, metric.timing, measure.is_none());
        push(format!(".{}", aggregate.word()), what);
    }
    push(".year_to_date".to_owned(), of_window(Window::YearToDate));
    push(".quarter_to_date".to_owned(), of_window(Window::QuarterToDate));
    push(".last_3_months".to_owned(), of_window(Window::LastMonths(3)));
    let has_base = measure.is_some_and(|measure| measure.kind != MeasureKind::Ratio);
    for (word, point) in Point::WORDS.iter().filter(|(_, point)| has_base || *point != Point::Base) {
        push(format!("@{word}"), of_point(*point));
    }
    table
}

fn of_aggregate(aggregate: Aggregate, timing: Timing, of_records: bool) -> Text {
    match aggregate {
        Aggregate::Average if of_records && timing == Timing::Level => say::BY_DAYS,
        Aggregate::Count | Aggregate::End if of_records && timing != Timing::Over => say::ON_THE_LAST_DAY,
        Aggregate::Average => say::AVERAGE,
        Aggregate::Sum | Aggregate::Count => say::SUM,
        Aggregate::End => say::END,
        Aggregate::Min => say::MIN,
        Aggregate::Max => say::MAX,
    }
}

fn of_window(window: Window) -> Text {
    match window {
        Window::Period => say::OF_PERIOD,
        Window::YearToDate => say::OF_YEAR,
        Window::QuarterToDate => say::OF_QUARTER,
        Window::LastMonths(_) => say::OF_MONTHS,
    }
}

fn of_point(point: Point) -> Text {
    match point {
        Point::Previous => say::AT_PREVIOUS,
        Point::YearAgo => say::AT_YEAR_AGO,
        Point::LastYear => say::AT_LAST_YEAR,
        Point::YearStart => say::AT_YEAR_START,
        Point::Base => say::AT_BASE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    fn spelt(page: &Page) -> Vec<String> {
        let parts =
            page.parts.iter().map(|(heading, words)| format!("{}: {}", heading.en, words.get(Lang::En)));
        parts.collect()
    }

    #[test]
    fn every_metric_has_a_line_and_the_books_own_come_first() {
        let settings = crate::book::default_settings();
        let table = metrics(&settings);
        assert_eq!(table.rows.len(), settings.measures.len() + BUILTINS.len());
        assert_eq!(
            table.rows[0][..3],
            ["deposits".into(), title(&settings.measures["deposits"]).into(), "万元".into()]
        );
        assert!(table.rows.iter().all(|row| row[4] != Cell::Missing));
    }

    #[test]
    fn a_measure_of_the_book_says_what_may_be_asked_of_it() {
        let settings = crate::book::default_settings();
        let deposits = page("deposits", &settings).unwrap();
        let spelt_out = spelt(&deposits);
        assert_eq!(spelt_out[1], "Unit: 万元");
        assert!(spelt_out[2].contains("`results` of the clients"), "{}", spelt_out[2]);
        let words: Vec<_> = deposits.below[0].rows.iter().map(|row| row[0].clone()).collect();
        assert_eq!(words[0], "deposits.average".into());
        assert!(words.contains(&"deposits@base".into()));
        let year = page("deposits.average.year_to_date@year_ago", &settings).unwrap();
        assert!(spelt(&year).iter().any(|part| part.starts_with("Asked for: mean of the months")));
        // Deposits are no records to be counted, and nobody declares a base of visits.
        assert!(page("deposits.count", &settings).is_none());
        assert!(page("nothing", &settings).is_none());
        let visits = page("visits", &settings).unwrap().below;
        assert!(visits[0].rows.iter().all(|row| row[0] != "visits@base".into()));
    }
}
