//! N1: Release 1 labels, compared as raw text without case and trailing blanks. No mapping table: a
//! misspelt label is a text of its own that matches nothing.

use crate::frame::Frame;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use throughcare_linkage::codes::cld::{Field, Raw};

/// Which spelling of the labels counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spelling {
    /// Release 1, as the published code.
    #[default]
    #[serde(rename = "release-1")]
    Release1,
    /// Release 1, and Release 2 mapped back. Where several labels became one, the first in the
    /// hierarchy stands for all of them.
    #[serde(rename = "both")]
    Both,
}

/// A text of one field: 0 is null, then the labels of the list in its order, then every other text
/// that was met. The numbers of the latter only tell texts apart: nothing is ordered or shown by them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(pub u16);

impl Label {
    /// Null.
    pub const NULL: Self = Self(0);

    /// Whether the field was null or empty.
    #[must_use]
    pub const fn is_null(self) -> bool {
        self.0 == 0
    }
}

/// The labels of a field that the published code knows.
#[derive(Debug)]
pub struct List {
    field: Field,
    /// Release 1 label, and the Release 2 label that is mapped back to it (empty: none).
    labels: &'static [(&'static str, &'static str)],
}

impl List {
    /// Whether a text is on the list.
    #[must_use]
    pub const fn has(&self, label: Label) -> bool {
        label.0 > 0 && label.0 as usize <= self.labels.len()
    }

    /// The Release 1 label, if the text is on the list.
    #[must_use]
    pub fn text(&self, label: Label) -> Option<&'static str> {
        let position = usize::from(label.0).checked_sub(1)?;
        self.labels.get(position).map(|(text, _)| *text)
    }

    /// The number of a label in a table: 0 for null and for what is not on the list.
    #[must_use]
    pub const fn level(&self, label: Label) -> u8 {
        if self.has(label) { label.0 as u8 } else { 0 }
    }

    /// The label of a number in a table.
    #[must_use]
    pub fn text_of_level(&self, level: u8) -> &'static str {
        self.text(Label(u16::from(level))).unwrap_or("Invalid/NULL")
    }
}

/// The labels of the texts of one field, by raw number.
#[derive(Clone, Debug, Default)]
pub struct Codes(Vec<Label>);

impl Codes {
    fn new(list: &List, spelling: Spelling, texts: &[Box<str>]) -> Self {
        let mut numbers: HashMap<String, Label> = HashMap::new();
        let labels = || (1..).map(Label).zip(list.labels);
        for (label, (first, _)) in labels() {
            numbers.insert(fold(first), label);
        }
        if spelling == Spelling::Both {
            for (label, (_, second)) in labels().filter(|(_, (_, second))| !second.is_empty()) {
                numbers.entry(fold(second)).or_insert(label);
            }
        }
        let mut next = list.labels.len() as u16;
        let mut number = |text: &str| {
            *numbers.entry(fold(text)).or_insert_with(|| {
                next = next.saturating_add(1);
                Label(next)
            })
        };
        let mut codes = vec![Label::NULL];
        codes.extend(texts.iter().map(|text| number(text)));
        Self(codes)
    }

    /// The label of a raw text. Texts that were too many to keep are one.
    #[must_use]
    #[inline]
    pub fn of(&self, raw: Raw) -> Label {
        self.0.get(usize::from(raw.0)).copied().unwrap_or(Label(u16::MAX))
    }
}

fn fold(text: &str) -> String {
    text.trim_end().to_lowercase()
}

/// The labels of every field that the measures read.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs, reason = "the names are the field names of the specification")]
pub struct Labels {
    pub event_type: Codes,
    pub client_type: Codes,
    pub route: Codes,
    pub service_type: Codes,
    pub component: Codes,
    pub mechanism: Codes,
    pub outcome: Codes,
    pub gender: Codes,
    pub ethnicity: Codes,
    pub support_reason: Codes,
    pub accommodation: Codes,
    pub employment: Codes,
    pub has_carer: Codes,
    /// Texts of outcomes that begin `NFA`, by the number of the label.
    no_further_action: Vec<bool>,
}

impl Labels {
    /// The labels of the texts that were read.
    #[must_use]
    pub fn new(spelling: Spelling, frame: &Frame) -> Self {
        let codes = |list: &List| Codes::new(list, spelling, frame.raw_texts(list.field));
        let outcome = codes(outcome::LIST);
        let mut no_further_action = vec![false];
        no_further_action
            .extend(outcome::LIST.labels.iter().map(|(label, _)| label.starts_with("NFA")));
        for (label, text) in
            outcome.0.iter().skip(1).zip(frame.raw_texts(Field::EventOutcome).iter())
        {
            let number = usize::from(label.0);
            if number >= no_further_action.len() {
                no_further_action.resize(number + 1, false);
                no_further_action[number] = fold(text).starts_with("nfa");
            }
        }
        Self {
            event_type: codes(event_type::LIST),
            client_type: codes(client_type::LIST),
            route: codes(&List { field: Field::RequestRouteOfAccess, labels: &[] }),
            service_type: codes(service_type::LIST),
            component: codes(component::LIST),
            mechanism: codes(mechanism::LIST),
            gender: codes(gender::LIST),
            ethnicity: codes(ethnicity::LIST),
            support_reason: codes(support_reason::LIST),
            accommodation: codes(accommodation::LIST),
            employment: codes(employment::LIST),
            has_carer: codes(has_carer::LIST),
            outcome,
            no_further_action,
        }
    }

    /// Whether the text of an outcome begins `NFA`.
    #[must_use]
    pub fn is_no_further_action(&self, outcome: Label) -> bool {
        self.no_further_action.get(usize::from(outcome.0)).copied().unwrap_or(false)
    }
}

/// Makes a module of a list: its labels as constants, in list order, and `LIST`.
macro_rules! list {
    ($(#[$meta:meta])* $module:ident of $field:ident { $($name:ident = $first:literal or $second:literal,)* }) => {
        $(#[$meta])*
        #[allow(missing_docs, reason = "each constant is its label")]
        pub mod $module {
            use super::{Field, Label, List};

            #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "positions of the constants")]
            #[repr(u16)]
            enum Position { _NULL, $($name,)* }

            $(pub const $name: Label = Label(Position::$name as u16);)*

            pub const LIST: &List =
                &List { field: Field::$field, labels: &[$(($first, $second),)*] };
        }
    };
}

list! {
    /// Event types.
    event_type of EventType {
        REQUEST = "Request" or "",
        ASSESSMENT = "Assessment" or "",
        SERVICE = "Service" or "",
        REVIEW = "Review" or "",
    }
}

list! {
    /// Client types.
    client_type of ClientType {
        SERVICE_USER = "Service User" or "",
        CARER = "Carer" or "Unpaid carer",
        CARER_BY_ASSOCIATION = "Carer known by association" or "Unpaid carer known by association",
    }
}

list! {
    /// Service types, the four of long-term support first.
    service_type of ServiceType {
        NURSING = "Long Term Support: Nursing Care" or "",
        RESIDENTIAL = "Long Term Support: Residential Care" or "",
        COMMUNITY = "Long Term Support: Community" or "",
        PRISON = "Long Term Support: Prison" or "",
        ST_MAX = "Short Term Support: ST-Max" or "",
        LOW_LEVEL = "Short Term Support: Ongoing Low Level" or "",
        OTHER_SHORT_TERM = "Short Term Support: Other Short Term" or "",
        CARER_DIRECT = "Carer Support: Direct to Carer" or "Unpaid carer support: Direct to unpaid carer",
        CARER_INDIRECT = "Carer Support: Support involving the person cared-for"
            or "Unpaid carer support: Support involving the person cared-for",
    }
}

list! {
    /// The component that stands for a direct payment.
    component of ServiceComponent {
        DIRECT_PAYMENT = "Direct Payment" or "",
    }
}

list! {
    /// Delivery mechanisms.
    mechanism of DeliveryMechanism {
        DIRECT_PAYMENT = "Direct Payment" or "",
        MANAGED_BUDGET = "CASSR Managed Personal Budget" or "",
        COMMISSIONED = "CASSR Commissioned Support" or "",
    }
}

list! {
    /// Outcomes in the order of NHS England's hierarchy (`cld-fields.md` 4.11): the number is the rank.
    outcome of EventOutcome {
        REABLEMENT = "Progress to Reablement/ST-Max" or "",
        ASSESSMENT = "Progress to Assessment" or "Progress to assessment, review or reassessment",
        ADMITTED = "Admitted to hospital" or "",
        REASSESSMENT = "Progress to Re-assessment / Unplanned Review" or "",
        SUPPORT_PLANNING = "Progress to Support Planning / Services"
            or "Progress to support planning or services",
        END_OF_LIFE = "Progress to End of Life Care" or "",
        NO_CHANGE = "No change in package" or "Continuation of support or services",
        ENDED_AS_PLANNED = "Service ended as planned" or "NFA: Support ended as planned",
        FINANCIAL = "Progress to financial assessment" or "",
        PROVISION = "Provision of service" or "",
        DECEASED = "NFA - Deceased" or "NFA: Deceased",
        MOVED = "NFA - Moved to another LA" or "NFA: Responsibility moved to another local authority",
        NHS_FUNDED = "NFA - 100% NHS funded care"
            or "NFA: Referral to NHS services or NHS funded social care",
        INFORMATION = "NFA - Information & Advice / Signposting only"
            or "NFA: Information and advice or signposting",
        SELF_FUNDED = "NFA - Self-funded client (Inc. 12wk disregard)"
            or "NFA: Self-funded client or under 12wk disregard",
        DECLINED = "NFA - Support declined" or "NFA: Support declined",
        ENDED_OTHER = "NFA - Support ended: Other reason" or "NFA: Support ended for other reason",
        NO_SERVICES = "NFA - No services offered: Other reason"
            or "NFA: No services offered for other reason",
        OTHER = "NFA- Other" or "NFA: Other",
    }
}

list! {
    /// Genders.
    gender of Gender {
        MALE = "Male" or "",
        FEMALE = "Female" or "",
        OTHER = "Other" or "",
        UNKNOWN = "Unknown" or "",
    }
}

list! {
    /// Ethnicities.
    ethnicity of Ethnicity {
        BRITISH = "White - English, Welsh, Scottish, Northern Irish or British"
            or "White: English, Welsh, Scottish, Northern Irish or British",
        IRISH = "White - Irish" or "White: Irish",
        TRAVELLER = "White - Gypsy or Irish Traveller" or "White: Gypsy or Irish Traveller",
        ROMA = "White - Roma" or "White: Roma",
        OTHER_WHITE = "White - Any other White background" or "White: Any other White background",
        WHITE_AND_CARIBBEAN = "Mixed or multiple ethnic groups - White and Black Caribbean"
            or "Mixed or multiple ethnic groups: White and Black Caribbean",
        WHITE_AND_AFRICAN = "Mixed or multiple ethnic groups - White and Black African"
            or "Mixed or multiple ethnic groups: White and Black African",
        WHITE_AND_ASIAN = "Mixed or multiple ethnic groups - White and Asian"
            or "Mixed or multiple ethnic groups: White and Asian",
        OTHER_MIXED = "Mixed or multiple ethnic groups - Any other Mixed or multiple ethnic background"
            or "Mixed or multiple ethnic groups: Any other Mixed or multiple ethnic background",
        INDIAN = "Asian or Asian British - Indian" or "Asian or Asian British: Indian",
        PAKISTANI = "Asian or Asian British - Pakistani" or "Asian or Asian British: Pakistani",
        BANGLADESHI = "Asian or Asian British - Bangladeshi" or "Asian or Asian British: Bangladeshi",
        CHINESE = "Asian or Asian British - Chinese" or "Asian or Asian British: Chinese",
        OTHER_ASIAN = "Asian or Asian British - Any other Asian background"
            or "Asian or Asian British: Any other Asian background",
        AFRICAN = "Black, Black British, Caribbean or African - African"
            or "Black, Black British, Caribbean or African: African",
        CARIBBEAN = "Black, Black British, Caribbean or African - Caribbean"
            or "Black, Black British, Caribbean or African: Caribbean",
        OTHER_BLACK = "Black, Black British, Caribbean or African - Any other Black, Black British or Caribbean background"
            or "Black, Black British, Caribbean or African: Any other Black, Black British or Caribbean background",
        ARAB = "Other ethnic group - Arab" or "Other ethnic group: Arab",
        OTHER_GROUP = "Other ethnic group - Any other ethnic group"
            or "Other ethnic group: Any other ethnic group",
        REFUSED = "No data - Refused" or "No data: Refused",
        UNDECLARED = "No data - Undeclared or Not known" or "No data: Undeclared or not known",
    }
}

list! {
    /// Primary support reasons.
    support_reason of PrimarySupportReason {
        ACCESS = "Physical Support: Access & mobility only" or "Physical support: Access and mobility only",
        PERSONAL_CARE = "Physical Support: Personal care support" or "",
        VISUAL = "Sensory Support: Support for visual impairment" or "",
        HEARING = "Sensory Support: Support for hearing impairment" or "",
        DUAL = "Sensory Support: Support for dual impairment" or "",
        MEMORY = "Support with Memory & Cognition" or "Support with memory and cognition",
        LEARNING_DISABILITY = "Learning Disability Support" or "",
        MENTAL_HEALTH = "Mental Health Support" or "",
        SUBSTANCE = "Social Support: Substance misuse support" or "",
        ASYLUM = "Social Support: Asylum seeker support" or "",
        ISOLATION = "Social Support: Support for Social Isolation/Other"
            or "Social support: Support for social isolation or other reason",
        CARER = "Social Support: Support to Carer" or "Social support: Support to unpaid carer",
        UNKNOWN = "Unknown" or "",
    }
}

list! {
    /// Accommodation statuses.
    accommodation of AccommodationStatus {
        OWNER = "Owner occupier or shared ownership scheme" or "",
        TENANT = "Tenant" or "Tenant: Local authority or other social housing provider",
        PRIVATE_TENANT = "Tenant - private landlord" or "Tenant: Private landlord",
        MAINSTREAM = "Settled mainstream housing with family / friends"
            or "Settled mainstream housing with family or friends",
        SUPPORTED = "Supported accommodation / supported lodgings / supported group home"
            or "Supported accommodation, supported lodgings or supported group home",
        SHARED_LIVES = "Shared Lives scheme" or "",
        APPROVED =
            "Approved premises for offenders released from prison or under probation supervision" or "",
        SHELTERED = "Sheltered housing / extra care housing / other sheltered housing"
            or "Sheltered housing, extra care housing or other sheltered housing",
        MOBILE = "Mobile accommodation for Gypsy / Roma and Traveller communities"
            or "Mobile accommodation for Gypsy, Roma and Traveller communities",
        ROUGH = "Rough sleeper / squatting" or "Rough sleeper or squatting",
        NIGHT_SHELTER = "Night shelter / emergency hostel / direct access hostel"
            or "Night shelter, emergency hostel or direct access hostel",
        REFUGE = "Refuge" or "",
        TEMPORARY =
            "Placed in temporary accommodation by the council (inc. homelessness resettlement)" or "",
        GUEST = "Staying with family / friends as a short-term guest"
            or "Staying with family or friends as a short term guest",
        HOSPITAL = "Acute / long-term healthcare residential facility or hospital"
            or "Acute hospital or long term healthcare residential facility",
        CARE_HOME = "Registered care home" or "",
        NURSING_HOME = "Registered nursing home" or "",
        PRISON = "Prison / Young offenders institution / detention centre"
            or "Prison, young offenders institution or detention centre",
        OTHER = "Other temporary accommodation" or "",
        UNKNOWN = "Unknown" or "",
    }
}

/// Whether an accommodation status is settled: the first nine of the list.
#[must_use]
pub const fn is_settled(accommodation: Label) -> bool {
    accommodation.0 >= accommodation::OWNER.0 && accommodation.0 <= accommodation::MOBILE.0
}

list! {
    /// Employment statuses.
    employment of EmploymentStatus {
        PAID_FEW_HOURS = "Paid: Less than 16 hours a week" or "",
        PAID_MANY_HOURS = "Paid: 16 or more hours a week" or "",
        PAID = "Paid: Hours per week unknown" or "",
        SEEKING = "Not in Paid Employment (seeking work)" or "Not in paid employment: Seeking work",
        NOT_SEEKING = "Not in Paid Employment (not actively seeking work / retired)"
            or "Not in paid employment: Not actively seeking work or retired",
        VOLUNTARY = "Not in Paid Employment (voluntary work only)"
            or "Not in paid employment: Voluntary work only",
        UNKNOWN = "Unknown" or "",
    }
}

list! {
    /// Whether there is an unpaid carer. The published code shows `Unknown` only for a conflict.
    has_carer of HasUnpaidCarer {
        YES = "Yes" or "",
        NO = "No" or "",
        INVALID = "Invalid" or "",
        UNKNOWN = "Unknown" or "",
    }
}
