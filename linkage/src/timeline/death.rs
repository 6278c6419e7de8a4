//! The date of death and its sources (`journey-states.md` section 9).

use super::settings::TimelineSettings;
use crate::day::OptDay;
use serde::{Deserialize, Serialize};

/// A source of dates of death.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeathSource {
    /// Civil registration.
    Registration,
    /// Discharge method 4, or death in A&E.
    Hospital,
    /// Date of death on care records.
    Cld,
}

/// The date of death of one person by source, and the one chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Death {
    /// From the death registration.
    pub registration: OptDay,
    /// From hospital records, after the checks of `hospital-spells.md` H.
    pub hospital: OptDay,
    /// From care records.
    pub cld: OptDay,
    /// The date that counts.
    pub chosen: OptDay,
    /// Which source it is of.
    pub source: Option<DeathSource>,
    /// Sources differ by more than the tolerance.
    pub conflict: bool,
}

/// Chooses the date of death (section 9): that of the first source, in the settings' order, which has
/// one. Sources that are not in the order are not used, but stay visible in the result.
#[must_use]
#[inline]
pub fn choose_death(
    registration: OptDay,
    hospital: OptDay,
    cld: OptDay,
    settings: &TimelineSettings,
) -> Death {
    if registration.is_none() && hospital.is_none() && cld.is_none() {
        return Death::default(); // nearly everyone
    }
    choose_known(registration, hospital, cld, settings)
}

fn choose_known(
    registration: OptDay,
    hospital: OptDay,
    cld: OptDay,
    settings: &TimelineSettings,
) -> Death {
    let of = |source: DeathSource| match source {
        DeathSource::Registration => registration,
        DeathSource::Hospital => hospital,
        DeathSource::Cld => cld,
    };
    let known = || {
        let order = settings.death_source_order.iter();
        order.filter_map(|&source| of(source).get().map(|day| (source, day)))
    };
    let first = known().map(|(_, day)| day).min();
    let last = known().map(|(_, day)| day).max();
    let conflict = match (first, last) {
        (Some(first), Some(last)) => last.since(first) > settings.death_tolerance_days,
        _ => false,
    };
    let chosen = known().next();
    Death {
        registration,
        hospital,
        cld,
        chosen: chosen.map(|(_, day)| day).into(),
        source: chosen.map(|(source, _)| source),
        conflict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;

    fn day(text: &str) -> OptDay {
        Day::parse_iso(text).into()
    }

    #[test]
    fn section_09_the_first_source_with_a_date_wins() {
        let settings = TimelineSettings::default();
        let death =
            choose_death(day("2024-05-10"), day("2024-05-12"), day("2024-05-10"), &settings);
        assert_eq!(death.chosen, day("2024-05-10"));
        assert_eq!(death.source, Some(DeathSource::Registration));
        assert!(!death.conflict);
        let death = choose_death(OptDay::NONE, day("2024-05-12"), day("2024-05-10"), &settings);
        assert_eq!((death.chosen, death.source), (day("2024-05-12"), Some(DeathSource::Hospital)));
        let death = choose_death(OptDay::NONE, OptDay::NONE, OptDay::NONE, &settings);
        assert_eq!(death, Death::default());
    }

    #[test]
    fn section_09_sources_more_than_five_days_apart_conflict() {
        let settings = TimelineSettings::default();
        let conflict = |hospital| {
            choose_death(day("2024-05-10"), day(hospital), OptDay::NONE, &settings).conflict
        };
        assert!(!conflict("2024-05-15") && !conflict("2024-05-05"));
        assert!(conflict("2024-05-16") && conflict("2024-05-04"));
    }

    #[test]
    fn section_09_the_order_is_a_setting() {
        let order = vec![DeathSource::Cld, DeathSource::Hospital];
        let settings = TimelineSettings { death_source_order: order, ..Default::default() };
        let death =
            choose_death(day("2024-01-01"), day("2024-05-12"), day("2024-05-10"), &settings);
        assert_eq!((death.chosen, death.source), (day("2024-05-10"), Some(DeathSource::Cld)));
        assert!(!death.conflict, "a source that is not used cannot disagree");
        assert_eq!(death.registration, day("2024-01-01"));
    }
}
