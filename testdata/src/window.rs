//! The quarterly submissions of a council, and what each of them makes of an event.

use crate::area::Area;
use crate::draw::Noise;
use crate::journey::Event;
use crate::rates::Messy;
use throughcare_linkage::codes::cld::{EventType, Outcome};
use throughcare_linkage::day::Day;
use throughcare_linkage::instant::{DAY_MILLIS, Instant};

/// Quarters with a submission: the first covers April 2023 to March 2024, the last April 2025 to
/// March 2026.
pub const QUARTERS: u32 = 9;

/// The quarter (from 0) whose submission is the first in Release 2: imported in October 2025.
const RELEASE_2_QUARTER: u32 = 6;

/// One file of a council, covering twelve months.
#[derive(Clone, Copy, Debug)]
pub struct Submission {
    /// First day covered.
    pub start: Day,
    /// Last day covered.
    pub end: Day,
    /// When it was imported.
    pub import: Instant,
    /// Number of the quarter, from 0.
    pub quarter: u32,
    /// Whether people are missing; such a file is sent again.
    pub partial: bool,
    /// Share of coded values that are in Release 2.
    pub release2: f64,
    /// Record number before the first row; later imports have larger numbers.
    pub records: u64,
}

/// What a file says of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// End, missing for what is open as far as the council knows.
    pub end: Option<Day>,
    /// Outcome.
    pub outcome: Outcome,
}

/// The submissions of a council, in order of import.
#[must_use]
pub fn submissions(area: &Area, messy: &Messy) -> Vec<Submission> {
    let change = RELEASE_2_QUARTER + u32::from(area.noise.chance(1, messy.late_change_over));
    let mut files = Vec::new();
    for quarter in 0..QUARTERS {
        let next = Day::from_ymd(2024, 4, 1).unwrap_or_default().add_months(quarter as i32 * 3);
        let noise = area.noise.of(100 + u64::from(quarter));
        let release2 = if quarter + 1 == change {
            messy.early_release2
        } else if quarter < change {
            0.0
        } else if quarter == change {
            1.0 - messy.residual_release1
        } else {
            1.0 - messy.residual_release1 / 8.0
        };
        let file = |slot: u64, partial: bool, first: u64, days: u64| {
            let import = next.plus((first + noise.below(slot, days)) as i32);
            let time = 28_800_000 + noise.below(slot + 1, 36_000_000);
            Submission {
                start: next.add_months(-12),
                end: next.plus(-1),
                import: Instant(i64::from(import.0) * DAY_MILLIS + time as i64),
                quarter,
                partial,
                release2,
                records: ((u64::from(quarter) * 2 + u64::from(!partial)) * 1_000
                    + area.index as u64)
                    * 100_000_000,
            }
        };
        if noise.chance(0, messy.sent_again) {
            files.push(file(1, true, 4, 4));
        }
        files.push(file(3, false, 9, 18));
    }
    files
}

impl Submission {
    /// What this file says of an event, if the event is in it.
    #[must_use]
    pub fn view(&self, event: &Event, messy: &Messy) -> Option<View> {
        let noise = Noise(event.salt);
        if event.kind != EventType::Service {
            let end = event.end.filter(|end| self.start <= *end && *end <= self.end)?;
            let first = end.plus(31) > self.end;
            if first && noise.chance(1, messy.late) || self.vanished(end, noise, messy) {
                return None;
            }
            let revised = noise.chance(2, messy.revised) && end.add_months(3) > self.end;
            let outcome = match (revised, event.outcome) {
                (true, outcome) if outcome != Outcome::None => Outcome::NfaOther,
                (_, outcome) => outcome,
            };
            return Some(View { end: Some(end), outcome });
        }
        let ended = event.end.filter(|end| *end <= self.end);
        if event.start > self.end || ended.is_some_and(|end| end < self.start) {
            return None;
        }
        let fresh = event.start.plus(31) > self.end;
        if fresh && noise.chance(1, messy.late) || self.vanished(event.start, noise, messy) {
            return None;
        }
        let known = ended.filter(|end| {
            let late = noise.chance(3, messy.late_end);
            let told = if late { end.plus(30 + noise.below(4, 90) as i32) } else { *end };
            told <= self.end && !noise.chance(5, messy.never_ended)
        });
        Some(match known {
            Some(end) => View { end: Some(end), outcome: event.outcome },
            None => View { end: None, outcome: Outcome::Continuation },
        })
    }

    /// Whether an event that this council lost is gone by this file; it was there for half a year.
    fn vanished(&self, since: Day, noise: Noise, messy: &Messy) -> bool {
        noise.chance(6, messy.vanished) && since.add_months(6) <= self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::areas;
    use crate::rates::Rates;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    /// Salt of an event to which nothing out of the ordinary happens.
    fn plain(messy: &Messy) -> u64 {
        let ordinary = |salt: &u64| {
            let noise = Noise(*salt);
            !noise.chance(1, messy.late)
                && !noise.chance(2, messy.revised)
                && !noise.chance(3, messy.late_end)
                && !noise.chance(5, messy.never_ended)
                && !noise.chance(6, messy.vanished)
        };
        (0..).find(ordinary).unwrap()
    }

    fn files() -> (Vec<Submission>, Messy) {
        let messy = Rates::load().unwrap().messy;
        let area = areas(20_000, 1).unwrap().remove(0);
        (submissions(&area, &messy), messy)
    }

    #[test]
    fn windows_roll_over_twelve_months_and_imports_follow_them() {
        let (files, _) = files();
        assert!(files.len() >= 9);
        for file in &files {
            assert_eq!(file.start.add_months(12).plus(-1), file.end);
            let wait = file.import.day().since(file.end);
            assert!((1..=28).contains(&wait), "{wait}");
        }
        assert!(files.windows(2).all(|two| two[0].import < two[1].import));
        assert!(files.windows(2).all(|two| two[0].records < two[1].records));
        assert_eq!(files[0].start, day("2023-04-01"));
        assert_eq!(files[files.len() - 1].end, day("2026-03-31"));
    }

    #[test]
    fn a_request_is_in_the_four_files_that_cover_its_end() {
        let (files, messy) = files();
        let mut event = Event::new(EventType::Request, day("2024-06-20"), plain(&messy));
        event.end = Some(day("2024-07-05"));
        event.outcome = Outcome::NfaOther;
        let in_files = |event: &Event| -> Vec<String> {
            let full = files.iter().filter(|f| !f.partial);
            full.filter(|f| f.view(event, &messy).is_some()).map(|f| f.end.to_string()).collect()
        };
        assert_eq!(in_files(&event), ["2024-09-30", "2024-12-31", "2025-03-31", "2025-06-30"]);
        event.end = Some(day("2024-06-30"));
        assert_eq!(in_files(&event), ["2024-06-30", "2024-09-30", "2024-12-31", "2025-03-31"]);
    }

    #[test]
    fn a_service_is_open_until_the_file_that_covers_its_end() {
        let (files, messy) = files();
        let mut event = Event::new(EventType::Service, day("2023-01-10"), plain(&messy));
        event.end = Some(day("2024-08-15"));
        event.outcome = Outcome::NfaEndedAsPlanned;
        for file in files {
            let view = file.view(&event, &messy);
            if file.end < day("2024-08-15") {
                let open = View { end: None, outcome: Outcome::Continuation };
                assert_eq!(view, Some(open));
            } else if file.start <= day("2024-08-15") {
                assert_eq!(view.unwrap().end, event.end);
            } else {
                assert_eq!(view, None);
            }
        }
    }
}
