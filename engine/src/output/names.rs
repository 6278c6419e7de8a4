//! Plain words for codes.

use throughcare_linkage::timeline::state::State;

/// The plain name of a state of any scheme; a code without one (an activity of an event log) stands
/// for itself.
#[must_use]
pub fn plain_name(code: &str) -> &str {
    match code {
        "HOSP" => "In hospital",
        "CARE_HOME" => "Care home",
        "ST" => "Short-term support",
        "NONE" => "No known council support",
        "OTHER" => "Other (few people each)",
        "START" => "Start",
        "END" => "End",
        "COMM/HOME_SUPPORT" => "Long-term care at home: home support",
        "COMM/DIRECT_PAYMENT" => "Long-term care at home: direct payment",
        "COMM/SUPPORTED_LIVING" => "Long-term care at home: supported living",
        "COMM/SHARED_LIVES" => "Long-term care at home: Shared Lives",
        "COMM/EXTRA_CARE" => "Long-term care at home: extra care housing",
        "COMM/OTHER" => "Long-term care at home: other",
        _ => State::from_code(code).map_or(code, |state| state.name()),
    }
}

/// The plain name of a measure; an unknown one stands for itself.
#[must_use]
pub fn measure_name(measure: &str) -> &str {
    match measure {
        "activity" => "Requests, assessments, services and reviews",
        "lts_snapshot" => "People with long-term support",
        "reviews" => "Reviews of long-term support",
        "costs" => "Weekly cost of care",
        "ascof_2a" => "Short-term support that led to no further need (ASCOF 2A)",
        "ascof_2b" => "New care-home admissions, aged 18 to 64 (ASCOF 2B)",
        "ascof_2c" => "New care-home admissions, aged 65 and over (ASCOF 2C)",
        "ascof_2d" => "Still at home after reablement (ASCOF 2D)",
        "ascof_2e" => "Living at home or with family (ASCOF 2E)",
        "ascof_3d" => "Self-directed support and direct payments (ASCOF 3D)",
        "waiting_times" => "Waiting times for care",
        "carers" => "Support for unpaid carers",
        "intensity" => "Intensity of care",
        "care_market" => "Care market",
        "salt_sts001" => "Requests of new clients and what followed (SALT STS001)",
        "salt_sts002a" => "Reablement of new clients and what followed (SALT STS002a)",
        "salt_sts002b" => "Reablement of existing clients (SALT STS002b)",
        "salt_lts001a" => "Long-term support in the year (SALT LTS001a)",
        "salt_lts001b" => "Long-term support at the end of the year (SALT LTS001b)",
        "salt_lts001c" => "Long-term support for over 12 months (SALT LTS001c)",
        "salt_lts003" => "Carers by support provided (SALT LTS003)",
        "salt_lts004" => "Learning disability: work and home (SALT LTS004)",
        "los" => "Length of hospital stay",
        "usual_residence" => "Discharge to the usual place of residence",
        "discharge_delay" => "Delay of discharge",
        "first_contact" => "Days from discharge to first care contact",
        "discharge_pathway" => "Discharge pathway",
        "new_care" => "New care after discharge",
        "stay_rules" => "Rules for joining hospital spells",
        "readmission" => "Emergency readmission",
        "admission_rate" => "Hospital admission rates",
        "ae_rate" => "A&E attendance rates",
        "bed_days" => "Hospital bed days",
        "linkage" => "Linkage of records",
        "time_to" => "Time to an event",
        other => other,
    }
}
