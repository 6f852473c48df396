//! What came of referrals: nothing is earned by one that was lost or declined.

use super::{check, client};
use crate::book::Record;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::record::client::{Client, ReferralResult};
use crate::source::Place;

pub(super) static RULES: &[&Check] = &[&INCOME_WITHOUT_WIN];

check! {
    INCOME_WITHOUT_WIN = "RM325" "income-without-win" Deny Client(income_without_win);
    title: "a referral that was lost or declined has income", "未成功或未受理的内部推荐填有收入";
    why: "Income earned jointly comes of a referral that was won; one of the two is wrong, and reports go by either.",
        "共同实现收入只能来自成功的推荐，二者必有一误，且报表各取其一。";
    mend: "Correct `result`, or take `income` out.", "请更正 `result`，或删除 `income`。";
    says: "the referral of {date} has an income of {income}, and was not won", "{date} 的推荐填有收入 {income}，但结果并非成功";
    example: client!("[[referrals]]\ndate = 2026-09-01\nfrom = \"wang-fang\"\nto = \"li-na\"\nanswered = 2026-09-02\nresult = \"lost\"\nincome = 5\n");
    mended: "\"lost\"" => "\"won\"";
    entry: Refuse;
}

fn income_without_win(_: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    for (index, referral) in client.data.referrals.iter().enumerate() {
        let income = referral.income.filter(|income| !income.0.is_zero());
        let is_over = matches!(referral.result, Some(ReferralResult::Lost | ReferralResult::Declined));
        if let Some(income) = income.filter(|_| is_over) {
            let place = Place::value(client.file, path!["referrals", index, "income"]);
            let date = referral.date.0;
            found.push(fires!(INCOME_WITHOUT_WIN, place, date = date, income = income.0.normalize()));
        }
    }
}
