//! Registered deaths (`sus-fields.md` section 9).

super::columns! {
    /// The columns of the death record.
    Deaths {
        PersonId = "person_id" Id Required
            "Der_DHSC_Pseudo_NHS_Number > Der_Pseudo_NHS_Number | Pseudo_NHS_Number | pseudo_nhs_number_pet | CMv2_Pseudo_Number | Z_PSEUDO_NHS_NUMBER | Der_NHS_LA_Combined_Person_ID > TOKEN_PERSON_ID | PERSON_ID_DEID > ENCRYPTED_HESID | PSEUDO_HESID | HESID",
        Death = "dod" Coded Optional
            "Der_Date_of_Death > REG_DATE_OF_DEATH > Date_of_Death | Date_of_Death_ONS",
        Registration = "dor" Coded Optional "Date_of_Registration | Registration_Date | Death_Reg_Date",
        MatchRank = "match_rank" Coded Optional "",
    }
}
