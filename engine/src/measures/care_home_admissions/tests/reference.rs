//! The published steps once more, slowly and in texts, and what must hold of any people.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use throughcare_linkage::day::{BirthMonth, Day, OptDay};

const FIRST: i32 = 20_000; // 2024-10-04

/// Band and council code to people.
type Table = BTreeMap<(&'static str, &'static str), BTreeSet<usize>>;

/// A row of the build.
struct Row {
    start: i32,
    end: Option<i32>,
    outcome: &'static str,
    age: i32,
}

fn build(events: &[CareEvent], la: u16, period: Period) -> Vec<Row> {
    let of_council: Vec<_> = events.iter().filter(|event| event.la == la).collect();
    let deaths = of_council.iter().filter_map(|e| Some((e.reference_end, e.death.get()?)));
    let death = deaths.max().map(|(_, death)| death);
    let known = of_council.iter().filter(|event| event.birth.is_known());
    let births = known.map(|event| (std::cmp::Reverse(event.reference_end), event.birth));
    let birth = births.min().and_then(|(_, birth)| birth.first_day());
    let mut rows = Vec::new();
    for event in of_council {
        let component = event.component.label();
        let (Some(born), false) = (birth, component.is_empty()) else { continue };
        let in_home = ["Long term support: Nursing care", "Long term support: Residential care"];
        if event.event_type.label() == "Service"
            && event.client_type.label() == "Service user"
            && in_home.contains(&event.service_type.label())
            && death.is_none_or(|death| death >= period.start)
            && (component.contains("residential") || component.contains("nursing"))
            && !component.contains("Short")
        {
            rows.push(Row {
                start: event.start.0,
                end: event.end.get().map(|end| end.0),
                outcome: event.outcome.label(),
                age: (f64::from(event.start.0 - born.0) / 365.25).floor() as i32,
            });
        }
    }
    rows
}

fn reference(people: &[Maker], period: Period) -> Table {
    let mut table = Table::new();
    for (person, maker) in people.iter().enumerate() {
        for (la, code) in [(NORTHTON, NORTH), (SOUTHTON, SOUTH)] {
            let rows = build(&maker.joined, la, period);
            let mut bands = BTreeSet::new();
            for row in &rows {
                let earlier = |other: &Row| {
                    other.start < row.start && other.end.is_none_or(|end| row.start - end < 365)
                };
                if period.contains(Day(row.start))
                    && row.outcome != "NFA: Self-funded client or under 12wk disregard"
                    && !rows.iter().any(earlier)
                    && row.age >= 18
                {
                    bands.insert(if row.age < 65 { "18 to 64" } else { "65 and above" });
                }
            }
            if let Some(band) = bands.first() {
                table.entry((band, code)).or_default().insert(person);
            }
        }
    }
    table
}

prop_compose! {
    fn any_event()(
        kind in prop_oneof![9 => Just(E::Service), 1 => Just(E::Review)],
        service in prop_oneof![
            5 => prop::sample::select(vec![S::Nursing, S::Residential]),
            1 => prop::sample::select(S::ALL),
        ],
        component in prop_oneof![
            6 => prop::sample::select(vec![C::LongTermNursing, C::LongTermResidential]),
            1 => Just(C::None),
            1 => prop::sample::select(C::ALL),
        ],
        outcome in prop_oneof![
            2 => Just(O::None),
            2 => Just(O::NfaSelfFunded),
            2 => prop::sample::select(O::ALL),
        ],
        start in 0i32..1000,
        days in prop_oneof![6 => 0i32..400, 1 => -9i32..0, 1 => Just(9_999)],
        la in prop_oneof![4 => Just(NORTHTON), 1 => Just(SOUTHTON)],
        carer in prop::bool::weighted(0.05),
        birth in prop::sample::select(vec![(0, 0), (1961, 4), (1961, 4), (2007, 9), (1940, 1)]),
        death in prop_oneof![9 => Just(None), 1 => (0i32..1200).prop_map(Some)],
        reference in prop::sample::select(vec!["2025-06-30", "2026-03-31"]),
    ) -> CareEvent {
        CareEvent {
            end: if days == 9_999 { OptDay::NONE } else { Day(FIRST + start + days).into() },
            start: Day(FIRST + start),
            death: death.map(|death| Day(FIRST + death)).into(),
            birth: BirthMonth::new(birth.0, birth.1),
            client_type: if carer { ClientType::UnpaidCarer } else { ClientType::ServiceUser },
            service_type: service,
            reference_end: day(reference),
            la,
            ..event(kind, "2025-01-01", "-")
        }
        .outcome(outcome)
        .component(component)
    }
}

prop_compose! {
    fn anyone()(events in prop::collection::vec(any_event(), 0..6)) -> Maker {
        let numbered = events.iter().zip(1..);
        someone(&numbered.map(|(event, id)| event.id(id)).collect::<Vec<_>>())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn section_7_agrees_with_its_steps_written_slowly(
        people in prop::collection::vec(anyone(), 0..7),
        cut in 0usize..7,
    ) {
        let periods = [period("2025-04-01", "2026-03-31"), period("2025-09-01", "2026-12-31")];
        for one in periods {
            let frame = frame(&[one]);
            let wanted = reference(&people, one);
            let settings = Settings::default();
            let younger = fixture::results(Ascof2b::with_settings(&settings, &frame), &people, &frame);
            let older = fixture::results(Ascof2c::with_settings(&settings, &frame), &people, &frame);
            for (band, results) in [("18 to 64", &younger), ("65 and above", &older)] {
                for code in [NORTH, SOUTH] {
                    let people = wanted.get(&(band, code)).map_or(0, BTreeSet::len) as i64;
                    prop_assert_eq!(numbers(results, "", code, "")[0], Some(people));
                }
                assert_england_is_the_sum_of_councils(results);
                fixture::assert_attrition_adds_up(results);
                let counted = results.attrition.last().map(|step| step.records_left);
                prop_assert_eq!(counted, numbers(results, "", ENGLAND, "")[0]);
            }
        }
        let frame = frame(&periods);
        let make = || Ascof2c::with_settings(&Settings::default(), &frame);
        let whole = fixture::results(make(), &people, &frame);
        for merged in fixture::merged(make, &people, cut, &frame) {
            prop_assert_eq!(&merged, &whole);
        }
    }
}
