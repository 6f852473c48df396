//! Targets that were changed: each change is written down, and why.

use std::collections::BTreeMap;

use super::check;
use crate::book::Book;
use crate::check::{Check, Context, Found, fires};
use crate::diag::Finding;
use crate::msg;
use crate::path;
use crate::record::figure::Targets;
use crate::record::kind::RecordKind;
use crate::record::manager::TargetChange;
use crate::record::value::Amount;
use crate::source::{FileId, Place};
use crate::text::{Message, Text};

pub(super) static RULES: &[&Check] = &[&TARGET_CHANGED_SILENTLY];

check! {
    TARGET_CHANGED_SILENTLY = "RM717" "target-changed-silently" Warn Book(target_changed_silently);
    title: "a target was changed, and nothing says that or why", "目标调整未登记或未注明原因";
    why: "A target lowered when the result is in sight rewards nothing; `set` writes the change, the reason is for who decided on it. \
        What was changed in the file by hand is found by `check --since REVISION`.",
        "结果可见时再下调目标，考核便失去意义；`set` 自动登记调整，原因须由决定者注明。手工改动文件的，`check --since 版本` 与该版本比对发现。";
    mend: "Enter the change, or its `reason` and who approved it: `rmbook add target-change ID --period … --measure … --from … --to … --reason …`.",
        "请登记调整，或补填其 `reason` 与批准人：`rmbook add target-change 编号 --period … --measure … --from … --to … --reason …`。";
    says: "{why}", "{why}";
    example: "# file: managers/wang-fang.toml\nname = \"Wang Fang\"\nreports_to = \"zhao-lei\"\n[targets]\n2026-10 = { deposits = 120 }\n\
        [[target_changes]]\ndate = 2026-09-28\nperiod = \"2026-10\"\nmeasure = \"deposits\"\nfrom = 130\nto = 120\n";
    mended: "to = 120" => "to = 120\nreason = \"two clients less\"";
    entry: Remark;
}

const NO_REASON: Text = Text::new(
    "the change of `{measure}` for {period} has no `reason`",
    "{period} “{measure}”目标的调整未填 `reason`",
);
const NO_ENTRY: Text = Text::new(
    "`{measure}` for {period} was {from} and is {to}, and no change of the target says so",
    "{period} “{measure}”目标由 {from} 改为 {to}，而未登记目标调整",
);
const NONE: Text = Text::new("none", "未设");

/// The targets of a record and their changes.
type Set<'b> = (&'b str, FileId, &'b Targets, &'b [TargetChange]);

/// Those of every record of a kind that has them.
fn sets(book: &Book, kind: RecordKind) -> Vec<Set<'_>> {
    match kind {
        RecordKind::Manager => {
            let of = book.managers.iter();
            of.map(|it| (&*it.id, it.file, &it.data.targets, &*it.data.target_changes)).collect()
        }
        RecordKind::Team => {
            let of = book.teams.iter();
            of.map(|it| (&*it.id, it.file, &it.data.targets, &*it.data.target_changes)).collect()
        }
        _ => Vec::new(),
    }
}

const KINDS: [RecordKind; 2] = [RecordKind::Manager, RecordKind::Team];

fn target_changed_silently(context: &Context<'_>, found: &mut Found) {
    for (_, file, _, changes) in KINDS.iter().flat_map(|kind| sets(context.book, *kind)) {
        for (index, change) in changes.iter().enumerate().filter(|(_, change)| change.reason.is_none()) {
            let place = Place::value(file, path!["target_changes", index, "date"]);
            let why = msg!(NO_REASON, measure = &*change.measure, period = change.period.to_string());
            found.push(fires!(TARGET_CHANGED_SILENTLY, place, why = why));
        }
    }
}

/// What is found of targets that were others in a book of before, where no change of them that came since says so.
pub(in crate::check) fn retargeted(before: &Book, now: &Book) -> Vec<Finding> {
    let mut found = Vec::new();
    for kind in KINDS {
        let present: BTreeMap<&str, Set<'_>> = sets(now, kind).into_iter().map(|set| (set.0, set)).collect();
        for (id, _, targets, known) in sets(before, kind) {
            let id = now.formerly(kind, id).unwrap_or(id);
            if let Some(after) = present.get(id) {
                found.extend(unsaid((targets, known), after));
            }
        }
    }
    found
}

fn unsaid((before, known): (&Targets, &[TargetChange]), (_, file, after, changes): &Set<'_>) -> Vec<Finding> {
    let amount = |amount: Option<&Amount>| amount.map(|amount| amount.0);
    let said = |amount: Option<&Amount>| match amount {
        Some(amount) => Message::verbatim(amount.0.normalize().to_string()),
        None => NONE.into(),
    };
    let mut found = Vec::new();
    for (period, measure, old) in
        before.iter().flat_map(|(period, line)| line.iter().map(move |(measure, old)| (period, measure, old)))
    {
        let new = after.get(period).and_then(|line| line.get(measure));
        let of = |change: &&TargetChange| change.period == *period && change.measure == *measure;
        let count = |changes: &[TargetChange]| changes.iter().filter(of).count();
        let last = changes.iter().filter(of).max_by_key(|change| change.date);
        // One that was changed on the same day as before has the entry of that day.
        let is_said = last.is_some_and(|last| {
            let was = known.iter().filter(of).max_by_key(|change| change.date);
            let is_new = count(changes) > count(known) || was.is_none_or(|was| was.to != last.to);
            is_new && last.to.map(|to| to.0) == amount(new)
        });
        if amount(new) != Some(old.0) && !is_said {
            let line = path!["targets", period.to_string()];
            let at = if new.is_some() { line.join(&**measure) } else { line };
            let (from, to) = (said(Some(old)), said(new));
            let why = msg!(NO_ENTRY, measure = &**measure, period = period.to_string(), from = from, to = to);
            found.push(fires!(TARGET_CHANGED_SILENTLY, Place::value(*file, at), why = why));
        }
    }
    found
}
