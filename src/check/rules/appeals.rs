//! Appeals whose correction was left to a later period, and was not made there.

use super::{check, review};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::record::review::Review;
use crate::record::value::Day;
use crate::source::Place;

pub(super) static RULES: &[&Check] = &[&NOT_CORRECTED_THERE];

check! {
    NOT_CORRECTED_THERE = "RM686" "appeal-not-corrected" Warn Review(not_corrected_there);
    title: "an appeal was to be corrected in a later period, which is closed without a correction", "申诉拟并入更正的考核期已封存而未作更正";
    why: "The manager was found to be right, and what stands of both periods is as if nobody had appealed.",
        "申诉已获支持，而两个考核期的有效结果均未体现更正。";
    mend: "Correct it there: what counts is, since the decision, an amendment of that period's result (`rmbook close PERIOD --amend MANAGER`), an \
           entry of its ledger about the period appealed (`rmbook add ledger PERIOD/MANAGER --period …`), or a mark of its review \
           (`rmbook add mark PERIOD/MANAGER`). Where it was corrected elsewhere, name that period.",
        "请在该期更正：裁定之后该期结果的更正（`rmbook close 考核期 --amend 客户经理`）、该期台账中列明所申诉考核期的分录（`rmbook add ledger 考核期/客户经理 --period …`），\
         或该期的人工评分（`rmbook add mark 考核期/客户经理`）方视为已更正；已在其他考核期更正的，请改填该期。";
    says: "upheld on {day} and to be corrected in {period}, which was closed without a correction of it", "{day} 裁定成立，拟并入 {period} 更正，而该期已封存且无相应更正";
    example: review!("[appeal]\ndate = 2026-10-14\nreason = \"handover not counted\"\ndecided = 2026-10-20\nby = \"li-na\"\nupheld = true\ncorrected_in = \"2026-10\"\n\
        # file: reviews/2026-10/wang-fang.toml\nmanager = \"wang-fang\"\nperiod = \"2026-10\"\n[closed.main]\npolicy = \"main\"\ndigest = \"x\"\nclosed_on = 2026-11-02\nrating = \"B\"\ntotal = 80\n");
    mended: "[closed.main]" => "[[marks]]\nindicator = \"deposits\"\npoints = 2\nreason = \"appeal of September\"\ndate = 2026-10-30\n[closed.main]";
}

fn not_corrected_there(context: &Context<'_>, review: &Record<Review>, found: &mut Found) {
    let Some(appeal) = review.data.appeal.as_ref().filter(|appeal| appeal.upheld == Some(true)) else {
        return;
    };
    let (Some(decided), Some(period)) = (appeal.decided, appeal.corrected_in) else { return };
    // One that is not later corrects nothing and is found as such.
    if period.last_day() <= review.data.period.last_day() {
        return;
    }
    let there = context.book.reviews.get(&format!("{period}/{}", review.data.manager));
    if there
        .is_some_and(|there| !there.data.closed.is_empty() && !corrects(&there.data, &review.data, decided))
    {
        let place = Place::value(review.file, path!["appeal", "corrected_in"]);
        found.push(fires!(NOT_CORRECTED_THERE, place, day = decided.0, period = period.to_string()));
    }
}

/// Whether a later review holds a correction of an appeal that was decided on a day.
fn corrects(there: &Review, appealed: &Review, decided: Day) -> bool {
    let amended = there.amendments.iter().any(|amendment| amendment.date >= decided);
    let is_about = |period| period == Some(appealed.period);
    let booked = there.ledger.iter().any(|entry| entry.date >= decided && is_about(entry.period));
    let marked = there.marks.iter().any(|mark| mark.date.is_some_and(|date| date >= decided));
    amended || booked || marked
}
