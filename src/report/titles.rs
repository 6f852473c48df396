//! What people call a figure of the book: cells that name a measure, a metric, a signal or an item of a policy by its id read
//! by its title where people read, and keep the id where programs do.
//!
//! The titles come from the one declaration of each: the settings, the metric, the policy. To have another column read so, add
//! its key to [`FIGURES`] or [`ITEMS`].

use std::collections::BTreeMap;

use crate::book::Book;
use crate::metric::builtin::builtin;
use crate::metric::{MetricQuery, Window};
use crate::msg;
use crate::record::settings::Settings;
use crate::record::signal::Signal;
use crate::table::{Cell, Table};
use crate::text::{Message, practice, report};

/// Columns whose cells name a measure or a metric.
const FIGURES: [&str; 3] = ["figure", "measure", "metric"];
/// Columns whose cells name an item of a policy or a line of its pay.
const ITEMS: [&str; 4] = ["indicator", "item", "line", "weakest"];
/// Columns whose cells name a signal of the settings' list.
const SIGNALS: &str = "signal";

/// Gives the cells of `table` that name something of the book its title.
pub(super) fn titled(book: &Book, table: &mut Table) {
    let named = |keys: &[&str]| -> Vec<usize> {
        let of_keys =
            table.columns.iter().enumerate().filter(|(_, column)| keys.contains(&column.key.as_str()));
        of_keys.map(|(index, _)| index).collect()
    };
    let (figures, items, signals) = (named(&FIGURES), named(&ITEMS), named(&[SIGNALS]));
    let of_policies = if items.is_empty() { BTreeMap::new() } else { item_titles(book) };
    let of_items = |id: &str| of_policies.get(id).map(|title| Message::both(id, *title));
    for row in &mut table.rows {
        for index in &figures {
            put(&mut row[*index], |id| of_name(&book.settings, id));
        }
        for index in &items {
            put(&mut row[*index], of_items);
        }
        for index in &signals {
            put(&mut row[*index], |id| of_signal(&book.settings, id));
        }
    }
}

fn put(cell: &mut Cell, title: impl Fn(&str) -> Option<Message>) {
    if let Cell::Text(id) = cell
        && let Some(title) = title(id)
    {
        *cell = Cell::Titled { key: std::mem::take(id), title };
    }
}

/// Titles of the items and pay lines of every policy; of one that several have, the last in force says it.
fn item_titles(book: &Book) -> BTreeMap<&str, &str> {
    let mut policies: Vec<_> = book.policies.iter().map(|record| &record.data).collect();
    policies.sort_by_key(|policy| policy.effective);
    let titles = policies.into_iter().flat_map(|policy| {
        let items = [&policy.indicators, &policy.additions, &policy.deductions].into_iter().flatten();
        let lines = policy.pay.iter().flat_map(|pay| &pay.lines);
        items
            .map(|item| (&*item.id, item.title.as_deref()))
            .chain(lines.map(|line| (&*line.id, line.title.as_deref())))
    });
    titles.filter_map(|(id, title)| Some((id, title?))).collect()
}

/// What people call the total, or the figure of a name or a query and the stretch it is of; nothing of one that is filtered or a
/// point of comparison.
fn of_name(settings: &Settings, name: &str) -> Option<Message> {
    if name == "total" {
        return Some(report::TOTAL.into());
    }
    let query = name.parse::<MetricQuery>().ok()?;
    if !query.filters.is_empty() || query.point.is_some() || !is_known(settings, &query) {
        return None;
    }
    let figure = figure_title(settings, &query);
    Some(match query.window {
        Window::Period => figure,
        Window::YearToDate => msg!(practice::IN_YEAR_TO_DATE, figure = figure),
        Window::QuarterToDate => msg!(practice::IN_QUARTER_TO_DATE, figure = figure),
        Window::LastMonths(months) => msg!(practice::IN_LAST_MONTHS, figure = figure, months = months),
    })
}

fn is_known(settings: &Settings, query: &MetricQuery) -> bool {
    settings.measures.contains_key(&*query.name) || builtin(&query.name).is_some()
}

/// What people call the figure of a query.
pub(super) fn figure_title(settings: &Settings, query: &MetricQuery) -> Message {
    if let Some(measure) = settings.measures.get(&*query.name) {
        let english = measure.title_en.as_deref().unwrap_or(&measure.title);
        return Message::both(english, &measure.title);
    }
    builtin(&query.name).map_or_else(|| Message::verbatim(query.to_string()), |metric| metric.title.into())
}

fn of_signal(settings: &Settings, signal: &str) -> Option<Message> {
    settings.signal(signal).map(|(_, signal)| signal_title(signal))
}

/// What people call a signal of the settings' list.
pub(super) fn signal_title(signal: &Signal) -> Message {
    Message::both(signal.title_en.as_deref().unwrap_or(&signal.title), &signal.title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::load;
    use crate::source::Snapshot;
    use crate::table::{Column, Kind};
    use crate::text::Lang;

    #[test]
    fn ids_are_read_by_the_titles_they_are_declared_with() {
        let texts = [
            (
                "rmbook.toml",
                "name = '支行'\n[measures.cards]\ntitle = '工资卡'\ntitle_en = 'Payroll cards'\nunit = '张'\nkind = 'count'\n",
            ),
            (
                "policies/p.toml",
                "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'month'\nmissing = 'zero'\n\
                 [[indicators]]\nid = 'c'\ntitle = '新增工资卡'\nvalue = 'cards.sum'\nweight = 100\n\
                 curve = { kind = 'per-unit', base = 0, points = 1, unit = 1 }\n",
            ),
        ];
        let texts = texts.map(|(path, text)| (path.to_owned(), Ok(text.to_owned())));
        let (book, findings) = load(&Snapshot::new(texts));
        assert!(findings.is_empty(), "{findings:?}");
        let shown = |key: &str, id: &str| {
            let mut table = Table::new(
                "t",
                Message::verbatim("t"),
                vec![Column::new(key, Message::verbatim(key), Kind::Text)],
            );
            table.push(vec![id.into()]);
            titled(&book, &mut table);
            match table.rows.remove(0).remove(0) {
                Cell::Titled { key, title } => {
                    format!("{key}: {} {}", title.get(Lang::En), title.get(Lang::Zh))
                }
                cell => format!("{cell:?}"),
            }
        };
        assert_eq!(shown("measure", "cards"), "cards: Payroll cards 工资卡");
        assert_eq!(shown("metric", "cards.sum"), "cards.sum: Payroll cards 工资卡");
        assert_eq!(shown("metric", "new_clients"), "new_clients: New clients 新增有效户");
        assert_eq!(shown("indicator", "c"), "c: c 新增工资卡");
        assert_eq!(shown("signal", "outflow"), "outflow: Abnormal outflow of money 资金异常流出");
        assert_eq!(shown("figure", "total"), "total: Total 总分");
        assert_eq!(
            shown("figure", "new_clients.year_to_date"),
            "new_clients.year_to_date: New clients, year to date 新增有效户（本年累计）"
        );
        assert_eq!(
            shown("figure", "cards.sum.last_3_months"),
            "cards.sum.last_3_months: Payroll cards, last 3 months 工资卡（近 3 个月）"
        );
        // A point of comparison is another figure, and words that name nothing stay.
        assert_eq!(shown("metric", "cards.sum@year_ago"), "Text(\"cards.sum@year_ago\")");
        assert_eq!(shown("item", "工作负荷合理"), "Text(\"工作负荷合理\")");
    }
}
