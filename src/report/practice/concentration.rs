//! Concentration: how much of each book hangs on a few clients.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Body, Col, Input, Report, Run, Sheet, Usual, number, ratio, share};
use crate::book::credit::{percent_days, percent_on};
use crate::book::group::Groups;
use crate::metric::figures::amount;
use crate::period::Months;
use crate::record::client::Client;
use crate::record::settings::MeasureKind;
use crate::table::{Cell, Table};
use crate::text::{Message, Text};

pub(super) const REPORT: Report = Report {
    name: "concentration",
    title: Text::new("Concentration", "集中度"),
    question: Text::new(
        "Whose book falls if one client leaves, and which group do we lend most to?",
        "哪位客户经理的业绩过度依赖单一客户，授信最集中于哪个集团？",
    ),
    about: Text::new(
        "book: the figures of the measure by which clients are judged lost (`clients.lost_by`) in the period, credited by share; of a period still running, up to its last month with figures; missing where a month of it is (as in `growth`)\n\
         largest: the client with the largest part; five largest: their parts together\n\
         half: the fewest clients that make half of the book\n\
         over limit: the largest part is above the settings' limit (`risk.concentration`)\n\
         group: clients of one group, and a parent with its subsidiaries, together; any other client stands alone; principal drawn under unsettled facilities on the report's day",
        "存款合计：本期流失认定指标（clients.lost_by）按分成计算的数额；未结束的期间计至最后有数据月份；任一月份缺数的不计算（同“业绩增长”）\n\
         最大户：占比最高的客户；前五户：合计占比\n\
         占半数所需户数：合计达到一半所需的最少客户数\n\
         超限：最大户占比高于设置上限（risk.concentration）\n\
         集团：同一集团的客户、母公司及其子公司合并计算，其余客户单列；用信余额为报告日未结清授信合计",
    ),
    usual: Usual::LastFigures,
    figures: true,
    run: Run::Book(|input| vec![books(input), groups(input)]),
};

const BOOKS: Sheet = Sheet {
    name: "concentration",
    title: Text::new("How much hangs on a few clients", "存款集中度"),
    columns: &[
        Col::text("level", "Level", "层级"),
        Col::text("id", "Id", "编号"),
        Col::text("name", "Name", "名称"),
        Col::count("clients", "Clients with figures", "有数据客户数"),
        Col::size("total", "Book", "存款合计"),
        Col::text("largest", "Largest", "最大户"),
        Col::ratio("largest_part", "Largest part", "最大户占比").bar(),
        Col::ratio("five_part", "Five largest", "前五户占比"),
        Col::count("half", "Clients for half", "占半数所需户数"),
        Col::flag("over", "Over limit", "超限"),
    ],
};

const GROUPS: Sheet = Sheet {
    name: "largest_debtors",
    title: Text::new("Largest groups by principal", "用信余额前十集团"),
    columns: &[
        Col::text("group", "Group", "集团"),
        Col::count("clients", "Clients", "客户数"),
        Col::money("drawn", "Principal", "用信余额"),
        Col::ratio("part", "Of all principal", "占全部用信").bar(),
        Col::money("npl", "Non-performing", "不良余额"),
    ],
};

/// How many groups the table of debtors shows.
const DEBTORS: usize = 10;

fn books(input: &Input<'_>) -> Table {
    let mut table = BOOKS.table(input);
    let measure = &*input.book.settings.clients.lost_by;
    for body in input.bodies() {
        let mut parts = parts(input, &body);
        parts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        // A month that is missing is not one in which nobody had anything.
        let is_known = input.credited().figure(body.portfolio.managers(), measure, input.to_date()).is_some();
        let total = is_known.then(|| parts.iter().map(|(_, figure)| *figure).sum::<Decimal>());
        let first =
            |count| share(parts.iter().take(count).map(|(_, figure)| *figure).sum::<Decimal>(), total?);
        let largest = first(1);
        let limit = input.book.settings.risk.concentration.0;
        let [level, id, name] = body.cells();
        table.push(vec![
            level,
            id,
            name,
            parts.len().into(),
            number(total),
            parts.first().filter(|_| is_known).map(|(client, _)| *client).into(),
            ratio(largest),
            ratio(first(5)),
            total.and_then(|total| half(&parts, total)).into(),
            largest.map_or(Cell::Missing, |largest| Cell::Flag(largest > limit)),
        ]);
    }
    table
}

/// Each client's credited figure in the period, where it is above zero.
fn parts<'i>(input: &Input<'_>, body: &'i Body<'_>) -> Vec<(&'i str, Decimal)> {
    let measure = &*input.book.settings.clients.lost_by;
    let kind = input.book.settings.measures.get(measure).map_or(MeasureKind::Balance, |measure| measure.kind);
    let scope = body.portfolio.scope(false);
    let months = input.to_date();
    let of = |client: &Client| -> Decimal {
        let credited = |month| {
            let figure = amount(client, measure, month)?;
            let one = Months { first: month, last: month };
            Some(if kind == MeasureKind::Balance {
                figure * percent_days(client, measure, scope.managers, one) / Decimal::from(months.days())
            } else {
                figure * percent_on(client, measure, scope.managers, month.last_day())
            })
        };
        months.iter().filter_map(credited).sum::<Decimal>() / Decimal::ONE_HUNDRED
    };
    let parts = scope.clients.iter().map(|record| (&*record.id, of(&record.data)));
    parts.filter(|(_, figure)| *figure > Decimal::ZERO).collect()
}

/// The fewest of the sorted parts that make half of the total.
fn half(parts: &[(&str, Decimal)], total: Decimal) -> Option<usize> {
    let mut sum = Decimal::ZERO;
    parts
        .iter()
        .position(|(_, figure)| {
            sum += figure;
            sum * Decimal::TWO >= total
        })
        .map(|index| index + 1)
}

/// A group's clients, principal and non-performing principal.
type Debt = (usize, Decimal, Decimal);

fn groups(input: &Input<'_>) -> Table {
    let groups = Groups::new(&input.book.clients);
    let mut debts: BTreeMap<&str, Debt> = BTreeMap::new();
    for (id, client) in input.clients() {
        let (clients, drawn, npl) = debts.entry(groups.of(id).unwrap_or(id)).or_default();
        *clients += 1;
        *drawn += input.drawn(client);
        *npl += input
            .facilities(client)
            .filter(|facility| facility.class.is_npl())
            .map(|facility| facility.drawn.0)
            .sum::<Decimal>();
    }
    let total: Decimal = debts.values().map(|(_, drawn, _)| *drawn).sum();
    let mut debts: Vec<_> = debts.into_iter().filter(|(_, (_, drawn, _))| *drawn > Decimal::ZERO).collect();
    debts.sort_by(|a, b| b.1.1.cmp(&a.1.1).then_with(|| a.0.cmp(b.0)));
    let rows = debts.into_iter().take(DEBTORS).map(|(group, (clients, drawn, npl))| {
        // A client of no group stands for itself, and so does a parent by its id.
        let name = input.book.clients.get(group).map(|record| record.data.name.as_str());
        let group = match name {
            Some(name) => Cell::Titled { key: group.to_owned(), title: Message::verbatim(name) },
            None => group.into(),
        };
        vec![group, clients.into(), number(drawn), ratio(share(drawn, total)), number(npl)]
    });
    GROUPS.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::{lines, notes};

    fn client(id: &str, deposits: u32, rest: &str) -> String {
        format!(
            "# file: clients/{id}.toml\nname = '{id}'\ntier = 'base'\nstatus = 'active'\nmanager = 'li-na'\n{rest}\
             [results]\n2026-10 = {{ deposits = {deposits} }}\n"
        )
    }

    #[test]
    fn a_shared_client_weighs_by_its_share() {
        let facility = "group = '华东集团'\nfacilities = [{ id = 'a', product = 'x', limit = 100, drawn = 60, class = 'loss' }]\n";
        let shared = "group = '华东集团'\nfacilities = [{ id = 'a', product = 'x', limit = 100, drawn = 20, class = 'normal' }]\n\
                      credit = [{ from = 2026-01-01, shares = { li-na = 50, other = 50 } }]\n";
        let book = [
            "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n".to_owned(),
            client("a", 500, facility),
            client("b", 600, shared),
            client("c", 200, ""),
            client("d", 0, ""),
        ]
        .concat();
        // 500 + 300 + 200; two clients make 800 of 1,000, one exactly half of it.
        assert_eq!(
            lines(&book, "concentration", "concentration", "2026-10")[1],
            "manager | li-na | 李娜 | 3 | 1000 | a | 50% | 100% | 1 | true"
        );
        assert_eq!(
            lines(&book, "concentration", "largest_debtors", "2026-10"),
            ["华东集团 | 2 | 80 | 100% | 60"]
        );
    }

    #[test]
    fn a_period_still_running_is_averaged_over_the_months_it_has() {
        let book = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n"
            .to_owned()
            + &client("a", 500, "");
        assert_eq!(
            lines(&book, "concentration", "concentration", "2026-Q4")[1],
            "manager | li-na | 李娜 | 1 | 500 | a | 100% | 100% | 1 | true"
        );
    }

    #[test]
    fn a_month_that_is_missing_is_not_averaged_as_nothing() {
        let book = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n"
            .to_owned()
            + &client("a", 500, "");
        let later = book.replace("2026-10 =", "2026-11 = { deposits = 600 }\n2026-12 =");
        // October lies before the book's first figures: 600 and 500 of 61 days are no average of 92.
        assert_eq!(
            lines(&later, "concentration", "concentration", "2026-Q4")[1],
            "manager | li-na | 李娜 | 1 | - | - | - | - | - | -"
        );
        for report in ["concentration", "growth"] {
            let said = notes(&later, report, report, "2026-Q4");
            assert_eq!(said, ["no figures of 2026-10"], "{report}");
        }
        let said = notes(&later, "growth", "growth", "2026");
        assert_eq!(said, ["no figures of 2026-01..2026-10"]);
    }

    #[test]
    fn a_book_without_figures_has_no_largest_client() {
        let book = "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n";
        assert_eq!(
            lines(book, "concentration", "concentration", "2026-10")[1],
            "manager | li-na | 李娜 | 0 | - | - | - | - | - | -"
        );
    }
}
