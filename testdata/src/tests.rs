use super::*;
use crate::journey::Event;
use crate::labels::Label;
use crate::person::EXTRACT_DAY;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, Component, EventType, Outcome, ServiceType,
};
use throughcare_linkage::day::{Day, Period};

fn made(people: u64, seed: u64, format: Format) -> (tempfile::TempDir, Summary) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { people, seed, format, out: folder.path().to_path_buf() };
    let summary = generate(&options, &mut |_| {}).unwrap();
    (folder, summary)
}

fn files_of(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_path_buf();
                files.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    files
}

/// The rows of a CSV file as texts, after its headings.
fn rows_of(path: &Path) -> (Vec<String>, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headings = reader.headers().unwrap().iter().map(str::to_owned).collect();
    (headings, reader.records().map(Result::unwrap).collect())
}

fn submissions_of(summary: &Summary) -> impl Iterator<Item = &Written> {
    summary.files.iter().filter(|file| file.path.parent().is_some_and(|p| p.ends_with("cld")))
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    for format in [Format::Csv, Format::Parquet] {
        let (one, two, other) =
            (made(1_500, 1, format).0, made(1_500, 1, format).0, made(1_500, 2, format).0);
        let files = files_of(one.path());
        assert_eq!(files.len(), files_of(two.path()).len());
        for (name, bytes) in files_of(two.path()) {
            assert!(files[&name] == bytes, "{} differs", name.display());
        }
        let apc = PathBuf::from("sus").join(format!("apc.{}", format.extension()));
        assert!(files[&apc] != files_of(other.path())[&apc]);
    }
}

#[test]
fn a_folder_with_data_is_not_mixed_with_new_data() {
    let (folder, _) = made(100, 1, Format::Csv);
    let out = folder.path().to_path_buf();
    let again = Options { people: 100, seed: 2, format: Format::Csv, out: out.clone() };
    assert!(matches!(generate(&again, &mut |_| {}), Err(Error::NotEmpty(_))));
    let few = Options { people: 5, seed: 2, format: Format::Csv, out };
    assert!(matches!(generate(&few, &mut |_| {}), Err(Error::TooFewPeople(5))));
}

#[test]
fn progress_ends_with_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_path_buf();
    let options = Options { people: 3_000, seed: 1, format: Format::Csv, out };
    let mut told = Vec::new();
    generate(&options, &mut |done| told.push(done)).unwrap();
    assert_eq!(told, [1_024, 2_048, 3_000]);
}

/// The texts that the lists allow in each coded column.
fn lists() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let set = |labels: Vec<Label>| -> BTreeSet<&'static str> {
        labels.into_iter().flat_map(|label| [label.new, label.old]).chain([""]).collect()
    };
    let texts = |texts: &[&'static str]| texts.iter().copied().chain([""]).collect();
    let events = [EventType::Request, EventType::Assessment, EventType::Service, EventType::Review];
    let outcomes = Outcome::ALL.iter().filter(|outcome| **outcome != Outcome::Release1Only);
    let outcomes = outcomes.flat_map(|o| events.map(|event| labels::outcome(*o, event)));
    let types = ServiceType::ALL.iter().map(|value| labels::service_type(*value));
    let components = Component::ALL.iter().map(|value| labels::component(*value));
    BTreeMap::from([
        ("Event_Type", texts(&["Request", "Assessment", "Service", "Review"])),
        ("Gender", texts(&["Male", "Female", "Unknown"])),
        ("Client_Type", set(ClientType::ALL.iter().map(|v| labels::client_type(*v)).collect())),
        ("Ethnicity", set(labels::ETHNICITY.to_vec())),
        ("Primary_Support_Reason", set(labels::REASON.to_vec())),
        ("Accommodation_Status", set(labels::ACCOMMODATION.to_vec())),
        ("Employment_Status", set(labels::EMPLOYMENT.to_vec())),
        ("Has_Unpaid_Carer", texts(&["Yes", "No", "Unknown"])),
        ("Client_Funding_Status", set(labels::FUNDING.to_vec())),
        ("Event_Outcome", set(outcomes.collect())),
        ("Request_Route_of_Access", set(labels::ROUTE.to_vec())),
        (
            "Assessment_Type",
            set(AssessmentType::ALL.iter().map(|v| labels::assessment_type(*v)).collect()),
        ),
        ("Service_Type", set(types.collect())),
        ("Service_Component", set(components.collect())),
        ("Delivery_Mechanism", set(labels::MECHANISM.to_vec())),
        ("Review_Reason", set(labels::REVIEW_REASON.to_vec())),
    ])
}

#[test]
fn submissions_obey_the_layout_but_for_the_documented_faults() {
    let (_folder, summary) = made(12_000, 3, Format::Csv);
    let lists = lists();
    let (mut values, mut faults, mut rows_read, mut no_id, mut local) = (0u64, 0u64, 0u64, 0, 0);
    let mut records = HashSet::new();
    for file in submissions_of(&summary) {
        let (headings, rows) = rows_of(&file.path);
        let wanted: Vec<_> = submission::COLUMNS.iter().map(|(name, _)| *name).collect();
        assert_eq!(headings, wanted);
        assert_eq!(rows.len() as u64, file.rows);
        rows_read += file.rows;
        let at = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
        let import = Day::parse_iso(&rows[0][at("ImportDate")][..10]).unwrap();
        for row in &rows {
            assert!(records.insert(row[at("Der_Unique_Record_ID")].parse::<u64>().unwrap()));
            let (nhs, id) = (&row[at("Der_NHS_Number_Pseudo")], at("LA_Person_Unique_Identifier"));
            no_id += u64::from(nhs.is_empty() && row[id].is_empty());
            local += u64::from(nhs.is_empty() && !row[id].is_empty());
            for (name, list) in &lists {
                let value = &row[at(name)];
                values += 1;
                if list.contains(value) {
                    if import < Day::from_ymd(2025, 7, 1).unwrap() && *name == "Client_Type" {
                        assert!(!value.starts_with("Unpaid"), "Release 2 before its time");
                    }
                    continue;
                }
                faults += 1;
                let folded = value.trim_end();
                assert!(
                    folded == "NULL"
                        || folded.starts_with("Local code ")
                        || list.iter().any(|text| text.eq_ignore_ascii_case(folded)
                            || text.to_uppercase() == folded),
                    "{name}: {value}"
                );
            }
        }
    }
    let share = |count: u64, of: u64| count as f64 / of as f64;
    assert!((0.001..0.02).contains(&share(faults, values)), "{faults} of {values}");
    assert!((0.0001..0.002).contains(&share(no_id, rows_read)), "{no_id} of {rows_read}");
    assert!((0.02..0.10).contains(&share(local, rows_read)), "{local} of {rows_read}");
}

#[test]
fn hospital_files_obey_the_layout() {
    let (folder, _) = made(6_000, 4, Format::Csv);
    let (headings, rows) = rows_of(&folder.path().join("sus/apc.csv"));
    let at = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    let in_list = |row: &csv::StringRecord, name: &str, list: &str| {
        let value = &row[at(name)];
        assert!(list.split(' ').any(|code| code == value), "{name}: {value}");
    };
    let mut spells: BTreeMap<String, u32> = BTreeMap::new();
    let mut last_rows = 0;
    for row in &rows {
        in_list(row, "Admission_Method", "11 12 13 21 22 23 24 25 28 2A 2B 2D 31 32 81 82 83");
        in_list(row, "Source_of_Admission", "19 51 54 55 56 65 79 85");
        in_list(row, "Discharge_Destination", "19 29 37 51 53 54 55 56 65 79 85 88 98");
        in_list(row, "Discharge_Method", "1 2 3 4 6 8");
        in_list(row, "Patient_Classification", "1 2 3 4 5");
        in_list(row, "Der_Management_Type", "EM NE EL DC RDA RNA");
        in_list(row, "Sex", "1 2 9");
        let admission = Day::parse_iso(&row[at("Admission_Date")]).unwrap();
        assert!(admission < EXTRACT_DAY);
        let class = &row[at("Patient_Classification")];
        if class == "2" {
            assert!(row[at("Admission_Method")].starts_with('1'));
        }
        if row[at("APCS_Last_Ep_Ind")] == *"1" {
            last_rows += 1;
            *spells.entry(row[at("APCS_Ident")].to_owned()).or_default() += 1;
        }
        let id = &row[at("Der_DHSC_Pseudo_NHS_Number")];
        assert!(id.is_empty() || id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()));
    }
    let duplicates = spells.values().filter(|count| **count > 1).count();
    assert!(duplicates > 0 && duplicates * 100 < spells.len());
    assert!(last_rows > 4_000, "{last_rows}");
    let codes: BTreeSet<&str> = rows.iter().map(|row| &row[at("Admission_Method")]).collect();
    assert!(["81", "2B", "31", "82"].iter().all(|code| codes.contains(code)), "{codes:?}");
}

#[test]
fn parquet_files_hold_the_rows_of_the_csv_files() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let (csv, parquet) = (made(1_500, 5, Format::Csv), made(1_500, 5, Format::Parquet));
    for (text, columns) in csv.1.files.iter().zip(&parquet.1.files) {
        assert_eq!(text.rows, columns.rows);
        if columns.path.extension().is_some_and(|e| e == "parquet") {
            let file = std::fs::File::open(&columns.path).unwrap();
            let reader = SerializedFileReader::new(file).unwrap();
            assert_eq!(reader.metadata().file_metadata().num_rows() as u64, columns.rows);
        }
    }
}

#[test]
fn lookups_name_every_council_and_small_area() {
    let (folder, summary) = made(8_000, 6, Format::Csv);
    let (_, areas) = rows_of(&folder.path().join("lookups/areas.csv"));
    assert_eq!(areas.len(), summary.councils);
    let (_, lsoas) = rows_of(&folder.path().join("lookups/lsoa_utla.csv"));
    let lsoas: BTreeSet<&str> = lsoas.iter().map(|row| &row[0]).collect();
    let (headings, rows) = rows_of(&folder.path().join("sus/apc.csv"));
    let at = headings.iter().position(|h| h == "Der_Postcode_LSOA_2011_Code").unwrap();
    assert!(rows.iter().all(|row| &row[at] == "Z99999999" || lsoas.contains(&row[at])));
    let (_, population) = rows_of(&folder.path().join("lookups/population.csv"));
    let count = |sexed: bool| -> i64 {
        let of = population.iter().filter(|row| row[1].is_empty() != sexed);
        of.map(|row| row[3].parse::<i64>().unwrap()).sum()
    };
    // the bands leave out children
    assert!(count(true) > count(false) && count(false) > 5_000);
    assert!(count(true) < 8_000);
}

/// Lives of this many people, without files.
fn lives(people: u64, seed: u64, mut each: impl FnMut(&Area, &Person, &Journey)) {
    let rates = Rates::load().unwrap();
    let areas = areas(people, seed).unwrap();
    let network = Network::new(&areas);
    for area in &areas {
        populate(seed, area, &rates, &network, &mut |_| {}, |person, journey| {
            each(area, person, journey);
            Ok(())
        })
        .unwrap();
    }
}

#[test]
fn no_person_identifier_repeats() {
    let mut seen = HashSet::new();
    let mut people = 0;
    lives(8_000, 1, |_, person, _| {
        people += 1;
        assert!(person.pseudonym.len() == 32);
        assert!(seen.insert(person.pseudonym.clone()));
    });
    assert_eq!(people, 8_000);
}

const YEAR: Period = Period { start: Day(19_814), end: Day(20_178) };

#[test]
fn national_totals_are_near_the_published_ones() {
    assert_eq!(YEAR.start.to_string() + &YEAR.end.to_string(), "2024-04-012025-03-31");
    let (mut alive, mut counts) = (0u64, BTreeMap::<&str, u64>::new());
    lives(60_000, 11, |_, person, journey| {
        let dead = journey.death.is_some_and(|death| death < YEAR.start);
        alive += u64::from(person.birth <= YEAR.start && !dead);
        let mut add = |name, count: usize| *counts.entry(name).or_default() += count as u64;
        let in_year = |day: Day| YEAR.contains(day);
        let user = |event: &&Event| !event.carer;
        let of_kind = |kind| {
            let events = journey.events.iter().filter(user);
            events.filter(|e| e.kind == kind && e.end.is_some_and(in_year)).count()
        };
        add("requests", of_kind(EventType::Request));
        add("reviews", of_kind(EventType::Review));
        let running = |event: &Event| {
            event.start <= YEAR.end && event.end.is_none_or(|end| end >= YEAR.start)
        };
        let long = |event: &&Event| event.service.is_long_term() && running(event);
        add("long-term clients", usize::from(journey.events.iter().any(|e| long(&e))));
        let started = |e: &&Event| e.service == ServiceType::StMax && in_year(e.start);
        add("ST-Max", journey.events.iter().filter(started).count());
        let carers = journey.events.iter().any(|event| event.carer && in_year(event.start));
        add("carers", usize::from(carers));
        let stays = || journey.stays.iter().filter(|stay| in_year(stay.discharge));
        add("admissions", stays().count());
        add("emergency admissions", stays().filter(|s| s.method.starts_with('2')).count());
        add("day cases", stays().filter(|stay| stay.class == "2").count());
        add("attendances", journey.visits.iter().filter(|v| in_year(v.day)).count());
        add("deaths", usize::from(journey.death.is_some_and(in_year)));
    });
    // millions a year for 57 million people, and the tolerance
    for (name, published, tolerance) in [
        ("requests", 2.0, 0.12),
        ("long-term clients", 0.85, 0.12),
        ("ST-Max", 0.25, 0.20),
        ("carers", 0.38, 0.25),
        ("admissions", 17.0, 0.06),
        ("emergency admissions", 6.4, 0.08),
        ("day cases", 7.0, 0.08),
        ("attendances", 25.0, 0.05),
        ("deaths", 0.55, 0.15),
    ] {
        let found = counts[name] as f64 * 57.0 / alive as f64;
        assert!(
            (found / published - 1.0).abs() <= tolerance,
            "{name}: found {found:.3} million, published {published}; all: {:?}",
            counts.iter().map(|(k, v)| (*k, *v as f64 * 57.0 / alive as f64)).collect::<Vec<_>>()
        );
    }
}

#[test]
fn nothing_happens_after_death_and_reablement_follows_discharge() {
    let (mut reablement, mut linked, mut discharges) = (0, 0, 0);
    lives(20_000, 12, |_, person, journey| {
        if let Some(death) = journey.death {
            assert!(journey.stays.iter().all(|stay| stay.discharge <= death));
            assert!(journey.events.iter().all(|e| e.end.is_some_and(|end| end <= death)));
            assert!(journey.visits.iter().all(|visit| visit.day <= death));
        }
        for event in &journey.events {
            assert!(event.end.is_none_or(|end| end >= event.start));
        }
        let old = |stay: &&journey::Stay| {
            person.age(stay.discharge) >= 65
                && stay.discharge > stay.admission
                && YEAR.contains(stay.discharge)
        };
        discharges += journey.stays.iter().filter(old).count();
        for event in journey.events.iter().filter(|e| e.component == Component::Reablement) {
            reablement += usize::from(YEAR.contains(event.start));
            let follows = |stay: &journey::Stay| {
                (-7..=3).contains(&stay.discharge.since(event.start))
                    && stay.admission <= event.start
            };
            linked += usize::from(journey.stays.iter().filter(old).any(follows));
        }
    });
    assert!(reablement > 40 && linked > 12, "{reablement}, {linked}");
    // published: about 3% of discharges of people aged 65 and over
    let share = linked as f64 / discharges as f64;
    assert!((0.015..0.07).contains(&share), "{linked} of {discharges}");
}

#[test]
fn nearly_every_file_shows_its_period_by_the_months_of_its_ends() {
    let (_folder, summary) = made(20_000, 1, Format::Csv);
    let (mut files, mut whole) = (0, 0);
    for file in submissions_of(&summary) {
        let (headings, rows) = rows_of(&file.path);
        let at = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
        let day = |text: &str| {
            let iso = text.split('/').rev().collect::<Vec<_>>().join("-");
            Day::parse_iso(&iso)
        };
        // rule P-01: the months of ends, each with its rows and its distinct event types
        let mut months: BTreeMap<Day, (usize, BTreeSet<String>)> = BTreeMap::new();
        for row in &rows {
            let Some(end) = day(&row[at("Event_End_Date")]) else { continue };
            if end < Day::parse_iso(&rows[0][at("ImportDate")][..10]).unwrap().month_start() {
                let month = months.entry(end.month_start()).or_default();
                month.0 += 1;
                month.1.insert(row[at("Event_Type")].trim_end().to_lowercase());
            }
        }
        let total: usize = months.values().map(|month| month.0).sum();
        let types = months.values().map(|month| month.1.len()).max().unwrap();
        months.retain(|_, (n, seen)| total < 100 || *n * 50 >= total && seen.len() + 1 >= types);
        let derived = (*months.keys().next().unwrap(), months.keys().last().unwrap().month_end());
        let stated = ["Reporting_Period_Start_Date", "Reporting_Period_End_Date"]
            .map(|name| day(&rows[0][at(name)]).unwrap());
        files += 1;
        whole += usize::from(derived == (stated[0], stated[1]));
    }
    assert!(files >= 54, "{files}");
    assert!(whole * 100 >= files * 80, "{whole} of {files}");
}
