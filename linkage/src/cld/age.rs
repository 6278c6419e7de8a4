//! Ages on events (P-11).

use crate::cld::event::CareEvent;
use crate::codes::cld::EventType;

/// The age of the person at the end of the event, or at the end of its reference period while a
/// service is open (`Der_Latest_Age`); none when the month of birth is unknown.
#[must_use]
pub fn latest_age(event: &CareEvent) -> Option<i32> {
    let at = match event.end.get() {
        Some(end) => end,
        None if event.event_type == EventType::Service => event.reference_end,
        None => return None,
    };
    event.birth.dhsc_age(at)
}

/// `Der_Age_Band` of an age.
#[must_use]
pub const fn age_band(age: Option<i32>) -> &'static str {
    match age {
        None => "Unknown",
        Some(..=17) => "Under 18",
        Some(18..=24) => "18 to 24",
        Some(25..=44) => "25 to 44",
        Some(45..=64) => "45 to 64",
        Some(65..=74) => "65 to 74",
        Some(75..=84) => "75 to 84",
        Some(85..=94) => "85 to 94",
        Some(95..) => "95 and above",
    }
}

/// `Der_Working_Age_Band` of an age.
#[must_use]
pub const fn working_age_band(age: Option<i32>) -> &'static str {
    match age {
        None => "Unknown",
        Some(..=17) => "Under 18",
        Some(18..=64) => "18 to 64",
        Some(65..) => "65 and above",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::BirthMonth;
    use crate::day::Day;

    #[test]
    fn p11_age_can_be_one_year_short_on_the_birthday() {
        let birth = BirthMonth::new(1960, 7);
        for (at, days, years, age, band) in [
            ("2025-06-30", 23_740, "64.9966", 64, "18 to 64"),
            ("2025-07-01", 23_741, "64.9993", 64, "18 to 64"),
            ("2025-07-02", 23_742, "65.0021", 65, "65 and above"),
        ] {
            let at = Day::parse_iso(at).unwrap();
            assert_eq!(at.since(birth.first_day().unwrap()), days);
            assert_eq!(format!("{:.4}", f64::from(days) / 365.25), years);
            assert_eq!(birth.dhsc_age(at), Some(age));
            assert_eq!(working_age_band(Some(age)), band);
        }
        assert_eq!(working_age_band(BirthMonth::default().dhsc_age(Day(0))), "Unknown");
    }

    #[test]
    fn p11_bands_meet_without_gap_or_overlap() {
        let edges = [
            (17, "Under 18"),
            (18, "18 to 24"),
            (25, "25 to 44"),
            (45, "45 to 64"),
            (64, "45 to 64"),
            (65, "65 to 74"),
            (75, "75 to 84"),
            (85, "85 to 94"),
            (95, "95 and above"),
        ];
        for (age, band) in edges {
            assert_eq!(age_band(Some(age)), band);
        }
        assert_eq!(age_band(None), "Unknown");
    }
}
