//! Chance: one generator a person, and fixed noise for what has to come out alike in every file.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use throughcare_linkage::day::Day;

/// The generator of one person: the seed chooses the key and the person's number the stream, so that
/// no person depends on any other.
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The generator of a person.
    #[must_use]
    pub fn person(seed: u64, number: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(number);
        Self(generator)
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number from 0 up to, not including, 1.
    pub fn unit(&mut self) -> f64 {
        unit(self.bits())
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number from 0 up to, not including, `limit` (0 when the limit is not positive).
    pub fn below(&mut self, limit: i32) -> i32 {
        (self.unit() * f64::from(limit.max(0))) as i32
    }

    /// A whole number, both ends included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below(high - low + 1)
    }

    /// One of a list.
    pub fn one_of<T: Copy>(&mut self, list: &[T], otherwise: T) -> T {
        let at = self.below(list.len() as i32) as usize;
        list.get(at).copied().unwrap_or(otherwise)
    }

    /// The place of a weight, chosen in proportion to the weights; the last place when they are all
    /// zero.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return place;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// An exponential waiting time with this mean.
    pub fn wait(&mut self, mean: f64) -> f64 {
        -mean * ln(1.0 - self.unit())
    }

    /// Whole days of an exponential waiting time with this mean, at most 100 years.
    pub fn wait_days(&mut self, mean: f64) -> i32 {
        self.wait(mean).min(36_525.0) as i32
    }

    /// The day of the next of events that come at a rate a year.
    pub fn next_after(&mut self, now: Day, rate: f64) -> Day {
        if rate <= 0.0 {
            return now.plus(36_525);
        }
        now.plus(1 + self.wait_days(365.25 / rate))
    }
}

/// Noise that belongs to a thing rather than to a moment: the same key and question give the same
/// answer in every file.
#[derive(Clone, Copy, Debug)]
pub struct Noise(pub u64);

impl Noise {
    /// The noise of a thing inside a thing.
    #[must_use]
    pub const fn of(self, question: u64) -> Self {
        let mut z = self.0 ^ question.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Self(z ^ (z >> 31))
    }

    /// True with this probability.
    #[must_use]
    pub fn chance(self, question: u64, probability: f64) -> bool {
        unit(self.of(question).0) < probability
    }

    /// A whole number from 0 up to, not including, `limit`.
    #[must_use]
    pub fn below(self, question: u64, limit: u64) -> u64 {
        (unit(self.of(question).0) * limit as f64) as u64
    }
}

fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// Natural logarithm of a positive normal number by basic operations only: the library's may differ
/// in the last place between platforms, and with it the bytes written.
fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7FF) as f64 - 1023.0;
    let mantissa = f64::from_bits((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let square = ratio * ratio;
    let (mut term, mut sum) = (ratio, 0.0);
    for odd in 0..14 {
        sum += term / f64::from(2 * odd + 1);
        term *= square;
    }
    2.0 * sum + exponent * std::f64::consts::LN_2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_the_librarys() {
        for x in [1e-300, 1e-9, 0.1, 0.5, 0.999_999, 1.0, 1.5, 2.0, 7e9] {
            assert!((ln(x) - f64::ln(x)).abs() <= 1e-12 * f64::ln(x).abs().max(1.0));
        }
    }

    #[test]
    fn waits_have_their_mean_and_streams_differ() {
        let mut draw = Draw::person(7, 1);
        let mean = (0..20_000).map(|_| draw.wait(10.0)).sum::<f64>() / 20_000.0;
        assert!((mean - 10.0).abs() < 0.4, "{mean}");
        assert_ne!(Draw::person(7, 1).bits(), Draw::person(7, 2).bits());
        assert_ne!(Draw::person(7, 1).bits(), Draw::person(8, 1).bits());
        assert_eq!(Draw::person(7, 1).bits(), Draw::person(7, 1).bits());
    }

    #[test]
    fn weights_are_obeyed() {
        let mut draw = Draw::person(1, 1);
        let mut counts = [0; 3];
        for _ in 0..10_000 {
            counts[draw.weighted(&[1.0, 0.0, 3.0])] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((2300..2700).contains(&counts[0]), "{counts:?}");
    }
}
