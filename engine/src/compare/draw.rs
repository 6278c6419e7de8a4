//! Drawing people anew: how often each counts in a replicate.

use throughcare_linkage::person::PersonKey;

/// Upper ends of the probabilities that a Poisson variable of mean 1 is at most 0, 1, 2 …, as parts of
/// 2^64. Beyond the last it is one more; that happens once in some hundred million draws.
const AT_MOST: [u64; 11] = [
    6_786_177_901_268_885_274,  // 0.36787944117144233
    13_572_355_802_537_770_549, // 0.7357588823428847
    16_965_444_753_172_213_186, // 0.9196986029286058
    18_096_474_403_383_694_065, // 0.9810118431238462
    18_379_231_815_936_564_285, // 0.9963401531726563
    18_435_783_298_447_138_329, // 0.9994058151824183
    18_445_208_545_532_234_003, // 0.999916758850712
    18_446_555_009_401_533_385, // 0.9999897508033253
    18_446_723_317_385_195_808, // 0.999998874797402
    18_446_742_018_272_269_410, // 0.9999998885745217
    18_446_743_888_360_976_771, // 0.9999999899522336
];

/// How often a person counts in a replicate: a Poisson draw of mean 1 from the seed, the number of the
/// replicate and the person's key alone, whatever the order of people and the number of threads.
///
/// Drawing for each person by itself, rather than a fixed number of people with replacement, is the
/// Poisson bootstrap; with more than some dozen people the two do not differ.
#[must_use]
#[inline]
pub fn times(seed: u64, replicate: u32, key: PersonKey) -> u8 {
    let stream = mixed(seed ^ mixed(u64::from(replicate)));
    let number = mixed(stream ^ key.0 as u64);
    AT_MOST.iter().take_while(|&&end| number >= end).count() as u8
}

/// The finaliser of SplitMix64: every bit of the result depends on every bit of the number.
#[inline]
const fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_drawn_once_on_average_and_apart_from_each_other() {
        let drawn = |replicate| {
            (0..20_000u128).map(move |n| f64::from(times(7, replicate, PersonKey(n << 64 | n))))
        };
        for replicate in 0..5 {
            let n = 20_000.0;
            let mean = drawn(replicate).sum::<f64>() / n;
            let variance = drawn(replicate).map(|x| (x - mean).powi(2)).sum::<f64>() / n;
            assert!((mean - 1.0).abs() < 0.03 && (variance - 1.0).abs() < 0.06);
            // a person's draws of two replicates have nothing to do with each other
            let pairs = drawn(replicate).zip(drawn(replicate + 1));
            let together = pairs.map(|(a, b)| (a - 1.0) * (b - 1.0)).sum::<f64>() / n;
            assert!(together.abs() < 0.03, "{together}");
        }
        assert_eq!(times(7, 3, PersonKey(11)), times(7, 3, PersonKey(11)));
    }

    #[test]
    fn the_ends_are_the_probabilities_of_the_poisson_distribution() {
        let mut term = (-1f64).exp();
        let mut sum = 0.0;
        for (n, &end) in AT_MOST.iter().enumerate() {
            sum += term;
            term /= (n + 1) as f64;
            assert!((end as f64 / 2f64.powi(64) - sum).abs() < 1e-12, "{n}");
        }
    }
}
