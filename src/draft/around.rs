//! What a book says of the words that are typed: the ids that names mean, and what amounts are in.

use std::fmt;
use std::rc::Rc;

use super::Fault;
use crate::msg;
use crate::record::shape::Field;
use crate::record::value::Amount;
use crate::source::KeyPath;
use crate::text::{Message, entry};
use crate::typed;

/// Gives the ids of a kind of record that a word means.
type Ids = dyn Fn(&str, &str) -> Vec<String>;
/// What amounts are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted<'a> {
    /// The book's money.
    Money,
    /// The money of the policies that pay.
    Pay,
    /// The unit of a measure.
    Measure(&'a str),
}

/// Gives the unit of what is counted so; nothing where it is not known.
type Unit = dyn Fn(Counted<'_>) -> Option<String>;

/// The book around what is typed, looked into only where the words ask for it.
#[derive(Clone)]
pub struct Around {
    ids: Rc<Ids>,
    unit: Rc<Unit>,
}

impl fmt::Debug for Around {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Around")
    }
}

impl Around {
    /// A book whose ids and units these give.
    pub fn new(
        ids: impl Fn(&str, &str) -> Vec<String> + 'static,
        unit: impl Fn(Counted<'_>) -> Option<String> + 'static,
    ) -> Self {
        Self { ids: Rc::new(ids), unit: Rc::new(unit) }
    }

    /// The id that a word means as a reference to a kind; what names nothing stays as it is, for whoever judges references.
    pub fn id(&self, kind: &str, word: &str, at: &KeyPath) -> Result<String, Fault> {
        let ids = (self.ids)(kind, word);
        match ids.as_slice() {
            [] => Ok(word.to_owned()),
            [id] => Ok(id.clone()),
            several => Err(Fault::new(at, several_called(word, several))),
        }
    }

    /// What an amount at a path is in: the unit of its measure, else of money or pay where its field says so.
    fn unit(&self, at: &KeyPath, field: Option<&Field>) -> Option<String> {
        let keys = at.0.iter().rev().filter_map(|step| step.key()).take(2);
        let of_measure = keys.into_iter().find_map(|key| (self.unit)(Counted::Measure(key)));
        let counted = || if is_pay(field) { Counted::Pay } else { Counted::Money };
        let is_money = field.is_some_and(|field| field.unit.is_some());
        of_measure.or_else(|| is_money.then(counted).and_then(|counted| (self.unit)(counted)))
    }
}

fn is_pay(field: Option<&Field>) -> bool {
    field.is_some_and(|field| field.unit.as_deref() == Some("pay"))
}

/// That several records are called so, with their ids.
pub fn several_called(word: &str, ids: &[impl AsRef<str>]) -> Message {
    msg!(entry::SEVERAL_CALLED, name = word, ids = Message::list(ids))
}

/// The digits of an amount as people write one; nothing where it is none.
pub(super) fn amount(
    words: &str,
    around: Option<&Around>,
    at: &KeyPath,
    field: Option<&Field>,
) -> Option<String> {
    let words = words.strip_prefix('+').unwrap_or(words);
    let is_plain = words.parse::<Amount>().is_ok();
    if is_plain {
        return Some(words.to_owned());
    }
    let has_word = words.contains(['元', '万', '亿', '千']);
    let unit = around.filter(|_| has_word).and_then(|around| around.unit(at, field));
    // In which multiple pay is to be stated is not known where policies differ.
    if has_word && unit.is_none() && is_pay(field) {
        return None;
    }
    typed::number(words, unit.as_deref())
}
