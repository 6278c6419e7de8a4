//! What graphs of people are broken down by: the stratum of a person on the first day of a period.

use crate::figure::{Area, AreaType};
use crate::measures::person_time::{council_on, sex_of};
use crate::place::Places;
use crate::stratum::{Dimension, Strata, age_level_at, care_state, setting_level};
use std::sync::Arc;
use throughcare_linkage::day::Day;
use throughcare_linkage::link::person::Person;

/// A breakdown of graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakdown {
    /// Age band, sex or care setting of the person.
    Of(Dimension),
    /// Region of the person's council.
    Region,
    /// The person's council.
    La,
}

impl Breakdown {
    /// What graphs can be broken down by.
    pub const ALL: [Self; 5] = [
        Self::Of(Dimension::AgeBand),
        Self::Of(Dimension::Sex),
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

/// The strata of people.
#[derive(Clone, Debug)]
pub struct People {
    by: Breakdown,
    places: Arc<Places>,
}

impl People {
    /// The strata of a breakdown.
    #[must_use]
    pub const fn new(by: Breakdown, places: Arc<Places>) -> Self {
        Self { by, places }
    }

    /// The number of a person's stratum on a day.
    ///
    /// Age is that on the day; sex the first known one of the stays, else of the latest care event; the
    /// setting that of the day itself, hospital ignored; council and region those of the latest care
    /// event that has begun by the day, else of the first, else of a hospital stay.
    #[must_use]
    pub fn of(&self, person: &Person<'_>, day: Day) -> u16 {
        let council = || council_on(person, day, &self.places);
        let level = match self.by {
            Breakdown::Region => return self.places.region(council()),
            Breakdown::La => return council(),
            Breakdown::Of(Dimension::AgeBand) => age_level_at(person.birth(), day),
            Breakdown::Of(Dimension::Sex) => sex_of(person),
            Breakdown::Of(_) => setting_level(care_state(person, day)),
        };
        let Breakdown::Of(dimension) = self.by else { return 0 };
        let strata = Strata::default().with(dimension, level);
        // the values of these breakdowns do not overlap
        dimension.values_of(strata).next().map_or(0, u16::from)
    }

    /// The columns `area_code` and `stratum` of a stratum.
    #[must_use]
    pub fn name(&self, stratum: u16) -> (String, String) {
        let area = |kind| {
            let code = self.places.area(kind, stratum).code;
            (if code.is_empty() { "Unknown".into() } else { code }, String::new())
        };
        match self.by {
            Breakdown::Region => area(AreaType::Region),
            Breakdown::La => area(AreaType::La),
            Breakdown::Of(dimension) => {
                (Area::england().code, dimension.stratum(u8::try_from(stratum).unwrap_or(u8::MAX)))
            }
        }
    }
}
