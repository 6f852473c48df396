//! A loaded book: every record by kind and id.
//!
//! A book holds only records that load; those that don't are known by kind and id alone, so that a reference to one raises no
//! second finding and a report can say what it leaves out.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::record::client::Client;
use crate::record::kind::RecordKind;
use crate::record::manager::{Manager, Status};
use crate::record::market::Market;
use crate::record::policy::Policy;
use crate::record::review::Review;
use crate::record::settings::Settings;
use crate::record::team::Team;
use crate::source::FileId;

pub mod base;
pub mod calendar;
pub mod credit;
pub mod deadline;
pub mod deviation;
pub mod figured;
pub mod group;
pub mod head;
pub mod ledger;
mod load;
mod named;
pub mod pattern;
mod pay;
pub mod pricing;
pub mod rest;
pub mod rhythm;
pub mod target;
pub mod workload;

pub use load::{default_settings, explain, folded, is_id, load};
pub use named::{Former, holds};

/// A record with its id and the file it stands in.
#[derive(Clone, Debug)]
pub struct Record<T> {
    /// Its id.
    pub id: Box<str>,
    /// Its file.
    pub file: FileId,
    /// What it says.
    pub data: T,
}

/// The records of one kind in id order.
#[derive(Clone, Debug)]
pub struct Records<T>(Vec<Record<T>>);

impl<T> Default for Records<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Records<T> {
    /// The records in id order, whatever order they come in.
    pub fn new(mut records: Vec<Record<T>>) -> Self {
        records.sort_by(|a, b| a.id.cmp(&b.id));
        Self(records)
    }

    /// The record `id`.
    pub fn get(&self, id: &str) -> Option<&Record<T>> {
        self.0.binary_search_by(|record| record.id.as_ref().cmp(id)).ok().map(|index| &self.0[index])
    }

    /// The records in id order.
    pub fn iter(&self) -> std::slice::Iter<'_, Record<T>> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a, T> IntoIterator for &'a Records<T> {
    type Item = &'a Record<T>;
    type IntoIter = std::slice::Iter<'a, Record<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Every record of a book that loads.
#[derive(Clone, Debug)]
pub struct Book {
    /// `rmbook.toml`; defaults where it does not load.
    pub settings: Settings,
    /// The file of the settings, where there is one.
    pub settings_file: Option<FileId>,
    /// `market.toml`, where there is one.
    pub market: Option<Record<Market>>,
    /// Managers.
    pub managers: Records<Manager>,
    /// Teams.
    pub teams: Records<Team>,
    /// Clients.
    pub clients: Records<Client>,
    /// Policies as written.
    pub policies: Records<Policy>,
    /// Reviews; the id is `PERIOD/MANAGER`.
    pub reviews: Records<Review>,
    /// Records that exist but do not load, with their files.
    pub broken: BTreeMap<(RecordKind, String), FileId>,
}

impl Book {
    /// The reviews of each manager, in id order.
    pub fn reviews_by_manager(&self) -> BTreeMap<&str, Vec<&Record<Review>>> {
        let mut reviews: BTreeMap<&str, Vec<&Record<Review>>> = BTreeMap::new();
        for review in &self.reviews {
            reviews.entry(&review.data.manager).or_default().push(review);
        }
        reviews
    }

    /// The first day a visit to any client is recorded of, or a client was entered: from then on the book was kept.
    pub fn kept_since(&self) -> Option<NaiveDate> {
        let visits = self.clients.iter().flat_map(|client| &client.data.visits);
        let entered = self.clients.iter().filter_map(|client| client.data.entered);
        visits.map(|visit| visit.date.0).chain(entered.map(|day| day.0)).min()
    }

    /// Whether anybody is or was in a team, as far as the records tell.
    pub fn is_manned(&self, team: &Record<Team>) -> bool {
        self.managers.iter().any(|manager| manager.data.teams().into_iter().any(|of| **of == *team.id))
    }

    /// The day since which a team works: its own, or the first on which somebody was in it, where all who are or were say
    /// when they joined.
    pub fn team_since(&self, team: &Record<Team>) -> Option<NaiveDate> {
        let was_in = |manager: &Manager| manager.teams().into_iter().any(|of| **of == *team.id);
        let came = |manager: &Manager| {
            let days = manager.joined.iter().map(|joined| joined.0).chain(manager.changes());
            days.filter(|day| manager.team_on(*day).is_some_and(|of| **of == *team.id)).min()
        };
        let members = self.managers.iter().map(|record| &record.data).filter(|manager| was_in(manager));
        let came: Option<Vec<NaiveDate>> = members.map(came).collect();
        team.data.since.map(|since| since.0).or_else(|| came?.into_iter().min())
    }

    /// The last day on which somebody was in a team, where nobody is any more or stays.
    pub fn team_until(&self, team: &Record<Team>) -> Option<NaiveDate> {
        let is_in =
            |manager: &Manager, day: NaiveDate| manager.team_on(day).is_some_and(|of| **of == *team.id);
        let mut last = None;
        for manager in self.managers.iter().map(|record| &record.data) {
            let end = manager.left.map(|left| left.0);
            if end.is_none() && manager.status != Status::Left && is_in(manager, NaiveDate::MAX) {
                return None;
            }
            let moved = manager.changes().filter_map(|day| day.pred_opt());
            let days = moved.chain(end).filter(|day| end.is_none_or(|end| *day <= end));
            last = last.max(days.filter(|day| is_in(manager, *day)).max());
        }
        last
    }

    /// Whether every record loads; figures of a book that lacks some are no figures of the book.
    pub fn is_whole(&self) -> bool {
        self.broken.is_empty()
    }

    /// Whether there are settings, and they do not load: what they declare is not known.
    pub fn lacks_settings(&self) -> bool {
        self.broken.keys().any(|(kind, _)| *kind == RecordKind::Settings)
    }

    /// Whether a folder of records of that kind could not be read, so that nobody knows which ids there are.
    pub fn lacks_folder(&self, kind: RecordKind) -> bool {
        self.broken.keys().any(|(of, id)| *of == kind && id.ends_with('/'))
    }

    /// The file of the record `id`, whether it loads or not; `None` if the book has no such record.
    pub fn file(&self, kind: RecordKind, id: &str) -> Option<FileId> {
        let found = match kind {
            RecordKind::Settings => self.settings_file,
            RecordKind::Market => self.market.as_ref().map(|market| market.file),
            RecordKind::Manager => self.managers.get(id).map(|record| record.file),
            RecordKind::Team => self.teams.get(id).map(|record| record.file),
            RecordKind::Client => self.clients.get(id).map(|record| record.file),
            RecordKind::Policy => self.policies.get(id).map(|record| record.file),
            RecordKind::Review => self.reviews.get(id).map(|record| record.file),
        };
        found.or_else(|| self.broken.get(&(kind, id.to_owned())).copied())
    }

    /// The records of a kind that load, by id, with their files.
    pub fn files(&self, kind: RecordKind) -> Vec<(&str, FileId)> {
        let one = |file: Option<FileId>| file.map(|file| (kind.name(), file)).into_iter().collect();
        match kind {
            RecordKind::Settings => one(self.settings_file),
            RecordKind::Market => one(self.market.as_ref().map(|market| market.file)),
            _ => self.ids(kind).into_iter().filter_map(|id| Some((id, self.file(kind, id)?))).collect(),
        }
    }

    /// The ids of a kind that load, in order.
    pub fn ids(&self, kind: RecordKind) -> Vec<&str> {
        fn of<T>(records: &Records<T>) -> Vec<&str> {
            records.iter().map(|record| record.id.as_ref()).collect()
        }
        match kind {
            RecordKind::Settings | RecordKind::Market => Vec::new(),
            RecordKind::Manager => of(&self.managers),
            RecordKind::Team => of(&self.teams),
            RecordKind::Client => of(&self.clients),
            RecordKind::Policy => of(&self.policies),
            RecordKind::Review => of(&self.reviews),
        }
    }
}
