//! The unified social credit code of GB 32100-2015: its alphabet, its weights, its check digit.
//!
//! It knows nothing of division tables, which lag behind reality.

use unicode_normalization::UnicodeNormalization;

/// The 31 symbols in the order of their values; I, O, S, V and Z are left out.
const SYMBOLS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The weight of each of the first 17 places: powers of 3 modulo 31.
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Why a code cannot be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It has not 18 characters.
    Length(usize),
    /// A character that no code has.
    Character(char),
    /// The last character should be another.
    CheckDigit {
        /// What the first 17 ask for.
        expected: char,
    },
}

/// Judges a code: 18 symbols, the last of which is 31 less the weighted sum of the others modulo 31, 31 counting as 0.
pub fn check(code: &str) -> Result<(), Fault> {
    let length = code.chars().count();
    if length != WEIGHTS.len() + 1 {
        return Err(Fault::Length(length));
    }
    let value = |c: char| SYMBOLS.iter().position(|symbol| char::from(*symbol) == c);
    let values: Vec<usize> =
        code.chars().map(|c| value(c).ok_or(Fault::Character(c))).collect::<Result<_, _>>()?;
    let sum: u32 = values.iter().zip(WEIGHTS).map(|(value, weight)| *value as u32 * weight).sum();
    let expected = char::from(SYMBOLS[((31 - sum % 31) % 31) as usize]);
    if code.ends_with(expected) { Ok(()) } else { Err(Fault::CheckDigit { expected }) }
}

/// The code in the width and case it is written in: `９１ 3100-00ma…` is `913100 00MA…` without blanks and hyphens.
pub fn normal(code: &str) -> String {
    let plain = code.nfkc().filter(|c| !c.is_whitespace() && *c != '-');
    plain.flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_codes_pass() {
        for code in [
            "91350100M000100Y43",
            "91110000600037341L",
            "914403001922038216",
            "9144030071526726XG",
            "91100000100003962T",
            "911100001000044477",
            "911000001000013428",
        ] {
            assert_eq!(check(code), Ok(()), "{code}");
        }
    }

    #[test]
    fn a_wrong_code_says_what_is_wrong() {
        assert_eq!(check("91350100M000100Y4Z"), Err(Fault::Character('Z')));
        assert_eq!(check("91350100M000100Y44"), Err(Fault::CheckDigit { expected: '3' }));
        assert_eq!(check("91350100M000100Y4"), Err(Fault::Length(17)));
        assert_eq!(check(""), Err(Fault::Length(0)));
        assert_eq!(check("91350100m000100Y43"), Err(Fault::Character('m')));
    }

    #[test]
    fn width_case_and_blanks_are_folded() {
        assert_eq!(normal("９１３５0100m000100-y 43"), "91350100M000100Y43");
    }

    #[test]
    fn every_wrong_symbol_in_one_place_is_noticed() {
        let right = "91350100M000100Y43";
        for place in 0..right.len() {
            for symbol in SYMBOLS {
                let mut wrong = right.as_bytes().to_vec();
                wrong[place] = *symbol;
                let wrong = String::from_utf8(wrong).unwrap();
                assert_eq!(check(&wrong).is_ok(), wrong == right, "{wrong}");
            }
        }
    }
}
