//! `file:line:col: CODE message`, which editors and `grep` read.

use std::io::{self, Write};

use super::{Located, Style, for_log, one_line};

pub(super) fn write(findings: &[&Located<'_>], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for Located { finding, at, .. } in findings {
        let message = finding.message.get(style.lang);
        let (path, start, code) = (&at.path, at.start, finding.rule.code);
        let line = one_line(&format!("{path}:{}:{}: {code} {message}", start.line, start.column));
        writeln!(out, "{}", for_log(&line))?;
    }
    Ok(())
}
