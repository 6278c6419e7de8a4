//! Tables with a row for every council: which councils these are, and their sums.

use crate::figure::{Area, AreaType};
use crate::frame::Frame;
use crate::place::Places;
use std::collections::{BTreeMap, BTreeSet};

/// Numbers in [`Places`] of the councils that have a row whether they count anything or not: those of
/// the look-up of areas, and those whose care records cover some day.
pub(super) fn with_a_row(places: &Places, frame: &Frame) -> BTreeSet<u16> {
    let listed = frame.areas.iter().map(|row| places.council_of_code(&row.la_code));
    let numbered = (0..=u16::MAX).zip(&frame.coverage);
    let covered = numbered.filter(|(_, days)| !days.is_empty()).map(|(la, _)| places.council(la));
    listed.chain(covered).filter(|&council| council != 0).collect()
}

/// The counts of England, of regions by name and of councils by code: England and the regions are
/// sums of councils, made with `add`. Counts of council 0, none, are in England alone.
pub(super) fn with_sums<A: Clone + Default>(
    places: &Places,
    councils: &BTreeMap<u16, A>,
    mut add: impl FnMut(&mut A, &A),
) -> Vec<(Area, A)> {
    let mut rows: BTreeMap<(AreaType, u16), A> = BTreeMap::new();
    rows.entry((AreaType::England, 0)).or_default();
    for (&council, counts) in councils {
        add(rows.entry((AreaType::England, 0)).or_default(), counts);
        for (kind, area) in [(AreaType::Region, places.region(council)), (AreaType::La, council)] {
            if area != 0 {
                add(rows.entry((kind, area)).or_default(), counts);
            }
        }
    }
    rows.into_iter().map(|((kind, area), counts)| (places.area(kind, area), counts)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughcare_linkage::day::{Day, Period};
    use throughcare_linkage::lookup::{AreaRow, Areas};

    #[test]
    fn every_listed_and_every_covered_council_has_a_row() {
        let row = |la_code: &str, region: &str| AreaRow {
            la_code: la_code.into(),
            name: format!("Council {la_code}"),
            region: region.into(),
            ons_code: String::new(),
        };
        let days = vec![Period { start: Day(0), end: Day(9) }];
        let frame = Frame {
            la_codes: ["", "300", "200", "999"].map(Into::into).to_vec(),
            areas: Areas::new([row("100", "North"), row("200", "South")]),
            coverage: vec![Vec::new(), days.clone(), days, Vec::new()],
            ..Frame::default()
        };
        let places = Places::new(&frame);
        let councils = with_a_row(&places, &frame);
        let code = |&council: &u16| places.area(AreaType::La, council).code;
        assert_eq!(councils.iter().map(code).collect::<Vec<_>>(), ["100", "200", "300"]);

        let mut counts: BTreeMap<u16, i64> = councils.iter().map(|&council| (council, 0)).collect();
        counts.insert(places.council_of_code("200"), 3);
        counts.insert(places.council_of_code("300"), 4);
        counts.insert(0, 5);
        let rows = with_sums(&places, &counts, |sum, more| *sum += more);
        let rows: Vec<_> = rows.iter().map(|(area, sum)| (area.code.as_str(), *sum)).collect();
        let wanted =
            [("E92000001", 12), ("North", 0), ("South", 3), ("100", 0), ("200", 3), ("300", 4)];
        assert_eq!(rows, wanted);
    }
}
