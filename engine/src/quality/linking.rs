//! Linkage and person-level figures by council (`cld-data-quality.md` section 6).

use super::plan::Plan;
use crate::stratum::{Dimension, Strata};
use throughcare_linkage::codes::cld::{ClientType, EventType, Field};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::person::PersonIdKind;
use throughcare_linkage::records::cld::CldDetail;

/// Groups of rows: all, by event type, by client type; unknown ones are the last of each.
pub const ROW_GROUPS: [&str; 10] = [
    "",
    "event_type=Request",
    "event_type=Assessment",
    "event_type=Service",
    "event_type=Review",
    "event_type=Unknown",
    "client_type=Service user",
    "client_type=Unpaid carer",
    "client_type=Unpaid carer known by association",
    "client_type=Unknown",
];

/// Groups of people by ethnicity: the department's, the unknown ones last.
pub const ETHNIC_GROUPS: [&str; 7] = [
    "White",
    "Mixed or multiple ethnic groups",
    "Asian or Asian British",
    "Black, Black British, Caribbean or African",
    "Other ethnic group",
    "No data",
    "Unknown",
];

/// Rows of a group by identifier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rows.
    pub rows: u64,
    /// With the pseudonym of a traced NHS number.
    pub traced: u64,
    /// With that of a traced or a submitted one.
    pub nhs: u64,
    /// Known by the council's own identifier alone.
    pub local: u64,
    /// Without any.
    pub none: u64,
}

/// People of a group by identifier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// People.
    pub people: u64,
    /// Known by the pseudonym of an NHS number.
    pub nhs: u64,
    /// Of them, those with a hospital spell.
    pub in_hospital: u64,
}

/// Rows and people of one council.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Council {
    /// By [`ROW_GROUPS`].
    pub rows: [Rows; ROW_GROUPS.len()],
    /// All, then by age band, then by [`ETHNIC_GROUPS`].
    pub people: Vec<People>,
}

/// Counts by council.
#[derive(Clone, Debug, Default)]
pub struct Linking {
    councils: Vec<Option<Council>>,
    here: Vec<u16>,
}

/// Groups of people: all, by age band, by ethnic group.
#[must_use]
pub fn people_groups() -> Vec<String> {
    let bands = (0..age_bands()).map(|band| Dimension::AgeBand.stratum(band));
    let ethnic = ETHNIC_GROUPS.iter().map(|group| format!("ethnicity={group}"));
    std::iter::once(String::new()).chain(bands).chain(ethnic).collect()
}

fn age_bands() -> u8 {
    u8::try_from(Dimension::AgeBand.values().len()).unwrap_or(u8::MAX)
}

impl Linking {
    /// Takes the person's rows that are checked.
    pub fn add(&mut self, plan: &Plan<'_>, person: &Person<'_>) {
        self.here.clear();
        for (n, row) in person.cld_rows.iter().enumerate() {
            if !plan.submission(row).is_selected {
                continue;
            }
            let number = plan.places.council(row.la);
            let council = self.council(number);
            let event = match plan.cleaning.event_type(row.event_type, plan.edition) {
                EventType::Request => 1,
                EventType::Assessment => 2,
                EventType::Service => 3,
                EventType::Review => 4,
                EventType::None | EventType::Invalid => 5,
            };
            let client = match plan.cleaning.client_type(row.client_type) {
                ClientType::ServiceUser => 6,
                ClientType::UnpaidCarer => 7,
                ClientType::UnpaidCarerByAssociation => 8,
                ClientType::None | ClientType::Invalid => 9,
            };
            let has_none = person.id.is_empty();
            for group in [0, event, client] {
                let rows = &mut council.rows[group];
                rows.rows += 1;
                rows.traced += u64::from(row.id_kind == PersonIdKind::NhsTraced);
                rows.nhs += u64::from(row.id_kind.is_linkable());
                rows.local += u64::from(row.id_kind == PersonIdKind::LaLocal);
                rows.none += u64::from(has_none);
            }
            if person.is_known() && !self.here.contains(&number) {
                self.here.push(number);
                let detail = person.cld_details.get(n).copied().unwrap_or_default();
                self.person(plan, person, number, &detail);
            }
        }
    }

    /// One person in one council, by age at the end of the window and the ethnicity of the first row.
    fn person(&mut self, plan: &Plan<'_>, person: &Person<'_>, number: u16, detail: &CldDetail) {
        let age = plan.window.and_then(|window| person.birth().calendar_age(window.end));
        let band = crate::stratum::age_level(age);
        let cleaned = plan.cleaning.cleaned(Field::Ethnicity, detail.ethnicity);
        let ethnic = plan.cleaning.attribute(Field::Ethnicity, cleaned, "group");
        let unknown = ETHNIC_GROUPS.len() - 1;
        let ethnic = ETHNIC_GROUPS.iter().position(|group| *group == ethnic).unwrap_or(unknown);
        let bands = usize::from(age_bands());
        let council = self.council(number);
        let strata = Strata::default().with(Dimension::AgeBand, band);
        let places = Dimension::AgeBand.values_of(strata).map(|band| 1 + usize::from(band));
        let mut count = |at: usize| {
            if let Some(people) = council.people.get_mut(at) {
                people.people += 1;
                people.nhs += u64::from(person.linkable);
                people.in_hospital += u64::from(person.linkable && !person.spells.is_empty());
            }
        };
        count(0);
        places.for_each(&mut count);
        count(1 + bands + ethnic);
    }

    fn council(&mut self, number: u16) -> &mut Council {
        let at = usize::from(number);
        if self.councils.len() <= at {
            self.councils.resize(at + 1, None);
        }
        self.councils[at].get_or_insert_with(Council::default)
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: Self) {
        for (number, theirs) in (0u16..).zip(other.councils) {
            if let Some(theirs) = theirs {
                self.council(number).merge(&theirs);
            }
        }
    }

    /// Councils with rows, in the order of their codes.
    pub fn councils(&self) -> impl Iterator<Item = (u16, &Council)> {
        (0u16..).zip(&self.councils).filter_map(|(n, council)| Some((n, council.as_ref()?)))
    }
}

impl Default for Council {
    fn default() -> Self {
        Self {
            rows: [Rows::default(); ROW_GROUPS.len()],
            people: vec![People::default(); 1 + usize::from(age_bands()) + ETHNIC_GROUPS.len()],
        }
    }
}

impl Council {
    /// Adds the counts of other people.
    pub fn merge(&mut self, other: &Self) {
        for (mine, more) in self.rows.iter_mut().zip(&other.rows) {
            mine.rows += more.rows;
            mine.traced += more.traced;
            mine.nhs += more.nhs;
            mine.local += more.local;
            mine.none += more.none;
        }
        for (mine, more) in self.people.iter_mut().zip(&other.people) {
            mine.people += more.people;
            mine.nhs += more.nhs;
            mine.in_hospital += more.in_hospital;
        }
    }

    /// The figures of section 6 in their order: name with group, numerator, denominator, and whether
    /// they count people.
    #[must_use]
    pub fn figures(&self) -> Vec<(String, u64, u64, bool)> {
        let name = |figure: &str, group: &str| {
            if group.is_empty() { figure.to_owned() } else { format!("{figure}; {group}") }
        };
        let mut found = Vec::new();
        for (group, rows) in ROW_GROUPS.iter().zip(&self.rows) {
            if rows.rows == 0 {
                continue;
            }
            let mut push = |figure, of| found.push((name(figure, group), of, rows.rows, false));
            push("figure=traced NHS number, rows", rows.traced);
            push("figure=NHS number, rows", rows.nhs);
            push("figure=local identifier only, rows", rows.local);
            push("figure=no identifier, rows", rows.none);
            push("figure=usable, rows", rows.rows - rows.none);
        }
        for (group, people) in people_groups().iter().zip(&self.people) {
            if people.people > 0 {
                let mut push = |figure, of, base| found.push((name(figure, group), of, base, true));
                push("figure=NHS number, people", people.nhs, people.people);
                push(
                    "figure=local identifier only, people",
                    people.people - people.nhs,
                    people.people,
                );
                if people.nhs > 0 {
                    push("figure=hospital spell, people", people.in_hospital, people.nhs);
                }
            }
        }
        found
    }
}
