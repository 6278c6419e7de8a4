//! Outpatient appointments: HES OP and SUS OPA (`sus-fields.md` section 9).

super::columns! {
    /// The columns of outpatient appointments.
    Outpatients {
        PersonId = "person_id" Id Required
            "Der_DHSC_Pseudo_NHS_Number > Der_Pseudo_NHS_Number | Pseudo_NHS_Number | pseudo_nhs_number_pet | CMv2_Pseudo_Number | Z_PSEUDO_NHS_NUMBER | Der_NHS_LA_Combined_Person_ID > TOKEN_PERSON_ID | PERSON_ID_DEID > ENCRYPTED_HESID | PSEUDO_HESID | HESID",
        Key = "op_key" Key Optional "OPA_Ident > ATTENDKEY",
        Date = "appt_date" Coded Required "Appointment_Date | APPTDATE",
        Provider = "provider_code" Coded Optional
            "Der_Provider_Code > Provider_Code | Organisation_Code_(Code_of_Provider) > PROCODE3 > PROCODE > PROCODE5 > PROCODET",
        Status = "attend_status" Coded Optional "Attendance_Status > Attended_Or_DNA | ATTENDED",
        First = "first_att" Coded Optional "First_Attendance | FIRSTATT",
        Outcome = "outcome" Coded Optional "Outcome_of_Attendance",
        Medium = "medium" Coded Optional "Consultation_Medium_Used",
        TreatmentFunction = "tfc" Coded Optional "Treatment_Function_Code > TRETSPEF",
        MainSpecialty = "main_spec" Coded Optional "Main_Specialty_Code | MAINSPEF",
        Priority = "priority" Coded Optional "Priority_Type",
        ReferralSource = "referral_source" Coded Optional "Source_of_Referral | REFSOURC",
        Submitted = "submitted_on" Coded Optional
            "SUBDATE > Applicable_Date > CDS_Extract_Date > Extract_Date > Report_Period_End_Date",
    }
}
