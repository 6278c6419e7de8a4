//! Submissions in a few words, and what the table `quality` says of them.

use crate::figure::{Content, QualityFigure};
use crate::quality::Quality;
use crate::quality::plan::Plan;
use crate::run::Prepared;
use crate::study_file::StudyFile;
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;
use throughcare_linkage::cld::settings::CldSettings;
use throughcare_linkage::link::facts::LinkSettings;
use throughcare_linkage::link::partition::{LinkCounts, Linker, Scratch};
use throughcare_linkage::progress::Silent;

/// Headings of the test submissions, in the order of the department's table.
pub const HEADINGS: [&str; 49] = [
    "LA_Code",
    "LA_Name",
    "ImportDate",
    "Reporting_Period_Start_Date",
    "Reporting_Period_End_Date",
    "Der_NHS_Number_Traced_Pseudo",
    "Der_NHS_Number_Pseudo",
    "LA_Person_Unique_Identifier",
    "GP_Practice_Code",
    "Gender",
    "Ethnicity",
    "Der_Birth_Year",
    "Der_Birth_Month",
    "Date_of_Death",
    "Client_Type",
    "Primary_Support_Reason",
    "Accommodation_Status",
    "Employment_Status",
    "Has_Unpaid_Carer",
    "Autism_Spectrum_Disorder_ASD",
    "Visual_Impairment",
    "Hearing_Impairment",
    "Dementia",
    "Client_Funding_Status",
    "Event_Type",
    "Event_Reference",
    "Event_Start_Date",
    "Event_End_Date",
    "Event_Description",
    "Event_Outcome",
    "Request_Route_of_Access",
    "Assessment_Type",
    "Eligible_Needs_Identified",
    "Method_of_Assessment",
    "Total_Hrs_Caring_per_week",
    "No_of_adults_being_cared_for",
    "Adult_1_Linked_Person_ID",
    "Adult_2_Linked_Person_ID",
    "Adult_3_Linked_Person_ID",
    "Service_Type",
    "Service_Component",
    "Delivery_Mechanism",
    "Provider_CQC_Location_ID",
    "Review_Reason",
    "Review_Outcomes_Achieved",
    "Method_of_Review",
    "Unit_Cost",
    "Cost_Frequency_Unit_Type",
    "Planned_units_per_week",
];

/// One row of a submission: heading to value.
pub type Row = BTreeMap<&'static str, String>;

/// An unremarkable request of person `n` in Northton, changed as told.
pub fn row(n: usize, changes: &[(&'static str, &str)]) -> Row {
    let plain = [
        ("LA_Code", "100"),
        ("LA_Name", "Northton"),
        ("ImportDate", "2026-04-20 10:00:00"),
        ("Reporting_Period_Start_Date", "2025-04-01"),
        ("Reporting_Period_End_Date", "2026-03-31"),
        ("Der_NHS_Number_Traced_Pseudo", &format!("N{n}")),
        ("Der_NHS_Number_Pseudo", &format!("N{n}")),
        ("LA_Person_Unique_Identifier", &format!("L{n}")),
        ("Gender", "Female"),
        ("Der_Birth_Year", "1950"),
        ("Der_Birth_Month", "6"),
        ("Client_Type", "Service user"),
        ("Event_Type", "Request"),
        ("Event_Start_Date", "2025-06-01"),
        ("Event_End_Date", "2025-06-05"),
        ("Event_Outcome", "NFA: Other"),
    ];
    let mut row: Row = plain.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    for (name, value) in changes {
        assert!(HEADINGS.contains(name), "{name}");
        row.insert(name, (*value).to_owned());
    }
    row
}

/// The same as a service of long-term community support that is open.
pub fn service(n: usize, changes: &[(&'static str, &str)]) -> Row {
    let mut row = row(
        n,
        &[
            ("Event_Type", "Service"),
            ("Event_End_Date", ""),
            ("Event_Outcome", "Continuation of support or services"),
            ("Service_Type", "Long term support: Community"),
            ("Service_Component", "Home support or domiciliary care"),
            ("Delivery_Mechanism", "Direct payment"),
        ],
    );
    for (name, value) in changes {
        assert!(HEADINGS.contains(name), "{name}");
        row.insert(name, (*value).to_owned());
    }
    row
}

/// A folder with a study on these rows: councils 100 and 200 in the North, 300 in the South.
pub fn study(rows: &[Row], more: &str) -> (TempDir, StudyFile) {
    study_with(&HEADINGS, rows, more)
}

/// The same for submissions that have these headings alone.
pub fn study_with(headings: &[&str], rows: &[Row], more: &str) -> (TempDir, StudyFile) {
    let folder = TempDir::new().expect("a folder");
    let mut writer = csv::Writer::from_path(folder.path().join("cld.csv")).expect("a file");
    writer.write_record(headings).expect("written");
    for row in rows {
        let cells = headings.iter().map(|name| row.get(name).map_or("", String::as_str));
        writer.write_record(cells).expect("written");
    }
    writer.flush().expect("written");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    write(
        "areas.csv",
        "la_code,la_name,region,la_area_code\n100,Northton,North,E1\n200,Westton,North,E2\n\
         300,Southton,South,E3\n",
    );
    write(
        "study.toml",
        &format!(
            "[study]\nperiod = {{ start = 2025-04-01, end = 2026-03-31 }}\nas_of = 2026-05-05\n\
             [inputs]\ncld_submissions = \"cld.csv\"\nareas = \"areas.csv\"\n\
             [cld]\nreporting_period = \"stated\"\n\
             single = {{ start = 2025-04-01, end = 2026-03-31 }}\n{more}"
        ),
    );
    let study = read(folder.path());
    (folder, study)
}

fn read(folder: &Path) -> StudyFile {
    StudyFile::read(&folder.join("study.toml")).expect("a study")
}

/// What the table `quality` says.
pub struct Told(pub Vec<QualityFigure>);

/// The table of these rows.
pub fn told(rows: &[Row]) -> Told {
    told_with(rows, "")
}

/// The same with more lines in the study file.
pub fn told_with(rows: &[Row], more: &str) -> Told {
    let (_folder, study) = study(rows, more);
    let prepared = Prepared::read(study, &Silent).expect("read");
    Told(prepared.check(&Silent).results.quality)
}

/// The same where reporting periods are derived (P-01).
pub fn told_derived(rows: &[Row], more: &str) -> Told {
    let (folder, _) = study(rows, more);
    let file = folder.path().join("study.toml");
    let text = std::fs::read_to_string(&file).expect("a study");
    std::fs::write(&file, text.replace("\"stated\"", "\"derived\"")).expect("written");
    let prepared = Prepared::read(read(folder.path()), &Silent).expect("read");
    Told(prepared.check(&Silent).results.quality)
}

impl Told {
    /// Rows of a source in an area whose check, its raw text included, begins so.
    pub fn rows(
        &self,
        source: &str,
        area: &str,
        beginning: &str,
    ) -> Vec<(String, i64, Option<i64>)> {
        let of = |row: &&QualityFigure| row.source == source && row.area.code == area;
        self.0
            .iter()
            .filter(of)
            .map(|row| {
                let check = match &row.content {
                    Content::RawText { text, .. } => format!("{}; value={text}", row.check),
                    _ => row.check.clone(),
                };
                (check, row.numerator, row.denominator)
            })
            .filter(|(check, _, _)| check.starts_with(beginning))
            .collect()
    }

    /// Numerator and denominator of the one row with this check.
    pub fn one(&self, source: &str, area: &str, check: &str) -> (i64, Option<i64>) {
        let found: Vec<_> =
            self.rows(source, area, check).into_iter().filter(|row| row.0 == check).collect();
        assert_eq!(found.len(), 1, "{source} {area} {check}");
        (found[0].1, found[0].2)
    }

    /// Rows tested and failed of a rule in council 100; `None` where it was not tested.
    pub fn rule(&self, id: &str) -> Option<(i64, i64)> {
        let beginning = format!("rule={id};");
        let rows = self.rows("dq_rule_counts", "100", &beginning);
        rows.iter().find_map(|(_, failed, tested)| Some(((*tested)?, *failed)))
    }

    /// People who fail a rule in council 100.
    pub fn people(&self, id: &str) -> i64 {
        let rows = self.rows("dq_rule_counts", "100", &format!("rule={id};"));
        rows.iter().find(|(check, _, _)| check.ends_with("; people")).map_or(0, |row| row.1)
    }
}

/// The table of a study as one accumulator makes it, and as one accumulator a person, merged from the
/// last to the first, makes it.
pub fn whole_and_merged(rows: &[Row]) -> [Vec<QualityFigure>; 2] {
    let (_folder, study) = study(rows, "");
    let prepared = Prepared::read(study, &Silent).expect("read");
    let plan = Plan::new(&prepared.records, &prepared.facts, &prepared.frame);
    let cld: &CldSettings = &prepared.study.cld;
    let settings = LinkSettings {
        cld,
        hospital: &prepared.study.hospital,
        timeline: &prepared.study.timeline,
        extra_values: &[],
        as_of: prepared.study.study.as_of,
    };
    let linker = Linker::new(settings, &prepared.facts, &prepared.records.texts);
    let mut whole = Quality::default();
    let mut parts: Vec<Quality> = Vec::new();
    let (mut scratch, mut counts) = (Scratch::default(), LinkCounts::default());
    for partition in &prepared.records.partitions {
        linker.partition(partition, false, &mut scratch, &mut counts, |person| {
            whole.add(&plan, person);
            let mut part = Quality::default();
            part.add(&plan, person);
            parts.push(part);
        });
    }
    let mut merged = Quality::default();
    while let Some(part) = parts.pop() {
        merged.merge(part);
    }
    let inputs = crate::quality::Inputs {
        records: &prepared.records,
        facts: &prepared.facts,
        cld,
        settings: &prepared.study.quality,
        frame: &prepared.frame,
    };
    [whole.figures(&plan, &inputs), merged.figures(&plan, &inputs)]
}
