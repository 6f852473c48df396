//! Where a variant states what a fault is about that the policy has only under it.

use super::overlay::Entry;
use crate::record::policy::formula::UNREAD;
use crate::record::policy::{Policy, Variant};
use crate::source::{KeyPath, Step, Target};

/// Ids of the entries of the list called `name`, of a policy or a variant.
macro_rules! ids {
    ($of:expr, $lines:expr, $name:expr) => {
        match $name {
            "dimensions" => of(&$of.dimensions),
            "indicators" => of(&$of.indicators),
            "additions" => of(&$of.additions),
            "deductions" => of(&$of.deductions),
            "vetoes" => of(&$of.vetoes),
            "gates" => of(&$of.gates),
            "ratings" => of(&$of.ratings),
            "promotion" => of(&$of.promotion),
            "demotion" => of(&$of.demotion),
            "warnings" => of(&$of.warnings),
            "lines" => $lines,
            _ => Vec::new(),
        }
    };
}

/// The lists whose entries go by their id.
const LISTS: [&str; 10] = [
    "dimensions",
    "indicators",
    "additions",
    "deductions",
    "vetoes",
    "gates",
    "ratings",
    "promotion",
    "demotion",
    "warnings",
];

/// Whether the id of an entry of a policy cannot be read.
pub(in crate::policy) fn has_unread(policy: &Policy) -> bool {
    let lines = policy.pay.as_ref().map_or_else(Vec::new, |pay| of(&pay.lines));
    let lists = LISTS.iter().flat_map(|list| ids!(policy, Vec::new(), *list));
    lists.chain(lines).any(|id| id == Some(UNREAD))
}

/// Whether the id of an entry of a variant, or what a table, curve or constant of it is called, cannot be read.
pub(in crate::policy) fn has_unread_in(variant: &Variant) -> bool {
    let named = variant.tables.contains_key(UNREAD)
        || variant.curves.contains_key(UNREAD)
        || variant.constants.contains_key(UNREAD);
    let lists = LISTS.iter().flat_map(|list| ids!(variant, Vec::new(), *list));
    named || lists.chain(of(&variant.pay.lines)).any(|id| id == Some(UNREAD))
}

fn of<T: Entry>(entries: &[T]) -> Vec<Option<&str>> {
    entries.iter().map(Entry::id).collect()
}

/// What a fault at `at` of the policy under variant `number` points at: the same key in the variant, the entry of the variant
/// with the same id, or the variant itself.
pub(in crate::policy) fn origin(laid: &Policy, variant: &Variant, number: usize, at: &Target) -> Target {
    let (path, part) = match at {
        Target::Part { path, start, end } => (path, Some((*start, *end))),
        Target::Value(path) | Target::Key(path) => (path, None),
        Target::File | Target::Bytes { .. } => (&KeyPath::ROOT, None),
    };
    let found = KeyPath([&["variants".into(), number.into()], &*steps(laid, variant, &path.0)].concat());
    match part {
        Some((start, end)) => Target::Part { path: found, start, end },
        None => Target::Value(found),
    }
}

/// The way inside the variant; entries have other numbers there.
fn steps(laid: &Policy, variant: &Variant, path: &[Step]) -> Vec<Step> {
    let above = usize::from(path.first().and_then(Step::key) == Some("pay"));
    let (Some(Step::Key(list)), Some(Step::Index(index))) = (path.get(above), path.get(above + 1)) else {
        return path.to_vec();
    };
    let lines = || laid.pay.as_ref().map_or_else(Vec::new, |pay| of(&pay.lines));
    let id = ids!(laid, lines(), list.as_str()).get(*index).copied().flatten();
    let among = ids!(variant, of(&variant.pay.lines), list.as_str());
    let Some(at) = among.iter().position(|known| id.is_some() && *known == id) else {
        return Vec::new();
    };
    let mut steps = path.to_vec();
    steps[above + 1] = at.into();
    steps
}

#[cfg(test)]
mod tests {
    use crate::metric::Names;
    use crate::policy::compile;
    use crate::record::span::stands;
    use crate::source::{FileId, Source, Sources};

    #[test]
    fn a_fault_under_a_variant_is_told_where_the_variant_states_it() {
        let text = "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\n\
            [pay]\nmin = \"1 元\"\n\
            [[pay.lines]]\nid = \"a\"\namount = \"1 元\"\n\
            [[pay.lines]]\nid = \"b\"\namount = \"2 元\"\n\
            [[variants]]\nwhen = 'manager.grade == \"x\"'\npay = { max = \"1 户\", lines = [{ id = \"b\", amount = \"3 元 + nobody\" }] }\n";
        let record = crate::record::tree::read(text).unwrap();
        let (policy, findings) = compile(FileId::default(), &record, &Names::default_book());
        let sources = Sources::new(vec![Source { path: "policies/p.toml".into(), text: text.into() }]);
        let stands = stands(findings.iter().map(|finding| &finding.at), &sources);
        let found: Vec<String> = findings
            .iter()
            .map(|finding| format!("{} {}", finding.rule.name, &text[stands[&finding.at].range.clone()]))
            .collect();
        assert!(policy.is_none());
        assert_eq!(found, ["units-do-not-fit \"1 户\"", "unknown-name nobody"]);
    }
}
