//! The subcommands and flags of `add`, made from the shapes when one is asked for, and read back.

use super::super::named;
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command, value_parser};

use crate::draft::Fault;
use crate::draft::given::{Given, Pairs};
use crate::draft::home::{Home, KINDS, entry_words, homes};
use crate::draft::leaf::{self, Leaf};
use crate::draft::parts::worded;
use crate::record::kind::RecordKind;
use crate::record::shape::{Doc, Kind};
use crate::text::{Lang, Text};

/// Flags that a field of the same name must leave alone.
const TAKEN: [&str; 19] = [
    "book", "lang", "color", "today", "format", "output", "excel", "at", "partial", "help", "version",
    "json", "csv", "in", "dry-run", "update", "blank", "on", "correct",
];

/// Hangs the words below `add`.
pub(super) fn words(add: Command, lang: Lang) -> Command {
    let record = |kind: RecordKind| {
        let about = match lang {
            Lang::En => format!("Add a record: {}", lower(&kind.shape().doc.en)),
            Lang::Zh => format!("新增记录：{}", kind.shape().doc.zh),
        };
        Command::new(kind.name()).about(about).defer(match lang {
            Lang::En => |command| record_flags(command, Lang::En),
            Lang::Zh => |command| record_flags(command, Lang::Zh),
        })
    };
    let entry = |(word, homes): (&'static str, Vec<Home>)| {
        let about = match lang {
            Lang::En => format!("To {}: {}", places(&homes), about(&homes, lang)),
            Lang::Zh => format!("{}：{}", places_in_chinese(&homes), about(&homes, lang)),
        };
        Command::new(word).about(about).defer(match lang {
            Lang::En => |command| entry_flags(command, Lang::En),
            Lang::Zh => |command| entry_flags(command, Lang::Zh),
        })
    };
    let add = add.subcommands(KINDS.map(record)).subcommands(entry_words().into_iter().map(entry));
    add.subcommand(named(result(lang), lang))
}

/// The word for a client's monthly figures, whose fields are the measures a book declares.
pub(super) const RESULT: &str = "result";

fn result(lang: Lang) -> Command {
    let positional = |id: &'static str, name: &'static str, help: Text| {
        Arg::new(id).value_name(name).help(help.get(lang)).required(true)
    };
    const ABOUT: Text = Text::new("To a client: figures of a month", "客户：月度业绩数据");
    const MORE: Text = Text::new(
        "Each by its measure: `deposits=5200`, or `deposits.avg=5200 deposits.end=5350` where the month-end balance is known \
         too. A figure that is there with another value is refused; `rmbook set` changes it. Many clients at once: \
         `rmbook import table`.",
        "按指标逐项填写：`deposits=5200`；另有月末时点余额的，填 `deposits.avg=5200 deposits.end=5350`。已有数据且数值不同的不予写入，\
         请用 `rmbook set` 修改。多户数据请用 `rmbook import table` 导入。",
    );
    Command::new(RESULT)
        .about(ABOUT.get(lang))
        .long_about(format!("{}\n\n{}", ABOUT.get(lang), MORE.get(lang)))
        .arg(positional("record", "CLIENT", Text::new("Id of the client", "客户编号")))
        .arg(positional(
            "month",
            "MONTH",
            Text::new("Month, such as 2026-10 or last-month", "月份，如 2026-10、last-month、上月"),
        ))
        .arg(positional("figures", "MEASURE=AMOUNT", Text::new("Figures", "业绩数据")).num_args(1..))
        .arg(dry_run(lang))
}

fn dry_run(lang: Lang) -> Arg {
    const HELP: Text = Text::new("Show what would change, and write nothing", "仅显示将作的改动，不写入");
    Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help(HELP.get(lang))
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

/// The same in Chinese: `客户、团队`, `客户授信`.
fn places_in_chinese(homes: &[Home]) -> String {
    let place = |home: &Home| {
        let above = home.above.map(|above| above.doc.zh.as_str());
        let title = home.kind.title().zh;
        above.map_or_else(|| title.to_owned(), |above| format!("{title}“{above}”"))
    };
    homes.iter().map(place).collect::<Vec<_>>().join("、")
}

fn with_article(noun: &str) -> String {
    // What is spelt with a vowel and spoken without one has none: a one-to-one.
    let is_vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']) && !noun.starts_with("one");
    let article = if is_vowel { "an" } else { "a" };
    format!("{article} {noun}")
}

fn about(homes: &[Home], lang: Lang) -> String {
    let list = homes.first().and_then(|home| home.list);
    let words = |doc: &Doc| match lang {
        Lang::En => lower(&doc.en),
        Lang::Zh => doc.zh.clone(),
    };
    list.map(|field| words(&field.doc)).unwrap_or_default()
}

fn lower(doc: &str) -> String {
    let mut letters = doc.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn record_flags(command: Command, lang: Lang) -> Command {
    const HELP: Text = Text::new("Id of the record: the stem of its file", "记录编号，即不带扩展名的文件名");
    let id = Arg::new("record").value_name("ID").help(HELP.get(lang));
    let homes = homes(command.get_name());
    let command =
        if command.get_name() == RecordKind::Review.name() { command.arg(blank(lang)) } else { command };
    common(command.arg(id.required_unless_present("rows")), &homes, lang)
}

/// A review is drafted from the scorecard unless somebody wants none of that.
fn blank(lang: Lang) -> Arg {
    const HELP: Text = Text::new(
        "Without the draft: strengths, improvements and open work as the scorecard and the book have them",
        "不生成初稿（初稿按考核结果和台账列出优点、改进方向与未结事项）",
    );
    Arg::new("blank").long("blank").action(ArgAction::SetTrue).help(HELP.get(lang))
}

fn entry_flags(command: Command, lang: Lang) -> Command {
    const ID: Text = Text::new(
        "Id of the record it goes to; where several kinds have it, `KIND/ID`",
        "所属记录的编号；多类记录有同一编号的，写作 `类别/编号`",
    );
    const IN: Text = Text::new("Kind of the record it goes to", "所属记录的类别");
    let homes = homes(command.get_name());
    let kinds: Vec<String> = homes.iter().map(|home| home.kind.name().to_uppercase()).collect();
    let id = Arg::new("record").value_name(kinds.join("|")).help(ID.get(lang));
    let is_file = homes.iter().all(|home| !home.kind.is_many());
    let command = if is_file { command } else { command.arg(id.required_unless_present("rows")) };
    let command = match above(&homes, lang) {
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
                .help(IN.get(lang)),
        )
    } else {
        command
    };
    common(command, &homes, lang)
}

/// The entry that a new one goes below.
fn above(homes: &[Home], lang: Lang) -> Option<Arg> {
    const HELP: Text = Text::new(
        "Which one it goes below, by its key as `set` has it in brackets: an id, a date, or several values with commas between",
        "所属条目，写法同 `set` 方括号内的键：编号、日期，或以逗号分隔的多个取值",
    );
    let parents: Vec<&str> = homes.iter().filter_map(|home| home.parent()).collect();
    let name = match lang {
        Lang::En => parents.join("|").to_uppercase(),
        Lang::Zh => "所属条目".to_owned(),
    };
    (!parents.is_empty()).then(|| Arg::new("above").value_name(name).help(HELP.get(lang)))
}

fn common(command: Command, homes: &[Home], lang: Lang) -> Command {
    const MANY: Text = Text::new("Many at once", "批量录入");
    let file = |name: &'static str, help: Text| {
        Arg::new(name)
            .long(name)
            .value_name("FILE")
            .value_parser(value_parser!(std::path::PathBuf))
            .help(help.get(lang))
            .help_heading(MANY.get(lang))
    };
    let json = Text::new(
        "Rows from a JSON array or JSON Lines; `-` is standard input",
        "从 JSON 数组或 JSON Lines 读取多行；`-` 为标准输入",
    );
    let csv = Text::new(
        "Rows from CSV, a column a field; `-` is standard input",
        "从 CSV 读取多行，一列一字段；`-` 为标准输入",
    );
    let update = Text::new(
        "What is there and differs takes the new values, instead of being refused",
        "已有而内容不同的，以新值更新，不予拒绝",
    );
    let on = Text::new(
        "With --update: day from which new values hold; a `history` keeps what held before [default: today]",
        "与 --update 合用：新值的生效日；此前的值留存于 `history` [默认：today]",
    );
    let correct = Text::new(
        "With --update: mend a mistake, which no `history` keeps",
        "与 --update 合用：更正录入错误，不在 `history` 留存原值",
    );
    let command = command
        .arg(file("json", json))
        .arg(file("csv", csv))
        .group(ArgGroup::new("rows").args(["json", "csv"]))
        .arg(Arg::new("update").long("update").action(ArgAction::SetTrue).help(update.get(lang)))
        .arg(Arg::new("on").long("on").value_name("DATE").help(on.get(lang)))
        .arg(
            Arg::new("correct")
                .long("correct")
                .action(ArgAction::SetTrue)
                .conflicts_with("on")
                .help(correct.get(lang)),
        )
        .arg(dry_run(lang))
        .args(fields(homes, lang));
    named(command, lang)
}

/// A flag for each leaf; where a word has several homes, for each leaf of any.
fn fields(homes: &[Home], lang: Lang) -> Vec<Arg> {
    let mut args: Vec<(String, Arg)> = Vec::new();
    for home in homes {
        for leaf in home.leaves() {
            let column = leaf.column();
            if args.iter().any(|(known, _)| *known == column) {
                continue;
            }
            let alone = homes.len() == 1;
            args.push((column, flag(&leaf, alone, lang)));
        }
    }
    args.into_iter().map(|(_, arg)| arg).collect()
}

fn flag(leaf: &Leaf, alone: bool, lang: Lang) -> Arg {
    let name = leaf.flag();
    let long = if TAKEN.contains(&name.as_str()) { format!("field-{name}") } else { name };
    let action = if leaf.is_many() { ArgAction::Append } else { ArgAction::Set };
    let arg = Arg::new(id(leaf))
        .long(long)
        .help(help(leaf, lang))
        .action(action)
        .value_name(value_name(&leaf.field.kind));
    let arg = if matches!(leaf.field.kind, Kind::Amount | Kind::Rate | Kind::Quantity | Kind::Integer { .. })
    {
        arg.allow_hyphen_values(true)
    } else {
        arg
    };
    if !alone {
        return arg;
    }
    let arg = if leaf.required { arg.required_unless_present("rows") } else { arg };
    match choices(&leaf.field.kind, lang) {
        Some(values) => arg.value_parser(PossibleValuesParser::new(values)).ignore_case(true),
        None => arg,
    }
}

fn choices(kind: &'static Kind, lang: Lang) -> Option<Vec<PossibleValue>> {
    match kind {
        Kind::Choice(choices) => Some(
            choices
                .iter()
                .map(|choice| {
                    PossibleValue::new(&*choice.name)
                        .help(choice.doc.text().get(lang))
                        .aliases([&*choice.doc.zh, choice.doc.short()])
                })
                .collect(),
        ),
        Kind::List(items) => choices(items, lang),
        _ => None,
    }
}

fn help(leaf: &Leaf, lang: Lang) -> String {
    let doc = leaf.field.doc.text().get(lang);
    match leaf.field.default.as_deref() {
        // The words themselves say it in some.
        Some(default) if !doc.contains("by default") && !doc.contains("默认") => match lang {
            Lang::En => format!("{doc} [default: {default}]"),
            Lang::Zh => format!("{doc} [默认：{default}]"),
        },
        _ => doc.to_owned(),
    }
}

fn value_name(kind: &Kind) -> String {
    match kind {
        Kind::Day => "DATE".into(),
        Kind::Amount | Kind::Quantity => "AMOUNT".into(),
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
