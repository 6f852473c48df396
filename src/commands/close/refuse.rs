//! What keeps a period from being closed, or opened again.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;

use super::super::{Context, Loaded};
use crate::book::credit::{credit_changes, percent_on};
use crate::book::figured;
use crate::book::{Book, Record};
use crate::close;
use crate::failure::failure;
use crate::metric::Portfolios;
use crate::msg;
use crate::period::{Month, Period};
use crate::record::figure::Figures;
use crate::record::review::{Review, ToldOf};
use crate::score::apply::{Policies, Scored};
use crate::text::{Message, close as say, first_few};

/// A scheme that no policy is of and nothing was closed under is mistyped.
pub(super) fn unknown_scheme(scheme: Option<&str>, loaded: &Loaded) -> anyhow::Result<()> {
    let Some(scheme) = scheme else { return Ok(()) };
    let policies = loaded.book.policies.iter().map(|policy| policy.data.scheme.as_str());
    let schemes: BTreeSet<&str> =
        policies.chain(loaded.book.settings.closed.keys().map(String::as_str)).collect();
    if !schemes.contains(scheme) {
        let schemes: Vec<&str> = schemes.into_iter().collect();
        bail!(failure(msg!(say::NO_SCHEME, scheme = scheme, schemes = Message::list(&schemes))));
    }
    Ok(())
}

/// A period that is not over, or with an appeal open, is not closed.
pub(super) fn early(period: Period, loaded: &Loaded, context: &Context<'_>) -> anyhow::Result<()> {
    if period.last_day() >= context.today {
        let day = period.last_day();
        bail!(failure(msg!(say::NOT_OVER, period = period.to_string(), day = day)));
    }
    let open = loaded.book.reviews.iter().find(|review| {
        review.data.period == period
            && review.data.appeal.as_ref().is_some_and(|appeal| appeal.decided.is_none())
    });
    match open {
        Some(review) => bail!(failure(msg!(say::APPEAL_OPEN, review = &*review.id))),
        None => Ok(()),
    }
}

/// A period before everything the scheme has closed stays open: years, carry-over and promotions of what was closed since went
/// without it, and only the newest closed period opens again. One between two closed ones fills a gap.
pub(super) fn before_all(period: Period, scheme: &str, loaded: &Loaded) -> anyhow::Result<()> {
    let closed = loaded.book.settings.closed.get(scheme).into_iter().flat_map(BTreeMap::keys);
    match closed.filter(|closed| closed.grain() == period.grain()).min().filter(|first| **first > period) {
        Some(first) => {
            let message = msg!(say::BEFORE_ALL, period = period.to_string(), first = first.to_string());
            bail!(failure(message))
        }
        None => Ok(()),
    }
}

/// The managers whose scorecards are still to be closed; what was closed of others stands.
fn open<'s>(period: Period, scored: &'s [Scored<'_>], book: &Book) -> Vec<&'s str> {
    let is_open = |scored: &Scored<'_>, manager: &str| {
        let review = book.reviews.get(&format!("{period}/{manager}"));
        review.is_none_or(|review| !review.data.closed.contains_key(&scored.policy.record.scheme))
    };
    let managers = scored.iter().flat_map(|scored| {
        let managers = scored.cards.iter().map(|card| &*card.profile.id);
        managers.filter(|manager| is_open(scored, manager))
    });
    managers.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Figures of the period that somebody would earn after the last day at work keep it open: whose they are is not said yet.
pub(super) fn leavers(period: Period, scored: &[Scored<'_>], book: &Book) -> anyhow::Result<()> {
    if open(period, scored, book).is_empty() {
        return Ok(());
    }
    let last = period.last_day();
    for manager in &book.managers {
        let Some(left) = manager.data.left.map(|left| left.0).filter(|left| *left < last) else { continue };
        let after = left.succ_opt().unwrap_or(left);
        let clients = book.clients.iter().filter(|client| {
            let months = period.months().iter().filter(|month| month.last_day() > left);
            let figures = months.filter_map(|month| client.data.results.get(&month));
            let mut measures = figures.flat_map(Figures::measures);
            let changes = || credit_changes(&client.data).chain([after, period.first_day()]);
            measures.any(|measure| {
                let days = changes().filter(|day| *day > left && period.first_day() <= *day && *day <= last);
                days.into_iter().any(|day| !percent_on(&client.data, measure, &[&manager.id], day).is_zero())
            })
        });
        let clients: Vec<&str> = clients.map(|client| &*client.id).collect();
        if !clients.is_empty() {
            let (period, manager) = (period.to_string(), &*manager.id);
            let (all, clients) = (clients.join(" "), first_few(&clients));
            bail!(failure(msg!(
                say::LEAVER_EARNS,
                manager = manager,
                left = left,
                period = period,
                clients = clients,
                all = all,
                after = after
            )));
        }
    }
    Ok(())
}

/// A month since the book's first figures of which none came, or of which some clients of those who are scored lack those that
/// others have, is not closed: what is missing would count as nothing, or fall on what needs none.
pub(super) fn lacking(
    period: Period,
    scored: &[Scored<'_>],
    portfolios: &Portfolios<'_>,
) -> anyhow::Result<()> {
    let book = portfolios.book();
    let managers = open(period, scored, book);
    let begun = |month: &Month| portfolios.figured.months().next().is_some_and(|first| first <= *month);
    for month in period.months().iter().filter(begun) {
        if !managers.is_empty() && !portfolios.figured.contains(month) {
            let period = period.to_string();
            bail!(failure(msg!(say::NO_FIGURES, month = month.to_string(), period = period)));
        }
        let clients = figured::lacking(book, month, Some(&managers));
        if let Some(client) = clients.first() {
            let (month, clients) = (month.to_string(), first_few(&clients));
            bail!(failure(msg!(say::LACKING, month = month, clients = clients, client = *client)));
        }
    }
    Ok(())
}

/// What is frozen of the period already must still stand.
pub(super) fn other_figures(
    period: Period,
    loaded: &Loaded,
    portfolios: &Portfolios<'_>,
    policies: &Policies,
) -> anyhow::Result<()> {
    let of_period = loaded.book.reviews.iter().filter(|review| review.data.period == period);
    let files: Vec<_> = of_period.map(|review| review.file).collect();
    let sources = &loaded.snapshot.sources;
    let found = close::compare(portfolios, sources, policies, |file| files.contains(&file));
    // A scorecard that is missing is what closing again adds.
    if found.iter().any(|finding| finding.rule != &close::rule::CLOSED_SCORECARD_MISSING) {
        bail!(failure(msg!(say::OTHER_FIGURES, period = period.to_string())));
    }
    Ok(())
}

/// What managers were told, or acknowledged, and what was decided on their appeals stays: other figures are amendments. An appeal that
/// was upheld corrects the one result it was about; those of the others, who were told theirs, stand.
pub(super) fn known(period: Period, loaded: &Loaded) -> anyhow::Result<()> {
    let own = || loaded.book.reviews.iter().filter(|review| review.data.period == period);
    let upheld =
        own().find(|review| review.data.appeal.as_ref().is_some_and(|appeal| appeal.upheld == Some(true)));
    // What was taken out without a withdrawal still bars it, as far as an amendment tells.
    let since = |review: &Record<Review>| {
        let told = review.data.bound().map(|(what, day)| (day, what));
        told.chain(review.data.untold().map(|(_, day)| (day, ToldOf::Published))).min()
    };
    let known: Vec<_> = own().filter_map(|review| Some((review, since(review)?))).collect();
    let first = known.iter().min_by_key(|(_, since)| *since);
    let Some((review, (since, what))) = first else { return Ok(()) };
    let managers: Vec<&str> = known.iter().map(|(review, _)| &*review.data.manager).collect();
    let whose = || Message::both("MANAGER", "客户经理");
    let amended = upheld.map_or_else(whose, |review| Message::verbatim(&*review.data.manager));
    bail!(failure(msg!(
        say::PUBLISHED,
        period = period.to_string(),
        day = since.0,
        managers = first_few(&managers),
        manager = amended,
        review = &*review.id,
        what = what.word()
    )))
}
