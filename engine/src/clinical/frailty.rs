//! The Hospital Frailty Risk Score (M19): 109 three-character codes, each once, in whole tenths.

use super::prefix::lines;

const FRAILTY: &str = include_str!("../codes/frailty.csv");

/// The codes of the score with their weights. A set of codes is held as bits, in the order of the data
/// file.
#[derive(Clone, Debug, Default)]
pub struct Frailty(Vec<(&'static str, i32)>);

/// Band of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FrailtyBand {
    /// Below 5.
    Low,
    /// From 5 to 15, both included.
    Intermediate,
    /// Above 15.
    High,
}

impl FrailtyBand {
    /// The band of a score in tenths.
    #[must_use]
    pub const fn of(tenths: i32) -> Self {
        match tenths {
            ..50 => Self::Low,
            50..=150 => Self::Intermediate,
            151.. => Self::High,
        }
    }
}

impl Frailty {
    /// The codes of the score, with R69 or without.
    #[must_use]
    pub fn new(keep_r69: bool) -> Self {
        let codes = lines(FRAILTY).flat_map(|fields| {
            let field = |n: usize| fields.get(n).copied().unwrap_or("");
            let tenths = field(0).parse().unwrap_or(0);
            field(1).split(' ').map(move |code| (code, tenths))
        });
        Self(codes.filter(|(code, _)| keep_r69 || *code != "R69").collect())
    }

    /// The code of the score that a diagnosis is, by its first three characters: one bit or none.
    #[must_use]
    pub fn class(&self, code: &str) -> u128 {
        let Some(start) = code.get(..3) else { return 0 };
        self.0.iter().position(|(code, _)| *code == start).map_or(0, |n| 1 << n)
    }

    /// The score of the codes found, in tenths: each counts once.
    #[must_use]
    pub fn tenths(&self, found: u128) -> i32 {
        let codes = self.0.iter().enumerate().filter(|(n, _)| found >> n & 1 == 1);
        codes.map(|(_, (_, tenths))| tenths).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tenths(codes: &[&str]) -> i32 {
        let frailty = Frailty::new(true);
        frailty.tenths(codes.iter().fold(0, |found, code| found | frailty.class(code)))
    }

    #[test]
    fn m19_the_frailty_score_has_109_codes() {
        let codes = Frailty::new(true).0;
        let distinct: std::collections::BTreeSet<_> = codes.iter().map(|code| code.0).collect();
        assert_eq!((codes.len(), distinct.len()), (109, 109));
        assert!(codes.iter().all(|(code, tenths)| code.len() == 3 && (1..=71).contains(tenths)));
        // the sum of the published weights, in tenths
        assert_eq!(codes.iter().map(|code| code.1).sum::<i32>(), 1_732);
        assert_eq!(Frailty::new(false).0.len(), 108);
    }

    #[test]
    fn m19_each_frailty_code_counts_once() {
        assert_eq!(tenths(&["N390", "N390", "N39", "N399"]), 32);
        assert_eq!(tenths(&["F059", "N390", "W199", "R296", "E871"]), 155);
        // two characters are no code, and neither is a longer beginning
        assert_eq!(tenths(&["N3", "", "A00"]), 0);
    }

    #[test]
    fn m19_r69_scores_although_it_means_unknown() {
        assert_eq!(tenths(&["R69"]), 13);
        assert_eq!(Frailty::new(false).class("R69"), 0);
    }

    #[test]
    fn m19_frailty_bands_hold_their_edges() {
        let bands = [0, 49, 50, 150, 151].map(FrailtyBand::of);
        use FrailtyBand::{High, Intermediate, Low};
        assert_eq!(bands, [Low, Low, Intermediate, Intermediate, High]);
        // 3.2 + 1.8 is 5 in tenths; 3.0 + 1.9 is not
        assert_eq!(FrailtyBand::of(tenths(&["W190", "R55X"])), Intermediate);
        assert_eq!(FrailtyBand::of(tenths(&["R31", "H540"])), Low);
    }

    proptest! {
        /// The slow reading: distinct first three characters, looked up in the file line by line.
        #[test]
        fn m19_frailty_is_the_sum_over_distinct_beginnings(
            codes in prop::collection::vec("[A-Z][0-9]{2}[0-9]?", 0..40),
        ) {
            let mut seen: Vec<&str> = codes.iter().map(|code| &code[..3]).collect();
            seen.sort_unstable();
            seen.dedup();
            let mut wanted = 0;
            for line in FRAILTY.lines().skip(1) {
                let (weight, list) = line.split_once(',').unwrap();
                for code in list.split(' ') {
                    if seen.contains(&code) {
                        wanted += weight.parse::<i32>().unwrap();
                    }
                }
            }
            let texts: Vec<&str> = codes.iter().map(String::as_str).collect();
            prop_assert_eq!(tenths(&texts), wanted);
        }
    }
}
