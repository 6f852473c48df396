//! The people a manager leads: staff surveys of the teams, career talks, improvement plans.
//!
//! A survey is told as the report does: of several of one round the last alone, and nothing of one with too few answers. Each team's
//! counts stand or fall by themselves, so that no sum tells what another leaves out.

use rust_decimal::Decimal;

use super::known::Measured;
use super::scope::{Adder, Scope};
use crate::book::Record;
use crate::path;
use crate::period::Months;
use crate::record::review::{PlanResult, Review};
use crate::record::survey::Survey;
use crate::record::team::Team;
use crate::text::metric as say;

/// The last survey in the window of each team the manager led on its day, with answers enough to be shown.
fn surveys<'b>(
    scope: &Scope<'b>,
    window: Months,
) -> impl Iterator<Item = (&'b Record<Team>, usize, &'b Survey)> {
    let scope = *scope;
    let least = scope.book.settings.privacy.of_survey();
    scope.book.teams.iter().filter_map(move |team| {
        let led = |survey: &Survey| team.data.lead_on(survey.date.0).is_some_and(|lead| scope.is(lead));
        let all = team.data.surveys.iter().enumerate();
        let all = all.filter(|(_, survey)| !team.data.has_later_record_of(survey));
        let last = all.filter(|(_, survey)| scope.within(window, survey.date)).max_by_key(|(_, it)| it.date);
        let (index, survey) = last.filter(|(_, survey)| led(survey) && survey.answers >= least)?;
        Some((team, index, survey))
    })
}

/// What `counts` says of each survey, a number and what it is a part of, as one part.
fn part_of(
    scope: &Scope<'_>,
    window: Months,
    counts: impl Fn(&Survey) -> Option<(Decimal, Decimal)>,
) -> Measured {
    let mut sum = Adder::new(scope);
    let mut whole = Decimal::ZERO;
    for (team, index, survey) in surveys(scope, window) {
        if let Some((counted, of)) = counts(survey).filter(|(_, of)| !of.is_zero()) {
            whole += of;
            sum.add(team.file, counted, || path!["surveys", index]);
        }
    }
    if whole.is_zero() { Err(say::NO_SURVEYS.into()) } else { Ok(sum.divided_by(whole).done()) }
}

/// Part of those asked who answered.
pub(super) fn survey_response(scope: &Scope<'_>, window: Months) -> Measured {
    part_of(scope, window, |survey| Some((survey.answers.into(), survey.asked.into())))
}

/// Marks of the items as a part of the best ones.
pub(super) fn staff_satisfaction(scope: &Scope<'_>, window: Months) -> Measured {
    let least = scope.book.settings.privacy.of_survey();
    part_of(scope, window, |survey| {
        let shown = || survey.items.values().filter(|tally| tally.n >= least);
        let best = |n: u32| survey.best() * Decimal::from(n);
        Some((shown().map(|tally| tally.sum.0).sum(), shown().map(|tally| best(tally.n)).sum()))
    })
}

/// Part of those who would recommend the bank less that of those who would not.
pub(super) fn staff_recommendation(scope: &Scope<'_>, window: Months) -> Measured {
    let least = scope.book.settings.privacy.of_survey();
    part_of(scope, window, |survey| {
        let enps = survey.enps?;
        (enps.answers() >= least).then(|| (enps.net(), enps.answers().into()))
    })
}

/// Part of those who reported to the manager on the day the window is judged by, and were with the bank, that had a career talk in it.
pub(super) fn career_talks_held(scope: &Scope<'_>, window: Months) -> Measured {
    let day = scope.as_of(window);
    let mut held = Adder::new(scope);
    for manager in &scope.book.managers {
        let is_led = manager.data.supervisor_on(day).is_some_and(|above| scope.is(above));
        if !is_led || !manager.data.employed_after(day) || manager.data.away_on(day) {
            continue;
        }
        let mut talks = manager.data.career_talks.iter();
        let counts =
            talks.any(|talk| scope.within(window, talk.date) && talk.with.as_deref() != Some(&*manager.id));
        held.judge(counts, manager.file, || path!["career_talks"]);
    }
    held.part(say::NOBODY_LED)
}

/// Part of the improvement plans ended in the window, of those the manager appraised, that were passed.
pub(super) fn plans_passed(scope: &Scope<'_>, window: Months) -> Measured {
    let mut passed = Adder::new(scope);
    for review in &scope.book.reviews {
        let Review { improvement_plan: Some(plan), manager, reviewer, .. } = &review.data else { continue };
        let Some(ended) = plan.ended.filter(|ended| scope.within(window, *ended)) else { continue };
        let above = || scope.book.managers.get(manager)?.data.supervisor_on(ended.0);
        if reviewer.as_ref().or_else(above).is_some_and(|by| scope.is(by)) {
            let counts = plan.result == Some(PlanResult::Passed);
            passed.judge(counts, review.file, || path!["improvement_plan", "result"]);
        }
    }
    passed.part(say::NO_PLANS_ENDED)
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    const TEAM: &str = "name = '一部'\nlead = 'zhao'\nsurveys = [\
        { date = 2026-06-20, asked = 6, answers = 5, items = { a = { n = 5, sum = 25 } } },\
        { date = 2026-10-12, asked = 10, answers = 8, items = { a = { n = 8, sum = 32 }, b = { n = 4, sum = 4 } }, \
        enps = { promoters = 4, passives = 3, detractors = 1 } }]\n";
    const FEW: &str = "name = '二部'\nlead = 'sun'\nsurveys = [\
        { date = 2026-10-12, asked = 6, answers = 4, items = { a = { n = 4, sum = 20 } } }]\n";

    fn of(manager: &str, metric: &str, period: &str) -> String {
        let files = [
            ("managers/zhao.toml", "name = '赵'"),
            ("managers/sun.toml", "name = '孙'"),
            ("teams/one.toml", TEAM),
            ("teams/two.toml", FEW),
        ];
        told(&files, manager, metric, period)
    }

    #[test]
    fn a_survey_is_of_whoever_led_the_team_and_of_five_answers_at_least() {
        // October: 8 of 10 answered; 32 of 8 × 5, without the item of four marks; 4 − 1 of 8. The half-year ends with October's.
        let metrics = ["survey_response", "staff_satisfaction", "staff_recommendation"];
        assert_eq!(metrics.map(|metric| of("zhao", metric, "2026-10")), ["0.8", "0.8", "0.375"]);
        assert_eq!(of("zhao", "staff_satisfaction", "2026-Q2"), "1");
        assert_eq!(of("zhao", "staff_satisfaction", "2026"), "0.8");
        // Nothing is told of four answers.
        let none = "no staff survey with answers enough";
        assert_eq!(metrics.map(|metric| of("sun", metric, "2026-10")), [none; 3]);
        assert_eq!(of("zhao", "survey_response", "2026-09"), none);
    }

    #[test]
    fn career_talks_are_with_those_who_report_to_the_manager() {
        let led = |rest: &str| format!("name = '李'\nreports_to = 'zhao'\n{rest}");
        let (li, wang) =
            (led("career_talks = [{ date = 2026-10-09 }]"), led("career_talks = [{ date = 2026-09-09 }]"));
        let (sun, chen) =
            (led("career_talks = [{ date = 2026-10-10, with = 'sun' }]"), led("left = 2026-10-20"));
        let files = [
            ("managers/zhao.toml", "name = '赵'"),
            ("managers/li.toml", &li),
            ("managers/wang.toml", &wang),
            ("managers/sun.toml", &sun),
            ("managers/chen.toml", &chen),
        ];
        // Li of li, wang and sun, who talked with nobody; chen had left.
        assert_eq!(told(&files, "zhao", "career_talks_held", "2026-10"), "0.333333");
        assert_eq!(told(&files, "zhao", "career_talks_held", "2026"), "0.666667");
        assert_eq!(told(&files, "li", "career_talks_held", "2026"), "nobody reports to this manager");
    }

    #[test]
    fn a_plan_that_ended_was_passed_or_not() {
        let review = |manager: &str, rest: &str| {
            format!(
                "manager = '{manager}'\nperiod = '2026-08'\nimprovement_plan = {{ start = 2026-09-01, {rest} }}"
            )
        };
        let passed = review("li", "ended = 2026-10-20, result = 'passed'");
        let failed = review("wang", "ended = 2026-10-30, result = 'failed'");
        let files = [
            ("managers/zhao.toml", "name = '赵'"),
            ("managers/li.toml", "name = '李'\nreports_to = 'zhao'"),
            ("managers/wang.toml", "name = '王'\nreports_to = 'zhao'"),
            ("reviews/2026-08/li.toml", &passed),
            ("reviews/2026-08/wang.toml", &failed),
        ];
        assert_eq!(told(&files, "zhao", "plans_passed", "2026-10"), "0.5");
        assert_eq!(told(&files, "zhao", "plans_passed", "2026-09"), "no improvement plan ended");
        assert_eq!(told(&files, "li", "plans_passed", "2026-10"), "no improvement plan ended");
    }
}
