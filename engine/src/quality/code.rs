//! Condition and check codes of a field (`cld-data-quality.md` sections 2 and 2.1).
//!
//! The department's codes are worked out by a system whose rules are not published. Conditions are
//! those of Release 1 with the labels of Release 2; what tells the failed checks apart is the
//! engine's own.

use super::item::Item;
use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, Component, EventType, ServiceType,
};

/// Whether a field has to be filled: the condition code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the published words follow")]
pub enum Condition {
    Mandatory,
    Optional,
    NotApplicable,
    Undetermined,
}

impl Condition {
    /// Every condition, in the order of the published codes 2, 1, 0, -1.
    pub const ALL: [Self; 4] =
        [Self::Mandatory, Self::Optional, Self::NotApplicable, Self::Undetermined];

    /// The published `FieldStatus`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mandatory => "Mandatory",
            Self::Optional => "Applicable but not mandatory",
            Self::NotApplicable => "Not applicable",
            Self::Undetermined => "Undetermined",
        }
    }

    /// Mandatory or applicable.
    #[must_use]
    pub const fn is_applicable(self) -> bool {
        matches!(self, Self::Mandatory | Self::Optional)
    }
}

/// What is wrong with a field: the check code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Check {
    /// 1: a value of Release 2.
    Valid,
    /// 0: blank, and may be.
    Blank,
    /// -1: blank, and must not be.
    BlankMandatory,
    /// -2: cannot be read as what it should be.
    WrongType,
    /// -3: not in the list, letter case included.
    NotListed,
    /// -4: impossible in itself, such as a date in the future.
    Impossible,
    /// -5: contradicts another field.
    Conflict,
    /// -6: filled where it does not apply.
    OutOfPlace,
    /// -7: exactly a label of Release 1 only.
    Release1,
    /// Null: the Release 2 list is not known, so that nobody can tell.
    Unknown,
}

impl Check {
    /// Every code.
    pub const ALL: [Self; 10] = [
        Self::Valid,
        Self::Blank,
        Self::BlankMandatory,
        Self::WrongType,
        Self::NotListed,
        Self::Impossible,
        Self::Conflict,
        Self::OutOfPlace,
        Self::Release1,
        Self::Unknown,
    ];

    /// The number of the code; none for null.
    #[must_use]
    pub const fn code(self) -> Option<i8> {
        match self {
            Self::Valid => Some(1),
            Self::Blank => Some(0),
            Self::BlankMandatory => Some(-1),
            Self::WrongType => Some(-2),
            Self::NotListed => Some(-3),
            Self::Impossible => Some(-4),
            Self::Conflict => Some(-5),
            Self::OutOfPlace => Some(-6),
            Self::Release1 => Some(-7),
            Self::Unknown => None,
        }
    }

    /// What the department's table shows of it.
    #[must_use]
    pub const fn validity(self) -> Validity {
        match self {
            Self::Valid => Validity::Valid,
            Self::Blank => Validity::Blank,
            Self::BlankMandatory => Validity::BlankMandatory,
            Self::Release1 => Validity::Release1,
            Self::Unknown => Validity::Null,
            _ => Validity::Invalid,
        }
    }

    /// Of a filled field, what applies first: that it is out of place, else what the value itself
    /// says.
    #[must_use]
    pub const fn of_filled(self, condition: Condition) -> Self {
        match condition {
            Condition::NotApplicable => Self::OutOfPlace,
            _ => self,
        }
    }

    /// Of a blank field.
    #[must_use]
    pub const fn of_blank(condition: Condition) -> Self {
        match condition {
            Condition::Mandatory => Self::BlankMandatory,
            _ => Self::Blank,
        }
    }
}

/// The published `FieldValidity` (2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the published words follow")]
pub enum Validity {
    Valid,
    Blank,
    BlankMandatory,
    Invalid,
    Release1,
    Null,
}

impl Validity {
    /// Every validity, in the order of the published table.
    pub const ALL: [Self; 6] =
        [Self::Valid, Self::Blank, Self::BlankMandatory, Self::Invalid, Self::Release1, Self::Null];

    /// The published words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Valid => "Passed: Valid",
            Self::Blank => "Passed: Blank (Not Mandatory)",
            Self::BlankMandatory => "Failed: Blank (Mandatory)",
            Self::Invalid => "Failed: Invalid",
            Self::Release1 => "Failed: Release 1",
            Self::Null => "null",
        }
    }

    /// Whether the field was filled.
    #[must_use]
    pub const fn is_filled(self) -> bool {
        !matches!(self, Self::Blank | Self::BlankMandatory)
    }
}

/// The review reason as far as conditions ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Blank or invalid.
    Undetermined,
    /// Begins `Planned`.
    Planned,
    /// Anything else.
    Other,
}

/// What the conditions of one row depend on, cleaned.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// Client type.
    pub client: ClientType,
    /// Event type.
    pub event: EventType,
    /// Assessment type.
    pub assessment: AssessmentType,
    /// Review reason.
    pub reason: Reason,
    /// Service type.
    pub service: ServiceType,
    /// Service component.
    pub component: Component,
    /// The delivery mechanism is CASSR commissioned support.
    pub is_commissioned: bool,
    /// The primary support reason is learning disability support.
    pub is_learning_disability: bool,
    /// Age on the last day of the reporting period is 18 to 64.
    pub is_working_age: bool,
    /// There is a date of death.
    pub has_death: bool,
}

impl Context {
    /// The condition of a field (`cld-fields.md` section 2). Undetermined where the field that decides
    /// is itself blank or invalid.
    #[must_use]
    pub fn condition(&self, item: Item) -> Condition {
        use Condition::{Mandatory, Optional, Undetermined};
        match item {
            Item::LaCode
            | Item::PeriodStart
            | Item::PeriodEnd
            | Item::NhsNumber
            | Item::LocalId
            | Item::Gender
            | Item::Ethnicity
            | Item::Birth
            | Item::ClientType
            | Item::Postcode
            | Item::Accommodation
            | Item::HasCarer => Mandatory,
            Item::GpPractice | Item::Death => Optional,
            Item::SupportReason => match self.event {
                EventType::None | EventType::Invalid => Undetermined,
                EventType::Request => Optional,
                _ => Mandatory,
            },
            Item::Employment => match self.client {
                ClientType::None | ClientType::Invalid => Undetermined,
                ClientType::ServiceUser if self.is_working_age && self.is_learning_disability => {
                    Mandatory
                }
                _ => Optional,
            },
            Item::Autism | Item::VisualImpairment | Item::HearingImpairment | Item::Dementia => {
                self.of_client(ClientType::ServiceUser, Optional)
            }
            Item::Funding => self.of_client(ClientType::ServiceUser, self.funding()),
            Item::HoursCaring | Item::Adults | Item::Linked1 | Item::Linked2 | Item::Linked3 => {
                self.of_client(ClientType::UnpaidCarer, Optional)
            }
            Item::EventType | Item::Start => self.of_event(Mandatory),
            Item::EventReference | Item::EventDescription => self.of_event(Optional),
            Item::End => self.of_event(match self.event {
                _ if self.has_death => Mandatory,
                EventType::Service => Optional,
                EventType::None | EventType::Invalid => Undetermined,
                _ => Mandatory,
            }),
            Item::Outcome => self.of_event(match (self.event, self.assessment) {
                (EventType::Assessment, AssessmentType::Financial) => Optional,
                (EventType::Assessment, AssessmentType::None | AssessmentType::Invalid)
                | (EventType::None | EventType::Invalid, _) => Undetermined,
                _ => Mandatory,
            }),
            Item::Route => self.of_kind(EventType::Request, Mandatory),
            Item::AssessmentType => self.of_kind(EventType::Assessment, Mandatory),
            Item::EligibleNeeds => self.of_kind(EventType::Assessment, Optional),
            Item::AssessmentMethod => {
                let wanted = match self.assessment {
                    AssessmentType::None | AssessmentType::Invalid => Undetermined,
                    AssessmentType::Financial => Optional,
                    _ => Mandatory,
                };
                self.of_kind(EventType::Assessment, wanted)
            }
            Item::ServiceType | Item::Component => self.of_kind(EventType::Service, Mandatory),
            Item::Mechanism | Item::CqcLocation => self.of_kind(EventType::Service, Optional),
            Item::UnitCost | Item::CostFrequency | Item::PlannedUnits => {
                self.of_kind(EventType::Service, self.cost())
            }
            Item::ReviewReason | Item::ReviewMethod => self.of_kind(EventType::Review, Mandatory),
            Item::ReviewOutcomes => {
                let wanted = match self.reason {
                    Reason::Undetermined => Undetermined,
                    Reason::Planned => Mandatory,
                    Reason::Other => Optional,
                };
                self.of_kind(EventType::Review, wanted)
            }
        }
    }

    /// `wanted` for clients of this type, carers of both kinds being one.
    fn of_client(&self, client: ClientType, wanted: Condition) -> Condition {
        match (self.client, client) {
            (ClientType::None | ClientType::Invalid, _) => Condition::Undetermined,
            (ClientType::UnpaidCarerByAssociation, ClientType::UnpaidCarer) => wanted,
            (is, of) if is == of => wanted,
            _ => Condition::NotApplicable,
        }
    }

    /// `wanted` for everyone but carers known by association, who have no events.
    fn of_event(&self, wanted: Condition) -> Condition {
        match self.client {
            ClientType::None | ClientType::Invalid => Condition::Undetermined,
            ClientType::UnpaidCarerByAssociation => Condition::NotApplicable,
            _ => wanted,
        }
    }

    /// `wanted` for events of this type.
    fn of_kind(&self, kind: EventType, wanted: Condition) -> Condition {
        let of_kind = match self.event {
            EventType::None | EventType::Invalid => Condition::Undetermined,
            event if event == kind => wanted,
            _ => Condition::NotApplicable,
        };
        self.of_event(of_kind)
    }

    fn funding(&self) -> Condition {
        match (self.event, self.assessment) {
            (EventType::Service | EventType::Review, _)
            | (EventType::Assessment, AssessmentType::Financial) => Condition::Mandatory,
            (EventType::Assessment, AssessmentType::None | AssessmentType::Invalid)
            | (EventType::None | EventType::Invalid, _) => Condition::Undetermined,
            _ => Condition::Optional,
        }
    }

    /// The condition COST of a service.
    fn cost(&self) -> Condition {
        let by_component = matches!(
            self.component,
            Component::ShortTermResidential | Component::ShortTermNursing | Component::CarerRespite
        );
        match self.service {
            _ if self.is_commissioned => Condition::Optional,
            _ if by_component => Condition::Mandatory,
            ServiceType::None | ServiceType::Invalid => Condition::Undetermined,
            ServiceType::CarerDirect | ServiceType::CarerIndirect => Condition::Mandatory,
            service if service.is_long_term() => Condition::Mandatory,
            _ => Condition::Optional,
        }
    }
}
