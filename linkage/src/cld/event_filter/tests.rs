use super::*;
use crate::cld::testing::{day, opt, period};

#[test]
fn p07_end_is_cut_to_death() {
    let cases = [
        ("2025-06-30", "2025-06-10", "2025-06-10"),
        ("2025-06-30", "2025-07-05", "2025-06-30"),
        ("-", "2025-06-10", "2025-06-10"),
        ("-", "2025-05-01", "-"),
        ("2025-06-30", "2025-05-01", "2025-05-01"),
        ("2025-04-20", "2025-04-25", "2025-04-20"),
        ("2025-06-30", "2025-06-30", "2025-06-30"),
        ("2025-06-30", "-", "2025-06-30"),
        ("-", "-", "-"),
    ];
    for (raw_end, death, end) in cases {
        assert_eq!(
            corrected_end(day("2025-05-01"), opt(raw_end), opt(death)),
            opt(end),
            "{raw_end} {death}"
        );
    }
}

#[test]
fn p08_which_events_belong_to_the_period() {
    let year = period("2025-04-01", "2026-03-31");
    let cases = [
        (1, false, "2025-03-20", "2025-04-01", "-", true),
        (2, false, "2025-03-20", "2025-03-31", "-", false),
        (3, false, "2026-03-31", "-", "-", false),
        (4, true, "2020-01-01", "-", "-", true),
        (5, true, "2024-01-01", "2025-04-01", "-", true),
        (6, true, "2026-04-01", "-", "-", false),
        (7, true, "2024-01-01", "-", "2025-03-31", false),
        (8, true, "2025-06-01", "-", "2025-05-20", false),
        (9, true, "2025-06-01", "2025-05-01", "-", true),
        (11, true, "2026-03-31", "2027-01-01", "-", true),
        (12, false, "2026-03-31", "2026-04-01", "-", false),
        (13, true, "2024-01-01", "2025-03-31", "-", false),
    ];
    for (n, is_service, start, raw_end, death, kept) in cases {
        let (start, death) = (day(start), opt(death));
        let end = corrected_end(start, opt(raw_end), death);
        let found = is_in_period(is_service, start, end, year) && is_alive(start, death, year);
        assert_eq!(found, kept, "row {n}");
    }
}

#[test]
fn edition_b_takes_the_registered_death_without_fallback() {
    let (own, registered) = (opt("2025-05-01"), opt("2025-06-01"));
    let of = |edition, kind, registered, given| death_of_row(edition, kind, own, registered, given);
    assert_eq!(of(Edition::A, PersonIdKind::NhsTraced, registered, true), own);
    assert_eq!(of(Edition::B, PersonIdKind::NhsTraced, registered, true), registered);
    assert_eq!(of(Edition::B, PersonIdKind::NhsSupplied, OptDay::NONE, true), OptDay::NONE);
    assert_eq!(of(Edition::B, PersonIdKind::LaLocal, registered, true), own);
    assert_eq!(of(Edition::B, PersonIdKind::NhsTraced, OptDay::NONE, false), own);
}

#[test]
fn edition_b_takes_the_latest_registration() {
    let record = |death, registration, row| DeathRecord {
        death: opt(death),
        registration: opt(registration),
        row,
        file: 0,
        match_rank: 1,
    };
    let mut records = [
        record("2025-05-09", "2025-05-10", 1),
        record("2025-05-01", "2025-05-12", 2),
        record("2025-05-03", "2025-05-12", 3),
    ];
    assert_eq!(registered_death(&records), opt("2025-05-03"));
    records.reverse();
    assert_eq!(registered_death(&records), opt("2025-05-03"));
    assert_eq!(registered_death(&[]), OptDay::NONE);
}
