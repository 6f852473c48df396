//! The subcommands and flags of `add`, made from the shapes when one is asked for, and read back.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command, value_parser};

use crate::draft::Fault;
use crate::draft::given::{Given, Pairs};
use crate::draft::home::{Home, KINDS, entry_words, homes};
use crate::draft::leaf::{self, Leaf};
use crate::draft::parts::worded;
use crate::record::kind::RecordKind;
use crate::record::shape::Kind;
use crate::text::Lang;

/// Flags that a field of the same name must leave alone.
const TAKEN: [&str; 19] = [
    "book", "lang", "color", "today", "format", "output", "excel", "at", "partial", "help", "version",
    "json", "csv", "in", "dry-run", "update", "blank", "on", "correct",
];

/// Hangs the words below `add`.
pub(super) fn words(add: Command) -> Command {
    let record = |kind: RecordKind| {
        Command::new(kind.name())
            .about(format!("Add a record: {}", lower(&kind.shape().doc.en)))
            .defer(record_flags)
    };
    let entry = |(word, homes): (&'static str, Vec<Home>)| {
        Command::new(word).about(format!("To {}: {}", places(&homes), about(&homes))).defer(entry_flags)
    };
    add.subcommands(KINDS.map(record)).subcommands(entry_words().into_iter().map(entry)).subcommand(result())
}

/// The word for a client's monthly figures, whose fields are the measures a book declares.
pub(super) const RESULT: &str = "result";

fn result() -> Command {
    let positional = |id: &'static str, name: &'static str, help: &'static str| {
        Arg::new(id).value_name(name).help(help).required(true)
    };
    Command::new(RESULT)
        .about("To a client: figures of a month")
        .long_about(
            "To a client: figures of a month\n\nEach by its measure: `deposits=5200`, or `deposits.avg=5200 deposits.end=5350` \
             where the month-end balance is known too. A figure that is there with another value is refused; `rmbook set` \
             changes it. Many clients at once: `rmbook import table`.",
        )
        .arg(positional("record", "CLIENT", "Id of the client"))
        .arg(positional("month", "MONTH", "Month, such as 2026-10 or last-month"))
        .arg(positional("figures", "MEASURE=AMOUNT", "Figures").num_args(1..))
        .arg(dry_run())
}

fn dry_run() -> Arg {
    Arg::new("dry-run")
        .long("dry-run")
        .action(ArgAction::SetTrue)
        .help("Show what would change, and write nothing")
}

/// Where entries go: `a client or team`, `a facility of a client`, `the market figures`.
fn places(homes: &[Home]) -> String {
    let place = |home: &Home| match (home.parent(), home.kind.is_many()) {
        (Some(parent), _) => format!("{} of {}", with_article(parent), with_article(home.kind.name())),
        (None, true) => with_article(home.kind.name()),
        (None, false) => format!("the {}", home.kind.title().get(Lang::En)),
    };
    homes.iter().map(place).collect::<Vec<_>>().join(" or ")
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

fn about(homes: &[Home]) -> String {
    let list = homes.first().and_then(|home| home.list);
    list.map(|field| lower(&field.doc.en)).unwrap_or_default()
}

fn lower(doc: &str) -> String {
    let mut letters = doc.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn record_flags(command: Command) -> Command {
    let id = Arg::new("record").value_name("ID").help("Id of the record: the stem of its file");
    let homes = homes(command.get_name());
    let command =
        if command.get_name() == RecordKind::Review.name() { command.arg(blank()) } else { command };
    common(command.arg(id.required_unless_present("rows")), &homes)
}

/// A review is drafted from the scorecard unless somebody wants none of that.
fn blank() -> Arg {
    Arg::new("blank").long("blank").action(ArgAction::SetTrue).help(
        "Without the draft: strengths, improvements and open work as the scorecard and the book have them",
    )
}

fn entry_flags(command: Command) -> Command {
    let homes = homes(command.get_name());
    let kinds: Vec<String> = homes.iter().map(|home| home.kind.name().to_uppercase()).collect();
    let id = Arg::new("record")
        .value_name(kinds.join("|"))
        .help("Id of the record it goes to; where several kinds have it, `KIND/ID`");
    let is_file = homes.iter().all(|home| !home.kind.is_many());
    let command = if is_file { command } else { command.arg(id.required_unless_present("rows")) };
    let command = match above(&homes) {
        Some(above) => command.arg(above.required_unless_present("rows")),
        None => command,
    };
    let command = if homes.len() > 1 {
        let kinds: Vec<&str> = homes.iter().map(|home| home.kind.name()).collect();
        command.arg(
            Arg::new("in")
                .long("in")
                .value_name("KIND")
                .value_parser(PossibleValuesParser::new(kinds))
                .help("Kind of the record it goes to"),
        )
    } else {
        command
    };
    common(command, &homes)
}

/// The entry that a new one goes below.
fn above(homes: &[Home]) -> Option<Arg> {
    let parents: Vec<&str> = homes.iter().filter_map(|home| home.parent()).collect();
    let named = |parents: &[&str]| parents.join("|").to_uppercase();
    let help = "Which one it goes below, by its key as `set` has it in brackets: an id, a date, or several values with \
                commas between";
    (!parents.is_empty()).then(|| Arg::new("above").value_name(named(&parents)).help(help))
}

fn common(command: Command, homes: &[Home]) -> Command {
    let file = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name("FILE")
            .value_parser(value_parser!(std::path::PathBuf))
            .help(help)
    };
    command
        .arg(
            file("json", "Rows from a JSON array or JSON Lines; `-` is standard input")
                .help_heading("Many at once"),
        )
        .arg(
            file("csv", "Rows from CSV, a column a field; `-` is standard input")
                .help_heading("Many at once"),
        )
        .group(ArgGroup::new("rows").args(["json", "csv"]))
        .arg(
            Arg::new("update")
                .long("update")
                .action(ArgAction::SetTrue)
                .help("What is there and differs takes the new values, instead of being refused"),
        )
        .arg(
            Arg::new("on")
                .long("on")
                .value_name("DATE")
                .help("With --update: day from which new values hold; a `history` keeps what held before [default: today]"),
        )
        .arg(
            Arg::new("correct")
                .long("correct")
                .action(ArgAction::SetTrue)
                .conflicts_with("on")
                .help("With --update: mend a mistake, which no `history` keeps"),
        )
        .arg(dry_run())
        .args(fields(homes))
}

/// A flag for each leaf; where a word has several homes, for each leaf of any.
fn fields(homes: &[Home]) -> Vec<Arg> {
    let mut args: Vec<(String, Arg)> = Vec::new();
    for home in homes {
        for leaf in home.leaves() {
            let column = leaf.column();
            if args.iter().any(|(known, _)| *known == column) {
                continue;
            }
            let alone = homes.len() == 1;
            args.push((column, flag(&leaf, alone)));
        }
    }
    args.into_iter().map(|(_, arg)| arg).collect()
}

fn flag(leaf: &Leaf, alone: bool) -> Arg {
    let name = leaf.flag();
    let long = if TAKEN.contains(&name.as_str()) { format!("field-{name}") } else { name };
    let action = if leaf.is_many() { ArgAction::Append } else { ArgAction::Set };
    let arg = Arg::new(id(leaf))
        .long(long)
        .help(help(leaf))
        .action(action)
        .value_name(value_name(&leaf.field.kind));
    let arg = if matches!(leaf.field.kind, Kind::Amount | Kind::Rate | Kind::Integer { .. }) {
        arg.allow_hyphen_values(true)
    } else {
        arg
    };
    if !alone {
        return arg;
    }
    let arg = if leaf.required { arg.required_unless_present("rows") } else { arg };
    match choices(&leaf.field.kind) {
        Some(values) => arg.value_parser(PossibleValuesParser::new(values)).ignore_case(true),
        None => arg,
    }
}

fn choices(kind: &'static Kind) -> Option<Vec<PossibleValue>> {
    match kind {
        Kind::Choice(choices) => Some(
            choices
                .iter()
                .map(|choice| PossibleValue::new(&*choice.name).help(&*choice.doc.en).alias(&*choice.doc.zh))
                .collect(),
        ),
        Kind::List(items) => choices(items),
        _ => None,
    }
}

fn help(leaf: &Leaf) -> String {
    let doc = &leaf.field.doc.en;
    match leaf.field.default.as_deref() {
        Some(default) if !doc.contains("by default") => format!("{doc} [default: {default}]"),
        _ => doc.clone(),
    }
}

fn value_name(kind: &Kind) -> String {
    match kind {
        Kind::Day => "DATE".into(),
        Kind::Amount => "AMOUNT".into(),
        Kind::AnyOf(kinds) => kinds.first().map_or_else(|| "TEXT".into(), value_name),
        Kind::Rate => "RATE".into(),
        Kind::Integer { .. } => "N".into(),
        Kind::Flag => "YES|NO".into(),
        Kind::Time(_) => "PERIOD".into(),
        Kind::Ref(kind) => kind.to_uppercase(),
        Kind::Map { .. } => "KEY=VALUE".into(),
        Kind::List(items) => value_name(items),
        Kind::Choice(_) => "WORD".into(),
        Kind::Text | Kind::Table(_) | Kind::Tagged { .. } | Kind::Any | Kind::Formula => "TEXT".into(),
    }
}

/// Fields have names that flags of the program have too; this keeps them apart.
fn id(leaf: &Leaf) -> String {
    format!("field {}", leaf.column())
}

/// The values that flags gave to the fields of a home.
pub(super) fn read(home: Home, matches: &ArgMatches) -> Result<Pairs, Fault> {
    let leaves = home.leaves();
    let given = leaves.iter().filter_map(|leaf| {
        let values = matches.try_get_many::<String>(&id(leaf)).ok().flatten()?;
        let field = leaf.field;
        let is_texts = matches!(&field.kind, Kind::List(items) if matches!(**items, Kind::Text));
        let parted = |words: &String| match Given::Text(words.clone()) {
            given if is_texts && !leaf.in_list && given.spelt().is_none() => worded(words, Some(field)),
            given => vec![given],
        };
        let values: Vec<Given> = values.flat_map(parted).collect();
        let values = if leaf.is_many() && !leaf.in_list { vec![Given::List(values)] } else { values };
        Some((leaf, values))
    });
    leaf::pairs(given.collect())
}

/// The flag by which a field was given, `--next-due`, with the key below it where the field is a table: `--shares li-na`.
pub(super) fn name(home: Home, fault: &Fault) -> String {
    let keys: Vec<&str> = fault.at.0.iter().filter_map(|step| step.key()).collect();
    let leaves = home.leaves();
    if let Some(leaf) =
        leaves.iter().find(|leaf| leaf.keys.len() < keys.len() && keys.starts_with(&leaf.keys))
    {
        return format!("--{} {}", leaf.flag(), keys[leaf.keys.len()..].join("."));
    }
    let name = keys.join("-").replace('_', "-");
    if TAKEN.contains(&name.as_str()) { format!("--field-{name}") } else { format!("--{name}") }
}
