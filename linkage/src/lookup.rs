//! Look-up files: councils, residence, population.

use hashbrown::HashMap;
use std::collections::BTreeMap;

/// One council of the look-up `areas`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct AreaRow {
    /// Code as in the submissions.
    pub la_code: String,
    /// Name.
    pub name: String,
    /// Region.
    pub region: String,
    /// ONS code of the area.
    pub ons_code: String,
}

/// The councils, in the order of their codes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Areas {
    rows: BTreeMap<String, AreaRow>,
}

impl Areas {
    /// The councils of these rows; of equal codes the first counts.
    pub fn new(rows: impl IntoIterator<Item = AreaRow>) -> Self {
        let mut areas = Self::default();
        for row in rows {
            areas.rows.entry(row.la_code.clone()).or_insert(row);
        }
        areas
    }

    /// The council with this code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&AreaRow> {
        self.rows.get(code)
    }

    /// Councils in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &AreaRow> {
        self.rows.values()
    }

    /// Whether there is no look-up.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Upper-tier council by LSOA 2011.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Residences {
    /// LSOA code to the code and name of the council.
    pub by_lsoa: HashMap<String, (String, String)>,
}

/// Population by council code and age band, as given.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Population {
    /// `(la_code, sex or empty, age or age_band)` to people.
    pub people: BTreeMap<(String, String, String), i64>,
}
