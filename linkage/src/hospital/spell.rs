//! From episodes to provider spells (`hospital-spells.md` F).

use super::cleaning::{Route, filled_admission, is_birth, transit};
use super::counts::HospitalCounts;
use super::order::TextOrder;
use super::settings::{HospitalSettings, Rules, SameDayOrder};
use super::stay::{EndKind, Spell, StayFlags};
use crate::codes::short::Code;
use crate::day::{Day, OptDay};
use crate::records::apc::{Episode, EpisodeFlags};
use crate::records::key::RecordKey;
use std::cmp::Ordering;

/// A spell while its dates are not final.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draft {
    /// The spell; its discharge is only that of `discharge` once it has one.
    pub spell: Spell,
    /// Discharge date, if known yet.
    pub discharge: OptDay,
    /// Submission date of the end episode.
    pub submitted: OptDay,
    /// Rows that make up the spell, absorbed ones included.
    pub rows: u32,
    /// Its own rows among the members: first, and first after them.
    pub members: (u32, u32),
    /// Place among the person's spells as they were built: spell-level rows by content, identifiers
    /// by key, HES spells by provider and F2.2.
    pub sequence: u32,
    /// Quality of the end episode.
    pub quality: u8,
    /// A regular attender's.
    pub regular: bool,
    /// Some episode has no discharge date.
    pub any_open: bool,
    /// No longer there.
    pub dropped: bool,
}

impl Draft {
    /// Sets a known end.
    pub fn set_end(&mut self, end: Day, kind: EndKind) {
        self.discharge = OptDay::some(end);
        self.spell.discharge = end;
        self.spell.end_kind = kind;
    }

    /// Works out anew the position in a chain of transfers.
    pub fn set_transit(&mut self) {
        let spell = &self.spell;
        self.spell.transit = transit(spell.source, spell.admission_method, spell.destination);
    }
}

/// The order of one person's spells (G, or the plain one). A missing discharge sorts first among
/// equal admissions. What is equal in the named keys stays in the order of building.
#[inline]
pub(super) fn same_day(order: SameDayOrder, texts: &TextOrder, a: &Draft, b: &Draft) -> Ordering {
    let (s, t) = (&a.spell, &b.spell);
    let by_day = s.admission.cmp(&t.admission);
    let named = match order {
        SameDayOrder::Transit => by_day
            // none first: u16::MAX is missing
            .then_with(|| s.admission_time.wrapping_add(1).cmp(&t.admission_time.wrapping_add(1)))
            .then_with(|| (a.discharge, s.transit).cmp(&(b.discharge, t.transit)))
            .then_with(|| texts.provider(s.provider).cmp(&texts.provider(t.provider)))
            .then_with(|| s.key.cmp(&t.key)),
        SameDayOrder::Key => by_day
            .then_with(|| (a.discharge, s.key).cmp(&(b.discharge, t.key)))
            .then_with(|| texts.provider(s.provider).cmp(&texts.provider(t.provider))),
    };
    named.then_with(|| a.sequence.cmp(&b.sequence))
}

/// A row on its way into a spell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub row: u32,
    pub route: Route,
    pub regular: bool,
    /// The identifier of its spell.
    pub spell_key: Option<RecordKey>,
}

/// An episode and its place among the person's rows.
type Placed<'a> = (u32, &'a Episode);

/// What building spells needs besides the rows.
#[derive(Clone, Copy)]
pub(super) struct Builder<'a> {
    pub episodes: &'a [Episode],
    pub settings: &'a HospitalSettings,
    pub rules: &'a Rules,
    pub texts: &'a TextOrder,
}

impl<'a> Builder<'a> {
    fn episode(&self, member: &Member) -> Option<&'a Episode> {
        self.episodes.get(member.row as usize)
    }

    /// Spells of all rows, numbered in an order that depends on nothing but what the rows say.
    pub fn spells(
        &self,
        members: &mut [Member],
        drafts: &mut Vec<Draft>,
        counts: &mut HospitalCounts,
    ) {
        members.sort_unstable_by(|a, b| {
            let by_route = (a.route.rank(), a.regular).cmp(&(b.route.rank(), b.regular));
            if a.route.rank() == 1 {
                return by_route.then_with(|| a.spell_key.cmp(&b.spell_key));
            }
            by_route.then_with(|| match (self.episode(a), self.episode(b)) {
                (Some(x), Some(y)) if a.route.rank() == 2 => self.hes_order(x, y),
                (Some(x), Some(y)) => self.texts.content(x).cmp(&self.texts.content(y)),
                _ => Ordering::Equal,
            })
        });
        let mut at = 0;
        for group in members.chunk_by(|a, b| {
            let provider = |m: &Member| self.episode(m).map(|e| e.provider);
            (a.route.rank(), a.regular) == (b.route.rank(), b.regular)
                && match a.route.rank() {
                    0 => false,
                    1 => a.spell_key == b.spell_key,
                    _ => provider(a) == provider(b),
                }
        }) {
            let end = at + group.len() as u32;
            match group {
                [first, ..] if first.route.rank() == 2 => {
                    self.hes_spells(group, at, drafts, counts)
                }
                _ => self.ident_spell(group, (at, end), drafts, counts),
            }
            at = end;
        }
    }

    /// F1: the spell of rows that share an identifier, or of a single spell-level row. `members` is their
    /// place among the members.
    fn ident_spell(
        &self,
        rows: &[Member],
        members: (u32, u32),
        drafts: &mut Vec<Draft>,
        counts: &mut HospitalCounts,
    ) {
        let Some((first, end)) = self.ends(rows) else { return };
        let Some(admission) = end.1.admission.get() else { return };
        let mut draft = self.draft(first, end, admission);
        draft.members = members;
        draft.sequence = drafts.len() as u32;
        draft.regular = rows.first().is_some_and(|m| m.regular);
        let (mut conflict, mut no_last) = (false, !first.1.flags.has(EpisodeFlags::SPELL_LEVEL));
        for e in rows.iter().filter_map(|m| self.episode(m)) {
            conflict |= e.admission != end.1.admission;
            no_last &= e.flags.has(EpisodeFlags::HAS_LAST) && !e.flags.has(EpisodeFlags::LAST);
            self.add_row(&mut draft, e);
        }
        if no_last {
            counts.no_last_episode += 1;
            draft.discharge = OptDay::NONE;
        }
        counts.ident_conflicts += u64::from(conflict);
        draft.spell.flags.0 |= if conflict { StayFlags::IDENT_CONFLICT } else { 0 };
        drafts.push(draft);
    }

    /// The first and the end episode of rows that share an identifier.
    fn ends(&self, rows: &[Member]) -> Option<(Placed<'a>, Placed<'a>)> {
        let placed = |m: &Member| Some((m.row, self.episode(m)?));
        if let [only] = rows {
            return placed(only).map(|only| (only, only));
        }
        let episodes = || rows.iter().filter_map(placed);
        let first = episodes().min_by(|a, b| self.first_order(a.1, b.1))?;
        let last = episodes()
            .filter(|(_, e)| e.flags.has(EpisodeFlags::LAST))
            .max_by(|a, b| self.end_order(a.1, b.1));
        // without an indicator of the last episode the highest one ends the spell
        let highest = || {
            episodes().max_by(|a, b| {
                a.1.episode_no.cmp(&b.1.episode_no).then_with(|| self.end_order(a.1, b.1))
            })
        };
        Some((first, last.or_else(highest)?))
    }

    /// F2: the spells of the HES rows of one provider, sorted by [`Self::hes_order`]; `at` is the place
    /// of the first among the members.
    fn hes_spells(
        &self,
        rows: &[Member],
        at: u32,
        drafts: &mut Vec<Draft>,
        counts: &mut HospitalCounts,
    ) {
        let mut add = |start: usize, end: usize, counts: &mut HospitalCounts| {
            let draft = rows.get(start..end).and_then(|part| self.hes_spell(part, counts));
            let members = (at + start as u32, at + end as u32);
            let sequence = drafts.len() as u32;
            drafts.extend(draft.map(|draft| Draft { members, sequence, ..draft }));
        };
        for same_start in rows.chunk_by(|a, b| {
            let start = |m| self.episode(m).map(|e| e.episode_start);
            start(a) == start(b)
        }) {
            let finished =
                |m: &&Member| self.episode(m).is_some_and(|e| e.flags.has(EpisodeFlags::FINISHED));
            let done = same_start.iter().filter(finished).count();
            let dated = same_start.first().and_then(|m| self.episode(m));
            if done > 0 && dated.is_some_and(|e| e.episode_start.is_some()) {
                counts.superseded_rows += (same_start.len() - done) as u64;
            }
        }
        let mut before: Option<&Episode> = None;
        let mut start = 0;
        for (n, member) in rows.iter().enumerate() {
            let Some(e) = self.episode(member) else { continue };
            if member.route == Route::Hes {
                if !before.is_some_and(|before| continues(before, e)) {
                    add(start, n, counts);
                    start = n;
                }
                before = Some(e);
            } else if self.settings.hf_lag_includes_invalid {
                before = Some(e);
            }
        }
        add(start, rows.len(), counts);
    }

    fn hes_spell(&self, rows: &[Member], counts: &mut HospitalCounts) -> Option<Draft> {
        let valid = || {
            rows.iter()
                .filter(|m| m.route == Route::Hes)
                .filter_map(|m| Some((m.row, self.episode(m)?)))
        };
        let first = valid().next()?;
        let end = valid().max_by(|a, b| self.end_order(a.1, b.1))?;
        let mut draft = self.draft(first, end, filled_admission(first.1).get()?);
        draft.spell.key = first.1.episode_key;
        draft.regular = rows.first().is_some_and(|m| m.regular);
        if valid().any(|(_, e)| e.episode_no > end.1.episode_no) {
            counts.order_conflicts += 1;
            draft.spell.flags.0 |= StayFlags::ORDER_CONFLICT;
        }
        if draft.discharge.is_none() && self.settings.rescue_disdate {
            let other = valid().filter(|(_, e)| e.discharge.is_some()).max_by(|a, b| {
                a.1.discharge.cmp(&b.1.discharge).then_with(|| self.end_order(a.1, b.1))
            });
            if let Some((_, other)) = other {
                counts.rescued += 1;
                draft.discharge = other.discharge;
                draft.spell.destination = other.destination;
                draft.spell.discharge_method = other.discharge_method;
                if draft.spell.discharge_ready.is_none() {
                    draft.spell.discharge_ready = other.discharge_ready;
                }
                draft.set_transit();
            }
        }
        for (_, e) in valid() {
            self.add_row(&mut draft, e);
        }
        Some(draft)
    }

    /// Lowest episode number (missing last), earliest start (missing last), lowest key, not the last
    /// episode, everything else.
    fn first_order(&self, a: &Episode, b: &Episode) -> Ordering {
        let key = |e: &Episode| {
            let number = if e.episode_no == 0 { u8::MAX } else { e.episode_no };
            let start = e.episode_start.or(Day(i32::MAX));
            (number, start, e.episode_key, e.flags.has(EpisodeFlags::LAST))
        };
        key(a).cmp(&key(b)).then_with(|| self.texts.content(a).cmp(&self.texts.content(b)))
    }

    /// Latest episode end, highest number, highest key, everything else: the greatest ends the spell.
    fn end_order(&self, a: &Episode, b: &Episode) -> Ordering {
        let key = |e: &Episode| (e.episode_end, e.episode_no, e.episode_key);
        key(a).cmp(&key(b)).then_with(|| self.texts.content(a).cmp(&self.texts.content(b)))
    }

    /// Provider, then the order of F2.2: start, end, number, position in a transfer chain, key, all
    /// ascending and missing first.
    fn hes_order(&self, a: &Episode, b: &Episode) -> Ordering {
        let key = |e: &Episode| {
            let provider = self.texts.provider(e.provider);
            let transit = transit(e.source, e.admission_method, e.destination);
            let dates = (e.episode_start, e.episode_end);
            (provider, dates, e.episode_no, transit, e.episode_key)
        };
        key(a).cmp(&key(b)).then_with(|| self.texts.content(a).cmp(&self.texts.content(b)))
    }

    /// A spell with the admission attributes of one episode and the discharge attributes of another;
    /// its rows are not counted yet.
    #[inline(always)]
    fn draft(&self, first: Placed<'_>, end: Placed<'_>, admission: Day) -> Draft {
        let ((first_episode, first), (last_episode, end)) = (first, end);
        let known = |a: u16, b: u16| if a == 0 { b } else { a };
        let code = |a: Code, b: Code| if a.is_none() { b } else { a };
        let mut flags = 0;
        if self.rules.rehab_functions.contains(at_admission(first)) {
            flags |= StayFlags::REHABILITATION;
        }
        if at_admission(first).starts_with(b'7') {
            flags |= StayFlags::MENTAL_HEALTH;
        }
        let spell = Spell {
            key: first.spell_key,
            admission,
            discharge: end.discharge.or(admission),
            discharge_ready: end.discharge_ready,
            first_episode,
            last_episode,
            cips: Spell::NO_CIPS,
            lsoa: end.lsoa,
            provider: known(first.provider, end.provider),
            residence: end.residence,
            birth: if end.birth.is_known() { end.birth } else { first.birth },
            episodes: 0,
            admission_time: first.admission_time,
            admission_method: first.admission_method,
            source: first.source,
            class: first.class,
            management: end.management,
            treatment_admission: at_admission(first),
            treatment_discharge: end.treatment_function,
            main_specialty: first.main_specialty,
            destination: end.destination,
            discharge_method: end.discharge_method,
            sex: code(end.sex, first.sex),
            end_kind: EndKind::Observed,
            transit: transit(first.source, first.admission_method, end.destination),
            flags: StayFlags(flags),
        };
        Draft {
            spell,
            discharge: end.discharge,
            submitted: end.submitted,
            rows: 0,
            members: (0, 0),
            sequence: 0,
            quality: end.quality,
            regular: false,
            any_open: false,
            dropped: false,
        }
    }

    fn add_row(&self, draft: &mut Draft, e: &Episode) {
        const OBSTETRIC: [Code; 3] = [Code::new("501"), Code::new("560"), Code::new("610")];
        const DELIVERY: [Code; 2] = [Code::new("2"), Code::new("5")];
        draft.rows += 1;
        draft.spell.episodes = draft.spell.episodes.saturating_add(1);
        draft.any_open |= e.discharge.is_none();
        let mut add = |condition: bool, flag: u32| {
            draft.spell.flags.0 |= if condition { flag } else { 0 };
        };
        add(e.flags.has(EpisodeFlags::CANCER), StayFlags::CANCER);
        add(e.flags.has(EpisodeFlags::OBSTETRIC), StayFlags::OBSTETRIC);
        let specialty = [e.treatment_function, e.main_specialty];
        let maternity = specialty.iter().any(|code| OBSTETRIC.contains(code));
        add(maternity || DELIVERY.contains(&e.episode_type), StayFlags::MATERNITY);
        add(is_birth(e), StayFlags::BIRTH);
    }
}

/// F2.3: whether a HES episode belongs to the spell of the row before it.
fn continues(before: &Episode, e: &Episode) -> bool {
    const NOT_DISCHARGED: [Code; 2] = [Code::new("8"), Code::new("9")];
    let same = |a: OptDay, b: OptDay| a.is_some() && a == b;
    same(filled_admission(before), filled_admission(e))
        || same(before.episode_start, e.episode_start)
        || (NOT_DISCHARGED.contains(&before.discharge_method)
            && same(before.episode_end, e.episode_start))
}

/// The key of a spell for ties: none is lowest.
pub(super) fn tie_key(spell: &Spell) -> (Day, Day, Option<RecordKey>) {
    (spell.discharge, spell.admission, spell.key)
}
/// The treatment function at admission: of a row that stands for a spell its own, else the episode's.
const fn at_admission(first: &Episode) -> Code {
    if first.admission_function.is_some() {
        first.admission_function
    } else {
        first.treatment_function
    }
}
