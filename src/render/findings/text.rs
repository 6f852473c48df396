//! Findings for a terminal: what is wrong, an excerpt of the record with carets, how to mend it.
//!
//! It is the one format with excerpts, and its output ends up in logs: personal data in them is starred.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level as Weight, Origin, Renderer, Snippet, Title,
};

use super::{Level, Located, Spot, Style, for_log, one_line, pictured};
use crate::record::kind::RecordKind;
use crate::record::personal::masked;
use crate::source::{FileId, Target};
use crate::text::{Lang, render};

/// Lines between two places of a file above which each has an excerpt of its own.
const NEAR: usize = 100;

/// The texts that are shown from, by file.
type Texts = BTreeMap<FileId, String>;

pub(super) fn write(findings: &[&Located<'_>], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    if let Some(width) = style.width {
        renderer = renderer.term_width(width.into());
    }
    let spots = findings.iter().flat_map(|located| std::iter::once(&located.at).chain(&located.labels));
    let mut texts = Texts::new();
    for Spot { place, source, .. } in spots {
        let shape = || RecordKind::of_path(&source.path).map(|(kind, _)| kind.shape());
        texts.entry(place.file).or_insert_with(|| masked(&source.text, shape()));
    }
    for located in findings {
        let report = renderer.render(&report(located, &texts, style.lang));
        for line in report.lines() {
            writeln!(out, "{}", for_log(&pictured(&marked(line, style.lang))))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// A line of the library with the mark behind its label that the language uses.
fn marked(line: &str, lang: Lang) -> Cow<'_, str> {
    let labels = [render::ERROR, render::WARNING, render::NOTE, render::HELP].map(|label| label.get(lang));
    // Only colours stand before a label.
    let begins = |label: &str| line.find(label).is_some_and(|at| !line[..at].contains(' '));
    match lang {
        Lang::Zh if labels.into_iter().any(begins) => line.replacen(": ", "：", 1).into(),
        _ => line.into(),
    }
}

/// `error[RM301 visit-overdue]: …` with an excerpt of its file, a note for each place far away, the help.
fn report<'a>(
    Located { finding, at, labels }: &'a Located<'a>,
    texts: &'a Texts,
    lang: Lang,
) -> Vec<Group<'a>> {
    let weight = match finding.level {
        Level::Deny => Weight::ERROR.with_name(render::ERROR.get(lang)),
        Level::Warn | Level::Allow => Weight::WARNING.with_name(render::WARNING.get(lang)),
    };
    let title = weight.primary_title(one_line(&finding.message.get(lang)));
    let title = title.id(format!("{} {}", finding.rule.code, finding.rule.name));
    let mut here = vec![Mark { spot: at, kind: AnnotationKind::Primary, words: None }];
    let mut elsewhere = Vec::new();
    for (spot, label) in labels.iter().zip(&finding.labels) {
        let words = one_line(&label.message.get(lang));
        if spot.place.file == at.place.file && spot.start.line.abs_diff(at.start.line) <= NEAR {
            here.push(Mark { spot, kind: AnnotationKind::Context, words: Some(words) });
        } else {
            let note = Weight::NOTE.with_name(render::NOTE.get(lang)).secondary_title(words);
            elsewhere.push((note, Mark { spot, kind: AnnotationKind::Primary, words: None }));
        }
    }
    let mut report = vec![shown(title, &here, texts)];
    report.extend(elsewhere.into_iter().map(|(note, mark)| shown(note, &[mark], texts)));
    report.extend(finding.help.as_ref().map(|help| {
        let help = one_line(&help.get(lang));
        Group::with_title(Weight::HELP.with_name(render::HELP.get(lang)).secondary_title(help))
    }));
    report
}

/// A place to underline and what is said there.
struct Mark<'a> {
    spot: &'a Spot<'a>,
    kind: AnnotationKind,
    words: Option<String>,
}

/// A title and the excerpt below it, or the path alone where the marks mean the file as a whole.
fn shown<'a>(title: Title<'a>, marks: &[Mark<'a>], texts: &'a Texts) -> Group<'a> {
    match excerpt(marks, texts) {
        Some(snippet) => title.element(snippet),
        None => title.element(Origin::path(one_line(&marks[0].spot.path))),
    }
}

/// The lines from the first mark to the last, where any mark means more than the file as a whole.
fn excerpt<'a>(marks: &[Mark<'a>], texts: &'a Texts) -> Option<Snippet<'a, Annotation<'a>>> {
    let inside: Vec<&Mark<'a>> = marks.iter().filter(|mark| mark.spot.place.target != Target::File).collect();
    let first = inside.iter().min_by_key(|mark| mark.spot.range.start)?;
    let text = texts.get(&first.spot.place.file)?;
    let mut begin = text[..first.spot.range.start].rfind('\n').map_or(0, |newline| newline + 1);
    if begin == 0 && text.starts_with('\u{feff}') {
        begin = '\u{feff}'.len_utf8();
    }
    let ranges: Vec<Range<usize>> =
        inside.iter().map(|mark| on_one_line(text, &mark.spot.range, begin)).collect();
    let end = ranges.iter().map(|range| line_end(text, range.end)).max()?;
    let snippet =
        Snippet::source(&text[begin..end]).line_start(first.spot.start.line).path(one_line(&first.spot.path));
    let annotations = inside.iter().zip(ranges).map(|(mark, range)| {
        mark.kind.span(range.start - begin..range.end - begin).label(mark.words.clone())
    });
    Some(snippet.annotations(annotations))
}

/// A range cut to the line it begins on, at or after `begin`.
fn on_one_line(text: &str, range: &Range<usize>, begin: usize) -> Range<usize> {
    let start = range.start.max(begin);
    start..range.end.clamp(start, line_end(text, start))
}

/// Where the line around `offset` ends, without its line break.
fn line_end(text: &str, offset: usize) -> usize {
    let end = text[offset..].find('\n').map_or(text.len(), |newline| offset + newline);
    if end > offset && text[..end].ends_with('\r') { end - 1 } else { end }
}
