//! Early-warning signals: what the bank watches for, how grave it is and by when it must be dealt with.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::risk::WarningLevel;
use super::settings::{Limit, Settings};

/// An early-warning signal the bank watches for
/// 预警信号
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// What is noticed, with its threshold
    /// 信号及阈值
    pub title: String,
    /// The same in English
    /// 英文说明
    pub title_en: Option<String>,
    /// How grave it is at least
    /// 预警级别（最低）
    pub level: WarningLevel,
    /// Time to deal with it; by default the limit of the level
    /// 处置时限（不填按级别时限）
    pub limit: Option<Limit>,
}

impl Settings {
    /// The signal of the list that a warning names: by its name or by its title in either language, in whatever letters.
    pub fn signal(&self, said: &str) -> Option<(&str, &Signal)> {
        if let Some((name, signal)) = self.signals.get_key_value(said) {
            return Some((name, signal));
        }
        let said = said.trim().to_lowercase();
        let names = |(name, signal): &(&String, &Signal)| {
            let titles = [Some(&signal.title), signal.title_en.as_ref()];
            [Some(*name)].into_iter().chain(titles).flatten().any(|known| known.trim().to_lowercase() == said)
        };
        let mut listed = self.signals.iter();
        listed.find(names).map(|(name, signal)| (name.as_str(), signal))
    }
}

/// The signals of a book that lists none: published quantitative thresholds, then what is noticed without a figure.
pub(super) fn default_signals() -> BTreeMap<String, Signal> {
    use WarningLevel::{Orange, Red, Yellow};
    let signal = |(name, level, title, title_en): (&str, WarningLevel, &str, &str)| {
        let signal = Signal { title: title.into(), title_en: Some(title_en.into()), level, limit: None };
        (name.to_owned(), signal)
    };
    let signals = [
        (
            "debt-ratio",
            Orange,
            "资产负债率超过80%，或高于行业10个百分点，或较年初上升20个百分点",
            "Debt ratio above 80 %, 10 points above the industry, or 20 points up since the year began",
        ),
        ("debt-growth", Orange, "负债总额增长50%以上", "Debt up by 50 % or more"),
        ("asset-loss", Red, "资产损失超过净资产10%", "Loss of assets above 10 % of net assets"),
        (
            "current-ratio",
            Orange,
            "流动比率低于100%，或低于行业20个百分点，或下降20个百分点",
            "Current ratio below 100 %, 20 points below the industry, or 20 points down",
        ),
        (
            "turnover",
            Yellow,
            "存货或应收账款周转率下降30%以上",
            "Turnover of inventory or receivables down by 30 % or more",
        ),
        (
            "overinvestment",
            Yellow,
            "对外投资或固定资产超过净资产",
            "Investments or fixed assets above net assets",
        ),
        ("unreachable", Red, "关键人员失联", "Key people cannot be reached"),
        ("no-statements", Orange, "拒不提供财务报表", "No statements are delivered"),
        ("account-moved", Orange, "主要结算账户转移", "The main account was moved away"),
        ("outflow", Orange, "资金异常流出", "Abnormal outflow of money"),
        ("litigation", Red, "涉及重大诉讼或被执行", "Litigation or enforcement"),
        ("unpaid-dues", Red, "拖欠工资或税款", "Wages or taxes unpaid"),
        ("guarantor", Orange, "担保人出现风险", "Trouble at a guarantor"),
    ];
    signals.into_iter().map(signal).collect()
}

#[cfg(test)]
mod tests {
    use crate::record::settings::Settings;

    #[test]
    fn a_signal_is_known_by_its_name_and_by_its_titles() {
        let settings: Settings = toml::from_str("name = 'b'").unwrap();
        let of = |said: &str| settings.signal(said).map(|(name, _)| name.to_owned());
        for said in ["litigation", "Litigation", "涉及重大诉讼或被执行", " Litigation or enforcement "]
        {
            assert_eq!(of(said).as_deref(), Some("litigation"), "{said}");
        }
        assert_eq!(of("欠息"), None);
    }
}
