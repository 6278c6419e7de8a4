//! Sections D, E and H.

use super::*;
use crate::hospital::settings::{LateDates, MissingEnd, ReversedDates};

fn with(change: impl FnOnce(&mut HospitalSettings)) -> HospitalSettings {
    let mut settings = HospitalSettings::default();
    change(&mut settings);
    settings
}

fn ends(built: &Built) -> Vec<EndKind> {
    built.spells.iter().map(|spell| spell.end_kind).collect()
}

#[test]
fn d1_reversed_dates_are_set_aside_swapped_or_dropped() {
    let rows = [sus('A', "05-06", "05-01")];
    let built = build(&rows);
    assert!(built.spells.is_empty());
    assert_eq!((built.counts.d1, built.counts.reversed_rows), (1, 1));
    let swap = with(|s| s.reversed_dates = ReversedDates::Swap);
    assert_eq!(build_with(&swap, "", &rows).spells(), ["A 05-01 05-06"]);
    let drop = with(|s| s.reversed_dates = ReversedDates::DropDischarge);
    let built = build_with(&drop, "", &[rows[0], sus('B', "05-20", "05-21")]);
    assert_eq!(built.spells(), ["A 05-06 05-19", "B 05-20 05-21"]);
}

#[test]
fn d2_a_last_spell_without_an_end_runs_to_the_extract_or_the_death() {
    let rows = [sus('A', "05-01", "").dest("98")];
    let settings = with(|s| s.extract_date = Some(day("06-30")));
    let built = build_with(&settings, "", &rows);
    assert_eq!(
        (built.spells(), built.stays()),
        (vec!["A 05-01 06-30".into()], vec!["A 60".into()])
    );
    assert_eq!(ends(&built), [EndKind::Censored]);
    assert_eq!(built.spells[0].destination, Code::NONE);
    // cut at death it is still censored
    let built = build_with(&settings, "05-11", &rows);
    assert_eq!(
        (built.spells(), ends(&built)),
        (vec!["A 05-01 05-11".into()], vec![EndKind::Censored])
    );
    assert!(built.stays[0].died, "X-08: the death is on the day of the end");
}

#[test]
fn d3_still_in_hospital_ends_at_the_next_admission_and_joins_it() {
    let rows = [sus('A', "05-01", "").dest("51"), sus('B', "05-09", "05-12").at(2)];
    let built = build(&rows);
    assert_eq!(built.spells(), ["A 05-01 05-09", "B 05-09 05-12"]);
    assert_eq!(ends(&built), [EndKind::NextAdmission, EndKind::Observed]);
    assert_eq!(built.stays(), ["AB 11"]);
    assert_eq!(build(&[rows[0].dest("98"), rows[1]]).spells()[0], "A 05-01 05-09");
}

#[test]
fn d4_otherwise_it_ends_the_day_before() {
    let rows = [sus('A', "05-01", ""), sus('B', "05-09", "05-12").at(2)];
    let built = build(&rows);
    assert_eq!(built.spells(), ["A 05-01 05-08", "B 05-09 05-12"]);
    assert_eq!(ends(&built), [EndKind::NextMinusOne, EndKind::Observed]);
    assert_eq!(built.stays(), ["A 7", "B 3"]);
    for kind in [MissingEnd::Exclude, MissingEnd::ExcludeAny] {
        let built = build_with(&with(|s| s.missing_end = kind), "", &rows);
        assert_eq!(built.spells(), ["B 05-09 05-12"]);
        assert_eq!((built.counts.missing_ends, built.counts.missing_end_rows), (1, 1));
    }
}

#[test]
fn d5_never_ends_before_its_own_admission() {
    // the example called D-5 in the table: next - 1 would be before the admission
    let rows = [sus('A', "05-01", ""), sus('B', "05-01", "05-02").at(2)];
    assert_eq!(build(&rows).spells(), ["A 05-01 05-01", "B 05-01 05-02"]);
}

#[test]
fn d5_a_discharge_as_dead_takes_the_date_of_death() {
    let rows = [sus('A', "05-01", "").left("4"), sus('B', "05-04", "05-05").at(2)];
    let built = build_with(&HospitalSettings::default(), "05-06", &rows);
    assert_eq!(built.spells(), ["A 05-01 05-06", "B 05-04 05-05"]);
    assert_eq!(ends(&built)[0], EndKind::Death, "D5 comes before D3 and D4 (X-02)");
    assert_eq!(built.counts.d5, 1);
    let built = build(&rows);
    assert_eq!(ends(&built)[0], EndKind::NextMinusOne, "no date of death is known");
}

#[test]
fn d6_dates_after_the_extract_are_set_aside() {
    let rows = [sus('A', "05-01", "2025-01-01"), sus('B', "2025-01-02", "2025-01-03")];
    let built = build(&rows);
    assert!(built.spells.is_empty());
    assert_eq!((built.counts.d6, built.counts.late_rows), (2, 2));
    let built = build_with(&with(|s| s.late_dates = LateDates::DropDischarge), "", &rows);
    assert_eq!(
        (built.spells(), ends(&built)),
        (vec!["A 05-01 12-31".into()], vec![EndKind::Censored])
    );
    let built = build_with(&with(|s| s.late_dates = LateDates::Keep), "", &rows);
    assert_eq!(built.spells.len(), 2);
}

#[test]
fn d7_very_early_admissions_are_flagged_and_day_cases_with_nights_recoded() {
    let built = build(&[sus('A', "1989-12-31", "05-01"), sus('B', "06-01", "06-03").class("2")]);
    assert!(built.spells[0].flags.has(StayFlags::LONG_STAY));
    assert!(!built.spells[1].flags.has(StayFlags::LONG_STAY));
    assert_eq!((built.spells[1].class, built.stays[1].day_case), (Code::new("1"), false));
    assert_eq!((built.counts.d7, built.counts.daycases_recoded), (1, 1));
    let keep = with(|s| s.fix_daycase = false);
    assert_eq!(
        build_with(&keep, "", &[sus('B', "06-01", "06-03").class("2")]).spells[0].class,
        Code::new("2")
    );
}

#[test]
fn e1_x04_a_sus_spell_without_a_last_episode_is_unfinished() {
    let rows = [
        sus('A', "05-01", "05-06").without(EpisodeFlags::LAST),
        sus('A', "05-01", "05-06").number(2).without(EpisodeFlags::LAST),
        sus('B', "05-20", "05-21"),
    ];
    let built = build(&rows);
    assert_eq!(
        (built.spells()[0].as_str(), ends(&built)[0]),
        ("A 05-01 05-19", EndKind::NextMinusOne)
    );
    assert_eq!(built.counts.no_last_episode, 1);
    // a file without the indicator says nothing: the highest episode ends the spell
    let rows = rows.map(|e| e.without(EpisodeFlags::HAS_LAST | EpisodeFlags::LAST));
    assert_eq!(build(&rows).spells()[0], "A 05-01 05-06");
}

#[test]
fn e2_an_unfinished_hes_row_gives_way_to_the_finished_one() {
    let open = hes(1, "03-20", "03-20", "", 1).without(EpisodeFlags::FINISHED);
    let built = build(&[open, hes(2, "03-20", "03-20", "04-05", 1).until("04-05")]);
    assert_eq!(built.spells(), ["? 03-20 04-05"]);
    assert_eq!((built.counts.superseded_rows, built.counts.unfin.first), (1, 1));
    assert_eq!(build(&[open]).counts.superseded_rows, 0);
}

#[test]
fn h1_the_hospital_death_is_the_earliest_discharge_as_dead() {
    let built = build(&[sus('A', "05-01", "05-06").left("4").dest("79")]);
    assert_eq!(built.deaths, Deaths { hospital: opt("05-06"), used: opt("05-06") });
    assert_eq!(Stays::hospital_death(&built.stays), opt("05-06"));
    assert!(built.stays[0].died && built.spells[0].end_kind == EndKind::Observed);
    assert_eq!(Stays::hospital_death(&build(&[sus('A', "05-01", "05-06")]).stays), OptDay::NONE);
}

#[test]
fn h2_a_registered_death_within_five_days_cuts_the_end() {
    let rows = [sus('A', "05-01", "05-06").left("4")];
    let built = build_with(&HospitalSettings::default(), "05-03", &rows);
    assert_eq!(
        (built.spells(), ends(&built)),
        (vec!["A 05-01 05-03".into()], vec![EndKind::Death])
    );
    assert_eq!((built.counts.h2, built.counts.h2_cut, built.counts.h4), (1, 1, 0));
    assert_eq!(built.deaths, Deaths { hospital: opt("05-06"), used: opt("05-03") });
    assert!(!built.spells[0].flags.has(StayFlags::IMPLAUSIBLE_TAIL));
    // a registered death after the discharge changes nothing
    let built = build_with(&HospitalSettings::default(), "05-08", &rows);
    assert_eq!(
        (built.spells(), ends(&built)),
        (vec!["A 05-01 05-06".into()], vec![EndKind::Observed])
    );
    assert_eq!((built.counts.h2, built.counts.h2_cut), (1, 0));
}

#[test]
fn h3_admissions_after_the_death_are_dropped() {
    let rows = [
        sus('A', "05-01", "05-06").left("4"),
        sus('B', "05-06", "05-07"),
        sus('C', "05-07", "05-08"),
    ];
    let built = build(&rows);
    assert_eq!(built.spells(), ["A 05-01 05-06", "B 05-06 05-06"]);
    assert_eq!((built.counts.h3, built.counts.postdeath.first), (1, 1));
    let off = with(|s| s.death_consistency = false);
    assert_eq!(build_with(&off, "05-02", &rows).spells.len(), 3);
}

#[test]
fn x03_a_record_after_the_death_is_not_the_next_spell() {
    let rows = [sus('A', "05-01", ""), sus('B', "05-09", "05-12")];
    let built = build_with(&HospitalSettings::default(), "05-03", &rows);
    assert_eq!(built.spells(), ["A 05-01 05-03"]);
    assert_eq!(ends(&built), [EndKind::Censored]);
    assert_eq!((built.counts.d2, built.counts.d4, built.counts.h3), (1, 0, 1));
}

#[test]
fn h4_an_end_more_than_five_days_after_death_is_an_implausible_tail() {
    let rows = [sus('A', "05-01", "05-20")];
    let built = build_with(&HospitalSettings::default(), "05-14", &rows);
    assert_eq!(
        (built.spells(), ends(&built)),
        (vec!["A 05-01 05-14".into()], vec![EndKind::Death])
    );
    assert!(built.stays[0].flags.has(StayFlags::IMPLAUSIBLE_TAIL) && built.stays[0].died);
    let built = build_with(&HospitalSettings::default(), "05-15", &rows);
    assert!(!built.stays[0].flags.has(StayFlags::IMPLAUSIBLE_TAIL), "five days are within");
}

#[test]
fn x05_without_registration_or_hospital_death_the_date_of_other_files_counts() {
    let rows = [sus('A', "05-01", "05-12"), sus('B', "05-20", "05-22")];
    let settings = HospitalSettings::default();
    let known = KnownDeaths { otherwise: opt("05-10"), ..KnownDeaths::default() };
    let built = build_known(&settings, known, &rows);
    assert_eq!(
        (built.spells(), ends(&built)),
        (vec!["A 05-01 05-10".into()], vec![EndKind::Death])
    );
    assert_eq!((built.counts.h2_cut, built.counts.h3), (1, 1));
    assert!(built.stays[0].died, "X-08: the date of death is that of the discharge");
    assert_eq!(built.deaths, Deaths { hospital: OptDay::NONE, used: opt("05-10") });
    // a discharge as dead comes first, and a death in emergency care stands beside it
    let built = build_known(&settings, known, &[sus('A', "05-01", "05-12").left("4")]);
    assert_eq!(built.deaths, Deaths { hospital: opt("05-12"), used: opt("05-12") });
    let known = KnownDeaths { emergency_care: opt("05-11"), ..known };
    let built = build_known(&settings, known, &[sus('A', "05-01", "05-12").left("4")]);
    assert_eq!(built.deaths, Deaths { hospital: opt("05-11"), used: opt("05-11") });
    assert_eq!(built.spells(), ["A 05-01 05-11"]);
}

#[test]
fn h5_x05_two_later_spells_make_a_discharge_as_dead_an_error() {
    let dead = sus('A', "05-01", "05-06").left("4");
    let (b, c) = (sus('B', "06-01", "06-02"), sus('C', "07-01", "07-02"));
    let built = build(&[dead, b]);
    assert_eq!(built.spells.len(), 1, "one later spell is dropped by H3");
    let built = build(&[dead, b, c]);
    assert_eq!(built.spells.len(), 3);
    assert_eq!(built.spells[0].discharge_method, Code::NONE);
    assert_eq!((built.counts.h5, built.deaths.hospital), (1, OptDay::NONE));
    // spells after a registered death do not count
    let built = build_with(&HospitalSettings::default(), "05-06", &[dead, b, c]);
    assert_eq!((built.counts.h5, built.counts.h3), (0, 2));
    // one on the day of the registered death does
    let built = build_with(&HospitalSettings::default(), "07-01", &[dead, b, c]);
    assert_eq!((built.counts.h5, built.counts.h3), (1, 0));
}

#[test]
fn h3_regular_attenders_of_hf_do_not_outlive_the_person() {
    let regular = |name: char, from: &str, to: &str| sus(name, from, to).class("4");
    let rows = [
        sus('A', "05-01", "05-06"),
        regular('R', "05-10", "05-12"),
        regular('S', "05-12", "05-12"),
    ];
    let built = build_with(&HospitalSettings::of(Profile::Hf), "05-11", &rows);
    assert_eq!(built.spells(), ["A 05-01 05-06", "R 05-10 05-11"]);
    assert_eq!((built.counts.h3, built.counts.postdeath.first, built.counts.h2_cut), (1, 1, 1));
    assert_eq!(built.counts.regular_spells, 1);
}
