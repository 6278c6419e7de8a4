//! Which figures add up to which: the sums that secondary suppression must respect (section 6).
//!
//! Within one measure, part and period, strata add up to the stratum with fewer keys, single years of
//! age to the bands that hold them, narrow bands to wide ones, and areas to the area above. Sums are taken only where the exact counts do add up: clients of two categories
//! make no published sum.

use super::primary::{Draft, public_denominator};
use super::released::Reason;
use super::secondary::{Sum, suppress};
use crate::figure::{Area, AreaType, Unit, Value};
use std::collections::{BTreeMap, BTreeSet};
use throughcare_linkage::day::Period;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Denominator,
    Numerator,
}

/// A key and its value in a stratum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pair<'a> {
    key: &'a str,
    value: &'a str,
    /// First and last year of the value, of a key of ages.
    ages: Option<(i32, i32)>,
}

type Pairs<'a> = Vec<Pair<'a>>;

/// What its cells have in common.
type Family<'a> = (Side, &'static str, &'a str, Period, Unit);

/// Secondary suppression of every family of figures whose rules ask for it. `regions` gives the
/// region code of a council code.
pub fn suppress_families(drafts: &mut [Draft<'_>], regions: &BTreeMap<String, String>) {
    let mut families: BTreeMap<Family<'_>, BTreeMap<(&Area, &str), usize>> = BTreeMap::new();
    for (number, draft) in drafts.iter().enumerate() {
        if !draft.rules.secondary {
            continue;
        }
        let figure = draft.figure;
        let sides = [
            (Side::Denominator, figure.denominator.filter(|_| !public_denominator(figure))),
            (Side::Numerator, figure.numerator),
        ];
        for (side, count) in sides {
            if count.is_some() {
                let family = (side, figure.measure, &*figure.part, figure.period, figure.counts);
                let cell = (&figure.area, &*figure.stratum);
                families.entry(family).or_default().entry(cell).or_insert(number);
            }
        }
    }
    // denominators come first, since a shown one caps its numerator
    for (&(side, ..), members) in &families {
        treat(side, members, drafts, regions);
    }
}

fn treat(
    side: Side,
    members: &BTreeMap<(&Area, &str), usize>,
    drafts: &mut [Draft<'_>],
    regions: &BTreeMap<String, String>,
) {
    let mut cells = Vec::with_capacity(members.len());
    let mut hidden = Vec::with_capacity(members.len());
    let mut caps = Vec::with_capacity(members.len());
    let mut threshold = 1;
    for &number in members.values() {
        let draft = &drafts[number];
        threshold = threshold.max(draft.rules.threshold);
        let (count, reason, cap) = match side {
            Side::Denominator => (draft.figure.denominator, draft.denominator, None),
            Side::Numerator => {
                let share = matches!(draft.figure.value, Value::Percent(_));
                let shown = share && draft.denominator.is_none();
                let cap = draft.figure.denominator.filter(|_| shown);
                (draft.figure.numerator, draft.numerator, cap)
            }
        };
        let count = count.unwrap_or(0);
        cells.push(count);
        hidden.push(reason.is_some());
        caps.push(cap.filter(|&cap| cap >= count));
    }
    if !hidden.contains(&true) {
        return;
    }
    let keys: Vec<(&Area, &str)> = members.keys().copied().collect();
    let mut sums = stratum_sums(&keys, &cells);
    sums.extend(area_sums(&keys, &cells, regions));
    suppress(&cells, &mut hidden, &caps, &sums, threshold);
    for (&number, hidden) in members.values().zip(hidden) {
        let draft = &mut drafts[number];
        let reason = match side {
            Side::Denominator => &mut draft.denominator,
            Side::Numerator => &mut draft.numerator,
        };
        if hidden {
            *reason = reason.or(Some(Reason::Secondary));
            // a count is its numerator: its value says nothing of the people behind it
            if side == Side::Numerator || draft.figure.value != Value::Count {
                draft.value = draft.value.or(Some(Reason::Secondary));
            }
        }
    }
}

/// Rows: the strata of one area, councils before regions before England.
fn stratum_sums(keys: &[(&Area, &str)], cells: &[i64]) -> Vec<Sum> {
    let mut areas: BTreeMap<(std::cmp::Reverse<AreaType>, &Area), Vec<usize>> = BTreeMap::new();
    for (cell, (area, _)) in keys.iter().enumerate() {
        areas.entry((std::cmp::Reverse(area.kind), area)).or_default().push(cell);
    }
    let mut sums = Vec::new();
    for members in areas.values() {
        // strata by their keys: "age_band; sex" -> the cells that have both
        let mut by_keys: BTreeMap<Vec<&str>, Vec<(usize, Pairs<'_>)>> = BTreeMap::new();
        for &cell in members {
            let pairs = pairs(keys[cell].1);
            let names = pairs.iter().map(|pair| pair.key).collect();
            by_keys.entry(names).or_default().push((cell, pairs));
        }
        for (names, parts) in &by_keys {
            let nested = has_nested_bands(parts);
            for (total_names, totals) in &by_keys {
                let is_coarser =
                    if total_names == names { nested } else { tells_all(names, total_names) };
                if !is_coarser {
                    continue;
                }
                for &(total, ref wanted) in totals {
                    let within = |(cell, pairs): &&(usize, Pairs<'_>)| {
                        *cell != total && is_within(pairs, wanted)
                    };
                    let within: Vec<_> = parts.iter().filter(within).collect();
                    // of bands that lie within each other the widest ones
                    let is_narrower = |(cell, pairs): &(usize, Pairs<'_>)| {
                        within.iter().any(|(other, wide)| {
                            other != cell && is_within(pairs, wide) && !is_within(wide, pairs)
                        })
                    };
                    let widest = within.iter().filter(|part| !nested || !is_narrower(part));
                    let widest = widest.map(|&&(cell, _)| cell).collect();
                    push_sum(&mut sums, total, widest, cells);
                }
            }
        }
    }
    sums
}

const AGE: &str = "age";
const AGE_BAND: &str = "age_band";

/// Whether strata of some keys have each of the other keys, an age telling the band.
fn tells_all(names: &[&str], others: &[&str]) -> bool {
    let tells = |name: &&str| names.contains(name) || (*name == AGE_BAND && names.contains(&AGE));
    others.iter().all(tells)
}

/// Whether some age band lies within another one.
fn has_nested_bands(parts: &[(usize, Pairs<'_>)]) -> bool {
    let bands = parts.iter().flat_map(|(_, pairs)| pairs).filter(|pair| pair.key == AGE_BAND);
    let bands: BTreeSet<(i32, i32)> = bands.filter_map(|band| band.ages).collect();
    bands.iter().any(|a| bands.iter().any(|b| a != b && b.0 <= a.0 && a.1 <= b.1))
}

/// Whether a stratum says all that another one says, an age within a band included.
fn is_within(pairs: &[Pair<'_>], others: &[Pair<'_>]) -> bool {
    let ages_within = |band: &Pair<'_>| {
        band.key == AGE_BAND
            && band.ages.is_some_and(|(first, last)| {
                pairs.iter().filter_map(|pair| pair.ages).any(|(a, b)| first <= a && b <= last)
            })
    };
    others.iter().all(|other| pairs.contains(other) || ages_within(other))
}

/// First and last year of an age or a band of ages; those of unknown age are in no other band.
fn ages(text: &str) -> Option<(i32, i32)> {
    let number = |text: &str| text.trim().parse::<i32>().ok();
    if text == "Unknown" {
        return Some((-1, -1));
    }
    if let Some(age) = number(text) {
        return Some((age, age));
    }
    if let Some(after) = text.strip_prefix("Under ") {
        return Some((0, number(after)? - 1));
    }
    let open = ["+", " and above", " and over"];
    if let Some(first) = open.iter().find_map(|words| text.strip_suffix(words)) {
        return Some((number(first)?, i32::MAX));
    }
    let (first, last) = text.split_once(" to ").or_else(|| text.split_once('-'))?;
    Some((number(first)?, number(last)?))
}

/// Columns: the areas of one stratum.
pub(super) fn area_sums(
    keys: &[(&Area, &str)],
    cells: &[i64],
    regions: &BTreeMap<String, String>,
) -> Vec<Sum> {
    let mut strata: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (cell, &(_, stratum)) in keys.iter().enumerate() {
        strata.entry(stratum).or_default().push(cell);
    }
    let mut sums = Vec::new();
    for members in strata.values() {
        let of_kind = |kind: AreaType| -> Vec<usize> {
            members.iter().copied().filter(|&cell| keys[cell].0.kind == kind).collect()
        };
        for region in of_kind(AreaType::Region) {
            let code = &keys[region].0.code;
            let councils = of_kind(AreaType::La)
                .into_iter()
                .filter(|&cell| regions.get(&keys[cell].0.code) == Some(code))
                .collect();
            push_sum(&mut sums, region, councils, cells);
        }
        for england in of_kind(AreaType::England) {
            for kind in [AreaType::Region, AreaType::La, AreaType::Provider, AreaType::Icb] {
                push_sum(&mut sums, england, of_kind(kind), cells);
            }
        }
    }
    sums
}

fn push_sum(sums: &mut Vec<Sum>, total: usize, parts: Vec<usize>, cells: &[i64]) {
    let adds_up = parts.iter().map(|&part| cells[part]).sum::<i64>() == cells[total];
    if !parts.is_empty() && adds_up {
        sums.push(Sum { total, parts });
    }
}

/// The keys and values of a stratum. A value of `Total` is no restriction. A slice is a sex or an age
/// band.
fn pairs(stratum: &str) -> Pairs<'_> {
    stratum
        .split("; ")
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(_, value)| !value.eq_ignore_ascii_case("total"))
        .map(|(key, value)| {
            let key = match key {
                "slice" if ages(value).is_some() => AGE_BAND,
                "slice" => "sex",
                _ => key,
            };
            let ages = if [AGE, AGE_BAND].contains(&key) { ages(value) } else { None };
            Pair { key, value, ages }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::{Profile, ProfileName, protect};
    use crate::figure::{Figure, Results};
    use proptest::prelude::*;
    use throughcare_linkage::day::Day;

    fn figure(area: Area, stratum: &str, count: i64) -> Figure {
        Figure {
            measure: "activity",
            part: String::new(),
            period: Period { start: Day(19_814), end: Day(20_178) },
            area,
            stratum: stratum.into(),
            numerator: Some(count),
            denominator: None,
            value: Value::Count,
            interval: None,
            unit: Unit::People,
            counts: Unit::People,
        }
    }

    const BANDS: [(&str, i64, i64); 3] =
        [("18 to 64", 60, 64), ("65 to 74", 65, 74), ("75 and above", 75, 79)];

    /// Single years from 60 to 79, their bands and the total of two councils and of England.
    fn table(counts: &[i64]) -> Vec<Figure> {
        let years = counts.len() / 2;
        let council =
            |code: &str| Area { kind: AreaType::La, code: code.into(), name: code.into() };
        let of = |n: usize, age: i64| counts[n * years + (age - 60) as usize];
        let mut figures = Vec::new();
        for (area, of_area) in
            [(council("A"), vec![0]), (council("B"), vec![1]), (Area::england(), vec![0, 1])]
        {
            let sum = |from: i64, to: i64| -> i64 {
                of_area.iter().map(|&n| (from..=to).map(|age| of(n, age)).sum::<i64>()).sum()
            };
            figures.push(figure(area.clone(), "", sum(60, 79)));
            for (band, from, to) in BANDS {
                figures.push(figure(area.clone(), &format!("age_band={band}"), sum(from, to)));
            }
            for age in 60..=79 {
                figures.push(figure(area.clone(), &format!("age={age}"), sum(age, age)));
            }
        }
        figures
    }

    /// What an outsider works out: wherever one number of a sum is missing it is the difference.
    fn attack(figures: &[Figure], released: &mut [Option<i64>]) {
        let find = |code: &str, stratum: &str| {
            let is_it = |row: &Figure| row.area.code == code && row.stratum == stratum;
            figures.iter().position(is_it).unwrap()
        };
        let mut sums: Vec<(usize, Vec<usize>)> = Vec::new();
        for code in ["A", "B", "E92000001"] {
            let year = |age: i64| find(code, &format!("age={age}"));
            let band = |(band, ..): (&str, i64, i64)| find(code, &format!("age_band={band}"));
            sums.push((find(code, ""), (60..=79).map(year).collect()));
            sums.push((find(code, ""), BANDS.map(band).to_vec()));
            sums.extend(BANDS.map(|of| (band(of), (of.1..=of.2).map(year).collect())));
        }
        let strata: BTreeSet<&str> = figures.iter().map(|row| row.stratum.as_str()).collect();
        for stratum in strata {
            let parts = vec![find("A", stratum), find("B", stratum)];
            sums.push((find("E92000001", stratum), parts));
        }
        loop {
            let before = released.iter().flatten().count();
            for (total, parts) in &sums {
                let known: i64 = parts.iter().filter_map(|&part| released[part]).sum();
                let hidden: Vec<usize> =
                    parts.iter().copied().filter(|&part| released[part].is_none()).collect();
                match (released[*total], &*hidden) {
                    (None, []) => released[*total] = Some(known),
                    (Some(sum), &[part]) => released[part] = Some(sum - known),
                    _ => {}
                }
            }
            if released.iter().flatten().count() == before {
                return;
            }
        }
    }

    fn release(figures: &[Figure]) -> Vec<Option<i64>> {
        let results = Results { measures: figures.to_vec(), ..Results::default() };
        // exact margins, so that a difference is exact too
        let released = protect(&results, &Profile::named(ProfileName::Hes5Old));
        released.measures.iter().map(|row| row.numerator.shown()).collect()
    }

    #[test]
    fn d06_a_single_year_does_not_follow_from_its_band_and_the_other_years() {
        // 3 of 70, and the smallest partner of the whole table, 6, is of another band
        let mut counts = [vec![20; 20], vec![30; 20]].concat();
        (counts[10], counts[2]) = (3, 6);
        let figures = table(&counts);
        let mut released = release(&figures);
        let row = figures.iter().position(|row| row.area.code == "A" && row.stratum == "age=70");
        let row = row.unwrap();
        assert_eq!(released[row], None);
        attack(&figures, &mut released);
        assert_eq!(released[row], None);
    }

    #[test]
    fn nested_bands_are_sums_of_each_other() {
        let area = Area::england();
        let rows = [("", 66), ("age_band=0-15", 20), ("age_band=16+", 46), ("age_band=16-74", 43)];
        let mut figures: Vec<_> =
            rows.iter().map(|(stratum, count)| figure(area.clone(), stratum, *count)).collect();
        figures.push(figure(area, "age_band=75+", 3));
        assert_eq!(release(&figures), [Some(66), Some(20), Some(46), None, None]);
    }

    #[test]
    fn slices_are_of_one_sex_or_of_one_age_band() {
        let area = Area::england();
        let rows = [("", 60), ("slice=65-74", 3), ("slice=75-84", 27), ("slice=85+", 30)];
        let more = [("slice=Female", 36), ("slice=Male", 24)];
        let rows = rows.iter().chain(&more);
        let figures: Vec<_> =
            rows.map(|(stratum, count)| figure(area.clone(), stratum, *count)).collect();
        let wanted = [Some(60), None, None, Some(30), Some(36), Some(24)];
        assert_eq!(release(&figures), wanted);
    }

    #[test]
    fn the_words_of_ages() {
        let found =
            ["82", "65 to 74", "75-84", "85+", "95 and above", "Under 18", "Unknown", "old"]
                .map(ages);
        let open = i32::MAX;
        let wanted = [(82, 82), (65, 74), (75, 84), (85, open), (95, open), (0, 17), (-1, -1)];
        assert_eq!(found[..7], wanted.map(Some));
        assert_eq!(found[7], None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn d06_no_small_count_follows_from_released_years_bands_and_areas(
            counts in prop::collection::vec(prop_oneof![2 => 0i64..40, 1 => 0i64..7], 40),
        ) {
            let figures = table(&counts);
            let mut released = release(&figures);
            let small = |row: &Figure| row.numerator.is_some_and(|n| (1..=5).contains(&n));
            for (row, shown) in figures.iter().zip(&released) {
                prop_assert!(!small(row) || shown.is_none());
            }
            attack(&figures, &mut released);
            for (row, found) in figures.iter().zip(&released) {
                prop_assert!(!small(row) || found.is_none(), "{} {}", row.area.code, row.stratum);
            }
        }
    }
}
