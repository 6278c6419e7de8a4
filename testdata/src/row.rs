//! A row of a submission: person details, coded values of either release, and the faults that real
//! files have.

use crate::Error;
use crate::area::Area;
use crate::draw::Noise;
use crate::journey::Event;
use crate::labels::{self, Label};
use crate::person::Person;
use crate::rates::Messy;
use crate::window::{Submission, View};
use crate::write::{Table, push_day_first, push_digits, push_iso};
use std::fmt::Write;
use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, Component, EventType, ServiceType,
};
use throughcare_linkage::day::Day;

/// Number of the event type among the coded values.
const EVENT_TYPE: u64 = 12;

/// A row of a submission before it is written.
pub struct Row<'a> {
    /// Council.
    pub area: &'a Area,
    /// Rates of faults.
    pub messy: &'a Messy,
    /// Whether the council writes dates as DD/MM/YYYY.
    pub day_first: bool,
    /// File.
    pub submission: &'a Submission,
    /// Person.
    pub person: &'a Person,
    /// Date of death, as far as the council knows.
    pub death: Option<Day>,
    /// Long-term support at the end of the file's window.
    pub home: (ServiceType, Component),
    /// Event.
    pub event: &'a Event,
    /// What the file says of it.
    pub view: View,
    /// Noise of the event.
    pub noise: Noise,
    /// Noise of the person.
    pub who: Noise,
}

impl Row<'_> {
    /// Writes a coded value in the release of the file, with the faults of coded values.
    fn coded(&self, slot: u64, label: Label, table: &mut Table) -> Result<(), Error> {
        let file = u64::from(self.submission.quarter);
        let release2 = self.submission.release2 > 0.0
            && self.noise.chance(1_000 + slot * 16 + file, self.submission.release2);
        let text = if release2 { label.new } else { label.old };
        let mut fault = self.noise.of(2_000 + slot).0 as f64 / u64::MAX as f64;
        if text.is_empty() {
            return table.text(if fault < self.messy.null_text { "NULL" } else { "" });
        }
        fault -= self.messy.other_case;
        if fault < 0.0 {
            return table.text(&text.to_uppercase());
        }
        fault -= self.messy.trailing_blank;
        if fault < 0.0 {
            return table.text(&format!("{text}  "));
        }
        fault -= self.messy.unknown_code;
        // an unknown event type would change the period that is derived from a small file
        if fault < 0.0 && slot != EVENT_TYPE {
            return table.text(&format!("Local code {}", slot + 1));
        }
        table.text(text)
    }

    fn local_id(&self, serial: u64, text: &mut String) {
        text.clear();
        text.push('P');
        push_digits((serial + 1) as u32, 8, text);
    }

    fn date(&self, day: Option<Day>, text: &mut String) {
        text.clear();
        match day {
            Some(day) if self.day_first => push_day_first(day, text),
            Some(day) => push_iso(day, text),
            None => {}
        }
    }
}

/// Writes a row, in the order of [`crate::submission::COLUMNS`]. `text` is scratch space.
///
/// # Errors
/// When the file cannot be written.
pub fn write_row(t: &mut Table, text: &mut String, row: &Row<'_>) -> Result<(), Error> {
    head(t, text, row)?;
    details(t, text, row)?;
    event(t, text, row)?;
    by_type(t, text, row)?;
    t.end_row()
}

/// Submission and identifiers.
fn head(t: &mut Table, text: &mut String, row: &Row<'_>) -> Result<(), Error> {
    let Row { area, messy, submission, person, noise, who, .. } = row;
    t.text(&area.council.la_code)?;
    t.text(&area.council.la_name)?;
    text.clear();
    let _ = write!(text, "{}", submission.import);
    t.text(text)?;
    text.clear();
    let _ = write!(text, "{}", submission.records + 1);
    t.text(text)?;
    row.date(Some(submission.start), text);
    t.text(text)?;
    row.date(Some(submission.end), text);
    t.text(text)?;
    let nobody = noise.chance(30, messy.no_identifier);
    let missing =
        nobody || who.chance(31, messy.nhs_missing) || noise.chance(32, messy.nhs_lost_on_row);
    let traced = !missing && !who.chance(33, messy.nhs_untraced);
    t.text(if traced { &person.pseudonym } else { "" })?;
    t.text(if missing { "" } else { &person.pseudonym })?;
    let reused = who.chance(34, messy.local_id_reused);
    let serial = if reused { person.serial / 50 * 50 } else { person.serial };
    row.local_id(serial, text);
    t.text(if nobody { "" } else { text })
}

/// Person details.
fn details(t: &mut Table, text: &mut String, row: &Row<'_>) -> Result<(), Error> {
    let Row { area, messy, submission, person, event, who, .. } = row;
    text.clear();
    text.push(char::from(b'A' + (area.index % 25) as u8));
    push_digits((80_000 + person.practice) as u32, 5, text);
    t.text(text)?;
    let gender = match (who.chance(40, 0.004), person.woman) {
        (true, _) => "Unknown",
        (_, true) => "Female",
        _ => "Male",
    };
    row.coded(0, Label { new: gender, old: gender }, t)?;
    let ethnicity = if who.chance(41, 0.05) { 20 } else { person.ethnicity };
    row.coded(1, labels::ETHNICITY[ethnicity], t)?;
    let unborn = who.chance(42, messy.birth_missing);
    let (year, month) = person.birth.year_month();
    for number in [year, month as i32, person.age(event.start), person.age(submission.end)] {
        text.clear();
        let _ = write!(text, "{number}");
        t.text(if unborn { "" } else { text })?;
    }
    row.date(row.death, text);
    t.text(text)?;
    let client = match (event.carer, event.kind) {
        (false, _) => ClientType::ServiceUser,
        (true, EventType::None) => ClientType::UnpaidCarerByAssociation,
        (true, _) => ClientType::UnpaidCarer,
    };
    row.coded(2, labels::client_type(client), t)?;
    let reason = if event.carer { labels::SUPPORT_TO_CARER } else { person.reason };
    let no_reason = event.kind == EventType::Request && who.chance(43, 0.4);
    row.coded(3, if no_reason { labels::NONE } else { labels::REASON[reason] }, t)?;
    text.clear();
    area.push_lsoa(person.lsoa, text);
    t.text(text)?;
    row.coded(4, accommodation(row), t)?;
    row.coded(5, employment(row), t)?;
    let carer = match (who.chance(44, 0.15), person.has_carer) {
        (true, _) => "Unknown",
        (_, true) => "Yes",
        _ => "No",
    };
    row.coded(6, Label { new: carer, old: carer }, t)?;
    let learning = person.reason == labels::LEARNING_DISABILITY;
    for (slot, value) in [
        (7, if learning && who.chance(45, 0.3) { "Yes" } else { "No" }),
        (
            8,
            if person.reason == 2 {
                "Partial sight/sight impaired"
            } else {
                "No visual impairment"
            },
        ),
        (9, if person.reason == 3 { "Hard of hearing" } else { "No hearing impairment" }),
        (10, if person.dementia { "Yes" } else { "No" }),
    ] {
        let value = if event.carer || who.chance(46 + slot, 0.3) { "" } else { value };
        row.coded(slot, Label { new: value, old: value }, t)?;
    }
    let funded = matches!(event.kind, EventType::Service | EventType::Review) && !event.carer;
    let share = [0, 0, 0, 1, 1, 1, 1, 2, 3][who.below(60, 9) as usize];
    row.coded(11, if funded { labels::FUNDING[share] } else { labels::NONE }, t)
}

fn accommodation(row: &Row<'_>) -> Label {
    let place = match row.home {
        (ServiceType::Nursing, _) => 7,
        (ServiceType::Residential, _) => 6,
        (_, Component::SupportedLiving) => 4,
        (_, Component::ExtraCare) => 5,
        _ if row.person.age(row.submission.end) >= 65 => {
            [0, 0, 0, 0, 0, 1, 1, 2, 3, 8][row.who.below(61, 10) as usize]
        }
        _ => [0, 1, 1, 2, 3, 3, 3, 3, 4, 8][row.who.below(61, 10) as usize],
    };
    labels::ACCOMMODATION[place]
}

fn employment(row: &Row<'_>) -> Label {
    let working_age = (18..65).contains(&row.person.age(row.submission.end));
    let place = match row.who.below(62, 100) {
        0..=5 if working_age => 0,
        6..=9 if working_age => 2,
        0..=79 => 1,
        80..=89 => 3,
        _ => return labels::NONE,
    };
    labels::EMPLOYMENT[place]
}

/// Event type, reference, dates, outcome.
fn event(t: &mut Table, text: &mut String, row: &Row<'_>) -> Result<(), Error> {
    let Row { messy, event, view, noise, .. } = row;
    let kind = event.kind.label();
    row.coded(EVENT_TYPE, Label { new: kind, old: kind }, t)?;
    text.clear();
    let _ = write!(text, "E{:010x}", event.salt >> 24);
    // a carer known by association has person details and links only
    let associated = event.kind == EventType::None;
    t.text(if associated { "" } else { text })?;
    let (mut start, mut end) = (Some(event.start), view.end);
    if noise.chance(50, messy.reversed_dates) && end.is_some_and(|end| end > event.start) {
        (start, end) = (end, start);
    }
    if noise.chance(51, messy.sentinel_date) {
        if end.is_none() {
            end = Day::from_ymd(9999, 1, 1);
        } else {
            start = Day::from_ymd(1900, 1, 1);
        }
    }
    row.date(start.filter(|_| !associated), text);
    t.text(text)?;
    row.date(end.filter(|_| !associated), text);
    t.text(text)?;
    let conversation = event.kind == EventType::Request && noise.chance(52, 0.12);
    t.text(if conversation { "Initial conversation" } else { "" })?;
    let money = event.assessment == AssessmentType::Financial;
    let outcome =
        if associated || money { labels::NONE } else { labels::outcome(view.outcome, event.kind) };
    row.coded(13, outcome, t)
}

/// What only one event type or client type has.
fn by_type(t: &mut Table, text: &mut String, row: &Row<'_>) -> Result<(), Error> {
    let Row { event, noise, .. } = row;
    let request = event.kind == EventType::Request;
    let service = event.kind == EventType::Service;
    let review = event.kind == EventType::Review;
    let care = event.kind == EventType::Assessment && event.assessment != AssessmentType::Financial;
    let some = |when: bool, label: Label| if when { label } else { labels::NONE };
    let both = |text: &'static str| Label { new: text, old: text };
    let method = both(match (event.carer, noise.below(53, 10)) {
        (true, _) => "Carer only",
        (_, 0..=2) => "Service user and carer",
        _ => "Service user only",
    });
    row.coded(14, some(request, labels::ROUTE[event.route]), t)?;
    row.coded(15, labels::assessment_type(event.assessment), t)?;
    t.text("")?;
    row.coded(16, some(care, method), t)?;
    t.text("")?;
    t.text(if event.carer { "1" } else { "" })?;
    match event.cares_for {
        Some(serial) => row.local_id(serial, text),
        None => text.clear(),
    }
    t.text(text)?;
    t.text("")?;
    t.text("")?;
    row.coded(17, labels::service_type(event.service), t)?;
    row.coded(18, labels::component(event.component), t)?;
    row.coded(19, labels::MECHANISM[event.mechanism], t)?;
    let provided = service && event.mechanism != 1 && event.component != Component::Equipment;
    let place = noise.below(54, 40) + 40 * row.area.index as u64;
    text.clear();
    let _ = write!(text, "Care provider {}", place + 1);
    t.text(if provided { text } else { "" })?;
    text.clear();
    let _ = write!(text, "1-{}", 100_000_000 + place * 1_009);
    t.text(if provided { text } else { "" })?;
    row.coded(20, some(review, labels::REVIEW_REASON[event.review]), t)?;
    let achieved = ["Fully achieved", "Partially achieved", "Not achieved"]
        [[0, 0, 0, 1, 1, 2][noise.below(55, 6) as usize]];
    row.coded(21, some(review && event.review == 0, both(achieved)), t)?;
    row.coded(22, some(review, method), t)?;
    let cost = if service { cost(event.component, *noise) } else { None };
    let (pence, frequency) = cost.unwrap_or((0, ""));
    text.clear();
    let _ = write!(text, "{}.{:02}", pence / 100, pence % 100);
    t.text(if cost.is_some() { text } else { "" })?;
    row.coded(23, both(frequency), t)?;
    text.clear();
    let _ = write!(text, "{}.00", event.units);
    t.text(if cost.is_some() { text } else { "" })?;
    let conversation = request && noise.chance(52, 0.12);
    t.text(if conversation { "1" } else { "0" })
}

/// Unit cost in pence and its frequency, about the published unit costs of England.
fn cost(component: Component, noise: Noise) -> Option<(u64, &'static str)> {
    let (mean, frequency) = match component {
        Component::HomeSupport => (2_300, "Hourly"),
        Component::Reablement => (2_900, "Hourly"),
        Component::LongTermResidential => (98_000, "Weekly"),
        Component::LongTermNursing => (112_000, "Weekly"),
        Component::ShortTermResidential | Component::ShortTermNursing => (105_000, "Weekly"),
        Component::SupportedLiving => (95_000, "Weekly"),
        Component::DirectPayment => (36_000, "Weekly"),
        Component::ExtraCare => (24_000, "Weekly"),
        Component::SharedLives => (46_000, "Weekly"),
        Component::DaySupport => (6_800, "Per session"),
        Component::Meals => (650, "Per session"),
        Component::Transport => (1_500, "Per session"),
        Component::Equipment => (16_000, "One-off"),
        Component::CarerRespite => (9_000, "Daily"),
        _ => return None,
    };
    Some((mean * (60 + noise.below(56, 81)) / 100, frequency))
}
