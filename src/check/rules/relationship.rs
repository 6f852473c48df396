//! What a client's record holds, against the time in which it was a client.

use super::{check, client};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::record::client::Client;
use crate::record::figure::Figures;
use crate::source::Place;
use crate::text::Text;

pub(super) static RULES: &[&Check] = &[&BEYOND_RELATIONSHIP];

check! {
    BEYOND_RELATIONSHIP = "RM225" "beyond-relationship" Warn Client(beyond_relationship);
    title: "figures of a month in which the client was none", "客户关系存续期以外的月份有数据";
    why: "Growth and profit count them, the number of clients, gains and losses do not: one book has two totals.", "增长、利润计入该数据，户数与新增流失则不计，同一账簿口径不一。";
    mend: "Correct the month, or `since` and `closed`. Take out what a group's other client earned.", "请更正月份或 `since`、`closed`；属集团其他客户的，请移出。";
    says: "{month} is {why}", "{month} {why}";
    example: client!("since = 2026-08-10\n[results]\n2026-07 = { deposits = 10 }\n2026-08 = { deposits = 1000 }\n\
        2026-09 = { deposits = 1000 }\n2026-10 = { deposits = 1000 }\n");
    mended: "2026-07 = { deposits = 10 }\n" => "2026-07 = { deposits = 0 }\n";
    entry: Remark;
}

const BEFORE_RELATIONSHIP: Text = Text::new("before `since`, {day}", "早于 `since`（{day}）");
const AFTER_RELATIONSHIP: Text = Text::new("after `closed`, {day}", "晚于 `closed`（{day}）");

fn beyond_relationship(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let Client { since, closed, results, .. } = &client.data;
    let stands = |figures: &Figures| {
        let mut amounts = figures.iter().flat_map(|(_, figure)| [figure.avg, figure.end]);
        amounts.any(|amount| amount.is_some_and(|amount| !amount.0.is_zero()))
    };
    for (month, _) in results.iter().filter(|(_, figures)| stands(figures)) {
        let why = match (since, closed) {
            (Some(since), _) if month.last_day() < since.0 => msg!(BEFORE_RELATIONSHIP, day = since.0),
            (_, Some(closed)) if month.first_day() > closed.0 => msg!(AFTER_RELATIONSHIP, day = closed.0),
            _ => continue,
        };
        let place = Place::key(client.file, path!["results", month.to_string()]);
        found.push(fires!(BEYOND_RELATIONSHIP, place, month = month.to_string(), why = why));
    }
}
