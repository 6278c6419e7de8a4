//! Councils, regions and providers as small numbers in the order of their codes, so that counts can
//! be keyed and sorted without texts.

use crate::clinical::Clinical;
use crate::figure::{Area, AreaType};
use crate::frame::Frame;
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use throughcare_linkage::lookup::{AreaRow, Areas};

/// The places of a run. Number 0 is "no such place" of every kind; other numbers are in the order of
/// codes, so they are the same in every run over the same inputs.
#[derive(Clone, Debug, Default)]
pub struct Places {
    councils: Vec<Council>,
    regions: Vec<String>,
    providers: Vec<Box<str>>,
    by_lsoa: Vec<u16>,
    by_given: Vec<u16>,
    by_provider: Vec<u16>,
    clinical: Arc<Clinical>,
}

#[derive(Clone, Debug, Default)]
struct Council {
    code: String,
    name: String,
    region: u16,
}

impl Places {
    /// The places of a run: every council that was met, is in the look-up of areas or has an LSOA
    /// that was met. A council code of the file of LSOAs that is the ONS code of a council in the
    /// look-up of areas is that council.
    #[must_use]
    pub fn new(frame: &Frame) -> Self {
        let by_ons: HashMap<&str, &AreaRow> =
            frame.areas.iter().map(|row| (row.ons_code.as_str(), row)).collect();
        let row_of = |code: &str| find(&frame.areas, &by_ons, code);
        let mut councils: BTreeMap<String, (String, String)> = BTreeMap::new();
        let mut note = |code: &str, name: &str| {
            let (code, name, region) = match row_of(code) {
                Some(row) => (row.la_code.as_str(), row.name.as_str(), row.region.as_str()),
                None => (code, if name.is_empty() { code } else { name }, ""),
            };
            if !code.is_empty() && !councils.contains_key(code) {
                councils.insert(code.into(), (name.into(), region.into()));
            }
        };
        let residence = |lsoa: &str| frame.residences.by_lsoa.get(lsoa);
        for lsoa in &frame.lsoas {
            if let Some((code, name)) = residence(lsoa) {
                note(code, name);
            }
        }
        frame.la_codes.iter().for_each(|code| note(code, ""));
        frame.areas.iter().for_each(|row| note(&row.la_code, ""));

        let regions: BTreeSet<&str> =
            councils.values().map(|(_, region)| region.as_str()).collect();
        let regions: Vec<String> = with_none_first(regions.into_iter().map(String::from));
        let numbers: HashMap<&str, u16> =
            councils.keys().zip(1u16..).map(|(code, number)| (code.as_str(), number)).collect();
        let number = |code: &str| {
            let code = row_of(code).map_or(code, |row| &row.la_code);
            numbers.get(code).copied().unwrap_or(0)
        };
        let by_lsoa = frame.lsoas.iter();
        let by_lsoa = by_lsoa.map(|lsoa| residence(lsoa).map_or(0, |(code, _)| number(code)));
        let by_lsoa: Vec<u16> = by_lsoa.collect();
        let by_given: Vec<u16> = frame.la_codes.iter().map(|code| number(code)).collect();

        let providers: BTreeSet<&Box<str>> = frame.providers.iter().collect();
        let providers: Vec<Box<str>> = with_none_first(providers.into_iter().cloned());
        let provider = |code: &str| {
            let found = providers.binary_search_by(|known| (**known).cmp(code));
            found.map_or(0, |number| number as u16)
        };
        let by_provider = frame.providers.iter().map(|code| provider(code)).collect();

        let named = councils.iter().map(|(code, (name, region))| Council {
            code: code.clone(),
            name: name.clone(),
            region: regions.binary_search(region).map_or(0, |n| n as u16),
        });
        let councils = std::iter::once(Council::default()).chain(named).collect();
        let clinical = Arc::clone(&frame.clinical);
        Self { councils, regions, providers, by_lsoa, by_given, by_provider, clinical }
    }

    /// What the diagnoses of a stay mean, which its cell in a tally needs beside its places.
    #[must_use]
    pub fn clinical(&self) -> &Clinical {
        &self.clinical
    }

    /// Council of residence: by LSOA where the look-up has it, else as given by the record. Both are
    /// dictionary numbers. 0 when neither is known.
    #[must_use]
    #[inline]
    pub fn residence(&self, lsoa: u32, given: u16) -> u16 {
        match self.by_lsoa.get(lsoa as usize) {
            Some(&council) if council != 0 => council,
            _ => self.council(given),
        }
    }

    /// The council of a dictionary number.
    #[must_use]
    #[inline]
    pub fn council(&self, given: u16) -> u16 {
        self.by_given.get(usize::from(given)).copied().unwrap_or(0)
    }

    /// The council with a code; 0 when there is none.
    #[must_use]
    pub fn council_of_code(&self, code: &str) -> u16 {
        // number 0 has the empty code, which sorts first
        let found = self.councils.binary_search_by(|council| (*council.code).cmp(code));
        found.map_or(0, |number| number as u16)
    }

    /// The provider of a dictionary number.
    #[must_use]
    #[inline]
    pub fn provider(&self, given: u16) -> u16 {
        self.by_provider.get(usize::from(given)).copied().unwrap_or(0)
    }

    /// The region of a council; 0 without a look-up of areas.
    #[must_use]
    #[inline]
    pub fn region(&self, council: u16) -> u16 {
        self.councils.get(usize::from(council)).map_or(0, |council| council.region)
    }

    /// How many numbers the places of a kind have, that of none included.
    #[must_use]
    pub fn count(&self, kind: AreaType) -> u16 {
        let count = match kind {
            AreaType::England => 1,
            AreaType::La => self.councils.len(),
            AreaType::Region => self.regions.len(),
            AreaType::Provider | AreaType::Icb => self.providers.len(),
        };
        u16::try_from(count).unwrap_or(u16::MAX)
    }

    /// The area with a number of its kind. England needs none. A region's code is its name, because
    /// the look-up has no other.
    #[must_use]
    pub fn area(&self, kind: AreaType, number: u16) -> Area {
        let number = usize::from(number);
        let (code, name) = match kind {
            AreaType::England => return Area::england(),
            AreaType::La => self
                .councils
                .get(number)
                .map_or(("", ""), |council| (&*council.code, &*council.name)),
            AreaType::Region => {
                self.regions.get(number).map_or(("", ""), |region| (region, region))
            }
            AreaType::Provider | AreaType::Icb => {
                self.providers.get(number).map_or(("", ""), |code| (code, code))
            }
        };
        Area { kind, code: code.into(), name: name.into() }
    }
}

fn find<'a>(
    areas: &'a Areas,
    by_ons: &HashMap<&str, &'a AreaRow>,
    code: &str,
) -> Option<&'a AreaRow> {
    areas.by_code(code).or_else(|| by_ons.get(code).copied().filter(|_| !code.is_empty()))
}

/// Sorted texts without the empty one, which becomes number 0 whether it was there or not.
fn with_none_first<T: Default + AsRef<str>>(sorted: impl Iterator<Item = T>) -> Vec<T> {
    let texts = sorted.filter(|text| !text.as_ref().is_empty());
    std::iter::once(T::default()).chain(texts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughcare_linkage::lookup::Residences;

    #[test]
    fn councils_are_found_by_lsoa_then_by_the_given_code_in_text_order() {
        let row = |code: &str, name: &str, region: &str, ons: &str| AreaRow {
            la_code: code.into(),
            name: name.into(),
            region: region.into(),
            ons_code: ons.into(),
        };
        let mut residences = Residences::default();
        for (lsoa, code) in [("E01B", "E10000002"), ("E01C", "E10000009")] {
            residences.by_lsoa.insert(lsoa.into(), (code.into(), format!("name of {code}")));
        }
        let frame = Frame {
            la_codes: ["", "202", "101", "999"].map(Box::from).into(),
            providers: ["", "RZZ", "RAA"].map(Box::from).into(),
            lsoas: ["", "E01C", "E01A", "E01B"].map(Box::from).into(),
            areas: Areas::new([
                row("101", "First", "North", "E10000001"),
                row("202", "Second", "East", "E10000002"),
            ]),
            residences,
            ..Frame::default()
        };
        let places = Places::new(&frame);
        let la = |number| places.area(AreaType::La, number);
        assert_eq!([AreaType::La, AreaType::Region].map(|kind| places.count(kind)), [5, 3]);
        // the LSOA's ONS code is the council 202 of the look-up
        assert_eq!(la(places.residence(3, 2)).code, "202");
        assert_eq!(la(places.residence(3, 2)).name, "Second");
        // an LSOA that the look-up lacks leaves the given code
        assert_eq!(la(places.residence(2, 2)).code, "101");
        assert_eq!(la(places.residence(0, 3)).code, "999");
        assert_eq!(la(places.residence(1, 0)).name, "name of E10000009");
        assert_eq!(places.residence(2, 0), 0);
        let order: Vec<_> = (1..5).map(|number| la(number).code).collect();
        assert_eq!(order, ["101", "202", "999", "E10000009"]);
        let region = |council| places.area(AreaType::Region, places.region(council)).code;
        assert_eq!([1, 2, 3].map(region), ["North", "East", ""]);
        assert_eq!([0, 1, 2].map(|number| places.provider(number)), [0, 2, 1]);
        assert_eq!(places.area(AreaType::Provider, 1).code, "RAA");
    }
}
