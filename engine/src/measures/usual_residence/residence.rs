//! Groups of discharge destinations, and the kind of dwelling that the state line shows.

use crate::stratum::visit_on;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::Day;
use throughcare_linkage::timeline::state::{Line, State};

/// A group of discharge destinations (`sus-fields.md` 6.4, M2), in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum DestinationGroup {
    /// Usual residence (19) and foster care (66).
    Home,
    /// Temporary residence.
    Temporary,
    /// Care home, whoever runs it.
    CareHome,
    /// Hospice.
    Hospice,
    /// Court, prison or police.
    Custody,
    /// Another hospital.
    Hospital,
    /// Died or stillborn.
    Death,
    /// Repatriation.
    Other,
    /// 98, 99, DK, missing and codes of no list.
    Unknown,
}

impl DestinationGroup {
    /// Every group, in order.
    pub const ALL: [Self; 9] = [
        Self::Home,
        Self::Temporary,
        Self::CareHome,
        Self::Hospice,
        Self::Custody,
        Self::Hospital,
        Self::Death,
        Self::Other,
        Self::Unknown,
    ];

    /// The group of a destination.
    #[must_use]
    pub fn of(destination: Code) -> Self {
        const fn codes<const N: usize>(texts: [&str; N]) -> [Code; N] {
            let mut codes = [Code::NONE; N];
            let mut n = 0;
            while n < N {
                codes[n] = Code::new(texts[n]);
                n += 1;
            }
            codes
        }
        const HOME: [Code; 2] = codes(["19", "66"]);
        const TEMPORARY: [Code; 1] = codes(["29"]);
        const CARE_HOME: [Code; 6] = codes(["54", "55", "56", "65", "85", "86"]);
        const HOSPICE: [Code; 1] = codes(["88"]);
        const CUSTODY: [Code; 5] = codes(["37", "38", "39", "40", "42"]);
        const HOSPITAL: [Code; 8] = codes(crate::cohort::HOSPITAL_DESTINATIONS);
        const DEATH: [Code; 1] = codes(["79"]);
        const OTHER: [Code; 2] = codes(["30", "89"]);
        let lists: [(&[Code], Self); 8] = [
            (&HOME, Self::Home),
            (&TEMPORARY, Self::Temporary),
            (&CARE_HOME, Self::CareHome),
            (&HOSPICE, Self::Hospice),
            (&CUSTODY, Self::Custody),
            (&HOSPITAL, Self::Hospital),
            (&DEATH, Self::Death),
            (&OTHER, Self::Other),
        ];
        let found = lists.into_iter().find(|(codes, _)| codes.contains(&destination));
        found.map_or(Self::Unknown, |(_, group)| group)
    }

    /// The name in strata.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Temporary => "temporary",
            Self::CareHome => "care_home",
            Self::Hospice => "hospice",
            Self::Custody => "custody",
            Self::Hospital => "hospital",
            Self::Death => "death",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the destination is known.
    #[must_use]
    pub const fn is_known(self) -> bool {
        !matches!(self, Self::Unknown)
    }

    /// Whether the destination and the dwelling on the state line are the same kind of place; `None`
    /// for destinations that say nothing about the dwelling.
    #[must_use]
    pub fn agrees(self, dwelling: Dwelling) -> Option<bool> {
        match self {
            Self::Home | Self::Temporary => Some(dwelling == Dwelling::OwnHome),
            Self::CareHome => Some(matches!(
                dwelling,
                Dwelling::Residential | Dwelling::Nursing | Dwelling::ShortTermBed
            )),
            Self::Custody => Some(dwelling == Dwelling::Prison),
            Self::Hospice | Self::Hospital | Self::Death | Self::Other | Self::Unknown => None,
        }
    }
}

/// The kind of dwelling that a state implies (M2b), in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Dwelling {
    /// Own home: community support or none.
    OwnHome,
    /// Residential care.
    Residential,
    /// Nursing care.
    Nursing,
    /// Prison.
    Prison,
    /// A short-term bed: neither the own home nor a place to live.
    ShortTermBed,
}

impl Dwelling {
    /// Every kind, in order.
    pub const ALL: [Self; 5] =
        [Self::OwnHome, Self::Residential, Self::Nursing, Self::Prison, Self::ShortTermBed];

    /// The name in strata.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnHome => "own_home",
            Self::Residential => "residential",
            Self::Nursing => "nursing",
            Self::Prison => "prison",
            Self::ShortTermBed => "short_term_bed",
        }
    }

    /// The dwelling of a state; `None` in hospital, after death and unobserved.
    #[must_use]
    pub const fn of(state: State) -> Option<Self> {
        match state {
            State::Residential => Some(Self::Residential),
            State::Nursing => Some(Self::Nursing),
            State::Prison => Some(Self::Prison),
            State::ShortTermBed => Some(Self::ShortTermBed),
            State::StMax
            | State::Community
            | State::ShortTermOther
            | State::LowLevel
            | State::Carer
            | State::AwaitingService
            | State::Awaiting
            | State::AwaitingAssessment
            | State::Home => Some(Self::OwnHome),
            _ => None,
        }
    }

    /// The dwelling on the day before admission, hospital ignored.
    #[must_use]
    pub fn before(line: &Line, admission: Day) -> Option<Self> {
        let visit = visit_on(line, admission.plus(-1))?;
        Self::of(if visit.state.is_hospital() { visit.underlying } else { visit.state })
    }

    /// The dwelling on the first day out of hospital, from the day of discharge to `look_ahead_days`
    /// after it.
    #[must_use]
    pub fn after(line: &Line, discharge: Day, look_ahead_days: i32) -> Option<Self> {
        let first = line.visits.partition_point(|visit| visit.end <= discharge);
        let last_day = discharge.plus(look_ahead_days);
        let visits = line.visits.iter().skip(first);
        let mut near = visits.take_while(|visit| visit.start <= last_day);
        // a visit without a day is no place to stay
        let found = near.find(|visit| !visit.state.is_hospital() && visit.days() > 0)?;
        Self::of(found.state)
    }
}
