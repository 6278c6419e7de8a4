//! The boundaries of every rule, each side of it.

use super::super::{Ascof2d, Nulls, Settings};
use super::people::*;
use crate::figure::{AttritionStep, Results, Unit, Value};
use crate::measures::Measure;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{ClientType, Component, EventType, ServiceType};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{BirthMonth, OptDay};
use throughcare_linkage::person::PersonIdKind;
use throughcare_linkage::records::apc::{Episode, EpisodeFlags};

const ENGLAND: &str = "E92000001";

fn run_with(settings: Settings, people: &[Someone]) -> Results {
    measure(settings, &frame(&[period("2024-04-01", "2025-03-31")], "2025-06-30"), people)
}

fn run(people: &[Someone]) -> Results {
    run_with(Settings::default(), people)
}

/// Clusters and spells of England.
fn england(results: &Results) -> (i64, i64) {
    let count = |part: &str| numbers(results, part, ENGLAND, "").and_then(|(_, count)| count);
    (count("part1").unwrap_or(0), count("part2").unwrap_or(0))
}

fn spells(row: Episode) -> i64 {
    england(&run(&[Someone::new(&[row], &[])])).1
}

/// A stay from 1 to 10 May 2024 with reablement from 12 May.
fn linked(more_stays: &[Episode], more_care: &[CareEvent]) -> Someone {
    let mut stays = vec![stay(1, "2024-05-01", "2024-05-10")];
    stays.extend_from_slice(more_stays);
    let mut care = vec![reablement("2024-05-12", "2024-06-01")];
    care.extend_from_slice(more_care);
    Someone::new(&stays, &care)
}

/// The combination of outcomes of one linked person.
fn outcome(someone: Someone) -> String {
    let results = run(&[someone]);
    assert_eq!(england(&results).0, 1, "one cluster is linked");
    let mut found = results.measures.iter().filter(|figure| {
        figure.part == "venn"
            && figure.area.code == ENGLAND
            && figure.numerator == Some(1)
            && !figure.stratum.contains("client_type")
    });
    let stratum = &found.next().unwrap().stratum;
    assert!(found.next().is_none());
    stratum.trim_start_matches("died_readmitted_carehome=").to_owned()
}

#[test]
fn m10_link_window_is_minus_seven_to_plus_three_days() {
    let clusters = |start: &str| {
        let stay = stay(1, "2024-05-01", "2024-05-10");
        england(&run(&[Someone::new(&[stay], &[reablement(start, "")])])).0
    };
    assert_eq!(clusters("2024-05-17"), 1); // discharge = start - 7
    assert_eq!(clusters("2024-05-18"), 0);
    assert_eq!(clusters("2024-05-07"), 1); // discharge = start + 3
    assert_eq!(clusters("2024-05-06"), 0);
}

#[test]
fn m10_admission_is_on_the_start_of_the_cluster_at_the_latest() {
    let clusters = |admission: &str| {
        let stay = stay(1, admission, "2024-05-11");
        england(&run(&[Someone::new(&[stay], &[reablement("2024-05-09", "")])])).0
    };
    assert_eq!(clusters("2024-05-09"), 1);
    assert_eq!(clusters("2024-05-10"), 0);
}

#[test]
fn m10_rows_of_one_cluster_start_at_most_seven_days_after_the_latest_end() {
    let clusters = |second: &str| {
        let stays = [stay(1, "2024-05-01", "2024-05-10"), stay(2, "2024-05-20", "2024-05-22")];
        let care = [reablement("2024-05-11", "2024-05-17"), reablement(second, "")];
        england(&run(&[Someone::new(&stays, &care)])).0
    };
    assert_eq!(clusters("2024-05-24"), 1);
    assert_eq!(clusters("2024-05-25"), 2);
}

#[test]
fn trap_4_one_discharge_links_to_clusters_of_two_councils() {
    let mut south = reablement("2024-05-13", "2024-05-20");
    south.la = SOUTHTON;
    let results = run(&[linked(&[], &[south])]);
    assert_eq!(england(&results), (2, 1));
    assert_eq!(numbers(&results, "part2", ENGLAND, ""), Some((Some(2), Some(1))));
    assert_eq!(numbers(&results, "part1", "100", ""), Some((Some(1), Some(1))));
    assert_eq!(numbers(&results, "part1", "200", ""), Some((Some(1), Some(1))));
}

#[test]
fn trap_6_part_1_is_by_reabling_council_and_the_denominator_of_part_2_by_residence() {
    let mut away = linked(&[], &[]);
    away.joined[0].la = UNLISTED;
    away.episodes[0].lsoa = 2;
    let results = run(&[away]);
    assert_eq!(numbers(&results, "part2", "300", ""), Some((Some(1), None)));
    assert_eq!(find(&results, "part2", "300", "").unwrap().value, Value::Unavailable);
    assert_eq!(numbers(&results, "part2", "200", ""), Some((None, Some(1))));
    assert_eq!(numbers(&results, "part2", "South", ""), Some((None, Some(1))));
    assert_eq!(numbers(&results, "part2", ENGLAND, ""), Some((Some(1), Some(1))));
    assert_eq!(numbers(&results, "part1", "South", ""), None);
}

#[test]
fn residence_outside_england_or_unknown_is_left_out() {
    let lives = |lsoa: u32| spells(Episode { lsoa, ..stay(1, "2024-05-01", "2024-05-10") });
    assert_eq!([0, 1, 2, 3, 4, 5].map(lives), [0, 1, 1, 1, 0, 0]);
}

#[test]
fn age_is_65_by_the_formula_of_365_25_days() {
    let aged = |year: i32, month: u32, discharge: &str| {
        let periods = [period("2024-01-01", "2026-03-31")];
        let mut row = stay(1, "2024-01-01", discharge);
        row.birth = BirthMonth::new(year, month);
        let frame = frame(&periods, "2026-06-30");
        england(&measure(Settings::default(), &frame, &[Someone::new(&[row], &[])])).1
    };
    assert_eq!(aged(1959, 3, "2024-03-01"), 1);
    assert_eq!(aged(1961, 3, "2026-03-01"), 0); // 64.999: 65 only by the calendar
    assert_eq!(aged(1961, 3, "2026-03-02"), 1);
    let unknown = Episode { birth: BirthMonth::default(), ..stay(1, "2024-05-01", "2024-05-10") };
    assert_eq!(spells(unknown), 0);
}

#[test]
fn excluded_and_missing_codes_leave_a_row_out() {
    let row = stay(1, "2024-05-01", "2024-05-10");
    let method = |code: &str| spells(Episode { admission_method: Code::new(code), ..row });
    assert_eq!(
        ["21", "2A", "81", "31", "32", "82", "83", ""].map(method),
        [1, 1, 1, 0, 0, 0, 0, 0]
    );
    let ended = |code: &str| spells(Episode { discharge_method: Code::new(code), ..row });
    assert_eq!(["1", "2", "8", "4", "5", ""].map(ended), [1, 1, 1, 0, 0, 0]);
    let to = |code: &str| spells(Episode { destination: Code::new(code), ..row });
    assert_eq!(["49", "50", "51", "52", "79", "87", "88", ""].map(to), [0; 8]);
    assert_eq!(["19", "53", "54", "65", "84", "85", "98"].map(to), [1; 7]);
    let function = |code: &str| spells(Episode { treatment_function: Code::new(code), ..row });
    let excluded = [
        "199", "223", "290", "291", "331", "344", "345", "346", "424", "499", "501", "504", "560",
        "660", "661", "662", "840", "920", "650", "659", "700", "727", "",
    ];
    assert_eq!(excluded.map(function), [0; 23]);
    assert_eq!(["100", "300", "314", "430", "502", "640", "663", "170"].map(function), [1; 8]);
}

#[test]
fn missing_codes_pass_where_a_study_wants_it() {
    let row = Episode { destination: Code::NONE, ..stay(1, "2024-05-01", "2024-05-10") };
    let settings = Settings { null_in_exclusion: Nulls::Keep, ..Settings::default() };
    let results = run_with(settings, &[Someone::new(&[row], &[])]);
    assert_eq!(england(&results).1, 1);
}

#[test]
fn dates_of_eligible_stays() {
    let dates = |admission: &str, discharge: &str| spells(stay(1, admission, discharge));
    assert_eq!(dates("2024-03-20", "2024-04-01"), 1); // first day of the period
    assert_eq!(dates("2024-03-20", "2024-03-31"), 0);
    assert_eq!(dates("2025-03-20", "2025-03-31"), 1); // last day of the period
    assert_eq!(dates("2025-03-20", "2025-04-01"), 0);
    assert_eq!(dates("2023-04-01", "2024-05-01"), 1);
    assert_eq!(dates("2023-03-31", "2024-05-01"), 0);
    assert_eq!(dates("2024-05-01", "2024-05-01"), 0); // no night
    assert_eq!(dates("2024-05-02", "2024-05-01"), 0); // reversed
    let open = Episode { discharge: OptDay::NONE, ..stay(1, "2024-05-01", "2024-05-10") };
    assert_eq!(spells(open), 0);
    let no_admission = Episode { admission: OptDay::NONE, ..stay(1, "2024-05-01", "2024-05-10") };
    assert_eq!(spells(no_admission), 0);
}

#[test]
fn only_last_episodes_count() {
    let flagged = |flags: u8| {
        let row = Episode { flags: EpisodeFlags(flags), ..stay(1, "2024-05-01", "2024-05-10") };
        spells(row)
    };
    assert_eq!(flagged(EpisodeFlags::HAS_LAST | EpisodeFlags::LAST), 1);
    assert_eq!(flagged(EpisodeFlags::HAS_LAST), 0);
    assert_eq!(flagged(EpisodeFlags::SPELL_LEVEL), 1);
    assert_eq!(flagged(EpisodeFlags::HES), 0); // no indicator, and no spell built from it
}

#[test]
fn a_spell_counts_once_however_many_rows_it_has() {
    let row = stay(1, "2024-05-01", "2024-05-10");
    let elsewhere = Episode { lsoa: 2, sex: Code::new("1"), ..row };
    let results = run(&[Someone::new(&[row, row, elsewhere], &[])]);
    // once in each council and gender, once in England
    assert_eq!(england(&results).1, 1);
    for (area, slice) in [("100", ""), ("200", ""), ("North", ""), ("100", "slice=Female")] {
        assert_eq!(numbers(&results, "part2", area, slice), Some((None, Some(1))));
    }
    assert_eq!(numbers(&results, "part2", ENGLAND, "slice=Female"), Some((None, Some(1))));
    assert_eq!(numbers(&results, "part2", ENGLAND, "slice=Male"), Some((None, Some(1))));
    assert_eq!(numbers(&results, "part2", "100", "slice=Male"), None);
    let no_key = Episode { spell_key: None, ..row };
    let other = Episode { spell_key: None, ..stay(1, "2024-05-01", "2024-05-11") };
    assert_eq!(england(&run(&[Someone::new(&[no_key, no_key, other], &[])])).1, 2);
}

#[test]
fn care_on_the_day_of_admission_leaves_a_discharge_out() {
    let admitted = |care: CareEvent| {
        england(&run(&[Someone::new(&[stay(1, "2024-05-01", "2024-05-10")], &[care])])).1
    };
    for kind in [ServiceType::Nursing, ServiceType::Residential, ServiceType::Prison] {
        assert_eq!(admitted(service(SOUTHTON, kind, "2024-01-01", "")), 0);
    }
    let nursing = |start: &str, end: &str| admitted(service(1, ServiceType::Nursing, start, end));
    assert_eq!(nursing("2024-05-01", "2024-05-01"), 0);
    assert_eq!(nursing("2024-01-01", "2024-05-01"), 0);
    assert_eq!(nursing("2024-01-01", "2024-04-30"), 1);
    assert_eq!(nursing("2024-05-02", ""), 1);
    assert_eq!(nursing("2024-05-01", "2024-04-01"), 1); // reversed rows do not count
    let carer = CareEvent {
        client_type: ClientType::UnpaidCarer,
        ..service(1, ServiceType::Nursing, "2024-01-01", "")
    };
    assert_eq!(admitted(carer), 1);
    // the event type of long-term rows is not looked at
    let request = CareEvent {
        event_type: EventType::Request,
        ..service(1, ServiceType::Nursing, "2024-01-01", "2024-06-01")
    };
    assert_eq!(admitted(request), 0);
}

#[test]
fn client_type_is_community_support_on_the_day_of_admission() {
    let community = |start: &str, end: &str| {
        let care = service(SOUTHTON, ServiceType::Community, start, end);
        let results = run(&[Someone::new(&[stay(1, "2024-05-01", "2024-05-10")], &[care])]);
        let stratum = "client_type=Those in LT community support";
        numbers(&results, "part2", "100", stratum).is_some()
    };
    assert!(community("2024-05-01", "2024-05-01"));
    assert!(community("2023-01-01", ""));
    assert!(!community("2023-01-01", "2024-04-30"));
    assert!(!community("2024-05-02", ""));
}

#[test]
fn a_death_before_the_period_removes_the_rows_of_its_council_only() {
    let mut someone = linked(&[], &[]);
    someone.joined[0].death = day("2024-03-31").into();
    assert_eq!(england(&run(&[someone.clone()])).0, 0);
    someone.joined[0].death = day("2024-04-01").into();
    assert_eq!(england(&run(&[someone.clone()])).0, 1);
    let mut south = service(SOUTHTON, ServiceType::LowLevel, "2024-01-01", "");
    south.death = day("2024-03-31").into();
    someone.joined.push(south);
    assert_eq!(england(&run(&[someone])).0, 1);
}

#[test]
fn p25_death_is_of_the_latest_reference_period_that_has_one() {
    let row = |reference_end: &str, death: &str| CareEvent {
        reference_end: day(reference_end),
        death: OptDay::from(throughcare_linkage::day::Day::parse_iso(death)),
        client_type: ClientType::UnpaidCarer,
        ..service(NORTHTON, ServiceType::None, "2024-01-01", "2024-01-02")
    };
    // discharged on 10 May, so day 84 is 2 August
    let care = [row("2025-12-31", ""), row("2024-12-31", "2024-08-02")];
    assert_eq!(outcome(linked(&[], &care)), "100");
    let late = [row("2025-06-30", "2024-08-03"), row("2024-12-31", "2024-08-02")];
    assert_eq!(outcome(linked(&[], &late)), "000");
    let early = [row("2025-06-30", "2024-08-02"), row("2024-12-31", "2024-08-03")];
    assert_eq!(outcome(linked(&[], &early)), "100");
    let care = [row("2025-06-30", "2024-08-02"), row("2025-06-30", "2024-08-01")];
    assert_eq!(outcome(linked(&[], &care)), "100");
}

#[test]
fn death_counts_from_the_day_of_discharge_to_day_84() {
    let dies = |death: &str| {
        let mut someone = linked(&[], &[]);
        someone.joined[0].death = day(death).into();
        outcome(someone)
    };
    assert_eq!(dies("2024-05-09"), "000");
    assert_eq!(dies("2024-05-10"), "100");
    assert_eq!(dies("2024-08-02"), "100");
    assert_eq!(dies("2024-08-03"), "000");
}

#[test]
fn care_home_entry_counts_from_the_day_of_discharge_to_day_84() {
    let enters = |kind: ServiceType, start: &str| {
        outcome(linked(&[], &[service(SOUTHTON, kind, start, "")]))
    };
    assert_eq!(enters(ServiceType::Nursing, "2024-05-09"), "000");
    assert_eq!(enters(ServiceType::Nursing, "2024-05-10"), "001");
    assert_eq!(enters(ServiceType::Residential, "2024-08-02"), "001");
    assert_eq!(enters(ServiceType::Residential, "2024-08-03"), "000");
    assert_eq!(enters(ServiceType::Community, "2024-06-01"), "000");
    assert_eq!(enters(ServiceType::Prison, "2024-06-01"), "000");
}

#[test]
fn readmission_is_after_discharge_and_start_and_by_day_84() {
    let again = |admission: &str| outcome(linked(&[stay(2, admission, "2024-09-01")], &[]));
    assert_eq!(again("2024-05-10"), "000"); // the day of discharge
    assert_eq!(again("2024-05-11"), "000"); // after discharge, before the reablement
    assert_eq!(again("2024-05-12"), "000"); // the start of the reablement
    assert_eq!(again("2024-05-13"), "010");
    assert_eq!(again("2024-08-02"), "010");
    assert_eq!(again("2024-08-03"), "000");
}

#[test]
fn readmission_after_a_start_that_precedes_the_discharge_is_after_the_discharge() {
    let outcome_of = |admission: &str| {
        let stays = [stay(1, "2024-05-01", "2024-05-10"), stay(2, admission, "2024-09-01")];
        outcome(Someone::new(&stays, &[reablement("2024-05-08", "")]))
    };
    assert_eq!(outcome_of("2024-05-09"), "000");
    assert_eq!(outcome_of("2024-05-10"), "000");
    assert_eq!(outcome_of("2024-05-11"), "010");
}

#[test]
fn trap_9_what_makes_a_readmission() {
    let base = stay(2, "2024-06-10", "2024-06-15");
    let of = |row: Episode| outcome(linked(&[row], &[]));
    let management = |code: &str| of(Episode { management: Code::new(code), ..base });
    assert_eq!(["EM", "NE"].map(management), ["010", "010"]);
    assert_eq!(["EL", "DC", "UNK", ""].map(management), ["000"; 4]);
    let ended = |code: &str| of(Episode { discharge_method: Code::new(code), ..base });
    assert_eq!(["4", "1", "8"].map(ended), ["010"; 3]);
    assert_eq!(["5", ""].map(ended), ["000"; 2]);
    assert_eq!(of(Episode { flags: EpisodeFlags(EpisodeFlags::HAS_LAST), ..base }), "000");
    assert_eq!(of(stay(2, "2024-06-10", "2024-06-10")), "000"); // no night
    // none of the exclusions of eligible discharges apply
    let excluded = Episode {
        admission_method: Code::new("31"),
        destination: Code::NONE,
        treatment_function: Code::new("501"),
        birth: BirthMonth::default(),
        lsoa: 0,
        ..base
    };
    assert_eq!(of(excluded), "010");
}

#[test]
fn trap_3_a_stay_that_is_open_or_ends_after_the_extract_is_no_readmission() {
    let ends = |end: &str| outcome(linked(&[stay(2, "2024-06-10", end)], &[]));
    assert_eq!(ends("2025-06-30"), "010"); // the extract date, after the period
    assert_eq!(ends("2025-07-01"), "000");
    let open = Episode { discharge: OptDay::NONE, ..stay(2, "2024-06-10", "2024-06-11") };
    assert_eq!(outcome(linked(&[open], &[])), "000");
}

#[test]
fn the_latest_discharge_of_the_window_is_followed_up() {
    // the readmission of 13 May is itself the latest discharge within the window
    let first = stay(1, "2024-05-01", "2024-05-06");
    let second = stay(2, "2024-05-08", "2024-05-13");
    let someone = Someone::new(&[first, second], &[reablement("2024-05-10", "")]);
    assert_eq!(outcome(someone), "000");
    let early = Someone::new(&[first, second], &[reablement("2024-05-07", "")]);
    assert_eq!(outcome(early), "010"); // admitted after the start, so only the first is linked
}

#[test]
fn trap_5_a_cluster_is_in_every_slice_of_its_rows_and_twice_in_the_venn_table() {
    // two spells on the latest date; the second was admitted in community support
    let second = Episode {
        sex: Code::new("1"),
        birth: BirthMonth::new(1930, 1),
        ..stay(2, "2024-05-05", "2024-05-10")
    };
    let community = service(NORTHTON, ServiceType::Community, "2024-05-04", "");
    let people = [linked(&[second], &[community])];
    let results = run(&people);
    let part1 = |stratum: &str| numbers(&results, "part1", ENGLAND, stratum);
    let one = Some((Some(1), Some(1)));
    for stratum in [
        "",
        "slice=75-84",
        "slice=85+",
        "slice=Female",
        "slice=Male",
        "client_type=Those in LT community support",
        "client_type=Those in LT community support; slice=85+",
        "client_type=Those not in any LTS; slice=Female",
    ] {
        assert_eq!(part1(stratum), one, "{stratum}");
    }
    assert_eq!(part1("client_type=Those not in any LTS; slice=Male"), None);
    let venn = |results: &Results, prefix: &str| {
        let stratum = format!("{prefix}died_readmitted_carehome=000");
        numbers(results, "venn", ENGLAND, &stratum).unwrap().0.unwrap()
    };
    assert_eq!(venn(&results, ""), 2);
    assert_eq!(venn(&results, "client_type=Those not in any LTS; "), 1);
    let once = Settings { venn_counts_clusters_once: true, ..Settings::default() };
    assert_eq!(venn(&run_with(once, &people), ""), 1);
}

#[test]
fn rows_of_the_latest_date_are_linked_even_when_admitted_after_the_start() {
    let late = Episode { sex: Code::new("1"), ..stay(2, "2024-05-09", "2024-05-10") };
    let stays = [stay(1, "2024-05-01", "2024-05-10"), late];
    let results = run(&[Someone::new(&stays, &[reablement("2024-05-08", "")])]);
    assert_eq!(numbers(&results, "part1", ENGLAND, "slice=Male"), Some((Some(1), Some(1))));
}

#[test]
fn only_services_with_the_component_reablement_are_reablement() {
    let clusters = |change: fn(&mut CareEvent), settings: Settings| {
        let mut someone = linked(&[], &[]);
        change(&mut someone.joined[0]);
        england(&run_with(settings, &[someone])).0
    };
    let settings = Settings::default;
    assert_eq!(clusters(|_| {}, settings()), 1);
    assert_eq!(clusters(|event| event.component = Component::HomeSupport, settings()), 0);
    assert_eq!(clusters(|event| event.component = Component::None, settings()), 0);
    assert_eq!(clusters(|event| event.service_type = ServiceType::OtherShortTerm, settings()), 0);
    assert_eq!(clusters(|event| event.event_type = EventType::Review, settings()), 0);
    assert_eq!(clusters(|event| event.client_type = ClientType::None, settings()), 0);
    assert_eq!(clusters(|event| event.end = day("2024-05-11").into(), settings()), 0);
    let any = Settings { reablement_component_only: false, ..Settings::default() };
    assert_eq!(clusters(|event| event.component = Component::HomeSupport, any), 1);
}

#[test]
fn people_who_cannot_be_linked_are_counted_out() {
    let mut local = linked(&[], &[]);
    local.linkable = false;
    local.kind = PersonIdKind::LaLocal;
    let mut nobody = linked(&[], &[]);
    nobody.linkable = false;
    nobody.kind = PersonIdKind::None;
    let results = run(&[local, nobody]);
    assert_eq!(england(&results), (0, 0));
    let out = |part: &str, what: &str| {
        let step =
            results.attrition.iter().find(|s| s.part == part && s.what.starts_with(what)).unwrap();
        (step.records_out, step.people_left)
    };
    assert_eq!(out("part1", "The event has a person"), (1, Some(1)));
    assert_eq!(out("part1", "The person is known"), (1, Some(0)));
    assert_eq!(out("part2", "The person is known"), (2, Some(0)));
}

#[test]
fn attrition_adds_up_part_by_part() {
    let people = [
        linked(&[stay(2, "2024-05-01", "2024-05-10")], &[reablement("2024-05-20", "")]),
        linked(&[stay(9, "2024-06-01", "2024-06-01")], &[]),
        Someone::new(&[], &[service(NORTHTON, ServiceType::Community, "2024-01-01", "")]),
    ];
    let results = run(&people);
    for part in ["part1", "part2"] {
        let steps: Vec<&AttritionStep> =
            results.attrition.iter().filter(|step| step.part == part).collect();
        assert_eq!((steps[0].step, steps[0].records_out, steps[0].records_left), (1, 0, 4));
        for pair in steps.windows(2) {
            assert_eq!(pair[1].step, pair[0].step + 1);
            assert_eq!(pair[1].records_left, pair[0].records_left - pair[1].records_out);
            assert!(pair[1].people_left <= pair[0].people_left);
        }
    }
    assert_eq!(england(&results), (2, 3));
    let last = results.attrition.iter().rfind(|step| step.part == "part1").unwrap();
    assert_eq!((last.records_left, last.people_left), (2, Some(2)));
    assert_eq!(last.unit, Unit::Episodes);
}

#[test]
fn a_settings_period_replaces_those_of_the_study() {
    let settings = Settings {
        periods: vec![period("2024-05-10", "2024-05-10"), period("2024-05-11", "2025-05-10")],
        ..Settings::default()
    };
    let results = run_with(settings, &[linked(&[], &[])]);
    let part1: Vec<_> = results.measures.iter().filter(|figure| figure.part == "part1").collect();
    assert!(part1.iter().all(|figure| figure.period.end == day("2024-05-10")));
    assert!(!part1.is_empty());
    let steps = results.attrition.iter().filter(|step| step.step == 1).count();
    assert_eq!(steps, 4);
}

#[test]
fn empty_rows_are_those_of_listed_councils_only() {
    let settings = Settings { empty_rows: true, ..Settings::default() };
    let results = run_with(settings, &[linked(&[], &[])]);
    let rows = |area: &str| {
        let of_area = |part: &&str| {
            results.measures.iter().filter(|row| row.area.code == area && row.part == *part).count()
        };
        ["part1", "part2", "venn"].iter().map(of_area).collect::<Vec<_>>()
    };
    assert_eq!(rows("200"), [18, 18, 0]);
    assert_eq!(rows("300"), [0, 0, 0]);
    assert_eq!(find(&results, "part1", "200", "").unwrap().value, Value::Unavailable);
    assert_eq!(numbers(&results, "part1", "100", "slice=Male"), Some((None, None)));
}

#[test]
fn the_name_in_study_files() {
    assert_eq!(Ascof2d::NAME, "ascof_2d");
    let frame = frame(&[period("2024-04-01", "2025-03-31")], "2025-06-30");
    let mut results = Results::default();
    Ascof2d::new(&frame).finish(&frame, &mut results);
    assert!(results.measures.is_empty());
}
