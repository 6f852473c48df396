//! What stands where a part of a file cannot be read, and what such a part may declare.

use super::resolve::{Resolved, Resolver};
use super::vocabulary::PARTS;
use super::{Expr, Fault, Leaf, Node, Scope, Type};
use crate::policy::rule;
use crate::record::policy::formula::UNREAD;

impl Node {
    pub(super) fn unread() -> Self {
        Self::Leaf(Leaf::Unread, "".into())
    }
}

impl Expr {
    /// What stands where nothing can be read. A policy with one is refused; until it is mended, nothing is held against it.
    pub fn unread() -> Self {
        Self {
            text: "".into(),
            node: Node::unread(),
            gives: Type::Unread,
            constant: None,
            bare: false,
            percent: false,
            kept: None,
            doubts: Vec::new(),
            beside: Vec::new(),
            bare_money: false,
        }
    }

    /// Whether all of it could be read.
    pub fn is_read(&self) -> bool {
        let mut read = true;
        self.leaves(&mut |leaf| read &= *leaf != Leaf::Unread);
        read
    }
}

impl Scope<'_> {
    /// Whether words stand for what cannot be read.
    pub(super) fn stands_in(&self, words: &str) -> bool {
        self.mended && words == UNREAD
    }

    /// Whether a part of the file that cannot be read may declare `name`, or an id that stands twice may be meant to, where no
    /// other name is like it.
    fn may_declare(&self, name: &str, is_like: bool) -> bool {
        let earlier = name.strip_prefix("previous.");
        let first = earlier.unwrap_or(name).split('.').next().unwrap_or_default();
        let (ids, repeated) = match first {
            _ if PARTS.iter().any(|(prefix, ..)| *prefix == first) => (self.items, self.repeated.items),
            "dimension" => (self.dimensions, self.repeated.dimensions),
            "pay" if earlier.is_some() => (self.all_lines, self.repeated.lines),
            "pay" => (self.lines, self.repeated.lines),
            "tables" => return self.mended && self.tables.contains_key(UNREAD),
            _ => {
                let constant = self.constants.contains_key(UNREAD);
                return self.mended && (constant || self.names.get(UNREAD).is_some());
            }
        };
        self.mended && ids.contains(UNREAD) || repeated && !is_like
    }
}

impl Resolver<'_> {
    /// What a name means whose declaration may be in a part of the file that cannot be read; else its fault.
    pub(super) fn unread_or(&mut self, fault: Fault, name: &str) -> Resolved {
        if fault.rule == &rule::UNKNOWN_NAME && self.scope.may_declare(name, fault.help.is_some()) {
            return Some((Node::unread(), Type::Unread));
        }
        self.fail(fault)
    }
}
