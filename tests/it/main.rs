//! The integration tests: one binary, one module per area.
//!
//! A module here drives the library or the program through a real folder ([`fixture::Folder`]). What needs no folder is
//! tested beside its code.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests set up folders and run programs, and a failing step is a failing test"
)]

mod add;
mod agreement;
mod begun;
mod beside;
mod bounds;
mod carried;
mod cases;
mod catalogue;
mod chain;
mod check;
mod clauses;
mod clearing;
mod closing;
mod coverage;
mod due;
mod entry;
mod example;
mod export;
mod fixture;
mod fmt;
mod gallery;
mod handover;
mod history;
mod import;
mod init;
mod language;
mod list;
mod misread;
mod missing;
mod money;
mod months;
mod open;
mod past;
mod pay;
mod percent;
mod periods;
mod policies;
mod rates;
mod readme;
mod rename;
mod report;
mod robust;
mod scoring;
mod set;
mod shell;
mod show;
mod skipped;
mod store;
mod tidy;
mod told;
mod variants;
mod voice;
mod weighed;
mod writing;
