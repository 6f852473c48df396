//! Findings for a terminal: what is wrong, an excerpt of the record with carets, how to mend it.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level as Weight, Origin, Renderer, Snippet, Title,
};

use super::{Level, Located, Spot, Style, for_log, one_line, pictured};
use crate::source::Target;
use crate::text::{Lang, render};

pub(super) fn write(findings: &[&Located<'_>], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    if let Some(width) = style.width {
        renderer = renderer.term_width(width.into());
    }
    for located in findings {
        let report = renderer.render(&report(located, style.lang));
        for line in report.lines() {
            writeln!(out, "{}", for_log(&pictured(line)))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// `error[RM301 visit-overdue]: …` with an excerpt of its file, a note for each place in another file, the help.
fn report<'a>(Located { finding, at, labels }: &'a Located<'a>, lang: Lang) -> Vec<Group<'a>> {
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
        if spot.place.file == at.place.file {
            here.push(Mark { spot, kind: AnnotationKind::Context, words: Some(words) });
        } else {
            let note = Weight::NOTE.with_name(render::NOTE.get(lang)).secondary_title(words);
            elsewhere.push((note, Mark { spot, kind: AnnotationKind::Primary, words: None }));
        }
    }
    let mut report = vec![shown(title, &here)];
    report.extend(elsewhere.into_iter().map(|(note, mark)| shown(note, &[mark])));
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
fn shown<'a>(title: Title<'a>, marks: &[Mark<'a>]) -> Group<'a> {
    match excerpt(marks) {
        Some(snippet) => title.element(snippet),
        None => title.element(Origin::path(one_line(&marks[0].spot.path))),
    }
}

/// The lines from the first mark to the last, where any mark means more than the file as a whole.
fn excerpt<'a>(marks: &[Mark<'a>]) -> Option<Snippet<'a, Annotation<'a>>> {
    let inside: Vec<&Mark<'a>> = marks.iter().filter(|mark| mark.spot.place.target != Target::File).collect();
    let first = inside.iter().min_by_key(|mark| mark.spot.range.start)?;
    let source = first.spot.source;
    let text = &source.text;
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
