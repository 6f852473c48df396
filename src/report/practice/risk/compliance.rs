//! Findings of audits, covenants, and gifts and conflicts declared: what is still to be put right or looked at.

use chrono::NaiveDate;

use super::super::{Col, Input, Sheet, choice, days, number};
use crate::record::kind::RecordKind;
use crate::table::{Cell, Table};
use crate::text::Text;

const FINDINGS: Sheet = Sheet {
    name: "audit_findings",
    title: Text::new("Audit findings to be put right", "待整改审计检查问题"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("severity", "Severity", "严重程度"),
        Col::text("what", "Finding", "问题描述"),
        Col::text("source", "Found by", "检查方"),
        Col::text("client", "Client", "涉及客户"),
        Col::date("date", "Found", "认定日"),
        Col::date("due", "Due", "整改期限"),
        Col::count("over_days", "Days over", "超期天数").bar(),
        Col::number("points", "Points", "扣分"),
    ],
};

const COVENANTS: Sheet = Sheet {
    name: "covenants",
    title: Text::new("Covenants to test, and covenants broken", "待检验及违反的约束条件"),
    columns: &[
        Col::text("client", "Client", "客户"),
        Col::text("lead", "Lead", "主办客户经理"),
        Col::text("what", "Covenant", "约束条件"),
        Col::text("facility", "Facility", "授信编号"),
        Col::date("due", "Due", "应检验日"),
        Col::date("tested", "Tested", "检验日"),
        Col::flag("kept", "Kept", "是否符合"),
        Col::count("over_days", "Days over", "超期天数"),
        Col::money("drawn", "Principal", "用信余额"),
    ],
};

const DECLARATIONS: Sheet = Sheet {
    name: "declarations",
    title: Text::new("Gifts and conflicts of interest nobody has looked at", "待审核的礼品及利益冲突申报"),
    columns: &[
        Col::text("manager", "Manager", "客户经理"),
        Col::text("kind", "Kind", "申报类别"),
        Col::text("what", "What", "申报内容"),
        Col::text("client", "Client", "涉及客户"),
        Col::money("value", "Value", "估计价值"),
        Col::date("date", "Declared", "申报日"),
        Col::count("waiting_days", "Days waiting", "等待天数"),
    ],
};

pub(super) fn tables(input: &Input<'_>) -> Vec<Table> {
    vec![findings(input), covenants(input), declarations(input)]
}

fn over(input: &Input<'_>, due: Option<NaiveDate>) -> Cell {
    days(due.map(|due| input.since(due).max(0)))
}

/// Every manager in scope, also those who left: what they leave behind is still to be put right.
fn findings(input: &Input<'_>) -> Table {
    let managers = input.book.managers.iter().filter(|record| input.covers(&record.id));
    let all = managers
        .flat_map(|record| record.data.audit_findings.iter().map(move |finding| (&*record.id, finding)));
    let is_open = |finding: &crate::record::conduct::AuditFinding| {
        finding.date.0 <= input.as_of && input.past(finding.rectified).is_none()
    };
    let mut open: Vec<_> = all.filter(|(_, finding)| is_open(finding)).collect();
    open.sort_by_key(|(id, finding)| (std::cmp::Reverse(finding.severity), finding.due, *id));
    let rows = open.into_iter().map(|(id, finding)| {
        vec![
            id.into(),
            choice(RecordKind::Manager, &["audit_findings", "severity"], finding.severity),
            finding.what.as_str().into(),
            finding.source.as_deref().into(),
            finding.client.as_deref().into(),
            finding.date.0.into(),
            finding.due.map(|due| due.0).into(),
            over(input, finding.due.map(|due| due.0)),
            number(finding.points.map(|points| points.0)),
        ]
    });
    FINDINGS.filled(input, rows)
}

fn covenants(input: &Input<'_>) -> Table {
    let mut table = COVENANTS.table(input);
    for (id, client) in input.clients() {
        for covenant in &client.covenants {
            let tested = input.past(covenant.tested);
            let due = covenant.due.map(|due| due.0);
            let is_due = due.is_some_and(|due| due <= input.as_of && !input.deadlines.is_tested(due, tested));
            let kept = covenant.kept.filter(|_| tested.is_some());
            if !is_due && kept != Some(false) {
                continue;
            }
            table.push(vec![
                id.into(),
                input.lead(client).into(),
                covenant.what.as_str().into(),
                covenant.facility.as_deref().into(),
                due.into(),
                tested.into(),
                kept.map_or(Cell::Missing, Cell::Flag),
                over(input, due.filter(|_| is_due)),
                number(input.drawn(client)),
            ]);
        }
    }
    table
}

fn declarations(input: &Input<'_>) -> Table {
    let all =
        input.managers().flat_map(|(id, manager)| manager.declarations.iter().map(move |own| (id, own)));
    let waits = |(_, own): &(&str, &crate::record::conduct::Declaration)| {
        own.date.0 <= input.as_of && input.past(own.reviewed).is_none()
    };
    let mut waiting: Vec<_> = all.filter(waits).collect();
    waiting.sort_by_key(|(id, own)| (own.date, *id));
    let rows = waiting.into_iter().map(|(id, own)| {
        vec![
            id.into(),
            choice(RecordKind::Manager, &["declarations", "kind"], own.kind),
            own.what.as_str().into(),
            own.client.as_deref().into(),
            number(own.value.map(|value| value.0)),
            own.date.0.into(),
            days(input.since(own.date.0)),
        ]
    });
    DECLARATIONS.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::super::lines;

    const BOOK: &str = r#"
# file: rmbook.toml
name = "测试支行"
# file: managers/gone.toml
name = "已离职"
left = 2026-01-31
audit_findings = [{ date = 2025-12-01, what = "资料缺失", severity = "minor" }]
# file: managers/li-na.toml
name = "李娜"
audit_findings = [
    { date = 2026-08-20, what = "检查报告不全", severity = "major", due = 2026-09-30, rectified = 2026-11-05, points = 2 },
    { date = 2026-08-20, what = "已整改", severity = "major", rectified = 2026-09-11 },
]
declarations = [{ date = 2026-10-21, kind = "gift", what = "礼盒", reviewed = 2026-11-02 }]
# file: clients/acme.toml
name = "华东精密"
tier = "key"
manager = "li-na"
status = "active"
covenants = [
    { what = "资产负债率不高于70%", due = 2026-09-30, tested = 2026-06-30, kept = true },
    { what = "不得对外担保", tested = 2026-10-10, kept = false },
    { what = "流动比率", due = 2026-09-30, tested = 2026-10-02, kept = true },
]
"#;

    #[test]
    fn what_was_put_right_later_was_open() {
        assert_eq!(
            lines(BOOK, "risk", "audit_findings", "2026-10"),
            [
                "li-na | major | 检查报告不全 | - | - | 2026-08-20 | 2026-09-30 | 31 | 2",
                "gone | minor | 资料缺失 | - | - | 2025-12-01 | - | - | -",
            ]
        );
        assert_eq!(
            lines(BOOK, "risk", "declarations", "2026-10"),
            ["li-na | gift | 礼盒 | - | - | 2026-10-21 | 10"]
        );
    }

    #[test]
    fn a_covenant_is_due_or_broken() {
        assert_eq!(
            lines(BOOK, "risk", "covenants", "2026-10"),
            [
                "acme | li-na | 资产负债率不高于70% | - | 2026-09-30 | 2026-06-30 | true | 31 | 0",
                "acme | li-na | 不得对外担保 | - | - | 2026-10-10 | false | - | 0",
            ]
        );
    }
}
