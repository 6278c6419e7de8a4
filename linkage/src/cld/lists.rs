//! The built-in code lists (`codes/cld/*.csv`): accepted raw texts and Release 2 labels by field.

use crate::cld::cleaning::{Cleaned, fold};
use crate::codes::cld::Field;

/// The label of a value that is known but ambiguous.
pub(crate) const INVALID_LABEL: &str = "Invalid and not mapped";

/// One accepted raw text.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub raw: Box<str>,
    pub cleaned: Cleaned,
    /// 2 for a label of Release 2 or of both releases, 1 for one of Release 1 only, else 0.
    pub release: u8,
}

/// The list of a field.
#[derive(Clone, Debug)]
pub(crate) struct List {
    entries: Vec<Entry>,
    labels: Vec<Box<str>>,
    columns: Vec<Box<str>>,
    /// By label, then by column; the last row is that of [`INVALID_LABEL`].
    attributes: Vec<Vec<Box<str>>>,
}

/// The lists of all fields, in the order of [`Field::ALL`].
pub(crate) fn built_in() -> Result<Vec<List>, String> {
    Field::ALL
        .into_iter()
        .map(|field| {
            List::parse(text_of(field)).map_err(|error| format!("list {}: {error}", field.name()))
        })
        .collect()
}

impl List {
    fn parse(text: &str) -> Result<Self, String> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| error.to_string())?.clone();
        let columns: Vec<Box<str>> = header.iter().skip(3).map(Into::into).collect();
        let blank = vec![Box::from(""); columns.len()];
        let mut list =
            Self { entries: Vec::new(), labels: Vec::new(), columns, attributes: Vec::new() };
        let mut of_invalid = None;
        for row in reader.records() {
            let row = row.map_err(|error| error.to_string())?;
            let column = |n: usize| row.get(n).unwrap_or_default();
            let values = || row.iter().skip(3).map(Box::from).collect::<Vec<Box<str>>>();
            let cleaned = if column(1) == INVALID_LABEL {
                of_invalid.get_or_insert_with(values);
                Cleaned::INVALID
            } else if let Some(known) = list.find(column(1)) {
                known
            } else {
                list.attributes.push(values());
                list.push_label(column(1))?
            };
            let release = match column(2) {
                "2" | "both" => 2,
                "1" => 1,
                "" => 0,
                other => return Err(format!("unknown release \"{other}\"")),
            };
            list.entries.push(Entry { raw: column(0).into(), cleaned, release });
        }
        list.attributes.push(of_invalid.unwrap_or(blank));
        Ok(list)
    }

    fn push_label(&mut self, label: &str) -> Result<Cleaned, String> {
        self.labels.push(label.into());
        match u8::try_from(self.labels.len()) {
            Ok(number) if number < u8::MAX => Ok(Cleaned(number)),
            _ => Err("more than 254 labels".to_owned()),
        }
    }

    /// The value of a label that a user maps a text to; a new label where the list is not complete.
    pub fn add_label(&mut self, field: Field, label: Option<&str>) -> Result<Cleaned, String> {
        let Some(label) = label.map(str::trim).filter(|label| !label.is_empty()) else {
            return Ok(Cleaned::INVALID);
        };
        if let Some(known) = self.find(label) {
            return Ok(known);
        }
        if !is_incomplete(field) {
            return Err(format!("unknown label \"{label}\" of {}", field.name()));
        }
        let blank = vec![Box::from(""); self.columns.len()];
        self.attributes.insert(self.labels.len(), blank);
        self.push_label(label)
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn label(&self, cleaned: Cleaned) -> &str {
        match cleaned {
            Cleaned::NONE => "",
            Cleaned::INVALID => INVALID_LABEL,
            Cleaned(n) => self.labels.get(usize::from(n) - 1).map_or("", |label| label),
        }
    }

    pub fn labels(&self) -> impl Iterator<Item = (Cleaned, &str)> {
        self.labels.iter().enumerate().map(|(n, label)| (Cleaned(n as u8 + 1), &**label))
    }

    pub fn find(&self, label: &str) -> Option<Cleaned> {
        let label = fold(label);
        if label == fold(INVALID_LABEL) {
            return Some(Cleaned::INVALID);
        }
        self.labels().find(|(_, known)| fold(known) == label).map(|(cleaned, _)| cleaned)
    }

    pub fn attribute(&self, cleaned: Cleaned, column: &str) -> &str {
        let row = match cleaned {
            Cleaned::NONE => return "",
            Cleaned::INVALID => self.attributes.last(),
            Cleaned(n) => self.attributes.get(usize::from(n) - 1),
        };
        let column = self.columns.iter().position(|name| &**name == column);
        row.zip(column).and_then(|(row, n)| row.get(n)).map_or("", |text| text)
    }

    /// The best release that has exactly this text as a label.
    pub fn release_of(&self, text: &str) -> u8 {
        let same = self.entries.iter().filter(|entry| &*entry.raw == text);
        same.map(|entry| entry.release).max().unwrap_or(0)
    }
}

/// Fields whose Release 2 list is not fully known: a user may add labels.
pub const fn is_incomplete(field: Field) -> bool {
    matches!(
        field,
        Field::AutismSpectrumDisorder
            | Field::VisualImpairment
            | Field::HearingImpairment
            | Field::Dementia
            | Field::RequestRouteOfAccess
            | Field::EligibleNeedsIdentified
            | Field::MethodOfAssessment
            | Field::TotalHoursCaring
            | Field::ReviewReason
            | Field::ReviewOutcomesAchieved
            | Field::MethodOfReview
            | Field::CostFrequency
    )
}

const fn text_of(field: Field) -> &'static str {
    macro_rules! list {
        ($name:literal) => {
            include_str!(concat!("../codes/cld/", $name, ".csv"))
        };
    }
    match field {
        Field::EventType => list!("event_type"),
        Field::ClientType => list!("client_type"),
        Field::Gender => list!("gender"),
        Field::Ethnicity => list!("ethnicity"),
        Field::PrimarySupportReason => list!("primary_support_reason"),
        Field::AccommodationStatus => list!("accommodation_status"),
        Field::EmploymentStatus => list!("employment_status"),
        Field::HasUnpaidCarer => list!("has_unpaid_carer"),
        Field::AutismSpectrumDisorder => list!("autism_spectrum_disorder_asd"),
        Field::VisualImpairment => list!("visual_impairment"),
        Field::HearingImpairment => list!("hearing_impairment"),
        Field::Dementia => list!("dementia"),
        Field::ClientFundingStatus => list!("client_funding_status"),
        Field::EventOutcome => list!("event_outcome"),
        Field::RequestRouteOfAccess => list!("request_route_of_access"),
        Field::AssessmentType => list!("assessment_type"),
        Field::EligibleNeedsIdentified => list!("eligible_needs_identified"),
        Field::MethodOfAssessment => list!("method_of_assessment"),
        Field::TotalHoursCaring => list!("total_hrs_caring_per_week"),
        Field::ServiceType => list!("service_type"),
        Field::ServiceComponent => list!("service_component"),
        Field::DeliveryMechanism => list!("delivery_mechanism"),
        Field::ReviewReason => list!("review_reason"),
        Field::ReviewOutcomesAchieved => list!("review_outcomes_achieved"),
        Field::MethodOfReview => list!("method_of_review"),
        Field::CostFrequency => list!("cost_frequency_unit_type"),
    }
}
