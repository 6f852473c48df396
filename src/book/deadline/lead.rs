//! What is owed by a team and around an appraisal: meetings, surveys, plans, drills, decisions, acknowledgements, appeals,
//! talks.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Weekday};

use super::{Deadlines, after, months_after};
use crate::book::Book;
use crate::book::head::is_above;
use crate::period::{Grain, Month, Period};
use crate::record::manager::OneOnOne;
use crate::record::review::{Appeal, Checkpoint, FeedbackTalk, ImprovementPlan, Review};
use crate::record::team::{Contingency, Decision, Meeting, MeetingKind, Team};
use crate::record::value::Day;

/// A period that a scheme is to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing<'b> {
    /// The scheme.
    pub scheme: &'b str,
    /// The period.
    pub period: Period,
    /// The last day for it.
    pub due: NaiveDate,
}

/// Whether a policy of a scheme is in force in a period of its length.
fn is_scored(book: &Book, scheme: &str, grain: Grain, period: Period) -> bool {
    book.policies.iter().map(|policy| &policy.data).any(|policy| {
        policy.scheme == scheme
            && policy.period.grain() == grain
            && policy.effective.0 <= period.last_day()
            && policy.until.is_none_or(|until| until.0 >= period.first_day())
    })
}

impl Deadlines<'_> {
    /// The day by which a contingency plan must be looked at again, as seen on `on`: the settings' months after it last was
    /// approved or updated.
    pub fn plan_review(&self, plan: &Contingency, on: NaiveDate) -> Option<NaiveDate> {
        Some(months_after(plan.dated(on)?.0, self.settings.management.plan_months))
    }

    /// The day by which a contingency plan must be drilled, as seen on `on`: as long after the last drill in which it held, or
    /// after it was approved; at once after one in which it failed.
    pub fn drill(&self, team: &Team, plan: &Contingency, on: NaiveDate) -> Option<NaiveDate> {
        let drills = || team.drills.iter().filter(|drill| drill.plan == plan.id && drill.date.0 <= on);
        let drilled = drills().filter(|drill| drill.counts()).map(|drill| drill.date).max();
        let failed = drills().filter(|drill| !drill.counts()).map(|drill| drill.date);
        let due = drilled.or(plan.approved);
        let due = due.map(|from| months_after(from.0, self.settings.management.plan_months));
        let again = failed.filter(|day| drilled.is_none_or(|drilled| *day > drilled)).min().map(|day| day.0);
        due.into_iter().chain(again).min()
    }

    /// The kinds of meeting a team holds regularly: its own, or those of the settings.
    pub fn rhythm<'t>(&'t self, team: &'t Team) -> &'t [MeetingKind] {
        team.meets.as_deref().unwrap_or(&self.settings.management.meetings)
    }

    /// The last day of the next week, month or quarter in which a team must meet; a longer meeting stands for a shorter one.
    /// Teams that never held any meeting, or are to hold none of the kind, are owed none; one of a kind they never held is owed
    /// for the time of their first meeting.
    pub fn meeting(&self, team: &Team, kind: MeetingKind) -> Option<NaiveDate> {
        if !self.rhythm(team).contains(&kind) {
            return None;
        }
        let days = |held: &Meeting| held.date.0;
        let begun = team.meetings.iter().map(days).min()?;
        let last = team.meetings.iter().filter(|held| held.kind.stands_for(kind)).map(days).max();
        let (from, later) = (last.unwrap_or(begun), i32::from(last.is_some()));
        match kind {
            MeetingKind::Weekly => Some(after(from.week(Weekday::Mon).last_day(), 7 * later.unsigned_abs())),
            MeetingKind::Monthly => Some(Month::of(from).plus(later).last_day()),
            MeetingKind::Quarterly => {
                Some(Period::containing(Month::of(from), Grain::Quarter).plus(later).last_day())
            }
            MeetingKind::Special => None,
        }
    }

    /// The day by which a team's staff must be surveyed again; teams that were never surveyed are owed nothing.
    pub fn survey(&self, team: &Team) -> Option<NaiveDate> {
        let last = team.surveys.iter().map(|survey| survey.date).max()?;
        Some(months_after(last.0, self.settings.management.survey_months))
    }

    /// The day a decision must be looked at again.
    pub fn decision(&self, decision: &Decision) -> Option<NaiveDate> {
        decision.review.filter(|_| decision.reviewed.is_none()).map(|review| review.0)
    }

    /// The last day to close a period.
    pub fn closing(&self, period: Period) -> NaiveDate {
        self.days.deadline(period.last_day(), self.settings.management.close)
    }

    /// The periods that are over on `on` and that a scheme has left open since it last closed one, each with the last day to close
    /// it; one that no policy of the scheme is for is nobody's to close.
    pub fn closings<'s>(&self, book: &'s Book, on: NaiveDate) -> Vec<Closing<'s>> {
        let mut owed = Vec::new();
        for (scheme, closed) in &book.settings.closed {
            let newest: BTreeMap<Grain, Period> =
                closed.keys().map(|period| (period.grain(), *period)).collect();
            for (grain, last) in newest {
                let since = std::iter::successors(Some(last.plus(1)), |period| Some(period.plus(1)));
                let over = since.take_while(|period| period.last_day() < on);
                let scored = over.filter(|period| is_scored(book, scheme, grain, *period));
                owed.extend(scored.map(|period| Closing { scheme, period, due: self.closing(period) }));
            }
        }
        owed
    }

    /// The last day to acknowledge a published result or to appeal.
    pub fn acknowledgement(&self, review: &Review) -> Option<NaiveDate> {
        let is_open = review.acknowledged.is_none() && review.lapsed.is_none() && review.appeal.is_none();
        let published = review.published.filter(|_| is_open)?;
        Some(self.days.deadline(published.0, self.settings.management.acknowledge))
    }

    /// The day by which an appeal must be decided.
    pub fn appeal(&self, review: &Review) -> Option<NaiveDate> {
        let appeal = review.appeal.as_ref().filter(|appeal| appeal.decided.is_none())?;
        Some(self.appeal_limit(appeal))
    }

    /// The day by which an appeal was or is to be decided.
    pub fn appeal_limit(&self, appeal: &Appeal) -> NaiveDate {
        self.days.deadline(appeal.date.0, self.settings.management.appeal)
    }

    /// The day an appeal against a closed result was upheld, from which on this is to be amended; none once anything was, the period was
    /// closed anew, or a later one is said to correct it.
    pub fn amendment(&self, review: &Review) -> Option<NaiveDate> {
        let is_later = |period: Period| period.last_day() > review.period.last_day();
        let is_open =
            |appeal: &&Appeal| appeal.upheld == Some(true) && !appeal.corrected_in.is_some_and(is_later);
        let appeal = review.appeal.as_ref().filter(is_open)?;
        let decided = appeal.decided.filter(|_| !review.closed.is_empty())?;
        let amended = review.amendments.iter().map(|amendment| amendment.date);
        let mut done = amended.chain(review.closed.values().map(|closed| closed.closed_on));
        (!done.any(|day| day >= decided)).then_some(decided.0)
    }

    /// The day by which somebody must have talked with a manager about a rating the settings call low: the limit after it was
    /// published or, before that, closed. A talk with the reviewer or somebody above the manager, and a one-to-one with the reviewer
    /// or whom the manager reports to, counts since the earlier of the two: a period may be closed once more.
    pub fn talk(&self, book: &Book, review: &Review) -> Option<NaiveDate> {
        let low = &self.settings.management.low_ratings;
        let is_low = |rating: &String| low.contains(rating);
        let closed = review.standings().filter(|(_, closed)| closed.rating.as_ref().is_some_and(is_low));
        let closed = closed.map(|(_, closed)| closed.closed_on).min()?;
        self.talk_since(book, review, closed)
    }

    /// The same of a rating known to be low since a day.
    pub fn talk_since(&self, book: &Book, review: &Review, known: Day) -> Option<NaiveDate> {
        let days = review.talks.iter().filter(|talk| may_talk(book, review, talk)).map(|talk| talk.date);
        let reviewed = |talk: &&OneOnOne| {
            talk.with.is_some() && talk.with == review.reviewer && talk.with.as_ref() != Some(&review.manager)
        };
        let manager = book.managers.get(&review.manager).map(|manager| &manager.data);
        let one_on_ones = manager
            .into_iter()
            .flat_map(|manager| manager.led_talks().chain(manager.one_on_ones.iter().filter(reviewed)));
        let first = review.published.map_or(known, |published| published.min(known));
        let has_talked = days.chain(one_on_ones.map(|talk| talk.date)).any(|day| day >= first);
        let from = review.published.unwrap_or(known);
        let due = self.days.deadline(from.0, self.settings.management.talk);
        // Nobody is talked to who left before.
        let is_there = manager.is_none_or(|manager| manager.left.is_none_or(|left| left.0 > due));
        (!has_talked && is_there).then_some(due)
    }

    /// The day of a checkpoint of a review that was not looked at; none once the plan has ended.
    pub fn checkpoint(&self, review: &Review, checkpoint: &Checkpoint) -> Option<NaiveDate> {
        let ended = review.improvement_plan.as_ref().and_then(|plan| plan.ended);
        let is_open = checkpoint.checked.is_none() && ended.is_none_or(|ended| ended > checkpoint.due);
        is_open.then_some(checkpoint.due.0)
    }

    /// The day an improvement plan ends, or ended, and its result is due; none once both are known.
    pub fn improvement_plan(&self, plan: &ImprovementPlan) -> Option<NaiveDate> {
        let is_open = plan.ended.is_none() || plan.result.is_none();
        plan.ended.or(plan.until).filter(|_| is_open).map(|day| day.0)
    }
}

/// Whether a talk about a result was with somebody who can hold it: the reviewer, as one is that names nobody, or somebody above the
/// manager.
pub fn may_talk(book: &Book, review: &Review, talk: &FeedbackTalk) -> bool {
    let Some(by) = talk.by.as_deref() else { return true };
    *review.manager != *by && (review.reviewer.as_deref() == Some(by) || is_above(book, by, &review.manager))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{day, settings};
    use super::*;
    use crate::source::Snapshot;

    /// A book of some managers.
    fn book(managers: &[(&str, &str)]) -> Book {
        let files = managers.iter().map(|(id, text)| (format!("managers/{id}.toml"), Ok((*text).to_owned())));
        crate::book::load(&Snapshot::new(files)).0
    }

    #[test]
    fn a_plan_is_looked_at_and_drilled_yearly() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let due = |text: &str| {
            let plan =
                "[[contingencies]]\nid = 'x'\nscenario = 'other'\nowner = 'li-na'\napproved = 2026-02-10\n";
            let team: Team = toml::from_str(&format!("name = '一部'\n{plan}{text}")).unwrap();
            let plan = &team.contingencies[0];
            (deadlines.plan_review(plan, NaiveDate::MAX), deadlines.drill(&team, plan, NaiveDate::MAX))
        };
        assert_eq!(due(""), (Some(day("2027-02-10")), Some(day("2027-02-10"))));
        assert_eq!(
            due("updated = 2026-08-15\n[[drills]]\ndate = 2026-06-18\nplan = 'x'"),
            (Some(day("2027-08-15")), Some(day("2027-06-18")))
        );
        // One that failed is to be repeated at once, and until the plan held again.
        let failed = "[[drills]]\ndate = 2026-06-18\nplan = 'x'\npassed = false\n\
                      [[drills]]\ndate = 2026-07-02\nplan = 'x'\npassed = false\n";
        assert_eq!(due(failed).1, Some(day("2026-06-18")));
        let again = format!("{failed}[[drills]]\ndate = 2026-07-20\nplan = 'x'\npassed = true\n");
        assert_eq!(due(&again).1, Some(day("2027-07-20")));
    }

    #[test]
    fn a_team_meets_in_each_week_month_and_quarter_and_is_surveyed_twice_a_year() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let held = |meetings: &[(&str, &str)]| {
            let entry =
                |(date, kind): &(&str, &str)| format!("[[meetings]]\ndate = 2026-{date}\nkind = '{kind}'\n");
            let meetings: String = meetings.iter().map(entry).collect();
            toml::from_str::<Team>(&format!("name = '一部'\n{meetings}")).unwrap()
        };
        let team =
            held(&[("10-12", "quarterly"), ("10-19", "weekly"), ("11-09", "monthly"), ("11-20", "special")]);
        // The monthly meeting of Monday 9 November is that week's, so the next week ends on the 22nd.
        assert_eq!(deadlines.meeting(&team, MeetingKind::Weekly), Some(day("2026-11-22")));
        assert_eq!(deadlines.meeting(&team, MeetingKind::Monthly), Some(day("2026-12-31")));
        assert_eq!(deadlines.meeting(&team, MeetingKind::Quarterly), Some(day("2027-03-31")));
        assert_eq!(deadlines.meeting(&held(&[]), MeetingKind::Weekly), None);
        // Never held, it is owed for the quarter in which the first meeting was.
        let never = held(&[("08-10", "monthly"), ("11-09", "monthly")]);
        assert_eq!(deadlines.meeting(&never, MeetingKind::Quarterly), Some(day("2026-09-30")));
        // Special meetings stand for none: the team of Friday the 20th owes its weekly meeting by Sunday.
        let special = held(&[("11-20", "special")]);
        assert_eq!(deadlines.meeting(&special, MeetingKind::Weekly), Some(day("2026-11-22")));
        assert_eq!(deadlines.meeting(&special, MeetingKind::Monthly), Some(day("2026-11-30")));
        let monthly = Team { meets: Some(vec![MeetingKind::Monthly]), ..team.clone() };
        assert_eq!(deadlines.meeting(&monthly, MeetingKind::Weekly), None);
        assert_eq!(deadlines.meeting(&monthly, MeetingKind::Monthly), Some(day("2026-12-31")));
        let survey = "name = '一部'\n[[surveys]]\ndate = 2026-07-17\nasked = 6\nanswers = 5\n";
        assert_eq!(deadlines.survey(&toml::from_str(survey).unwrap()), Some(day("2027-01-17")));
        assert_eq!(deadlines.survey(&team), None);
    }

    #[test]
    fn a_result_is_acknowledged_or_appealed_and_the_appeal_decided() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let due = |text: &str| {
            let review = toml::from_str(&format!("manager = 'li-na'\nperiod = '2026-10'\n{text}")).unwrap();
            (deadlines.acknowledgement(&review), deadlines.appeal(&review))
        };
        // Tuesday 10 November 2026 and five working days.
        assert_eq!(due("published = 2026-11-10"), (Some(day("2026-11-17")), None));
        let appeal = "published = 2026-11-10\n[appeal]\ndate = 2026-11-12\nreason = 'x'\n";
        assert_eq!(due(appeal), (None, Some(day("2026-11-26"))));
        assert_eq!(due(&format!("{appeal}decided = 2026-11-18")), (None, None));
        assert_eq!(due("published = 2026-11-10\nlapsed = 2026-11-17"), (None, None));
        let amended = |closed_on: &str, rest: &str| {
            let review = format!(
                "manager = 'li-na'\nperiod = '2026-10'\n{rest}{appeal}decided = 2026-11-18\nupheld = true\n\
                 [closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = {closed_on}\n"
            );
            deadlines.amendment(&toml::from_str(&review).unwrap())
        };
        assert_eq!(amended("2026-11-09", ""), Some(day("2026-11-18")));
        let on = |day: &str| {
            format!(
                "amendments = [{{ date = {day}, field = 'total', why = 'x', who = 'a', approved_by = 'b' }}]\n"
            )
        };
        assert_eq!(amended("2026-11-09", &on("2026-11-17")), Some(day("2026-11-18")));
        assert_eq!(amended("2026-11-09", &on("2026-11-18")), None);
        // Closed anew on the day or after it, it is frozen as decided.
        assert_eq!(amended("2026-11-18", ""), None);
        // A later period may correct it, and no earlier one nor itself.
        let corrected = |period: &str| {
            let review = format!(
                "manager = 'li-na'\nperiod = '2026-10'\n{appeal}decided = 2026-11-18\nupheld = true\ncorrected_in = '{period}'\n\
                 [closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-11-09\n"
            );
            deadlines.amendment(&toml::from_str(&review).unwrap())
        };
        assert_eq!(corrected("2026-11"), None);
        assert_eq!(corrected("2026"), None);
        assert_eq!(["2026-10", "2023-05"].map(corrected), [Some(day("2026-11-18")); 2]);
        assert_eq!(due(""), (None, None));
    }

    #[test]
    fn a_low_rating_asks_for_a_talk() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let due = |rating: &str, text: &str| {
            let closed = format!(
                "[closed.scorecard]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-11-09\nrating = '{rating}'"
            );
            let head = "manager = 'li-na'\nperiod = '2026-10'\npublished = 2026-11-10\n";
            deadlines.talk(&book(&[]), &toml::from_str(&format!("{head}{text}{closed}")).unwrap())
        };
        assert_eq!(due("D", ""), Some(day("2026-12-10")));
        assert_eq!(due("A", ""), None);
        assert_eq!(due("D", "[[talks]]\ndate = 2026-11-11\n"), None);
        assert_eq!(due("D", "[[talks]]\ndate = 2026-11-01\n"), Some(day("2026-12-10")));
        let review = toml::from_str(
            "manager = 'li-na'\nperiod = '2026-10'\n[closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-11-09\nrating = 'D'",
        );
        let review = review.unwrap();
        let talk = |rest: &str| {
            let manager = format!("name = '李娜'\nreports_to = 'zhao'\none_on_ones = [{{ {rest} }}]");
            deadlines.talk(&book(&[("li-na", &manager)]), &review)
        };
        assert_eq!(talk("date = 2026-11-16"), None);
        assert_eq!(talk("date = 2026-11-16, with = 'zhao'"), None);
        assert_eq!(talk("date = 2026-11-02"), Some(day("2026-12-09")));
        // The limit is 9 December: who has left by then is owed no talk.
        let leaver = |left: &str| {
            let manager = format!("name = '李娜'\nstatus = 'left'\nleft = {left}");
            deadlines.talk(&book(&[("li-na", &manager)]), &review)
        };
        assert_eq!([leaver("2026-12-09"), leaver("2026-12-10")], [None, Some(day("2026-12-09"))]);
        // One with oneself or with a colleague is no such talk.
        for with in ["li-na", "wang"] {
            assert_eq!(talk(&format!("date = 2026-11-16, with = '{with}'")), Some(day("2026-12-09")));
        }
    }

    #[test]
    fn a_talk_about_a_result_is_held_by_the_reviewer_or_somebody_above() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let managers = [
            ("li-na", "name = '李娜'\nteam = 'one'\nreports_to = 'zhao'"),
            ("zhao", "name = '赵敏'\nreports_to = 'gu'"),
            ("gu", "name = '顾'"),
            ("cai", "name = '蔡'\nteam = 'two'\nreports_to = 'gu'"),
        ];
        let due = |talk: &str| {
            let review = format!(
                "manager = 'li-na'\nperiod = '2026-10'\nreviewer = 'hu'\ntalks = [{{ date = 2026-11-11{talk} }}]\n\
                 [closed.s]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-11-09\nrating = 'D'\n"
            );
            deadlines.talk(&book(&managers), &toml::from_str(&review).unwrap())
        };
        for held in ["", ", by = 'zhao'", ", by = 'gu'", ", by = 'hu'"] {
            assert_eq!(due(held), None, "{held}");
        }
        // One with the head of another team, or with oneself, leaves the talk due 30 days after the closing.
        for held in [", by = 'cai'", ", by = 'li-na'"] {
            assert_eq!(due(held), Some(day("2026-12-09")), "{held}");
        }
    }

    #[test]
    fn a_checkpoint_is_owed_until_the_plan_has_ended() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let due = |more: &str| {
            let review: Review = toml::from_str(&format!(
                "manager = 'li-na'\nperiod = '2026-10'\ncheckpoints = [{{ due = 2026-12-15, what = 'x' }}]\n\
                 [improvement_plan]\nstart = 2026-11-01\n{more}"
            ))
            .unwrap();
            deadlines.checkpoint(&review, &review.checkpoints[0])
        };
        assert_eq!(due(""), Some(day("2026-12-15")));
        assert_eq!(due("ended = 2026-11-20"), None);
        assert_eq!(due("ended = 2026-12-31"), Some(day("2026-12-15")));
    }

    #[test]
    fn a_talk_since_the_rating_was_published_counts_though_the_period_is_closed_once_more() {
        let settings = settings();
        let deadlines = Deadlines::new(&settings);
        let due = |more: &str| {
            let review = format!(
                "manager = 'wang-fang'\nperiod = '2026-09'\n{more}talks = [{{ date = 2026-10-14 }}]\n\
                 [closed.main]\npolicy = 'p'\ndigest = 'x'\nclosed_on = 2026-11-24\nrating = 'D'\n"
            );
            deadlines.talk(&book(&[]), &toml::from_str(&review).unwrap())
        };
        assert_eq!(due("published = 2026-10-13\n"), None);
        assert_eq!(due("published = 2026-10-15\n"), Some(day("2026-11-14")));
        // Nobody was told before it was closed: 30 days from then.
        assert_eq!(due(""), Some(day("2026-12-24")));
    }
}
