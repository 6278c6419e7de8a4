//! Who a person is.

use crate::area::Area;
use crate::draw::Draw;
use crate::rates::Rates;
use throughcare_linkage::day::Day;

/// The day lives begin: 1 October 2022, half a year before the data, so that the first month has
/// events of every type and stays that began earlier.
pub const BEGIN_DAY: Day = Day(19_266);
/// The first day of the data: 1 April 2023.
pub const FIRST_DAY: Day = Day(19_448);
/// The day hospital data were extracted, the first not covered: 1 April 2026.
pub const EXTRACT_DAY: Day = Day(20_544);
/// The day at which the population has the published ages: 1 October 2024.
pub const REFERENCE_DAY: Day = Day(19_997);

/// A synthetic person.
#[derive(Clone, Debug)]
pub struct Person {
    /// Pseudonym of the NHS number: 32 hexadecimal digits.
    pub pseudonym: String,
    /// Number within the council, from 0.
    pub serial: u64,
    /// Whether the person is a woman.
    pub woman: bool,
    /// Date of birth; never written, only its month.
    pub birth: Day,
    /// Place in the list of ethnicities, 0 to 20.
    pub ethnicity: usize,
    /// Small area within the council.
    pub lsoa: u32,
    /// General practice within the council.
    pub practice: u64,
    /// 0 fit, 1 mild, 2 moderate, 3 severe.
    pub frailty: usize,
    /// Main reason for support: a place in the list of primary support reasons.
    pub reason: usize,
    /// Dementia.
    pub dementia: bool,
    /// Has an unpaid carer.
    pub has_carer: bool,
    /// Salt of everything that is decided later about this person's records.
    pub salt: u64,
}

impl Person {
    /// Draws the person with this number in the council.
    #[must_use]
    pub fn draw(rates: &Rates, area: &Area, serial: u64, draw: &mut Draw) -> Self {
        let pseudonym = format!("{:016x}{:016x}", draw.bits(), draw.bits());
        let birth = birth(rates, draw);
        let band = rates.band(age(birth, REFERENCE_DAY));
        let woman = draw.chance(rates.population.women[band]);
        let frailty = draw.weighted(&rates.frailty.shares[band]);
        let mix = &rates.population.ethnicity[usize::from(band >= 4) + usize::from(band >= 5)];
        let ethnicity = draw.weighted(mix);
        let dementia = band >= 5 && draw.chance([0.01, 0.04, 0.10, 0.25][frailty]);
        // physical access, personal care, visual, hearing, dual, memory, learning, mental health,
        // substance, asylum, isolation
        let reason = if band < 5 {
            draw.weighted(&[3.0, 26.0, 1.0, 0.6, 0.4, 1.0, 45.0, 18.0, 1.0, 0.2, 4.0])
        } else if dementia {
            draw.weighted(&[2.0, 22.0, 0.5, 0.5, 0.5, 70.0, 0.0, 3.0, 0.0, 0.0, 1.5])
        } else {
            draw.weighted(&[12.0, 68.0, 1.5, 0.8, 0.8, 3.0, 3.5, 6.0, 0.3, 0.1, 4.0])
        };
        Self {
            pseudonym,
            serial,
            woman,
            birth,
            ethnicity,
            lsoa: draw.below(area.lsoas() as i32) as u32,
            practice: draw.below((area.people / 8_000).clamp(3, 200) as i32) as u64,
            frailty,
            reason,
            dementia,
            has_carer: draw.chance(rates.care.has_carer),
            salt: draw.bits(),
        }
    }

    /// Completed years on a day; negative before birth.
    #[must_use]
    pub fn age(&self, at: Day) -> i32 {
        age(self.birth, at)
    }
}

fn age(birth: Day, at: Day) -> i32 {
    let days = at.since(birth);
    days.div_euclid(1461) * 4 + days.rem_euclid(1461) * 4 / 1461
}

fn birth(rates: &Rates, draw: &mut Draw) -> Day {
    let mut weights = [0.0; 10];
    weights[..9].copy_from_slice(&rates.population.millions);
    weights[9] = rates.population.born_later_millions;
    let band = draw.weighted(&weights);
    let Some(first) = rates.bands.get(band).copied() else {
        return REFERENCE_DAY.plus(1 + draw.below(EXTRACT_DAY.since(REFERENCE_DAY) - 1));
    };
    let next = rates.bands.get(band + 1).copied().unwrap_or(first + 9);
    // in old age each year has fewer people than the year before
    let share = if first >= 75 { draw.unit().min(draw.unit()) } else { draw.unit() };
    let years = f64::from(first) + share * f64::from(next - first);
    REFERENCE_DAY.plus(-((years * 365.25) as i32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_days_are_right() {
        assert_eq!(Some(BEGIN_DAY), Day::from_ymd(2022, 10, 1));
        assert_eq!(Some(FIRST_DAY), Day::from_ymd(2023, 4, 1));
        assert_eq!(Some(REFERENCE_DAY), Day::from_ymd(2024, 10, 1));
        assert_eq!(Some(EXTRACT_DAY), Day::from_ymd(2026, 4, 1));
    }

    #[test]
    fn ages_are_near_the_published_ones() {
        let rates = Rates::load().unwrap();
        let mut old = 0;
        for number in 0..20_000 {
            let born = birth(&rates, &mut Draw::person(3, number));
            assert!(born < EXTRACT_DAY);
            old += usize::from(age(born, REFERENCE_DAY) >= 65);
        }
        // 10.93 of 59.46 million
        assert!((3_450..3_900).contains(&old), "{old}");
    }
}
