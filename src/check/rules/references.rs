//! References: every id a record says is the id of a record, and those who are named are still there.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{check, client};
use crate::book::Record;
use crate::book::credit::lead_on;
use crate::check::{At, Check, Context, Found, fires};
use crate::diag::nearest;
use crate::msg;
use crate::path;
use crate::record::client::{Client, Status, Tier};
use crate::record::facts::Fact;
use crate::record::figure::is_of_targets;
use crate::record::kind::RecordKind;
use crate::source::{FileId, KeyPath, Place, Step};
use crate::text::{Text, check as say, finding};

pub(super) static RULES: &[&Check] = &[
    &UNKNOWN_REFERENCE,
    &UNKNOWN_MEASURE,
    &UNKNOWN_ENTRY,
    &CIRCULAR_LINE,
    &NO_ACTIVE_LEAD,
    &NO_BACKUP,
    &SHARES_NOT_100,
];

check! {
    UNKNOWN_REFERENCE = "RM101" "unknown-reference" Deny Fact(unknown_reference);
    title: "a reference names no record", "引用的记录不存在";
    why: "What hangs on the reference is counted for nobody.", "依附于该引用的数据无人承接，不会计入任何人。";
    mend: "Correct the id, or add the record it names. `rmbook rename` rewrites every reference to a renamed record.",
        "请更正编号，或补建所引用的记录；更名请用 `rmbook rename`，它会一并改写所有引用。";
    says: "there is no {kind} `{id}`", "不存在编号为“{id}”的{kind}";
    example: "# file: clients/acme.toml\nname = \"Acme Precision\"\ntier = \"base\"\nmanager = \"wang-fnag\"\nstatus = \"active\"\n";
    mended: "wang-fnag" => "wang-fang";
    entry: Whole;
}

fn unknown_reference(context: &Context<'_>, at: At<'_>, fact: Fact<'_, '_>, found: &mut Found) {
    let Fact::Ref { kind, id, by_key } = fact else { return };
    let Some(kind) = RecordKind::named(kind).filter(|kind| context.book.file(*kind, id).is_none()) else {
        return;
    };
    if context.book.lacks_folder(kind) {
        return;
    }
    // A mistyped id nearly always keeps its first letter; without that bound each wrong id would cost the whole book.
    let first = id.chars().next();
    let alike = context.book.ids(kind).into_iter().filter(|known| known.chars().next() == first);
    let now = context.former.get(&(kind, id)).map(|now| msg!(finding::FORMERLY, old = id, id = *now));
    let help = now.or_else(|| nearest(id, alike).map(|near| msg!(finding::NEAREST, name = near)));
    found.push(fires!(UNKNOWN_REFERENCE, place(at, by_key), kind = kind.title(), id = id).help(help));
}

fn place(at: At<'_>, by_key: bool) -> Place {
    let path = at.trail.path();
    if by_key { Place::key(at.file, path) } else { Place::value(at.file, path) }
}

check! {
    UNKNOWN_MEASURE = "RM102" "unknown-measure" Deny Fact(unknown_measure);
    title: "a measure is not declared", "指标未在设置中定义";
    why: "Figures of an undeclared measure enter no report and no score.", "未定义指标的数据不会进入任何报表和考核。";
    mend: "Correct the name, or declare the measure under `[measures]` in `rmbook.toml`.",
        "请更正名称，或在 `rmbook.toml` 的 `[measures]` 中定义该指标。";
    says: "`{id}` is no measure of this book", "“{id}”不是本台账定义的指标";
    example: client!("[results]\n2026-10 = { deposit = 5200 }\n");
    mended: "deposit " => "deposits ";
}

fn unknown_measure(context: &Context<'_>, at: At<'_>, fact: Fact<'_, '_>, found: &mut Found) {
    let Fact::Ref { kind: "measure", id, by_key } = fact else { return };
    let measures = &context.book.settings.measures;
    if measures.contains_key(id) || context.book.lacks_settings() {
        return;
    }
    let of_target = matches!(at.trail.path().0.first(), Some(Step::Key(key)) if is_of_targets(key));
    let computed = context.options.metrics.keys().copied().filter(|_| of_target);
    if computed.clone().any(|metric| metric == id) {
        return;
    }
    let help = nearest(id, measures.keys().map(|name| &**name).chain(computed))
        .map(|near| msg!(finding::NEAREST, name = near));
    found.push(fires!(UNKNOWN_MEASURE, place(at, by_key), id = id).help(help));
}

check! {
    UNKNOWN_ENTRY = "RM103" "unknown-entry" Deny Client(unknown_entry);
    title: "a reference inside a record names no entry of it", "记录内部引用的条目不存在";
    why: "A check of an unknown facility counts for none, and a need that led nowhere counts as unmet.",
        "检查未对应到授信业务、需求未对应到商机，都不会被正确计入。";
    mend: "Take the `id` of an entry of the same record.", "请填写同一记录中相应条目的 `id`。";
    says: "this client has no {what} `{id}`", "该客户没有编号为“{id}”的{what}";
    example: client!("[[facilities]]\nid = \"wc-1\"\nproduct = \"Working capital\"\nlimit = 3000\ndrawn = 0\nclass = \"normal\"\n\
        [[checks]]\nkind = \"routine\"\nfacility = \"wc-2\"\ndue = 2026-10-30\ndone = 2026-10-29\n");
    mended: "\"wc-2\"" => "\"wc-1\"";
    entry: Refuse;
}

const FACILITY: Text = Text::new("facility", "授信业务");
const OPPORTUNITY: Text = Text::new("opportunity", "商机");

fn unknown_entry(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let facilities: BTreeSet<&str> = client.data.facilities.iter().map(|entry| entry.id.as_str()).collect();
    let opportunities: BTreeSet<&str> =
        client.data.opportunities.iter().map(|entry| entry.id.as_str()).collect();
    let mut judge = |id: Option<&String>, known: &BTreeSet<&str>, what: Text, path: KeyPath| {
        if let Some(id) = id.filter(|id| !known.contains(id.as_str())) {
            let help = nearest(id, known.iter().copied()).map(|near| msg!(finding::NEAREST, name = near));
            found.push(
                fires!(UNKNOWN_ENTRY, Place::value(client.file, path), what = what, id = id).help(help),
            );
        }
    };
    for (index, check) in client.data.checks.iter().enumerate() {
        judge(check.facility.as_ref(), &facilities, FACILITY, path!["checks", index, "facility"]);
    }
    for (index, covenant) in client.data.covenants.iter().enumerate() {
        judge(covenant.facility.as_ref(), &facilities, FACILITY, path!["covenants", index, "facility"]);
    }
    for (index, handover) in client.data.handovers.iter().enumerate() {
        for (nth, handed) in handover.facilities.iter().enumerate() {
            let path = path!["handovers", index, "facilities", nth, "id"];
            judge(Some(&handed.id), &facilities, FACILITY, path);
        }
    }
    for (index, need) in client.data.needs.iter().enumerate() {
        judge(need.opportunity.as_ref(), &opportunities, OPPORTUNITY, path!["needs", index, "opportunity"]);
    }
}

check! {
    CIRCULAR_LINE = "RM104" "circular-line" Deny Book(circular_line);
    title: "a line of managers or parents runs in a circle", "上下级或母子公司关系成环";
    why: "A report upward would come back to its author, and a group would have no head.", "上报事项会回到本人，集团也找不到母公司。";
    mend: "Let the topmost one name nobody above.", "请删去最上层一方的上级。";
    says: "the line upward from `{id}` comes back to it: {line}", "“{id}”逐级向上后又回到自身：{line}";
    example: "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"li-na\"\n\
        # file: managers/li-na.toml\nname = \"Li Na\"\nreports_to = \"wang-fang\"\n";
    mended: "reports_to = \"wang-fang\"" => "reports_to = \"zhao-lei\"";
    entry: Refuse;
}

fn circular_line(context: &Context<'_>, found: &mut Found) {
    let managers = context.book.managers.iter().filter_map(|manager| {
        Some((manager.id.as_ref(), (manager.data.reports_to.as_deref()?, manager.file)))
    });
    circles(&managers.collect(), "reports_to", found);
    let clients = context
        .book
        .clients
        .iter()
        .filter_map(|client| Some((client.id.as_ref(), (client.data.parent.as_deref()?, client.file))));
    circles(&clients.collect(), "parent", found);
}

/// One finding for each circle, at the first of its records; each record is passed once.
fn circles(above: &BTreeMap<&str, (&str, FileId)>, key: &str, found: &mut Found) {
    let mut passed: BTreeSet<&str> = BTreeSet::new();
    for start in above.keys() {
        let mut line: Vec<&str> = Vec::new();
        let mut on_line: BTreeMap<&str, usize> = BTreeMap::new();
        let mut at = *start;
        while passed.insert(at) {
            on_line.insert(at, line.len());
            line.push(at);
            match above.get(at) {
                Some((next, _)) => at = next,
                None => break,
            }
        }
        let Some(from) = on_line.get(at).filter(|_| above.contains_key(at)) else { continue };
        let circle = &line[*from..];
        let first = circle.iter().min().copied().unwrap_or(at);
        let turn = circle.iter().position(|id| *id == first).unwrap_or_default();
        let shown: Vec<&str> = circle[turn..].iter().chain(&circle[..=turn]).copied().collect();
        let place = |id: &str| Place::value(above[id].1, path![key]);
        let finding = fires!(CIRCULAR_LINE, place(first), id = first, line = shown.join(" → "));
        let others = circle.iter().filter(|id| **id != first);
        found.push(others.fold(finding, |finding, id| finding.label(place(id), say::ALSO_HERE.into())));
    }
}

check! {
    NO_ACTIVE_LEAD = "RM105" "no-active-lead" Deny Client(no_active_lead);
    title: "a client's lead has left, or has not joined yet", "主办客户经理已离职或尚未入职";
    why: "Nobody visits the client, and its figures count for somebody who is gone.", "客户无人维护，业绩记在离职人员名下。";
    mend: "Hand the client over: `rmbook handover CLIENT --to MANAGER`.", "请办理移交：`rmbook handover 客户 --to 客户经理`。";
    says: "{why}", "{why}";
    example: client!("# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nleft = 2026-09-30\nstatus = \"left\"\n");
    mended: "status = \"active\"" => "status = \"closed\"\nclosed = 2026-09-01";
}

const LEFT: Text = Text::new(
    "`{manager}` left on {left} and still leads this client",
    "“{manager}”已于 {left} 离职，仍为该客户主办客户经理",
);
const NOT_JOINED: Text = Text::new(
    "`{manager}` joins on {joined} and leads this client already",
    "“{manager}”{joined} 方入职，已登记为该客户主办客户经理",
);

fn no_active_lead(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    if client.data.status == Status::Closed {
        return;
    }
    if let Some(left) = context.left(&client.data.manager) {
        let place = Place::value(client.file, path!["manager"]);
        let why = msg!(LEFT, manager = &*client.data.manager, left = left);
        let mut finding = fires!(NO_ACTIVE_LEAD, place, why = why);
        if let Some(file) = context.book.file(RecordKind::Manager, &client.data.manager) {
            finding = finding.label(Place::value(file, path!["left"]), say::LEFT_HERE.into());
        }
        found.push(finding);
    }
    let lead = lead_on(&client.data, context.today);
    let joined = context.book.managers.get(lead).and_then(|lead| lead.data.joined);
    if let Some(joined) = joined.filter(|joined| joined.0 > context.today) {
        let why = msg!(NOT_JOINED, manager = lead, joined = joined.0);
        found.push(fires!(NO_ACTIVE_LEAD, Place::value(client.file, path!["manager"]), why = why));
    }
}

check! {
    NO_BACKUP = "RM106" "no-backup" Warn Client(no_backup);
    title: "a strategic or key client has no second manager", "战略或重点客户没有协办客户经理（B角）";
    why: "If the lead falls ill or resigns, nobody knows the client.", "主办客户经理一旦缺位，无人熟悉该客户。";
    mend: "Name a `backup` who is at work and not the lead.", "请指定一名在岗且非主办的 `backup`。";
    says: "this client has no second manager: {why}", "该客户没有协办客户经理（B角）：{why}";
    example: client!("backup = \"wang-fang\"\n");
    mended: "backup = \"wang-fang\"" => "backup = \"li-na\"";
}

const NONE_NAMED: Text = Text::new("none is named", "未指定");
const NOT_YET: Text = Text::new("`backup` is to begin later", "`backup` 尚未开始协办");
const SAME_AS_LEAD: Text = Text::new("`backup` is the lead", "`backup` 与主办相同");
const BACKUP_LEFT: Text = Text::new("`backup` has left", "`backup` 已离职");

fn no_backup(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let matters = matches!(client.data.tier_on(context.today), Tier::Strategic | Tier::Key);
    let why = match client.data.backup_on(context.today) {
        None if matters && client.data.backup.is_some() => NOT_YET,
        None if matters => NONE_NAMED,
        Some(backup) if **backup == *lead_on(&client.data, context.today) => SAME_AS_LEAD,
        Some(backup) if context.left(backup).is_some() => BACKUP_LEFT,
        _ => return,
    };
    if client.data.status == Status::Active {
        found.push(fires!(NO_BACKUP, Place::value(client.file, path!["backup"]), why = why));
    }
}

check! {
    SHARES_NOT_100 = "RM107" "shares-not-100" Deny Client(shares_not_100);
    title: "shares do not add up to 100", "业绩分成合计不为100";
    why: "Figures would be counted twice, or for nobody.", "业绩会被重复计算或无人承接。";
    mend: "Let the shares add up to exactly 100; `other` takes what belongs outside the book.",
        "请使各方占比合计恰为100；账外部分记为 `other`。";
    says: "{why}", "{why}";
    example: client!("[[credit]]\nfrom = 2026-07-01\nshares = { wang-fang = 70, li-na = 20 }\n");
    mended: "li-na = 20" => "li-na = 30";
    entry: Refuse;
}

const SUM_IS: Text = Text::new("the shares add up to {sum}, not to 100", "分成合计为 {sum}，应为 100");
const NEGATIVE: Text = Text::new("a share of {share} is negative", "分成 {share} 为负数");

fn shares_not_100(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, credit) in client.data.credit.iter().enumerate() {
        let sum: Decimal = credit.shares.values().map(|share| share.0).sum();
        let place = Place::value(client.file, path!["credit", index, "shares"]);
        let negative = credit.shares.values().find(|share| share.0 < Decimal::ZERO);
        let why = match negative {
            Some(share) => msg!(NEGATIVE, share = share.0.normalize()),
            None if sum != Decimal::ONE_HUNDRED => msg!(SUM_IS, sum = sum.normalize()),
            None => continue,
        };
        found.push(fires!(SHARES_NOT_100, place, why = why));
    }
}
