//! What a write would change, as a unified diff.

use similar::{ChangeTag, TextDiff};

use super::{escaped, for_log, one_line};

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// The change from `old` to `new` of the file at `path`, as `git diff` shows it; an empty text stands for no file. Nothing
/// where they are equal. Whatever a terminal would obey is shown as an escape.
pub fn diff(old: &str, new: &str, path: &str, color: bool) -> String {
    if old == new {
        return String::new();
    }
    let path = one_line(path);
    let side = |text: &str, letter: char| match text {
        "" => "/dev/null".to_owned(),
        _ => format!("{letter}/{path}"),
    };
    let mut out = String::new();
    let mut put = |line: &str, look| push(&mut out, line, look, color);
    put(&format!("--- {}", side(old, 'a')), BOLD);
    put(&format!("+++ {}", side(new, 'b')), BOLD);
    if old.lines().count() + new.lines().count() > COMPARED {
        replaced(old, new, &mut put);
        return out;
    }
    for hunk in TextDiff::from_lines(old, new).unified_diff().context_radius(CONTEXT).iter_hunks() {
        put(&hunk.header().to_string(), CYAN);
        for change in hunk.iter_changes() {
            let (sign, look) = match change.tag() {
                ChangeTag::Equal => (' ', PLAIN),
                ChangeTag::Delete => ('-', RED),
                ChangeTag::Insert => ('+', GREEN),
            };
            let text = change.value();
            let bare = text.strip_suffix('\n').unwrap_or(text);
            put(&format!("{sign}{}", visible(bare)), look);
            if bare.len() == text.len() {
                put("\\ No newline at end of file", PLAIN);
            }
        }
    }
    out
}

/// Lines above which two texts are not compared line by line, which takes time with the square of what differs.
const COMPARED: usize = 20_000;

/// One hunk without context: all lines from the first that differs to the last.
fn replaced(old: &str, new: &str, put: &mut impl FnMut(&str, anstyle::Style)) {
    let [old, new] = [old, new].map(|text| text.split_terminator('\n').collect::<Vec<&str>>());
    let alike = |(a, b): &(&&str, &&str)| a == b;
    let above = old.iter().zip(&new).take_while(alike).count();
    let rest = old[above..].iter().rev().zip(new[above..].iter().rev());
    let below = rest.take_while(alike).count();
    let sides = [(&old, '-', RED), (&new, '+', GREEN)];
    let [from, to] =
        sides.map(|(lines, sign, _)| format!("{sign}{},{}", above + 1, lines.len() - above - below));
    put(&format!("@@ {from} {to} @@"), CYAN);
    for (lines, sign, look) in sides {
        lines[above..lines.len() - below]
            .iter()
            .for_each(|line| put(&format!("{sign}{}", visible(line)), look));
    }
}

const PLAIN: anstyle::Style = anstyle::Style::new();
const BOLD: anstyle::Style = anstyle::Style::new().bold();
const CYAN: anstyle::Style = anstyle::AnsiColor::Cyan.on_default();
const RED: anstyle::Style = anstyle::AnsiColor::Red.on_default();
const GREEN: anstyle::Style = anstyle::AnsiColor::Green.on_default();

/// A line with its tabs, and with the CR of a Windows line break.
fn visible(line: &str) -> String {
    let (line, cr) = line.strip_suffix('\r').map_or((line, ""), |line| (line, "\r"));
    escaped(line, &['\t']).into_owned() + cr
}

/// Adds one line, painted where colour is wanted.
fn push(out: &mut String, line: &str, look: anstyle::Style, color: bool) {
    let line = for_log(line);
    if color {
        out.push_str(&format!("{look}{line}{look:#}\n"));
    } else {
        out.push_str(&format!("{line}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_reads_like_git() {
        let old = "name = '华东'\r\ntier = 'key'\r\n";
        let new = "name = '华东'\r\ntier = 'base' # \u{1b}[2J";
        let expected = "\
--- a/clients/a.toml
+++ b/clients/a.toml
@@ -1,2 +1,2 @@
 name = '华东'\r
-tier = 'key'\r
+tier = 'base' # \\u{1b}[2J
\\ No newline at end of file
";
        assert_eq!(diff(old, new, "clients/a.toml", false), expected);
        assert_eq!(diff(old, old, "clients/a.toml", false), "");
    }

    #[test]
    fn a_new_file_comes_from_nothing() {
        let expected = "--- /dev/null\n+++ b/a.toml\n@@ -0,0 +1 @@\n+name = 1\n";
        assert_eq!(diff("", "name = 1\n", "a.toml", false), expected);
        assert!(diff("", "name = 1\n", "a.toml", true).contains("\u{1b}[32m+name = 1\u{1b}[0m\n"));
    }

    #[test]
    fn a_context_line_is_no_command() {
        let shown = diff("::error::\na\n", "::error::\nb\n", "a.toml", false);
        assert!(shown.contains("\n ∶:error::\n"), "{shown}");
    }

    #[test]
    fn a_text_of_many_lines_is_shown_as_one_hunk() {
        let lines = |word: &str| (0..15_000).map(|line| format!("{word}{line}\n")).collect::<String>();
        let (old, new) = (format!("a\n{}z\n", lines("x")), format!("a\n{}z\n", lines("y")));
        let shown = diff(&old, &new, "f", false);
        assert!(shown.starts_with("--- a/f\n+++ b/f\n@@ -2,15000 +2,15000 @@\n-x0\n"), "{}", &shown[..80]);
        assert!(shown.ends_with("+y14999\n"));
        assert_eq!(shown.lines().count(), 30_003);
    }
}
