//! The invariants of section L, against slow references.

use super::*;
use crate::hospital::settings::{LateDates, MissingEnd, ReversedDates, SameDayOrder};
use proptest::prelude::*;

const METHODS: [&str; 6] = ["21", "11", "81", "2B", "82", "31"];
const SOURCES: [&str; 5] = ["19", "51", "52", "87", "54"];
const DESTINATIONS: [&str; 8] = ["19", "51", "53", "84", "98", "", "54", "49"];
const LEFT: [&str; 7] = ["1", "1", "1", "4", "8", "5", ""];
const CLASSES: [&str; 6] = ["1", "1", "1", "2", "3", "5"];
const FUNCTIONS: [&str; 4] = ["300", "314", "710", "501"];

fn pick(list: &'static [&'static str]) -> impl Strategy<Value = Code> {
    proptest::sample::select(list).prop_map(Code::new)
}

fn any_row() -> impl Strategy<Value = Episode> {
    let codes = (
        pick(&METHODS),
        pick(&SOURCES),
        pick(&DESTINATIONS),
        pick(&LEFT),
        pick(&CLASSES),
        pick(&FUNCTIONS),
    );
    let dates = (0..40i32, -2..14i32, 0..10u8, 0..6i32);
    let identity = (0..3u8, 1..7u64, 0..4u16, 0..3u8, 0..4u64);
    let small = (0..3u8, 0..2u8, any::<bool>(), 0..3u16);
    (codes, dates, identity, small).prop_map(|(codes, dates, identity, small)| {
        let (admitted, nights, missing, lag) = dates;
        let (kind, spell, provider, number, key) = identity;
        let (quality, submitted, last, time) = small;
        let admission = day("05-01").plus(admitted);
        let mut e = Episode {
            admission: if missing == 1 { OptDay::NONE } else { admission.into() },
            discharge: if missing <= 2 { OptDay::NONE } else { admission.plus(nights).into() },
            episode_start: admission.plus(lag.min(nights.max(0))).into(),
            episode_end: admission.plus(nights).into(),
            submitted: if submitted == 0 { OptDay::NONE } else { day("07-01").into() },
            admission_method: codes.0,
            source: codes.1,
            destination: codes.2,
            discharge_method: codes.3,
            class: codes.4,
            treatment_function: codes.5,
            admission_time: if time == 0 { u16::MAX } else { time * 60 },
            episode_no: number,
            episode_key: RecordKey::from_text(&[b'0' + key as u8]).filter(|_| key > 0),
            provider,
            quality,
            ..EMPTY
        };
        e.flags.0 = EpisodeFlags::FINISHED;
        match kind {
            0 => {
                e.spell_key = Some(RecordKey::from_number(spell));
                e.flags.0 |= EpisodeFlags::HAS_LAST | if last { EpisodeFlags::LAST } else { 0 };
            }
            1 => {
                e.spell_key = Some(RecordKey::from_number(spell + 100));
                e.flags.0 |= EpisodeFlags::SPELL_LEVEL;
            }
            _ => e.flags.0 |= EpisodeFlags::HES,
        }
        if kind == 2 && missing == 5 {
            e.flags.0 &= !EpisodeFlags::FINISHED;
        }
        e
    })
}

fn person() -> impl Strategy<Value = Vec<Episode>> {
    proptest::collection::vec(any_row(), 0..12).prop_map(|mut rows| {
        for (n, row) in rows.iter_mut().enumerate() {
            row.row = n as u32 + 1;
        }
        rows
    })
}

fn any_settings() -> impl Strategy<Value = HospitalSettings> {
    let profile = prop_oneof![Just(Profile::Engine), Just(Profile::Hf), Just(Profile::Nhsd)];
    let reversed = prop_oneof![
        Just(ReversedDates::Quarantine),
        Just(ReversedDates::Swap),
        Just(ReversedDates::DropDischarge),
    ];
    let late = prop_oneof![Just(LateDates::Quarantine), Just(LateDates::DropDischarge)];
    let missing = prop_oneof![
        Just(MissingEnd::Impute),
        Just(MissingEnd::Exclude),
        Just(MissingEnd::ExcludeAny),
    ];
    let switches = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (profile, reversed, late, missing, switches, any::<[bool; 6]>()).prop_map(
        |(profile, reversed_dates, late_dates, missing_end, switches, g)| HospitalSettings {
            profile,
            extract_date: Some(day("06-10")),
            reversed_dates,
            late_dates,
            missing_end,
            death_consistency: switches.0,
            same_day_order: if switches.1 { SameDayOrder::Key } else { SameDayOrder::Transit },
            hf_lag_includes_invalid: switches.2,
            remove_duplicates: switches.3,
            hygiene: Hygiene { g1: g[0], g2: g[1], g3: g[2], g4: g[3], g5: g[4], g6: g[5] },
            ..HospitalSettings::default()
        },
    )
}

fn death() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(""), Just("05-20"), Just("06-01")]
}

/// A spell with its episodes in full instead of by number, the place in the file aside.
fn in_full(rows: &[Episode], spell: &Spell) -> (Spell, Episode, Episode) {
    let row = |n: u32| Episode { row: 0, file: 0, ..rows[n as usize] };
    let own = Spell { first_episode: 0, last_episode: 0, ..*spell };
    (own, row(spell.first_episode), row(spell.last_episode))
}

/// I.1 to I.7 as they are written: which spells are together.
fn slow_chains(profile: Profile, spells: &[Spell]) -> Vec<Vec<usize>> {
    let (max, destinations, sources): (i32, &[&str], &[&str]) = match profile {
        Profile::Hf => (3, &["51", "52", "53"], &["51", "52", "53"]),
        Profile::Nhsd => {
            (2, &["49", "50", "51", "52", "53", "84"], &["49", "50", "51", "52", "53", "87"])
        }
        Profile::Engine => (
            2,
            &["48", "49", "50", "51", "52", "53", "84", "87"],
            &["48", "49", "50", "51", "52", "53", "84", "87"],
        ),
    };
    let has = |list: &[&str], code: Code| list.contains(&code.text().as_str());
    let mut chains: Vec<Vec<usize>> = Vec::new();
    let mut current: Option<usize> = None;
    for (n, s) in spells.iter().enumerate() {
        if s.flags.has(StayFlags::INNER) && profile != Profile::Engine {
            chains.push(vec![n]);
            continue;
        }
        let join = current.is_some_and(|c| {
            let p = match profile {
                Profile::Engine => chains[c]
                    .iter()
                    .map(|&m| &spells[m])
                    .max_by_key(|p| (p.discharge, p.admission, p.key))
                    .unwrap(),
                _ => &spells[*chains[c].last().unwrap()],
            };
            let gap = s.admission.since(p.discharge);
            let mut marker = has(destinations, p.destination)
                || has(sources, s.source)
                || has(&["2B", "81"], s.admission_method);
            let code = |code: Code| code.text();
            if profile != Profile::Hf
                && (code(p.destination), code(s.source), code(s.admission_method))
                    == ("19".into(), "51".into(), "21".into())
            {
                marker = false;
            }
            match profile {
                Profile::Engine => (marker && (0..=max).contains(&gap)) || gap < 0,
                Profile::Hf => marker && gap <= max,
                Profile::Nhsd => marker && (0..=max).contains(&gap),
            }
        });
        match (current, join) {
            (Some(c), true) => chains[c].push(n),
            _ => {
                current = Some(chains.len());
                chains.push(vec![n]);
            }
        }
    }
    chains
}

/// The nights in the union of some spells, night by night.
fn union_of_nights<'a>(spells: impl IntoIterator<Item = &'a Spell>) -> i32 {
    let mut nights = std::collections::BTreeSet::new();
    for spell in spells {
        nights.extend(spell.admission.0..spell.discharge.0);
    }
    nights.len() as i32
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// L1 and L7 (rows are checked by `build_with`), L2.
    #[test]
    fn l1_l2_l7_everything_is_accounted_for_once(
        rows in person(),
        settings in any_settings(),
        death in death(),
    ) {
        let built = build_with(&settings, death, &rows);
        let c = &built.counts;
        prop_assert_eq!(c.rows, rows.len() as u64);
        prop_assert!(built.stays.len() <= built.spells.len() && built.spells.len() <= rows.len());
        prop_assert_eq!((c.spells, c.cips), (built.spells.len() as u64, built.stays.len() as u64));
        let episodes: u64 = built.spells.iter().map(|s| u64::from(s.episodes)).sum();
        prop_assert_eq!(episodes, c.member_rows);
        for (n, stay) in built.stays.iter().enumerate() {
            let members = built.spells.iter().filter(|s| s.cips as usize == n).count();
            prop_assert!(members >= 1 && members == usize::from(stay.spells));
        }
        prop_assert!(built.spells.iter().all(|s| (s.cips as usize) < built.stays.len()));
        prop_assert!(built.spells.iter().all(|s| s.nights() >= 0));
        prop_assert!(built.spells.iter().all(|s| s.discharge <= day("06-10")));
    }

    /// L6.
    #[test]
    fn l6_the_order_of_rows_does_not_matter(
        (rows, shuffled) in person().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        settings in any_settings(),
        death in death(),
    ) {
        let a = build_with(&settings, death, &rows);
        let b = build_with(&settings, death, &shuffled);
        prop_assert_eq!(&a.counts, &b.counts);
        prop_assert_eq!(&a.stays, &b.stays);
        prop_assert_eq!(a.deaths, b.deaths);
        let full = |rows: &[Episode], built: &Built| -> Vec<_> {
            built.spells.iter().map(|s| in_full(rows, s)).collect()
        };
        prop_assert_eq!(full(&rows, &a), full(&shuffled, &b));
    }

    /// I: joins against the slow reference, under every profile.
    #[test]
    fn i_chains_are_those_of_the_slow_reference(
        rows in person(),
        profile in prop_oneof![Just(Profile::Engine), Just(Profile::Hf), Just(Profile::Nhsd)],
    ) {
        let built = build_with(&HospitalSettings::of(profile), "", &rows);
        let mut chains = vec![Vec::new(); built.stays.len()];
        for (n, spell) in built.spells.iter().enumerate() {
            chains[spell.cips as usize].push(n);
        }
        prop_assert_eq!(&chains, &slow_chains(profile, &built.spells));
        for (members, stay) in chains.iter().zip(&built.stays) {
            let members: Vec<_> = members.iter().map(|&n| &built.spells[n]).collect();
            // L5, and the attributes of the first and the last spell
            let last = members.iter().max_by_key(|s| (s.discharge, s.admission, s.key)).unwrap();
            prop_assert_eq!(stay.admission, members.iter().map(|s| s.admission).min().unwrap());
            prop_assert_eq!(stay.discharge, last.discharge);
            prop_assert_eq!(stay.end_kind, last.end_kind);
            prop_assert_eq!(stay.discharge_method, last.discharge_method);
            prop_assert_eq!(stay.admission_method, members[0].admission_method);
            let most = if profile == Profile::Hf { 3 } else { 2 };
            prop_assert!((0..=most).contains(&stay.max_gap));
            prop_assert_eq!(stay.nights_in_bed, union_of_nights(members.iter().copied()));
            let rehabilitation = members.iter().find(|s| s.flags.has(StayFlags::REHABILITATION));
            let acute = rehabilitation.map_or(stay.discharge, |s| s.admission);
            prop_assert_eq!(stay.acute_nights, acute.since(stay.admission));
            let known: std::collections::BTreeSet<_> =
                members.iter().map(|s| s.provider).filter(|&p| p != 0).collect();
            prop_assert_eq!(usize::from(stay.providers), known.len().max(1));
            let flags = members.iter().fold(0, |all, s| all | s.flags.0);
            prop_assert_eq!(stay.flags.0, flags);
        }
    }

    /// L3 and L4 for the engine's profile.
    #[test]
    fn l3_l4_stays_are_disjoint_and_cover_the_nights_of_the_spells(rows in person(), death in death()) {
        let built = build_with(&HospitalSettings::default(), death, &rows);
        let nights: i32 = built.stays.iter().map(|s| s.nights_in_bed).sum();
        prop_assert_eq!(nights, union_of_nights(&built.spells));
        for pair in built.stays.windows(2) {
            prop_assert!(pair[0].discharge <= pair[1].admission);
            let (before, next) = (pair[0].last_spell as usize, pair[1].first_spell as usize);
            let rules = HospitalSettings::default().rules();
            let join = cips::joins(&rules, &built.spells[before], &built.spells[next]);
            prop_assert!(!join);
        }
    }

    /// G3 and G4: no night is lost or counted twice at a provider.
    #[test]
    fn g3_g4_spells_of_one_provider_are_disjoint_and_keep_their_nights(rows in person()) {
        let hygiene = |on: bool| HospitalSettings {
            hygiene: Hygiene { g1: on, g3: on, g4: on, ..Hygiene::OFF },
            ..HospitalSettings::default()
        };
        let (raw, tidy) = (build_with(&hygiene(false), "", &rows), build_with(&hygiene(true), "", &rows));
        for provider in 1..4 {
            let of = |built: &Built| -> Vec<Spell> {
                built.spells.iter().copied().filter(|s| s.provider == provider).collect()
            };
            let (raw, tidy) = (of(&raw), of(&tidy));
            prop_assert_eq!(union_of_nights(&raw), union_of_nights(&tidy));
            for (n, a) in tidy.iter().enumerate() {
                for b in &tidy[n + 1..] {
                    prop_assert!(a.discharge <= b.admission || b.discharge <= a.admission);
                }
            }
        }
        prop_assert_eq!(raw.counts.member_rows, tidy.counts.member_rows + tidy.counts.twin_rows);
    }

    /// H: after the repair no spell begins or ends after the death.
    #[test]
    fn h_no_spell_outlives_the_person(rows in person(), death in death()) {
        let built = build_with(&HospitalSettings::default(), death, &rows);
        if let Some(died) = built.deaths.used.get() {
            prop_assert!(built.spells.iter().all(|s| s.discharge <= died));
        }
        if !death.is_empty() {
            prop_assert_eq!(built.deaths.used, opt(death));
        }
    }
}

proptest! {
    /// Every row of a spell, and no row of another, whatever was joined, absorbed or left out.
    #[test]
    fn l_episodes_of_spells_are_those_that_the_spells_count(
        rows in person(),
        settings in any_settings(),
        death in death(),
    ) {
        let stays = Stays::new(&settings, day("2024-12-31"), &providers());
        let (mut scratch, mut pairs) = (Scratch::default(), Vec::new());
        let (mut spells, mut cips) = (Vec::new(), Vec::new());
        let mut counts = HospitalCounts::default();
        let died = opt(death);
        stays.build(&rows, died, true, &mut scratch, &mut spells, &mut cips, &mut counts);
        if spells.is_empty() {
            return Ok(());
        }
        Stays::episodes_of_spells(&scratch, &mut pairs);
        let mut codes = EpisodeCodes::new();
        let first = |spell: usize| spells[spell].first_episode;
        codes.set_spells(spells.len(), &mut pairs, &rows, first);
        let mut seen = std::collections::BTreeSet::new();
        for (n, spell) in spells.iter().enumerate() {
            let episodes = codes.episodes_of(n);
            prop_assert_eq!(episodes.len(), usize::from(spell.episodes));
            prop_assert_eq!(episodes.first(), Some(&spell.first_episode));
            prop_assert!(episodes.contains(&spell.last_episode));
            for &episode in episodes {
                prop_assert!(seen.insert(episode), "a row in two spells");
            }
        }
    }
}
