//! Findings as workflow commands, which GitHub shows beside the lines of a pull request.

use std::io::{self, Write};

use super::{Level, Located};
use crate::render::escaped;

pub(super) fn write(findings: &[&Located<'_>], out: &mut dyn Write) -> io::Result<()> {
    for Located { finding, at, .. } in findings {
        let command = if finding.level == Level::Deny { "error" } else { "warning" };
        let mut message = finding.message.to_string();
        if let Some(help) = &finding.help {
            message = format!("{message}\nhelp: {help}");
        }
        let title = format!("{} {}", finding.rule.code, finding.rule.name);
        let (line, column, end_line) = (at.start.line, at.start.column, at.end.line);
        write!(out, "::{command} file={},line={line},col={column},endLine={end_line}", property(&at.path))?;
        if end_line == line {
            write!(out, ",endColumn={}", at.end.column)?;
        }
        writeln!(out, ",title={}::{}", property(&title), data(&message))?;
    }
    Ok(())
}

/// A message on one line; the runner undoes the escapes.
fn data(text: &str) -> String {
    escaped(text, &['\r', '\n', '\t'])
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace("##[", "#♯[")
}

/// A property's value, which also ends at `,` and `:`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
