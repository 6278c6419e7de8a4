//! Look-up files: councils, residence, population, further values of coded fields.
//!
//! They are small CSV files in UTF-8. Headings are compared without case, blanks and punctuation.

use crate::error::Error;
use crate::schema::headings::nearest;
use csv::StringRecord;
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::path::Path;

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

/// One line of a mapping file: a raw text of a coded field and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraValue {
    /// Name of the field, such as `service_type`.
    pub field: String,
    /// Raw text.
    pub raw: String,
    /// Release 2 label; none for `Invalid and not mapped`.
    pub cleaned: Option<String>,
}

/// Reads the councils: `la_code`, `la_name`, `region`, `la_area_code`.
///
/// # Errors
/// The file cannot be read, lacks a column, or has a council twice with different facts.
pub fn read_areas(path: &Path) -> Result<Areas, Error> {
    let columns =
        [&["la_code"][..], &["la_name", "name"], &["region"], &["la_area_code", "ons_code"]];
    let mut rows: BTreeMap<String, AreaRow> = BTreeMap::new();
    each_line(path, &columns, &[], |line, [la_code, name, region, ons_code]| {
        let row = AreaRow { la_code, name, region, ons_code };
        match rows.get(&row.la_code) {
            Some(known) if *known != row => {
                Err(Error::new("this council stands above with another name, region or area code")
                    .at_line(line)
                    .advise("Remove one of the two lines"))
            }
            _ => {
                rows.insert(row.la_code.clone(), row);
                Ok(())
            }
        }
    })?;
    Ok(Areas::new(rows.into_values()))
}

/// Reads the upper-tier council of each LSOA: `lsoa11_code`, `utla_code`, `utla_name`.
///
/// # Errors
/// The file cannot be read, lacks a column, or has an LSOA twice in different councils.
pub fn read_residences(path: &Path) -> Result<Residences, Error> {
    let columns = [
        &["lsoa11_code", "lsoa_code_2011", "lsoa11cd"][..],
        &["utla_code", "utla_code_2023", "utla23cd"],
        &["utla_name", "utla_name_2023", "utla23nm"],
    ];
    let mut residences = Residences::default();
    each_line(path, &columns, &[], |line, [lsoa, code, name]| {
        let council = (code, name);
        match residences.by_lsoa.insert(lsoa, council.clone()) {
            Some(before) if before != council => {
                Err(Error::new("this LSOA stands above in another council")
                    .at_line(line)
                    .advise("Remove one of the two lines"))
            }
            _ => Ok(()),
        }
    })?;
    Ok(residences)
}

/// Reads populations: `la_code`, `age_band` or `age`, `population`, and `sex` where there is one.
///
/// # Errors
/// The file cannot be read, lacks a column, has a population that is not a whole number from 0, or has
/// one group twice.
pub fn read_population(path: &Path) -> Result<Population, Error> {
    let columns =
        [&["la_code", "la_area_code"][..], &["age_band", "age"], &["population", "people"]];
    let mut population = Population::default();
    each_line(path, &columns, &["sex"], |line, [la_code, age, people, sex]| {
        let Some(people) = people.parse::<i64>().ok().filter(|&people| people >= 0) else {
            return Err(Error::new(format!("found a population {people:?}"))
                .at_line(line)
                .in_column("population")
                .advise("Give a whole number from 0, without commas"));
        };
        match population.people.insert((la_code, sex, age), people) {
            Some(_) => Err(Error::new("this group of this council stands above already")
                .at_line(line)
                .advise("Remove one of the two lines")),
            None => Ok(()),
        }
    })?;
    Ok(population)
}

/// Reads further values of coded fields: `field`, `raw`, `cleaned` (blank for
/// `Invalid and not mapped`). Fields and labels are checked where the values are used.
///
/// # Errors
/// The file cannot be read or lacks a column.
pub fn read_mapping(path: &Path) -> Result<Vec<ExtraValue>, Error> {
    let columns = [&["field"][..], &["raw"]];
    let mut values = Vec::new();
    each_line(path, &columns, &["cleaned"], |_, [field, raw, cleaned]| {
        let cleaned = (!cleaned.is_empty()).then_some(cleaned);
        values.push(ExtraValue { field, raw, cleaned });
        Ok(())
    })?;
    Ok(values)
}

/// One line of a council's or the published SALT return, as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnLine {
    /// Line of the file, from 1.
    pub line: u64,
    /// Measure.
    pub measure: String,
    /// Part of the measure.
    pub part: String,
    /// Code of a council or another area.
    pub la_code: String,
    /// Group of people; empty for all.
    pub stratum: String,
    /// The count, as text.
    pub value: String,
    /// First and last day; empty where the file does not say.
    pub period: [String; 2],
}

/// Reads a SALT return: `measure`, `part`, `la_code`, `stratum`, `value`, and `period_start` and
/// `period_end` where there are any. Names, counts and days are checked where they are used.
///
/// # Errors
/// The file cannot be read or lacks a column.
pub fn read_salt_return(path: &Path) -> Result<Vec<ReturnLine>, Error> {
    let columns =
        [&["measure"][..], &["part"], &["la_code", "area_code"], &["stratum"], &["value"]];
    let mut lines = Vec::new();
    let periods = ["period_start", "period_end"];
    each_line(path, &columns, &periods, |line, cells| {
        let [measure, part, la_code, stratum, value, start, end] = cells;
        let period = [start, end];
        lines.push(ReturnLine { line, measure, part, la_code, stratum, value, period });
        Ok(())
    })?;
    Ok(lines)
}

/// Hands every line of a CSV file over with the given columns, required ones first. Each column is
/// given by its accepted headings; a missing optional one is empty.
fn each_line<const N: usize>(
    path: &Path,
    required: &[&[&str]],
    optional: &[&str],
    mut take: impl FnMut(u64, [String; N]) -> Result<(), Error>,
) -> Result<(), Error> {
    lines(path, required, optional, &mut take).map_err(|error| error.in_file(path))
}

fn lines<const N: usize>(
    path: &Path,
    required: &[&[&str]],
    optional: &[&str],
    take: &mut dyn FnMut(u64, [String; N]) -> Result<(), Error>,
) -> Result<(), Error> {
    let unreadable = |error: csv::Error| {
        let line = error.position().map(csv::Position::line);
        let error = Error::new("the look-up file cannot be read as CSV in UTF-8").because(error);
        line.map_or(error, |line| {
            Error::at_line(Error::new("this line cannot be read as CSV in UTF-8"), line)
        })
    };
    let bytes = std::fs::read(path).map_err(|error| {
        Error::new("the look-up file cannot be read").because(error).advise("Check the path")
    })?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
    let fold = |heading: &str| -> String {
        heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let headings: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(fold).collect();
    let find = |names: &[&str]| {
        names.iter().find_map(|name| headings.iter().position(|heading| *heading == fold(name)))
    };
    let mut columns = Vec::with_capacity(N);
    for names in required {
        let Some(at) = find(names) else {
            let given = reader.headers().map_err(unreadable)?;
            let near = names.iter().find_map(|name| nearest(name, given.iter()));
            let near = near.map_or(String::new(), |near| format!("; the nearest is {near:?}"));
            return Err(Error::new(format!("no heading {}{near}", names.join(" or ")))
                .at_line(1)
                .advise("Add the column or rename its heading"));
        };
        columns.push(Some(at));
    }
    columns.extend(optional.iter().map(|name| find(&[name])));
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(unreadable)? {
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |n: usize| {
            columns.get(n).copied().flatten().and_then(|at| record.get(at)).unwrap_or("").to_owned()
        };
        take(line, std::array::from_fn(cell))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("file");
        file.write_all(text.as_bytes()).expect("write");
        file
    }

    #[test]
    fn look_ups_are_read_by_heading() {
        let areas = file(
            "\u{feff}LA Code,LA_Name,Region,la_area_code\n503,Lincolnshire,East Midlands,E10000019\n",
        );
        let areas = read_areas(areas.path()).expect("areas");
        assert_eq!(areas.by_code("503").map(|row| row.ons_code.as_str()), Some("E10000019"));
        let lsoa = file("utla_name,lsoa11_code,utla_code\nLincolnshire,E01026111,E10000019\n");
        let lsoa = read_residences(lsoa.path()).expect("residences");
        assert_eq!(lsoa.by_lsoa["E01026111"], ("E10000019".to_owned(), "Lincolnshire".to_owned()));
        let people = file("la_code,sex,age,population\n503,Female,65,1200\n503,Male,65,1100\n");
        let people = read_population(people.path()).expect("population").people;
        let key = |sex: &str| ("503".to_owned(), sex.to_owned(), "65".to_owned());
        assert_eq!((people[&key("Female")], people[&key("Male")]), (1200, 1100));
        let mapping = file(
            "field,raw,cleaned\nservice_type,Nursng,Long term support: Nursing care\ngender,?,\n",
        );
        let mapping = read_mapping(mapping.path()).expect("mapping");
        assert_eq!(mapping.len(), 2);
        assert_eq!(mapping[1].cleaned, None);
    }

    #[test]
    fn errors_of_look_ups_name_line_and_column() {
        let error = |text: &str| read_population(file(text).path()).expect_err("error").to_string();
        assert!(error("la_code,population\n").contains("age_band or age"));
        let text = error("la_code,age_band,population\n503,65+,\"1,200\"\n");
        assert!(text.contains("line 2, column population"), "{text}");
        let twice = error("la_code,age_band,population\n503,65+,1\n503,65+,1\n");
        assert!(twice.contains("line 3"), "{twice}");
    }
}
