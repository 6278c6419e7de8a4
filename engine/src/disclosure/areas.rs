//! Pathways of areas: the people of councils add up to those of regions, and both to those of England.
//!
//! An area of few people has no pathways. The people of every other area are rounded, and so is each sequence,
//! as moves of graphs are; but two areas of a region, or two regions, leave little open of the one that is
//! withheld. So the areas themselves go through secondary suppression (section 6), as counts of `measures` do.

use super::families::area_sums;
use super::profile::Rules;
use super::secondary::suppress;
use crate::figure::{Area, AreaType, Pathway};
use crate::graph::strata::UNKNOWN_REGION;
use std::collections::{BTreeMap, BTreeSet};

/// Area code, stratum and anchor of pathways.
pub(super) type Group<'a> = (&'a str, &'a str, &'a str);

pub(super) const fn group(pathway: &Pathway) -> Group<'_> {
    (pathway.area_code.as_str(), pathway.stratum.as_str(), pathway.anchor.as_str())
}

/// The areas that have no pathways so that those of another area with few people do not follow from the
/// total. `regions` gives the region code of a council code.
pub(super) fn withheld<'a>(
    pathways: &'a [Pathway],
    regions: &BTreeMap<String, String>,
    rules: &Rules,
) -> BTreeSet<Group<'a>> {
    let mut levels: BTreeMap<(&str, &str), Vec<(&'a str, i64)>> = BTreeMap::new();
    for pathways in pathways.chunk_by(|a, b| group(a) == group(b)) {
        let Some(first) = pathways.first() else { continue };
        let level = levels.entry((&first.stratum, &first.anchor)).or_default();
        level.push((&first.area_code, first.of));
    }
    let mut withheld = BTreeSet::new();
    for ((stratum, anchor), areas) in levels {
        let people: Vec<i64> = areas.iter().map(|&(_, people)| people).collect();
        let small: Vec<bool> = people.iter().map(|&people| rules.is_small(people)).collect();
        if areas.len() < 2 || !small.contains(&true) {
            continue;
        }
        let mut hidden = small.clone();
        let sums = sums(&areas, regions);
        suppress(&people, &mut hidden, &vec![None; people.len()], &sums, rules.threshold);
        let is_secondary = |n: &usize| hidden[*n] && !small[*n];
        let found = (0..areas.len()).filter(is_secondary);
        withheld.extend(found.map(|n| (areas[n].0, stratum, anchor)));
    }
    withheld
}

/// Which areas add up to which.
fn sums(areas: &[(&str, i64)], regions: &BTreeMap<String, String>) -> Vec<super::secondary::Sum> {
    let is_region =
        |code: &str| code == UNKNOWN_REGION || regions.values().any(|region| region == code);
    let england = Area::england().code;
    let kind = |code: &str| match code {
        _ if code == england => AreaType::England,
        _ if is_region(code) => AreaType::Region,
        _ => AreaType::La,
    };
    let area = |code: &str| Area { kind: kind(code), code: code.to_owned(), name: String::new() };
    let all: Vec<Area> = areas.iter().map(|(code, _)| area(code)).collect();
    // councils that the look-up lacks are those of the region that is not known
    let mut regions = regions.clone();
    for council in all.iter().filter(|area| area.kind == AreaType::La) {
        regions.entry(council.code.clone()).or_insert_with(|| UNKNOWN_REGION.into());
    }
    let keys: Vec<(&Area, &str)> = all.iter().map(|area| (area, "")).collect();
    let people: Vec<i64> = areas.iter().map(|&(_, people)| people).collect();
    area_sums(&keys, &people, &regions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::{Profile, ProfileName, Released, protect};
    use crate::figure::{Journeys, Results};
    use proptest::prelude::*;

    fn regions() -> BTreeMap<String, String> {
        [("101", "North"), ("102", "North"), ("201", "South"), ("202", "South")]
            .map(|(council, region)| (council.to_owned(), region.to_owned()))
            .into()
    }

    /// Pathways of four councils, one that no region has, two regions and England: all of a council go home.
    fn results(councils: [i64; 5]) -> Results {
        let [a, b, c, d, unknown] = councils;
        let areas = [
            ("E92000001", a + b + c + d + unknown),
            ("North", a + b),
            ("South", c + d),
            (UNKNOWN_REGION, unknown),
            ("101", a),
            ("102", b),
            ("201", c),
            ("202", d),
            ("999", unknown),
        ];
        let mut results = Results { regions: regions(), ..Results::default() };
        for (area, people) in areas.into_iter().filter(|&(_, people)| people > 0) {
            results.pathways.push(Pathway {
                area_code: area.into(),
                stratum: String::new(),
                anchor: "discharge".into(),
                path: "HOME>END".into(),
                people,
                of: people,
                median_days: Some(91.0),
            });
            results.journeys.push(Journeys {
                area_code: area.into(),
                stratum: String::new(),
                anchor: "discharge".into(),
                people,
                reached: Vec::new(),
                step_days: 7,
                states: vec!["HOME".into()],
                sequences: vec![(vec![0, 0], people)],
                typology: None,
            });
        }
        results
    }

    fn shown(released: &Released) -> Vec<(&str, i64)> {
        let people = |row: &crate::disclosure::ReleasedPathway| row.people.shown();
        let rows = released.pathways.iter();
        rows.filter_map(|row| Some((row.area_code.as_str(), people(row)?))).collect()
    }

    #[test]
    fn d06_a_council_of_few_people_takes_the_smallest_of_its_region_with_it() {
        let released = protect(&results([3, 40, 60, 20, 0]), &Profile::default());
        let wanted = [("E92000001", 125), ("North", 45), ("South", 80), ("201", 60), ("202", 20)];
        assert_eq!(shown(&released), wanted);
        let areas: Vec<&str> = released.journeys.iter().map(|of| of.area_code.as_str()).collect();
        assert_eq!(areas, ["E92000001", "North", "South", "201", "202"]);
        // what is withheld is there, without a number, and says no more than that
        let rows = || released.pathways.iter();
        let hidden: Vec<_> =
            rows().filter(|row| ["101", "102"].contains(&&*row.area_code)).collect();
        assert_eq!(hidden.len(), 2);
        assert!(hidden.iter().all(|row| row.people == hidden[0].people));
        assert!(
            hidden.iter().all(|row| row.share == hidden[0].share && row.path == hidden[0].path)
        );
        assert!(hidden.iter().all(|row| row.median_days == hidden[0].median_days));
    }

    #[test]
    fn areas_of_many_people_are_all_shown_and_so_is_everything_in_the_secure_setting() {
        assert_eq!(shown(&protect(&results([30, 40, 60, 20, 10]), &Profile::default())).len(), 9);
        let exact = protect(&results([3, 40, 60, 20, 1]), &Profile::named(ProfileName::None));
        assert_eq!(shown(&exact).len(), 9);
    }

    proptest! {
        /// Whoever knew the people of the areas that are shown exactly would still not know those of an area
        /// that is not within less than the threshold.
        #[test]
        fn no_area_of_few_people_follows_from_the_others(
            councils in prop::array::uniform5(prop_oneof![0i64..12, 0i64..200]),
        ) {
            let results = results(councils);
            let released = protect(&results, &Profile::default());
            let areas: Vec<(&str, i64)> =
                results.pathways.iter().map(|row| (row.area_code.as_str(), row.of)).collect();
            let shown: BTreeSet<&str> = shown(&released).into_iter().map(|(area, _)| area).collect();
            let hidden: Vec<bool> = areas.iter().map(|(area, _)| !shown.contains(area)).collect();
            let people: Vec<i64> = areas.iter().map(|&(_, people)| people).collect();
            for (&people, &hidden) in people.iter().zip(&hidden) {
                prop_assert!(hidden || people >= 8);
            }
            let sums = sums(&areas, &results.regions);
            let caps = vec![None; people.len()];
            let failing = super::super::secondary::audit(&people, &hidden, &caps, &sums, 8);
            prop_assert!(failing.is_empty(), "{:?} {:?}", areas, hidden);
            // what goes with an area that is withheld is withheld too
            let of: BTreeSet<&str> = released.journeys.iter().map(|of| of.area_code.as_str()).collect();
            prop_assert_eq!(of, shown);
        }
    }
}
