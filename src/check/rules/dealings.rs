//! What was begun with a client and with colleagues, and how it goes on: deals, promises, referrals, requests, plans.

use super::{check, client};
use crate::book::Record;
use crate::book::deadline::open_plans;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::period::Month;
use crate::record::client::Client;
use crate::record::deal::Stage;
use crate::record::promise::Action;
use crate::record::settings::MeasureKind;
use crate::record::value::Day;
use crate::source::{FileId, KeyPath, Place};
use crate::text::Text;
use rust_decimal::Decimal;

pub(super) static RULES: &[&Check] = &[
    &OPPORTUNITY_STALE,
    &CLOSE_DATE_PAST,
    &OUTCOME_UNDATED,
    &ACTION_OVERDUE,
    &REFERRAL_UNANSWERED,
    &REQUEST_OVERDUE,
    &PLANNED_VISIT_MISSED,
    &NEED_UNANSWERED,
    &REFERRAL_TO_ONESELF,
    &REFERRAL_UNDATED,
    &WALLET_BELOW_OURS,
    &DONE_BEFORE_PROMISED,
    &DUE_BEFORE_PROMISED,
    &OWN_COMPANION,
];

fn opportunity(client: &Record<Client>, index: usize, key: &str) -> Place {
    Place::value(client.file, path!["opportunities", index, key])
}

check! {
    OPPORTUNITY_STALE = "RM311" "opportunity-stale" Warn Client(opportunity_stale);
    title: "an opportunity has not moved for too long", "商机长期停滞";
    why: "A pipeline full of deals nobody works on promises income that will not come.", "停滞的商机虚增储备，带来虚假预期。";
    mend: "Move it on and enter `updated`, or close it. The limit is `stale` under `[management]`.",
        "请推进并更新 `updated`，或予以结案；时限见 `[management]` 的 `stale`。";
    says: "`{id}` moved last on {moved}, and {deadline} was the last day to move it on, {days:day|days} ago",
        "“{id}”最近进展为 {moved}，应于 {deadline} 前再有进展，已超 {days} 天";
    example: client!("[[opportunities]]\nid = \"scf\"\nstage = \"proposal\"\nopened = 2026-07-01\n");
    mended: "opened = 2026-07-01" => "opened = 2026-07-01\nupdated = 2026-10-01";
}

fn opportunity_stale(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, entry) in client.data.opportunities.iter().enumerate() {
        if let Some((deadline, days)) = context.overdue(context.deadlines.stale(entry)) {
            let Some(moved) = entry.moved(context.today) else { continue };
            let place = opportunity(client, index, "stage");
            let id = &entry.id;
            let finding =
                fires!(OPPORTUNITY_STALE, place, id = id, moved = moved, deadline = deadline, days = days);
            found.push(finding);
        }
    }
}

check! {
    CLOSE_DATE_PAST = "RM312" "close-date-past" Warn Client(close_date_past);
    title: "an open opportunity should have closed already", "未结商机的预计落地日已过";
    why: "A forecast with a date in the past forecasts nothing.", "预计日期已过，预测即失去意义。";
    mend: "Enter the outcome, or the new expected day.", "请填写结果，或更新预计落地日。";
    says: "`{id}` was expected to close on {deadline}", "“{id}”预计 {deadline} 落地";
    example: client!("[[opportunities]]\nid = \"scf\"\nstage = \"proposal\"\nexpected = 2026-10-15\n");
    mended: "2026-10-15" => "2026-12-15";
}

fn close_date_past(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, entry) in client.data.opportunities.iter().enumerate() {
        if let Some((deadline, _)) = context.overdue(context.deadlines.opportunity(entry)) {
            let place = opportunity(client, index, "expected");
            found.push(fires!(CLOSE_DATE_PAST, place, id = &entry.id, deadline = deadline));
        }
    }
}

check! {
    OUTCOME_UNDATED = "RM313" "outcome-undated" Deny Client(outcome_undated);
    title: "an opportunity's stage and its closing day disagree", "商机阶段与结案日不一致";
    why: "A deal won without a day counts in no period; a closed one still open counts in the pipeline.",
        "无结案日的赢单不计入任何期间，已结案而阶段未改的仍计入储备。";
    mend: "Enter `closed` with `won` or `lost`, and only then.", "仅在阶段为 `won` 或 `lost` 时填写 `closed`，且必须填写。";
    says: "stage `{stage}` {why} `closed`", "阶段为 `{stage}`，{why} `closed`";
    example: client!("[[opportunities]]\nid = \"scf\"\nstage = \"won\"\nopened = 2026-07-01\n");
    mended: "opened = 2026-07-01" => "opened = 2026-07-01\nclosed = 2026-10-01";
}

const WITHOUT: Text = Text::new("without", "却缺少");
const WITH: Text = Text::new("with", "却填写了");

fn outcome_undated(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, entry) in client.data.opportunities.iter().enumerate() {
        let over = entry.stage.is_end();
        if over == entry.closed.is_some() {
            continue;
        }
        let stage = match entry.stage {
            Stage::Prospecting => "prospecting",
            Stage::Engaging => "engaging",
            Stage::Proposal => "proposal",
            Stage::Negotiation => "negotiation",
            Stage::Won => "won",
            Stage::Lost => "lost",
        };
        let why = if over { WITHOUT } else { WITH };
        found.push(fires!(OUTCOME_UNDATED, opportunity(client, index, "stage"), stage = stage, why = why));
    }
}

check! {
    ACTION_OVERDUE = "RM314" "action-overdue" Warn Book(action_overdue);
    title: "something promised is overdue", "承诺事项逾期";
    why: "What was promised in a visit or a meeting and not done costs more trust than a visit wins.", "拜访或会议承诺未兑现，失信甚于失访。";
    mend: "Do it and enter `done`, or agree on a new day; `set` keeps the old one under `slipped`.",
        "请完成并填写 `done`；另行约定的，更新 `due`，原日期由 `set` 记入 `slipped`。";
    says: "`{what}` was due on {deadline}, {days:day|days} ago", "“{what}”应于 {deadline} 前完成，已逾期 {days} 天";
    example: client!("[[visits]]\ndate = 2026-10-09\nby = \"wang-fang\"\nkind = \"on-site\"\n\
        [[visits.next]]\nwhat = \"send proposal\"\ndue = 2026-10-20\n");
    mended: "due = 2026-10-20" => "due = 2026-10-20\ndone = 2026-10-19";
    entry: Remark;
}

fn action_overdue(context: &Context<'_>, found: &mut Found) {
    each_action(context, |_, action, place| {
        if let Some((deadline, days)) = context.overdue(context.deadlines.action(action)) {
            let finding =
                fires!(ACTION_OVERDUE, place("due"), what = &action.what, deadline = deadline, days = days);
            found.push(finding);
        }
    });
}

/// Hands over every action promised on a visit, in a talk or at a meeting with the day of that, and what gives the place of a key
/// of it.
fn each_action(context: &Context<'_>, mut judge: impl FnMut(Day, &Action, &dyn Fn(&'static str) -> Place)) {
    let mut all = |file: FileId, day: Day, actions: &[Action], list: &dyn Fn() -> KeyPath| {
        for (index, action) in actions.iter().enumerate() {
            judge(day, action, &|key| Place::value(file, list().join(index).join(key)));
        }
    };
    for client in context.wanted(&context.book.clients) {
        for (index, visit) in client.data.visits.iter().enumerate() {
            all(client.file, visit.date, &visit.next, &|| path!["visits", index, "next"]);
        }
    }
    for manager in context.wanted(&context.book.managers) {
        for (index, talk) in manager.data.one_on_ones.iter().enumerate() {
            all(manager.file, talk.date, &talk.actions, &|| path!["one_on_ones", index, "actions"]);
        }
    }
    for team in context.wanted(&context.book.teams) {
        for (index, meeting) in team.data.meetings.iter().enumerate() {
            all(team.file, meeting.date, &meeting.actions, &|| path!["meetings", index, "actions"]);
        }
    }
}

check! {
    REFERRAL_UNANSWERED = "RM315" "referral-unanswered" Warn Client(referral_unanswered);
    title: "a referral has not been answered", "内部推荐未答复";
    why: "Whoever hears nothing will not refer again.", "得不到答复，便不再有推荐。";
    mend: "Answer it and enter `answered`. The limit is `referral` under `[management]`.", "请答复并填写 `answered`；时限见 `[management]` 的 `referral`。";
    says: "`{to}` should have answered `{from}` by {deadline}", "“{to}”应于 {deadline} 前答复“{from}”";
    example: client!("[[referrals]]\ndate = 2026-10-01\nfrom = \"li-na\"\nto = \"wang-fang\"\n");
    mended: "to = \"wang-fang\"" => "to = \"wang-fang\"\nanswered = 2026-10-05";
}

fn referral_unanswered(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, referral) in client.data.referrals.iter().enumerate() {
        if let Some((deadline, _)) = context.overdue(context.deadlines.referral(referral)) {
            let place = Place::value(client.file, path!["referrals", index]);
            let (from, to) = (&*referral.from, &*referral.to);
            found.push(fires!(REFERRAL_UNANSWERED, place, to = to, from = from, deadline = deadline));
        }
    }
}

check! {
    REQUEST_OVERDUE = "RM316" "request-overdue" Warn Book(request_overdue);
    title: "a request to another department is overdue", "内部协调事项逾期";
    why: "The client waits for the bank, not for a department.", "客户等待的是银行，而非某个部门。";
    mend: "Ask again, report it upward, or enter `done`.", "请催办或上报；已办结的填写 `done`。";
    says: "`{to}` should have done `{what}` by {deadline}", "“{to}”应于 {deadline} 前完成“{what}”";
    example: client!("[[requests]]\nraised = 2026-10-01\nto = \"Operations\"\nwhat = \"open account\"\ndue = 2026-10-20\n");
    mended: "due = 2026-10-20" => "due = 2026-10-20\ndone = 2026-10-19";
    entry: Remark;
}

fn request_overdue(context: &Context<'_>, found: &mut Found) {
    let of_clients = context.wanted(&context.book.clients).map(|client| (client.file, &client.data.requests));
    let of_managers =
        context.wanted(&context.book.managers).map(|manager| (manager.file, &manager.data.requests));
    for (file, requests) in of_clients.chain(of_managers) {
        for (index, request) in requests.iter().enumerate() {
            if let Some((deadline, _)) = context.overdue(context.deadlines.request(request)) {
                let place = Place::value(file, path!["requests", index, "due"]);
                let (to, what) = (&request.to, &request.what);
                found.push(fires!(REQUEST_OVERDUE, place, to = to, what = what, deadline = deadline));
            }
        }
    }
}

check! {
    PLANNED_VISIT_MISSED = "RM317" "planned-visit-missed" Warn Client(planned_visit_missed);
    title: "a planned visit was neither made nor called off", "计划拜访未执行也未取消";
    why: "A plan nobody keeps or cancels plans nothing.", "既未执行又未取消的计划形同虚设。";
    mend: "Write down the visit, or why it was called off under `cancelled`.", "请登记拜访，或在 `cancelled` 中注明取消原因。";
    says: "`{manager}` planned a visit for {deadline}", "“{manager}”计划于 {deadline} 拜访";
    example: client!("[[planned]]\ndate = 2026-10-12\nby = \"wang-fang\"\n");
    mended: "by = \"wang-fang\"" => "by = \"wang-fang\"\ncancelled = \"client abroad\"";
}

fn planned_visit_missed(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, plan) in open_plans(&client.data) {
        if let Some((deadline, _)) = context.overdue(Some(plan.date.0)) {
            let place = Place::value(client.file, path!["planned", index, "date"]);
            found.push(fires!(PLANNED_VISIT_MISSED, place, manager = &*plan.by, deadline = deadline));
        }
    }
}

check! {
    NEED_UNANSWERED = "RM318" "need-unanswered" Warn Client(need_unanswered);
    title: "a need has found no solution in time", "客户需求未按时提出方案";
    why: "The client will ask another bank.", "客户将转向他行。";
    mend: "Offer a solution and enter `proposed`, or `dropped`. The limit is `need` under `[management]`.",
        "请提出方案并填写 `proposed`，或填写 `dropped`；时限见 `[management]` 的 `need`。";
    says: "a solution for `{what}` was due on {deadline}", "“{what}”应于 {deadline} 前提出方案";
    example: client!("[[needs]]\ndate = 2026-03-01\nwhat = \"supply-chain finance\"\n");
    mended: "what =" => "proposed = 2026-03-20\nwhat =";
}

fn need_unanswered(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, need) in client.data.needs.iter().enumerate() {
        if let Some((deadline, _)) = context.overdue(context.deadlines.need(need)) {
            let place = Place::value(client.file, path!["needs", index]);
            found.push(fires!(NEED_UNANSWERED, place, what = &need.what, deadline = deadline));
        }
    }
}

check! {
    REFERRAL_TO_ONESELF = "RM319" "referral-to-oneself" Deny Client(referral_to_oneself);
    title: "a manager referred a client to himself", "内部推荐的推荐人与接收人相同";
    why: "It counts as cooperation where there was none.", "不存在协作，却被计为协作。";
    mend: "Name who received it, or take it out.", "请填写实际接收人，或删去该条目。";
    says: "`{manager}` is both giver and receiver", "“{manager}”既是推荐人又是接收人";
    example: client!("[[referrals]]\ndate = 2026-10-20\nfrom = \"li-na\"\nto = \"li-na\"\n");
    mended: "to = \"li-na\"" => "to = \"wang-fang\"";
    entry: Refuse;
}

fn referral_to_oneself(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let referrals = client.data.referrals.iter().enumerate();
    for (index, referral) in referrals.filter(|(_, referral)| referral.from == referral.to) {
        let place = Place::value(client.file, path!["referrals", index, "to"]);
        found.push(fires!(REFERRAL_TO_ONESELF, place, manager = &*referral.to));
    }
}

check! {
    REFERRAL_UNDATED = "RM320" "referral-undated" Deny Client(referral_undated);
    title: "a referral has a result and no day of its answer", "内部推荐有结果而无答复日";
    why: "It counts in no month: neither as won nor with its income.", "成功件数与共同收入均无法归属月份。";
    mend: "Enter `answered`.", "请填写 `answered`。";
    says: "the result is known, and `answered` is missing", "已有结果，缺少 `answered`";
    example: client!("[[referrals]]\ndate = 2026-10-20\nfrom = \"li-na\"\nto = \"wang-fang\"\nresult = \"won\"\n");
    mended: "result = \"won\"" => "result = \"won\"\nanswered = 2026-10-25";
    entry: Refuse;
}

fn referral_undated(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, referral) in client.data.referrals.iter().enumerate() {
        if referral.result.is_some() && referral.answered.is_none() {
            let place = Place::value(client.file, path!["referrals", index, "result"]);
            found.push(fires!(REFERRAL_UNDATED, place));
        }
    }
}

check! {
    WALLET_BELOW_OURS = "RM321" "wallet-below-ours" Warn Client(wallet_below_ours);
    title: "a client's total with all banks is below its business with this one", "客户在全部银行的合计低于我行";
    why: "A share above all there is hides what could be won, and what is ours already counts as nothing.",
        "份额超过 100% 使潜力显示为零，无从判断可争取的业务。";
    mend: "Estimate it again, in the unit of the measure and with our own part in it.", "请重新估计；合计含我行部分，单位与指标一致。";
    says: "all banks together: {total}, of which ours alone is {ours} in {month}", "全部银行合计 {total}，而 {month} 我行为 {ours}";
    example: client!("[results]\n2026-08 = { deposits = 480 }\n2026-09 = { deposits = 490 }\n\
        [[wallet]]\ndate = 2026-09-30\nmeasure = \"deposits\"\ntotal = 250\n");
    mended: "total = 250" => "total = 1250";
}

fn wallet_below_ours(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, wallet) in client.data.wallet.iter().enumerate() {
        let kind = context.book.settings.measures.get(&wallet.measure).map(|measure| measure.kind);
        let months = match kind {
            Some(MeasureKind::Balance) => 0,
            Some(MeasureKind::Flow | MeasureKind::Count) => 11,
            Some(MeasureKind::Ratio) | None => continue,
        };
        let month = Month::of(wallet.date.0);
        // Of twelve months of which some are missing, the others are the least that is ours.
        let figures = client.data.results.range(month.plus(-months)..=month);
        let ours = figures.filter_map(|(_, figures)| Some(figures.get(&wallet.measure)?.avg?.0));
        let ours: Decimal = ours.sum();
        if ours > wallet.total.0 {
            let place = Place::value(client.file, path!["wallet", index, "total"]);
            let (total, month) = (wallet.total.0.normalize(), month.to_string());
            found.push(fires!(
                WALLET_BELOW_OURS,
                place,
                total = total,
                ours = ours.normalize(),
                month = month
            ));
        }
    }
}

check! {
    DONE_BEFORE_PROMISED = "RM322" "done-before-promised" Warn Book(done_before_promised);
    title: "something was done before it was promised", "待办事项完成日早于承诺日";
    why: "One of the two days is wrong, and the part of promises kept in time counts it.", "两个日期必有一误，却计入按时办结率。";
    mend: "Correct `done`, or take the action out where it was done already.", "请更正 `done`；当时已完成的不必列为待办。";
    says: "`{what}` was done on {done}, and promised on {promised}", "“{what}”完成日为 {done}，而承诺日为 {promised}";
    example: client!("[[visits]]\ndate = 2026-10-09\nby = \"wang-fang\"\nkind = \"on-site\"\n\
        [[visits.next]]\nwhat = \"send proposal\"\ndue = 2026-10-20\ndone = 2026-10-01\n");
    mended: "done = 2026-10-01" => "done = 2026-10-11";
    entry: Remark;
}

fn done_before_promised(context: &Context<'_>, found: &mut Found) {
    each_action(context, |promised, action, place| {
        if let Some(done) = action.done.filter(|done| *done < promised) {
            let (what, promised) = (&action.what, promised.0);
            found.push(fires!(
                DONE_BEFORE_PROMISED,
                place("done"),
                what = what,
                done = done.0,
                promised = promised
            ));
        }
    });
}

check! {
    DUE_BEFORE_PROMISED = "RM323" "due-before-promised" Warn Book(due_before_promised);
    title: "something was due before it was promised", "待办事项到期日早于承诺日";
    why: "It counts as missed at once, whatever its owner does.", "事项登记之日即已逾期，责任人无从按期完成。";
    mend: "Correct `due`, or the day of the entry it stands in.", "请更正 `due`，或更正所在记录的日期。";
    says: "`{what}` was due on {due}, and promised on {promised}", "“{what}”到期日为 {due}，而承诺日为 {promised}";
    example: client!("[[visits]]\ndate = 2026-10-12\nby = \"wang-fang\"\nkind = \"on-site\"\n\
        [[visits.next]]\nwhat = \"send proposal\"\ndue = 2026-10-02\ndone = 2026-10-12\n");
    mended: "due = 2026-10-02" => "due = 2026-10-20";
    entry: Remark;
}

fn due_before_promised(context: &Context<'_>, found: &mut Found) {
    each_action(context, |promised, action, place| {
        if let Some(due) = action.due.filter(|due| *due < promised) {
            let (what, promised) = (&action.what, promised.0);
            let finding =
                fires!(DUE_BEFORE_PROMISED, place("due"), what = what, due = due.0, promised = promised);
            found.push(finding);
        }
    });
}

check! {
    OWN_COMPANION = "RM324" "own-companion" Deny Client(own_companion);
    title: "whoever made a visit is named as coming along", "拜访人同时列为陪同人员";
    why: "A visit with a colleague earns more than one made alone, and this was made alone.", "同事陪同的拜访另有计分，该次实为单独拜访。";
    mend: "Name the colleague who came along, or take the name out of `with`.", "请填写实际陪同人员，或将其从 `with` 中删去。";
    says: "`{manager}` made the visit of {date} and stands in its `with`", "“{manager}”为 {date} 拜访人，又列入 `with`";
    example: client!("[[visits]]\ndate = 2026-10-12\nby = \"wang-fang\"\nkind = \"on-site\"\nwith = [\"wang-fang\"]\n");
    mended: "with = [\"wang-fang\"]" => "with = [\"li-na\"]";
    entry: Refuse;
}

fn own_companion(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, visit) in client.data.visits.iter().enumerate() {
        for at in (0..visit.with.len()).filter(|at| visit.with[*at] == visit.by) {
            let place = Place::value(client.file, path!["visits", index, "with", at]);
            found.push(fires!(OWN_COMPANION, place, manager = &*visit.by, date = visit.date.0));
        }
    }
}
