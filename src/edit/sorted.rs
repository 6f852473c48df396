//! Entries of a list put in the order of their days: whole entries move, with their sections and the comments above them.

use std::ops::Range;

use super::layout::{Kind, Layout};
use super::tree;
use crate::path;
use crate::source::Step;

/// `text` with the `[[list]]` entries in the order of what each has under `key`; equal ones stay as they stand. Nothing where
/// they are in order, or where it is not certain what belongs to an entry: in a list written inline, with an entry without
/// that key, with a comment that stands by itself.
pub fn sorted(text: &str, list: &str, key: &str) -> Option<String> {
    let (meant, faults) = tree::read(text);
    if !faults.is_empty() {
        return None;
    }
    let keys: Vec<String> = meant.sort_keys(&path![list], key).into_iter().collect::<Option<_>>()?;
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by_key(|entry| &keys[*entry]);
    if order.is_sorted() {
        return None;
    }
    let entries = entries(&Layout::new(text), list).filter(|entries| entries.len() == keys.len())?;
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (slot, entry) in entries.iter().zip(&order) {
        out.push_str(&text[at..slot.start]);
        out.push_str(&text[entries[*entry].clone()]);
        at = slot.end;
    }
    out.push_str(&text[at..]);
    (tree::read(&out) == (meant.reordered(list, &order)?, faults)).then_some(out)
}

/// The bytes of each entry, from the comments above its header to its last line.
fn entries(layout: &Layout<'_>, list: &str) -> Option<Vec<Range<usize>>> {
    let is_entry = |item: &usize| {
        let item = &layout.items[*item];
        let path = &item.path.0;
        matches!(item.kind, Kind::Header { list: true }) && path.len() == 2 && path[0].key() == Some(list)
    };
    (0..layout.items.len()).filter(is_entry).map(|header| entry(layout, header)).collect()
}

fn entry(layout: &Layout<'_>, header: usize) -> Option<Range<usize>> {
    let own: &[Step] = &layout.items[header].path.0;
    let is_other = |item: &usize| {
        let item = &layout.items[*item];
        item.is_header() && !item.path.0.starts_with(own)
    };
    let count = layout.items.len();
    let next = (header + 1..count).find(is_other).map_or(count, |next| layout.attached(next));
    let last = (header..next).rev().find(|item| !layout.items[*item].is_blank())?;
    let first = layout.attached(header);
    let is_comment = |item: usize| matches!(layout.items[item].kind, Kind::Comment);
    // A comment belongs to the line below it.
    let belongs = |item: usize| !is_comment(item) || item < last && !layout.items[item + 1].is_blank();
    let range = layout.start_of(first)..layout.start_of(last + 1);
    let is_whole = (first..=last).all(belongs) && layout.text[range.clone()].ends_with('\n');
    is_whole.then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_move_whole_with_sections_and_comments() {
        let before = "name = 1\n\n# late\n[[visits]]\ndate = 2026-10-09  # ninth\n[[visits.next]]\nwhat = 1\n\n\
                      [results]\n\n# early\n# one\n[[visits]]\ndate = 2026-10-01\n# why\nby = 2\n\n[[visits]]\ndate = 2026-10-09\n";
        let after = "name = 1\n\n# early\n# one\n[[visits]]\ndate = 2026-10-01\n# why\nby = 2\n\n\
                     [results]\n\n# late\n[[visits]]\ndate = 2026-10-09  # ninth\n[[visits.next]]\nwhat = 1\n\n[[visits]]\ndate = 2026-10-09\n";
        assert_eq!(sorted(before, "visits", "date").as_deref(), Some(after));
        assert_eq!(sorted(after, "visits", "date"), None);
    }

    #[test]
    fn what_is_not_certain_stays() {
        let entry = |day: &str| format!("[[visits]]\ndate = 2026-10-{day}\n");
        let two = |between: &str| format!("{}{between}{}", entry("09"), entry("01"));
        assert!(sorted(&two("\n"), "visits", "date").is_some());
        for between in ["\n# about nothing\n\n", "[[visits]]\nby = 1\n", "x = = 1\n"] {
            assert_eq!(sorted(&two(between), "visits", "date"), None, "{between}");
        }
        let inline = "visits = [{ date = 2026-10-09 }, { date = 2026-10-01 }]\n";
        assert_eq!(sorted(inline, "visits", "date"), None);
        assert_eq!(sorted(two("").trim_end(), "visits", "date"), None);
    }
}
