//! How long scoring takes apart from any book: a policy of 200 indicators, and managers whose figures are at hand.
//!
//! Time should grow with managers and not with their square, whoever is compared with whom and whatever is shared out.

use std::fmt::Write as _;

use divan::Bencher;
use rmbook::metric::Names;
use rmbook::period::Period;
use rmbook::policy::{Policy, compile};
use rmbook::record::tree;
use rmbook::score::{
    Ask, Each, Facts, Known, LedgerEntry, Mark, Measured, Part, Past, Profile, RaterScore, cases, score,
};
use rmbook::source::FileId;
use rust_decimal::Decimal;

const MANAGERS: [usize; 2] = [100, 1000];
const INDICATORS: usize = 200;

fn main() {
    divan::main();
}

/// Ratios to targets, every tenth indicator a place among the team, a pool by total within the team, and a test.
fn text() -> String {
    let mut text =
        "title = \"P\"\nscheme = \"s\"\neffective = 2026-01-01\nperiod = \"month\"\nmissing = \"error\"\n\
        rounding = { score = 2, item = 2, total = 2 }\n\
        [[pay.lines]]\nid = \"bonus\"\npool = { of = \"1000000 元\", by = \"total\", among = \"team\" }\n\
        [[variants]]\nwhen = 'manager.grade == \"senior\"'\ntotal = { max = 110 }\n"
            .to_owned();
    for at in 0..INDICATORS {
        let curve = match at % 10 {
            0 => "{ kind = \"rank\", group = \"team\", percentiles = [[0, 0], [1, 100]] }",
            1 => {
                "{ kind = \"relative\", group = \"grade\", base = 80, slope = 50, max = 120, zero_target = \"error\" }"
            }
            2 => {
                "{ kind = \"bands\", edges = [100, 200, 300], results = [0, 60, 80, 100], included = \"lower\" }"
            }
            _ => "{ kind = \"ratio\", max = 1.2, zero_target = \"error\" }",
        };
        let _ = write!(
            text,
            "[measures.m{at}]\nkind = \"flow\"\n[[indicators]]\nid = \"i{at}\"\nvalue = \"m{at}.sum * 1.1 + 3\"\n\
             target = \"targets.m{at}\"\nweight = 0.5\ncurve = {curve}\n"
        );
    }
    text
}

fn policy() -> Policy {
    let record = tree::read(&text()).expect("the policy can be read");
    compile(FileId::default(), &record, &Names::default_book()).0.expect("the policy can be applied")
}

/// A manager whose every figure is the same number.
struct Plain {
    profile: Profile,
    value: Decimal,
}

impl Plain {
    fn new(at: usize) -> Self {
        let grade = if at.is_multiple_of(3) { "senior" } else { "junior" };
        let profile = Profile {
            id: format!("m{at:05}").into(),
            grade: Some(grade.into()),
            team: Some(format!("t{}", at / 10).into()),
            ..Profile::default()
        };
        Self { profile, value: Decimal::from(100 + at) }
    }
}

impl Facts for Plain {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn ask(&self, _: &Ask) -> Measured {
        Ok(self.value.into())
    }

    fn then(&self, _: Period) -> Box<dyn Facts + '_> {
        Box::new(Self { profile: self.profile.clone(), value: self.value })
    }

    fn parts(&self, _: Each, _: &[&Ask]) -> Vec<Part> {
        Vec::new()
    }

    fn ask_part(&self, _: Each, _: &Part, ask: &Ask) -> Measured {
        self.ask(ask)
    }

    fn mark(&self, _: &str) -> Option<Mark> {
        None
    }

    fn raters(&self, _: &str) -> Vec<RaterScore> {
        Vec::new()
    }

    fn given(&self, _: &str) -> Option<Known> {
        None
    }

    fn history(&self) -> &[Past] {
        &[]
    }

    fn ledger(&self) -> &[LedgerEntry] {
        &[]
    }
}

#[divan::bench(args = MANAGERS, sample_count = 10)]
fn two_hundred_indicators(bencher: Bencher, count: usize) {
    let policy = policy();
    let managers: Vec<Plain> = (0..count).map(Plain::new).collect();
    let subjects: Vec<&dyn Facts> = managers.iter().map(|manager| manager as &dyn Facts).collect();
    let period: Period = "2026-01".parse().expect("a month");
    bencher.bench_local(|| score(&policy, period, &subjects));
}

#[divan::bench(sample_count = 10)]
fn compiling(bencher: Bencher) {
    bencher.bench_local(policy);
}

#[divan::bench(sample_count = 10)]
fn the_tests_of_a_policy(bencher: Bencher) {
    let mut text = text();
    for at in 0..20 {
        let _ = write!(text, "[[tests]]\nname = \"t{at}\"\nperiod = \"2026-01\"\nexpect = {{}}\n");
    }
    let record = tree::read(&text).expect("the policy can be read");
    let policy =
        compile(FileId::default(), &record, &Names::default_book()).0.expect("the policy can be applied");
    bencher.bench_local(|| cases::run(&policy));
}
