//! Provider spells and continuous inpatient spells (CIPS).

use crate::codes::short::Code;
use crate::day::{BirthMonth, Day, OptDay};
use crate::records::key::RecordKey;

/// How the end of a stay is known (`hospital-spells.md` D).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum EndKind {
    /// The discharge date of the record.
    Observed,
    /// Cut or filled by a date of death (D5, H2, H4).
    Death,
    /// The next admission (D3).
    NextAdmission,
    /// The day before the next admission (D4).
    NextMinusOne,
    /// Still in hospital at the extract date (D2); the end is the extract date or the death.
    Censored,
}

impl EndKind {
    /// Whether discharge-based measures may use the end.
    #[must_use]
    pub const fn is_known(self) -> bool {
        matches!(self, Self::Observed | Self::Death)
    }
}

/// One provider spell: admission to discharge at one provider. Nights are
/// `discharge - admission`; the interval is `[admission, discharge)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// `APCS_Ident`, or the key of the first episode where spells are built from episodes.
    pub key: Option<RecordKey>,
    /// Admission date.
    pub admission: Day,
    /// Discharge date, or the imputed end.
    pub discharge: Day,
    /// Discharge-ready date.
    pub discharge_ready: OptDay,
    /// Index of the first episode among the person's episodes.
    pub first_episode: u32,
    /// Index of the last episode among the person's episodes.
    pub last_episode: u32,
    /// Index of the stay among the person's CIPS; [`Spell::NO_CIPS`] when it is in none.
    pub cips: u32,
    /// LSOA 2011 of the last episode.
    pub lsoa: u32,
    /// Provider, as in [`crate::records::apc::Episode::provider`].
    pub provider: u16,
    /// Council of residence as given.
    pub residence: u16,
    /// Month of birth.
    pub birth: BirthMonth,
    /// Number of episodes.
    pub episodes: u16,
    /// Minutes from midnight of admission; `u16::MAX` when missing.
    pub admission_time: u16,
    /// Admission method (first episode).
    pub admission_method: Code,
    /// Source of admission (first episode).
    pub source: Code,
    /// Patient classification (first episode).
    pub class: Code,
    /// Management type (last episode).
    pub management: Code,
    /// Treatment function of the first episode.
    pub treatment_admission: Code,
    /// Treatment function of the last episode.
    pub treatment_discharge: Code,
    /// Main specialty of the first episode.
    pub main_specialty: Code,
    /// Discharge destination (end episode).
    pub destination: Code,
    /// Discharge method (end episode).
    pub discharge_method: Code,
    /// Sex.
    pub sex: Code,
    /// How the end is known.
    pub end_kind: EndKind,
    /// Position in a chain of transfers: 0 none, 1 start, 2 middle, 3 end.
    pub transit: u8,
    /// What else is known.
    pub flags: StayFlags,
}

impl Spell {
    /// `cips` of a spell that belongs to no CIPS.
    pub const NO_CIPS: u32 = u32::MAX;

    /// Nights.
    #[must_use]
    pub const fn nights(&self) -> i32 {
        self.discharge.since(self.admission)
    }
}

/// Yes-or-no facts of a spell or a CIPS; those of a CIPS are the union of its spells'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct StayFlags(pub u32);

impl StayFlags {
    /// A diagnosis of cancer or a chemotherapy session.
    pub const CANCER: u32 = 1;
    /// An obstetric diagnosis.
    pub const OBSTETRIC: u32 = 1 << 1;
    /// Maternity specialty (501, 560, 610) or a delivery episode.
    pub const MATERNITY: u32 = 1 << 2;
    /// A rehabilitation bed.
    pub const REHABILITATION: u32 = 1 << 3;
    /// A mental-health specialty (7xx).
    pub const MENTAL_HEALTH: u32 = 1 << 4;
    /// Identifiers of one spell disagreed (F1.1).
    pub const IDENT_CONFLICT: u32 = 1 << 5;
    /// The latest end and the highest order disagreed (F2.4).
    pub const ORDER_CONFLICT: u32 = 1 << 6;
    /// One of two equal spells was dropped (G1).
    pub const DUPLICATE: u32 = 1 << 7;
    /// Dropped a twin with an unknown destination (G2).
    pub const DUPLICATE_ADMISSION: u32 = 1 << 8;
    /// Absorbed a spell of the same provider (G3).
    pub const NESTED: u32 = 1 << 9;
    /// Merged with an overlapping spell of the same provider (G4).
    pub const OVERLAP_SAME: u32 = 1 << 10;
    /// Overlaps a spell of another provider (G5).
    pub const OVERLAP_OTHER: u32 = 1 << 11;
    /// A day case or zero-night spell inside another provider's spell (G6).
    pub const INNER: u32 = 1 << 12;
    /// Cut at the date of death with more than the tolerance to spare (H4).
    pub const IMPLAUSIBLE_TAIL: u32 = 1 << 13;
    /// Admitted before 1990 (D7).
    pub const LONG_STAY: u32 = 1 << 14;
    /// A birth or neonatal record.
    pub const BIRTH: u32 = 1 << 15;

    /// Admitted by method 21 without an attendance that it can belong to (K6, `em_without_ae`).
    pub const NO_ATTENDANCE: u32 = 1 << 16;

    /// Whether every given bit is set.
    #[must_use]
    pub const fn has(self, bits: u32) -> bool {
        self.0 & bits == bits
    }
}

/// A continuous inpatient spell: a chain of provider spells joined by transfers
/// (`hospital-spells.md` I). The interval is `[admission, discharge)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cips {
    /// Admission date of the first spell.
    pub admission: Day,
    /// Latest discharge date of its spells.
    pub discharge: Day,
    /// Discharge-ready date of the spell with the latest discharge.
    pub discharge_ready: OptDay,
    /// Index of the first spell among the person's spells.
    pub first_spell: u32,
    /// Index of the spell with the latest discharge.
    pub last_spell: u32,
    /// Nights in the union of its spells.
    pub nights_in_bed: i32,
    /// Nights before the first spell in a rehabilitation bed.
    pub acute_nights: i32,
    /// Number of spells.
    pub spells: u16,
    /// Number of providers.
    pub providers: u16,
    /// Largest gap in days between its spells.
    pub max_gap: i32,
    /// Provider of the first spell.
    pub provider: u16,
    /// Provider of the spell with the latest discharge.
    pub discharge_provider: u16,
    /// Council of residence as given, first spell.
    pub residence: u16,
    /// LSOA 2011, first spell.
    pub lsoa: u32,
    /// Month of birth, first spell.
    pub birth: BirthMonth,
    /// Sex, first spell.
    pub sex: Code,
    /// Admission method, first spell.
    pub admission_method: Code,
    /// Source of admission, first spell.
    pub source: Code,
    /// Patient classification, first spell.
    pub class: Code,
    /// Treatment function at admission, first spell.
    pub treatment_admission: Code,
    /// Treatment function at discharge, spell with the latest discharge.
    pub treatment_discharge: Code,
    /// Main specialty, first spell.
    pub main_specialty: Code,
    /// Discharge destination, spell with the latest discharge.
    pub destination: Code,
    /// Discharge method, spell with the latest discharge.
    pub discharge_method: Code,
    /// How the end is known.
    pub end_kind: EndKind,
    /// Exactly one spell, and that a day case.
    pub day_case: bool,
    /// The first admission was an emergency.
    pub emergency: bool,
    /// Discharge method 4 or death on the day of discharge.
    pub died: bool,
    /// Union of its spells' flags.
    pub flags: StayFlags,
}

impl Cips {
    /// Nights from admission to discharge, those between its spells included.
    #[must_use]
    pub const fn nights(&self) -> i32 {
        self.discharge.since(self.admission)
    }
}
