//! Why a run could not go on, in either language: what an `anyhow` error of ours says.
//!
//! It stays language-neutral until `commands` prints it. A line that begins with [`HELP`] says what to do about it, and gets its
//! label in the language of the reader.

use std::error::Error;
use std::{fmt, io};

use crate::msg;
use crate::text::{Lang, Message, Text, render, run};

/// What stands before the mend in a message of several lines.
pub const HELP: &str = "\nhelp: ";
/// What stands between the errors of a run that has several.
const NEXT: &str = "\nerror: ";

/// Two errors of one run.
const AND: Text = Text::new("{first}\nerror: {rest}", "{first}\nerror: {rest}");
/// An error and what lies behind it.
const BECAUSE: Text = Text::new("{first}: {rest}", "{first}：{rest}");

/// A message as an error, with what lies behind it.
#[derive(Debug)]
pub struct Failure {
    message: Message,
    source: Option<anyhow::Error>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| {
            let source: &(dyn Error + 'static) = source.as_ref();
            source
        })
    }
}

/// The error that says `message`.
pub fn failure(message: impl Into<Message>) -> anyhow::Error {
    anyhow::Error::new(Failure { message: message.into(), source: None })
}

/// Several messages as the errors of one run.
pub fn all(messages: impl DoubleEndedIterator<Item = Message>) -> Message {
    joined(messages, AND)
}

/// What an error says, with all that lies behind it.
pub fn said(error: &anyhow::Error) -> Message {
    joined(causes(error).into_iter(), BECAUSE)
}

fn joined(messages: impl DoubleEndedIterator<Item = Message>, joint: Text) -> Message {
    let joined = messages.rev().reduce(|rest, first| msg!(joint, first = first, rest = rest));
    joined.unwrap_or_else(|| Message::verbatim(""))
}

fn causes(error: &anyhow::Error) -> Vec<Message> {
    let said = |cause: &(dyn Error + 'static)| match cause.downcast_ref::<Failure>() {
        Some(failure) => failure.message.clone(),
        None => cause.downcast_ref().map_or_else(|| Message::verbatim(cause.to_string()), of_system),
    };
    error.chain().map(said).collect()
}

/// What the system says of a file, where it is one of the usual things.
fn of_system(error: &io::Error) -> Message {
    let text = match error.kind() {
        io::ErrorKind::NotFound => run::NOT_FOUND,
        io::ErrorKind::PermissionDenied => run::NOT_ALLOWED,
        io::ErrorKind::IsADirectory => run::A_FOLDER,
        io::ErrorKind::StorageFull => run::NO_SPACE,
        io::ErrorKind::ReadOnlyFilesystem => run::READ_ONLY,
        _ => return Message::verbatim(error.to_string()),
    };
    text.into()
}

/// What fails says why in either language.
pub trait OrFail<T> {
    /// The value, or the error that says `message`, with what lies behind it.
    fn or_fail<M: Into<Message>>(self, message: impl FnOnce() -> M) -> anyhow::Result<T>;
}

impl<T> OrFail<T> for Option<T> {
    fn or_fail<M: Into<Message>>(self, message: impl FnOnce() -> M) -> anyhow::Result<T> {
        self.ok_or_else(|| failure(message()))
    }
}

impl<T, E: Into<anyhow::Error>> OrFail<T> for Result<T, E> {
    fn or_fail<M: Into<Message>>(self, message: impl FnOnce() -> M) -> anyhow::Result<T> {
        let with_source = |source: E| {
            anyhow::Error::new(Failure { message: message().into(), source: Some(source.into()) })
        };
        self.map_err(with_source)
    }
}

/// What an error of the run says in a language, with all that lies behind it and the labels of its lines.
pub fn words(error: &anyhow::Error, lang: Lang) -> String {
    let colon = if lang == Lang::Zh { "：" } else { ": " };
    let (mut whole, mut mends) = (render::ERROR.get(lang).to_owned(), String::new());
    for said in causes(error).into_iter().map(|cause| cause.get(lang)) {
        // What lies behind stands before what to do about it.
        let (what, mend) = said.split_at(said.find(HELP).unwrap_or(said.len()));
        whole.push_str(colon);
        whole.push_str(what);
        mends.push_str(mend);
    }
    labelled(&(whole + &mends), lang)
}

/// Lines of help and further errors with their labels in a language.
pub fn labelled(words: &str, lang: Lang) -> String {
    match lang {
        Lang::En => words.to_owned(),
        Lang::Zh => words
            .replace(HELP, &format!("\n{}：", render::HELP.get(lang)))
            .replace(NEXT, &format!("\n{}：", render::ERROR.get(lang))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    const LOST: Text = Text::new("lost\nhelp: look again", "未找到\nhelp: 请再查找");

    #[test]
    fn an_error_is_said_in_the_language_of_its_reader_with_what_lies_behind() {
        let error =
            Err::<(), _>(failure(LOST)).or_fail(|| Text::new("cannot go on", "无法继续")).unwrap_err();
        assert_eq!(words(&error, Lang::En), "error: cannot go on: lost\nhelp: look again");
        assert_eq!(words(&error, Lang::Zh), "错误：无法继续：未找到\n提示：请再查找");
        let foreign = Err::<(), _>(io::Error::other("gone")).or_fail(|| LOST).unwrap_err();
        assert_eq!(format!("{foreign:#}"), "lost\nhelp: look again: gone");
        assert_eq!(words(&foreign, Lang::En), "error: lost: gone\nhelp: look again");
    }
}
