//! Another id for a record in an expression that compares it.

use std::ops::Range;

use super::Op;
use super::parse::{Ast, AstKind, parse};

/// What becomes of an expression where a record takes another id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renamed {
    /// It does not name the record.
    Unnamed,
    /// It says the new id.
    Changed(String),
    /// It has the old id where only its author knows what is meant.
    Unclear,
}

/// An expression with the id `new` wherever it compares `name`, `manager.id` or `manager.team`, with `old`:
/// `manager.id == "wang-fang"`, `manager.id in ["wang-fang", "li-na"]`.
pub fn renamed(text: &str, name: &str, old: &str, new: &str) -> Renamed {
    if !text.contains(old) {
        return Renamed::Unnamed;
    }
    let Ok(tree) = parse(text) else {
        let quoted = ['"', '\''].iter().any(|quote| text.contains(&format!("{quote}{old}{quote}")));
        return if quoted { Renamed::Unclear } else { Renamed::Unnamed };
    };
    let mut found = Found { name, old, spans: Vec::new(), unclear: false };
    found.walk(&tree);
    if found.unclear {
        return Renamed::Unclear;
    }
    found.spans.sort_by_key(|span| span.start);
    let mut changed = text.to_owned();
    for span in found.spans.iter().rev() {
        let own = &text[span.start..=span.start];
        let quote = if new.contains(own) { if own == "\"" { "'" } else { "\"" } } else { own };
        if new.contains(quote) {
            return Renamed::Unclear;
        }
        changed.replace_range(span.clone(), &format!("{quote}{new}{quote}"));
    }
    if found.spans.is_empty() { Renamed::Unnamed } else { Renamed::Changed(changed) }
}

struct Found<'a> {
    name: &'a str,
    old: &'a str,
    /// Where the old id stands as that of the record.
    spans: Vec<Range<usize>>,
    unclear: bool,
}

impl Found<'_> {
    fn walk(&mut self, tree: &Ast) {
        match &tree.kind {
            // Words by themselves: a constant that may stand for the record.
            AstKind::Text(text) => self.unclear |= text == self.old,
            AstKind::Binary(Op::Equal | Op::Unequal, left, right) => {
                self.compared(left, [&**right].into_iter());
                self.compared(right, [&**left].into_iter());
            }
            AstKind::In(left, items) => self.compared(left, items.iter()),
            AstKind::Binary(_, left, right) => {
                self.walk(left);
                self.walk(right);
            }
            AstKind::Not(inner) | AstKind::Negative(inner) => self.walk(inner),
            AstKind::Call(_, arguments) => {
                let inner = arguments.iter().filter(|argument| !matches!(argument.kind, AstKind::Text(_)));
                inner.for_each(|argument| self.walk(argument));
            }
            AstKind::Number { .. } | AstKind::Flag(_) | AstKind::Date(_) | AstKind::Name(_) => {}
        }
    }

    /// What one side of a comparison is held against: words beside the record's name are its id, beside another name they are
    /// something else.
    fn compared<'t>(&mut self, side: &Ast, with: impl Iterator<Item = &'t Ast>) {
        for other in with {
            match (&side.kind, &other.kind) {
                (AstKind::Name(name), AstKind::Text(text)) if text == self.old => {
                    if name == self.name {
                        self.spans.push(other.span.clone());
                    } else if !name.contains('.') && name != "rating" {
                        // A constant may stand for the record.
                        self.unclear = true;
                    }
                }
                (_, AstKind::Text(text)) => {
                    let known = matches!(side.kind, AstKind::Name(_));
                    self.unclear |= !known && text == self.old;
                }
                (AstKind::Text(_), _) => self.walk(other),
                _ => self.walk(other),
            }
        }
        if !matches!(side.kind, AstKind::Text(_) | AstKind::Name(_)) {
            self.walk(side);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_renamed_where_it_is_compared_as_that_of_the_record() {
        let renamed = |text: &str| renamed(text, "manager.id", "li", "na");
        let changed = |text: &str| Renamed::Changed(text.to_owned());
        assert_eq!(renamed(r#"manager.id != "li""#), changed(r#"manager.id != "na""#));
        assert_eq!(renamed("'li' == manager.id"), changed("'na' == manager.id"));
        assert_eq!(
            renamed(r#"manager.role == "li" and manager.id not in ["wang", "li"] or manager.id = "li""#),
            changed(r#"manager.role == "li" and manager.id not in ["wang", "na"] or manager.id = "na""#)
        );
        assert_eq!(
            renamed(r#"if(manager.id == "li", 1, 2) + loans.average"#),
            changed(r#"if(manager.id == "na", 1, 2) + loans.average"#)
        );
    }

    #[test]
    fn other_words_are_left_and_unclear_ones_said() {
        let renamed = |text: &str| renamed(text, "manager.id", "li", "na");
        for text in
            [r#"manager.team == "li""#, r#"members.mean("li")"#, "clients.average", r#"rating == "li""#]
        {
            assert_eq!(renamed(text), Renamed::Unnamed, "{text}");
        }
        for text in [r#""li""#, r#"head == "li""#, r#"manager.id == "li" and"#] {
            assert_eq!(renamed(text), Renamed::Unclear, "{text}");
        }
    }

    #[test]
    fn a_quote_in_the_new_id_takes_the_other_quotes() {
        assert_eq!(
            renamed("manager.id == 'li'", "manager.id", "li", "o'li"),
            Renamed::Changed("manager.id == \"o'li\"".into())
        );
    }
}
