//! What an expression mentions: the parts of its names, and the words it compares a name with.

use super::token::{Token, tokens};
use super::{Leaf, Node, Op, TABLES};

/// The words that names of an expression are made of, whether it can be read as a whole or not.
pub(in crate::policy) fn named(text: &str) -> Vec<String> {
    let Ok(tokens) = tokens(text) else { return Vec::new() };
    let mut found = Vec::new();
    for (token, _) in tokens {
        if let Token::Name(name) = token {
            found.extend(name.split(['.', '{', '@']).map(str::to_owned));
        }
    }
    found
}

/// Every word of a text that is no expression, so that what it may name can be told.
pub(in crate::policy) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

impl Node {
    /// Calls `seen` with every name that is compared with words, and the words.
    pub fn compared<'a>(&'a self, seen: &mut dyn FnMut(&'a Leaf, &'a str)) {
        match self {
            Self::Number(_) | Self::Text(_) | Self::Date(_) | Self::Flag(_) | Self::Leaf(..) => {}
            Self::Written(_, node) => node.compared(seen),
            Self::Choose { name, by, rows, otherwise } => {
                // Rows of a constant are judged where it is declared, those of a table where something looks it up.
                if let Self::Leaf(leaf, _) = by.plain()
                    && name.starts_with(TABLES)
                {
                    rows.iter().for_each(|(word, _)| seen(leaf, word));
                }
                by.compared(seen);
                rows.iter().for_each(|(_, node)| node.compared(seen));
                otherwise.iter().for_each(|node| node.compared(seen));
            }
            Self::Not(inner) | Self::Negative(inner) => inner.compared(seen),
            Self::Binary(op, left, right) => {
                match (op, left.plain(), right.plain()) {
                    (Op::Equal | Op::Unequal, Self::Leaf(leaf, _), Self::Text(word))
                    | (Op::Equal | Op::Unequal, Self::Text(word), Self::Leaf(leaf, _)) => seen(leaf, word),
                    _ => {}
                }
                left.compared(seen);
                right.compared(seen);
            }
            Self::In(left, items) => {
                for item in items {
                    match (left.plain(), item.plain()) {
                        (Self::Leaf(leaf, _), Self::Text(word)) => seen(leaf, word),
                        _ => item.compared(seen),
                    }
                }
            }
            Self::Call(_, arguments) => arguments.iter().for_each(|argument| argument.compared(seen)),
            Self::Lookup(_, x, rows) => {
                x.compared(seen);
                rows.nodes().into_iter().for_each(|node| node.compared(seen));
            }
        }
    }

    /// The tables it looks up.
    pub(in crate::policy) fn tables<'a>(&'a self, seen: &mut Vec<&'a str>) {
        match self {
            Self::Number(_) | Self::Text(_) | Self::Date(_) | Self::Flag(_) | Self::Leaf(..) => {}
            Self::Written(_, node) => node.tables(seen),
            Self::Choose { name, by, rows, otherwise } => {
                seen.extend(name.strip_prefix(TABLES));
                by.tables(seen);
                rows.iter().for_each(|(_, node)| node.tables(seen));
                otherwise.iter().for_each(|node| node.tables(seen));
            }
            Self::Not(inner) | Self::Negative(inner) => inner.tables(seen),
            Self::Binary(_, left, right) => {
                left.tables(seen);
                right.tables(seen);
            }
            Self::In(left, items) => {
                left.tables(seen);
                items.iter().for_each(|item| item.tables(seen));
            }
            Self::Call(_, arguments) => arguments.iter().for_each(|argument| argument.tables(seen)),
            Self::Lookup(name, x, rows) => {
                seen.push(name);
                x.tables(seen);
                rows.nodes().into_iter().for_each(|node| node.tables(seen));
            }
        }
    }
}
