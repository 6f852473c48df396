//! What an appraisal must rest on: enough raters, closing in time, no deferred pay released while a case is open, amendments
//! that hold.

use std::collections::BTreeMap;

use super::{check, review};
use crate::book::Record;
use crate::book::ledger::open_case;
use crate::check::{Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::period::{Grain, Period};
use crate::record::amendment::Short;
use crate::record::review::{RaterGroup, Review};
use crate::record::scorecard::LedgerKind;
use crate::source::Place;
use crate::text::{Message, Text, check as say};

pub(super) static RULES: &[&Check] = &[
    &TOO_FEW_RATERS,
    &RESULT_NOT_FROZEN,
    &PERIOD_NOT_CLOSED,
    &RELEASED_UNDER_CASE,
    &APPEAL_OUT_OF_ORDER,
    &AMENDMENT_WITHOUT_EFFECT,
    &PLAN_WITHOUT_RESULT,
    &PLAN_WITHOUT_END,
];

check! {
    TOO_FEW_RATERS = "RM611" "too-few-raters" Warn Review(too_few_raters);
    title: "fewer colleagues rated than make a rating", "同级评价人数不足";
    why: "The mean of two ratings is an opinion, and everybody knows whose.", "两人的平均分只是个人意见，且评价人易被识别。";
    mend: "Ask more colleagues. The number is `peer_raters` under `[management]` in `rmbook.toml`.",
        "请增加评价人；人数见 `rmbook.toml` 中 `[management]` 的 `peer_raters`。";
    says: "ratings by colleagues: {count}, at least {least} are asked for", "同级评价 {count} 人，要求不少于 {least} 人";
    example: review!("[[ratings]]\ngroup = \"peer\"\nby = \"li-na\"\nitem = \"cooperation\"\nscore = 90\n");
    mended: "[[ratings]]" => "[[anonymous]]\ngroup = \"peer\"\nitem = \"cooperation\"\nn = 3\nsum = 270\n[[ratings]]";
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
    RESULT_NOT_FROZEN = "RM612" "result-not-frozen" Warn Review(result_not_frozen);
    title: "a result was published or acknowledged before it was frozen", "考核结果未经封存即公布或确认";
    why: "What was acknowledged may change the next day: it refers to nothing that stays.", "未封存的结果随时可能变动，确认便无所指。";
    mend: "Close the period first (`rmbook close PERIOD`), then publish, then have it acknowledged. What was closed anew is published and \
        acknowledged anew: enter the days on which that was done.",
        "请先封存（`rmbook close 考核期`），再公布，再确认；重新封存的结果须重新公布、重新确认，并改填相应日期。";
    says: "{what} on {day}, and {closed}", "{day} {what}，{closed}";
    example: review!("published = 2026-10-28\n[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-30\nrating = \"B\"\n");
    mended: "closed_on = 2026-10-30" => "closed_on = 2026-10-27";
}

const PUBLISHED: Text = Text::new("published", "公布");
const ACKNOWLEDGED: Text = Text::new("acknowledged", "确认");

const NOT_BY_THEN: Text = Text::new("not closed by then", "其时尚未封存");
const CLOSED_LATER: Text = Text::new("what is closed was closed on {day}", "现封存结果封存于 {day}");

fn result_not_frozen(_: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let last = review.data.closed.values().map(|closed| closed.closed_on).max();
    let early = review.data.told().find(|(_, day)| last.is_none_or(|closed| closed > *day));
    let Some((key, day)) = early else { return };
    let what = if key == "published" { PUBLISHED } else { ACKNOWLEDGED };
    let closed = last.map_or(NOT_BY_THEN.into(), |last| msg!(CLOSED_LATER, day = last.0));
    let place = Place::value(review.file, path![key]);
    found.push(fires!(RESULT_NOT_FROZEN, place, what = what, day = day.0, closed = closed));
}

check! {
    PERIOD_NOT_CLOSED = "RM613" "period-not-closed" Warn Book(period_not_closed);
    title: "a period that is over was not closed", "考核期结束后未封存";
    why: "What is not frozen changes under the feet of whoever was paid by it.", "未封存的结果随时可能变动，影响已据此发放的薪酬。";
    mend: "Close it: `rmbook close PERIOD`. The limit is `close` under `[management]` in `rmbook.toml`.",
        "请办理封存：`rmbook close 考核期`；时限见 `rmbook.toml` 中 `[management]` 的 `close`。";
    says: "{period} was to be closed by {deadline}", "{period} 应于 {deadline} 前封存";
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
        let deadline = context.deadlines.closing(period);
        // Closed without this manager, nobody scored the manager then.
        let is_closed = context.book.settings.closed.values().any(|closed| closed.contains_key(&period));
        let in_use = !is_closed && first.get(&period.grain()).is_some_and(|first| *first < period);
        if in_use && deadline < context.today {
            let place = Place::value(review.file, path!["period"]);
            found.push(fires!(PERIOD_NOT_CLOSED, place, period = period.to_string(), deadline = deadline));
        }
    }
    // A period that nobody has written a review of is owed as well.
    let settings = context.book.settings_file.filter(|file| context.options.wants(*file));
    let Some(file) = settings else { return };
    for owed in context.deadlines.closings(context.book, context.today) {
        let of_period = || context.book.reviews.iter().filter(|review| review.data.period == owed.period);
        let is_said = of_period().any(|review| review.data.closed.is_empty());
        if !is_said && owed.due < context.today {
            let place = Place::key(file, path!["closed", owed.scheme]);
            let period = owed.period.to_string();
            found.push(fires!(PERIOD_NOT_CLOSED, place, period = period, deadline = owed.due));
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
    example: review!("[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\npay_total = 9\n\
        deferral = [{ due = \"2026\", amount = 3 }]\n[[ledger]]\ndate = 2026-10-20\nkind = \"release\"\namount = 3\n\
        # file: clients/acme.toml\nname = \"Acme Precision\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n\
        [[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 100\ndrawn = 0\nclass = \"substandard\"\nclass_since = 2026-10-01\n\
        settled = 2026-10-25\nhistory = [{ until = 2026-10-24, drawn = 80 }]\noriginated_by = \"wang-fang\"\n[[checks]]\nkind = \"special\"\ndue = 2026-10-05\ndone = 2026-10-05\n\
        [[visits]]\ndate = 2026-09-18\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "kind = \"release\"" => "kind = \"holdback\"";
}

fn released_under_case(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let releases = review.data.ledger.iter().enumerate();
    for (index, entry) in releases.filter(|(_, entry)| entry.kind == LedgerKind::Release) {
        let case = open_case(context.book, &review.data.manager, entry.date);
        if let Some((client, facility)) = case {
            let place = Place::value(review.file, path!["ledger", index, "kind"]);
            let id = &client.data.facilities[facility].id;
            let finding = fires!(RELEASED_UNDER_CASE, place, facility = id, client = &*client.id);
            let class = Place::value(client.file, path!["facilities", facility, "class"]);
            found.push(finding.label(class, say::NON_PERFORMING_HERE.into()));
        }
    }
}

check! {
    APPEAL_OUT_OF_ORDER = "RM615" "appeal-out-of-order" Warn Review(appeal_out_of_order);
    title: "an appeal or an acknowledgement is out of order", "申诉或确认程序不符";
    why: "An appeal that skips a step can be disputed again.", "程序有缺失的申诉裁定仍可被质疑。";
    mend: "Enter who decided and when, or take back what cannot stand beside the appeal.", "请补填裁定人与日期，或撤销与申诉相冲突的记录。";
    says: "{why}", "{why}";
    example: review!("[appeal]\ndate = 2026-10-28\nreason = \"handover not counted\"\ndecided = 2026-10-30\nupheld = false\n");
    mended: "decided = 2026-10-30" => "decided = 2026-10-30\nby = \"li-na\"";
}

const NO_JUDGE: Text = Text::new(
    "the appeal was decided on {day}, and nobody says by whom",
    "申诉已于 {day} 裁定，未注明裁定人",
);
const NO_OUTCOME: Text = Text::new(
    "the appeal was decided on {day}, and nobody says whether it was upheld",
    "申诉已于 {day} 裁定，未注明是否成立",
);
const NO_DAY: Text =
    Text::new("the appeal has a decision, and no day of it", "申诉已有裁定意见，未注明裁定日");
const TOO_LATE: Text =
    Text::new("appealed on {day}; the limit passed on {deadline}", "{day} 提出申诉，期限 {deadline} 已过");
const LAPSED_EARLY: Text = Text::new(
    "lapsed on {day}, while the limit runs until {deadline}",
    "{day} 即作逾期视同确认，而期限至 {deadline}",
);
const ACKNOWLEDGED_TOO: Text =
    Text::new("lapsed, and acknowledged on {day}", "逾期视同确认，又于 {day} 确认");
const BOTH: Text = Text::new("acknowledged on {day}, and appealed", "已于 {day} 确认，又提出申诉");
const UNPUBLISHED: Text = Text::new("acknowledged on {day}, and never published", "{day} 确认，但未见公布日");

fn appeal_out_of_order(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let Review { published, acknowledged, lapsed, appeal, .. } = &review.data;
    let mut push =
        |path, why| found.push(fires!(APPEAL_OUT_OF_ORDER, Place::value(review.file, path), why = why));
    if let Some(day) = acknowledged.filter(|_| published.is_none()) {
        push(path!["acknowledged"], msg!(UNPUBLISHED, day = day.0));
    }
    let limit = context.book.settings.management.acknowledge;
    let deadline = published.map(|published| context.calendar.deadline(published.0, limit));
    if let Some((day, deadline)) = lapsed.zip(deadline).filter(|(day, deadline)| day.0 < *deadline) {
        push(path!["lapsed"], msg!(LAPSED_EARLY, day = day.0, deadline = deadline));
    }
    if let Some((day, _)) = acknowledged.zip(*lapsed) {
        push(path!["lapsed"], msg!(ACKNOWLEDGED_TOO, day = day.0));
    }
    let Some(appeal) = appeal else { return };
    // What was decided may be acknowledged afterwards.
    if let Some(day) = acknowledged.filter(|day| appeal.decided.is_none_or(|decided| decided > *day)) {
        push(path!["acknowledged"], msg!(BOTH, day = day.0));
    }
    if let Some(deadline) = deadline.filter(|deadline| appeal.date.0 > *deadline) {
        push(path!["appeal", "date"], msg!(TOO_LATE, day = appeal.date.0, deadline = deadline));
    }
    match appeal.decided {
        Some(day) => {
            let lacking = [(appeal.by.is_none(), NO_JUDGE), (appeal.upheld.is_none(), NO_OUTCOME)];
            for (_, text) in lacking.into_iter().filter(|(is_lacking, _)| *is_lacking) {
                push(path!["appeal", "decided"], msg!(text, day = day.0));
            }
        }
        None if appeal.upheld.is_some() => push(path!["appeal", "upheld"], NO_DAY.into()),
        None => {}
    }
}

check! {
    AMENDMENT_WITHOUT_EFFECT = "RM616" "amendment-without-effect" Deny Review(amendment_without_effect);
    title: "an amendment changes nothing of what is closed", "更正未改变任何封存内容";
    why: "Somebody decided on it and somebody approved it, and what is paid goes by what stands.",
        "更正已有人决定并经批准，但计发仍以有效的封存内容为准。";
    mend: "Let it start from what stands, on a day on or after the closing, or take it out; `rmbook close PERIOD --amend MANAGER` \
        writes those that are needed. A period that is closed again is frozen anew: what was decided before is amended once more.",
        "请将更正前的值改为当时有效的值、日期不早于封存日，或删除该更正；所需更正可用 `rmbook close 期间 --amend 客户经理` 登记。\
        重新封存的期间按现有记录重新封存，原有决定须再次登记更正。";
    says: "the amendment of `{field}` changes nothing: {why}", "对 `{field}` 的更正不生效：{why}";
    example: review!("[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\ntotal = 80\n\
        [[amendments]]\ndate = 2026-10-20\nfield = \"total\"\nfrom = \"81\"\nto = \"82\"\nwhy = \"typing error\"\nwho = \"Zhao Lei\"\napproved_by = \"Qian Wei\"\n");
    mended: "from = \"81\"" => "from = \"80\"";
    entry: Refuse;
}

const NOTHING_CLOSED: Text = Text::new("nothing of {period} is closed", "{period} 尚未封存");
const TOO_EARLY: Text = Text::new(
    "it is dated before the closing on {closed}, which froze {stood}",
    "日期早于封存日 {closed}，其时封存的是 {stood}",
);
const FROM_ELSEWHERE: Text =
    Text::new("it starts from {from}, and {stood} stands there", "更正前填 {from}，当时有效的是 {stood}");
const NO_VALUE: Text = Text::new("it states no value that the field can have", "未填该字段可取的值");

fn amendment_without_effect(_: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    for idle in review.data.idle_amendments() {
        let amendment = &review.data.amendments[idle.index];
        let stood = idle.stood.as_deref().unwrap_or("–").to_owned();
        let from = amendment.from.as_deref().unwrap_or_default();
        let (key, why): (&str, Message) = match (idle.short, idle.closed_on) {
            (Short::Early, Some(closed)) => ("date", msg!(TOO_EARLY, closed = closed, stood = stood)),
            (Short::From, _) => ("from", msg!(FROM_ELSEWHERE, from = from, stood = stood)),
            (Short::To, _) if amendment.to.is_some() => ("to", NO_VALUE.into()),
            (Short::To, _) => ("field", NO_VALUE.into()),
            _ => ("field", msg!(NOTHING_CLOSED, period = review.data.period.to_string())),
        };
        let place = Place::value(review.file, path!["amendments", idle.index, key]);
        found.push(fires!(AMENDMENT_WITHOUT_EFFECT, place, field = &amendment.field, why = why));
    }
}

check! {
    PLAN_WITHOUT_RESULT = "RM617" "plan-without-result" Warn Review(plan_without_result);
    title: "an improvement plan is over and nobody says what came of it", "改进计划已到期而无结果";
    why: "Whether somebody improved decides on the next step, and they wait to hear it.", "改进与否决定后续安排，当事人也在等待结论。";
    mend: "Enter `ended` and `result`; one that goes on is `extended`, with a plan of its own.",
        "请填写 `ended` 与 `result`；延期的填 `extended` 并另立计划。";
    says: "it ended on {deadline}, and `ended` or `result` is missing", "计划于 {deadline} 到期，`ended` 与 `result` 未填全";
    example: review!("[improvement_plan]\nstart = 2026-07-01\nuntil = 2026-09-30\ngoals = [\"ten visits a month\"]\n");
    mended: "until = 2026-09-30" => "until = 2026-09-30\nended = 2026-09-30\nresult = \"passed\"";
}

fn plan_without_result(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let Some(plan) = &review.data.improvement_plan else { return };
    if let Some((deadline, _)) = context.overdue(context.deadlines.improvement_plan(plan)) {
        let key = if plan.ended.is_some() { "ended" } else { "until" };
        let place = Place::value(review.file, path!["improvement_plan", key]);
        found.push(fires!(PLAN_WITHOUT_RESULT, place, deadline = deadline));
    }
}

check! {
    PLAN_WITHOUT_END = "RM618" "plan-without-end" Warn Review(plan_without_end);
    title: "an improvement plan has neither a last day nor a checkpoint", "改进计划既无截止日也无检查点";
    why: "Nobody looks at it again, and it stands for an answer to every low rating to come.", "计划无从跟踪，却一直视同已对低评级采取措施。";
    mend: "Enter `until`, and checkpoints: `rmbook add checkpoint`.", "请填写 `until`，并登记检查点：`rmbook add checkpoint`。";
    says: "the plan of {start} has no `until` and no checkpoint", "{start} 开始的改进计划未填 `until`，也未设检查点";
    example: review!("[improvement_plan]\nstart = 2026-10-15\ngoals = [\"ten visits a month\"]\n");
    mended: "goals" => "until = 2026-12-31\ngoals";
}

fn plan_without_end(_: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let Some(plan) = &review.data.improvement_plan else { return };
    if !review.data.is_plan_followed() && plan.ended.is_none() {
        let place = Place::value(review.file, path!["improvement_plan", "start"]);
        found.push(fires!(PLAN_WITHOUT_END, place, start = plan.start.0));
    }
}
