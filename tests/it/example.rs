//! The example book: clean, whole, and showing every section a record can have.

use std::path::PathBuf;
use std::process::Command;

use rmbook::book::{self, Book};
use rmbook::edit::{self, Order};
use rmbook::period::Period;
use rmbook::record::figure::Targets;
use rmbook::record::kind::RecordKind;
use rmbook::record::tree;
use rmbook::source::Snapshot;
use rmbook::store;
use rust_decimal::Decimal;

/// The day on which the example book was last kept.
const TODAY: &str = "2026-11-24";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/riverside")
}

fn riverside() -> (Snapshot, Book) {
    let snapshot = store::read_book(&root()).unwrap();
    let (book, findings) = book::load(&snapshot);
    assert!(findings.is_empty(), "{findings:?}");
    (snapshot, book)
}

#[test]
fn check_finds_nothing_in_it() {
    let checked = Command::new(env!("CARGO_BIN_EXE_rmbook"))
        .args(["--today", TODAY, "-C"])
        .arg(root())
        .arg("check")
        .output()
        .unwrap();
    let said = [checked.stdout, checked.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert_eq!((said, checked.status.code()), ([String::new(), String::new()], Some(0)));
}

#[test]
fn it_shows_every_section_of_a_record() {
    let (snapshot, _) = riverside();
    let mut unseen = Vec::new();
    for kind in [RecordKind::Client, RecordKind::Manager, RecordKind::Team, RecordKind::Market] {
        let texts: Vec<&str> = snapshot
            .sources
            .iter()
            .filter(|(_, source)| RecordKind::of_path(&source.path).is_some_and(|(of, _)| of == kind))
            .map(|(_, source)| source.text.as_str())
            .collect();
        for field in &kind.shape().fields {
            let shown =
                |text: &&str| tree::walk(text, |record| record.get(&field.name).is_some()).unwrap_or(false);
            if !texts.iter().any(shown) {
                unseen.push(format!("{}.{}", kind.name(), field.name));
            }
        }
    }
    unseen.retain(|name| !UNSEEN.contains(&name.as_str()));
    assert!(unseen.is_empty(), "nowhere in the example book: {unseen:?}");
}

/// Fields a book kept by hand has no use for.
const UNSEEN: [&str; 2] = ["client.source", "manager.source"];

/// The sum of some records' targets, by period and measure.
fn sum<'a>(targets: impl Iterator<Item = &'a Targets>) -> Vec<(Period, String, Decimal)> {
    let mut sum: Vec<(Period, String, Decimal)> = Vec::new();
    for (period, measures) in targets.flatten() {
        for (measure, amount) in measures {
            match sum.iter_mut().find(|(of, name, _)| of == period && *name == **measure) {
                Some((_, _, total)) => *total += amount.0,
                None => sum.push((*period, measure.to_string(), amount.0)),
            }
        }
    }
    sum.sort();
    sum
}

#[test]
fn targets_add_up_from_managers_to_teams_to_the_unit() {
    let (_, book) = riverside();
    for team in &book.teams {
        let members = book.managers.iter().filter(|manager| manager.data.team.as_deref() == Some(&team.id));
        assert_eq!(
            sum(members.map(|manager| &manager.data.targets)),
            sum([&team.data.targets].into_iter()),
            "{}",
            team.id
        );
    }
    assert_eq!(
        sum(book.teams.iter().map(|team| &team.data.targets)),
        sum([&book.settings.targets].into_iter())
    );
}

#[test]
fn it_is_in_canonical_style() {
    let (snapshot, _) = riverside();
    for (_, source) in snapshot.sources.iter() {
        let (kind, _) = RecordKind::of_path(&source.path).unwrap();
        let formatted = edit::format(&source.text, &Order::from(kind.shape())).unwrap();
        assert_eq!(formatted, source.text, "{}", source.path);
    }
}
