//! Wrong arguments: what `clap` found, in the language of the reader.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};

use anyhow::anyhow;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{ExitStatus, broken, translated, width};
use crate::failure::{HELP, failure};
use crate::msg;
use crate::text::{Lang, Message, usage as say};

/// The language the arguments or the environment ask for, whatever else is wrong with the arguments.
pub(super) fn lang(args: &[OsString]) -> Lang {
    let words: Vec<&str> =
        args.iter().filter_map(|arg| arg.to_str()).take_while(|arg| *arg != "--").collect();
    let apart = words.windows(2).filter(|pair| pair[0] == "--lang").map(|pair| pair[1]);
    let joined = words.iter().filter_map(|word| word.strip_prefix("--lang="));
    match apart.chain(joined).last() {
        Some("en") => return Lang::En,
        Some("zh") => return Lang::Zh,
        _ => {}
    }
    let set = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    locale.map_or(Lang::En, |locale| Lang::from_locale(&locale))
}

/// Help and version go to standard output; a wrong argument is an error of the run.
pub(super) fn end(
    mut error: clap::Error,
    lang: Lang,
    (out, err): (&mut dyn Write, &mut dyn Write),
) -> anyhow::Result<ExitStatus> {
    forget_far(&mut error);
    let text = error.render();
    if !error.use_stderr() {
        let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let text = if colour { text.ansi().to_string() } else { text.to_string() };
        out.write_all(help(&text, lang).as_bytes())?;
        return Ok(ExitStatus::Clean);
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        writeln!(err, "{}", help(&text.to_string(), lang).trim_end())?;
        return Err(failure(say::MISSING_COMMAND));
    }
    match fault(&error) {
        Some(fault) if lang == Lang::Zh => {
            Err(failure(msg!(say::WITH_USAGE, fault = fault, rest = rest(&error))))
        }
        _ => {
            let text = text.to_string();
            let words = text.trim_end();
            Err(anyhow!("{}", words.strip_prefix("error: ").unwrap_or(words).to_owned()))
        }
    }
}

/// Takes back a flag that is like the one given only because it is short: `--on` for `--chosen-by-manager`.
fn forget_far(error: &mut clap::Error) {
    let of = |kind| error.get(kind).map(words).unwrap_or_default();
    let (given, near) = (of(ContextKind::InvalidArg), of(ContextKind::SuggestedArg));
    if near.chars().count() * 2 < given.chars().count() {
        error.remove(ContextKind::SuggestedArg);
    }
}

/// Help as the reader's language has it, in the width of the terminal.
fn help(text: &str, lang: Lang) -> String {
    match lang {
        Lang::En => text.to_owned(),
        Lang::Zh => broken(&translated(text, lang), width()),
    }
}

/// What is wrong; nothing where it is of a kind that has no words here.
fn fault(error: &clap::Error) -> Option<Message> {
    let of = |kind| error.get(kind).map(words);
    let arg = || of(ContextKind::InvalidArg);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => msg!(say::UNKNOWN, arg = arg()?),
        ErrorKind::InvalidSubcommand => {
            msg!(say::UNKNOWN_COMMAND, word = of(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::MissingRequiredArgument => msg!(say::MISSING, args = arg()?),
        ErrorKind::MissingSubcommand => say::MISSING_COMMAND.into(),
        ErrorKind::ArgumentConflict => {
            let other = of(ContextKind::PriorArg).unwrap_or_default();
            msg!(say::CONFLICT, arg = arg()?, other = other)
        }
        ErrorKind::InvalidValue => {
            let value = of(ContextKind::InvalidValue).filter(|value| !value.is_empty());
            let valid = of(ContextKind::ValidValue).unwrap_or_default();
            match value {
                None => msg!(say::NO_VALUE, arg = arg()?),
                Some(value) => msg!(say::NOT_ONE_OF, arg = arg()?, value = value, valid = valid),
            }
        }
        ErrorKind::ValueValidation => {
            msg!(say::BAD_VALUE, arg = arg()?, value = of(ContextKind::InvalidValue)?)
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            msg!(say::VALUES, arg = arg()?)
        }
        _ => return None,
    })
}

/// The nearest word, how the command is called, and where to read more.
fn rest(error: &clap::Error) -> String {
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let near = near.into_iter().find_map(|kind| error.get(kind)).map(words);
    let near = near.map(|near| format!("{HELP}{}", msg!(say::NEAR, near = near).get(Lang::Zh)));
    let usage = error.get(ContextKind::Usage).map(|usage| {
        let usage = translated(&usage.to_string(), Lang::Zh);
        let lines = usage.trim().trim_start_matches("用法：").trim();
        format!("\n\n{}", msg!(say::USAGE, lines = lines).get(Lang::Zh))
    });
    let more = format!("\n\n{}", say::MORE.get(Lang::Zh));
    [near.unwrap_or_default(), usage.unwrap_or_default(), more].concat()
}

/// The words of a context of an error, several with commas between.
fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(words) => words.join("、"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_known_before_the_arguments_are_read() {
        let of = |args: &[&str]| lang(&args.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(of(&["rmbook", "shwo", "--lang", "zh"]), Lang::Zh);
        assert_eq!(of(&["rmbook", "--lang=zh", "show", "--lang=en"]), Lang::En);
    }
}
