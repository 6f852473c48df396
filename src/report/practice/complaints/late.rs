//! Complaints decided late: a breach stays one, closed or not.

use super::super::{Col, Input, Sheet, days};
use super::Case;
use crate::table::Table;
use crate::text::Text;

const LATE: Sheet = Sheet {
    name: "late_complaints",
    title: Text::new("Complaints decided late", "超时限作出处理决定的投诉"),
    columns: &[
        Col::text("client", "Client", "客户"),
        Col::text("id", "Complaint", "投诉编号"),
        Col::date("received", "Received", "受理日"),
        Col::date("limit", "Limit", "时限"),
        Col::date("decided", "Decided", "处理决定日"),
        Col::count("days", "Days late", "超期天数"),
        Col::date("closed", "Closed", "办结日"),
        Col::text("handler", "Handler", "处理人"),
        Col::text("about", "About", "被投诉人"),
    ],
};

/// The complaints decided in the period after their limit, closed or not.
pub(super) fn table(input: &Input<'_>, runs: &[Case<'_>]) -> Table {
    let decided = |case: &Case<'_>| {
        let day = case.step(case.complaint.decided).filter(|day| input.is_in(*day))?;
        let limit = input.deadlines.complaint_decision(&case.complaint);
        (day.0 > limit).then_some((day.0, limit))
    };
    let rows = runs.iter().filter_map(|case| {
        let (day, limit) = decided(case)?;
        let complaint = &case.complaint;
        Some(vec![
            case.client.into(),
            complaint.id.as_str().into(),
            complaint.received.0.into(),
            limit.into(),
            day.into(),
            days((day - limit).num_days()),
            complaint.closed.map(|closed| closed.0).into(),
            complaint.handler.as_deref().into(),
            complaint.about.as_deref().into(),
        ])
    });
    LATE.filled(input, rows)
}

#[cfg(test)]
mod tests {
    use super::super::super::lines;

    #[test]
    fn a_decision_told_late_is_listed_though_the_complaint_is_closed() {
        let complaint = |id: &str, decided: &str| {
            format!(
                "[[complaints]]\nid = '{id}'\nreceived = 2026-10-01\nconfirmed = 2026-10-02\nproposed = 2026-10-05\n\
                 decided = 2026-10-{decided}\nfollowed_up = 2026-10-21\nsatisfied = true\nclosed = 2026-10-22\nabout = 'li'\n"
            )
        };
        let book = format!(
            "# file: managers/li.toml\nname = '李娜'\n# file: clients/a.toml\nname = '甲'\ntier = 'key'\nstatus = 'active'\n\
             manager = 'li'\n[results]\n2026-10 = {{ deposits = 1 }}\n{}{}",
            complaint("good", "16"),
            complaint("late", "20")
        );
        // 1 October and 15 natural days.
        assert_eq!(
            lines(&book, "complaints", "late_complaints", "2026-10"),
            ["a | late | 2026-10-01 | 2026-10-16 | 2026-10-20 | 4 | 2026-10-22 | - | li"]
        );
    }
}
