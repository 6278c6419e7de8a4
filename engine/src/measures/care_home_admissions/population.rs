//! The population of a council in one band, from whatever groups the look-up has.

use super::Band;
use crate::frame::Frame;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Sexes that stand for everybody.
const EVERYBODY: [&str; 7] =
    ["", "all", "total", "persons", "people", "all genders", "all persons"];
/// The two sexes of population estimates.
const SEXES: [[&str; 2]; 2] = [["male", "m"], ["female", "f"]];
/// The highest single year of age that estimates may stop at ("90+"), at least.
const LEAST_OLDEST: u16 = 85;

/// Population of a council, by its code in care records or its ONS code: the band as given for
/// everybody, else for both sexes, else all its single years of age. None when the look-up has no
/// such group in full.
pub(in crate::measures) fn of_council(frame: &Frame, code: &str, band: Band) -> Option<i64> {
    codes(frame, code).find_map(|code| of_code(frame, code, band))
}

/// Men (1) or women (2) of `first` to `last` years ([`u8::MAX`]: no end) of a council, by its code in
/// care records or its ONS code: the band as given, else all its single years of age. None when the
/// look-up has no such group in full.
pub(in crate::measures) fn of_sex_and_ages(
    frame: &Frame,
    code: &str,
    sex: u8,
    first: u8,
    last: u8,
) -> Option<i64> {
    let names = SEXES.get(usize::from(sex).checked_sub(1)?)?;
    codes(frame, code).find_map(|code| {
        let groups = groups(frame, code);
        names.iter().find_map(|name| {
            let ages = groups.get(*name)?;
            let (label, years) = if last == u8::MAX {
                (format!("{first}+"), u16::from(first)..=oldest(ages).max(first.into()))
            } else {
                (format!("{first}-{last}"), first.into()..=last.into())
            };
            let single = || years.map(|age| year(ages, age)).sum();
            ages.get(&label).copied().or_else(single)
        })
    })
}

/// The codes of a council in look-ups: in care records, then its ONS code.
fn codes<'a>(frame: &'a Frame, code: &'a str) -> impl Iterator<Item = &'a str> {
    let ons = frame.areas.by_code(code).map(|row| row.ons_code.as_str());
    [Some(code), ons].into_iter().flatten().filter(|code| !code.is_empty())
}

fn of_code(frame: &Frame, code: &str, band: Band) -> Option<i64> {
    let groups = groups(frame, code);
    // the order of names decides where the look-up has more than one of them
    let of = |names: &[&str]| names.iter().find_map(|name| of_ages(groups.get(*name)?, band));
    of(&EVERYBODY).or_else(|| SEXES.iter().map(|sex| of(sex)).sum())
}

/// People by folded sex and folded age of one council.
fn groups(frame: &Frame, code: &str) -> BTreeMap<String, BTreeMap<String, i64>> {
    let first = (code.to_owned(), String::new(), String::new());
    let of_council = frame.population.people.range(first..);
    let mut groups: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for ((_, sex, age), &people) in of_council.take_while(|((la, ..), _)| la == code) {
        let ages = groups.entry(sex.trim().to_lowercase()).or_default();
        *ages.entry(fold_age(age)).or_default() += people;
    }
    groups
}

fn of_ages(ages: &BTreeMap<String, i64>, band: Band) -> Option<i64> {
    let (label, years): (&str, RangeInclusive<u16>) = match band {
        Band::WorkingAge => ("18-64", 18..=64),
        Band::Older => ("65+", 65..=oldest(ages).max(LEAST_OLDEST)),
    };
    let single =
        |years: RangeInclusive<u16>| -> Option<i64> { years.map(|age| year(ages, age)).sum() };
    ages.get(label).copied().or_else(|| single(years))
}

/// `18 to 64` as `18-64`; `65 and above`, `65 and over` and `65 plus` as `65+`.
fn fold_age(age: &str) -> String {
    let age = age.trim().to_lowercase();
    let age = age.strip_prefix("aged ").unwrap_or(&age);
    let open = ["and above", "and over", "or over", "plus", "+"];
    match open.iter().find_map(|words| age.strip_suffix(words)) {
        Some(from) => format!("{}+", from.trim()),
        None => age.replace(" to ", "-").replace('\u{2013}', "-").replace(' ', ""),
    }
}

/// People of a single year of age, the oldest of which may be open.
fn year(ages: &BTreeMap<String, i64>, age: u16) -> Option<i64> {
    ages.get(&age.to_string()).or_else(|| ages.get(&format!("{age}+"))).copied()
}

/// The highest age of the groups; `0` when there are none by single years.
fn oldest(ages: &BTreeMap<String, i64>) -> u16 {
    let years = ages.keys().filter_map(|age| age.trim_end_matches('+').parse::<u16>().ok());
    years.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughcare_linkage::lookup::{AreaRow, Areas};

    fn frame(rows: &[(&str, &str, &str, i64)]) -> Frame {
        let mut frame = Frame {
            areas: Areas::new([AreaRow {
                la_code: "100".into(),
                name: "Northton".into(),
                region: "North".into(),
                ons_code: "E100".into(),
            }]),
            ..Frame::default()
        };
        for &(la, sex, age, people) in rows {
            frame.population.people.insert((la.into(), sex.into(), age.into()), people);
        }
        frame
    }

    fn both(rows: &[(&str, &str, &str, i64)]) -> [Option<i64>; 2] {
        let frame = frame(rows);
        [Band::WorkingAge, Band::Older].map(|band| of_council(&frame, "100", band))
    }

    #[test]
    fn bands_are_found_under_their_usual_names_and_either_code() {
        assert_eq!(
            both(&[("100", "", "18 to 64", 5), ("100", "", "65 and above", 7)]),
            [Some(5), Some(7)]
        );
        assert_eq!(
            both(&[("E100", "All", "18-64", 5), ("E100", "Total", "65+", 7)]),
            [Some(5), Some(7)]
        );
        assert_eq!(both(&[("101", "", "18-64", 5), ("10", "", "65+", 7)]), [None, None]);
        assert_eq!(both(&[]), [None, None]);
    }

    #[test]
    fn everybody_is_not_added_to_both_sexes() {
        let rows = [("100", "Female", "65+", 4), ("100", "Male", "65 and over", 3)];
        assert_eq!(both(&rows), [None, Some(7)]);
        let all = [rows[0], rows[1], ("100", "Persons", "Aged 65 plus", 8)];
        assert_eq!(both(&all), [None, Some(8)]);
        // one sex is not the population
        assert_eq!(both(&rows[..1]), [None, None]);
    }

    #[test]
    fn five_year_bands_of_one_sex_are_bands_or_single_years() {
        let of = |rows: &[(&str, &str, &str, i64)], sex, first, last| {
            of_sex_and_ages(&frame(rows), "100", sex, first, last)
        };
        let bands = [("E100", "F", "65 to 69", 4), ("E100", "F", "90 and over", 3)];
        assert_eq!((of(&bands, 2, 65, 69), of(&bands, 2, 90, u8::MAX)), (Some(4), Some(3)));
        assert_eq!((of(&bands, 1, 65, 69), of(&bands, 2, 70, 74)), (None, None));
        let years: Vec<String> = (85..=95).map(|age| age.to_string()).collect();
        let single: Vec<_> = years.iter().map(|age| ("100", "Male", age.as_str(), 2)).collect();
        assert_eq!((of(&single, 1, 85, 89), of(&single, 1, 90, u8::MAX)), (Some(10), Some(12)));
        // a year without people in the file is not nobody
        assert_eq!(of(&single[1..], 1, 85, 89), None);
        let open: Vec<_> = [("100", "male", "85+", 9)].into();
        assert_eq!((of(&open, 1, 85, 89), of(&open, 1, 90, u8::MAX)), (None, None));
    }

    #[test]
    fn single_years_count_only_when_all_are_there() {
        let years: Vec<String> =
            (0..=90).map(|age| if age == 90 { "90+".into() } else { format!("{age}") }).collect();
        let rows: Vec<_> = years.iter().map(|age| ("100", "", age.as_str(), 2)).collect();
        assert_eq!(both(&rows), [Some(47 * 2), Some(26 * 2)]);
        let without =
            |gap: &str| rows.iter().copied().filter(|row| row.2 != gap).collect::<Vec<_>>();
        assert_eq!(both(&without("40")), [None, Some(52)]);
        assert_eq!(both(&without("70")), [Some(94), None]);
        // ages that stop at 64 are no older population
        assert_eq!(both(&rows[..65]), [Some(94), None]);
    }
}
