//! The kinds of record and where each stands in a book.
//!
//! A new kind is one line in `KINDS`, one struct beside the others, and one collection in [`crate::book::Book`].

use std::sync::LazyLock;

use super::shape::Shape;
use super::{client, manager, market, policy, review, settings, team};
use crate::text::Text;

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// `rmbook.toml`.
    Settings,
    /// `market.toml`.
    Market,
    /// A file under `managers/`.
    Manager,
    /// A file under `teams/`.
    Team,
    /// A file under `clients/`.
    Client,
    /// A file under `policies/`.
    Policy,
    /// A file under `reviews/PERIOD/`.
    Review,
}

struct Definition {
    kind: RecordKind,
    name: &'static str,
    title: Text,
    /// A folder, or a file of the book's top.
    place: &'static str,
    shape: LazyLock<Shape>,
}

macro_rules! kinds {
    ($($kind:ident $name:literal $title_en:literal $title_zh:literal $place:literal $record:ty;)*) => {
        static KINDS: [Definition; RecordKind::ALL.len()] = [$(Definition {
            kind: RecordKind::$kind,
            name: $name,
            title: Text::new($title_en, $title_zh),
            place: $place,
            shape: LazyLock::new(|| Shape::compile(&super::schema::schema::<$record>())),
        }),*];

        impl RecordKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// The JSON Schema of its records, as editors read it.
            pub fn schema(self) -> serde_json::Value {
                match self {
                    $(Self::$kind => super::schema::schema::<$record>(),)*
                }
            }

            /// Why the one reader does not take `text` for a record of this kind, if it does not.
            pub fn refusal(self, text: &str) -> Option<String> {
                match self {
                    $(Self::$kind => super::tree::read::<$record>(text).err().map(|refusal| refusal.to_string()),)*
                }
            }
        }
    };
}

kinds! {
    Settings "settings" "settings" "设置" "rmbook.toml" settings::Settings;
    Market "market" "market figures" "市场数据" "market.toml" market::Market;
    Manager "manager" "manager" "客户经理" "managers" manager::Manager;
    Team "team" "team" "团队" "teams" team::Team;
    Client "client" "client" "客户" "clients" client::Client;
    Policy "policy" "policy" "考核办法" "policies" policy::Policy;
    Review "review" "review" "考核" "reviews" review::Review;
}

impl RecordKind {
    fn definition(self) -> &'static Definition {
        let found = KINDS.iter().find(|definition| definition.kind == self);
        found.expect("every kind has its line in KINDS")
    }

    /// Its word in commands and references: `client`.
    pub fn name(self) -> &'static str {
        self.definition().name
    }

    /// What people call it.
    pub fn title(self) -> Text {
        self.definition().title
    }

    /// The folder its records stand in, or its one file at the top of the book.
    pub fn place(self) -> &'static str {
        self.definition().place
    }

    /// Whether it has a folder of records rather than one file.
    pub fn is_many(self) -> bool {
        !self.place().ends_with(".toml")
    }

    /// The shape of its records.
    pub fn shape(self) -> &'static Shape {
        &self.definition().shape
    }

    /// The kind by its word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The kind that somebody means by a word: its name, the folder of its records, or what people call it.
    pub fn of_word(word: &str) -> Option<Self> {
        let is_meant = |kind: &Self| {
            let title = kind.title();
            [kind.name(), kind.place(), title.en, title.zh].iter().any(|own| own.eq_ignore_ascii_case(word))
        };
        Self::ALL.iter().copied().find(is_meant)
    }

    /// The path of the record `id` where no folder below the kind's groups it.
    pub fn path(self, id: &str) -> String {
        if self.is_many() { format!("{}/{id}.toml", self.place()) } else { self.place().to_owned() }
    }

    /// What a path in a book is: its kind and id. The id is the file's stem; a review's is `PERIOD/MANAGER`.
    pub fn of_path(path: &str) -> Option<(Self, &str)> {
        let kind = Self::ALL.iter().copied().find(|kind| match path.strip_prefix(kind.place()) {
            Some(rest) => rest.is_empty() || kind.is_many() && rest.starts_with('/'),
            None => false,
        })?;
        if !kind.is_many() {
            return Some((kind, kind.name()));
        }
        let inside = path.strip_prefix(kind.place())?.strip_prefix('/')?.strip_suffix(".toml")?;
        if kind == Self::Review {
            return (inside.matches('/').count() == 1).then_some((kind, inside));
        }
        inside.rsplit('/').next().map(|stem| (kind, stem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_kind_and_id() {
        for (path, expected) in [
            ("clients/east/acme.toml", Some((RecordKind::Client, "acme"))),
            ("reviews/2026-10/wang-fang.toml", Some((RecordKind::Review, "2026-10/wang-fang"))),
            ("reviews/wang-fang.toml", None),
            ("rmbook.toml", Some((RecordKind::Settings, "settings"))),
            ("notes/a.toml", None),
        ] {
            assert_eq!(RecordKind::of_path(path), expected, "{path}");
        }
    }

    #[test]
    fn every_item_of_every_record_is_described_in_both_languages() {
        fn bare(path: &str, shape: &Shape, into: &mut Vec<String>) {
            use crate::record::shape::Kind;
            for field in &shape.fields {
                let path = format!("{path}.{}", field.name);
                if field.doc.en.is_empty() || field.doc.zh.is_empty() {
                    into.push(path.clone());
                }
                match &field.kind {
                    Kind::Table(shape) => bare(&path, shape, into),
                    Kind::Choice(choices) => {
                        let bare = choices
                            .iter()
                            .filter(|choice| choice.doc.en.is_empty() || choice.doc.zh.is_empty());
                        into.extend(bare.map(|choice| format!("{path} = {}", choice.name)));
                    }
                    _ => {
                        if let Some(shape) = field.entries() {
                            bare(&path, shape, into);
                        }
                    }
                }
            }
        }
        let mut found = Vec::new();
        for kind in RecordKind::ALL {
            bare(kind.name(), kind.shape(), &mut found);
        }
        assert!(found.is_empty(), "without both languages: {found:?}");
    }

    #[test]
    fn keys_and_order_of_entries_name_their_fields() {
        use crate::record::shape::Kind;
        fn lists(shape: &Shape) {
            for field in &shape.fields {
                if let Kind::Table(table) = &field.kind {
                    lists(table);
                }
                let Some(entry) = field.entries() else { continue };
                for name in field.key.iter().chain(&field.order) {
                    assert!(entry.field(name).is_some(), "{}: no field `{name}`", field.name);
                }
                if let Some(order) = &field.order {
                    let day = entry.field(order).map(|field| &field.kind);
                    assert!(matches!(day, Some(Kind::Day)), "{}: `{order}` is no day", field.name);
                }
                lists(entry);
            }
        }
        RecordKind::ALL.iter().for_each(|kind| lists(kind.shape()));
    }

    #[test]
    fn sample_records_fit_their_shapes() {
        use crate::record::fault::faults;
        use crate::source::{Source, Sources};
        let sample = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
        let sources = Sources::new(vec![
            sample("managers/wang-fang.toml", include_str!("samples/manager.toml")),
            sample("teams/corporate-1.toml", include_str!("samples/team.toml")),
            sample("reviews/2026-10/wang-fang.toml", include_str!("samples/review.toml")),
        ]);
        for (file, source) in sources.iter() {
            let (kind, _) = RecordKind::of_path(&source.path).unwrap();
            let found = faults(file, &source.text, kind.shape());
            assert!(found.is_empty(), "{}: {found:?}", source.path);
        }
    }
}
