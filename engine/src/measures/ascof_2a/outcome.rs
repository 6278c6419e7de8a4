//! The outcomes of an episode: how they rank, what they are called, how they count.

use throughcare_linkage::codes::cld::{Outcome, ServiceType};

/// Added to the rank of an outcome that does not say what followed.
const PENALTY: u16 = 100;

/// Rank of an outcome, smaller first: 1 to 17 of the hierarchy, 101 to 117 for the five that do not
/// say what followed, 999 when missing or invalid.
#[must_use]
pub(super) const fn rank(outcome: Outcome) -> u16 {
    if is_unclassifiable(outcome) { outcome.rank() + PENALTY } else { outcome.rank() }
}

/// Whether an outcome says what followed.
#[must_use]
pub(super) const fn is_usable(outcome: Outcome) -> bool {
    rank(outcome) < PENALTY
}

const fn is_unclassifiable(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Reablement
            | Outcome::Assessment
            | Outcome::Release1Only
            | Outcome::SupportPlanning
            | Outcome::Continuation
    )
}

/// The step of the published code that found the sequel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sequel {
    /// 1: died.
    Died,
    /// 2: admitted to hospital.
    Hospital,
    /// 3: a service follows.
    Service,
    /// 4a: the episode's own outcome.
    Own,
    /// 4b: the outcome of an event that follows.
    Following,
    /// 4c: the outcome of an assessment or review near the end.
    Nested,
    /// 5: equipment during the episode.
    Equipment,
    /// 6: nothing else, so the episode's own outcome again.
    Otherwise,
}

impl Sequel {
    /// The published type.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Died => "1",
            Self::Hospital => "2",
            Self::Service => "3",
            Self::Own => "4a",
            Self::Following => "4b",
            Self::Nested => "4c",
            Self::Equipment => "5",
            Self::Otherwise => "6",
        }
    }
}

/// Where an episode counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counting {
    /// In the denominator and the numerator.
    Both,
    /// In the denominator only: ongoing support.
    Denominator,
    /// In neither: left the council's care.
    Neither,
    /// In neither: nobody knows what followed.
    Unclassified,
}

/// What followed an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Final {
    /// A service; one of the seven of clients.
    Service(ServiceType),
    /// Other short-term support in a nursing or residential home.
    ShortTermBed,
    /// An outcome. A missing one is `Invalid`.
    Outcome(Outcome),
}

impl Final {
    /// The outcome of a row as a sequel.
    pub fn of_outcome(outcome: Outcome) -> Self {
        Self::Outcome(if outcome == Outcome::None { Outcome::Invalid } else { outcome })
    }

    /// The published text, in Release 2 labels.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Service(kind) => kind.label(),
            Self::ShortTermBed => "Short term support: Residential or Nursing care",
            Self::Outcome(outcome) => outcome.label(),
        }
    }

    /// Step 9.
    pub const fn counting(self) -> Counting {
        match self {
            Self::Service(ServiceType::LowLevel | ServiceType::OtherShortTerm) => Counting::Both,
            Self::Service(kind) if kind.is_long_term() => Counting::Denominator,
            // ST-Max follows an episode only where the sequel window is wider than the gap
            Self::Service(_) => Counting::Unclassified,
            Self::ShortTermBed => Counting::Denominator,
            Self::Outcome(outcome) => match outcome {
                Outcome::NfaInformation
                | Outcome::NfaEndedAsPlanned
                | Outcome::NfaMoved
                | Outcome::NfaOther
                | Outcome::NfaNoServices
                | Outcome::NfaEndedOther
                | Outcome::NfaOtherService => Counting::Both,
                Outcome::NfaDeceased
                | Outcome::NfaDeclined
                | Outcome::NfaSelfFunded
                | Outcome::NfaNhs
                | Outcome::AdmittedToHospital => Counting::Neither,
                Outcome::Reablement
                | Outcome::Assessment
                | Outcome::Release1Only
                | Outcome::SupportPlanning
                | Outcome::Continuation
                | Outcome::None
                | Outcome::Invalid => Counting::Unclassified,
            },
        }
    }
}
