//! `rmbook rename OLD NEW --merge`: two records of one client made one.

use anyhow::bail;

use super::super::{Context, ExitStatus, Writing, refused};
use super::rewrite;
use crate::book::{self, Book};
use crate::check;
use crate::close;
use crate::diag::Finding;
use crate::draft::merge::{MergeError, Merged, merged};
use crate::draft::rename::Renaming;
use crate::failure::failure;
use crate::metric::Portfolios;
use crate::msg;
use crate::record::kind::RecordKind;
use crate::render::{self, FindingFormat};
use crate::score::apply::Policies;
use crate::source::{Snapshot, Sources};
use crate::store;
use crate::text::{Message, merge as say, run};

pub(super) fn run(
    (old, new): (&str, &str),
    mut writing: Writing,
    context: &mut Context<'_>,
) -> anyhow::Result<ExitStatus> {
    let lang = context.style.lang;
    let kind = RecordKind::Client;
    let (_, goes) = writing.resolve(old, &[kind])?;
    let Some(stays) = writing.find(kind, new)?.filter(|stays| *stays != goes) else {
        bail!(failure(msg!(say::NO_TARGET, id = new)));
    };
    let id = |path: &str| RecordKind::of_path(path).map(|(_, id)| id.to_owned()).unwrap_or_default();
    let (old, new) = (id(&goes), id(&stays));
    let renaming = Renaming { kind, old: &old, new: &new };
    let (mut text_goes, mut text_stays) = (String::new(), String::new());
    let unclear = rewrite(&renaming, &mut writing, &mut |writing, _, (path, _), (text, rewritten)| {
        match path {
            path if path == goes => text_goes = rewritten,
            path if path == stays => text_stays = rewritten,
            path if rewritten != text => writing.put(path, Some(rewritten))?,
            _ => {}
        }
        Ok(())
    })?;
    let Merged { text, left_out } = match merged(&text_goes, &text_stays) {
        Ok(merged) => merged,
        Err(MergeError::Edit(error)) => bail!("{stays}: {error}"),
        Err(MergeError::Both(faults)) => {
            for fault in faults {
                context.say(&msg!(run::AT, place = fault.at.to_string(), words = fault.words(lang)))?;
            }
            return refused(context);
        }
    };
    let remembered = renaming.remembered(&text)?;
    writing.put(&goes, None)?;
    writing.put(&stays, Some(remembered))?;
    let judged = writing.judge(context.today);
    let closed = closed_otherwise(&writing)?;
    if !judged.refused.is_empty() || closed.is_some() {
        judged.say_refused(context)?;
        if let Some((found, sources)) = closed {
            render::findings(&found, &sources, FindingFormat::Text, &context.style, context.err)?;
            context.say(&Message::from(say::CLOSED))?;
        }
        return refused(context);
    }
    let dry_run = writing.is_dry();
    let files = writing.finish(context)?;
    if !dry_run {
        context.say(&msg!(say::DONE, old = &old, new = &new, files = files))?;
    }
    for (field, gone, stands) in left_out {
        let said = match field.as_str() {
            "manager" => msg!(say::LEAD, lead = gone, old = &old, new = &new),
            _ => {
                msg!(say::LEFT_OUT, field = field, old = &old, gone = gone, new = &new, stands = stands)
            }
        };
        context.say(&said)?;
    }
    for message in &unclear {
        context.say(message)?;
    }
    judged.say_remarks(context)?;
    Ok(ExitStatus::Clean)
}

/// What closed periods would give otherwise than they do now, with the texts it is found in.
fn closed_otherwise(writing: &Writing) -> anyhow::Result<Option<(Vec<Finding>, Sources)>> {
    let before = store::read_book(&writing.root)?;
    let (book, _) = book::load(&before);
    if book.reviews.iter().all(|review| review.data.closed.is_empty()) {
        return Ok(None);
    }
    if !book.is_whole() {
        bail!(failure(say::BROKEN));
    }
    let texts = before.sources.iter().filter_map(|(_, source)| {
        let text = match writing.changes.get(&source.path) {
            Some((_, after)) => after.clone()?,
            None => source.text.clone(),
        };
        Some((source.path.clone(), Ok(text)))
    });
    let after = Snapshot::new(texts);
    let (merged, _) = book::load(&after);
    let of = |book: &Book, sources: &Sources| {
        close::compare(&Portfolios::new(book), sources, &Policies::of(book), |_| true)
    };
    let then = of(&book, &before.sources);
    let found = check::since((&then, &before.sources), (of(&merged, &after.sources), &after.sources)).new;
    Ok((!found.is_empty()).then_some((found, after.sources)))
}
