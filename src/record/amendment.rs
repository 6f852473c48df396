//! What stands of a closed scorecard: what was frozen, with what the amendments of its review put in its place.
//!
//! An amendment changes exactly the field it names, from what stands there to the value it states; nothing follows from it by
//! itself, so that what stands is written in the review and never worked out from records again. Several of one field follow
//! each other by their days. One that states what the records `give` now and no value lets stand what was closed.

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::review::{Amendment, Review};
use super::scorecard::{Closed, ClosedIndicator, Instalment};
use super::value::{Amount, Day, Year};
use crate::period::Period;

/// Why an amendment of a closed field changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Short {
    /// Nothing is closed that it could change.
    Open,
    /// It is dated before the closing.
    Early,
    /// It does not start from what stood there.
    From,
    /// It states no value, or one that the field cannot have.
    To,
}

/// A field of a closed scorecard, as amendments name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClosedField {
    /// A number of an item.
    Item(String, ItemNumber),
    /// The total.
    Total,
    /// The rating.
    Rating,
    /// The grade by which it was scored.
    Grade,
    /// The team in which it was scored.
    Team,
    /// An entry of the ledger, by the period of its review and its name.
    Entry(Period, String),
    /// A pay line.
    Line(String),
    /// The pay before deferral.
    PayTotal,
    /// The parts of the pay that fall due later.
    Deferral,
}

/// A number of an item that is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemNumber {
    /// Its value.
    Value,
    /// Its target.
    Target,
    /// Its score before the weight.
    Score,
    /// Its points in the total.
    Points,
}

impl ItemNumber {
    /// All of them, in the order they follow from each other.
    pub const ALL: [Self; 4] = [Self::Value, Self::Target, Self::Score, Self::Points];

    /// Its key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Target => "target",
            Self::Score => "score",
            Self::Points => "points",
        }
    }

    /// The number in a closed item.
    pub fn of(self, item: &ClosedIndicator) -> Option<Decimal> {
        let amount = match self {
            Self::Value => item.value,
            Self::Target => item.target,
            Self::Score => item.score,
            Self::Points => item.points,
        };
        amount.map(|amount| amount.0.normalize())
    }

    fn put(self, item: &mut ClosedIndicator, number: Option<Decimal>) {
        let slot = match self {
            Self::Value => &mut item.value,
            Self::Target => &mut item.target,
            Self::Score => &mut item.score,
            Self::Points => &mut item.points,
        };
        *slot = number.map(Amount);
    }
}

impl ClosedField {
    /// The fields of the result, by the names amendments give them.
    pub const OF_RESULT: [(&str, Self); 6] = [
        ("total", Self::Total),
        ("rating", Self::Rating),
        ("grade", Self::Grade),
        ("team", Self::Team),
        ("pay_total", Self::PayTotal),
        ("deferral", Self::Deferral),
    ];

    /// The field that an amendment names, of `scheme`; one may be named alone or by its whole path
    /// (`closed.SCHEME.indicators.deposits.value`), and an item alone means its value, or its score where it has none.
    fn named(closed: &Closed, scheme: &str, path: &str) -> Option<Self> {
        let inside = inside(scheme, path);
        if inside.starts_with("closed.") {
            return None;
        }
        if let Some((_, field)) = Self::OF_RESULT.into_iter().find(|(name, _)| *name == inside) {
            return Some(field);
        }
        if let Some(entry) = Self::entry(inside) {
            return Some(entry);
        }
        if let Some(line) = inside.strip_prefix("pay.") {
            return Some(Self::Line(line.to_owned()));
        }
        let ended = |number: &ItemNumber| inside.strip_suffix(number.key())?.strip_suffix('.');
        let stated = ItemNumber::ALL.iter().find_map(|number| Some((ended(number)?, *number)));
        let (item, number) = stated.unwrap_or_else(|| (inside, main(closed, inside)));
        Some(Self::Item(item.to_owned(), number))
    }

    /// The entry of the ledger that a name means: `ledger.2026-09.2026-10-16 holdback late-file`.
    pub fn entry(name: &str) -> Option<Self> {
        let (period, entry) = name.strip_prefix("ledger.")?.split_once('.')?;
        Some(Self::Entry(period.parse().ok()?, entry.to_owned()))
    }

    /// The number by which an item is known.
    pub fn main(closed: &Closed, item: &str) -> Self {
        Self::Item(item.to_owned(), main(closed, item))
    }

    /// Whether it is of the pay.
    pub fn is_of_pay(&self) -> bool {
        matches!(self, Self::Line(_) | Self::PayTotal | Self::Deferral)
    }

    /// How an amendment names it.
    pub fn name(&self, closed: &Closed) -> String {
        match self {
            Self::Item(item, number) if *number == main(closed, item) => item.clone(),
            Self::Item(item, number) => format!("{item}.{}", number.key()),
            Self::Line(line) => format!("pay.{line}"),
            Self::Entry(period, entry) => format!("ledger.{period}.{entry}"),
            result => {
                let known = Self::OF_RESULT.into_iter().find(|(_, field)| field == result);
                known.map(|(name, _)| name.to_owned()).unwrap_or_default()
            }
        }
    }

    /// What stands there, as an amendment states it.
    pub fn of(&self, closed: &Closed) -> Option<String> {
        let words = |amount: Option<Amount>| amount.map(|amount| amount.0.normalize().to_string());
        match self {
            Self::Item(item, number) => number.of(closed.indicators.get(item)?).map(|it| it.to_string()),
            Self::Total => words(closed.total),
            Self::Rating => closed.rating.clone(),
            Self::Grade => closed.grade.clone(),
            Self::Team => closed.team.clone(),
            Self::Entry(period, entry) => words(closed.ledger.as_ref()?.get(period)?.get(entry).copied()),
            Self::Line(line) => words(closed.pay.get(line).copied()),
            Self::PayTotal => words(closed.pay_total),
            Self::Deferral => schedule(&closed.deferral),
        }
    }

    /// Puts the value an amendment states; none where it is not one the field can have.
    fn put(&self, closed: &mut Closed, to: &str) -> Option<()> {
        let to = Some(to.trim()).filter(|to| !is_nothing(to));
        let amount = || to.map(|to| number(to).ok_or(())).transpose().ok();
        match self {
            Self::Item(item, number) => {
                number.put(closed.indicators.entry(item.clone()).or_default(), amount()?);
            }
            Self::Total => closed.total = amount()?.map(Amount),
            Self::Rating => closed.rating = to.map(Into::into),
            Self::Grade => closed.grade = to.map(Into::into),
            Self::Team => closed.team = to.map(Into::into),
            Self::Entry(period, entry) => {
                let entries = closed.ledger.get_or_insert_default().entry(*period).or_default();
                match amount()? {
                    Some(amount) => drop(entries.insert(entry.clone(), Amount(amount))),
                    None => drop(entries.remove(entry)),
                }
            }
            Self::Line(line) => match amount()? {
                Some(amount) => drop(closed.pay.insert(line.clone(), Amount(amount))),
                None => drop(closed.pay.remove(line)),
            },
            Self::PayTotal => closed.pay_total = amount()?.map(Amount),
            Self::Deferral => closed.deferral = to.map_or(Some(Vec::new()), instalments)?,
        }
        Some(())
    }
}

impl Amendment {
    /// The field it names of what was closed under `scheme`, without the way to it.
    pub fn field_of(&self, scheme: &str) -> &str {
        inside(scheme, &self.field)
    }

    /// Whether a value is the one it decided on.
    fn decided(&self, value: Option<&str>) -> bool {
        let decided = self.to.as_deref().or(self.from.as_deref().filter(|_| self.gives.is_some()));
        decided.is_some_and(|decided| says(decided, value))
    }

    /// Whether it states that the records give `now`, whatever stands.
    fn expects(&self, now: Option<&str>) -> bool {
        self.gives.as_deref().is_some_and(|gives| says(gives, now))
    }
}

/// A path without the way to what was closed under `scheme`.
fn inside<'p>(scheme: &str, path: &'p str) -> &'p str {
    let inside = path.strip_prefix("closed.").and_then(|path| path.strip_prefix(scheme)?.strip_prefix('.'));
    let inside = inside.unwrap_or(path);
    inside.strip_prefix("indicators.").unwrap_or(inside)
}

/// The number by which an item is known: its value, or its score or points where it has none.
fn main(closed: &Closed, item: &str) -> ItemNumber {
    let known = closed.indicators.get(item);
    let has = |number: &ItemNumber| known.is_some_and(|item| number.of(item).is_some());
    let numbers = [ItemNumber::Value, ItemNumber::Score, ItemNumber::Points];
    numbers.into_iter().find(has).unwrap_or(ItemNumber::Value)
}

/// What stands of a closed scorecard.
#[derive(Clone, Debug)]
pub struct Standing<'r> {
    /// The scorecard with its amendments.
    pub closed: Cow<'r, Closed>,
    /// Day of the last amendment.
    pub amended: Option<NaiveDate>,
    /// The fields that amendments name, the last one first.
    pub named: Vec<Named>,
}

/// A field that an amendment names.
#[derive(Clone, Debug)]
pub struct Named {
    /// The field.
    pub field: ClosedField,
    /// Place of the amendment in the list.
    pub index: usize,
    /// What stood there before it.
    pub stood: Option<String>,
    /// Why it changes nothing, if so.
    pub short: Option<Short>,
}

/// An amendment that changes nothing of what is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    /// Its place in the list.
    pub index: usize,
    /// Why.
    pub short: Short,
    /// What stands where it was to change something.
    pub stood: Option<String>,
    /// The day on which that was closed.
    pub closed_on: Option<NaiveDate>,
}

impl Standing<'_> {
    /// Whether an amendment settles what stands in a field.
    pub fn settles(&self, field: &ClosedField) -> bool {
        self.last_of(field).is_some_and(|named| named.short.is_none())
    }

    /// The last amendment of a field.
    pub fn last_of(&self, field: &ClosedField) -> Option<&Named> {
        self.named.iter().find(|named| named.field == *field)
    }
}

impl Review {
    /// Whether what stands in a field stands although the records give `now`: the last amendment of it says so.
    pub fn stands_against(&self, standing: &Standing<'_>, field: &ClosedField, now: Option<&str>) -> bool {
        let last = standing.last_of(field);
        last.is_some_and(|last| last.short.is_none() && self.amendments[last.index].expects(now))
    }

    /// What stands of the scorecard closed under a scheme.
    pub fn standing(&self, scheme: &str) -> Option<Standing<'_>> {
        self.standing_on(scheme, NaiveDate::MAX)
    }

    /// The same on a day: what was amended later is left out.
    pub fn standing_on(&self, scheme: &str, day: NaiveDate) -> Option<Standing<'_>> {
        let frozen = self.closed.get(scheme)?;
        let mut standing = Standing { closed: Cow::Borrowed(frozen), amended: None, named: Vec::new() };
        let mut amendments: Vec<(usize, &Amendment)> = self.amendments.iter().enumerate().collect();
        amendments.retain(|(_, amendment)| amendment.date.0 <= day);
        amendments.sort_by_key(|(_, amendment)| (amendment.date, amendment.n));
        for (index, amendment) in amendments {
            let Some(field) = ClosedField::named(frozen, scheme, &amendment.field) else { continue };
            let stood = field.of(&standing.closed);
            let short = take(&mut standing.closed, &field, amendment).err();
            if short.is_none() && amendment.to.is_some() {
                standing.amended = Some(amendment.date.0);
            }
            standing.named.push(Named { field, index, stood, short });
        }
        standing.named.reverse();
        Some(standing)
    }

    /// The amendments that change nothing of what is closed. One of before the closing that froze what it decided on is carried
    /// out by that, and one of a field that nothing has is another fault.
    pub fn idle_amendments(&self) -> Vec<Idle> {
        let standings: Vec<Standing<'_>> =
            self.closed.keys().filter_map(|scheme| self.standing(scheme)).collect();
        let idle = self.amendments.iter().enumerate().filter_map(|(index, amendment)| {
            if standings.is_empty() {
                return Some(Idle { index, short: Short::Open, stood: None, closed_on: None });
            }
            let own = standings.iter().filter_map(|standing| {
                let named = standing.named.iter().find(|named| named.index == index)?;
                Some((standing.closed.closed_on, named))
            });
            let own: Vec<(Day, &Named)> = own.collect();
            let holds = |(closed_on, named): &(Day, &Named)| {
                named.short.is_none()
                    || amendment.date <= *closed_on && amendment.decided(named.stood.as_deref())
            };
            let (closed_on, named) = own.first().filter(|_| !own.iter().any(holds))?;
            let stood = named.stood.clone();
            Some(Idle { index, short: named.short?, stood, closed_on: Some(closed_on.0) })
        });
        idle.collect()
    }

    /// What stands of every scorecard closed in it, by scheme.
    pub fn standings(&self) -> impl Iterator<Item = (&str, Cow<'_, Closed>)> {
        self.closed.keys().filter_map(|scheme| Some((scheme.as_str(), self.standing(scheme)?.closed)))
    }
}

/// Lets an amendment take effect.
fn take(closed: &mut Cow<'_, Closed>, field: &ClosedField, amendment: &Amendment) -> Result<(), Short> {
    if amendment.date < closed.closed_on {
        return Err(Short::Early);
    }
    if amendment.from.as_deref().is_some_and(|from| !says(from, field.of(closed).as_deref())) {
        return Err(Short::From);
    }
    match (amendment.to.as_deref(), &amendment.gives) {
        (Some(to), _) => field.put(closed.to_mut(), to).ok_or(Short::To),
        // What was closed stands.
        (None, Some(_)) => Ok(()),
        (None, None) => Err(Short::To),
    }
}

/// Whether a text states a value: the same number however it is written, or the same words.
fn says(text: &str, value: Option<&str>) -> bool {
    let text = text.trim();
    let Some(value) = value else { return is_nothing(text) };
    match (number(text), number(value)) {
        (Some(text), Some(value)) => text == value,
        _ => text == value,
    }
}

fn is_nothing(text: &str) -> bool {
    matches!(text, "" | "-" | "–")
}

fn number(text: &str) -> Option<Decimal> {
    let number = match text.strip_suffix(['%', '％']) {
        Some(percent) => percent.trim().parse::<Decimal>().ok()?.checked_div(Decimal::ONE_HUNDRED),
        None => text.parse().ok(),
    };
    number.map(|number| number.normalize())
}

/// Parts of a pay by the year they fall due, as an amendment states them: `2027 0.36, 2028 0.36`.
pub fn schedule(list: &[Instalment]) -> Option<String> {
    let part = |part: &Instalment| format!("{} {}", part.due.0, part.amount.0.normalize());
    let parts: Vec<String> = list.iter().map(part).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn instalments(text: &str) -> Option<Vec<Instalment>> {
    let part = |part: &str| {
        let (year, amount) = part.trim().split_once(' ')?;
        Some(Instalment { due: Year(year.parse().ok()?), amount: Amount(number(amount.trim())?) })
    };
    text.split(',').map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROZEN: &str = "manager = 'li'\nperiod = '2026-04'\n[closed.main]\npolicy = 'p'\ndigest = 'd'\nclosed_on = 2026-05-10\n\
        total = 90\nrating = 'B'\npay = { bonus = 1.8 }\npay_total = 1.8\ndeferral = [{ due = '2027', amount = 0.36 }]\n\
        [closed.main.indicators]\ndeposits = { value = 0.15, score = 90, points = 90 }\ninitiative = { score = 80, points = 8 }\n";

    fn review(amendments: &str) -> Review {
        toml::from_str(&format!("{FROZEN}{amendments}")).unwrap()
    }

    fn amendment(day: &str, field: &str, values: &str) -> String {
        format!(
            "[[amendments]]\ndate = 2026-05-{day}\nfield = '{field}'\n{values}\nwhy = 'w'\nwho = 'x'\napproved_by = 'y'\n"
        )
    }

    /// The value that stands of deposits, and why the last amendment changes nothing.
    fn deposits(amendments: &str) -> (String, Option<Short>) {
        let review = review(amendments);
        let standing = review.standing("main").unwrap();
        let value = ClosedField::Item("deposits".into(), ItemNumber::Value).of(&standing.closed).unwrap();
        (value, standing.named.first().and_then(|named| named.short))
    }

    #[test]
    fn an_amendment_changes_what_it_names_from_what_was_closed_to_what_it_states() {
        let unchanged = "0.15".to_owned();
        assert_eq!(
            deposits(&amendment("10", "deposits", "from = '15%'\nto = '0.2'")),
            ("0.2".to_owned(), None)
        );
        let path = amendment("12", "closed.main.indicators.deposits.value", "to = '20%'");
        assert_eq!(deposits(&path), ("0.2".to_owned(), None));
        let other = amendment("12", "closed.other.indicators.deposits", "to = '0.2'");
        assert_eq!(deposits(&other), (unchanged.clone(), None));
        assert_eq!(deposits(&amendment("12", "deposits.target", "to = '0.2'")), (unchanged, None));
    }

    #[test]
    fn one_before_the_closing_without_a_value_or_from_elsewhere_changes_nothing() {
        let short = |day, values| deposits(&amendment(day, "deposits", values));
        let unchanged = |why| ("0.15".to_owned(), Some(why));
        assert_eq!(short("09", "from = '0.15'\nto = '0.2'"), unchanged(Short::Early));
        assert_eq!(short("10", ""), unchanged(Short::To));
        assert_eq!(short("10", "to = 'more'"), unchanged(Short::To));
        assert_eq!(short("10", "from = '0.1'\nto = '0.2'"), unchanged(Short::From));
    }

    #[test]
    fn a_second_one_starts_where_the_first_left_it() {
        let first = amendment("11", "deposits", "from = '0.15'\nto = '0.2'");
        let chain = amendment("12", "deposits", "from = '0.2'\nto = '0.3'") + &first;
        assert_eq!(deposits(&chain), ("0.3".to_owned(), None));
        let broken = first + &amendment("12", "deposits", "from = '0.15'\nto = '0.3'");
        assert_eq!(deposits(&broken), ("0.2".to_owned(), Some(Short::From)));
    }

    #[test]
    fn an_amendment_that_changes_nothing_says_why() {
        let idle = |day, field, values| {
            let found = review(&amendment(day, field, values)).idle_amendments();
            found.into_iter().next().map(|idle| (idle.short, idle.stood.unwrap_or_default()))
        };
        let stood = |short, value: &str| Some((short, value.to_owned()));
        assert_eq!(idle("10", "pay_total", "from = '1.8'\nto = '2'"), None);
        assert_eq!(idle("10", "pay_total", "from = '1'\nto = '2'"), stood(Short::From, "1.8"));
        assert_eq!(idle("10", "deposits.points", "from = '1'\nto = '2'"), stood(Short::From, "90"));
        assert_eq!(idle("09", "pay_total", "from = '1.8'\nto = '2'"), stood(Short::Early, "1.8"));
        assert_eq!(idle("12", "pay_total", ""), stood(Short::To, "1.8"));
        // Closed once more with what was decided before, by a value or by letting it stand.
        assert_eq!(idle("09", "pay_total", "from = '2'\nto = '1.80'"), None);
        assert_eq!(idle("09", "pay_total", "from = '1.8'\ngives = '2'"), None);
        assert_eq!(idle("09", "pay_total", "from = '2'\ngives = '1.8'"), stood(Short::Early, "1.8"));
        // While it is open, there is nothing to change.
        let open = "manager = 'li'\nperiod = '2026-04'\n".to_owned() + &amendment("12", "total", "to = '95'");
        let open: Review = toml::from_str(&open).unwrap();
        assert_eq!(open.idle_amendments()[0].short, Short::Open);
    }

    #[test]
    fn several_of_one_day_follow_each_other_by_their_numbers() {
        let second = amendment("11", "deposits", "n = 2\nfrom = '0.2'\nto = '0.3'");
        let first = amendment("11", "deposits", "from = '0.15'\nto = '0.2'");
        assert_eq!(deposits(&(second + &first)), ("0.3".to_owned(), None));
    }

    #[test]
    fn every_field_can_be_amended_and_nothing_else_follows() {
        let fields = [
            ("initiative", "85"),
            ("deposits.points", "91"),
            ("total", "91"),
            ("rating", "A"),
            ("grade", "senior"),
            ("pay.bonus", "2"),
            ("pay.extra", "0.5"),
            ("pay_total", "2.5"),
            ("deferral", "2027 0.5, 2028 0.5"),
        ];
        let amendments = fields.map(|(field, to)| amendment("12", field, &format!("to = '{to}'"))).concat();
        let review = review(&amendments);
        let standing = review.standing("main").unwrap();
        let frozen = &review.closed["main"];
        for (name, to) in fields {
            let field = ClosedField::named(frozen, "main", name).unwrap();
            assert_eq!(
                (field.name(frozen).as_str(), field.of(&standing.closed).as_deref()),
                (name, Some(to))
            );
            assert!(standing.settles(&field));
        }
        let value = ClosedField::Item("deposits".into(), ItemNumber::Value);
        assert_eq!((value.of(&standing.closed).as_deref(), standing.settles(&value)), (Some("0.15"), false));
        assert_eq!(frozen.total.unwrap().0, Decimal::from(90));
    }

    #[test]
    fn a_dash_takes_a_value_away() {
        let review = review(&amendment("12", "pay.bonus", "from = '1.8'\nto = '-'"));
        assert!(review.standing("main").unwrap().closed.pay.is_empty());
    }
}
