//! The work lending asks for: checks made in time, plans before maturity, signals dealt with, exposure kept apart.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{check, client};
use crate::book::Record;
use crate::book::credit::{credited, earners};
use crate::book::deadline::{Alarm, looks_at, unchecked_alarms};
use crate::check::{Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::period::Month;
use crate::record::client::Client;
use crate::record::risk::{CheckKind, Facility};
use crate::record::settings::MeasureKind;
use crate::source::Place;
use crate::text::{Text, check as say};

pub(super) static RULES: &[&Check] = &[
    &FIRST_CHECK_MISSING,
    &CHECK_OVERDUE,
    &SPECIAL_CHECK_MISSING,
    &MATURITY_WITHOUT_PLAN,
    &SIGNAL_PAST_DEADLINE,
    &COVENANT_UNTESTED,
    &RISK_NOT_REVIEWED,
    &CONCENTRATED_DEPOSITS,
    &DRAWN_AGAINST_LOANS,
    &COVENANT_BROKEN,
];

check! {
    FIRST_CHECK_MISSING = "RM511" "first-check-missing" Deny Client(first_check_missing);
    title: "the use of funds was not checked after a drawdown", "放款后未作首次检查（资金用途）";
    why: "Money used for something else is the earliest sign of a loan going wrong.", "资金挪用是贷款劣变最早的信号。";
    mend: "Check the use of funds and record it as a check of the kind `first`. The limit is `first_check` under `[risk]`.",
        "请检查资金用途并登记为 `first` 检查；时限见 `[risk]` 的 `first_check`。";
    says: "the first check of `{facility}` was due on {deadline}, {days:day|days} ago", "“{facility}”首次检查应于 {deadline} 前完成，已超期 {days} 天";
    example: client!("[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = 2000\nclass = \"normal\"\n\
        drawn_on = 2026-10-01\n");
    mended: "drawn_on = 2026-10-01" => "drawn_on = 2026-10-20";
}

fn first_check_missing(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, facility) in client.data.facilities.iter().enumerate() {
        let due = context.deadlines.first_check(&client.data, facility);
        if let Some((deadline, days)) = context.overdue(due) {
            let place = Place::value(client.file, path!["facilities", index, "drawn_on"]);
            found.push(fires!(
                FIRST_CHECK_MISSING,
                place,
                facility = &facility.id,
                deadline = deadline,
                days = days
            ));
        }
    }
}

check! {
    CHECK_OVERDUE = "RM512" "check-overdue" Warn Client(check_overdue);
    title: "a post-loan check is overdue", "贷后检查逾期未做";
    why: "The worse a loan is, the more often it must be looked at.", "分类越差，检查应越频繁。";
    mend: "Make the check and enter `done`. An interval begins with the drawdown, with the last check of any kind and with the class, unless a check was due before and is owed still; the intervals stand under `[risk.routine]` in `rmbook.toml`.",
        "请完成检查并填写 `done`；间隔自放款、最近一次任何检查或分类认定起算（分类变更前已到期未做的检查仍须补做），见 `rmbook.toml` 的 `[risk.routine]`。";
    says: "a check was due on {deadline}, {days:day|days} ago", "应于 {deadline} 前检查，已超期 {days} 天";
    example: client!("[[checks]]\nkind = \"routine\"\ndue = 2026-10-20\n");
    mended: "due = 2026-10-20" => "due = 2026-11-20";
}

fn check_overdue(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let deadlines = &context.deadlines;
    let routine = |facility| deadlines.unscheduled_check(&client.data, facility, CheckKind::Routine);
    let asked: Vec<_> = client.data.facilities.iter().map(routine).collect();
    for (index, check) in client.data.checks.iter().enumerate() {
        // One scheduled after its limit is owed by the limit, as `due` has it.
        let limits = asked.iter().flatten().filter(|(_, scheduled)| *scheduled == Some(index));
        let limit = limits.map(|(limit, _)| *limit).min();
        let due = limit.or_else(|| deadlines.scheduled_check(check));
        let facility =
            client.data.facilities.iter().find(|facility| check.facility.as_ref() == Some(&facility.id));
        // A missing first check is the graver finding.
        let graver = check.kind == CheckKind::First
            && facility.is_some_and(|facility| deadlines.first_check(&client.data, facility).is_some());
        if let Some((deadline, days)) = context.overdue(due).filter(|_| !graver) {
            let place = Place::value(client.file, path!["checks", index, "due"]);
            found.push(fires!(CHECK_OVERDUE, place, deadline = deadline, days = days));
        }
    }
    // One that is scheduled and overdue is found above.
    let is_found = |facility: &Facility| {
        let mut others = client.data.checks.iter().filter(|check| check.kind != CheckKind::First);
        others.any(|check| {
            looks_at(check, facility) && context.overdue(deadlines.scheduled_check(check)).is_some()
        })
    };
    for (index, (facility, asked)) in client.data.facilities.iter().zip(asked).enumerate() {
        let due = asked.and_then(|(limit, scheduled)| scheduled.is_none().then_some(limit));
        if let Some((deadline, days)) = context.overdue(due).filter(|_| !is_found(facility)) {
            let place = Place::value(client.file, path!["facilities", index, "class"]);
            found.push(fires!(CHECK_OVERDUE, place, deadline = deadline, days = days));
        }
    }
}

check! {
    SPECIAL_CHECK_MISSING = "RM513" "special-check-missing" Warn Client(special_check_missing);
    title: "a downgrade was not followed by a special check", "分类下调后未作专项检查";
    why: "A downgrade says that something happened; somebody must go and see what.", "分类下调说明情况有变，须现场查明原因。";
    mend: "Make a special check and record it.", "请开展并登记专项检查。";
    says: "`{facility}` has been below normal {since}, and no special check followed", "“{facility}”{since}低于正常类，此后未作专项检查";
    example: client!("[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = 0\nclass = \"special-mention\"\n\
        class_since = 2026-10-20\n");
    mended: "class = \"special-mention\"" => "class = \"normal\"";
}

fn special_check_missing(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (alarm, since) in unchecked_alarms(&client.data, context.today) {
        if let Alarm::Downgrade(index) = alarm {
            let place = Place::value(client.file, path!["facilities", index, "class_since"]);
            let facility = &client.data.facilities[index].id;
            let since = since.map_or(say::SINCE_UNDATED.into(), |day| msg!(say::SINCE_DAY, day = day));
            found.push(fires!(SPECIAL_CHECK_MISSING, place, facility = facility, since = since));
        }
    }
}

check! {
    MATURITY_WITHOUT_PLAN = "RM514" "maturity-without-plan" Warn Client(maturity_without_plan);
    title: "a facility matures soon, and nothing is planned", "授信临近到期而无安排";
    why: "A renewal takes longer than a client's patience, and a repayment must be earned first.", "续授信耗时较长，到期还款亦须提前落实来源。";
    mend: "Enter the plan as `renewal`. The days stand under `[risk]` as `renewal`.", "请在 `renewal` 中填写安排；提前天数见 `[risk]` 的 `renewal`。";
    says: "`{facility}` matures on {matures}, in {days:day|days}, without a plan", "“{facility}”将于 {matures} 到期，尚余 {days} 天，无到期安排";
    example: client!("[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = 0\nclass = \"normal\"\nmatures = 2026-12-20\n");
    mended: "2026-12-20" => "2027-12-20";
}

fn maturity_without_plan(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, facility) in client.data.facilities.iter().enumerate() {
        let due = context.deadlines.renewal_plan(facility).filter(|due| *due <= context.today);
        // Past maturity there is nothing left to plan.
        let Some(matures) = facility.matures.filter(|day| due.is_some() && day.0 >= context.today) else {
            continue;
        };
        let place = Place::value(client.file, path!["facilities", index, "matures"]);
        let days = (matures.0 - context.today).num_days();
        found.push(fires!(
            MATURITY_WITHOUT_PLAN,
            place,
            facility = &facility.id,
            matures = matures.0,
            days = days
        ));
    }
}

check! {
    SIGNAL_PAST_DEADLINE = "RM515" "signal-past-deadline" Warn Client(signal_past_deadline);
    title: "a warning signal was not dealt with in time", "预警信号超期未处置";
    why: "A signal nobody answers is worth less than none.", "无人处置的预警形同虚设。";
    mend: "Deal with it and enter `closed`, or set a new `due`. The limits stand under `[risk]` in `rmbook.toml`.",
        "请处置并填写 `closed`，或重新约定 `due`；时限见 `rmbook.toml` 的 `[risk]`。";
    says: "`{signal}` should have been dealt with by {deadline}, {days:day|days} ago", "“{signal}”应于 {deadline} 前处置，已超期 {days} 天";
    example: client!("[[warnings]]\nopened = 2026-10-20\nsignal = \"interest unpaid\"\nlevel = \"red\"\n\
        [[visits]]\ndate = 2026-10-30\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "level = \"red\"" => "level = \"orange\"";
}

fn signal_past_deadline(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, warning) in client.data.warnings.iter().enumerate() {
        if let Some((deadline, days)) = context.overdue(context.deadlines.warning(warning)) {
            let place = Place::value(client.file, path!["warnings", index]);
            found.push(fires!(
                SIGNAL_PAST_DEADLINE,
                place,
                signal = &warning.signal,
                deadline = deadline,
                days = days
            ));
        }
    }
}

check! {
    COVENANT_UNTESTED = "RM516" "covenant-untested" Warn Client(covenant_untested);
    title: "a covenant was not tested on its day", "授信约束条件到期未检验";
    why: "A promise nobody checks is not kept.", "无人检验的约束条件等于没有。";
    mend: "Test it and enter `tested` and `kept`.", "请检验并填写 `tested` 与 `kept`。";
    says: "`{what}` should have been tested on {deadline}", "“{what}”应于 {deadline} 检验";
    example: client!("[[covenants]]\nwhat = \"debt ratio at most 70 %\"\ndue = 2026-09-30\ntested = 2026-03-31\n");
    mended: "tested = 2026-03-31" => "tested = 2026-10-10";
}

fn covenant_untested(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, covenant) in client.data.covenants.iter().enumerate() {
        if let Some((deadline, _)) = context.overdue(context.deadlines.covenant(covenant)) {
            let place = Place::value(client.file, path!["covenants", index, "due"]);
            found.push(fires!(COVENANT_UNTESTED, place, what = &covenant.what, deadline = deadline));
        }
    }
}

check! {
    RISK_NOT_REVIEWED = "RM517" "risk-not-reviewed" Warn Book(risk_not_reviewed);
    title: "an identified risk was not looked at again on its day", "风险事项到期未复核";
    why: "Likelihood and impact are judgements with a date.", "可能性与影响程度的判断具有时效。";
    mend: "Look at it again and move `review`, or enter `closed`.", "请复核并更新 `review`，或填写 `closed`。";
    says: "`{risk}` should have been looked at again on {deadline}", "“{risk}”应于 {deadline} 复核";
    example: client!("[[risks]]\nid = \"steel\"\nkind = \"market\"\nwhat = \"steel price\"\nlikelihood = 3\nimpact = 3\nreview = 2026-09-30\n");
    mended: "2026-09-30" => "2026-12-31";
    entry: Remark;
}

fn risk_not_reviewed(context: &Context<'_>, found: &mut Found) {
    let of_clients = context.wanted(&context.book.clients).map(|client| (client.file, &client.data.risks));
    let of_teams = context.wanted(&context.book.teams).map(|team| (team.file, &team.data.risks));
    for (file, risks) in of_clients.chain(of_teams) {
        for (index, risk) in risks.iter().enumerate() {
            if let Some((deadline, _)) = context.overdue(context.deadlines.risk_review(risk)) {
                let place = Place::value(file, path!["risks", index, "review"]);
                found.push(fires!(RISK_NOT_REVIEWED, place, risk = &risk.id, deadline = deadline));
            }
        }
    }
}

check! {
    CONCENTRATED_DEPOSITS = "RM518" "concentrated-deposits" Warn Book(concentrated_deposits);
    title: "too large a part of a manager's deposits is with one client", "单一客户存款占比过高";
    why: "When that client goes, the manager's year is over.", "该客户一旦流失，全年业绩即告失守。";
    mend: "Win others, and keep a plan for its leaving. The share is `concentration` under `[risk]` in `rmbook.toml`. A single client, and one that has no more \
           than an equal part, is never found.",
        "请拓展其他客户并备有应对预案；占比上限见 `rmbook.toml` 中 `[risk]` 的 `concentration`。仅有一户存款，或该户占比不高于各户均分的，不作提示。";
    says: "{share} % of `{manager}`'s deposits in {month} are with this client", "{month} “{manager}”的存款有 {share}% 来自该客户";
    example: client!("[results]\n2026-10 = { deposits = 90 }\n\
        # file: clients/b.toml\nname = \"B\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n[results]\n2026-10 = { deposits = 30 }\n\
        # file: clients/c.toml\nname = \"C\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n[results]\n2026-10 = { deposits = 30 }\n\
        # file: clients/d.toml\nname = \"D\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n[results]\n2026-10 = { deposits = 30 }\n");
    mended: "deposits = 90" => "deposits = 35";
}

fn concentrated_deposits(context: &Context<'_>, found: &mut Found) {
    struct Sum<'a> {
        all: Decimal,
        clients: Decimal,
        largest: (Decimal, &'a Record<Client>),
    }
    let Some(latest) = context.latest_over.filter(|_| context.book.is_whole()) else { return };
    let deposits = context.deposits();
    let kind =
        context.book.settings.measures.get(deposits).map_or(MeasureKind::Balance, |measure| measure.kind);
    let mut sums: BTreeMap<&str, Sum<'_>> = BTreeMap::new();
    for client in &context.book.clients {
        let figure = client.data.results.get(&latest).and_then(|figures| figures.get(deposits)?.avg);
        let Some(figure) = figure.map(|amount| amount.0) else { continue };
        for manager in earners(&client.data) {
            let amount = credited(&client.data, deposits, kind, manager, (latest, figure));
            if amount <= Decimal::ZERO {
                continue;
            }
            let new = || Sum { all: Decimal::ZERO, clients: Decimal::ZERO, largest: (Decimal::ZERO, client) };
            let sum = sums.entry(manager).or_insert_with(new);
            sum.all += amount;
            sum.clients += Decimal::ONE;
            if amount > sum.largest.0 {
                sum.largest = (amount, client);
            }
        }
    }
    let limit = context.book.settings.risk.concentration.0;
    for (manager, Sum { all, clients, largest: (amount, client) }) in sums {
        // With few clients even equal parts are above the limit.
        if clients > Decimal::ONE && amount > limit * all && amount * clients > all {
            let month = latest.to_string();
            let place = Place::key(client.file, path!["results", month.clone(), deposits]);
            let share = (amount / all * Decimal::ONE_HUNDRED).round_dp(1).normalize();
            found.push(fires!(CONCENTRATED_DEPOSITS, place, share = share, manager = manager, month = month));
        }
    }
}

check! {
    DRAWN_AGAINST_LOANS = "RM519" "drawn-against-loans" Warn Client(drawn_against_loans);
    title: "what is drawn on facilities and the month's loans disagree", "用信余额与当月贷款余额不符";
    why: "Risk is computed from facilities and performance from monthly figures; one of them is wrong.",
        "风险依授信业务、业绩依月度数据计算，两者必有一误。";
    mend: "Bring the facilities or the month up to date; what was drawn before a change since then stands in the facility's `history`. \
           A plain number is the month's average, and is held against the days of the month where every facility has `drawn_on`. \
           Loans without a facility count in no figure of risk: `rmbook add facility`. Which measure is compared is `loans` under `[risk]`.",
        "请更新授信业务或月度数据；其后变动的，变动前余额应记入该笔业务的 `history`。仅填一个数字的为当月日均，各笔业务均填有 `drawn_on` 时按当月逐日余额核对。\
         有贷款而无授信业务的不计入任何风险指标，请用 `rmbook add facility` 登记。所核对的指标见 `[risk]` 的 `loans`。";
    says: "{drawn}, {loans}", "{drawn}，{loans}";
    example: client!("[results]\n2026-10 = { loans = { avg = 3000, end = 3000 } }\n\
        [[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = 2000\nclass = \"normal\"\n\
        [[visits]]\ndate = 2026-09-30\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "drawn = 2000" => "drawn = 3000";
    entry: Whole;
}

const DRAWN: Text = Text::new("{drawn} drawn in total", "用信余额合计 {drawn}");
const NO_FACILITY: Text = Text::new("no facility is entered", "未登记任何授信业务");
const AT_THE_END: Text = Text::new("loans of {loans} at the end of {month}", "{month} 末贷款 {loans}");
const ON_AVERAGE: Text = Text::new("loans of {loans} on average in {month}", "{month} 日均贷款 {loans}");
const NO_LOANS: Text = Text::new("no loans in {month}", "{month} 未登记贷款");

fn drawn_against_loans(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let limits = &context.book.settings.risk;
    let Some(latest) = context.latest else { return };
    let Some(figures) = client.data.results.get(&latest) else { return };
    let at_the_end = drawn_on(&client.data, latest.last_day());
    let key = path!["results", latest.to_string()];
    let figure = figures.get(&limits.loans);
    // A balance on a day is that of the day; an average is, where every drawing has its day, and may else differ as much as a
    // month may jump.
    let (drawn, loans, tolerance, when) = match figure
        .and_then(|figure| figure.end.or(figure.avg).map(|loans| (figure, loans)))
    {
        Some((figure, end)) if figure.end.is_some() => (at_the_end, end.0, limits.deviation.0, AT_THE_END),
        Some((_, average)) => match drawn_on_average(&client.data, latest) {
            Some(drawn) => (drawn, average.0, limits.deviation.0, ON_AVERAGE),
            None => (at_the_end, average.0, limits.jump.0, ON_AVERAGE),
        },
        None if context.keeps_loans && !at_the_end.is_zero() => {
            let loans = msg!(NO_LOANS, month = latest.to_string());
            let drawn = msg!(DRAWN, drawn = at_the_end.normalize());
            found.push(fires!(
                DRAWN_AGAINST_LOANS,
                Place::key(client.file, key),
                drawn = drawn,
                loans = loans
            ));
            return;
        }
        None => return,
    };
    if (drawn - loans).abs() > tolerance * drawn.max(loans) {
        let place = Place::key(client.file, key.join(&*limits.loans));
        let loans = msg!(when, loans = loans.normalize(), month = latest.to_string());
        let drawn = match client.data.facilities.as_slice() {
            [] => NO_FACILITY.into(),
            _ => msg!(DRAWN, drawn = drawn.round_dp(2).normalize()),
        };
        found.push(fires!(DRAWN_AGAINST_LOANS, place, drawn = drawn, loans = loans));
    }
}

/// What a client's facilities had drawn at the end of a day.
fn drawn_on(client: &Client, day: NaiveDate) -> Decimal {
    client.facilities.iter().filter_map(|facility| facility.as_of(day)).map(|facility| facility.drawn.0).sum()
}

/// What a client's facilities had drawn on the average of a month's days; nothing where one does not say since when it is drawn.
fn drawn_on_average(client: &Client, month: Month) -> Option<Decimal> {
    if client.facilities.iter().any(|facility| facility.drawn_on.is_none()) {
        return None;
    }
    let days = month.first_day().iter_days().take_while(|day| *day <= month.last_day());
    let (sum, count) =
        days.fold((Decimal::ZERO, 0_u32), |(sum, count), day| (sum + drawn_on(client, day), count + 1));
    Some(sum / Decimal::from(count))
}

check! {
    COVENANT_BROKEN = "RM520" "covenant-broken" Warn Client(covenant_broken);
    title: "a broken covenant was answered by nothing", "约束条件被违反而未采取措施";
    why: "A covenant is the early warning the client itself agreed to.", "约束条件是客户事先认可的预警线。";
    mend: "Make a special check or open a warning signal, and write it down.", "请开展专项检查或触发预警，并予登记。";
    says: "`{what}` was not kept, and neither a special check nor a warning followed", "“{what}”未被遵守，其后既无专项检查也无预警";
    example: client!("[[covenants]]\nwhat = \"debt ratio below 65%\"\ndue = 2026-12-31\ntested = 2026-09-30\nkept = false\n");
    mended: "kept = false\n" => "kept = false\n[[checks]]\nkind = \"special\"\ndue = 2026-10-10\ndone = 2026-10-09\n";
}

fn covenant_broken(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, covenant) in client.data.covenants.iter().enumerate() {
        let Some(tested) = covenant.tested.filter(|_| covenant.kept == Some(false)) else { continue };
        let checked =
            client.data.checks.iter().any(|check| {
                check.kind == CheckKind::Special && check.done.is_some_and(|done| done >= tested)
            });
        let warned = client.data.warnings.iter().any(|warning| warning.opened >= tested);
        if !checked && !warned {
            let place = Place::value(client.file, path!["covenants", index, "kept"]);
            found.push(fires!(COVENANT_BROKEN, place, what = &covenant.what));
        }
    }
}
