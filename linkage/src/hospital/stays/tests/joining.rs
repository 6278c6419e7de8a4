//! Sections I and M.

use super::*;
use crate::hospital::settings::{CompareWith, MinGap, SameDayOrder};

/// The stays of each profile, in the order of the table: `nhsd`, `hf`, `engine`.
fn profiles(rows: &[Episode]) -> [Vec<String>; 3] {
    [Profile::Nhsd, Profile::Hf, Profile::Engine]
        .map(|profile| build_with(&HospitalSettings::of(profile), "", rows).stays())
}

fn a(discharge: &str, dest: &str) -> Episode {
    sus('A', "05-01", discharge).dest(dest)
}

fn b(admission: &str, method: &str, source: &str) -> Episode {
    sus('B', admission, "05-20").method(method).source(source).at(2)
}

#[test]
fn i01_textbook_transfer() {
    assert_eq!(profiles(&[a("05-06", "51"), b("05-06", "81", "51")]), [["AB 19"]; 3]);
}

#[test]
fn i02_gap_two_and_one_marker_are_enough() {
    assert_eq!(profiles(&[a("05-06", "51"), b("05-08", "13", "19")]), [["AB 19"]; 3]);
}

#[test]
fn i03_gap_three_joins_only_under_hf() {
    let [nhsd, hf, engine] = profiles(&[a("05-06", "51"), b("05-09", "81", "51")]);
    assert_eq!(hf, ["AB 19"]);
    assert_eq!([nhsd, engine], [["A 5", "B 11"]; 2]);
}

#[test]
fn i04_gap_four_joins_nowhere() {
    assert_eq!(profiles(&[a("05-06", "51"), b("05-10", "81", "51")]), [["A 5", "B 10"]; 3]);
}

#[test]
fn i05_gap_nought_without_a_marker_is_a_readmission() {
    assert_eq!(profiles(&[a("05-06", "19"), b("05-06", "21", "19")]), [["A 5", "B 14"]; 3]);
}

#[test]
fn i06_19_51_21_is_a_new_emergency_except_under_hf() {
    let [nhsd, hf, engine] = profiles(&[a("05-06", "19"), b("05-07", "21", "51")]);
    assert_eq!(hf, ["AB 19"]);
    assert_eq!([nhsd, engine], [["A 5", "B 13"]; 2]);
}

#[test]
fn i07_destination_84_is_only_in_the_wider_lists() {
    let rows = [a("05-06", "84"), b("05-06", "22", "19").until("06-20")];
    let [nhsd, hf, engine] = profiles(&rows);
    assert_eq!(hf, ["A 5", "B 45"]);
    assert_eq!([nhsd, engine], [["AB 50"]; 2]);
}

#[test]
fn i08_87_as_a_source() {
    let rows = [a("05-06", "19"), b("05-06", "22", "87").until("05-12")];
    let [nhsd, hf, engine] = profiles(&rows);
    assert_eq!(hf, ["A 5", "B 6"]);
    assert_eq!([nhsd, engine], [["AB 11"]; 2]);
}

#[test]
fn i09_a_regular_attender_stays_only_under_hf() {
    let regular = sus('R', "05-06", "05-06").class("3").at(2);
    let rows = [a("05-06", "51"), regular, b("05-07", "81", "51").until("05-12")];
    let [nhsd, hf, engine] = profiles(&rows);
    assert_eq!(hf, ["ARB 11"]);
    assert_eq!([nhsd, engine], [["AB 11"]; 2]);
    // a missing end of a regular attender is its admission
    let rows = [rows[0], regular.until(""), rows[2]];
    assert_eq!(profiles(&rows)[1], ["ARB 11"]);
    let hf = build_with(&HospitalSettings::of(Profile::Hf), "", &rows);
    assert_eq!((hf.counts.regular_spells, hf.counts.regular_attendance_rows), (1, 1));
}

#[test]
fn i10_same_day_transfer_with_a_zero_night_first_leg() {
    let rows = [a("05-01", "51"), b("05-01", "2B", "51").until("05-07")];
    assert_eq!(profiles(&rows), [["AB 6"]; 3]);
    // both zero nights: the origin of the chain stands before its end, whatever provider and key
    let rows = [
        sus('A', "05-01", "05-01").method("81").source("51"),
        sus('B', "05-01", "05-01").dest("51").at(2),
    ];
    assert_eq!(build(&rows).spells(), ["B 05-01 05-01", "A 05-01 05-01"]);
    let key = HospitalSettings { same_day_order: SameDayOrder::Key, ..HospitalSettings::default() };
    assert_eq!(build_with(&key, "", &rows).spells(), ["A 05-01 05-01", "B 05-01 05-01"]);
}

#[test]
fn i11_a_negative_gap_with_a_marker() {
    let rows = [a("05-10", "51"), b("05-08", "81", "51")];
    let [nhsd, hf, engine] = profiles(&rows);
    assert_eq!(nhsd, ["A 9", "B 12"]);
    assert_eq!([hf, engine], [["AB 19"]; 2]);
    assert_eq!(build(&rows).stays[0].nights_in_bed, 19);
}

#[test]
fn i12_an_overlap_without_a_marker() {
    let rows = [a("05-10", "19"), b("05-05", "21", "19").until("05-12")];
    let [nhsd, hf, engine] = profiles(&rows);
    assert_eq!([nhsd, hf], [["A 9", "B 7"]; 2]);
    assert_eq!(engine, ["AB 11"]);
    assert!(build(&rows).stays[0].flags.has(StayFlags::OVERLAP_OTHER));
}

#[test]
fn i13_a_chain_of_three_legs() {
    let rows = [
        a("05-03", "51"),
        b("05-03", "81", "51").until("05-10").dest("51"),
        sus('C', "05-10", "06-01").source("51").method("81").dest("54").at(3),
    ];
    assert_eq!(profiles(&rows), [["ABC 31"]; 3]);
    let stay = build(&rows).stays[0];
    assert_eq!((stay.destination, stay.providers, stay.spells), (Code::new("54"), 3, 3));
    assert_eq!((stay.provider, stay.discharge_provider, stay.max_gap), (1, 3, 0));
}

#[test]
fn i14_only_the_latest_discharge_keeps_a_chain_around_a_nested_stay() {
    let rows = [
        a("05-20", "51"),
        sus('N', "05-05", "05-06").method("13").at(2),
        sus('B', "05-21", "05-28").source("51").method("81").at(3),
    ];
    let [nhsd, hf, engine] = profiles(&rows);
    assert_eq!(nhsd, ["A 19", "N 1", "B 7"]);
    assert_eq!(hf, ["AN 19", "B 7"]);
    assert_eq!(engine, ["ANB 27"]);
}

#[test]
fn i_attributes_of_a_chain() {
    let rows = [
        a("05-06", "51").function("300"),
        b("05-08", "81", "51")
            .function("314")
            .dest("54")
            .with(|e| e.discharge_ready = opt("05-18")),
        sus('M', "05-20", "05-28").source("51").method("81").function("710").left("4").at(1),
    ];
    let stay = build(&rows).stays[0];
    assert_eq!((stay.nights(), stay.nights_in_bed, stay.acute_nights), (27, 25, 7));
    assert_eq!((stay.max_gap, stay.spells, stay.providers), (2, 3, 2));
    assert!(stay.flags.has(StayFlags::REHABILITATION | StayFlags::MENTAL_HEALTH));
    assert!(stay.emergency && stay.died && !stay.day_case);
    assert_eq!((stay.first_spell, stay.last_spell), (0, 2));
    // the union of nights: two of the nights between the spells were not in a bed
    let rows = [rows[0], rows[1]];
    let stay = build(&rows).stays[0];
    assert_eq!((stay.nights(), stay.nights_in_bed), (19, 17));
    assert_eq!((stay.discharge_ready, stay.destination), (opt("05-18"), Code::new("54")));
    assert_eq!(build(&rows[..1]).stays[0].acute_nights, 5, "no rehabilitation: all nights");
    assert_eq!(build(&rows[1..]).stays[0].acute_nights, 0, "rehabilitation from the start");
}

#[test]
fn i_transfers_without_a_following_spell_are_counted() {
    let rows = [a("05-06", "51"), b("05-08", "21", "19").dest("51"), sus('C', "06-01", "06-02")];
    let counts = build(&rows).counts;
    assert_eq!((counts.transfers_out, counts.transfer_orphans), (2, 1));
}

#[test]
fn i_plain_rules_of_an_analyst_are_settings() {
    let settings = HospitalSettings {
        max_gap_days: Some(2),
        min_gap: Some(MinGap::Zero),
        destinations: Some(["51", "52", "53"].map(Code::new).into_iter().collect()),
        sources: Some(["51", "52", "53"].map(Code::new).into_iter().collect()),
        methods: Some(["2B", "81"].map(Code::new).into_iter().collect()),
        exclude_19_51_21: Some(false),
        compare_with: Some(CompareWith::PreviousSpell),
        same_day_order: SameDayOrder::Key,
        missing_end: crate::hospital::settings::MissingEnd::ExcludeAny,
        reversed_dates: crate::hospital::settings::ReversedDates::Keep,
        late_dates: crate::hospital::settings::LateDates::Keep,
        hygiene: Hygiene::OFF,
        death_consistency: false,
        exclude_births: false,
        exclude_stillbirths: false,
        ..HospitalSettings::default()
    };
    let rows = [
        a("05-06", "19").left("4"),
        b("05-07", "21", "51"),
        sus('C', "05-10", "05-12").source("51"),
        sus('D', "06-01", "").without(EpisodeFlags::LAST),
        sus('D', "06-01", "06-04").number(2),
        sus('E', "2025-02-01", "2025-02-03"),
    ];
    let built = build_with(&settings, "", &rows);
    assert_eq!(built.stays(), ["AB 19", "C 2", "E 2"], "D has an episode without discharge date");
    assert_eq!(built.counts.missing_end_rows, 2);
}

#[test]
fn m_end_to_end() {
    let ident = |n: u64| Some(RecordKey::from_number(n));
    let row = |spell: u64, number: u8, last: bool, admission: &str, discharge: &str| {
        let row =
            sus('X', admission, discharge).number(number).with(|e| e.spell_key = ident(spell));
        if last { row } else { row.without(EpisodeFlags::LAST) }
    };
    let second = row(9001, 2, true, "02-01", "02-10").dest("51");
    let rows = [
        row(9001, 1, false, "02-01", "").dest("").left("8"),
        second,
        second,
        row(9002, 1, true, "02-10", "03-01").method("81").source("51").at(2),
        row(9003, 1, true, "03-05", "03-05").method("13").class("3"),
        row(9004, 1, true, "03-15", "03-15").method("12").class("2"),
        row(9005, 1, true, "03-20", "03-27").dest("54"),
        row(9006, 1, false, "06-25", "").source("54").dest("98").left("8"),
    ];
    let settings =
        HospitalSettings { extract_date: Some(day("06-30")), ..HospitalSettings::default() };
    let built = build_with(&settings, "", &rows);
    let spells: Vec<_> = built.spells.iter().map(|s| (s.key, s.nights(), s.cips)).collect();
    let expected = [(9001, 9, 0), (9002, 20, 0), (9004, 0, 1), (9005, 7, 2), (9006, 5, 3)];
    assert_eq!(spells, expected.map(|(key, nights, cips)| (ident(key), nights, cips)));
    let stays: Vec<_> = built
        .stays
        .iter()
        .map(|s| (s.admission, s.discharge, s.emergency, s.destination.text(), s.end_kind))
        .collect();
    let line = |from: &str, to: &str, emergency: bool, dest: &str, end: EndKind| {
        (day(from), day(to), emergency, dest.to_owned(), end)
    };
    assert_eq!(
        stays,
        [
            line("02-01", "03-01", true, "19", EndKind::Observed),
            line("03-15", "03-15", false, "19", EndKind::Observed),
            line("03-20", "03-27", true, "54", EndKind::Observed),
            line("06-25", "06-30", true, "", EndKind::Censored),
        ]
    );
    assert!(built.stays[1].day_case && built.stays[0].nights() == 29);
    let c = &built.counts;
    assert_eq!((c.rows, c.dup.first, c.dup_exact_rows, c.regular_attendance_rows), (8, 1, 1, 1));
    assert_eq!((c.member_rows, c.spells, c.cips, c.d2), (6, 5, 4, 1));
}
