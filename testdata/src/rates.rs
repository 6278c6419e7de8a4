//! The rates of the synthetic population, all of them in `rates.toml`.

use crate::Error;
use serde::Deserialize;

/// Number of age bands.
pub const BANDS: usize = 9;
/// One number a band.
pub type ByBand = [f64; BANDS];
/// One number for people of 18 to 64 and one for people of 65 and over.
pub type ByAge = [f64; 2];

/// Everything in `rates.toml`; the meaning of each number stands there.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each rate is documented in rates.toml")]
pub struct Rates {
    pub bands: [i32; BANDS],
    pub population: Population,
    pub frailty: Frailty,
    pub hospital: Hospital,
    pub mortality: Mortality,
    pub care: Care,
    pub diagnoses: Diagnoses,
    pub messy: Messy,
}

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each rate is documented in rates.toml")]
pub struct Population {
    pub millions: ByBand,
    pub born_later_millions: f64,
    pub women: ByBand,
    pub ethnicity: [[f64; 21]; 3],
    pub no_nhs_number: f64,
}

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each rate is documented in rates.toml")]
pub struct Frailty {
    pub shares: [[f64; 4]; BANDS],
    pub hospital: [f64; 4],
    pub care: [f64; 4],
    pub death: [f64; 4],
}

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each rate is documented in rates.toml")]
pub struct Hospital {
    pub emergency: ByBand,
    pub day_case: ByBand,
    pub elective: ByBand,
    pub regular_course: ByBand,
    pub mental_health: ByBand,
    pub maternity: [f64; 2],
    pub attendance: ByBand,
    pub emergency_through_ae: f64,
    pub zero_night: ByAge,
    pub further_nights: ByAge,
    pub transfer: f64,
    pub transfer_unmarked: f64,
    pub readmission: ByAge,
    pub readmission_planned: f64,
    pub death_in_stay: ByBand,
    pub death_after: ByBand,
    pub care_home_coded: f64,
    pub discharge_delay: [f64; 2],
}

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each rate is documented in rates.toml")]
pub struct Mortality {
    pub other: ByBand,
    pub with_support: f64,
}

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each rate is documented in rates.toml")]
pub struct Care {
    pub request: ByBand,
    pub request_with_support: f64,
    pub long_term: ByBand,
    pub setting: [[f64; 4]; 2],
    pub years_supported: ByAge,
    pub support_ends: ByAge,
    pub into_care_home: ByAge,
    pub request_outcome: [[f64; 12]; 2],
    pub discharge_request: ByAge,
    pub discharge_outcome: [f64; 7],
    pub assessment_starts_support: ByAge,
    pub reablement_sequel: [f64; 4],
    pub planned_review: f64,
    pub unplanned_review: f64,
    pub carer_event: ByAge,
    pub has_carer: f64,
}

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each rate is documented in rates.toml")]
pub struct Diagnoses {
    pub lasting: Vec<Likely>,
    pub found: Vec<Likely>,
}

/// A diagnosis, the age from which it is met, and its share by frailty.
#[derive(Deserialize, Clone, Debug)]
pub struct Likely(pub String, pub i32, pub [f64; 4]);

#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each rate is documented in rates.toml")]
pub struct Messy {
    pub nhs_untraced: f64,
    pub nhs_missing: f64,
    pub no_identifier: f64,
    pub nhs_lost_on_row: f64,
    pub local_id_reused: f64,
    pub duplicate_row: f64,
    pub other_case: f64,
    pub trailing_blank: f64,
    pub null_text: f64,
    pub unknown_code: f64,
    pub reversed_dates: f64,
    pub sentinel_date: f64,
    pub birth_missing: f64,
    pub late: f64,
    pub vanished: f64,
    pub revised: f64,
    pub late_end: f64,
    pub never_ended: f64,
    pub death_unknown: f64,
    pub sent_again: f64,
    pub early_release2: f64,
    pub residual_release1: f64,
    pub late_change_over: f64,
    pub day_first_dates: f64,
    pub stay_no_discharge: f64,
    pub stay_reversed: f64,
    pub stay_sentinel: f64,
    pub stay_no_residence: f64,
    pub stay_no_specialty: f64,
    pub stay_duplicate: f64,
    pub attendance_no_departure: f64,
    pub attendance_duplicate: f64,
}

impl Rates {
    /// The rates of `rates.toml`, with the relative rates by frailty made to average one in each
    /// band.
    ///
    /// # Errors
    /// When the file does not hold what this type wants.
    pub fn load() -> Result<Self, Error> {
        toml::from_str(include_str!("../rates.toml")).map_err(|e| Error::Rates(e.to_string()))
    }

    /// The band of an age in years; ages below the first band count in it.
    #[must_use]
    pub fn band(&self, age: i32) -> usize {
        self.bands.iter().rposition(|first| *first <= age).unwrap_or(0)
    }

    /// The relative rate of a frailty in a band, for relative rates whose mean over the band's
    /// people is one.
    #[must_use]
    pub fn relative(&self, by_frailty: &[f64; 4], band: usize, frailty: usize) -> f64 {
        let mean: f64 = self.frailty.shares[band]
            .iter()
            .zip(by_frailty)
            .map(|(share, rate)| share * rate)
            .sum();
        by_frailty[frailty] / mean
    }
}

/// Which number of a [`ByAge`] an age takes.
#[must_use]
pub const fn by_age(age: i32) -> usize {
    (age >= 65) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_complete_and_its_shares_add_up() {
        let rates = Rates::load().unwrap();
        for shares in rates.frailty.shares {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
        for shares in rates.care.setting {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
        for shares in rates.care.request_outcome {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
        assert!((rates.care.discharge_outcome.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!((rates.care.reablement_sequel.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn relative_rates_average_one() {
        let rates = Rates::load().unwrap();
        for band in 0..BANDS {
            let mean: f64 = (0..4)
                .map(|f| {
                    rates.frailty.shares[band][f] * rates.relative(&rates.frailty.care, band, f)
                })
                .sum();
            assert!((mean - 1.0).abs() < 1e-9);
        }
        assert_eq!((rates.band(-1), rates.band(64), rates.band(65), rates.band(104)), (0, 4, 5, 8));
    }
}
