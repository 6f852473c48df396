//! Remarks in a file that allow a finding: `# rmbook: allow(visit-overdue) client is abroad`.
//!
//! A remark at the end of a line allows the findings of that line, one on a line of its own those of the next line that
//! is no remark; above the first key of a file it allows those of the whole file.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Found, Options, UNUSED_ALLOW, fires, named};
use crate::diag::{Finding, Label, Level};
use crate::msg;
use crate::record::recover::recoverable;
use crate::record::span::Spans;
use crate::source::{FileId, Place, Sources};
use crate::text::check::ALLOWED_HERE;

const MARK: &str = "rmbook: allow(";

/// One name of one remark.
struct Remark<'t> {
    name: &'t str,
    /// Bytes of the name.
    at: Range<usize>,
    reason: &'t str,
    /// The bytes whose findings it allows.
    allows: Range<usize>,
    used: bool,
}

/// Takes back what remarks allow, and reports remarks that allow nothing.
pub(super) fn apply(mut found: Vec<Finding>, sources: &Sources, options: &Options) -> Found {
    let mut by_file: BTreeMap<FileId, Vec<usize>> = BTreeMap::new();
    for (index, finding) in found.iter().enumerate() {
        by_file.entry(finding.at.file).or_default().push(index);
    }
    let mut unused = Vec::new();
    for (file, source) in sources.iter().filter(|(file, _)| options.wants(*file)) {
        if !source.text.contains(MARK) {
            continue;
        }
        let mut remarks = remarks(&source.text);
        let indices = by_file.get(&file).map(Vec::as_slice).unwrap_or_default();
        allow(&mut found, indices, file, &source.text, &mut remarks, options);
        unused.extend(
            remarks.iter().filter(|remark| !remark.used).map(|remark| {
                fires!(UNUSED_ALLOW, Place::bytes(file, remark.at.clone()), name = remark.name)
            }),
        );
    }
    found.extend(unused);
    found
}

fn allow(
    found: &mut [Finding],
    indices: &[usize],
    file: FileId,
    text: &str,
    remarks: &mut [Remark<'_>],
    options: &Options,
) {
    let recoverable = recoverable(text);
    let spans = Spans::new(&recoverable);
    for finding in indices {
        let finding = &mut found[*finding];
        let start = spans.get(&finding.at.target).start;
        for remark in remarks.iter_mut().filter(|remark| remark.allows.contains(&start)) {
            let rule = named(remark.name, options.known());
            if rule.is_ok_and(|rule| rule == finding.rule) {
                remark.used = true;
                finding.level = Level::Allow;
                let at = Place::bytes(file, remark.at.clone());
                finding.labels.push(Label { at, message: msg!(ALLOWED_HERE, reason = remark.reason) });
            }
        }
    }
}

/// Every name of every remark of a text.
fn remarks(text: &str) -> Vec<Remark<'_>> {
    let head = head(text);
    let mut remarks = Vec::new();
    for (at, _) in text.match_indices(MARK) {
        let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
        let before = &text[line_start..at];
        let Some(hash) = before.rfind('#').filter(|hash| before[hash + 1..].trim().is_empty()) else {
            continue;
        };
        let names_start = at + MARK.len();
        let Some(names_end) = text[names_start..line_end].find(')').map(|end| names_start + end) else {
            continue;
        };
        let alone = before[..hash].trim_start_matches('\u{feff}').trim().is_empty();
        let allows = match (alone, at < head) {
            (true, true) => 0..text.len() + 1,
            (true, false) => next_line(text, line_end),
            (false, _) => line_start..line_end,
        };
        let reason = text[names_end + 1..line_end].trim();
        for name in text[names_start..names_end].split(',') {
            let offset = names_start + (name.as_ptr() as usize - text[names_start..].as_ptr() as usize);
            let blank = name.len() - name.trim_start().len();
            let at = offset + blank..offset + blank + name.trim().len();
            remarks.push(Remark { name: name.trim(), at, reason, allows: allows.clone(), used: false });
        }
    }
    remarks
}

/// Where the first line begins that is neither blank nor a remark.
fn head(text: &str) -> usize {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !is_remark(line) {
            return start;
        }
        start += line.len();
    }
    text.len()
}

fn is_remark(line: &str) -> bool {
    let line = line.trim_start_matches('\u{feff}').trim();
    line.is_empty() || line.starts_with('#')
}

/// The first line after `from` that is no remark.
fn next_line(text: &str, from: usize) -> Range<usize> {
    let mut start = (from + 1).min(text.len());
    for line in text[start..].split_inclusive('\n') {
        if !is_remark(line) {
            return start..start + line.len();
        }
        start += line.len();
    }
    start..start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(text: &str) -> Vec<(&str, &str, &str)> {
        let remarks = remarks(text);
        let line = |remark: &Remark<'_>| remark.allows.start..remark.allows.end.min(text.len());
        remarks.iter().map(|remark| (remark.name, remark.reason, text[line(remark)].trim_end())).collect()
    }

    #[test]
    fn a_remark_allows_its_line_the_next_one_or_the_whole_file() {
        assert_eq!(
            allowed("a = 1 # rmbook: allow(x) why not\n"),
            [("x", "why not", "a = 1 # rmbook: allow(x) why not")]
        );
        assert_eq!(allowed("a = 1\n# rmbook: allow(x)\n# more\nb = 2\n"), [("x", "", "b = 2")]);
        let whole = "\u{feff}# rmbook: allow(x, y) old\r\n\r\na = 1";
        assert_eq!(allowed(whole), [("x", "old", whole), ("y", "old", whole)]);
    }

    #[test]
    fn words_in_a_value_are_no_remark() {
        assert!(allowed("a = \"rmbook: allow(x)\"\n").is_empty());
        assert!(allowed("a = 1 # see rmbook: allow(x)\n").is_empty());
        assert!(allowed("# rmbook: allow(x\n").is_empty());
    }
}
