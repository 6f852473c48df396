//! A policy under its variants: what is wrong only there, and variants that set one key.

use super::compile::Compiler;
use super::compile::origin::{has_unread, has_unread_in, origin};
use super::compile::overlay::overlay;
use super::compile::words::Used;
use super::expr::{Beside, Expr, meet};
use super::{OF_ONE_FORMULA, curve, rule};
use crate::diag::Finding;
use crate::metric::Names;
use crate::record::policy as written;
use crate::source::{FileId, Place};
use crate::text::{self, policy as say};
use crate::{msg, path};

/// Two variants whose conditions plainly hold together and that set one key.
pub(super) fn clashes(
    file: FileId,
    record: &written::Policy,
    applies: Option<&Expr>,
    variants: &[Expr],
) -> impl Iterator<Item = Finding> {
    let within = applies.map(|applies| &applies.node);
    let pairs = (0..variants.len()).flat_map(|second| (0..second).map(move |first| (first, second)));
    let meeting = pairs.filter(move |(first, second)| {
        variants.len() == record.variants.len()
            && meet(within, &variants[*first].node, &variants[*second].node)
    });
    meeting.filter_map(move |(first, second)| {
        let key = overlay(record, &[first, second]).1.into_iter().next()?;
        let at = |variant: usize| Place::value(file, path!["variants", variant, "when"]);
        let finding = Finding::new(&rule::CLASH, at(second), msg!(say::BOTH_SET, key = key));
        Some(finding.label(at(first), text::check::ALSO_HERE.into()))
    })
}

/// A policy that is judged.
pub(super) struct Judged<'a> {
    pub(super) file: FileId,
    pub(super) record: &'a written::Policy,
    pub(super) names: &'a Names,
    pub(super) mended: bool,
}

/// What a policy uses under a variant, and the numbers that ratios are held against.
pub(super) struct UnderVariant {
    pub(super) used: Used,
    pub(super) beside: Vec<(Place, Beside)>,
}

/// Ids of the items that a variant drops.
fn dropped<'r>(record: &'r written::Policy, laid: &written::Policy) -> Vec<&'r str> {
    let items = |record: &'r written::Policy| {
        let lists = [&record.indicators, &record.additions, &record.deductions];
        lists.into_iter().flatten().map(|item| item.id.as_str())
    };
    let left = [&laid.indicators, &laid.additions, &laid.deductions];
    let is_left = |id: &str| left.into_iter().flatten().any(|item| item.id == id);
    items(record).filter(|id| !is_left(id)).collect()
}

/// Judges the policy under one variant, for those of `only` whom none of `others` is for; what is wrong there and not without it
/// points at the variant.
pub(super) fn under_variant(
    judged: &Judged<'_>,
    variant: usize,
    only: &[&Expr],
    others: &[&Expr],
    findings: &mut Vec<Finding>,
) -> UnderVariant {
    let Judged { file, record, names, mended } = *judged;
    let (laid, _) = overlay(record, &[variant]);
    let mut compiler = Compiler::new(file, &laid, names, mended);
    compiler.constants();
    let plan = compiler.plan();
    curve::untaken(&mut compiler);
    compiler.check(&plan);
    compiler.conditions(&plan, only, others);
    let matched = !mended || !has_unread(record) && !has_unread_in(&record.variants[variant]);
    for mut finding in compiler.findings {
        // What an entry whose id cannot be read changes, nobody can tell.
        if !matched && !OF_ONE_FORMULA.contains(&finding.rule) {
            continue;
        }
        let known =
            findings.iter().any(|known| known.rule == finding.rule && known.message == finding.message);
        if !known {
            let dropped = dropped(record, &laid);
            let unknown = |id: &&str| finding.message == msg!(say::UNKNOWN_NAME, name = *id);
            if let Some(id) = dropped.into_iter().find(unknown) {
                finding.message = msg!(say::VARIANT_DROPS, name = id, variant = variant + 1);
                finding.help = Some(say::WHEN_INSTEAD.into());
            }
            finding.at.target = origin(&laid, &record.variants[variant], variant, &finding.at.target);
            findings.push(finding);
        }
    }
    let mut beside = compiler.beside;
    for (at, _) in &mut beside {
        at.target = origin(&laid, &record.variants[variant], variant, &at.target);
    }
    UnderVariant { used: compiler.used, beside }
}
