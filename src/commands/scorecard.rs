//! `rmbook scorecard`: scores, and how they came about.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::bail;
use chrono::NaiveDate;
use clap::Args;
use rust_decimal::Decimal;

use super::{
    Context, ExitStatus, Loaded, draft, identified, not_before_it_begins, period, ready_policies, scored,
};
use crate::diag::nearest;
use crate::failure::{OrFail, failure};
use crate::metric::{Portfolios, Unit};
use crate::msg;
use crate::period::{Month, Period};
use crate::policy::Policy;
use crate::policy::curve::Judge;
use crate::record::kind::RecordKind;
use crate::record::value::Amount;
use crate::render::Format;
use crate::report::{chain, lacking_figures, policy, scorecard};
use crate::score::apply::{Policies, Request, Scored};
use crate::score::{Ask, Asked, MARKS};
use crate::source::Sources;
use crate::table::{Cell, Column, Kind, Table};
use crate::text::{Message, command, run, scorecard as say};
use crate::typed;

/// Score managers for a period
/// 计算客户经理的期间考核结果
///
/// Without a period, the last full one of each policy that the book has figures for. The scorecards of a book whose records do
/// not all load are refused, unless `--partial` is given.
/// 不写期间时，取各考核办法在台账中数据齐全的最近一期。台账有记录无法载入时不予计算，除非使用 `--partial`。
#[derive(Clone, Debug, Args)]
pub(super) struct ScorecardArgs {
    /// Period: 2026-10, 2026-Q3, 2026-H1, 2026, last-month
    /// 期间：2026-10、2026-Q3、2026-H1、2026、last-month、上月
    period: Option<String>,
    /// Only this manager
    /// 仅该客户经理
    #[arg(long, value_name = "ID")]
    manager: Option<String>,
    /// Show how every number came about, down to record and line
    /// 列明每个数字的计算过程，直至记录和行号
    #[arg(long)]
    explain: bool,
    /// One row an indicator instead of one a manager
    /// 每项指标一行，而非每人一行
    #[arg(long, conflicts_with = "explain")]
    items: bool,
    /// Beside those of an earlier period: total before and after, what moved it most, rating and pay
    /// 与较早一期对比：总分前后变化、主要变动指标、评级和薪酬
    #[arg(long, value_name = "PERIOD", conflicts_with_all = ["explain", "items"])]
    against: Option<String>,
    /// Only policies of this scheme; a CSV file holds those of one
    /// 仅该考核方案的办法；一个 CSV 文件只含一个考核方案
    #[arg(long)]
    scheme: Option<String>,
    /// Score by this policy file those it applies to, in force or not
    /// 按该考核办法文件为其适用人员计分，不论是否生效
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Compute with another figure, for the manager named or for everybody: targets.deposits=52000, fee_income.sum=8万元
    /// 代入其他数据试算，适用于指定的客户经理或全体人员：targets.deposits=52000、fee_income.sum=8万元
    ///
    /// A bare amount is in the unit of the measure where the policy declares it, else in the policy's `money`, as in the inputs of its
    /// tests; other figures are in their own unit, which may be written: satisfaction=96%, new_clients=4户. A mark is that of its item:
    /// marks.initiative=9. The scorecards are marked as supposed.
    /// 未写单位的金额，办法声明的指标按其自身单位计，其余按办法的 `money` 计，与其测试用例的输入相同；其他数据按各自的单位，单位可以写明：satisfaction=96%、new_clients=4户。人工评分按条目编号：marks.initiative=9。所得考核结果注明为假定。
    #[arg(long, value_name = "FIGURE=NUMBER")]
    set: Vec<String>,
}

pub(super) fn run(args: &ScorecardArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let (loaded, left_out) = context.load_whole()?;
    let only = args.manager.as_deref().map(|word| identified(&loaded.book, RecordKind::Manager, word));
    let args = &ScorecardArgs { manager: only.transpose()?, ..args.clone() };
    let policies = ready_policies(&loaded, context)?;
    let draft = args.policy.as_ref().map(|file| draft(file, &loaded, context)).transpose()?;
    let portfolios = Portfolios::new(&loaded.book);
    let drafted = draft.as_ref().map(|(_, policy)| policy);
    let asked = Asked {
        evidence: args.explain,
        instead: instead(&args.set, drafted, &policies, args.scheme.as_deref(), context)?,
        instead_for: args.manager.clone(),
        ..Asked::default()
    };
    let request = Request {
        period: args.period.as_deref().map(|text| period(text, context)).transpose()?,
        scheme: args.scheme.as_deref(),
        instead: draft.as_ref().map(|(name, policy)| (name.as_str(), policy)),
        today: Some(context.today),
        as_closed: !args.explain,
        ..Request::default()
    };
    not_before_it_begins(request.period, context)?;
    let scored = scored(&portfolios, &policies, request, &asked)?;
    if scored.is_empty() {
        bail!(failure(run::NOBODY));
    }
    say_which(request.period, &scored, context)?;
    let is_csv = context.table_format()? == Format::Csv;
    if is_csv && args.against.is_none() {
        let schemes = scored.iter().map(|scored| scored.policy.record.scheme.as_str());
        of_one_scheme(schemes.collect())?;
    }
    let earlier = args.against.as_deref().map(|text| period(text, context)).transpose()?;
    let mut tables = match earlier {
        Some(earlier) => {
            comparable(earlier, &scored)?;
            let request = Request { period: Some(earlier), ..request };
            let before = super::scored(&portfolios, &policies, request, &Asked::default())?;
            compared(args, &loaded, (before, earlier), scored, is_csv)?
        }
        None => tables(args, &portfolios, &loaded.snapshot.sources, &scored, context.today),
    };
    if is_csv {
        tables = Table::joined(tables).into_iter().collect();
    }
    for table in &mut tables {
        table.notes.extend(left_out.iter().cloned());
        if !args.set.is_empty() {
            suppose(table, &args.set);
        }
        if let Some(file) = &args.policy {
            let heading = table.title.clone();
            table.title = msg!(say::TRIED, heading = heading, file = file.display().to_string());
        }
    }
    context.write_tables(&tables)?;
    Ok(ExitStatus::Clean)
}

/// Whether an earlier period can stand beside those scored.
fn comparable(earlier: Period, scored: &[Scored<'_>]) -> anyhow::Result<()> {
    let mut periods = scored.iter().map(|scored| scored.period);
    if let Some(now) = periods.clone().find(|now| now.grain() != earlier.grain()) {
        bail!(failure(msg!(run::NOT_AS_LONG, earlier = earlier.to_string(), now = now.to_string())));
    }
    if let Some(now) = periods.find(|now| now.first() <= earlier.first()) {
        bail!(failure(msg!(run::NOT_BEFORE, earlier = earlier.to_string(), now = now.to_string())));
    }
    Ok(())
}

/// Scorecards of several schemes are several tables.
fn of_one_scheme(schemes: BTreeSet<&str>) -> anyhow::Result<()> {
    if schemes.len() > 1 {
        let schemes = Message::list(&schemes.into_iter().collect::<Vec<_>>());
        bail!(failure(msg!(run::ONE_SCHEME, schemes = schemes)));
    }
    Ok(())
}

/// The tables of each scheme, each with a remark on figures that its managers' clients lack.
fn tables(
    args: &ScorecardArgs,
    portfolios: &Portfolios<'_>,
    sources: &Sources,
    scored: &[Scored<'_>],
    today: NaiveDate,
) -> Vec<Table> {
    let book = portfolios.book();
    let only = args.manager.as_deref();
    let of = |scored: &Scored<'_>| -> Vec<Table> {
        let remarked = |mut table: Table, managers: &[&str]| {
            let months = scored.period.months();
            table.notes.extend(lacking_figures(book, &portfolios.figured, months, today, Some(managers)));
            table
        };
        let shown = scored.cards.iter().filter(|card| only.is_none_or(|only| *card.profile.id == *only));
        if args.explain {
            let explained = |card| remarked(chain::chain(book, sources, scored, card), &[&*card.profile.id]);
            return shown.map(explained).collect();
        }
        let managers: Vec<&str> = shown.map(|card| &*card.profile.id).collect();
        let table = if args.items {
            scorecard::items(book, scored, only)
        } else {
            scorecard::overview(book, scored, only)
        };
        vec![remarked(table, &managers)]
    };
    scored.iter().flat_map(of).collect()
}

/// A table a scheme: the scorecards of an earlier period beside these.
fn compared(
    args: &ScorecardArgs,
    loaded: &Loaded,
    (before, earlier): (Vec<Scored<'_>>, Period),
    after: Vec<Scored<'_>>,
    is_csv: bool,
) -> anyhow::Result<Vec<Table>> {
    let mut by_scheme: BTreeMap<&str, [Vec<Scored<'_>>; 2]> = BTreeMap::new();
    for (side, scored) in [before, after].into_iter().enumerate() {
        for scored in scored {
            by_scheme.entry(&scored.policy.record.scheme).or_default()[side].push(scored);
        }
    }
    by_scheme.retain(|_, sides| sides.iter().all(|side| !side.is_empty()));
    if by_scheme.is_empty() {
        bail!(failure(msg!(run::NO_SCHEME, earlier = earlier.to_string())));
    }
    if is_csv {
        of_one_scheme(by_scheme.keys().copied().collect())?;
    }
    let tables = by_scheme.into_iter().map(|(scheme, [before, after])| {
        let (policy, now) = (&after[0].policy.record.title, after[0].period);
        let title = policy::title_of_periods(policy, earlier, now);
        let [mut was, mut is] = [before, after].map(policy::Side::new);
        if let Some(manager) = &args.manager {
            was.keep(manager);
            is.keep(manager);
        }
        policy::comparison(&loaded.book, &format!("scorecard_changes_{scheme}"), title, &was, &is)
    });
    Ok(tables.collect())
}

/// The figures given with `--set`, in the units that metrics have. One that no policy asks for would change nothing: its name is
/// an error of the run.
fn instead(
    given: &[String],
    draft: Option<&Policy>,
    policies: &Policies,
    scheme: Option<&str>,
    context: &mut Context<'_>,
) -> anyhow::Result<BTreeMap<String, Decimal>> {
    let wanted = policies.ready.values();
    let wanted = wanted.filter(|policy| scheme.is_none_or(|scheme| policy.record.scheme == *scheme));
    let applied: Vec<&Policy> = wanted.filter(|_| draft.is_none()).chain(draft).collect();
    let mut figures = BTreeMap::new();
    for given in given {
        let (name, number) = given.split_once('=').or_fail(|| msg!(run::NOT_A_FIGURE, given = given))?;
        let name = name.trim();
        if let Some(item) = name.strip_prefix(MARKS) {
            figures.insert(name.to_owned(), mark(given, (item, number.trim()), &applied)?);
            continue;
        }
        let asking: Vec<(&Policy, Ask)> = applied
            .iter()
            .flat_map(|policy| policy.asks().into_iter().map(|ask| (*policy, ask)))
            .filter(|(policy, ask)| ask.is_spelt(name, &policy.names))
            .collect();
        if asking.is_empty() {
            let known: BTreeSet<String> =
                applied.iter().flat_map(|policy| policy.asks()).map(|ask| ask.to_string()).collect();
            let near = nearest(name, known.iter().map(String::as_str));
            let help = near.map_or(run::FIGURES_ASKED.into(), |near| msg!(run::SIMILAR, near = near));
            bail!(failure(msg!(run::NOT_ASKED, name = name, help = help)));
        }
        reached(name, &asking, context)?;
        let amount = amount(given, (name, number.trim()), &asking)?;
        figures.extend(asking.iter().map(|(_, ask)| (ask.to_string(), amount)));
    }
    Ok(figures)
}

/// The mark of an item that is marked by hand.
fn mark(given: &str, (item, number): (&str, &str), applied: &[&Policy]) -> anyhow::Result<Decimal> {
    let known: BTreeSet<_> = applied.iter().flat_map(|policy| policy.judged_by(Judge::Marker)).collect();
    if !known.contains(item) {
        let near = nearest(item, known.iter().map(|id| &**id)).map(|near| format!("{MARKS}{near}"));
        let help = near.map_or(run::FIGURES_ASKED.into(), |near| msg!(run::SIMILAR, near = near));
        bail!(failure(msg!(run::NOT_ASKED, name = format!("{MARKS}{item}"), help = help)));
    }
    let refused = || msg!(run::NOT_A_FIGURE, given = given);
    let digits = typed::number(number, None).or_fail(refused)?;
    Ok(digits.parse::<Amount>().ok().or_fail(refused)?.0)
}

/// Says what a figure for the manager does not reach: items that are evaluated record by record. An error where that is all.
fn reached(name: &str, asking: &[(&Policy, Ask)], context: &mut Context<'_>) -> anyhow::Result<()> {
    let (mut items, mut at_once) = (BTreeSet::new(), false);
    for (policy, ask) in asking {
        let (own, others) = policy.asked_by_record(ask);
        items.extend(own.iter().map(|item| format!("`{item}`")));
        at_once |= others;
    }
    if items.is_empty() {
        return Ok(());
    }
    let items = Message::list(&items.into_iter().collect::<Vec<_>>());
    let said = msg!(run::BY_RECORD, name = name, items = items);
    if !at_once {
        bail!(failure(said));
    }
    context.say(&said)
}

/// The amount of a figure in the unit of its metric. A bare one of money is in the policy's `money`, as in its tests.
fn amount(given: &str, (name, number): (&str, &str), asking: &[(&Policy, Ask)]) -> anyhow::Result<Decimal> {
    let refused = || msg!(run::NOT_A_FIGURE, given = given);
    let units: BTreeMap<&str, (&str, Decimal)> = asking
        .iter()
        .filter_map(|(policy, ask)| {
            let unit = &*policy.names.get(&ask.query.name)?.unit;
            let own = policy.record.measures.contains_key(&*ask.query.name);
            let counted = Unit::parse(unit);
            let is_own = own || !counted.is_money();
            let factor = if is_own { Decimal::ONE } else { counted.factor_in(&policy.money) };
            Some((policy.record.money(), (unit, factor)))
        })
        .collect();
    let (unit, factor) = units.values().next().copied().unwrap_or(("", Decimal::ONE));
    let is_pure = Unit::parse(unit).dimensions.is_none();
    if let Some(percent) = number.strip_suffix(['%', '％']) {
        if !is_pure {
            bail!(failure(msg!(run::NOT_IN_PERCENT, name = name, unit = unit)));
        }
        let digits = typed::number(percent.trim(), None).or_fail(refused)?;
        return Ok(digits.parse::<Amount>().ok().or_fail(refused)?.0 / Decimal::ONE_HUNDRED);
    }
    let bare = number.strip_suffix(unit).filter(|_| !is_pure && !Unit::parse(unit).is_money());
    let number = bare.map_or(number, str::trim);
    if let Ok(plain) = number.parse::<Amount>() {
        let is_part = |(policy, ask): &(&Policy, Ask)| {
            policy.names.get(&ask.query.name).is_some_and(|metric| metric.is_part || metric.unit == "%")
        };
        if plain.0.abs() > Decimal::TWO && asking.iter().any(is_part) {
            let (percent, times) = (plain.0.normalize(), (plain.0 * Decimal::ONE_HUNDRED).normalize());
            bail!(failure(msg!(run::PERCENT_MEANT, given = given, percent = percent, times = times)));
        }
        if units.values().any(|(_, other)| *other != factor) {
            let units = Message::list(&units.keys().copied().collect::<Vec<_>>());
            bail!(failure(msg!(run::WHICH_MONEY, given = given, units = units)));
        }
        return Ok(plain.0 / factor);
    }
    if number.contains('元') && !Unit::parse(unit).is_money() {
        bail!(failure(msg!(run::NOT_IN_MONEY, name = name, unit = unit)));
    }
    let digits = typed::number(number, Some(unit)).or_fail(refused)?;
    Ok(digits.parse::<Amount>().ok().or_fail(refused)?.0)
}

/// Marks tables of scorecards that rest on figures the book does not have, in whatever format they are written.
fn suppose(table: &mut Table, given: &[String]) {
    let heading = table.title.clone();
    table.title = msg!(say::SUPPOSED_THAT, heading = heading, figures = Message::list(given));
    let supposed = || Cell::Said { key: "supposed", text: say::SUPPOSED };
    match table.columns.iter().position(|column| column.key == "state") {
        Some(at) => table.rows.iter_mut().for_each(|row| row[at] = supposed()),
        None => {
            table.columns.push(Column::new("state", say::STATE, Kind::Text));
            table.rows.iter_mut().for_each(|row| row.push(supposed()));
        }
    }
}

/// Says on standard error where the period asked for still runs, or where the one shown is not the last full one.
fn say_which(asked: Option<Period>, scored: &[Scored<'_>], context: &mut Context<'_>) -> anyhow::Result<()> {
    if let Some(period) = asked {
        if context.today <= period.last_day() {
            context.say(&msg!(command::RUNNING, period = period.to_string(), last = period.last_day()))?;
        }
        return Ok(());
    }
    let late = scored.iter().filter_map(|scored| {
        let last = Period::containing(Month::of(context.today), scored.policy.record.period.grain()).plus(-1);
        (scored.period < last).then_some((scored.period, last))
    });
    // Policies of one length say the same.
    for (shown, last) in late.collect::<BTreeSet<_>>() {
        let said: Message = msg!(command::LATE, shown = shown.to_string(), last = last.to_string());
        context.say(&said)?;
    }
    Ok(())
}
