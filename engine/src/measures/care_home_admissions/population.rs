//! The population of a council in one band, from whatever groups the look-up has.

use super::Band;
use crate::figure::{Area, AreaType};
use crate::frame::{Frame, Submission};
use std::collections::{BTreeMap, BTreeSet};

/// Sexes that stand for everybody.
const EVERYBODY: [&str; 7] =
    ["", "all", "total", "persons", "people", "all genders", "all persons"];
/// The two sexes of population estimates.
const SEXES: [[&str; 2]; 2] = [["male", "m"], ["female", "f"]];
/// The highest single year of age that estimates may stop at ("90+"), at least.
const LEAST_OLDEST: u16 = 85;

/// People of a population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::measures) struct Group {
    /// Men (1), women (2), or everybody.
    pub sex: Option<u8>,
    /// First year of age.
    pub first: u16,
    /// Last year of age, included; [`u16::MAX`] has no end.
    pub last: u16,
}

impl Group {
    pub(in crate::measures) const EVERYBODY: Self = Self { sex: None, first: 0, last: u16::MAX };

    /// The people of a band.
    pub(in crate::measures) const fn of(band: Band) -> Self {
        match band {
            Band::WorkingAge => Self { sex: None, first: 18, last: 64 },
            Band::Older => Self { sex: None, first: 65, last: u16::MAX },
        }
    }

    /// Those of the group who are in a band; none when nobody can be.
    fn within(self, band: Band) -> Option<Self> {
        let of_band = Self::of(band);
        let (first, last) = (self.first.max(of_band.first), self.last.min(of_band.last));
        (first <= last).then_some(Self { sex: self.sex, first, last })
    }
}

/// Population of a council, by its code in care records or its ONS code: the band as given for
/// everybody, else for both sexes, else all its single years of age. None when the look-up has no
/// such group in full.
pub(in crate::measures) fn of_council(frame: &Frame, code: &str, band: Band) -> Option<i64> {
    of_group(frame, code, Group::of(band))
}

/// Population of a council as [`of_council`], of any group.
fn of_group(frame: &Frame, code: &str, group: Group) -> Option<i64> {
    codes(frame, code).find_map(|code| of_code(frame, code, group))
}

/// Whether the population of a council is known for those of a group in one of the bands.
pub(in crate::measures) fn has(frame: &Frame, code: &str, group: Group) -> bool {
    let bands = [Band::WorkingAge, Band::Older].into_iter();
    bands.filter_map(|band| group.within(band)).any(|part| of_group(frame, code, part).is_some())
}

/// Those of a group whom a rate of care-home admissions is of: in a council; or in the councils of
/// England or of a region, those of the look-up and those that submitted. None when the population of
/// one of them is not known.
pub(in crate::measures) fn of_measure(
    frame: &Frame,
    measure: &str,
    area: &Area,
    group: Group,
) -> Option<i64> {
    let band = match measure {
        "ascof_2b" => Band::WorkingAge,
        "ascof_2c" => Band::Older,
        _ => return None,
    };
    of_area(frame, area, group.within(band)?)
}

/// People of a group in an area, likewise.
pub(in crate::measures) fn of_area(frame: &Frame, area: &Area, group: Group) -> Option<i64> {
    let of_area = |code: &str| match area.kind {
        AreaType::La => code == area.code,
        AreaType::England => true,
        _ => frame.areas.by_code(code).is_some_and(|row| row.region == area.code),
    };
    let listed = frame.areas.iter().map(|row| &*row.la_code);
    let code = |submission: &Submission| frame.la_codes.get(usize::from(submission.la));
    let met = frame.submissions.iter().filter_map(code).map(|code| &**code);
    let own = (area.kind == AreaType::La).then_some(&*area.code);
    let codes = listed.chain(met).chain(own).filter(|code| of_area(code));
    let codes: BTreeSet<&str> = codes.collect();
    let people = codes.iter().map(|code| of_group(frame, code, group));
    people.sum::<Option<i64>>().filter(|_| !codes.is_empty())
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
    let last = if last == u8::MAX { u16::MAX } else { last.into() };
    of_group(frame, code, Group { sex: Some(sex), first: first.into(), last })
}

/// The codes of a council in look-ups: in care records, then its ONS code.
fn codes<'a>(frame: &'a Frame, code: &'a str) -> impl Iterator<Item = &'a str> {
    let ons = frame.areas.by_code(code).map(|row| row.ons_code.as_str());
    [Some(code), ons].into_iter().flatten().filter(|code| !code.is_empty())
}

fn of_code(frame: &Frame, code: &str, group: Group) -> Option<i64> {
    let groups = groups(frame, code);
    // the order of names decides where the look-up has more than one of them
    let of = |names: &[&str]| names.iter().find_map(|name| of_ages(groups.get(*name)?, group));
    match group.sex {
        Some(sex) => of(SEXES.get(usize::from(sex).checked_sub(1)?)?),
        None => of(&EVERYBODY).or_else(|| SEXES.iter().map(|sex| of(sex)).sum()),
    }
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

fn of_ages(ages: &BTreeMap<String, i64>, Group { first, last, .. }: Group) -> Option<i64> {
    let year = |age: u16| ages.get(&age.to_string()).copied();
    if last == u16::MAX {
        let oldest = oldest(ages).max(LEAST_OLDEST).max(first);
        let open = |age: u16| ages.get(&format!("{age}+")).copied();
        let years = || (first..oldest).map(year).chain([year(oldest).or_else(|| open(oldest))]);
        return open(first).or_else(|| years().sum());
    }
    ages.get(&format!("{first}-{last}")).copied().or_else(|| (first..=last).map(year).sum())
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
