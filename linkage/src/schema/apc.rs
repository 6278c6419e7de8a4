//! Admitted patient care: SUS APCE and APCS, HES APC, CDS-like extracts (`sus-fields.md` 2 to 7).

use super::headings::{Headings, Mapping, normalise};
use std::collections::BTreeSet;

super::columns! {
    /// The columns of admitted patient care.
    Apc {
        PersonId = "person_id" Id Required
            "Der_DHSC_Pseudo_NHS_Number > Der_Pseudo_NHS_Number | Pseudo_NHS_Number | pseudo_nhs_number_pet | CMv2_Pseudo_Number | Z_PSEUDO_NHS_NUMBER | Der_NHS_LA_Combined_Person_ID > TOKEN_PERSON_ID | PERSON_ID_DEID > ENCRYPTED_HESID | PSEUDO_HESID | HESID",
        NhsNumberStatus = "nhs_number_status" Coded Optional "",
        SpellKey = "spell_key" Key Optional "APCS_Ident > SUSSPELLID",
        EpisodeKey = "episode_key" Key Optional "APCE_Ident > Generated_Record_ID > EPIKEY > SUSRECID",
        EpisodeNo = "episode_no" Coded Optional "Episode_Number | EPIORDER",
        LastEpisode = "last_episode" Coded Optional
            "APCS_Last_Ep_Ind > Last_Episode_In_Spell_Indicator > SPELEND | LASTEPISODE",
        EpisodeStatus = "episode_status" Coded Optional "EPISTAT",
        CdsType = "cds_type" Coded Optional "",
        EpisodeType = "episode_type" Coded Optional "EPITYPE",
        Provider = "provider_code" Coded Optional
            "Der_Provider_Code > Provider_Code | Organisation_Code_(Code_of_Provider) > PROCODE3 > PROCODE > PROCODE5 > PROCODET",
        Site = "site_code" Coded Optional "Der_Provider_Site_Code > Provider_Site_Code | SITETRET",
        Submitted = "submitted_on" Coded Optional
            "SUBDATE > Applicable_Date > CDS_Extract_Date > Extract_Date > Report_Period_End_Date",
        Age = "age_admission" Coded Optional
            "Age_At_Start_of_Spell_SUS > Age_on_Admission | ADMIAGE > STARTAGE > ACTIVAGE",
        BirthYear = "birth_year" Coded Optional "Year_of_Birth_SUS | Year_of_Birth | Der_Birth_Year",
        BirthMonth = "birth_month" Coded Optional
            "Month_of_Birth_SUS | Month_of_Birth | Der_Birth_Month",
        BirthMonthYear = "mydob" Coded Optional "",
        Sex = "sex" Coded Optional "Sex > Gender > Stated_Gender",
        Ethnic = "ethnic" Coded Optional "Ethnic_Group > Ethnic_Category_Code | ETHNOS",
        Lsoa = "lsoa11" Coded Optional
            "Der_Postcode_LSOA_2011_Code > LSOA11_Code | LSOA_2011 | Der_Postcode_yr2011_LSOA > Der_Postcode_LSOA_Code",
        Residence = "la_residence" Coded Optional
            "Der_Postcode_Local_Auth > Der_Postcode_Dist_Unitary_Auth > RESLADST_ONS > RESLADST | RESLA | LA_Code",
        Imd = "imd_decile" Coded Optional
            "IMD_Decile_From_LSOA > IMD_Decile_2019 > IMD19_DECILE > IMD04_DECILE",
        Admission = "admission_date" Coded Required "Start_Date_(Hospital_Provider_Spell) | ADMIDATE",
        AdmissionTime = "admission_time" Coded Optional "ADMITIME",
        Discharge = "discharge_date" Coded Required "End_Date_(Hospital_Provider_Spell) | DISDATE",
        DischargeTime = "discharge_time" Coded Optional "",
        EpisodeStart = "episode_start" Coded Optional "Episode_Start_Date | EPISTART",
        EpisodeEnd = "episode_end" Coded Optional "Episode_End_Date | EPIEND",
        DischargeReady = "drd" Coded Optional
            "Hospital_Provider_Spell_Discharge_Ready_Date > Discharge_Ready_Date | DISREADYDATE",
        AdmissionMethod = "admission_method" Coded Optional "ADMIMETH",
        Source = "source_of_admission" Coded Optional "Admission_Source | ADMISORC",
        Destination = "discharge_destination" Coded Optional "DISDEST",
        DischargeMethod = "discharge_method" Coded Optional "DISMETH",
        Class = "patient_classification" Coded Optional "CLASSPAT",
        Management = "management_type" Coded Optional "Der_Management_Type",
        AdminCategory = "admin_category" Coded Optional
            "Administrative_Category > ADMINCATST > ADMINCAT",
        TreatmentFunction = "treatment_function" Coded Optional
            "Treatment_Function_Code > TRETSPEF > Der_Dischg_Treatment_Function_Code",
        AdmitFunction = "admission_treatment_function" Coded Optional
            "Der_Admit_Treatment_Function_Code",
        MainSpecialty = "main_specialty" Coded Optional "Main_Specialty_Code | MAINSPEF",
        Operation = "procedure_1" Coded Optional
            "OPERTN_4_01 > OPERTN_01 > OPERTN_3_01 > Primary_Procedure_Code | Primary_Procedure | Der_Primary_Procedure_Code",
        AllDiagnoses = "all_diagnoses" Coded Optional "Der_Diagnosis_All",
        AllOperations = "all_procedures" Coded Optional "Der_Procedure_All",
        SpellDiagnosis = "spell_primary_diag" Coded Optional
            "Spell_Primary_Diagnosis > Der_Spell_Primary_Diagnosis",
    }
}

/// How the rows of a file make spells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// SUS, one row an episode.
    Apce,
    /// SUS, one row a spell.
    Apcs,
    /// HES, one row an episode.
    Hes,
    /// Episodes with their own dates and no identifier of the spell.
    Cds,
}

impl Layout {
    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Apce => "SUS APCE",
            Self::Apcs => "SUS APCS",
            Self::Hes => "HES APC",
            Self::Cds => "CDS APC",
        }
    }

    /// The layout of a file with these headings (`sus-fields.md` section 1).
    #[must_use]
    pub fn of(headings: &Headings, mapping: &Mapping) -> Self {
        let has = |column: Apc| mapping.has(column as usize);
        let is_hes = ["epikey", "epistart", "admidate"].iter().any(|name| headings.has(name));
        let has_ident = has(Apc::SpellKey) && !headings.has("susspellid");
        if is_hes && !has_ident {
            Self::Hes
        } else if !has(Apc::SpellKey) && has(Apc::EpisodeStart) {
            Self::Cds
        } else if [Apc::EpisodeNo, Apc::EpisodeKey, Apc::EpisodeStart, Apc::LastEpisode]
            .iter()
            .any(|&column| has(column))
        {
            Self::Apce
        } else {
            Self::Apcs
        }
    }
}

/// The columns that hold one diagnosis each, in order of position: the four-character family where
/// there is one, else whichever family the file has. The column of the spell's primary diagnosis takes
/// the first position where no other does.
#[must_use]
pub fn diagnoses(headings: &Headings, spell_diagnosis: Option<usize>) -> Vec<usize> {
    let mut found = one_family(
        headings,
        &[
            |name| position(name, "diag4"),
            |name| (name.len() == 6).then(|| position(name, "diag")).flatten(),
            |name| of_episode(name, "diagnosis"),
            |name| position(name, "diag3"),
        ],
    );
    if let Some(column) = spell_diagnosis
        && found.first().is_none_or(|&(position, _)| position > 1)
    {
        found.insert((1, column));
    }
    found.into_iter().map(|(_, column)| column).collect()
}

/// The columns that hold one operation each, in order of position, likewise.
#[must_use]
pub fn operations(headings: &Headings) -> Vec<usize> {
    one_family(
        headings,
        &[
            |name| (name.len() == 9).then(|| position(name, "opertn4")).flatten(),
            |name| (name.len() == 8).then(|| position(name, "opertn")).flatten(),
            |name| of_episode(name, "procedure"),
            |name| (name.len() == 9).then(|| position(name, "opertn3")).flatten(),
        ],
    )
    .into_iter()
    .map(|(_, column)| column)
    .collect()
}

/// Position in its family and column of each column of the first family that a file has.
fn one_family(headings: &Headings, families: &[fn(&str) -> Option<u32>]) -> BTreeSet<(u32, usize)> {
    let of_family = |family: &fn(&str) -> Option<u32>| {
        let names = headings.normalised().iter().enumerate();
        names.filter_map(|(column, name)| family(name).map(|at| (at, column))).collect()
    };
    let mut found = families.iter().map(of_family);
    found.find(|columns: &BTreeSet<_>| !columns.is_empty()).unwrap_or_default()
}

/// The position of a column of SUS: `Primary_Diagnosis_Code` is the first, `Secondary_Diagnosis_1` the
/// second.
fn of_episode(name: &str, what: &str) -> Option<u32> {
    let rest = name.strip_prefix("der").unwrap_or(name);
    let rest = rest.strip_suffix("code").unwrap_or(rest);
    if rest.strip_prefix("primary") == Some(what) {
        return Some(1);
    }
    let number = rest.strip_prefix("secondary")?.strip_prefix(what)?;
    position(number.strip_prefix("code").unwrap_or(number), "").map(|n| n + 1)
}

/// The number at the end of a normalised heading that begins with `stem`.
fn position(name: &str, stem: &str) -> Option<u32> {
    let digits = name.strip_prefix(stem)?;
    (1..=2).contains(&digits.len()).then(|| digits.parse().ok()).flatten()
}

/// Whether a heading is one of those that hold one diagnosis.
#[must_use]
pub fn is_diagnosis(heading: &str) -> bool {
    !diagnoses(&Headings::new(vec![normalise(heading)]), None).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagnoses_are_taken_from_one_family_in_order() {
        let names = ["DIAG_3_01", "DIAG_4_02", "DIAG_4_01", "DIAG_COUNT", "DIAG_4_CONCAT"];
        let headings = Headings::new(names.iter().map(|n| (*n).to_owned()).collect());
        assert_eq!(diagnoses(&headings, None), [2, 1]);
        let names = ["Secondary_Diagnosis_2", "Primary_Diagnosis_Code", "Secondary_Diagnosis_1"];
        let headings = Headings::new(names.iter().map(|n| (*n).to_owned()).collect());
        assert_eq!(diagnoses(&headings, Some(9)), [1, 2, 0]);
        let names = ["Secondary_Diagnosis_1", "Spell_Primary_Diagnosis"];
        let headings = Headings::new(names.iter().map(|n| (*n).to_owned()).collect());
        assert_eq!(diagnoses(&headings, Some(1)), [1, 0]);
        assert!(is_diagnosis("DIAG_01") && !is_diagnosis("DIAG_COUNT"));
        // the diagnosis of the spell is another column
        assert!(!is_diagnosis("Spell_Primary_Diagnosis"));
    }

    #[test]
    fn operations_are_taken_from_one_family_in_order() {
        let found = |names: &[&str]| {
            operations(&Headings::new(names.iter().map(|n| (*n).to_owned()).collect()))
        };
        assert_eq!(found(&["OPERTN_3_01", "OPERTN_4_02", "OPERTN_4_01", "OPERTN_COUNT"]), [2, 1]);
        assert_eq!(found(&["OPERTN_02", "OPERTN_01", "OPERSTAT", "OPDATE_01"]), [1, 0]);
        let names = ["Secondary_Procedure_Code_1", "Primary_Procedure_Code", "Der_Procedure_All"];
        assert_eq!(found(&names), [1, 0]);
        assert_eq!(found(&["Der_Secondary_Procedure_2", "Der_Primary_Procedure_Code"]), [1, 0]);
    }
}
