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
pub(super) fn table(input: &Input<'_>, cases: &[Case<'_>]) -> Table {
    let decided = |case: &Case<'_>| {
        let day = case.step(case.complaint.decided).filter(|day| input.is_in(*day))?;
        let limit = input.deadlines.complaint_decision(&case.complaint);
        (day.0 > limit).then_some((day.0, limit))
    };
    let rows = cases.iter().filter_map(|case| {
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
