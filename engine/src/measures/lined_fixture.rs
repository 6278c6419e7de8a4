//! Made-up people whose lines are built from their records, for the tests of measures of person-time.

use crate::frame::Frame;
use crate::measures::care_fixture::{NORTHTON, SOUTHTON, frame as care_frame, service};
use crate::measures::fixture::{Maker, cips_of, day, spell};
use proptest::prelude::*;
use std::ops::Range;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{Component, ServiceType};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{BirthMonth, Day, OptDay, Period};
use throughcare_linkage::hospital::attendance::NO_SPELL;
use throughcare_linkage::hospital::stay::{Cips, EndKind, Spell};
use throughcare_linkage::records::ecds::{ArrivalMode, Attendance, Disposal};
use throughcare_linkage::timeline::build::{LineInput, Lines, Scratch};
use throughcare_linkage::timeline::counts::LineCounts;
use throughcare_linkage::timeline::death::{Death, DeathSource};
use throughcare_linkage::timeline::settings::{EntryRule, TimelineSettings};

/// The year of the worked examples.
pub fn year() -> Period {
    Period { start: day("2024-04-01"), end: day("2025-03-31") }
}

/// A frame whose hospital data cover two years from April 2023.
pub fn frame(periods: &[Period]) -> Frame {
    Frame { sus_start: day("2023-04-01"), sus_end: day("2025-04-01"), ..care_frame(periods) }
}

/// An emergency spell by method 21.
pub fn emergency(admission: &str, discharge: &str) -> Spell {
    spell(admission, discharge)
}

/// A planned ordinary spell.
pub fn elective(admission: &str, discharge: &str) -> Spell {
    Spell { admission_method: Code::new("11"), ..spell(admission, discharge) }
}

/// An unplanned first attendance at a major department, in and out on one day, on foot.
pub fn attendance(arrival: &str) -> Attendance {
    attendance_on(day(arrival))
}

fn attendance_on(arrival: Day) -> Attendance {
    Attendance {
        key: None,
        arrival: arrival.into(),
        departure: arrival.into(),
        row: 1,
        file: 0,
        provider: 1,
        arrival_time: u16::MAX,
        departure_time: u16::MAX,
        department: Code::new("01"),
        category: Code::new("1"),
        disposal: Disposal::Discharged,
        arrival_mode: ArrivalMode::Other,
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

/// A person with these records, each spell a CIPS of its own, and the line that they make over the two
/// years of hospital data from the first day on, covered by every council. Attendances on the day of an
/// admission led to it.
pub fn person(
    events: &[CareEvent],
    spells: &[Spell],
    attendances: &[Attendance],
    death: &str,
) -> Maker {
    let covered = vec![Period { start: day("2023-04-01"), end: day("2025-03-31") }];
    let coverage = vec![Vec::new(), covered.clone(), covered];
    let death = if death.is_empty() { OptDay::NONE } else { day(death).into() };
    lined(events, spells, attendances, death, coverage)
}

fn lined(
    events: &[CareEvent],
    spells: &[Spell],
    attendances: &[Attendance],
    death: OptDay,
    coverage: Vec<Vec<Period>>,
) -> Maker {
    let mut maker = Maker { joined: events.to_vec(), ..Maker::default() };
    maker.joined.sort_by_key(|event| event.start);
    for (n, spell) in (0..).zip(spells) {
        maker.spells.push(Spell { cips: n, ..*spell });
        maker.cips.push(Cips { first_spell: n, last_spell: n, ..cips_of(spell) });
    }
    for attendance in attendances {
        let led_to = spells.iter().position(|spell| attendance.arrival == spell.admission.into());
        maker.attendances.push(*attendance);
        maker.attendance_spells.push(led_to.map_or(NO_SPELL, |n| n as u32));
    }
    maker.death =
        Death { chosen: death, source: Some(DeathSource::Registration), ..Death::default() };
    let settings = TimelineSettings { entry_rule: EntryRule::Window, ..Default::default() };
    let window = day("2023-04-01")..day("2025-04-01");
    draw_line(&mut maker, &settings, window, coverage);
    maker
}

/// Makes the line and the intervals of a person from the person's records.
pub fn draw_line(
    maker: &mut Maker,
    settings: &TimelineSettings,
    window: Range<Day>,
    coverage: Vec<Vec<Period>>,
) {
    let lines = Lines::new(settings, window.clone(), coverage, window);
    let mut scratch = Scratch::default();
    let birth = maker.with(|person| person.birth());
    lines.build(
        &LineInput {
            events: &maker.joined,
            spells: &maker.spells,
            cips: &maker.cips,
            attendances: &maker.attendances,
            links: &maker.attendance_spells,
            death: maker.death,
            birth,
            logged: &[],
        },
        &mut scratch,
        &mut maker.line,
        &mut LineCounts::default(),
    );
    maker.intervals = scratch.intervals().to_vec();
}

/// Persons A, B and C of the example of M11.
pub fn example() -> Vec<Maker> {
    let a = person(
        &[
            service(ServiceType::Community, "2024-04-01", "2024-09-30"),
            service(ServiceType::Nursing, "2024-10-01", "-"),
        ],
        &[emergency("2024-06-10", "2024-06-20"), emergency("2024-12-01", "2024-12-15")],
        &[],
        "",
    );
    let b = person(
        &[service(ServiceType::StMax, "2024-07-04", "2024-08-14")],
        &[
            elective("2024-07-01", "2024-07-04"),
            Spell {
                discharge_method: Code::new("4"),
                end_kind: EndKind::Death,
                ..emergency("2024-11-01", "2024-11-20")
            },
        ],
        &[],
        "2024-11-20",
    );
    let c = person(
        &[service(ServiceType::Residential, "2024-04-01", "-")],
        &[emergency("2024-05-01", "2024-05-02")],
        &[],
        "2025-01-10",
    );
    vec![a, b, c]
}

fn at(days: i32) -> Day {
    day("2023-04-01").plus(days)
}

/// People with any services of two councils with gaps in what these cover, stays that do not overlap
/// but may touch, attendances, a death.
pub fn anybody() -> impl Strategy<Value = Maker> {
    let types = [
        ServiceType::Nursing,
        ServiceType::Residential,
        ServiceType::Community,
        ServiceType::StMax,
        ServiceType::LowLevel,
    ];
    let components = [Component::None, Component::HomeSupport, Component::DirectPayment];
    let services = prop::collection::vec(
        (
            (prop::sample::select(types.to_vec()), prop::sample::select(components.to_vec())),
            (0i32..730, 0i32..400),
            any::<bool>(),
            any::<bool>(),
        ),
        0..5,
    );
    // days since the last discharge, nights, emergency, day case
    let stays = prop::collection::vec(
        (prop_oneof![Just(0), 0i32..200], 0i32..40, any::<bool>(), 0u8..8),
        0..5,
    );
    let attended = prop::collection::vec((0i32..730, 0i32..3, any::<bool>(), 0u8..4), 0..4);
    let birth = (1930i32..2007, 1u32..13);
    let death = prop::option::weighted(0.3, 100i32..760);
    let gap = (0i32..500, 0i32..200);
    (services, stays, attended, birth, death, gap, 0u8..10).prop_map(
        |(services, stays, attended, (born, month), death, (gap, length), kind)| {
            let birth = BirthMonth::new(born, month);
            let service = |(record_id, row)| {
                let ((of, component), (start, length), open, south): ((_, _), (i32, i32), _, _) =
                    row;
                CareEvent {
                    record_id,
                    component,
                    end: if open { OptDay::NONE } else { at(start + length).into() },
                    start: at(start),
                    birth,
                    la: if south { SOUTHTON } else { NORTHTON },
                    ..service(of, "2023-04-01", "-")
                }
            };
            let events: Vec<CareEvent> = (1u64..).zip(services).map(service).collect();
            let mut day = at(0);
            let mut spells = Vec::new();
            let died = death.map(at);
            for (since, nights, urgent, class) in stays {
                let admission = day.plus(since);
                day = admission.plus(nights);
                if admission >= at(730) || died.is_some_and(|died| admission > died) {
                    break;
                }
                let ends = died.into_iter().chain([at(730)]).fold(day, Day::min);
                let day_case = class == 0 && nights == 0 && !urgent;
                spells.push(Spell {
                    admission,
                    discharge: ends,
                    birth,
                    class: Code::new(if day_case { "2" } else { "1" }),
                    admission_method: Code::new(if urgent { "21" } else { "11" }),
                    end_kind: if ends < day { EndKind::Death } else { EndKind::Observed },
                    ..spell("2024-01-01", "2024-01-01")
                });
            }
            let attended = attended.into_iter().map(|(arrival, nights, urgent, category)| {
                Attendance {
                    departure: at(arrival + nights).into(),
                    department: Code::new(if urgent { "01" } else { "03" }),
                    // planned follow-ups are outside the standard count
                    category: Code::new(if category == 0 { "4" } else { "1" }),
                    arrival_mode: if category == 1 {
                        ArrivalMode::Ambulance
                    } else {
                        ArrivalMode::Other
                    },
                    ..attendance_on(at(arrival))
                }
            });
            let mut attended: Vec<Attendance> = attended.collect();
            attended.sort_by_key(|attendance| (attendance.arrival, attendance.departure));
            let whole = Period { start: at(0), end: at(729) };
            let before = Period { start: at(0), end: at(gap - 1) };
            let after = Period { start: at(gap + length), end: at(729) };
            let parts = [before, after].into_iter().filter(|part| part.start <= part.end);
            let coverage = vec![Vec::new(), parts.collect(), vec![whole]];
            let maker = lined(&events, &spells, &attended, death.map(at).into(), coverage);
            Maker { unlinkable: kind == 0, nobody: kind == 1, ..maker }
        },
    )
}
