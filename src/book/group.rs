//! Which clients belong together: those that name one group, and a parent with its subsidiaries, however many steps apart.

use std::collections::BTreeMap;

use super::{Record, Records, folded};
use crate::record::client::Client;

/// The groups of a book's clients; one that neither names a group nor has a parent or a subsidiary is a group by itself.
pub struct Groups<'b> {
    /// The name of each client's group, by the client's id.
    of: BTreeMap<&'b str, &'b str>,
}

impl<'b> Groups<'b> {
    /// From all clients of a book.
    pub fn new(clients: &'b Records<Client>) -> Self {
        let mut links = Links { above: (0..clients.len()).collect() };
        let places: BTreeMap<&str, usize> =
            clients.iter().enumerate().map(|(index, client)| (&*client.id, index)).collect();
        let mut named: BTreeMap<String, usize> = BTreeMap::new();
        // Subsidiaries of one parent belong together even where its record does not load.
        let mut absent: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, client) in clients.iter().enumerate() {
            if let Some(group) = group(client) {
                links.join(index, *named.entry(folded(group)).or_insert(index));
            }
            if let Some(parent) = client.data.parent.as_deref() {
                let place = places.get(parent).copied();
                links.join(index, place.unwrap_or_else(|| *absent.entry(parent).or_insert(index)));
            }
        }
        let mut names: BTreeMap<usize, &'b str> = BTreeMap::new();
        let by_group = clients.iter().map(group);
        let by_parent = clients.iter().map(|client| client.data.parent.is_none().then_some(&*client.id));
        let by_id = clients.iter().map(|client| Some(&*client.id));
        for (index, name) in by_group.enumerate().chain(by_parent.enumerate()).chain(by_id.enumerate()) {
            if let Some(name) = name {
                names.entry(links.top(index)).or_insert(name);
            }
        }
        let of = clients.iter().enumerate();
        Self { of: of.map(|(index, client)| (&*client.id, names[&links.top(index)])).collect() }
    }

    /// The group a client belongs to: a name its members state, else the id of the parent at its head.
    pub fn of(&self, client: &str) -> Option<&'b str> {
        self.of.get(client).copied()
    }
}

/// The group a client names, if any.
fn group(client: &Record<Client>) -> Option<&str> {
    client.data.group.as_deref().map(str::trim).filter(|group| !group.is_empty())
}

/// Clients linked with one another, each by the place of another one of its group, or its own.
struct Links {
    above: Vec<usize>,
}

impl Links {
    /// The one all of a group lead to.
    fn top(&mut self, mut at: usize) -> usize {
        while self.above[at] != at {
            self.above[at] = self.above[self.above[at]];
            at = self.above[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.top(one), self.top(other));
        self.above[one.max(other)] = one.min(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Snapshot;

    #[test]
    fn a_name_and_a_parent_tie_clients_together() {
        let client = |(id, more): (&str, &str)| {
            let text = format!("name = '{id}'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n{more}");
            (format!("clients/{id}.toml"), Ok(text))
        };
        let clients = [
            ("a", "group = '华东'"),
            ("b", "parent = 'a'"),
            ("c", "parent = 'b'"),
            ("d", "group = ' 华东 '"),
            ("e", "parent = 'f'"),
            ("f", ""),
            ("g", ""),
            ("h", "parent = 'gone'"),
            ("i", "parent = 'gone'"),
        ];
        let (book, _) = crate::book::load(&Snapshot::new(clients.into_iter().map(client)));
        let groups = Groups::new(&book.clients);
        let names: Vec<&str> = book.clients.iter().filter_map(|client| groups.of(&client.id)).collect();
        assert_eq!(names, ["华东", "华东", "华东", "华东", "f", "f", "g", "h", "h"]);
    }
}
