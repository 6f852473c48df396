//! Profit of funds-transfer pricing.

use super::*;

#[test]
fn a_profit_of_which_a_balance_has_no_price_is_missing() {
    // 36,500 × 1 % × 31 / 365 = 31 in March; in April the deposits have no transfer price.
    let of = |april: &str| {
        let text = format!(
            "[results]\n2026-03 = {{ deposits = {{ avg = 36500, rate = '1.5%', ftp = '2.5%' }} }}\n2026-04 = {april}\n"
        );
        let book = [("a", &*text)];
        ["2026-03", "2026-04"].map(|month| answer(&book, "li", "ftp_profit.sum", month))
    };
    let missing = "no ftp_profit for 2026-04 of clients of which a balance lacks its rate or its transfer price (`rate`, `ftp`): a";
    let loans = "loans = { avg = 0, rate = '6%', ftp = '4%' }";
    assert_eq!(of(&format!("{{ deposits = {{ avg = 1000, rate = '1.5%' }}, {loans} }}")), ["31", missing]);
    assert_eq!(of("{ deposits = 1000 }"), ["31", missing]);
    assert_eq!(of("{ deposits = 0 }"), ["31", "0"]);
    // 365 × 2 % × 30 / 365 = 0.6.
    let both = "{ deposits = { avg = 365, rate = '1%', ftp = '3%' }, loans = 0 }";
    assert_eq!(of(both), ["31", "0.6"]);
}
