//! What `check --fix` mends by itself: only what cannot be meant otherwise. What is uncertain stays a hint of its finding.
//!
//! A fix is a function from text to text that leaves the text alone where it is not sure; [`fixed`] runs them one after
//! another. To add one: such a function, its call in [`fixed`], and a test of a text before and after.

use std::borrow::Cow;

use crate::draft::plan::{order, schema_line};
use crate::edit::render::Value;
use crate::edit::{self, Change};
use crate::path;
use crate::record::kind::RecordKind;
use crate::record::tree::Node;
use crate::record::value::day_of;
use crate::record::{credit_code, fault, rule, tree};
use crate::source::{FileId, Target};

/// The text of the file at `path` with everything mended that is safe to mend; `None` if nothing is.
pub fn fixed(path: &str, text: &str) -> Option<String> {
    let (kind, _) = RecordKind::of_path(path)?;
    let mut mended = Cow::Borrowed(text);
    for fix in [days, codes, canonical, entries] {
        if let Some(next) = fix(kind, &mended) {
            mended = Cow::Owned(next);
        }
    }
    if let Some(next) = schema(path, kind, &mended) {
        mended = Cow::Owned(next);
    }
    (mended != text).then(|| mended.into_owned())
}

/// Days in quotes lose them: `"2026-10-09"` where a day is asked for.
fn days(kind: RecordKind, text: &str) -> Option<String> {
    let mut mended = text.to_owned();
    for (start, end) in quoted_days(kind, text).into_iter().rev() {
        mended.replace_range(start..end, &text[start + 1..end - 1]);
    }
    let left = faults(kind, &mended);
    // A day in quotes may stand where another type is asked for; then nothing is certain.
    (mended != text && left + quoted_days(kind, text).len() == faults(kind, text)).then_some(mended)
}

fn faults(kind: RecordKind, text: &str) -> usize {
    fault::all_faults(FileId::default(), text, kind.shape()).len()
}

/// The bytes of values of the wrong type that are a day in quotes, in the order of the text.
fn quoted_days(kind: RecordKind, text: &str) -> Vec<(usize, usize)> {
    if tree::walk(text, |_| ()).is_none() {
        return Vec::new();
    }
    let faults = fault::all_faults(FileId::default(), text, kind.shape());
    let mut days: Vec<(usize, usize)> = faults
        .iter()
        .filter(|finding| finding.rule == &rule::WRONG_TYPE)
        .filter_map(|finding| match finding.at.target {
            Target::Bytes { start, end } => Some((start, end)),
            _ => None,
        })
        .filter(|(start, end)| is_quoted_day(&text[*start..*end]))
        .collect();
    days.sort_unstable();
    days
}

fn is_quoted_day(written: &str) -> bool {
    let inside = ['"', '\''].iter().find_map(|quote| written.strip_prefix(*quote)?.strip_suffix(*quote));
    let parsed = inside.and_then(|day| day.parse().ok());
    parsed.as_ref().and_then(day_of).is_some()
}

/// A credit code in full width, lower case or with blanks is written in its normal form, if that is a right code.
fn codes(kind: RecordKind, text: &str) -> Option<String> {
    if kind != RecordKind::Client {
        return None;
    }
    let code = tree::walk(text, |root| root.get("credit_code")?.text().map(str::to_owned))??;
    let normal = credit_code::normal(&code);
    let is_right = normal != code && credit_code::check(&normal).is_ok();
    let change = Change::Set { path: path!["credit_code"], value: Value::Text(normal) };
    is_right.then(|| edit::apply(text, &[change], order(kind)).ok()).flatten()
}

/// The canonical style: order of keys and months, spaces, one line a month.
fn canonical(kind: RecordKind, text: &str) -> Option<String> {
    edit::format(text, order(kind)).ok()
}

/// Entries of lists in the order of their days.
fn entries(kind: RecordKind, text: &str) -> Option<String> {
    let lists = kind.shape().fields.iter().filter_map(|field| Some((&field.name, field.order.as_ref()?)));
    let unsorted: Vec<_> = tree::walk(text, |root| {
        let day = |entry: Node<'_, '_>, day: &str| {
            entry.get(day).and_then(|day| day.words(text)).map(str::to_owned)
        };
        let is_sorted = |list: Node<'_, '_>, by: &str| list.items().map(|entry| day(entry, by)).is_sorted();
        lists.filter(|(list, by)| root.get(list).is_some_and(|list| !is_sorted(list, by))).collect()
    })?;
    unsorted.into_iter().fold(None, |mended, (list, day)| {
        edit::sorted(mended.as_deref().unwrap_or(text), list, day).or(mended)
    })
}

/// The line by which editors find the schema, where the file has none.
fn schema(path: &str, kind: RecordKind, text: &str) -> Option<String> {
    let bare = text.trim_start_matches('\u{feff}');
    let has_one =
        bare.lines().take_while(|line| line.starts_with('#')).any(|line| line.starts_with("#:schema"));
    if has_one || tree::walk(text, |_| ()).is_none() {
        return None;
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    Some(format!("{}{end}{bare}", schema_line(path, kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "#:schema ../.rmbook/schema/client.json\n";

    fn client(text: &str) -> Option<String> {
        fixed("clients/acme.toml", &format!("{HEAD}{text}"))
    }

    #[test]
    fn days_in_quotes_and_codes_in_odd_dress_are_mended() {
        let before = "name = \"Acme\"\ncredit_code = \"９１350100m000100Y43\"\ntier = \"base\"\nmanager = \"m\"\nstatus = \"active\"\nsince = \"2021-03-15\"\n";
        let after = "name = \"Acme\"\ncredit_code = \"91350100M000100Y43\"\ntier = \"base\"\nmanager = \"m\"\nstatus = \"active\"\nsince = 2021-03-15\n";
        assert_eq!(client(before), Some(format!("{HEAD}{after}")));
        assert_eq!(client(after), None);
    }

    #[test]
    fn what_is_uncertain_stays() {
        let doubtful = "name = \"Acme\"\ncredit_code = \"91350100M000100Y44\"\ntier = \"base\"\nmanager = \"m\"\nstatus = \"active\"\nsince = \"March 2021\"\n";
        assert_eq!(client(doubtful), None);
        let broken = "name = \"Acme\nsince = \"2021-03-15\"\n";
        assert_eq!(client(broken), None);
        // A day in quotes is just words where words are asked for.
        let words = "name = \"2021-03-15\"\ntier = \"base\"\nmanager = \"m\"\nstatus = \"active\"\n";
        assert_eq!(client(words), None);
    }

    #[test]
    fn a_file_gets_the_line_by_which_editors_find_its_schema() {
        let text = "\u{feff}name = \"Wang Fang\"\r\n";
        let mended = fixed("managers/east/wang-fang.toml", text).unwrap();
        assert_eq!(mended, "#:schema ../../.rmbook/schema/manager.json\r\nname = \"Wang Fang\"\r\n");
        assert_eq!(fixed("notes/a.toml", "a = 1\n"), None);
    }

    #[test]
    fn months_are_sorted_and_keys_put_in_order() {
        let before = "tier = \"base\"\nname = \"Acme\"\nmanager = \"m\"\nstatus = \"active\"\n\n[results]\n2026-10 = { deposits = 2 }\n2026-09 = { deposits = 1 }\n";
        let after = "name = \"Acme\"\ntier = \"base\"\nmanager = \"m\"\nstatus = \"active\"\n\n[results]\n2026-09 = { deposits = 1 }\n2026-10 = { deposits = 2 }\n";
        assert_eq!(client(before), Some(format!("{HEAD}{after}")));
    }

    #[test]
    fn entries_stand_in_the_order_of_their_days() {
        let head = "name = \"Acme\"\ntier = \"base\"\nmanager = \"m\"\nstatus = \"active\"\n";
        let visit = |day: &str| format!("\n[[visits]]\ndate = 2026-{day}\nby = \"m\"\nkind = \"call\"\n");
        let before = format!("{head}{}{}{}", visit("10-09"), visit("09-01"), visit("09-20"));
        let after = format!("{head}{}{}{}", visit("09-01"), visit("09-20"), visit("10-09"));
        assert_eq!(client(&before), Some(format!("{HEAD}{after}")));
        assert_eq!(client(&after), None);
    }
}
