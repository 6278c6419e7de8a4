//! Death and activity after death (section 9).

use super::*;
use crate::timeline::death::DeathSource;
use crate::timeline::state::LineFlags;

fn community(start: &str, end: &str) -> Case {
    Case::new(vec![service(ServiceType::Community, start, end)], Vec::new())
}

#[test]
fn section_09_an_interval_that_spans_the_death_is_cut() {
    let built = community("2024-04-01", "").dead("2024-05-10").build();
    assert_eq!(built.visits(), ["COMM 04-01 39"]);
    assert_eq!((built.counts.tail_rows, built.counts.cut_rows), (0, 1));
    assert_eq!(built.line.flags, LineFlags::default());
    assert!(!built.line.visits[0].censored);
}

#[test]
fn section_09_the_tail_is_one_to_five_days() {
    for (end, tail, cut) in
        [("2024-05-10", 0, 0), ("2024-05-11", 1, 0), ("2024-05-15", 1, 0), ("2024-05-16", 0, 1)]
    {
        let counts = community("2024-04-01", end).dead("2024-05-10").build().counts;
        assert_eq!((counts.tail_rows, counts.cut_rows), (tail, cut), "{end}");
    }
    let mut case = Case::new(Vec::new(), vec![stay("2024-05-01", "2024-05-12")]);
    case.death.chosen = opt("2024-05-10");
    let built = case.build();
    assert_eq!(built.visits()[1], "IP_EM 05-01 9");
    assert_eq!(built.counts.tail_stays, 1);
}

#[test]
fn section_09_a_service_that_starts_on_the_day_of_death_has_no_days() {
    let built = community("2024-05-10", "").dead("2024-05-10").build();
    assert_eq!(built.visits(), ["HOME 04-01 39"]);
    assert_eq!((built.counts.used_rows, built.counts.service_after_death), (1, 0));
}

#[test]
fn section_09_a_death_outside_the_window_does_not_end_the_line() {
    let built = community("2024-04-01", "").dead("2025-04-01").build();
    assert_eq!(built.line.death, OptDay::NONE);
    assert!(built.line.visits[0].censored);
    let built = community("2024-01-01", "").dead("2024-03-31").build();
    assert!(built.line.visits.is_empty() && built.line.death.is_none());
    assert_eq!((built.counts.death_before, built.counts.outside), (1, 1));
    let built = community("2024-01-01", "").dead("2024-04-01").build();
    assert!(built.line.visits.is_empty());
    assert_eq!((built.line.death, built.counts.lines), (opt("2024-04-01"), 1));
}

#[test]
fn section_09_later_records_of_another_source_may_revive() {
    let mut case = community("2024-01-01", "").dead("2024-05-10");
    case.death.source = Some(DeathSource::Cld);
    case.stays = vec![stay("2024-06-09", "2024-06-12"), stay("2024-07-01", "2024-07-02")];
    let built = case.build();
    assert_eq!(built.counts.revivable, 0, "30 days after is too early, and one is too few");
    case.stays[0] = stay("2024-06-10", "2024-06-12");
    let built = case.build();
    assert_eq!((built.counts.revivable, built.counts.revived), (1, 0));
    assert_eq!(built.line.death, opt("2024-05-10"));
    let case = case.set(|settings| settings.revive = true);
    let built = case.build();
    assert_eq!(built.counts.revived, 1);
    assert!(built.line.flags.has(LineFlags::REVIVED) && built.line.death.is_none());
    assert_eq!(built.line.visits.len(), 5);
    let mut same_source = case.clone();
    same_source.death.source = Some(DeathSource::Hospital);
    assert_eq!(same_source.build().counts.revivable, 0, "the source of the death is no witness");
}

#[test]
fn section_09_a_conflict_of_sources_is_flagged() {
    let mut case = community("2024-04-01", "").dead("2024-05-10");
    case.death.conflict = true;
    let built = case.build();
    assert!(built.line.flags.has(LineFlags::DEATH_CONFLICT));
    assert_eq!(built.counts.death_conflict, 1);
}
