//! Dates: in order, not in the future, sorted, said once, and in agreement with the state they stand for.

use std::collections::BTreeMap;

use super::{check, client};
use crate::check::{At, Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::period::Period;
use crate::record::client::Status;
use crate::record::facts::Fact;
use crate::record::manager;
use crate::record::settings::{DayCount, Limit};
use crate::record::shape::{Keys, Time};
use crate::source::Place;
use crate::text::{Message, Text, finding};

pub(super) static RULES: &[&Check] = &[
    &DATES_OUT_OF_ORDER,
    &FUTURE_DATE,
    &UNSORTED_ENTRIES,
    &DOUBLED_PERIOD,
    &STATUS_DISAGREES,
    &CALENDAR_MISSING,
];

check! {
    DATES_OUT_OF_ORDER = "RM201" "dates-out-of-order" Deny Fact(dates_out_of_order);
    title: "a later date stands before an earlier one", "日期先后颠倒";
    why: "Durations and deadlines come out negative, and every figure built on them is wrong.", "时长与期限将为负数，相关指标全部失实。";
    mend: "Correct one of the two dates.", "请更正其中一个日期。";
    says: "`{later}` on {day} lies before `{earlier}` on {from}", "`{later}` {day} 早于 `{earlier}` {from}";
    example: client!("[[needs]]\ndate = 2026-09-01\nwhat = \"supply-chain finance\"\nproposed = 2026-08-01\n");
    mended: "2026-08-01" => "2026-10-01";
    entry: Refuse;
}

fn dates_out_of_order(_: &Context<'_>, at: At<'_>, fact: Fact<'_, '_>, found: &mut Found) {
    let Fact::Later { field, day, key: before, earlier } = fact else { return };
    let (day, from) = (day.words(at.text).unwrap_or_default(), earlier.words(at.text).unwrap_or_default());
    // ISO days compare as text.
    if day < from {
        let place = Place::value(at.file, at.trail.path());
        let mut steps = at.trail.path();
        steps.0.pop();
        let from_here = Place::value(at.file, steps.join(before));
        let finding =
            fires!(DATES_OUT_OF_ORDER, place, later = &field.name, day = day, earlier = before, from = from);
        found.push(finding.label(from_here, finding::DECLARED_HERE.into()));
    }
}

check! {
    FUTURE_DATE = "RM202" "future-date" Deny Fact(future_date);
    title: "something that has happened is dated in the future", "已发生事项的日期晚于今日";
    why: "It counts as done although it is not.", "尚未发生的事项被视为已完成。";
    mend: "Correct the date, or leave the key out until it has happened.", "请更正日期；尚未发生的请先不填。";
    says: "`{field}` says {day}, which has not come yet", "`{field}` 为 {day}，尚未到来";
    example: client!("[[needs]]\ndate = 2026-09-01\nwhat = \"supply-chain finance\"\nmet = 2027-08-01\n");
    mended: "2027-08-01" => "2026-10-01";
    entry: Refuse;
}

fn future_date(context: &Context<'_>, at: At<'_>, fact: Fact<'_, '_>, found: &mut Found) {
    let Fact::Past { field, day } = fact else { return };
    let day = day.words(at.text).unwrap_or_default();
    if day > context.iso_today.as_str() {
        let place = Place::value(at.file, at.trail.path());
        found.push(fires!(FUTURE_DATE, place, field = &field.name, day = day));
    }
}

check! {
    UNSORTED_ENTRIES = "RM203" "unsorted-entries" Warn Fact(unsorted_entries);
    title: "a list does not stand in date order", "列表未按日期排列";
    why: "In date order two people's changes merge, and the last entry is the latest.", "按日期排列便于合并多人修改，末条即为最新。";
    mend: "Move the entry to its place; `rmbook check --fix` does so where nothing is in doubt.",
        "请将该条目移至相应位置；无疑义的可由 `rmbook check --fix` 调整。";
    says: "this entry of {day} stands after one of {before}", "{day} 的条目排在 {before} 之后";
    example: client!("[[visits]]\ndate = 2026-10-09\nby = \"wang-fang\"\nkind = \"call\"\n\
        [[visits]]\ndate = 2026-09-09\nby = \"wang-fang\"\nkind = \"call\"\n");
    mended: "2026-10-09" => "2026-09-08";
}

fn unsorted_entries(_: &Context<'_>, at: At<'_>, fact: Fact<'_, '_>, found: &mut Found) {
    let Fact::Entries { field, list } = fact else { return };
    let Some(order) = field.order.as_deref() else { return };
    let mut before = "";
    for (index, entry) in list.items().enumerate() {
        let day = entry.get(order).map_or("", |day| day.words(at.text).unwrap_or_default());
        if !day.is_empty() && day < before {
            let place = Place::value(at.file, at.trail.path().join(index).join(order));
            found.push(fires!(UNSORTED_ENTRIES, place, day = day, before = before));
            return;
        }
        if !day.is_empty() {
            before = day;
        }
    }
}

check! {
    DOUBLED_PERIOD = "RM204" "doubled-period" Deny Fact(doubled_period);
    title: "a period is given twice in two spellings", "同一期间以两种写法重复出现";
    why: "Only one of the two counts, and nobody can see which.", "两者仅有其一生效，且无从分辨。";
    mend: "Keep one of them.", "请保留其中一个。";
    says: "`{key}` and `{other}` are the same period", "“{key}”与“{other}”为同一期间";
    example: "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\n[targets]\n2026-Q3 = { deposits = 100 }\n2026Q3 = { deposits = 120 }\n";
    mended: "2026Q3" => "2026-Q4";
    entry: Refuse;
}

fn doubled_period(_: &Context<'_>, at: At<'_>, fact: Fact<'_, '_>, found: &mut Found) {
    let Fact::Free { keys: Keys::Time(Time::Period), table } = fact else { return };
    let mut seen: BTreeMap<Period, &str> = BTreeMap::new();
    for (key, _) in table.entries() {
        let Ok(period) = key.parse::<Period>() else { continue };
        if let Some(other) = seen.insert(period, key) {
            let place = |key: &str| Place::key(at.file, at.trail.path().join(key));
            let finding = fires!(DOUBLED_PERIOD, place(key), key = key, other = other);
            found.push(finding.label(place(other), finding::DECLARED_HERE.into()));
        }
    }
}

check! {
    STATUS_DISAGREES = "RM205" "status-disagrees" Deny Book(status_disagrees);
    title: "a status contradicts a date, or principal that is still out", "状态与日期或未结清本金不一致";
    why: "One part of the reports goes by the status, another by the date. Who owes counts as a client until the principal is paid.", "部分报表依状态、部分报表依日期，结果将互相矛盾；本金未结清前仍按客户统计。";
    mend: "Correct the status, add or remove the date, or enter how the facility was settled.", "请更正状态，补充、删除相应日期，或登记授信的结清情况。";
    says: "`status = \"{status}\"`, but {why}", "`status = \"{status}\"`，但{why}";
    example: client!("closed = 2026-09-30\n");
    mended: "status = \"active\"" => "status = \"closed\"";
    entry: Remark;
}

const STILL_OWED: Text = Text::new(
    "`{facility}` has {drawn} drawn and is not `settled`: who owes is a client still",
    "“{facility}”用信余额 {drawn}，未填写 `settled`：未结清者仍为客户",
);
const DATE_PASSED: Text = Text::new("`{key}` says {day}", "`{key}` 为 {day}");
const DATE_AHEAD: Text =
    Text::new("`{key}` says {day}, which is still to come", "`{key}` 为 {day}，尚未到来");
const DATE_ABSENT: Text = Text::new("no `{key}` says since when", "未填写 `{key}`");

fn status_disagrees(context: &Context<'_>, found: &mut Found) {
    let mut say = |file, status: &str, why: Message| {
        found.push(fires!(STATUS_DISAGREES, Place::value(file, path!["status"]), status = status, why = why));
    };
    for client in context.wanted(&context.book.clients) {
        match (client.data.status, client.data.closed) {
            (Status::Closed, None) => say(client.file, "closed", msg!(DATE_ABSENT, key = "closed")),
            (Status::Closed, Some(closed)) => {
                if let Some(index) = client.data.owed_under(closed.0.max(context.today)) {
                    let facility = &client.data.facilities[index];
                    let drawn = facility.drawn.0.normalize();
                    say(client.file, "closed", msg!(STILL_OWED, facility = &facility.id, drawn = drawn));
                }
            }
            (Status::Active, Some(day)) => {
                say(client.file, "active", msg!(DATE_PASSED, key = "closed", day = day.0));
            }
            (Status::Prospect, Some(day)) => {
                say(client.file, "prospect", msg!(DATE_PASSED, key = "closed", day = day.0));
            }
            _ => {}
        }
        if client.data.status == Status::Prospect
            && let Some(since) = client.data.since.filter(|since| since.0 <= context.today)
        {
            say(client.file, "prospect", msg!(DATE_PASSED, key = "since", day = since.0));
        }
    }
    for manager in context.wanted(&context.book.managers) {
        match (manager.data.status, manager.data.left) {
            (manager::Status::Left, None) => say(manager.file, "left", msg!(DATE_ABSENT, key = "left")),
            (manager::Status::Left, Some(day)) if day.0 > context.today => {
                say(manager.file, "left", msg!(DATE_AHEAD, key = "left", day = day.0));
            }
            (manager::Status::Active | manager::Status::Away, Some(day)) if day.0 <= context.today => {
                say(manager.file, "active", msg!(DATE_PASSED, key = "left", day = day.0));
            }
            _ => {}
        }
    }
}

check! {
    CALENDAR_MISSING = "RM206" "calendar-missing" Warn Book(calendar_missing);
    title: "the calendar lacks a year whose working days are counted", "工作日历缺少所需年度";
    why: "Deadlines in working days come out too early around holidays.", "节假日前后的工作日期限将被误算。";
    mend: "Add the year's `holidays` and `workdays` under `[calendar]` in `rmbook.toml`.",
        "请在 `rmbook.toml` 的 `[calendar]` 中补充该年度的 `holidays` 与 `workdays`。";
    says: "working days of {year} are counted, but the calendar lacks that year", "需计算 {year} 年工作日，但日历缺少该年度";
    example: client!("[[complaints]]\nid = \"slow\"\nreceived = 2026-10-30\n# file: rmbook.toml\nname = \"Branch\"\n");
    mended: "name = \"Branch\"" => "name = \"Branch\"\n[calendar]\n2026 = { holidays = [2026-10-01] }";
}

fn calendar_missing(context: &Context<'_>, found: &mut Found) {
    let Some(file) = context.book.settings_file else { return };
    let settings = &context.book.settings;
    let counted = |limit: Limit| limit.count == DayCount::Working;
    let mut days = Vec::new();
    if counted(settings.complaints.acknowledge) {
        let complaints = context.book.clients.iter().flat_map(|client| &client.data.complaints);
        days.extend(complaints.map(|complaint| complaint.received.0));
    }
    if counted(settings.management.answer) {
        let reports = context.book.managers.iter().flat_map(|manager| &manager.data.reports);
        days.extend(reports.map(|report| report.raised.0));
    }
    if counted(settings.management.acknowledge) {
        days.extend(context.book.reviews.iter().filter_map(|review| Some(review.data.published?.0)));
    }
    days.retain(|day| !context.calendar.knows(*day));
    let mut years: Vec<i32> = days.iter().map(chrono::Datelike::year).collect();
    years.sort_unstable();
    years.dedup();
    for year in years {
        let place = Place::value(file, path!["calendar"]);
        found.push(fires!(CALENDAR_MISSING, place, year = year));
    }
}
