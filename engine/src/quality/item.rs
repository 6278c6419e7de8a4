//! The 46 fields of the department's data quality table (`cld-data-quality.md` section 2).

use throughcare_linkage::codes::cld::Field;

/// Makes the enum of fields from one line each: name, module, coded list, columns of the reader.
macro_rules! items {
    ($($variant:ident = $name:literal, $module:literal, $coded:expr, [$($column:literal),*];)*) => {
        /// A field of a submission, in the order of the department's table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "each variant is its published name")]
        pub enum Item { $($variant,)* }

        impl Item {
            /// Every field.
            pub const ALL: [Self; 46] = [$(Self::$variant,)*];

            /// The published name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The module of the published table.
            #[must_use]
            pub const fn module(self) -> &'static str {
                match self { $(Self::$variant => $module,)* }
            }

            /// The list of a coded field.
            #[must_use]
            pub const fn coded(self) -> Option<Field> {
                match self { $(Self::$variant => $coded,)* }
            }

            /// Canonical names of the columns of which any one gives the field.
            #[must_use]
            pub const fn columns(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($column),*],)* }
            }
        }
    };
}

items! {
    LaCode = "LA_Code", "Submission information", None, ["la_code"];
    PeriodStart = "Reporting_Period_Start_Date", "Submission information", None, ["reporting_period_start_date"];
    PeriodEnd = "Reporting_Period_End_Date", "Submission information", None, ["reporting_period_end_date"];
    NhsNumber = "NHS_Number", "Person details", None, ["supplied_id", "traced_id", "person_id"];
    LocalId = "LA_Person_Unique_Identifier", "Person details", None, ["local_id"];
    GpPractice = "GP_Practice_Code", "Person details", None, ["gp_practice_code"];
    Gender = "Gender", "Person details", Some(Field::Gender), ["gender"];
    Ethnicity = "Ethnicity", "Person details", Some(Field::Ethnicity), ["ethnicity"];
    Birth = "Date_of_Birth", "Person details", None, ["date_of_birth", "birth_year"];
    Death = "Date_of_Death", "Person details", None, ["date_of_death"];
    ClientType = "Client_Type", "Person details", Some(Field::ClientType), ["client_type"];
    SupportReason = "Primary_Support_Reason", "Person details", Some(Field::PrimarySupportReason), ["primary_support_reason"];
    Postcode = "Postcode", "Person details", None, [];
    Accommodation = "Accommodation_Status", "Person details", Some(Field::AccommodationStatus), ["accommodation_status"];
    Employment = "Employment_Status", "Person details", Some(Field::EmploymentStatus), ["employment_status"];
    HasCarer = "Has_Unpaid_Carer", "Person details", Some(Field::HasUnpaidCarer), ["has_unpaid_carer"];
    Autism = "Autism_Spectrum_Disorder_ASD", "Person details", Some(Field::AutismSpectrumDisorder), ["autism_spectrum_disorder_asd"];
    VisualImpairment = "Visual_Impairment", "Person details", Some(Field::VisualImpairment), ["visual_impairment"];
    HearingImpairment = "Hearing_Impairment", "Person details", Some(Field::HearingImpairment), ["hearing_impairment"];
    Dementia = "Dementia", "Person details", Some(Field::Dementia), ["dementia"];
    Funding = "Client_Funding_Status", "Person details", Some(Field::ClientFundingStatus), ["client_funding_status"];
    EventType = "Event_Type", "Events (all)", Some(Field::EventType), ["event_type"];
    EventReference = "Event_Reference", "Events (all)", None, ["event_reference"];
    Start = "Event_Start_Date", "Events (all)", None, ["event_start_date"];
    End = "Event_End_Date", "Events (all)", None, ["event_end_date"];
    EventDescription = "Event_Description", "Events (all)", None, ["event_description"];
    Outcome = "Event_Outcome", "Events (all)", Some(Field::EventOutcome), ["event_outcome"];
    Route = "Request_Route_of_Access", "Events (requests only)", Some(Field::RequestRouteOfAccess), ["request_route_of_access"];
    AssessmentType = "Assessment_Type", "Events (assessments only)", Some(Field::AssessmentType), ["assessment_type"];
    EligibleNeeds = "Eligible_Needs_Identified", "Events (assessments only)", Some(Field::EligibleNeedsIdentified), ["eligible_needs_identified"];
    AssessmentMethod = "Method_of_Assessment", "Events (assessments only)", Some(Field::MethodOfAssessment), ["method_of_assessment"];
    HoursCaring = "Total_Hrs_Caring_per_week", "Carers and linked service users", Some(Field::TotalHoursCaring), ["total_hrs_caring_per_week"];
    Adults = "No_of_adults_being_cared_for", "Carers and linked service users", None, ["no_of_adults_being_cared_for"];
    Linked1 = "Adult_1_Linked_Person_ID", "Carers and linked service users", None, ["adult_1_linked_person_id"];
    Linked2 = "Adult_2_Linked_Person_ID", "Carers and linked service users", None, ["adult_2_linked_person_id"];
    Linked3 = "Adult_3_Linked_Person_ID", "Carers and linked service users", None, ["adult_3_linked_person_id"];
    ServiceType = "Service_Type", "Events (services only)", Some(Field::ServiceType), ["service_type"];
    Component = "Service_Component", "Events (services only)", Some(Field::ServiceComponent), ["service_component"];
    Mechanism = "Delivery_Mechanism", "Events (services only)", Some(Field::DeliveryMechanism), ["delivery_mechanism"];
    CqcLocation = "Provider_CQC_Location_ID", "Events (services only)", None, ["provider_cqc_location_id"];
    ReviewReason = "Review_Reason", "Events (reviews only)", Some(Field::ReviewReason), ["review_reason"];
    ReviewOutcomes = "Review_Outcomes_Achieved", "Events (reviews only)", Some(Field::ReviewOutcomesAchieved), ["review_outcomes_achieved"];
    ReviewMethod = "Method_of_Review", "Events (reviews only)", Some(Field::MethodOfReview), ["method_of_review"];
    UnitCost = "Unit_Cost", "Costs (services only)", None, ["unit_cost"];
    CostFrequency = "Cost_Frequency_Unit_Type", "Costs (services only)", Some(Field::CostFrequency), ["cost_frequency_unit_type"];
    PlannedUnits = "Planned_units_per_week", "Costs (services only)", None, ["planned_units_per_week"];
}

impl Item {
    /// Whether the published table shows `N/A - PID` for its value.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(
            self,
            Self::NhsNumber
                | Self::LocalId
                | Self::Birth
                | Self::Postcode
                | Self::Linked1
                | Self::Linked2
                | Self::Linked3
        )
    }

    /// The field of a coded list.
    #[must_use]
    pub fn of_coded(field: Field) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.coded() == Some(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn dq2_forty_six_fields_in_nine_modules_and_seven_are_personal() {
        let mut modules: BTreeMap<&str, usize> = BTreeMap::new();
        for item in Item::ALL {
            *modules.entry(item.module()).or_default() += 1;
        }
        let wanted = [
            ("Carers and linked service users", 5),
            ("Costs (services only)", 3),
            ("Events (all)", 6),
            ("Events (assessments only)", 3),
            ("Events (requests only)", 1),
            ("Events (reviews only)", 3),
            ("Events (services only)", 4),
            ("Person details", 18),
            ("Submission information", 3),
        ];
        assert_eq!(modules, BTreeMap::from(wanted));
        assert_eq!(Item::ALL.iter().filter(|item| item.is_personal()).count(), 7);
    }

    #[test]
    fn every_coded_list_is_the_list_of_one_field_and_every_column_is_read() {
        for field in Field::ALL {
            assert!(Item::of_coded(field).is_some(), "{field:?}");
        }
        let known = throughcare_linkage::schema::cld::Cld::SPECS;
        for column in Item::ALL.iter().flat_map(|item| item.columns()) {
            assert!(known.iter().any(|spec| spec.name == *column), "{column}");
        }
    }
}
