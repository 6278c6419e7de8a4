//! The published steps once more, slowly and in texts.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use throughcare_linkage::codes::cld::{Field, Outcome};

const FIRST: i32 = 20_000; // 2024-10-04

/// Part and stratum to the people of Northton: settled ones, all.
type Table = BTreeMap<(&'static str, String), [BTreeSet<usize>; 2]>;

/// The value that the rows tied for first place agree on (P-16).
fn latest<T: Clone + PartialEq>(
    rows: &[&CareEvent],
    value: impl Fn(&CareEvent) -> Option<T>,
) -> Option<T> {
    let place = |row: &CareEvent| {
        (value(row).is_some(), row.reference_end, row.end.or(Day(9_999_999)), row.start)
    };
    let best = rows.iter().map(|row| place(row)).max()?;
    let mut tied = rows.iter().filter(|row| place(row) == best).map(|row| value(row));
    let first = tied.next()?;
    if tied.all(|other| other == first) { first } else { None }
}

fn reference(people: &[Maker], period: Period) -> Table {
    let mut table = Table::new();
    for (number, maker) in people.iter().enumerate() {
        let rows: Vec<_> = maker.joined.iter().filter(|event| event.la == NORTHTON).collect();
        let detail = |event: &CareEvent| maker.details[event.row as usize];
        let is_lts = |event: &&&CareEvent| {
            let label = event.service_type.label();
            event.event_type.label() == "Service"
                && event.client_type.label() == "Service user"
                && label.starts_with("Long term support")
                && event.end.get().is_none_or(|end| end >= event.start && end >= period.start)
                && event.start <= period.end
        };
        let ends = rows.iter().filter(is_lts).map(|row| row.end.or(period.end).min(period.end));
        let Some(last) = ends.max() else { continue };
        let deaths = rows.iter().filter_map(|row| Some((row.reference_end, row.death.get()?)));
        if deaths.max().is_some_and(|(_, death)| death < period.start) {
            continue;
        }
        let known = rows.iter().filter(|row| row.birth.is_known());
        let birth = known.map(|row| (std::cmp::Reverse(row.reference_end), row.birth)).min();
        let age = birth.and_then(|(_, birth)| birth.first_day());
        let age = age.map(|born| (f64::from(last.since(born)) / 365.25).floor() as i32);
        if age.is_some_and(|age| age < 18) {
            continue;
        }
        let gender = latest(&rows, |row| match row.gender.label() {
            "" | "Unknown" | "Invalid and not mapped" => None,
            label => Some(label),
        });
        let reason = latest(&rows, |row| {
            let code = detail(row).primary_support_reason;
            (code != raw(Field::PrimarySupportReason, "Unknown") && !code.is_none())
                .then_some(code.0)
        });
        let status = latest(&rows, |row| {
            let code = detail(row).accommodation;
            (code != raw(Field::AccommodationStatus, "Unknown") && !code.is_none())
                .then_some(code.0)
        });
        // without a status: from the only kind of service that these people have
        let settled = status.is_some_and(|code| code <= 9);
        let mut strata = Vec::new();
        if let Some(age) = age {
            let band = if age < 65 { "18 to 64" } else { "65 and above" };
            strata.push(String::new());
            strata.push(format!("age_band={band}"));
            if let Some(gender @ ("Male" | "Female")) = gender {
                strata.push(format!("age_band={band}; gender={gender}"));
            }
        }
        let working_age = age.is_some_and(|age| age < 65);
        let is_ld = reason == Some(raw(Field::PrimarySupportReason, LD).0) && working_age;
        for (part, unknown, counts) in [
            ("all", "all_unknown_accommodation", true),
            ("learning_disability", "learning_disability_unknown_accommodation", is_ld),
        ] {
            if !counts {
                continue;
            }
            for stratum in &strata {
                let [num, den] = table.entry((part, stratum.clone())).or_default();
                den.insert(number);
                if settled {
                    num.insert(number);
                }
            }
            if status.is_none() {
                table.entry((unknown, String::new())).or_default()[0].insert(number);
            }
        }
    }
    table
}

prop_compose! {
    fn any_event()(
        kind in prop_oneof![9 => Just(EventType::Service), 1 => Just(EventType::Review)],
        lts in prop::bool::weighted(0.8),
        start in 0i32..900,
        days in prop_oneof![6 => 0i32..400, 1 => -9i32..0, 2 => Just(9_999)],
        la in prop_oneof![4 => Just(NORTHTON), 1 => Just(SOUTHTON)],
        carer in prop::bool::weighted(0.05),
        birth in prop::sample::select(vec![(0, 0), (1961, 4), (1960, 10), (2007, 9), (1940, 1)]),
        death in prop_oneof![9 => Just(None), 1 => (0i32..1200).prop_map(Some)],
        gender in prop::sample::select(vec![G::Male, G::Female, G::Other, G::Unknown, G::None]),
        reference in prop::sample::select(vec!["2025-06-30", "2026-03-31"]),
        status in prop::sample::select(vec![OWNER, TENANT, CARE_HOME, "Unknown", ""]),
        reason in prop::sample::select(vec![LD, LD, "Mental health support", "Unknown", ""]),
    ) -> (CareEvent, CldDetail) {
        let event = CareEvent {
            end: if days == 9_999 { OptDay::NONE } else { Day(FIRST + start + days).into() },
            start: Day(FIRST + start),
            death: death.map(|death| Day(FIRST + death)).into(),
            birth: BirthMonth::new(birth.0, birth.1),
            client_type: if carer { ClientType::UnpaidCarer } else { ClientType::ServiceUser },
            // day support says that someone is in the community, and no more
            service_type: if lts { S::Community } else { S::LowLevel },
            reference_end: day(reference),
            la,
            ..event(kind, "2025-01-01", "-")
        };
        let event = event.gender(gender).component(C::DaySupport).outcome(Outcome::None);
        (event, detail(status, reason))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn section_9_agrees_with_its_steps_written_slowly(
        people in prop::collection::vec(prop::collection::vec(any_event(), 0..5), 0..7),
    ) {
        let people: Vec<Maker> = people
            .iter()
            .map(|events| {
                let numbered = events.iter().zip(1..);
                let events: Vec<_> =
                    numbered.map(|((event, detail), id)| (event.id(id), *detail)).collect();
                someone_with(&events)
            })
            .collect();
        let wanted = reference(&people, year());
        let results = results(&people);
        let mut met = 0;
        for row in results.measures.iter().filter(|row| row.area.code == NORTH) {
            let none = Default::default();
            let key = wanted.keys().find(|(part, stratum)| *part == row.part && *stratum == row.stratum);
            let [num, den] = key.and_then(|key| wanted.get(key)).unwrap_or(&none);
            prop_assert_eq!(row.numerator, Some(num.len() as i64), "{} {}", row.part, row.stratum);
            let people = row.denominator.unwrap_or(0);
            prop_assert_eq!(people, den.len() as i64, "{} {}", row.part, row.stratum);
            met += usize::from(key.is_some());
        }
        prop_assert_eq!(met, wanted.len());
    }
}
