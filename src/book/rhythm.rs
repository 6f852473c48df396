//! Which meetings a team was to hold: one for each week, month or quarter that ended.

use std::collections::BTreeSet;

use chrono::{NaiveDate, Weekday};

use super::calendar::WorkingDays;
use super::{Book, Record};
use crate::period::{Grain, Month, Period};
use crate::record::team::{MeetingKind, Team};

/// The first and the last day of a week, month or quarter.
pub type Slot = (NaiveDate, NaiveDate);

/// What a planned meeting stands for: the week, month or quarter of a day.
pub fn slot(kind: MeetingKind, day: NaiveDate) -> Slot {
    let month = Month::of(day);
    match kind {
        MeetingKind::Weekly => {
            let week = day.week(Weekday::Mon);
            (week.first_day(), week.last_day())
        }
        MeetingKind::Monthly | MeetingKind::Special => (month.first_day(), month.last_day()),
        MeetingKind::Quarterly => {
            let quarter = Period::containing(month, Grain::Quarter);
            (quarter.first_day(), quarter.last_day())
        }
    }
}

/// The first and the last day on which a team worked, where they are known.
pub type Worked = (Option<NaiveDate>, Option<NaiveDate>);

/// When a team of a book worked: since its first day, up to the last on which somebody was in it.
pub fn worked(book: &Book, team: &Record<Team>) -> Worked {
    (book.team_since(team), book.team_until(team))
}

/// The slots that ended between two days, in which there was work and the team worked from the first day on to the last.
pub fn planned(
    days: &WorkingDays,
    kind: MeetingKind,
    (from, to): Slot,
    (since, until): Worked,
) -> BTreeSet<Slot> {
    let ended = from.iter_days().take_while(|day| *day <= to);
    let ended = ended.map(|day| (day, slot(kind, day))).filter(|(day, (_, last))| day == last);
    let begun = ended.map(|(_, slot)| slot).filter(|(first, last)| {
        since.is_none_or(|since| since <= *first) && until.is_none_or(|until| *last <= until)
    });
    let has_work = |(first, last): &Slot| {
        first.iter_days().take_while(|day| day <= last).any(|day| days.is_working(day))
    };
    begun.filter(has_work).collect()
}

/// The meetings of a kind that a team was to hold in a period, seen from the day `as_of` in it or from its last, and all it held by
/// then. Of a slot that still runs in a running period a meeting counts once it was held; one that was not is not missed yet.
pub fn owed(
    days: &WorkingDays,
    (team, kind, worked): (&Team, MeetingKind, Worked),
    (first, last): Slot,
    as_of: NaiveDate,
) -> (BTreeSet<Slot>, BTreeSet<Slot>) {
    let met = met(team, kind, as_of);
    let mut owed = planned(days, kind, (first, as_of), worked);
    let running = slot(kind, as_of);
    if as_of < running.1 && running.1 <= last && met.contains(&running) {
        owed.insert(running);
    }
    (owed, met)
}

/// The slots in which a team met by a day; a longer meeting stands for a shorter one.
pub fn met(team: &Team, kind: MeetingKind, by: NaiveDate) -> BTreeSet<Slot> {
    let stands = team.meetings.iter().filter(|meeting| meeting.kind.stands_for(kind) && meeting.date.0 <= by);
    stands.map(|meeting| slot(kind, meeting.date.0)).collect()
}
