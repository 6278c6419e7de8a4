//! Clients: the worked example, and a test for every trap.

use super::*;

const SELF_DIRECTED: &str = "1a_clients_self_directed";
const DIRECT_PAYMENT: &str = "2a_clients_direct_payment";

fn community(end: &str, mechanism: M, component: C) -> CareEvent {
    service(S::Community, "2025-06-01", end).mechanism(mechanism).component(component)
}

/// Numerators of 1a and 2a, and the denominator, which must be the same.
fn counts(results: &Results, stratum: &str) -> [i64; 3] {
    let [a, people] = north(results, SELF_DIRECTED, stratum).map(Option::unwrap);
    let [b, again] = north(results, DIRECT_PAYMENT, stratum).map(Option::unwrap);
    assert_eq!(people, again);
    [a, b, people]
}

fn counts_of(events: &[CareEvent]) -> [i64; 3] {
    counts(&results(&[someone(events)]), "")
}

#[test]
fn section_10_1_example_of_seven_clients() {
    let direct = |end| community(end, M::DirectPayment, C::HomeSupport);
    let people = [
        someone(&[direct("-")]),
        someone(&[
            community("-", M::ManagedBudget, C::HomeSupport),
            community("-", M::Commissioned, C::HomeSupport).id(2),
        ]),
        someone(&[community("-", M::None, C::DaySupport)]),
        someone(&[service(S::Nursing, "2025-06-01", "-"), direct("-").id(2)]),
        someone(&[direct("2026-03-30")]),
        someone(&[community("2026-03-31", M::Commissioned, C::HomeSupport)]),
        someone(&[community("-", M::None, C::DirectPayment).unborn()]),
    ];
    let results = results(&people);
    assert_eq!(counts(&results, ""), [3, 2, 5]);
    // G, of unknown age, is in the total only
    assert_eq!(counts(&results, "age_band=65 and above"), [2, 1, 4]);
    assert_eq!(counts(&results, "age_band=18 to 64"), [0, 0, 0]);
    assert_eq!(north(&results, "clients_unknown_mechanism", ""), [Some(1), None]);
    let row = fixture::figure(&results, SELF_DIRECTED, NORTH, "");
    assert_eq!((row.value, row.unit, row.counts), (Value::Percent(1), Unit::Percent, Unit::People));
}

#[test]
fn trap_a_direct_payment_in_prison_has_no_mechanism_and_ranks_last() {
    let prison = |mechanism| service(S::Prison, "2025-06-01", "-").mechanism(mechanism);
    assert_eq!(client::rank(&prison(M::None), M::DirectPayment), Some((9, Support::Other)));
    assert_eq!(client::rank(&prison(M::None), M::ManagedBudget), Some((7, Support::Other)));
    let both = [prison(M::DirectPayment), community("-", M::None, C::DaySupport).id(2)];
    assert_eq!(counts_of(&both), [0, 0, 1]);
    assert_eq!(counts_of(&both[..1]), [0, 0, 0]);
}

#[test]
fn ranks_follow_the_published_table() {
    let rank = |kind, mechanism| {
        client::rank(&service(kind, "2025-06-01", "-"), mechanism).map(|(rank, _)| rank)
    };
    let mechanisms = [M::DirectPayment, M::ManagedBudget, M::Commissioned, M::None, M::Invalid];
    assert_eq!(mechanisms.map(|m| rank(S::Nursing, m)), [Some(1); 5]);
    assert_eq!(mechanisms.map(|m| rank(S::Residential, m)), [Some(2); 5]);
    assert_eq!(mechanisms.map(|m| rank(S::Community, m)), [3, 4, 5, 6, 6].map(Some));
    assert_eq!(mechanisms.map(|m| rank(S::Prison, m)), [9, 7, 8, 9, 9].map(Some));
    assert_eq!(mechanisms.map(|m| rank(S::StMax, m)), [None; 5]);
}

#[test]
fn trap_a_service_that_ends_on_the_last_day_is_open() {
    let of =
        |start, end| counts_of(&[service(S::Community, start, end).mechanism(M::DirectPayment)])[2];
    assert_eq!([of("2025-06-01", "2026-03-31"), of("2025-06-01", "2026-03-30")], [1, 0]);
    assert_eq!([of("2026-03-31", "-"), of("2026-04-01", "-")], [1, 0]);
    assert_eq!(of("2026-03-31", "2026-03-30"), 0);
}

#[test]
fn the_last_day_is_also_that_of_life_and_age() {
    let died = |day| counts_of(&[community("-", M::DirectPayment, C::None).died(day)])[2];
    assert_eq!([died("2026-03-30"), died("2026-03-31")], [0, 1]);
    let band = |month: u32, years: i32| {
        let event = community("-", M::DirectPayment, C::None).born(years, month);
        let results = results(&[someone(&[event])]);
        ["", "age_band=18 to 64", "age_band=65 and above"].map(|band| counts(&results, band)[2])
    };
    assert_eq!(band(3, 1961), [1, 0, 1]);
    assert_eq!(band(4, 1961), [1, 1, 0]);
    assert_eq!(band(5, 2008), [0, 0, 0]);
    assert_eq!(band(6, 2026), [0, 0, 0]);
}

#[test]
fn the_type_of_the_event_is_not_looked_at() {
    let review = event(EventType::Review, "2026-03-01", "2026-03-31").mechanism(M::DirectPayment);
    let review = CareEvent { service_type: S::Community, ..review };
    assert_eq!(counts_of(&[review]), [1, 1, 1]);
    assert_eq!(counts_of(&[review.client(ClientType::UnpaidCarer)]), [0, 0, 0]);
}

#[test]
fn a_person_counts_once_in_each_council() {
    let direct = community("-", M::DirectPayment, C::None);
    let results = results(&[someone(&[direct, direct.id(2), direct.la(SOUTHTON).id(3)])]);
    let of = |area| numbers(&results, DIRECT_PAYMENT, area, "")[1];
    assert_eq!([of(NORTH), of(SOUTH), of("400"), of(ENGLAND)], [1, 1, 0, 2].map(Some));
    let nobody = Maker { nobody: true, ..someone(&[direct]) };
    assert_eq!(counts(&super::results(&[nobody]), ""), [0, 0, 0]);
}
