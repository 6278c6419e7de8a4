//! One linked person, as measures see them.

use super::events::PersonEvent;
use crate::cld::event::CareEvent;
use crate::day::{BirthMonth, OptDay};
use crate::hospital::attendance::NO_SPELL;
use crate::hospital::codes::EpisodeCodes;
use crate::hospital::stay::{Cips, Spell};
use crate::identifier::Identifier;
use crate::person::{PersonIdKind, PersonKey};
use crate::records::apc::Episode;
use crate::records::appointment::Appointment;
use crate::records::cld::{CldDetail, CldRow};
use crate::records::ecds::Attendance;
use crate::timeline::death::Death;
use crate::timeline::interval::Interval;
use crate::timeline::state::Line;

/// Everything known of one person after linking. Nothing in it outlives the call that receives it.
///
/// All slices are in a documented total order that does not depend on the order of input rows.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// Order-free key, for checksums.
    pub key: PersonKey,
    /// The identifier: personal data, for record-level output of the secure side only.
    pub id: Identifier<'a>,
    /// Best kind of identifier among the person's records; [`PersonIdKind::None`] for the records
    /// without a person, which are handed over together as one "person" so that they can be counted
    /// every cohort leaves them out.
    pub id_kind: PersonIdKind,
    /// Whether records of both sides may meet under this identifier: a pseudonym of an NHS number
    /// that was not quarantined as shared by many people.
    pub linkable: bool,
    /// Admitted patient care rows by file and row of the source; duplicates are still there.
    pub episodes: &'a [Episode],
    /// Diagnoses and operations of `episodes`, and which episodes make up which of `spells`; nothing in
    /// a run that keeps no codes.
    pub codes: &'a EpisodeCodes,
    /// Client Level Data rows as read, by record id, file and row.
    pub cld_rows: &'a [CldRow],
    /// Details of `cld_rows`, row by row, or empty when no input has them.
    pub cld_details: &'a [CldDetail],
    /// Unique events of the joined main table, by start, event type, end (open last), record id.
    pub joined: &'a [CareEvent],
    /// Unique events of the single main table, in the same order.
    pub single: &'a [CareEvent],
    /// Provider spells in the same-day order of `hospital-spells.md` G.
    pub spells: &'a [Spell],
    /// Continuous inpatient spells in time order.
    pub cips: &'a [Cips],
    /// Emergency attendances without duplicates, by arrival, departure, key.
    pub attendances: &'a [Attendance],
    /// The spell that each attendance led to (`hospital-spells.md` K): its index among `spells`, or
    /// [`NO_SPELL`]. As long as `attendances`.
    pub attendance_spells: &'a [u32],
    /// Outpatient appointments without duplicates, by day, provider, specialty and status.
    pub appointments: &'a [Appointment],
    /// Events of logs whose case is the person's identifier, by start, file and row; empty for the
    /// records without a person.
    pub events: &'a [PersonEvent],
    /// Source intervals (L1) of the line: bridged care intervals first, in the order of their numbers
    /// (`journey-states.md` sections 3 to 6); empty for the records without a person.
    pub intervals: &'a [Interval],
    /// The date of death of each source, and the one chosen (`journey-states.md` section 9).
    pub death: Death,
    /// The state line over the observation window.
    pub line: &'a Line,
}

impl Person<'_> {
    /// Whether this is a person rather than the records without one.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.id_kind != PersonIdKind::None
    }

    /// The spell that the attendance at this index led to (`hospital-spells.md` K), if any.
    #[must_use]
    pub fn admission_after(&self, attendance: usize) -> Option<&Spell> {
        let spell = self.attendance_spells.get(attendance).filter(|&&spell| spell != NO_SPELL)?;
        self.spells.get(*spell as usize)
    }

    /// The date of death, if any source has one.
    #[must_use]
    pub fn dod(&self) -> OptDay {
        self.death.chosen
    }

    /// Month of birth: the first stay's, else the latest care event's, else unknown.
    #[must_use]
    pub fn birth(&self) -> BirthMonth {
        birth(self.cips, self.joined)
    }
}

/// Month of birth: the first known one of the stays, else the latest known one of the care events.
pub(super) fn birth(cips: &[Cips], joined: &[CareEvent]) -> BirthMonth {
    let stays = cips.iter().map(|stay| stay.birth);
    let events = joined.iter().rev().map(|event| event.birth);
    stays.chain(events).find(|birth| birth.is_known()).unwrap_or_default()
}
