//! What a user reads, in English and Chinese.
//!
//! A [`Text`] is one entry of the catalogue in both languages, so a missing translation does not compile. Entries with
//! a name of their own stand in the files of this folder, by area; the manual of a rule, metric, curve or report
//! stands in its one definition and is a `Text` too. A [`Message`] is an entry with its placeholders filled in; it stays
//! language-neutral until somebody reads it.
//!
//! To add a message: one line in the area's file, `NAME = "English with {placeholder}", "中文 {placeholder}";`, and
//! `msg!(NAME, placeholder = value)` where it is said. `tests/it/catalogue.rs` refuses an entry nobody uses and placeholders that
//! differ between the languages.

use std::fmt;

pub mod check;
pub mod close;
pub mod command;
pub mod draft;
pub mod entry;
pub mod explain;
pub mod finding;
pub mod handover;
pub mod merge;
pub mod metric;
pub mod policy;
pub mod practice;
pub mod render;
pub mod report;
pub mod run;
pub mod score;
pub mod scorecard;
pub mod usage;

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// The language a locale such as `zh_CN.UTF-8` asks for; English for any other.
    pub fn from_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") { Self::Zh } else { Self::En }
    }
}

/// What stands in a suggested command for what only its user knows; never taken as a value.
pub const BLANK: &str = "…";

/// Whether `c` is a Chinese character or mark: what tells the two languages of a text apart.
pub fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

/// Names in one sentence that lists may come before and after: the first five, and that there are more.
pub fn first_few(names: &[&str]) -> Message {
    const NAMED: usize = 5;
    let more = (names.len() > NAMED).then_some(BLANK);
    Message::list(&names.iter().take(NAMED).copied().chain(more).collect::<Vec<_>>())
}

/// One catalogue entry in both languages, with `{name}` placeholders; `{days:day|days}` is a number with its noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    /// English: a lower-case phrase without a full stop, unless it is a whole sentence of a manual.
    pub en: &'static str,
    /// Chinese, as a bank would print it.
    pub zh: &'static str,
}

impl Text {
    /// An entry from its two languages.
    pub const fn new(en: &'static str, zh: &'static str) -> Self {
        Self { en, zh }
    }

    /// The entry in `lang`, placeholders unfilled.
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

/// A value that fills a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// The same in every language: a name, a number, a date.
    Plain(String),
    /// A catalogue entry, translated when the message is.
    Said(Message),
}

impl From<Message> for Arg {
    fn from(message: Message) -> Self {
        Self::Said(message)
    }
}

impl From<Text> for Arg {
    fn from(text: Text) -> Self {
        Self::Said(text.into())
    }
}

macro_rules! plain_arg {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Arg {
            fn from(value: $kind) -> Self {
                Self::Plain(value.to_string())
            }
        }
    )*};
}
plain_arg!(String, &String, &str, char, usize, u32, u64, i32, i64, chrono::NaiveDate, rust_decimal::Decimal);

/// A catalogue entry with its placeholders filled in, not yet in any language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    text: Text,
    args: Vec<(&'static str, Arg)>,
}

impl Message {
    /// Fills `text`; every placeholder needs an argument and every argument a placeholder.
    pub fn new(text: Text, args: Vec<(&'static str, Arg)>) -> Self {
        debug_assert!(
            args.iter().all(|(name, _)| {
                ["}", ":"].iter().any(|end| text.en.contains(&format!("{{{name}{end}")))
            }),
            "an argument without a placeholder in {text:?}"
        );
        Self { text, args }
    }

    /// Whether it is this entry filled in.
    pub fn is(&self, text: Text) -> bool {
        self.text == text
    }

    /// The same words in every language: a name, a client's own sentence, a library's error.
    pub fn verbatim(words: impl Into<String>) -> Self {
        Self { text: Text::new("{words}", "{words}"), args: vec![("words", Arg::Plain(words.into()))] }
    }

    /// Words that a book gives in both languages, such as the titles of its measures.
    pub fn both(en: impl Into<String>, zh: impl Into<String>) -> Self {
        let args = vec![("en", Arg::Plain(en.into())), ("zh", Arg::Plain(zh.into()))];
        Self { text: Text::new("{en}", "{zh}"), args }
    }

    /// Words that somebody wrote, in the quotes of each language.
    pub fn quoted(words: impl fmt::Display) -> Self {
        Self::both(format!("`{words}`"), format!("“{words}”"))
    }

    /// Names that are written in records one after the other, each in the quotes of the language.
    pub fn quoted_list(names: &[impl AsRef<str>]) -> Self {
        let each = |open: &str, close: &str| {
            names.iter().map(|name| format!("{open}{}{close}", name.as_ref())).collect::<Vec<_>>()
        };
        Self::both(each("`", "`").join(", "), each("“", "”").join("、"))
    }

    /// Names one after the other, parted as each language parts them.
    pub fn list(names: &[impl AsRef<str>]) -> Self {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        Self::both(names.join(", "), names.join("、"))
    }

    /// The message in `lang`.
    pub fn get(&self, lang: Lang) -> String {
        let mut out = String::new();
        let mut rest = self.text.get(lang);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            let (name, noun) = match name.split_once(':') {
                Some((name, noun)) => (name, noun.split_once('|')),
                None => (name, None),
            };
            // Braces around anything but a word are part of the text: `{ by = "month" }`.
            if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                out.push('{');
                rest = &rest[before.len() + 1..];
                continue;
            }
            match self.args.iter().find(|(given, _)| *given == name) {
                Some((_, Arg::Plain(value))) => {
                    out.push_str(value);
                    if let Some((one, many)) = noun {
                        out.push(' ');
                        out.push_str(if value == "1" { one } else { many });
                    }
                }
                Some((_, Arg::Said(message))) => out.push_str(&message.get(lang)),
                None => {
                    debug_assert!(false, "no argument for `{name}` in {:?}", self.text);
                    out.push_str(name);
                }
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

impl From<Text> for Message {
    fn from(text: Text) -> Self {
        Self { text, args: Vec::new() }
    }
}

/// English, for logs and for errors of the run.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.get(Lang::En))
    }
}

/// Fills a catalogue entry: `msg!(finding::UNKNOWN_KEY, key = name)`.
#[macro_export]
macro_rules! msg {
    ($text:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::text::Message::new($text, vec![$((stringify!($name), $crate::text::Arg::from($value))),*])
    };
}

/// Declares an area of the catalogue and lists it in `ALL`, which the tests read.
macro_rules! catalogue {
    ($($name:ident = $en:literal, $zh:literal;)*) => {
        $(
            #[doc = $en]
            // Brackets in a text are TOML or a placeholder, never a link.
            #[allow(rustdoc::broken_intra_doc_links)]
            pub const $name: $crate::text::Text = $crate::text::Text::new($en, $zh);
        )*
        /// Every entry of this area by name.
        pub const ALL: &[(&str, $crate::text::Text)] = &[$((stringify!($name), $name)),*];
    };
}
use catalogue;

/// Every area of the catalogue.
pub const AREAS: &[&[(&str, Text)]] = &[
    check::ALL,
    close::ALL,
    command::ALL,
    draft::ALL,
    entry::ALL,
    explain::ALL,
    finding::ALL,
    handover::ALL,
    merge::ALL,
    metric::ALL,
    policy::ALL,
    practice::ALL,
    render::ALL,
    report::ALL,
    run::ALL,
    score::ALL,
    scorecard::ALL,
    usage::ALL,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_each_language() {
        const OWNED: Text = Text::new("{client} belongs to {owner}", "{owner} 管户 {client}");
        let message = msg!(OWNED, client = "acme", owner = Text::new("nobody", "无人"));
        assert_eq!(message.get(Lang::En), "acme belongs to nobody");
        assert_eq!(message.get(Lang::Zh), "无人 管户 acme");
    }

    #[test]
    fn a_number_takes_its_noun() {
        const LATE: Text = Text::new("{days:day|days} ago", "{days} 天前");
        let said = |days: &str| msg!(LATE, days = days).get(Lang::En);
        assert_eq!([said("1"), said("0"), said("21")], ["1 day ago", "0 days ago", "21 days ago"]);
        assert_eq!(msg!(LATE, days = "1").get(Lang::Zh), "1 天前");
    }

    #[test]
    fn braces_in_an_argument_are_not_placeholders() {
        assert_eq!(Message::verbatim("a {b} c").get(Lang::En), "a {b} c");
    }

    #[test]
    fn a_locale_names_its_language() {
        assert_eq!(Lang::from_locale("zh_CN.UTF-8"), Lang::Zh);
        assert_eq!(Lang::from_locale("de_DE"), Lang::En);
    }
}
