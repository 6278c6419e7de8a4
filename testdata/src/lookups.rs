//! Look-up files: councils, residence, population.

use crate::Error;
use crate::area::Area;
use crate::person::Person;
use crate::write::{Column, Format, Kind, Table, Written};
use std::path::Path;
use throughcare_linkage::day::Day;

use Kind::{Number, Text};

/// The day that people are counted: mid-year 2024.
const COUNT_DAY: Day = Day(19_904);
/// Oldest single year of age; older people count in it.
const OLDEST: usize = 100;

const AREAS: &[Column] =
    &[("la_code", Text), ("la_name", Text), ("region", Text), ("la_area_code", Text)];
const RESIDENCE: &[Column] = &[("lsoa11_code", Text), ("utla_code", Text), ("utla_name", Text)];
const POPULATION: &[Column] =
    &[("la_code", Text), ("sex", Text), ("age_band", Text), ("population", Number)];

/// People alive at mid-year by council, sex and single year of age.
pub struct Census {
    counts: Vec<[[i64; OLDEST + 1]; 2]>,
}

impl Census {
    /// Nobody in this many councils.
    #[must_use]
    pub fn new(areas: usize) -> Self {
        Self { counts: vec![[[0; OLDEST + 1]; 2]; areas] }
    }

    /// Counts a person, unless not yet born or dead by then.
    pub fn count(&mut self, area: &Area, person: &Person, death: Option<Day>) {
        let age = person.age(COUNT_DAY);
        if person.birth > COUNT_DAY || death.is_some_and(|death| death < COUNT_DAY) {
            return;
        }
        if let Some(council) = self.counts.get_mut(area.index) {
            council[usize::from(person.woman)][(age.max(0) as usize).min(OLDEST)] += 1;
        }
    }

    /// Writes the look-ups of a run: `population.csv` has a row for each of the bands `18 to 64` and
    /// `65 and above` without a sex, and one for each sex and single year of age.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, out: &Path, areas: &[Area]) -> Result<[Written; 3], Error> {
        let folder = out.join("lookups");
        let create = |name: &str, columns| Table::create(folder.join(name), columns, Format::Csv);
        let mut councils = create("areas.csv", AREAS)?;
        let mut residence = create("lsoa_utla.csv", RESIDENCE)?;
        let mut population = create("population.csv", POPULATION)?;
        let mut text = String::new();
        for (area, counts) in areas.iter().zip(&self.counts) {
            let council = &area.council;
            for field in [&council.la_code, &council.la_name, &council.region, &council.ons_code] {
                councils.text(field)?;
            }
            councils.end_row()?;
            for lsoa in 0..area.lsoas() {
                text.clear();
                area.push_lsoa(lsoa, &mut text);
                residence.text(&text)?;
                residence.text(&council.ons_code)?;
                residence.text(&council.ons_name)?;
                residence.end_row()?;
            }
            let mut row = |sex: &str, band: &str, people: i64| {
                population.text(&council.la_code)?;
                population.text(sex)?;
                population.text(band)?;
                population.number(Some(people))?;
                population.end_row()
            };
            let within = |ages: std::ops::RangeInclusive<usize>| -> i64 {
                counts.iter().flat_map(|sex| &sex[ages.clone()]).sum()
            };
            row("", "18 to 64", within(18..=64))?;
            row("", "65 and above", within(65..=OLDEST))?;
            for (sex, ages) in ["Male", "Female"].into_iter().zip(counts) {
                for (age, people) in ages.iter().enumerate() {
                    row(sex, &age.to_string(), *people)?;
                }
            }
        }
        Ok([councils.finish()?, residence.finish()?, population.finish()?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_counted_at_mid_year() {
        assert_eq!(Some(COUNT_DAY), Day::from_ymd(2024, 6, 30));
    }
}
