//! Files and remarks that are not what they seem: leftovers of a merge, syntax other tools refuse, remarks and levels that
//! say nothing.

use toml_parser::parser::EventKind;

use super::{check, client};
use crate::check::{Check, Context, Found, UnknownRule, fires, named};
use crate::msg;
use crate::path;
use crate::record::recover::events;
use crate::source::{FileId, Place};
use crate::text::{Text, finding};

pub(super) static RULES: &[&Check] =
    &[&LEFTOVER_MARKER, &NEWER_SYNTAX, &UNUSED_ALLOW, &UNKNOWN_RULE, &STALE_BASELINE, &HIDDEN_CHARACTER];

check! {
    LEFTOVER_MARKER = "RM711" "leftover-marker" Deny Text(leftover_marker);
    title: "a merge-conflict marker stands inside a text or a remark", "文本或注释内残留合并冲突标记";
    why: "The file parses, and so nobody notices that two versions of a text stand in it.", "文件可以解析，因而无人察觉其中并存两个版本。";
    mend: "Choose one version and remove the markers.", "请选定一个版本并删除标记。";
    says: "merge-conflict marker left in the file", "文件中残留合并冲突标记";
    example: client!("note = '''\n<<<<<<< HEAD\nowns two plants\n=======\nowns three plants\n>>>>>>> other\n'''\n");
    mended: "<<<<<<< HEAD\nowns two plants\n=======\nowns three plants\n>>>>>>> other" => "owns three plants";
}

fn leftover_marker(file: FileId, text: &str, found: &mut Found) {
    if !text.contains("<<<<<<< ") && !text.contains(">>>>>>> ") {
        return;
    }
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches('#').trim_start();
        if bare.starts_with("<<<<<<< ") || bare.starts_with(">>>>>>> ") {
            let place = Place::bytes(file, start..start + line.trim_end().len());
            found.push(fires!(LEFTOVER_MARKER, place));
            return;
        }
        start += line.len();
    }
}

check! {
    NEWER_SYNTAX = "RM712" "newer-syntax" Warn Text(newer_syntax);
    title: "a record uses syntax of TOML 1.1", "记录使用了 TOML 1.1 的语法";
    why: "Editors and other readers of TOML 1.0 refuse the file.", "仅支持 TOML 1.0 的编辑器等工具无法读取该文件。";
    mend: "Write the inline table on one line without a comma at its end, and the character itself or `\\u` for `\\e` and `\\x`.",
        "内联表请写在一行且末尾不加逗号；`\\e`、`\\x` 请改为字符本身或 `\\u`。";
    says: "{what} is TOML 1.1", "{what}属于 TOML 1.1 语法";
    example: client!("[results]\n2026-10 = { deposits = 5200, }\n");
    mended: "5200, }" => "5200 }";
}

const BROKEN_TABLE: Text = Text::new("a line break in an inline table", "内联表内换行");
const LAST_COMMA: Text = Text::new("a comma at the end of an inline table", "内联表末尾的逗号");
const ESCAPE: Text = Text::new("the escape `\\e` or `\\x`", "转义 `\\e`、`\\x`");

fn newer_syntax(file: FileId, text: &str, found: &mut Found) {
    if !may_be_newer(text) {
        return;
    }
    let mut open: Vec<bool> = Vec::new();
    let mut comma: Option<std::ops::Range<usize>> = None;
    for event in events(text) {
        let range = event.span().start()..event.span().end();
        let in_table = open.last() == Some(&true);
        let what = match event.kind() {
            EventKind::InlineTableOpen => {
                open.push(true);
                None
            }
            EventKind::ArrayOpen => {
                open.push(false);
                None
            }
            EventKind::ArrayClose | EventKind::InlineTableClose => {
                open.pop();
                comma.take().filter(|_| in_table).map(|comma| (LAST_COMMA, comma))
            }
            EventKind::Newline if in_table => Some((BROKEN_TABLE, range.clone())),
            EventKind::Scalar if has_new_escape(&text[range.clone()]) => Some((ESCAPE, range.clone())),
            _ => None,
        };
        match event.kind() {
            EventKind::ValueSep => comma = Some(range),
            EventKind::Whitespace | EventKind::Newline | EventKind::Comment => {}
            _ => comma = None,
        }
        if let Some((what, range)) = what {
            found.push(fires!(NEWER_SYNTAX, Place::bytes(file, range), what = what));
            return;
        }
    }
}

/// Whether a text can hold newer syntax at all: a table that ends or breaks after a comma or brace, or such an escape.
/// Spares nearly every file the second reading.
fn may_be_newer(text: &str) -> bool {
    if text.contains("\\e") || text.contains("\\x") {
        return true;
    }
    let closes_late = text.match_indices('}').any(|(at, _)| {
        let before = text[..at].trim_end_matches([' ', '\t']);
        before.ends_with(',') || before.ends_with('\n')
    });
    let opens_broken = || {
        text.match_indices('{').any(|(at, _)| {
            let after = text[at + 1..].trim_start_matches([' ', '\t', '\r']);
            after.starts_with(['\n', '#'])
        })
    };
    let breaks = || text.lines().any(|line| line.contains('{') && !line.contains('}'));
    closes_late || opens_broken() || breaks()
}

/// Whether a basic string holds an escape that TOML 1.0 does not know.
fn has_new_escape(scalar: &str) -> bool {
    if !scalar.starts_with('"') {
        return false;
    }
    let mut chars = scalar.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && matches!(chars.next(), Some('e' | 'x')) {
            return true;
        }
    }
    false
}

check! {
    UNUSED_ALLOW = "RM713" "unused-allow" Warn Settling();
    title: "a remark allows a finding that is not there", "豁免注释已无对应问题";
    why: "It would hide the next fault of that kind.", "留存的豁免会掩盖今后的同类问题。";
    mend: "Remove the remark, or correct the name in it.", "请删除该注释，或更正其中的规则名。";
    says: "nothing here is `{name}`", "此处并无“{name}”问题";
    example: client!("# rmbook: allow(shares-not-100) agreed with branch 2\nindustry = \"manufacturing\"\n");
    mended: "# rmbook: allow(shares-not-100) agreed with branch 2\n" => "";
}

check! {
    UNKNOWN_RULE = "RM714" "unknown-rule" Deny Book(unknown_rule);
    title: "the settings give a level to a rule that does not exist", "设置了不存在的规则的级别";
    why: "The level is meant for some rule, which goes on with its own.", "该级别未对任何规则生效。";
    mend: "Correct the name; `rmbook explain` lists all rules.", "请更正名称；`rmbook explain` 列出全部规则。";
    says: "no rule is called `{name}`", "没有名为“{name}”的规则";
    example: "# file: rmbook.toml\nname = \"Branch\"\n[rules]\nvisit-overdu = \"deny\"\n";
    mended: "visit-overdu " => "visit-overdue ";
}

fn unknown_rule(context: &Context<'_>, found: &mut Found) {
    let Some(file) = context.book.settings_file else { return };
    for name in context.book.settings.rules.keys() {
        if let Err(UnknownRule { nearest, .. }) = named(name, context.options.known()) {
            let help = nearest.map(|near| msg!(finding::NEAREST, name = near));
            let place = Place::key(file, path!["rules", name.clone()]);
            found.push(fires!(UNKNOWN_RULE, place, name = name).help(help));
        }
    }
}

check! {
    STALE_BASELINE = "RM715" "stale-baseline" Warn Settling();
    title: "an entry of the baseline is out of date", "基线条目已失效";
    why: "It would hide the same fault when it comes back.", "留存的条目会掩盖再次出现的同类问题。";
    mend: "Remove the entry: `rmbook check --baseline FILE --write-baseline` removes what is mended.",
        "请删除该条目：`rmbook check --baseline 文件 --write-baseline` 会移除已解决的条目。";
    says: "the baseline takes on `{rule}` at `{field}`, but {why}", "基线登记了“{field}”的“{rule}”，但{why}";
    example: client!("# file: baseline.toml\n[[accepted]]\nrule = \"no-backup\"\nrecord = \"client acme\"\nfield = \"backup\"\n");
    mended: "[[accepted]]\nrule = \"no-backup\"\nrecord = \"client acme\"\nfield = \"backup\"\n" => "";
}

check! {
    HIDDEN_CHARACTER = "RM716" "hidden-character" Warn Text(hidden_character);
    title: "a character that nobody sees stands in a file", "文件中含有不可见字符";
    why: "It turns the order of what is read round, or makes two names that look alike differ.",
        "此类字符会颠倒显示顺序，或使看似相同的名称实际不同。";
    mend: "Remove it; what it hides is shown as an escape.", "请删除该字符；其内容以转义形式显示。";
    says: "the hidden character U+{code}", "不可见字符 U+{code}";
    example: client!("note = \"owns \u{202e}two\u{202c} plants\"\n");
    mended: "\u{202e}two\u{202c}" => "two";
}

fn hidden_character(file: FileId, text: &str, found: &mut Found) {
    let bytes = text.as_bytes();
    // What is hidden begins with one of three bytes, and few others do.
    let mut starts = (1..bytes.len()).filter(|at| matches!(bytes[*at], 0xc2 | 0xe2 | 0xef));
    let hidden = |at: usize| text[at..].chars().next().filter(|c| is_hidden(*c)).map(|c| (at, c));
    // One says enough: they come in pairs and by the dozen.
    if let Some((at, c)) = starts.find_map(hidden) {
        let place = Place::bytes(file, at..at + c.len_utf8());
        found.push(fires!(HIDDEN_CHARACTER, place, code = format!("{:04X}", u32::from(c))));
    }
}

/// Controls of C1 and of writing direction, separators of lines, and what has no width; a byte order mark may only begin a
/// file.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
