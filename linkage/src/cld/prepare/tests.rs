use super::*;
use crate::cld::age::latest_age;
use crate::cld::testing::{World, day, opt, period};
use crate::codes::cld::{Field, Outcome, ServiceType};
use crate::day::BirthMonth;
use crate::records::cld::Pence;

mod rules_as_they_read;

/// A council with two files: April to September 2024 and October 2024 to March 2025.
fn two_files() -> World {
    let mut world = World::default();
    world.submit("100", "2024-10-20", "2024-04-01", "2024-09-30");
    world.submit("100", "2025-04-20", "2024-10-01", "2025-03-31");
    world.settings.joined = Some(period("2024-04-01", "2025-03-31"));
    world
}

/// A council with one file of 12 months.
fn one_file() -> World {
    let mut world = World::default();
    world.submit("100", "2025-04-20", "2024-04-01", "2025-03-31");
    world
}

fn home_care(world: &World, submission: u16, start: &str, end: &str) -> CldRow {
    let mut row = world.row(submission, "Service", start, end);
    row.service_type = world.raw(Field::ServiceType, "Long Term Support: Community");
    row.component = world.raw(Field::ServiceComponent, "Home Support");
    row
}

fn ids(events: &[CareEvent]) -> Vec<u64> {
    let mut ids: Vec<u64> = events.iter().map(|event| event.record_id).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn p09_rows_without_a_person_are_dropped_and_counted() {
    let mut world = one_file();
    let mut row = home_care(&world, 0, "2024-05-01", "-");
    row.id_kind = PersonIdKind::None;
    world.push(row);
    // a row that the period excludes is counted there, which comes first
    let mut early = world.row(0, "Request", "2020-01-01", "2020-02-01");
    early.id_kind = PersonIdKind::None;
    world.push(early);
    let (events, counts) = world.prepare(Mode::Joined);
    assert_eq!(events.len(), 0);
    assert_eq!((counts.joined.no_person, counts.joined.out_of_period), (1, 1));
    assert_eq!(counts.single, TableCounts::default());
}

#[test]
fn p08_the_table_row_by_row() {
    let table = [
        (1, "Request", "2025-03-20", "2025-04-01", "-", true),
        (2, "Request", "2025-03-20", "2025-03-31", "-", false),
        (3, "Assessment", "2026-03-31", "-", "-", false),
        (4, "Service", "2020-01-01", "-", "-", true),
        (5, "Service", "2024-01-01", "2025-04-01", "-", true),
        (6, "Service", "2026-04-01", "-", "-", false),
        (7, "Service", "2024-01-01", "-", "2025-03-31", false),
        (8, "Service", "2025-06-01", "-", "2025-05-20", false),
        (9, "Service", "2025-06-01", "2025-05-01", "-", true),
        (10, "Review", "-", "2025-07-01", "-", false),
        // without an event type; "Services" is one in this edition
        (11, "", "2025-06-01", "2025-07-01", "-", false),
        (12, "in-house services", "2025-06-01", "-", "-", true),
    ];
    for (n, kind, start, end, death, kept) in table {
        let mut world = World::default();
        world.submit("100", "2026-04-20", "2025-04-01", "2026-03-31");
        let row = world.row(0, kind, start, end);
        world.push(CldRow { record_id: n, death: opt(death), ..row });
        let (events, _) = world.prepare(Mode::Joined);
        assert_eq!(ids(&events), if kept { vec![n] } else { vec![] }, "row {n}");
    }
}

#[test]
fn p11_the_age_is_that_of_the_end_after_cropping() {
    let mut world = two_files();
    let born = BirthMonth::new(1959, 10);
    let rows = [
        world.row(0, "Request", "2024-05-01", "2024-09-30"),
        home_care(&world, 0, "2024-05-02", "2024-12-15"), // cropped to the day before the birthday
        home_care(&world, 1, "2024-09-01", "2024-10-15"),
        home_care(&world, 1, "2024-05-04", "-"), // open: at the end of the reference period
        CldRow { birth: BirthMonth::default(), ..home_care(&world, 1, "2024-05-05", "-") },
    ];
    for (id, row) in (1..).zip(rows) {
        world.push(CldRow { record_id: id, birth: if id < 5 { born } else { row.birth }, ..row });
    }
    let (mut events, _) = world.prepare(Mode::Joined);
    events.sort_by_key(|event| event.record_id);
    let ages: Vec<Option<i32>> = events.iter().map(latest_age).collect();
    assert_eq!(ages, [Some(64), Some(64), Some(65), Some(65), None]);
    // an open event of another type has no day to be aged at
    events[0].end = OptDay::NONE;
    assert_eq!(latest_age(&events[0]), None);
}

/// A council with one file of the calendar year 2025.
fn file_of_2025() -> World {
    let mut world = World::default();
    world.submit("100", "2026-01-20", "2025-01-01", "2025-12-31");
    world
}

#[test]
fn p12_same_event_as_row_1() {
    let mut world = file_of_2025();
    let row_1 = home_care(&world, 0, "2025-01-01", "-");
    let renamed = CldRow {
        service_type: world.raw(Field::ServiceType, "Long term support: Community"),
        component: world.raw(Field::ServiceComponent, "Home support or domiciliary care"),
        ..row_1
    };
    let others = [
        (2, home_care(&world, 0, "2025-01-01", "2025-09-30"), [true, true]),
        (3, renamed, [false, true]),
        (4, home_care(&world, 0, "2025-04-01", "-"), [false, false]),
    ];
    for (n, other, same_in) in others {
        for (edition, same) in [Edition::A, Edition::B].into_iter().zip(same_in) {
            world.rows.clear();
            world.details.clear();
            world.settings.edition = edition;
            world.push(row_1);
            world.push(CldRow { record_id: n, ..other });
            let events = world.prepare(Mode::Joined).0.len();
            assert_eq!(events == 1, same, "row {n} in edition {edition:?}");
        }
    }
}

#[test]
fn p12_what_is_deliberately_not_in_the_key() {
    let mut world = file_of_2025();
    let service = home_care(&world, 0, "2025-01-01", "-");
    let review = world.row(0, "Review", "2025-02-01", "2025-02-02");
    let outcome = world.raw(Field::EventOutcome, "NFA: Other");
    let rows = [
        service,
        CldRow { outcome, ..service },
        CldRow { mechanism: world.raw(Field::DeliveryMechanism, "Direct payment"), ..service },
        CldRow { raw_end: opt("2025-03-01"), ..service },
        review,
        CldRow { outcome, ..review },
        CldRow { review_reason: world.raw(Field::ReviewReason, "Planned"), ..review },
    ];
    for (id, row) in (1..).zip(rows) {
        world.push(CldRow { record_id: id, ..row });
    }
    assert_eq!(world.prepare(Mode::Joined).0.len(), 2);
}

#[test]
fn p12_other_events_differ_by_end_and_by_what_goes_with_their_type() {
    let mut world = one_file();
    let route = |world: &World, text| world.raw(Field::RequestRouteOfAccess, text);
    let rows = [
        world.row(0, "Request", "2024-05-01", "2024-05-03"),
        world.row(0, "Request", "2024-05-01", "2024-05-04"),
        CldRow {
            route: route(&world, "Prison"),
            ..world.row(0, "Request", "2024-05-01", "2024-05-03")
        },
        CldRow {
            route: route(&world, "prison"),
            ..world.row(0, "request ", "2024-05-01", "2024-05-03")
        },
        // a route does not go with an assessment
        world.row(0, "Assessment", "2024-05-01", "2024-05-03"),
        CldRow {
            route: route(&world, "Prison"),
            ..world.row(0, "Assessment", "2024-05-01", "2024-05-03")
        },
        CldRow {
            assessment_type: world.raw(Field::AssessmentType, "Long Term Assessment"),
            ..world.row(0, "Assessment", "2024-05-01", "2024-05-03")
        },
        CldRow {
            client_type: world.raw(Field::ClientType, "Carer"),
            ..world.row(0, "Assessment", "2024-05-01", "2024-05-03")
        },
        CldRow {
            la: world.texts.la.intern("101") as u16,
            ..world.row(0, "Assessment", "2024-05-01", "2024-05-03")
        },
    ];
    for (id, row) in (1..).zip(rows) {
        world.push(CldRow { record_id: id, ..row });
    }
    let (events, counts) = world.prepare(Mode::Joined);
    assert_eq!(ids(&events), [1, 2, 4, 6, 7, 8, 9]);
    assert_eq!(counts.joined.duplicate, 2);
}

#[test]
fn p13_open_services_of_earlier_periods_are_cropped_unless_they_go_on() {
    let mut world = two_files();
    let rows = [
        home_care(&world, 0, "2024-05-01", "-"),
        home_care(&world, 1, "2024-05-01", "-"),
        home_care(&world, 0, "2024-05-02", "-"),
        home_care(&world, 0, "2024-05-03", "2024-12-15"),
        home_care(&world, 0, "2024-05-04", "2024-09-30"),
        home_care(&world, 1, "2024-11-01", "-"),
    ];
    for (id, row) in (1..).zip(rows) {
        world.push(CldRow { record_id: id, ..row });
    }
    let (events, counts) = world.prepare(Mode::Joined);
    let found: Vec<(u64, OptDay, bool)> =
        events.iter().map(|event| (event.record_id, event.end, event.cropped)).collect();
    let boundary = opt("2024-09-30");
    assert_eq!(
        found,
        [
            (2, OptDay::NONE, false),
            (3, boundary, true),
            (4, boundary, true),
            (5, boundary, false),
            (6, OptDay::NONE, false),
        ]
    );
    assert_eq!((counts.joined.cropped, counts.joined.cut_to_death), (2, 0));
}

#[test]
fn p13_a_changed_raw_text_leaves_two_records_in_edition_a() {
    let mut world = two_files();
    let old = home_care(&world, 0, "2024-05-01", "-");
    world.push(old);
    let new = CldRow {
        service_type: world.raw(Field::ServiceType, "Long term support (Community)"),
        ..home_care(&world, 1, "2024-05-01", "-")
    };
    world.push(new);
    let (events, _) = world.prepare(Mode::Joined);
    let ends: Vec<OptDay> = events.iter().map(|event| event.end).collect();
    assert_eq!(ends, [opt("2024-09-30"), OptDay::NONE]);
    assert!(events.iter().all(|event| event.service_type == ServiceType::Community));
    world.settings.edition = Edition::B;
    assert_eq!(world.prepare(Mode::Joined).0.len(), 1);
}

#[test]
fn p26_trap_carers_known_by_association_without_dates_never_reach_the_rule() {
    let mut world = two_files();
    let known = CldRow {
        client_type: world.raw(Field::ClientType, "Unpaid carer known by association"),
        event_type: world.raw(Field::EventType, ""),
        start: OptDay::NONE,
        ..home_care(&world, 1, "2024-05-01", "-")
    };
    world.push(known);
    let dated = CldRow { record_id: 2, start: opt("2024-05-01"), ..known };
    world.push(CldRow { event_type: world.raw(Field::EventType, "Service"), ..dated });
    let (events, counts) = world.prepare(Mode::Joined);
    // the dated one alone is there to name whom it cares for
    let starts: Vec<_> = events.iter().map(|event| OptDay::from(event.start)).collect();
    assert_eq!(starts, [opt("2024-05-01")]);
    assert_eq!(counts.joined.no_start, 1);
}

#[test]
fn p13_cropping_without_the_next_quarter() {
    // the event comes back two periods later: the cropped row still loses
    let mut world = World::default();
    world.submit("100", "2024-07-20", "2024-04-01", "2024-06-30");
    world.submit("100", "2025-01-20", "2024-10-01", "2024-12-31");
    world.settings.joined = Some(period("2024-04-01", "2024-12-31"));
    for submission in [0, 1] {
        let row = home_care(&world, submission, "2024-05-01", "-");
        world.push(row);
    }
    let lone = home_care(&world, 0, "2024-05-02", "-");
    world.push(lone);
    let (events, _) = world.prepare(Mode::Joined);
    let found: Vec<(u64, OptDay)> =
        events.iter().map(|event| (event.record_id, event.end)).collect();
    assert_eq!(found, [(2, OptDay::NONE), (3, opt("2024-06-30"))]);
}

/// The four rows of the example of section 8.
fn section_8() -> World {
    let mut world = two_files();
    world.settings.single = Some(period("2024-04-01", "2025-03-31"));
    let rows = [
        (0, "-", "No change in package", 10, "CASSR commissioned support", 2000),
        (1, "2025-02-01", "Service ended as planned", 90, "CASSR commissioned support", 2100),
        (1, "-", "", 80, "CASSR commissioned support", 2100),
        (1, "-", "No change in package", 70, "Direct payment", 2100),
    ];
    for (submission, end, outcome, record_id, mechanism, pence) in rows {
        let row = CldRow {
            record_id,
            outcome: world.raw(Field::EventOutcome, outcome),
            mechanism: world.raw(Field::DeliveryMechanism, mechanism),
            ..home_care(&world, submission, "2024-05-01", end)
        };
        world.rows.push(row);
        world.details.push(CldDetail { unit_cost: Pence::new(pence), ..CldDetail::default() });
    }
    world
}

#[test]
fn p14_the_row_kept_in_the_joined_table() {
    let world = section_8();
    let cleaning = world.cleaning();
    let rank = |row: &CldRow| cleaning.outcome(row.outcome).rank();
    assert_eq!(world.rows.iter().map(rank).collect::<Vec<_>>(), [5, 14, 999, 5]);
    let (events, counts) = world.prepare(Mode::Joined);
    assert_eq!(ids(&events), [70]);
    assert_eq!(events[0].outcome, Outcome::Continuation);
    assert_eq!(counts.joined.duplicate, 3);
}

#[test]
fn p14_keys_decide_in_their_order() {
    // each row beats the one before by the key named
    let mut world = two_files();
    let outcome = |world: &World, text| world.raw(Field::EventOutcome, text);
    let rows = [
        (0, "-", "Progress to Reablement/ST-Max", 2, 99),
        (1, "2025-01-01", "Progress to Reablement/ST-Max", 2, 98), // reference period
        (1, "2025-01-02", "Progress to Reablement/ST-Max", 2, 97), // later end
        (1, "-", "", 2, 96),                                       // open
        (1, "-", "NFA: Other", 0, 95),                             // outcome
        (1, "-", "NFA: Other", 1, 94),                             // conversation 0 over missing
        (1, "-", "NFA: Other", 2, 1),                              // conversation 1 over 0
        (1, "-", "NFA- Other", 2, 2),                              // record id
    ];
    for (n, (submission, end, text, conversation, record_id)) in rows.into_iter().enumerate() {
        let row = CldRow {
            record_id,
            conversation,
            outcome: outcome(&world, text),
            ..home_care(&world, submission, "2024-05-01", end)
        };
        world.push(row);
        assert_eq!(ids(&world.prepare(Mode::Joined).0), [record_id], "row {n}");
    }
}

#[test]
fn p14_trap_an_end_left_open_in_the_last_file_wins() {
    let mut world = two_files();
    for (submission, end) in [(0, "2024-08-31"), (1, "-"), (1, "2024-10-31")] {
        let row = home_care(&world, submission, "2024-05-01", end);
        world.push(row);
    }
    let (events, _) = world.prepare(Mode::Joined);
    assert_eq!((ids(&events), events[0].end), (vec![2], OptDay::NONE));
}

#[test]
fn p15_trap_double_handed_care_on_two_identical_rows_is_one() {
    let mut world = one_file();
    for _ in 0..2 {
        let row = home_care(&world, 0, "2024-05-01", "-");
        world.rows.push(row);
        world.details.push(CldDetail { unit_cost: Pence::new(2000), ..CldDetail::default() });
    }
    assert_eq!(world.prepare(Mode::Single).0.len(), 1);
    assert_eq!(world.prepare(Mode::Joined).0.len(), 1);
}

#[test]
fn p14_the_reference_period_decides_where_periods_overlap() {
    let mut world = World::default();
    // quarters 1, 2 and 4, and quarter 3 alone
    world.submit("100", "2025-04-10", "2024-04-01", "2025-03-31");
    world.submit("100", "2025-04-20", "2024-10-01", "2024-12-31");
    world.settings.joined = Some(period("2024-04-01", "2025-03-31"));
    for (submission, end) in [(0, "2024-11-01"), (1, "-")] {
        let row = home_care(&world, submission, "2024-05-01", end);
        world.push(row);
    }
    let (events, _) = world.prepare(Mode::Joined);
    assert_eq!((ids(&events), events[0].end), (vec![1], opt("2024-11-01")));
}

#[test]
fn p14_equal_record_ids_are_told_apart_by_content() {
    let mut world = one_file();
    for text in ["Direct payment", "", "CASSR managed personal budget"] {
        let mechanism = world.raw(Field::DeliveryMechanism, text);
        let row = home_care(&world, 0, "2024-05-01", "-");
        world.push(CldRow { record_id: 7, mechanism, ..row });
    }
    let kept = |world: &World| world.prepare(Mode::Joined).0[0].mechanism;
    let first = kept(&world);
    world.rows.reverse();
    assert_eq!(kept(&world), first);
    assert!(!first.is_none());
}

#[test]
fn p15_services_split_by_mechanism_and_cost_in_the_single_table() {
    let mut world = section_8();
    let mut selection = world.selection();
    // rows 2 to 4 only, all of one period
    selection.single = vec![None, selection.single_window];
    let (events, counts) = world.prepare_with(Mode::Single, &selection);
    assert_eq!(ids(&events), [70, 80]);
    assert_eq!((counts.single.not_selected, counts.single.duplicate), (1, 1));

    // a cost of nothing is not the same as no cost; units and frequency split too
    let costs = [
        CldDetail { unit_cost: Pence::new(0), ..CldDetail::default() },
        CldDetail::default(),
        CldDetail { planned_units: Pence::new(100), ..CldDetail::default() },
        CldDetail {
            cost_frequency: world.raw(Field::CostFrequency, "Weekly"),
            ..CldDetail::default()
        },
        // an unknown text is as good as none
        CldDetail {
            cost_frequency: world.raw(Field::CostFrequency, "now and then"),
            ..CldDetail::default()
        },
    ];
    world.rows.clear();
    world.details.clear();
    for (id, detail) in (1..).zip(costs) {
        world.rows.push(CldRow { record_id: id, ..home_care(&world, 1, "2024-05-01", "-") });
        world.details.push(detail);
    }
    assert_eq!(ids(&world.prepare_with(Mode::Single, &selection).0), [1, 3, 4, 5]);
    // costs split services only
    for row in &mut world.rows {
        *row = CldRow {
            event_type: world.texts.raw.intern(Field::EventType, "Review"),
            raw_end: opt("2024-06-01"),
            ..*row
        };
    }
    assert_eq!(ids(&world.prepare_with(Mode::Single, &selection).0), [5]);
}

#[test]
fn section_9_an_open_service_of_the_last_file_stays_open() {
    let mut world = World::default();
    world.submit("100", "2025-01-20", "2024-01-01", "2024-12-31");
    world.submit("100", "2025-04-18", "2024-04-01", "2025-03-31");
    world.settings.joined = Some(period("2024-07-01", "2025-03-31"));
    let row = home_care(&world, 0, "2024-05-01", "-");
    world.push(row);
    let as_of = |text| {
        crate::cld::submission::select(
            &world.submissions,
            &world.texts,
            &world.settings,
            Some(day(text)),
        )
    };
    let (events, _) = world.prepare_with(Mode::Joined, &as_of("2025-01-31"));
    assert_eq!((events[0].end, events[0].cropped), (OptDay::NONE, false));
    assert_eq!(events[0].reference_end, day("2024-12-31"));
    let (events, counts) = world.prepare_with(Mode::Joined, &as_of("2025-04-30"));
    assert_eq!((events.len(), counts.joined.not_selected), (0, 1));
}

#[test]
fn p08_rows_without_start_or_type_and_after_death_are_counted() {
    let mut world = one_file();
    let rows = [
        world.row(0, "Review", "-", "2024-07-01"),
        world.row(0, "", "2024-07-01", "2024-07-01"),
        CldRow { death: opt("2024-04-20"), ..home_care(&world, 0, "2024-06-01", "-") },
        CldRow { death: opt("2024-07-20"), ..home_care(&world, 0, "2024-06-01", "-") },
    ];
    for row in rows {
        world.push(row);
    }
    let (events, counts) = world.prepare(Mode::Joined);
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].end, events[0].raw_end), (opt("2024-07-20"), OptDay::NONE));
    let counts = counts.joined;
    assert_eq!((counts.no_start, counts.no_event_type, counts.after_death), (1, 1, 1));
    assert_eq!((counts.cut_to_death, counts.kept), (1, 1));
}

#[test]
fn edition_b_cuts_at_the_registered_death() {
    let mut world = one_file();
    let row = CldRow { death: opt("2024-07-20"), ..home_care(&world, 0, "2024-06-01", "-") };
    world.push(row);
    world.settings.edition = Edition::B;
    world.deaths_given = true;
    world.registered_death = opt("2024-08-01");
    let (events, _) = world.prepare(Mode::Joined);
    assert_eq!((events[0].end, events[0].death), (opt("2024-08-01"), opt("2024-08-01")));
    world.registered_death = OptDay::NONE;
    let (events, _) = world.prepare(Mode::Joined);
    assert_eq!((events[0].end, events[0].death), (OptDay::NONE, OptDay::NONE));
}

#[test]
fn p16_prepared_rows_keep_their_reference_period_in_both_tables() {
    let mut world = one_file();
    let with_period = CldRow::FIRST_PREPARED;
    for submission in [with_period, CldRow::PREPARED] {
        world.push(home_care(&world, submission, "2010-05-01", "2011-01-01"));
    }
    let own = period("2023-04-01", "2023-09-30");
    let selection = Selection { prepared: vec![own], ..world.selection() };
    for mode in [Mode::Joined, Mode::Single] {
        let (events, _) = world.prepare_with(mode, &selection);
        let ends: Vec<Day> = events.iter().map(|event| event.reference_end).collect();
        assert_eq!(ends, [own.end, period("2024-04-01", "2025-03-31").end]);
    }
}

#[test]
fn prepared_rows_pass_as_they_are_in_both_tables() {
    let mut world = one_file();
    let prepared = CldRow::PREPARED;
    let rows = [
        home_care(&world, prepared, "2010-05-01", "2011-01-01"),
        home_care(&world, prepared, "2010-05-01", "2011-01-01"),
        CldRow { death: opt("2009-01-01"), ..home_care(&world, prepared, "2010-05-01", "-") },
        home_care(&world, prepared, "-", "-"),
        CldRow { id_kind: PersonIdKind::None, ..home_care(&world, prepared, "2010-05-01", "-") },
    ];
    for row in rows {
        world.push(row);
    }
    for mode in [Mode::Joined, Mode::Single] {
        let (events, mut counts) = world.prepare(mode);
        assert_eq!(events.len(), 3);
        assert_eq!(events[2].end, OptDay::NONE);
        assert_eq!(events[0].service_type, ServiceType::Community);
        assert_eq!(events[0].reference_end, day("2025-03-31"));
        let counts = counts.table(mode);
        assert_eq!((counts.prepared, counts.no_start, counts.no_person), (3, 1, 1));
    }
    world.submissions.clear();
    let (events, _) = world.prepare(Mode::Joined);
    assert_eq!((events[0].reference_start, events[0].reference_end), (day("2010-05-01"), OPEN_END));
}

#[test]
fn only_reviews_have_a_review_type() {
    let mut world = one_file();
    let reason = world.raw(Field::ReviewReason, "Planned");
    for kind in ["Review", "Assessment"] {
        let row = world.row(0, kind, "2024-05-01", "2024-05-01");
        world.push(CldRow { review_reason: reason, ..row });
    }
    let (events, _) = world.prepare(Mode::Joined);
    let types: Vec<ReviewType> = events.iter().map(|event| event.review_type).collect();
    assert_eq!(types, [ReviewType::None, ReviewType::Planned]);
}

#[test]
fn section_12_the_text_null_is_null_in_edition_b_alone() {
    let mut world = two_files();
    let row = home_care(&world, 0, "2024-05-01", "2024-06-01");
    let component = |text| world.raw(Field::ServiceComponent, text);
    let (blank, null, small) = (Raw::NONE, component("NULL"), component("null"));
    let of_type = world.raw(Field::EventType, "NULL");
    for component in [blank, null, small] {
        world.push(CldRow { component, ..row });
    }
    world.push(CldRow { event_type: of_type, ..row });
    world.settings.edition = Edition::A;
    let (events, counts) = world.prepare(Mode::Joined);
    // no component, a component NULL in two spellings, an event of type NULL
    assert_eq!((events.len(), counts.joined.no_event_type), (3, 0));
    assert_eq!(counts.joined.duplicate, 1);
    world.settings.edition = Edition::B;
    let (events, counts) = world.prepare(Mode::Joined);
    assert_eq!((events.len(), counts.joined.no_event_type), (1, 1));
    assert_eq!(counts.joined.duplicate, 2);
}
