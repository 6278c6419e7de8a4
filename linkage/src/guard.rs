//! The gate for identifiable data (`disclosure-and-governance.md` section 1): files that hold names,
//! addresses, NHS numbers or dates of birth are refused before anything is read from them.
//!
//! Headings and the first rows are looked at. A message names the file and the column, never a value.

use crate::decode::values;
use crate::error::Error;
use crate::schema::headings::{Headings, normalise};

/// Rows looked at.
pub const SAMPLE_ROWS: usize = 1000;

/// Headings, as compared, whose column may hold nothing.
const FORBIDDEN: [&str; 34] = [
    "name",
    "firstname",
    "forename",
    "forenames",
    "givenname",
    "middlename",
    "lastname",
    "surname",
    "familyname",
    "fullname",
    "patientname",
    "personname",
    "clientname",
    "patientforename",
    "patientsurname",
    "personforename",
    "personsurname",
    "address",
    "addressline1",
    "addressline2",
    "addressline3",
    "patientaddress",
    "homeaddress",
    "patientusualaddress",
    "postcode",
    "patientpostcode",
    "homepostcode",
    "postcodeofusualaddress",
    "email",
    "emailaddress",
    "phone",
    "phonenumber",
    "telephone",
    "mobile",
];

/// Looks at the headings and the sampled values of a file, column by column.
///
/// # Errors
/// The file looks identifiable. The file is not named.
pub fn check<'a, C>(headings: &Headings, column: impl Fn(usize) -> C) -> Result<(), Error>
where
    C: Iterator<Item = &'a str>,
{
    for (n, heading) in headings.given().iter().enumerate() {
        let seen = look(column(n));
        let Some(what) = verdict(&normalise(heading), &seen) else { continue };
        return Err(Error::new(format!("the column holds {what}, which must not be in the input"))
            .in_column(format!("{heading:?}"))
            .advise("Remove the column, or replace each number by a keyed hash, before the data comes here"));
    }
    Ok(())
}

/// Counts over the values of one column.
#[derive(Debug, Default)]
struct Seen {
    filled: usize,
    ten_digits: usize,
    nhs_numbers: usize,
    postcodes: usize,
    dates: usize,
    dates_within_month: usize,
}

fn look<'a>(values: impl Iterator<Item = &'a str>) -> Seen {
    let mut seen = Seen::default();
    for value in values {
        if values::is_missing(value) {
            continue;
        }
        seen.filled += 1;
        if let Some(digits) = ten_digits(value) {
            seen.ten_digits += 1;
            seen.nhs_numbers += usize::from(passes_check_digit(digits));
        }
        seen.postcodes += usize::from(is_postcode(value));
        if let Some(day) = values::date(value, values::is_sentinel).day.get() {
            seen.dates += 1;
            seen.dates_within_month += usize::from(day != day.month_start());
        }
    }
    seen
}

fn verdict(heading: &str, seen: &Seen) -> Option<&'static str> {
    if seen.filled == 0 {
        return None;
    }
    let is_number = matches!(heading, "nhsnumber" | "nhsno" | "newnhsno" | "newnhsnumber");
    // of random numbers of ten digits one in eleven passes
    let valid = seen.nhs_numbers >= 3 && seen.nhs_numbers * 100 >= seen.filled * 95;
    if valid || (is_number && seen.ten_digits > 0) {
        return Some("NHS numbers");
    }
    if FORBIDDEN.contains(&heading) {
        return Some("names, addresses or contact details");
    }
    if seen.postcodes * 100 > seen.filled {
        return Some("full postcodes");
    }
    let is_birth = matches!(heading, "dob" | "dateofbirth" | "birthdate" | "persondateofbirth");
    if is_birth && seen.dates_within_month * 100 > seen.dates * 5 {
        return Some("full dates of birth");
    }
    None
}

/// The ten digits of a text of ten digits, blanks and hyphens aside.
fn ten_digits(text: &str) -> Option<[u8; 10]> {
    let mut digits = [0; 10];
    let mut length = 0;
    for c in text.bytes().filter(|c| !matches!(c, b' ' | b'-')) {
        if !c.is_ascii_digit() || length == 10 {
            return None;
        }
        digits[length] = c - b'0';
        length += 1;
    }
    (length == 10).then_some(digits)
}

/// Whether ten digits are an NHS number by the modulus 11 rule
/// (`disclosure-and-governance.md` section 2).
fn passes_check_digit(digits: [u8; 10]) -> bool {
    let sum: u32 = (0..9).map(|n| u32::from(digits[n]) * (10 - n as u32)).sum();
    let check = match 11 - sum % 11 {
        11 => 0,
        check => check,
    };
    u32::from(digits[9]) == check && digits.iter().any(|&digit| digit != digits[0])
}

/// `[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}`.
fn is_postcode(text: &str) -> bool {
    let text = text.trim().as_bytes();
    let [outward @ .., n, a, b] = text else { return false };
    let outward = outward.strip_suffix(b" ").unwrap_or(outward);
    if !n.is_ascii_digit() || !a.is_ascii_alphabetic() || !b.is_ascii_alphabetic() {
        return false;
    }
    let letters = outward.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    match &outward[letters..] {
        [digit] => (1..=2).contains(&letters) && digit.is_ascii_digit(),
        [digit, last] => {
            (1..=2).contains(&letters) && digit.is_ascii_digit() && last.is_ascii_alphanumeric()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(heading: &str, values: &[&'static str]) -> Option<String> {
        let headings = Headings::new(vec![heading.to_owned()]);
        check(&headings, |_| values.iter().copied()).err().map(|error| error.to_string())
    }

    #[test]
    fn nhs_numbers_are_known_by_their_check_digit() {
        let valid = |text| ten_digits(text).is_some_and(passes_check_digit);
        assert!(valid("943 476 5919") && valid("943-476-5919"));
        assert!(!valid("943 476 5918") && !valid("000 000 0000") && !valid("943476591"));
    }

    #[test]
    fn identifiable_columns_are_refused_and_no_value_is_told() {
        let nhs = ["9434765919", "9434765870", "9434765919"];
        assert!(ten_digits(nhs[1]).is_some_and(passes_check_digit));
        let error = refused("person_id", &nhs).expect("refused");
        assert!(error.contains("person_id") && !error.contains("943"), "{error}");
        assert!(refused("First Name", &["Ann"]).is_some());
        assert!(refused("anything", &["LS1 4AP"]).is_some());
        assert!(refused("NHS Number", &["1234567890"]).is_some());
        assert!(refused("DOB", &["1950-06-17"]).is_some());
    }

    #[test]
    fn pseudonymised_and_empty_columns_pass() {
        assert_eq!(refused("First Name", &["", "NULL"]), None);
        assert_eq!(refused("NHS Number", &["51FB7E33FF466E83705424F7F28E934D"]), None);
        assert_eq!(refused("DOB", &["1950-06-01"]), None);
        assert_eq!(refused("Provider CQC Location Name", &["The Elms"]), None);
        assert_eq!(refused("EPIKEY", &["1234567890", "1234567891", "1234567892"]), None);
        assert_eq!(refused("code", &["E01031043", "RGP75", "2A"]), None);
    }
}
