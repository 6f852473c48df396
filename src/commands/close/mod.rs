//! `rmbook close`: a period's scorecards frozen in the reviews.

mod refuse;

use std::collections::BTreeMap;

use anyhow::bail;
use clap::Args;

use super::{Context, ExitStatus, Loaded, WriteArgs, Writing, period, ready_policies, refused};
use crate::close::{self, Amending};
use crate::draft::around::several_called;
use crate::draft::plan::order;
use crate::draft::references;
use crate::edit::render::{Table, Value, document};
use crate::edit::{self, Change};
use crate::failure::failure;
use crate::metric::Portfolios;
use crate::msg;
use crate::path;
use crate::period::Period;
use crate::record::kind::RecordKind;
use crate::record::review::Review;
use crate::record::tree;
use crate::score::Asked;
use crate::score::apply::{Request, Scored, run as score_book};
use crate::store;
use crate::text::{Message, close as say, first_few, run};

/// Freeze a period's scorecards in the reviews
/// 封存期间考核结果
///
/// From then on `check` reports whatever would change a frozen figure, unless an amendment of the review states it, and a
/// scorecard that goes missing: `[closed]` of rmbook.toml keeps how many there were. A period is closed once it is over, with no
/// appeal open, every record loading, no client without figures of a month that others have, nobody earning figures after the
/// last day at work, and none left open since the last one closed; only the newest closed period can be reopened, and only while
/// none of its results is known.
/// 封存后，凡会改变封存结果的变动，以及封存结果的缺失，均由 `check` 报告，已在考核中登记更正的除外；
/// rmbook.toml 的 `[closed]` 记录封存份数。期间结束、无未裁定申诉、全部记录可载入、各客户当月业绩数据齐全、
/// 无业绩归属离职后的人员，且前一封存期以来无遗漏期间的，方可封存；只能重新打开最近一期，且结果尚未告知任何人。
#[derive(Debug, Args)]
pub(super) struct CloseArgs {
    /// Period
    /// 期间
    period: String,
    /// Only policies of this scheme
    /// 仅该考核方案的办法
    #[arg(long)]
    scheme: Option<String>,
    /// Take back the closing of the newest closed period
    /// 撤销最近一期的封存，重新打开
    #[arg(long)]
    reopen: bool,
    /// Amend what was closed of this manager to what the records give now
    /// 按现有记录登记对该客户经理封存结果的更正
    #[arg(long, value_name = "MANAGER", conflicts_with_all = ["reopen", "scheme"], requires_all = ["why", "who", "approved_by"])]
    amend: Option<String>,
    /// With --amend: what was closed stands, and the amendments say what the records give now
    /// 与 --amend 合用：封存结果不变，更正仅列明按现有记录计算的结果
    #[arg(long, requires = "amend")]
    keep: bool,
    /// Why it is amended
    /// 更正原因
    #[arg(long, requires = "amend")]
    why: Option<String>,
    /// Who amends
    /// 更正人
    #[arg(long, requires = "amend")]
    who: Option<String>,
    /// Approved by, somebody other than who amends
    /// 批准人，须非更正人本人
    #[arg(long, requires = "amend")]
    approved_by: Option<String>,
    #[command(flatten)]
    write: WriteArgs,
}

pub(super) fn run(args: &CloseArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let period = period(&args.period, context)?;
    if context.partial {
        bail!(failure(say::NO_PARTIAL));
    }
    let mut writing = Writing::open(context, &args.write)?;
    let (loaded, _) = context.load_whole()?;
    refuse::unknown_scheme(args.scheme.as_deref(), &loaded)?;
    if args.reopen {
        return reopen(args, period, &loaded, writing, context);
    }
    if let Some(word) = &args.amend {
        let called = loaded.book.called(RecordKind::Manager, word);
        let manager = match called.as_slice() {
            [id] => id,
            [] => word.as_str(),
            several => bail!(failure(several_called(word, several))),
        };
        return amend(args, (period, manager), &loaded, writing, context);
    }
    refuse::early(period, &loaded, context)?;
    let policies = ready_policies(&loaded, context)?;
    let portfolios = Portfolios::new(&loaded.book);
    refuse::other_figures(period, &loaded, &portfolios, &policies)?;
    let asked = Asked { evidence: true, ..Asked::default() };
    let request = Request { period: Some(period), scheme: args.scheme.as_deref(), ..Request::default() };
    let mut scored = score_book(&portfolios, &policies, request, &asked).map_err(failure)?;
    // A policy of another grain has its own periods to close.
    scored.retain(|scored| scored.policy.record.period.grain() == period.grain());
    if scored.is_empty() {
        bail!(failure(msg!(say::NO_POLICY, period = period.to_string())));
    }
    let unclosed = scored.iter().find_map(|scored| {
        close::unclosed_before(period, &scored.policy.record.scheme, &portfolios, &policies)
    });
    if let Some(earlier) = unclosed {
        bail!(failure(msg!(say::GAP, earlier = earlier.to_string(), period = period.to_string())));
    }
    for scored in &scored {
        refuse::before_all(period, &scored.policy.record.scheme, &loaded)?;
    }
    refuse::lacking(period, &scored, &portfolios)?;
    refuse::leavers(period, &scored, &loaded.book)?;
    let mut closed = 0;
    let mut digests: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for scored in &scored {
        let of_scheme = digests.entry(scored.policy.record.scheme.as_str()).or_default();
        closed += freeze(&loaded, scored, of_scheme, &mut writing, context)?;
    }
    for (scheme, digests) in &digests {
        record(period, scheme, digests, &loaded, &mut writing)?;
    }
    let undone = undone(&writing);
    let changed = writing.finish(context)?;
    let message = match (closed, changed) {
        (0, 0) => msg!(say::ALREADY, period = period.to_string()),
        (0, _) => msg!(say::RECORDED, period = period.to_string()),
        _ => msg!(say::CLOSED, count = closed, period = period.to_string()),
    };
    context.say(&message)?;
    undone.iter().try_for_each(|message| context.say(message))?;
    Ok(ExitStatus::Clean)
}

/// What is said of the amendments that hold no longer by what is to stand in their reviews.
fn undone(writing: &Writing) -> Vec<Message> {
    let idle = writing.changes.iter().filter_map(|(path, (_, after))| {
        RecordKind::of_path(path).filter(|(kind, _)| *kind == RecordKind::Review)?;
        let review = tree::read::<Review>(after.as_deref()?).ok()?;
        let idle = review.idle_amendments();
        let fields: Vec<&str> = idle.iter().map(|idle| &*review.amendments[idle.index].field).collect();
        let fields = first_few(&fields);
        (!idle.is_empty()).then(|| msg!(say::UNDONE, path = path, fields = fields))
    });
    idle.collect()
}

/// Writes the scorecards of one policy that are not closed yet; how many these are. Notes the digest of each that is.
fn freeze(
    loaded: &Loaded,
    scored: &Scored<'_>,
    digests: &mut Vec<String>,
    writing: &mut Writing,
    context: &Context<'_>,
) -> anyhow::Result<usize> {
    let scheme = scored.policy.record.scheme.as_str();
    let mut new = 0;
    for card in &scored.cards {
        if let Some(error) = card.faults().next() {
            let (manager, period) = (&*card.profile.id, scored.period.to_string());
            let reason = error.reason.clone();
            bail!(failure(msg!(say::NO_CARD, manager = manager, period = period, reason = reason)));
        }
        let id = format!("{}/{}", scored.period, card.profile.id);
        if let Some(before) = loaded.book.reviews.get(&id).and_then(|review| review.data.closed.get(scheme)) {
            digests.push(before.digest.clone());
            continue;
        }
        let path = writing.find(RecordKind::Review, &id)?.unwrap_or_else(|| RecordKind::Review.path(&id));
        let frozen = close::frozen(&loaded.book, &loaded.snapshot.sources, scored, card, context.today);
        let text = match writing.read(&path)? {
            Some(text) => text,
            None => draft(&card.profile.id, scored.period),
        };
        writing.put(&path, Some(close::with_section(&text, scheme, &frozen)))?;
        digests.push(frozen.digest);
        new += 1;
    }
    Ok(new)
}

/// Notes in the settings which scorecards a period is closed with.
fn record(
    period: Period,
    scheme: &str,
    digests: &[String],
    loaded: &Loaded,
    writing: &mut Writing,
) -> anyhow::Result<()> {
    let known = loaded.book.settings.closed.get(scheme).and_then(|periods| periods.get(&period));
    let closing = close::closing(&loaded.book, &loaded.snapshot.sources, period, digests);
    let digest = closing.iter().find(|(key, _)| key == "digest").map(|(_, digest)| digest.clone());
    if let Some(known) = known {
        if digest == Some(known.digest.as_str().into()) {
            return Ok(());
        }
        // Further scorecards may be closed later; one that was closed is not replaced by another.
        if digests.len() <= known.cards as usize {
            bail!(failure(msg!(say::OTHER_FIGURES, period = period.to_string())));
        }
    }
    if !loaded.book.settings.closed.contains_key(scheme) {
        let text = writing.read(store::SETTINGS)?.unwrap_or_default();
        return writing.put(store::SETTINGS, Some(close::with_closing(&text, scheme, period, &closing)));
    }
    let path = path!["closed", scheme, period.to_string()];
    change_settings(Change::Set { path, value: Value::Table(closing) }, writing)
}

fn change_settings(change: Change, writing: &mut Writing) -> anyhow::Result<()> {
    let text = writing.read(store::SETTINGS)?.unwrap_or_default();
    writing.put(store::SETTINGS, Some(edit::apply(&text, &[change], order(RecordKind::Settings))?))
}

/// A review with nothing in it but whose it is.
fn draft(manager: &str, period: Period) -> String {
    let table: Table = vec![("manager".into(), manager.into()), ("period".into(), period.to_string().into())];
    document(&["#:schema ../../.rmbook/schema/review.json"], &table)
}

/// Writes amendments for whatever comes out otherwise than it stands of a manager's closed scorecards.
fn amend(
    args: &CloseArgs,
    (period, manager): (Period, &str),
    loaded: &Loaded,
    mut writing: Writing,
    context: &mut Context<'_>,
) -> anyhow::Result<ExitStatus> {
    let id = format!("{period}/{manager}");
    let review = loaded.book.reviews.get(&id).filter(|review| !review.data.closed.is_empty());
    let Some(review) = review else {
        bail!(failure(msg!(say::NOT_CLOSED_FOR, manager = manager, period = period.to_string())));
    };
    let policies = ready_policies(loaded, context)?;
    let portfolios = Portfolios::new(&loaded.book);
    let amending = close::to_amend(&portfolios, &loaded.snapshot.sources, &policies, period, review);
    if amending.is_empty() {
        context.say(&msg!(say::NOTHING_TO_AMEND, manager = manager, period = period.to_string()))?;
        return Ok(ExitStatus::Clean);
    }
    let words = |words: &Option<String>| Value::from(words.as_deref().unwrap_or_default());
    let now = if args.keep { "gives" } else { "to" };
    let today = context.today;
    // Where the field was amended on this day already, this is another one.
    let number = |field: &str| {
        let of_today = review.data.amendments.iter().filter(|it| it.date.0 == today && it.field == field);
        of_today.map(|known| known.n.unwrap_or(1)).max().map(|last| ("n".to_owned(), (last + 1).into()))
    };
    let told = review.data.told().map(|(_, day)| day).min();
    let entry = |amending: &Amending| -> Table {
        let mut entry: Table =
            vec![("date".into(), today.into()), ("field".into(), amending.field.as_str().into())];
        entry.extend(number(&amending.field));
        entry.extend([
            ("from".into(), amending.from.as_deref().unwrap_or("-").into()),
            (now.into(), amending.now.as_deref().unwrap_or("-").into()),
            ("why".into(), words(&args.why)),
            ("who".into(), words(&args.who)),
            ("approved_by".into(), words(&args.approved_by)),
        ]);
        entry.extend(told.map(|day| ("told".to_owned(), day.0.into())));
        entry
    };
    let changes: Vec<Change> = amending
        .iter()
        .map(|amending| Change::Insert {
            list: path!["amendments"],
            entry: entry(amending),
            sort: Some("date"),
        })
        .collect();
    refuse_unknown(&changes, &writing, context)?;
    let path = loaded.snapshot.sources.get(review.file).path.clone();
    let text = writing.read(&path)?.unwrap_or_default();
    writing.put(&path, Some(edit::apply(&text, &changes, order(RecordKind::Review))?))?;
    let judged = writing.judge(context.today);
    if !judged.refused.is_empty() {
        judged.say_refused(context)?;
        return refused(context);
    }
    writing.finish(context)?;
    let count = changes.len();
    context.say(&msg!(say::AMENDED, count = count, manager = manager, period = period.to_string()))?;
    Ok(ExitStatus::Clean)
}

/// Amendments by people whom the book does not have, where they are named by an id, are not written.
fn refuse_unknown(changes: &[Change], writing: &Writing, context: &Context<'_>) -> anyhow::Result<()> {
    let first = edit::apply("", &changes[..changes.len().min(1)], order(RecordKind::Review))?;
    match references::unknown(RecordKind::Review, &first, &mut writing.known()).first() {
        Some(fault) => {
            let words = fault.words(context.style.lang);
            bail!(failure(msg!(run::AT, place = format!("`{}`", fault.at), words = words)))
        }
        None => Ok(()),
    }
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
        bail!(failure(msg!(say::NOT_NEWEST, later = review.data.period.to_string())));
    }
    refuse::known(period, loaded)?;
    let mut count = 0;
    for (review, scheme) in closed().filter(|(review, scheme)| review.data.period == period && wanted(scheme))
    {
        let path = loaded.snapshot.sources.get(review.file).path.clone();
        let text = writing.read(&path)?.unwrap_or_default();
        let change = Change::Unset { path: path!["closed", scheme.as_str()] };
        writing.put(&path, Some(edit::apply(&text, &[change], order(RecordKind::Review))?))?;
        count += 1;
    }
    let recorded = loaded.book.settings.closed.iter();
    let recorded = recorded.filter(|(scheme, periods)| wanted(scheme) && periods.contains_key(&period));
    let mut schemes = 0;
    for (scheme, periods) in recorded {
        let all = path!["closed", scheme.as_str()];
        let path = if periods.len() == 1 { all } else { all.join(period.to_string().as_str()) };
        change_settings(Change::Unset { path }, &mut writing)?;
        schemes += 1;
    }
    if count + schemes == 0 {
        bail!(failure(msg!(say::NOT_CLOSED, period = period.to_string())));
    }
    let undone = undone(&writing);
    writing.finish(context)?;
    context.say(&msg!(say::REOPENED, count = count, period = period.to_string()))?;
    undone.iter().try_for_each(|message| context.say(message))?;
    Ok(ExitStatus::Clean)
}
