//! Figures and attrition from the counts.

use super::Ascof2d;
use super::settings::{Method, Nulls};
use super::tally::{AreaCounts, Cell, Client, Funnel, Outcome, Slice, Tally};
use super::{cluster, cohort};
use crate::figure::{Area, AttritionStep, Figure, Unit, Value};
use crate::measures::Measure;
use throughcare_linkage::codes::short::CodeSet;
use throughcare_linkage::day::Period;

/// Numerator, denominator and value of a figure.
type Numbers = (Option<i64>, Option<i64>, Value);

/// A part of the measure that has a figure for every area, client type and slice.
#[derive(Clone, Copy)]
struct Part {
    name: &'static str,
    /// The numbers of a cell; `None` where it has nothing to count.
    read: fn(&Cell) -> Option<Numbers>,
    unit: Unit,
    counts: Unit,
}

const PARTS: [Part; 5] = [
    Part { name: "part1", read: part1, unit: Unit::Percent, counts: Unit::Episodes },
    Part {
        name: "part1_died",
        read: |cell| count(cell, cell.died),
        unit: Unit::Episodes,
        counts: Unit::Episodes,
    },
    Part {
        name: "part1_readmitted",
        read: |cell| count(cell, cell.readmitted),
        unit: Unit::Episodes,
        counts: Unit::Episodes,
    },
    Part {
        name: "part1_entered_care_home",
        read: |cell| count(cell, cell.care_home),
        unit: Unit::Episodes,
        counts: Unit::Episodes,
    },
    Part { name: "part2", read: part2, unit: Unit::Percent, counts: Unit::Discharges },
];

fn part1(cell: &Cell) -> Option<Numbers> {
    (cell.clusters > 0).then_some((Some(cell.successes), Some(cell.clusters), Value::Percent(2)))
}

fn count(cell: &Cell, number: i64) -> Option<Numbers> {
    (cell.clusters > 0).then_some((Some(number), None, Value::Count))
}

/// The areas of its two numbers differ, so either may be missing, and then so is the share.
fn part2(cell: &Cell) -> Option<Numbers> {
    let present = |number: i64| (number > 0).then_some(number);
    match (present(cell.clusters), present(cell.spells)) {
        (None, None) => None,
        (numerator @ Some(_), denominator @ Some(_)) => {
            Some((numerator, denominator, Value::Percent(2)))
        }
        (numerator, denominator) => Some((numerator, denominator, Value::Unavailable)),
    }
}

/// Adds the figures of a period: by part, then England, regions by name and councils by code, then
/// client type (all, community, none), then slice (all, age groups, female, male). A combination
/// with nothing to count has no figure, unless the settings ask for empty rows.
pub(super) fn figures(method: &Method, period: Period, tally: &Tally, figures: &mut Vec<Figure>) {
    let empty_rows = method.settings.empty_rows;
    for part in PARTS {
        for ((area, listed), counts) in method.areas.iter().zip(tally.areas()) {
            for (client, slice) in cells() {
                let read = (part.read)(counts.cell(client, slice));
                let empty = (empty_rows && listed).then_some((None, None, Value::Unavailable));
                let Some((numerator, denominator, value)) = read.or(empty) else { continue };
                figures.push(Figure {
                    measure: Ascof2d::NAME,
                    part: part.name.into(),
                    period,
                    area: area.clone(),
                    stratum: stratum(client, ("slice", slice.label())),
                    numerator,
                    denominator,
                    value,
                    interval: None,
                    unit: part.unit,
                    counts: part.counts,
                });
            }
        }
    }
    for ((area, _), counts) in method.areas.iter().zip(tally.areas()) {
        venn(period, area, counts, figures);
    }
}

/// The eight combinations of died, readmitted and entered a care home, for the client types that the
/// area has.
fn venn(period: Period, area: &Area, counts: &AreaCounts, figures: &mut Vec<Figure>) {
    for client in Client::ALL {
        if counts.cell(client, Slice::Total).clusters == 0 {
            continue;
        }
        for (code, number) in (0..Outcome::COUNT).zip(counts.venn(client)) {
            let code = format!("{code:03b}");
            figures.push(Figure {
                measure: Ascof2d::NAME,
                part: "venn".into(),
                period,
                area: area.clone(),
                stratum: stratum(client, ("died_readmitted_carehome", &code)),
                numerator: Some(*number),
                denominator: None,
                value: Value::Count,
                interval: None,
                unit: Unit::Episodes,
                counts: Unit::Episodes,
            });
        }
    }
}

fn cells() -> impl Iterator<Item = (Client, Slice)> {
    Client::ALL
        .into_iter()
        .flat_map(|client| Slice::ALL.into_iter().map(move |slice| (client, slice)))
}

/// `client_type=…; key=value`, without the pairs that stand for all together.
fn stratum(client: Client, (key, value): (&str, &str)) -> String {
    let pairs = [("client_type", client.label()), (key, value)];
    let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
    pairs.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("; ")
}

/// Adds the attrition of a period: `part1` from care events to linked clusters, `part2` from hospital
/// rows to eligible spells.
pub(super) fn attrition(
    method: &Method,
    period: Period,
    tally: &Tally,
    steps: &mut Vec<AttritionStep>,
) {
    add_steps("part1", period, &tally.care, &care_steps(method, period), steps);
    add_steps("part2", period, &tally.stays, &stay_steps(method, period), steps);
}

/// A step: the handbook's rule, what it does, and what a record is once it is done.
type Step = (&'static str, String, Unit);

fn care_steps(method: &Method, period: Period) -> [Step; cluster::Step::COUNT] {
    let settings = &method.settings;
    let component = if settings.reablement_component_only {
        "The service component is Reablement"
    } else {
        "Every service component counts"
    };
    let rule = "ASCOF 2D stage 1";
    let link = "ASCOF 2D stage 3";
    let step = |text: &str| (rule, text.to_owned(), Unit::Events);
    [
        step("Events of the joined table"),
        step("The client is a service user"),
        step(&format!("No death before {} in the latest person details", period.start)),
        step("The end is not before the start"),
        step("The event has a person identifier"),
        step("The event is a service"),
        step("The service type is ST-Max"),
        step(component),
        (
            rule,
            format!(
                "Reablement of one council that starts at most {} days after the latest end so far \
                 is one cluster",
                settings.cluster_gap_days
            ),
            Unit::Episodes,
        ),
        (link, "The person is known by an NHS-number pseudonym".into(), Unit::Episodes),
        (
            link,
            format!(
                "An eligible discharge {} days before to {} days after the start, admitted by then",
                settings.link_days_before_start, settings.link_days_after_start
            ),
            Unit::Episodes,
        ),
    ]
}

fn stay_steps(method: &Method, period: Period) -> [Step; cohort::Step::COUNT] {
    let settings = &method.settings;
    let list = |set: &CodeSet| {
        let missing = match settings.null_in_exclusion {
            Nulls::Drop => " and not missing",
            Nulls::Keep => "",
        };
        let codes: Vec<String> = set.iter().map(|code| code.text()).collect();
        format!("is not {}{missing}", codes.join(", "))
    };
    let beginnings: Vec<String> =
        settings.excluded_treatment_prefixes.iter().map(|text| format!("{text}…")).collect();
    let care = if settings.exclude_care_at_admission {
        "Not in long-term nursing, residential or prison care on the day of admission"
    } else {
        "Long-term care on the day of admission does not exclude"
    };
    let step = |text: String| ("ASCOF 2D stage 2", text, Unit::Episodes);
    [
        step("Rows of admitted patient care".into()),
        step(format!("Discharged from {} to {}", settings.extract_start, method.extract_end)),
        step(format!("Aged {} or over at discharge", settings.minimum_age)),
        step(format!("Admission method {}", list(&settings.excluded_admission_methods))),
        step(format!("Discharge method {}", list(&settings.excluded_discharge_methods))),
        step(format!("Discharge destination {}", list(&settings.excluded_destinations))),
        step(format!(
            "Treatment function {}, nor {}",
            list(&settings.excluded_treatment_functions),
            beginnings.join(", ")
        )),
        step(format!("Admitted on {} or later", settings.first_admission)),
        step(format!("At least {} night(s)", settings.minimum_nights)),
        step(format!("Discharged from {} to {}", period.start, period.end)),
        step("Last episode of the spell".into()),
        step("The person is known by an NHS-number pseudonym".into()),
        step(care.into()),
        step("Lives in England by the LSOA of 2011".into()),
        (
            "ASCOF 2D stage 2",
            "No other row of the same spell counted before".into(),
            Unit::Discharges,
        ),
    ]
}

fn add_steps<const STEPS: usize>(
    part: &str,
    period: Period,
    funnel: &Funnel<STEPS>,
    names: &[Step; STEPS],
    steps: &mut Vec<AttritionStep>,
) {
    let mut left = funnel.records;
    let counts = funnel.out.iter().zip(&funnel.people);
    for (step, ((rule, what, unit), (&out, &people))) in (1..).zip(names.iter().zip(counts)) {
        left -= out;
        steps.push(AttritionStep {
            measure: Ascof2d::NAME,
            part: part.into(),
            period,
            step,
            rule,
            what: what.clone(),
            records_out: out,
            records_left: left,
            people_left: Some(people),
            unit: *unit,
        });
    }
}
