//! Findings as JUnit XML: a suite a file, a failed case a finding.

use std::io::{self, Write};

use super::{Level, Located, is_unsafe};

pub(super) fn write(findings: &[&Located<'_>], out: &mut dyn Write) -> io::Result<()> {
    let count = findings.len();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"rmbook\" tests=\"{count}\" failures=\"{count}\" errors=\"0\">")?;
    for file in findings.chunk_by(|a, b| a.finding.at.file == b.finding.at.file) {
        let (path, count) = (text(&file[0].at.path), file.len());
        writeln!(out, "<testsuite name=\"{path}\" tests=\"{count}\" failures=\"{count}\" errors=\"0\">")?;
        for located in file {
            write_case(located, &path, out)?;
        }
        writeln!(out, "</testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn write_case(Located { finding, at, .. }: &Located<'_>, path: &str, out: &mut dyn Write) -> io::Result<()> {
    let (code, name, line, column) = (finding.rule.code, finding.rule.name, at.start.line, at.start.column);
    let kind = if finding.level == Level::Deny { "error" } else { "warning" };
    let message = text(&finding.message.to_string());
    writeln!(out, "<testcase name=\"{code} {name}\" classname=\"{path}\" file=\"{path}\" line=\"{line}\">")?;
    write!(out, "<failure type=\"{kind}\" message=\"{message}\">{path}:{line}:{column}: {message}")?;
    if let Some(help) = &finding.help {
        write!(out, "&#10;help: {}", text(&help.to_string()))?;
    }
    writeln!(out, "</failure>\n</testcase>")
}

/// Text for an element or an attribute; what XML 1.0 cannot hold in any spelling becomes U+FFFD.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ if is_unsafe(c) => out.push_str(&format!("&#{};", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}
