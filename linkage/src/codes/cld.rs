//! The coded fields of Client Level Data.
//!
//! A row keeps the number of the raw text of each coded field ([`Raw`]); the meaning comes from the
//! lists in `codes/cld/`, once reading is over ([`crate::cld::cleaning`]).

use super::super::dictionary::Dictionary;

/// A coded field of a submission (`cld-fields.md` section 2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are the field names of the specification")]
pub enum Field {
    EventType,
    ClientType,
    Gender,
    Ethnicity,
    PrimarySupportReason,
    AccommodationStatus,
    EmploymentStatus,
    HasUnpaidCarer,
    AutismSpectrumDisorder,
    VisualImpairment,
    HearingImpairment,
    Dementia,
    ClientFundingStatus,
    EventOutcome,
    RequestRouteOfAccess,
    AssessmentType,
    EligibleNeedsIdentified,
    MethodOfAssessment,
    TotalHoursCaring,
    ServiceType,
    ServiceComponent,
    DeliveryMechanism,
    ReviewReason,
    ReviewOutcomesAchieved,
    MethodOfReview,
    CostFrequency,
}

impl Field {
    /// How many coded fields there are.
    pub const COUNT: usize = 26;

    /// Every coded field, in the order of the specification.
    pub const ALL: [Self; Self::COUNT] = [
        Self::EventType,
        Self::ClientType,
        Self::Gender,
        Self::Ethnicity,
        Self::PrimarySupportReason,
        Self::AccommodationStatus,
        Self::EmploymentStatus,
        Self::HasUnpaidCarer,
        Self::AutismSpectrumDisorder,
        Self::VisualImpairment,
        Self::HearingImpairment,
        Self::Dementia,
        Self::ClientFundingStatus,
        Self::EventOutcome,
        Self::RequestRouteOfAccess,
        Self::AssessmentType,
        Self::EligibleNeedsIdentified,
        Self::MethodOfAssessment,
        Self::TotalHoursCaring,
        Self::ServiceType,
        Self::ServiceComponent,
        Self::DeliveryMechanism,
        Self::ReviewReason,
        Self::ReviewOutcomesAchieved,
        Self::MethodOfReview,
        Self::CostFrequency,
    ];

    /// The field's name: the heading in lower case with underscores, and the name of its list file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EventType => "event_type",
            Self::ClientType => "client_type",
            Self::Gender => "gender",
            Self::Ethnicity => "ethnicity",
            Self::PrimarySupportReason => "primary_support_reason",
            Self::AccommodationStatus => "accommodation_status",
            Self::EmploymentStatus => "employment_status",
            Self::HasUnpaidCarer => "has_unpaid_carer",
            Self::AutismSpectrumDisorder => "autism_spectrum_disorder_asd",
            Self::VisualImpairment => "visual_impairment",
            Self::HearingImpairment => "hearing_impairment",
            Self::Dementia => "dementia",
            Self::ClientFundingStatus => "client_funding_status",
            Self::EventOutcome => "event_outcome",
            Self::RequestRouteOfAccess => "request_route_of_access",
            Self::AssessmentType => "assessment_type",
            Self::EligibleNeedsIdentified => "eligible_needs_identified",
            Self::MethodOfAssessment => "method_of_assessment",
            Self::TotalHoursCaring => "total_hrs_caring_per_week",
            Self::ServiceType => "service_type",
            Self::ServiceComponent => "service_component",
            Self::DeliveryMechanism => "delivery_mechanism",
            Self::ReviewReason => "review_reason",
            Self::ReviewOutcomesAchieved => "review_outcomes_achieved",
            Self::MethodOfReview => "method_of_review",
            Self::CostFrequency => "cost_frequency_unit_type",
        }
    }
}

/// The number of a raw text within its field; 0 is null or empty text (convention C15).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Raw(pub u16);

impl Raw {
    /// No value.
    pub const NONE: Self = Self(0);

    /// Whether the field was null or empty.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// The raw texts met so far, field by field, shared by all reading threads.
#[derive(Debug)]
pub struct RawValues {
    fields: Vec<Dictionary>,
}

impl Default for RawValues {
    fn default() -> Self {
        Self { fields: (0..Field::COUNT).map(|_| Dictionary::default()).collect() }
    }
}

impl RawValues {
    /// The number of a raw text: [`Raw::NONE`] when it is empty or blank. Texts beyond 65,534 of one
    /// field share the last number, so that a free-text column in a coded field cannot exhaust
    /// memory or numbers.
    #[must_use]
    pub fn intern(&self, field: Field, text: &str) -> Raw {
        let text = text.trim();
        if text.is_empty() {
            return Raw::NONE;
        }
        let values = &self.fields[field as usize];
        if values.len() >= usize::from(u16::MAX) - 1 && values.find(text).is_none() {
            return Raw(u16::MAX);
        }
        Raw(values.intern(text).saturating_add(1).min(u32::from(u16::MAX)) as u16)
    }

    /// The raw texts of a field; the text of `Raw(n)` is at `n - 1`.
    #[must_use]
    pub fn texts(&self, field: Field) -> Vec<Box<str>> {
        self.fields[field as usize].texts()
    }
}

/// Makes an enum whose variants are the labels of a list, in list order, the first being "no value".
macro_rules! labels {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $label:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "each variant is its published label")]
        pub enum $name {
            /// Null, or a raw text that no list maps.
            #[default]
            None = 0,
            $($variant,)*
            /// Known but ambiguous: `Invalid and not mapped`.
            Invalid = 255,
        }

        impl $name {
            /// Every label of the list, in list order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The Release 2 label; empty for no value.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    Self::None => "",
                    $(Self::$variant => $label,)*
                    Self::Invalid => "Invalid and not mapped",
                }
            }

            /// The value with exactly this Release 2 label.
            #[must_use]
            pub fn from_label(label: &str) -> Option<Self> {
                match label {
                    $($label => Some(Self::$variant),)*
                    "Invalid and not mapped" => Some(Self::Invalid),
                    _ => None,
                }
            }
        }
    };
}

labels! {
    /// Event type (`cld-fields.md` 4.1).
    EventType {
        Request = "Request",
        Assessment = "Assessment",
        Service = "Service",
        Review = "Review",
    }
}

labels! {
    /// Client type (`cld-fields.md` 4.4).
    ClientType {
        ServiceUser = "Service user",
        UnpaidCarer = "Unpaid carer",
        UnpaidCarerByAssociation = "Unpaid carer known by association",
    }
}

labels! {
    /// Service type, in the order of the long-term support hierarchy (`cld-fields.md` 4.17).
    ServiceType {
        Nursing = "Long term support: Nursing care",
        Residential = "Long term support: Residential care",
        Community = "Long term support: Community",
        Prison = "Long term support: Prison",
        StMax = "Short term support: ST-Max",
        LowLevel = "Short term support: Ongoing low level",
        OtherShortTerm = "Short term support: Other short term",
        CarerDirect = "Unpaid carer support: Direct to unpaid carer",
        CarerIndirect = "Unpaid carer support: Support involving the person cared-for",
    }
}

impl ServiceType {
    /// One of the four long-term support types.
    #[must_use]
    pub const fn is_long_term(self) -> bool {
        matches!(self, Self::Nursing | Self::Residential | Self::Community | Self::Prison)
    }
}

labels! {
    /// Service component (`cld-fields.md` 4.18).
    Component {
        Reablement = "Reablement",
        ShortTermNursing = "Short term nursing care",
        ShortTermResidential = "Short term residential care",
        LongTermNursing = "Long term nursing care",
        LongTermResidential = "Long term residential care",
        HomeSupport = "Home support or domiciliary care",
        DaySupport = "Day support",
        Meals = "Meals",
        Transport = "Transport",
        Equipment = "Equipment",
        DirectPayment = "Direct payment",
        SharedLives = "Shared Lives",
        SupportedLiving = "Community supported living",
        ExtraCare = "Extra care housing",
        ProfessionalSocialWorker = "Professional support: Social worker",
        ProfessionalOther = "Professional support: Other",
        LearningEducationEmployment = "Learning, education or employment support",
        EndOfLife = "End of life care",
        Emergency = "Emergency support",
        OtherShortTerm = "Other short term support",
        OtherLongTerm = "Other long term support",
        CarerRespite = "Unpaid carer respite",
        CarerSitting = "Unpaid carer sitting service",
        CarerUniversal = "Unpaid carer universal services",
        OtherCarer = "Other unpaid carer support",
    }
}

labels! {
    /// Event outcome, in hierarchy order: the number of a variant is its rank (`cld-fields.md` 4.11).
    Outcome {
        Reablement = "Progress to reablement/ST-Max",
        Assessment = "Progress to assessment, review or reassessment",
        Release1Only = "Release 1 specification only: Not mapped",
        SupportPlanning = "Progress to support planning or services",
        Continuation = "Continuation of support or services",
        AdmittedToHospital = "Admitted to hospital",
        NfaMoved = "NFA: Responsibility moved to another local authority",
        NfaNhs = "NFA: Referral to NHS services or NHS funded social care",
        NfaSelfFunded = "NFA: Self-funded client or under 12wk disregard",
        NfaInformation = "NFA: Information and advice or signposting",
        NfaOtherService = "NFA: Referral to other service within the local authority",
        NfaDeclined = "NFA: Support declined",
        NfaDeceased = "NFA: Deceased",
        NfaEndedAsPlanned = "NFA: Support ended as planned",
        NfaEndedOther = "NFA: Support ended for other reason",
        NfaNoServices = "NFA: No services offered for other reason",
        NfaOther = "NFA: Other",
    }
}

impl Outcome {
    /// The rank that breaks ties: 1 to 17, and 999 when missing or invalid (P-14).
    #[must_use]
    pub const fn rank(self) -> u16 {
        match self {
            Self::None | Self::Invalid => 999,
            other => other as u16,
        }
    }

    /// Whether the label begins "Progress".
    #[must_use]
    pub const fn is_progress(self) -> bool {
        matches!(self, Self::Reablement | Self::Assessment | Self::SupportPlanning)
    }

    /// Whether the label begins "NFA": no further action.
    #[must_use]
    pub const fn is_no_further_action(self) -> bool {
        let rank = self.rank();
        rank >= 7 && rank <= 17
    }
}

labels! {
    /// Assessment type (`cld-fields.md` 4.13).
    AssessmentType {
        ShortTerm = "Short term assessment",
        LongTerm = "Long term assessment",
        Financial = "Financial assessment",
    }
}

labels! {
    /// Delivery mechanism (`cld-fields.md` 4.19).
    Mechanism {
        DirectPayment = "Direct payment",
        ManagedBudget = "CASSR managed personal budget",
        Commissioned = "CASSR commissioned support",
    }
}

labels! {
    /// Gender (`cld-fields.md` 4.2).
    Gender {
        Male = "Male",
        Female = "Female",
        Other = "Other",
        Unknown = "Unknown",
    }
}
