//! Profit of funds-transfer pricing, computed from the rates of a month where nobody typed it.
//!
//! Of a deposit: average daily balance × (FTP − rate paid) × days / 365. Of a loan: average daily balance × (rate earned −
//! FTP) × days / 365, less tax and surcharges on the interest and less the cost of credit. A published worked example: a loan
//! of 100 million at 6.6 %, FTP 4.63 %, tax of 5.5 % of the interest and credit cost of 0.69 % earn 917,000 in a year.

use rust_decimal::Decimal;

use crate::period::Month;
use crate::record::client::Client;
use crate::record::figure::{Figure, Figures};
use crate::record::settings::{MeasureKind, Settings};
use crate::record::transfer_pricing::TransferPricing;
use crate::record::value::Amount;

/// Fills in the profit of a client's months that state rates and no profit of their own.
pub(super) fn fill(client: &mut Client, settings: &Settings) {
    let pricing = &settings.transfer_pricing;
    let is_flow =
        |id: &str| settings.measures.get(id).is_some_and(|measure| measure.kind == MeasureKind::Flow);
    if !is_flow(&pricing.profit) {
        return;
    }
    for (month, figures) in &mut client.results {
        if figures.get(&pricing.profit).is_none()
            && let Some(profit) = profit(figures, pricing, *month)
        {
            figures.insert(pricing.profit.clone(), Figure::of(Amount(profit)));
        }
    }
}

/// The profit of a month; nothing where no balance has rates, or one lacks them: a part is no profit.
fn profit(figures: &Figures, pricing: &TransferPricing, month: Month) -> Option<Decimal> {
    let has_rates = |figure: &Figure| figure.rate().is_some() && figure.ftp().is_some();
    if !figures.iter().any(|(_, figure)| has_rates(figure)) {
        return None;
    }
    let sides = [(&pricing.deposits, false), (&pricing.loans, true)];
    let mut a_year = Decimal::ZERO;
    for (measures, is_lent) in sides {
        for figure in measures.iter().filter_map(|measure| figures.get(measure)) {
            let balance = figure.avg?.0;
            if balance.is_zero() {
                continue;
            }
            let (rate, ftp) = (figure.rate()?.0, figure.ftp()?.0);
            let margin = match is_lent {
                true => rate - ftp - rate * pricing.tax.0 - pricing.credit_cost.0,
                false => ftp - rate,
            };
            a_year += balance * margin;
        }
    }
    let days = Decimal::from((month.last_day() - month.first_day()).num_days() + 1);
    Some(a_year * days / Decimal::from(pricing.days.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The profit of each month of a client, rounded to a cent of ten thousand yuan.
    fn profits(pricing: &str, results: &str) -> Vec<Option<Decimal>> {
        let settings: Settings =
            toml::from_str(&format!("name = 'b'\n[transfer_pricing]\n{pricing}")).unwrap();
        let head = "name = 'a'\ntier = 'key'\nmanager = 'li-na'\nstatus = 'active'\n[results]\n";
        let mut client: Client = toml::from_str(&format!("{head}{results}")).unwrap();
        fill(&mut client, &settings);
        let profit = |figures: &Figures| Some(figures.get("ftp_profit")?.avg?.0.round_dp(4).normalize());
        client.results.values().map(profit).collect()
    }

    fn amount(text: &str) -> Option<Decimal> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn the_published_example_earns_917_000_in_a_year() {
        let net = "tax = '5.5%'\ncredit_cost = '0.69%'";
        let months: String = (1..=12)
            .map(|month| {
                format!("2026-{month:02} = {{ loans = {{ avg = 10000, rate = '6.6%', ftp = '4.63%' }} }}\n")
            })
            .collect();
        // 10,000 × (6.6 % − 4.63 % − 6.6 % × 5.5 % − 0.69 %) = 197 − 36.3 − 69 = 91.7.
        let year: Decimal = profits(net, &months).into_iter().flatten().sum();
        assert_eq!(year.round_dp(2).normalize().to_string(), "91.7");
        // Without tax and credit cost 197 a year: 31 days of 365.
        assert_eq!(profits("", &months)[0], amount("16.7315"));
    }

    #[test]
    fn a_deposit_earns_what_the_treasury_pays_above_its_rate() {
        // 36,500 × 1 % × 31 / 365 = 31; with a loan 36,500 × 2 % × 31 / 365 = 62 more.
        let deposit = "deposits = { avg = 36500, rate = '1.5%', ftp = '2.5%' }";
        assert_eq!(profits("", &format!("2026-10 = {{ {deposit} }}")), [amount("31")]);
        let loan = "loans = { avg = 36500, rate = '5%', ftp = '3%' }";
        assert_eq!(profits("", &format!("2026-10 = {{ {deposit}, {loan} }}")), [amount("93")]);
    }

    #[test]
    fn what_is_typed_stands_and_a_part_is_no_profit() {
        let deposit = "deposits = { avg = 36500, rate = '1.5%', ftp = '2.5%' }";
        assert_eq!(profits("", &format!("2026-10 = {{ {deposit}, ftp_profit = 5 }}")), [amount("5")]);
        assert_eq!(profits("", &format!("2026-10 = {{ {deposit}, loans = 800 }}")), [None]);
        assert_eq!(profits("", "2026-10 = { deposits = { avg = 36500, rate = '1.5%' } }"), [None]);
        assert_eq!(profits("", &format!("2026-10 = {{ {deposit}, loans = 0 }}")), [amount("31")]);
    }
}
