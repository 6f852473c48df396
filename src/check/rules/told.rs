//! What managers were told of a closed result, and what came of their appeals: it is not unsaid, and it is carried out.

use super::{check, review};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::diag::Finding;
use crate::msg;
use crate::path;
use crate::record::review::{Review, ToldOf};
use crate::source::{FileId, Place};
use crate::text::Text;

pub(super) static RULES: &[&Check] = &[&RESULT_UNSAID, &UPHELD_NOT_AMENDED];

check! {
    RESULT_UNSAID = "RM680" "result-unsaid" Deny Review(result_unsaid);
    title: "what a manager was told of a closed result is gone, and nothing says why", "封存结果的公布、确认或申诉被删除而未登记撤回";
    why: "A result that was published, acknowledged or decided on appeal binds both sides; taken out without a trace, the period could be closed anew as if nobody knew it. \
        Where it was taken out of the file by hand, `check` finds it by an amendment that says when the result was known, and `check --since REVISION` by \
        what stood there then.",
        "已公布、确认或裁定的结果对双方均有约束力；不留痕迹地删除，等于可当作无人知晓而重新封存。手工从文件中删除的，`check` 可凭更正中所载告知日发现，\
        `check --since 版本` 则与该版本的内容比对。";
    mend: "Put it back. What was entered by mistake is withdrawn first: `rmbook add withdrawal REVIEW --what published --was DATE --why … --who … --approved-by …`.",
        "请恢复原记录；确系误填的，请先登记撤回：`rmbook add withdrawal 考核 --what published --was 日期 --why … --who … --approved-by …`。";
    says: "{why}", "{why}";
    example: review!("[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\ntotal = 80\n\
        [[amendments]]\ndate = 2026-10-20\nfield = \"total\"\nfrom = \"80\"\nto = \"82\"\nwhy = \"typing error\"\nwho = \"Zhao Lei\"\napproved_by = \"Qian Wei\"\ntold = 2026-10-14\n");
    mended: "[closed.main]" => "[[withdrawals]]\ndate = 2026-10-21\nwhat = \"published\"\nwas = 2026-10-14\nwhy = \"of another manager\"\nwho = \"Zhao Lei\"\napproved_by = \"Qian Wei\"\n[closed.main]";
    entry: Refuse;
}

const KNOWN_WHEN_AMENDED: Text = Text::new(
    "the manager knew the result since {day} when it was amended, and neither `published` nor a withdrawal says so",
    "更正时结果已于 {day} 告知本人，而 `published` 等与撤回登记均无记载",
);
const TAKEN_OUT: Text = Text::new(
    "`{what}` of {day} is taken out of a closed result, and no withdrawal says why",
    "封存结果中 {day} 的 `{what}` 被删除，而未登记撤回",
);

fn result_unsaid(_: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    if let Some((index, day)) = review.data.untold() {
        let place = Place::value(review.file, path!["amendments", index, "told"]);
        found.push(fires!(RESULT_UNSAID, place, why = msg!(KNOWN_WHEN_AMENDED, day = day.0)));
    }
}

/// What is found of a review that says less than `before` of what was told of its closed result.
pub(in crate::check) fn unsaid(file: FileId, before: &Review, after: &Review) -> Vec<Finding> {
    let upheld = |review: &Review| review.appeal.as_ref().and_then(|appeal| appeal.upheld);
    let stands = |what: ToldOf| {
        let is_other = what == ToldOf::Appeal && upheld(before).is_some() && upheld(before) != upheld(after);
        !is_other && after.bound().any(|(still, _)| still == what)
    };
    let is_withdrawn = |what, day| after.withdrawals.iter().any(|it| it.what == what && it.was == day);
    let bound = before.bound().filter(|_| !before.closed.is_empty());
    let gone = bound.filter(|(what, day)| !stands(*what) && !is_withdrawn(*what, *day));
    let told = gone.map(|(what, day)| {
        let scheme = after.closed.keys().next().map_or("", String::as_str);
        let place = Place::key(file, path!["closed", scheme]);
        fires!(RESULT_UNSAID, place, why = msg!(TAKEN_OUT, what = what.word(), day = day.0))
    });
    told.collect()
}

check! {
    UPHELD_NOT_AMENDED = "RM681" "upheld-not-amended" Warn Review(upheld_not_amended);
    title: "an appeal was upheld, and what was closed stands as it was", "申诉成立而封存结果未作更正";
    why: "The manager was found to be right, and is paid and rated as before.", "申诉已获支持，评级与薪酬却一如原样。";
    mend: "Mend the records and write the amendments with `rmbook close PERIOD --amend MANAGER`, or `rmbook add amendment`: they change what was closed of this manager alone. \
        Where the correction goes to a later period, enter this as `appeal.corrected_in`.",
        "请更正记录后以 `rmbook close 考核期 --amend 客户经理` 或 `rmbook add amendment` 登记更正，仅更正本人的结果；并入以后考核期更正的，请填写 `appeal.corrected_in`。";
    says: "the appeal was upheld on {day}, and nothing was amended since", "申诉于 {day} 裁定成立，此后未作任何更正";
    example: review!("[appeal]\ndate = 2026-10-14\nreason = \"handover not counted\"\ndecided = 2026-10-20\nby = \"li-na\"\nupheld = true\n\
        [closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-10-12\nrating = \"B\"\ntotal = 80\n");
    mended: "upheld = true" => "upheld = false";
}

fn upheld_not_amended(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    if let Some((day, _)) = context.overdue(context.deadlines.amendment(&review.data)) {
        let place = Place::value(review.file, path!["appeal", "upheld"]);
        found.push(fires!(UPHELD_NOT_AMENDED, place, day = day));
    }
}
