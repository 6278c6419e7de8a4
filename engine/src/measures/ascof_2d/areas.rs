//! The areas of the figures, numbered in the order of output: England, regions, councils.

use crate::figure::{Area, AreaType};
use crate::frame::Frame;
use hashbrown::HashMap;
use std::collections::BTreeMap;

/// Number of an area in [`AreaIndex`].
pub(super) type AreaNumber = u16;

/// The number of England.
pub(super) const ENGLAND: AreaNumber = 0;

/// Names of upper-tier councils in the office for national statistics' list that differ from the
/// names in Client Level Data (`cld-fields.md` 5.2).
const RENAMED: [(&str, &str); 10] = [
    ("Cumberland", "Cumberland Council"),
    ("Westmorland and Furness", "Westmorland and Furness Council"),
    ("Isle of Wight", "Isle of Wight Council"),
    ("St. Helens", "St Helens"),
    ("Telford and Wrekin", "Telford and the Wrekin"),
    ("County Durham", "Durham"),
    ("Kensington and Chelsea", "Royal Borough of Kensington and Chelsea"),
    ("Windsor and Maidenhead", "Royal Borough Windsor and Maidenhead"),
    ("Southend-on-Sea", "Southend on Sea"),
    ("Stoke-on-Trent", "Stoke on Trent"),
];

/// Every area of a run and the way from dictionary numbers to it. Numbers depend on the texts only.
#[derive(Clone, Debug)]
pub(super) struct AreaIndex {
    areas: Vec<Area>,
    /// Region of each area; [`ENGLAND`] when it has none.
    regions: Vec<AreaNumber>,
    /// Whether the look-up has the council.
    listed: Vec<bool>,
    /// Council by number of `Frame::la_codes`; [`ENGLAND`] when the row names no council.
    by_la: Vec<AreaNumber>,
    /// Council of residence by number of `Frame::lsoas`; [`ENGLAND`] when it is not in England.
    by_lsoa: Vec<AreaNumber>,
}

impl AreaIndex {
    pub fn new(frame: &Frame) -> Self {
        // name and region of every council by code
        let mut councils: BTreeMap<String, (String, String)> = BTreeMap::new();
        let mut by_ons = HashMap::new();
        let mut by_name = HashMap::new();
        for row in frame.areas.iter() {
            councils.insert(row.la_code.clone(), (row.name.clone(), row.region.clone()));
            if !row.ons_code.is_empty() {
                by_ons.entry(row.ons_code.as_str()).or_insert(row.la_code.as_str());
            }
            by_name.entry(fold(&row.name)).or_insert(row.la_code.as_str());
        }
        let listed: Vec<String> = councils.keys().cloned().collect();
        for code in frame.la_codes.iter().filter(|code| !code.is_empty()) {
            councils.entry(code.to_string()).or_insert_with(|| (code.to_string(), String::new()));
        }
        // a council of residence that no look-up of councils knows keeps its own code
        let mut residence: HashMap<&str, String> = HashMap::new();
        for (utla, name) in frame.residences.by_lsoa.values() {
            if !utla.starts_with(['E', 'e']) {
                continue;
            }
            let name = cld_name(name);
            let known = by_ons.get(utla.as_str()).or_else(|| by_name.get(&fold(name)));
            if let Some(code) = known {
                residence.insert(utla, (*code).to_owned());
            } else {
                let (kept, _) = councils
                    .entry(utla.clone())
                    .or_insert_with(|| (name.to_owned(), String::new()));
                if name < kept.as_str() {
                    *kept = name.to_owned();
                }
                residence.insert(utla, utla.clone());
            }
        }
        Self::number(frame, &councils, &listed, &residence)
    }

    fn number(
        frame: &Frame,
        councils: &BTreeMap<String, (String, String)>,
        listed: &[String],
        residence: &HashMap<&str, String>,
    ) -> Self {
        let mut areas = vec![Area::england()];
        let mut names: Vec<&str> = councils.values().map(|(_, region)| region.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| !name.is_empty());
        let mut region_numbers = HashMap::new();
        for name in names {
            region_numbers.insert(name, areas.len() as AreaNumber);
            areas.push(Area { kind: AreaType::Region, code: name.into(), name: name.into() });
        }
        let mut regions = vec![ENGLAND; areas.len()];
        let mut in_lookup = vec![false; areas.len()];
        let mut numbers: HashMap<&str, AreaNumber> = HashMap::new();
        for (code, (name, region)) in councils {
            numbers.insert(code, areas.len() as AreaNumber);
            regions.push(region_numbers.get(region.as_str()).copied().unwrap_or(ENGLAND));
            in_lookup.push(listed.binary_search(code).is_ok());
            areas.push(Area { kind: AreaType::La, code: code.clone(), name: name.clone() });
        }
        let number = |code: &str| numbers.get(code).copied().unwrap_or(ENGLAND);
        let by_la = frame.la_codes.iter().map(|code| number(code)).collect();
        let lives = |lsoa: &str| {
            let (utla, _) = frame.residences.by_lsoa.get(lsoa)?;
            Some(number(residence.get(utla.as_str())?))
        };
        let by_lsoa = frame.lsoas.iter().map(|lsoa| lives(lsoa).unwrap_or(ENGLAND)).collect();
        Self { areas, regions, listed: in_lookup, by_la, by_lsoa }
    }

    pub fn len(&self) -> usize {
        self.areas.len()
    }

    /// Areas in the order of their numbers, with whether the look-up lists them.
    pub fn iter(&self) -> impl Iterator<Item = (&Area, bool)> {
        self.areas.iter().zip(self.listed.iter().copied())
    }

    /// The council of a number of `Frame::la_codes`.
    pub fn of_la(&self, la: u16) -> AreaNumber {
        self.by_la.get(usize::from(la)).copied().unwrap_or(ENGLAND)
    }

    /// The council of residence of a number of `Frame::lsoas`, if it is in England.
    pub fn of_lsoa(&self, lsoa: u32) -> Option<AreaNumber> {
        self.by_lsoa.get(lsoa as usize).copied().filter(|&area| area != ENGLAND)
    }

    /// A council with its region and England, each once.
    pub fn with_parents(&self, council: AreaNumber) -> impl Iterator<Item = AreaNumber> {
        let region = self.regions.get(usize::from(council)).copied().unwrap_or(ENGLAND);
        [council, region].into_iter().filter(|&area| area != ENGLAND).chain([ENGLAND])
    }
}

/// The name of a council in Client Level Data.
fn cld_name(ons_name: &str) -> &str {
    let folded = fold(ons_name);
    let renamed = RENAMED.iter().find(|(from, _)| fold(from) == folded);
    renamed.map_or(ons_name.trim(), |(_, to)| to)
}

/// Text as the published code compares it: without case and trailing blanks.
fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughcare_linkage::lookup::{AreaRow, Areas, Residences};

    fn frame() -> Frame {
        let row = |la_code: &str, name: &str, region: &str, ons_code: &str| AreaRow {
            la_code: la_code.into(),
            name: name.into(),
            region: region.into(),
            ons_code: ons_code.into(),
        };
        let lives = |utla: &str, name: &str| (utla.to_owned(), name.to_owned());
        Frame {
            areas: Areas::new([
                row("116", "Durham", "North East", "E06000047"),
                row("321", "St Helens", "North West", ""),
            ]),
            la_codes: ["", "321", "999", "116"].map(Into::into).to_vec(),
            lsoas: ["", "E01D", "E01H", "W01", "E01N", "E01X"].map(Into::into).to_vec(),
            residences: Residences {
                by_lsoa: [
                    ("E01D".to_owned(), lives("E06000047", "County Durham")),
                    ("E01H".to_owned(), lives("E08000013", "St. Helens")),
                    ("E01N".to_owned(), lives("E10000001", "Newshire")),
                    ("W01".to_owned(), lives("W06000001", "Isle of Anglesey")),
                ]
                .into_iter()
                .collect(),
            },
            ..Frame::default()
        }
    }

    #[test]
    fn areas_are_numbered_by_their_texts() {
        let index = AreaIndex::new(&frame());
        let codes: Vec<&str> = index.iter().map(|(area, _)| area.code.as_str()).collect();
        let wanted = ["E92000001", "North East", "North West", "116", "321", "999", "E10000001"];
        assert_eq!(codes, wanted);
        let listed: Vec<bool> = index.iter().map(|(_, listed)| listed).collect();
        assert_eq!(listed, [false, false, false, true, true, false, false]);
        assert_eq!([0, 1, 2, 3].map(|la| index.of_la(la)), [ENGLAND, 4, 5, 3]);
    }

    #[test]
    fn residence_is_found_by_code_then_by_renamed_name_and_only_in_england() {
        let index = AreaIndex::new(&frame());
        let found = [0, 1, 2, 3, 4, 5, 6].map(|lsoa| index.of_lsoa(lsoa));
        assert_eq!(found, [None, Some(3), Some(4), None, Some(6), None, None]);
    }

    #[test]
    fn a_council_counts_for_its_region_and_england_once() {
        let index = AreaIndex::new(&frame());
        assert_eq!(index.with_parents(3).collect::<Vec<_>>(), [3, 1, ENGLAND]);
        assert_eq!(index.with_parents(5).collect::<Vec<_>>(), [5, ENGLAND]);
        assert_eq!(index.with_parents(ENGLAND).collect::<Vec<_>>(), [ENGLAND]);
    }
}
