//! Targets: a level answers for what its parts do, a longer period for what its shorter ones come to, and a change leaves
//! what it says it leaves.
//!
//! The branch falls on its teams and a team on its managers, a team without a target of its own on its managers too. Only
//! what is stated is judged: where one states a year and the other its months, the two meet where both can be told.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::{Decimal, RoundingStrategy};

use super::check;
use crate::book::target::{Counting, Falling, target};
use crate::check::{Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::period::{Grain, Period};
use crate::record::figure::Targets;
use crate::record::manager::{Manager, TargetChange};
use crate::source::{FileId, Place};
use crate::text::{Message, Text};

pub(super) static RULES: &[&Check] = &[&TARGET_CHANGE_DISAGREES, &TARGETS_DO_NOT_ADD_UP];

check! {
    TARGET_CHANGE_DISAGREES = "RM600" "target-change-disagrees" Warn Book(target_change_disagrees);
    title: "a change of a target does not lead to the target that stands", "目标调整记录与现行目标不符";
    why: "Who reads the history is told of a target nobody had.", "查阅调整记录者看到的并非实际执行的目标。";
    mend: "Correct `from` and `to` of the changes, or the target.", "请更正调整记录的 `from`、`to`，或更正目标。";
    says: "{why}", "{why}";
    example: "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n[targets]\n2026-10 = { deposits = 120 }\n\
        [[target_changes]]\ndate = 2026-09-28\nperiod = \"2026-10\"\nmeasure = \"deposits\"\nfrom = 100\nto = 130\nreason = \"two clients more\"\n";
    mended: "to = 130" => "to = 120";
    entry: Remark;
}

const TO_ANOTHER: Text = Text::new(
    "`{measure}` for {period} was changed to {to}, and is {stands}",
    "{period} “{measure}”目标调整为 {to}，现行目标为 {stands}",
);
const FROM_ANOTHER: Text = Text::new(
    "`{measure}` for {period} was changed from {from}, and the change before left {left}",
    "{period} “{measure}”目标由 {from} 调整，而上次调整后为 {left}",
);
const NO_TARGET: Text = Text::new("none", "未设");

/// An amount as a finding says it.
fn said(amount: Option<Decimal>) -> Message {
    amount.map_or(NO_TARGET.into(), |amount| Message::verbatim(amount.normalize().to_string()))
}

fn target_change_disagrees(context: &Context<'_>, found: &mut Found) {
    let managers =
        context.book.managers.iter().map(|it| (it.file, &it.data.targets, &it.data.target_changes));
    let teams = context.book.teams.iter().map(|it| (it.file, &it.data.targets, &it.data.target_changes));
    for (file, targets, changes) in managers.chain(teams) {
        let mut of_one: BTreeMap<(Period, &str), Vec<(usize, &TargetChange)>> = BTreeMap::new();
        for (index, change) in changes.iter().enumerate() {
            of_one.entry((change.period, &change.measure)).or_default().push((index, change));
        }
        for ((period, measure), mut changes) in of_one {
            changes.sort_by_key(|(index, change)| (change.date, *index));
            disagreements(context, (file, targets), (period, measure), &changes, found);
        }
    }
}

fn disagreements(
    context: &Context<'_>,
    (file, targets): (FileId, &Targets),
    (period, measure): (Period, &str),
    changes: &[(usize, &TargetChange)],
    found: &mut Found,
) {
    let Some(falling) = falling(context, measure) else { return };
    let amount = |of: Option<crate::record::value::Amount>| of.map(|amount| amount.0);
    let mut fire = |index: usize, key: &str, why: Message| {
        let place = Place::value(file, path!["target_changes", index, key]);
        found.push(fires!(TARGET_CHANGE_DISAGREES, place, why = why));
    };
    for pair in changes.windows(2) {
        let ((_, before), (index, change)) = (pair[0], pair[1]);
        if change.from != before.to {
            let (from, left) = (said(amount(change.from)), said(amount(before.to)));
            let period = period.to_string();
            fire(
                index,
                "from",
                msg!(FROM_ANOTHER, measure = measure, period = period, from = from, left = left),
            );
        }
    }
    let Some((index, last)) = changes.last() else { return };
    let stands = target(targets, measure, falling, period).map(|target| target.amount);
    let digits = digits([targets], measure);
    let agrees = match (amount(last.to), stands) {
        (Some(to), Some(stands)) => agree(to, stands, digits.max(to.normalize().scale())),
        (to, stands) => to == stands,
    };
    if !agrees {
        let (to, stands, period) = (said(amount(last.to)), said(stands), period.to_string());
        fire(*index, "to", msg!(TO_ANOTHER, measure = measure, period = period, to = to, stands = stands));
    }
}

check! {
    TARGETS_DO_NOT_ADD_UP = "RM601" "targets-do-not-add-up" Warn Book(targets_do_not_add_up);
    title: "the parts of a target do not come to the whole", "目标分解与总目标不符";
    why: "Either somebody answers for too much, or part of the target belongs to nobody.", "或层层加码，或部分目标无人承接。";
    mend: "Change the parts or the whole, and enter the change under `target_changes`. Teams add up to the branch, managers to \
           their team; months of flows and counts add up to the quarter, those of balances average to it by days (`split = \
           \"ramp\"`: the last one reaches it), and of what stands at the end, such as the number of clients, the last one is it.",
        "请调整分解或总目标，并登记于 `target_changes`。各团队合计应等于机构，各客户经理合计应等于团队；发生额和数量的各月合计应等于季度，
        余额按天数加权平均应等于季度（`split = \"ramp\"` 的以末月为准），管户数等期末时点数以末月为准。";
    says: "{why}", "{why}";
    example: "# file: teams/corporate-1.toml\nname = \"Corporate 1\"\nlead = \"zhao-lei\"\n[targets]\n2026-10 = { deposits = 100 }\n\
        [[meetings]]\ndate = 2026-10-08\nkind = \"monthly\"\n\
        # file: managers/wang-fang.toml\nname = \"Wang Fang\"\nteam = \"corporate-1\"\n[targets]\n2026-10 = { deposits = 60 }\n\
        # file: managers/li-na.toml\nname = \"Li Na\"\nteam = \"corporate-1\"\n[targets]\n2026-10 = { deposits = 60 }\n";
    mended: "deposits = 60" => "deposits = 40";
    entry: Remark;
}

const PARTS_DIFFER: Text = Text::new(
    "`{measure}` for {period} is {whole}, its parts add up to {parts}",
    "{period} “{measure}”目标为 {whole}，分解合计 {parts}",
);
const WHOLE_MISSING: Text = Text::new(
    "`{measure}` for {period} is not set, its parts add up to {parts}",
    "{period} 未设“{measure}”目标，分解合计 {parts}",
);
const TIME_DIFFERS: Text = Text::new(
    "`{measure}` for {period} is {whole}, the shorter periods in it come to {parts}",
    "{period} “{measure}”目标为 {whole}，其内各短期目标折合 {parts}",
);
const TIME_EXCEEDS: Text = Text::new(
    "`{measure}` for {period} is {whole}, and some of the shorter periods in it come to {parts} already",
    "{period} “{measure}”目标为 {whole}，其内已设的部分短期目标折合已达 {parts}",
);

fn targets_do_not_add_up(context: &Context<'_>, found: &mut Found) {
    let Some(managers) = Members::new(context) else { return };
    let settings = context.book.settings_file.map(|file| (file, &context.book.settings.targets));
    if let Some((file, targets)) = settings {
        of_level(context, (file, targets), &|measure, period| managers.of_unit(measure, period), found);
    }
    for team in &context.book.teams {
        let parts = |_: &str, period: Period| managers.of_team(&team.id, period);
        of_level(context, (team.file, &team.data.targets), &parts, found);
    }
    let teams = context.book.teams.iter().map(|team| (team.file, &team.data.targets));
    let each = context.book.managers.iter().map(|manager| (manager.file, &manager.data.targets));
    for (file, targets) in settings.into_iter().chain(teams).chain(each) {
        over_time(context, (file, targets), found);
    }
}

/// Whose targets are parts of whose.
struct Members<'a> {
    context: &'a Context<'a>,
    /// Everybody who is or was in a team.
    ever: BTreeMap<&'a str, Vec<&'a Manager>>,
}

impl<'a> Members<'a> {
    /// Nothing where a record does not load: its targets would be missing from every sum.
    fn new(context: &'a Context<'a>) -> Option<Self> {
        let mut ever: BTreeMap<&str, Vec<&Manager>> = BTreeMap::new();
        for manager in &context.book.managers {
            for team in manager.data.teams() {
                ever.entry(team).or_default().push(&manager.data);
            }
        }
        context.book.is_whole().then_some(Self { context, ever })
    }

    /// The targets of who is in a team on the last day of a period.
    fn of_team(&self, team: &str, period: Period) -> Vec<&'a Targets> {
        let ever = self.ever.get(team).map(Vec::as_slice).unwrap_or_default();
        let then = ever
            .iter()
            .filter(|manager| manager.team_on(period.last_day()).is_some_and(|then| **then == *team));
        then.map(|manager| &manager.targets).collect()
    }

    /// The targets of the teams, or of its managers where a team has none for the measure.
    fn of_unit(&self, measure: &str, period: Period) -> Vec<&'a Targets> {
        let teams = self.context.book.teams.iter().flat_map(|team| {
            let own = team.data.targets.values().any(|line| line.contains_key(measure));
            if own { vec![&team.data.targets] } else { self.of_team(&team.id, period) }
        });
        teams.collect()
    }
}

/// The parts of a level in a period, for a measure.
type Parts<'p, 'a> = &'p dyn Fn(&str, Period) -> Vec<&'a Targets>;

/// Compares the targets of a level with what its parts come to.
fn of_level(
    context: &Context<'_>,
    (file, whole): (FileId, &Targets),
    parts: Parts<'_, '_>,
    found: &mut Found,
) {
    let measures: BTreeSet<&str> = whole.values().flat_map(|line| line.keys().map(|name| &**name)).collect();
    for measure in measures {
        let Some(falling) = falling(context, measure).filter(|falling| falling.adds_up()) else { continue };
        for period in periods(whole, parts, measure) {
            let of_parts = parts(measure, period);
            let stated =
                |targets: &Targets| targets.get(&period).is_some_and(|line| line.contains_key(measure));
            let own = whole.get(&period).and_then(|line| line.get(measure)).map(|amount| amount.0);
            // What only falls from a longer period is compared there, where it is stated.
            let inside = |targets: &&Targets| states_inside(targets, measure, period);
            if !of_parts.iter().any(inside) || (own.is_none() && !of_parts.iter().any(|it| stated(it))) {
                continue;
            }
            let Some(sum) = come_to(parts, measure, falling, period) else { continue };
            let digits = digits(of_parts.iter().copied().chain([whole]), measure);
            let (place, why) = match own.or_else(|| of_shorter(whole, measure, falling, period)) {
                Some(amount) if agree(amount, sum, digits) => continue,
                Some(amount) => {
                    let at = if own.is_some() {
                        path!["targets", period.to_string(), measure]
                    } else {
                        path!["targets"]
                    };
                    let (amount, sum) = (amount.normalize(), rounded(sum, digits));
                    let said = period.to_string();
                    (at, msg!(PARTS_DIFFER, measure = measure, period = said, whole = amount, parts = sum))
                }
                None if has_sibling(whole, measure, period) => {
                    let said = period.to_string();
                    (
                        path!["targets"],
                        msg!(WHOLE_MISSING, measure = measure, period = said, parts = rounded(sum, digits)),
                    )
                }
                None => continue,
            };
            found.push(fires!(TARGETS_DO_NOT_ADD_UP, Place::value(file, place), why = why));
        }
    }
}

/// The periods for which a level or any of its parts states a target.
fn periods(whole: &Targets, parts: Parts<'_, '_>, measure: &str) -> BTreeSet<Period> {
    let of = |targets: &Targets| -> Vec<Period> {
        let stated = targets.iter().filter(|(_, line)| line.contains_key(measure));
        stated.map(|(period, _)| *period).collect()
    };
    let mut all: BTreeSet<Period> = of(whole).into_iter().collect();
    // Who is a part changes with the period, so that those are asked who are it in some period of the whole.
    let years: BTreeSet<Period> =
        all.iter().map(|period| Period::containing(period.first(), Grain::Year)).collect();
    let asked: BTreeSet<Period> = all.iter().copied().chain(years).collect();
    for period in asked {
        all.extend(parts(measure, period).into_iter().flat_map(of));
    }
    all
}

/// Whether targets state a measure for a period or for a part of it.
fn states_inside(targets: &Targets, measure: &str, period: Period) -> bool {
    let inside = |it: &Period| it.first() >= period.first() && it.last() <= period.last();
    targets.iter().any(|(it, line)| inside(it) && line.contains_key(measure))
}

/// Whether targets state a measure for another period of the same length in the same year.
fn has_sibling(targets: &Targets, measure: &str, period: Period) -> bool {
    let is_sibling = |it: &Period| {
        it.grain() == period.grain() && it.first().year() == period.first().year() && *it != period
    };
    let covers = |it: &Period| it.first() <= period.first() && it.last() >= period.last();
    let mut stated = targets.iter().filter(|(_, line)| line.contains_key(measure)).map(|(it, _)| it);
    period.grain() < Grain::Year && !stated.clone().any(covers) && stated.any(is_sibling)
}

/// What the parts of a level come to in a period; nothing where none has a target, or part of the time is open.
fn come_to(parts: Parts<'_, '_>, measure: &str, falling: Falling<'_>, period: Period) -> Option<Decimal> {
    let overlaps = |it: &Period| it.first() <= period.last() && it.last() >= period.first();
    let mut of_parts = parts(measure, period);
    of_parts.retain(|targets| targets.iter().any(|(it, line)| overlaps(it) && line.contains_key(measure)));
    if of_parts.is_empty() {
        return None;
    }
    let each: Option<Vec<Decimal>> =
        of_parts.iter().map(|it| Some(target(it, measure, falling, period)?.amount)).collect();
    match each {
        Some(each) => Some(each.iter().sum()),
        // Somebody came or left meanwhile: the shorter periods are added up over everybody.
        None => {
            let grain = shorter(period.grain()).next()?;
            falling.together(period.months(), grain, |part| come_to(parts, measure, falling, part))
        }
    }
}

/// The lengths of shorter periods, from the longest.
fn shorter(grain: Grain) -> impl Iterator<Item = Grain> {
    [Grain::Half, Grain::Quarter, Grain::Month].into_iter().filter(move |shorter| *shorter < grain)
}

/// What the shorter periods come to that targets state for every part of a period.
fn of_shorter(targets: &Targets, measure: &str, falling: Falling<'_>, period: Period) -> Option<Decimal> {
    let own = |part: Period| Some(targets.get(&part)?.get(measure)?.0);
    shorter(period.grain()).find_map(|grain| {
        let together = falling.together(period.months(), grain, own)?;
        let last = Period::containing(period.last(), grain);
        if falling.is_reached_at_the_end() { own(last) } else { Some(together) }
    })
}

/// What the quarters or halves come to of which some are stated and what the longer period leaves falls on the others; nothing
/// of what does not add up over time.
fn with_the_rest(targets: &Targets, measure: &str, falling: Falling<'_>, period: Period) -> Option<Decimal> {
    let adds_up = falling.accumulates() && !falling.is_cumulative();
    let stated = |grain: &Grain| {
        let inside =
            |it: &Period| it.grain() == *grain && it.first() >= period.first() && it.last() <= period.last();
        targets.iter().any(|(it, line)| inside(it) && line.contains_key(measure))
    };
    let mut grains = shorter(period.grain()).filter(|grain| *grain > Grain::Month);
    let grain = grains.find(stated).filter(|_| adds_up)?;
    falling.together(period.months(), grain, |part| Some(target(targets, measure, falling, part)?.amount))
}

/// What the shorter periods come to at least of which targets state only some, each by itself or by what is stated inside it, as
/// no target lies below zero.
fn at_least(targets: &Targets, measure: &str, falling: Falling<'_>, period: Period) -> Option<Decimal> {
    let open = !falling.is_reached_at_the_end() && states_inside(targets, measure, period);
    let longest = shorter(period.grain()).next().filter(|_| open)?;
    falling.together(period.months(), longest, |part| {
        let own = targets.get(&part).and_then(|line| line.get(measure)).map(|amount| amount.0);
        own.or_else(|| at_least(targets, measure, falling, part)).or(Some(Decimal::ZERO))
    })
}

/// Compares the target of each period with the shorter ones in it: with all, or with some that are more than it already.
fn over_time(context: &Context<'_>, (file, targets): (FileId, &Targets), found: &mut Found) {
    for (period, line) in targets {
        for (measure, whole) in line {
            let Some(falling) = falling(context, measure).filter(|falling| falling.adds_up()) else {
                continue;
            };
            let digits = digits([targets], measure);
            let shorter = of_shorter(targets, measure, falling, *period);
            let shorter = shorter.or_else(|| with_the_rest(targets, measure, falling, *period));
            let differs = |parts: &Decimal| !agree(whole.0, *parts, digits);
            let exceeds = || at_least(targets, measure, falling, *period).filter(|least| *least > whole.0);
            let (parts, text) = match (shorter.filter(differs), exceeds().filter(differs)) {
                (Some(parts), _) => (parts, TIME_DIFFERS),
                (None, Some(least)) => (least, TIME_EXCEEDS),
                (None, None) => continue,
            };
            let place = Place::value(file, path!["targets", period.to_string(), &**measure]);
            let (whole, parts) = (whole.0.normalize(), rounded(parts, digits));
            let (measure, period) = (&**measure, period.to_string());
            let why = msg!(text, measure = measure, period = period, whole = whole, parts = parts);
            found.push(fires!(TARGETS_DO_NOT_ADD_UP, place, why = why));
        }
    }
}

/// How the targets of a measure, or of a metric computed from records, fall on periods; nothing of what nobody declared.
fn falling<'a>(context: &Context<'a>, name: &str) -> Option<Falling<'a>> {
    let settings = &context.book.settings;
    let metric = context.options.metrics.get(name).map(|metric| metric.counting);
    let of_measure = || Some(Counting { kind: settings.measures.get(name)?.kind, at_end: false });
    Some(Falling::of(settings, name, metric.or_else(of_measure)?))
}

/// Decimals that targets of a measure are stated with: shares of a longer period are compared by no more.
fn digits<'t>(targets: impl IntoIterator<Item = &'t Targets>, measure: &str) -> u32 {
    let lines = targets.into_iter().flat_map(BTreeMap::values);
    let amounts = lines.filter_map(|line| line.get(measure));
    amounts.map(|amount| amount.0.normalize().scale()).max().unwrap_or(0)
}

fn rounded(amount: Decimal, digits: u32) -> Decimal {
    amount.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero).normalize()
}

fn agree(whole: Decimal, parts: Decimal, digits: u32) -> bool {
    rounded(whole, digits) == rounded(parts, digits)
}

#[cfg(test)]
mod tests {
    use crate::book;
    use crate::book::target::Counting;
    use crate::check::{Computed, Options, run};
    use crate::record::settings::MeasureKind;
    use crate::source::Snapshot;
    use crate::text::Lang;

    const SETTINGS: &str = "name = 'Branch'\n\
        [measures.fees]\ntitle = 'Fees'\nunit = '万元'\nkind = 'flow'\n\
        [measures.deposits]\ntitle = 'Deposits'\nunit = '万元'\nkind = 'balance'\n\
        [measures.grown]\ntitle = 'Grown'\nunit = '万元'\nkind = 'balance'\nsplit = 'ramp'\n";

    /// A metric counted in clients: what stands on the last day, or what happened.
    fn computed(at_end: bool) -> Computed {
        Computed { counting: Counting { kind: MeasureKind::Count, at_end }, unit: "户" }
    }

    /// What the two rules say of targets of the unit, one team, and its members Li and Wang.
    fn said(unit: &str, team: &str, li: &str, wang: &str) -> Vec<String> {
        let files = [
            ("rmbook.toml", format!("{SETTINGS}[targets]\n{unit}")),
            ("teams/one.toml", format!("name = 'One'\n[targets]\n{team}")),
            ("managers/li.toml", format!("name = 'Li'\nteam = 'one'\n[targets]\n{li}")),
            ("managers/wang.toml", format!("name = 'Wang'\nteam = 'one'\n[targets]\n{wang}")),
        ];
        let snapshot = Snapshot::new(files.map(|(path, text)| (path.to_owned(), Ok(text))));
        let (book, found) = book::load(&snapshot);
        assert_eq!(found, [], "the book loads");
        let options = Options {
            metrics: [("new_clients", computed(false)), ("clients", computed(true))].into(),
            ..Options::default()
        };
        let found = run(&book, &snapshot.sources, "2026-11-02".parse().unwrap(), &options);
        let found = found.iter().filter(|it| ["RM600", "RM601"].contains(&it.rule.code));
        found
            .map(|it| format!("{} {}", snapshot.sources.get(it.at.file).path, it.message.get(Lang::En)))
            .collect()
    }

    #[test]
    fn months_of_the_members_may_make_the_quarter_of_the_team() {
        let months = "2026-10 = { fees = 10 }\n2026-11 = { fees = 20 }\n2026-12 = { fees = 30 }";
        // 10 + 20 + 30 of Li, 40 of Wang.
        assert_eq!(said("", "2026-Q4 = { fees = 100 }", months, "2026-Q4 = { fees = 40 }"), [""; 0]);
        assert_eq!(
            said("", "2026-Q4 = { fees = 110 }", months, "2026-Q4 = { fees = 40 }"),
            ["teams/one.toml `fees` for 2026-Q4 is 110, its parts add up to 100"],
        );
        // A month beside the quarter, for one of them, is no mistake of the team's.
        let beside = "2026-Q4 = { fees = 60 }\n2026-10 = { fees = 25 }";
        assert_eq!(said("", "2026-Q4 = { fees = 100 }", beside, "2026-Q4 = { fees = 40 }"), [""; 0]);
        // The team's month is compared where it is stated: 25 of Li, a third of 40 of Wang, 38.33.
        let team = "2026-Q4 = { fees = 100 }\n2026-10 = { fees = 30 }";
        assert_eq!(
            said("", team, beside, "2026-Q4 = { fees = 40 }"),
            ["teams/one.toml `fees` for 2026-10 is 30, its parts add up to 38"],
        );
    }

    #[test]
    fn the_last_quarter_of_what_stands_at_the_end_is_the_year() {
        let year = "2026 = { clients = 13 }\n2026-Q1 = { clients = 10 }\n2026-Q2 = { clients = 11 }\n";
        let li = format!("{year}2026-Q4 = {{ clients = 13 }}");
        assert_eq!(said("", "", &li, "2026 = { clients = 5 }"), [""; 0]);
        // A quarter by itself says nothing of the year's end, and a year's members add up to the team.
        assert_eq!(said("", "2026 = { clients = 18 }", year, "2026 = { clients = 5 }"), [""; 0]);
        assert_eq!(
            said("", "", &li.replace("clients = 13 }\n", "clients = 14 }\n"), ""),
            ["managers/li.toml `clients` for 2026 is 14, the shorter periods in it come to 13"],
        );
        assert_eq!(
            said("", "2026 = { clients = 17 }", year, "2026 = { clients = 5 }"),
            ["teams/one.toml `clients` for 2026 is 17, its parts add up to 18"],
        );
    }

    #[test]
    fn a_team_without_a_target_leaves_the_unit_to_its_managers() {
        let (li, wang) = ("2026 = { new_clients = 2 }", "2026 = { new_clients = 3 }");
        assert_eq!(said("2026 = { new_clients = 5 }", "", li, wang), [""; 0]);
        assert_eq!(
            said("2026 = { new_clients = 6 }", "", li, wang),
            ["rmbook.toml `new_clients` for 2026 is 6, its parts add up to 5"],
        );
    }

    #[test]
    fn a_quarter_left_out_between_others_is_missed() {
        let li = "2026-Q3 = { fees = 60 }\n2026-Q4 = { fees = 60 }";
        assert_eq!(
            said("", "2026-Q3 = { fees = 60 }", li, ""),
            ["teams/one.toml `fees` for 2026-Q4 is not set, its parts add up to 60"],
        );
        assert_eq!(said("", "", li, ""), [""; 0], "a team need not have targets");
    }

    #[test]
    fn who_came_in_july_answers_for_no_part_of_the_first_half() {
        let li = "2026-H1 = { fees = 50 }\n2026-H2 = { fees = 70 }";
        // 50 + 70 + 30; of balances (400 × 181 + (400 + 100) × 184) / 365 = 450.41.
        assert_eq!(said("", "2026 = { fees = 150 }", li, "2026-H2 = { fees = 30 }"), [""; 0]);
        let li = "2026 = { deposits = 400 }";
        assert_eq!(
            said("", "2026 = { deposits = 500 }", li, "2026-H2 = { deposits = 100 }"),
            ["teams/one.toml `deposits` for 2026 is 500, its parts add up to 450"],
        );
        // Targets nobody has set for the rest of the year leave the year open.
        assert_eq!(said("", "2026 = { fees = 150 }", "2026-Q1 = { fees = 30 }", ""), [""; 0]);
    }

    #[test]
    fn the_months_of_one_record_come_to_its_quarter_as_the_kind_says() {
        let months = |measure: &str, amounts: [u32; 3]| {
            let [first, second, third] = amounts;
            format!(
                "2026-10 = {{ {measure} = {first} }}\n2026-11 = {{ {measure} = {second} }}\n\
                 2026-12 = {{ {measure} = {third} }}\n2026-Q4 = {{ {measure} = 60 }}"
            )
        };
        for (measure, amounts, expected) in [
            ("fees", [10, 20, 30], None),
            ("fees", [10, 20, 40], Some("70")),
            // (50 × 31 + 60 × 30 + 70 × 31) / 92 = 60.
            ("deposits", [50, 60, 70], None),
            ("deposits", [50, 60, 60], Some("57")),
            ("grown", [20, 40, 60], None),
            ("grown", [60, 60, 50], Some("50")),
        ] {
            let found = said("", "", &months(measure, amounts), "");
            let expected = expected.map(|parts| {
                format!("managers/li.toml `{measure}` for 2026-Q4 is 60, the shorter periods in it come to {parts}")
            });
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{measure}");
        }
    }

    #[test]
    fn some_months_that_exceed_their_quarter_already_do_not_wait_for_the_others() {
        let quarter =
            |months: &str| said("", "", &format!("{months}2026-Q4 = {{ fees = 60, deposits = 60 }}\n"), "");
        assert_eq!(quarter("2026-10 = { fees = 60 }\n"), [""; 0]);
        assert_eq!(
            quarter("2026-10 = { fees = 61 }\n"),
            [
                "managers/li.toml `fees` for 2026-Q4 is 60, and some of the shorter periods in it come to 61 already"
            ]
        );
        assert_eq!(
            quarter("2026-10 = { fees = 30 }\n2026-12 = { fees = 40 }\n"),
            [
                "managers/li.toml `fees` for 2026-Q4 is 60, and some of the shorter periods in it come to 70 already"
            ]
        );
        // Quarters beside a half: 3 + 10 + 12 = 25.
        let mixed =
            "2026 = { fees = 24 }\n2026-Q1 = { fees = 3 }\n2026-Q2 = { fees = 10 }\n2026-H2 = { fees = 12 }";
        assert_eq!(
            said("", "", mixed, ""),
            [
                "managers/li.toml `fees` for 2026 is 24, and some of the shorter periods in it come to 25 already"
            ]
        );
        assert_eq!(said("", "", &mixed.replace("fees = 10", "fees = 9"), ""), [""; 0]);
        // A balance of 100 in October alone is at least 100 × 31 / 92 = 33.7 over the quarter, one of 200 is 67.4.
        assert_eq!(quarter("2026-10 = { deposits = 100 }\n"), [""; 0]);
        assert_eq!(
            quarter("2026-10 = { deposits = 200 }\n"),
            [
                "managers/li.toml `deposits` for 2026-Q4 is 60, and some of the shorter periods in it come to 67 already"
            ]
        );
    }

    #[test]
    fn a_quarter_leaves_the_others_what_the_year_gives_them() {
        // A quarter of 120 falls on each of the other three: 60 + 3 × 30.
        assert_eq!(
            said("", "", "2026 = { fees = 120 }\n2026-Q1 = { fees = 60 }", ""),
            ["managers/li.toml `fees` for 2026 is 120, the shorter periods in it come to 150"],
        );
        assert_eq!(said("", "", "2026 = { fees = 120 }\n2026-Q1 = { fees = 30 }", ""), [""; 0]);
        // A balance may well stand lower first, and a month beside a year says nothing about the rest.
        assert_eq!(said("", "", "2026 = { deposits = 600 }\n2026-Q1 = { deposits = 520 }", ""), [""; 0]);
        assert_eq!(said("", "", "2026 = { fees = 120 }\n2026-01 = { fees = 60 }", ""), [""; 0]);
    }

    #[test]
    fn a_change_leads_from_the_one_before_it_to_what_stands() {
        let change = |date: &str, rest: &str| {
            format!(
                "[[target_changes]]\ndate = {date}\nperiod = '2026-Q4'\nmeasure = 'fees'\n{rest}\nreason = 'x'\n"
            )
        };
        let changed = |first: &str, second: &str| {
            let (first, second) = (change("2026-07-01", first), change("2026-08-01", second));
            said("", "", &format!("2026-Q4 = {{ fees = 60 }}\n{first}{second}"), "")
        };
        assert_eq!(changed("from = 40\nto = 50", "from = 50\nto = 60"), [""; 0]);
        assert_eq!(
            changed("from = 40\nto = 50", "from = 45\nto = 60"),
            ["managers/li.toml `fees` for 2026-Q4 was changed from 45, and the change before left 50"],
        );
        assert_eq!(
            changed("from = 40\nto = 50", "from = 50"),
            ["managers/li.toml `fees` for 2026-Q4 was changed to none, and is 60"],
        );
    }
}
