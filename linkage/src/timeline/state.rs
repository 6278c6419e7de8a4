//! States and visits.

use crate::codes::cld::Component;
use crate::day::Day;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A state of the catalogue (`journey-states.md` section 2), in order of rank: when several are
/// active the first wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum State {
    /// Dead, from the date of death onwards.
    Dead,
    /// Acute inpatient, emergency.
    InpatientEmergency,
    /// Inpatient, maternity or birth.
    InpatientMaternity,
    /// Inpatient, elective.
    InpatientElective,
    /// Mental-health inpatient.
    InpatientMentalHealth,
    /// Intermediate-care or rehabilitation bed.
    InpatientRehabilitation,
    /// Inpatient, other or unknown method.
    InpatientOther,
    /// A&E attendance across midnight, not yet admitted.
    AccidentEmergency,
    /// Long-term nursing care.
    Nursing,
    /// Long-term residential care.
    Residential,
    /// Long-term support in prison.
    Prison,
    /// Short-term bed.
    ShortTermBed,
    /// Reablement (ST-Max) at home.
    StMax,
    /// Long-term community support.
    Community,
    /// Other short-term support.
    ShortTermOther,
    /// Ongoing low-level support.
    LowLevel,
    /// Unpaid-carer support involving the person.
    Carer,
    /// Support of an unpaid carer, on the carer's own line.
    CarerSelf,
    /// A wait for a service after an assessment; only when stages of waits are told apart.
    AwaitingService,
    /// Request or assessment open, nothing provided yet; an assessment under way when stages of waits are
    /// told apart.
    Awaiting,
    /// A wait for an assessment; only when stages of waits are told apart.
    AwaitingAssessment,
    /// No known council support, observed.
    Home,
    /// Not observed.
    Unobserved,
}

impl State {
    /// How many states there are.
    pub const COUNT: usize = 23;

    /// Every state, in order of rank.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Dead,
        Self::InpatientEmergency,
        Self::InpatientMaternity,
        Self::InpatientElective,
        Self::InpatientMentalHealth,
        Self::InpatientRehabilitation,
        Self::InpatientOther,
        Self::AccidentEmergency,
        Self::Nursing,
        Self::Residential,
        Self::Prison,
        Self::ShortTermBed,
        Self::StMax,
        Self::Community,
        Self::ShortTermOther,
        Self::LowLevel,
        Self::Carer,
        Self::CarerSelf,
        Self::AwaitingService,
        Self::Awaiting,
        Self::AwaitingAssessment,
        Self::Home,
        Self::Unobserved,
    ];

    /// The code in tables.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dead => "DEAD",
            Self::InpatientEmergency => "IP_EM",
            Self::InpatientMaternity => "IP_MAT",
            Self::InpatientElective => "IP_EL",
            Self::InpatientMentalHealth => "IP_MH",
            Self::InpatientRehabilitation => "IP_REHAB",
            Self::InpatientOther => "IP_OTH",
            Self::AccidentEmergency => "AE",
            Self::Nursing => "NURS",
            Self::Residential => "RES",
            Self::Prison => "PRISON",
            Self::ShortTermBed => "ST_BED",
            Self::StMax => "STMAX",
            Self::Community => "COMM",
            Self::ShortTermOther => "ST_OTH",
            Self::LowLevel => "ST_LOW",
            Self::Carer => "CARER",
            Self::CarerSelf => "CARER_SELF",
            Self::AwaitingService => "AWAIT_SERVICE",
            Self::Awaiting => "AWAIT",
            Self::AwaitingAssessment => "AWAIT_ASSESS",
            Self::Home => "HOME",
            Self::Unobserved => "UNOBS",
        }
    }

    /// The name in plain words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dead => "Died",
            Self::InpatientEmergency => "Hospital: emergency",
            Self::InpatientMaternity => "Hospital: maternity",
            Self::InpatientElective => "Hospital: planned",
            Self::InpatientMentalHealth => "Hospital: mental health",
            Self::InpatientRehabilitation => "Hospital: rehabilitation",
            Self::InpatientOther => "Hospital: other",
            Self::AccidentEmergency => "A&E overnight",
            Self::Nursing => "Nursing home",
            Self::Residential => "Residential home",
            Self::Prison => "Support in prison",
            Self::ShortTermBed => "Short-term bed",
            Self::StMax => "Reablement",
            Self::Community => "Long-term care at home",
            Self::ShortTermOther => "Other short-term support",
            Self::LowLevel => "Low-level support",
            Self::Carer => "Unpaid-carer support",
            Self::CarerSelf => "Support for the carer",
            Self::AwaitingService => "Waiting for a service",
            Self::Awaiting => "Waiting for support",
            Self::AwaitingAssessment => "Waiting for an assessment",
            Self::Home => "No known council support",
            Self::Unobserved => "Not observed",
        }
    }

    /// The state with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// A bed in hospital.
    #[must_use]
    pub const fn is_hospital(self) -> bool {
        matches!(
            self,
            Self::InpatientEmergency
                | Self::InpatientMaternity
                | Self::InpatientElective
                | Self::InpatientMentalHealth
                | Self::InpatientRehabilitation
                | Self::InpatientOther
                | Self::AccidentEmergency
        )
    }

    /// A service of the council: long-term, short-term or unpaid-carer support.
    #[must_use]
    pub const fn is_care(self) -> bool {
        matches!(
            self,
            Self::Nursing
                | Self::Residential
                | Self::Prison
                | Self::ShortTermBed
                | Self::StMax
                | Self::Community
                | Self::ShortTermOther
                | Self::LowLevel
                | Self::Carer
                | Self::CarerSelf
        )
    }

    /// A bed of an admitted patient: hospital without A&E.
    #[must_use]
    pub const fn is_inpatient(self) -> bool {
        self.is_hospital() && !matches!(self, Self::AccidentEmergency)
    }

    /// A request or assessment is open and nothing is provided yet: a wait or one of its stages.
    #[must_use]
    pub const fn is_wait(self) -> bool {
        matches!(self, Self::AwaitingService | Self::Awaiting | Self::AwaitingAssessment)
    }

    /// The state without stages of waits.
    #[must_use]
    pub const fn whole(self) -> Self {
        if self.is_wait() { Self::Awaiting } else { self }
    }

    /// The rank of section 2; the lowest wins.
    #[must_use]
    pub const fn rank(self) -> u16 {
        match self {
            Self::Dead => 1,
            Self::InpatientEmergency => 10,
            Self::InpatientMaternity => 11,
            Self::InpatientElective => 12,
            Self::InpatientMentalHealth => 13,
            Self::InpatientRehabilitation => 14,
            Self::InpatientOther => 15,
            Self::AccidentEmergency => 20,
            Self::Nursing => 30,
            Self::Residential => 31,
            Self::Prison => 32,
            Self::ShortTermBed => 33,
            Self::StMax => 40,
            Self::Community => 50,
            Self::ShortTermOther => 55,
            Self::LowLevel => 56,
            Self::Carer | Self::CarerSelf => 60,
            Self::AwaitingService | Self::Awaiting | Self::AwaitingAssessment => 70,
            Self::Home => 80,
            Self::Unobserved => 99,
        }
    }

    /// The bit of this state in a mask.
    #[must_use]
    pub const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for State {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code)
            .ok_or_else(|| D::Error::custom(format!("{code:?} is not the code of a state")))
    }
}

/// One stay in one state: `[start, end)`. Visits of a line are contiguous and in order; a visit of no
/// days (`start == end`) is one that same-day order inserted (`journey-states.md` 8.2 and 8.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// First day.
    pub start: Day,
    /// First day no longer in the state.
    pub end: Day,
    /// The state.
    pub state: State,
    /// The best state that is not a hospital one, on the first day of the visit.
    pub underlying: State,
    /// Every state that was active on some day of the visit, as bits by [`State::bit`].
    pub mask: u32,
    /// Number of the CIPS (inpatient states) or merged interval (care states); `u32::MAX` otherwise.
    pub id: u32,
    /// Council of the care record, or 0.
    pub la: u16,
    /// The state ran before the line began (`journey-states.md` section 5), or began unseen:
    /// home after unobserved days, any state after an unfinished hospital stay.
    pub truncated: bool,
    /// The state still ran when the line ended, or, of an unfinished hospital stay, when the hospital
    /// data ended.
    pub censored: bool,
    /// Two rows that a hospital stay had split were held together (section 6).
    pub held: bool,
}

impl Visit {
    /// Days in the state.
    #[must_use]
    pub const fn days(&self) -> i32 {
        self.end.since(self.start)
    }
}

/// The line of one person and what was noted while it was built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The visits; empty when the person is not under observation at all. Death is not a visit.
    pub visits: Vec<Visit>,
    /// The day mask (section 1, L2): the states that are active on each day, in order, without gaps,
    /// over the days of the visits.
    pub masks: Vec<ActiveStates>,
    /// Community support by component, in order, on the days of the visits in that state; only
    /// when the study splits it.
    pub community: Vec<CommunityPart>,
    /// The date of death that ends the line, if it falls in the window: the first day in `DEAD`. It
    /// stands alone, without visits, when it is the first day of the line.
    pub death: crate::day::OptDay,
    /// Notes, as the bits of [`LineFlags`].
    pub flags: LineFlags,
}

/// The states that are active on each day of `[start, end)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveStates {
    /// First day.
    pub start: Day,
    /// First day on which others are.
    pub end: Day,
    /// The states, as bits by [`State::bit`]; never death.
    pub mask: u32,
}

impl ActiveStates {
    /// The states that are active on some day of `[start, end)`, as bits; `masks` are in order.
    pub(crate) fn between(masks: &[Self], start: Day, end: Day) -> u32 {
        let first = masks.partition_point(|days| days.end <= start);
        let days = masks[first..].iter().take_while(|days| days.start < end);
        days.fold(0, |mask, days| mask | days.mask)
    }
}

/// A part of a visit in community support, `[start, end)`, with one component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommunityPart {
    /// First day.
    pub start: Day,
    /// First day no longer in it.
    pub end: Day,
    /// The component of the care row that counts.
    pub component: Component,
}

/// Notes on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct LineFlags(pub u16);

impl LineFlags {
    /// An interval ended 1 to 5 days after the death and was cut.
    pub const TAIL: u16 = 1;
    /// A record that starts after the death was dropped.
    pub const POST_DEATH: u16 = 1 << 1;
    /// Sources of the death differ by more than the tolerance.
    pub const DEATH_CONFLICT: u16 = 1 << 2;
    /// The discharge destination says care home and the care records do not.
    pub const DESTINATION_CONTRADICTION: u16 = 1 << 3;
    /// Care records of more than one council.
    pub const MULTI_LA: u16 = 1 << 4;
    /// Part of the line lies outside the hospital data (section 5).
    pub const HOSPITAL_UNOBSERVED: u16 = 1 << 5;
    /// A death that later records contradict was set aside (section 9).
    pub const REVIVED: u16 = 1 << 6;

    /// Sets bits.
    pub const fn set(&mut self, bits: u16) {
        self.0 |= bits;
    }

    /// Whether every given bit is set.
    #[must_use]
    pub const fn has(self, bits: u16) -> bool {
        self.0 & bits == bits
    }
}
