//! Every trap of `cld-metrics.md` section 6, and the edges of its steps.

use super::super::outcome::{Counting, Final};
use super::people::*;
use crate::study::Method;
use throughcare_linkage::cld::event::CareEvent;

const OWN: &str = "4a NFA: Support ended as planned";

/// Reablement from 1 May to 1 June 2025 that ended as planned, and other rows.
fn after(others: &[CareEvent]) -> String {
    with(O::NfaEndedAsPlanned, others)
}

/// Reablement from 1 May to 1 June 2025 with an outcome, and other rows.
fn with(outcome: O, others: &[CareEvent]) -> String {
    let mut events = vec![st_max("2025-05-01", "2025-06-01", outcome).id(100)];
    events.extend(others);
    sequel(&events)
}

#[test]
fn section_6_trap_1_the_gap_is_to_the_latest_end_of_all_earlier_rows() {
    let count = |last: &str| {
        let events = [
            st_max("2025-05-01", "2025-06-20", O::NfaOther),
            st_max("2025-05-10", "2025-05-12", O::NfaDeclined),
            st_max(last, "2025-07-10", O::NfaEndedAsPlanned),
        ];
        sequels(Method::AsPublished, &events).len()
    };
    assert_eq!(count("2025-06-27"), 1); // 7 days after the outer end
    assert_eq!(count("2025-06-28"), 2);
}

#[test]
fn section_6_trap_2_long_term_support_from_the_first_day_leaves_the_client_new() {
    assert_eq!(after(&[service(S::Community, "2025-05-01", "2025-05-20")]), OWN);
    assert_eq!(after(&[service(S::Community, "2025-04-30", "2025-05-20")]), "");
    // still open, it is the sequel as well
    assert_eq!(after(&[service(S::Prison, "2025-05-01", "-")]), "3 Long term support: Prison");
    assert_eq!(after(&[service(S::Prison, "2025-04-30", "-")]), "");
}

#[test]
fn section_6_trap_3_ninety_days_make_an_existing_client_and_91_a_new_one() {
    assert_eq!(after(&[service(S::Nursing, "2024-01-01", "2025-01-31")]), ""); // 90
    assert_eq!(after(&[service(S::Nursing, "2024-01-01", "2025-01-30")]), OWN); // 91
    let carer = CareEvent {
        client_type: ClientType::UnpaidCarer,
        ..service(S::Nursing, "2024-01-01", "2025-01-31")
    };
    assert_eq!(after(&[carer]), OWN);
    let elsewhere = service(S::Nursing, "2024-01-01", "-").la(SOUTHTON);
    assert_eq!(after(&[elsewhere]), OWN);
}

#[test]
fn section_6_trap_4_the_service_type_alone_makes_services() {
    let before = service(S::Community, "2024-06-01", "2025-04-01").kind(E::Request);
    assert_eq!(after(&[before]), "");
    let follows = service(S::Residential, "2025-06-02", "2025-06-05").kind(E::Review);
    assert_eq!(after(&[follows]), "3 Long term support: Residential care");
}

#[test]
fn section_6_trap_5_what_follows_starts_with_the_episode_or_later_and_ends_after_it() {
    const LOW_LEVEL: &str = "3 Short term support: Ongoing low level";
    let low_level = |start, end| after(&[service(S::LowLevel, start, end)]);
    assert_eq!(low_level("2025-04-30", "-"), OWN);
    assert_eq!(low_level("2025-05-01", "-"), LOW_LEVEL);
    assert_eq!(low_level("2025-05-01", "2025-06-01"), OWN);
    assert_eq!(low_level("2025-05-01", "2025-06-02"), LOW_LEVEL);
    assert_eq!(low_level("2025-06-08", "2025-06-08"), LOW_LEVEL);
    assert_eq!(low_level("2025-06-09", "2025-06-09"), OWN);
}

#[test]
fn section_6_trap_6_the_own_outcome_is_lost_when_nothing_that_follows_is_kept() {
    let equipment = service(S::LowLevel, "2025-05-10", "2025-05-11").component(C::Equipment);
    let carer_service = service(S::CarerDirect, "2025-06-03", "-").outcome(O::NfaOther);
    let as_planned = event(E::Review, "2025-06-03", "2025-06-05").outcome(O::NfaEndedAsPlanned);
    for follows in [carer_service, as_planned] {
        let events = [st_max("2025-05-01", "2025-06-01", O::NfaDeclined), follows];
        // step 6 returns it anyway
        assert_eq!(sequel(&events), "6 NFA: Support declined");
        let with_equipment = [events[0], events[1], equipment];
        assert_eq!(sequel(&with_equipment), "5 Short term support: Ongoing low level");
        let intended = &sequels(Method::AsIntended, &with_equipment)[0];
        assert_eq!((&*intended.0, &*intended.1), ("4a", "NFA: Support declined"));
    }
    // the method changes nothing where a row that follows is kept
    let kept = [
        st_max("2025-05-01", "2025-06-01", O::NfaOther),
        event(E::Review, "2025-06-03", "2025-06-05").outcome(O::NfaNhs),
    ];
    assert_eq!(sequels(Method::AsIntended, &kept), sequels(Method::AsPublished, &kept));
}

#[test]
fn section_6_trap_7_the_smaller_rank_wins_and_may_leave_the_denominator() {
    let review = |outcome| event(E::Review, "2025-06-03", "2025-06-05").outcome(outcome);
    let own = st_max("2025-05-01", "2025-06-01", O::NfaEndedAsPlanned);
    let found = sequel_of(&[own, review(O::NfaNhs)]).unwrap();
    let nhs = "NFA: Referral to NHS services or NHS funded social care";
    assert_eq!((&*found.0, &*found.1, found.2, found.3), ("4b", nhs, 0, 0));
    assert_eq!(after(&[review(O::NfaOther)]), OWN);
    // the row's outcome is not usable, the episode's is
    assert_eq!(after(&[review(O::SupportPlanning)]), OWN);
    // neither is
    assert_eq!(
        with(O::Continuation, &[review(O::SupportPlanning)]),
        "6 Continuation of support or services"
    );
    assert_eq!(with(O::Continuation, &[review(O::NfaOther)]), "4b NFA: Other");
}

#[test]
fn section_6_trap_8_a_mistyped_st_max_row_only_cuts_what_follows() {
    let mistyped = service(S::StMax, "2025-06-04", "2025-07-01").kind(E::None);
    assert_eq!(after(&[mistyped]), OWN);
    let community = |start| service(S::Community, start, "-");
    assert_eq!(after(&[mistyped, community("2025-06-04")]), OWN);
    assert_eq!(after(&[mistyped, community("2025-06-03")]), "3 Long term support: Community");
    let review = event(E::Review, "2025-06-05", "2025-06-06").outcome(O::NfaMoved);
    assert_eq!(after(&[mistyped, review]), OWN);
    // a true one is another episode or part of this one, never the sequel
    let again = st_max("2025-06-09", "2025-06-20", O::NfaOther);
    let first = st_max("2025-05-01", "2025-06-01", O::NfaEndedAsPlanned);
    assert_eq!(sequels(Method::AsPublished, &[first, again]).len(), 2);
}

#[test]
fn section_6_trap_9_a_cropped_end_is_an_end() {
    let cropped =
        CareEvent { cropped: true, ..st_max("2025-05-01", "2025-06-30", O::Continuation) };
    assert_eq!(sequel(&[cropped]), "6 Continuation of support or services");
}

#[test]
fn section_6_trap_10_a_request_before_the_episode_changes_nothing() {
    let request = event(E::Request, "2025-04-20", "2025-04-25").outcome(O::Reablement);
    assert_eq!(after(&[request]), OWN);
}

#[test]
fn section_6_step_2_any_component_makes_an_episode() {
    // ASCOF 2D's trap 7: reablement without the component Reablement counts here
    for component in [C::Reablement, C::HomeSupport, C::Equipment, C::None, C::Invalid] {
        let row = st_max("2025-05-01", "2025-06-01", O::NfaEndedAsPlanned).component(component);
        assert_eq!(sequel(&[row]), OWN, "{component:?}");
    }
    for kind in [E::Request, E::Assessment, E::Review, E::None] {
        let row = st_max("2025-05-01", "2025-06-01", O::NfaEndedAsPlanned).kind(kind);
        assert_eq!(sequel(&[row]), "", "{kind:?}");
    }
}

#[test]
fn section_6_step_4_the_outcome_is_that_of_the_latest_end_then_rank_then_record() {
    let early = |end, outcome, id| st_max("2025-05-01", end, outcome).id(id);
    let of = |a: CareEvent, b: CareEvent| {
        let [one, other] = [sequel(&[a, b]), sequel(&[b, a])];
        assert_eq!(one, other);
        one
    };
    assert_eq!(
        of(early("2025-06-01", O::NfaOther, 1), early("2025-05-30", O::NfaMoved, 2)),
        "4a NFA: Other"
    );
    // an outcome that says what followed beats a better rank that does not
    assert_eq!(
        of(early("2025-06-01", O::NfaOther, 1), early("2025-06-01", O::Reablement, 2)),
        "4a NFA: Other"
    );
    assert_eq!(
        of(early("2025-06-01", O::None, 9), early("2025-06-01", O::Continuation, 2)),
        "6 Continuation of support or services"
    );
    assert_eq!(sequel(&[early("2025-06-01", O::None, 1)]), "6 Invalid and not mapped");
}

#[test]
fn section_6_step_5_scope() {
    let ends = |end: &str| sequel(&[st_max("2025-01-01", end, O::NfaOther)]);
    assert_eq!(ends("2025-03-31"), "");
    assert_eq!(ends("2025-04-01"), "4a NFA: Other");
    assert_eq!(ends("2026-03-31"), "4a NFA: Other");
    assert_eq!(ends("2026-04-01"), "");
    // 17 and 18 by the 365.25 formula at the end of the episode
    let born =
        |year, month| sequel(&[st_max("2025-05-01", "2025-06-02", O::NfaOther).born(year, month)]);
    assert_eq!((born(2007, 7), born(2007, 6)), (String::new(), "4a NFA: Other".into()));
    let died = |day: &str| after(&[event(E::Review, "2025-05-02", "2025-05-02").died(day)]);
    assert_eq!(died("2025-04-30"), "");
    assert_eq!(died("2025-05-01"), "1 NFA: Deceased");
    // the other council's details are its own
    let elsewhere = event(E::Review, "2025-05-02", "2025-05-02").died("2025-04-30").la(SOUTHTON);
    assert_eq!(after(&[elsewhere]), OWN);
}

#[test]
fn section_6_step_1_rows_of_others_and_reversed_rows_are_left_out() {
    let reversed = service(S::Nursing, "2025-04-20", "2025-04-19");
    assert_eq!(after(&[reversed]), OWN);
    let carer = CareEvent {
        client_type: ClientType::UnpaidCarer,
        ..service(S::Nursing, "2025-06-02", "-")
    };
    assert_eq!(after(&[carer]), OWN);
    assert_eq!(sequel(&[st_max("2025-05-01", "2025-05-01", O::NfaOther)]), "4a NFA: Other");
    assert_eq!(sequel(&[st_max("2025-05-02", "2025-05-01", O::NfaOther)]), "");
}

#[test]
fn section_6_step_8_death_up_to_a_week_later_comes_first() {
    let died = |day: &str| {
        with(O::AdmittedToHospital, &[service(S::Nursing, "2025-06-02", "-").died(day)])
    };
    assert_eq!(died("2025-05-20"), "1 NFA: Deceased");
    assert_eq!(died("2025-06-08"), "1 NFA: Deceased");
    assert_eq!(died("2025-06-09"), "2 Admitted to hospital");
}

#[test]
fn section_6_step_8_3_the_best_type_wins_then_a_short_term_bed() {
    let follows = |kinds: &[(S, C)]| {
        let rows: Vec<_> = kinds
            .iter()
            .map(|&(kind, component)| service(kind, "2025-06-02", "-").component(component))
            .collect();
        after(&rows)
    };
    let ranked =
        [S::Nursing, S::Residential, S::Community, S::Prison, S::LowLevel, S::OtherShortTerm];
    for pair in ranked.windows(2) {
        let label = format!("3 {}", pair[0].label());
        assert_eq!(follows(&[(pair[1], C::None), (pair[0], C::None)]), label);
    }
    let bed = "3 Short term support: Residential or Nursing care";
    for component in [C::ShortTermNursing, C::ShortTermResidential] {
        assert_eq!(follows(&[(S::OtherShortTerm, C::Meals), (S::OtherShortTerm, component)]), bed);
        // the component speaks only for other short-term support
        assert_eq!(follows(&[(S::LowLevel, component)]), "3 Short term support: Ongoing low level");
    }
    // support to carers is no service of the client
    assert_eq!(follows(&[(S::CarerIndirect, C::None)]), "6 NFA: Support ended as planned");
}

#[test]
fn section_6_step_8_4c_assessments_and_reviews_near_the_end() {
    let nested =
        |kind, start, end| with(O::Continuation, &[event(kind, start, end).outcome(O::NfaMoved)]);
    let moved = "4c NFA: Responsibility moved to another local authority";
    let otherwise = "6 Continuation of support or services";
    assert_eq!(nested(E::Assessment, "2025-05-10", "2025-05-19"), moved); // 13 days before
    assert_eq!(nested(E::Review, "2025-05-10", "2025-05-18"), otherwise);
    assert_eq!(nested(E::Request, "2025-05-10", "2025-05-20"), otherwise);
    assert_eq!(nested(E::Review, "2025-06-01", "2025-06-01"), moved);
    assert_eq!(nested(E::Review, "2025-04-30", "2025-05-20"), otherwise);
    // an event that ends on the first day belongs to the decision that led to the episode
    let short = |end| {
        sequel(&[
            st_max("2025-05-01", "2025-05-05", O::Continuation),
            event(E::Assessment, "2025-05-01", end).outcome(O::NfaMoved),
        ])
    };
    assert_eq!(short("2025-05-01"), otherwise);
    assert_eq!(short("2025-05-02"), moved);
    // the last one counts, then the best rank; not the best of all
    let review = |end, outcome| event(E::Review, "2025-05-10", end).outcome(outcome);
    let last = [review("2025-05-28", O::NfaMoved), review("2025-05-29", O::NfaOther)];
    assert_eq!(with(O::Continuation, &last), "4c NFA: Other");
    let same_day = [review("2025-05-29", O::NfaMoved), review("2025-05-29", O::NfaOther)];
    assert_eq!(with(O::Continuation, &same_day), moved);
    // it competes with the episode's own outcome by rank, which wins a tie
    assert_eq!(after(&[review("2025-05-29", O::NfaMoved)]), moved);
    assert_eq!(after(&[review("2025-05-29", O::NfaOther)]), OWN);
    assert_eq!(after(&[review("2025-05-29", O::NfaEndedAsPlanned)]), OWN);
}

#[test]
fn section_6_step_8_4_equal_ranks_prefer_a_then_b_then_c() {
    let follows = event(E::Review, "2025-06-03", "2025-06-05").outcome(O::NfaOther);
    let nested = event(E::Review, "2025-05-20", "2025-05-30").outcome(O::NfaOther);
    assert_eq!(with(O::NfaOther, &[follows, nested]), "4a NFA: Other");
    assert_eq!(with(O::Continuation, &[follows, nested]), "4b NFA: Other");
    assert_eq!(with(O::Continuation, &[nested]), "4c NFA: Other");
}

#[test]
fn section_6_step_9_every_outcome_counts_as_published() {
    let both = [
        O::NfaInformation,
        O::NfaEndedAsPlanned,
        O::NfaMoved,
        O::NfaOther,
        O::NfaNoServices,
        O::NfaEndedOther,
        O::NfaOtherService,
    ];
    let neither =
        [O::NfaDeceased, O::NfaDeclined, O::NfaSelfFunded, O::NfaNhs, O::AdmittedToHospital];
    let unclassified =
        [O::Continuation, O::SupportPlanning, O::Assessment, O::Reablement, O::Release1Only];
    let groups = [
        (&both[..], Counting::Both),
        (&neither, Counting::Neither),
        (&unclassified, Counting::Unclassified),
        (&[O::Invalid], Counting::Unclassified),
    ];
    let mut seen = 0;
    for (outcomes, counting) in groups {
        for &outcome in outcomes {
            assert_eq!(Final::of_outcome(outcome).counting(), counting, "{outcome:?}");
            seen += 1;
        }
    }
    assert_eq!(seen, O::ALL.len() + 1);
    assert_eq!(Final::of_outcome(O::None).label(), "Invalid and not mapped");
    for kind in [S::Nursing, S::Residential, S::Community, S::Prison] {
        assert_eq!(Final::Service(kind).counting(), Counting::Denominator);
    }
    for kind in [S::LowLevel, S::OtherShortTerm] {
        assert_eq!(Final::Service(kind).counting(), Counting::Both);
    }
    assert_eq!(Final::ShortTermBed.counting(), Counting::Denominator);
}

#[test]
fn a_study_file_changes_only_what_it_names() {
    use super::super::Settings;
    let settings: Settings = toml::from_str("sequel_days = 14").unwrap();
    assert_eq!(settings, Settings { sequel_days: 14, ..Settings::default() });
    assert!(settings.check().is_ok());
    assert!(toml::from_str::<Settings>("sequel = 14").is_err());
    let error = Settings { nested_days: -1, ..Settings::default() }.check().unwrap_err();
    assert_eq!(error, "nested_days = -1 must not be negative");
}
