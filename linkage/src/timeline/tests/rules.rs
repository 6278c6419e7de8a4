//! Care rows, bridging, holding, waiting, windows and coverage.

use super::*;
use crate::timeline::event_state::{NoEnd, StateEvent};
use crate::timeline::scheme::Scheme;
use crate::timeline::sequence::{Piece, walk};
use crate::timeline::settings::{InvalidServiceType, Observed, Preset, SchemeChoice};
use crate::timeline::state::LineFlags;

fn of(service_type: ServiceType, component: Component) -> Case {
    let row = service(service_type, "2024-06-01", "2024-06-10");
    Case::new(vec![CareEvent { component, ..row }], Vec::new())
}

#[test]
fn section_02_services_and_their_states() {
    for (service_type, component, wanted) in [
        (ServiceType::Nursing, Component::LongTermNursing, "NURS"),
        (ServiceType::Residential, Component::None, "RES"),
        (ServiceType::Prison, Component::None, "PRISON"),
        (ServiceType::Community, Component::ShortTermResidential, "COMM"),
        (ServiceType::StMax, Component::Reablement, "STMAX"),
        (ServiceType::StMax, Component::ShortTermNursing, "ST_BED"),
        (ServiceType::OtherShortTerm, Component::ShortTermResidential, "ST_BED"),
        (ServiceType::OtherShortTerm, Component::Emergency, "ST_OTH"),
        (ServiceType::LowLevel, Component::ShortTermNursing, "ST_LOW"),
        (ServiceType::CarerIndirect, Component::CarerRespite, "CARER"),
        (ServiceType::Invalid, Component::None, "ST_OTH"),
        (ServiceType::None, Component::None, "ST_OTH"),
    ] {
        let visits = of(service_type, component).visits();
        assert_eq!(visits[1], format!("{wanted} 06-01 10"), "{service_type:?}");
    }
    let invalid = of(ServiceType::Invalid, Component::None);
    assert_eq!(invalid.build().counts.invalid_type, 1);
    let drop = invalid.set(|s| s.invalid_service_type = InvalidServiceType::LeaveOut);
    assert_eq!(drop.build().counts.invalid_type_left_out, 1);
    let whole = of(ServiceType::StMax, Component::ShortTermNursing)
        .set(|settings| settings.split_short_term_beds = false);
    assert_eq!(whole.visits()[1], "STMAX 06-01 10");
}

#[test]
fn section_02_rows_that_are_no_state_are_counted() {
    let equipment = of(ServiceType::Community, Component::Equipment);
    assert_eq!(equipment.visits(), ["HOME 04-01 365"]);
    assert_eq!(equipment.build().counts.equipment_rows, 1);
    let state = equipment.set(|settings| settings.equipment_is_event = false);
    assert_eq!(state.visits()[1], "COMM 06-01 10");
    let ignored = state.set(|settings| settings.ignore_states = vec![State::Community]);
    assert_eq!(ignored.visits(), ["HOME 04-01 365"]);
    assert_eq!(ignored.build().counts.ignored_rows, 1);
    let direct = of(ServiceType::CarerDirect, Component::None);
    assert_eq!(direct.build().counts.carer_direct_rows, 1);
    let mut reversed = of(ServiceType::Community, Component::None);
    reversed.events[0].end = opt("2024-05-31");
    assert_eq!(reversed.visits(), ["HOME 04-01 365"]);
    assert_eq!(reversed.build().counts.reversed_rows, 1);
}

#[test]
fn section_02_carers_are_another_population() {
    let mut case = of(ServiceType::CarerDirect, Component::OtherCarer);
    case.events[0].client_type = ClientType::UnpaidCarer;
    let built = case.build();
    assert!(built.line.visits.is_empty());
    assert_eq!((built.counts.carer_rows, built.counts.no_record), (1, 1));
    let case = case.set(|settings| settings.carer_lines = true);
    assert_eq!(case.visits()[1], "CARER_SELF 06-01 10");
}

#[test]
fn section_02_ranks_can_be_overridden_and_ascof_ranks_prison_last() {
    let events = vec![
        service(ServiceType::Prison, "2024-01-01", ""),
        service(ServiceType::Community, "2024-01-01", ""),
    ];
    let case = Case::new(events, Vec::new());
    assert_eq!(case.visits(), ["PRISON 04-01 365"]);
    let ascof =
        case.clone().set(|settings| settings.state_scheme = SchemeChoice::Preset(Preset::Ascof));
    assert_eq!(ascof.visits(), ["COMM 04-01 365"]);
    let override_rank = case.set(|s| s.rank_override = [(State::Community, 2)].into());
    let built = override_rank.build();
    assert_eq!(built.visits(), ["COMM 04-01 365"]);
    assert_eq!(codes(built.line.visits[0].mask), "PRISON+COMM");
}

#[test]
fn section_06_gaps_state_by_state() {
    for (service_type, gap) in [
        (ServiceType::Nursing, 1),
        (ServiceType::Residential, 1),
        (ServiceType::Prison, 1),
        (ServiceType::Community, 7),
        (ServiceType::StMax, 6),
        (ServiceType::OtherShortTerm, 7),
        (ServiceType::LowLevel, 31),
        (ServiceType::CarerIndirect, 31),
    ] {
        for (clear_days, intervals) in [(gap, 1), (gap + 1, 2)] {
            let mut case = of(service_type, Component::None);
            let mut next = case.events[0];
            next.start = day("2024-06-11").plus(clear_days);
            next.end = next.start.plus(3).into();
            case.events.push(next);
            assert_eq!(case.build().intervals.len(), intervals, "{service_type:?} {clear_days}");
        }
    }
}

#[test]
fn section_06_the_running_maximum_of_ends_counts() {
    let events = vec![
        service(ServiceType::Residential, "2024-06-01", "2024-07-31"),
        service(ServiceType::Residential, "2024-06-05", "2024-06-10"),
        service(ServiceType::Residential, "2024-08-02", "2024-08-10"),
    ];
    let case = Case::new(events, Vec::new());
    assert_eq!(case.visits()[1], "RES 06-01 71");
}

#[test]
fn x14_rows_bridge_across_councils_but_reablement_does_not() {
    for (service_type, intervals) in [(ServiceType::Community, 1), (ServiceType::StMax, 2)] {
        let mut other = service(service_type, "2024-06-14", "2024-07-31");
        other.la = 2;
        let first = service(service_type, "2024-06-01", "2024-06-10");
        let built = Case::new(vec![first, other], Vec::new()).build();
        assert_eq!(built.intervals.len(), intervals);
        assert!(built.line.flags.has(LineFlags::MULTI_LA));
        assert_eq!(built.counts.multi_la, 1);
    }
}

#[test]
fn section_03_attributes_come_from_the_later_start() {
    let council = |case: &Case| -> Vec<u16> {
        case.build().line.visits.iter().map(|visit| visit.la).collect()
    };
    let first = service(ServiceType::StMax, "2024-04-01", "2024-06-10");
    let mut later = service(ServiceType::StMax, "2024-06-01", "2024-06-05");
    later.la = 2;
    let case = Case::new(vec![first, later], Vec::new());
    let wanted = ["STMAX 04-01 61", "STMAX 06-01 5", "STMAX 06-06 5", "HOME 06-11 294"];
    assert_eq!(
        (case.visits(), council(&case)),
        (wanted.map(String::from).into(), vec![1, 2, 1, 0])
    );
    // one community interval of two councils: the row with the latest start on the visit's first day
    let mut next = service(ServiceType::Community, "2024-06-01", "2024-12-31");
    next.la = 2;
    let events = vec![service(ServiceType::Community, "2024-04-01", "2024-12-31"), next];
    let case = Case::new(events, vec![stay("2024-07-01", "2024-07-05")]);
    assert_eq!(council(&case), [1, 0, 2, 0]);
}

#[test]
fn x14_hold_limits() {
    let held = |first_end: &str, restart: &str, admission: &str, discharge: &str| {
        let events = vec![
            service(ServiceType::Nursing, "2024-04-01", first_end),
            service(ServiceType::Nursing, restart, ""),
        ];
        Case::new(events, vec![stay(admission, discharge)]).build().counts.held
    };
    assert_eq!(held("2024-05-31", "2024-06-27", "2024-06-01", "2024-06-20"), 1);
    assert_eq!(held("2024-05-30", "2024-06-27", "2024-06-01", "2024-06-20"), 0, "ended before");
    assert_eq!(held("2024-05-31", "2024-06-28", "2024-06-01", "2024-06-20"), 0, "too late");
    assert_eq!(held("2024-06-20", "2024-06-27", "2024-06-01", "2024-06-20"), 1);
    assert_eq!(held("2024-06-21", "2024-06-27", "2024-06-01", "2024-06-20"), 0, "ended after");
    assert_eq!(held("2024-06-02", "2024-07-15", "2024-06-01", "2024-07-13"), 1, "42 nights");
    assert_eq!(held("2024-06-02", "2024-07-15", "2024-06-01", "2024-07-14"), 0, "43 nights");
    assert_eq!(held("2024-06-01", "2024-06-08", "2024-06-01", "2024-06-01"), 0, "no night");
}

#[test]
fn x14_a_held_interval_can_be_held_again() {
    let events = vec![
        service(ServiceType::Community, "2024-04-01", "2024-06-01"),
        service(ServiceType::Community, "2024-06-22", "2024-07-20"),
        service(ServiceType::Residential, "2024-07-01", "2024-07-02"),
        service(ServiceType::Community, "2024-08-10", "2024-09-30"),
    ];
    let stays = vec![stay("2024-06-01", "2024-06-20"), stay("2024-07-20", "2024-08-08")];
    let built = Case::new(events, stays).build();
    assert_eq!(built.counts.held, 2);
    assert_eq!(built.intervals.iter().filter(|i| i.state == State::Community).count(), 1);
    assert_eq!(built.line.visits.last().map(|visit| visit.start), Some(day("2024-10-01")));
}

#[test]
fn section_07_when_a_wait_starts() {
    let waits = |event: CareEvent| Case::new(vec![event], Vec::new()).build().counts.waits;
    let asked = |end, outcome| waits(request("2024-06-01", end, outcome));
    for outcome in [Outcome::Reablement, Outcome::Assessment, Outcome::SupportPlanning] {
        assert_eq!(asked("2024-06-02", outcome), 1);
    }
    assert_eq!(asked("2024-06-02", Outcome::None), 1);
    assert_eq!(asked("", Outcome::Continuation), 1, "not yet closed");
    assert_eq!(asked("2024-06-02", Outcome::Continuation), 0);
    assert_eq!(asked("", Outcome::NfaOther), 0);
    assert_eq!(asked("2024-06-02", Outcome::AdmittedToHospital), 0);
    let assessed = |end, outcome| waits(assessment("2024-06-01", end, outcome));
    assert_eq!(assessed("2024-06-10", Outcome::SupportPlanning), 1);
    assert_eq!(assessed("", Outcome::SupportPlanning), 0);
    assert_eq!(assessed("2024-06-10", Outcome::NfaOther), 0);
}

#[test]
fn section_07_an_assessment_after_a_request_starts_no_second_wait() {
    let after = |requested: &str| {
        let events = vec![
            request(requested, requested, Outcome::NfaOther),
            assessment("2024-12-01", "2024-12-02", Outcome::SupportPlanning),
        ];
        Case::new(events, Vec::new()).build().counts.waits
    };
    assert_eq!(after("2024-06-03"), 0, "182 days before");
    assert_eq!(after("2024-06-02"), 1);
}

#[test]
fn x15_when_a_wait_ends() {
    let wait = |other: CareEvent| {
        let first = request("2024-06-01", "2024-06-01", Outcome::Assessment);
        Case::new(vec![first, other], Vec::new()).visits().get(1).cloned()
    };
    let is = |days: i32| Some(format!("AWAIT 06-01 {days}"));
    let community = service(ServiceType::Community, "2024-06-11", "2024-06-20");
    assert_eq!(wait(community), is(10));
    assert_eq!(wait(CareEvent { component: Component::Equipment, ..community }), is(10));
    assert_eq!(wait(assessment("2024-06-05", "2024-06-09", Outcome::NfaOther)), is(8));
    assert_eq!(wait(assessment("2024-06-05", "2024-06-09", Outcome::SupportPlanning)), is(182));
    assert_eq!(wait(request("2024-06-05", "2024-06-07", Outcome::AdmittedToHospital)), is(6));
    assert_eq!(wait(assessment("2024-06-05", "", Outcome::NfaOther)), is(182));
    let off = Case::new(vec![request("2024-06-01", "", Outcome::None)], Vec::new())
        .set(|settings| settings.await_max_days = 0);
    assert_eq!(off.visits(), ["HOME 04-01 365"]);
}

#[test]
fn x15_existing_clients() {
    let existing = |service_type, end: &str| {
        let events = vec![
            service(service_type, "2023-01-01", end),
            request("2024-06-01", "", Outcome::Assessment),
        ];
        Case::new(events, Vec::new()).build().counts.waits_of_clients
    };
    assert_eq!(existing(ServiceType::Community, "2023-06-01"), 1);
    assert_eq!(existing(ServiceType::Community, "2023-05-31"), 0);
    assert_eq!(existing(ServiceType::StMax, "2024-03-01"), 1);
    assert_eq!(existing(ServiceType::OtherShortTerm, "2024-02-29"), 0);
    assert_eq!(existing(ServiceType::LowLevel, "2024-05-31"), 0);
    assert_eq!(existing(ServiceType::LowLevel, "2024-06-01"), 1);
    assert_eq!(existing(ServiceType::LowLevel, ""), 1);
}

#[test]
fn section_05_the_line_begins_at_the_latest_of_window_birthday_and_evidence() {
    let first = |birth, entry, start| {
        let mut case = Case::new(vec![service(ServiceType::Community, start, "")], Vec::new())
            .set(|settings| settings.entry_rule = entry);
        case.birth = birth;
        let built = case.build();
        (built.visits()[0].clone(), built.line.visits[0].truncated)
    };
    let adult = BirthMonth::new(1950, 1);
    let turns_18 = BirthMonth::new(2006, 6);
    let (window, record) = (EntryRule::Window, EntryRule::FirstRecord);
    assert_eq!(first(adult, window, "2024-06-10"), ("HOME 04-01 70".into(), true));
    assert_eq!(first(adult, record, "2024-06-10"), ("COMM 06-10 295".into(), false));
    assert_eq!(first(adult, record, "2024-01-01"), ("COMM 04-01 365".into(), true));
    assert_eq!(first(turns_18, record, "2024-05-01"), ("COMM 06-01 304".into(), true));
    assert_eq!(first(turns_18, window, "2024-06-10"), ("HOME 06-01 9".into(), true));
    assert_eq!(first(turns_18, record, "2024-06-10"), ("COMM 06-10 295".into(), false));
}

#[test]
fn x16_reviews_and_admissions_are_evidence_and_attendances_are_not() {
    let by_record = |case: Case| case.set(|settings| settings.entry_rule = EntryRule::FirstRecord);
    let review = event(EventType::Review, day("2024-05-01"), OptDay::NONE);
    let mut case = by_record(Case::new(vec![review], vec![stay("2024-06-01", "2024-06-02")]));
    assert_eq!(case.visits()[0], "HOME 05-01 31");
    case.stays.insert(0, stay("2023-01-01", "2023-01-01"));
    assert_eq!(case.visits()[0], "HOME 04-01 61");
    case.events.clear();
    case.stays.remove(0);
    case.attendances.push(attendance("2024-05-20", "2024-05-20"));
    assert_eq!(case.visits()[0], "IP_EM 06-01 1");
    case.stays.clear();
    assert_eq!(case.visits(), Vec::<String>::new());
    assert_eq!(case.build().counts.no_record, 1, "counted as without a record");
}

#[test]
fn section_03_open_services_end_with_their_councils_coverage() {
    let mut case = Case::new(vec![service(ServiceType::Nursing, "2024-05-01", "")], Vec::new());
    let covered = Period { start: day("2024-04-01"), end: day("2024-09-30") };
    case.coverage = vec![vec![], vec![covered]];
    assert_eq!(case.visits(), ["HOME 04-01 30", "NURS 05-01 153", "UNOBS 10-01 182"]);
    let always = case.clone().set(|settings| settings.observed = Observed::Always);
    assert_eq!(always.visits(), ["HOME 04-01 30", "NURS 05-01 335"]);
    // 9999-01-01 is an open end
    case.events[0].end = crate::day::OPEN_END.into();
    assert_eq!(case.visits()[1], "NURS 05-01 153");
}

#[test]
fn x13_any_council_of_the_person_covers_and_hospital_people_are_observed() {
    let half = |start: &str, end: &str| vec![Period { start: day(start), end: day(end) }];
    let coverage = vec![
        vec![],
        half("2024-04-01", "2024-06-30"),
        half("2024-10-01", "2025-03-31"),
        half("2024-04-01", "2025-03-31"),
    ];
    let mut case = Case::new(
        vec![service(ServiceType::Community, "2024-05-01", "2024-05-31")],
        vec![stay("2024-08-01", "2024-08-03")],
    );
    case.coverage = coverage;
    let wanted = [
        "HOME 04-01 30",
        "COMM 05-01 31",
        "HOME 06-01 30",
        "UNOBS 07-01 31",
        "IP_EM 08-01 2",
        "UNOBS 08-03 241",
    ];
    assert_eq!(case.visits(), wanted);
    assert_eq!(case.build().line.visits[4].underlying, State::Unobserved);
    let mut two = case.clone();
    two.events.push(CareEvent { la: 2, ..request("2024-10-01", "2024-10-01", Outcome::NfaOther) });
    let built = two.build();
    assert_eq!(built.visits()[5..], ["UNOBS 08-03 59", "HOME 10-01 182"]);
    assert!(built.line.visits[6].truncated, "when home began was not seen");
    case.events.clear();
    assert_eq!(case.visits(), ["HOME 04-01 122", "IP_EM 08-01 2", "HOME 08-03 241"]);
}

#[test]
fn section_05_home_after_the_last_record_can_be_capped() {
    let row = service(ServiceType::Community, "2024-04-01", "2024-04-30");
    let case = Case::new(vec![row], Vec::new()).set(|settings| settings.idle_cap_days = Some(31));
    assert_eq!(case.visits(), ["COMM 04-01 30", "HOME 05-01 31", "UNOBS 06-01 304"]);
    assert_eq!(case.build().counts.idle_capped, 1);
    let mut seen = case.clone();
    seen.events.push(event(EventType::Review, day("2024-06-01"), OptDay::NONE));
    assert_eq!(seen.visits()[1..], ["HOME 05-01 62", "UNOBS 07-02 273"]);
    assert_eq!(case.clone().dead("2024-07-01").visits()[1..], ["HOME 05-01 61"]);
    let none = case.set(|settings| settings.idle_cap_days = Some(0));
    assert_eq!(none.visits(), ["COMM 04-01 30", "UNOBS 05-01 335"]);
}

#[test]
fn people_without_a_state_can_be_left_out() {
    let case = Case::new(vec![request("2024-06-01", "2024-06-01", Outcome::NfaOther)], Vec::new());
    assert_eq!(case.visits(), ["HOME 04-01 365"]);
    let drop = case.set(|settings| settings.drop_empty = true);
    let built = drop.build();
    assert!(built.line.visits.is_empty());
    assert_eq!(built.counts.empty, 1);
    assert_eq!(drop.dead("2024-06-01").visits(), ["HOME 04-01 61"]);
}

#[test]
fn section_08_5_days_in_every_active_state() {
    let masks = cases::person_x().build().line.masks;
    let of = |state: State| -> i64 {
        let active = masks.iter().filter(|days| days.mask & state.bit() != 0);
        active.map(|days| i64::from(days.end.since(days.start))).sum()
    };
    assert_eq!(of(State::Community), i64::from(day("2024-11-16").since(day("2024-05-10"))));
    assert_eq!(of(State::StMax), 18);
    assert_eq!(of(State::Residential), i64::from(day("2025-02-09").since(day("2024-11-14"))));
    assert_eq!(of(State::InpatientEmergency), 28);
    assert_eq!(of(State::Home), 9);
}

#[test]
fn section_02_community_support_can_be_split_by_component() {
    let with = |component, start: &str, end: &str| CareEvent {
        component,
        ..service(ServiceType::Community, start, end)
    };
    let events = vec![
        with(Component::HomeSupport, "2024-04-01", "2024-06-30"),
        with(Component::DaySupport, "2024-05-01", "2024-05-10"),
        // five clear days after it: one interval, and nothing new counts in the gap
        with(Component::ExtraCare, "2024-07-06", ""),
    ];
    let case = Case::new(events, vec![stay("2024-08-01", "2024-08-05")])
        .set(|settings| settings.split_community = true);
    let built = case.build();
    let scheme = Scheme::of_study(&case.settings);
    let mut found = Vec::new();
    walk(&built.line, &scheme, 0, |piece| {
        if let Piece::Visit(step) = piece {
            let name = &scheme.names()[usize::from(step.state)];
            found.push(format!("{name} {} {}", &step.start.to_string()[5..], step.days));
        }
    });
    assert_eq!(
        found,
        [
            "COMM/HOME_SUPPORT 04-01 30",
            "COMM/OTHER 05-01 10",
            "COMM/HOME_SUPPORT 05-11 56",
            "COMM/EXTRA_CARE 07-06 26",
            "IP_EM 08-01 4",
            "COMM/EXTRA_CARE 08-05 239",
        ]
    );
    // measures see one state
    assert_eq!(built.visits(), ["COMM 04-01 122", "IP_EM 08-01 4", "COMM 08-05 239"]);
}

#[test]
fn section_08_5_the_day_mask_follows_slivers_and_idle_ends() {
    let events = vec![
        service(ServiceType::StMax, "2024-06-03", "2024-06-30"),
        service(ServiceType::Community, "2024-05-01", "2024-06-10"),
    ];
    let mut case = Case::new(events, vec![stay("2024-05-20", "2024-06-02")]).set(|settings| {
        settings.absorb_days = 1;
        settings.absorb_states = vec![State::Community];
        settings.idle_cap_days = Some(10);
    });
    case.events.sort_by_key(|event| event.start);
    let text = |days: &crate::timeline::state::ActiveStates| {
        format!(
            "{} {} {}",
            codes(days.mask),
            &days.start.to_string()[5..],
            days.end.since(days.start)
        )
    };
    let found: Vec<String> = case.build().line.masks.iter().map(text).collect();
    assert_eq!(
        found,
        [
            "HOME 04-01 30",
            "COMM 05-01 19",
            "IP_EM+COMM 05-20 13",
            "STMAX+COMM 06-02 1",
            "STMAX+COMM 06-03 8",
            "STMAX 06-11 20",
            "HOME 07-01 10",
            "UNOBS 07-11 264",
        ]
    );
}

#[test]
fn section_05_what_an_idle_end_cuts_off_leaves_the_mask() {
    // the wait of an existing client, in the mask only, begins with the end of the assessment
    let events = vec![
        service(ServiceType::Community, "2024-01-01", "2024-03-20"),
        assessment("2024-04-05", "2024-06-01", Outcome::SupportPlanning),
    ];
    let case = Case::new(events, Vec::new());
    let masks = |case: &Case| -> Vec<String> {
        case.build().line.visits.iter().map(|visit| codes(visit.mask)).collect()
    };
    assert_eq!(masks(&case), ["AWAIT+HOME"]);
    let case = case.set(|settings| settings.idle_cap_days = Some(10));
    assert_eq!(case.visits(), ["HOME 04-01 14", "UNOBS 04-15 351"]);
    assert_eq!(masks(&case), ["HOME", "UNOBS"]);
}

#[test]
fn a_line_outside_the_hospital_data_is_flagged() {
    let case = Case::new(vec![service(ServiceType::Community, "2024-06-01", "")], Vec::new());
    assert_eq!(case.build().line.flags, LineFlags::default());
    let lines = Lines::new(
        &case.settings,
        case.window.0..case.window.1,
        Vec::new(),
        case.window.0..day("2025-01-01"),
    );
    let input = LineInput {
        events: &case.events,
        spells: &[],
        cips: &[],
        attendances: &[],
        links: &[],
        death: Death::default(),
        birth: BirthMonth::default(),
        logged: &[],
    };
    let mut line = Line::default();
    lines.build(&input, &mut Scratch::default(), &mut line, &mut LineCounts::default());
    assert!(line.flags.has(LineFlags::HOSPITAL_UNOBSERVED));
}

fn logged(state: State, start: &str, end: Result<&str, NoEnd>) -> StateEvent {
    StateEvent { state, start: day(start), end: end.map(day) }
}

#[test]
fn events_of_logs_are_read_as_care_rows() {
    let row = service(ServiceType::Community, "2024-06-01", "2024-06-10");
    let mut case = Case::new(vec![row], Vec::new());
    case.logged = vec![
        logged(State::ShortTermBed, "2024-05-01", Ok("2024-05-01")),
        logged(State::Community, "2024-05-25", Ok("2024-05-28")),
        logged(State::ShortTermBed, "2024-06-05", Err(NoEnd::Missing)),
        logged(State::ShortTermBed, "2024-06-05", Ok("2024-06-06")),
        logged(State::ShortTermBed, "2024-06-07", Err(NoEnd::Reversed)),
        logged(State::Community, "2024-06-09", Ok("2024-06-12")),
    ];
    let built = case.build();
    // one day; joined to the care row over three clear days; over it, and on the same package after it
    assert_eq!(
        built.visits(),
        [
            "HOME 04-01 30",
            "ST_BED 05-01 1",
            "HOME 05-02 23",
            "COMM 05-25 11",
            "ST_BED 06-05 2",
            "COMM 06-07 6",
            "HOME 06-13 292",
        ]
    );
    // an event has no council, the row that it is joined to has
    assert_eq!((built.line.visits[1].la, built.line.visits[3].la), (0, 1));
    let counts = built.counts;
    assert_eq!((counts.event_rows, counts.used_events, counts.event_bridged), (6, 4, 1));
    assert_eq!((counts.event_no_end, counts.event_reversed), (1, 1));
    assert_eq!((counts.service_rows, counts.used_rows, counts.bridged_rows), (1, 1, 1));
    // what the settings leave out, and deaths
    let ignored = case.clone().set(|s| s.ignore_states = vec![State::ShortTermBed]);
    assert_eq!(ignored.build().counts.event_ignored, 2);
    let dead = case.dead("2024-06-05").build();
    assert_eq!((dead.counts.event_after_death, dead.counts.event_tail), (1, 1));
    assert_eq!(dead.visits().last().map(String::as_str), Some("COMM 05-25 11"));
}

#[test]
fn events_of_logs_make_nobody_known() {
    let mut case = Case::new(Vec::new(), Vec::new());
    case.logged = vec![logged(State::ShortTermBed, "2024-05-01", Ok("2024-05-09"))];
    let built = case.build();
    assert_eq!((built.line.visits.len(), built.counts.no_record), (0, 1));
    assert_eq!(built.counts.used_events, 1);
}
