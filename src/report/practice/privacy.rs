//! What an anonymous figure may be shown for: enough answers, and nothing that two figures tell by difference.

/// Which groups may be shown beside a total over all of them, by their number of answers.
///
/// A group below `least` is withheld. Where the withheld groups together have fewer than `least` answers, or only one is
/// withheld, the total less what is shown would tell them; then the smallest group shown is withheld too, until that is no
/// longer so. A group without answers tells nothing and needs no cover.
pub(super) fn shown(answers: &[u32], least: u32) -> Vec<bool> {
    let mut shown: Vec<bool> = answers.iter().map(|answers| *answers >= least).collect();
    loop {
        let withheld = || answers.iter().zip(&shown).filter(|(answers, shown)| !**shown && **answers > 0);
        let (groups, total) =
            withheld().fold((0_u32, 0_u64), |sum, (answers, _)| (sum.0 + 1, sum.1 + u64::from(*answers)));
        if groups == 0 || groups > 1 && total >= u64::from(least) {
            return shown;
        }
        let smallest = (0..answers.len()).filter(|index| shown[*index]).min_by_key(|index| answers[*index]);
        match smallest {
            Some(index) => shown[index] = false,
            None => return shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_smallest_group_covers_for_one_that_is_withheld() {
        assert_eq!(shown(&[9, 8], 5), [true, true]);
        assert_eq!(shown(&[9, 4, 7], 5), [true, false, false]);
        assert_eq!(shown(&[9, 0, 7], 5), [true, false, true]);
        // Two withheld groups of 2 and 1 answers could be told as one group of three.
        assert_eq!(shown(&[9, 2, 1, 7], 5), [true, false, false, false]);
        assert_eq!(shown(&[9, 4, 3, 7], 5), [true, false, false, true]);
        assert_eq!(shown(&[4], 5), [false]);
        assert_eq!(shown(&[], 5), [false; 0]);
    }

    proptest! {
        #![proptest_config(crate::property::config())]

        #[test]
        fn the_rest_is_nobody_or_enough_people_of_several_groups(answers in prop::collection::vec(0_u32..20, 0..8)) {
            let shown = shown(&answers, 5);
            let rest: Vec<u32> =
                answers.iter().zip(&shown).filter(|(_, shown)| !**shown).map(|(answers, _)| *answers).filter(|answers| *answers > 0).collect();
            let nothing_shown = !shown.contains(&true);
            prop_assert!(rest.is_empty() || nothing_shown || rest.len() > 1 && rest.iter().sum::<u32>() >= 5);
            prop_assert!(answers.iter().zip(&shown).all(|(answers, shown)| !shown || *answers >= 5));
        }
    }
}
