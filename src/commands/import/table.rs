//! `rmbook import table`: any CSV, by a mapping file.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;

use super::{Batch, Context, ExitStatus, KeepArgs, Manner, Row, WriteArgs, Writing};
use crate::diag::nearest;
use crate::draft::home::{Home, SAID_BY_ID, homes, words};
use crate::draft::plan::{Proposal, Twice};
use crate::draft::rows::{Sheet, decode, sheet};
use crate::draft::value::Defaults;
use crate::draft::{Fault, present, spot};
use crate::failure::{OrFail, failure, said};
use crate::import::cell::Reader;
use crate::import::mapping::Mapping;
use crate::import::row::{self, Target};
use crate::msg;
use crate::record::kind::RecordKind;
use crate::record::tree::{Node, walk};
use crate::source::KeyPath;
use crate::store;
use crate::text::{Message, run};

/// Bring in a CSV file by a mapping
/// 按映射文件导入 CSV
///
/// The mapping says which column is which field, what becomes of values, and which record a row makes or goes to. A
/// row that is there already is passed over, so the same file can be imported again; one that differs is refused, or with
/// `--update` changes the fields it names. Where one row cannot be, nothing is written, unless `--skip-bad` leaves such
/// rows out. `rmbook explain import` is the manual of mapping files.
/// 映射文件写明哪一列为哪个字段、取值如何换算，以及每行生成或归入哪条记录。已存在的行自动略过，同一文件可重复导入；
/// 内容不同的不予导入，使用 `--update` 则更新其中写明的字段。有一行无法导入即全部不写入，
/// 使用 `--skip-bad` 则略过此类行。映射文件手册见 `rmbook explain import`。
#[derive(Clone, Debug, Args)]
pub(super) struct TableArgs {
    /// CSV with a header, in UTF-8 or GB18030; `-` is standard input
    /// 带表头的 CSV，UTF-8 或 GB18030 编码；`-` 为标准输入
    file: PathBuf,
    /// What a row is: a kind of record, or an entry by its word in `add`
    /// 每行的类别：记录类别，或 `add` 所用的条目名
    #[arg(long = "as", value_name = "KIND")]
    kind: String,
    /// Mapping file
    /// 映射文件
    #[arg(long, value_name = "MAPPING")]
    map: PathBuf,
    /// Kind of record an entry goes to, where several have it
    /// 条目所属记录的类别（多类记录有此条目时）
    #[arg(long, value_name = "KIND")]
    r#in: Option<String>,
    /// A row that is there and differs changes what is there, instead of being refused
    /// 已有而内容不同的行更新原内容，不予拒绝
    #[arg(long)]
    update: bool,
    /// Leave rows out that cannot be taken in
    /// 略过无法导入的行
    #[arg(long)]
    skip_bad: bool,
    #[command(flatten)]
    keep: KeepArgs,
    #[command(flatten)]
    write: WriteArgs,
}

pub(super) fn run(args: &TableArgs, context: &mut Context<'_>) -> anyhow::Result<ExitStatus> {
    let home = home(args)?;
    let mapping = mapping(&args.map)?;
    if mapping.update && home.list.is_some() {
        bail!(failure(msg!(run::NO_PARENT, word = "update", kind = &args.kind)));
    }
    if let Some(parent) = home.parent() {
        bail!(failure(msg!(run::BELOW_ENTRY, kind = &args.kind, parent = parent)));
    }
    let sheet = read_sheet(&args.file, &mapping)?;
    let files = lookups(&args.file, &mapping)?;
    let mut writing = Writing::open(context, &args.write)?;
    let sources = sources(&writing.root, home.kind, &mapping)?;
    let reader = Reader::new(&mapping, &sheet, &files, sources).map_err(|words| in_map(args, &words))?;
    let targets = row::targets(&mapping, home.shape).map_err(|fault| in_map(args, fault.message()))?;
    let import = Import {
        home,
        mapping: &mapping,
        targets,
        reader,
        update: args.update,
        there: std::cell::Cell::new(0),
        defaults: Defaults { around: Some(writing.around()), ..Defaults::on(context.today, false) },
    };
    let mut batch = Batch::new(home, &writing);
    for (number, cells) in sheet.rows.iter().filter(|(_, cells)| import.reader.means(cells)) {
        if let Err(faults) = import.place(*number, cells, &mut batch, &mut writing) {
            faults.into_iter().for_each(|fault| batch.refuse(*number, fault));
        }
    }
    if import.there.get() > 0 && !args.skip_bad {
        bail!(failure(msg!(run::ROWS_ARE_THERE, count = import.there.get())));
    }
    let twice = if args.update { Twice::Updated } else { Twice::Covered };
    let since = args.keep.since(context.today)?;
    batch.finish(Manner { twice, since, skip_bad: args.skip_bad }, writing, context)
}

fn in_map(args: &TableArgs, words: &Message) -> anyhow::Error {
    failure(msg!(run::AT, place = args.map.display().to_string(), words = words.clone()))
}

fn home(args: &TableArgs) -> anyhow::Result<Home> {
    let mut found = homes(&args.kind);
    if let Some(kind) = args.r#in.as_ref().filter(|_| !found.is_empty()) {
        let kinds: Vec<&str> = found.iter().map(|home| home.kind.name()).collect();
        let elsewhere = msg!(run::NOT_IN_KIND, name = &args.kind, kind = kind, kinds = Message::list(&kinds));
        found.retain(|home| home.kind.name() == kind);
        if found.is_empty() {
            bail!(failure(elsewhere));
        }
    }
    match found.len() {
        1 => Ok(found.remove(0)),
        0 if args.kind == "result" => bail!(failure(msg!(run::FIGURES_ARE_FIELDS, month = "{month}"))),
        0 => {
            let near = nearest(&args.kind, words().into_iter());
            let help = near.map_or(run::ADD_LISTS.into(), |near| msg!(run::SIMILAR_NAME, near = near));
            bail!(failure(msg!(run::NO_KIND, name = &args.kind, help = help)))
        }
        _ => {
            let kinds: Vec<&str> = found.iter().map(|home| home.kind.name()).collect();
            let flags = format!("`--in {}`", kinds.join("` / `--in "));
            bail!(failure(msg!(run::SEVERAL_KINDS, name = &args.kind, flags = flags)))
        }
    }
}

fn mapping(path: &Path) -> anyhow::Result<Mapping> {
    let bytes = store::read_import(path)?;
    let text = decode(&bytes, None).with_context(|| path.display().to_string())?;
    Mapping::read(&text).map_err(|unread| {
        let place = format!("{}{}", path.display(), unread.place);
        failure(msg!(run::AT, place = place, words = unread.words))
    })
}

fn read_sheet(path: &Path, mapping: &Mapping) -> anyhow::Result<Sheet> {
    let shown = || path.display().to_string();
    let delimiter = mapping.delimiter.map(u8::try_from).transpose().or_fail(|| run::ONE_CHARACTER)?;
    let bytes = store::read_import(path)?;
    let text = decode(&bytes, mapping.encoding.as_deref()).with_context(shown)?;
    sheet(&text, delimiter).with_context(shown)
}

/// The files that values are looked up in, which stand beside the imported one.
fn lookups(file: &Path, mapping: &Mapping) -> anyhow::Result<BTreeMap<String, Sheet>> {
    let mut files = BTreeMap::new();
    for lookup in mapping.lookups() {
        if !files.contains_key(&lookup.file) {
            let path = file.parent().unwrap_or(Path::new(".")).join(&lookup.file);
            files.insert(
                lookup.file.clone(),
                read_sheet(&path, &Mapping { encoding: None, delimiter: None, ..mapping.clone() })?,
            );
        }
    }
    Ok(files)
}

/// The ids of records by their source id, of every kind that the mapping names records of.
fn sources(
    root: &Path,
    kind: RecordKind,
    mapping: &Mapping,
) -> anyhow::Result<BTreeMap<String, HashMap<String, String>>> {
    let mut sources = BTreeMap::new();
    for name in mapping.named_kinds().into_iter().chain([kind.name()]) {
        let kind = RecordKind::named(name).or_fail(|| msg!(run::NAMES_KIND, name = name))?;
        let snapshot = store::read_some(root, &[kind.place()])?;
        let by_source = snapshot.sources.iter().filter_map(|(_, file)| {
            let (_, id) = RecordKind::of_path(&file.path)?;
            let source =
                walk(&file.text, |root| root.get("source").and_then(Node::text).map(str::to_owned))??;
            Some((source, id.to_owned()))
        });
        sources.insert(name.to_owned(), by_source.collect());
    }
    Ok(sources)
}

struct Import<'m> {
    home: Home,
    mapping: &'m Mapping,
    targets: Vec<Target<'m>>,
    reader: Reader<'m>,
    /// Whether rows may change records that are there.
    update: bool,
    /// Rows of records that are there, which say too little for one of their own.
    there: std::cell::Cell<usize>,
    defaults: Defaults,
}

impl Import<'_> {
    /// Whether the fields of a row are not enough for a record of their own.
    fn lacks_fields(&self, words: &[(String, String)]) -> bool {
        let named = |name: &str| words.iter().any(|(path, _)| path.split('.').next() == Some(name));
        let by_id = |name: &str| self.home.kind == RecordKind::Review && SAID_BY_ID.contains(&name);
        let mut needed = self
            .home
            .shape
            .fields
            .iter()
            .filter(|field| field.required && field.default.is_none() && !by_id(&field.name));
        needed.any(|field| !named(&field.name))
    }

    /// Puts a row to its record.
    fn place(
        &self,
        number: usize,
        cells: &[String],
        batch: &mut Batch,
        writing: &mut Writing,
    ) -> Result<(), Vec<Fault>> {
        let id = self
            .reader
            .record(self.home.kind.name(), cells)
            .map_err(|refused| vec![row::fault("record", &refused)])?;
        let words = row::words(self.mapping, &self.targets, &self.reader, cells)?;
        let lost = |error: anyhow::Error| vec![Fault::new(&KeyPath(vec!["record".into()]), said(&error))];
        // A row about a record that is there need not say all of it.
        let is_record = self.home.list.is_none();
        let is_there = is_record && writing.find(self.home.kind, &id).map_err(lost)?.is_some();
        let changes = self.mapping.update || self.update && is_there;
        if is_record && !changes && self.lacks_fields(&words) {
            // It can only be meant to change a record.
            let at = KeyPath(vec!["record".into()]);
            let fault = match is_there {
                true => {
                    self.there.set(self.there.get() + 1);
                    Some(Fault::new(&at, msg!(run::ROW_IS_THERE, kind = self.home.kind.title(), id = &id)))
                }
                false if self.update => writing.known().fault(self.home.kind.name(), &id, &at),
                false => None,
            };
            if let Some(fault) = fault {
                return Err(vec![fault]);
            }
        }
        if !changes {
            let row = Row { number: Some(number), record: id, above: None, pairs: row::pairs(words) };
            return batch.place(row, writing, &self.defaults).map_err(lost)?;
        }
        let group = batch.group(&id, false, writing).map_err(lost)?;
        let mut values = Vec::new();
        for (path, words) in words {
            let pair = format!("{path}=");
            let parts = spot::split(&pair).map(|(parts, _)| parts).unwrap_or_default();
            let spot = spot::find(&parts, self.home.shape, &group.record, &self.defaults)
                .map_err(|fault| vec![fault])?;
            let (at, value) = spot.set(&words, &self.defaults)?;
            if let Some(value) = &value {
                present::set(&mut group.record, &at, value.clone());
            }
            values.push((at, value));
        }
        group.push(Some(number), Proposal::Values(values));
        Ok(())
    }
}
