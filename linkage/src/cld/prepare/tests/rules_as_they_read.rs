//! Preparation against a slow reading of the rules, one step after the other.

use super::*;
use crate::codes::cld::Raw;
use crate::day::BirthMonth;
use proptest::prelude::*;
use std::collections::BTreeMap;

const EVENT_TYPES: [&str; 8] =
    ["Service", "service", "Request", "Assessment", "Services", "Review", "Blah", ""];
const CLIENTS: [&str; 4] = ["Service User", "service user", "Carer", ""];
const SERVICES: [&str; 4] = [
    "Long Term Support: Community",
    "Long term support (Community)",
    "Short Term Support: ST-Max",
    "",
];
const COMPONENTS: [&str; 3] = ["Home Support", "Home support or domiciliary care", "nonsense"];
const OUTCOMES: [&str; 5] =
    ["No change in package", "Provision of service", "NFA - Deceased", "nonsense", ""];
const MECHANISMS: [&str; 3] = ["Direct Payment", "direct payment", "nonsense"];
const ROUTES: [&str; 3] = ["Prison", "PRISON", ""];
const STARTS: [&str; 4] = ["2024-05-01", "2024-09-30", "2024-10-01", "-"];
const ENDS: [&str; 7] =
    ["-", "-", "2024-09-30", "2024-10-01", "2024-12-31", "2025-02-01", "2024-11-15"];
const DEATHS: [&str; 5] = ["-", "-", "-", "2024-12-01", "2024-09-30"];
const KINDS: [PersonIdKind; 4] =
    [PersonIdKind::NhsTraced, PersonIdKind::LaLocal, PersonIdKind::NhsSupplied, PersonIdKind::None];

/// Choices of one row: submission, council, event type, client, service, component, outcome,
/// mechanism, route, start, end, death, kind of identifier, conversation, cost.
type Choices = [u8; 15];

const FILES: [(&str, &str, &str, &str); 7] = [
    ("100", "2024-10-20", "2024-04-01", "2024-09-30"),
    ("100", "2025-04-20", "2024-10-01", "2025-03-31"),
    ("100", "2025-01-20", "2024-07-01", "2024-12-31"),
    ("200", "2025-04-21", "2024-04-01", "2025-03-31"),
    ("200", "2024-11-21", "2024-04-01", "2024-09-30"),
    // these two overlap: quarters 1, 2 and 4, and quarter 3
    ("100", "2025-04-22", "2024-04-01", "2025-03-31"),
    ("100", "2025-04-23", "2024-10-01", "2024-12-31"),
];

/// A world of these rows. With `turned`, everything that could depend on an order comes in the
/// opposite one: numbers of texts, councils and submissions, positions of rows.
fn drawn_world(rows: &[Choices], files: usize, edition: Edition, turned: bool) -> World {
    let mut world = World::default();
    let all: [(Field, &[&str]); 7] = [
        (Field::ClientType, &CLIENTS),
        (Field::ServiceType, &SERVICES),
        (Field::ServiceComponent, &COMPONENTS),
        (Field::EventOutcome, &OUTCOMES),
        (Field::DeliveryMechanism, &MECHANISMS),
        (Field::RequestRouteOfAccess, &ROUTES),
        (Field::EventType, &EVENT_TYPES),
    ];
    let mut used: Vec<usize> = (0..FILES.len()).filter(|n| files >> n & 1 == 1).collect();
    if turned {
        used.reverse();
        for (field, texts) in all {
            for text in texts.iter().rev() {
                world.raw(field, text);
            }
        }
    }
    let numbers: Vec<u16> = used
        .iter()
        .map(|&n| world.submit(FILES[n].0, FILES[n].1, FILES[n].2, FILES[n].3))
        .collect();
    world.settings.joined = Some(period("2024-04-01", "2025-03-31"));
    world.settings.single = Some(period("2024-04-01", "2025-03-31"));
    world.settings.edition = edition;
    world.deaths_given = true;
    world.registered_death = opt("2024-12-01");
    let mut order: Vec<usize> = (0..rows.len()).collect();
    if turned {
        order.reverse();
    }
    for n in order {
        let choices = rows[n];
        let pick = |list: &[&'static str], n: usize| list[usize::from(choices[n]) % list.len()];
        // the file of the choice, if it is used
        let file = usize::from(choices[0]) % FILES.len();
        let Some(place) = used.iter().position(|&one| one == file) else { continue };
        let la_code = if choices[1] == 0 { "999" } else { FILES[file].0 };
        let mut row =
            world.row(numbers[place], pick(&EVENT_TYPES, 2), pick(&STARTS, 9), pick(&ENDS, 10));
        row.record_id = n as u64 + 1;
        row.row = n as u32 + 1;
        row.la = world.texts.la.intern(la_code) as u16;
        row.client_type = world.raw(Field::ClientType, pick(&CLIENTS, 3));
        row.service_type = world.raw(Field::ServiceType, pick(&SERVICES, 4));
        row.component = world.raw(Field::ServiceComponent, pick(&COMPONENTS, 5));
        row.outcome = world.raw(Field::EventOutcome, pick(&OUTCOMES, 6));
        row.mechanism = world.raw(Field::DeliveryMechanism, pick(&MECHANISMS, 7));
        row.route = world.raw(Field::RequestRouteOfAccess, pick(&ROUTES, 8));
        row.death = opt(pick(&DEATHS, 11));
        row.id_kind = KINDS[usize::from(choices[12]) % KINDS.len()];
        row.conversation = choices[13] % 3;
        row.birth = BirthMonth::new(1950, 1);
        world.rows.push(row);
        let cost = [Pence::NONE, Pence::new(0), Pence::new(2000)][usize::from(choices[14]) % 3];
        world.details.push(CldDetail { unit_cost: cost, ..CldDetail::default() });
    }
    world
}

/// One row on its way through the rules, everything as text.
#[derive(Clone)]
struct SlowRow {
    id: u64,
    council: String,
    start: Day,
    end: Option<Day>,
    death: Option<Day>,
    reference: Period,
    event: String,
    group: String,
    rank: u16,
    conversation: u8,
}

/// P-06 to P-15 as they read, one step after the other: (record id, end, death) of the rows kept.
fn slow(world: &World, mode: Mode) -> Vec<(u64, OptDay, OptDay)> {
    let selection = world.selection();
    let cleaning = world.cleaning();
    let (la_codes, names) = (world.texts.la.texts(), world.texts.la_name.texts());
    let is_b = world.settings.edition == Edition::B;
    let mut table: Vec<SlowRow> = Vec::new();
    for (row, detail) in world.rows.iter().zip(&world.details) {
        let key = world.submissions[usize::from(row.submission)].0;
        let Some(reference) = selection.reference(mode, row.submission) else { continue };
        let kind = cleaning.text(Field::EventType, row.event_type).to_lowercase();
        let Some(start) = row.start.get() else { continue };
        if kind.is_empty() {
            continue;
        }
        let has_nhs = matches!(row.id_kind, PersonIdKind::NhsTraced | PersonIdKind::NhsSupplied);
        let death = if is_b && has_nhs { world.registered_death.get() } else { row.death.get() };
        let end = match (row.raw_end.get(), death) {
            (Some(end), Some(death)) if start <= death && death <= end => Some(death),
            (None, Some(death)) if death > start => Some(death),
            (end, _) => end,
        };
        let stays = if kind.contains("service") {
            end.is_none_or(|end| end >= reference.start) && start <= reference.end
        } else {
            end.is_some_and(|end| reference.contains(end)) && start <= reference.end
        };
        let lives = death.is_none_or(|death| death >= reference.start && death >= start);
        if !stays || !lives || row.id_kind == PersonIdKind::None {
            continue;
        }
        let is = |word: &str| if is_b { kind == word } else { kind.contains(word) };
        let value = |field: Field, raw: Raw| {
            if is_b {
                cleaning.cleaned_label(field, raw).to_owned()
            } else {
                cleaning.text(field, raw).to_lowercase()
            }
        };
        let mut event = format!(
            "{}|{start}|{}|{}",
            la_codes[usize::from(row.la)],
            value(Field::ClientType, row.client_type),
            value(Field::EventType, row.event_type)
        );
        if is("service") {
            event += &value(Field::ServiceType, row.service_type);
            event += "|";
            event += &value(Field::ServiceComponent, row.component);
        } else {
            event += &format!("|{end:?}");
        }
        if is("request") {
            event += &value(Field::RequestRouteOfAccess, row.route);
        }
        let mut group = event.clone();
        if mode == Mode::Single && is("service") {
            group += cleaning.cleaned_label(Field::DeliveryMechanism, row.mechanism);
            group += &detail
                .unit_cost
                .get()
                .map_or(String::new(), |cost| format!("{}.{:02}", cost / 100, cost % 100));
        }
        let label = cleaning.cleaned_label(Field::EventOutcome, row.outcome);
        table.push(SlowRow {
            id: row.record_id,
            council: names[usize::from(key.la_name)].to_string(),
            start,
            end,
            death,
            reference,
            event,
            group,
            rank: Outcome::from_label(label).map_or(999, Outcome::rank),
            conversation: row.conversation,
        });
    }
    if mode == Mode::Joined {
        let before = table.clone();
        for row in &mut table {
            let numbers = (0..world.submissions.len()).filter(|&n| {
                names[usize::from(world.submissions[n].0.la_name)].as_ref() == row.council
            });
            let last = numbers.filter_map(|n| selection.joined[n]).map(|p| p.start).max();
            let is_prior = Some(row.reference.start) != last;
            let goes_on = before.iter().any(|other| {
                other.council == row.council
                    && other.event == row.event
                    && other.reference.start == row.reference.end.plus(1)
            });
            if is_prior && row.end.is_none_or(|end| end > row.reference.end) && !goes_on {
                row.end = Some(row.reference.end);
            }
        }
    }
    let mut groups: BTreeMap<String, Vec<SlowRow>> = BTreeMap::new();
    for row in table {
        groups.entry(row.group.clone()).or_default().push(row);
    }
    let mut kept: Vec<(Day, u64, OptDay, OptDay)> = groups
        .into_values()
        .map(|mut rows| {
            // by one key after the other, least first: each sort is stable
            rows.sort_by_key(|row| std::cmp::Reverse(row.id));
            rows.sort_by_key(|row| std::cmp::Reverse(row.conversation));
            rows.sort_by_key(|row| row.rank);
            rows.sort_by_key(|row| std::cmp::Reverse(row.end.unwrap_or(OPEN_END)));
            rows.sort_by_key(|row| std::cmp::Reverse(row.reference.end));
            let row = &rows[0];
            (row.start, row.id, row.end.into(), row.death.into())
        })
        .collect();
    kept.sort_unstable();
    kept.into_iter().map(|(_, id, end, death)| (id, end, death)).collect()
}

/// An event in words: nothing in it depends on numbers that reading gave out.
fn in_words(world: &World, event: &CareEvent) -> String {
    let cleaning = world.cleaning();
    let mechanism = cleaning.text(Field::DeliveryMechanism, event.mechanism);
    let la = &world.texts.la.texts()[usize::from(event.la)];
    format!("{la} {mechanism} {:?}", CareEvent { la: 0, row: 0, mechanism: Raw::NONE, ..*event })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn preparation_agrees_with_the_rules_as_they_read(
        rows in prop::collection::vec(any::<Choices>(), 0..40),
        files in 1usize..128,
        is_b: bool,
    ) {
        let edition = if is_b { Edition::B } else { Edition::A };
        // few values of each choice, so that events meet
        let rows: Vec<Choices> = rows.into_iter().map(|row| row.map(|n| n % 16)).collect();
        let world = drawn_world(&rows, files, edition, false);
        let used = world.selection().joined.iter().flatten().count();
        prop_assert!(used > 0); // else the rest says nothing
        for mode in [Mode::Joined, Mode::Single] {
            let (events, mut counts) = world.prepare(mode);
            let mut found: Vec<_> =
                events.iter().map(|e| (e.start, e.record_id, e.end, e.death)).collect();
            found.sort_unstable();
            let found: Vec<_> = found.into_iter().map(|(_, id, end, death)| (id, end, death)).collect();
            prop_assert_eq!(found, slow(&world, mode));
            let counts = *counts.table(mode);
            prop_assert!(counts.adds_up());
            prop_assert_eq!(counts.rows, world.rows.len() as u64);
            prop_assert_eq!(counts.kept, events.len() as u64);
            let in_order = events.is_sorted_by_key(|event| {
                (event.start, event.event_type, event.end.or(OPEN_END), event.record_id)
            });
            prop_assert!(in_order);
        }
    }

    #[test]
    fn preparation_does_not_depend_on_any_order_of_reading(
        rows in prop::collection::vec(any::<Choices>(), 0..40),
        files in 1usize..128,
        same_ids: bool,
        is_b: bool,
    ) {
        let edition = if is_b { Edition::B } else { Edition::A };
        let rows: Vec<Choices> = rows.into_iter().map(|row| row.map(|n| n % 16)).collect();
        let mut one = drawn_world(&rows, files, edition, false);
        let mut other = drawn_world(&rows, files, edition, true);
        if same_ids {
            // broken record ids
            for row in one.rows.iter_mut().chain(&mut other.rows) {
                row.record_id = 7;
            }
        }
        for mode in [Mode::Joined, Mode::Single] {
            let (events, counts) = one.prepare(mode);
            let (again, counts_again) = other.prepare(mode);
            let words = |world: &World, events: &[CareEvent]| -> Vec<String> {
                events.iter().map(|event| in_words(world, event)).collect()
            };
            let (mut first, mut second) = (words(&one, &events), words(&other, &again));
            if same_ids {
                // which of two rows comes first is then left to their position
                first.sort_unstable();
                second.sort_unstable();
            }
            prop_assert_eq!(first, second);
            prop_assert_eq!(counts, counts_again);
        }
    }
}
