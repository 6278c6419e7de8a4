use super::*;
use crate::day::{BirthMonth, OptDay};
use crate::hospital::settings::HospitalSettings;
use crate::hospital::stay::EndKind;
use crate::records::ecds::ArrivalMode;
use crate::records::key::RecordKey;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    Day::parse_iso(&format!("2024-{text}")).unwrap()
}

fn visit(key: u64, arrival: &str, time: u16) -> Attendance {
    Attendance {
        key: (key > 0).then(|| RecordKey::from_number(key)),
        arrival: day(arrival).into(),
        departure: OptDay::NONE,
        row: 0,
        file: 0,
        provider: 1,
        arrival_time: time,
        departure_time: u16::MAX,
        department: Code::new("01"),
        category: Code::new("1"),
        disposal: Disposal::Discharged,
        arrival_mode: ArrivalMode::Unknown,
        lsoa: 0,
        residence: 0,
        sex: Code::NONE,
        age: Attendance::NO_AGE,
        first_codes: 0,
        legacy: false,
        uncounted: false,
        housekeeping: false,
    }
}

fn left(visit: Attendance, departure: &str, time: u16, disposal: Disposal) -> Attendance {
    Attendance { departure: day(departure).into(), departure_time: time, disposal, ..visit }
}

fn admission(date: &str, time: u16, method: &str, provider: u16) -> Spell {
    Spell {
        key: None,
        admission: day(date),
        discharge: day(date).plus(3),
        discharge_ready: OptDay::NONE,
        first_episode: 0,
        last_episode: 0,
        cips: 0,
        lsoa: 0,
        provider,
        residence: 0,
        birth: BirthMonth(0),
        episodes: 1,
        admission_time: time,
        admission_method: Code::new(method),
        source: Code::NONE,
        class: Code::NONE,
        management: Code::NONE,
        treatment_admission: Code::NONE,
        treatment_discharge: Code::NONE,
        main_specialty: Code::NONE,
        destination: Code::NONE,
        discharge_method: Code::NONE,
        sex: Code::NONE,
        end_kind: EndKind::Observed,
        transit: 0,
        flags: StayFlags(0),
    }
}

fn stays(change: impl FnOnce(&mut HospitalSettings)) -> Stays {
    let mut settings = HospitalSettings::default();
    change(&mut settings);
    let providers: Vec<Box<str>> = ["", "RBB", "RAA"].map(Into::into).into();
    Stays::new(&settings, day("12-31"), &providers)
}

fn kept(stays: &Stays, rows: &[Attendance]) -> (Vec<Attendance>, HospitalCounts) {
    let (mut out, mut counts) = (Vec::new(), HospitalCounts::default());
    stays.attendances(rows, &mut Scratch::default(), &mut out, &mut counts);
    (out, counts)
}

fn links(rows: &[Attendance], spells: &[Spell]) -> (Vec<Option<u32>>, HospitalCounts) {
    let (mut links, mut counts) = (Vec::new(), HospitalCounts::default());
    let (mut spells, scratch) = (spells.to_vec(), &mut Scratch::default());
    stays(|_| ()).link_attendances(rows, &mut spells, scratch, &mut links, &mut counts);
    let flagged = spells.iter().filter(|spell| spell.flags.has(StayFlags::NO_ATTENDANCE)).count();
    assert_eq!(counts.em_without_ae, flagged as u64, "K6");
    (links.iter().map(|&n| (n != NO_SPELL).then_some(n)).collect(), counts)
}

#[test]
fn c2_ecds_attendances_are_equal_by_key_then_by_provider_and_minute() {
    let a = visit(1, "05-01", 600);
    let other_time = Attendance { arrival_time: 700, ..a };
    let (out, counts) =
        kept(&stays(|_| ()), &[a, left(other_time, "05-01", 800, Disposal::Admitted)]);
    assert_eq!((out.len(), counts.attendance_dup_rows), (1, 1));
    assert_eq!(out[0].arrival_time, 700, "the fuller row survives");
    let rows = [a, visit(2, "05-01", 600), visit(3, "05-01", 601), Attendance { provider: 2, ..a }];
    let rows = [rows[0], rows[1], rows[2], Attendance { key: None, ..rows[3] }];
    let (out, _) = kept(&stays(|_| ()), &rows);
    let keys: Vec<_> = out.iter().map(|a| (a.arrival_time, a.provider, a.key)).collect();
    let key = |n: u64| Some(RecordKey::from_number(n));
    assert_eq!(keys, [(600, 2, None), (600, 1, key(2)), (601, 1, key(3))], "by provider code");
}

#[test]
fn c2_rows_taken_back_or_without_arrival_are_counted() {
    let a = visit(1, "05-01", 600);
    let rows = [
        a,
        Attendance { housekeeping: true, ..visit(2, "05-02", 1) },
        Attendance { arrival: OptDay::NONE, ..visit(3, "05-02", 1) },
    ];
    let (out, c) = kept(&stays(|_| ()), &rows);
    assert_eq!(out, [a]);
    assert_eq!((c.attendance_rows, c.attendance_housekeeping_rows), (3, 1));
    assert_eq!((c.attendance_no_arrival_rows, c.attendances), (1, 1));
}

#[test]
fn c4_minutes_are_real_over_hours_and_midnight() {
    let hour = stays(|s| s.ae_dup_minutes = Some(60));
    let times = |rows: &[Attendance]| -> Vec<u16> {
        kept(&hour, rows).0.iter().map(|a| a.arrival_time).collect()
    };
    // 10:59 and 11:01, which the integer rule counts as 42 apart
    assert_eq!(times(&[visit(1, "05-01", 659), visit(2, "05-01", 661)]), [659]);
    assert_eq!(times(&[visit(1, "05-01", 1435), visit(2, "05-02", 5)]), [1435]);
    assert_eq!(
        times(&[visit(1, "05-01", 600), visit(2, "05-01", 660)]),
        [600, 660],
        "strictly under"
    );
    // compared with the row that was kept, not with the one that was dropped
    let chain = [visit(1, "05-01", 600), visit(2, "05-01", 640), visit(3, "05-01", 680)];
    assert_eq!(times(&chain), [600, 680]);
    // a missing time equals a missing time of the day, and nothing else
    let unknown = |key: u64| visit(key, "05-01", u16::MAX);
    assert_eq!(times(&[unknown(1), unknown(2), visit(3, "05-01", 0)]), [u16::MAX, 0]);
}

#[test]
fn c2_rows_before_ecds_also_agree_in_first_diagnosis_and_treatment() {
    let legacy = |key: u64, time: u16, codes: u32| Attendance {
        legacy: true,
        first_codes: codes,
        ..visit(key, "05-01", time)
    };
    let times = |rows: &[Attendance]| -> Vec<u16> {
        kept(&stays(|_| ()), rows).0.iter().map(|a| a.arrival_time).collect()
    };
    // under an hour apart, by minutes: one attendance; an ECDS row is another one a minute later
    assert_eq!(times(&[legacy(1, 659, 7), legacy(2, 661, 7), legacy(3, 719, 7)]), [659, 719]);
    assert_eq!(times(&[visit(1, "05-01", 659), visit(2, "05-01", 660)]), [659, 660]);
    // another injury on the same day is another attendance
    assert_eq!(times(&[legacy(1, 659, 7), legacy(2, 661, 8)]), [659, 661]);
}

#[test]
fn k1_same_provider_and_the_day_of_arrival_or_departure() {
    let rows = [left(visit(1, "05-01", 1400), "05-02", 60, Disposal::Discharged)];
    let link =
        |date: &str, provider: u16| links(&rows, &[admission(date, 90, "21", provider)]).0[0];
    assert_eq!((link("05-01", 1), link("05-02", 1)), (Some(0), Some(0)));
    assert_eq!((link("05-03", 1), link("04-30", 1), link("05-02", 2)), (None, None, None));
    let unknown = Attendance { provider: 0, ..rows[0] };
    assert_eq!(links(&[unknown], &[admission("05-02", 90, "21", 0)]).0, [None]);
}

#[test]
fn k2_an_admitted_attendance_may_wait_a_day_more() {
    let rows = [left(visit(1, "05-01", 1400), "05-02", 60, Disposal::Admitted)];
    let link = |date: &str| links(&rows, &[admission(date, 90, "21", 1)]).0[0];
    assert_eq!((link("05-03"), link("05-04"), link("04-30")), (Some(0), None, None));
}

#[test]
fn k3_one_to_one_by_least_time_then_latest_arrival() {
    let rows = [
        left(visit(1, "05-01", 600), "05-01", 700, Disposal::Admitted),
        left(visit(2, "05-01", 800), "05-01", 900, Disposal::Admitted),
    ];
    let (linked, counts) = links(&rows, &[admission("05-01", 910, "21", 1)]);
    assert_eq!((linked, counts.attendances_linked), (vec![None, Some(0)], 1));
    // without times the latest arrival wins
    let (linked, _) = links(&rows, &[admission("05-01", u16::MAX, "21", 1)]);
    assert_eq!(linked, [None, Some(0)]);
    // two admissions: each attendance gets the nearer one
    let spells = [admission("05-01", 710, "21", 1), admission("05-01", 950, "22", 1)];
    assert_eq!(links(&rows, &spells).0, [Some(0), Some(1)]);
}

#[test]
fn k4_method_2a_allows_another_provider() {
    let rows = [left(visit(1, "05-01", 600), "05-01", 700, Disposal::Transferred)];
    assert_eq!(links(&rows, &[admission("05-01", 800, "2A", 2)]).0, [Some(0)]);
    assert_eq!(links(&rows, &[admission("05-01", 800, "22", 2)]).0, [None]);
}

#[test]
fn k6_an_admission_from_the_own_a_and_e_without_attendance_is_counted() {
    let rows = [left(visit(1, "05-01", 600), "05-01", 700, Disposal::Admitted)];
    let spells = [admission("05-01", 800, "21", 1), admission("06-01", 800, "21", 1)];
    assert_eq!(links(&rows, &spells).1.em_without_ae, 1);
    assert_eq!(links(&rows, &[admission("06-01", 800, "22", 1)]).1.em_without_ae, 0);
}

proptest! {
    #[test]
    fn attendances_do_not_depend_on_the_order_of_rows(
        (rows, shuffled) in proptest::collection::vec((0..4u64, 0..3i32, 0..5u16, 0..3u16, 0..3u8), 0..9)
            .prop_map(|rows| rows.into_iter().enumerate().map(|(n, (key, at, time, provider, how))| {
                let mut a = visit(key, "05-01", if time == 0 { u16::MAX } else { time * 30 });
                a.arrival = day("05-01").plus(at).into();
                a.provider = provider;
                a.row = n as u32;
                a.disposal = [Disposal::Left, Disposal::Admitted, Disposal::Died][usize::from(how)];
                a
            }).collect::<Vec<_>>())
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        minutes in 1..90i32,
    ) {
        let stays = stays(|s| s.ae_dup_minutes = Some(minutes));
        let ((a, counts), (b, others)) = (kept(&stays, &rows), kept(&stays, &shuffled));
        let content = |rows: &[Attendance]| -> Vec<Attendance> {
            rows.iter().map(|a| Attendance { row: 0, ..*a }).collect()
        };
        prop_assert_eq!(content(&a), content(&b));
        prop_assert_eq!(counts, others);
        prop_assert_eq!(counts.attendance_dup_rows + counts.attendances, rows.len() as u64);
        // reference: no two kept ones share a key or are close at one provider
        for (n, x) in a.iter().enumerate() {
            for y in &a[n + 1..] {
                prop_assert!(x.key.is_none() || x.key != y.key);
                let known = x.arrival_time != u16::MAX && y.arrival_time != u16::MAX;
                let at = |a: &Attendance| {
                    i64::from(a.arrival.get().unwrap().0) * 1440 + i64::from(a.arrival_time)
                };
                let close = if known {
                    (at(x) - at(y)).abs() < i64::from(minutes)
                } else {
                    x.arrival_time == y.arrival_time && x.arrival == y.arrival
                };
                prop_assert!(x.provider != y.provider || !close);
            }
        }
    }
}
