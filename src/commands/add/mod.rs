//! `rmbook add`: records, and entries in them, from flags or from rows.
//!
//! The subcommands and their flags come from the shapes of the records ([`flags`]); a new field or list needs nothing here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{anyhow, bail};
use clap::{ArgMatches, Command, FromArgMatches};

use super::{Context, ExitStatus, WriteArgs, Writing, refused, say_done, say_refusal};
use crate::draft::given::{Given, Pairs};
use crate::draft::leaf;
use crate::draft::plan::{Known, Outcome, Proposal, Target, id_fault, propose};
use crate::draft::value::{Defaults, table};
use crate::draft::{Fault, present, rows};
use crate::msg;
use crate::record::kind::RecordKind;
use crate::source::KeyPath;
use crate::store;
use crate::text::{Lang, entry};

mod flags;

use flags::Home;

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
        // Eighty subcommands with their flags are made only when `add` is asked for.
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand_value_name("KIND")
            .defer(flags::words)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// One thing to add: where it came from, where it goes, and what it says.
struct Row {
    /// Its number in the file, where it came from one.
    number: Option<usize>,
    /// The record it goes to, or is.
    record: String,
    pairs: Pairs,
}

pub(super) fn run(args: &AddArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let homes = flags::homes(&args.word);
    let input = input(&args.matches)?;
    let dry_run = args.matches.get_flag("dry-run");
    let mut writing = Writing::open(context, &WriteArgs { dry_run })?;
    let home = home(&args.matches, &homes, input.as_ref(), &mut writing)?;
    let rows = match &input {
        None => vec![from_flags(&args.matches, home)?],
        Some(input) => from_rows(input, &args.matches, home)?,
    };
    let known = writing.known();
    let mut batch = Batch { home, known, groups: BTreeMap::new(), bad: Vec::new() };
    for row in rows {
        batch.place(&row, &mut writing, context)?;
    }
    batch.add(writing, context)
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
        anyhow!("the rows do not say which record they go to\nhelp: a column `{}`", kinds.join("` or `"))
    })
}

fn from_flags(matches: &ArgMatches, home: Home) -> anyhow::Result<Row> {
    let pairs = flags::read(home, matches).map_err(|fault| flag_error(&fault))?;
    let record = matches.get_one::<String>("record").cloned().unwrap_or_default();
    Ok(Row { number: None, record, pairs })
}

fn flag_error(fault: &Fault) -> anyhow::Error {
    let help = fault.help().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    anyhow!("{}: {}{help}", flags::name(fault), fault.message())
}

/// The column that names the record of a row.
fn record_column(home: Home) -> &'static str {
    if home.list.is_some() { home.kind.name() } else { "id" }
}

fn from_rows(input: &Input, matches: &ArgMatches, home: Home) -> anyhow::Result<Vec<Row>> {
    let fixed = matches.get_one::<String>("record");
    let column = record_column(home);
    let record = |given: Option<&str>, number: usize| match (fixed, given) {
        (Some(id), _) => Ok(id.clone()),
        (None, Some(id)) if !id.trim().is_empty() => Ok(id.trim().to_owned()),
        _ => bail!("row {number} names no record\nhelp: a column `{column}` does, or an id before the flags"),
    };
    match input {
        Input::Json(objects) => {
            let row = |(number, pairs): &(usize, Pairs)| {
                let given = pairs.iter().find(|(key, _)| fixed.is_none() && key == column);
                let record = record(given.and_then(|(_, value)| value.words()), *number)?;
                let is_field = |(key, _): &&(String, Given)| fixed.is_some() || key != column;
                let pairs = pairs.iter().filter(is_field).cloned().collect();
                Ok(Row { number: Some(*number), record, pairs })
            };
            objects.iter().map(row).collect()
        }
        Input::Csv(sheet) => {
            let leaves = home.leaves();
            let at = sheet.headers.iter().position(|header| fixed.is_none() && header == column);
            let mut columns = Vec::new();
            for (index, header) in sheet.headers.iter().enumerate().filter(|(index, _)| Some(*index) != at) {
                columns.push((
                    index,
                    leaf::of_column(&leaves, home.shape, header)
                        .map_err(|fault| anyhow!("column `{header}`: {}", fault.words(Lang::En)))?,
                ));
            }
            let row = |(number, cells): &(usize, Vec<String>)| {
                let record = record(at.and_then(|at| cells.get(at)).map(String::as_str), *number)?;
                let pairs = leaf::cells(&columns, cells).map_err(|fault| flag_error(&fault))?;
                Ok(Row { number: Some(*number), record, pairs })
            };
            sheet.rows.iter().map(row).collect()
        }
    }
}

/// Everything that is to be added, by the file it goes to.
struct Batch {
    home: Home,
    known: Known<'static>,
    groups: BTreeMap<String, Group>,
    bad: Vec<(usize, Fault)>,
}

struct Group {
    target: Target,
    lead: Option<String>,
    rows: Vec<(Option<usize>, Proposal)>,
}

impl Batch {
    /// Types a row along its shape and puts it to its record.
    fn place(&mut self, row: &Row, writing: &mut Writing, context: &Context<'_>) -> anyhow::Result<()> {
        let path = self.path(&row.record, writing)?;
        if !self.groups.contains_key(&path) {
            let target = writing.target(self.home.kind, &path)?;
            let record = target.text.as_deref().map(|text| present::read(text, target.kind.shape()));
            let lead = record.and_then(|record| present::words(&record, "manager").map(str::to_owned));
            self.groups.insert(path.clone(), Group { target, lead, rows: Vec::new() });
        }
        let Some(group) = self.groups.get_mut(&path) else { return Ok(()) };
        let defaults = Defaults { today: context.today, lead: group.lead.clone(), live: true };
        let pairs = with_own_words(self.home, row);
        match (table(self.home.shape, &pairs, &KeyPath::ROOT, &defaults), row.number) {
            (Ok(values), number) => {
                let proposal = match self.home.list {
                    Some(list) => Proposal::Entry(list, values),
                    None => Proposal::Record(values),
                };
                group.rows.push((number, proposal));
            }
            (Err(faults), Some(number)) => self.bad.extend(faults.into_iter().map(|fault| (number, fault))),
            (Err(faults), None) => {
                let lines: Vec<String> = faults.iter().map(|fault| flag_error(fault).to_string()).collect();
                bail!("{}", lines.join("\nerror: "));
            }
        }
        Ok(())
    }

    /// The file of a record: that of an entry must exist.
    fn path(&mut self, id: &str, writing: &mut Writing) -> anyhow::Result<String> {
        if self.home.list.is_some() {
            return Ok(writing.resolve(id, &[self.home.kind])?.1);
        }
        if let Some(path) = writing.find(self.home.kind, id)? {
            return Ok(path);
        }
        match id_fault(self.home.kind, id, self.known.ids(self.home.kind.name())) {
            Some(fault) => bail!("{fault}"),
            None => Ok(self.home.kind.path(id)),
        }
    }

    /// Adds everything, or nothing where one thing cannot be.
    fn add(mut self, mut writing: Writing, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
        for (number, fault) in &self.bad {
            let words = format!("`{}`: {}", fault.at, fault.words(context.style.lang));
            context.say(&msg!(entry::ROW, number = *number, words = words))?;
        }
        if self.home.list.is_none() {
            // Records of one run may name each other.
            let made = self.groups.keys().filter_map(|path| Some(RecordKind::of_path(path)?.1.to_owned()));
            self.known.ids(self.home.kind.name()).extend(made);
        }
        let (mut added, mut there, mut fine) = (0, 0, self.bad.is_empty());
        for group in self.groups.values() {
            let proposals: Vec<Proposal> = group.rows.iter().map(|(_, proposal)| proposal.clone()).collect();
            let outcome = propose(&group.target, &proposals, true, &mut self.known);
            group.say_refusals(&outcome, context)?;
            fine &= writing.take(&group.target, &outcome, context)?;
            added += outcome.added;
            there += outcome.there;
        }
        if !fine {
            return refused(context);
        }
        let files = writing.finish(context)?;
        say_done(added, there, files, context)?;
        Ok(ExitStatus::Clean)
    }
}

impl Group {
    /// Says what was refused; a flag that names what does not exist is an error of the run.
    fn say_refusals(&self, outcome: &Outcome, context: &mut Context<'_>) -> anyhow::Result<()> {
        for (index, refusal) in &outcome.refused {
            let number = self.rows.get(*index).and_then(|(number, _)| *number);
            if number.is_none() && refusal.differs.is_none() {
                return Err(flag_error(&refusal.fault));
            }
            say_refusal(number, refusal, &self.target.path, context)?;
        }
        Ok(())
    }
}

/// What a record's id says of it stands in it too: a review's period and manager.
fn with_own_words(home: Home, row: &Row) -> Pairs {
    let mut pairs = row.pairs.clone();
    if home.list.is_none()
        && home.kind == RecordKind::Review
        && let Some((period, manager)) = row.record.split_once('/')
    {
        for (key, words) in flags::SAID_BY_ID.into_iter().zip([period, manager]) {
            if pairs.iter().all(|(known, _)| known != key) {
                pairs.push((key.to_owned(), Given::Text(words.to_owned())));
            }
        }
    }
    pairs
}
