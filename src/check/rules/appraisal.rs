//! What an appraisal must rest on: enough raters, closing in time, no deferred pay released while a case is open.

use std::collections::BTreeMap;

use super::{check, review};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::period::{Grain, Period};
use crate::record::review::{RaterGroup, Review};
use crate::record::scorecard::LedgerKind;
use crate::source::Place;
use crate::text::check as say;

pub(super) static RULES: &[&Check] = &[&TOO_FEW_RATERS, &PERIOD_NOT_CLOSED, &RELEASED_UNDER_CASE];

check! {
    TOO_FEW_RATERS = "RM611" "too-few-raters" Warn Review(too_few_raters);
    title: "fewer colleagues rated than make a rating", "同级评价人数不足";
    why: "The mean of two ratings is an opinion, and everybody knows whose.", "两人的平均分只是个人意见，且评价人易被识别。";
    mend: "Ask more colleagues. The number is `peer_raters` under `[management]` in `rmbook.toml`.",
        "请增加评价人；人数见 `rmbook.toml` 中 `[management]` 的 `peer_raters`。";
    says: "{count} colleagues rated; {least} are asked for", "同级评价 {count} 人，要求不少于 {least} 人";
    example: review!("[[anonymous]]\ngroup = \"peer\"\nitem = \"cooperation\"\nn = 2\nsum = 180\n");
    mended: "n = 2\nsum = 180" => "n = 3\nsum = 270";
}

fn too_few_raters(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let least = context.book.settings.management.peer_raters;
    let mut items: BTreeMap<Option<&str>, (u32, &str, usize)> = BTreeMap::new();
    for (index, rating) in review.data.ratings.iter().enumerate() {
        if rating.group == RaterGroup::Peer {
            items.entry(rating.item.as_deref()).or_insert((0, "ratings", index)).0 += 1;
        }
    }
    for (index, rating) in review.data.anonymous.iter().enumerate() {
        if rating.group == RaterGroup::Peer {
            items.entry(rating.item.as_deref()).or_insert((0, "anonymous", index)).0 += rating.n;
        }
    }
    for (count, list, index) in items.into_values().filter(|(count, ..)| *count < least) {
        let place = Place::value(review.file, path![list, index]);
        found.push(fires!(TOO_FEW_RATERS, place, count = count, least = least));
    }
}

check! {
    PERIOD_NOT_CLOSED = "RM613" "period-not-closed" Warn Book(period_not_closed);
    title: "a period that is over was not closed", "考核期结束后未关账";
    why: "What is not frozen changes under the feet of whoever was paid by it.", "未封存的结果随时可能变动，影响已据此发放的薪酬。";
    mend: "Close it: `rmbook close PERIOD`. The limit is `close` under `[management]` in `rmbook.toml`.",
        "请关账：`rmbook close 考核期`；时限见 `rmbook.toml` 中 `[management]` 的 `close`。";
    says: "{period} was to be closed by {deadline}", "{period} 应于 {deadline} 前关账";
    example: review!("# file: reviews/2026-08/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-08\"\n\
        # file: reviews/2026-07/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-07\"\n\
        [closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-08-15\n");
    mended: "period = \"2026-08\"" => "period = \"2026-08\"\n[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-09-15";
}

fn period_not_closed(context: &Context<'_>, found: &mut Found) {
    // A book that has never closed such a period does not work that way.
    let mut first: BTreeMap<Grain, Period> = BTreeMap::new();
    for review in context.book.reviews.iter().filter(|review| !review.data.closed.is_empty()) {
        let period = review.data.period;
        let known = first.entry(period.grain()).or_insert(period);
        *known = period.min(*known);
    }
    for review in context.wanted(&context.book.reviews).filter(|review| review.data.closed.is_empty()) {
        let period = review.data.period;
        let limit = context.book.settings.management.close;
        let deadline = context.calendar.deadline(period.last_day(), limit);
        let in_use = first.get(&period.grain()).is_some_and(|first| *first < period);
        if in_use && deadline < context.today {
            let place = Place::value(review.file, path!["period"]);
            found.push(fires!(PERIOD_NOT_CLOSED, place, period = period.to_string(), deadline = deadline));
        }
    }
}

check! {
    RELEASED_UNDER_CASE = "RM614" "released-under-case" Deny Review(released_under_case);
    title: "deferred pay was released while a loan of the manager's was non-performing", "名下贷款不良未结即兑付延期薪酬";
    why: "Pay is deferred for the very case that a loan goes bad; released, it must be clawed back.",
        "延期支付正是为不良责任而设，责任未清即兑付，事后只能追索。";
    mend: "Book a `holdback` instead until responsibility is settled.", "责任认定前请改记暂扣（`holdback`）。";
    says: "released, and `{facility}` of `{client}`, which this manager originated, is non-performing",
        "已兑付，而经办的“{client}”授信“{facility}”为不良";
    example: review!("[[ledger]]\ndate = 2026-10-20\nkind = \"release\"\namount = 3\n\
        # file: clients/acme.toml\nname = \"Acme Precision\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n\
        [[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 100\ndrawn = 0\nclass = \"substandard\"\nclass_since = 2026-10-01\n\
        settled = 2026-10-25\nhistory = [{ until = 2026-10-24, drawn = 80 }]\noriginated_by = \"wang-fang\"\n[[checks]]\nkind = \"special\"\ndue = 2026-10-05\ndone = 2026-10-05\n\
        [[visits]]\ndate = 2026-09-18\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "kind = \"release\"" => "kind = \"holdback\"";
}

fn released_under_case(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let releases = review.data.ledger.iter().enumerate();
    for (index, entry) in releases.filter(|(_, entry)| entry.kind == LedgerKind::Release) {
        let bad = context.book.clients.iter().find_map(|client| {
            let facility = client.data.facilities.iter().position(|facility| {
                facility.originated_by.as_ref() == Some(&review.data.manager)
                    && facility.class.is_npl()
                    && facility.class_since.is_some_and(|since| since <= entry.date)
                    && facility.settled.is_none_or(|settled| settled > entry.date)
            })?;
            Some((client, facility))
        });
        if let Some((client, facility)) = bad {
            let place = Place::value(review.file, path!["ledger", index, "kind"]);
            let id = &client.data.facilities[facility].id;
            let finding = fires!(RELEASED_UNDER_CASE, place, facility = id, client = &*client.id);
            let class = Place::value(client.file, path!["facilities", facility, "class"]);
            found.push(finding.label(class, say::NON_PERFORMING_HERE.into()));
        }
    }
}
