//! Sections A, B and C.

use super::*;
use crate::hospital::cleaning::{filled_admission, transit};

#[test]
fn a3_each_row_is_left_out_once_by_the_first_rule_that_applies() {
    let regular_birth = sus('B', "03-01", "03-01").class("3").method("82");
    let rows = [
        sus('A', "03-01", "03-02").left("5").class("3"),
        regular_birth,
        regular_birth,
        sus('C', "03-01", "03-02").method("2C"),
        sus('D', "", "03-02"),
        sus('E', "03-05", "03-06").at(0),
        hes(1, "03-01", "03-01", "03-02", 1).at(0),
        hes(2, "03-01", "03-01", "03-02", 1).without(EpisodeFlags::FINISHED),
    ];
    let built = build(&rows);
    let c = &built.counts;
    assert_eq!(built.spells(), ["E 03-05 03-06"], "only HES rows need a provider");
    assert_eq!((c.dup.first, c.dup_exact_rows), (1, 1));
    assert_eq!((c.still.total, c.still.first), (1, 1));
    assert_eq!((c.reg.total, c.reg.first, c.regular_attendance_rows), (3, 1, 1));
    assert_eq!((c.birth.total, c.birth.first), (3, 1));
    assert_eq!((c.no_prov.total, c.no_prov.first), (2, 1));
    assert_eq!((c.no_adm.total, c.no_adm.first), (1, 1));
    // HES rows without a discharge date look unfinished; only the status leaves one out
    assert_eq!((c.unfin.total, c.unfin.first), (2, 1));
}

#[test]
fn a3_rows_without_a_person_are_counted_after_duplicates_and_give_no_spell() {
    let row = sus('A', "03-01", "03-02");
    let rows = [row, row, sus('B', "03-01", "03-02").left("5")];
    let stays = Stays::new(&HospitalSettings::default(), day("12-31"), &providers());
    let (mut spells, mut cips) = (vec![], vec![]);
    let mut c = HospitalCounts::default();
    let scratch = &mut Scratch::default();
    stays.build(&rows, OptDay::NONE, false, scratch, &mut spells, &mut cips, &mut c);
    assert!(spells.is_empty() && cips.is_empty());
    assert_eq!((c.no_person.total, c.no_person.first, c.dup.first), (3, 2, 1));
    assert_eq!((c.still.total, c.still.first), (1, 0));
    assert_eq!(c.accounted_rows(), 3);
}

#[test]
fn a3_births_and_stillbirths_stay_when_settings_say_so() {
    let rows = [sus('A', "03-01", "03-02").left("5"), sus('B', "04-01", "04-02").function("424")];
    let settings = HospitalSettings {
        exclude_births: false,
        exclude_stillbirths: false,
        ..HospitalSettings::default()
    };
    let built = build_with(&settings, "", &rows);
    assert_eq!(built.spells(), ["A 03-01 03-02", "B 04-01 04-02"]);
    assert!(built.spells[1].flags.has(StayFlags::BIRTH));
    assert!(build(&rows).spells.is_empty());
}

fn filled(admission: &str, order: u8, method: &str, source: &str) -> OptDay {
    filled_admission(
        &hes(1, admission, "2024-03-01", "2024-03-02", order).method(method).source(source),
    )
}

#[test]
fn b1_the_first_episode_fills_the_admission() {
    assert_eq!(filled("", 1, "21", "19"), opt("2024-03-01"));
}

#[test]
fn b2_a_later_episode_does_not() {
    assert_eq!(filled("", 2, "21", "19"), OptDay::NONE);
}

#[test]
fn b3_a_transfer_by_method_does_not() {
    assert_eq!(filled("", 1, "81", "19"), OptDay::NONE);
    assert_eq!(filled("", 1, "2B", "19"), OptDay::NONE);
}

#[test]
fn b4_one_from_a_ward_does_not() {
    assert_eq!(filled("", 1, "21", "51"), OptDay::NONE);
}

#[test]
fn b5_a_sentinel_is_missing_when_it_gets_here_and_is_filled() {
    assert_eq!(filled("", 1, "11", "19"), opt("2024-03-01"));
    assert_eq!(filled("02-28", 1, "11", "19"), opt("02-28"));
    assert_eq!(filled_admission(&sus('A', "", "03-02")), OptDay::NONE, "HES only");
}

#[test]
fn b_invalid_hes_episodes_get_no_spell() {
    let rows = [
        hes(1, "03-01", "03-01", "03-02", 1).until("03-02").with(|e| e.episode_key = None),
        hes(2, "03-05", "", "03-06", 1),
        hes(3, "03-07", "03-07", "", 1),
        hes(4, "03-09", "03-10", "03-09", 1).until("03-09"),
    ];
    let built = build(&rows);
    assert_eq!(built.spells.len(), 1, "a negative duration is flagged, not removed");
    assert_eq!((built.counts.invalid_rows, built.counts.episode_reversed_rows), (3, 1));
}

#[test]
fn c1_quality_then_submission_then_key_decide() {
    let row = |key: u64, quality: u8, submitted: &str| {
        hes(key, "05-01", "05-01", "05-03", 1).until("05-03").with(|e| {
            e.quality = quality;
            e.submitted = opt(submitted);
        })
    };
    let mut rows = [
        row(501, 12, "06-01"),
        row(502, 14, "05-01"),
        row(503, 14, "04-20"),
        row(499, 14, "05-01"),
    ];
    for _ in 0..4 {
        rows.rotate_left(1);
        let built = build(&rows);
        let kept = &rows[built.spells[0].first_episode as usize];
        assert_eq!(kept.episode_key, Some(RecordKey::from_number(502)));
        assert_eq!((built.counts.dup.first, built.counts.dup_exact_rows), (3, 0));
    }
}

#[test]
fn c2_natural_keys_of_each_file() {
    let key = |n: u64| Some(RecordKey::from_number(n));
    let duplicates = |rows: &[Episode]| build(rows).counts.dup.first;
    // SUS: the identifier of the episode, whatever else differs
    let a = sus('A', "03-01", "03-04").with(|e| e.episode_key = key(7));
    assert_eq!(duplicates(&[a, a.until("03-05").number(2)]), 1);
    assert_eq!(duplicates(&[a, a.with(|e| e.episode_key = key(8))]), 0);
    // without it: spell, number and dates
    let b = sus('B', "03-01", "03-04");
    assert_eq!(duplicates(&[b, b.dest("54")]), 1);
    assert_eq!(duplicates(&[b, b.number(2)]), 0);
    // without number and dates only equal rows are duplicates, and the last episode survives
    let first = b.number(0).without(EpisodeFlags::LAST);
    let last = b.number(0);
    let built = build(&[first, last, first, last]);
    assert_eq!((built.counts.dup.first, built.spells[0].episodes), (2, 2));
    assert_eq!(built.spells[0].end_kind, EndKind::Observed);
    // spell-level rows: the identifier, then the stay across identifiers
    let s = sus('S', "03-01", "03-04").flagged(EpisodeFlags::SPELL_LEVEL);
    let t = sus('T', "03-01", "03-04").flagged(EpisodeFlags::SPELL_LEVEL);
    assert_eq!(duplicates(&[s, s.until("03-05"), t.until("03-06")]), 1);
    let built = build(&[s, t]);
    assert_eq!((built.counts.dup.first, built.spells()), (1, vec!["T 03-01 03-04".to_owned()]));
    // HES: provider and the position in a transfer chain are part of the key
    let h = hes(1, "03-01", "03-01", "03-04", 1).until("03-04");
    let twin = |e: Episode| e.with(|e| e.episode_key = key(2));
    assert_eq!(duplicates(&[h, twin(h)]), 1);
    assert_eq!(duplicates(&[h, twin(h).dest("51")]), 0);
    assert_eq!(duplicates(&[h, twin(h).at(2)]), 0);
    assert_eq!(duplicates(&[h.until(""), twin(h).until("")]), 1, "nulls equal nulls");
}

#[test]
fn c_transit_table() {
    assert_eq!(transit(Code::new("19"), Code::new("21"), Code::new("19")), 0);
    assert_eq!(transit(Code::new("19"), Code::new("21"), Code::new("51")), 1);
    assert_eq!(transit(Code::new("52"), Code::new("21"), Code::new("53")), 2);
    assert_eq!(transit(Code::new("19"), Code::new("81"), Code::new("51")), 2);
    assert_eq!(transit(Code::new("19"), Code::new("2B"), Code::new("19")), 3);
    assert_eq!(transit(Code::new("49"), Code::new("21"), Code::new("84")), 0);
}
