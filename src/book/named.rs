//! Records by what people call them: an id, or else a name, which several may have.

use std::collections::BTreeMap;

use super::Book;
use crate::record::kind::RecordKind;
use crate::source::FileId;

/// Whether an id or a name holds a word, whatever its case. Any Chinese character is a word; a single letter or digit, which
/// nearly every id holds, is none.
pub fn holds(text: &str, word: &str) -> bool {
    let word = word.to_lowercase();
    word.len() > 1 && text.to_lowercase().contains(&word)
}

/// An id that a record had before.
#[derive(Clone, Copy, Debug)]
pub struct Former<'b> {
    /// The kind of the record.
    pub kind: RecordKind,
    /// The id it had.
    pub old: &'b str,
    /// The id it has now.
    pub id: &'b str,
    /// Its file.
    pub file: FileId,
    /// The place of the old id among its `former_ids`.
    pub index: usize,
}

impl Book {
    /// The ids that a word names among the records of a kind: the word itself where it is one, else those of the records called
    /// so, in id order.
    pub fn called<'b>(&'b self, kind: RecordKind, word: &'b str) -> Vec<&'b str> {
        if !kind.is_many() {
            return Vec::new();
        }
        if self.file(kind, word).is_some() {
            return vec![word];
        }
        self.ids(kind).into_iter().filter(|id| self.names(kind, id).contains(&word)).collect()
    }

    /// The records of all kinds whose id or name holds a word, in the order of the kinds.
    pub fn holding(&self, word: &str) -> Vec<(RecordKind, &str)> {
        let holds = |text: &str| holds(text, word);
        let ids = RecordKind::ALL.iter().flat_map(|kind| self.ids(*kind).into_iter().map(|id| (*kind, id)));
        ids.filter(|(kind, id)| holds(id) || self.names(*kind, id).into_iter().any(holds)).collect()
    }

    /// Every id that a record had before: renamed, or merged into another record.
    pub fn formers(&self) -> impl Iterator<Item = Former<'_>> {
        let clients =
            self.clients.iter().map(|it| (RecordKind::Client, &*it.id, it.file, &it.data.former_ids));
        let managers =
            self.managers.iter().map(|it| (RecordKind::Manager, &*it.id, it.file, &it.data.former_ids));
        let teams = self.teams.iter().map(|it| (RecordKind::Team, &*it.id, it.file, &it.data.former_ids));
        clients.chain(managers).chain(teams).flat_map(|(kind, id, file, old)| {
            old.iter().enumerate().map(move |(index, old)| Former { kind, old, id, file, index })
        })
    }

    /// The ids that records had before, each with the one it has now.
    pub fn former_ids(&self) -> BTreeMap<(RecordKind, &str), &str> {
        self.formers().map(|former| ((former.kind, former.old), former.id)).collect()
    }

    /// The id that a record of a kind, called otherwise before, has now.
    pub fn formerly(&self, kind: RecordKind, id: &str) -> Option<&str> {
        let had = |former: &[String]| former.iter().any(|old| old == id);
        match kind {
            RecordKind::Client => self.clients.iter().rfind(|it| had(&it.data.former_ids)).map(|it| &*it.id),
            RecordKind::Manager => {
                self.managers.iter().rfind(|it| had(&it.data.former_ids)).map(|it| &*it.id)
            }
            RecordKind::Team => self.teams.iter().rfind(|it| had(&it.data.former_ids)).map(|it| &*it.id),
            _ => None,
        }
    }

    /// What a record is called beside its id.
    fn names(&self, kind: RecordKind, id: &str) -> Vec<&str> {
        match kind {
            RecordKind::Manager => self.managers.get(id).map(|it| vec![it.data.name.as_str()]),
            RecordKind::Team => self.teams.get(id).map(|it| vec![it.data.name.as_str()]),
            RecordKind::Policy => self.policies.get(id).map(|it| vec![it.data.title.as_str()]),
            RecordKind::Client => self.clients.get(id).map(|it| {
                let aliases = it.data.aliases.iter().map(String::as_str);
                aliases.chain([it.data.name.as_str()]).collect()
            }),
            RecordKind::Settings | RecordKind::Market | RecordKind::Review => None,
        }
        .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::load;
    use super::*;
    use crate::source::Snapshot;

    #[test]
    fn an_id_that_a_record_had_before_leads_to_it() {
        let client = |id: &str, more: &str| {
            let text = format!("name = '{id}'\ntier = 'key'\nmanager = 'li'\nstatus = 'active'\n{more}");
            (format!("clients/{id}.toml"), Ok(text))
        };
        let (book, _) =
            load(&Snapshot::new([client("c25", "former_ids = ['c26', 'c27']"), client("c1", "")]));
        let now = |kind, id| book.formerly(kind, id);
        assert_eq!(now(RecordKind::Client, "c26"), Some("c25"));
        assert_eq!([now(RecordKind::Client, "c25"), now(RecordKind::Manager, "c26")], [None, None]);
    }

    #[test]
    fn a_record_is_called_by_its_id_its_name_or_an_alias() {
        let files = [
            ("managers/wang.toml", "name = '王芳'"),
            ("managers/wang-2.toml", "name = '王芳'"),
            ("managers/li.toml", "name = 'wang'"),
            (
                "clients/a.toml",
                "name = '华东精密制造有限公司'\naliases = ['华东精密']\ntier = 'key'\nmanager = 'li'\nstatus = 'active'",
            ),
        ];
        let texts = files.map(|(path, text)| (path.to_owned(), Ok(text.to_owned())));
        let (book, _) = load(&Snapshot::new(texts));
        let called = |kind, word| book.called(kind, word).join(" ");
        assert_eq!(called(RecordKind::Manager, "wang"), "wang", "an id comes before a name");
        assert_eq!(called(RecordKind::Manager, "王芳"), "wang wang-2");
        assert_eq!(called(RecordKind::Client, "华东精密"), "a");
        assert_eq!(called(RecordKind::Client, "王芳"), "");
        let holding = |word| book.holding(word).into_iter().map(|(_, id)| id).collect::<Vec<_>>();
        assert_eq!([holding("芳"), holding("东精")], [vec!["wang", "wang-2"], vec!["a"]]);
        assert_eq!([holding("WANG"), holding("w")], [vec!["li", "wang", "wang-2"], vec![]]);
    }
}
