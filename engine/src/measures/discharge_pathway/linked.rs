//! The pathway that care records show (M5b): ten tests on the raw service rows around a discharge, the
//! first that fits decides.

use crate::follow_up;
use crate::frame::Frame;
use crate::measures::usual_residence::DestinationGroup;
use crate::stay::Stay;
use crate::stratum::care_state;
use serde::{Deserialize, Serialize};
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{ClientType, Component, EventType, ServiceType};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::Day;
use throughcare_linkage::hospital::stay::StayFlags;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::state::State;

/// The table `[measures.discharge_pathway.linked]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinkedSettings {
    /// Days before the discharge from which a service may start, included.
    pub pre_days: i32,
    /// Days after the discharge to which a service may start, included.
    pub post_days: i32,
    /// A service that ran so many days before the admission, or later, is not new.
    pub recent_days: i32,
    /// Components that make a short-term service bed-based, by their labels.
    pub bed_components: Vec<String>,
    /// A hospital spell in a rehabilitation bed that follows, and joined no CIPS with the stay, is
    /// bed-based short-term care.
    pub rehabilitation_spells: bool,
    /// A move from residential to nursing care is pathway 3; else it changes nothing.
    pub upgrade_counts: bool,
    /// A running service makes pathway 1 when its planned units a week rise by more than so many per
    /// cent.
    pub rise_percent: u32,
    /// New low-level support is pathway 1; else it changes nothing.
    pub low_level_counts: bool,
    /// New support of an unpaid carer that involves the person is pathway 1; else it changes nothing.
    pub carer_support_counts: bool,
    /// New equipment is pathway 1; else it changes nothing.
    pub equipment_counts: bool,
}

impl Default for LinkedSettings {
    fn default() -> Self {
        let beds = [Component::ShortTermNursing, Component::ShortTermResidential];
        Self {
            pre_days: 7,
            post_days: 7,
            recent_days: 7,
            bed_components: beds.map(|component| component.label().into()).into(),
            rehabilitation_spells: true,
            upgrade_counts: true,
            rise_percent: 10,
            low_level_counts: false,
            carer_support_counts: false,
            equipment_counts: false,
        }
    }
}

impl LinkedSettings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        let days = [
            ("pre_days", self.pre_days),
            ("post_days", self.post_days),
            ("recent_days", self.recent_days),
        ];
        if let Some((name, days)) = days.into_iter().find(|(_, days)| *days < 0) {
            return Err(format!("linked.{name} = {days} must not be negative"));
        }
        let unknown = |label: &&String| Component::from_label(label).is_none();
        match self.bed_components.iter().find(unknown) {
            Some(label) => {
                Err(format!("linked.bed_components: {label:?} is not a service component"))
            }
            None => Ok(()),
        }
    }
}

/// A discharge pathway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Pathway {
    Zero,
    One,
    Two,
    Three,
    /// Died, or went to another hospital or into custody.
    None,
    /// Care records cannot tell.
    Unknown,
}

impl Pathway {
    /// Every pathway, in order.
    pub const ALL: [Self; 6] =
        [Self::Zero, Self::One, Self::Two, Self::Three, Self::None, Self::Unknown];

    /// The name in strata.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zero => "0",
            Self::One => "1",
            Self::Two => "2",
            Self::Three => "3",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }

    /// One of the pathways 0 to 3.
    #[must_use]
    pub const fn is_known(self) -> bool {
        !matches!(self, Self::None | Self::Unknown)
    }
}

/// Which of the ten tests decided, in their order; the ninth has three answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Basis {
    /// 1: died, another hospital, custody.
    NotDischarged,
    /// 2: not linkable, or no council covers the day of discharge.
    NotLinked,
    /// 3: a new short-term bed.
    NewBed,
    /// 4: a new care home.
    NewCareHome,
    /// 5: from residential to nursing care.
    Upgrade,
    /// 6: new reablement at home.
    NewReablement,
    /// 7: new long-term support at home, or other short-term support.
    NewSupport,
    /// 8: more of a running service.
    MoreSupport,
    /// 9: back in the care home.
    Resident,
    /// 9: a service that ran through the stay.
    Continued,
    /// 9: a service that stopped for the stay and started again.
    Restarted,
    /// 10: no service.
    NoService,
}

impl Basis {
    /// Every basis, in order.
    pub const ALL: [Self; 12] = [
        Self::NotDischarged,
        Self::NotLinked,
        Self::NewBed,
        Self::NewCareHome,
        Self::Upgrade,
        Self::NewReablement,
        Self::NewSupport,
        Self::MoreSupport,
        Self::Resident,
        Self::Continued,
        Self::Restarted,
        Self::NoService,
    ];

    /// The pathway of a discharge that this test decided.
    #[must_use]
    pub const fn pathway(self) -> Pathway {
        match self {
            Self::NotDischarged => Pathway::None,
            Self::NotLinked => Pathway::Unknown,
            Self::NewBed => Pathway::Two,
            Self::NewCareHome | Self::Upgrade => Pathway::Three,
            Self::NewReablement | Self::NewSupport | Self::MoreSupport => Pathway::One,
            Self::Resident | Self::Continued | Self::Restarted | Self::NoService => Pathway::Zero,
        }
    }

    /// The name in strata.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotDischarged => "not_discharged",
            Self::NotLinked => "not_linked",
            Self::NewBed => "new_short_term_bed",
            Self::NewCareHome => "new_care_home",
            Self::Upgrade => "residential_to_nursing",
            Self::NewReablement => "new_reablement",
            Self::NewSupport => "new_support",
            Self::MoreSupport => "more_support",
            Self::Resident => "care_home_resident",
            Self::Continued => "service_continued",
            Self::Restarted => "service_restarted",
            Self::NoService => "no_service",
        }
    }
}

/// The rule with its settings resolved.
#[derive(Clone, Debug)]
pub struct LinkedRule {
    settings: LinkedSettings,
    beds: Vec<Component>,
}

/// One stay and the days that the tests look at, all included.
#[derive(Clone, Copy)]
struct Around {
    admission: Day,
    discharge: Day,
    /// First and last day on which a new service may start.
    from: Day,
    to: Day,
    /// First day of the days before admission in which a service is recent.
    recent: Day,
}

/// A service row: type and component are the same service.
type Service = (ServiceType, Component);

const fn service_of(event: &CareEvent) -> Service {
    (event.service_type, event.component)
}

/// Whether a row runs on any day from `first` to `last`, both included.
fn runs_in(event: &CareEvent, first: Day, last: Day) -> bool {
    event.start <= last && event.end.get().is_none_or(|end| end >= first)
}

impl LinkedRule {
    /// The rule of these settings.
    #[must_use]
    pub fn new(settings: &LinkedSettings) -> Self {
        let beds = settings.bed_components.iter();
        let beds = beds.filter_map(|label| Component::from_label(label)).collect();
        Self { settings: settings.clone(), beds }
    }

    /// The test that decides about a discharge.
    ///
    /// Complexity: the square of the service rows around the stay at most.
    #[must_use]
    pub fn basis(&self, stay: &Stay, person: &Person<'_>, frame: &Frame) -> Basis {
        const DIED: Code = Code::new("4");
        let is_left = stay.discharge_method == DIED
            || matches!(
                DestinationGroup::of(stay.destination),
                DestinationGroup::Death | DestinationGroup::Hospital | DestinationGroup::Custody
            );
        if is_left {
            return Basis::NotDischarged;
        }
        let discharge = stay.discharge;
        if !person.linkable || follow_up::covered_until(person, frame, discharge) == discharge {
            return Basis::NotLinked;
        }
        let around = Around {
            admission: stay.admission,
            discharge,
            from: discharge.plus(-self.settings.pre_days),
            to: discharge.plus(self.settings.post_days),
            recent: stay.admission.plus(-self.settings.recent_days),
        };
        let before = care_state(person, stay.admission.plus(-1));
        if let Some(basis) = self.new_service(stay, person, before, around) {
            return basis;
        }
        let running = self.running_service(person, around);
        if running == Some(Basis::MoreSupport) {
            return Basis::MoreSupport;
        }
        if matches!(before, Some(State::Nursing | State::Residential)) {
            return Basis::Resident;
        }
        running.unwrap_or(Basis::NoService)
    }

    /// Tests 3 to 7 on the new services: the earliest start decides, on one day the higher pathway.
    fn new_service(
        &self,
        stay: &Stay,
        person: &Person<'_>,
        before: Option<State>,
        around: Around,
    ) -> Option<Basis> {
        let is_new = |event: &&CareEvent| {
            let same = |other: &CareEvent| service_of(other) == service_of(event);
            around.from <= event.start
                && event.start <= around.to
                && !services(person)
                    .any(|other| same(other) && runs_in(other, around.recent, around.admission))
        };
        let rows = services(person).filter(is_new).filter_map(|event| {
            let basis = self.basis_of_new(service_of(event), before)?;
            Some((event.start, basis))
        });
        let beds = self.rehabilitation_bed(stay, person, around).map(|day| (day, Basis::NewBed));
        let key = |&(day, basis): &(Day, Basis)| (day, std::cmp::Reverse(basis.pathway()), basis);
        rows.chain(beds).min_by_key(key).map(|(_, basis)| basis)
    }

    /// What a new service says: none of the tests for one that does not change the pathway.
    fn basis_of_new(&self, service: Service, before: Option<State>) -> Option<Basis> {
        let (kind, component) = service;
        if !self.changes_pathway(service) {
            return None;
        }
        match kind {
            ServiceType::StMax | ServiceType::OtherShortTerm if self.beds.contains(&component) => {
                Some(Basis::NewBed)
            }
            ServiceType::Nursing | ServiceType::Residential => match before {
                Some(State::Residential) => {
                    let upgrade = kind == ServiceType::Nursing && self.settings.upgrade_counts;
                    upgrade.then_some(Basis::Upgrade)
                }
                Some(State::Nursing) => None,
                _ => Some(Basis::NewCareHome),
            },
            ServiceType::StMax => Some(Basis::NewReablement),
            ServiceType::Community
            | ServiceType::OtherShortTerm
            | ServiceType::LowLevel
            | ServiceType::CarerDirect
            | ServiceType::CarerIndirect => Some(Basis::NewSupport),
            ServiceType::Prison | ServiceType::None | ServiceType::Invalid => None,
        }
    }

    /// Unpaid-carer support, equipment and low-level support leave the pathway alone.
    fn changes_pathway(&self, (kind, component): Service) -> bool {
        let settings = &self.settings;
        match (kind, component) {
            (_, Component::Equipment) => settings.equipment_counts,
            (ServiceType::LowLevel, _) => settings.low_level_counts,
            (ServiceType::CarerDirect | ServiceType::CarerIndirect, _) => {
                settings.carer_support_counts
            }
            _ => true,
        }
    }

    /// The first day of a rehabilitation spell that follows the stay and joined no CIPS with it.
    fn rehabilitation_bed(&self, stay: &Stay, person: &Person<'_>, around: Around) -> Option<Day> {
        if !self.settings.rehabilitation_spells {
            return None;
        }
        let own = person.spells.get(stay.first_spell as usize)?.cips;
        let later = person.spells.iter().skip(stay.first_spell as usize + 1);
        let follows = |spell: &&throughcare_linkage::hospital::stay::Spell| {
            spell.cips != own
                && spell.admission >= around.discharge
                && spell.admission <= around.to
                && spell.flags.has(StayFlags::REHABILITATION)
        };
        later.filter(follows).map(|spell| spell.admission).min()
    }

    /// Tests 8 and 9: a service that ran before the admission and runs or restarts after the discharge.
    fn running_service(&self, person: &Person<'_>, around: Around) -> Option<Basis> {
        let ran = |event: &CareEvent| {
            event.start < around.admission && runs_in(event, around.recent, around.admission)
        };
        let runs = |event: &CareEvent| runs_in(event, around.discharge, around.to);
        let mut found = None;
        for after in services(person).filter(|event| runs(event)) {
            let of_service = || services(person).filter(|e| service_of(e) == service_of(after));
            let latest = |event: &&CareEvent| (event.start, event.record_id);
            let Some(before) = of_service().filter(|event| ran(event)).max_by_key(latest) else {
                continue;
            };
            let now = of_service().filter(|event| runs(event)).max_by_key(latest).unwrap_or(after);
            if self.changes_pathway(service_of(after)) && self.has_risen(person, before, now) {
                return Some(Basis::MoreSupport);
            }
            let through = of_service().any(|event| ran(event) && runs(event));
            let basis = if through { Basis::Continued } else { Basis::Restarted };
            found = Some(found.map_or(basis, |known: Basis| known.min(basis)));
        }
        found
    }

    /// Whether the planned units a week rose by more than the limit; both must be known.
    fn has_risen(&self, person: &Person<'_>, before: &CareEvent, after: &CareEvent) -> bool {
        let units = |event: &CareEvent| {
            let detail = person.cld_details.get(event.row as usize)?;
            detail.planned_units.get().map(i128::from)
        };
        let (Some(before), Some(after)) = (units(before), units(after)) else { return false };
        100 * after > (100 + i128::from(self.settings.rise_percent)) * before
    }
}

/// The service rows of a service user up to the day of death, by start.
fn services<'a>(person: &Person<'a>) -> impl Iterator<Item = &'a CareEvent> + use<'a> {
    let death = person.dod().or(Day(i32::MAX));
    person.joined.iter().filter(move |event| {
        event.event_type == EventType::Service
            && !matches!(
                event.client_type,
                ClientType::UnpaidCarer | ClientType::UnpaidCarerByAssociation
            )
            && !event.is_reversed()
            && event.start <= death
    })
}
