//! What a facility's state asks for: a class that is not too mild, and nothing hidden behind a neighbour.

use std::collections::BTreeMap;

use chrono::Days;
use rust_decimal::Decimal;

use super::{check, client};
use crate::book::Record;
use crate::book::group::Groups;
use crate::check::{Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::record::client::Client;
use crate::record::risk::{CheckKind, Facility, RiskClass};
use crate::record::value::Day;
use crate::source::Place;
use crate::text::{Text, check as say};

pub(super) static RULES: &[&Check] = &[
    &CLASS_TOO_MILD,
    &CLASS_CONTAGION,
    &MATURED_NOT_OVERDUE,
    &DRAWN_ABOVE_LIMIT,
    &GROUP_NOT_REVIEWED,
    &CLASS_DATES_DISAGREE,
    &PRINCIPAL_BELOW_ZERO,
    &SETTLED_WITH_PRINCIPAL,
    &RECLASSIFIED_LATE,
    &CLASS_UNDATED,
];

/// A client's facilities that are not settled, with their places in the list.
fn open(client: &Client) -> impl Iterator<Item = (usize, &Facility)> {
    client.facilities.iter().enumerate().filter(|(_, facility)| facility.settled.is_none())
}

fn place(client: &Record<Client>, index: usize, key: &str) -> Place {
    Place::value(client.file, path!["facilities", index, key])
}

const NORMAL: Text = Text::new("normal", "正常");
const SPECIAL_MENTION: Text = Text::new("special-mention", "关注");
const SUBSTANDARD: Text = Text::new("substandard", "次级");
const DOUBTFUL: Text = Text::new("doubtful", "可疑");
const LOSS: Text = Text::new("loss", "损失");

fn title(class: RiskClass) -> Text {
    match class {
        RiskClass::Normal => NORMAL,
        RiskClass::SpecialMention => SPECIAL_MENTION,
        RiskClass::Substandard => SUBSTANDARD,
        RiskClass::Doubtful => DOUBTFUL,
        RiskClass::Loss => LOSS,
    }
}

check! {
    CLASS_TOO_MILD = "RM501" "class-too-mild" Deny Client(class_too_mild);
    title: "a facility's class is milder than its overdue days allow", "五级分类轻于逾期天数的要求";
    why: "A loan that is not paid is not normal, and its loss is not yet provided for.", "已逾期的贷款不应列为正常，否则拨备不足。";
    mend: "Reclassify the facility. The days stand under `[risk]` in `rmbook.toml` and run from the first day not paid.",
        "请重新认定分类；天数标准见 `rmbook.toml` 的 `[risk]`，自首次未付日起算。";
    says: "overdue for {days:day|days}: at least {least}, not {class}", "已逾期 {days} 天，至少应列为{least}，现为{class}";
    example: client!("[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = 0.5\n\
        overdue_since = 2026-07-01\nclass = \"special-mention\"\nclass_since = 2026-07-02\n[[checks]]\nkind = \"special\"\ndue = 2026-10-30\n\
        done = 2026-10-30\n[[visits]]\ndate = 2026-08-20\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "class = \"special-mention\"" => "class = \"substandard\"";
}

/// The classes below normal, and the days overdue after which each is the mildest.
fn floors(context: &Context<'_>) -> [(RiskClass, u32); 4] {
    let limits = &context.book.settings.risk;
    [
        (RiskClass::SpecialMention, limits.special_mention_after),
        (RiskClass::Substandard, limits.substandard_after),
        (RiskClass::Doubtful, limits.doubtful_after),
        (RiskClass::Loss, limits.loss_after),
    ]
}

/// The mildest class that days overdue allow.
fn least_class(context: &Context<'_>, days: i64) -> RiskClass {
    let over = floors(context).into_iter().filter(|(_, limit)| days > i64::from(*limit));
    over.map(|(class, _)| class).max().unwrap_or(RiskClass::Normal)
}

/// The days overdue that a class allows; of the gravest, any.
fn days_allowed(context: &Context<'_>, class: RiskClass) -> Option<u32> {
    floors(context).into_iter().filter(|(graver, _)| *graver > class).map(|(_, limit)| limit).min()
}

fn class_too_mild(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, facility) in open(&client.data) {
        let days = facility.days_overdue(context.today);
        let least = least_class(context, days);
        if facility.class < least {
            let (least, class) = (title(least), title(facility.class));
            let at = place(client, index, "class");
            let finding = fires!(CLASS_TOO_MILD, at, days = days, least = least, class = class);
            found.push(finding.label(place(client, index, "overdue_since"), say::OVERDUE_HERE.into()));
        }
    }
}

check! {
    CLASS_CONTAGION = "RM502" "class-contagion" Deny Client(class_contagion);
    title: "part of a debtor's exposure is non-performing, and the rest is not", "债务人部分债权不良而其余未列为不良";
    why: "A debtor who does not pay one loan will not pay the others.", "对同一债务人，部分债权不良超过比例的，其余亦应列为不良。";
    mend: "Reclassify the facility. The share is `contagion` under `[risk]` in `rmbook.toml`.",
        "请重新认定分类；比例见 `rmbook.toml` 中 `[risk]` 的 `contagion`。";
    says: "{bad} of the {all} the client has drawn are non-performing, more than {limit} %, and this facility is {class}",
        "该客户用信余额 {all} 中不良 {bad}，超过 {limit}%，本笔仍为{class}";
    example: client!("[[facilities]]\nid = \"a\"\nproduct = \"Working capital\"\nlimit = 100\ndrawn = 20\nclass = \"substandard\"\nclass_since = 2026-10-20\n\
        [[facilities]]\nid = \"b\"\nproduct = \"Term loan\"\nlimit = 100\ndrawn = 80\nclass = \"special-mention\"\nclass_since = 2026-10-20\n\
        [[checks]]\nkind = \"special\"\ndue = 2026-10-30\ndone = 2026-10-30\n\
        [[visits]]\ndate = 2026-08-20\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "drawn = 20" => "drawn = 5";
}

fn class_contagion(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let all: Decimal = open(&client.data).map(|(_, facility)| facility.drawn.0).sum();
    let bad: Decimal = open(&client.data)
        .filter(|(_, facility)| facility.class.is_npl())
        .map(|(_, facility)| facility.drawn.0)
        .sum();
    let limit = context.book.settings.risk.contagion.0;
    if all <= Decimal::ZERO || bad / all <= limit {
        return;
    }
    let (bad, all) = (bad.normalize(), all.normalize());
    let limit = (limit * Decimal::ONE_HUNDRED).normalize();
    for (index, facility) in open(&client.data) {
        if !facility.class.is_npl() && facility.drawn.0 > Decimal::ZERO {
            let at = place(client, index, "class");
            let class = title(facility.class);
            found.push(fires!(CLASS_CONTAGION, at, bad = bad, all = all, limit = limit, class = class));
        }
    }
}

check! {
    MATURED_NOT_OVERDUE = "RM503" "matured-not-overdue" Deny Client(matured_not_overdue);
    title: "a facility has matured with a balance and is not marked overdue", "授信已到期仍有余额且未标记逾期";
    why: "Principal not paid at maturity is overdue from that day on.", "到期未还的本金自到期日起即为逾期。";
    mend: "Enter `overdue_since`, `settled`, or the new `matures`.", "请填写 `overdue_since`、`settled` 或新的 `matures`。";
    says: "matured on {matures} with {drawn} drawn", "已于 {matures} 到期，用信余额 {drawn}";
    example: client!("[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = 2000\nclass = \"normal\"\n\
        matures = 2026-10-15\n[[visits]]\ndate = 2026-08-20\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "matures = 2026-10-15" => "matures = 2027-10-15";
}

fn matured_not_overdue(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, facility) in open(&client.data) {
        let matured = facility.matures.filter(|matures| matures.0 < context.today);
        let Some(matures) = matured.filter(|_| facility.overdue_since.is_none()) else { continue };
        if facility.drawn.0 > Decimal::ZERO {
            let at = place(client, index, "matures");
            found.push(fires!(
                MATURED_NOT_OVERDUE,
                at,
                matures = matures.0,
                drawn = facility.drawn.0.normalize()
            ));
        }
    }
}

check! {
    DRAWN_ABOVE_LIMIT = "RM504" "drawn-above-limit" Deny Client(drawn_above_limit);
    title: "more is drawn on a facility than was granted", "用信余额超过授信额度";
    why: "Either a figure is wrong, or credit was given that nobody approved.", "或数据有误，或存在超额度用信。";
    mend: "Correct the figures, or enter the limit that was approved.", "请更正数据或填写经批准的额度。";
    says: "{drawn} drawn, {limit} granted", "用信 {drawn}，额度 {limit}";
    example: client!("[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 300\ndrawn = 400\nclass = \"normal\"\n\
        [[visits]]\ndate = 2026-08-20\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "limit = 300" => "limit = 500";
}

fn drawn_above_limit(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, facility) in open(&client.data).filter(|(_, facility)| facility.drawn > facility.limit) {
        let (drawn, limit) = (facility.drawn.0.normalize(), facility.limit.0.normalize());
        found.push(fires!(DRAWN_ABOVE_LIMIT, place(client, index, "drawn"), drawn = drawn, limit = limit));
    }
}

check! {
    GROUP_NOT_REVIEWED = "RM505" "group-not-reviewed" Warn Book(group_not_reviewed);
    title: "a group has a non-performing member, and another member was not looked at since", "集团成员出现不良而其他成员未复查";
    why: "Trouble spreads inside a group; it asks for a review, not for a downgrade.", "集团内风险相互传导，应当复查，但不当然下调。";
    mend: "Make a special check and record it.", "请开展并登记专项检查。";
    says: "`{member}` of the same group has been non-performing {since}, and no special check followed here",
        "同一集团的“{member}”{since}为不良，本户尚未专项检查";
    example: client!("group = \"Acme\"\n[[facilities]]\nid = \"a\"\nproduct = \"Working capital\"\nlimit = 100\ndrawn = 80\nclass = \"normal\"\n\
        [[visits]]\ndate = 2026-08-20\nby = \"wang-fang\"\nkind = \"on-site\"\n\
        # file: clients/acme-trade.toml\nname = \"Trade House\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n\
        group = \"Acme\"\n[[facilities]]\nid = \"b\"\nproduct = \"Working capital\"\nlimit = 100\ndrawn = 0\nclass = \"loss\"\n\
        overdue_since = 2025-01-01\nclass_since = 2026-10-01\n[[checks]]\nkind = \"special\"\ndue = 2026-10-05\ndone = 2026-10-05\n");
    mended: "group = \"Acme\"" => "group = \"Acme Trading\"";
}

fn group_not_reviewed(context: &Context<'_>, found: &mut Found) {
    let groups = Groups::new(&context.book.clients);
    let mut bad: BTreeMap<&str, (Option<Day>, &Record<Client>, usize)> = BTreeMap::new();
    for client in &context.book.clients {
        for (index, facility) in open(&client.data).filter(|(_, facility)| facility.class.is_npl()) {
            let Some(group) = groups.of(&client.id) else { continue };
            let since = facility.class_began();
            let latest = bad.entry(group).or_insert((since, client, index));
            if since > latest.0 {
                *latest = (since, client, index);
            }
        }
    }
    for client in context.book.clients.iter().filter(|_| !bad.is_empty()) {
        let Some((since, member, index)) = groups.of(&client.id).and_then(|group| bad.get(group)) else {
            continue;
        };
        let lent = open(&client.data).find(|(_, facility)| facility.drawn.0 > Decimal::ZERO);
        let is_bad = open(&client.data).any(|(_, facility)| facility.class.is_npl());
        let checked = client.data.checks.iter().any(|check| {
            check.kind == CheckKind::Special && check.done.is_some_and(|done| Some(done) >= *since)
        });
        let Some((lent, _)) = lent.filter(|_| !is_bad && !checked && member.file != client.file) else {
            continue;
        };
        let at = match (&client.data.group, &client.data.parent) {
            (Some(_), _) => Place::value(client.file, path!["group"]),
            (None, Some(_)) => Place::value(client.file, path!["parent"]),
            // The parent itself.
            (None, None) => place(client, lent, "class"),
        };
        let since = since.map_or(say::SINCE_UNDATED.into(), |day| msg!(say::SINCE_DAY, day = day.0));
        let finding = fires!(GROUP_NOT_REVIEWED, at, member = &*member.id, since = since);
        found.push(finding.label(place(member, *index, "class"), say::NON_PERFORMING_HERE.into()));
    }
}

check! {
    CLASS_DATES_DISAGREE = "RM506" "class-dates-disagree" Deny Client(class_dates_disagree);
    title: "the day a class began and the history of the classes before it disagree", "分类认定日与历史分类不衔接";
    why: "Reports on a day in between show a class the facility did not have.", "期间各日的报表将显示错误的分类。";
    mend: "The class began on the day after the last `until` that names a class: correct `class_since`, or add the class between as a position in `history`.",
        "现分类应自历史中最后一条列明分类的 `until` 次日起：请更正 `class_since`，或在 `history` 中补录其间的分类。";
    says: "{class} since {since}, but the history tells a class until {until}", "自 {since} 起为{class}，而历史分类截至 {until}";
    example: client!("[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = 0\nclass = \"normal\"\n\
        class_since = 2026-10-20\nhistory = [{ until = 2026-08-31, class = \"special-mention\" }]\n");
    mended: "2026-08-31" => "2026-10-19";
}

fn class_dates_disagree(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, facility) in client.data.facilities.iter().enumerate() {
        let Some((since, until)) = facility.class_since.zip(facility.class_until()) else { continue };
        if until.0.succ_opt() != Some(since.0) {
            let class = title(facility.class);
            let at = place(client, index, "class_since");
            found.push(fires!(CLASS_DATES_DISAGREE, at, class = class, since = since.0, until = until.0));
        }
    }
}

check! {
    PRINCIPAL_BELOW_ZERO = "RM507" "principal-below-zero" Deny Client(principal_below_zero);
    title: "a facility's amount is below zero", "授信金额为负";
    why: "It lowers every sum it enters: the book, its ratios, the exposure.", "负数将压低管户余额、各项比率和风险敞口。";
    mend: "Enter the amount itself.", "请填写金额本身。";
    says: "`{field}` is {value}", "`{field}` 为 {value}";
    example: client!("[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = -2000\nclass = \"normal\"\n");
    mended: "drawn = -2000" => "drawn = 0";
    entry: Refuse;
}

fn principal_below_zero(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let mut judge = |field: &str, value: Decimal, at: Place| {
        if value < Decimal::ZERO {
            found.push(fires!(PRINCIPAL_BELOW_ZERO, at, field = field, value = value));
        }
    };
    for (index, facility) in client.data.facilities.iter().enumerate() {
        judge("limit", facility.limit.0, place(client, index, "limit"));
        judge("drawn", facility.drawn.0, place(client, index, "drawn"));
        for (earlier, position) in facility.history.iter().enumerate() {
            let at = path!["facilities", index, "history", earlier, "drawn"];
            judge(
                "drawn",
                position.drawn.map_or(Decimal::ZERO, |drawn| drawn.0),
                Place::value(client.file, at),
            );
        }
    }
}

check! {
    SETTLED_WITH_PRINCIPAL = "RM508" "settled-with-principal" Deny Client(settled_with_principal);
    title: "a settled facility still has principal drawn", "已结清授信仍有用信余额";
    why: "Nothing is owed after settlement; what was drawn before belongs to the days before.", "结清后应无余额，此前的余额属于此前各日。";
    mend: "Set `drawn = 0` with `rmbook set`, which keeps what was drawn until the day before in `history`; or take `settled` out.",
        "请用 `rmbook set` 将 `drawn` 改为 0（此前余额自动记入 `history`），或删去 `settled`。";
    says: "settled on {settled} with {drawn} drawn", "{settled} 已结清，用信余额仍为 {drawn}";
    example: client!("[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = 2000\nclass = \"normal\"\n\
        settled = 2026-10-20\n[[visits]]\ndate = 2026-08-20\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "drawn = 2000" => "drawn = 0";
    entry: Refuse;
}

fn settled_with_principal(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, facility) in client.data.facilities.iter().enumerate() {
        if let Some(settled) = facility.settled.filter(|_| facility.drawn.0 > Decimal::ZERO) {
            let drawn = facility.drawn.0.normalize();
            let at = place(client, index, "drawn");
            found.push(fires!(SETTLED_WITH_PRINCIPAL, at, settled = settled.0, drawn = drawn));
        }
    }
}

check! {
    RECLASSIFIED_LATE = "RM509" "reclassified-late" Warn Client(reclassified_late);
    title: "a facility kept a class longer than its overdue days allowed", "五级分类下调晚于逾期天数的要求";
    why: "Until the class was changed the book, its ratios and what was provided for were better than the truth.", "分类下调前，管户余额、各项比率及拨备均优于实际。";
    mend: "What was so stays so: the history tells when the class was changed in fact. Say why it took so long and what was done about it, as \
           `# rmbook: allow(reclassified-late) …` beside it; correct a day only where it is wrong.",
        "既成事实不作改动，历史状态应如实反映实际调整日。请在该行以 `# rmbook: allow(reclassified-late) 说明` 注明迟延原因与处理情况；日期确有录入错误的，方予更正。";
    says: "overdue since {since}, {class} could stand until {limit}; it stood until {until}, {days:day|days} too long",
        "自 {since} 起逾期，{class}类最迟应保持至 {limit}，实际保持至 {until}，迟调 {days} 天";
    example: client!("[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = 0.5\n\
        overdue_since = 2026-07-01\nclass = \"substandard\"\nclass_since = 2026-10-05\n\
        history = [\n  { until = 2026-07-01, class = \"normal\" },\n  { until = 2026-10-04, class = \"special-mention\" },\n]\n\
        [[checks]]\nkind = \"special\"\ndue = 2026-10-30\ndone = 2026-10-30\n\
        [[visits]]\ndate = 2026-08-20\nby = \"wang-fang\"\nkind = \"on-site\"\n");
    mended: "class = \"special-mention\" }," => "class = \"special-mention\" },  # rmbook: allow(reclassified-late) found by the review of the quarter";
}

fn reclassified_late(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, facility) in open(&client.data) {
        for (earlier, position) in facility.history.iter().enumerate().filter(|(_, it)| it.class.is_some()) {
            let until = position.until.0;
            let Some(then) = facility.as_of(until) else { continue };
            // What went on unchanged is judged on its last day.
            let next = until.succ_opt().and_then(|day| facility.as_of(day));
            let went_on =
                |next: &Facility| next.class == then.class && next.overdue_since == then.overdue_since;
            let Some(since) = then.overdue_since.filter(|_| !next.is_some_and(|next| went_on(&next))) else {
                continue;
            };
            let allowed = days_allowed(context, then.class);
            let Some(limit) = allowed.and_then(|days| since.0.checked_add_days(Days::new(days.into())))
            else {
                continue;
            };
            let days = (until - limit).num_days();
            if days > 0 {
                let at = path!["facilities", index, "history", earlier, "class"];
                found.push(fires!(
                    RECLASSIFIED_LATE,
                    Place::value(client.file, at),
                    since = since.0,
                    class = title(then.class),
                    limit = limit,
                    until = until,
                    days = days
                ));
            }
        }
    }
}

check! {
    CLASS_UNDATED = "RM510" "class-undated" Warn Client(class_undated);
    title: "a facility is below normal, and nobody entered since when", "低于正常类的授信未填分类认定日";
    why: "Checks, the review of the group and every report of a day before count from that day.", "检查期限、集团复查及此前各日的报表均自认定日起算。";
    mend: "Enter `class_since`: the day the bank decided on the class.", "请填写 `class_since`，即本行认定该分类之日。";
    says: "{class}, since a day nobody entered", "现为{class}，未填认定日";
    example: client!("[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = 0\nclass = \"substandard\"\n\
        [[checks]]\nkind = \"special\"\ndue = 2026-10-20\ndone = 2026-10-20\n");
    mended: "class = \"substandard\"" => "class = \"substandard\"\nclass_since = 2026-10-12";
}

fn class_undated(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, facility) in open(&client.data) {
        // After an earlier class the day is told by it.
        let is_dated = facility.class_since.is_some() || facility.class_until().is_some();
        if facility.class > RiskClass::Normal && !is_dated {
            let class = title(facility.class);
            found.push(fires!(CLASS_UNDATED, place(client, index, "class"), class = class));
        }
    }
}
