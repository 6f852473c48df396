//! Writes a book of any size, the same one for the same arguments: for benches and for trying rmbook on a branch's scale.
//!
//! `cargo run --release --example generate -- DIR --managers 100 --clients 10000`

use std::path::PathBuf;

use clap::Parser;

mod book;

/// Write a generated book
#[derive(Debug, Parser)]
struct Args {
    /// Folder to write it to; made if it does not exist
    dir: PathBuf,
    /// Number of managers
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=99_999))]
    managers: u32,
    /// Number of clients
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(0..=9_999_999))]
    clients: u32,
    /// Seed of its random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> std::io::Result<()> {
    let Args { dir, managers, clients, seed } = Args::parse();
    book::write(&dir, &book::Size { managers, clients }, seed)
}
