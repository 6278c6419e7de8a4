//! Admitted patient care rows (SUS APCE and APCS, HES APC, prepared episodes).

use super::key::RecordKey;
use crate::codes::short::Code;
use crate::day::{BirthMonth, OptDay};

/// One row of an admitted patient care file: an episode, or a spell in spell-level files
/// (`sus-fields.md` sections 3 to 7). Sentinels are already missing; nothing else is repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Episode {
    /// `APCS_Ident` or another spell identifier.
    pub spell_key: Option<RecordKey>,
    /// `APCE_Ident`, `EPIKEY`: the last tie-break, highest wins.
    pub episode_key: Option<RecordKey>,
    /// Admission date of the spell.
    pub admission: OptDay,
    /// Discharge date of the spell.
    pub discharge: OptDay,
    /// Start of the episode.
    pub episode_start: OptDay,
    /// End of the episode.
    pub episode_end: OptDay,
    /// Discharge-ready date.
    pub discharge_ready: OptDay,
    /// Submission or extract date of the row: later wins.
    pub submitted: OptDay,
    /// Row of the file, from 1 for the first data row.
    pub row: u32,
    /// LSOA 2011 of residence: number in `Texts::lsoa`; 0 when missing (number 0 is the empty text).
    pub lsoa: u32,
    /// File, numbered in the order of the inputs.
    pub file: u16,
    /// Provider: number in `Texts::provider` of the first three characters for trusts, of the whole
    /// code for the independent sector; 0 when missing.
    pub provider: u16,
    /// Council of residence as given: number in `Texts::la`; 0 when missing.
    pub residence: u16,
    /// Month of birth.
    pub birth: BirthMonth,
    /// Admission method (2A to 2D, never 66 to 69).
    pub admission_method: Code,
    /// Source of admission.
    pub source: Code,
    /// Discharge destination. 98 is kept: it means unfinished.
    pub destination: Code,
    /// Discharge method. 8 is kept.
    pub discharge_method: Code,
    /// Patient classification.
    pub class: Code,
    /// Derived management type, as given or derived by `sus-fields.md` 6.2.
    pub management: Code,
    /// Treatment function.
    pub treatment_function: Code,
    /// Treatment function at admission, where a row stands for a spell and gives it apart.
    pub admission_function: Code,
    /// Main specialty of the consultant.
    pub main_specialty: Code,
    /// Episode type.
    pub episode_type: Code,
    /// Sex: 1, 2, 9 or none.
    pub sex: Code,
    /// Ethnic category.
    pub ethnic: Code,
    /// Admission time as minutes from midnight; `u16::MAX` when missing.
    pub admission_time: u16,
    /// Discharge time as minutes from midnight; `u16::MAX` when missing.
    pub discharge_time: u16,
    /// Age at admission as given (infant codes already 0); 255 when missing.
    pub age: u8,
    /// Episode number in the spell; 0 when missing.
    pub episode_no: u8,
    /// Decile of deprivation of the place of residence, 1 the most deprived; 0 when missing.
    pub imd_decile: u8,
    /// Count of completed quality fields (`hospital-spells.md` C3).
    pub quality: u8,
    /// What else is known of the row.
    pub flags: EpisodeFlags,
}

/// Yes-or-no facts of an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct EpisodeFlags(pub u8);

impl EpisodeFlags {
    /// Last episode of its spell (`APCS_Last_Ep_Ind = 1`, `SPELEND = Y`).
    pub const LAST: u8 = 1;
    /// The file has an indicator of the last episode, so that `LAST` off means "not last".
    pub const HAS_LAST: u8 = 2;
    /// Episode status 3 (finished), or no status in the file.
    pub const FINISHED: u8 = 4;
    /// A diagnosis in C00 to C97, D37 to D48 or Z51.1.
    pub const CANCER: u8 = 8;
    /// A diagnosis in chapter O.
    pub const OBSTETRIC: u8 = 16;
    /// The row has HES headings: spells are built by `hospital-spells.md` F2.
    pub const HES: u8 = 32;
    /// The row is a spell, not an episode.
    pub const SPELL_LEVEL: u8 = 64;
    /// The administrative category is known and neither NHS (01) nor amenity bed (03).
    pub const NOT_NHS: u8 = 128;

    /// Whether every given bit is set.
    #[must_use]
    #[inline]
    pub const fn has(self, bits: u8) -> bool {
        self.0 & bits == bits
    }
}
