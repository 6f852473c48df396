//! The rules by family: 1xx references and ownership, 2xx dates and monthly figures, 3xx visits and cadence, 4xx complaints,
//! 5xx risk, 6xx reviews and management, 7xx completeness and hygiene, 8xx privacy.
//!
//! A file of rules ends in its `RULES`, by code, and has one line in [`FILES`]. The files do not know each other; what
//! a rule needs of the whole book it takes from the context.

use super::Check;

mod amended;
mod appeals;
mod appraisal;
mod approval;
mod bases;
mod booking;
mod classes;
mod complaints;
mod dates;
mod dealings;
mod former;
mod hygiene;
mod identity;
mod ledger;
mod lending;
mod months;
mod names;
mod ownership;
mod percent;
mod plans;
mod presence;
mod prices;
mod privacy;
mod proposals;
mod ranges;
mod references;
mod referrals;
mod relationship;
mod retargets;
mod reviews;
mod rounds;
mod signals;
mod staff;
mod talks;
mod targets;
mod teams;
mod told;
mod visits;
mod workload;

pub(super) use hygiene::{STALE_BASELINE, UNUSED_ALLOW};
pub use identity::KnownAs;
pub(super) use ledger::{above_pay, unnamed};
use presence::there;
pub(super) use retargets::retargeted;
pub(super) use reviews::low_rating;
pub(super) use told::unsaid;

/// Every file of rules, in the order of the codes.
pub(super) static FILES: &[&[&Check]] = &[
    references::RULES,
    ownership::RULES,
    dates::RULES,
    months::RULES,
    bases::RULES,
    ranges::RULES,
    prices::RULES,
    relationship::RULES,
    visits::RULES,
    dealings::RULES,
    referrals::RULES,
    complaints::RULES,
    classes::RULES,
    lending::RULES,
    signals::RULES,
    targets::RULES,
    reviews::RULES,
    appraisal::RULES,
    amended::RULES,
    staff::RULES,
    workload::RULES,
    teams::RULES,
    presence::RULES,
    talks::RULES,
    proposals::RULES,
    ledger::RULES,
    names::RULES,
    percent::RULES,
    rounds::RULES,
    booking::RULES,
    told::RULES,
    approval::RULES,
    appeals::RULES,
    plans::RULES,
    identity::RULES,
    former::RULES,
    hygiene::RULES,
    retargets::RULES,
    privacy::RULES,
];

/// Defines a rule, which reads like its page in the manual. `entry: Refuse;` at its end: what it finds cannot be so, and no
/// command writes it; `entry: Whole;`: it takes the whole book to tell ([`crate::check::Entry`]).
macro_rules! check {
    (
        $name:ident = $code:literal $word:literal $level:ident $run:ident($($found_by:expr)?);
        title: $title_en:literal, $title_zh:literal;
        why: $why_en:literal, $why_zh:literal;
        mend: $mend_en:literal, $mend_zh:literal;
        says: $says_en:literal, $says_zh:literal;
        example: $example:expr;
        mended: $wrong:literal => $right:literal;
        $(entry: $entry:ident;)?
    ) => {
        #[doc = $title_en]
        pub(in crate::check) static $name: $crate::check::Check = $crate::check::Check {
            rule: $crate::diag::Rule {
                code: $code,
                name: $word,
                level: $crate::diag::Level::$level,
                title: $crate::text::Text::new($title_en, $title_zh),
                why: $crate::text::Text::new($why_en, $why_zh),
                mend: $crate::text::Text::new($mend_en, $mend_zh),
                example: $example,
            },
            says: $crate::text::Text::new($says_en, $says_zh),
            mended: ($wrong, $right),
            run: $crate::check::Run::$run $(($found_by))?,
            entry: [$(Some($crate::check::Entry::$entry),)? None][0],
        };
    };
}
use check;

/// An example that is one client of the base tier.
macro_rules! client {
    ($rest:literal) => {
        concat!(
            "# file: clients/acme.toml\nname = \"Acme Precision\"\ntier = \"base\"\nmanager = \"wang-fang\"\n\
             status = \"active\"\n",
            $rest
        )
    };
}
use client;

/// The review of a month for the examples.
macro_rules! review {
    ($rest:literal) => {
        concat!(
            "# file: reviews/2026-09/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-09\"\n",
            $rest
        )
    };
}
use review;

/// A manager for the examples.
macro_rules! manager {
    ($rest:literal) => {
        concat!("# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n", $rest)
    };
}
use manager;

/// A team that meets, for the examples.
macro_rules! team {
    ($rest:literal) => {
        concat!(
            "# file: teams/corporate-1.toml\nname = \"Corporate 1\"\nlead = \"zhao-lei\"\n[[meetings]]\ndate = 2026-10-08\nkind = \"monthly\"\n",
            $rest
        )
    };
}
use team;

#[cfg(test)]
mod tests;
