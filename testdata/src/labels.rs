//! The texts of coded fields in both releases of the specification.

use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, Component, EventType, Outcome, ServiceType,
};

/// A value in both releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Release 2.
    pub new: &'static str,
    /// Release 1.
    pub old: &'static str,
}

const fn both(text: &'static str) -> Label {
    Label { new: text, old: text }
}

const fn label(new: &'static str, old: &'static str) -> Label {
    Label { new, old }
}

/// No value.
pub const NONE: Label = both("");

/// Client type.
#[must_use]
pub const fn client_type(value: ClientType) -> Label {
    match value {
        ClientType::ServiceUser => label("Service user", "Service User"),
        ClientType::UnpaidCarer => label("Unpaid carer", "Carer"),
        ClientType::UnpaidCarerByAssociation => {
            label("Unpaid carer known by association", "Carer known by association")
        }
        _ => NONE,
    }
}

/// Event outcome. Release 1 tells reviews and services apart where Release 2 does not.
#[must_use]
pub const fn outcome(value: Outcome, event: EventType) -> Label {
    let old = match value {
        Outcome::Reablement => "Progress to Reablement/ST-Max",
        Outcome::Assessment if matches!(event, EventType::Review) => {
            "Progress to Re-assessment / Unplanned Review"
        }
        Outcome::Assessment => "Progress to Assessment",
        Outcome::SupportPlanning => "Progress to Support Planning / Services",
        Outcome::Continuation if matches!(event, EventType::Review) => "No change in package",
        Outcome::Continuation => "Provision of service",
        Outcome::AdmittedToHospital => "Admitted to hospital",
        Outcome::NfaMoved => "NFA - Moved to another LA",
        Outcome::NfaNhs => "NFA - 100% NHS funded care",
        Outcome::NfaSelfFunded => "NFA - Self-funded client (Inc. 12wk disregard)",
        Outcome::NfaInformation => "NFA - Information & Advice / Signposting only",
        Outcome::NfaDeclined => "NFA - Support declined",
        Outcome::NfaDeceased => "NFA - Deceased",
        Outcome::NfaEndedAsPlanned => "Service ended as planned",
        Outcome::NfaEndedOther => "NFA - Support ended: Other reason",
        Outcome::NfaNoServices => "NFA - No services offered: Other reason",
        Outcome::NfaOther | Outcome::NfaOtherService => "NFA- Other",
        _ => "",
    };
    label(value.label(), old)
}

/// Assessment type.
#[must_use]
pub const fn assessment_type(value: AssessmentType) -> Label {
    match value {
        AssessmentType::ShortTerm => label("Short term assessment", "Short Term Assessment"),
        AssessmentType::LongTerm => label("Long term assessment", "Long Term Assessment"),
        AssessmentType::Financial => label("Financial assessment", "Financial Assessment"),
        _ => NONE,
    }
}

/// Service type.
#[must_use]
pub const fn service_type(value: ServiceType) -> Label {
    let old = match value {
        ServiceType::Nursing => "Long Term Support: Nursing Care",
        ServiceType::Residential => "Long Term Support: Residential Care",
        ServiceType::Community => "Long Term Support: Community",
        ServiceType::Prison => "Long Term Support: Prison",
        ServiceType::StMax => "Short Term Support: ST-Max",
        ServiceType::LowLevel => "Short Term Support: Ongoing Low Level",
        ServiceType::OtherShortTerm => "Short Term Support: Other Short Term",
        ServiceType::CarerDirect => "Carer Support: Direct to Carer",
        ServiceType::CarerIndirect => "Carer Support: Support involving the person cared-for",
        _ => "",
    };
    label(value.label(), old)
}

/// Service component; the Release 2 text where the Release 1 text is not known.
#[must_use]
pub const fn component(value: Component) -> Label {
    let old = match value {
        Component::ShortTermNursing => "Short Term Nursing Care",
        Component::ShortTermResidential => "Short Term Residential Care",
        Component::LongTermNursing => "Long Term Nursing Care",
        Component::LongTermResidential => "Long Term Residential Care",
        Component::HomeSupport => "Home Support",
        Component::DaySupport => "Day Support",
        Component::DirectPayment => "Direct Payment",
        Component::SupportedLiving => "Community Supported Living",
        Component::CarerRespite => "Carer Respite",
        Component::ExtraCare => "Extra care housing",
        other => other.label(),
    };
    label(value.label(), old)
}

/// Delivery mechanism: none, direct payment, managed budget, commissioned.
pub const MECHANISM: [Label; 4] = [
    NONE,
    label("Direct payment", "Direct Payment"),
    label("CASSR managed personal budget", "CASSR Managed Personal Budget"),
    label("CASSR commissioned support", "CASSR Commissioned Support"),
];

/// Route of access. The Release 2 texts are not published; both use those of Release 1.
pub const ROUTE: [Label; 8] = [
    both("Planned Entry (Transition)"),
    both("Discharge from Hospital"),
    both("Diversion from Hospital Services"),
    both("Community / Other route"),
    both("Prison"),
    both("Self-Funder"),
    both("Discharge from Reablement"),
    both("Transfer from Other LA"),
];

/// Review reason; the last has no Release 1 text of its own.
pub const REVIEW_REASON: [Label; 8] = [
    both("Planned"),
    both("Unplanned - Hospital (Planned and unplanned episodes)"),
    both("Unplanned - Carer related"),
    both("Unplanned - Safeguarding concern"),
    both("Unplanned - Other Reason"),
    both("Unplanned - Provider Failure"),
    both("Unplanned - Change in Commissioning arrangements"),
    label("Review of short term support", "Unplanned - Other Reason"),
];

/// Primary support reason.
pub const REASON: [Label; 13] = [
    label("Physical support: Access and mobility only", "Physical Support: Access & mobility only"),
    label("Physical support: Personal care support", "Physical Support: Personal care support"),
    label(
        "Sensory support: Support for visual impairment",
        "Sensory Support: Support for visual impairment",
    ),
    label(
        "Sensory support: Support for hearing impairment",
        "Sensory Support: Support for hearing impairment",
    ),
    label(
        "Sensory support: Support for dual impairment",
        "Sensory Support: Support for dual impairment",
    ),
    label("Support with memory and cognition", "Support with Memory & Cognition"),
    label("Learning disability support", "Learning Disability Support"),
    label("Mental health support", "Mental Health Support"),
    label("Social support: Substance misuse support", "Social Support: Substance misuse support"),
    label("Social support: Asylum seeker support", "Social Support: Asylum seeker support"),
    label(
        "Social support: Support for social isolation or other reason",
        "Social Support: Support for Social Isolation/Other",
    ),
    label("Social support: Support to unpaid carer", "Social Support: Support to Carer"),
    both("Unknown"),
];

/// Place of learning disability in [`REASON`].
pub const LEARNING_DISABILITY: usize = 6;
/// Place of support to an unpaid carer in [`REASON`].
pub const SUPPORT_TO_CARER: usize = 11;

/// Accommodation status, the ones that people are given.
pub const ACCOMMODATION: [Label; 9] = [
    both("Owner occupier or shared ownership scheme"),
    label("Tenant: Local authority or other social housing provider", "Tenant"),
    label("Tenant: Private landlord", "Tenant - private landlord"),
    label(
        "Settled mainstream housing with family or friends",
        "Settled mainstream housing with family / friends",
    ),
    label(
        "Supported accommodation, supported lodgings or supported group home",
        "Supported accommodation / supported lodgings / supported group home",
    ),
    label(
        "Sheltered housing, extra care housing or other sheltered housing",
        "Sheltered housing / extra care housing / other sheltered housing",
    ),
    both("Registered care home"),
    both("Registered nursing home"),
    both("Unknown"),
];

/// Employment status.
pub const EMPLOYMENT: [Label; 4] = [
    both("Paid: Less than 16 hours a week"),
    label(
        "Not in paid employment: Not actively seeking work or retired",
        "Not in Paid Employment (not actively seeking work / retired)",
    ),
    label("Not in paid employment: Seeking work", "Not in Paid Employment (seeking work)"),
    both("Unknown"),
];

/// Client funding status.
pub const FUNDING: [Label; 4] = [
    both("Fully social care funded"),
    both("Joint client and social care funded"),
    both("Fully client funded"),
    both("Unknown"),
];

macro_rules! ethnic {
    ($group:literal, $rest:literal) => {
        label(concat!($group, ": ", $rest), concat!($group, " - ", $rest))
    };
}

/// Ethnicity, in list order.
pub const ETHNICITY: [Label; 21] = [
    ethnic!("White", "English, Welsh, Scottish, Northern Irish or British"),
    ethnic!("White", "Irish"),
    ethnic!("White", "Gypsy or Irish Traveller"),
    ethnic!("White", "Roma"),
    ethnic!("White", "Any other White background"),
    ethnic!("Mixed or multiple ethnic groups", "White and Black Caribbean"),
    ethnic!("Mixed or multiple ethnic groups", "White and Black African"),
    ethnic!("Mixed or multiple ethnic groups", "White and Asian"),
    ethnic!("Mixed or multiple ethnic groups", "Any other Mixed or multiple ethnic background"),
    ethnic!("Asian or Asian British", "Indian"),
    ethnic!("Asian or Asian British", "Pakistani"),
    ethnic!("Asian or Asian British", "Bangladeshi"),
    ethnic!("Asian or Asian British", "Chinese"),
    ethnic!("Asian or Asian British", "Any other Asian background"),
    ethnic!("Black, Black British, Caribbean or African", "African"),
    ethnic!("Black, Black British, Caribbean or African", "Caribbean"),
    ethnic!(
        "Black, Black British, Caribbean or African",
        "Any other Black, Black British or Caribbean background"
    ),
    ethnic!("Other ethnic group", "Arab"),
    ethnic!("Other ethnic group", "Any other ethnic group"),
    ethnic!("No data", "Refused"),
    label("No data: Undeclared or not known", "No data - Undeclared or Not known"),
];

/// Hospital ethnic categories of the ethnicities above.
pub const ETHNIC_CATEGORY: [&str; 21] = [
    "A", "B", "C", "C", "C", "D", "E", "F", "G", "H", "J", "K", "R", "L", "N", "M", "P", "S", "S",
    "Z", "99",
];
