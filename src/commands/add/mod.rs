//! `rmbook add`: records, and entries in them, from flags or from rows.
//!
//! The subcommands and their flags come from the shapes of the records ([`flags`]); a new field or list needs nothing here.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{ArgMatches, Command, FromArgMatches};

use super::{Batch, Context, ExitStatus, KeepArgs, Manner, Row, WriteArgs, Writing, assign};
use crate::draft::given::{Given, Pairs};
use crate::draft::home::{Home, homes};
use crate::draft::plan::Twice;
use crate::draft::value::Defaults;
use crate::draft::{Fault, leaf, rows};
use crate::failure::{all, failure};
use crate::msg;
use crate::record::kind::RecordKind;
use crate::store;
use crate::text::{Lang, Message, entry, run};

mod flags;
mod review;

/// What is to be added: a word, and its flags.
#[derive(Clone, Debug)]
pub(super) struct AddArgs {
    word: String,
    matches: ArgMatches,
}

impl FromArgMatches for AddArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        match matches.subcommand() {
            Some((word, matches)) => Ok(Self { word: word.to_owned(), matches: matches.clone() }),
            None => Err(clap::Error::new(clap::error::ErrorKind::MissingSubcommand)),
        }
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for AddArgs {
    fn augment_args(command: Command) -> Command {
        command.subcommand_required(true).arg_required_else_help(true).subcommand_value_name("KIND")
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// The command with its words, whose eighty subcommands with their flags are made only when it is asked for.
pub(super) fn with_words(add: Command, lang: Lang) -> Command {
    add.defer(match lang {
        Lang::En => |add| flags::words(add, Lang::En),
        Lang::Zh => |add| flags::words(add, Lang::Zh),
    })
}

pub(super) fn run(args: &AddArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    if args.word == flags::RESULT {
        return result(&args.matches, context);
    }
    let input = input(&args.matches)?;
    let dry_run = args.matches.get_flag("dry-run");
    let mut writing = Writing::open(context, &WriteArgs { dry_run })?;
    let home = home(&args.matches, &homes(&args.word), input.as_ref(), &mut writing)?;
    let mut remarks = Vec::new();
    let mut rows = match &input {
        None => {
            let mut row = from_flags(&args.matches, home)?;
            if home.kind == RecordKind::Review && home.list.is_none() && !args.matches.get_flag("blank") {
                remarks = review::draft(&row.record, &mut row.pairs, &mut writing, context)?;
            }
            vec![row]
        }
        Some(input) => from_rows(input, &args.matches, home)?,
    };
    let unknown = resolve_revisions(home, &mut rows, &writing.root)?;
    let defaults = Defaults { around: Some(writing.around()), ..Defaults::on(context.today, true) };
    let mut batch = Batch::new(home, &writing);
    for row in rows {
        if !remarks.is_empty() {
            batch.group(&row.record, true, &mut writing)?.remark(std::mem::take(&mut remarks));
        }
        let number = row.number;
        match (batch.place(row, &mut writing, &defaults)?, number) {
            (Ok(()), _) => {}
            (Err(faults), Some(number)) => faults.into_iter().for_each(|fault| batch.refuse(number, fault)),
            (Err(faults), None) => {
                bail!(failure(all(faults.iter().map(|fault| flag_fault(home, fault)))));
            }
        }
    }
    let twice = if args.matches.get_flag("update") { Twice::Updated } else { Twice::Same };
    let keep =
        KeepArgs { on: args.matches.get_one("on").cloned(), correct: args.matches.get_flag("correct") };
    let since = keep.since(context.today)?;
    let status = batch.finish(Manner { twice, since, skip_bad: false }, writing, context)?;
    unknown.iter().try_for_each(|message| context.say(message))?;
    Ok(status)
}

/// Puts the commit in the place of what was typed as the revision a decision's figures come from, since a branch tells another one
/// tomorrow. Says which are left as they are, where the book has no history.
fn resolve_revisions(home: Home, rows: &mut [Row], root: &Path) -> anyhow::Result<Vec<Message>> {
    let mut unknown = Vec::new();
    if home.list.is_none_or(|list| list.name != DECISIONS) {
        return Ok(unknown);
    }
    let pairs = rows.iter_mut().flat_map(|row| &mut row.pairs);
    for (_, given) in pairs.filter(|(key, _)| key == REVISION) {
        let Some(typed) = given.words().map(str::trim).filter(|typed| !typed.is_empty()) else { continue };
        match commit_of_revision(DECISIONS, REVISION, typed, root)? {
            Some(Ok(commit)) => *given = Given::Text(commit),
            Some(Err(message)) => unknown.push(message),
            None => {}
        }
    }
    Ok(unknown)
}

/// The commit of what was typed as a decision's revision, or that the book has no history to tell it; nothing for any other field.
pub(super) fn commit_of_revision(
    list: &str,
    key: &str,
    typed: &str,
    root: &Path,
) -> anyhow::Result<Option<Result<String, Message>>> {
    if (list, key) != (DECISIONS, REVISION) || typed.is_empty() {
        return Ok(None);
    }
    let commit = store::commit_of(root, typed)?;
    Ok(Some(commit.ok_or_else(|| msg!(run::REVISION_KEPT, revision = typed))))
}

/// The list of a team's decisions, and the field that names the commit their figures come from.
const DECISIONS: &str = "decisions";
const REVISION: &str = "revision";

/// Figures of a month, written to the client's `results`.
fn result(matches: &ArgMatches, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let word = |id: &str| matches.get_one::<String>(id).map(String::as_str).unwrap_or_default();
    let figures: Vec<&String> = matches.get_many("figures").into_iter().flatten().collect();
    let is_empty =
        |figure: &&&String| figure.split_once('=').is_some_and(|(_, amount)| amount.trim().is_empty());
    if let Some(figure) = figures.iter().find(is_empty) {
        bail!(failure(msg!(entry::NO_AMOUNT, figure = *figure)));
    }
    let pairs: Vec<String> =
        figures.iter().map(|figure| format!("results.{}.{figure}", word("month"))).collect();
    let client = format!("{}/{}", RecordKind::Client.name(), word("record"));
    let write = WriteArgs { dry_run: matches.get_flag("dry-run") };
    assign(&client, &pairs, (true, Some(context.today)), &write, context)
}

/// Rows as they were read.
enum Input {
    Json(Vec<(usize, Pairs)>),
    Csv(rows::Sheet),
}

impl Input {
    /// Whether a row has a value by this name.
    fn has(&self, name: &str) -> bool {
        match self {
            Self::Json(rows) => rows.iter().any(|(_, pairs)| pairs.iter().any(|(key, _)| key == name)),
            Self::Csv(sheet) => sheet.headers.iter().any(|header| header == name),
        }
    }
}

fn input(matches: &ArgMatches) -> anyhow::Result<Option<Input>> {
    let file = |name: &str| matches.get_one::<PathBuf>(name);
    if let Some(path) = file("json") {
        let bytes = store::read_import(path)?;
        return Ok(Some(Input::Json(rows::objects(&rows::decode(&bytes, None)?)?)));
    }
    let Some(path) = file("csv") else { return Ok(None) };
    let bytes = store::read_import(path)?;
    Ok(Some(Input::Csv(rows::sheet(&rows::decode(&bytes, None)?, None)?)))
}

/// Which of a word's homes is meant: by `--in`, by the record's id, or by the column that names the record.
fn home(
    matches: &ArgMatches,
    homes: &[Home],
    input: Option<&Input>,
    writing: &mut Writing,
) -> anyhow::Result<Home> {
    if let [only] = homes {
        return Ok(*only);
    }
    let named = matches.try_get_one::<String>("in").ok().flatten();
    let record = matches.get_one::<String>("record");
    let kind = match (named, record) {
        (Some(name), _) => RecordKind::named(name),
        (None, Some(id)) => {
            let kinds: Vec<RecordKind> = homes.iter().map(|home| home.kind).collect();
            Some(writing.resolve(id, &kinds)?.0)
        }
        (None, None) => {
            homes.iter().map(|home| home.kind).find(|kind| input.is_some_and(|input| input.has(kind.name())))
        }
    };
    let home = homes.iter().find(|home| Some(home.kind) == kind).copied();
    home.ok_or_else(|| {
        let kinds: Vec<&str> = homes.iter().map(|home| home.kind.name()).collect();
        failure(msg!(run::WHICH_RECORD, columns = kinds.join("` / `")))
    })
}

fn from_flags(matches: &ArgMatches, home: Home) -> anyhow::Result<Row> {
    let pairs = flags::read(home, matches).map_err(|fault| flag_error(home, &fault))?;
    let record = match home.kind.is_many() {
        true => word_of(matches, "record").unwrap_or_default(),
        false => home.kind.name().to_owned(),
    };
    Ok(Row { number: None, record, above: word_of(matches, "above"), pairs })
}

fn flag_fault(home: Home, fault: &Fault) -> Message {
    msg!(run::AT, place = flags::name(home, fault), words = fault.whole())
}

/// A fault in what a flag gave, as an error of the run.
pub(super) fn flag_error(home: Home, fault: &Fault) -> anyhow::Error {
    failure(flag_fault(home, fault))
}

/// The value of an argument that not every word has.
fn word_of(matches: &ArgMatches, id: &str) -> Option<String> {
    matches.try_get_one::<String>(id).ok().flatten().cloned()
}

/// The column that names the record of a row.
fn record_column(home: Home) -> &'static str {
    if home.list.is_some() { home.kind.name() } else { "id" }
}

fn from_rows(input: &Input, matches: &ArgMatches, home: Home) -> anyhow::Result<Vec<Row>> {
    let file = (!home.kind.is_many()).then(|| home.kind.name().to_owned());
    let record =
        Named { fixed: file.or_else(|| word_of(matches, "record")), column: Some(record_column(home)) };
    let above = Named { fixed: word_of(matches, "above"), column: home.parent() };
    let is_name = |column: &str| record.is_in(column) || above.is_in(column);
    match input {
        Input::Json(objects) => {
            let row = |(number, pairs): &(usize, Pairs)| {
                let cell = |column: &str| {
                    let found = pairs.iter().find(|(key, _)| key == column);
                    found.and_then(|(_, value)| value.words())
                };
                let (record, above) = (record.of(cell, *number)?, above.of(cell, *number)?);
                let fields = pairs.iter().filter(|(key, _)| !is_name(key)).cloned().collect();
                let record = record.unwrap_or_default();
                Ok(Row { number: Some(*number), record, above, pairs: fields })
            };
            objects.iter().map(row).collect()
        }
        Input::Csv(sheet) => {
            let leaves = home.leaves();
            let mut columns = Vec::new();
            for (index, header) in sheet.headers.iter().enumerate().filter(|(_, header)| !is_name(header)) {
                columns.push((
                    index,
                    leaf::of_column(&leaves, home.shape, header).map_err(|fault| {
                        failure(msg!(run::AT_COLUMN, column = header, words = fault.whole()))
                    })?,
                ));
            }
            let row = |(number, cells): &(usize, Vec<String>)| {
                let cell = |column: &str| {
                    let at = sheet.headers.iter().position(|header| header == column);
                    at.and_then(|at| cells.get(at)).map(String::as_str)
                };
                let (record, above) = (record.of(cell, *number)?, above.of(cell, *number)?);
                let pairs = leaf::cells(&columns, cells).map_err(|fault| flag_error(home, &fault))?;
                Ok(Row { number: Some(*number), record: record.unwrap_or_default(), above, pairs })
            };
            sheet.rows.iter().map(row).collect()
        }
    }
}

/// What names the record or the entry of rows: one word before the flags for all, or a column.
struct Named {
    fixed: Option<String>,
    column: Option<&'static str>,
}

impl Named {
    /// Whether a column holds such names rather than a field.
    fn is_in(&self, column: &str) -> bool {
        self.fixed.is_none() && self.column == Some(column)
    }

    /// The name in one row; nothing where none is needed.
    fn of<'c>(
        &self,
        cell: impl Fn(&str) -> Option<&'c str>,
        number: usize,
    ) -> anyhow::Result<Option<String>> {
        let Some(column) = self.column.filter(|_| self.fixed.is_none()) else {
            return Ok(self.fixed.clone());
        };
        match cell(column).map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => Ok(Some(name.to_owned())),
            None => bail!(failure(msg!(run::EMPTY_NAME, number = number, column = column))),
        }
    }
}
