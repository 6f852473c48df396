//! Where new lines go in a document.

use std::ops::Range;

use super::layout::{Item, Kind, Layout};
use super::order::Order;
use super::render::{Table, Value, alone, dotted, key, list_section, table_section};
use super::{EditError, Splice, nested};
use crate::period::{Month, Period};
use crate::source::{KeyPath, Step};

/// How a document says what stands at a path.
pub(super) enum Place {
    /// As the pair with this item.
    Pair(usize),
    /// In the value of a pair, whose own path has `depth` steps.
    Inside { pair: usize, depth: usize },
    /// As a section with this header.
    Section(usize),
    /// With dotted keys; the last of them.
    Dotted { last: usize },
    /// Only through headers below it; the first of them.
    Implied { first: usize },
    /// Not at all.
    Absent,
}

impl Layout<'_> {
    /// How the document says what stands at `path`.
    pub(super) fn place(&self, path: &[Step]) -> Place {
        let mut found = Place::Absent;
        let mut section = 0;
        for (at, item) in self.items.iter().enumerate() {
            let steps = &item.path.0;
            if item.is_header() {
                section = steps.len();
            }
            let is_pair = item.value().is_some();
            if is_pair && path.starts_with(steps) {
                let depth = steps.len();
                return if depth == path.len() { Place::Pair(at) } else { Place::Inside { pair: at, depth } };
            }
            if item.is_header() && steps == path {
                return Place::Section(at);
            }
            let below = steps.len() > path.len() && steps.starts_with(path);
            match found {
                _ if below && is_pair && path.len() > section => found = Place::Dotted { last: at },
                Place::Absent if below && item.is_header() => found = Place::Implied { first: at },
                _ => {}
            }
        }
        found
    }

    /// The headers of the entries of a list of tables.
    pub(super) fn entries(&self, list: &KeyPath) -> Vec<usize> {
        let is_entry = |item: &Item| {
            let entry = matches!(item.kind, Kind::Header { list: true });
            entry && item.path.0.split_last().is_some_and(|(_, steps)| steps == list.0)
        };
        (0..self.items.len()).filter(|&at| is_entry(&self.items[at])).collect()
    }

    /// The item after everything that stands below `path`, sections below it included.
    pub(super) fn end_of(&self, path: &[Step]) -> usize {
        let below = |item: &Item| item.is_header() && item.path.0.starts_with(path);
        let last = self.items.iter().rposition(below);
        last.map_or(self.items.len(), |last| self.section(last).end)
    }

    /// A splice of whole lines where a line begins or the text ends.
    fn lines(&self, offset: usize, mut lines: String) -> Splice {
        let before = &self.text[..offset];
        if !before.is_empty() && !before.ends_with(['\n', '\u{feff}']) {
            lines.truncate(lines.len() - self.newline.len());
            lines.insert_str(0, self.newline);
        }
        Splice { range: offset..offset, text: lines }
    }

    /// A splice of a section before the header `at`, the comments above that staying with it (past the last item: at the
    /// end). A blank line stands on both sides, or none where `tight`, unless a comment is above.
    fn block(&self, at: usize, block: &str, tight: bool) -> Splice {
        let mut item = at;
        if at < self.items.len() {
            item = self.attached(at);
            while item > 0 && self.items[item - 1].is_blank() {
                item -= 1;
            }
        }
        let offset = self.start_of(item);
        let before = &self.text[..offset];
        let mut text = String::new();
        let begins = before.is_empty() || before == "\u{feff}";
        if !begins && !before.ends_with('\n') {
            text.push_str(self.newline);
        }
        let above = self.items[..item].last();
        let blank_above = above.is_none_or(Item::is_blank);
        // A comment right above would seem to be about the new section.
        let remark_above = above.is_some_and(|item| matches!(item.kind, Kind::Comment));
        if (!tight || remark_above) && !blank_above {
            text.push_str(self.newline);
        }
        text.push_str(block);
        match self.items.get(item) {
            None if !begins && !before.ends_with('\n') => text.truncate(text.len() - self.newline.len()),
            Some(next) if !tight && !next.is_blank() => text.push_str(self.newline),
            _ => {}
        }
        Splice { range: offset..offset, text }
    }
}

/// Writes a value at a path that is absent, with the tables it needs.
pub(super) fn create(
    layout: &Layout<'_>,
    path: &KeyPath,
    value: &Value,
    order: &Order,
) -> Result<Splice, EditError> {
    for depth in (1..path.0.len()).rev() {
        let (parent, rest) = path.0.split_at(depth);
        let names = names_of(rest).ok_or_else(|| EditError::NotThere(path.clone()))?;
        match layout.place(parent) {
            Place::Absent => {}
            Place::Section(header) => return Ok(pair(layout, layout.section(header), &names, value, order)),
            Place::Dotted { last } => {
                let section = layout.section(last);
                let base = layout.items.get(section.start).filter(|item| item.is_header());
                let below = &path.0[base.map_or(0, |item| item.path.0.len())..];
                let keys = dotted(below.iter().filter_map(Step::key));
                let line = format!("{keys} = {}{}", alone(value, layout.newline), layout.newline);
                return Ok(layout.lines(layout.items[last].range.end, line));
            }
            Place::Implied { first }
                if layout.items[first].path.0.get(depth).and_then(Step::key).is_some() =>
            {
                let table = vec![(names[0].to_owned(), nested(&names[1..], value))];
                let header: Vec<&str> = parent.iter().filter_map(Step::key).collect();
                return Ok(layout.block(first, &table_section(&header, &table, layout.newline), false));
            }
            _ => return Err(EditError::NotThere(path.clone())),
        }
    }
    let names = names_of(&path.0).ok_or_else(|| EditError::NotThere(path.clone()))?;
    let (first, rest) = names.split_first().ok_or_else(|| EditError::NotThere(path.clone()))?;
    Ok(match nested(rest, value) {
        Value::Table(table) if !table.is_empty() => {
            let block = table_section(&[first], &table, layout.newline);
            layout.block(section_place(layout, first, order, false), &block, false)
        }
        value => pair(layout, root(layout), &[first], &value, order),
    })
}

/// Writes entries of a list as sections before the header `at`, or as the first of their list.
pub(super) fn entries(
    layout: &Layout<'_>,
    list: &KeyPath,
    at: Option<usize>,
    new: &[&Table],
    order: &Order,
) -> Result<Splice, EditError> {
    let names: Vec<&str> = list.0.iter().filter_map(Step::key).collect();
    let absent = || EditError::NotThere(list.clone());
    let (_, parent) = list.0.split_last().ok_or_else(absent)?;
    let in_entry = parent.iter().any(|step| matches!(step, Step::Index(_)));
    let at = match at {
        Some(at) => at,
        None if matches!(layout.place(parent), Place::Section(_)) => layout.end_of(parent),
        None if in_entry => return Err(absent()),
        None => section_place(layout, names[0], order, true),
    };
    let sections: Vec<String> = new.iter().map(|entry| list_section(&names, entry, layout.newline)).collect();
    let between = if in_entry { "" } else { layout.newline };
    Ok(layout.block(at, &sections.join(between), in_entry))
}

/// The items before the first header.
fn root(layout: &Layout<'_>) -> Range<usize> {
    0..layout.items.iter().position(Item::is_header).unwrap_or(layout.items.len())
}

/// A new line in a section: months in their order, else by the order of keys, else last.
fn pair(layout: &Layout<'_>, section: Range<usize>, names: &[&str], value: &Value, order: &Order) -> Splice {
    let header = layout.items[section.clone()].first().filter(|item| item.is_header());
    let pairs: Vec<usize> = section.clone().filter(|&at| layout.items[at].value().is_some()).collect();
    let present: Vec<&str> = pairs.iter().map(|&at| layout.items[at].keys[0].name.as_str()).collect();
    let keys = header.iter().flat_map(|item| item.path.0.iter().filter_map(Step::key));
    let order = order.at(keys);
    let index = key_place(&present, names[0], order);
    let neighbour = pairs.get(index.saturating_sub(1)).map(|&at| &layout.items[at]);
    let indent = neighbour.map_or("", |item| &layout.text[item.range.start..item.keys[0].range.start]);
    let newline = layout.newline;
    let value = alone(&nested(&names[1..], value), newline);
    let line = format!("{indent}{} = {value}{newline}", key(names[0]));
    match (index.checked_sub(1).map(|before| pairs[before]), pairs.first()) {
        (Some(before), _) => layout.lines(layout.items[before].range.end, line),
        (None, Some(&first)) => {
            let above = layout.attached(first);
            let head = if above == 0 { first } else { above };
            layout.lines(layout.start_of(head), line)
        }
        (None, None) => first_pair(layout, header.map(|item| item.range.end), line),
    }
}

/// The first pair of a section without any: right below its header, or at the top of the document below its comments.
fn first_pair(layout: &Layout<'_>, header_end: Option<usize>, line: String) -> Splice {
    if let Some(end) = header_end {
        return layout.lines(end, line);
    }
    let head = layout.items.iter().take_while(|item| matches!(item.kind, Kind::Comment)).count();
    match layout.items.get(head).map(|item| &item.kind) {
        Some(Kind::Blank) | None => layout.lines(layout.start_of(head), line),
        Some(_) => layout.lines(layout.start_of(layout.attached(head)), line + layout.newline),
    }
}

/// The header a new section stands before: by the order of keys, which the unknown come after; an unknown table before
/// the lists.
fn section_place(layout: &Layout<'_>, name: &str, order: &Order, list: bool) -> usize {
    let later = |item: &Item| match (order.rank(name), &item.kind) {
        (Some(rank), Kind::Header { .. }) => {
            item.keys.first().is_some_and(|token| order.rank(&token.name).is_none_or(|theirs| theirs > rank))
        }
        (None, Kind::Header { list: theirs }) => *theirs && !list,
        _ => false,
    };
    layout.items.iter().position(later).unwrap_or(layout.items.len())
}

/// Where a new key goes among those there are: a period in time, another by the order of keys, else last.
pub(super) fn key_place(present: &[&str], new: &str, order: Option<&Order>) -> usize {
    period_place(present, new).or_else(|| rank_place(present, new, order?)).unwrap_or(present.len())
}

/// Where a period goes among the periods there are; nothing where it is none or there are none.
fn period_place(present: &[&str], new: &str) -> Option<usize> {
    let new = period_rank(new)?;
    let present: Vec<_> = present.iter().map(|key| period_rank(key)).collect();
    let not_later = present.iter().rposition(|period| period.is_some_and(|period| period <= new));
    not_later.map(|before| before + 1).or_else(|| present.iter().position(Option::is_some))
}

/// What orders periods: the first month, then the last.
pub(super) fn period_rank(key: &str) -> Option<(Month, Month)> {
    key.parse().ok().map(|period: Period| (period.first(), period.last()))
}

/// Where a key goes by the order of keys; nothing if it is unknown there.
fn rank_place(present: &[&str], new: &str, order: &Order) -> Option<usize> {
    let new = order.rank(new)?;
    let before = present.iter().rposition(|key| order.rank(key).is_some_and(|rank| rank < new));
    Some(before.map_or(0, |before| before + 1))
}

fn names_of(steps: &[Step]) -> Option<Vec<&str>> {
    steps.iter().map(Step::key).collect()
}
