//! Who heads a client's lead: the managers above it, as the records say of a day.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::credit::lead_on;
use super::{Book, Record};
use crate::record::client::Client;
use crate::record::manager::Manager;
use crate::record::review::Review;

/// The heads of a client's lead on a day, the nearest first: who leads the lead's team, whom the lead reports to, and so on
/// upwards. A lead who leads a team, or whom others report to while reporting to nobody, is a head too, and the first.
pub fn heads_of<'b>(book: &'b Book, client: &Client, day: NaiveDate) -> Vec<&'b str> {
    let lead = lead_on(client, day);
    let mut heads: Vec<&str> = Vec::new();
    let Some(record) = book.managers.get(lead) else { return heads };
    let (mut next, mut passed) = (Some(record), 0);
    loop {
        for head in next.into_iter().flat_map(|record| above(book, &record.data, day)) {
            if !heads.contains(&head) {
                heads.push(head);
            }
        }
        let Some(head) = heads.get(passed) else { break };
        (next, passed) = (book.managers.get(head), passed + 1);
    }
    if !heads.contains(&lead) && is_own_head(book, record, day, heads.is_empty()) {
        heads.insert(0, &record.id);
    }
    heads
}

/// The nearest of some heads who has not left by a day.
pub fn nearest<'b>(book: &Book, heads: &[&'b str], day: NaiveDate) -> Option<&'b str> {
    let is_there = |id: &str| book.managers.get(id).is_none_or(|record| record.data.employed_after(day));
    heads.iter().copied().find(|head| is_there(head))
}

/// Whether somebody is or was above a manager: directly, through others, or as who leads or led a team the manager is or was in; who
/// is not in the book is not doubted.
pub fn is_above(book: &Book, above: &str, manager: &str) -> bool {
    let leads =
        |team: &str| book.teams.get(team).is_some_and(|team| team.data.leads().any(|lead| **lead == *above));
    let Some(record) = book.managers.get(manager) else { return true };
    let (mut line, mut passed) = (vec![record], BTreeSet::from([manager]));
    while let Some(record) = line.pop() {
        let supervisors = || record.data.supervisors().map(|id| &**id);
        if supervisors().any(|id| id == above) {
            return true;
        }
        let next = supervisors().filter(|id| passed.insert(*id));
        line.extend(next.filter_map(|id| book.managers.get(id)));
    }
    record.data.teams().into_iter().any(|team| leads(team))
}

/// Whether somebody was above a manager on a day: directly, through others, or as who led the team.
pub fn is_above_on(book: &Book, above: &str, manager: &str, day: NaiveDate) -> bool {
    let Some(record) = book.managers.get(manager) else { return false };
    let (mut next, mut passed) = (record.data.supervisor_on(day), BTreeSet::new());
    while let Some(superior) = next.filter(|superior| passed.insert(*superior)) {
        if **superior == *above {
            return true;
        }
        next = book.managers.get(superior).and_then(|record| record.data.supervisor_on(day));
    }
    let team = record.data.team_on(day).and_then(|team| book.teams.get(team));
    above != manager && team.and_then(|team| team.data.lead_on(day)).is_some_and(|lead| **lead == *above)
}

/// Whether somebody appraised: as named, else as the manager's supervisor when the period ended or when the result was published.
pub fn appraised(book: &Book, review: &Review, by: &str) -> bool {
    if let Some(reviewer) = review.reviewer.as_deref() {
        return reviewer == by;
    }
    let days = [Some(review.period.last_day()), review.published.map(|day| day.0)];
    let manager = book.managers.get(&review.manager);
    let mut supervisors = days.into_iter().flatten().filter_map(|day| manager?.data.supervisor_on(day));
    supervisors.any(|supervisor| **supervisor == *by)
}

/// Who is next above a manager on a day: who leads the team, and whom the manager reports to.
fn above<'b>(book: &'b Book, manager: &'b Manager, day: NaiveDate) -> impl Iterator<Item = &'b str> {
    let team = manager.team_on(day).and_then(|team| book.teams.get(team));
    let lead = team.and_then(|team| team.data.lead_on(day));
    lead.into_iter().chain(manager.supervisor_on(day)).map(|above| &**above)
}

/// Whether somebody who does not lead the own team leads another one, or stands at the top of others.
fn is_own_head(book: &Book, record: &Record<Manager>, day: NaiveDate, is_top: bool) -> bool {
    let mut leads = book.teams.iter().filter_map(|team| team.data.lead_on(day));
    let mut supervisors = book.managers.iter().filter_map(|other| other.data.supervisor_on(day));
    leads.any(|lead| **lead == *record.id) || is_top && supervisors.any(|above| **above == *record.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::load;
    use crate::source::Snapshot;

    /// The heads of a client's lead on a day, and the nearest who is there.
    fn of(lead: &str, day: &str) -> String {
        let files = [
            ("managers/gu.toml", "name = '顾'"),
            ("managers/sun.toml", "name = '孙'\nreports_to = 'gu'\nleft = 2026-06-30\nstatus = 'left'"),
            ("managers/zhao.toml", "name = '赵'\nreports_to = 'gu'\nteam = 'one'"),
            ("managers/qian.toml", "name = '钱'\nreports_to = 'gu'"),
            (
                "managers/li.toml",
                "name = '李'\nreports_to = 'zhao'\nteam = 'one'\nhistory = [{ until = 2025-12-31, reports_to = 'qian' }]",
            ),
            ("managers/wu.toml", "name = '吴'"),
            (
                "teams/one.toml",
                "name = '一部'\nlead = 'zhao'\nhistory = [{ until = 2026-06-30, lead = 'sun' }]",
            ),
            ("teams/two.toml", "name = '二部'\nlead = 'qian'"),
        ];
        let (book, findings) = load(&Snapshot::new(files.map(|(path, text)| (path.into(), Ok(text.into())))));
        assert!(findings.is_empty(), "{findings:?}");
        let text = format!("name = 'a'\ntier = 'strategic'\nmanager = '{lead}'\nstatus = 'active'\n");
        let client: Client = toml::from_str(&text).unwrap();
        let day = day.parse().unwrap();
        let heads = heads_of(&book, &client, day);
        format!("{}: {}", heads.join(" "), nearest(&book, &heads, day).unwrap_or("nobody"))
    }

    #[test]
    fn heads_are_the_teams_lead_and_those_above() {
        assert_eq!(of("li", "2026-10-31"), "zhao gu: zhao");
        // The team was led by somebody else, who left on the last day of it.
        assert_eq!(of("li", "2026-06-29"), "sun zhao gu: sun");
        assert_eq!(of("li", "2026-06-30"), "sun zhao gu: zhao");
        assert_eq!(of("li", "2025-12-31"), "sun qian gu: sun");
    }

    #[test]
    fn who_leads_is_the_own_head() {
        assert_eq!(of("zhao", "2026-10-31"), "zhao gu: zhao");
        assert_eq!(of("zhao", "2026-06-29"), "sun gu: sun");
        assert_eq!(of("qian", "2026-10-31"), "qian gu: qian");
        assert_eq!(of("gu", "2026-10-31"), "gu: gu");
        assert_eq!(of("wu", "2026-10-31"), ": nobody");
        assert_eq!(of("unknown", "2026-10-31"), ": nobody");
    }
}
