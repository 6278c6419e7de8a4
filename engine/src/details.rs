//! What the records of a person say that events do not carry themselves: latest person details
//! (P-16 to P-28), delivery mechanisms, times of import.

use std::sync::Arc;
use throughcare_linkage::cld::cleaning::{Cleaned, Cleaning};
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::person_details::{CarerLinks, DetailCodes, LatestDetails};
use throughcare_linkage::codes::cld::{Field, Mechanism};
use throughcare_linkage::instant::Instant;
use throughcare_linkage::link::person::Person;

/// The meaning of a run's raw texts, and what was collected over all people. Empty (the default) where
/// a run has no social care records: everything is then unknown.
#[derive(Clone, Debug, Default)]
pub struct Details {
    inner: Option<Arc<Inner>>,
}

#[derive(Debug)]
struct Inner {
    cleaning: Arc<Cleaning>,
    codes: DetailCodes,
    links: CarerLinks,
    /// Time of import by submission.
    imports: Vec<Instant>,
    /// Ethnic groups in the order of the list.
    ethnic_groups: Vec<String>,
}

impl Details {
    /// The details of a run: `links` are those of the carers of the statistical period, `imports` the
    /// times of import by number of submission.
    #[must_use]
    pub fn new(cleaning: Arc<Cleaning>, links: CarerLinks, imports: Vec<Instant>) -> Self {
        let codes = DetailCodes::new(&cleaning);
        let mut ethnic_groups: Vec<String> = Vec::new();
        for (value, _) in cleaning.labels(Field::Ethnicity) {
            let group = cleaning.attribute(Field::Ethnicity, value, "group");
            if !ethnic_groups.iter().any(|known| known == group) {
                ethnic_groups.push(group.to_owned());
            }
        }
        Self { inner: Some(Arc::new(Inner { cleaning, codes, links, imports, ethnic_groups })) }
    }

    /// The cleaned delivery mechanism of an event.
    #[must_use]
    #[inline]
    pub fn mechanism(&self, event: &CareEvent) -> Mechanism {
        let inner = self.inner.as_ref();
        inner.map_or(Mechanism::None, |inner| inner.cleaning.mechanism(event.mechanism))
    }

    /// The time of import of an event's submission; none for an event that was prepared elsewhere.
    #[must_use]
    pub fn import(&self, person: &Person<'_>, event: &CareEvent) -> Option<Instant> {
        let row = person.cld_rows.get(event.row as usize).filter(|row| !row.is_prepared())?;
        self.inner.as_ref()?.imports.get(usize::from(row.submission)).copied()
    }

    /// Accommodation in one council by the latest details (P-22, P-23).
    #[must_use]
    pub fn accommodation(&self, la: u16, person: &Person<'_>) -> Accommodation {
        let unknown = Accommodation { is_settled: false, is_presumed_or_unknown: true };
        self.inner.as_ref().map_or(unknown, |inner| {
            let status = inner.latest().accommodation(la, person.joined, person.cld_details);
            Accommodation {
                is_settled: inner.codes.is_settled(status),
                is_presumed_or_unknown: inner.codes.is_presumed_or_unknown(status),
            }
        })
    }

    /// Primary support reason in one council by the latest details (P-20).
    #[must_use]
    pub fn primary_support_reason(&self, la: u16, person: &Person<'_>) -> Cleaned {
        self.inner.as_ref().map_or(Cleaned::NONE, |inner| {
            inner.latest().primary_support_reason(la, person.joined, person.cld_details)
        })
    }

    /// Ethnic group in one council by the latest details (P-18): position in
    /// [`Details::ethnic_groups`].
    #[must_use]
    pub fn ethnic_group(&self, la: u16, person: &Person<'_>) -> Option<usize> {
        let inner = self.inner.as_ref()?;
        let ethnicity = inner.latest().ethnicity(la, person.joined, person.cld_details);
        let group = inner.cleaning.attribute(Field::Ethnicity, ethnicity, "group");
        inner.ethnic_groups.iter().position(|known| known == group)
    }

    /// The ethnic groups in the order of the list.
    #[must_use]
    pub fn ethnic_groups(&self) -> &[String] {
        self.inner.as_ref().map_or(&[], |inner| &inner.ethnic_groups)
    }

    /// Whether the latest primary support reason in one council is learning disability.
    #[must_use]
    pub fn has_learning_disability(&self, la: u16, person: &Person<'_>) -> bool {
        let reason = self.primary_support_reason(la, person);
        self.inner.as_ref().is_some_and(|inner| inner.codes.is_learning_disability(reason))
    }

    /// Whether the person has an unpaid carer, in one council, by the latest details (P-26); nothing
    /// when unknown.
    #[must_use]
    pub fn has_carer(&self, la: u16, person: &Person<'_>) -> Option<bool> {
        let inner = self.inner.as_ref()?;
        inner.codes.has_carer(inner.latest().has_carer(la, person.joined, person.cld_details))
    }

    /// The labels of primary support reasons in the order of their list, which is that of the numbers
    /// of cleaned values, from 1.
    #[must_use]
    pub fn support_reasons(&self) -> Vec<String> {
        self.inner.as_ref().map_or(Vec::new(), |inner| {
            let labels = inner.cleaning.labels(Field::PrimarySupportReason);
            labels.map(|(_, label)| label.to_owned()).collect()
        })
    }
}

impl Inner {
    fn latest(&self) -> LatestDetails<'_> {
        LatestDetails::with_codes(&self.cleaning, &self.links, &self.codes)
    }
}

/// Where a person lives, as far as measures ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accommodation {
    /// Settled: at home or with family.
    pub is_settled: bool,
    /// Unknown, or only presumed from services.
    pub is_presumed_or_unknown: bool,
}
