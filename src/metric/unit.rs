//! Units of figures and of literals: `万元`, `元/件`, `%`, `户`.
//!
//! A unit is a factor and dimensions. Money of one currency is one dimension with powers of ten between its units, so
//! that amounts convert exactly; any other word is a dimension of its own. Points, marks and percentages have none.

use std::fmt;

use rust_decimal::Decimal;

/// Dimensions with their exponents, in the order of their names; empty for a pure number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dimensions(Vec<(Box<str>, i32)>);

impl Dimensions {
    /// A pure number: a ratio, a score, points.
    pub const NONE: Self = Self(Vec::new());

    fn one(name: &str) -> Self {
        Self(vec![(name.into(), 1)])
    }

    /// Dimensions of a product, or of a quotient where `sign` is −1.
    #[must_use]
    pub fn times(&self, other: &Self, sign: i32) -> Self {
        let mut all = self.0.clone();
        for (name, exponent) in &other.0 {
            match all.iter_mut().find(|(known, _)| known == name) {
                Some((_, sum)) => *sum += exponent * sign,
                None => all.push((name.clone(), exponent * sign)),
            }
        }
        all.retain(|(_, exponent)| *exponent != 0);
        all.sort();
        Self(all)
    }

    /// Those of a whole power; none where it is beyond all sense.
    pub fn raised(&self, power: i32) -> Option<Self> {
        let raise = |(name, exponent): &(Box<str>, i32)| {
            let raised = exponent.checked_mul(power).filter(|raised| raised.abs() <= 1000)?;
            Some((name.clone(), raised))
        };
        let mut all: Vec<_> = self.0.iter().map(raise).collect::<Option<_>>()?;
        all.retain(|(_, exponent)| *exponent != 0);
        Some(Self(all))
    }

    /// Those of a square root; none where it is not the square of anything.
    pub fn root(&self) -> Option<Self> {
        let halve =
            |(name, exponent): &(Box<str>, i32)| (exponent % 2 == 0).then(|| (name.clone(), exponent / 2));
        self.0.iter().map(halve).collect::<Option<_>>().map(Self)
    }

    /// Whether it is money of some currency.
    pub fn is_money(&self) -> bool {
        let [(name, 1)] = self.0.as_slice() else {
            return false;
        };
        CURRENCIES.contains(&name.as_ref())
    }

    /// Whether it is a pure number.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }
}

impl Dimensions {
    /// As a unit in which money is counted in `money`, written as `word`; empty for a pure number.
    pub fn counted_in(&self, money: &Unit, word: &str) -> String {
        let currency = money.dimensions.0.first().map(|(name, _)| name.as_ref());
        if self.is_none() {
            return String::new();
        }
        self.written(&|name| if Some(name) == currency { word.to_owned() } else { name.to_owned() })
    }

    fn written(&self, said: &dyn Fn(&str) -> String) -> String {
        let part = |above: bool| {
            let names = self.0.iter().filter(move |(_, exponent)| (*exponent > 0) == above);
            let powered = |(name, exponent): &(Box<str>, i32)| match exponent.unsigned_abs() {
                1 => said(name),
                2 => format!("{}²", said(name)),
                power => format!("{}^{power}", said(name)),
            };
            names.map(powered).collect::<Vec<_>>().join("·")
        };
        let (above, below) = (part(true), part(false));
        match (above.is_empty(), below.is_empty()) {
            (true, true) => "1".to_owned(),
            (_, true) => above,
            (true, false) => format!("1/{below}"),
            (false, false) => format!("{above}/{below}"),
        }
    }
}

impl fmt::Display for Dimensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written(&|name| if name == YUAN_CODE { "元" } else { name }.to_owned()))
    }
}

/// A unit: `factor` of its dimensions' own unit (money: one yuan, one dollar).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// How much of the dimensions' own unit one of it is.
    pub factor: Decimal,
    /// Its dimensions.
    pub dimensions: Dimensions,
}

/// The currency behind every unit of yuan.
const YUAN_CODE: &str = "CNY";

/// Units of money in yuan.
const YUAN: &[(&str, i64)] = &[
    ("元", 1),
    ("千元", 1_000),
    ("万元", 10_000),
    ("万", 10_000),
    ("百万元", 1_000_000),
    ("千万元", 10_000_000),
    ("亿元", 100_000_000),
    ("亿", 100_000_000),
];

/// Prefixes of currencies: `kUSD`, `mUSD`.
const SCALES: [(&str, i64); 3] = [("bn", 1_000_000_000), ("m", 1_000_000), ("k", 1_000)];

/// Currencies by their codes in ISO 4217, which take the prefixes.
const CURRENCIES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF",
    "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP",
    "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP",
    "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD",
    "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK",
    "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR",
    "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP",
    "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP",
    "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD",
    "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF",
    "XPF", "YER", "ZAR", "ZMW", "ZWG",
];

/// Signs of currencies, which take a prefix before or behind them: `m€`, `€m`.
const SIGNS: &[(&str, &str)] = &[("$", "USD"), ("€", "EUR"), ("£", "GBP")];

/// Words for currencies in Chinese and Japanese, which take the multiples of those before them: `万美元`, `百万円`.
const NAMED: &[(&str, &str)] = &[
    ("美元", "USD"),
    ("港元", "HKD"),
    ("港币", "HKD"),
    ("欧元", "EUR"),
    ("英镑", "GBP"),
    ("日元", "JPY"),
    ("円", "JPY"),
];

/// Multiples of those.
const MULTIPLES: &[(&str, i64)] = &[
    ("千", 1_000),
    ("万", 10_000),
    ("百万", 1_000_000),
    ("千万", 10_000_000),
    ("亿", 100_000_000),
    ("億", 100_000_000),
    ("十億", 1_000_000_000),
];

/// Multiples of the rupee, by the words Indian banks count in.
const RUPEES: &[(&str, i64)] =
    &[("lakh", 100_000), ("lakhs", 100_000), ("crore", 10_000_000), ("crores", 10_000_000)];

/// Words that people call money by and that no unit here is called.
const MISCALLED: &[(&str, &str)] = &[
    ("dollar", "USD"),
    ("dollars", "USD"),
    ("us$", "USD"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("pound", "GBP"),
    ("pounds", "GBP"),
    ("yen", "JPY"),
    ("rs", "INR"),
    ("rupee", "INR"),
    ("rupees", "INR"),
    ("rmb", "元"),
    ("yuan", "元"),
    ("renminbi", "元"),
    ("人民币", "元"),
];

/// Currencies that a word in other letters is taken to mean; `top` and `all` are none.
const COMMON: &[&str] = &[YUAN_CODE, "USD", "EUR", "GBP", "HKD", "JPY", "CHF", "CAD", "AUD", "SGD", "INR"];

/// The unit of money that a word means which names none: `USD` for `dollars`, `Usd`.
pub fn miscalled(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let called = MISCALLED.iter().find(|(name, _)| *name == lower).map(|(_, known)| *known);
    let spelt = || COMMON.iter().find(|known| known.to_lowercase() == lower && **known != word).copied();
    called.or_else(spelt)
}

/// Words for what has no dimension.
const PURE: &[&str] = &["", "1", "分", "points", "point", "marks", "ratio", "倍", "%", "％", "‰", "pct"];

impl Unit {
    /// A pure number.
    pub const ONE: Self = Self { factor: Decimal::ONE, dimensions: Dimensions::NONE };

    /// The unit a text names: one word, or two around a slash.
    pub fn parse(text: &str) -> Self {
        match text.split_once('/') {
            Some((above, below)) => {
                let (above, below) = (word(above.trim()), word(below.trim()));
                Self {
                    factor: above.factor / below.factor,
                    dimensions: above.dimensions.times(&below.dimensions, -1),
                }
            }
            None => word(text.trim()),
        }
    }

    /// Whether it is money of some currency.
    pub fn is_money(&self) -> bool {
        self.dimensions.is_money()
    }

    /// The factor that turns a figure in this unit into one in which money is counted in `money`.
    ///
    /// Only money converts; each power of the currency takes the money's factor once.
    pub fn factor_in(&self, money: &Self) -> Decimal {
        let Some((currency, _)) = money.dimensions.0.first() else {
            return self.factor;
        };
        let power =
            self.dimensions.0.iter().find(|(name, _)| name == currency).map_or(0, |(_, power)| *power);
        match power {
            0 => self.factor,
            power if power > 0 => (0..power).fold(self.factor, |factor, _| factor / money.factor),
            power => (power..0).fold(self.factor, |factor, _| factor * money.factor),
        }
    }
}

/// Words that mean a unit by themselves, for the manual: any other is a dimension of its own.
pub struct Words {
    /// Units of yuan, with how many one is.
    pub yuan: &'static [(&'static str, i64)],
    /// Units of rupees, with how many one is.
    pub rupees: &'static [(&'static str, i64)],
    /// Currencies by their codes.
    pub currencies: &'static [&'static str],
    /// Signs and words for currencies, with the code of each.
    pub named: [&'static [(&'static str, &'static str)]; 2],
    /// Multiples of the words, with how many one is.
    pub multiples: &'static [(&'static str, i64)],
    /// Prefixes of currencies, with how many one is.
    pub scales: &'static [(&'static str, i64)],
    /// Words without dimension.
    pub pure: &'static [&'static str],
}

/// Every word that means a unit by itself.
pub const WORDS: Words = Words {
    yuan: YUAN,
    rupees: RUPEES,
    currencies: CURRENCIES,
    named: [SIGNS, NAMED],
    multiples: MULTIPLES,
    scales: &SCALES,
    pure: PURE,
};

fn word(word: &str) -> Unit {
    if PURE.contains(&word) {
        return Unit::ONE;
    }
    if let Some((_, yuan)) = YUAN.iter().find(|(name, _)| *name == word) {
        return Unit { factor: (*yuan).into(), dimensions: Dimensions::one(YUAN_CODE) };
    }
    if let Some((_, rupees)) = RUPEES.iter().find(|(name, _)| *name == word) {
        return Unit { factor: (*rupees).into(), dimensions: Dimensions::one("INR") };
    }
    match foreign(word) {
        Some((times, code)) => Unit { factor: times.into(), dimensions: Dimensions::one(code) },
        None => Unit { factor: Decimal::ONE, dimensions: Dimensions::one(word) },
    }
}

/// How many of which currency a word is: `kUSD`, `€m`, `百万円`.
fn foreign(word: &str) -> Option<(i64, &'static str)> {
    let times = |of: &str, among: &[(&str, i64)]| match of {
        "" => Some(1),
        of => among.iter().find(|(known, _)| *known == of).map(|(_, times)| *times),
    };
    let coded = CURRENCIES.iter().find_map(|code| Some((times(word.strip_suffix(code)?, &SCALES)?, *code)));
    let signed = || {
        SIGNS.iter().find_map(|(sign, code)| {
            let scale = word.strip_prefix(sign).or_else(|| word.strip_suffix(sign))?;
            Some((times(scale, &SCALES)?, *code))
        })
    };
    let named =
        || NAMED.iter().find_map(|(name, code)| Some((times(word.strip_suffix(name)?, MULTIPLES)?, *code)));
    coded.or_else(signed).or_else(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_yuan_for_ten_thousand_is_a_pure_number() {
        let unit = Unit::parse("元/万元");
        assert!(unit.dimensions.is_none());
        assert_eq!(unit.factor.to_string(), "0.0001");
    }

    #[test]
    fn figures_convert_to_the_money_of_a_policy() {
        let (yuan, wan) = (Unit::parse("元"), Unit::parse("万元"));
        assert_eq!(wan.factor_in(&yuan), Decimal::from(10_000));
        assert_eq!(yuan.factor_in(&wan).to_string(), "0.0001");
        assert_eq!(Unit::parse("元/户").factor_in(&wan).to_string(), "0.0001");
        assert_eq!(Unit::parse("户/万元").factor_in(&yuan).to_string(), "0.0001");
        assert_eq!(Unit::parse("户").factor_in(&wan), Decimal::ONE);
        assert_eq!(Unit::parse("mUSD").factor_in(&Unit::parse("kUSD")), Decimal::from(1000));
    }

    #[test]
    fn currencies_are_counted_in_the_multiples_people_use() {
        for (word, times, code) in [
            ("KES", 1, "KES"),
            ("mKES", 1_000_000, "KES"),
            ("kTHB", 1_000, "THB"),
            ("bnIDR", 1_000_000_000, "IDR"),
            ("m€", 1_000_000, "EUR"),
            ("€m", 1_000_000, "EUR"),
            ("£bn", 1_000_000_000, "GBP"),
            ("$", 1, "USD"),
            ("千円", 1_000, "JPY"),
            ("百万円", 1_000_000, "JPY"),
            ("億円", 100_000_000, "JPY"),
            ("亿日元", 100_000_000, "JPY"),
            ("万美元", 10_000, "USD"),
            ("百万港元", 1_000_000, "HKD"),
        ] {
            let unit = Unit::parse(word);
            assert_eq!((unit.factor, unit.dimensions.to_string()), (times.into(), code.to_owned()), "{word}");
            assert!(unit.is_money(), "{word}");
        }
        assert_eq!(Unit::parse("€m/户").dimensions.to_string(), "EUR/户");
        assert_eq!(Unit::parse("百万円").factor_in(&Unit::parse("JPY")), Decimal::from(1_000_000));
        // Words beside them are units of their own.
        for word in ["m", "k€m", "top", "ABC", "百円", "张"] {
            assert!(!Unit::parse(word).is_money(), "{word}");
        }
        assert_eq!((miscalled("usd"), miscalled("top"), miscalled("美元")), (Some("USD"), None, None));
    }

    #[test]
    fn dimensions_print_as_a_fraction() {
        assert_eq!(Unit::parse("元/件").dimensions.to_string(), "元/件");
        assert_eq!(Dimensions::NONE.to_string(), "1");
        let wan = Unit::parse("万元");
        assert_eq!(Unit::parse("元/件").dimensions.counted_in(&wan, "万元"), "万元/件");
        assert_eq!(Dimensions::NONE.counted_in(&wan, "万元"), "");
    }
}
