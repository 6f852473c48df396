//! Open warnings by the money behind them, and the risk register as a matrix.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::super::{Col, Input, Sheet, choice, days, number, signal_title};
use crate::record::client::{Client, VisitKind};
use crate::record::kind::RecordKind;
use crate::record::risk::{Risk, Warning};
use crate::table::{Cell, Table};
use crate::text::Text;

const WARNINGS: Sheet = Sheet {
    name: "open_warnings",
    title: Text::new("Open warnings by exposure", "未解除预警（按敞口）"),
    columns: &[
        Col::text("client", "Client", "客户"),
        Col::text("name", "Name", "客户名称"),
        Col::text("lead", "Lead", "主办客户经理"),
        Col::text("signal", "Signal", "预警信号"),
        Col::text("level", "Level", "级别"),
        Col::money("exposure", "Exposure", "敞口").bar(),
        Col::date("opened", "Opened", "触发日"),
        Col::date("due", "Limit", "处置时限"),
        Col::count("over_days", "Days over", "超期天数"),
        Col::date("on_site", "Last on site", "最近上门"),
        Col::text("action", "Action", "处置措施"),
    ],
};

const SIGNALS: Sheet = Sheet {
    name: "signals",
    title: Text::new("Signals the bank watches for", "预警信号清单"),
    columns: &[
        Col::text("id", "Id", "编号"),
        Col::text("what", "What is noticed", "信号及阈值"),
        Col::text("level", "Level", "级别"),
        Col::count("limit_days", "Days to deal with it", "处置时限（天）"),
        Col::count("clients", "Clients with it open", "未解除客户数"),
        Col::money("exposure", "Exposure", "敞口").bar(),
    ],
};

const MATRIX: Sheet = Sheet {
    name: "risk_matrix",
    title: Text::new("Risk register: likelihood by impact", "风险矩阵（可能性×影响程度）"),
    columns: &[
        Col::count("likelihood", "Likelihood", "可能性"),
        Col::count("impact_1", "Impact 1", "影响1"),
        Col::count("impact_2", "Impact 2", "影响2"),
        Col::count("impact_3", "Impact 3", "影响3"),
        Col::count("impact_4", "Impact 4", "影响4"),
        Col::count("impact_5", "Impact 5", "影响5"),
    ],
};

const REGISTER: Sheet = Sheet {
    name: "risk_register",
    title: Text::new("Risks, the gravest first", "风险清单（由重到轻）"),
    columns: &[
        Col::text("of", "Of", "所属"),
        Col::text("id", "Risk", "风险编号"),
        Col::text("kind", "Kind", "类别"),
        Col::text("what", "What", "风险描述"),
        Col::count("score", "Score", "分值").bar(),
        Col::text("owner", "Owner", "责任人"),
        Col::text("response", "Response", "应对措施"),
        Col::date("review", "Review", "复核日"),
        Col::count("over_days", "Days over", "超期天数"),
    ],
};

pub(super) fn tables(input: &Input<'_>) -> Vec<Table> {
    let mut risks = risks(input);
    risks.sort_by_key(|(of, _, risk)| (std::cmp::Reverse(score(risk)), *of));
    vec![warnings(input), signals(input), matrix(input, &risks), register(input, &risks)]
}

/// The last day the client's lead was at its premises.
fn on_site<'b>(input: &Input<'b>, client: &'b Client) -> Option<NaiveDate> {
    let lead = input.lead(client);
    let visits = client.visits.iter().filter(|visit| visit.kind == VisitKind::OnSite);
    let own = visits.filter(|visit| *visit.by == *lead || visit.with.iter().any(|who| **who == *lead));
    own.filter_map(|visit| input.past(Some(visit.date))).max()
}

fn warnings(input: &Input<'_>) -> Table {
    let mut rows: Vec<(Decimal, NaiveDate, Vec<Cell>)> = Vec::new();
    for (id, client) in input.clients() {
        for warning in client.warnings.iter().filter(|warning| is_open(input, warning)) {
            let exposure = input.drawn(client);
            let limit = input.deadlines.warning_limit(warning);
            let row = vec![
                id.into(),
                client.name.as_str().into(),
                input.lead(client).into(),
                warning.signal.as_str().into(),
                choice(RecordKind::Client, &["warnings", "level"], warning.level),
                number(exposure),
                warning.opened.0.into(),
                limit.into(),
                days(input.since(limit).max(0)),
                on_site(input, client).into(),
                warning.action.as_deref().into(),
            ];
            rows.push((exposure, warning.opened.0, row));
        }
    }
    rows.sort_by_key(|(exposure, opened, _)| (std::cmp::Reverse(*exposure), *opened));
    WARNINGS.filled(input, rows.into_iter().map(|(.., row)| row))
}

/// The bank's list of signals, the gravest first, with how many are open and what is exposed under them.
fn signals(input: &Input<'_>) -> Table {
    let mut open: BTreeMap<&str, (usize, Decimal)> = BTreeMap::new();
    for (_, client) in input.clients() {
        let own = client.warnings.iter().filter(|warning| is_open(input, warning));
        let listed = |warning: &Warning| Some(input.book.settings.signal(&warning.signal)?.0);
        for signal in own.filter_map(listed).collect::<BTreeSet<_>>() {
            let (clients, exposure) = open.entry(signal).or_default();
            *clients += 1;
            *exposure += input.drawn(client);
        }
    }
    let mut listed: Vec<_> = input.book.settings.signals.iter().collect();
    listed.sort_by_key(|(name, signal)| (signal.level, *name));
    let rows = listed.into_iter().map(|(name, signal)| {
        let (clients, exposure) = open.get(name.as_str()).copied().unwrap_or_default();
        let limit = input.deadlines.signal_limit(name, signal.level);
        vec![
            name.as_str().into(),
            Cell::Titled { key: name.as_str().to_owned(), title: signal_title(signal) },
            choice(RecordKind::Client, &["warnings", "level"], signal.level),
            Cell::Count(limit.days.into()),
            clients.into(),
            number(exposure),
        ]
    });
    SIGNALS.filled(input, rows)
}

fn is_open(input: &Input<'_>, warning: &Warning) -> bool {
    warning.opened.0 <= input.as_of && input.past(warning.closed).is_none()
}

fn score(risk: &Risk) -> u8 {
    risk.likelihood.0 * risk.impact.0
}

/// A risk with the client or team it stands in, and who leads that.
type Held<'b> = (&'b str, Option<&'b str>, &'b Risk);

/// The risks of clients and teams in scope that are open on the report's day.
fn risks<'b>(input: &Input<'b>) -> Vec<Held<'b>> {
    let of_clients = input.clients().flat_map(|(id, client)| {
        let lead = Some(input.lead(client));
        client.risks.iter().map(move |risk| (id, lead, risk))
    });
    let of_teams = input.teams().flat_map(|(id, team)| {
        let lead = team.lead_on(input.as_of).map(|lead| &**lead);
        team.risks.iter().map(move |risk| (id, lead, risk))
    });
    let is_open = |risk: &Risk| {
        risk.identified.is_none_or(|day| day.0 <= input.as_of) && input.past(risk.closed).is_none()
    };
    of_clients.chain(of_teams).filter(|(.., risk)| is_open(risk)).collect()
}

fn matrix(input: &Input<'_>, risks: &[Held<'_>]) -> Table {
    let rows = (1..=5_u8).rev().map(|likelihood| {
        let count = |impact: u8| -> Cell {
            let here = |(.., risk): &&Held<'_>| risk.likelihood.0 == likelihood && risk.impact.0 == impact;
            risks.iter().filter(here).count().into()
        };
        [Cell::Count(likelihood.into())].into_iter().chain((1..=5).map(count)).collect()
    });
    MATRIX.filled(input, rows)
}

fn register(input: &Input<'_>, risks: &[Held<'_>]) -> Table {
    let rows = risks.iter().map(|(of, lead, risk)| {
        vec![
            (*of).into(),
            risk.id.as_str().into(),
            choice(RecordKind::Client, &["risks", "kind"], risk.kind),
            risk.what.as_str().into(),
            Cell::Count(score(risk).into()),
            risk.owner.as_deref().or(*lead).into(),
            risk.response.as_deref().into(),
            risk.review.map(|day| day.0).into(),
            days(risk.review.map(|day| input.since(day.0).max(0))),
        ]
    });
    REGISTER.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::super::lines;

    fn client(id: &str, drawn: u32, rest: &str) -> String {
        format!(
            "# file: clients/{id}.toml\nname = '{id}'\ntier = 'base'\nstatus = 'active'\nmanager = 'li-na'\n\
             facilities = [{{ id = 'a', product = 'x', limit = 900, drawn = {drawn}, class = 'normal' }}]\n{rest}"
        )
    }

    #[test]
    fn warnings_stand_by_the_money_behind_them() {
        let red = "warnings = [{ opened = 2026-10-01, signal = '欠息', level = 'red' }]\n\
                   visits = [{ date = 2026-09-01, by = 'wang-fang', kind = 'on-site' }]\n";
        let later = "warnings = [{ opened = 2026-10-20, signal = '涉诉', level = 'yellow', closed = 2026-11-03 }]\n\
                     visits = [{ date = 2026-10-21, by = 'li-na', kind = 'on-site' }]\n\
                     [[risks]]\nid = 'fx'\nkind = 'market'\nwhat = '汇率'\nlikelihood = 3\nimpact = 4\nreview = 2026-10-21\n";
        let book = [
            "# file: rmbook.toml\nname = '测试支行'\n# file: managers/li-na.toml\nname = '李娜'\n\
             # file: managers/wang-fang.toml\nname = '王芳'\n"
                .to_owned(),
            client("small", 100, red),
            client("big", 800, later),
        ]
        .concat();
        // Red within 7 days of the 1st; the visit to the small client was not its lead's.
        assert_eq!(
            lines(&book, "risk", "open_warnings", "2026-10"),
            [
                "big | big | li-na | 涉诉 | yellow | 800 | 2026-10-20 | 2026-11-19 | 0 | 2026-10-21 | -",
                "small | small | li-na | 欠息 | red | 100 | 2026-10-01 | 2026-10-08 | 23 | - | -",
            ]
        );
        // A warning that names a signal of the list is named as the list names it, and counted there.
        let listed = book.replace("'欠息'", "'litigation'");
        assert!(lines(&listed, "risk", "open_warnings", "2026-10")[1].contains("| litigation | red |"));
        assert!(
            lines(&listed, "risk", "signals", "2026-10")
                .contains(&"litigation | litigation | red | 7 | 1 | 100".to_owned())
        );
        assert_eq!(lines(&book, "risk", "risk_matrix", "2026-10")[2], "3 | 0 | 0 | 0 | 1 | 0");
        assert_eq!(
            lines(&book, "risk", "risk_register", "2026-10"),
            ["big | fx | market | 汇率 | 12 | li-na | - | 2026-10-21 | 10"]
        );
    }
}
