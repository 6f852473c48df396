//! What each indicator could still give: points to full marks, and the figure that alone would reach the next rating.

use rust_decimal::Decimal;

use super::super::card::ItemScore;
use super::super::outcome::total_with;
use super::need::{for_enough, for_score};
use super::{Lever, Seen, StepAhead};
use crate::policy::plan::Role;
use crate::policy::round::round;

/// Every indicator that can still add points, those that add most first; `next` is the next rating.
pub(super) fn levers(seen: Seen<'_>, next: Option<&StepAhead>) -> Vec<Lever> {
    let plan = &seen.manager().plan;
    let items = plan.items.iter().filter(|item| item.role == Role::Indicator);
    let found = items.filter_map(|item| seen.manager().items.get(&item.id));
    let mut levers: Vec<Lever> = found.filter_map(|found| lever(seen, found, next)).collect();
    // The sort is stable: equal gains stay in the order of the policy.
    levers.sort_by_key(|lever| std::cmp::Reverse(lever.gain));
    levers
}

fn lever(seen: Seen<'_>, found: &ItemScore, next: Option<&StepAhead>) -> Option<Lever> {
    let (score, weight) = (found.score?, found.effective_weight?);
    let points = |score: Decimal| score.checked_mul(weight)?.checked_div(found.full);
    let gain = points(found.full - score)?.max(Decimal::ZERO);
    let alone = next.and_then(|next| {
        for_enough(seen, &found.id, |score| {
            let points = points(score).map(|points| counted(seen, found, points));
            let total =
                points.zip(found.points).and_then(|(then, now)| total_with(seen.board, seen.me, then - now));
            total.is_some_and(|total| next.is_reached_by(total))
        })
    });
    if gain.is_zero() && alone.is_none() {
        return None;
    }
    let full = for_score(seen, &found.id, found.full);
    Some(Lever {
        id: found.id.clone(),
        title: found.title.clone(),
        score: score.normalize(),
        gain: gain.normalize(),
        full,
        alone,
    })
}

/// The points of an item as they are counted.
fn counted(seen: Seen<'_>, found: &ItemScore, points: Decimal) -> Decimal {
    let plan = &seen.manager().plan;
    let rounding = plan.item(&found.id).map(|at| &plan.items[at].rounding);
    let places = rounding.and_then(|rounding| Some((rounding.item?, rounding.mode.unwrap_or_default())));
    places.map_or(points, |(places, mode)| round(points, places, mode))
}

#[cfg(test)]
mod tests {
    use crate::book::load;
    use crate::metric::Portfolios;
    use crate::score::Asked;
    use crate::score::ahead::{Ahead, StepKind};
    use crate::score::apply::{Policies, Request, run};
    use crate::source::Snapshot;

    /// What lies ahead of somebody with deposits of 750 against 1,000: B, as A begins at 80.
    fn ahead(edge: &str, rounding: &str) -> Ahead {
        let policy = format!(
            "title = 'P'\nscheme = 's'\neffective = 2026-01-01\nperiod = 'month'\nmoney = '万元'\nmissing = 'zero'\n\
             rounding = {{ {rounding} }}\n[[indicators]]\nid = 'd'\nvalue = 'deposits.average'\nweight = 100\ntarget = 1000\n\
             curve = {{ kind = 'ratio', zero_target = 'skip' }}\n[[ratings]]\nid = 'A'\n{edge} = 80\n[[ratings]]\nid = 'B'\n\
             [[pay.lines]]\nid = 'p'\nprogressive = {{ of = 'deposits.average', edges = ['750 万元'], results = ['1 元/万元', '2 元/万元'], included = 'upper' }}\n"
        );
        let client = "name = '甲'\ntier = 'key'\nstatus = 'active'\nmanager = 'li'\n[results]\n2026-04 = { deposits = 750 }\n";
        let texts = [
            ("rmbook.toml", "name = 'B'\n".to_owned()),
            ("policies/p.toml", policy),
            ("clients/a.toml", client.to_owned()),
            ("managers/li.toml", "name = '李娜'\n".to_owned()),
        ];
        let (book, faults) = load(&Snapshot::new(texts.map(|(path, text)| (path.to_owned(), Ok(text)))));
        assert!(faults.is_empty(), "{faults:?}");
        let policies = Policies::of(&book);
        let period = Some("2026-04".parse().unwrap());
        let request = Request { period, ahead: true, ..Request::default() };
        let scored = run(&Portfolios::new(&book), &policies, request, &Asked::default()).unwrap();
        scored[0].cards[0].ahead.clone().unwrap()
    }

    #[test]
    fn the_next_rating_is_reached_by_what_rounds_to_it() {
        let alone = |edge: &str, rounding: &str| {
            ahead(edge, rounding).levers[0].alone.as_ref().unwrap().needed.to_string()
        };
        // 79.95 is 80.0 to one place, 80.05 the first that is more.
        assert_eq!(alone("at_least", "total = 1"), "799.5");
        assert_eq!(alone("above", "total = 1"), "800.5");
        assert_eq!(alone("at_least", "mode = 'down', total = 1"), "800");
        // Points of 79.5 are 80 before anything is added up.
        assert_eq!(alone("at_least", "item = 0, total = 1"), "795");
        assert_eq!(alone("at_least", "item = 4"), "800");
    }

    #[test]
    fn a_bracket_that_leaves_its_edge_to_the_one_below_begins_above_it() {
        let ahead = ahead("at_least", "total = 1");
        let step = ahead.steps.iter().find(|step| step.kind == StepKind::Bracket).unwrap();
        assert_eq!(
            (step.now.to_string(), step.needed.to_string(), step.beyond),
            ("750".into(), "750".into(), true)
        );
        assert_eq!(step.need.as_ref().unwrap().needed.to_string(), "750.01");
    }
}
