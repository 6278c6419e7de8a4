//! Sections G and J.

use super::*;

fn only(change: impl FnOnce(&mut Hygiene)) -> HospitalSettings {
    let mut hygiene = Hygiene::OFF;
    change(&mut hygiene);
    HospitalSettings { hygiene, ..HospitalSettings::default() }
}

#[test]
fn g1_equal_spells_leave_the_best_one() {
    let rows = [
        sus('A', "05-01", "05-06").with(|e| e.quality = 9),
        sus('B', "05-01", "05-06").with(|e| e.quality = 9).with(|e| e.submitted = opt("06-01")),
        sus('C', "05-01", "05-06").with(|e| e.quality = 8).with(|e| e.submitted = opt("07-01")),
        sus('D', "05-01", "05-06").with(|e| e.quality = 1).at(2),
    ];
    let built = build(&rows);
    assert_eq!(built.spells(), ["B 05-01 05-06", "D 05-01 05-06"]);
    assert!(built.spells[0].flags.has(StayFlags::DUPLICATE));
    assert_eq!((built.counts.g1, built.counts.twin_rows), (2, 2));
    assert_eq!(build_with(&only(|_| ()), "", &rows).spells.len(), 4);
}

#[test]
fn x06_of_equal_spells_the_last_episodes_are_compared() {
    let of = |name: char, first: u8, last: u8| {
        let row = sus(name, "05-01", "05-06");
        [
            row.without(EpisodeFlags::LAST).with(|e| e.quality = first),
            row.number(2).with(|e| e.quality = last),
        ]
    };
    let rows = [of('A', 9, 3), of('B', 1, 4)].concat();
    let built = build(&rows);
    assert_eq!((built.spells(), built.counts.twin_rows), (vec!["B 05-01 05-06".into()], 2));
}

#[test]
fn g2_a_twin_with_an_unknown_destination_goes() {
    for unknown in ["98", "99", ""] {
        let rows = [sus('A', "05-01", "05-09").dest(unknown), sus('B', "05-01", "05-06")];
        let built = build(&rows);
        assert_eq!(built.spells(), ["B 05-01 05-06"], "{unknown}");
        assert!(built.spells[0].flags.has(StayFlags::DUPLICATE_ADMISSION));
        assert_eq!((built.counts.g2, built.counts.twin_rows), (1, 1));
    }
    let both = [sus('A', "05-01", "05-09").dest("99"), sus('B', "05-01", "05-06").dest("99")];
    assert_eq!(build(&both).counts.g2, 0);
    let equal = [sus('A', "05-01", "05-06").dest("99"), sus('B', "05-01", "05-06")];
    assert_eq!(build_with(&only(|g| g.g2 = true), "", &equal).counts.g2, 0, "only other dates");
}

#[test]
fn g3_an_inner_spell_is_absorbed() {
    let rows = [
        sus('A', "05-01", "05-10").dest("54"),
        sus('B', "05-03", "05-05").function("314").with(|e| e.flags.0 |= EpisodeFlags::CANCER),
        sus('C', "05-04", "05-04"),
        sus('D', "05-01", "05-01"),
        sus('E', "05-10", "05-10"),
    ];
    let built = build(&rows);
    let zero_at_the_edges = ["D 05-01 05-01", "A 05-01 05-10", "E 05-10 05-10"];
    assert_eq!(
        built.spells(),
        zero_at_the_edges,
        "X-06: inside is strictly between for zero nights"
    );
    let outer = built.spells[1];
    assert_eq!((outer.episodes, outer.destination), (3, Code::new("54")));
    assert!(outer.flags.has(StayFlags::NESTED | StayFlags::CANCER));
    assert!(!outer.flags.has(StayFlags::REHABILITATION), "the outer keeps its own specialty");
    assert_eq!((built.counts.g3, built.counts.member_rows), (2, 5));
}

#[test]
fn g4_partly_overlapping_spells_merge_with_the_later_discharge() {
    let rows = [
        sus('A', "05-01", "05-06").method("11").dest("19"),
        sus('B', "05-05", "05-12")
            .method("21")
            .dest("54")
            .with(|e| e.discharge_ready = opt("05-10")),
    ];
    let built = build(&rows);
    assert_eq!(built.spells(), ["A 05-01 05-12"]);
    let spell = built.spells[0];
    assert_eq!((spell.admission_method, spell.destination), (Code::new("11"), Code::new("54")));
    assert_eq!((spell.episodes, spell.discharge_ready), (2, opt("05-10")));
    assert!(spell.flags.has(StayFlags::OVERLAP_SAME) && built.counts.g4 == 1);
    assert_eq!((spell.first_episode, spell.last_episode), (0, 1));
}

#[test]
fn g3_before_g4_then_chains_of_overlaps_are_one_spell() {
    // C is inside B: absorbed before A and B merge; D overlaps only B
    let rows = [
        sus('A', "05-01", "05-04"),
        sus('B', "05-03", "05-09"),
        sus('C', "05-03", "05-05"),
        sus('D', "05-08", "05-12").dest("54"),
    ];
    let built = build(&rows);
    assert_eq!((built.spells(), built.spells[0].episodes), (vec!["A 05-01 05-12".into()], 4));
    assert_eq!((built.counts.g3, built.counts.g4), (1, 2));
    assert_eq!(built.spells[0].destination, Code::new("54"));
}

#[test]
fn g5_overlaps_of_two_providers_are_flagged_and_kept() {
    let rows =
        [sus('A', "05-01", "05-10"), sus('B', "05-05", "05-12").at(2), sus('C', "05-12", "05-13")];
    let built = build(&rows);
    let flagged = |s: &Spell| s.flags.has(StayFlags::OVERLAP_OTHER);
    assert_eq!(built.spells.iter().map(flagged).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!((built.counts.g5, built.spells.len()), (2, 3));
    // unknown providers are not the same provider
    let built = build(&[sus('A', "05-01", "05-10").at(0), sus('B', "05-05", "05-12").at(0)]);
    assert_eq!((built.counts.g4, built.counts.g5, built.stays().len()), (0, 2, 1));
}

#[test]
fn g6_x07_an_inner_day_case_joins_only_where_overlaps_join() {
    let rows = [
        sus('A', "05-01", "05-10").dest("51"),
        sus('D', "05-04", "05-04").class("2").method("12").at(2),
        sus('B', "05-11", "05-14").source("51").method("81").at(3),
    ];
    let built = build(&rows);
    assert!(built.spells[1].flags.has(StayFlags::INNER) && built.counts.g6 == 1);
    assert_eq!(built.stays(), ["ADB 13"]);
    assert!(!built.stays[0].day_case && built.stays[0].nights_in_bed == 12);
    for profile in [Profile::Hf, Profile::Nhsd] {
        let built = build_with(&HospitalSettings::of(profile), "", &rows);
        assert_eq!(built.stays(), ["AB 13", "D 0"], "{profile:?}");
        assert!(built.stays[1].flags.has(StayFlags::INNER));
    }
}

#[test]
fn g7_touching_is_no_overlap() {
    let rows = [sus('A', "05-01", "05-05"), sus('B', "05-05", "05-09")];
    let built = build(&rows);
    assert_eq!(built.spells.len(), 2);
    assert_eq!((built.counts.g4, built.counts.g5), (0, 0));
}

#[test]
fn j_kinds_of_stay() {
    let rows = [
        sus('D', "05-01", "05-01").class("2").method("12"),
        sus('E', "06-01", "06-01").method("11"),
        sus('F', "07-01", "07-01").method("22"),
        sus('G', "08-01", "08-03").class("5").method("31"),
        sus('R', "09-01", "09-01").class("4"),
    ];
    let built = build(&rows);
    assert_eq!(built.stays(), ["D 0", "E 0", "F 0", "G 2"], "no regular attendance");
    let kinds = |f: fn(&Cips) -> bool| built.stays.iter().map(f).collect::<Vec<_>>();
    assert_eq!(kinds(|s| s.day_case), [true, false, false, false]);
    assert_eq!(kinds(|s| s.emergency), [false, false, true, false]);
    assert_eq!(built.counts.regular_attendance_rows, 1);
}
