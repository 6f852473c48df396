//! Monthly figures: no month missing, none in the future, none that cannot be meant.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{check, client};
use crate::book::Record;
use crate::book::credit::earners;
use crate::book::deviation::MonthEnd;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::period::Month;
use crate::record::client::{Client, Status};
use crate::record::figure::Figures;
use crate::record::settings::MeasureKind;
use crate::record::value::{Amount, Rate};
use crate::source::{KeyPath, Place};
use crate::text::check as say;

pub(super) static RULES: &[&Check] = &[
    &RESULTS_GAP,
    &RESULTS_BEHIND,
    &MONTH_TO_COME,
    &MONTH_END_DEVIATION,
    &NEGATIVE_BALANCE,
    &FIGURE_JUMP,
    &IMPLAUSIBLE_RATE,
    &RATIO_ABOVE_MOST,
    &MARKET_TO_COME,
];

/// Months, counted back from the last one with figures, in which oddities are still worth asking about.
const RECENT: i32 = 3;

check! {
    RESULTS_GAP = "RM211" "results-gap" Deny Client(results_gap);
    title: "a month is missing between months with figures", "月度业绩缺月";
    why: "Averages, growth and increments over the gap cannot be computed.", "跨越缺口的日均、增速和增量均无法计算。";
    mend: "Add the month; write 0 where the balance was 0.", "请补录该月；余额为零的填 0。";
    says: "no {what} for {months}", "{months} 缺少{what}";
    example: client!("[results]\n2026-08 = { deposits = 5000 }\n2026-10 = { deposits = 5200 }\n");
    mended: "2026-10" => "2026-09";
}

fn results_gap(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let results = &client.data.results;
    let key = |month: Month| Place::key(client.file, path!["results", month.to_string()]);
    let mut before: Option<(Month, &Figures)> = None;
    for (month, figures) in results {
        if let Some((last, _)) = before.filter(|(last, _)| month.since(*last) > 1) {
            let (first, last) = (last.plus(1), month.plus(-1));
            let months = if first == last { first.to_string() } else { format!("{first}..{last}") };
            found.push(fires!(RESULTS_GAP, key(*month), what = say::FIGURES, months = months));
        }
        before = Some((*month, figures));
    }
    let months: Vec<_> = results.iter().collect();
    for window in months.windows(3) {
        let [(_, before), (month, figures), (_, after)] = window else { continue };
        for measure in before.measures().filter(|measure| after.get(measure).is_some()) {
            if is_balance(context, measure) && figures.get(measure).is_none() {
                let months = month.to_string();
                found.push(fires!(RESULTS_GAP, key(**month), what = &**measure, months = months));
            }
        }
    }
}

fn is_balance(context: &Context<'_>, measure: &str) -> bool {
    let declared = context.book.settings.measures.get(measure);
    declared.is_some_and(|measure| measure.kind == MeasureKind::Balance)
}

check! {
    RESULTS_BEHIND = "RM212" "results-behind" Warn Client(results_behind);
    title: "a client's figures end before those of the book", "客户业绩未更新至最近月份";
    why: "The client counts as missing in the latest months.", "该客户在最近月份被视为缺数。";
    mend: "Import the missing months, or close the client.", "请补录缺少的月份；已销户的请更新状态。";
    says: "the last figures are of {last}, the book's of {latest}", "最近业绩为 {last}，台账已至 {latest}";
    example: client!("[results]\n2026-08 = { deposits = 5000 }\n# file: clients/other.toml\nname = \"Fuzhou Bearings\"\ntier = \"base\"\n\
        manager = \"wang-fang\"\nstatus = \"active\"\n[results]\n2026-09 = { deposits = 5000 }\n");
    mended: "2026-08" => "2026-09";
    entry: Whole;
}

fn results_behind(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let last = client.data.results.keys().next_back().copied();
    // A month that is not over is entered client by client.
    let (Some(last), Some(latest)) = (last, context.latest_over) else { return };
    if client.data.status == Status::Active && last < latest {
        let place = Place::key(client.file, path!["results", last.to_string()]);
        found.push(fires!(RESULTS_BEHIND, place, last = last.to_string(), latest = latest.to_string()));
    }
}

check! {
    MONTH_TO_COME = "RM213" "month-to-come" Deny Client(month_to_come);
    title: "figures are given for a month that has not begun", "登记了尚未开始月份的业绩";
    why: "They are no results, and reports would take them for such.", "该数据并非实绩，却会被报表采用。";
    mend: "Correct the month.", "请更正月份。";
    says: "{month} has not begun", "{month} 尚未开始";
    example: client!("[results]\n2026-12 = { deposits = 5000 }\n");
    mended: "2026-12" => "2026-10";
    entry: Refuse;
}

fn month_to_come(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let today = Month::of(context.today);
    for month in client.data.results.keys().filter(|month| **month > today) {
        let place = Place::key(client.file, path!["results", month.to_string()]);
        found.push(fires!(MONTH_TO_COME, place, month = month.to_string()));
    }
}

check! {
    MONTH_END_DEVIATION = "RM214" "month-end-deviation" Warn Book(month_end_deviation);
    title: "a manager's deposits at the month's end stand far above their average", "月末存款偏离度超限";
    why: "Deposits that come for one day are window dressing.", "仅在月末时点存入的存款属于冲时点。";
    mend: "Ask for the reason. The limit is `deviation` under `[risk]` in `rmbook.toml`; it is a signal for one manager, not the bank's own ratio.",
        "请核实原因。限额见 `rmbook.toml` 中 `[risk]` 的 `deviation`；按客户经理计算仅为预警信号，并非全行口径。";
    says: "{month}: {end} at the end, {average} on average, {deviation} % above it", "{month} 月末 {end}，日均 {average}，偏离度 {deviation}%";
    example: client!("[results]\n2026-10 = { deposits = { avg = 5000, end = 5300 } }\n");
    mended: "5300" => "5100";
}

fn month_end_deviation(context: &Context<'_>, found: &mut Found) {
    let Some(latest) = context.latest else { return };
    let deposits = context.deposits();
    /// The balances of a manager, and the client that adds most to the rise, by how much.
    type Sum<'a> = (MonthEnd<'a>, Option<(Decimal, &'a Record<Client>)>);
    let mut sums: BTreeMap<(&str, Month), Sum<'_>> = BTreeMap::new();
    for client in &context.book.clients {
        for month in client.data.results.range(latest.plus(1 - RECENT)..).map(|(month, _)| *month) {
            for manager in earners(&client.data) {
                let (sum, most) = sums.entry((manager, month)).or_default();
                let Some(rise) = sum.add(client, deposits, &[manager], month) else { continue };
                if most.is_none_or(|(so_far, _)| rise > so_far) {
                    *most = Some((rise, client));
                }
            }
        }
    }
    let limit = context.book.settings.risk.deviation.0;
    for ((manager, month), (sum, most)) in sums {
        let Some(manager) = context.book.managers.get(manager) else { continue };
        let Some((deviation, (_, most))) = sum.deviation().filter(|it| *it > limit).zip(most) else {
            continue;
        };
        let deviation = (deviation * Decimal::ONE_HUNDRED).round_dp(1).normalize();
        let [end, average] = [sum.end, sum.average].map(|amount| amount.round_dp(2).normalize());
        let at = Place::file(manager.file);
        let month = month.to_string();
        let most = Place::key(most.file, path!["results", month.clone(), deposits]);
        let finding = fires!(
            MONTH_END_DEVIATION,
            at,
            month = month,
            end = end,
            average = average,
            deviation = deviation
        );
        found.push(finding.label(most, say::MOST_OF_IT.into()));
    }
}

check! {
    NEGATIVE_BALANCE = "RM215" "negative-balance" Deny Client(negative_balance);
    title: "a balance is below zero", "余额为负";
    why: "A balance has no negative sign; usually a change was entered instead of the balance.", "余额不应为负；多为误将变动额填作余额。";
    mend: "Enter the balance itself.", "请填写余额本身。";
    says: "`{measure}` of {month} is {value}", "{month} 的“{measure}”为 {value}";
    example: client!("[results]\n2026-10 = { deposits = -5000 }\n");
    mended: "-5000" => "5000";
    entry: Refuse;
}

fn negative_balance(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (month, figures) in &client.data.results {
        for (measure, figure) in figures.iter().filter(|(measure, _)| is_balance(context, measure)) {
            let below = [figure.avg, figure.end].into_iter().flatten().find(|value| value.0 < Decimal::ZERO);
            if let Some(Amount(value)) = below {
                let place = Place::value(client.file, path!["results", month.to_string(), &**measure]);
                let (measure, month) = (&**measure, month.to_string());
                found.push(fires!(NEGATIVE_BALANCE, place, measure = measure, month = month, value = value));
            }
        }
    }
}

check! {
    FIGURE_JUMP = "RM216" "figure-jump" Warn Client(figure_jump);
    title: "a balance changed by more than is plausible from one month to the next", "余额环比变动异常";
    why: "A slip of the decimal point looks just like this; so does a client about to leave.", "小数点错位与客户流失前兆都表现为骤变。";
    mend: "Check the figure. The limit is `jump` under `[risk]` in `rmbook.toml`; balances below the effective threshold are not asked about.",
        "请核对数据。限额见 `rmbook.toml` 中 `[risk]` 的 `jump`；低于有效户门槛的余额不作提示。";
    says: "`{measure}` went from {before} to {after} in {month}", "{month} “{measure}”由 {before} 变为 {after}";
    example: client!("[results]\n2026-09 = { deposits = 5000 }\n2026-10 = { deposits = 50000 }\n");
    mended: "50000" => "5000";
    entry: Whole;
}

fn figure_jump(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let Some(latest) = context.latest else { return };
    let limit = context.book.settings.risk.jump.0;
    let effective = &context.book.settings.clients.effective;
    let mut before: Option<&Figures> = None;
    for (month, figures) in client.data.results.range(latest.plus(-RECENT)..) {
        for (measure, figure) in figures.iter().filter(|(measure, _)| is_balance(context, measure)) {
            let old = before.and_then(|before| before.get(measure)?.avg);
            let (Some(Amount(old)), Some(Amount(new))) = (old, figure.avg) else { continue };
            let threshold = effective.get(measure).map_or(Decimal::ZERO, |threshold| threshold.0);
            if old > threshold && (new - old).abs() > limit * old {
                let place = Place::value(client.file, path!["results", month.to_string(), &**measure]);
                let (before, after) = (old.normalize(), new.normalize());
                let (measure, month) = (&**measure, month.to_string());
                found.push(fires!(
                    FIGURE_JUMP,
                    place,
                    measure = measure,
                    before = before,
                    after = after,
                    month = month
                ));
            }
        }
        before = Some(figures);
    }
}

check! {
    IMPLAUSIBLE_RATE = "RM217" "implausible-rate" Deny Client(implausible_rate);
    title: "a rate is above 100 %", "比率超过100%";
    why: "`3.85` means 385 %: interest and profit come out a hundredfold.", "`3.85` 表示385%，利息与利润将放大百倍。";
    mend: "Write `\"3.85%\"` or `0.0385`.", "请写作 `\"3.85%\"` 或 `0.0385`。";
    says: "{rate} is {percent} %", "{rate} 即 {percent}%";
    example: client!("[results]\n2026-10 = { deposits = { avg = 3000, rate = 3.85 } }\n");
    mended: "3.85" => "\"3.85%\"";
    entry: Refuse;
}

fn implausible_rate(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let mut judge = |rate: Option<Rate>, path: KeyPath| {
        if let Some(Rate(rate)) = rate.filter(|rate| rate.0 > Decimal::ONE) {
            let percent = (rate * Decimal::ONE_HUNDRED).normalize();
            found.push(fires!(
                IMPLAUSIBLE_RATE,
                Place::value(client.file, path),
                rate = rate,
                percent = percent
            ));
        }
    };
    for (month, figures) in &client.data.results {
        for (measure, figure) in
            figures.iter().filter(|(_, figure)| figure.rate().is_some() || figure.ftp().is_some())
        {
            let path = |key: &str| path!["results", month.to_string(), &**measure, key];
            judge(figure.rate(), path("rate"));
            judge(figure.ftp(), path("ftp"));
        }
    }
    for (index, facility) in client.data.facilities.iter().enumerate() {
        judge(facility.rate, path!["facilities", index, "rate"]);
    }
    for (index, opportunity) in client.data.opportunities.iter().enumerate() {
        judge(opportunity.probability, path!["opportunities", index, "probability"]);
    }
}

check! {
    RATIO_ABOVE_MOST = "RM218" "ratio-above-most" Warn Client(ratio_above_most);
    title: "more came in than can have been due", "实收超过应收";
    why: "One of the two figures is wrong, and the ratio hides what did not come in elsewhere.", "两者必有一误，且会掩盖他户未收部分。";
    mend: "Correct the figures. The most a ratio can be is `most` of the measure in `rmbook.toml`.",
        "请更正数据；比率上限见 `rmbook.toml` 中该指标的 `most`。";
    says: "`{measure}` of {month}: {above} of {below}", "{month} “{measure}”：{above}／{below}";
    example: client!("[results]\n2026-10 = { principal_due = 200, principal_collected = 900 }\n# file: rmbook.toml\nname = \"Branch\"\n\
        [measures.principal_due]\ntitle = \"Due\"\nunit = \"CNY\"\nkind = \"flow\"\n[measures.principal_collected]\ntitle = \"Collected\"\n\
        unit = \"CNY\"\nkind = \"flow\"\n[measures.recovery]\ntitle = \"Recovery\"\nunit = \"%\"\nkind = \"ratio\"\n\
        numerator = \"principal_collected\"\ndenominator = \"principal_due\"\nmost = \"100%\"\n");
    mended: "principal_collected = 900" => "principal_collected = 200";
}

fn ratio_above_most(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let ratios = context.book.settings.measures.iter().filter_map(|(id, measure)| {
        let sides = (measure.numerator.as_deref()?, measure.denominator.as_deref()?);
        Some((&**id, sides, measure.most?.0))
    });
    for (id, (numerator, denominator), most) in ratios {
        for (month, figures) in &client.data.results {
            let of = |measure: &str| Some(figures.get(measure)?.avg?.0);
            let Some((above, below)) = of(numerator).zip(of(denominator)) else { continue };
            if above > most * below {
                let at = path!["results", month.to_string(), numerator];
                let place = Place::value(client.file, at);
                let (above, below) = (above.normalize(), below.normalize());
                let month = month.to_string();
                found.push(fires!(
                    RATIO_ABOVE_MOST,
                    place,
                    measure = id,
                    month = month,
                    above = above,
                    below = below
                ));
            }
        }
    }
}

check! {
    MARKET_TO_COME = "RM219" "market-month-to-come" Deny Book(market_to_come);
    title: "market figures are given for a month that has not begun", "登记了尚未开始月份的市场数据";
    why: "They are no observations, and comparisons would take them for such.", "该数据并非实际观测，却会被用于对标。";
    mend: "Correct the month.", "请更正月份。";
    says: "{month} has not begun", "{month} 尚未开始";
    example: "# file: market.toml\n[total]\n2026-12 = { deposits = 1000 }\n";
    mended: "2026-12" => "2026-10";
    entry: Refuse;
}

fn market_to_come(context: &Context<'_>, found: &mut Found) {
    let Some(market) = &context.book.market else { return };
    let today = Month::of(context.today);
    let peers = market.data.peers.iter().map(|(peer, months)| (path!["peers", peer.to_string()], months));
    let of_banks = [(path!["total"], &market.data.total), (path!["ours"], &market.data.ours)];
    let series = of_banks.into_iter().chain(peers).map(|(at, months)| (at, months.keys().copied().collect()));
    let growth = (path!["growth"], market.data.growth.keys().copied().collect::<Vec<Month>>());
    for (at, months) in series.chain([growth]) {
        for month in months.into_iter().filter(|month: &Month| *month > today) {
            let place = Place::key(market.file, at.join(month.to_string().as_str()));
            found.push(fires!(MARKET_TO_COME, place, month = month.to_string()));
        }
    }
}
