//! What is said of keys that a table does not take, or lacks.

use super::shape::{Field, Kind, Shape};
use crate::msg;
use crate::text::{Message, finding};

/// So many keys are listed; more are looked up.
const FEW: usize = 8;

/// Names, as what is written.
pub(super) fn list<S: AsRef<str>>(names: impl Iterator<Item = S>) -> Message {
    Message::list(&names.map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>())
}

/// The kinds a table may be of by one of its keys, and which of them it is.
#[derive(Clone, Copy)]
pub(super) struct OfKinds {
    /// The key that decides.
    pub(super) tag: &'static str,
    /// The kind it is of.
    pub(super) own: &'static str,
    /// All kinds.
    pub(super) variants: &'static [(String, Shape)],
}

/// A table of which a key is unknown: its place in the manual, and the kinds it could have been of.
pub(super) struct Place<'p> {
    /// Keys from the kind of record on, as the manual writes them; empty where nobody knows.
    pub(super) path: &'p [String],
    /// Which of several kinds it is.
    pub(super) kind: Option<OfKinds>,
}

impl Place<'_> {
    /// The kinds of the same table that take a key which this one does not.
    pub(super) fn elsewhere(&self, key: &str, shape: &Shape) -> Option<Message> {
        let OfKinds { own, variants, .. } = self.kind?;
        let others = variants.iter().filter(|(name, shape)| name != own && shape.field(key).is_some());
        let mut others = others.map(|(name, _)| name).peekable();
        others.peek()?;
        let (keys, others) = (self.keys(shape), list(others));
        Some(match keys {
            Some(keys) => msg!(finding::KEY_OF_OTHERS, own = own, keys = keys, key = key, others = others),
            None => msg!(finding::KEY_ELSEWHERE, key = key, others = others),
        })
    }

    /// The keys it takes, or where they are listed.
    pub(super) fn taken(&self, shape: &Shape) -> Option<Message> {
        match self.keys(shape) {
            Some(keys) => Some(msg!(finding::KEYS, keys = keys)),
            None if self.path.is_empty() => None,
            None => Some(msg!(finding::KEYS_EXPLAINED, path = self.path.join("."))),
        }
    }

    /// Its keys, where they are few.
    fn keys(&self, shape: &Shape) -> Option<Message> {
        let told = |field: &&Field| self.kind.is_none_or(|kind| field.name != kind.tag);
        let keys: Vec<&str> = shape.fields.iter().filter(told).map(|field| field.name.as_str()).collect();
        (!keys.is_empty() && keys.len() <= FEW).then(|| list(keys.into_iter()))
    }
}

/// How a key that is missing is added: with the words it takes, where it takes a few.
pub(super) fn addition(field: &Field) -> Message {
    match &field.kind {
        Kind::Choice(choices) => {
            let choices = list(choices.iter().map(|choice| &choice.name));
            msg!(finding::ADD_KEY_OF, key = &field.name, choices = choices)
        }
        _ => msg!(finding::ADD_KEY, key = &field.name),
    }
}

#[cfg(test)]
mod tests {
    use crate::record::fault::all_faults;
    use crate::record::kind::RecordKind;
    use crate::source::FileId;
    use crate::text::Lang;

    /// What is said of each fault of a policy with more of its own, and how to mend it.
    fn told(more: &str) -> Vec<String> {
        let text =
            format!("title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\n{more}");
        let found = all_faults(FileId::default(), &text, RecordKind::Policy.shape());
        let told = found.iter().map(|finding| {
            let help = finding.help.as_ref().map(|help| help.get(Lang::En)).unwrap_or_default();
            format!("{}; {help}", finding.message.get(Lang::En))
        });
        told.collect()
    }

    fn curve(curve: &str) -> Vec<String> {
        told(&format!("[[indicators]]\nid = \"i\"\ncurve = {{ {curve} }}\n"))
    }

    #[test]
    fn a_key_of_another_kind_of_table_says_which() {
        let piecewise = "kind = \"piecewise\", points = [[0, 1], [1, 2]], below = \"hold\", above = \"hold\"";
        assert_eq!(
            curve(&format!("{piecewise}, step = 1")),
            [
                "unknown key `step`; `piecewise` takes `points`, `below`, `above`, `lookup`; `step` belongs to `anchor`"
            ]
        );
    }

    #[test]
    fn a_key_that_nothing_takes_says_what_the_table_takes() {
        assert_eq!(
            told("[pay.deferral]\nshare = \"40%\"\npaid = 1\n"),
            ["unknown key `paid`; the keys here are `share`, `amount`, `years`, `when`, `release`, `round`"]
        );
        assert_eq!(
            told("description = 1\n"),
            ["unknown key `description`; `rmbook explain policy` lists the keys"]
        );
        assert_eq!(
            told("[[tests]]\nname = \"t\"\nperiod = \"2026\"\nmanager = { rating = \"A\" }\nexpect = {}\n"),
            ["unknown key `rating`; `rmbook explain policy.tests.manager` lists the keys"]
        );
        // What is nearly a key is told as that; of two letters, any other is near.
        assert_eq!(
            told("[pay.deferral]\nshares = \"40%\"\n"),
            ["unknown key `shares`; a similar name exists: `share`"]
        );
        let of_two = told("[total]\nmn = 1\n");
        assert_eq!(of_two, ["unknown key `mn`; the keys here are `min`, `max`"]);
    }

    #[test]
    fn a_missing_key_names_its_choices() {
        let text = "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\n";
        let found = all_faults(FileId::default(), text, RecordKind::Policy.shape());
        assert_eq!(found[0].message.get(Lang::En), "missing key `period`: Length of the period it scores");
        let help = found[0].help.as_ref().unwrap().get(Lang::En);
        assert_eq!(help, "add `period = …`, one of `month`, `quarter`, `half`, `year`");
    }

    #[test]
    fn entries_of_a_list_have_two_brackets() {
        let line = |id: &str| format!("[pay.lines]\nid = \"{id}\"\namount = 1\n");
        assert_eq!(told(&line("a")), ["expected a list, found a table; write `[[pay.lines]]`"]);
        let twice = told(&format!("{}{}", line("a"), line("b")));
        let mend = "not valid TOML: duplicate key; a table stands once; where it is a list, each entry begins with `[[pay.lines]]`";
        assert!(twice.len() == 2 && twice.iter().any(|told| told == mend), "{twice:#?}");
    }
}
