//! What a command works with: the book, today, where output goes.

use std::collections::BTreeSet;
use std::io::Write;
use std::mem::ManuallyDrop;
use std::path::PathBuf;

use anyhow::bail;
use chrono::NaiveDate;

use crate::book::{self, Book};
use crate::diag::{Finding, Level};
use crate::failure::{OrFail, failure, labelled};
use crate::msg;
use crate::render::FindingFormat;
use crate::render::{self, Format, Style};
use crate::source::{FileId, Snapshot, Sources};
use crate::store;
use crate::table::Table;
use crate::text::{Message, command, run};

/// The run at hand.
pub struct Context<'io> {
    /// Where the search for the book begins.
    pub start: PathBuf,
    /// The day the run counts as today.
    pub today: NaiveDate,
    /// How output looks.
    pub style: Style,
    /// The name of the format asked for; without one, that of the output file's extension, else text.
    pub format: Option<String>,
    /// The file output goes to instead of standard output.
    pub output: Option<PathBuf>,
    /// The revision to read the book at, instead of its folder.
    pub at: Option<String>,
    /// Whether reports go on without the records that do not load.
    pub partial: bool,
    /// Whether standard input is a terminal somebody can answer at.
    pub interactive: bool,
    /// Data.
    pub out: &'io mut dyn Write,
    /// Findings, progress, remarks.
    pub err: &'io mut dyn Write,
}

/// A book with the texts it came from and what is wrong with them.
pub struct Loaded {
    /// The texts.
    pub snapshot: Snapshot,
    /// The records that load, which live as long as the process: taking a large book apart at its end is time lost.
    pub book: ManuallyDrop<Book>,
    /// Why the others don't.
    pub findings: Vec<Finding>,
}

impl Context<'_> {
    /// The book's folder.
    pub fn root(&self) -> anyhow::Result<PathBuf> {
        store::find_book(&self.start)
    }

    /// The book, whatever state it is in.
    pub fn load(&self) -> anyhow::Result<Loaded> {
        let root = self.root()?;
        let snapshot = match &self.at {
            Some(revision) => store::read_revision(&root, revision)?,
            None => store::read_book(&root)?,
        };
        let (book, findings) = book::load(&snapshot);
        Ok(Loaded { snapshot, book: ManuallyDrop::new(book), findings })
    }

    /// The book for a report, which refuses to compute from half of it: stops where a record does not load, unless
    /// `--partial` was given; then says in `left_out` which ones are missing.
    pub fn load_whole(&mut self) -> anyhow::Result<(Loaded, Vec<Message>)> {
        let loaded = self.load()?;
        let refused: Vec<Finding> =
            loaded.findings.iter().filter(|finding| finding.level == Level::Deny).cloned().collect();
        if refused.is_empty() {
            return Ok((loaded, Vec::new()));
        }
        if !self.partial {
            render::findings(&refused, &loaded.snapshot.sources, FindingFormat::Text, &self.style, self.err)?;
            let files: BTreeSet<FileId> = refused.iter().map(|finding| finding.at.file).collect();
            let message = msg!(command::BROKEN, count = files.len());
            bail!(failure(message));
        }
        let left_out = loaded
            .book
            .broken
            .iter()
            .map(|((kind, id), _)| msg!(command::LEFT_OUT, kind = kind.title(), id = id));
        let left_out = left_out.collect();
        Ok((loaded, left_out))
    }

    /// The format of tables: as asked, or by the output file's extension, or text.
    pub fn table_format(&self) -> anyhow::Result<Format> {
        let by_extension = |path: &PathBuf| {
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            let no_format = || msg!(run::NO_EXTENSION, path = path.display().to_string());
            Format::of_extension(extension).or_fail(no_format)
        };
        match (&self.format, &self.output) {
            (Some(name), _) => Format::named(name).or_fail(|| unknown_format(name, Format::ALL)),
            (None, Some(path)) => by_extension(path),
            (None, None) => Ok(Format::Text),
        }
    }

    /// The format of findings: as asked, or by the output file's extension, or text.
    pub fn finding_format(&self) -> anyhow::Result<FindingFormat> {
        let extension = self.output.as_ref().and_then(|path| path.extension()?.to_str());
        match (&self.format, extension) {
            (Some(name), _) => {
                FindingFormat::named(name).or_fail(|| unknown_format(name, FindingFormat::ALL))
            }
            (None, Some("json")) => Ok(FindingFormat::Json),
            (None, Some("sarif")) => Ok(FindingFormat::Sarif),
            (None, Some("xml")) => Ok(FindingFormat::Junit),
            (None, _) => Ok(FindingFormat::Text),
        }
    }

    /// Writes findings where output goes, and says beside them how many there are.
    pub fn write_findings(&mut self, found: &[Finding], sources: &Sources) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        render::findings(found, sources, self.finding_format()?, &self.style, &mut bytes)?;
        self.write_bytes(&bytes)?;
        match render::summary(found) {
            Some(summary) => self.say(&summary),
            None => Ok(()),
        }
    }

    /// Writes tables where output goes; remarks for which the format has no place are said beside them.
    pub fn write_tables(&mut self, tables: &[Table]) -> anyhow::Result<()> {
        let format = self.table_format()?;
        let mut bytes = Vec::new();
        render::tables(tables, format, &self.style, &mut bytes)?;
        self.write_bytes(&bytes)?;
        if format == Format::Csv {
            tables.iter().flat_map(|table| &table.notes).try_for_each(|note| self.say(note))?;
        }
        Ok(())
    }

    /// Writes the table that was asked for by its name, or all of them; a CSV file holds one.
    pub fn write_chosen(&mut self, mut tables: Vec<Table>, name: Option<&str>) -> anyhow::Result<()> {
        let known: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        let known = Message::list(&known);
        if let Some(name) = name {
            tables.retain(|table| table.name == name);
            if tables.is_empty() {
                bail!(failure(msg!(run::NO_TABLE, name = name, known = known)));
            }
        }
        if tables.len() > 1 && self.table_format()? == Format::Csv {
            bail!(failure(msg!(run::ONE_TABLE, known = known)));
        }
        self.write_tables(&tables)
    }

    /// Writes finished bytes where output goes.
    pub fn write_bytes(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        match &self.output {
            Some(path) => store::write_output(path, bytes),
            None => Ok(self.out.write_all(bytes)?),
        }
    }

    /// Says something beside the data, in the user's language.
    pub fn say(&mut self, message: &Message) -> anyhow::Result<()> {
        let lang = self.style.lang;
        Ok(writeln!(self.err, "{}", labelled(&message.get(lang), lang))?)
    }
}

fn unknown_format<F>(name: &str, known: &[(&str, F)]) -> Message {
    let known: Vec<&str> = known.iter().map(|(known, _)| *known).collect();
    msg!(run::NO_FORMAT, name = name, known = Message::list(&known))
}
