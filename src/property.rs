//! How properties are tried: on the same cases in every run, so that a test which passes once passes always.
//!
//! Every `proptest!` block begins with `#![proptest_config(crate::property::config())]`.

use proptest::test_runner::{Config, RngSeed};

/// 256 cases drawn from one fixed seed, and no file that remembers failures: a run of the same code is the same run.
pub(crate) fn config() -> Config {
    Config {
        cases: 256,
        rng_seed: RngSeed::Fixed(20_261_009),
        failure_persistence: None,
        ..Config::default()
    }
}
