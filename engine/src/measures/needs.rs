//! What each measure needs of the inputs, one line a measure: records without which it cannot be
//! computed, look-ups without which it has counts and no values, and the fields that its figures
//! stand on (`cld-data-quality.md` section 8).

use std::collections::BTreeSet;
use throughcare_linkage::read::{FileKind, FileRead};

/// A kind of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Records {
    Care,
    /// Care records that were not prepared elsewhere.
    Submissions,
    Stays,
    /// Emergency care.
    Attendances,
    Any,
}

/// What one measure needs.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// The measure.
    pub measure: &'static str,
    /// Records and the columns they must have, `a|b` being any of two.
    records: &'static [(Records, &'static [&'static str])],
    /// Look-ups without which there are counts and no values.
    lookups: &'static [&'static str],
    /// Published names of the key and required fields.
    pub key_fields: &'static [&'static str],
}

const fn needs(
    measure: &'static str,
    records: &'static [(Records, &'static [&'static str])],
    lookups: &'static [&'static str],
    key_fields: &'static [&'static str],
) -> Needs {
    Needs { measure, records, lookups, key_fields }
}

use Records::{Any, Attendances, Care, Stays, Submissions};

const BIRTH: &str = "birth_year|date_of_birth";
const CARE: &[(Records, &[&str])] = &[(Care, &[])];
const STAYS: &[(Records, &[&str])] = &[(Stays, &[])];
const SERVICES: &[(Records, &[&str])] = &[(Care, &["client_type", "service_type"])];
const SALT: &[(Records, &[&str])] = &[(Submissions, &["client_type", "service_type"])];
const LATER: &[&str] = &["Event_Outcome", "Service_Type", "Event_End_Date"];
const LONG_TERM: &[&str] = &[
    "Date_of_Birth",
    "Service_Type",
    "Delivery_Mechanism",
    "Primary_Support_Reason",
    "Event_End_Date",
];
const COSTS: &[&str] =
    &["Service_Type", "Unit_Cost", "Cost_Frequency_Unit_Type", "Planned_units_per_week"];

/// The needs of the measures, in their order.
#[rustfmt::skip]
pub const NEEDS: &[Needs] = &[
    needs("activity", CARE, &[], &[]),
    needs("lts_snapshot", SERVICES, &[], &["Date_of_Birth", "Service_Type", "Event_End_Date"]),
    needs("reviews", CARE, &[], &[]),
    needs("costs", &[(Care, &["client_type", "service_type", "unit_cost", "cost_frequency_unit_type"])], &[], COSTS),
    needs("ascof_2a", &[(Care, &["client_type", "service_type", "event_outcome"])], &[], LATER),
    needs("ascof_2b", &[(Care, &["client_type", "service_type", "service_component", BIRTH])], &["areas", "population"], &["Date_of_Birth", "Service_Type", "Service_Component"]),
    needs("ascof_2c", &[(Care, &["client_type", "service_type", "service_component", BIRTH])], &["areas", "population"], &["Date_of_Birth", "Service_Type", "Service_Component"]),
    needs("ascof_2d", &[(Care, &["service_type", "service_component"]), (Stays, &["admission_method", "discharge_destination"])], &[], &["NHS_Number", "Service_Type", "Service_Component", "Event_End_Date"]),
    needs("ascof_2e", SERVICES, &[], &["Service_Type", "Accommodation_Status", "Event_End_Date"]),
    needs("ascof_3d", &[(Care, &["client_type", "service_type", "delivery_mechanism"])], &[], &["Service_Type", "Delivery_Mechanism", "Event_End_Date"]),
    needs("waiting_times", CARE, &[], &["Date_of_Birth", "Event_Outcome", "Service_Type"]),
    needs("carers", CARE, &[], &[]),
    needs("intensity", &[(Care, &["client_type", "service_type", "cost_frequency_unit_type"])], &[], COSTS),
    needs("care_market", &[(Care, &["client_type", "service_type", "provider_cqc_location_id"])], &[], &[]),
    needs("salt_sts001", &[(Submissions, &["client_type", "event_outcome"])], &[], &["Date_of_Birth", "Event_Outcome", "Service_Type", "Event_End_Date"]),
    needs("salt_sts002a", SALT, &[], LATER),
    needs("salt_sts002b", SALT, &[], LATER),
    needs("salt_lts001a", SALT, &[], LONG_TERM),
    needs("salt_lts001b", SALT, &[], LONG_TERM),
    needs("salt_lts001c", SALT, &[], LONG_TERM),
    needs("salt_lts003", SALT, &[], &[]),
    needs("salt_lts004", SALT, &[], &[]),
    needs("los", STAYS, &[], &[]),
    needs("usual_residence", &[(Stays, &["discharge_destination"])], &[], &[]),
    needs("discharge_delay", &[(Stays, &["drd"])], &[], &[]),
    needs("first_contact", &[(Care, &[]), (Stays, &["discharge_destination"])], &[], &["NHS_Number", "Service_Type", "Service_Component", "Event_End_Date"]),
    needs("discharge_pathway", &[(Care, &["service_type", "service_component"]), (Stays, &["discharge_destination"])], &[], &["NHS_Number", "Service_Type", "Service_Component", "Event_End_Date"]),
    needs("new_care", &[(Care, &["service_type"]), (Stays, &["discharge_destination"])], &[], &["NHS_Number", "Service_Type", "Event_End_Date"]),
    needs("readmission", &[(Stays, &["admission_method"])], &[], &[]),
    needs("admission_rate", &[(Stays, &["admission_method"])], &[], &["NHS_Number", "Service_Type", "Event_End_Date"]),
    needs("ae_rate", &[(Attendances, &[])], &[], &["NHS_Number", "Service_Type", "Event_End_Date"]),
    needs("bed_days", STAYS, &[], &[]),
    needs("linkage", &[(Any, &[])], &[], &[]),
];

/// The breakdowns that look at diagnoses.
pub const BREAKDOWNS_BY_CODES: [&str; 3] = ["frailty_band", "charlson_band", "elixhauser_band"];

/// Columns of diagnoses, any of which will do, and of operations.
const DIAGNOSES: &str = "diagnoses|all_diagnoses";
const OPERATIONS: &str = "procedures|all_procedures|procedure_1";

/// The needs of a measure.
#[must_use]
pub fn of(measure: &str) -> Option<&'static Needs> {
    NEEDS.iter().find(|needs| needs.measure == measure)
}

/// What a study gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    care: Option<BTreeSet<&'static str>>,
    submissions: Option<BTreeSet<&'static str>>,
    stays: Option<BTreeSet<&'static str>>,
    attendances: Option<BTreeSet<&'static str>>,
    lookups: BTreeSet<&'static str>,
}

impl Given {
    /// The columns of the files that were read, and the look-ups by name.
    #[must_use]
    pub fn new(files: &[FileRead], lookups: impl IntoIterator<Item = &'static str>) -> Self {
        let columns = |kinds: &[FileKind]| {
            let mut of_kind = files.iter().filter(|file| kinds.contains(&file.kind)).peekable();
            of_kind.peek().is_some().then(|| {
                of_kind.flat_map(|file| file.columns.iter().copied()).collect::<BTreeSet<_>>()
            })
        };
        Self {
            care: columns(&[FileKind::CldSubmissions, FileKind::CldEvents]),
            submissions: columns(&[FileKind::CldSubmissions]),
            stays: columns(&[FileKind::Apc]),
            attendances: columns(&[FileKind::Ecds]),
            lookups: lookups.into_iter().collect(),
        }
    }

    /// Why a measure cannot be computed at all, in plain words; none when it can.
    #[must_use]
    pub fn prevents(&self, measure: &str) -> Option<String> {
        let needs = of(measure)?;
        let lacks: Vec<String> =
            needs.records.iter().filter_map(|&(of, columns)| self.lacks(of, columns)).collect();
        (!lacks.is_empty()).then(|| lacks.join("; "))
    }

    /// Why there is no breakdown by a key, in plain words; none when there is, or when the key needs
    /// nothing.
    #[must_use]
    pub fn prevents_breakdown(&self, key: &str) -> Option<String> {
        match key {
            "imd" => self.lacks(Stays, &["imd_decile"]),
            key if BREAKDOWNS_BY_CODES.contains(&key) => self.lacks(Stays, &[DIAGNOSES]),
            _ => None,
        }
    }

    /// Why attendances cannot be set against the population, in plain words; none also where there is
    /// no population to set them against.
    #[must_use]
    pub fn prevents_attendances_by_population(&self) -> Option<String> {
        if !self.lookups.contains("population") {
            return None;
        }
        self.lacks(Attendances, &["age_arrival", "lsoa11|la_residence"])
    }

    /// Why conditions of admissions cannot be told, in plain words: diagnoses, and for those that an
    /// operation rules out also operations.
    #[must_use]
    pub fn prevents_conditions(&self, by_operations: bool) -> Option<String> {
        let columns: &[&str] = if by_operations { &[DIAGNOSES, OPERATIONS] } else { &[DIAGNOSES] };
        self.lacks(Stays, columns)
    }

    /// Why a measure has counts and no values, in plain words.
    #[must_use]
    pub fn leaves_without_values(&self, measure: &str) -> Option<String> {
        let lacks: Vec<&str> = of(measure)?
            .lookups
            .iter()
            .copied()
            .filter(|name| !self.lookups.contains(name))
            .collect();
        (!lacks.is_empty()).then(|| format!("no look-up {}", lacks.join(", ")))
    }

    fn lacks(&self, of: Records, columns: &[&str]) -> Option<String> {
        let (given, what) = match of {
            Any => {
                let any = self.care.is_some() || self.stays.is_some() || self.attendances.is_some();
                return (!any).then(|| "no records of social care or hospitals".into());
            }
            Care => (&self.care, "social care records"),
            Submissions => (&self.submissions, "submissions of social care records"),
            Stays => (&self.stays, "admitted patient care"),
            Attendances => (&self.attendances, "emergency care"),
        };
        let Some(given) = given else { return Some(format!("no {what}")) };
        let lacking: Vec<String> = columns
            .iter()
            .filter(|column| !column.split('|').any(|column| given.contains(column)))
            .map(|column| column.replace('|', " or "))
            .collect();
        (!lacking.is_empty()).then(|| format!("{what} without {}", lacking.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::NAMES;
    use throughcare_linkage::schema::{apc::Apc, cld::Cld, ecds::Ecds};

    fn file(kind: FileKind, columns: &[&'static str]) -> FileRead {
        FileRead {
            path: "file.csv".into(),
            kind,
            bytes: 0,
            rows: 0,
            stored: 0,
            quarantined: 0,
            layout: "",
            warnings: Vec::new(),
            columns: columns.to_vec(),
            other_headings: Vec::new(),
            not_understood: Default::default(),
            untrusted: 0,
        }
    }

    #[test]
    fn every_measure_has_one_line_and_every_column_is_one_the_engine_reads() {
        let lines: Vec<&str> = NEEDS.iter().map(|needs| needs.measure).collect();
        assert_eq!(lines, NAMES);
        for needs in NEEDS {
            for (of, columns) in needs.records {
                let specs = match of {
                    Stays => Apc::SPECS,
                    Attendances => Ecds::SPECS,
                    _ => Cld::SPECS,
                };
                for column in columns.iter().flat_map(|column| column.split('|')) {
                    assert!(specs.iter().any(|spec| spec.name == column), "{column}");
                }
            }
        }
    }

    #[test]
    fn without_diagnoses_only_what_needs_them_is_missing() {
        let given = |columns: &[&'static str]| Given::new(&[file(FileKind::Apc, columns)], []);
        let none = given(&["admission_method"]);
        assert_eq!(
            none.prevents_breakdown("frailty_band").as_deref(),
            Some("admitted patient care without diagnoses or all_diagnoses")
        );
        assert_eq!((none.prevents_breakdown("setting"), none.prevents("los")), (None, None));
        for column in ["diagnoses", "all_diagnoses"] {
            let some = given(&[column]);
            assert_eq!(some.prevents_breakdown("charlson_band"), None);
            assert_eq!(some.prevents_conditions(false), None);
            assert!(some.prevents_conditions(true).is_some_and(|why| why.contains("procedures")));
        }
        assert_eq!(given(&["diagnoses", "procedures"]).prevents_conditions(true), None);
        assert_eq!(
            Given::default().prevents_breakdown("elixhauser_band").as_deref(),
            Some("no admitted patient care")
        );
    }

    #[test]
    fn a_measure_is_prevented_by_missing_records_and_by_missing_columns() {
        let nothing = Given::default();
        assert_eq!(nothing.prevents("los").as_deref(), Some("no admitted patient care"));
        assert_eq!(
            nothing.prevents("ascof_2d").as_deref(),
            Some("no social care records; no admitted patient care")
        );
        let some = Given::new(
            &[
                file(FileKind::CldEvents, &["client_type", "service_type"]),
                // another file of the kind has the other column
                file(FileKind::CldSubmissions, &["service_component", "date_of_birth"]),
                file(FileKind::Apc, &["admission_method"]),
            ],
            ["areas"],
        );
        assert_eq!(
            some.prevents("ascof_2a").as_deref(),
            Some("social care records without event_outcome")
        );
        assert_eq!(some.prevents("ascof_2b"), None);
        assert_eq!(
            some.prevents("salt_sts001").as_deref(),
            Some("submissions of social care records without client_type, event_outcome")
        );
        assert_eq!(
            some.leaves_without_values("ascof_2b").as_deref(),
            Some("no look-up population")
        );
        assert_eq!(
            some.prevents("usual_residence").as_deref(),
            Some("admitted patient care without discharge_destination")
        );
        assert_eq!((some.prevents("readmission"), some.prevents("linkage")), (None, None));
        let nobody = Given::new(&[file(FileKind::CldSubmissions, &["service_component"])], []);
        assert!(
            nobody
                .prevents("ascof_2c")
                .is_some_and(|why| why.contains("birth_year or date_of_birth"))
        );
        assert_eq!(nobody.prevents("a measure without a line"), None);
    }
}
