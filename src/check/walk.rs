//! The one walk over the texts of a book: facts and bytes for the rules that need them, and what is missing.
//!
//! Every file that loads is parsed once more here, in parallel, and nowhere else in a check.

use chrono::NaiveDate;
use rayon::prelude::*;

use super::{At, Context, Found, Options, RecordCompleteness, Run, Tally};
use crate::book::Book;
use crate::record::facts::{self, Fact};
use crate::record::kind::RecordKind;
use crate::record::tree;
use crate::source::{FileId, Source, Sources};

/// What a walk over all texts gives.
#[derive(Default)]
pub(super) struct Walked {
    /// Findings in the order of the files.
    pub(super) found: Found,
    /// Completeness in the order of the files.
    pub(super) completeness: Vec<RecordCompleteness>,
}

/// Walks the text of every record that loads and is asked for.
pub(super) fn walk(context: &Context<'_>) -> Walked {
    let files: Vec<(FileId, &Source)> =
        context.sources.iter().filter(|(file, _)| context.options.wants(*file)).collect();
    let rules = Rules::new(context.options);
    let walked = files.par_iter().with_min_len(16).map(|(file, source)| rules.over(context, *file, source));
    let mut all = Walked::default();
    for walked in walked.collect::<Vec<_>>() {
        all.found.extend(walked.found);
        all.completeness.extend(walked.completeness);
    }
    all
}

/// How complete every record is of which something is expected, in the order of the files; no rule is run.
pub fn completeness(book: &Book, sources: &Sources, today: NaiveDate) -> Vec<RecordCompleteness> {
    let files: Vec<(FileId, &Source)> = sources.iter().collect();
    let counted = files.par_iter().with_min_len(16).map(|(file, source)| {
        let (kind, id) =
            RecordKind::of_path(&source.path).filter(|(kind, id)| loads(book, *kind, id, *file))?;
        let mut tally = Tally::new(book, kind, (id, *file), today);
        tree::walk(&source.text, |root| {
            facts::visit(root, kind.shape(), &mut |trail, fact| {
                if let Fact::Expected { field, present } = fact {
                    tally.count(field, present, trail, root, &source.text);
                }
            });
        });
        tally.finish()
    });
    counted.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// The rules that look at texts and facts.
struct Rules {
    texts: Vec<fn(FileId, &str, &mut Found)>,
    facts: Vec<fn(&Context<'_>, At<'_>, Fact<'_, '_>, &mut Found)>,
}

impl Rules {
    fn new(options: &Options) -> Self {
        let (mut texts, mut facts) = (Vec::new(), Vec::new());
        for check in options.checks() {
            match check.run {
                Run::Text(run) => texts.push(run),
                Run::Fact(run) => facts.push(run),
                _ => {}
            }
        }
        Self { texts, facts }
    }

    fn over(&self, context: &Context<'_>, file: FileId, source: &Source) -> Walked {
        let mut walked = Walked::default();
        let text = source.text.as_str();
        let Some((kind, id)) = RecordKind::of_path(&source.path) else { return walked };
        if !loads(context.book, kind, id, file) {
            return walked;
        }
        for run in &self.texts {
            run(file, text, &mut walked.found);
        }
        let mut tally = Tally::new(context.book, kind, (id, file), context.today);
        tree::walk(text, |root| {
            facts::visit(root, kind.shape(), &mut |trail, fact| {
                if let Fact::Expected { field, present } = fact {
                    tally.count(field, present, trail, root, text);
                }
                for run in &self.facts {
                    run(context, At { file, text, trail }, fact, &mut walked.found);
                }
            });
        });
        walked.completeness.extend(tally.finish());
        walked
    }
}

/// Whether this very file is what the book holds under its kind and id.
fn loads(book: &Book, kind: RecordKind, id: &str, file: FileId) -> bool {
    !book.broken.contains_key(&(kind, id.to_owned())) && book.file(kind, id) == Some(file)
}
