//! Words for people: grades, roles, teams, branches and managers, as the book knows them.

use std::collections::BTreeMap;

use super::Compiler;
use crate::diag::Finding;
use crate::msg;
use crate::policy::expr::{Expr, Leaf, nearest};
use crate::policy::rule;
use crate::record::policy::curve::Cell;
use crate::record::policy::formula::Formula;
use crate::record::policy::outcome::Move;
use crate::source::{KeyPath, Place};
use crate::text::{Message, finding, policy};

/// What of a manager the rows of a constant by that word are.
pub(super) fn people_of(by: &str) -> Option<Leaf> {
    match by {
        "grade" => Some(Leaf::Grade),
        "role" => Some(Leaf::Role),
        "team" => Some(Leaf::Team),
        "branch" => Some(Leaf::Branch),
        "manager" => Some(Leaf::ManagerId),
        _ => None,
    }
}

impl Compiler<'_> {
    /// A word that a name of people is compared with; what stands in a constant is told where the constant does.
    pub(super) fn known_people(&mut self, leaf: &Leaf, word: &str, expression: &Expr, path: &KeyPath) {
        let quoted =
            ['\'', '"'].into_iter().find_map(|quote| expression.text.find(&format!("{quote}{word}{quote}")));
        if let Some(at) = quoted.map(|at| at + 1) {
            let place = self.place_of(&expression.text, path, &(at..at + word.len()));
            self.known_person(leaf, word, place);
            return;
        }
        let rows = self.rows_of(expression, word);
        rows.into_iter().for_each(|place| self.known_person(leaf, word, place));
    }

    /// The rows of a constant that people decide about.
    pub(super) fn known_rows_of(&mut self, leaf: &Leaf, rows: &BTreeMap<String, Formula>, path: &KeyPath) {
        for key in rows.keys().filter(|key| !matches!(key.as_str(), "by" | "else")) {
            self.known_person(leaf, key, Place::key(self.file, path.join(key.as_str())));
        }
    }

    /// Where a word stands in the tables that an expression looks up.
    fn rows_of(&self, expression: &Expr, word: &str) -> Vec<Place> {
        let (mut names, mut found) = (Vec::new(), Vec::new());
        expression.node.tables(&mut names);
        for name in names {
            let path = KeyPath(vec!["tables".into(), name.into(), "rows".into()]);
            for (row, cell) in self.record.tables.get(name).iter().flat_map(|table| &table.rows) {
                let path = path.join(row.as_str());
                match cell {
                    Cell::By(cells) if cells.contains_key(word) => found.push(path.join(word)),
                    _ if row == word => found.push(path),
                    _ => {}
                }
            }
        }
        found.into_iter().map(|path| Place::key(self.file, path)).collect()
    }

    /// A word for people that the book does not know. Roles and branches are free words: there only what is nearly one that
    /// somebody has is a slip.
    fn known_person(&mut self, leaf: &Leaf, word: &str, place: Place) {
        let people = &self.names.people;
        let (known, what, is_listed) = match leaf {
            Leaf::Grade => (&people.grades, policy::GRADES, true),
            Leaf::Role => (&people.roles, policy::ROLES, false),
            Leaf::Team => (&people.teams, policy::TEAMS, true),
            Leaf::Branch => (&people.branches, policy::BRANCHES, false),
            _ => (&people.managers, policy::MANAGERS, true),
        };
        let is_known = word.is_empty() || known.iter().any(|known| known == word);
        if known.is_empty() || is_known || self.stands_in(word) {
            return;
        }
        let near = nearest(word, known.iter().map(String::as_str));
        if is_listed || near.is_some() {
            let message = msg!(policy::NOT_AMONG, name = word, what = what, known = Message::list(known));
            let help = near.map(|near| msg!(finding::NEAREST, name = near));
            self.findings.push(Finding::new(&rule::WORD_NOT_IN_BOOK, place, message).help(help));
        }
    }

    /// The grade that a move names under a key.
    pub(super) fn known_grade(&mut self, grade: &str, path: &KeyPath) {
        self.known_person(&Leaf::Grade, grade, Place::value(self.file, path.clone()));
    }

    /// The grades and roles of people in tests.
    pub(in crate::policy) fn tested_people(&mut self) {
        let record = self.record;
        for (index, case) in record.tests.iter().enumerate() {
            let path = KeyPath(vec!["tests".into(), index.into()]);
            let manager = path.join("manager");
            let earlier = case.manager.earlier.iter().enumerate();
            let mut people: Vec<(KeyPath, &Option<String>, &Option<String>)> = earlier
                .map(|(at, then)| (manager.join("earlier").join(at), &then.grade, &then.role))
                .collect();
            people.push((manager, &case.manager.grade, &case.manager.role));
            let peers = case.peers.iter().enumerate();
            people.extend(peers.map(|(at, peer)| (path.join("peers").join(at), &peer.grade, &peer.role)));
            for (at, past) in case.history.iter().enumerate() {
                let path = path.join("history").join(at);
                people.push((path.clone(), &past.grade, &past.role));
                let peers = past.peers.iter().flatten().enumerate();
                people.extend(peers.map(|(at, peer)| (path.join("peers").join(at), &peer.grade, &peer.role)));
            }
            for (path, grade, role) in people {
                for (leaf, key, word) in [(Leaf::Grade, "grade", grade), (Leaf::Role, "role", role)] {
                    let place = Place::value(self.file, path.join(key));
                    word.iter().for_each(|word| self.known_person(&leaf, word, place.clone()));
                }
            }
        }
    }

    /// A promotion that leads down or nowhere, and a demotion that leads up or nowhere.
    pub(super) fn leads_on(&mut self, list: &str, step: &Move, path: &KeyPath) {
        let (Some(from), Some(to)) = (&step.from, &step.to) else { return };
        let grades = &self.names.people.grades;
        let place = |grade: &String| grades.iter().position(|known| known == grade);
        let against = |from: &&String| match place(from).zip(place(to)) {
            Some((from, to)) if list == "promotion" => to <= from,
            Some((from, to)) => to >= from,
            None => *from == to && !self.stands_in(from),
        };
        let against = from.all().iter().find(against);
        if let Some(from) = against.filter(|_| list != "warnings") {
            let message = if list == "promotion" { policy::LEADS_DOWN } else { policy::LEADS_UP };
            self.fault(&rule::MOVE_ASTRAY, &path.join("to"), msg!(message, from = from, to = to));
        }
    }
}
