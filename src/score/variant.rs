//! Which variants of a policy are for a manager.

use std::sync::Arc;

use super::card::ScoreError;
use super::facts::Profile;
use super::run::Who;
use super::total::failed;
use crate::msg;
use crate::policy::Policy;
use crate::policy::curve::Halt;
use crate::policy::expr::{Expr, Leaf};
use crate::text::{Message, score};

/// The variants of a manager.
pub(super) struct Chosen {
    /// Numbers of those that are for the manager.
    pub(super) variants: Vec<usize>,
    /// The first that cannot be told.
    pub(super) open: Option<ScoreError>,
    /// Those left out because the manager has nothing of what they ask for.
    pub(super) left_out: Option<Message>,
}

/// Which variants are for a manager. Who has no grade or role is of no variant that asks for one, and is told so; months that nobody
/// knows are missing.
pub(super) fn variants(policy: &Policy, who: &Who<'_>) -> Chosen {
    let (mut taken, mut open, mut left_out) = (Vec::new(), None, Vec::new());
    for (at, when) in policy.variants.iter().enumerate() {
        match when.node.flag(who) {
            Ok(true) => taken.push(at),
            Ok(false) => {}
            Err(trouble) if lacks_months(when, who.profile) => open = open.or(Some((at, trouble))),
            Err(_) => left_out.push(at),
        }
    }
    let title = |at: usize| {
        let title = policy.record.variants.get(at).and_then(|variant| variant.title.as_deref());
        title.unwrap_or(&policy.variants[at].text)
    };
    let open = open.map(|(at, trouble)| {
        let name: Arc<str> = title(at).into();
        let error = failed(&name, Halt::Trouble(trouble));
        let reason = msg!(score::VARIANT_OPEN, variant = &*name, reason = error.reason);
        ScoreError { reason, ..error }
    });
    let titles: Vec<&str> = left_out.iter().map(|at| title(*at)).collect();
    let left_out = (!titles.is_empty()).then(|| {
        let lacking = lacking(left_out.iter().map(|at| &policy.variants[*at]), who.profile);
        let titles = Message::list(&titles);
        msg!(score::VARIANTS_LEFT_OUT, lacking = lacking, variants = titles)
    });
    Chosen { variants: taken, open, left_out }
}

/// What conditions ask for and the manager has nothing of.
fn lacking<'e>(conditions: impl Iterator<Item = &'e Expr>, profile: &Profile) -> Message {
    let known = [
        (Leaf::Grade, profile.grade.is_some(), "grade", "职级"),
        (Leaf::Role, profile.role.is_some(), "role", "岗位"),
        (Leaf::Team, profile.team.is_some(), "team", "团队"),
        (Leaf::Branch, profile.branch.is_some(), "branch", "机构"),
    ];
    let mut asked = Vec::new();
    conditions.for_each(|condition| condition.leaves(&mut |leaf| asked.push(leaf)));
    let lacking = known.iter().filter(|(leaf, known, ..)| !known && asked.contains(&leaf));
    let (en, zh): (Vec<&str>, Vec<&str>) = lacking.map(|(_, _, en, zh)| (*en, *zh)).unzip();
    Message::both(en.join(", "), zh.join("、"))
}

/// Whether a condition goes by a time in post or in the grade that is not known.
fn lacks_months(condition: &Expr, profile: &Profile) -> bool {
    let mut lacks = false;
    condition.leaves(&mut |leaf| {
        lacks |= match leaf {
            Leaf::MonthsIn => profile.months.is_none(),
            Leaf::GradeMonths => profile.grade_months.is_none(),
            _ => false,
        }
    });
    lacks
}
