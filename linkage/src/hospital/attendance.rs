//! Emergency attendances: duplicates (`hospital-spells.md` C) and the link to admissions (K).

use super::counts::HospitalCounts;
use super::order::TextOrder;
use super::stay::{Spell, StayFlags};
use super::stays::{Scratch, Stays};
use crate::codes::short::Code;
use crate::day::Day;
use crate::records::ecds::{Attendance, Disposal};
use std::cmp::{Ordering, Reverse};

/// An attendance that links to no admission.
pub const NO_SPELL: u32 = u32::MAX;

const MINUTES_OF_DAY: i64 = 24 * 60;

/// An attendance among those of one person, with what duplicates are found by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit {
    row: u32,
    /// What besides person and provider must agree: layout, first diagnosis and treatment (C2).
    kind: (bool, u32),
    provider: u32,
    arrival: Day,
    time: u16,
}

/// An attendance and an admission that may belong together (K1, K2, K4), best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    minutes: i64,
    arrival: Reverse<(Day, u16)>,
    attendance: u32,
    spell: u32,
}

/// Which of two attendances is kept: more fields, higher key, everything else; the greater.
fn survival(texts: &TextOrder, a: &Attendance, b: &Attendance) -> Ordering {
    let key = |a: &Attendance| {
        let known = [
            a.departure.is_some(),
            a.departure_time != u16::MAX,
            a.department.is_some(),
            a.category.is_some(),
            a.disposal != Disposal::Unknown,
        ];
        (
            known.iter().filter(|known| **known).count(),
            a.key,
            (a.departure, a.departure_time, a.department, a.category, a.disposal),
            (a.arrival, a.arrival_time, texts.provider(a.provider)),
            (a.arrival_mode, a.uncounted, a.legacy, a.first_codes, a.sex, Reverse(a.age)),
        )
    };
    key(a).cmp(&key(b)).then_with(|| (b.file, b.row).cmp(&(a.file, a.row)))
}

impl Stays {
    /// The attendances of one person without those that the file itself takes back, those without a
    /// day of arrival and those sent twice: by identifier, then by provider and arrival, and in layouts
    /// before ECDS first diagnosis and treatment, fewer than `ae_dup_minutes` after the one kept before
    /// (C2, C4; a missing time equals a missing time).
    /// `out` is emptied first and ends up ordered by arrival, departure (missing first), provider
    /// code and key.
    pub fn attendances(
        &self,
        rows: &[Attendance],
        scratch: &mut Scratch,
        out: &mut Vec<Attendance>,
        counts: &mut HospitalCounts,
    ) {
        out.clear();
        if rows.is_empty() {
            return;
        }
        counts.attendance_rows += rows.len() as u64;
        for row in rows {
            if row.housekeeping {
                counts.attendance_housekeeping_rows += 1;
            } else if row.arrival.is_none() {
                counts.attendance_no_arrival_rows += 1;
            } else {
                out.push(*row);
            }
        }
        let candidates = out.len();
        // the best of equal keys first; rows without a key are never equal by it
        out.sort_unstable_by(|a, b| a.key.cmp(&b.key).then_with(|| survival(&self.texts, b, a)));
        out.dedup_by(|next, kept| kept.key.is_some() && next.key == kept.key);
        self.drop_close_arrivals(scratch, out);
        counts.attendance_dup_rows += (candidates - out.len()) as u64;
        counts.attendances += out.len() as u64;
        let order = |a: &Attendance| {
            (
                (a.arrival, a.arrival_time.wrapping_add(1)),
                (a.departure, a.departure_time.wrapping_add(1)),
                self.texts.provider(a.provider),
                a.key,
            )
        };
        out.sort_unstable_by(|a, b| {
            order(a).cmp(&order(b)).then_with(|| survival(&self.texts, a, b))
        });
    }

    fn drop_close_arrivals(&self, scratch: &mut Scratch, out: &mut Vec<Attendance>) {
        if out.len() < 2 {
            return;
        }
        let visits = &mut scratch.visits;
        visits.clear();
        visits.extend(out.iter().enumerate().filter_map(|(n, a)| {
            Some(Visit {
                row: n as u32,
                kind: (a.legacy, a.first_codes),
                provider: self.texts.provider(a.provider),
                arrival: a.arrival.get()?,
                time: a.arrival_time,
            })
        }));
        let row = |out: &[Attendance], visit: &Visit| out.get(visit.row as usize).copied();
        visits.sort_unstable_by(|a, b| {
            let key = |v: &Visit| (v.provider, v.kind, v.arrival, v.time);
            key(a).cmp(&key(b)).then_with(|| match (row(out, a), row(out, b)) {
                (Some(a), Some(b)) => survival(&self.texts, &b, &a),
                _ => Ordering::Equal,
            })
        });
        let minutes = |v: &Visit| i64::from(v.arrival.0) * MINUTES_OF_DAY + i64::from(v.time);
        let mut kept: Option<Visit> = None;
        visits.retain(|visit| {
            let twin = kept.is_some_and(|kept| {
                (kept.provider, kept.kind) == (visit.provider, visit.kind)
                    && match (kept.time == u16::MAX, visit.time == u16::MAX) {
                        (true, true) => kept.arrival == visit.arrival,
                        (false, false) => {
                            minutes(visit) - minutes(&kept)
                                < self.settings.ae_dup_minutes(visit.kind.0)
                        }
                        _ => false,
                    }
            });
            if !twin {
                kept = Some(*visit);
            }
            !twin
        });
        visits.sort_unstable_by_key(|visit| visit.row);
        let mut next = visits.iter().map(|visit| visit.row).peekable();
        let mut n = 0;
        out.retain(|_| {
            let keep = next.next_if_eq(&n).is_some();
            n += 1;
            keep
        });
    }

    /// Links attendances to admissions one to one (K1 to K4), and flags and counts the emergency
    /// admissions by method 21 that have none (K6). `links` is emptied first; it gets the number of a
    /// spell, or [`NO_SPELL`], for each attendance.
    ///
    /// An attendance may link to a spell of the same provider (of any provider for method 2A) that
    /// begins on the day of arrival or departure, or up to `ae_adm_max_days` after departure when it
    /// ended in admission. The pair with the least time from departure to admission wins, then the
    /// latest arrival, then the first in order.
    pub fn link_attendances(
        &self,
        attendances: &[Attendance],
        spells: &mut [Spell],
        scratch: &mut Scratch,
        links: &mut Vec<u32>,
        counts: &mut HospitalCounts,
    ) {
        const OTHER_AE: Code = Code::new("2A");
        const OWN_AE: Code = Code::new("21");
        links.clear();
        links.resize(attendances.len(), NO_SPELL);
        let pairs = &mut scratch.pairs;
        pairs.clear();
        for (n, attendance) in attendances.iter().enumerate() {
            let Some(arrival) = attendance.arrival.get() else { continue };
            let departure = attendance.departure.or(arrival);
            let extra = if attendance.disposal == Disposal::Admitted {
                self.settings.ae_adm_max_days
            } else {
                0
            };
            for (m, spell) in spells.iter().enumerate() {
                let here = spell.provider == attendance.provider && spell.provider != 0;
                let after = spell.admission.since(departure);
                let on_time = spell.admission == arrival || (0..=extra).contains(&after);
                if on_time && (here || spell.admission_method == OTHER_AE) {
                    pairs.push(Pair {
                        minutes: minutes_between(attendance, departure, spell),
                        arrival: Reverse((arrival, attendance.arrival_time.wrapping_add(1))),
                        attendance: n as u32,
                        spell: m as u32,
                    });
                }
            }
        }
        pairs.sort_unstable();
        for n in 0..pairs.len() {
            let Some(pair) = pairs.get(n).copied() else { break };
            let taken = pairs.iter().take(n).any(|p| {
                p.spell == pair.spell && links.get(p.attendance as usize) == Some(&p.spell)
            });
            let free = |link: &&mut u32| **link == NO_SPELL && !taken;
            if let Some(link) = links.get_mut(pair.attendance as usize).filter(free) {
                *link = pair.spell;
                counts.attendances_linked += 1;
            }
        }
        for (m, spell) in spells.iter_mut().enumerate() {
            if spell.admission_method != OWN_AE {
                continue;
            }
            counts.own_ae_admissions += 1;
            if !links.contains(&(m as u32)) {
                spell.flags.0 |= StayFlags::NO_ATTENDANCE;
                counts.em_without_ae += 1;
            }
        }
    }
}

/// Minutes between departure and admission; whole days where either time is missing.
fn minutes_between(attendance: &Attendance, departure: Day, spell: &Spell) -> i64 {
    let days = i64::from(spell.admission.since(departure)) * MINUTES_OF_DAY;
    // a departure that stands for the arrival has the arrival's time
    let left = if attendance.departure.is_some() {
        attendance.departure_time
    } else {
        attendance.arrival_time
    };
    let known = left != u16::MAX && spell.admission_time != u16::MAX;
    let minutes = if known { i64::from(spell.admission_time) - i64::from(left) } else { 0 };
    (days + minutes).abs()
}

#[cfg(test)]
mod tests;
