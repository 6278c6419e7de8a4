//! The submission files of a council: who and what is in each.

use crate::Error;
use crate::area::Area;
use crate::draw::Noise;
use crate::journey::{Event, Journey};
use crate::person::Person;
use crate::rates::{Messy, Rates};
use crate::row::{Row, write_row};
use crate::window::{Submission, submissions};
use crate::write::{Column, Format, Kind, Table, Written};
use std::path::Path;
use throughcare_linkage::codes::cld::{Component, ServiceType};
use throughcare_linkage::day::Day;

use Kind::Text;

/// Columns of a submission as analysts get it: the submitted fields without those that identify a
/// person, and the derived ones.
pub const COLUMNS: &[Column] = &[
    ("LA_Code", Text),
    ("LA_Name", Text),
    ("ImportDate", Text),
    ("Der_Unique_Record_ID", Text),
    ("Reporting_Period_Start_Date", Text),
    ("Reporting_Period_End_Date", Text),
    ("Der_NHS_Number_Traced_Pseudo", Text),
    ("Der_NHS_Number_Pseudo", Text),
    ("LA_Person_Unique_Identifier", Text),
    ("GP_Practice_Code", Text),
    ("Gender", Text),
    ("Ethnicity", Text),
    ("Der_Birth_Year", Text),
    ("Der_Birth_Month", Text),
    ("Der_Age_Event_Start_Date", Text),
    ("Der_Age_Reporting_Period_End_Date", Text),
    ("Date_of_Death", Text),
    ("Client_Type", Text),
    ("Primary_Support_Reason", Text),
    ("Der_Postcode_yr2011_LSOA", Text),
    ("Accommodation_Status", Text),
    ("Employment_Status", Text),
    ("Has_Unpaid_Carer", Text),
    ("Autism_Spectrum_Disorder_ASD", Text),
    ("Visual_Impairment", Text),
    ("Hearing_Impairment", Text),
    ("Dementia", Text),
    ("Client_Funding_Status", Text),
    ("Event_Type", Text),
    ("Event_Reference", Text),
    ("Event_Start_Date", Text),
    ("Event_End_Date", Text),
    ("Event_Description", Text),
    ("Event_Outcome", Text),
    ("Request_Route_of_Access", Text),
    ("Assessment_Type", Text),
    ("Eligible_Needs_Identified", Text),
    ("Method_of_Assessment", Text),
    ("Total_Hrs_Caring_per_week", Text),
    ("No_of_adults_being_cared_for", Text),
    ("Adult_1_Linked_Person_ID", Text),
    ("Adult_2_Linked_Person_ID", Text),
    ("Adult_3_Linked_Person_ID", Text),
    ("Service_Type", Text),
    ("Service_Component", Text),
    ("Delivery_Mechanism", Text),
    ("Provider_CQC_Location_Name", Text),
    ("Provider_CQC_Location_ID", Text),
    ("Review_Reason", Text),
    ("Review_Outcomes_Achieved", Text),
    ("Method_of_Review", Text),
    ("Unit_Cost", Text),
    ("Cost_Frequency_Unit_Type", Text),
    ("Planned_units_per_week", Text),
    ("Der_Conversation", Text),
];

/// The files of one council, all open together.
pub struct CouncilFiles<'a> {
    rates: &'a Rates,
    area: &'a Area,
    day_first: bool,
    files: Vec<(Submission, Table)>,
    row: String,
}

impl<'a> CouncilFiles<'a> {
    /// Creates the files of a council in the folder `cld`, named after council and day of import.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn create(out: &Path, area: &'a Area, rates: &'a Rates) -> Result<Self, Error> {
        let mut files = Vec::new();
        for submission in submissions(area, &rates.messy) {
            let name = format!("{}_{}.csv", area.council.la_code, submission.import.day());
            let table = Table::create(out.join("cld").join(name), COLUMNS, Format::Csv)?;
            files.push((submission, table));
        }
        let day_first = area.noise.chance(2, rates.messy.day_first_dates);
        Ok(Self { rates, area, day_first, files, row: String::new() })
    }

    /// Writes what each file says of a person.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn record(&mut self, person: &Person, journey: &Journey) -> Result<(), Error> {
        let messy = &self.rates.messy;
        let who = Noise(person.salt);
        for (submission, table) in &mut self.files {
            if submission.partial && who.chance(20, 0.35) {
                continue;
            }
            let home = living_in(journey, submission.end);
            for event in &journey.events {
                let Some(view) = submission.view(event, messy) else { continue };
                let noise = Noise(event.salt);
                let copies = 1 + u32::from(noise.chance(10, messy.duplicate_row));
                for _ in 0..copies {
                    write_row(
                        table,
                        &mut self.row,
                        &Row {
                            area: self.area,
                            messy,
                            day_first: self.day_first,
                            submission,
                            person,
                            death: known_death(journey.death, submission, who, messy),
                            home,
                            event,
                            view,
                            noise,
                            who,
                        },
                    )?;
                    submission.records += 1;
                }
            }
        }
        Ok(())
    }

    /// Finishes the files.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(self, written: &mut Vec<Written>) -> Result<(), Error> {
        for (_, table) in self.files {
            written.push(table.finish()?);
        }
        Ok(())
    }
}

/// Long-term support, type and component, that a person has on a day.
fn living_in(journey: &Journey, day: Day) -> (ServiceType, Component) {
    let running = |event: &&Event| {
        event.service.is_long_term() && event.start <= day && event.end.is_none_or(|e| e >= day)
    };
    let main = journey.events.iter().filter(running).min_by_key(|event| event.service);
    main.map_or((ServiceType::None, Component::None), |event| (event.service, event.component))
}

fn known_death(
    death: Option<Day>,
    submission: &Submission,
    who: Noise,
    messy: &Messy,
) -> Option<Day> {
    death.filter(|day| *day <= submission.end && !who.chance(21, messy.death_unknown))
}
