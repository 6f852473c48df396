//! Support: who holds which equipment and access, what leavers still hold, which requests cost time, which ideas paid.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Col, Input, Report, Run, Sheet, Usual, choice, days, median, number, ratio, share};
use crate::book::deadline::months_after;
use crate::record::client::Request;
use crate::record::development::Idea;
use crate::record::kind::RecordKind;
use crate::record::manager::Manager;
use crate::record::value::Day;
use crate::table::{Cell, Table};
use crate::text::Text;

pub(super) const REPORT: Report = Report {
    name: "support",
    title: Text::new("Support", "支持保障"),
    question: Text::new(
        "What do leavers still hold, which departments keep our managers waiting, and which ideas are worth keeping?",
        "离职人员尚有哪些未收回，哪些部门让客户经理久等，哪些创新值得推广？",
    ),
    about: Text::new(
        "held: equipment issued and not returned, access granted and not revoked, on the report's day\n\
         not reviewed: access whose last review, else its grant, is more months ago than the settings allow (`management.access_months`)\n\
         usage of tools: by system, the managers at work with access on the report's day and those whose last use (`used`, from the system's log) lies within the 30 days before it; idle: those with access whose last use is earlier or not recorded; whose last use lies after the report's day may have used it before or not, and is in neither number; missing where no use of the system by that day is recorded\n\
         leavers: managers who left by the report's day and what each still holds; a handover is not signed off while one does (a convention)\n\
         requests: of clients and managers; done in the period, with the median of calendar days from raised to done; late: open and past their day\n\
         hours lost: stated in the requests raised in the period or still open on the report's day\n\
         ideas and pilots: raised by the report's day; change: (measured − baseline) / baseline; overdue: no decision though its day has passed",
        "持有：报告日已领用未归还的设备、已授予未收回的权限\n\
         未复核：最近复核（无复核的取授予）距今超过设置月数（management.access_months）的权限\n\
         工具使用：按系统统计报告日在职且有权限的客户经理，及最近使用日（`used`，取自系统日志）在此前30日内的人数；未使用：有权限但最近使用更早或未登记的；最近使用日晚于报告日的，此前是否使用无从得知，不计入使用率；截至该日系统均无使用登记的不计算\n\
         离职人员：报告日前离职的客户经理及其尚未收回的项目；未收齐的不予办结移交（管理惯例）\n\
         协调事项：客户及客户经理提出的；本期完成的自提出至完成自然日中位数；逾期：未完成且已过期限\n\
         影响工时：本期提出或报告日仍未完成的事项所填工时\n\
         创新与试点：报告日前提出；变动：（实测－基线）÷基线；逾期：已过决定期限而未作决定",
    ),
    usual: Usual::LastFigures,
    figures: false,
    run: Run::Book(|input| {
        vec![leavers(input), held(input), tools(input), departments(input), waiting(input), ideas(input)]
    }),
};

const LEAVERS: Sheet = Sheet {
    name: "leavers_hold",
    title: Text::new("What leavers still hold", "离职人员未收回清单"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::date("left", "Left", "离职日"),
        Col::text("kind", "Kind", "类别"),
        Col::text("what", "What", "项目"),
        Col::date("since", "Since", "领用或授予日"),
        Col::count("after_days", "Days after leaving", "离职后天数"),
    ],
};

const HELD: Sheet = Sheet {
    name: "equipment_and_access",
    title: Text::new("Equipment and access by manager", "设备与系统权限"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::count("assets", "Equipment", "设备"),
        Col::count("access", "Access", "权限"),
        Col::count("not_reviewed", "Not reviewed", "未按期复核权限"),
        Col::text("systems", "Systems not reviewed", "未按期复核系统"),
    ],
};

const TOOLS: Sheet = Sheet {
    name: "usage_of_tools",
    title: Text::new("Usage of tools", "系统工具使用情况"),
    columns: &[
        Col::text("system", "System", "系统"),
        Col::count("access", "With access", "有权限人数"),
        Col::count("using", "Used in 30 days", "近30日使用人数"),
        Col::ratio("usage", "Usage", "使用率").bar(),
        Col::text("idle", "Not used by", "未使用人员"),
        Col::text("unknown", "Used only later by", "仅有其后使用记录人员"),
    ],
};

const DEPARTMENTS: Sheet = Sheet {
    name: "requests_by_department",
    title: Text::new("Requests by department", "各部门协调事项"),
    columns: &[
        Col::text("department", "Department", "协办部门"),
        Col::count("raised", "Raised", "本期提出"),
        Col::count("done", "Done", "本期完成"),
        Col::number("median_days", "Median days", "完成天数中位数"),
        Col::count("open", "Open", "未完成"),
        Col::count("late", "Late", "逾期"),
        Col::number("hours_lost", "Hours lost", "影响工时").bar(),
    ],
};

const WAITING: Sheet = Sheet {
    name: "open_requests",
    title: Text::new("Requests that wait", "未完成协调事项"),
    columns: &[
        Col::text("department", "Department", "协办部门"),
        Col::text("manager", "Raised by", "提出人"),
        Col::text("client", "Client", "客户"),
        Col::text("what", "What", "事项"),
        Col::date("raised", "Raised", "提出日"),
        Col::date("due", "Due", "要求完成日"),
        Col::count("over_days", "Days over", "逾期天数"),
        Col::number("hours_lost", "Hours lost", "影响工时"),
    ],
};

const IDEAS: Sheet = Sheet {
    name: "ideas_and_pilots",
    title: Text::new("Ideas and pilots", "创新建议与试点"),
    columns: &[
        Col::text("of", "Of", "提出方"),
        Col::text("id", "Idea", "编号"),
        Col::text("what", "What", "内容"),
        Col::text("measures", "Measured by", "衡量指标"),
        Col::figure("baseline", "Baseline", "基线"),
        Col::figure("measured", "Measured", "实测"),
        Col::ratio("change", "Change", "变动"),
        Col::number("hours_saved", "Hours saved", "节省工时"),
        Col::date("decide_by", "Decide by", "决定期限"),
        Col::text("decision", "Decision", "决定"),
        Col::flag("overdue", "Overdue", "逾期未决"),
    ],
};

/// What a manager holds: kind, what, since when.
type Held = (&'static str, Text, String, Option<NaiveDate>);

/// Whether something given on a day, and taken back on another, is held on the report's day.
fn is_held(input: &Input<'_>, from: Option<Day>, until: Option<Day>) -> bool {
    from.is_none_or(|day| day.0 <= input.as_of) && input.past(until).is_none()
}

fn held_by(input: &Input<'_>, manager: &Manager) -> Vec<Held> {
    let open = |from, until| is_held(input, from, until);
    let assets = manager.assets.iter().filter(|asset| open(asset.issued, asset.returned)).map(|asset| {
        let what =
            asset.serial.as_ref().map_or(asset.kind.clone(), |serial| format!("{} {serial}", asset.kind));
        ("equipment", Text::new("Equipment", "设备"), what, asset.issued.map(|day| day.0))
    });
    let access = manager.access.iter().filter(|access| open(access.granted, access.revoked)).map(|access| {
        let what =
            access.role.as_ref().map_or(access.system.clone(), |role| format!("{} {role}", access.system));
        ("access", Text::new("Access", "权限"), what, access.granted.map(|day| day.0))
    });
    assets.chain(access).collect()
}

fn leavers(input: &Input<'_>) -> Table {
    let mut table = LEAVERS.table(input);
    for record in input.book.managers.iter().filter(|record| input.covers(&record.id)) {
        let Some(left) = input.past(record.data.left) else { continue };
        for (key, text, what, since) in held_by(input, &record.data) {
            table.push(vec![
                (&*record.id).into(),
                left.into(),
                Cell::Said { key, text },
                what.into(),
                since.into(),
                days(input.since(left)),
            ]);
        }
    }
    table
}

fn held(input: &Input<'_>) -> Table {
    let is_old = |day| months_after(day, input.book.settings.management.access_months) < input.as_of;
    let rows = input.managers().map(|(id, manager)| {
        let held = held_by(input, manager);
        let count = |kind| held.iter().filter(|(held, ..)| *held == kind).count();
        let open = manager.access.iter().filter(|access| input.past(access.revoked).is_none());
        let old: Vec<&str> = open
            .filter(|access| {
                let known =
                    [access.reviewed, access.granted].into_iter().filter_map(|day| input.past(day)).max();
                known.is_some_and(is_old)
            })
            .map(|access| access.system.as_str())
            .collect();
        vec![id.into(), count("equipment").into(), count("access").into(), old.len().into(), Cell::list(&old)]
    });
    HELD.filled(input, rows)
}

/// Days up to the report's day within which somebody who uses a tool has used it.
const IN_USE: i64 = 30;

fn tools(input: &Input<'_>) -> Table {
    // For each system the managers with access, and the last use of each access.
    let mut systems: BTreeMap<&str, BTreeMap<&str, Vec<NaiveDate>>> = BTreeMap::new();
    for (id, manager) in input.managers().filter(|(_, manager)| input.past(manager.left).is_none()) {
        for access in manager.access.iter().filter(|access| is_held(input, access.granted, access.revoked)) {
            let used = systems.entry(&access.system).or_default().entry(id).or_default();
            used.extend(access.used.map(|day| day.0));
        }
    }
    let rows = systems.into_iter().map(|(system, of)| {
        let by_then = |day: &&NaiveDate| **day <= input.as_of;
        let is_used = |day: &NaiveDate| input.since(*day) <= IN_USE;
        let is_known = of.values().flatten().any(|day| by_then(&day));
        let rest = of.iter().filter(|(_, used)| !used.iter().filter(by_then).any(is_used));
        // A last use after the report's day tells nothing of the days before it.
        let (unknown, idle): (Vec<_>, Vec<_>) =
            rest.partition(|(_, used)| used.iter().any(|day| !by_then(&day)));
        let [unknown, idle] =
            [unknown, idle].map(|of| of.into_iter().map(|(id, _)| *id).collect::<Vec<&str>>());
        let using = of.len() - idle.len() - unknown.len();
        vec![
            system.into(),
            of.len().into(),
            is_known.then_some(using).into(),
            ratio(share(using, using + idle.len()).filter(|_| is_known)),
            Cell::list(if is_known { &idle } else { &[] }),
            Cell::list(&unknown),
        ]
    });
    TOOLS.filled(input, rows)
}

/// A request with whoever raised it and the client it is for.
struct Asked<'b> {
    manager: &'b str,
    client: Option<&'b str>,
    request: &'b Request,
}

impl Asked<'_> {
    fn is_open(&self, input: &Input<'_>) -> bool {
        input.past(self.request.done).is_none()
    }

    fn over(&self, input: &Input<'_>) -> i64 {
        let due = self.request.due.filter(|_| self.is_open(input));
        due.map_or(0, |due| input.since(due.0).max(0))
    }
}

fn asked<'b>(input: &Input<'b>) -> Vec<Asked<'b>> {
    let of_clients = input.book.clients.iter().flat_map(|record| {
        let lead = input.lead(&record.data);
        record.data.requests.iter().map(move |request| Asked {
            manager: request.by.as_deref().unwrap_or(lead),
            client: Some(&record.id),
            request,
        })
    });
    let of_managers = input.book.managers.iter().flat_map(|record| {
        record.data.requests.iter().map(|request| Asked { manager: &record.id, client: None, request })
    });
    let known = |asked: &Asked<'_>| asked.request.raised.0 <= input.as_of && input.covers(asked.manager);
    of_clients.chain(of_managers).filter(known).collect()
}

fn departments(input: &Input<'_>) -> Table {
    let mut by_department: BTreeMap<String, Vec<Asked<'_>>> = BTreeMap::new();
    for asked in asked(input) {
        by_department.entry(asked.request.to.clone()).or_default().push(asked);
    }
    let mut table = DEPARTMENTS.table(input);
    for (department, all) in by_department {
        let done: Vec<Decimal> = all
            .iter()
            .filter_map(|asked| Some((asked, asked.request.done.filter(|done| input.is_in(*done))?)))
            .map(|(asked, done)| Input::between(asked.request.raised, done.0))
            .collect();
        let raised = all.iter().filter(|asked| input.is_in(asked.request.raised)).count();
        let open = all.iter().filter(|asked| asked.is_open(input)).count();
        if raised + done.len() + open == 0 {
            continue;
        }
        let hours = all.iter().filter(|asked| asked.is_open(input) || input.is_in(asked.request.raised));
        let hours: Decimal = hours.filter_map(|asked| asked.request.hours_lost).map(|hours| hours.0).sum();
        table.push(vec![
            department.into(),
            raised.into(),
            done.len().into(),
            number(median(done)),
            open.into(),
            all.iter().filter(|asked| asked.over(input) > 0).count().into(),
            number(hours),
        ]);
    }
    table
}

fn waiting(input: &Input<'_>) -> Table {
    let mut open: Vec<Asked<'_>> = asked(input).into_iter().filter(|asked| asked.is_open(input)).collect();
    open.sort_by_key(|asked| (-asked.over(input), asked.request.raised));
    let rows = open.into_iter().map(|asked| {
        vec![
            asked.request.to.as_str().into(),
            asked.manager.into(),
            asked.client.into(),
            asked.request.what.as_str().into(),
            asked.request.raised.0.into(),
            asked.request.due.map(|due| due.0).into(),
            days(asked.over(input)),
            number(asked.request.hours_lost.map(|hours| hours.0)),
        ]
    });
    WAITING.filled(input, rows)
}

fn ideas(input: &Input<'_>) -> Table {
    let of_managers =
        input.managers().flat_map(|(id, manager)| manager.ideas.iter().map(move |idea| (id, idea)));
    let of_teams = input.teams().flat_map(|(id, team)| team.pilots.iter().map(move |idea| (id, idea)));
    let known = |(_, idea): &(&str, &Idea)| idea.raised.0 <= input.as_of;
    let rows = of_managers.chain(of_teams).filter(known).map(|(of, idea)| {
        let baseline = idea.baseline.map(|amount| amount.0);
        // What came of it is known from its measurement on, else from the decision.
        let is_known = idea.measured_on.or(idea.decided).is_none_or(|day| day.0 <= input.as_of);
        let measured = idea.measured.filter(|_| is_known).map(|amount| amount.0);
        let change =
            measured.zip(baseline).and_then(|(measured, baseline)| share(measured - baseline, baseline));
        let decided = input.past(idea.decided);
        let decision = idea.decision.filter(|_| decided.is_some() || idea.decided.is_none());
        let overdue = decision.is_none() && idea.decide_by.is_some_and(|day| day.0 < input.as_of);
        vec![
            of.into(),
            idea.id.as_str().into(),
            idea.what.as_str().into(),
            idea.measures.as_deref().into(),
            number(baseline),
            number(measured),
            ratio(change),
            number(idea.hours_saved.filter(|_| is_known).map(|hours| hours.0)),
            idea.decide_by.map(|day| day.0).into(),
            decision.map_or(Cell::Missing, |decision| {
                choice(RecordKind::Team, &["pilots", "decision"], decision)
            }),
            Cell::Flag(overdue),
        ]
    });
    IDEAS.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::lines;

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
# file: managers/gone.toml
name = "已离职"
left = 2026-10-10
assets = [{ kind = "笔记本电脑", serial = "NB-1", issued = 2024-03-01 }, { kind = "手机", issued = 2024-03-01, returned = 2026-10-10 }]
access = [{ system = "信贷系统", role = "调查岗", granted = 2025-09-01, revoked = 2026-11-05 }]
# file: managers/li-na.toml
name = "李娜"
[[requests]]
raised = 2026-10-10
to = "科技部"
what = "外网访问"
due = 2026-10-17
hours_lost = 6
[[requests]]
raised = 2026-09-20
to = "科技部"
what = "权限开通"
done = 2026-10-02
hours_lost = 4
[[ideas]]
id = "template"
raised = 2026-03-02
what = "纪要模板"
baseline = 30
measured = 18
measured_on = 2026-06-16
decide_by = 2026-06-30
decided = 2026-11-01
decision = "keep"
"#;

    #[test]
    fn a_tool_is_in_use_with_whoever_used_it_within_thirty_days() {
        let access = |id: &str, more: &str| {
            format!(
                "# file: managers/{id}.toml\nname = '{id}'\naccess = [{{ system = '客户系统', granted = 2025-01-06{more} }}, \
                     {{ system = '信贷系统', granted = 2025-01-06 }}]\n"
            )
        };
        let book = [
            "# file: rmbook.toml\nname = '测试支行'\n".to_owned(),
            access("a", ", used = 2026-10-01"),
            access("b", ", used = 2026-09-30"),
            access("c", ""),
            access("d", ", used = 2026-11-02"),
            access("e", ", revoked = 2026-10-01"),
        ];
        // 1 October is 30 days before the 31st; d's use was later, so that one of the three who are known used it, and e has no
        // access any more.
        assert_eq!(
            lines(&book.concat(), "support", "usage_of_tools", "2026-10"),
            ["信贷系统 | 5 | - | - | - | -", "客户系统 | 4 | 1 | 33.33% | b, c | d"]
        );
    }

    #[test]
    fn access_is_not_reviewed_from_the_day_after_its_months_on() {
        let count = |granted: &str| {
            let book = format!(
                "# file: rmbook.toml\nname = '测试支行'\n[management]\naccess_months = 6\n\
                 # file: managers/li-na.toml\nname = '李娜'\naccess = [{{ system = '信贷系统', granted = {granted} }}]\n"
            );
            let line = lines(&book, "support", "equipment_and_access", "2026-10").remove(0);
            line.split(" | ").nth(3).unwrap().to_owned()
        };
        // Six months from 30 April are up on 30 October, those from 1 May on 1 November.
        assert_eq!(["2026-04-01", "2026-04-30", "2026-05-01"].map(count), ["1", "1", "0"]);
    }

    #[test]
    fn a_leaver_holds_what_was_not_given_back_by_then() {
        assert_eq!(
            lines(BOOK, "support", "leavers_hold", "2026-10"),
            [
                "gone | 2026-10-10 | equipment | 笔记本电脑 NB-1 | 2024-03-01 | 21",
                "gone | 2026-10-10 | access | 信贷系统 调查岗 | 2025-09-01 | 21",
            ]
        );
        assert_eq!(
            lines(BOOK, "support", "equipment_and_access", "2026-10"),
            ["gone | 1 | 1 | 1 | 信贷系统", "li-na | 0 | 0 | 0 | -"]
        );
    }

    #[test]
    fn requests_cost_days_and_hours() {
        assert_eq!(
            lines(BOOK, "support", "requests_by_department", "2026-10"),
            ["科技部 | 1 | 1 | 12 | 1 | 1 | 6"]
        );
        assert_eq!(
            lines(BOOK, "support", "open_requests", "2026-10"),
            ["科技部 | li-na | - | 外网访问 | 2026-10-10 | 2026-10-17 | 14 | 6"]
        );
    }

    #[test]
    fn what_an_idea_saved_is_known_once_it_was_measured() {
        let book = BOOK.replace("baseline = 30", "baseline = 30\nhours_saved = 5");
        let of = |book: &str, period: &str| {
            let line = lines(book, "support", "ideas_and_pilots", period).remove(0);
            line.split(" | ").skip(5).take(3).collect::<Vec<_>>().join(" | ")
        };
        assert_eq!(["2026-05", "2026-06"].map(|period| of(&book, period)), ["- | - | -", "18 | -40% | 5"]);
        // Without a day of measurement it is known from the decision on.
        let undated = book.replace("measured_on = 2026-06-16\n", "");
        assert_eq!(["2026-10", "2026-11"].map(|period| of(&undated, period)), ["- | - | -", "18 | -40% | 5"]);
    }

    #[test]
    fn an_idea_decided_later_was_overdue() {
        assert_eq!(
            lines(BOOK, "support", "ideas_and_pilots", "2026-10"),
            ["li-na | template | 纪要模板 | - | 30 | 18 | -40% | - | 2026-06-30 | - | true"]
        );
    }
}
