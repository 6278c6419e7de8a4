//! Numbers, parts and strata in plain words.

use crate::disclosure::{Decimal, Entry, Marker, ReleasedFigure};
use crate::figure::Unit;
use crate::output::plain_name;
use throughcare_linkage::timeline::state::State;

/// A whole number with separators: `12,345`.
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('\u{2212}');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with decimals and separators.
pub fn decimal(number: Decimal) -> String {
    let text = number.to_string();
    let (whole, tail) = text.split_once('.').map_or((&*text, None), |(w, t)| (w, Some(t)));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), thousands);
    tail.map_or(whole.clone(), |tail| format!("{whole}.{tail}"))
}

/// A count or its marker.
pub fn count(entry: Entry<i64>) -> String {
    match entry {
        Entry::Shown(number) => thousands(number),
        Entry::Marked(marker) => bracketed(marker),
    }
}

/// A marker as readers see it: `[c]`.
pub fn bracketed(marker: Marker) -> String {
    format!("[{}]", marker.code())
}

/// The value of a figure with its unit, or its marker.
pub fn value(figure: &ReleasedFigure) -> String {
    let Entry::Shown(number) = figure.value else {
        return figure.value.marker().map(bracketed).unwrap_or_default();
    };
    let text = decimal(number);
    match figure.unit {
        Unit::Percent => format!("{text}%"),
        Unit::PerPopulation => format!("{text} per 100,000"),
        Unit::PerPersonYears => format!("{text} per 1,000 person-years"),
        Unit::Days if number.value == 1.0 => format!("{text} day"),
        unit => format!("{text} {}", unit.name()),
    }
}

/// Whether a stratum is the total: no key restricts it.
pub fn is_total(stratum: &str) -> bool {
    stratum
        .split("; ")
        .filter(|pair| !pair.is_empty())
        .all(|pair| pair.split_once('=').is_some_and(|(_, v)| v.eq_ignore_ascii_case("total")))
}

/// A stratum in words: `Client type: 65 to 74`.
pub fn stratum(stratum: &str) -> String {
    let pairs: Vec<String> = stratum
        .split("; ")
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.split_once('=') {
            Some((key @ ("care_state" | "state"), value)) => {
                format!("{}: {}", capital(&key.replace('_', " ")), plain_name(value))
            }
            Some((key, value)) => format!("{}: {value}", capital(&key.replace('_', " "))),
            None => pair.to_owned(),
        })
        .collect();
    if pairs.is_empty() { "Everyone".into() } else { pairs.join(", ") }
}

/// Where pathways begin, in words; the name of an event log stands for itself.
pub fn anchor(anchor: &str) -> &str {
    match anchor {
        "discharge" => "After the first discharge from hospital",
        "emergency_discharge" => "After the first discharge from an emergency stay",
        "admission" => "After the first admission",
        "first_contact" => "After the first request for care",
        "before_death" => "Before death",
        "period" => "Over the whole period",
        state if State::from_code(state).is_some() => plain_name(state),
        log => log,
    }
}

/// A state of a pathway, several that run together, or how it ends, in words.
pub fn state_of_pathway(code: &str) -> String {
    match code {
        "END" => "end of the days followed".into(),
        "LOST" => "no longer observed".into(),
        "…" => "…".into(),
        _ => code.split('+').map(plain_name).collect::<Vec<_>>().join(" + "),
    }
}

/// A part of a measure in words.
pub fn part(measure: &str, part: &str) -> String {
    if let Some(text) = within_days(measure, part) {
        return text;
    }
    let known = match (measure, part) {
        (_, "") => "All",
        (_, "gray_test") => "Gray's test between groups",
        (_, "restricted_mean") => "Mean days without an event, up to the last day looked at",
        (_, "in_state") => "Where people are",
        (_, "gray_test_p") => "Gray's test: chance of such a difference",
        ("readmission", "7d") => "Within 7 days",
        ("readmission", "28d") => "Within 28 days",
        ("readmission", "30d") => "Within 30 days",
        ("readmission", "90d") => "Within 90 days",
        ("admission_rate", "emergency") => "Emergency admissions",
        ("admission_rate", "emergency_0_nights") => "Emergency admissions of no nights",
        ("admission_rate", "emergency_1_plus_nights") => {
            "Emergency admissions of one night or more"
        }
        ("admission_rate", "any") => "All admissions, day cases aside",
        ("admission_rate", "population_emergency_65_and_over") => {
            "Emergency admissions of residents aged 65 and over"
        }
        ("admission_rate", "population_acsc") => "Avoidable admissions of adult residents",
        ("admission_rate", "population_acsc_acute") => {
            "Avoidable admissions of adult residents: acute conditions"
        }
        ("admission_rate", "population_acsc_chronic") => {
            "Avoidable admissions of adult residents: chronic conditions"
        }
        ("admission_rate", "population_acsc_vaccine") => {
            "Avoidable admissions of adult residents: preventable by vaccines"
        }
        ("admission_rate", "population_falls_65_and_over") => {
            "Emergency admissions after a fall of residents aged 65 and over"
        }
        ("ae_rate", "population_all") => "Attendances of adult residents",
        ("ae_rate", "population_major") => "Attendances of adult residents at major departments",
        ("ae_rate", "population_ambulance") => "Attendances of adult residents by ambulance",
        ("ae_rate", "population_admitted") => "Attendances of adult residents before an admission",
        ("ae_rate", "population_not_admitted") => {
            "Attendances of adult residents without an admission"
        }
        ("ae_rate", "all") => "All attendances",
        ("ae_rate", "major") => "Attendances at major departments",
        ("ae_rate", "ambulance") => "Attendances by ambulance",
        ("ae_rate", "admitted") => "Attendances that led to an admission",
        ("ae_rate", "not_admitted") => "Attendances that led to no admission",
        ("bed_days", "nights") => "Nights in hospital",
        ("bed_days", "nights_unfinished") => "Nights of stays that were not over",
        ("bed_days", "rate") => "Nights in hospital by person-time",
        ("bed_days", "care_home_days") => "Days in long-term care homes",
        ("bed_days", "last_180_days_of_life") => "Nights in hospital in the last 180 days of life",
        ("readmission", "in_intermediate_care") => "Readmitted while intermediate care ran",
        ("discharge_delay", "completeness") => "With a valid discharge-ready date",
        ("discharge_delay", "status") => "What the discharge-ready date is worth",
        ("discharge_delay", "on_drd") => "Left on the day they were ready",
        ("discharge_delay", "share_delayed") => "Left after the day they were ready",
        ("discharge_delay", "band") => "By days of delay",
        ("discharge_delay", "bed_days_lost") => "Days of delay in all",
        ("discharge_delay", "mean_delayed") => "Mean days of delay of those delayed",
        ("discharge_delay", "mean_all") => "Mean days of delay of everyone",
        ("discharge_delay", "drd_to_request") => "Days from being ready to the first request",
        ("discharge_delay", "drd_to_assessment") => "Days from being ready to the first assessment",
        ("discharge_delay", "drd_to_service") => "Days from being ready to the first service",
        ("first_contact", "first_event") => "What came first",
        ("discharge_pathway", "pathway_dest") => "By discharge destination",
        ("discharge_pathway", "pathway_dest_resolved") => {
            "By discharge destination and linked short-term services"
        }
        ("discharge_pathway", "pathway_linked") => "By care records",
        ("discharge_pathway", "not_assigned") => "Without a pathway by care records",
        ("discharge_pathway", "basis") => "Which test decided",
        ("discharge_pathway", "agreement") => "Discharges by destination and by care records",
        ("discharge_pathway", "agrees") => "Destination and care records agree",
        ("new_care", "starts_after_stay") => "New packages that start after a hospital stay",
        ("ascof_2d", "part1") => "Alive, at home and not readmitted 12 weeks later",
        ("ascof_2d", "part1_died") => "Died within 12 weeks",
        ("ascof_2d", "part1_readmitted") => "Readmitted to hospital within 12 weeks",
        ("ascof_2d", "part1_entered_care_home") => "Entered a care home within 12 weeks",
        ("ascof_2d", "part2") => "Hospital discharges that were followed by reablement",
        _ => return capital(&part.replace('_', " ")),
    };
    known.into()
}

/// A part whose name ends in a number of days, in words.
fn within_days(measure: &str, part: &str) -> Option<String> {
    let (name, days) = part.rsplit_once('_')?;
    let days: u32 = days.parse().ok()?;
    let what = match (measure, name) {
        ("first_contact", "any_within") => "Any contact",
        ("first_contact", "request_within") => "A request",
        ("first_contact", "assessment_within") => "An assessment",
        ("first_contact", "review_within") => "A review",
        ("first_contact", "service_within") => "Care started",
        ("new_care", "community") => "New long-term care at home",
        ("new_care", "care_home") => "Moved into a care home",
        _ => return None,
    };
    Some(match days {
        0 => format!("{what} on the day of discharge"),
        1 => format!("{what} within 1 day"),
        _ => format!("{what} within {days} days"),
    })
}

/// The text with a capital first letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators() {
        assert_eq!(
            [0, 999, 1_000, -1_234_567].map(thousands),
            ["0", "999", "1,000", "\u{2212}1,234,567"]
        );
        assert_eq!(decimal(Decimal { value: 12_345.6, decimals: 1 }), "12,345.6");
    }

    #[test]
    fn strata_and_parts_in_words() {
        assert_eq!(stratum("age_band=85+; sex=Female"), "Age band: 85+, Sex: Female");
        assert_eq!(stratum("care_state=COMM"), "Care state: Long-term care at home");
        assert_eq!(stratum(""), "Everyone");
        assert!(is_total("") && is_total("client_type=Total; slice=Total"));
        assert!(!is_total("slice=85+"));
        assert_eq!(part("los", "stays_over_21_days"), "Stays over 21 days");
        assert_eq!(part("los", "stranded_7"), "Stranded 7");
        assert_eq!(part("new_care", "care_home_84"), "Moved into a care home within 84 days");
        assert_eq!(part("first_contact", "any_within_0"), "Any contact on the day of discharge");
    }
}
