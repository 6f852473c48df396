//! Who is who: credit codes that are right and held once, names and entries that stand in the book once.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use super::{check, client};
use crate::book::Record;
use crate::check::{At, Check, Context, Found, fires};
use crate::msg;
use crate::path;
use crate::record::client::Client;
use crate::record::credit_code::{self, Fault};
use crate::record::facts::Fact;
use crate::record::tree::Node;
use crate::source::{FileId, KeyPath, Place};
use crate::text::{Message, Text, check as say, finding};

pub(super) static RULES: &[&Check] =
    &[&INCOMPLETE_RECORD, &WRONG_CREDIT_CODE, &DUPLICATE_CREDIT_CODE, &SIMILAR_NAME, &DUPLICATE_ENTRY];

check! {
    INCOMPLETE_RECORD = "RM701" "incomplete-record" Deny Book(incomplete_record);
    title: "a record is less complete than the settings ask for", "记录完整度低于设置要求";
    why: "What is not written down cannot be analysed, handed over or checked.", "未记录的信息无法分析、移交和核查。";
    mend: "Fill in what is missing; `rmbook report completeness` lists it by weight.",
        "请补齐缺失内容；`rmbook report completeness` 按权重列出。";
    says: "{rate} % complete, {least} % are asked for; missing: {missing}", "完整度 {rate}%，要求不低于 {least}%；缺少：{missing}";
    example: client!("industry = \"manufacturing\"\n# file: rmbook.toml\nname = \"Branch\"\n[completeness.client]\nbase = \"30%\"\n");
    mended: "industry = \"manufacturing\"" => "industry = \"manufacturing\"\ncontacts = [{ name = \"Li Ming\" }]";
}

fn incomplete_record(context: &Context<'_>, found: &mut Found) {
    for record in &context.completeness {
        let Some(least) = record.short_of() else { continue };
        let mut missing: Vec<&str> =
            record.missing.iter().map(|missing| missing.field.name.as_str()).collect();
        missing.sort_unstable();
        missing.dedup();
        let percent =
            |rate: rust_decimal::Decimal| (rate * rust_decimal::Decimal::ONE_HUNDRED).round_dp(1).normalize();
        found.push(fires!(
            INCOMPLETE_RECORD,
            Place::file(record.file),
            rate = percent(record.rate()),
            least = percent(least),
            missing = Message::list(&missing)
        ));
    }
}

check! {
    WRONG_CREDIT_CODE = "RM702" "wrong-credit-code" Deny Client(wrong_credit_code);
    title: "a unified social credit code cannot be right", "统一社会信用代码有误";
    why: "A code with a wrong check digit (GB 32100-2015) belongs to nobody, so that the client is neither found nor matched.",
        "校验位不符（GB 32100-2015）的代码不属于任何主体，无法据以查找和匹配客户。";
    mend: "Copy the code from the business licence.", "请按营业执照更正。";
    says: "`{code}` is no unified social credit code: {why}", "“{code}”不是有效的统一社会信用代码：{why}";
    example: client!("credit_code = \"91350100M000100Y44\"\n");
    mended: "Y44" => "Y43";
    entry: Refuse;
}

const LENGTH: Text = Text::new("it has {length} characters instead of 18", "共 {length} 位，应为18位");
const CHARACTER: Text = Text::new("no code has a `{character}`", "代码中不会出现“{character}”");
const CHECK_DIGIT: Text = Text::new("its check digit should be `{expected}`", "校验位应为“{expected}”");
const NORMAL_FORM: Text = Text::new("write `{code}`", "请写作“{code}”");

fn wrong_credit_code(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let Some(code) = &client.data.credit_code else { return };
    let Err(fault) = credit_code::check(code) else { return };
    let why: Message = match fault {
        Fault::Length(length) => msg!(LENGTH, length = length),
        Fault::Character(character) => msg!(CHARACTER, character = character),
        Fault::CheckDigit { expected } => msg!(CHECK_DIGIT, expected = expected),
    };
    let normal = credit_code::normal(code);
    let help = credit_code::check(&normal).is_ok().then(|| msg!(NORMAL_FORM, code = normal));
    let place = Place::value(client.file, path!["credit_code"]);
    found.push(fires!(WRONG_CREDIT_CODE, place, code = code, why = why).help(help));
}

check! {
    DUPLICATE_CREDIT_CODE = "RM703" "duplicate-credit-code" Deny Book(duplicate_credit_code);
    title: "two clients have the same credit code", "两个客户的统一社会信用代码相同";
    why: "One company stands in the book twice, with its visits and figures torn apart.", "同一主体被重复建档，拜访与业绩分散。";
    mend: "Merge the two records, or correct the code of one.", "请合并两条记录，或更正其中一份的代码。";
    says: "client `{other}` has the same credit code", "客户“{other}”的统一社会信用代码与此相同";
    example: client!("credit_code = \"91350100M000100Y43\"\n# file: clients/acme-2.toml\nname = \"Fuzhou Bearings\"\ntier = \"base\"\n\
        manager = \"wang-fang\"\nstatus = \"active\"\ncredit_code = \"91350100M000100Y43\"\n");
    mended: "91350100M000100Y43" => "91110000600037341L";
    entry: Refuse;
}

/// Of two records that may be one, in the order of the book, the one that is told of last: where a record is being written, that one.
fn told_last<'n, T>(
    context: &Context<'_>,
    (first, other): (&'n T, &'n T),
    file: impl Fn(&T) -> FileId,
) -> (&'n T, &'n T) {
    let options = context.options;
    if options.near && !options.wants(file(other)) { (other, first) } else { (first, other) }
}

fn duplicate_credit_code(context: &Context<'_>, found: &mut Found) {
    let mut holders: BTreeMap<String, &Record<Client>> = BTreeMap::new();
    for client in &context.book.clients {
        let Some(code) = &client.data.credit_code else { continue };
        let first = *holders.entry(credit_code::normal(code)).or_insert(client);
        if first.file != client.file {
            let place = |file| Place::value(file, path!["credit_code"]);
            let (first, client) = told_last(context, (first, client), |client| client.file);
            let finding = fires!(DUPLICATE_CREDIT_CODE, place(client.file), other = &*first.id);
            found.push(finding.label(place(first.file), say::ALSO_HERE.into()));
        }
    }
}

check! {
    SIMILAR_NAME = "RM704" "similar-name" Warn Book(similar_name);
    title: "two clients have nearly the same name", "两个客户名称近似";
    why: "They may be one company entered twice.", "可能为同一主体重复建档。";
    mend: "Merge the records: `rmbook rename OLD NEW --merge`. Where they are two companies, say so with \
           `# rmbook: allow(similar-name) …`; names that are merely alike raise no doubt where both records have a credit code.",
        "请合并记录：`rmbook rename 旧编号 新编号 --merge`。确为不同主体的，以 `# rmbook: allow(similar-name) 说明` 注明；两条记录均已登记统一社会信用代码且名称不完全相同的，不作提示。";
    says: "client `{other}` {how}", "与客户“{other}”{how}";
    example: client!("# file: clients/acme-ltd.toml\nname = \"ACME PRECISION Co., Ltd.\"\ntier = \"base\"\nmanager = \"wang-fang\"\n\
        status = \"active\"\n");
    mended: "ACME PRECISION" => "ACME BEARINGS";
    entry: Remark;
}

const SAME_NAME: Text = Text::new(
    "has the same name, but for width, case, punctuation, legal form and branch at the most",
    "名称相同（至多在全半角、大小写、标点、公司形式或分公司上有别）",
);
const ONE_LETTER: Text = Text::new("has a name with one letter more, less or other", "名称仅一字之差");

/// A name or an alias of a client, bare, and where it stands.
struct Name<'b> {
    client: &'b Record<Client>,
    name: &'b str,
    bare: String,
    at: KeyPath,
}

/// Everything clients are called, in the order of the book.
fn names<'b>(context: &Context<'b>) -> Vec<Name<'b>> {
    let mut names = Vec::new();
    for client in &context.book.clients {
        let aliases = client.data.aliases.iter().enumerate();
        let aliases = aliases.map(|(index, alias)| (alias.as_str(), path!["aliases", index]));
        for (name, at) in [(client.data.name.as_str(), path!["name"])].into_iter().chain(aliases) {
            let bare = bare_name(name);
            if !bare.is_empty() {
                names.push(Name { client, name, bare, at });
            }
        }
    }
    names
}

fn similar_name(context: &Context<'_>, found: &mut Found) {
    let names = names(context);
    let mut told = BTreeSet::new();
    let mut push = |first: &Name<'_>, other: &Name<'_>, how: Text| {
        if first.client.file != other.client.file && told.insert((first.client.file, other.client.file)) {
            let place = |name: &Name<'_>| Place::value(name.client.file, name.at.clone());
            let (first, other) = told_last(context, (first, other), |name| name.client.file);
            let finding = fires!(SIMILAR_NAME, place(other), other = &*first.client.id, how = how);
            found.push(finding.label(place(first), say::ALSO_HERE.into()));
        }
    };
    let mut holders: BTreeMap<&str, &Name<'_>> = BTreeMap::new();
    for name in &names {
        let first = *holders.entry(&name.bare).or_insert(name);
        let codes = (&first.client.data.credit_code, &name.client.data.credit_code);
        // Whoever has the very same name and another code was entered twice, once with a wrong code.
        let told_apart = matches!(codes, (Some(first), Some(other)) if first != other)
            && letters(first.name) != letters(name.name);
        // One code for both is reported as such.
        let reported = matches!(codes, (Some(first), Some(other)) if first == other);
        if !told_apart && !reported {
            push(first, name, SAME_NAME);
        }
    }
    for (first, other) in slips(&names) {
        push(first, other, ONE_LETTER);
    }
}

/// Letters a bare name needs before one of them more, less or other is more likely a slip than another name.
const TELLING: usize = 5;

/// Names that one letter tells apart, of clients one of whom has no credit code, in the order of the book.
fn slips<'n, 'b>(names: &'n [Name<'b>]) -> Vec<(&'n Name<'b>, &'n Name<'b>)> {
    let is_long = |name: &&Name<'_>| name.bare.chars().count() >= TELLING;
    let mut without: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| is_long(name)) {
        if name.client.data.credit_code.is_none() {
            for left in shortened(&name.bare) {
                without.entry(left).or_default().push(at);
            }
        }
    }
    let mut pairs = BTreeSet::new();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| is_long(name) && !without.is_empty()) {
        for left in shortened(&name.bare) {
            for other in without.get(&left).into_iter().flatten().filter(|other| **other != at) {
                if is_slip(&names[*other].bare, &name.bare) {
                    pairs.insert((at.min(*other), at.max(*other)));
                }
            }
        }
    }
    pairs.into_iter().map(|(first, other)| (&names[first], &names[other])).collect()
}

/// Whether a letter tells companies apart on purpose: digits, and what Chinese names are numbered and placed by.
fn tells_apart(letter: char) -> bool {
    const TELL_APART: &str = "一二三四五六七八九十百千东西南北中上下前后左右大小新老甲乙丙丁";
    letter.is_numeric() || TELL_APART.contains(letter)
}

/// A name, and what is left of it without any one of its letters that may be a slip.
fn shortened(name: &str) -> impl Iterator<Item = String> {
    let letters = name.char_indices().filter(|(_, letter)| !tells_apart(*letter));
    let without = letters.map(|(at, letter)| [&name[..at], &name[at + letter.len_utf8()..]].concat());
    std::iter::once(name.to_owned()).chain(without)
}

/// Whether one letter more, less or other makes one name of the other, and none that is meant to tell them apart.
fn is_slip(first: &str, other: &str) -> bool {
    let common = first.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let rest = |name: &str| name.chars().skip(common).collect::<Vec<char>>();
    let (first, other) = (rest(first), rest(other));
    let same = |a: usize, b: usize| first.get(a..) == other.get(b..);
    let differing = match first.len().cmp(&other.len()) {
        Ordering::Equal if same(1, 1) => [first.first(), other.first()],
        Ordering::Less if same(0, 1) => [None, other.first()],
        Ordering::Greater if same(1, 0) => [first.first(), None],
        _ => return false,
    };
    differing.iter().any(Option::is_some)
        && !differing.into_iter().flatten().any(|letter| tells_apart(*letter))
}

/// What clients are known by, so that others can be held against it: credit codes, and names bare and without any one letter.
#[derive(Debug, Default)]
pub struct KnownAs {
    codes: BTreeSet<String>,
    names: BTreeSet<String>,
}

impl KnownAs {
    /// What the texts of clients say these are known by.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut known = Self::default();
        for word in texts.into_iter().flat_map(Self::said) {
            match word {
                (true, code) => known.codes.extend([credit_code::normal(code)]),
                (false, name) => known.names.extend(forms(name)),
            }
        }
        known
    }

    /// Whether the text of a client names one of them, or nearly.
    pub fn names(&self, text: &str) -> bool {
        Self::said(text).any(|word| match word {
            (true, code) => self.codes.contains(&credit_code::normal(code)),
            (false, name) => forms(name).iter().any(|form| self.names.contains(form)),
        })
    }

    /// The words by which a client's text names it, and whether each is a credit code. They stand above its first table; the text is
    /// not read as a whole.
    pub fn said(text: &str) -> impl Iterator<Item = (bool, &str)> {
        let head = text.lines().map(str::trim_start).take_while(|line| !line.starts_with('['));
        let named = head.filter_map(|line| match line.split_once('=') {
            Some((key, value)) if key.trim_end() == "credit_code" => Some((true, value)),
            Some((key, value)) if matches!(key.trim_end(), "name" | "aliases") => Some((false, value)),
            // A list may go over several lines.
            _ => line.starts_with(['"', '\'']).then_some((false, line)),
        });
        named.flat_map(|(is_code, value)| quoted(value).map(move |word| (is_code, word)))
    }
}

/// The words in quotes of a line of TOML, each up to the sign it began with.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let open = rest.find(['"', '\''])?;
        let sign = if rest[open..].starts_with('"') { '"' } else { '\'' };
        let word = &rest[open + 1..];
        let mut is_escaped = false;
        let end = word.find(|c| {
            let ends = c == sign && !is_escaped;
            is_escaped = sign == '"' && c == '\\' && !is_escaped;
            ends
        })?;
        rest = &word[end + 1..];
        Some(&word[..end])
    })
}

/// A name bare, and, where it is long enough for a slip, without any one of its letters.
fn forms(name: &str) -> Vec<String> {
    let bare = bare_name(name);
    let many = if bare.chars().count() >= TELLING { usize::MAX } else { 1 };
    shortened(&bare).take(many).filter(|form| !form.is_empty()).collect()
}

/// The letters of a name, whatever their width and case.
fn letters(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// A company's name without what people write differently: width, case, punctuation, blanks, the legal form and which of its
/// branches it is, for a branch is the same legal person.
fn bare_name(name: &str) -> String {
    const FORMS: [&str; 14] = [
        "股份有限公司",
        "有限责任公司",
        "集团有限公司",
        "有限公司",
        "股份公司",
        "总公司",
        "公司",
        "集团",
        "companylimited",
        "coltd",
        "limited",
        "ltd",
        "inc",
        "corp",
    ];
    let mut bare = letters(name);
    if bare.ends_with("分公司")
        && let Some(at) = bare.find("公司").map(|at| at + "公司".len())
        && at < bare.len()
    {
        bare.truncate(at);
    }
    while let Some(form) = FORMS.iter().find(|form| bare.ends_with(**form) && bare.len() > form.len()) {
        bare.truncate(bare.len() - form.len());
    }
    bare
}

check! {
    DUPLICATE_ENTRY = "RM705" "duplicate-entry" Deny Fact(duplicate_entry);
    title: "a list holds an entry twice", "列表中条目重复";
    why: "The entry counts twice; after a merge it is usually the same one from two branches.", "该条目被重复计算；多为合并分支时重复写入。";
    mend: "Remove one of them; two visits of one day and kind, or two amendments of one field and day, are told apart by `n`.",
        "请删除其中一条；同日同方式的多次拜访、同日同字段的多次更正以 `n` 区分。";
    says: "another entry has the same {key}", "另一条目的 {key} 与此相同";
    example: client!("[[visits]]\ndate = 2026-10-09\nby = \"wang-fang\"\nkind = \"call\"\nsummary = \"Payment terms\"\n\
        [[visits]]\ndate = 2026-10-09\nby = \"wang-fang\"\nkind = \"call\"\nsummary = \"Supply-chain finance\"\n");
    mended: "summary = \"Supply" => "n = 2\nsummary = \"Supply";
    entry: Refuse;
}

fn duplicate_entry(_: &Context<'_>, at: At<'_>, fact: Fact<'_, '_>, found: &mut Found) {
    let Fact::Entries { field, list } = fact else { return };
    if field.key.is_empty() {
        return;
    }
    let mut first: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for (index, entry) in list.items().enumerate() {
        let known =
            keys(&field.key, entry, at.text).into_iter().map(|key| *first.entry(key).or_insert(index));
        if let Some(first) = known.filter(|first| *first != index).min() {
            let place = |index: usize| Place::value(at.file, at.trail.path().join(index));
            let key = Message::list(&field.key.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>());
            let finding = fires!(DUPLICATE_ENTRY, place(index), key = key);
            found.push(finding.label(place(first), finding::DECLARED_HERE.into()));
        }
    }
}

/// What an entry goes by: the values of its key, once for each item of one that is a list, so that lists with an item in common
/// clash. Nothing where it has none of them.
fn keys<'w>(fields: &[String], entry: Node<'w, '_>, text: &'w str) -> Vec<Vec<&'w str>> {
    let key: Vec<&str> = fields.iter().map(|field| word(entry.get(field), text)).collect();
    let items = |field: &String| entry.get(field).into_iter().flat_map(Node::items);
    if let Some(at) = fields.iter().position(|field| items(field).next().is_some()) {
        let with = |item| [&key[..at], &[word(Some(item), text)], &key[at + 1..]].concat();
        return items(&fields[at]).map(with).collect();
    }
    if key.iter().all(|word| word.is_empty()) { Vec::new() } else { vec![key] }
}

/// What a key holds, quotes aside; nothing where it is absent.
fn word<'w>(node: Option<Node<'w, '_>>, text: &'w str) -> &'w str {
    node.map_or("", |node| node.words(text).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{KnownAs, bare_name, is_slip};

    #[test]
    fn a_name_ends_at_the_sign_it_began_with() {
        let said = |text: &'static str| KnownAs::said(text).map(|(_, word)| word).collect::<Vec<_>>();
        let text = "name = \"King's Mill\" # the miller's\ncredit_code = 'A1'\naliases = [\"K\", 'Q\"s']\n[results]\nname = 'x'\n";
        assert_eq!(said(text), ["King's Mill", "A1", "K", "Q\"s"]);
        assert_eq!(said("name = \"A \\\"B\\\" C\"\n"), ["A \\\"B\\\" C"]);
        assert!(KnownAs::of(["name = \"King's Mill\"\n"]).names("name = \"king’s mill\"\n"));
        assert!(!KnownAs::of(["name = \"King's Mill\"\n"]).names("name = \"King's Rope\"\n"));
    }

    #[test]
    fn names_are_compared_without_their_dress() {
        assert_eq!(bare_name("华东精密制造有限公司"), bare_name("华东精密制造　股份有限公司"));
        assert_eq!(bare_name("ＡＣＭＥ (Shanghai) Co., Ltd."), bare_name("Acme Shanghai"));
        assert_ne!(bare_name("华东精密"), bare_name("华东机械"));
        assert_eq!(bare_name("海岚航运有限公司上海分公司"), bare_name("海岚航运"));
        assert_ne!(bare_name("海岚航运上海分公司"), bare_name("海岚船运"));
        assert_eq!(bare_name("公司"), "公司");
    }

    #[test]
    fn one_letter_more_less_or_other_is_a_slip_unless_it_tells_companies_apart() {
        for other in ["恒谰精密机械", "恒澜精密", "恒澜精密机器", "恒澜精密机械械"] {
            assert_eq!(is_slip("恒澜精密机械", other), other != "恒澜精密", "{other}");
        }
        assert!(is_slip("acme precision", "acme precison"));
        for (first, other) in [
            ("恒澜精密机械", "恒澜精密机械"),
            ("东海精密机械", "南海精密机械"),
            ("第1建筑公司", "第2建筑公司"),
        ] {
            assert!(!is_slip(first, other), "{first} {other}");
        }
    }
}
