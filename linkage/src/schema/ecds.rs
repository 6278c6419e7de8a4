//! Emergency care: ECDS and the legacy A&E layout (`sus-fields.md` section 8).

super::columns! {
    /// The columns of emergency care.
    Ecds {
        PersonId = "person_id" Id Required
            "Der_DHSC_Pseudo_NHS_Number > Der_Pseudo_NHS_Number | Pseudo_NHS_Number | pseudo_nhs_number_pet | CMv2_Pseudo_Number | Z_PSEUDO_NHS_NUMBER > TOKEN_PERSON_ID | PERSON_ID_DEID > ENCRYPTED_HESID | PSEUDO_HESID | HESID",
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
        PatientGroup = "patient_group" Coded Optional "Der_AEA_Patient_Group > AEPATGROUP",
        Duplicate = "der_dupe_flag" Coded Optional "",
        Deleted = "deleted" Coded Optional "",
        Finished = "finished_indicator" Coded Optional "",
    }
}
