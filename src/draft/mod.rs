//! Values along a shape become TOML: from flags, rows and cells to what stands in a record.
//!
//! [`given`] takes a value in as it was given, [`value`] gives it the type its field has, [`leaf`] names fields as flags
//! and columns do, [`present`] says what a record already holds, [`clash`] finds rows that contradict each other, [`keep`] keeps what stood before, `latest` tells a record
//! what the last entry of a list says of it, `planned` gives a visit what was planned, [`near`] finds the records near a change, [`spot`] says where a typed key path
//! leads, [`plan`] puts new entries to a record's text, [`rename`] gives a record another id, [`merge`] makes two one,
//! [`handover`] gives a client another lead, [`review`] drafts a review from the scorecard. Nothing
//! is written that would not load: the one reader judges the result ([`plan`]), and references are checked there.
//!
//! A new field needs nothing here; a new kind of value is an arm in [`value::value`].

use crate::msg;
use crate::source::KeyPath;
use crate::text::entry::AT_FIELD;
use crate::text::{Lang, Message, Text};

pub mod around;
pub mod clash;
mod expected;
pub mod given;
pub mod handover;
pub mod home;
pub mod keep;
mod latest;
pub mod leaf;
pub mod merge;
pub mod near;
pub mod parts;
pub mod plan;
mod planned;
mod policy_names;
pub mod present;
pub mod references;
pub mod rename;
mod retarget;
pub mod review;
pub mod rows;
pub mod spot;
pub mod value;

/// Why a value cannot stand where it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field.
    pub at: KeyPath,
    said: Box<(Message, Option<Message>)>,
}

impl Fault {
    /// A fault without help.
    pub fn new(at: &KeyPath, message: impl Into<Message>) -> Self {
        Self { at: at.clone(), said: Box::new((message.into(), None)) }
    }

    /// Adds what to write instead, where that is certain enough to say.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Option<Message>>) -> Self {
        self.said.1 = help.into();
        self
    }

    /// What is wrong.
    pub fn message(&self) -> &Message {
        &self.said.0
    }

    /// What to write instead.
    pub fn help(&self) -> Option<&Message> {
        self.said.1.as_ref()
    }

    /// What is wrong, and on a line of its own what to write.
    pub fn whole(&self) -> Message {
        const WITH_HELP: Text = Text::new("{message}\nhelp: {help}", "{message}\nhelp: {help}");
        match self.help() {
            Some(help) => msg!(WITH_HELP, message = self.message().clone(), help = help.clone()),
            None => self.message().clone(),
        }
    }

    /// The field at fault, what is wrong with it and what to write, on one line.
    pub fn placed(&self, lang: Lang) -> String {
        let words = self.words(lang);
        if self.at.0.is_empty() {
            words
        } else {
            msg!(AT_FIELD, field = self.at.to_string(), words = words).get(lang)
        }
    }

    /// What is wrong and what to write, on one line.
    pub fn words(&self, lang: Lang) -> String {
        let message = self.message().get(lang);
        match (self.help(), lang) {
            (Some(help), Lang::En) => format!("{message} ({})", help.get(lang)),
            (Some(help), Lang::Zh) => format!("{message}（{}）", help.get(lang)),
            (None, _) => message,
        }
    }
}
