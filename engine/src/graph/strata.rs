//! What graphs of people are broken down by: the stratum of a person on the first day of a period.

use crate::details::Details;
use crate::figure::{Area, AreaType};
use crate::frame::Frame;
use crate::measures::person_time::{council_on, sex_of};
use crate::place::Places;
use crate::stratum::{Dimension, Strata, age_level_at, care_state, ethnicity_level, setting_level};
use std::sync::Arc;
use throughcare_linkage::day::Day;
use throughcare_linkage::link::person::Person;

/// The area code of people whose council is not known.
pub const UNKNOWN_COUNCIL: &str = "Unknown";
/// The area code of people whose region is not known.
pub const UNKNOWN_REGION: &str = "Unknown region";

/// A breakdown of graphs and pathways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakdown {
    /// A fact of the person.
    Of(Dimension),
    /// Region of the person's council.
    Region,
    /// The person's council.
    La,
}

impl Breakdown {
    /// What graphs and pathways can be broken down by.
    pub const ALL: [Self; 6] = [
        Self::Of(Dimension::AgeBand),
        Self::Of(Dimension::Sex),
        Self::Of(Dimension::Ethnicity),
        Self::Of(Dimension::Setting),
        Self::Region,
        Self::La,
    ];

    /// The key in study files, on the command line and in the column `stratum`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Of(dimension) => dimension.key(),
            Self::Region => "region",
            Self::La => "la",
        }
    }

    /// The breakdown of a key.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.key() == key)
    }
}

/// What is looked up of people: where they live, what their care records say of them.
#[derive(Clone, Debug, Default)]
pub struct LookUps {
    places: Arc<Places>,
    details: Details,
}

impl LookUps {
    /// The look-ups of a run.
    #[must_use]
    pub fn new(frame: &Frame) -> Self {
        Self { places: Arc::new(Places::new(frame)), details: frame.details.clone() }
    }

    /// How many values a breakdown has.
    #[must_use]
    pub fn values(&self, by: Breakdown) -> u16 {
        match by {
            Breakdown::Of(dimension) => dimension.values().len() as u16,
            // without look-ups nobody's area is known
            Breakdown::Region => self.places.count(AreaType::Region).max(1),
            Breakdown::La => self.places.count(AreaType::La).max(1),
        }
    }

    /// The number of a person's area on a day, of a breakdown by areas: council and region are those of the
    /// latest care event that has begun by the day, else of the first, else of a hospital stay.
    #[must_use]
    pub fn area(&self, by: Breakdown, person: &Person<'_>, day: Day) -> Option<u16> {
        let council = || council_on(person, day, &self.places);
        match by {
            Breakdown::Of(_) => None,
            Breakdown::Region => Some(self.places.region(council())),
            Breakdown::La => Some(council()),
        }
    }

    /// Level of [`Dimension::Ethnicity`] of a person: the first known group of the hospital episodes, else
    /// that of the latest care details (P-18), else whether it was not stated.
    #[must_use]
    pub fn ethnicity(&self, person: &Person<'_>) -> u8 {
        // the groups that care records know too
        const GROUPS: usize = 5;
        let stays = || person.episodes.iter().map(|episode| ethnicity_level(episode.ethnic));
        let known = stays().find(|&level| (1..=GROUPS).contains(&usize::from(level)));
        let in_care = || {
            let group = self.details.ethnic_group(person.joined.last()?.la, person)?;
            let text = self.details.ethnic_groups().get(group)?;
            let words = Dimension::Ethnicity.values().iter().take(GROUPS);
            words.zip(1u8..).find(|((word, _), _)| text.starts_with(word)).map(|(_, level)| level)
        };
        let stated = || stays().find(|&level| level != 0);
        known.or_else(in_care).or_else(stated).unwrap_or(0)
    }

    /// The columns `area_code` and `stratum` of a value.
    #[must_use]
    pub fn name(&self, by: Breakdown, value: u16) -> (String, String) {
        let area = |kind, unknown: &str| {
            let code = self.places.area(kind, value).code;
            (if code.is_empty() { unknown.into() } else { code }, String::new())
        };
        match by {
            Breakdown::Region => area(AreaType::Region, UNKNOWN_REGION),
            Breakdown::La => area(AreaType::La, UNKNOWN_COUNCIL),
            Breakdown::Of(dimension) => {
                (Area::england().code, dimension.stratum(u8::try_from(value).unwrap_or(u8::MAX)))
            }
        }
    }
}

/// The strata of people.
#[derive(Clone, Debug)]
pub struct People {
    by: Breakdown,
    look_ups: LookUps,
}

impl People {
    /// The strata of a breakdown.
    #[must_use]
    pub const fn new(by: Breakdown, look_ups: LookUps) -> Self {
        Self { by, look_ups }
    }

    /// The number of a person's stratum on a day.
    ///
    /// Age is that on the day; sex the first known one of the stays, else of the latest care event; ethnic
    /// group likewise ([`LookUps::ethnicity`]); the setting that of the day itself, hospital ignored; areas as
    /// [`LookUps::area`] has them.
    #[must_use]
    pub fn of(&self, person: &Person<'_>, day: Day) -> u16 {
        let Breakdown::Of(dimension) = self.by else {
            return self.look_ups.area(self.by, person, day).unwrap_or(0);
        };
        let level = match dimension {
            Dimension::AgeBand => age_level_at(person.birth(), day),
            Dimension::Sex => sex_of(person),
            Dimension::Ethnicity => self.look_ups.ethnicity(person),
            _ => setting_level(care_state(person, day)),
        };
        let strata = Strata::default().with(dimension, level);
        // the values of these breakdowns do not overlap
        dimension.values_of(strata).next().map_or(0, u16::from)
    }

    /// The columns `area_code` and `stratum` of a stratum.
    #[must_use]
    pub fn name(&self, stratum: u16) -> (String, String) {
        self.look_ups.name(self.by, stratum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::fixture::{Maker, episode};

    #[test]
    fn m0_4_an_ethnic_group_is_the_first_known_one_and_not_stated_is_no_group() {
        let of = |codes: &[&str]| {
            let episodes = codes.iter().map(|code| episode(code)).collect();
            let person = Maker { episodes, ..Maker::default() };
            person.with(|person| {
                let by = Breakdown::Of(Dimension::Ethnicity);
                let people = People::new(by, LookUps::default());
                people.name(people.of(person, Day(0))).1
            })
        };
        assert_eq!(of(&["Z", "99", "M", "A"]), "ethnicity=Black");
        assert_eq!(of(&["99", "Z"]), "ethnicity=Not stated");
        assert_eq!(of(&["99"]), "ethnicity=Unknown");
        assert_eq!(of(&[]), "ethnicity=Unknown");
    }

    #[test]
    fn people_of_no_known_area_have_a_name_of_their_own_in_councils_and_in_regions() {
        let name = |by| LookUps::default().name(by, 0);
        assert_eq!(name(Breakdown::La), (UNKNOWN_COUNCIL.into(), String::new()));
        assert_eq!(name(Breakdown::Region), (UNKNOWN_REGION.into(), String::new()));
        assert_eq!(LookUps::default().values(Breakdown::La), 1);
    }
}
