//! `rmbook close`: a period's scorecards frozen in the reviews.

use anyhow::{anyhow, bail};
use clap::Args;

use super::{Context, ExitStatus, Loaded, WriteArgs, Writing, period, ready_policies};
use crate::close;
use crate::draft::plan::order;
use crate::edit::render::{Table, document};
use crate::edit::{self, Change};
use crate::metric::Portfolios;
use crate::msg;
use crate::path;
use crate::period::Period;
use crate::record::kind::RecordKind;
use crate::score::Asked;
use crate::score::apply::{Request, Scored, run as score_book};
use crate::text::close as say;

/// Freeze a period's scorecards in the reviews
///
/// From then on `check` reports whatever would change a frozen figure, unless an amendment of the review covers it. A
/// period is closed once it is over, with no appeal open; only the newest closed period can be reopened.
#[derive(Debug, Args)]
pub(super) struct CloseArgs {
    /// Period
    period: String,
    /// Only policies of this scheme
    #[arg(long)]
    scheme: Option<String>,
    /// Take back the closing of the newest closed period
    #[arg(long)]
    reopen: bool,
    #[command(flatten)]
    write: WriteArgs,
}

pub(super) fn run(args: &CloseArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let period = period(&args.period, context)?;
    let mut writing = Writing::open(context, &args.write)?;
    let (loaded, _) = context.load_whole()?;
    if args.reopen {
        return reopen(args, period, &loaded, writing, context);
    }
    refuse_early(period, &loaded, context)?;
    let policies = ready_policies(&loaded, context)?;
    let portfolios = Portfolios::new(&loaded.book);
    let asked = Asked { evidence: true, ..Asked::default() };
    let request = Request { period: Some(period), scheme: args.scheme.as_deref(), ..Request::default() };
    let mut scored = score_book(&portfolios, &policies, request, &asked).map_err(|why| anyhow!("{why}"))?;
    // A policy of another grain has its own periods to close.
    scored.retain(|scored| scored.policy.record.period.grain() == period.grain());
    if scored.is_empty() {
        bail!("no policy scores `{period}`\nhelp: close a period of a policy's own length");
    }
    let mut closed = 0;
    for scored in &scored {
        closed += freeze(&loaded, scored, &mut writing, context)?;
    }
    let message = if closed == 0 {
        msg!(say::ALREADY, period = period.to_string())
    } else {
        msg!(say::CLOSED, count = closed, period = period.to_string())
    };
    writing.finish(context)?;
    context.say(&message)?;
    Ok(ExitStatus::Clean)
}

/// A period that is not over, or with an appeal open, is not closed.
fn refuse_early(period: Period, loaded: &Loaded, context: &Context<'_>) -> anyhow::Result<()> {
    if period.last_day() >= context.today {
        bail!("`{period}` is not over before {}", period.last_day());
    }
    let open = loaded.book.reviews.iter().find(|review| {
        review.data.period == period
            && review.data.appeal.as_ref().is_some_and(|appeal| appeal.decided.is_none())
    });
    match open {
        Some(review) => bail!(
            "the appeal in the review `{}` is not decided\nhelp: decide it, or correct the next period",
            review.id
        ),
        None => Ok(()),
    }
}

/// Writes the scorecards of one policy; how many were new.
fn freeze(
    loaded: &Loaded,
    scored: &Scored<'_>,
    writing: &mut Writing,
    context: &Context<'_>,
) -> anyhow::Result<usize> {
    let scheme = scored.policy.record.scheme.as_str();
    let mut new = 0;
    for card in &scored.cards {
        if let Some(error) = card.errors.iter().chain(&card.unpaid).next() {
            bail!("{} has no scorecard for {}: {}", card.profile.id, scored.period, error.reason);
        }
        let id = format!("{}/{}", scored.period, card.profile.id);
        let path = writing.find(RecordKind::Review, &id)?.unwrap_or_else(|| RecordKind::Review.path(&id));
        if let Some(before) = loaded.book.reviews.get(&id).and_then(|review| review.data.closed.get(scheme)) {
            if !close::is_frozen(before, &loaded.snapshot.sources, card) {
                bail!(
                    "`{id}` is closed with other figures\n\
                     help: `rmbook check` says which; an amendment or `--reopen` settles it"
                );
            }
            continue;
        }
        let frozen = close::frozen(&loaded.book, &loaded.snapshot.sources, scored, card, context.today);
        let text = match writing.read(&path)? {
            Some(text) => text,
            None => draft(&card.profile.id, scored.period),
        };
        writing.put(&path, Some(close::with_section(&text, scheme, &frozen)))?;
        new += 1;
    }
    Ok(new)
}

/// A review with nothing in it but whose it is.
fn draft(manager: &str, period: Period) -> String {
    let table: Table = vec![("manager".into(), manager.into()), ("period".into(), period.to_string().into())];
    document(&["#:schema ../../.rmbook/schema/review.json"], &table)
}

fn reopen(
    args: &CloseArgs,
    period: Period,
    loaded: &Loaded,
    mut writing: Writing,
    context: &mut Context<'_>,
) -> anyhow::Result<ExitStatus> {
    let wanted = |scheme: &str| args.scheme.as_deref().is_none_or(|only| only == scheme);
    let closed = || {
        loaded
            .book
            .reviews
            .iter()
            .flat_map(|review| review.data.closed.keys().map(move |scheme| (review, scheme)))
    };
    let later = closed().find(|(review, scheme)| {
        wanted(scheme) && review.data.period.grain() == period.grain() && review.data.period > period
    });
    if let Some((review, _)) = later {
        bail!("only the newest closed period can be reopened, and `{}` is closed", review.data.period);
    }
    let mut count = 0;
    for (review, scheme) in closed().filter(|(review, scheme)| review.data.period == period && wanted(scheme))
    {
        let path = loaded.snapshot.sources.get(review.file).path.clone();
        let text = writing.read(&path)?.unwrap_or_default();
        let change = Change::Unset { path: path!["closed", scheme.as_str()] };
        writing.put(&path, Some(edit::apply(&text, &[change], order(RecordKind::Review))?))?;
        count += 1;
    }
    if count == 0 {
        bail!("`{period}` is not closed");
    }
    writing.finish(context)?;
    context.say(&msg!(say::REOPENED, count = count, period = period.to_string()))?;
    Ok(ExitStatus::Clean)
}
