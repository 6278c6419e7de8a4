//! Section F.

use super::*;

#[test]
fn f1_same_admission_is_one_spell() {
    let rows = [
        hes(1, "03-01", "03-01", "03-03", 1).left("8"),
        hes(2, "03-01", "03-03", "03-09", 2).until("03-09").dest("19").left("1"),
    ];
    let built = build(&rows);
    assert_eq!((built.spells.len(), built.spells[0].nights(), built.spells[0].episodes), (1, 8, 2));
    assert_eq!(built.spells[0].destination, Code::new("19"));
    assert_eq!((built.spells[0].first_episode, built.spells[0].last_episode), (0, 1));
}

#[test]
fn f2_method_8_and_a_start_on_the_end_before_continue_the_spell() {
    let rows = [
        hes(1, "03-01", "03-01", "03-03", 1).left("8"),
        hes(2, "03-03", "03-03", "03-09", 2).until("03-09"),
    ];
    assert_eq!(build(&rows).spells(), ["? 03-01 03-09"]);
}

#[test]
fn f3_a_discharge_begins_a_new_spell() {
    let rows = [
        hes(1, "03-01", "03-01", "03-03", 1).left("1").until("03-03"),
        hes(2, "03-03", "03-03", "03-09", 2).until("03-09"),
    ];
    assert_eq!(build(&rows).spells(), ["? 03-01 03-03", "? 03-03 03-09"]);
}

#[test]
fn f4_two_admissions_of_one_day_are_one_spell_by_dates_and_two_by_identifier() {
    let rows = [
        hes(1, "03-09", "03-09", "03-09", 1).until("03-09").dest("19"),
        hes(2, "03-09", "03-09", "03-12", 1).until("03-12").dest("19"),
    ];
    let built = build(&rows);
    assert_eq!(built.spells(), ["? 03-09 03-12"]);
    let built = build(&[sus('A', "03-09", "03-09"), sus('B', "03-09", "03-12")]);
    assert_eq!(built.spells(), ["A 03-09 03-09", "B 03-09 03-12"]);
    assert_eq!(built.stays(), ["A 0", "B 3"], "a gap of 0 without a marker does not join");
}

#[test]
fn f5_providers_are_apart_until_transfers_join_them() {
    let rows = [
        hes(1, "03-01", "03-01", "03-03", 1).until("03-03").dest("51"),
        hes(2, "03-03", "03-03", "03-09", 1).until("03-09").at(2),
    ];
    let built = build(&rows);
    assert_eq!(built.spells(), ["? 03-01 03-03", "? 03-03 03-09"]);
    assert_eq!((built.stays.len(), built.stays[0].providers), (1, 2));
    let unmarked = build(&[rows[0].dest("19"), rows[1]]);
    assert_eq!((unmarked.spells.len(), unmarked.stays.len()), (2, 2));
}

#[test]
fn f6_invalid_episodes_are_dropped_before_comparing() {
    let rows = [
        hes(1, "03-01", "03-01", "03-05", 1).until("03-05"),
        hes(2, "03-01", "03-05", "", 2),
        hes(3, "03-05", "03-05", "03-08", 1).until("03-08"),
    ];
    assert_eq!(build(&rows).spells(), ["? 03-01 03-05", "? 03-05 03-08"]);
    let settings =
        HospitalSettings { hf_lag_includes_invalid: true, ..HospitalSettings::default() };
    let built = build_with(&settings, "", &rows);
    assert_eq!(built.spells(), ["? 03-01 03-08"], "e3 has the start of e2, which is in between");
}

#[test]
fn f7_sites_of_one_trust_are_one_provider() {
    // both sites have the same first three characters, which is what the reader keeps
    let rows =
        [hes(1, "03-01", "03-01", "03-02", 1), hes(2, "03-01", "03-02", "03-04", 2).until("03-04")];
    assert_eq!(build(&rows).spells(), ["? 03-01 03-04"]);
}

#[test]
fn f1_1_an_identifier_with_two_admissions_follows_the_last_episode() {
    let rows = [
        sus('A', "03-02", "03-09").without(EpisodeFlags::LAST),
        sus('A', "03-01", "03-09").number(2),
    ];
    let built = build(&rows);
    assert_eq!(built.spells(), ["A 03-01 03-09"]);
    assert!(built.spells[0].flags.has(StayFlags::IDENT_CONFLICT));
    assert_eq!(built.counts.ident_conflicts, 1);
}

#[test]
fn f1_2_of_several_last_episodes_the_latest_end_then_number_then_key_wins() {
    let last = |number: u8, end: &str, dest: &str| {
        sus('A', "03-01", "03-09").number(number).dest(dest).with(|e| e.episode_end = opt(end))
    };
    let destination = |rows: &[Episode]| build(rows).spells[0].destination.text();
    assert_eq!(destination(&[last(3, "03-08", "54"), last(2, "03-09", "19")]), "19");
    assert_eq!(destination(&[last(2, "03-09", "54"), last(3, "03-09", "19")]), "19");
    let keyed = |key: u64, dest: &str| {
        last(2, "03-09", dest).with(|e| e.episode_key = Some(RecordKey::from_number(key)))
    };
    assert_eq!(destination(&[keyed(9, "54"), keyed(10, "19")]), "19");
}

#[test]
fn f1_3_f1_4_attributes_come_from_the_first_and_the_last_episode() {
    let first = sus('A', "03-01", "").method("22").source("54").function("300").with(|e| {
        e.management = Code::new("UNK");
        e.lsoa = 1;
        e.flags = EpisodeFlags(EpisodeFlags::HAS_LAST | EpisodeFlags::CANCER);
    });
    let last =
        sus('A', "03-01", "03-09").number(2).method("11").dest("85").function("314").with(|e| {
            e.management = Code::new("EM");
            e.lsoa = 2;
            e.discharge_ready = opt("03-07");
        });
    let spell = build(&[last, first]).spells[0];
    let codes = [spell.admission_method, spell.source, spell.treatment_admission];
    assert_eq!(codes.map(Code::text), ["22", "54", "300"]);
    let codes = [spell.destination, spell.management, spell.treatment_discharge];
    assert_eq!(codes.map(Code::text), ["85", "EM", "314"]);
    assert_eq!((spell.lsoa, spell.discharge_ready), (2, opt("03-07")));
    assert!(spell.flags.has(StayFlags::CANCER));
    assert!(!spell.flags.has(StayFlags::REHABILITATION), "X-10: by the first episode");
}

#[test]
fn f2_4_the_latest_end_gives_the_discharge_and_a_higher_order_is_flagged() {
    let rows = [
        hes(1, "03-01", "03-01", "03-09", 1).until("03-09").dest("54"),
        hes(2, "03-01", "03-03", "03-05", 2).until("03-05").dest("19"),
    ];
    let built = build(&rows);
    assert_eq!(
        (built.spells(), built.spells[0].destination),
        (vec!["? 03-01 03-09".into()], Code::new("54"))
    );
    assert!(built.spells[0].flags.has(StayFlags::ORDER_CONFLICT));
    assert_eq!(built.counts.order_conflicts, 1);
}

#[test]
fn f2_5_a_missing_discharge_is_taken_from_another_episode() {
    let rows = [
        hes(1, "03-01", "03-01", "03-03", 1).until("03-08").dest("54").left("1"),
        hes(2, "03-01", "03-03", "03-09", 2),
    ];
    let built = build(&rows);
    assert_eq!(
        (built.spells(), built.spells[0].destination),
        (vec!["? 03-01 03-08".into()], Code::new("54"))
    );
    assert_eq!(built.counts.rescued, 1);
    let settings = HospitalSettings { rescue_disdate: false, ..HospitalSettings::default() };
    assert_eq!(build_with(&settings, "", &rows).spells[0].end_kind, EndKind::Censored);
}

#[test]
fn f_rows_of_three_files_stand_side_by_side() {
    let rows = [
        sus('A', "03-01", "03-02"),
        sus('B', "04-01", "04-02").flagged(EpisodeFlags::SPELL_LEVEL).without(EpisodeFlags::LAST),
        hes(1, "05-01", "05-01", "05-02", 1).until("05-02"),
    ];
    assert_eq!(build(&rows).spells(), ["A 03-01 03-02", "B 04-01 04-02", "? 05-01 05-02"]);
}
