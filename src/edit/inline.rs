//! Changes inside a value: a list `[…]` or an inline table `{…}` on one line or many.

use std::ops::Range;

use toml_parser::Source;
use toml_parser::parser::{Event, EventKind, RecursionGuard, parse_value};

use super::batch::Group;
use super::layout::{key_name, span};
use super::order::Order;
use super::place::key_place;
use super::render::{Table, Value, dotted, inline, key};
use super::{EditError, Splice, nested};
use crate::source::{KeyPath, Step};

/// An element of a list, or a pair of an inline table.
pub(super) struct Element {
    /// The keys of a pair, with their bytes.
    pub(super) keys: Vec<(String, Range<usize>)>,
    pub(super) value: Range<usize>,
    /// One past the comma after it.
    comma: Option<usize>,
}

impl Element {
    fn start(&self) -> usize {
        self.keys.first().map_or(self.value.start, |(_, range)| range.start)
    }
}

/// A comment between elements.
pub(super) struct Remark {
    pub(super) range: Range<usize>,
    /// How many elements stand before it.
    pub(super) after: usize,
    /// Whether it has a line of its own.
    pub(super) own_line: bool,
}

/// A list or an inline table, one level deep.
pub(super) struct Container {
    pub(super) list: bool,
    /// What stands between the brackets.
    inner: Range<usize>,
    pub(super) elements: Vec<Element>,
    pub(super) remarks: Vec<Remark>,
    /// Whether a line ends between its elements.
    pub(super) spread: bool,
}

/// Takes the list or table at `value` apart; nothing for any other value or an unclosed one.
pub(super) fn read(text: &str, value: &Range<usize>) -> Option<Container> {
    let events = value_events(text, value);
    let (first, rest) = events.split_first()?;
    let (last, _) = rest.split_last()?;
    let list = first.kind() == EventKind::ArrayOpen && last.kind() == EventKind::ArrayClose;
    let table = first.kind() == EventKind::InlineTableOpen && last.kind() == EventKind::InlineTableClose;
    if !list && !table {
        return None;
    }
    let inner = value.start + first.span().end()..value.start + last.span().start();
    let mut container = Container { list, inner, elements: Vec::new(), remarks: Vec::new(), spread: false };
    container.fill(text, value.start, &rest[..rest.len() - 1]);
    Some(container)
}

fn value_events(text: &str, value: &Range<usize>) -> Vec<Event> {
    let tokens = Source::new(&text[value.clone()]).lex().into_vec();
    let mut events = Vec::with_capacity(tokens.len());
    parse_value(&tokens, &mut RecursionGuard::new(&mut events, 80), &mut ());
    events
}

impl Container {
    /// Reads what stands between the brackets; the events count from `offset`.
    fn fill(&mut self, text: &str, offset: usize, events: &[Event]) {
        let mut keys = Vec::new();
        let mut depth = 0_usize;
        let mut open = 0;
        let mut own_line = false;
        for event in events {
            let local = span(event);
            let at = offset + local.start..offset + local.end;
            match event.kind() {
                EventKind::ArrayOpen | EventKind::InlineTableOpen => {
                    open = if depth == 0 { at.start } else { open };
                    depth += 1;
                }
                EventKind::ArrayClose | EventKind::InlineTableClose => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.push(&mut keys, open..at.end);
                        own_line = false;
                    }
                }
                _ if depth > 0 => {}
                EventKind::SimpleKey => keys.push((key_name(&text[offset..], event), at)),
                EventKind::Scalar => {
                    self.push(&mut keys, at);
                    own_line = false;
                }
                EventKind::ValueSep => {
                    if let Some(last) = self.elements.last_mut() {
                        last.comma = Some(at.end);
                    }
                }
                EventKind::Newline => {
                    self.spread = true;
                    own_line = true;
                }
                EventKind::Comment => {
                    self.remarks.push(Remark { range: at, after: self.elements.len(), own_line });
                }
                _ => {}
            }
        }
    }

    fn push(&mut self, keys: &mut Vec<(String, Range<usize>)>, value: Range<usize>) {
        self.elements.push(Element { keys: std::mem::take(keys), value, comma: None });
    }
}

/// Sets what `steps` lead to inside the value at `value`, whose keys have an `order`; a key that is missing is added.
pub(super) fn set(
    text: &str,
    value: &Range<usize>,
    steps: &[Step],
    new: &Value,
    order: Option<&Order>,
) -> Result<Vec<Splice>, EditError> {
    match find(text, value, steps)? {
        Found::Value(range) => Ok(vec![Splice { range, text: inline(new) }]),
        Found::Absent { container, rest } => {
            let there = &steps[..steps.len() - rest.len()];
            let order = order.and_then(|order| order.at(there.iter().filter_map(Step::key)));
            let (index, pair) = new_pair(&container, &keys_only(rest)?, new, order);
            Ok(insert_elements(text, &container, index, &[pair]))
        }
        Found::Part => Err(EditError::IsTable(KeyPath(steps.to_vec()))),
    }
}

/// Puts entries into the list `steps` lead to inside the value at `value`.
pub(super) fn insert(
    text: &str,
    value: &Range<usize>,
    steps: &[Step],
    groups: &[Group<'_>],
) -> Result<Vec<Splice>, EditError> {
    let table = |entry: &&Table| Value::Table((*entry).clone());
    let Found::Value(list) = find(text, value, steps)? else {
        let all = groups.iter().flat_map(|(_, new)| new.iter().map(table)).collect();
        return set(text, value, steps, &Value::List(all), None);
    };
    let container = read(text, &list).filter(|container| container.list);
    let container = container.ok_or_else(|| EditError::NotAList(KeyPath(steps.to_vec())))?;
    let splices = |(before, new): &Group<'_>| {
        let new: Vec<String> = new.iter().map(|entry| inline(&table(entry))).collect();
        insert_elements(text, &container, *before, &new)
    };
    Ok(groups.iter().flat_map(splices).collect())
}

/// Removes what `rest` leads to; nothing where it is absent.
pub(super) fn unset(text: &str, value: &Range<usize>, rest: &[Step]) -> Result<Vec<Splice>, EditError> {
    let Some(container) = read(text, value) else { return Ok(Vec::new()) };
    let mut splices = Vec::new();
    for (index, element) in container.elements.iter().enumerate() {
        let steps = element_steps(&container, index);
        if steps.starts_with(rest) {
            splices.push(Splice { range: removal(text, &container, index), text: String::new() });
        } else if rest.starts_with(&steps) {
            return unset(text, &element.value, &rest[steps.len()..]);
        }
    }
    if splices.len() > 1 { Err(EditError::IsTable(KeyPath(rest.to_vec()))) } else { Ok(splices) }
}

/// The bytes of the key `rest` ends with, each time it is written.
pub(super) fn key_tokens(text: &str, value: &Range<usize>, rest: &[Step]) -> Vec<Range<usize>> {
    let Some(container) = read(text, value) else { return Vec::new() };
    let mut tokens = Vec::new();
    for (index, element) in container.elements.iter().enumerate() {
        let steps = element_steps(&container, index);
        if steps.starts_with(rest) {
            tokens.extend(element.keys.get(rest.len() - 1).map(|(_, range)| range.clone()));
        } else if rest.starts_with(&steps) {
            tokens.extend(key_tokens(text, &element.value, &rest[steps.len()..]));
        }
    }
    tokens
}

/// What a path leads to inside a value.
enum Found<'s> {
    Value(Range<usize>),
    /// A table whose keys are written with dots.
    Part,
    /// Nothing: the innermost list or table there is, and what is left of the path.
    Absent {
        container: Container,
        rest: &'s [Step],
    },
}

fn find<'s>(text: &str, value: &Range<usize>, rest: &'s [Step]) -> Result<Found<'s>, EditError> {
    if rest.is_empty() {
        return Ok(Found::Value(value.clone()));
    }
    let container = read(text, value).ok_or_else(|| EditError::NotATable(KeyPath(rest.to_vec())))?;
    for (index, element) in container.elements.iter().enumerate() {
        let steps = element_steps(&container, index);
        if rest.starts_with(&steps) {
            return find(text, &element.value, &rest[steps.len()..]);
        }
        if steps.starts_with(rest) {
            return Ok(Found::Part);
        }
    }
    if container.list {
        return Err(EditError::NotThere(KeyPath(rest.to_vec())));
    }
    Ok(Found::Absent { container, rest })
}

fn element_steps(container: &Container, index: usize) -> Vec<Step> {
    if container.list {
        return vec![Step::Index(index)];
    }
    container.elements[index].keys.iter().map(|(name, _)| Step::Key(name.clone())).collect()
}

fn keys_only(steps: &[Step]) -> Result<Vec<&str>, EditError> {
    let names: Option<Vec<&str>> = steps.iter().map(Step::key).collect();
    names.ok_or_else(|| EditError::NotThere(KeyPath(steps.to_vec())))
}

/// A new pair and where it goes: dotted and last where a table's other keys are, else by the order of keys.
fn new_pair(container: &Container, names: &[&str], value: &Value, order: Option<&Order>) -> (usize, String) {
    let shares = |element: &Element| element.keys.len() > 1 && element.keys[0].0 == names[0];
    if container.elements.iter().any(shares) {
        return (container.elements.len(), format!("{} = {}", dotted(names.iter().copied()), inline(value)));
    }
    let present: Vec<&str> = container.elements.iter().map(|element| element.keys[0].0.as_str()).collect();
    let index = key_place(&present, names[0], order);
    (index, format!("{} = {}", key(names[0]), inline(&nested(&names[1..], value))))
}

/// Puts elements before the one at `index`, or last; each in a line of its own where the others are.
fn insert_elements(text: &str, container: &Container, index: usize, new: &[String]) -> Vec<Splice> {
    let at = |offset: usize, text: String| Splice { range: offset..offset, text };
    let joined = new.join(", ");
    let Some(last) = container.elements.last() else {
        let padded = if container.list { joined } else { format!(" {joined} ") };
        let blank = text[container.inner.clone()].trim().is_empty();
        let range =
            if blank { container.inner.clone() } else { container.inner.start..container.inner.start };
        return vec![Splice { range, text: padded }];
    };
    if let Some(next) = container.elements.get(index) {
        let gap = own_line(text, next.start()).unwrap_or(" ");
        return vec![at(next.start(), new.iter().map(|new| format!("{new},{gap}")).collect())];
    }
    let lines = own_line(text, last.start()).zip(rest_of_line(text, last.comma.unwrap_or(last.value.end)));
    match (lines, last.comma) {
        (None, _) => vec![at(last.value.end, format!(", {joined}"))],
        (Some((gap, end)), Some(_)) => {
            vec![at(end, new.iter().map(|new| format!("{gap}{new},")).collect())]
        }
        (Some((gap, end)), None) => {
            let lines = new.join(&format!(",{gap}"));
            vec![at(last.value.end, ",".to_owned()), at(end, format!("{gap}{lines}"))]
        }
    }
}

/// The line end and indentation before `offset`, where nothing else stands before it in its line.
fn own_line(text: &str, offset: usize) -> Option<&str> {
    let newline = text[..offset].rfind('\n')?;
    let start = if text[..newline].ends_with('\r') { newline - 1 } else { newline };
    text[newline..offset].trim().is_empty().then(|| &text[start..offset])
}

/// Where the line of `offset` ends, where at most a comment follows.
fn rest_of_line(text: &str, offset: usize) -> Option<usize> {
    let rest = &text[offset..];
    let line = &rest[..rest.find('\n')?];
    let line = line.strip_suffix('\r').unwrap_or(line);
    let content = line.trim_start();
    (content.is_empty() || content.starts_with('#')).then_some(offset + line.len())
}

/// The bytes to remove with an element: its whole lines where it stands alone in them, else it and one comma.
fn removal(text: &str, container: &Container, index: usize) -> Range<usize> {
    let element = &container.elements[index];
    let end = element.comma.unwrap_or(element.value.end);
    if let (Some(gap), Some(line_end)) = (own_line(text, element.start()), rest_of_line(text, end)) {
        return element.start() - gap.len()..line_end;
    }
    let before = index.checked_sub(1).map(|before| &container.elements[before]);
    match (container.elements.get(index + 1), before) {
        (Some(next), _) => element.start()..next.start(),
        (None, Some(before)) => before.value.end..element.value.end,
        (None, None) => container.inner.clone(),
    }
}
