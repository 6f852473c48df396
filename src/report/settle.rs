//! The commands that settle what is owed, as a shell takes them.

use crate::book::Book;
use crate::book::deadline::Step;
use crate::record::client::{Handover, Need, Referral, Request, Visit};
use crate::record::complaint::Complaint;
use crate::record::conduct::{AuditFinding, Declaration, UpwardReport};
use crate::record::deal::Opportunity;
use crate::record::development::{Idea, Proposal, Training};
use crate::record::kind::RecordKind;
use crate::record::manager::OneOnOne;
use crate::record::promise::Action;
use crate::record::review::Checkpoint;
use crate::record::risk::{Check, Covenant, Facility, Risk, Warning};
use crate::record::team::{Contingency, Decision, Meeting};
use crate::record::workplace::{Access, Asset};

/// How something owed is settled. [`crate::text::BLANK`] stands for words only its owner knows, and choices stand side by
/// side, `won|lost`; neither is taken as a value.
pub(super) enum Settle<'a> {
    /// By an entry: `rmbook add WORD ID FLAGS`.
    Add(&'a str, String),
    /// By fields: `rmbook set ID 'KEY=VALUE' …`.
    Set(Vec<String>),
    /// By a command of its own.
    Whole(String),
    /// By the one or the other.
    Either(Box<Self>, Box<Self>),
}

impl<'a> Settle<'a> {
    /// By an entry with these flags.
    pub(super) fn add(word: &'a str, flags: impl Into<String>) -> Self {
        Self::Add(word, flags.into())
    }

    /// By this or by that, whichever is so: the other one stands behind as a comment. What comes first has a blank, so that
    /// nothing is taken as so.
    pub(super) fn either(one: Self, other: Self) -> Self {
        Self::Either(Box::new(one), Box::new(other))
    }

    /// By fields `KEY=VALUE` of the record.
    pub(super) fn set<'p>(pairs: impl IntoIterator<Item = &'p str>) -> Self {
        Self::Set(pairs.into_iter().map(str::to_owned).collect())
    }

    /// By fields `KEY=VALUE` below a place such as `visits[2026-10-09]`.
    pub(super) fn set_at<'p>(place: &str, pairs: impl IntoIterator<Item = &'p str>) -> Self {
        Self::Set(pairs.into_iter().map(|pair| format!("{place}.{pair}")).collect())
    }

    /// The command for a record as commands name it.
    pub(super) fn command(self, record: &str) -> String {
        match self {
            Self::Add(word, flags) if flags.is_empty() => format!("rmbook add {word} {record}"),
            Self::Add(word, flags) => format!("rmbook add {word} {record} {flags}"),
            Self::Set(pairs) => {
                let pairs: Vec<String> = pairs.iter().map(|pair| quoted(pair)).collect();
                format!("rmbook set {record} {}", pairs.join(" "))
            }
            Self::Whole(command) => command,
            Self::Either(one, other) => format!("{}  # {}", one.command(record), other.command(record)),
        }
    }
}

/// A word as a shell takes it, in quotes where it needs them.
pub(crate) fn quoted(word: &str) -> String {
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '=' | '/' | '…')
}

/// How the next step of the complaint that stands at `place` is settled; where the one it is about would handle it, by
/// somebody else.
pub(super) fn settle_step(step: Step, place: &str, is_recused: bool) -> Settle<'static> {
    let pairs: &[&str] = match step {
        Step::Confirm => &["confirmed=today", "issue=…"],
        Step::Propose => &["proposed=today", "solution=…"],
        Step::Decide => &["decided=today"],
        Step::FollowUp => &["followed_up=today", "satisfied=true|false"],
        Step::Close => &["closed=today"],
    };
    let handler: &[&str] = if is_recused { &["handler=…"] } else { &[] };
    Settle::set_at(place, handler.iter().chain(pairs).copied())
}

/// How a visit that a head owes is settled: the lead goes there with the head.
pub(super) fn settle_head_visit(head: &str, lead: &str) -> Settle<'static> {
    let along = if head == lead { String::new() } else { format!("--with {} ", quoted(head)) };
    Settle::add("visit", format!("{along}--summary …"))
}

/// An entry of a list that has a natural key.
pub(super) trait Keyed {
    /// The values of its key, as they are written.
    fn key(&self) -> Vec<String>;

    /// Values beside the key that tell entries apart which have the same one.
    fn beside(&self) -> Vec<String>;
}

/// Declares the keys: the fields of `x-key` that every entry of the kind has, after `=>` those that some have, and after `|`
/// fields that tell those of one key apart.
macro_rules! keyed {
    ($($entry:ty: $($field:ident),+ $(=> $($some:ident),+)? $(| $($beside:ident),+)?;)*) => {$(
        impl Keyed for $entry {
            fn key(&self) -> Vec<String> {
                let some: Vec<Option<String>> = vec![$($(self.$some.as_ref().map(ToString::to_string)),+)?];
                [$(self.$field.to_string()),+].into_iter().chain(some.into_iter().flatten()).collect()
            }

            fn beside(&self) -> Vec<String> {
                let beside: Vec<Option<String>> =
                    vec![$($(self.$beside.as_ref().map(ToString::to_string)),+)?];
                beside.into_iter().flatten().collect()
            }
        }
    )*};
}

keyed! {
    Access: system => role, granted;
    Action: what | due, owner;
    Asset: kind => serial, issued;
    AuditFinding: date, what | client, due, source;
    Check: due, kind => facility | by, reason;
    Checkpoint: due, what;
    Complaint: id;
    Contingency: id;
    Covenant: what | facility, due;
    Decision: id;
    Declaration: date, kind, what | client;
    Facility: id;
    Handover: date | reason;
    Idea: id;
    Meeting: date, kind | chair, minutes;
    Need: date, what | by, product;
    OneOnOne: date => with | summary;
    Opportunity: id;
    Proposal: date, to;
    Referral: date, from, to => n | what;
    Request: raised, to, what | by, due;
    Risk: id;
    Training: date, course | subject;
    UpwardReport: raised, what | client, due, owner;
    Visit: date, by, kind => n | summary;
    Warning: opened, signal | owner, due, action;
}

/// An entry of a list as `set` names it: by as many values of its key as tell it from the others, or by all of them where the
/// others have more; where the key does not, by values beside it; else by its index, which entries before it would move.
pub(super) fn entry<T: Keyed>(list: &str, entries: &[T], index: usize) -> String {
    let key = entries.get(index).map(Keyed::key).unwrap_or_default();
    let named = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| bracketed(name)).collect();
        format!("{list}[{}]", names.join(","))
    };
    let is_one = |is_meant: &dyn Fn(Vec<String>) -> bool, all: fn(&T) -> Vec<String>| {
        entries.iter().filter(|entry| is_meant(all(entry))).count() == 1
    };
    let tells = |count: &usize| {
        let names = &key[..*count];
        let is_meant = |key: Vec<String>| names.iter().all(|name| key.contains(name));
        let all_said = |key: Vec<String>| is_meant(key.clone()) && key.len() == names.len();
        let is_whole = names.len() == key.len();
        names.iter().all(|name| can_name(name))
            && (is_one(&is_meant, T::key) || is_whole && is_one(&all_said, T::key))
    };
    if let Some(count) = (1..=key.len()).find(tells) {
        return named(&key[..count]);
    }
    let mut names: Vec<String> = key.into_iter().filter(|name| can_name(name)).collect();
    for name in entries.get(index).map(Keyed::beside).unwrap_or_default() {
        if !can_name(&name) || names.contains(&name) {
            continue;
        }
        names.push(name);
        let is_meant = |values: Vec<String>| names.iter().all(|name| values.contains(name));
        if is_one(&is_meant, |entry| [entry.key(), entry.beside()].concat()) {
            return named(&names);
        }
    }
    format!("{list}[{index}]")
}

fn can_name(name: &str) -> bool {
    let is_quotable = !(name.contains('"') && name.contains('\''));
    is_quotable && !name.is_empty() && !name.contains('\n')
}

/// A value as it stands in brackets.
fn bracketed(name: &str) -> String {
    let is_plain = !name.contains([',', ']']) && !name.starts_with(['"', '\'']) && name.trim() == name;
    match () {
        () if is_plain => name.to_owned(),
        () if name.contains('"') => format!("'{name}'"),
        () => format!("\"{name}\""),
    }
}

/// The record as commands name it: its id, with its kind before it where other kinds have the id too.
pub(super) fn reference(book: &Book, kind: RecordKind, id: &str) -> String {
    let homes = RecordKind::ALL.iter().filter(|kind| kind.is_many());
    let homes = homes.filter(|kind| book.file(**kind, id).is_some());
    if homes.count() > 1 { format!("{}/{id}", kind.name()) } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_named_by_no_more_of_its_key_than_it_takes() {
        let need = |date, what| format!("date = {date}\nwhat = '{what}'");
        let texts = [("09", "a, b"), ("09", "b"), ("10", "b"), ("11", "\","), ("11", "x")];
        let needs: Vec<Need> = texts
            .iter()
            .map(|(day, what)| toml::from_str(&need(format!("2026-10-{day}"), what)).unwrap())
            .collect();
        let named = |index| entry("needs", &needs, index);
        assert_eq!(named(0), "needs[2026-10-09,\"a, b\"]");
        assert_eq!(named(1), "needs[2026-10-09,b]");
        assert_eq!(named(2), "needs[2026-10-10]");
        assert_eq!(named(3), "needs[2026-10-11,'\",']");
    }

    #[test]
    fn what_has_the_same_key_is_told_by_what_stands_beside_it() {
        let read = |texts: &[&str]| -> Vec<Covenant> {
            texts.iter().map(|text| toml::from_str(text).unwrap()).collect()
        };
        let covenants = read(&[
            "what = '负债率不超过70%'\nfacility = 'wc'\ndue = 2026-06-30",
            "what = '负债率不超过70%'\nfacility = 'wc'\ndue = 2026-12-31",
            "what = '负债率不超过70%'\nfacility = 'm-1'\ndue = 2026-12-31",
            "what = '负债率不超过70%'\nfacility = 'm-1'\ndue = 2026-12-31",
        ]);
        let named = |index| entry("covenants", &covenants, index);
        assert_eq!(named(0), "covenants[负债率不超过70%,wc,2026-06-30]");
        assert_eq!(named(1), "covenants[负债率不超过70%,wc,2026-12-31]");
        // Nothing at all tells the last two apart.
        assert_eq!([named(2), named(3)], ["covenants[2]", "covenants[3]"]);
        let meeting = |kind: &str| toml::from_str(&format!("date = 2026-10-09\nkind = '{kind}'")).unwrap();
        let meetings: Vec<Meeting> = ["weekly", "monthly"].map(meeting).into();
        assert_eq!(entry("meetings", &meetings, 1), "meetings[2026-10-09,monthly]");
    }

    #[test]
    fn two_of_one_day_are_told_by_what_they_are() {
        let visit = |more: &str| toml::from_str(&format!("date = 2026-10-09\nby = 'wang'\n{more}")).unwrap();
        let visits: Vec<Visit> =
            ["kind = 'call'", "kind = 'on-site'", "kind = 'call'\nn = 2"].map(visit).into_iter().collect();
        let named = |index| entry("visits", &visits, index);
        assert_eq!(named(0), "visits[2026-10-09,wang,call]");
        assert_eq!(named(1), "visits[2026-10-09,wang,on-site]");
        assert_eq!(named(2), "visits[2026-10-09,wang,call,2]");
    }
}
