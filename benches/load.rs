//! How long it takes to read, load and score a generated book: `cargo bench`.
//!
//! Reading alone is the floor under everything; `toml` is the parser the reader is measured against.

use divan::Bencher;
use rmbook::metric::Portfolios;
use rmbook::record::client::Client;
use rmbook::record::tree;
use rmbook::score::Asked;
use rmbook::score::apply::{Policies, Request, run};
use rmbook::source::Snapshot;
use rmbook::{book, store};
use tempfile::TempDir;

#[path = "../examples/generate/book.rs"]
mod generated;

const CLIENTS: [u32; 2] = [500, 5000];

fn main() {
    divan::main();
}

fn folder(clients: u32) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder can be made");
    let size = generated::Size { managers: clients.div_ceil(100), clients };
    generated::write(dir.path(), &size, 1).expect("a temporary folder can be written");
    dir
}

fn snapshot(dir: &TempDir) -> Snapshot {
    store::read_book(dir.path()).expect("a generated book can be read")
}

/// The texts of the clients.
fn clients(snapshot: &Snapshot) -> Vec<&str> {
    let of_clients = snapshot.sources.iter().filter(|(_, source)| source.path.starts_with("clients/"));
    of_clients.map(|(_, source)| source.text.as_str()).collect()
}

#[divan::bench(args = CLIENTS, sample_count = 10)]
fn read(bencher: Bencher, count: u32) {
    let dir = folder(count);
    bencher.bench_local(|| snapshot(&dir));
}

#[divan::bench(args = CLIENTS, sample_count = 10)]
fn load(bencher: Bencher, count: u32) {
    let dir = folder(count);
    let snapshot = snapshot(&dir);
    bencher.bench_local(|| book::load(&snapshot));
}

#[divan::bench(args = CLIENTS, sample_count = 10)]
fn read_and_load(bencher: Bencher, count: u32) {
    let dir = folder(count);
    bencher.bench_local(|| book::load(&snapshot(&dir)));
}

#[divan::bench(args = CLIENTS, sample_count = 10)]
fn scorecard(bencher: Bencher, count: u32) {
    let dir = folder(count);
    let (book, _) = book::load(&snapshot(&dir));
    bencher.bench_local(|| {
        let policies = Policies::of(&book);
        let request = Request { period: "2026-10".parse().ok(), ..Request::default() };
        let scored = run(&Portfolios::new(&book), &policies, request, &Asked::default());
        scored.map(|scored| scored.iter().map(|scored| scored.cards.len()).sum::<usize>()).ok()
    });
}

#[divan::bench(sample_count = 10)]
fn parse_with_the_reader(bencher: Bencher) {
    let dir = folder(500);
    let snapshot = snapshot(&dir);
    let texts = clients(&snapshot);
    bencher.bench_local(|| texts.iter().filter(|text| tree::read::<Client>(text).is_ok()).count());
}

#[divan::bench(sample_count = 10)]
fn parse_with_toml(bencher: Bencher) {
    let dir = folder(500);
    let snapshot = snapshot(&dir);
    let texts = clients(&snapshot);
    bencher.bench_local(|| texts.iter().filter(|text| toml::from_str::<Client>(text).is_ok()).count());
}
