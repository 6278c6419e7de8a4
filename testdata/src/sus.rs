//! Hospital files: admitted patient care by episode, emergency care, deaths.

use crate::Error;
use crate::area::Area;
use crate::codes::{push_diagnoses, push_operations};
use crate::draw::Noise;
use crate::hospital::{Network, Provider};
use crate::journey::{Journey, Stay, Visit};
use crate::labels::ETHNIC_CATEGORY;
use crate::person::{EXTRACT_DAY, FIRST_DAY, Person};
use crate::rates::Rates;
use crate::write::{Column, Format, Kind, Table, Written, push_digits};
use std::path::Path;
use throughcare_linkage::day::Day;

use Kind::{Date, Number, Text};

/// Columns of the admitted patient care file, one row an episode.
pub const APC: &[Column] = &[
    ("Der_DHSC_Pseudo_NHS_Number", Text),
    ("NHS_Number_Status", Text),
    ("APCS_Ident", Number),
    ("APCE_Ident", Number),
    ("Hospital_Spell_No", Text),
    ("Episode_Number", Number),
    ("APCS_First_Ep_Ind", Number),
    ("APCS_Last_Ep_Ind", Number),
    ("Episode_Type", Text),
    ("Der_Provider_Code", Text),
    ("Der_Provider_Site_Code", Text),
    ("Der_Financial_Year", Text),
    ("Der_Activity_Month", Text),
    ("Age_At_Start_of_Spell_SUS", Number),
    ("Year_of_Birth_SUS", Number),
    ("Month_of_Birth_SUS", Number),
    ("Sex", Text),
    ("Ethnic_Group", Text),
    ("Der_Postcode_LSOA_2011_Code", Text),
    ("Der_Postcode_Local_Auth", Text),
    ("Administrative_Category", Text),
    ("Admission_Date", Date),
    ("Discharge_Date", Date),
    ("Discharge_Ready_Date", Date),
    ("Episode_Start_Date", Date),
    ("Episode_End_Date", Date),
    ("Der_Spell_LoS", Number),
    ("Admission_Method", Text),
    ("Source_of_Admission", Text),
    ("Discharge_Destination", Text),
    ("Discharge_Method", Text),
    ("Patient_Classification", Text),
    ("Intended_Management", Text),
    ("Der_Management_Type", Text),
    ("Treatment_Function_Code", Text),
    ("Der_Admit_Treatment_Function_Code", Text),
    ("Der_Diagnosis_All", Text),
    ("Der_Procedure_All", Text),
];

/// Columns of the emergency care file, one row an attendance.
pub const ECDS: &[Column] = &[
    ("Der_Pseudo_NHS_Number", Text),
    ("EC_Ident", Number),
    ("Der_Provider_Code", Text),
    ("Der_Provider_Site_Code", Text),
    ("EC_Department_Type", Text),
    ("EC_AttendanceCategory", Text),
    ("Arrival_Date", Date),
    ("Arrival_Time", Text),
    ("EC_Departure_Date", Date),
    ("EC_Departure_Time", Text),
    ("Der_EC_Duration", Number),
    ("Age_At_Arrival", Number),
    ("Sex", Text),
    ("Der_Postcode_LSOA_2011_Code", Text),
    ("Der_Postcode_Local_Auth", Text),
    ("EC_Arrival_Mode_SNOMED_CT", Text),
    ("EC_Acuity_SNOMED_CT", Text),
    ("EC_Discharge_Status_SNOMED_CT", Text),
    ("Discharge_Destination_SNOMED_CT", Text),
    ("Der_Dupe_Flag", Text),
    ("Deleted", Text),
    ("Finished_Indicator", Text),
];

/// Columns of the death file.
pub const DEATHS: &[Column] =
    &[("Der_Pseudo_NHS_Number", Text), ("DOD", Date), ("DOR", Date), ("MATCH_RANK", Number)];

/// The hospital and death files being written.
pub struct HospitalFiles<'a> {
    rates: &'a Rates,
    network: &'a Network,
    apc: Table,
    ecds: Table,
    deaths: Table,
    spells: i64,
    episodes: i64,
    attendances: i64,
    scratch: String,
}

impl<'a> HospitalFiles<'a> {
    /// Creates the files in a folder.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn create(
        out: &Path,
        format: Format,
        rates: &'a Rates,
        network: &'a Network,
    ) -> Result<Self, Error> {
        let path = |name: &str| out.join("sus").join(format!("{name}.{}", format.extension()));
        Ok(Self {
            rates,
            network,
            apc: Table::create(path("apc"), APC, format)?,
            ecds: Table::create(path("ecds"), ECDS, format)?,
            deaths: Table::create(out.join("deaths.csv"), DEATHS, Format::Csv)?,
            spells: 0,
            episodes: 0,
            attendances: 0,
            scratch: String::new(),
        })
    }

    /// Writes the hospital records and the death of a person.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn record(&mut self, area: &Area, person: &Person, journey: &Journey) -> Result<(), Error> {
        let unknown = Noise(person.salt).chance(70, self.rates.population.no_nhs_number);
        let pseudonym = if unknown { "" } else { person.pseudonym.as_str() };
        // extracts hold discharges from the first day on
        for stay in journey.stays.iter().filter(|stay| stay.discharge >= FIRST_DAY) {
            self.stay(area, person, pseudonym, stay)?;
        }
        for visit in &journey.visits {
            if (FIRST_DAY..EXTRACT_DAY).contains(&visit.day) {
                self.visit(area, person, pseudonym, visit)?;
            }
        }
        match journey.death {
            Some(death) if (FIRST_DAY..EXTRACT_DAY).contains(&death) && !unknown => {
                let registered = death.plus(2 + Noise(person.salt).below(71, 9) as i32);
                self.deaths.text(pseudonym)?;
                self.deaths.date(Some(death))?;
                self.deaths.date(Some(registered))?;
                self.deaths.number(Some(1))?;
                self.deaths.end_row()
            }
            _ => Ok(()),
        }
    }

    fn stay(
        &mut self,
        area: &Area,
        person: &Person,
        pseudonym: &str,
        stay: &Stay,
    ) -> Result<(), Error> {
        self.spells += 1;
        let noise = Noise(stay.salt);
        let nights = stay.discharge.since(stay.admission);
        let count = stay.episodes.max(1);
        for number in 1..=count {
            let start = stay.admission.plus(nights * (number - 1) / count);
            let end = stay.admission.plus(nights * number / count);
            // an episode that is not finished at the extract is not in it
            if end >= EXTRACT_DAY || start >= EXTRACT_DAY {
                break;
            }
            self.episodes += 1;
            let copies =
                1 + i32::from(noise.chance(80, self.rates.messy.stay_duplicate) && number == count);
            for _ in 0..copies {
                self.episode(area, person, pseudonym, stay, (number, start, end))?;
            }
        }
        Ok(())
    }

    fn episode(
        &mut self,
        area: &Area,
        person: &Person,
        pseudonym: &str,
        stay: &Stay,
        (number, start, end): (i32, Day, Day),
    ) -> Result<(), Error> {
        let messy = &self.rates.messy;
        let noise = Noise(stay.salt);
        let unfinished = stay.discharge >= EXTRACT_DAY;
        let last = number == stay.episodes.max(1) && !unfinished;
        let mut discharge = (!unfinished).then_some(stay.discharge);
        if noise.chance(81, messy.stay_no_discharge) {
            discharge = None;
        } else if noise.chance(82, messy.stay_reversed) {
            discharge = discharge.map(|_| stay.admission.plus(-2));
        } else if noise.chance(83, messy.stay_sentinel) {
            discharge = discharge.and_then(|_| Day::from_ymd(1900, 1, 1));
        }
        let provider = self.network.providers.get(stay.provider);
        let (code, site) = codes(provider);
        let (year, month) = person.birth.year_month();
        let (active_year, active_month) = stay.discharge.min(EXTRACT_DAY.plus(-1)).year_month();
        let t = &mut self.apc;
        let text = &mut self.scratch;
        t.text(pseudonym)?;
        t.text(if pseudonym.is_empty() { "07" } else { "01" })?;
        t.number(Some(1_000_000_000 + self.spells))?;
        t.number(Some(5_000_000_000 + self.episodes))?;
        text.clear();
        push_digits((stay.salt % 100_000_000) as u32, 8, text);
        t.text(text)?;
        t.number(Some(i64::from(number)))?;
        t.number(Some(i64::from(number == 1)))?;
        t.number(Some(i64::from(last)))?;
        t.text(stay.episode_type)?;
        t.text(code)?;
        t.text(site)?;
        text.clear();
        let financial = (active_year - i32::from(active_month < 4)).unsigned_abs();
        push_digits(financial, 4, text);
        text.push('/');
        push_digits((financial + 1) % 100, 2, text);
        t.text(text)?;
        text.clear();
        push_digits(active_year.unsigned_abs() * 100 + active_month, 6, text);
        t.text(text)?;
        t.number(Some(i64::from(infant_age(person, stay.admission))))?;
        t.number(Some(i64::from(year)))?;
        t.number(Some(i64::from(month)))?;
        t.text(sex(person))?;
        t.text(ETHNIC_CATEGORY.get(person.ethnicity).copied().unwrap_or("99"))?;
        text.clear();
        if noise.chance(84, messy.stay_no_residence) {
            text.push_str("Z99999999");
        } else {
            area.push_lsoa(person.lsoa, text);
        }
        t.text(text)?;
        t.text(&area.council.ons_code)?;
        t.text(if noise.chance(85, 0.01) { "02" } else { "01" })?;
        t.date(Some(stay.admission))?;
        t.date(discharge)?;
        t.date(stay.ready.filter(|_| last))?;
        t.date(Some(start))?;
        t.date(Some(end))?;
        t.number((!unfinished).then(|| i64::from(stay.discharge.since(stay.admission))))?;
        t.text(stay.method)?;
        t.text(stay.source)?;
        t.text(if unfinished { "98" } else { stay.destination })?;
        t.text(if unfinished { "8" } else { stay.discharge_method })?;
        t.text(stay.class)?;
        t.text(match stay.class {
            "2" => "2",
            "3" => "3",
            "4" => "4",
            _ => "1",
        })?;
        t.text(management(stay))?;
        let specialty = if last || number > 1 { stay.last_specialty } else { stay.specialty };
        let specialty = if noise.chance(86, messy.stay_no_specialty) { "" } else { specialty };
        t.text(specialty)?;
        t.text(stay.specialty)?;
        text.clear();
        push_diagnoses(&self.rates.diagnoses, person, stay, text);
        t.text(text)?;
        text.clear();
        push_operations(stay, text);
        t.text(text)?;
        t.end_row()
    }

    fn visit(
        &mut self,
        area: &Area,
        person: &Person,
        pseudonym: &str,
        visit: &Visit,
    ) -> Result<(), Error> {
        let messy = &self.rates.messy;
        let noise = Noise(visit.salt);
        self.attendances += 1;
        let copies = 1 + i32::from(noise.chance(90, messy.attendance_duplicate));
        let departed = !noise.chance(91, messy.attendance_no_departure);
        let (code, site) = codes(self.network.providers.get(visit.provider));
        let leaves = visit.minute + visit.duration;
        for copy in 0..copies {
            let t = &mut self.ecds;
            let text = &mut self.scratch;
            t.text(pseudonym)?;
            t.number(Some(2_000_000_000 + self.attendances))?;
            t.text(code)?;
            t.text(site)?;
            t.text(visit.department)?;
            t.text(visit.category)?;
            t.date(Some(visit.day))?;
            clock(visit.minute, text);
            t.text(text)?;
            t.date(departed.then(|| visit.day.plus(leaves / 1_440)))?;
            clock(leaves % 1_440, text);
            t.text(if departed { text } else { "" })?;
            t.number(departed.then_some(i64::from(visit.duration)))?;
            t.number(Some(i64::from(infant_age(person, visit.day))))?;
            t.text(sex(person))?;
            text.clear();
            area.push_lsoa(person.lsoa, text);
            t.text(text)?;
            t.text(&area.council.ons_code)?;
            t.text(visit.mode)?;
            t.text(visit.acuity)?;
            t.text(visit.status)?;
            t.text(visit.destination)?;
            t.text(if copy == 0 { "0" } else { "1" })?;
            t.text("0")?;
            t.text("1")?;
            t.end_row()?;
        }
        Ok(())
    }

    /// Finishes the files.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(self) -> Result<[Written; 3], Error> {
        Ok([self.apc.finish()?, self.ecds.finish()?, self.deaths.finish()?])
    }
}

fn codes(provider: Option<&Provider>) -> (&str, &str) {
    provider.map_or(("", ""), |p| (p.code.as_str(), p.site.as_str()))
}

fn clock(minute: i32, text: &mut String) {
    text.clear();
    push_digits((minute / 60 * 100 + minute % 60).unsigned_abs(), 4, text);
}

fn sex(person: &Person) -> &'static str {
    match (Noise(person.salt).chance(72, 0.001), person.woman) {
        (true, _) => "9",
        (false, true) => "2",
        (false, false) => "1",
    }
}

/// Age in years, with the codes of infants below one year.
fn infant_age(person: &Person, at: Day) -> i32 {
    let days = at.since(person.birth);
    match days {
        365.. => person.age(at).max(1),
        273.. => 7007,
        182.. => 7006,
        91.. => 7005,
        29.. => 7004,
        7.. => 7003,
        1.. => 7002,
        _ => 7001,
    }
}

/// Derived management type.
fn management(stay: &Stay) -> &'static str {
    match (stay.class, stay.method) {
        ("3", _) => "RDA",
        ("4", _) => "RNA",
        ("2", _) => "DC",
        (_, "31" | "32" | "81" | "82" | "83") => "NE",
        (_, "11" | "12" | "13") => "EL",
        _ => "EM",
    }
}
