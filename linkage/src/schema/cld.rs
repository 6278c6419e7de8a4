//! Client Level Data: submissions and prepared tables (`cld-fields.md` section 2).

super::columns! {
    /// The columns of Client Level Data. Prepared tables hold cleaned fields as pairs `X_Raw` and
    /// `X_Cleaned`, of which the cleaned one is taken.
    Cld {
        LaCode = "la_code" Coded Required "",
        LaName = "la_name" Coded Optional "",
        ImportDate = "import_date" Coded Optional "ImportDate",
        RecordId = "record_id" Key Optional "Der_Unique_Record_ID",
        PeriodStart = "reporting_period_start_date" Coded Optional "",
        PeriodEnd = "reporting_period_end_date" Coded Optional "",
        Combined = "person_id" Id Optional "Der_NHS_LA_Combined_Person_ID",
        Traced = "traced_id" Id Optional "Der_NHS_Number_Traced_Pseudo",
        Supplied = "supplied_id" Id Optional "Der_NHS_Number_Pseudo > NHS_Number",
        Local = "local_id" Id Optional
            "LA_Person_Unique_Identifier > Der_LA_Person_Unique_Identifier_Pseudo",
        BirthYear = "birth_year" Coded Optional "Der_Birth_Year | Year_of_Birth",
        BirthMonth = "birth_month" Coded Optional "Der_Birth_Month | Month_of_Birth",
        BirthDate = "date_of_birth" Coded Optional "DOB",
        Death = "date_of_death" Coded Optional
            "Der_Date_of_Death > Date_of_Death > Date_of_Death_Raw",
        Gender = "gender" Coded Optional "Gender_Cleaned > Gender > Gender_Raw",
        ClientType = "client_type" Coded Optional
            "Client_Type_Cleaned > Client_Type > Client_Type_Raw",
        EventType = "event_type" Coded Required "Event_Type_Cleaned > Event_Type > Event_Type_Raw",
        Start = "event_start_date" Coded Required "",
        End = "event_end_date" Coded Required
            "Der_Event_End_Date > Event_End_Date > Event_End_Date_Raw",
        Outcome = "event_outcome" Coded Optional
            "Event_Outcome_Cleaned > Event_Outcome > Event_Outcome_Raw",
        Route = "request_route_of_access" Coded Optional
            "Request_Route_of_Access_Cleaned > Request_Route_of_Access > Request_Route_of_Access_Raw",
        AssessmentType = "assessment_type" Coded Optional
            "Assessment_Type_Cleaned > Assessment_Type > Assessment_Type_Raw",
        ServiceType = "service_type" Coded Optional
            "Service_Type_Cleaned > Service_Type > Service_Type_Raw",
        Component = "service_component" Coded Optional
            "Service_Component_Cleaned > Service_Component > Service_Component_Raw",
        Mechanism = "delivery_mechanism" Coded Optional
            "Delivery_Mechanism_Cleaned > Delivery_Mechanism > Delivery_Mechanism_Raw",
        ReviewReason = "review_reason" Coded Optional
            "Review_Reason_Cleaned > Review_Reason > Review_Reason_Raw",
        Conversation = "conversation" Coded Optional "Der_Conversation > Der_Conversation_1",
        AgeAtStart = "age_at_event_start" Coded Optional "Der_Age_Event_Start_Date",
        UnitCost = "unit_cost" Coded Optional "",
        PlannedUnits = "planned_units_per_week" Coded Optional "",
        CostFrequency = "cost_frequency_unit_type" Coded Optional
            "Cost_Frequency_Unit_Type_Cleaned > Cost_Frequency_Unit_Type > Cost_Frequency_Unit_Type_Raw | Cost_Frequency",
        Ethnicity = "ethnicity" Coded Optional "Ethnicity_Cleaned > Ethnicity > Ethnicity_Raw",
        SupportReason = "primary_support_reason" Coded Optional
            "Primary_Support_Reason_Cleaned > Primary_Support_Reason > Primary_Support_Reason_Raw",
        Accommodation = "accommodation_status" Coded Optional
            "Accommodation_Status_Cleaned > Accommodation_Status > Accommodation_Status_Raw",
        Employment = "employment_status" Coded Optional
            "Employment_Status_Cleaned > Employment_Status > Employment_Status_Raw",
        Funding = "client_funding_status" Coded Optional
            "Client_Funding_Status_Cleaned > Client_Funding_Status > Client_Funding_Status_Raw",
        HasCarer = "has_unpaid_carer" Coded Optional "",
        ReviewOutcomes = "review_outcomes_achieved" Coded Optional
            "Review_Outcomes_Achieved_Cleaned > Review_Outcomes_Achieved > Review_Outcomes_Achieved_Raw",
        CqcLocation = "provider_cqc_location_id" Coded Optional "",
        Linked1 = "adult_1_linked_person_id" Id Optional "Der_Adult_1_Linked_Person_ID_Pseudo",
        Linked2 = "adult_2_linked_person_id" Id Optional "Der_Adult_2_Linked_Person_ID_Pseudo",
        Linked3 = "adult_3_linked_person_id" Id Optional "Der_Adult_3_Linked_Person_ID_Pseudo",
        GpPractice = "gp_practice_code" Coded Optional "",
        Autism = "autism_spectrum_disorder_asd" Coded Optional "Autism_Spectrum_Disorder",
        VisualImpairment = "visual_impairment" Coded Optional
            "Visual_Impairment_Cleaned > Visual_Impairment > Visual_Impairment_Raw",
        HearingImpairment = "hearing_impairment" Coded Optional
            "Hearing_Impairment_Cleaned > Hearing_Impairment > Hearing_Impairment_Raw",
        Dementia = "dementia" Coded Optional "",
        EventReference = "event_reference" Key Optional "",
        EventDescription = "event_description" Key Optional "",
        EligibleNeeds = "eligible_needs_identified" Coded Optional "",
        AssessmentMethod = "method_of_assessment" Coded Optional
            "Method_of_Assessment_Cleaned > Method_of_Assessment > Method_of_Assessment_Raw",
        HoursCaring = "total_hrs_caring_per_week" Coded Optional
            "Total_Hrs_Caring_per_week_Cleaned > Total_Hrs_Caring_per_week > Total_Hrs_Caring_per_week_Raw",
        AdultsCaredFor = "no_of_adults_being_cared_for" Coded Optional "",
        ReviewMethod = "method_of_review" Coded Optional
            "Method_of_Review_Cleaned > Method_of_Review > Method_of_Review_Raw",
        ReferenceStart = "ref_period_start_date" Coded Optional "",
        ReferenceEnd = "ref_period_end_date" Coded Optional "",
    }
}

impl Cld {
    /// The columns of [`crate::records::cld::CldDetail`]: a file with any of them has details.
    pub const DETAILS: [Self; 27] = [
        Self::Local,
        Self::UnitCost,
        Self::PlannedUnits,
        Self::CostFrequency,
        Self::Ethnicity,
        Self::SupportReason,
        Self::Accommodation,
        Self::Employment,
        Self::Funding,
        Self::HasCarer,
        Self::ReviewOutcomes,
        Self::CqcLocation,
        Self::Linked1,
        Self::Linked2,
        Self::Linked3,
        Self::GpPractice,
        Self::Autism,
        Self::VisualImpairment,
        Self::HearingImpairment,
        Self::Dementia,
        Self::EventReference,
        Self::EventDescription,
        Self::EligibleNeeds,
        Self::AssessmentMethod,
        Self::HoursCaring,
        Self::AdultsCaredFor,
        Self::ReviewMethod,
    ];
}
