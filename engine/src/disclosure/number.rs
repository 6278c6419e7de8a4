//! Exact decimal rounding of quotients.

/// A number with a fixed number of decimals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decimal {
    /// The value, rounded to `decimals`.
    pub value: f64,
    /// Decimals shown.
    pub decimals: u8,
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.*}", usize::from(self.decimals), self.value)
    }
}

impl Decimal {
    /// A whole number.
    #[must_use]
    pub const fn whole(value: i64) -> Self {
        Self { value: value as f64, decimals: 0 }
    }

    /// A float rounded half away from zero to the given decimals.
    #[must_use]
    pub fn rounded(value: f64, decimals: u8) -> Self {
        let scale = 10f64.powi(i32::from(decimals));
        let scaled = value * scale;
        let value = if scaled.is_finite() { scaled.round() / scale } else { value };
        // no "-0.0"
        Self { value: value + 0.0, decimals }
    }

    /// A float rounded half away from zero to at most 2 decimals, without trailing zeros: medians
    /// and means.
    #[must_use]
    pub fn statistic(value: f64) -> Self {
        let two = Self::rounded(value, 2);
        let decimals =
            (0..2).find(|&decimals| Self::rounded(two.value, decimals).value == two.value);
        Self { value: two.value, decimals: decimals.unwrap_or(2) }
    }

    /// `numerator / denominator × factor`, rounded half away from zero in exact arithmetic when
    /// the factor is whole. `None` when the denominator is not positive.
    #[must_use]
    pub fn quotient(numerator: i64, denominator: i64, factor: f64, decimals: u8) -> Option<Self> {
        if denominator <= 0 {
            return None;
        }
        let whole = factor.fract() == 0.0 && factor.abs() <= 1e9 && decimals <= 9;
        if !whole {
            let value = numerator as f64 / denominator as f64 * factor;
            return Some(Self::rounded(value, decimals));
        }
        let scale = 10i128.pow(u32::from(decimals));
        let top = i128::from(numerator) * factor as i128 * scale;
        let bottom = i128::from(denominator);
        let units = (2 * top.abs() + bottom) / (2 * bottom) * top.signum();
        Some(Self { value: units as f64 / scale as f64, decimals })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_round_half_away_from_zero_in_exact_arithmetic() {
        let text = |n, d, decimals| Decimal::quotient(n, d, 100.0, decimals).unwrap().to_string();
        assert_eq!(text(40, 70, 0), "57");
        assert_eq!(text(1, 8, 1), "12.5");
        assert_eq!(text(1, 16, 1), "6.3"); // 6.25
        assert_eq!(text(1, 200, 0), "1"); // 0.5
        assert_eq!(text(1001, 2000, 1), "50.1"); // 50.05, which no double holds
        assert_eq!(text(-1, 200, 0), "-1");
        assert_eq!(Decimal::quotient(1, 0, 100.0, 1), None);
        assert_eq!(Decimal::quotient(1234, 48200, 1e5, 1).unwrap().to_string(), "2560.2"); // M13
    }

    #[test]
    fn statistics_have_no_trailing_zeros() {
        let texts = [12.0, 12.5, 12.25, 3.127_9].map(|v| Decimal::statistic(v).to_string());
        assert_eq!(texts, ["12", "12.5", "12.25", "3.13"]);
        assert_eq!(Decimal::rounded(-0.001, 1).to_string(), "0.0");
    }
}
