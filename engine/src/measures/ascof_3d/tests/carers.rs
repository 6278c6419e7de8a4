//! Carers: the worked example, and a test for every trap.

use super::*;

const SELF_DIRECTED: &str = "1b_carers_self_directed";
const DIRECT_PAYMENT: &str = "2b_carers_direct_payment";

fn carer(kind: EventType, start: &str, end: &str) -> CareEvent {
    event(kind, start, end).client(ClientType::UnpaidCarer)
}

fn support(mechanism: M, component: C) -> CareEvent {
    let event = carer(EventType::Service, "2025-06-01", "-");
    CareEvent { service_type: S::CarerDirect, ..event }.mechanism(mechanism).component(component)
}

fn review(outcome: O) -> CareEvent {
    carer(EventType::Review, "2025-06-01", "2025-06-09").outcome(outcome)
}

/// Numerators of 1b and 2b, the denominator and the table of unknown mechanisms.
fn counts_by(method: Method, people: &[Maker]) -> [i64; 4] {
    let results = results_by(method, people);
    let [a, n] = north(&results, SELF_DIRECTED, "").map(Option::unwrap);
    let [b, again] = north(&results, DIRECT_PAYMENT, "").map(Option::unwrap);
    assert_eq!(n, again);
    let [unknown, none] = north(&results, "carers_unknown_mechanism", "");
    assert_eq!(none, None);
    [a, b, n, unknown.unwrap()]
}

fn counts(events: &[CareEvent]) -> [i64; 4] {
    counts_by(Method::AsPublished, &[someone(events)])
}

#[test]
fn section_10_2_example_of_four_carers() {
    let people = [
        someone(&[support(M::DirectPayment, C::None)]),
        someone(&[support(M::Commissioned, C::CarerRespite)]),
        someone(&[support(M::Commissioned, C::None)]),
        someone(&[review(O::NfaDeclined)]),
    ];
    assert_eq!(counts_by(Method::AsPublished, &people), [1, 1, 2, 0]);
    // as intended, the missing component of the third is not a direct payment
    assert_eq!(counts_by(Method::AsIntended, &people), [1, 1, 3, 0]);
}

#[test]
fn trap_a_missing_component_loses_the_carer_as_published() {
    for (mechanism, published, intended) in [
        (M::DirectPayment, [1, 1, 1, 0], [1, 1, 1, 0]),
        (M::ManagedBudget, [0, 0, 0, 0], [1, 0, 1, 0]),
        (M::Commissioned, [0, 0, 0, 0], [0, 0, 1, 0]),
        (M::None, [0, 0, 0, 0], [0, 0, 0, 1]),
    ] {
        let people = [someone(&[support(mechanism, C::None)])];
        assert_eq!(counts_by(Method::AsPublished, &people), published, "{mechanism:?}");
        assert_eq!(counts_by(Method::AsIntended, &people), intended, "{mechanism:?}");
    }
}

#[test]
fn the_first_category_that_fits_gives_the_rank() {
    let rank = |event: &CareEvent, mechanism| {
        carer::rank(event, event.event_type, mechanism, Method::AsPublished).map(|(rank, _)| rank)
    };
    let direct = |component| support(M::None, component);
    assert_eq!(rank(&direct(C::DirectPayment), M::Commissioned), Some(1));
    assert_eq!(rank(&direct(C::CarerRespite), M::DirectPayment), Some(1));
    assert_eq!(rank(&direct(C::CarerRespite), M::ManagedBudget), Some(2));
    assert_eq!(rank(&direct(C::CarerRespite), M::Commissioned), Some(3));
    assert_eq!(rank(&direct(C::CarerRespite), M::None), Some(4));
    assert_eq!(rank(&direct(C::Invalid), M::Invalid), Some(4));
    let indirect = CareEvent { service_type: S::CarerIndirect, ..direct(C::DirectPayment) };
    assert_eq!(rank(&indirect, M::DirectPayment), Some(6));
    for outcome in [O::None, O::Invalid, O::NfaDeclined] {
        assert_eq!(rank(&review(outcome), M::None), Some(6), "{outcome:?}");
        assert_eq!(rank(&review(outcome).kind(EventType::Request), M::None), None);
    }
    let advice = |kind| carer(kind, "2025-06-01", "2025-06-09").outcome(O::NfaInformation);
    assert_eq!(rank(&advice(EventType::Review), M::None), Some(5));
    assert_eq!(rank(&advice(EventType::Assessment), M::None), Some(5));
    assert_eq!(rank(&advice(EventType::Request), M::None), Some(5));
    assert_eq!(rank(&advice(EventType::Service), M::None), None);
    // support of a client is no support of a carer
    let client_service = CareEvent { service_type: S::Community, ..review(O::None) };
    assert_eq!(rank(&client_service, M::DirectPayment), None);
}

#[test]
fn trap_the_rank_not_the_order_of_categories_decides_between_events() {
    // advice ranks above no direct support, though its category comes after it
    let events = [review(O::NfaDeclined), review(O::NfaInformation).id(2)];
    assert_eq!(counts(&events), [0, 0, 0, 0]);
    let results = results(&[someone(&events)]);
    let last = results.attrition.iter().rfind(|step| step.part == "carers").unwrap();
    assert_eq!((last.records_out, last.records_left), (1, 0));
    let direct = support(M::DirectPayment, C::None).id(3);
    assert_eq!(counts(&[events[0], events[1], direct]), [1, 1, 1, 0]);
    let unknown = support(M::None, C::CarerRespite).id(4);
    assert_eq!(counts(&[events[0], unknown]), [0, 0, 0, 1]);
    let commissioned = support(M::Commissioned, C::CarerRespite).id(5);
    assert_eq!(counts(&[unknown, commissioned]), [0, 0, 1, 0]);
}

#[test]
fn carers_count_over_the_year() {
    let of = |start: &str, end: &str| {
        let event = carer(EventType::Service, start, end).mechanism(M::DirectPayment);
        counts(&[CareEvent { service_type: S::CarerDirect, ..event }])[2]
    };
    assert_eq!([of("2020-01-01", "2025-04-01"), of("2020-01-01", "2025-03-31")], [1, 0]);
    assert_eq!([of("2026-03-31", "-"), of("2026-04-01", "-")], [1, 0]);
    assert_eq!(of("2025-06-02", "2025-06-01"), 0);
    let died = |day| counts(&[support(M::DirectPayment, C::None).died(day)])[2];
    assert_eq!([died("2025-03-31"), died("2025-04-01")], [0, 1]);
}

#[test]
fn carers_known_by_association_count_and_children_do_not() {
    let direct = support(M::DirectPayment, C::None);
    assert_eq!(counts(&[direct.client(ClientType::UnpaidCarerByAssociation)])[2], 1);
    assert_eq!(counts(&[direct.client(ClientType::ServiceUser)])[2], 0);
    assert_eq!(counts(&[direct.born(2010, 1)])[2], 0);
    assert_eq!(counts(&[direct.unborn()])[2], 1);
    let results = results(&[someone(&[direct.unborn()]), someone(&[direct.born(1990, 1)])]);
    let of = |band| north(&results, SELF_DIRECTED, band)[1];
    let wanted = [Some(2), Some(1), Some(0)];
    assert_eq!([of(""), of("age_band=18 to 64"), of("age_band=65 and above")], wanted);
}
