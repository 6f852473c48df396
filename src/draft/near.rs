//! The records that stand near those that change: as few as it takes to tell what cannot be so.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::KnownAs;
use crate::record::facts::{Fact, visit};
use crate::record::kind::RecordKind;
use crate::record::review::Review;
use crate::record::scorecard::LedgerKind;
use crate::record::tree;
use crate::record::value::Day;

/// Files that are to be looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// One record; of the settings, the one there is.
    Record(RecordKind, String),
    /// All records of a kind of which there are few: managers, teams, policies.
    All(RecordKind),
    /// The reviews of a manager, on which the ledger of pay rests.
    ReviewsOf(String),
    /// The clients with a facility that a manager originated, whose fate decides on deferred pay.
    OriginatedBy(String),
    /// The clients known by the code or by nearly the name of those whose texts these are.
    LikeClients(Vec<String>),
}

/// Path and text of what is near the records of `changes`, each a path with its texts before and after: the settings, what the
/// records name, the line of managers and teams above these and of a client's parents, what a review rests on, clients that a new one may
/// be, and all managers and teams where one has other targets or equipment, which are told against everybody's. `fetch` gives path and
/// text.
pub fn near(
    changes: &[(&str, [Option<&str>; 2])],
    fetch: &mut dyn FnMut(&Wanted) -> Vec<(String, String)>,
) -> BTreeMap<String, String> {
    let changed: BTreeSet<&str> = changes.iter().map(|(path, _)| *path).collect();
    let mut seen = BTreeSet::new();
    let mut open = vec![Wanted::Record(RecordKind::Settings, RecordKind::Settings.name().to_owned())];
    for (path, texts) in changes {
        let Some((kind, id)) = RecordKind::of_path(path) else { continue };
        let is_staff = matches!(kind, RecordKind::Manager | RecordKind::Team | RecordKind::Settings);
        if is_staff && SHARED.iter().any(|key| at(texts[0], key) != at(texts[1], key)) {
            open.extend([RecordKind::Manager, RecordKind::Team].map(Wanted::All));
        }
        open.extend(texts.iter().flatten().flat_map(|text| named(kind, text, false)));
        if let (RecordKind::Review, Some((_, manager))) = (kind, id.rsplit_once('/')) {
            open.extend([Wanted::ReviewsOf(manager.to_owned()), Wanted::All(RecordKind::Policy)]);
            if may_release(*texts) {
                open.push(Wanted::OriginatedBy(manager.to_owned()));
            }
        }
    }
    let named_anew = |(path, [before, after]): &(&str, [Option<&str>; 2])| {
        let is_client = RecordKind::of_path(path).is_some_and(|(kind, _)| kind == RecordKind::Client);
        let after = after.filter(|_| is_client)?;
        let is_same = before.is_some_and(|before| KnownAs::said(before).eq(KnownAs::said(after)));
        (!is_same).then(|| after.to_owned())
    };
    let anew: Vec<String> = changes.iter().filter_map(named_anew).collect();
    if !anew.is_empty() {
        open.push(Wanted::LikeClients(anew));
    }
    let mut near = BTreeMap::new();
    while let Some(wanted) = open.pop() {
        if !seen.insert(wanted.clone()) {
            continue;
        }
        for (path, text) in fetch(&wanted) {
            match wanted {
                Wanted::Record(kind @ (RecordKind::Manager | RecordKind::Team), _) => {
                    open.extend(named(kind, &text, true));
                }
                Wanted::Record(RecordKind::Client, _) => open.extend(parent(&text)),
                _ => {}
            }
            if !changed.contains(path.as_str()) {
                near.insert(path, text);
            }
        }
    }
    near
}

/// The keys of managers, teams and the settings whose values are told against those of everybody else.
const SHARED: [&str; 4] = ["team", "targets", "target_changes", "assets"];

/// What a text says at a key.
fn at(text: Option<&str>, key: &str) -> Option<toml::Value> {
    toml::from_str::<toml::Table>(text.unwrap_or_default()).ok()?.remove(key)
}

/// The parent of a client.
fn parent(text: &str) -> Option<Wanted> {
    let named = named(RecordKind::Client, text, true).into_iter();
    let mut named = named.filter(|wanted| matches!(wanted, Wanted::Record(RecordKind::Client, _)));
    named.next()
}

/// Whether a review may release deferred pay anew or on another day than before: which clients that rests on takes all of them.
fn may_release([before, after]: [Option<&str>; 2]) -> bool {
    let days = |text: &str| -> Option<Vec<Day>> {
        if !text.contains(LedgerKind::Release.word()) {
            return Some(Vec::new());
        }
        let review: Review = toml::from_str(text).ok()?;
        let released = review.ledger.iter().filter(|entry| entry.kind == LedgerKind::Release);
        Some(released.map(|entry| entry.date).collect())
    };
    let after = days(after.unwrap_or_default());
    after.as_ref().is_none_or(|after| !after.is_empty()) && after != days(before.unwrap_or_default())
}

/// Whether the text of a client may have a facility that a manager originated.
pub fn originates(text: &str, manager: &str) -> bool {
    text.lines().any(|line| line.contains("originated_by") && line.contains(manager))
}

/// The records a text names; with `own`, those that a field of the record itself names, rather than something below.
fn named(kind: RecordKind, text: &str, own: bool) -> BTreeSet<Wanted> {
    let mut found = BTreeSet::new();
    tree::walk(text, |root| {
        visit(root, kind.shape(), &mut |trail, fact| {
            if let Fact::Ref { kind, id, .. } = fact
                && let Some(kind) = RecordKind::named(kind)
                && (!own || trail.path().0.len() == 1)
            {
                found.insert(Wanted::Record(kind, id.to_owned()));
            }
        });
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book;
    use crate::check::{Entry, Options, check_of, rules, run};
    use crate::diag::{Finding, Level};
    use crate::source::Snapshot;
    use crate::text::Lang;

    const SURROUNDINGS: &str = include_str!("../check/rules/surroundings.txt");

    fn files(text: &str) -> BTreeMap<String, String> {
        let parts = text.split("# file: ").skip(1).filter_map(|part| part.split_once('\n'));
        parts.map(|(path, text)| (path.trim().to_owned(), text.to_owned())).collect()
    }

    /// What is near one file of a book.
    fn near_to(path: &str, files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        near(&[(path, [None, Some(&files[path])])], &mut |wanted| {
            let is_wanted = |(path, text): &(&String, &String)| {
                let Some((kind, id)) = RecordKind::of_path(path) else { return false };
                match wanted {
                    Wanted::Record(of, one) => kind == *of && (id == one || !kind.is_many()),
                    Wanted::All(of) => kind == *of,
                    Wanted::ReviewsOf(manager) => kind == RecordKind::Review && id.ends_with(manager),
                    Wanted::OriginatedBy(manager) => kind == RecordKind::Client && originates(text, manager),
                    Wanted::LikeClients(texts) => {
                        kind == RecordKind::Client
                            && KnownAs::of(texts.iter().map(String::as_str)).names(text)
                    }
                }
            };
            files.iter().filter(is_wanted).map(|(path, text)| (path.clone(), text.clone())).collect()
        })
    }

    /// The findings about one file of a book, which is being written.
    fn found(path: &str, files: &BTreeMap<String, String>) -> Vec<Finding> {
        let snapshot = Snapshot::new(files.iter().map(|(path, text)| (path.clone(), Ok(text.clone()))));
        let (book, _) = book::load(&snapshot);
        let written = snapshot.sources.find(path);
        let only = Some(written.into_iter().collect());
        let mut options = Options::default();
        (options.only, options.near) = (only, true);
        let mut found = run(&book, &snapshot.sources, "2026-11-02".parse().unwrap(), &options);
        let is_about = |finding: &Finding| {
            let labels = finding.labels.iter().map(|label| label.at.file);
            labels.chain([finding.at.file]).any(|file| Some(file) == written)
        };
        found.retain(|finding| check_of(finding.rule).unwrap().entry() != Entry::Whole && is_about(finding));
        found
    }

    #[test]
    fn what_is_near_a_record_tells_as_much_as_the_whole_book() {
        let shown = |found: &[Finding]| -> Vec<String> {
            let words = |it: &Finding| format!("{} {}", it.rule.code, it.message.get(Lang::En));
            found.iter().map(words).collect()
        };
        for rule in rules().filter(|rule| check_of(rule).is_some() && !rule.example.is_empty()) {
            let mut all = files(SURROUNDINGS);
            all.extend(files(rule.example));
            for path in all.keys().filter(|path| RecordKind::of_path(path).is_some()) {
                let mut small = near_to(path, &all);
                small.insert(path.clone(), all[path].clone());
                let (whole, near) = (found(path, &all), found(path, &small));
                assert_eq!(shown(&near), shown(&whole), "{} in {path}", rule.code);
            }
        }
    }

    #[test]
    fn only_what_is_an_error_is_refused() {
        let refused = rules().filter(|rule| check_of(rule).is_some_and(|it| it.entry() == Entry::Refuse));
        let refused: Vec<&str> =
            refused.filter(|rule| rule.level != Level::Deny).map(|rule| rule.code).collect();
        assert!(refused.is_empty(), "{refused:?}");
    }

    #[test]
    fn clients_are_looked_through_for_a_release_that_is_new_or_moved() {
        let review = |more: &str| format!("manager = 'li'\nperiod = '2026-10'\n{more}");
        let entry = |kind: &str, day: &str| {
            format!("[[ledger]]\ndate = 2026-11-{day}\nkind = '{kind}'\namount = 1\ncase = 'the release'\n")
        };
        let (bare, released) = (review(""), review(&entry("release", "02")));
        let noted = format!("{released}# release it\n");
        for (before, after, looked) in [
            (&bare, &released, true),
            (&released, &review(&entry("release", "03")), true),
            (&released, &noted, false),
            (&released, &bare, false),
            (&bare, &review(&entry("advance", "02")), false),
        ] {
            let mut wanted = Vec::new();
            near(&[("reviews/2026-10/li.toml", [Some(before), Some(after)])], &mut |it| {
                wanted.push(it.clone());
                Vec::new()
            });
            assert_eq!(wanted.contains(&Wanted::OriginatedBy("li".into())), looked, "{before}{after}");
        }
    }

    #[test]
    fn nothing_is_looked_at_that_a_record_does_not_name() {
        let mut all = files(SURROUNDINGS);
        all.insert("clients/other.toml".into(), "manager = 'li-na'\n".into());
        all.insert("clients/acme.toml".into(), "manager = 'wang-fang'\nbackup = 'li-na'\n".into());
        for (id, more) in [("li-na", "team = 'one'\n"), ("wang-fang", ""), ("zhao-lei", ""), ("qian-wei", "")]
        {
            let text =
                format!("name = 'X'\n{more}one_on_ones = [{{ date = 2026-10-09, with = 'qian-wei' }}]\n");
            all.insert(format!("managers/{id}.toml"), text);
        }
        all.insert("teams/one.toml".into(), "name = 'One'\nlead = 'zhao-lei'\n".into());
        let near = near_to("clients/acme.toml", &all);
        let paths: Vec<&str> = near.keys().map(String::as_str).collect();
        let expected = [
            "managers/li-na.toml",
            "managers/wang-fang.toml",
            "managers/zhao-lei.toml",
            "rmbook.toml",
            "teams/one.toml",
        ];
        assert_eq!(paths, expected);
    }
}
