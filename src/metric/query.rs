//! A question to a book: which figure, added up how, over which stretch, compared with which point in time.
//!
//! Written `NAME.aggregate{filter = "word"}.window@point`: `deposits.average`, `visits.count{tier = "key"}.year_to_date`,
//! `loans.end@year_start`. It knows only the words; what a name means and who answers stands elsewhere. To add an aggregate,
//! a window or a point: one variant and its line in the list of words beside it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::msg;
use crate::text::{Message, metric};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// Every variant with its word.
            pub const WORDS: &[(&'static str, Self)] = &[$(($word, Self::$variant)),*];

            /// Its word in a query.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            fn named(word: &str) -> Option<Self> {
                Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
            }
        }
    };
}

words! {
    /// How the months and records of a stretch make one figure.
    Aggregate {
        /// Mean over the stretch, months weighted by calendar days.
        Average = "average",
        /// Total of the stretch.
        Sum = "sum",
        /// Figure at the end of the stretch's last day.
        End = "end",
        /// Number of records.
        Count = "count",
        /// Least month of the stretch.
        Min = "min",
        /// Greatest month of the stretch.
        Max = "max",
    }
}

words! {
    /// The point in time a figure is taken at instead of the period itself.
    Point {
        /// The period before this one, of the same length.
        Previous = "previous",
        /// The same period a year earlier.
        YearAgo = "year_ago",
        /// The whole last calendar year.
        LastYear = "last_year",
        /// The last month of the last calendar year, where this year began.
        YearStart = "year_start",
        /// The base declared with the client for the year; it moves with the client.
        Base = "base",
    }
}

/// The stretch of time a figure covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Window {
    /// The period itself.
    #[default]
    Period,
    /// From January to the period's last month.
    YearToDate,
    /// From the quarter's first month to the period's last month.
    QuarterToDate,
    /// This many months up to the period's last.
    LastMonths(u32),
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetricQuery {
    /// Name of the measure or metric.
    pub name: Box<str>,
    /// How it adds up; `None` where the name alone says it.
    pub aggregate: Option<Aggregate>,
    /// Only records whose key has this word, by key.
    pub filters: BTreeMap<Box<str>, Box<str>>,
    /// The stretch.
    pub window: Window,
    /// The point of comparison; `None` is the period itself.
    pub point: Option<Point>,
}

impl MetricQuery {
    /// The figure of `name` in the period itself.
    pub fn new(name: &str, aggregate: Option<Aggregate>) -> Self {
        Self { name: name.into(), aggregate, filters: BTreeMap::new(), window: Window::Period, point: None }
    }
}

/// The canonical spelling, which reads back as the same query.
impl fmt::Display for MetricQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(aggregate) = self.aggregate {
            write!(f, ".{}", aggregate.word())?;
        }
        for (index, (key, word)) in self.filters.iter().enumerate() {
            write!(f, "{}{key} = \"{word}\"", if index == 0 { "{" } else { ", " })?;
        }
        if !self.filters.is_empty() {
            f.write_str("}")?;
        }
        match self.window {
            Window::Period => {}
            Window::YearToDate => f.write_str(".year_to_date")?,
            Window::QuarterToDate => f.write_str(".quarter_to_date")?,
            Window::LastMonths(months) => write!(f, ".last_{months}_months")?,
        }
        match self.point {
            Some(point) => write!(f, "@{}", point.word()),
            None => Ok(()),
        }
    }
}

impl FromStr for MetricQuery {
    type Err = Message;

    fn from_str(text: &str) -> Result<Self, Message> {
        let (path, point) = match split_point(text.trim()) {
            Some((path, word)) => {
                let point = Point::named(word).ok_or_else(|| unknown(word, Point::WORDS))?;
                (path, Some(point))
            }
            None => (text.trim(), None),
        };
        let (words, filters) = split_filters(path)?;
        let mut words = words.split('.');
        let name = words.next().unwrap_or_default();
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return Err(msg!(metric::NOT_A_NAME, name = name));
        }
        let mut query = Self { name: name.into(), aggregate: None, filters, window: Window::Period, point };
        words.try_for_each(|word| query.qualify(word)).map(|()| query)
    }
}

impl MetricQuery {
    fn qualify(&mut self, word: &str) -> Result<(), Message> {
        if let (Some(aggregate), None) = (Aggregate::named(word), self.aggregate) {
            self.aggregate = Some(aggregate);
            return Ok(());
        }
        let window = match word {
            "year_to_date" => Window::YearToDate,
            "quarter_to_date" => Window::QuarterToDate,
            _ => {
                let months = word.strip_prefix("last_").and_then(|rest| rest.strip_suffix("_months"));
                let months = months.and_then(|months| months.parse().ok()).filter(|months| *months > 0);
                Window::LastMonths(months.ok_or_else(|| unknown_word(word))?)
            }
        };
        if self.window != Window::Period {
            return Err(unknown_word(word));
        }
        self.window = window;
        Ok(())
    }
}

/// Windows, as they are written.
pub(crate) const WINDOWS: [&str; 3] = ["year_to_date", "quarter_to_date", "last_N_months"];

/// A word that is neither an aggregate nor a window.
fn unknown_word(word: &str) -> Message {
    let known: Vec<&str> = Aggregate::WORDS.iter().map(|(word, _)| *word).chain(WINDOWS).collect();
    msg!(metric::UNKNOWN_WORD, word = word, known = Message::list(&known))
}

fn unknown<T>(word: &str, known: &[(&'static str, T)]) -> Message {
    let known: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
    msg!(metric::UNKNOWN_WORD, word = word, known = Message::list(&known))
}

/// Splits `path@word`; an `@` inside a filter's word does not count.
fn split_point(text: &str) -> Option<(&str, &str)> {
    let (path, word) = text.rsplit_once('@')?;
    (!word.contains(['"', '\'', '}'])).then_some((path, word))
}

type Filters = BTreeMap<Box<str>, Box<str>>;

/// Takes `{key = "word", …}` out of a path.
fn split_filters(path: &str) -> Result<(String, Filters), Message> {
    let Some((before, rest)) = path.split_once('{') else {
        return Ok((path.to_owned(), Filters::new()));
    };
    let bad = || msg!(metric::BAD_FILTER, text = path);
    let (inside, after) = rest.split_once('}').ok_or_else(bad)?;
    let mut filters = Filters::new();
    for pair in inside.split(',') {
        let (key, word) = pair.split_once('=').ok_or_else(bad)?;
        let word = word.trim().trim_matches(['"', '\'']);
        if key.trim().is_empty() || word.is_empty() {
            return Err(bad());
        }
        filters.insert(key.trim().into(), word.into());
    }
    Ok((format!("{before}{after}"), filters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_written_as_it_is_read() {
        for (text, canonical) in [
            ("deposits.average", "deposits.average"),
            ("visits.count{tier='key'}.year_to_date", "visits.count{tier = \"key\"}.year_to_date"),
            ("loans.end.last_3_months@year_start", "loans.end.last_3_months@year_start"),
            ("retention", "retention"),
            ("a.year_to_date.sum", "a.sum.year_to_date"),
        ] {
            assert_eq!(
                text.parse::<MetricQuery>().map(|query| query.to_string()),
                Ok(canonical.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_query_is_refused() {
        for text in
            ["", "a b", "deposits.avg", "a@then", "a.count{tier}", "a.count{tier=\"x\"", "a.last_0_months"]
        {
            assert!(text.parse::<MetricQuery>().is_err(), "{text}");
        }
    }
}
