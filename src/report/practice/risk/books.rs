//! Facilities by class, the managed and the originated book of each manager, post-loan checks and maturities.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::{Col, Input, Sheet, choice, days, number, owed_checks, part, ratio, share};
use crate::book::credit::{earners, percent_on};
use crate::book::deadline::{DueCheck, DueOf};
use crate::record::client::Client;
use crate::record::kind::RecordKind;
use crate::record::risk::{Facility, RiskClass};
use crate::record::value::Day;
use crate::table::{Cell, Table};
use crate::text::Text;

const CLASSES: Sheet = Sheet {
    name: "risk_classes",
    title: Text::new("Facilities by class", "授信五级分类"),
    columns: &[
        Col::text("class", "Class", "五级分类"),
        Col::count("facilities", "Facilities", "笔数"),
        Col::count("clients", "Clients", "客户数"),
        Col::money("drawn", "Principal", "用信余额"),
        Col::ratio("part", "Of all principal", "占比").bar(),
        Col::money("overdue", "Overdue principal", "逾期余额"),
    ],
};

const BOOK: [Col; 7] = [
    Col::text("manager", "Manager", "客户经理"),
    Col::money("drawn", "Principal", "用信余额"),
    Col::money("npl", "Non-performing", "不良余额"),
    Col::ratio("npl_ratio", "NPL ratio", "不良率").bar(),
    Col::money("special_mention", "Special-mention", "关注余额"),
    Col::ratio("special_mention_ratio", "Special-mention ratio", "关注率"),
    Col::ratio("overdue_ratio", "Overdue ratio", "逾期率"),
];

const MANAGED: Sheet = Sheet {
    name: "managed_book",
    title: Text::new("Managed book, by credit share", "管户口径资产质量"),
    columns: &BOOK,
};

const ORIGINATED: Sheet = Sheet {
    name: "originated_book",
    title: Text::new("Originated book, whoever manages it now", "经办口径资产质量"),
    columns: &BOOK,
};

const CHECKS: Sheet = Sheet {
    name: "loan_checks",
    title: Text::new("Post-loan checks due by class", "贷后检查完成情况"),
    columns: &[
        Col::text("class", "Class", "五级分类"),
        Col::count("due", "Due", "应完成"),
        Col::count("on_time", "On time", "按期完成"),
        Col::count("late", "Late", "逾期完成"),
        Col::count("missing", "Not done", "未完成"),
        Col::ratio("on_time_ratio", "On time", "检查及时率").bar(),
    ],
};

const OVERDUE: Sheet = Sheet {
    name: "overdue_checks",
    title: Text::new("Post-loan checks overdue", "超期贷后检查"),
    columns: &[
        Col::text("client", "Client", "客户"),
        Col::text("lead", "Lead", "主办客户经理"),
        Col::text("facility", "Facility", "授信编号"),
        Col::text("kind", "Check", "检查类型"),
        Col::text("class", "Class", "五级分类"),
        Col::date("due", "Due", "应检查日"),
        Col::count("over_days", "Days over", "超期天数"),
        Col::money("drawn", "Principal", "用信余额"),
        Col::text("settle", "Command", "办理命令"),
    ],
};

const MATURING: Sheet = Sheet {
    name: "maturing_facilities",
    title: Text::new("Facilities that mature soon, with what is planned", "临近到期授信及到期安排"),
    columns: &[
        Col::date("matures", "Matures", "到期日"),
        Col::count("left_days", "Days left", "剩余天数"),
        Col::text("client", "Client", "客户"),
        Col::text("lead", "Lead", "主办客户经理"),
        Col::text("facility", "Facility", "授信编号"),
        Col::text("product", "Product", "授信品种"),
        Col::money("drawn", "Principal", "用信余额"),
        Col::text("plan", "Plan", "到期安排"),
    ],
};

pub(super) fn tables(input: &Input<'_>) -> Vec<Table> {
    vec![
        classes(input),
        book(input, &MANAGED, managed(input)),
        book(input, &ORIGINATED, originated(input)),
        checks(input),
        overdue(input),
        maturing(input),
    ]
}

const CLASS_ORDER: [RiskClass; 5] = [
    RiskClass::Normal,
    RiskClass::SpecialMention,
    RiskClass::Substandard,
    RiskClass::Doubtful,
    RiskClass::Loss,
];

fn class_cell(class: RiskClass) -> Cell {
    choice(RecordKind::Client, &["facilities", "class"], class)
}

fn classes(input: &Input<'_>) -> Table {
    let mut all = Decimal::ZERO;
    let mut sums: BTreeMap<RiskClass, (usize, usize, Decimal, Decimal)> = BTreeMap::new();
    for (_, client) in input.clients() {
        let mut seen = Vec::new();
        for facility in input.facilities(client) {
            let (facilities, clients, drawn, overdue) = sums.entry(facility.class).or_default();
            *facilities += 1;
            *clients += usize::from(!seen.contains(&facility.class));
            seen.push(facility.class);
            *drawn += facility.drawn.0;
            *overdue += if facility.overdue_since.is_some() { facility.drawn.0 } else { Decimal::ZERO };
            all += facility.drawn.0;
        }
    }
    let rows = CLASS_ORDER.iter().map(|class| {
        let (facilities, clients, drawn, overdue) = sums.get(class).copied().unwrap_or_default();
        vec![
            class_cell(*class),
            facilities.into(),
            clients.into(),
            number(drawn),
            ratio(share(drawn, all)),
            number(overdue),
        ]
    });
    CLASSES.filled(input, rows)
}

/// The principal one manager answers for.
#[derive(Default)]
struct Book {
    drawn: Decimal,
    npl: Decimal,
    special_mention: Decimal,
    overdue: Decimal,
}

impl Book {
    fn add(&mut self, facility: &Facility, part: Decimal) {
        let drawn = facility.drawn.0 * part;
        self.drawn += drawn;
        if facility.class.is_npl() {
            self.npl += drawn;
        }
        if facility.class == RiskClass::SpecialMention {
            self.special_mention += drawn;
        }
        if facility.overdue_since.is_some() {
            self.overdue += drawn;
        }
    }
}

/// The measure whose credit facilities follow.
const LOANS: &str = "loans";

fn managed<'b>(input: &Input<'b>) -> BTreeMap<&'b str, Book> {
    let mut books: BTreeMap<&str, Book> = BTreeMap::new();
    for record in input.book.clients.iter().filter(|record| !record.data.facilities.is_empty()) {
        for manager in earners(&record.data).into_iter().filter(|manager| input.covers(manager)) {
            let percent = percent_on(&record.data, LOANS, &[manager], input.as_of);
            if percent.is_zero() {
                continue;
            }
            let book = books.entry(manager).or_default();
            for facility in input.facilities(&record.data) {
                book.add(&facility, percent / Decimal::ONE_HUNDRED);
            }
        }
    }
    books
}

fn originated<'b>(input: &Input<'b>) -> BTreeMap<&'b str, Book> {
    let mut books: BTreeMap<&str, Book> = BTreeMap::new();
    for record in &input.book.clients {
        for facility in &record.data.facilities {
            let originator = facility.originated_by.as_deref().filter(|manager| input.covers(manager));
            if let (Some(manager), Some(then)) = (originator, facility.as_of(input.as_of)) {
                books.entry(manager).or_default().add(&then, Decimal::ONE);
            }
        }
    }
    books
}

fn book(input: &Input<'_>, sheet: &Sheet, books: BTreeMap<&str, Book>) -> Table {
    let rows = books.into_iter().filter(|(_, book)| !book.drawn.is_zero()).map(|(manager, book)| {
        vec![
            manager.into(),
            number(book.drawn),
            number(book.npl),
            ratio(share(book.npl, book.drawn)),
            number(book.special_mention),
            ratio(share(book.special_mention, book.drawn)),
            ratio(share(book.overdue, book.drawn)),
        ]
    });
    sheet.filled(input, rows)
}

/// The class a check looks at, on the day it was due: its facility's, else the client's worst.
fn class_of(client: &Client, check: &DueCheck) -> Option<RiskClass> {
    let class = |facility: &Facility| facility.as_of(check.due).map_or(facility.class, |then| then.class);
    let own = match check.of {
        DueOf::Check(at) => {
            let id = client.checks[at].facility.as_ref();
            client.facilities.iter().find(|facility| id == Some(&facility.id))
        }
        DueOf::Facility(index, _) => client.facilities.get(index),
    };
    own.map(class).or_else(|| client.facilities.iter().map(class).max())
}

fn checks(input: &Input<'_>) -> Table {
    let mut sums: BTreeMap<RiskClass, [usize; 4]> = BTreeMap::new();
    for (_, client) in input.clients() {
        let due = input.deadlines.checks_due(client, input.as_of);
        for it in due.iter().filter(|it| input.is_in(Day(it.due))) {
            let Some(class) = class_of(client, it) else { continue };
            let [due, on_time, late, missing] = sums.entry(class).or_default();
            *due += 1;
            match input.past(it.done.map(Day)) {
                Some(_) if it.is_in_time() => *on_time += 1,
                Some(_) => *late += 1,
                None => *missing += 1,
            }
        }
    }
    let rows = CLASS_ORDER.iter().map(|class| {
        let [due, on_time, late, missing] = sums.get(class).copied().unwrap_or_default();
        vec![class_cell(*class), due.into(), on_time.into(), late.into(), missing.into(), part(on_time, due)]
    });
    CHECKS.filled(input, rows)
}

fn overdue(input: &Input<'_>) -> Table {
    let mut rows: Vec<(NaiveDate, Vec<Cell>)> = Vec::new();
    for (id, client) in input.clients().filter(|(_, client)| !client.facilities.is_empty()) {
        for owed in owed_checks(input, client) {
            let (facility, day) = (owed.facility, owed.day);
            let then = facility.and_then(|facility| facility.as_of(input.as_of));
            let worst = || input.facilities(client).map(|facility| facility.class).max();
            let class = then.as_ref().map(|facility| facility.class).or_else(worst);
            let row = vec![
                id.into(),
                input.lead(client).into(),
                facility.map(|facility| facility.id.as_str()).into(),
                choice(RecordKind::Client, &["checks", "kind"], owed.kind),
                class.map_or(Cell::Missing, class_cell),
                day.into(),
                days(input.since(day)),
                number(then.map_or_else(|| input.drawn(client), |facility| facility.drawn.0)),
                input.settle(id, owed.settle()),
            ];
            rows.push((day, row));
        }
    }
    rows.sort_by_key(|(day, _)| *day);
    OVERDUE.filled(input, rows.into_iter().map(|(_, row)| row))
}

fn maturing(input: &Input<'_>) -> Table {
    let mut rows: Vec<(NaiveDate, Vec<Cell>)> = Vec::new();
    for (id, client) in input.clients() {
        for facility in input.facilities(client) {
            let Some(matures) = input.deadlines.matures_soon(&facility, input.as_of) else { continue };
            let row = vec![
                matures.into(),
                days(-input.since(matures)),
                id.into(),
                input.lead(client).into(),
                facility.id.as_str().into(),
                facility.product.as_str().into(),
                number(facility.drawn.0),
                facility.renewal.as_deref().into(),
            ];
            rows.push((matures, row));
        }
    }
    rows.sort_by_key(|(matures, _)| *matures);
    MATURING.filled(input, rows.into_iter().map(|(_, row)| row))
}

#[cfg(test)]
mod tests {
    use super::super::super::lines;

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
# file: managers/li-na.toml
name = "李娜"
# file: managers/wang-fang.toml
name = "王芳"
# file: clients/acme.toml
name = "华东精密"
tier = "key"
manager = "li-na"
status = "active"
[[credit]]
from = 2026-01-01
shares = { li-na = 60, wang-fang = 40 }
[[facilities]]
id = "wc"
product = "流动资金贷款"
limit = 1000
drawn = 500
class = "normal"
drawn_on = 2026-10-01
matures = 2026-12-31
originated_by = "wang-fang"
[[facilities]]
id = "fa"
product = "固定资产贷款"
limit = 300
drawn = 100
class = "substandard"
overdue_since = 2026-07-01
drawn_on = 2025-01-01
originated_by = "wang-fang"
[[facilities]]
id = "old"
product = "流动资金贷款"
limit = 100
drawn = 100
class = "loss"
settled = 2026-09-30
[[checks]]
kind = "routine"
facility = "fa"
due = 2026-10-10
done = 2026-10-12
[[checks]]
kind = "special"
facility = "fa"
due = 2026-10-20
done = 2026-11-02
"#;

    #[test]
    fn managed_follows_credit_and_originated_never_moves() {
        assert_eq!(
            lines(BOOK, "risk", "managed_book", "2026-10"),
            [
                "li-na | 360 | 60 | 16.67% | 0 | 0% | 16.67%",
                "wang-fang | 240 | 40 | 16.67% | 0 | 0% | 16.67%",
            ]
        );
        assert_eq!(
            lines(BOOK, "risk", "originated_book", "2026-10"),
            ["wang-fang | 600 | 100 | 16.67% | 0 | 0% | 16.67%"]
        );
        let classes = lines(BOOK, "risk", "risk_classes", "2026-10");
        assert_eq!(classes[0], "normal | 1 | 1 | 500 | 83.33% | 0");
        assert_eq!(classes[2], "substandard | 1 | 1 | 100 | 16.67% | 100");
        assert_eq!(classes[4], "loss | 0 | 0 | 0 | 0% | 0");
    }

    #[test]
    fn checks_are_judged_as_of_the_last_day() {
        // Two that are scheduled; weekly ones after the 12th on the 19th and the 26th, which nobody scheduled. That of the 10th stands
        // for the week that ended on the 7th.
        assert_eq!(lines(BOOK, "risk", "loan_checks", "2026-10")[2], "substandard | 4 | 0 | 1 | 3 | 0%");
        // First checks 15 days after drawdown; routine weekly for what is non-performing; one scheduled and not yet done.
        let overdue = |facility: &str,
                       kind: &str,
                       class: &str,
                       due: &str,
                       over: u32,
                       drawn: u32,
                       settle: &str| {
            format!(
                "acme | li-na | {facility} | {kind} | {class} | {due} | {over} | {drawn} | rmbook {settle}"
            )
        };
        let add = |kind: &str, facility: &str, due: &str| {
            format!(
                "add loan-check acme --kind {kind} --facility {facility} --due {due} --done today --findings …"
            )
        };
        let (first, drawn) = (add("first", "fa", "2025-01-16"), add("first", "wc", "2026-10-16"));
        let routine = add("routine", "fa", "2026-10-19");
        assert_eq!(
            lines(BOOK, "risk", "overdue_checks", "2026-10"),
            [
                overdue("fa", "first", "substandard", "2025-01-16", 653, 100, &first),
                overdue("wc", "first", "normal", "2026-10-16", 15, 500, &drawn),
                overdue("fa", "routine", "substandard", "2026-10-19", 12, 100, &routine),
                overdue(
                    "fa",
                    "special",
                    "substandard",
                    "2026-10-20",
                    11,
                    100,
                    "set acme 'checks[2026-10-20].done=today' 'checks[2026-10-20].findings=…'"
                ),
            ]
        );
    }

    #[test]
    fn special_checks_that_nobody_scheduled_are_overdue_too() {
        let special = |book: &str| {
            let lines = lines(book, "risk", "overdue_checks", "2026-10");
            lines.into_iter().filter(|line| line.contains(" | special | ")).collect::<Vec<_>>()
        };
        let settle = "rmbook add loan-check acme --kind special";
        let red = BOOK.replace(
            "[[checks]]\nkind = \"special\"\nfacility = \"fa\"\ndue = 2026-10-20\ndone = 2026-11-02\n",
            "",
        ) + "[[warnings]]\nopened = 2026-10-24\nsignal = \"欠息\"\nlevel = \"red\"\nclosed = 2026-10-26\n\
               [[warnings]]\nopened = 2026-11-02\nsignal = \"涉诉\"\nlevel = \"red\"\n";
        let of_fa = format!(
            "acme | li-na | fa | special | substandard | 2026-10-05 | 26 | 100 | {settle} --facility fa --due 2026-10-05 --done today --findings …"
        );
        let of_red = format!(
            "acme | li-na | - | special | substandard | 2026-10-24 | 7 | 600 | {settle} --due 2026-10-24 --done today --findings …"
        );
        let dated =
            red.replace("overdue_since = 2026-07-01", "overdue_since = 2026-07-01\nclass_since = 2026-10-05");
        assert_eq!(special(&dated), [of_fa, of_red]);
    }

    #[test]
    fn maturities_within_ninety_days_show_their_plan() {
        assert_eq!(
            lines(BOOK, "risk", "maturing_facilities", "2026-10"),
            ["2026-12-31 | 61 | acme | li-na | wc | 流动资金贷款 | 500 | -"]
        );
    }
}
