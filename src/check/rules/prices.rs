//! Profit of funds-transfer pricing: a month of which a balance lacks its rates has none.

use super::{check, client};
use crate::book::Record;
use crate::book::pricing::lacking;
use crate::check::{Check, Context, Found, fires};
use crate::path;
use crate::record::client::Client;
use crate::record::figure::Figure;
use crate::source::Place;

pub(super) static RULES: &[&Check] = &[&BALANCE_WITHOUT_PRICE];

check! {
    BALANCE_WITHOUT_PRICE = "RM224" "balance-without-price" Warn Client(balance_without_price);
    title: "a balance lacks its rate or its transfer price", "余额未登记利率或内部资金转移价格";
    why: "The profit of funds-transfer pricing of that month is missing: what the other balances earn is only a part of it.",
        "当月内部资金转移定价利润按缺数处理：仅凭其余余额计算并不完整。";
    mend: "Enter `avg`, `rate` and `ftp` of the balance, or the profit itself.", "请填写该余额的 `avg`、`rate` 与 `ftp`，或直接登记利润。";
    says: "`{measure}` of {month} has no {lacks}, so that `{profit}` of the month is missing",
        "{month} “{measure}”缺少 {lacks}，当月“{profit}”按缺数处理";
    example: client!("[results]\n2026-09 = { deposits = { avg = 5000, rate = \"1.5%\", ftp = \"2.5%\" } }\n\
        2026-10 = { deposits = { avg = 5100, rate = \"1.6%\" } }\n");
    mended: "\"1.6%\"" => "\"1.6%\", ftp = \"2.5%\"";
}

fn balance_without_price(context: &Context<'_>, client: &Record<Client>, found: &mut Found) {
    let pricing = &context.book.settings.transfer_pricing;
    for (month, figures) in &client.data.results {
        if !figures.get(&pricing.profit).is_some_and(Figure::is_incomplete) {
            continue;
        }
        for (measure, figure) in lacking(figures, pricing) {
            let given = [
                ("avg", figure.avg.is_some()),
                ("rate", figure.rate().is_some()),
                ("ftp", figure.ftp().is_some()),
            ];
            let lacks: Vec<String> =
                given.iter().filter(|(_, is_given)| !is_given).map(|(key, _)| format!("`{key}`")).collect();
            let month = month.to_string();
            let place = Place::value(client.file, path!["results", month.as_str(), &**measure]);
            let (lacks, profit) = (lacks.join(", "), &*pricing.profit);
            found.push(fires!(
                BALANCE_WITHOUT_PRICE,
                place,
                measure = &**measure,
                month = month,
                lacks = lacks,
                profit = profit
            ));
        }
    }
}
