//! Completeness: how much of what is expected stands in the records, whose are the gaps, and since when.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::{Settle, reference};
use super::{Col, Input, Report, Run, Sheet, Usual, days, ratio, share};
use crate::check::{self, Missing, RecordCompleteness};
use crate::record::kind::RecordKind;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "completeness",
    title: Text::new("Completeness", "记录完整度"),
    question: Text::new(
        "How complete are the records, whose are the gaps, and since when are they open?",
        "记录完整度如何，缺项归谁补录，缺了多久？",
    ),
    about: Text::new(
        "expected: the fields that the definitions mark so, each with a weight; some of clients of certain tiers alone\n\
         completeness: the weight of what a record has over the weight of what is expected of it; a field of a list's entries weighs once, by the part of the entries that have it; of several records together: their weights added up\n\
         records: as their files stand now, whatever the period; `--at` shows an earlier state\n\
         manager: a client counts for who leads it on the report's day, a review for whom it is about; a team for itself and all its members\n\
         asked: what the settings ask for (`completeness`), which `check` holds records to\n\
         since: the day of the entry; else the day the client became one, the manager joined or the review's period ended",
        "应填项：记录定义中标明应填的字段，各有权重；部分字段只对特定层级客户要求\n\
         完整度：已填项权重占应填项权重的比例；列表中的字段按已填条目占比计一次；多条记录合并时权重相加\n\
         记录：按文件当前内容统计，与报告期无关；以 --at 查看以前的状态\n\
         归属：客户归报告日的主办客户经理，考核归被考核人；团队含其自身及全体成员\n\
         要求：设置中的最低完整度（completeness），check 据此核查\n\
         起始日：该条目的日期；无日期的，取客户建立关系日、客户经理入职日或考核期末",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Book(run),
};

const BODIES: Sheet = Sheet {
    name: "completeness",
    title: Text::new("Completeness by body", "各机构、团队、客户经理记录完整度"),
    columns: &[
        Col::text("level", "Level", "层级"),
        Col::text("id", "Id", "编号"),
        Col::text("name", "Name", "名称"),
        Col::count("records", "Records", "记录数"),
        Col::count("complete", "Complete", "完整记录"),
        Col::ratio("completeness", "Completeness", "完整度").bar(),
        Col::count("below", "Below what is asked", "低于要求"),
        Col::count("missing", "Fields missing", "缺项数"),
    ],
};

const RECORDS: Sheet = Sheet {
    name: "incomplete_records",
    title: Text::new("Records that lack something", "不完整记录"),
    columns: &[
        Col::text("kind", "Kind", "类别"),
        Col::text("id", "Record", "记录"),
        Col::text("name", "Name", "名称"),
        Col::text("manager", "Manager", "客户经理"),
        Col::ratio("completeness", "Completeness", "完整度").bar(),
        Col::ratio("asked", "Asked for", "最低要求"),
        Col::flag("below", "Below", "低于要求"),
        Col::count("missing", "Fields missing", "缺项数"),
        Col::date("since", "Since", "起始日"),
    ],
};

const FIELDS: Sheet = Sheet {
    name: "missing_fields",
    title: Text::new("What is missing", "缺项清单"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("kind", "Kind", "类别"),
        Col::text("id", "Record", "记录"),
        Col::text("field", "Field", "字段"),
        Col::text("what", "What", "内容"),
        Col::count("weight", "Weight", "权重"),
        Col::date("since", "Since", "起始日"),
        Col::count("days", "Days", "天数"),
        Col::text("settle", "Command", "补录命令"),
    ],
};

/// A record with whose it is.
struct Owned<'b> {
    record: RecordCompleteness,
    name: Option<&'b str>,
    manager: Option<&'b str>,
    team: Option<&'b str>,
}

fn run(input: &Input<'_>) -> Vec<Table> {
    let all = check::completeness(input.book, input.sources, input.as_of);
    let mut owned: Vec<Owned<'_>> = all.into_iter().filter_map(|record| of(input, record)).collect();
    let bodies = bodies(input, &owned);
    owned.retain(|owned| !owned.record.missing.is_empty());
    owned.sort_by(|a, b| {
        let key = |owned: &Owned<'_>| (owned.record.short_of().is_none(), owned.record.rate());
        key(a).cmp(&key(b)).then_with(|| (a.record.kind, &a.record.id).cmp(&(b.record.kind, &b.record.id)))
    });
    vec![bodies, records(input, &owned), fields(input, &owned)]
}

/// Whose a record is; nothing where it is out of the report's scope.
fn of<'b>(input: &Input<'b>, record: RecordCompleteness) -> Option<Owned<'b>> {
    let book = input.book;
    let by_manager = |id: &str| input.managers().find(|(manager, _)| *manager == id);
    let (name, manager) = match record.kind {
        RecordKind::Client => {
            let client = &book.clients.get(&record.id)?.data;
            let lead = Some(input.lead(client)).filter(|lead| input.is_open(client) && input.covers(lead))?;
            (Some(client.name.as_str()), Some(lead))
        }
        RecordKind::Manager => {
            let (id, manager) = by_manager(&record.id)?;
            (Some(manager.name.as_str()), Some(id))
        }
        RecordKind::Review => {
            let id = &*book.reviews.get(&record.id)?.data.manager;
            let known = book.managers.get(id).map(|record| record.data.name.as_str());
            (known, input.covers(id).then_some(id))
        }
        RecordKind::Team => {
            let (id, team) = input.teams().find(|(id, _)| *id == record.id)?;
            return Some(Owned { record, name: Some(&team.name), manager: None, team: Some(id) });
        }
        RecordKind::Settings | RecordKind::Market | RecordKind::Policy => (None, None),
    };
    if manager.is_none() && !input.is_whole() {
        return None;
    }
    let team = manager.and_then(|manager| input.team_of(&book.managers.get(manager)?.data));
    Some(Owned { record, name, manager, team })
}

/// A line each for the unit, the teams and the managers.
fn bodies(input: &Input<'_>, owned: &[Owned<'_>]) -> Table {
    let mut table = BODIES.table(input);
    let all: Vec<&RecordCompleteness> = owned.iter().map(|owned| &owned.record).collect();
    let (of_team, of_manager) = (by(owned, |owned| owned.team), by(owned, |owned| owned.manager));
    for body in input.bodies() {
        let [level, id, name] = body.cells();
        let own = match (&level, body.id) {
            (_, None) => Some(&all),
            (Cell::Said { key: "team", .. }, Some(id)) => of_team.get(id),
            (_, Some(id)) => of_manager.get(id),
        };
        let own = own.map_or(&[][..], Vec::as_slice);
        let sum = |weight: fn(&RecordCompleteness) -> Decimal| own.iter().map(|r| weight(r)).sum::<Decimal>();
        table.push(vec![
            level,
            id,
            name,
            own.len().into(),
            own.iter().filter(|record| record.missing.is_empty()).count().into(),
            ratio(share(sum(|record| record.present), sum(|record| record.weight))),
            own.iter().filter(|record| record.short_of().is_some()).count().into(),
            own.iter().map(|record| record.missing.len()).sum::<usize>().into(),
        ]);
    }
    table
}

/// The records by whose they are.
fn by<'o, 'b>(
    owned: &'o [Owned<'b>],
    whose: fn(&Owned<'b>) -> Option<&'b str>,
) -> BTreeMap<&'b str, Vec<&'o RecordCompleteness>> {
    let mut by: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (id, owned) in owned.iter().filter_map(|owned| Some((whose(owned)?, owned))) {
        by.entry(id).or_default().push(&owned.record);
    }
    by
}

/// The incomplete records, those below what is asked for first.
fn records(input: &Input<'_>, owned: &[Owned<'_>]) -> Table {
    let rows = owned.iter().map(|Owned { record, name, manager, .. }| {
        vec![
            kind(record.kind),
            record.id.as_str().into(),
            (*name).into(),
            (*manager).into(),
            ratio(Some(record.rate())),
            ratio(record.least),
            Cell::Flag(record.short_of().is_some()),
            record.missing.len().into(),
            record.missing.iter().filter_map(|missing| missing.since).min().into(),
        ]
    });
    RECORDS.filled(input, rows)
}

/// Each missing field: by manager, the heaviest first, then the oldest.
fn fields(input: &Input<'_>, owned: &[Owned<'_>]) -> Table {
    let mut missing: Vec<(&Owned<'_>, &Missing)> = owned
        .iter()
        .flat_map(|owned| owned.record.missing.iter().map(move |missing| (owned, missing)))
        .collect();
    let order = |(owned, missing): &(&Owned<'_>, &Missing)| {
        (owned.manager.is_none(), owned.manager.map(str::to_owned), Reverse(missing.weight), missing.since)
    };
    missing.sort_by_cached_key(order);
    let rows = missing.into_iter().map(|(Owned { record, manager, .. }, missing)| {
        vec![
            (*manager).into(),
            kind(record.kind),
            record.id.as_str().into(),
            missing.path.to_string().into(),
            Cell::Said { key: &missing.field.name, text: missing.field.doc.text() },
            usize::from(missing.weight).into(),
            missing.since.into(),
            days(missing.since.map(|since| input.since(since))),
            settle(missing).command(&reference(input.book, record.kind, &record.id)).into(),
        ]
    });
    FIELDS.filled(input, rows)
}

/// An entry where a list is empty, else a value for the field.
fn settle(missing: &Missing) -> Settle<'static> {
    match &missing.field.entry {
        Some(entry) => Settle::add(entry, ""),
        None => Settle::set([format!("{}=…", missing.path).as_str()]),
    }
}

fn kind(kind: RecordKind) -> Cell {
    Cell::Said { key: kind.name(), text: kind.title() }
}

#[cfg(test)]
mod tests {
    use super::super::lines;

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
[completeness.client]
base = "95%"
# file: teams/one.toml
name = "一组"
lead = "li-na"
# file: managers/li-na.toml
name = "李娜"
team = "one"
joined = 2020-07-01
grade = "senior"
# file: clients/acme.toml
name = "华东精密"
tier = "base"
manager = "li-na"
status = "active"
industry = "manufacturing"
credit_code = "91350100M000100Y43"
since = 2026-01-05
contacts = [{ name = "李明", role = "CFO" }]
visits = [
  { date = 2026-10-01, by = "li-na", kind = "call", met = ["李明"], summary = "terms" },
  { date = 2026-10-09, by = "li-na", kind = "call", met = ["李明"] },
]
"#;

    #[test]
    fn weights_add_up_from_records_to_the_unit() {
        // The client: code 3, industry 1, since 2, contacts 2, role 1, met 1, half of the summaries' 2: 11 of 12. The
        // manager: branch 1 and supervisor 2 of 10 are missing; the team: branch 1 of 4. Together 11 + 7 + 3 of 26.
        assert_eq!(
            lines(BOOK, "completeness", "incomplete_records", "2026-10"),
            [
                "client | acme | 华东精密 | li-na | 91.67% | 95% | true | 1 | 2026-10-09",
                "manager | li-na | 李娜 | li-na | 70% | - | false | 2 | 2020-07-01",
                "team | one | 一组 | - | 75% | - | false | 1 | -",
            ]
        );
        assert_eq!(
            lines(BOOK, "completeness", "completeness", "2026-10"),
            [
                "unit | - | 测试支行 | 3 | 0 | 80.77% | 1 | 4",
                "team | one | 一组 | 3 | 0 | 80.77% | 1 | 4",
                "manager | li-na | 李娜 | 2 | 0 | 81.82% | 1 | 3",
            ]
        );
    }

    #[test]
    fn a_team_counts_those_who_were_in_it_then() {
        let moved = "team = \"two\"\nhistory = [{ until = 2026-10-31, team = \"one\" }]\njoined";
        let book =
            BOOK.replace("team = \"one\"\njoined", moved) + "# file: teams/two.toml\nname = \"二组\"\n";
        let teams = |period| {
            let lines = lines(&book, "completeness", "completeness", period);
            lines.into_iter().filter(|line| line.starts_with("team")).collect::<Vec<_>>()
        };
        // Beside the team itself, li-na and her client: of one in October, of two in November.
        let records =
            |period| teams(period).iter().map(|line| line.split(" | ").nth(3).unwrap().to_owned()).collect();
        let [october, november]: [Vec<String>; 2] = ["2026-10", "2026-11"].map(records);
        assert_eq!((october, november), (vec!["3".into(), "1".into()], vec!["1".into(), "3".into()]));
    }

    #[test]
    fn each_gap_says_since_when_and_what_fills_it() {
        // From 9 October 22 days to the 31st; from 1 July 2020 six years with two leap days and 122 days.
        assert_eq!(
            lines(BOOK, "completeness", "missing_fields", "2026-10"),
            [
                "li-na | manager | li-na | reports_to | reports_to | 2 | 2020-07-01 | 2313 | rmbook set li-na reports_to=…",
                "li-na | client | acme | visits[1].summary | summary | 2 | 2026-10-09 | 22 | rmbook set acme 'visits[1].summary=…'",
                "li-na | manager | li-na | branch | branch | 1 | 2020-07-01 | 2313 | rmbook set li-na branch=…",
                "- | team | one | branch | branch | 1 | - | - | rmbook set one branch=…",
            ]
        );
    }
}
