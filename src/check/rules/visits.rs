//! Visits: made in time, by those who may, and written down by whoever made them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::NaiveDate;

use super::{check, client};
use crate::book::Record;
use crate::book::credit::{entry_on, lead_on};
use crate::book::deadline::{AskedOfHead, drawn_unseen};
use crate::book::pattern::{VisitOf, copied_notes};
use crate::check::{Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::period::{Grain, Month, Period};
use crate::record::client::{Client, Purpose, Visit, VisitKind};
use crate::record::value::Day;
use crate::source::Place;
use crate::text::{Arg, Message, Text, check as say};

pub(super) static RULES: &[&Check] = &[
    &VISIT_OVERDUE,
    &BORROWER_NOT_VISITED,
    &VISIT_IN_FUTURE,
    &VISIT_TOO_EARLY,
    &VISIT_BY_LEAVER,
    &VISIT_BY_OUTSIDER,
    &VISIT_TEXT_REUSED,
    &TOO_MANY_VISITS,
    &HEAD_VISIT_OVERDUE,
    &VISIT_ON_LEAVE,
];

check! {
    VISIT_OVERDUE = "RM301" "visit-overdue" Warn Client(visit_overdue);
    title: "a client has not been visited for longer than its tier allows", "客户超过分层规定的拜访间隔未获拜访";
    why: "A client nobody calls on is the next one to leave.", "无人拜访的客户最易流失。";
    mend: "Visit the client and write it down: `rmbook add visit CLIENT`. Intervals stand under `[cadence]` in `rmbook.toml`.",
        "请拜访客户并登记：`rmbook add visit 客户`；拜访间隔见 `rmbook.toml` 的 `[cadence]`。";
    says: "last contact: {last}; the visit is {days:day|days} overdue", "最近一次联系：{last}；拜访已逾期 {days} 天";
    example: client!("[[visits]]\ndate = 2026-04-01\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "kind = \"on-site\"\n" => "kind = \"on-site\"\n[[visits]]\ndate = 2026-10-20\nby = \"wang-fang\"\nkind = \"call\"\n";
}

const NEVER: Text = Text::new("none yet", "尚无联系");

fn visit_overdue(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let Some((_, days)) = context.overdue(context.deadlines.visit(&client.data, context.today)) else {
        return;
    };
    let visits = client.data.visits.iter().enumerate().filter(|(_, visit)| visit.date.0 <= context.today);
    let last = visits.max_by_key(|(_, visit)| visit.date);
    let (place, last) = match last {
        Some((index, visit)) => (path!["visits", index, "date"], visit.date.0.into()),
        None if client.data.since > client.data.entered => (path!["since"], Arg::from(NEVER)),
        None => (path!["entered"], Arg::from(NEVER)),
    };
    found.push(fires!(VISIT_OVERDUE, Place::value(client.file, place), last = last, days = days));
}

check! {
    BORROWER_NOT_VISITED = "RM302" "borrower-not-visited" Warn Client(borrower_not_visited);
    title: "a client with credit was not visited on site in the last full quarter", "授信客户上一季度未上门拜访";
    why: "Whoever lends must see the business with their own eyes.", "授信客户须现场查看经营状况。";
    mend: "Visit the client on site, or record the post-loan check that was made on site.", "请上门拜访，或登记已完成的现场贷后检查。";
    says: "no visit on site in {quarter}, with {drawn} drawn", "{quarter} 无上门拜访，用信余额 {drawn}";
    example: client!("[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = 2000\nclass = \"normal\"\n\
        drawn_on = 2026-03-02\n[[checks]]\nkind = \"first\"\nfacility = \"wc-1\"\ndue = 2026-03-17\ndone = 2026-03-10\non_site = true\n\
        [[checks]]\nkind = \"routine\"\nfacility = \"wc-1\"\ndue = 2026-09-01\ndone = 2026-08-30\non_site = false\n");
    mended: "on_site = false" => "on_site = true";
}

fn borrower_not_visited(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let quarter = Period::containing(Month::of(context.today), Grain::Quarter).plus(-1);
    if let Some(drawn) = drawn_unseen(&client.data, quarter) {
        let place = Place::value(client.file, path!["facilities", 0]);
        found.push(fires!(
            BORROWER_NOT_VISITED,
            place,
            quarter = quarter.to_string(),
            drawn = drawn.normalize()
        ));
    }
}

check! {
    VISIT_IN_FUTURE = "RM303" "visit-in-future" Deny Client(visit_in_future);
    title: "a visit is dated in the future", "拜访日期晚于今日";
    why: "A visit that has not taken place counts as coverage.", "尚未发生的拜访被计入覆盖率。";
    mend: "Correct the date; a visit that is meant to take place belongs under `planned`.", "请更正日期；拟进行的拜访应记入 `planned`。";
    says: "{date} has not come yet", "{date} 尚未到来";
    example: client!("[[visits]]\ndate = 2026-12-01\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "2026-12-01" => "2026-10-01";
    entry: Refuse;
}

fn visit_in_future(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, visit) in
        client.data.visits.iter().enumerate().filter(|(_, visit)| visit.date.0 > context.today)
    {
        let place = Place::value(client.file, path!["visits", index, "date"]);
        found.push(fires!(VISIT_IN_FUTURE, place, date = visit.date.0));
    }
}

check! {
    VISIT_TOO_EARLY = "RM304" "visit-too-early" Deny Client(visit_too_early);
    title: "a visit is dated before its client or manager was there, or after the client was gone", "拜访日期早于客户建立关系或客户经理入职，或晚于销户";
    why: "One of the dates is wrong, and figures follow the wrong one.", "日期必有一处有误，并会影响统计。";
    mend: "Correct the date of the visit, of `since` or `closed`, or of the manager's `joined`.",
        "请更正拜访日期、`since`、`closed` 或客户经理的 `joined`。";
    says: "{date} is {why}", "{date} {why}";
    example: client!("since = 2026-05-06\n[[visits]]\ndate = 2026-05-01\nby = \"wang-fang\"\nkind = \"on-site\"\npurpose = \"post-loan\"\n\
        [[visits]]\ndate = 2026-10-01\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "post-loan" => "marketing";
    entry: Refuse;
}

const BEFORE_JOINED: Text = Text::new("before `{manager}` joined on {day}", "早于“{manager}”的入职日 {day}");
const BEFORE_SINCE: Text = Text::new(
    "before the first account was opened on {day}, and the visit was not to win the client",
    "早于首次开户日 {day}，且该次拜访并非营销",
);
const AFTER_CLOSED: Text = Text::new("after the relationship ended on {day}", "晚于销户日 {day}");

fn visit_too_early(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, visit) in client.data.visits.iter().enumerate() {
        let day = visit.date.0;
        let joined = context.book.managers.get(&visit.by).and_then(|manager| manager.data.joined);
        let serves = visit.purpose.is_some_and(|purpose| purpose != Purpose::Marketing);
        let why = if let Some(joined) = joined.filter(|joined| day < joined.0) {
            msg!(BEFORE_JOINED, manager = &*visit.by, day = joined.0)
        } else if let Some(since) = client.data.since.filter(|since| serves && day < since.0) {
            msg!(BEFORE_SINCE, day = since.0)
        } else if let Some(closed) = client.data.closed.filter(|closed| day > closed.0) {
            msg!(AFTER_CLOSED, day = closed.0)
        } else {
            continue;
        };
        let place = Place::value(client.file, path!["visits", index, "date"]);
        found.push(fires!(VISIT_TOO_EARLY, place, date = day, why = why));
    }
}

check! {
    VISIT_BY_LEAVER = "RM305" "visit-by-leaver" Deny Client(visit_by_leaver);
    title: "a visit is recorded for somebody who had left", "拜访人当时已离职";
    why: "Either somebody else made the visit, or nobody did.", "该次拜访或由他人完成，或并未发生。";
    mend: "Name who made the visit.", "请填写实际拜访人。";
    says: "`{manager}` had left on {left}", "“{manager}”已于 {left} 离职";
    example: "# file: clients/acme.toml\nname = \"Acme Precision\"\ntier = \"base\"\nmanager = \"li-na\"\nstatus = \"active\"\n\
        [[credit]]\nfrom = 2026-01-01\nshares = { wang-fang = 100 }\n[[credit]]\nfrom = 2026-10-01\nshares = { li-na = 100 }\n\
        [[visits]]\ndate = 2026-10-09\nby = \"wang-fang\"\nkind = \"on-site\"\n\
        # file: managers/wang-fang.toml\nname = \"Wang Fang\"\nleft = 2026-09-30\nstatus = \"left\"\n";
    mended: "date = 2026-10-09" => "date = 2026-09-09";
    entry: Refuse;
}

fn visit_by_leaver(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, visit) in client.data.visits.iter().enumerate() {
        let Some(manager) = context.book.managers.get(&visit.by) else { continue };
        if let Some(left) = manager.data.left.filter(|left| visit.date.0 > left.0) {
            let place = Place::value(client.file, path!["visits", index, "by"]);
            let finding = fires!(VISIT_BY_LEAVER, place, manager = &*visit.by, left = left.0);
            found.push(finding.label(Place::value(manager.file, path!["left"]), say::LEFT_HERE.into()));
        }
    }
}

check! {
    VISIT_BY_OUTSIDER = "RM306" "visit-by-outsider" Deny Client(visit_by_outsider);
    title: "a visit was made by somebody who does not look after the client", "拜访人不属于该客户的服务人员";
    why: "Visits count for whoever made them; one from outside is usually a slip of the pen.", "拜访计入拜访人名下；非服务人员的拜访多为误填。";
    mend: "Correct `by`; who came along belongs under `with`, who shares the work under `backup` or `credit`. Both managers of a \
           handover may call on the client in the 30 days before and after it, and during a leave whoever is its `cover`.",
        "请更正 `by`；陪同人员记入 `with`，共同维护者记入 `backup` 或 `credit`。移交前后各30天内，移交双方均可拜访；休假期间代岗人（`cover`）可代为拜访。";
    says: "`{manager}` was neither lead nor backup of this client on {day}, had no share in it and leads nobody who had",
        "“{manager}”于 {day} 并非该客户的主办、协办客户经理或分成人员，也不是其上级";
    example: client!("[[visits]]\ndate = 2026-10-09\nby = \"li-na\"\nkind = \"on-site\"\n");
    mended: "by = \"li-na\"" => "by = \"wang-fang\"\nwith = [\"li-na\"]";
    entry: Refuse;
}

/// Days before and after a handover within which both of its managers call on the client.
const HANDING_OVER: i64 = 30;

fn visit_by_outsider(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, visit) in client.data.visits.iter().enumerate() {
        let by = &*visit.by;
        let day = visit.date.0;
        let is_second = client.data.backup_on(day).is_some_and(|backup| **backup == *by);
        let plain = *by == *lead_on(&client.data, day) || is_second;
        // Who had left is found as such.
        let judged = context
            .book
            .managers
            .get(by)
            .is_some_and(|manager| manager.data.left.is_none_or(|left| visit.date <= left));
        if plain || !judged {
            continue;
        }
        if !looked_after_by(context, &client.data, day).contains(by) {
            let place = Place::value(client.file, path!["visits", index, "by"]);
            found.push(fires!(VISIT_BY_OUTSIDER, place, manager = by, day = day));
        }
    }
}

/// Everybody who looks after a client on a day: its lead and backup, who shares in it then, both managers of a handover nearby,
/// those they report or reported to, and who stands in for one of them who is on leave.
fn looked_after_by<'a>(context: &Context<'a>, client: &'a Client, day: NaiveDate) -> BTreeSet<&'a str> {
    let mut own: BTreeSet<&str> = BTreeSet::from([lead_on(client, day)]);
    own.extend(client.backup_on(day).map(|backup| &**backup));
    let near = client.handovers.iter().filter(|it| (it.date.0 - day).num_days().abs() <= HANDING_OVER);
    own.extend(near.flat_map(|handover| [&*handover.from, &*handover.to]));
    let all = std::iter::once("");
    let measures = client.credit.iter().flat_map(|credit| credit.measures.iter().map(|measure| &**measure));
    let in_force = all.chain(measures).filter_map(|measure| entry_on(client, measure, day));
    own.extend(in_force.flat_map(|credit| credit.shares.keys().map(|manager| &**manager)));
    let leaves = own.iter().filter_map(|manager| context.book.managers.get(manager));
    let leaves = leaves.flat_map(|manager| manager.data.leaves.iter().filter(|leave| leave.covers(Day(day))));
    let stand_ins: Vec<&str> = leaves.filter_map(|leave| leave.cover.as_deref()).collect();
    let mut line: Vec<&str> = own.iter().copied().collect();
    while let Some(manager) = line.pop() {
        let Some(manager) = context.book.managers.get(manager) else { continue };
        let teams = manager.data.teams().into_iter().filter_map(|team| context.book.teams.get(team));
        let above = manager.data.supervisors().chain(teams.flat_map(|team| team.data.leads()));
        line.extend(above.map(|above| &**above).filter(|above| own.insert(above)));
    }
    own.extend(stand_ins);
    own
}

check! {
    VISIT_TEXT_REUSED = "RM307" "visit-text-reused" Warn Book(visit_text_reused);
    title: "several visits have the same summary", "多次拜访的纪要相同";
    why: "A copied summary says nothing about the visit, and may stand for none.", "照抄的纪要不能反映拜访情况，甚至可能并未拜访。";
    mend: "Write what was said at each visit.", "请分别填写每次拜访的实际内容。";
    says: "{count} visits of {managers} have this summary", "{managers} 有 {count} 次拜访使用同一纪要";
    example: client!("[[visits]]\ndate = 2026-09-09\nby = \"wang-fang\"\nkind = \"on-site\"\nsummary = \"Talked about business and cooperation.\"\n\
        [[visits]]\ndate = 2026-10-09\nby = \"wang-fang\"\nkind = \"on-site\"\nsummary = \"talked about business, and cooperation\"\n");
    mended: "talked about business, and" => "asked for a quote; agreed on";
}

/// Who visited the clients that are asked for: what is said of a visit rests on others by the same manager alone.
fn visitors<'a>(context: &Context<'a>) -> HashSet<&'a str> {
    let clients = context.wanted(&context.book.clients);
    clients.flat_map(|client| client.data.visits.iter().map(|visit| &*visit.by)).collect()
}

fn visit_text_reused(context: &Context<'_>, found: &mut Found) {
    let summary = |(client, index): VisitOf<'_>| Place::value(client.file, path!["visits", index, "summary"]);
    for visits in copied_notes(context.book, |client| context.options.wants(client.file), |_| true) {
        let [first, second, ..] = *visits else { continue };
        let mut managers: Vec<&str> = Vec::new();
        for (client, index) in &visits {
            let manager = &*client.data.visits[*index].by;
            if !managers.contains(&manager) {
                managers.push(manager);
            }
        }
        let (count, managers) = (visits.len(), Message::quoted_list(&managers));
        let finding = fires!(VISIT_TEXT_REUSED, summary(second), count = count, managers = managers);
        found.push(finding.label(summary(first), say::ALSO_HERE.into()));
    }
}

check! {
    TOO_MANY_VISITS = "RM308" "too-many-visits" Warn Book(too_many_visits);
    title: "a manager visited more clients on a day than one can", "单日上门拜访次数或地点不合常理";
    why: "Visits written down in a row at the end of a month are rarely visits.", "月末集中补录的拜访往往并不真实。";
    mend: "Correct the dates. The limits are `visits_a_day` and `places_a_day` under `[management]` in `rmbook.toml`.",
        "请更正日期；上限见 `rmbook.toml` 中 `[management]` 的 `visits_a_day` 与 `places_a_day`。";
    says: "`{manager}` made {visits} visits on site in {places} places on {day}", "“{manager}”于 {day} 在 {places} 地上门拜访 {visits} 次";
    example: client!("place = \"Pudong\"\n[[visits]]\ndate = 2026-10-09\nby = \"wang-fang\"\nkind = \"on-site\"\n\
        [[visits]]\ndate = 2026-10-09\nby = \"wang-fang\"\nkind = \"on-site\"\nn = 2\n\
        # file: rmbook.toml\nname = \"Branch\"\n[management]\nvisits_a_day = 1\n");
    mended: "visits_a_day = 1" => "visits_a_day = 2";
}

fn too_many_visits(context: &Context<'_>, found: &mut Found) {
    struct Day<'a> {
        visits: usize,
        places: BTreeSet<&'a str>,
        last: VisitOf<'a>,
    }
    let mut days: BTreeMap<(&str, NaiveDate), Day<'_>> = BTreeMap::new();
    let asked_about = visitors(context);
    let on_site = |visit: &Visit| visit.kind == VisitKind::OnSite && asked_about.contains(&*visit.by);
    for client in &context.book.clients {
        for (index, visit) in client.data.visits.iter().enumerate().filter(|(_, visit)| on_site(visit)) {
            let last = (client, index);
            let key = (&*visit.by, visit.date.0);
            let day = days.entry(key).or_insert_with(|| Day { visits: 0, places: BTreeSet::new(), last });
            day.visits += 1;
            day.places.extend(client.data.place.as_deref());
            day.last = last;
        }
    }
    let limits = &context.book.settings.management;
    for ((manager, date), day) in days {
        if day.visits > limits.visits_a_day as usize || day.places.len() > limits.places_a_day as usize {
            let (client, index) = day.last;
            let place = Place::value(client.file, path!["visits", index, "date"]);
            let (visits, places) = (day.visits, day.places.len());
            found.push(fires!(
                TOO_MANY_VISITS,
                place,
                manager = manager,
                visits = visits,
                places = places,
                day = date
            ));
        }
    }
}

check! {
    HEAD_VISIT_OVERDUE = "RM309" "head-visit-overdue" Warn Client(head_visit_overdue);
    title: "no head has visited a client for longer than its tier allows", "主管超过分层规定的间隔未拜访客户";
    why: "A client that knows nobody but its manager leaves with the manager.", "客户关系系于客户经理一人，人员变动时最易流失。";
    mend: "Let a head go along and write it down: `rmbook add visit CLIENT --with HEAD`; a telephone call does not count. A head is who \
           leads the lead's team, whom the lead reports to, and so on upwards; a lead who leads a team is a head too. Intervals \
           stand under `[cadence.head]` in `rmbook.toml`.",
        "请安排主管同访并登记：`rmbook add visit 客户 --with 主管`，电话联系不计。主管指主办客户经理的团队负责人、直接上级及其各级上级；\
         主办本人为团队负责人的，本人即主管。间隔见 `rmbook.toml` 的 `[cadence.head]`。";
    says: "last visit of a head: {last}; that of `{head}` is {days:day|days} overdue", "最近一次主管拜访：{last}；应由“{head}”拜访，已逾期 {days} 天";
    example: "# file: clients/acme.toml\nname = \"Acme Precision\"\ntier = \"strategic\"\nmanager = \"wang-fang\"\nbackup = \"li-na\"\nstatus = \"active\"\n\
        [[visits]]\ndate = 2026-07-06\nby = \"zhao-lei\"\nkind = \"on-site\"\n\
        [[visits]]\ndate = 2026-10-20\nby = \"wang-fang\"\nkind = \"at-bank\"\n";
    mended: "kind = \"at-bank\"\n" => "kind = \"at-bank\"\nwith = [\"zhao-lei\"]\n";
    entry: Whole;
}

const NOT_YET: Text = Text::new("none yet", "尚无拜访");

fn head_visit_overdue(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let asked = context.deadlines.head_visit(context.book, &client.data, context.today);
    let Some(AskedOfHead { by: head, last, due, .. }) = asked else { return };
    let Some((_, days)) = context.overdue(Some(due)) else { return };
    let last = last.map_or(Arg::from(NOT_YET), Arg::from);
    let place = Place::value(client.file, path!["tier"]);
    found.push(fires!(HEAD_VISIT_OVERDUE, place, last = last, head = head, days = days));
}

check! {
    VISIT_ON_LEAVE = "RM310" "visit-on-leave" Warn Client(visit_on_leave);
    title: "a visit is recorded on a day of leave", "休假当日登记拜访";
    why: "Either the leave or the visit did not take place as written, and both are counted.", "休假与拜访必有一项与实际不符，而两者均计入统计。";
    mend: "Correct the date, `by` or `with`, or the leave.", "请更正拜访日期、`by`、`with` 或休假记录。";
    says: "`{manager}` was on leave on {date}", "“{manager}”于 {date} 休假";
    example: client!("[[visits]]\ndate = 2026-10-09\nby = \"wang-fang\"\nkind = \"on-site\"\n\
        # file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n\
        leaves = [{ from = 2026-10-08, to = 2026-10-09, kind = \"annual\" }]\n");
    mended: "to = 2026-10-09" => "to = 2026-10-08";
}

fn visit_on_leave(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, visit) in client.data.visits.iter().enumerate() {
        let with = visit.with.iter().enumerate();
        let with = with.map(|(place, with)| (with, path!["visits", index, "with", place]));
        for (who, path) in std::iter::once((&visit.by, path!["visits", index, "by"])).chain(with) {
            let record = context.book.managers.get(who);
            if record.is_some_and(|record| record.data.is_off(visit.date)) {
                let place = Place::value(client.file, path);
                found.push(fires!(VISIT_ON_LEAVE, place, manager = &**who, date = visit.date.0));
            }
        }
    }
}
