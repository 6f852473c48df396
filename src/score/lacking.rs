//! What the last full period lacks before it can be closed: figures of pay, and targets that indicators in force need.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Asked;
use super::apply::{Policies, Request, Scored, latest, run};
use super::book::BookIndex;
use super::card::{ItemScore, Scorecard, Standing};
use super::grades::scored;
use super::round::Round;
use super::{uncarried, unjudged};
use crate::book::{Book, Record};
use crate::check::scheme_not_named;
use crate::diag::{Finding, Level, Rule};
use crate::metric::Portfolios;
use crate::msg;
use crate::path;
use crate::period::{Grain, Period};
use crate::policy::Policy;
use crate::policy::round::round;
use crate::record::policy::Mode;
use crate::record::review::Review;
use crate::source::{FileId, Place};
use crate::text::{Message, Text, score as say};

/// Pay that cannot be stated.
pub static NO_PAY: Rule = Rule {
    code: "RM698",
    name: "pay-figure-missing",
    level: Level::Warn,
    title: Text::new("a figure that pay or a rating needs is missing", "计发薪酬或评级所需数据缺失"),
    why: Text::new(
        "A missing figure is not zero, and a condition on it neither holds nor fails: until it is entered, pay or rating cannot be \
         stated and the period cannot be closed.",
        "缺数不等于零，以其为条件者既非成立亦非不成立：补录之前无法计发薪酬或评级，考核期亦不能封存。",
    ),
    mend: Text::new(
        "Enter the figure, or state what a missing one counts as: on the pay line, or in a condition with `default(figure, 0)`.",
        "请补录数据，或规定缺数的处理：在薪酬项目中写明，条件中可写作 `default(数据, 0)`。",
    ),
    example: concat!(
        "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n",
        scored!(results: "2026-09 = { deposits = 1000 }\n"; target: 1000),
        "[[pay.lines]]\nid = \"bonus\"\npool = { of = \"unit.fee_income\", by = \"total\", among = \"all\" }\n"
    ),
};

/// A target that somebody lacks.
pub static TARGET_LACKING: Rule = Rule {
    code: "RM699",
    name: "target-missing",
    level: Level::Warn,
    title: Text::new("a target that an indicator needs is missing", "考核指标所需目标缺失"),
    why: Text::new(
        "Without it the indicator is not scored and its weight goes to the others, unlike for everybody else.",
        "缺少目标的指标不计分，其权重由其他指标分摊，与他人口径不一致。",
    ),
    mend: Text::new(
        "Enter the target of the period, or of the quarter or year around it, under `targets` of the manager, of the team or in the settings.",
        "请在客户经理、团队或设置的 `targets` 中填写该期、或所在季度、年度的目标。",
    ),
    example: concat!(
        "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n",
        scored!(results: "2026-09 = { deposits = 1000 }\n"; target: "\"targets.deposits\"")
    ),
};

/// A risk-taker whose pay is deferred by less than regulators ask for.
pub static NOT_DEFERRED: Rule = Rule {
    code: "RM663",
    name: "risk-taker-not-deferred",
    level: Level::Deny,
    title: Text::new("too little of a risk-taker's pay is deferred", "风险岗位绩效薪酬延期支付不足"),
    why: Text::new(
        "The guideline on prudent remuneration of 2010 asks that at least 40 % of the variable pay of risk-takers be deferred, over \
         at least three years.",
        "2010年稳健薪酬监管指引要求风险岗位绩效薪酬的延期支付比例不低于40%、期限不少于3年。",
    ),
    mend: Text::new(
        "State enough under `[pay.deferral]` in the policy, or take `risk_taker` back where it is not meant.",
        "请在考核办法的 `[pay.deferral]` 中规定足够的比例和年限；不属风险岗位的请撤销 `risk_taker`。",
    ),
    example: concat!(
        "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\nrisk_taker = true\n",
        scored!(results: "2026-09 = { deposits = 1000 }\n"; target: 1000),
        "[[pay.lines]]\nid = \"base\"\namount = \"2 万元\"\n"
    ),
};

/// Figures of a month in which no policy is in force any more.
pub static NONE_IN_FORCE: Rule = Rule {
    code: "RM683",
    name: "no-policy-in-force",
    level: Level::Warn,
    title: Text::new("the policies have run out", "考核办法已到期"),
    why: Text::new(
        "The month has figures, and nobody is scored for it: no scorecard shows that, and what is to be closed is not asked for.",
        "该月已有数据但无人计分，考核结果不会显示，亦不会提示封存。",
    ),
    mend: Text::new(
        "Write the policy that follows, or move `until` of this one.",
        "请制定后续办法，或延长本办法的 `until`。",
    ),
    example: "# file: clients/acme.toml\nname = \"Acme\"\ntier = \"base\"\nmanager = \"wang-fang\"\nstatus = \"active\"\n\
        [results]\n2026-09 = { deposits = 1000 }\n\
        # file: policies/main.toml\ntitle = \"Main\"\nscheme = \"scorecard\"\neffective = 2026-01-01\nuntil = 2026-08-31\nperiod = \"month\"\n\
        money = \"万元\"\n[[pay.lines]]\nid = \"base\"\namount = \"2 万元\"\n",
};

/// Every rule of this file, by code.
pub static RULES: &[&Rule] = &[&NOT_DEFERRED, &NONE_IN_FORCE, &NO_PAY, &TARGET_LACKING];

/// What each scheme's last full period lacks; nothing of a closed one, nor while a record does not load.
pub fn findings(portfolios: &Portfolios<'_>, policies: &Policies, today: NaiveDate) -> Vec<Finding> {
    let book = portfolios.book();
    if !book.is_whole() {
        return Vec::new();
    }
    let mut periods: BTreeMap<(&str, Period), ()> = BTreeMap::new();
    for policy in policies.ready.values() {
        let latest = latest(book, policy.record.period.grain(), Some(today));
        periods.extend(latest.map(|period| ((policy.record.scheme.as_str(), period), ())));
    }
    let open = periods.into_keys().filter(|(scheme, period)| !is_closed(book, scheme, *period));
    let of = |(scheme, period)| {
        let request =
            Request { period: Some(period), scheme: Some(scheme), today: Some(today), ..Request::default() };
        run(portfolios, policies, request, &Asked::default()).unwrap_or_default()
    };
    let open: Vec<Scored<'_>> = open.flat_map(of).collect();
    let mut found: Vec<Finding> = open.iter().flat_map(|scored| lacking(book, scored)).collect();
    found.extend(open.iter().flat_map(|scored| unjudged::findings(book, scored, today)));
    found.extend(paid_twice(portfolios, policies, today));
    found.extend(run_out(book, policies, today));
    found.extend(uncarried::findings(portfolios, policies));
    found
}

/// A finding at the policy that ended last, where none is in force in the last month that is over and has figures.
fn run_out(book: &Book, policies: &Policies, today: NaiveDate) -> Option<Finding> {
    let month = latest(book, Grain::Month, Some(today))?.first();
    let grain = |policy: &Policy| policy.record.period.grain();
    if policies.all().any(|(_, policy)| policy.in_force(Period::containing(month, grain(policy)))) {
        return None;
    }
    let ended = policies.all().filter_map(|(id, policy)| Some((policy.record.until?, id, policy)));
    let ended = ended.filter(|(until, ..)| until.0 < month.last_day());
    let (until, id, policy) = ended.max_by_key(|(until, id, _)| (*until, *id))?;
    let message = msg!(say::RUN_OUT, month = month.to_string(), policy = id, until = until.0);
    Some(Finding::new(&NONE_IN_FORCE, Place::value(policy.file, path!["until"]), message))
}

/// Entries of the ledger that name no scheme, about a period that several are about to pay, or one is and another did. Where several
/// did, [`check`](crate::check) tells by itself.
pub fn paid_twice(portfolios: &Portfolios<'_>, policies: &Policies, today: NaiveDate) -> Vec<Finding> {
    let (book, asked) = (portfolios.book(), Asked::default());
    let index = BookIndex::new(portfolios, &asked, Some(today));
    let round = Round::new(&index, policies, Request { today: Some(today), ..Request::default() });
    let reviews = book.reviews_by_manager();
    let of = |(manager, own): (&&str, &Vec<&Record<Review>>)| {
        let Some(manager) = book.managers.get(manager) else { return Vec::new() };
        scheme_not_named(own, &|period, line| {
            let payers = round.payers(&index.profile(manager, period), own, (period, line));
            let told = payers.values().flatten().count() > 1;
            payers.into_keys().filter(|_| !told).map(str::to_owned).collect()
        })
    };
    reviews.iter().flat_map(of).collect()
}

/// Whether anybody's scorecard of a scheme and period is closed.
pub(super) fn is_closed(book: &Book, scheme: &str, period: Period) -> bool {
    let mut of_period = book.reviews.iter().filter(|review| review.data.period == period);
    of_period.any(|review| review.data.closed.contains_key(scheme))
}

fn lacking(book: &Book, scored: &Scored<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut unpaid: BTreeMap<&str, (usize, &Message)> = BTreeMap::new();
    let mut unrated: BTreeMap<&str, (usize, &Message)> = BTreeMap::new();
    for card in &scored.cards {
        if let Some(error) = &card.unrated {
            let rating = error.item.as_deref().unwrap_or_default();
            unrated.entry(rating).or_insert((0, &error.reason)).0 += 1;
        }
        for error in &card.unpaid {
            let line = error.item.as_deref().unwrap_or_default();
            unpaid.entry(line).or_insert((0, &error.reason)).0 += 1;
        }
        // Members of a team lack the same target of it.
        let lacking = targets(book, scored, card).into_iter();
        let fresh: Vec<Finding> = lacking.filter(|finding| !found.contains(finding)).collect();
        found.extend(fresh);
        found.extend(not_deferred(book, scored, card));
    }
    let lines = scored.policy.record.pay.iter().flat_map(|pay| &pay.lines);
    let lines: Vec<&str> = lines.map(|line| line.id.as_str()).collect();
    for (line, (count, reason)) in unpaid {
        let at = match lines.iter().position(|known| *known == line) {
            Some(index) => path!["pay", "lines", index],
            None => path!["pay"],
        };
        let period = scored.period.to_string();
        let message = msg!(say::NO_PAY, count = count, period = period, reason = reason.clone());
        found.push(Finding::new(&NO_PAY, Place::value(scored.policy.file, at), message));
    }
    let ratings = &scored.policy.record.ratings;
    for (rating, (count, reason)) in unrated {
        let at = match ratings.iter().position(|known| known.id == rating) {
            Some(index) => path!["ratings", index],
            None => path!["ratings"],
        };
        let period = scored.period.to_string();
        let message = msg!(say::RATING_LACKS, count = count, period = period, reason = reason.clone());
        found.push(Finding::new(&NO_PAY, Place::value(scored.policy.file, at), message));
    }
    found
}

/// A finding for a risk-taker of whose pay too little is deferred, or over too few years.
fn not_deferred(book: &Book, scored: &Scored<'_>, card: &Scorecard) -> Option<Finding> {
    let paid = card.pay.as_ref().filter(|pay| card.profile.risk_taker && pay.total > Decimal::ZERO)?;
    let plan = scored.policy.plan(&card.variants).ok()?;
    let places = plan.pay.as_ref().and_then(|pay| pay.deferral.as_ref()).map_or(2, |deferral| deferral.round);
    // What is deferred is rounded, so that it may fall short by what rounding takes.
    let least = round(paid.total * Decimal::new(4, 1), places, Mode::Down);
    let is_enough = paid.deferred >= least && paid.schedule.len() >= 3;
    let manager = book.managers.get(&card.profile.id).filter(|_| !is_enough)?;
    let share = (paid.deferred / paid.total * Decimal::ONE_HUNDRED).round_dp(2).normalize();
    let message = msg!(
        say::NOT_DEFERRED,
        manager = &*manager.id,
        period = scored.period.to_string(),
        policy = scored.id,
        share = share,
        years = paid.schedule.len()
    );
    Some(Finding::new(&NOT_DEFERRED, Place::value(manager.file, path!["risk_taker"]), message))
}

/// A finding for each target that a manager lacks, with the items that need it.
fn targets(book: &Book, scored: &Scored<'_>, card: &Scorecard) -> Vec<Finding> {
    let mut missing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let unscored = |item: &&ItemScore| {
        matches!(item.standing, Standing::Skipped(_) | Standing::Substituted(_) | Standing::Failed(_))
    };
    for item in card.items.iter().filter(unscored) {
        let figures = item.figures.iter().filter(|figure| figure.value.is_err());
        for figure in figures {
            missing.entry(&figure.name).or_default().push(&item.id);
        }
    }
    let finding = |(name, items): (&str, Vec<&str>)| {
        let (target, file, whose) = owner(book, card, name)?;
        let message = msg!(
            say::TARGET_LACKING,
            target = target,
            manager = whose,
            period = scored.period.to_string(),
            items = Message::list(&items),
            policy = scored.id
        );
        Some(Finding::new(&TARGET_LACKING, Place::value(file, path!["targets"]), message))
    };
    missing.into_iter().filter_map(finding).collect()
}

/// The target that a name asks for, the record it belongs in, and whose that is; nothing for other names.
fn owner<'n>(book: &'n Book, card: &Scorecard, name: &'n str) -> Option<(&'n str, FileId, &'n str)> {
    let manager = || book.managers.get(&card.profile.id).map(|manager| (manager.file, &*manager.id));
    let team = || book.teams.get(card.profile.team.as_deref()?).map(|team| (team.file, &*team.id));
    let unit = || Some((book.settings_file?, &*book.settings.name));
    let (target, owner) = match name.split_once('.') {
        Some(("team", target)) => (target, team()),
        Some(("unit", target)) => (target, unit()),
        _ => (name, manager()),
    };
    let (file, whose) = owner.filter(|_| target.starts_with("targets."))?;
    Some((target, file, whose))
}
