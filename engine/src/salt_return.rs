//! Reads a council's or the published SALT return, to stand beside the SALT tables of a run.

use crate::measures::NAMES;
use crate::output::{ReturnCell, SaltReturn};
use crate::study_file::StudyFile;
use crate::study_file::error::nearest;
use std::path::Path;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::error::Error;
use throughcare_linkage::lookup::{ReturnLine, read_salt_return};

/// What stands for a count that the return suppresses.
const SUPPRESSED: [&str; 3] = ["c", "[c]", "*"];

/// Reads the return at `path` for the years that a study makes SALT tables of.
///
/// # Errors
///
/// The file cannot be read, lacks a column, has no cell, has a cell twice, or has a measure that is none
/// of SALT, a count that is not a whole number from 0, a day that is none, or no year where the study
/// has several.
pub fn read(path: &Path, study: &StudyFile) -> Result<SaltReturn, Error> {
    let own = study.measures.salt.year.map(|year| vec![year]);
    let years = own.unwrap_or_else(|| study.study.periods.clone());
    of_lines(read_salt_return(path)?, &years).map_err(|error| error.in_file(path))
}

fn of_lines(lines: Vec<ReturnLine>, years: &[Period]) -> Result<SaltReturn, Error> {
    let mut cells = SaltReturn::default();
    for line in lines {
        let number = line.line;
        let cell = cell(line, years).map_err(|error| error.at_line(number))?;
        cells.add(cell).map_err(|before| {
            Error::new(format!("this count stands in line {before} already"))
                .at_line(number)
                .advise("Remove one of the two lines")
        })?;
    }
    if cells.is_empty() {
        return Err(Error::new("the return has no line below its headings"));
    }
    Ok(cells)
}

fn cell(line: ReturnLine, years: &[Period]) -> Result<ReturnCell, Error> {
    let ReturnLine { line, measure, part, la_code, stratum, value, period } = line;
    let measure = salt_measure(&measure)?;
    let period = year(&period, years)?;
    if la_code.is_empty() {
        return Err(Error::new("found no code")
            .in_column("la_code")
            .advise("Give the code of a council, or E92000001 for England"));
    }
    let value = count(&value)?;
    Ok(ReturnCell { measure, period, area_code: la_code, part, stratum, value, line })
}

fn salt_measure(given: &str) -> Result<&'static str, Error> {
    let names = || NAMES.iter().copied().filter(|name| name.starts_with("salt_"));
    let found = names().find(|name| name.eq_ignore_ascii_case(given));
    found.ok_or_else(|| {
        let near = nearest(given, names()).map(|near| format!("; did you mean {near}?"));
        let all: Vec<&str> = names().collect();
        Error::new(format!("found {given:?}, which is no SALT measure{}", near.unwrap_or_default()))
            .in_column("measure")
            .advise(format!("There are {}", all.join(", ")))
    })
}

fn count(given: &str) -> Result<Option<i64>, Error> {
    if SUPPRESSED.contains(&given) {
        return Ok(None);
    }
    let count = given.parse::<i64>().ok().filter(|&count| count >= 0);
    count.map(Some).ok_or_else(|| {
        Error::new(format!("found a count {given:?}"))
            .in_column("value")
            .advise("Give a whole number from 0, without commas, or c where it is suppressed")
    })
}

/// The year of a line: its own, else the only one of the study.
fn year([start, end]: &[String; 2], years: &[Period]) -> Result<Period, Error> {
    if start.is_empty() && end.is_empty() {
        return match years {
            [only] => Ok(*only),
            _ => Err(Error::new("found no year, and the study has several")
                .in_column("period_start")
                .advise("Give period_start and period_end, both days included")),
        };
    }
    let day = |given: &str, column: &str| {
        Day::parse_iso(given).ok_or_else(|| {
            Error::new(format!("found a day {given:?}"))
                .in_column(column)
                .advise("Give period_start and period_end as YYYY-MM-DD, both days included")
        })
    };
    let period = Period { start: day(start, "period_start")?, end: day(end, "period_end")? };
    if period.end < period.start {
        return Err(Error::new("found a year that ends before it starts").in_column("period_end"));
    }
    Ok(period)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn period(start: &str, end: &str) -> Period {
        let day = |text| Day::parse_iso(text).unwrap();
        Period { start: day(start), end: day(end) }
    }

    fn read_text(text: &str, years: &[Period]) -> Result<SaltReturn, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let lines = read_salt_return(file.path()).map_err(|error| error.to_string())?;
        of_lines(lines, years).map_err(|error| error.to_string())
    }

    fn of_2023() -> [Period; 1] {
        [period("2023-04-01", "2024-03-31")]
    }

    const HEADING: &str = "measure,part,la_code,stratum,value";

    fn refused(line: &str, words: &[&str]) {
        let error = read_text(&format!("{HEADING}\n{line}\n"), &of_2023()).unwrap_err();
        for word in words {
            assert!(error.contains(word), "{word} is not in: {error}");
        }
    }

    #[test]
    fn cells_take_the_year_of_the_study_and_headings_in_any_case() {
        let text = "LA Code,Measure,Part,Stratum,Value\n503,SALT_LTS001a,1a,,120\n503,salt_lts001a,1b,,c\n";
        let given = read_text(text, &of_2023()).unwrap();
        let mut wanted = SaltReturn::default();
        let cell = |part: &str, value, line| ReturnCell {
            measure: "salt_lts001a",
            period: of_2023()[0],
            area_code: "503".into(),
            part: part.into(),
            stratum: String::new(),
            value,
            line,
        };
        wanted.add(cell("1a", Some(120), 2)).unwrap();
        wanted.add(cell("1b", None, 3)).unwrap();
        assert_eq!(given, wanted);
        assert_eq!(given.len(), 2);
    }

    #[test]
    fn an_unknown_measure_names_the_nearest() {
        refused("salt_lts01a,1a,503,,1", &["line 2, column measure", "did you mean salt_lts001a?"]);
        refused("ascof_2a,,503,,1", &["no SALT measure", "salt_sts001"]);
    }

    #[test]
    fn a_count_is_a_whole_number_from_0_or_suppressed() {
        for bad in ["12x", "", "-1", "1.5", "\"1,200\"", "nan"] {
            refused(&format!("salt_sts001,,503,,{bad}"), &["line 2, column value", "whole number"]);
        }
    }

    #[test]
    fn a_column_a_cell_and_a_council_must_be_there_once() {
        let error = read_text("measure,part,la_code,stratum\n", &of_2023()).unwrap_err();
        assert!(error.contains("no heading value"), "{error}");
        let error = read_text(&format!("{HEADING}\n"), &of_2023()).unwrap_err();
        assert!(error.contains("no line"), "{error}");
        refused("salt_sts001,,,,1", &["column la_code"]);
        let twice = "salt_lts001a,1a,503,,1\nsalt_lts001a,1A,503, ,2";
        refused(twice, &["line 3", "line 2 already"]);
    }

    #[test]
    fn a_study_of_several_years_needs_the_year_of_each_line() {
        let years = [period("2023-04-01", "2024-03-31"), period("2024-04-01", "2025-03-31")];
        let error = read_text(&format!("{HEADING}\nsalt_sts001,,503,,1\n"), &years).unwrap_err();
        assert!(error.contains("several") && error.contains("period_start"), "{error}");
        let heading = format!("{HEADING},period_start,period_end");
        let line = |start: &str, end: &str| {
            read_text(&format!("{heading}\nsalt_sts001,,503,,1,{start},{end}\n"), &years)
        };
        assert_eq!(line("2024-04-01", "2025-03-31").map(|given| given.len()), Ok(1));
        for (start, end, word) in [
            ("2024-04-01", "", "period_end"),
            ("01/04/2024", "2025-03-31", "period_start"),
            ("2025-04-01", "2024-03-31", "ends before"),
        ] {
            let error = line(start, end).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
    }
}
