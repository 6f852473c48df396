//! The command line in the language of the reader.
//!
//! A doc comment of a command or an argument has both languages, each paragraph first in English, then in Chinese from the first
//! word on that begins so. What the library says of itself (`Options:`, `[default: …]`) stands in the catalogue and is replaced on
//! the way out.

use clap::builder::{Resettable, Str, StyledStr};
use clap::{Arg, Command};
use unicode_width::UnicodeWidthStr;

use crate::render::wrapped;
use crate::text::{Lang, is_chinese, usage as say};

/// Columns of help where no terminal says how many, and at most.
const WIDTH: u16 = 100;
/// Columns a text keeps, however far to the right it stands.
const NARROWEST: usize = 24;
/// What begins a colour.
const ESCAPE: char = '\u{1b}';

/// A command in one language: of both in its texts only that one is left.
pub(super) fn spoken(command: Command, lang: Lang) -> Command {
    let below = |command: Command| spoken(command, lang);
    let command = command.mut_args(|arg| argument(arg, lang)).mut_subcommands(below);
    let about = one(command.get_about(), lang);
    let long = one(command.get_long_about(), lang);
    named(command.about(about).long_about(long), lang)
}

fn argument(arg: Arg, lang: Lang) -> Arg {
    let help = one(arg.get_help(), lang);
    let long = one(arg.get_long_help(), lang);
    let heading = arg.get_help_heading().map(|text| Str::from(part(text, lang)));
    arg.help(help).long_help(long).help_heading(Resettable::from(heading))
}

/// The names of values in the language; those of a command whose texts are in one language already.
pub(super) fn named(command: Command, lang: Lang) -> Command {
    if lang == Lang::En {
        return command;
    }
    // Lines are broken once every word stands in its language.
    let command = command.mut_args(value_named).term_width(0);
    let name = command.get_subcommand_value_name().map(value_name);
    match name {
        Some(name) => command.subcommand_value_name(name),
        None => command,
    }
}

fn value_named(arg: Arg) -> Arg {
    let names =
        arg.get_value_names().map(|names| names.iter().map(|name| value_name(name)).collect::<Vec<_>>());
    match names {
        Some(names) => arg.value_names(names),
        None => arg,
    }
}

/// `KIND|CLIENT` in Chinese, word by word.
fn value_name(name: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for c in name.chars().chain(['\0']) {
        if c.is_ascii_uppercase() || c == '_' {
            word.push(c);
            continue;
        }
        let known = say::VALUE_NAMES.iter().find(|text| text.en == word);
        out.push_str(known.map_or(&word, |text| text.zh));
        word.clear();
        out.extend((c != '\0').then_some(c));
    }
    out
}

/// One language of a text that has both.
fn one(text: Option<&StyledStr>, lang: Lang) -> Resettable<StyledStr> {
    let text = text.map(|text| {
        let text = text.to_string();
        let paragraphs = text.split("\n\n").map(|paragraph| part(paragraph, lang));
        StyledStr::from(paragraphs.collect::<Vec<_>>().join("\n\n"))
    });
    text.into()
}

fn part(paragraph: &str, lang: Lang) -> String {
    let begins = |(at, c): &(usize, char)| is_chinese(*c) && (*at == 0 || paragraph[..*at].ends_with(' '));
    let at = paragraph.char_indices().find(begins).map_or(paragraph.len(), |(at, _)| at);
    let (en, zh) = paragraph.split_at(at);
    match lang {
        Lang::En => en.trim_end().to_owned(),
        Lang::Zh => joined(zh),
    }
}

/// Chinese whose lines were put together with a space between.
fn joined(text: &str) -> String {
    let mut out = String::new();
    for line in text.split(' ') {
        let (last, first) = (out.chars().next_back(), line.chars().next());
        let is_within = |(last, first)| is_mark(last) || is_chinese(last) && is_chinese(first);
        if last.is_some() && !last.zip(first).is_some_and(is_within) {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

/// Whether `c` is a Chinese mark, which stands close to what follows.
fn is_mark(c: char) -> bool {
    is_chinese(c) && !c.is_alphanumeric()
}

/// What the library made of a command, with its own words in the language.
pub(super) fn translated(text: &str, lang: Lang) -> String {
    if lang == Lang::En {
        return text.to_owned();
    }
    let words = say::OF_THE_LIBRARY.iter();
    let text = words.fold(text.to_owned(), |text, words| text.replace(words.en, words.zh));
    let text = listed(&text);
    let mut out = String::new();
    for c in text.chars() {
        let after_chinese = out.chars().next_back().is_some_and(is_chinese);
        out.push(if c == ':' && after_chinese { '：' } else { c });
    }
    out
}

/// The values that may be given, parted as Chinese parts them.
fn listed(text: &str) -> String {
    const VALUES: &str = "[可选值：";
    let mut parts = text.split(VALUES);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        let (values, rest) = part.split_at(part.find(']').unwrap_or(0));
        out + VALUES + &values.replace(", ", "、") + rest
    })
}

/// Help with its lines broken, each below where its text begins.
pub(super) fn broken(help: &str, width: Option<u16>) -> String {
    let width = usize::from(width.unwrap_or(WIDTH).min(WIDTH));
    help.lines().flat_map(|line| broken_line(line, width)).map(|line| line + "\n").collect()
}

fn broken_line(line: &str, width: usize) -> Vec<String> {
    let line = line.trim_end();
    let indent = line.len() - line.trim_start().len();
    let gap = line[indent..].find("  ").map_or(0, |gap| indent + gap);
    let begins = line.len() - line[gap..].trim_start().len();
    let (head, words) = line.split_at(begins);
    // What is coloured is a name or a usage, which stays whole.
    if words.contains(ESCAPE) {
        return vec![line.to_owned()];
    }
    let column = shown_width(head);
    let lines = wrapped(words, width.saturating_sub(column).max(NARROWEST));
    let mut lines = lines.into_iter().map(|line| line.trim_end().to_owned());
    let first = lines.next().map(|line| format!("{head}{line}"));
    first.into_iter().chain(lines.map(|line| format!("{:column$}{line}", ""))).collect()
}

/// Columns of a text, whose colours take none.
fn shown_width(text: &str) -> usize {
    let mut parts = text.split(ESCAPE);
    let plain = parts.next().unwrap_or_default();
    let coloured = parts.map(|part| part.split_once('m').map_or(part, |(_, after)| after));
    plain.width() + coloured.map(UnicodeWidthStr::width).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::command_line;

    #[test]
    fn a_paragraph_is_parted_where_a_chinese_word_begins() {
        let text = "With fee_income.sum=8万元 加上 `fee_income.sum`， 或加上 目标";
        assert_eq!(part(text, Lang::En), "With fee_income.sum=8万元");
        assert_eq!(part(text, Lang::Zh), "加上 `fee_income.sum`，或加上目标");
    }

    fn built(lang: Lang) -> Command {
        let mut command = command_line(lang);
        command.build();
        command
    }

    /// Calls `each` with a command and all below it, and the words that lead there.
    fn walk(command: &Command, each: &mut dyn FnMut(&Command)) {
        each(command);
        // The library's own command repeats the others.
        let below = command.get_subcommands().filter(|below| below.get_name() != "help");
        below.for_each(|below| walk(below, each));
    }

    /// Whether a line has several words of English that are no names of flags, values or files.
    fn is_english(line: &str) -> bool {
        let is_word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
        !line.contains(is_chinese) && line.split(' ').filter(is_word).count() > 1
    }

    #[test]
    fn every_text_of_the_command_line_stands_in_both_languages() {
        walk(&built(Lang::Zh), &mut |command| {
            let path = command.get_bin_name().unwrap_or_default();
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(about.starts_with(is_chinese), "{path}: `{about}`");
            let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
            assert!(
                long.split("\n\n").all(|part| long.is_empty() || part.contains(is_chinese)),
                "{path}: `{long}`"
            );
            for arg in command
                .get_arguments()
                .filter(|arg| !["help", "version"].contains(&arg.get_id().as_str()) && !arg.is_hide_set())
            {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.contains(is_chinese), "{path} {arg}: `{help}`");
                let names = arg.get_value_names().filter(|_| arg.get_action().takes_values());
                for name in names.unwrap_or_default() {
                    assert!(
                        !name.contains(|c: char| c.is_ascii_uppercase()),
                        "{path} {arg}: `{name}` is in no list of names"
                    );
                }
            }
        });
        walk(&built(Lang::En), &mut |command| {
            let texts = [command.get_about(), command.get_long_about()].into_iter().flatten();
            let helps =
                command.get_arguments().flat_map(|arg| [arg.get_help(), arg.get_long_help()]).flatten();
            for text in texts.chain(helps).map(ToString::to_string) {
                assert!(
                    !text.trim().is_empty() && !text.contains('\u{3002}'),
                    "{}: `{text}`",
                    command.get_name()
                );
            }
        });
    }

    #[test]
    fn help_in_chinese_has_no_line_in_english() {
        walk(&built(Lang::Zh), &mut |command| {
            let mut command = command.clone();
            for help in [command.render_help(), command.render_long_help()] {
                let help = broken(&translated(&help.to_string(), Lang::Zh), None);
                // Examples are commands.
                let (help, _) = help.split_once("示例：").unwrap_or((&help, ""));
                for line in help.lines().filter(|line| !line.trim_start().starts_with("用法：")) {
                    assert!(!is_english(line), "{}: `{line}`", command.get_name());
                }
            }
        });
    }
}
