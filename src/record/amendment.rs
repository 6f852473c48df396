//! What the amendments of a review cover of what was closed.
//!
//! An amendment covers exactly the field it names, from what was closed to the value it states. Several of one field follow
//! each other by their days, each from where the one before left it.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::review::{Amendment, Review};

/// Whether amendments cover that a field comes out otherwise than it was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// None names the field.
    Unnamed,
    /// Those do whose last stands at this index.
    Whole(usize),
    /// The one at this index names the field and does not cover it.
    Short(usize, Short),
}

/// Why an amendment does not cover the field it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Short {
    /// It is dated before the closing.
    Early,
    /// It does not start from what stood there.
    From,
    /// It states no value, or another one than comes out.
    To,
}

impl Review {
    /// Whether amendments cover that one of the fields `named` of what was closed on a day under `scheme` was `then` and comes
    /// out as `now`. A field is named alone or by its whole path: `deposits`, `closed.SCHEME.indicators.deposits`.
    pub fn cover(
        &self,
        (scheme, closed_on): (&str, NaiveDate),
        named: &[String],
        then: Option<&str>,
        now: Option<&str>,
    ) -> Cover {
        let names = |amendment: &Amendment| named.iter().any(|name| *name == amendment.field_of(scheme));
        let mut amendments: Vec<(usize, &Amendment)> =
            self.amendments.iter().enumerate().filter(|(_, amendment)| names(amendment)).collect();
        amendments.sort_by_key(|(_, amendment)| amendment.date);
        let mut found = Cover::Unnamed;
        let mut stands = then;
        for (index, amendment) in amendments {
            if amendment.date.0 < closed_on {
                found = Cover::Short(index, Short::Early);
                continue;
            }
            if amendment.from.as_deref().is_some_and(|from| !says(from, stands)) {
                return Cover::Short(index, Short::From);
            }
            let Some(to) = amendment.to.as_deref() else { return Cover::Short(index, Short::To) };
            stands = Some(to);
            found = if says(to, now) { Cover::Whole(index) } else { Cover::Short(index, Short::To) };
        }
        found
    }
}

impl Amendment {
    /// The number it states, where it states one.
    pub fn amount(&self) -> Option<Decimal> {
        number(self.to.as_deref()?.trim())
    }

    /// The field it names of what was closed under `scheme`, without the way to it.
    pub fn field_of(&self, scheme: &str) -> String {
        let path = self.field.as_str();
        let inside =
            path.strip_prefix("closed.").and_then(|path| path.strip_prefix(scheme)?.strip_prefix('.'));
        let inside = inside.unwrap_or(path);
        inside.strip_prefix("indicators.").unwrap_or(inside).to_owned()
    }
}

/// Whether a text states a value: the same number however it is written, or the same words.
fn says(text: &str, value: Option<&str>) -> bool {
    let text = text.trim();
    let Some(value) = value else { return matches!(text, "" | "-" | "–") };
    match (number(text), number(value)) {
        (Some(text), Some(value)) => text == value,
        _ => text == value,
    }
}

fn number(text: &str) -> Option<Decimal> {
    match text.strip_suffix(['%', '％']) {
        Some(percent) => percent.trim().parse::<Decimal>().ok()?.checked_div(Decimal::ONE_HUNDRED),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cover(amendments: &str, now: &str) -> Cover {
        let review: Review =
            toml::from_str(&format!("manager = 'li'\nperiod = '2026-04'\n{amendments}")).unwrap();
        let named = ["deposits".to_owned(), "deposits.value".to_owned()];
        review.cover(("main", "2026-05-10".parse().unwrap()), &named, Some("0.15"), Some(now))
    }

    fn amendment(day: &str, field: &str, values: &str) -> String {
        format!(
            "[[amendments]]\ndate = 2026-05-{day}\nfield = '{field}'\n{values}\nwhy = 'w'\nwho = 'x'\napproved_by = 'y'\n"
        )
    }

    #[test]
    fn an_amendment_covers_what_it_names_from_what_was_closed_to_what_it_states() {
        let whole = amendment("10", "deposits", "from = '15%'\nto = '0.2'");
        assert_eq!(cover(&whole, "0.20"), Cover::Whole(0));
        assert_eq!(cover(&whole, "0.21"), Cover::Short(0, Short::To));
        let path = amendment("12", "closed.main.indicators.deposits.value", "to = '0.2'");
        assert_eq!(cover(&path, "0.2"), Cover::Whole(0));
        assert_eq!(
            cover(&amendment("12", "closed.other.indicators.deposits", "to = '0.2'"), "0.2"),
            Cover::Unnamed
        );
        assert_eq!(cover(&amendment("12", "deposits.target", "to = '0.2'"), "0.2"), Cover::Unnamed);
    }

    #[test]
    fn one_before_the_closing_without_a_value_or_from_elsewhere_covers_nothing() {
        assert_eq!(cover(&amendment("09", "deposits", "to = '0.2'"), "0.2"), Cover::Short(0, Short::Early));
        assert_eq!(cover(&amendment("10", "deposits", ""), "0.2"), Cover::Short(0, Short::To));
        let elsewhere = amendment("10", "deposits", "from = '0.1'\nto = '0.2'");
        assert_eq!(cover(&elsewhere, "0.2"), Cover::Short(0, Short::From));
    }

    #[test]
    fn a_second_one_starts_where_the_first_left_it() {
        let first = amendment("11", "deposits", "from = '0.15'\nto = '0.2'");
        let chain = first.clone() + &amendment("12", "deposits", "from = '0.2'\nto = '0.3'");
        assert_eq!(cover(&chain, "0.3"), Cover::Whole(1));
        assert_eq!(cover(&chain, "0.2"), Cover::Short(1, Short::To));
        let broken = first + &amendment("12", "deposits", "from = '0.15'\nto = '0.3'");
        assert_eq!(cover(&broken, "0.3"), Cover::Short(1, Short::From));
    }
}
