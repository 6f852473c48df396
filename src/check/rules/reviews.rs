//! Appraisals: who may rate and decide, what must follow.

use chrono::NaiveDate;

use super::{check, review};
use crate::book::deadline::may_talk;
use crate::book::head::{appraised, is_above, is_above_on};
use crate::book::pattern::{RatingOf, mutual_top_ratings};
use crate::book::{Book, Record};
use crate::check::{Check, Context, Found, fires};
use crate::diag::Finding;
use crate::msg;
use crate::path;
use crate::record::client::Client;
use crate::record::review::{RaterGroup, Rating, Review};
use crate::source::Place;
use crate::text::{Arg, Message, Text, check as say};

pub(super) static RULES: &[&Check] = &[
    &LOW_RATING_WITHOUT_TALK,
    &APPEAL_PAST_LIMIT,
    &APPEAL_DECIDED_BY_REVIEWER,
    &RATING_BY_WRONG_HAND,
    &RESULT_NOT_ACKNOWLEDGED,
    &CLOSED_UNDER_APPEAL,
    &AMENDMENT_SELF_APPROVED,
    &RECIPROCAL_RATINGS,
    &CHECKPOINT_OVERDUE,
];

check! {
    LOW_RATING_WITHOUT_TALK = "RM602" "low-rating-without-talk" Warn Review(low_rating_without_talk);
    title: "a low rating was not followed by a talk", "低评级后未作绩效面谈";
    why: "A bad mark nobody explains changes nothing but the mood.", "评级低而不面谈，只伤士气、无助改进。";
    mend: "Talk with the manager and enter it under `talks`. The limit is `talk` under `[management]`.",
        "请面谈并登记于 `talks`；时限见 `[management]` 的 `talk`。";
    says: "rated `{rating}`, made known on {closed}; a talk was due by {deadline}", "{closed} 公布评级“{rating}”，应于 {deadline} 前面谈";
    example: review!("[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-09-15\nrating = \"D\"\n");
    mended: "[closed.main]" => "[[talks]]\ndate = 2026-09-20\nby = \"zhao-lei\"\n[closed.main]";
}

const TALK_BY_OTHER: Text = Text::new(
    "the talk of {date} was with `{by}`, who neither appraises `{manager}` nor is above `{manager}`",
    "{date} 面谈由“{by}”进行，其并非“{manager}”的考核人或上级，不计入",
);

fn low_rating_without_talk(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let deadline = context.deadlines.talk(context.book, &review.data);
    let Some((deadline, _)) = context.overdue(deadline) else { return };
    let low = &context.book.settings.management.low_ratings;
    for (scheme, closed) in review.data.standings() {
        if let Some(rating) = closed.rating.as_ref().filter(|rating| low.contains(rating)) {
            let place = Place::value(review.file, path!["closed", scheme, "rating"]);
            let on = review.data.published.unwrap_or(closed.closed_on).0;
            found.push(low_rating(context.book, (&review.data, place), rating, (on, deadline)));
            return;
        }
    }
}

/// What is found of a low rating made known on one day after which a talk was due by another.
pub(in crate::check) fn low_rating(
    book: &Book,
    (review, at): (&Review, Place),
    rating: &str,
    (known, deadline): (NaiveDate, NaiveDate),
) -> Finding {
    let other = review.talks.iter().rfind(|talk| talk.date.0 >= known && !may_talk(book, review, talk));
    let help = other.and_then(|talk| {
        let (date, by) = (talk.date.0, talk.by.as_deref()?);
        Some(msg!(TALK_BY_OTHER, date = date, by = by, manager = &*review.manager))
    });
    fires!(LOW_RATING_WITHOUT_TALK, at, rating = rating, closed = known, deadline = deadline).help(help)
}

check! {
    APPEAL_PAST_LIMIT = "RM603" "appeal-past-limit" Warn Review(appeal_past_limit);
    title: "an appeal is not decided in time", "申诉超期未裁定";
    why: "Until it is decided, neither the rating nor the pay is final.", "裁定之前，评级与薪酬均未确定。";
    mend: "Decide it and enter `decided`, `by` and `upheld`. The limit is `appeal` under `[management]`.",
        "请裁定并填写 `decided`、`by` 与 `upheld`；时限见 `[management]` 的 `appeal`。";
    says: "the decision was due on {deadline}{late}", "应于 {deadline} 前裁定{late}";
    example: review!("[appeal]\ndate = 2026-10-01\nreason = \"handover not counted\"\n");
    mended: "date = 2026-10-01" => "date = 2026-10-01\ndecided = 2026-10-12\nby = \"li-na\"\nupheld = false";
}

const DECIDED_LATE: Text = Text::new(", and came on {decided}", "，实际裁定于 {decided}");

fn appeal_past_limit(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let Some(appeal) = &review.data.appeal else { return };
    let limit = context.deadlines.appeal_limit(appeal);
    let place = |key| Place::value(review.file, path!["appeal", key]);
    match appeal.decided {
        None if limit < context.today => {
            found.push(fires!(APPEAL_PAST_LIMIT, place("date"), deadline = limit, late = ""));
        }
        // Late stays late.
        Some(decided) if decided.0 > limit => {
            let late = msg!(DECIDED_LATE, decided = decided.0);
            found.push(fires!(APPEAL_PAST_LIMIT, place("decided"), deadline = limit, late = late));
        }
        _ => {}
    }
}

check! {
    APPEAL_DECIDED_BY_REVIEWER = "RM604" "appeal-decided-by-reviewer" Deny Review(appeal_decided_by_reviewer);
    title: "an appeal was decided by the one it was made against", "申诉由原考核人裁定";
    why: "Nobody is the judge of their own judgement.", "考核人不得裁定对自己所作考核的申诉。";
    mend: "Have somebody else decide.", "请另行指定裁定人。";
    says: "{why}", "{why}";
    example: review!("reviewer = \"zhao-lei\"\n[appeal]\ndate = 2026-10-01\nreason = \"handover not counted\"\ndecided = 2026-10-12\nby = \"zhao-lei\"\nupheld = false\n");
    mended: "by = \"zhao-lei\"" => "by = \"li-na\"";
    entry: Refuse;
}

const JUDGED_OWN_WORK: Text =
    Text::new("`{manager}` appraised, and decided on the appeal", "“{manager}”既是考核人又裁定申诉");
const JUDGED_OWN_CASE: Text =
    Text::new("`{manager}` appealed, and decided on it", "“{manager}”提出申诉又自行裁定");

fn appeal_decided_by_reviewer(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let by = review.data.appeal.as_ref().and_then(|appeal| appeal.by.as_deref());
    let Some(by) = by else { return };
    let why = if *review.data.manager == *by {
        msg!(JUDGED_OWN_CASE, manager = by)
    } else if appraised(context.book, &review.data, by) {
        msg!(JUDGED_OWN_WORK, manager = by)
    } else {
        return;
    };
    let place = Place::value(review.file, path!["appeal", "by"]);
    found.push(fires!(APPEAL_DECIDED_BY_REVIEWER, place, why = why));
}

check! {
    RATING_BY_WRONG_HAND = "RM605" "rating-by-wrong-hand" Deny Review(rating_by_wrong_hand);
    title: "a rating stands in a group its rater does not belong to", "评价人与评价主体不符";
    why: "A self-rating by somebody else, or a colleague's rating by oneself, has the wrong weight.", "他人代作自评或本人混入他评，权重即失实。";
    mend: "Correct `group` or `by`.", "请更正 `group` 或 `by`。";
    says: "{why}", "{why}";
    example: review!("[[ratings]]\ngroup = \"self\"\nby = \"li-na\"\nscore = 90\n");
    mended: "by = \"li-na\"" => "by = \"wang-fang\"";
    entry: Refuse;
}

const SELF_BY_OTHER: Text = Text::new("a self-rating given by `{by}`", "自评由“{by}”作出");
const OTHER_BY_SELF: Text =
    Text::new("`{by}` rates itself outside the group `self`", "“{by}”在 `self` 以外的组别评价本人");

const NOT_ABOVE: Text = Text::new("`{by}` is not above `{manager}`", "“{by}”并非“{manager}”的上级");
const NOT_BELOW: Text = Text::new("`{by}` does not report to `{manager}`", "“{by}”并非“{manager}”的下级");
const IS_ABOVE: Text = Text::new(
    "`{manager}` reports to `{by}`, who rates in the group `superior`",
    "“{by}”是“{manager}”的上级，应列入 `superior` 组别",
);
const IS_BELOW: Text = Text::new(
    "`{by}` reports to `{manager}`, and rates in the group `subordinate`",
    "“{by}”是“{manager}”的下级，应列入 `subordinate` 组别",
);
const NO_RATER: Text = Text::new(
    "a rating that names nobody; anonymous ones are kept as sums under `anonymous`",
    "评价未注明评价人；匿名评价应以汇总数登记于 `anonymous`",
);
const HAD_LEFT: Text =
    Text::new("`{by}` left on {left}, before the period began", "“{by}”已于 {left} 离职，早于考核期间");
const NO_CLIENT: Text = Text::new("a rating by a client names no client", "客户评价未注明客户");
const CLIENT_OF_OTHERS: Text = Text::new("`{by}` is no client of `{manager}`", "“{by}”并非“{manager}”的客户");
const TALKS_ALONE: Text = Text::new("`{by}` talked with itself about the result", "“{by}”与本人作绩效面谈");
const OWN_REVIEWER: Text = Text::new("`{by}` appraises itself", "“{by}”考核本人");

fn rating_by_wrong_hand(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let manager = &*review.data.manager;
    if review.data.reviewer.as_deref() == Some(manager) {
        let place = Place::value(review.file, path!["reviewer"]);
        found.push(fires!(RATING_BY_WRONG_HAND, place, why = msg!(OWN_REVIEWER, by = manager)));
    }
    for (index, talk) in review.data.talks.iter().enumerate() {
        if talk.by.as_deref() == Some(manager) {
            let place = Place::value(review.file, path!["talks", index, "by"]);
            found.push(fires!(RATING_BY_WRONG_HAND, place, why = msg!(TALKS_ALONE, by = manager)));
        }
    }
    for (index, rating) in review.data.ratings.iter().enumerate() {
        if let Some((key, why)) = wrong_hand(context, &review.data, rating) {
            let place = Place::value(review.file, path!["ratings", index, key]);
            found.push(fires!(RATING_BY_WRONG_HAND, place, why = why));
        }
    }
}

/// Why a rating does not belong to its group, and the key that says so.
fn wrong_hand(context: &Context<'_>, review: &Review, rating: &Rating) -> Option<(&'static str, Message)> {
    let manager = &*review.manager;
    let by = rating.by.as_deref();
    let is_own = by == Some(manager);
    let left = by.and_then(|by| context.left(by)).filter(|left| *left < review.period.first_day());
    if let (Some(by), Some(left)) = (by, left) {
        return Some(("by", msg!(HAD_LEFT, by = by, left = left)));
    }
    match (rating.group, by) {
        (RaterGroup::Oneself, Some(by)) if !is_own => Some(("by", msg!(SELF_BY_OTHER, by = by))),
        (RaterGroup::Oneself, _) => None,
        (_, Some(by)) if is_own => Some(("by", msg!(OTHER_BY_SELF, by = by))),
        (RaterGroup::Superior, Some(by)) => {
            let above = review.reviewer.as_deref() == Some(by) || is_above(context.book, by, manager);
            (!above).then(|| ("by", msg!(NOT_ABOVE, by = by, manager = manager)))
        }
        (RaterGroup::Subordinate, Some(by)) => {
            let below = is_above(context.book, manager, by);
            (!below).then(|| ("by", msg!(NOT_BELOW, by = by, manager = manager)))
        }
        (RaterGroup::Client, _) => match rating.client.as_deref() {
            None => Some(("group", NO_CLIENT.into())),
            Some(client) => {
                let known = context.book.clients.get(client).is_none_or(|it| serves(&it.data, manager));
                (!known).then(|| ("client", msg!(CLIENT_OF_OTHERS, by = client, manager = manager)))
            }
        },
        (RaterGroup::Peer, Some(by)) => {
            let day = review.period.last_day();
            let above = review.reviewer.as_deref() == Some(by) || is_above_on(context.book, by, manager, day);
            let below = || is_above_on(context.book, manager, by, day);
            let why = if above { Some(IS_ABOVE) } else { below().then_some(IS_BELOW) };
            why.map(|why| ("by", msg!(why, by = by, manager = manager)))
        }
        (RaterGroup::Peer | RaterGroup::Superior | RaterGroup::Subordinate, None) => {
            Some(("group", NO_RATER.into()))
        }
    }
}

/// Whether a manager has, or had, to do with a client.
fn serves(client: &Client, manager: &str) -> bool {
    let credited = client.credit.iter().any(|credit| credit.shares.keys().any(|id| **id == *manager));
    let met = client
        .visits
        .iter()
        .any(|visit| *visit.by == *manager || visit.with.iter().any(|with| **with == *manager));
    *client.manager == *manager
        || credited
        || met
        || client.handovers.iter().any(|it| *it.from == *manager || *it.to == *manager)
}

check! {
    RESULT_NOT_ACKNOWLEDGED = "RM606" "result-not-acknowledged" Warn Review(result_not_acknowledged);
    title: "a published result was neither acknowledged nor appealed", "考核结果公布后未确认也未申诉";
    why: "Silence counts as acknowledged only where it is marked so.", "逾期未答视同确认，但须予标注。";
    mend: "Enter `acknowledged`, or `lapsed` with the day the limit passed.", "请填写 `acknowledged`，或在 `lapsed` 中填写期满日。";
    says: "published on {published}; the limit passed on {deadline}", "{published} 公布，确认期限 {deadline} 已过";
    example: review!("published = 2026-10-12\n[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-09\nrating = \"B\"\n");
    mended: "published = 2026-10-12" => "published = 2026-10-12\nlapsed = 2026-10-20";
}

fn result_not_acknowledged(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let Some(published) = review.data.published else { return };
    if let Some((deadline, _)) = context.overdue(context.deadlines.acknowledgement(&review.data)) {
        let place = Place::value(review.file, path!["published"]);
        found.push(fires!(RESULT_NOT_ACKNOWLEDGED, place, published = published.0, deadline = deadline));
    }
}

check! {
    CLOSED_UNDER_APPEAL = "RM607" "closed-under-appeal" Deny Review(closed_under_appeal);
    title: "a period was closed while an appeal was open", "申诉未决即封存";
    why: "What was frozen may still change.", "封存的结果仍可能变更。";
    mend: "Decide the appeal. Where it is upheld, amend what was closed (`rmbook close PERIOD --amend MANAGER`), or carry the correction into a \
        later period.",
        "请予裁定；申诉成立的，请登记更正（`rmbook close 考核期 --amend 客户经理`），或将更正转入以后的考核期。";
    says: "closed on {closed}, with the appeal of {date} undecided", "{closed} 封存时，{date} 的申诉尚未裁定";
    example: review!("[appeal]\ndate = 2026-10-28\nreason = \"handover not counted\"\n\
        [closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-30\n");
    mended: "date = 2026-10-28" => "date = 2026-10-28\ndecided = 2026-11-02\nby = \"li-na\"\nupheld = false";
}

fn closed_under_appeal(_: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    // Once it is decided, nothing of it is open: one that was upheld is amended.
    let Some(appeal) = review.data.appeal.as_ref().filter(|appeal| appeal.decided.is_none()) else { return };
    for (scheme, closed) in &review.data.closed {
        // An open appeal bars closing: one of the same day came after it.
        if appeal.date < closed.closed_on {
            let place = Place::value(review.file, path!["closed", scheme.clone(), "closed_on"]);
            found.push(fires!(CLOSED_UNDER_APPEAL, place, closed = closed.closed_on.0, date = appeal.date.0));
        }
    }
}

check! {
    AMENDMENT_SELF_APPROVED = "RM608" "amendment-self-approved" Deny Review(amendment_self_approved);
    title: "a change after closing was approved by the one who made it", "封存后更正由更正人自行批准";
    why: "A closed period changes only with a second pair of eyes.", "已封存期间的更正须经他人批准。";
    mend: "Have somebody else approve it.", "请由他人批准。";
    says: "`{who}` changed `{field}` and approved it", "“{who}”更正 `{field}` 并自行批准";
    example: review!("[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\ntotal = 80\n\
        [[amendments]]\ndate = 2026-10-20\nfield = \"total\"\nto = \"82\"\nwhy = \"typing error\"\nwho = \"Zhao Lei\"\napproved_by = \"Zhao Lei\"\n");
    mended: "approved_by = \"Zhao Lei\"" => "approved_by = \"Qian Wei\"";
    entry: Refuse;
}

fn amendment_self_approved(_: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let changes = review.data.amendments.iter().enumerate();
    let changes =
        changes.map(|(index, it)| ("amendments", index, it.field.as_str(), &it.who, &it.approved_by));
    let withdrawals = review.data.withdrawals.iter().enumerate();
    let withdrawals =
        withdrawals.map(|(index, it)| ("withdrawals", index, it.what.word(), &it.who, &it.approved_by));
    for (list, index, field, who, approved_by) in changes.chain(withdrawals) {
        let (who, approved_by) = (who.trim(), approved_by.trim());
        if who == approved_by || approved_by.is_empty() {
            let place = Place::value(review.file, path![list, index, "approved_by"]);
            found.push(fires!(AMENDMENT_SELF_APPROVED, place, who = who, field = field));
        }
    }
}

check! {
    RECIPROCAL_RATINGS = "RM609" "reciprocal-ratings" Warn Book(reciprocal_ratings);
    title: "two colleagues gave each other the top rating", "两名同事互评最高分";
    why: "Ratings that are traded say nothing about cooperation.", "互换高分的评价不能反映协作情况。";
    mend: "Look at both reasons. Where they bear the ratings out, leave these and allow the finding with what was looked at; where they \
           do not, have the raters rate again. No rating is changed to silence the rule; the policy may trim the mean.",
        "请核查双方理由：理由成立的，评分不变，注明核查情况后豁免该提示；理由不成立的，由评价人重新评价。不得为消除提示而改动评分；考核办法可采用截尾均值。";
    says: "`{a}` and `{b}` gave each other {score} for {period}, the highest of all", "{period} “{a}”与“{b}”互评 {score}，为全体最高";
    example: review!("[[ratings]]\ngroup = \"peer\"\nby = \"li-na\"\nscore = 100\n[[ratings]]\ngroup = \"peer\"\nby = \"sun-wei\"\nscore = 80\n\
        # file: managers/sun-wei.toml\nname = \"Sun Wei\"\nreports_to = \"zhao-lei\"\n\
        # file: reviews/2026-09/li-na.toml\nmanager = \"li-na\"\nperiod = \"2026-09\"\n[[ratings]]\ngroup = \"peer\"\nby = \"wang-fang\"\nscore = 100\n\
        # file: rmbook.toml\nname = \"Branch\"\n[management]\npeer_raters = 1\n[calendar]\n2025 = {}\n2026 = {}\n");
    mended: "score = 100" => "score = 100  # rmbook: allow(reciprocal-ratings) both name the syndicated loan they closed together";
}

fn reciprocal_ratings(context: &Context<'_>, found: &mut Found) {
    let place =
        |(_, review, index): RatingOf<'_>| Place::value(review.file, path!["ratings", index, "score"]);
    for pair in mutual_top_ratings(context.book) {
        let ((a, first), (b, second)) = (pair.first, pair.second);
        let (score, period) = (first.0.round_dp(2).normalize(), Arg::from(pair.period.to_string()));
        let finding = fires!(RECIPROCAL_RATINGS, place(first), a = a, b = b, score = score, period = period);
        found.push(finding.label(place(second), say::ALSO_HERE.into()));
    }
}

check! {
    CHECKPOINT_OVERDUE = "RM610" "checkpoint-overdue" Warn Review(checkpoint_overdue);
    title: "a checkpoint of an improvement plan was passed over", "改进计划检查点逾期";
    why: "A plan nobody looks at does not improve anything.", "无人跟踪的改进计划不会产生改进。";
    mend: "Look at it and enter `checked` and `met`.", "请检查并填写 `checked` 与 `met`。";
    says: "`{what}` was to be looked at on {deadline}", "“{what}”应于 {deadline} 检查";
    example: review!("[[checkpoints]]\ndue = 2026-10-15\nwhat = \"ten visits a month\"\n");
    mended: "due = 2026-10-15" => "due = 2026-10-15\nchecked = 2026-10-16";
}

fn checkpoint_overdue(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    for (index, checkpoint) in review.data.checkpoints.iter().enumerate() {
        if let Some((deadline, _)) = context.overdue(context.deadlines.checkpoint(&review.data, checkpoint)) {
            let place = Place::value(review.file, path!["checkpoints", index, "due"]);
            found.push(fires!(CHECKPOINT_OVERDUE, place, what = &checkpoint.what, deadline = deadline));
        }
    }
}
