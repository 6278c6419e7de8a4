//! Emergency care: ECDS and the legacy A&E layout (`sus-fields.md` section 8).

use super::headings::{Headings, Mapping};

super::columns! {
    /// The columns of emergency care.
    Ecds {
        PersonId = "person_id" Id Required
            "Der_DHSC_Pseudo_NHS_Number > Der_Pseudo_NHS_Number | Pseudo_NHS_Number | pseudo_nhs_number_pet | CMv2_Pseudo_Number | Z_PSEUDO_NHS_NUMBER > TOKEN_PERSON_ID | PERSON_ID_DEID > ENCRYPTED_HESID | PSEUDO_HESID | HESID",
        NhsNumberStatus = "nhs_number_status" Coded Optional "",
        Age = "age_arrival" Coded Optional
            "Age_At_Arrival | Age_on_Arrival > ARRIVALAGE > Age_At_CDS_Activity_Date > Der_Age_at_CDS_Activity_Date > ACTIVAGE",
        Sex = "sex" Coded Optional "Sex > Gender > Stated_Gender",
        Lsoa = "lsoa11" Coded Optional
            "Der_Postcode_LSOA_2011_Code > LSOA11_Code | LSOA_2011 | Der_Postcode_yr2011_LSOA > Der_Postcode_LSOA_Code",
        Residence = "la_residence" Coded Optional
            "Der_Postcode_Local_Auth > Der_Postcode_Dist_Unitary_Auth > RESLADST_ONS > RESLADST | RESLA | LA_Code",
        Key = "ec_key" Key Optional "EC_Ident > Unique_CDS_Identifier > AEA_Ident | AEKEY",
        Provider = "provider_code" Coded Optional
            "Der_Provider_Code > Provider_Code > PROCODE3 > PROCODE > PROCODE5 > PROCODET",
        Department = "dept_type" Coded Optional "EC_Department_Type > DEPARTMENT_TYPE",
        LegacyDepartment = "aedepttype" Coded Optional "",
        Category = "attend_cat" Coded Optional "EC_AttendanceCategory | Attendance_Category",
        LegacyCategory = "aeattendcat" Coded Optional "",
        Arrival = "arrival_dt" Coded Required "Der_EC_Arrival_Date_Time > Arrival_Date",
        ArrivalTime = "arrival_time" Coded Optional "",
        Departure = "departure_dt" Coded Optional
            "Der_EC_Departure_Date_Time > EC_Departure_Date | Departure_Date",
        DepartureTime = "departure_time" Coded Optional "EC_Departure_Time | DEPTIME",
        Status = "discharge_status" Coded Optional "EC_Discharge_Status_SNOMED_CT",
        Destination = "discharge_dest" Coded Optional
            "Discharge_Destination_SNOMED_CT | EC_Discharge_Destination_SNOMED_CT",
        LegacyDisposal = "aeattenddisp" Coded Optional "",
        ArrivalMode = "arrival_mode" Coded Optional "EC_Arrival_Mode_SNOMED_CT",
        LegacyArrivalMode = "aearrivalmode" Coded Optional "",
        PatientGroup = "patient_group" Coded Optional "Der_AEA_Patient_Group > AEPATGROUP",
        Diagnosis = "diag_01" Coded Optional "DIAG2_01 | DIAG3_01",
        Treatment = "treat_01" Coded Optional "TREAT2_01 | TREAT3_01",
        Duplicate = "der_dupe_flag" Coded Optional "",
        Deleted = "deleted" Coded Optional "",
        Excluded = "sus_excluded" Coded Optional "",
        Finished = "finished_indicator" Coded Optional "",
    }
}

/// Whether a file with these headings is one of the layouts before ECDS, whose duplicates are found
/// by other rules (`sus-fields.md` 8.5, `hospital-spells.md` C2 and C4).
#[must_use]
pub fn is_legacy(headings: &Headings, mapping: &Mapping) -> bool {
    let legacy = [
        Ecds::LegacyDepartment,
        Ecds::LegacyCategory,
        Ecds::LegacyDisposal,
        Ecds::LegacyArrivalMode,
    ];
    let modern = [Ecds::Status, Ecds::Destination, Ecds::ArrivalMode];
    let has = |columns: &[Ecds]| columns.iter().any(|&column| mapping.has(column as usize));
    let keys = ["aekey", "aeaident"].iter().any(|name| headings.has(name));
    (keys || has(&legacy)) && !has(&modern) && !headings.has("ecident")
}
