//! How far a scorecard, made again, is from what was frozen of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;

use super::freeze::deferral;
use super::inputs::{Changed, Contribution, View, figures};
use crate::policy::expr::Expr;
use crate::policy::plan::{Form, Plan};
use crate::record::amendment::{ClosedField, ItemNumber, schedule};
use crate::record::kind::RecordKind;
use crate::record::scorecard::{Closed, ClosedIndicator, ClosedInput, ClosedInputs, Instalment, kept};
use crate::record::value::Amount;
use crate::score::card::{ItemScore, Scorecard};
use crate::score::payslip::PayResult;

/// A field of a scorecard with what stands there and what comes out now, as amendments state them.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) field: ClosedField,
    pub(super) then: Option<String>,
    pub(super) now: Option<String>,
}

/// A number that stands and what comes out now.
pub(super) struct Moved<K> {
    pub(super) key: K,
    pub(super) then: Option<Decimal>,
    pub(super) now: Option<Decimal>,
}

impl<K> Moved<K> {
    fn by(&self) -> Decimal {
        self.now.unwrap_or_default() - self.then.unwrap_or_default()
    }

    pub(super) fn field(&self, field: ClosedField) -> Field {
        Field { field, then: words(self.then), now: words(self.now) }
    }
}

/// What became of one item.
pub(super) struct ItemDrift {
    pub(super) id: String,
    /// The numbers that differ.
    pub(super) moved: Vec<Moved<ItemNumber>>,
    /// The records that contribute otherwise than they did when it was closed.
    pub(super) inputs: Vec<Changed>,
}

/// What became of one scorecard.
pub(super) struct Drift {
    /// The items that differ.
    pub(super) items: Vec<ItemDrift>,
    /// What of the result beside items and pay differs.
    pub(super) result: Vec<Field>,
    /// The records that contribute otherwise to the pay.
    pub(super) pay_inputs: Vec<Changed>,
    /// Whether anything that may move the pool shares of others is not as it was frozen.
    pub(super) has_moved: bool,
    /// Whether its own grade or team is not the one that was frozen.
    pub(super) is_regraded: bool,
    /// The lines that are shares of a pool whose size rests on another amount than was frozen.
    pub(super) resized: BTreeSet<String>,
    /// The pay lines that differ.
    lines: Vec<Moved<String>>,
    /// The pay in all.
    total: Moved<()>,
    /// Its deferred parts, as they stand and as they come out.
    deferral: (Vec<Instalment>, Vec<Instalment>),
    /// The places to which the pay is rounded.
    places: [Option<i32>; 2],
}

impl Drift {
    /// Holds a scorecard against what stands of it and, for what it rests on, against what was frozen.
    pub(super) fn of(
        view: &View<'_>,
        plan: &Plan,
        (frozen, stands): (&Closed, &Closed),
        now: &Scorecard,
    ) -> Self {
        let of = (&*now.profile.id, now.period);
        let known: BTreeMap<&str, &ItemScore> = now.items.iter().map(|item| (&*item.id, item)).collect();
        let ids: BTreeSet<&str> =
            stands.indicators.keys().map(String::as_str).chain(known.keys().copied()).collect();
        let (mut items, mut has_moved) = (Vec::new(), false);
        for id in ids {
            let item = known.get(id).copied();
            let then = frozen.indicators.get(id).cloned().unwrap_or_default();
            let inputs = view.changed(&then.inputs, of, &item.into_iter().flat_map(figures));
            has_moved |= !inputs.is_empty() || !moved(&then, item).is_empty();
            let stands = stands.indicators.get(id).cloned().unwrap_or_default();
            let moved = moved(&stands, item);
            if !moved.is_empty() || !inputs.is_empty() {
                items.push(ItemDrift { id: id.to_owned(), moved, inputs });
            }
        }
        let lines = now.pay.iter().flat_map(|pay| &pay.lines).flat_map(|line| &line.figures);
        // Only from a version on that froze the grade are the inputs of the pay frozen too.
        let frozen_inputs = frozen.risk_taker.map(|_| &frozen.pay_inputs);
        let pay_inputs = frozen_inputs.map(|then| view.changed(then, of, &lines)).unwrap_or_default();
        let result = result(view, stands, now);
        let since = self::result(view, frozen, now);
        has_moved |= !since.is_empty();
        let is_regraded =
            since.iter().any(|field| matches!(field.field, ClosedField::Grade | ClosedField::Team));
        let resized = resized(view, plan, now, &pay_inputs);
        let pay = now.pay.as_ref();
        let later = pay.map(|pay| deferral(pay, now.period.last().year() + 1)).unwrap_or_default();
        Self {
            items,
            result,
            pay_inputs,
            has_moved,
            is_regraded,
            resized,
            lines: lines_moved(stands, now),
            total: Moved { key: (), then: plain(stands.pay_total), now: pay.map(|pay| kept(pay.total).0) },
            deferral: (stands.deferral.clone(), later),
            places: [plan.rounding.pay, plan.rounding.pay_line],
        }
    }

    /// What of the pay differs, but for the lines that stay as they stand whatever comes out, and what they add to the pay.
    pub(super) fn pay(&self, pay: Option<&PayResult>, stays: impl Fn(&str) -> bool) -> Vec<Field> {
        let (stay, moved): (Vec<_>, Vec<_>) = self.lines.iter().partition(|line| stays(&line.key));
        let mut fields: Vec<Field> =
            moved.iter().map(|line| line.field(ClosedField::Line(line.key.clone()))).collect();
        let is_paid = |id: &str| pay.is_some_and(|pay| pay.paid(true).any(|line| *line.id == *id));
        let paid = stay.iter().filter(|line| is_paid(&line.key));
        let kept_back: Decimal = paid.map(|line| line.by()).sum();
        let (then, now) = (self.total.then, self.total.now);
        let stood = || pay.filter(|_| !kept_back.is_zero()).map(|pay| pay.with_pools(pay.pools - kept_back));
        let owed = if then == now { now } else { stood().map(|stood| kept(stood).0).or(now) };
        // The lines that stay were rounded by themselves, so that the rest may be off by a unit.
        let slack = if kept_back.is_zero() { Decimal::ZERO } else { unit(self.places) };
        let differs = then.is_some() != owed.is_some()
            || (owed.unwrap_or_default() - then.unwrap_or_default()).abs() > slack;
        if differs {
            fields.push(Moved { key: (), then, now: owed }.field(ClosedField::PayTotal));
        }
        let (stands, later) = (&self.deferral.0, &self.deferral.1);
        let is_same = if kept_back.is_zero() {
            schedule(stands) == schedule(later)
        } else {
            !differs && are_parts_of((stands, then), (later, now))
        };
        if !is_same {
            let later = scaled(later, now, owed);
            fields.push(Field {
                field: ClosedField::Deferral,
                then: schedule(stands),
                now: schedule(&later),
            });
        }
        fields
    }
}

/// The lines that are shares of a pool whose size rests on what changed.
fn resized(view: &View<'_>, plan: &Plan, now: &Scorecard, changed: &[Changed]) -> BTreeSet<String> {
    let written = plan.pay.iter().flat_map(|pay| &pay.lines);
    let pools = written.filter_map(|line| match &line.form {
        Form::Pool { of, .. } => Some((&line.id, of)),
        _ => None,
    });
    let is_moved = |(id, of): &(&Arc<str>, &Expr)| {
        let mut names = BTreeSet::new();
        of.node.names(&mut |_, name| _ = names.insert(name));
        let line = now.pay.iter().flat_map(|pay| &pay.lines).find(|line| line.id == **id);
        let figures = line.into_iter().flat_map(|line| &line.figures);
        let sized_by = figures.filter(|figure| names.contains(&figure.name));
        rests_on(&view.amounts((&now.profile.id, now.period), sized_by), changed)
    };
    pools.filter(is_moved).map(|(id, _)| id.to_string()).collect()
}

/// Whether figures rest on what changed. Of a record that contributes nothing any more only its fields can tell.
fn rests_on(inputs: &ClosedInputs, changed: &[Changed]) -> bool {
    let fields_of = |input: &ClosedInput| match input {
        ClosedInput::Amounts(fields) => fields.keys().cloned().collect::<BTreeSet<_>>(),
        ClosedInput::Digest(_) => BTreeSet::new(),
    };
    changed.iter().any(|changed| {
        let of_record = inputs.get(&changed.record).map(fields_of);
        let known = match of_record {
            None if changed.at.is_some() => return false,
            None => inputs.values().flat_map(fields_of).collect(),
            Some(fields) => fields,
        };
        changed.fields.iter().any(|field| match field {
            Contribution::Other(name, ..) | Contribution::Now(name, _) => known.contains(name),
            Contribution::Nothing => true,
        })
    })
}

fn result(view: &View<'_>, stands: &Closed, now: &Scorecard) -> Vec<Field> {
    let grade = stands.grade.as_ref().and(now.profile.grade.as_deref());
    // Versions that did not freeze the ledger did not freeze the team either.
    let team = stands.ledger.as_ref().and(now.profile.team.as_deref());
    let stood_in =
        stands.team.as_deref().map(|team| view.book.formerly(RecordKind::Team, team).unwrap_or(team));
    let fields = [
        (ClosedField::Team, stood_in.map(Into::into), team.map(Into::into)),
        (ClosedField::Grade, stands.grade.clone(), grade.map(Into::into)),
        (ClosedField::Total, words(plain(stands.total)), words(now.total.map(|total| kept(total).0))),
        (ClosedField::Rating, stands.rating.clone(), now.rating.as_deref().map(Into::into)),
    ];
    let differ = fields.into_iter().filter(|(_, then, now)| then != now);
    differ.map(|(field, then, now)| Field { field, then, now }).collect()
}

fn lines_moved(stands: &Closed, now: &Scorecard) -> Vec<Moved<String>> {
    let lines = now.pay.iter().flat_map(|pay| &pay.lines);
    let known: BTreeMap<&str, Decimal> = lines.map(|line| (&*line.id, kept(line.amount).0)).collect();
    let names: BTreeSet<&str> = stands.pay.keys().map(String::as_str).chain(known.keys().copied()).collect();
    let all = names.into_iter().map(|name| Moved {
        key: name.to_owned(),
        then: plain(stands.pay.get(name).copied()),
        now: known.get(name).copied(),
    });
    all.filter(|line| line.then != line.now).collect()
}

/// The numbers of an item that differ.
fn moved(stands: &ClosedIndicator, now: Option<&ItemScore>) -> Vec<Moved<ItemNumber>> {
    let number = |number: ItemNumber| {
        let item = now?;
        let number = match number {
            ItemNumber::Value => item.value,
            ItemNumber::Target => item.target.as_ref().map(|target| target.value),
            ItemNumber::Score => item.score,
            ItemNumber::Points => item.points,
        };
        number.map(|number| kept(number).0)
    };
    let all = ItemNumber::ALL.map(|key| Moved { key, then: key.of(stands), now: number(key) });
    all.into_iter().filter(|moved| moved.then != moved.now).collect()
}

/// Whether two pays are deferred by the same parts; of another pay another amount is.
fn are_parts_of(then: (&[Instalment], Option<Decimal>), now: (&[Instalment], Option<Decimal>)) -> bool {
    let years = |list: &[Instalment]| list.iter().map(|it| it.due.0).collect::<Vec<_>>();
    if years(then.0) != years(now.0) {
        return false;
    }
    let ratio = match (then.1, now.1) {
        (Some(then), Some(now)) if then != now && !then.is_zero() => now / then,
        _ => Decimal::ONE,
    };
    let places = then.0.iter().chain(now.0).map(|it| it.amount.0.normalize().scale()).max().unwrap_or(0);
    // Each part was rounded by itself, and the last one takes what is left.
    let slack = if ratio == Decimal::ONE { Decimal::ZERO } else { Decimal::new(3, places) };
    let pairs = then.0.iter().zip(now.0);
    pairs.into_iter().all(|(then, now)| (then.amount.0 * ratio - now.amount.0).abs() <= slack)
}

/// One unit of the coarsest of these roundings.
fn unit(places: [Option<i32>; 2]) -> Decimal {
    let places = places.into_iter().flatten().min().unwrap_or(9);
    let shift = u32::try_from(places).unwrap_or(0);
    Decimal::new(1, shift.min(9))
}

fn plain(amount: Option<Amount>) -> Option<Decimal> {
    amount.map(|amount| amount.0.normalize())
}

/// A number as an amendment states it.
fn words(number: Option<Decimal>) -> Option<String> {
    number.map(|number| number.to_string())
}

/// The deferred parts of a pay as those of another pay, the last one taking what rounding leaves.
fn scaled(parts: &[Instalment], of: Option<Decimal>, to: Option<Decimal>) -> Vec<Instalment> {
    let ratio = match (of, to) {
        (Some(of), Some(to)) if of != to && !of.is_zero() => to / of,
        _ => return parts.to_vec(),
    };
    let places = parts.iter().map(|part| part.amount.0.normalize().scale()).max().unwrap_or(0);
    let whole: Decimal = parts.iter().map(|part| part.amount.0 * ratio).sum();
    let mut left = whole.round_dp(places);
    let Some((last, first)) = parts.split_last() else { return Vec::new() };
    let part = |part: &Instalment| {
        let amount = (part.amount.0 * ratio).round_dp(places);
        left -= amount;
        Instalment { due: part.due, amount: Amount(amount) }
    };
    let mut scaled: Vec<Instalment> = first.iter().map(part).collect();
    scaled.push(Instalment { due: last.due, amount: Amount(left) });
    scaled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::value::Year;

    #[test]
    fn instalments_of_another_pay_keep_their_parts_and_add_up() {
        let part =
            |year, amount: &str| Instalment { due: Year(year), amount: Amount(amount.parse().unwrap()) };
        let third = [part(2027, "0.33"), part(2028, "0.33"), part(2029, "0.34")];
        // Of 2.5 as of 2: 1.25 in all, 0.41 twice and the rest.
        let scaled = scaled(&third, Some(Decimal::from(2)), Some(Decimal::new(25, 1)));
        assert_eq!(schedule(&scaled).unwrap(), "2027 0.41, 2028 0.41, 2029 0.43");
    }
}
