//! The published steps once more, slowly and in texts.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const FIRST: i32 = 20_000; // 2024-10-04

/// Part and stratum to the people of Northton: numerator, denominator.
type Table = BTreeMap<(&'static str, String), [BTreeSet<usize>; 2]>;

/// An event in texts; the mechanism is kept beside it.
struct Row {
    service: &'static str,
    component: &'static str,
    mechanism: &'static str,
    kind: &'static str,
    outcome: &'static str,
}

fn client_rank(row: &Row) -> Option<u8> {
    let mechanism =
        if row.component == "Direct payment" { "Direct payment" } else { row.mechanism };
    let table = [
        ("Long term support: Nursing care", "", 1),
        ("Long term support: Residential care", "", 2),
        ("Long term support: Community", "Direct payment", 3),
        ("Long term support: Community", "CASSR managed personal budget", 4),
        ("Long term support: Community", "CASSR commissioned support", 5),
        ("Long term support: Community", "", 6),
        ("Long term support: Prison", "CASSR managed personal budget", 7),
        ("Long term support: Prison", "CASSR commissioned support", 8),
        ("Long term support: Prison", "", 9),
    ];
    let find = |mechanism: &str| {
        table.iter().find(|(s, m, _)| *s == row.service && *m == mechanism).map(|row| row.2)
    };
    find(mechanism).or_else(|| find(""))
}

fn carer_rank(row: &Row) -> Option<u8> {
    let direct = row.service == "Unpaid carer support: Direct to unpaid carer";
    let indirect = row.service == "Unpaid carer support: Support involving the person cared-for";
    let no_service = row.service.is_empty();
    let advice = row.outcome == "NFA: Information and advice or signposting";
    let assessed = ["Assessment", "Review"].contains(&row.kind);
    if !(no_service && advice || direct || indirect || assessed && no_service) {
        return None;
    }
    // comparing a missing component gives neither true nor false
    let other_component = !row.component.is_empty() && row.component != "Direct payment";
    if direct && (row.mechanism == "Direct payment" || row.component == "Direct payment") {
        Some(1)
    } else if direct && row.mechanism == "CASSR managed personal budget" && other_component {
        Some(2)
    } else if direct && row.mechanism == "CASSR commissioned support" && other_component {
        Some(3)
    } else if direct && other_component {
        Some(4)
    } else if indirect || assessed && !advice {
        Some(6)
    } else if assessed && advice || row.kind == "Request" {
        Some(5)
    } else {
        None
    }
}

fn reference(people: &[(Maker, Vec<M>)], period: Period) -> Table {
    let mut table = Table::new();
    for (number, (maker, mechanisms)) in people.iter().enumerate() {
        let rows: Vec<_> = maker.joined.iter().filter(|event| event.la == NORTHTON).collect();
        let deaths = rows.iter().filter_map(|row| Some((row.reference_end, row.death.get()?)));
        let death = deaths.max().map(|(_, death)| death);
        let known = rows.iter().filter(|row| row.birth.is_known());
        let birth = known.map(|row| (std::cmp::Reverse(row.reference_end), row.birth)).min();
        let born = birth.and_then(|(_, birth)| birth.first_day());
        let age = born.map(|born| (f64::from(period.end.since(born)) / 365.25).floor() as i32);
        if age.is_some_and(|age| age < 18) {
            continue;
        }
        for clients in [true, false] {
            let from = if clients { period.end } else { period.start };
            let ranks = rows.iter().filter_map(|event| {
                let row = Row {
                    service: event.service_type.label(),
                    component: event.component.label(),
                    mechanism: mechanisms[event.record_id as usize].label(),
                    kind: event.event_type.label(),
                    outcome: event.outcome.label(),
                };
                let in_period = event.start <= period.end
                    && event.end.get().is_none_or(|end| end >= event.start && end >= from);
                let of_half = (event.client_type.label() == "Service user") == clients;
                if !in_period || !of_half || death.is_some_and(|death| death < from) {
                    return None;
                }
                if clients { client_rank(&row) } else { carer_rank(&row) }
            });
            let Some(rank) = ranks.min() else { continue };
            let (parts, counted, self_directed, direct, unknown_rank) = if clients {
                let parts = [
                    "1a_clients_self_directed",
                    "2a_clients_direct_payment",
                    "clients_unknown_mechanism",
                ];
                (parts, 3..=6, 3..=4, 3, 6)
            } else {
                let parts = [
                    "1b_carers_self_directed",
                    "2b_carers_direct_payment",
                    "carers_unknown_mechanism",
                ];
                (parts, 1..=3, 1..=2, 1, 4)
            };
            let mut strata = vec![String::new()];
            if let Some(age) = age {
                let band = if age < 65 { "18 to 64" } else { "65 and above" };
                strata.push(format!("age_band={band}"));
            }
            for stratum in strata {
                for (part, counts) in
                    [(parts[0], self_directed.contains(&rank)), (parts[1], rank == direct)]
                {
                    if counted.contains(&rank) {
                        let [num, den] = table.entry((part, stratum.clone())).or_default();
                        den.insert(number);
                        if counts {
                            num.insert(number);
                        }
                    }
                }
            }
            if rank == unknown_rank {
                table.entry((parts[2], String::new())).or_default()[0].insert(number);
            }
        }
    }
    table
}

prop_compose! {
    fn any_event()(
        kind in prop_oneof![3 => Just(EventType::Service), 2 => prop::sample::select(EventType::ALL)],
        carer in any::<bool>(),
        service in prop_oneof![
            3 => prop::sample::select(S::ALL),
            2 => Just(S::Community),
            2 => Just(S::CarerDirect),
            2 => Just(S::None),
        ],
        component in prop::sample::select(
            vec![C::None, C::None, C::DirectPayment, C::DaySupport, C::CarerRespite, C::Invalid],
        ),
        mechanism in prop::sample::select(
            vec![M::None, M::DirectPayment, M::ManagedBudget, M::Commissioned],
        ),
        outcome in prop::sample::select(vec![O::None, O::NfaInformation, O::NfaDeclined, O::Invalid]),
        start in 0i32..700,
        days in prop_oneof![4 => 0i32..600, 1 => -9i32..0, 4 => Just(9_999)],
        la in prop_oneof![4 => Just(NORTHTON), 1 => Just(SOUTHTON)],
        birth in prop::sample::select(vec![(0, 0), (1961, 3), (1961, 4), (2008, 9), (1940, 1)]),
        death in prop_oneof![9 => Just(None), 1 => (0i32..700).prop_map(Some)],
        reference in prop::sample::select(vec!["2025-06-30", "2026-03-31"]),
    ) -> (CareEvent, M) {
        let event = CareEvent {
            end: if days == 9_999 { OptDay::NONE } else { Day(FIRST + start + days).into() },
            start: Day(FIRST + start),
            death: death.map(|death| Day(FIRST + death)).into(),
            birth: BirthMonth::new(birth.0, birth.1),
            client_type: if carer { ClientType::UnpaidCarer } else { ClientType::ServiceUser },
            service_type: service,
            reference_end: day(reference),
            la,
            ..event(kind, "2025-01-01", "-")
        };
        (event.component(component).mechanism(mechanism).outcome(outcome), mechanism)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn section_10_agrees_with_its_steps_written_slowly(
        people in prop::collection::vec(prop::collection::vec(any_event(), 0..5), 0..7),
    ) {
        let people: Vec<(Maker, Vec<M>)> = people
            .iter()
            .map(|events| {
                let numbered: Vec<_> =
                    events.iter().zip(0..).map(|((event, _), id)| event.id(id)).collect();
                (someone(&numbered), events.iter().map(|(_, mechanism)| *mechanism).collect())
            })
            .collect();
        let wanted = reference(&people, year());
        let makers: Vec<Maker> = people.into_iter().map(|(maker, _)| maker).collect();
        let results = results(&makers);
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
