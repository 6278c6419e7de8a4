//! One partition at a time: group its records by person, link each person, hand the person on.

use super::events::{self, EventCounts, Logs};
use super::facts::{Facts, LinkSettings, NO_IDENTIFIER, SHARED_IDENTIFIER};
use super::group::Grouped;
use super::guard::SharedIdentifier;
use super::person::{Person, birth};
use crate::audit::Audit;
use crate::cld::counts::CldCounts;
use crate::cld::event::CareEvent;
use crate::cld::event_filter;
use crate::cld::person_details::{CarerLinks, date_of_death};
use crate::cld::prepare::{self, Preparation};
use crate::cld::settings::{Edition, Mode};
use crate::day::{OptDay, Period};
use crate::hospital::codes::EpisodeCodes;
use crate::hospital::counts::HospitalCounts;
use crate::hospital::death::KnownDeaths;
use crate::hospital::stay::{Cips, Spell, StayFlags};
use crate::hospital::stays::{self, Stays};
use crate::person::{PersonIdKind, PersonKey};
use crate::records::apc::Episode;
use crate::records::appointment::Appointment;
use crate::records::cld::{CldDetail, CldRow};
use crate::records::death::DeathRecord;
use crate::records::ecds::{Attendance, Disposal};
use crate::store::{Partition, Texts};
use crate::timeline::build::{self, LineInput, Lines};
use crate::timeline::counts::LineCounts;
use crate::timeline::death::choose_death;
use crate::timeline::state::{Line, LineFlags};

/// Links people by the settings of a study and the facts of its records. Shared by all threads.
#[derive(Debug)]
pub struct Linker<'a> {
    settings: LinkSettings<'a>,
    preparation: Preparation<'a>,
    stays: Stays,
    lines: Lines,
    guard: SharedIdentifier,
    attendances_given: bool,
    joined_only: bool,
    logs: Logs<'a>,
}

/// What linking did, as counts that add up over partitions.
#[derive(Clone, Debug, Default)]
pub struct LinkCounts {
    /// Preparation of social care records.
    pub cld: CldCounts,
    /// Spells and CIPS.
    pub hospital: HospitalCounts,
    /// Timelines.
    pub lines: LineCounts,
    /// Event logs beside the other records.
    pub events: EventCounts,
    /// People, those without identifier not counted.
    pub people: u64,
    /// Order-free checksum of the people's keys: a person met twice shows.
    pub checksum: u128,
    shared_identifier: u64,
    no_identifier: u64,
}

impl LinkCounts {
    /// Adds the counts of other people.
    pub fn merge(&mut self, other: &Self) {
        self.cld.merge(&other.cld);
        self.hospital.merge(&other.hospital);
        self.lines.merge(&other.lines);
        self.events.merge(&other.events);
        self.people += other.people;
        self.checksum = self.checksum.wrapping_add(other.checksum);
        self.shared_identifier += other.shared_identifier;
        self.no_identifier += other.no_identifier;
    }

    /// The counts rule by rule.
    #[must_use]
    pub fn audit(&self) -> Audit {
        let mut audit = Audit::default();
        audit.count(SHARED_IDENTIFIER, self.shared_identifier);
        audit.count(NO_IDENTIFIER, self.no_identifier);
        self.events.to_audit(&mut audit);
        self.cld.to_audit(&mut audit);
        self.hospital.to_audit(&mut audit);
        self.lines.to_audit(&mut audit);
        audit
    }
}

/// Buffers that one thread uses for all its people.
#[derive(Debug, Default)]
pub struct Scratch {
    apc: Grouped<Episode>,
    cld: Grouped<CldRow>,
    ecds: Grouped<Attendance>,
    outpatients: Grouped<Appointment>,
    deaths: Grouped<DeathRecord>,
    codes: EpisodeCodes,
    spell_episodes: Vec<(u32, u32)>,
    details: Vec<CldDetail>,
    registered: Vec<DeathRecord>,
    joined: Vec<CareEvent>,
    single: Vec<CareEvent>,
    spells: Vec<Spell>,
    cips: Vec<Cips>,
    attendances: Vec<Attendance>,
    attendance_spells: Vec<u32>,
    appointments: Vec<Appointment>,
    line: Line,
    events: events::Scratch,
    cld_scratch: prepare::Scratch,
    hospital_scratch: stays::Scratch,
    line_scratch: build::Scratch,
}

impl<'a> Linker<'a> {
    /// A linker for records whose facts are settled.
    #[must_use]
    pub fn new(settings: LinkSettings<'a>, facts: &'a Facts, texts: &Texts) -> Self {
        Self {
            settings,
            preparation: Preparation::new(
                &facts.cleaning,
                &facts.selection,
                settings.cld,
                &texts.la.texts(),
                facts.deaths_given,
            ),
            stays: Stays::new(settings.hospital, facts.sus_end, &texts.provider.texts())
                .with_areas(&texts.lsoa.texts(), &texts.la.texts()),
            lines: Lines::new(
                settings.timeline,
                facts.window_start..facts.window_end,
                facts.coverage.clone(),
                facts.sus_start..facts.sus_end,
            ),
            guard: SharedIdentifier::default(),
            attendances_given: facts.attendances_given,
            joined_only: false,
            logs: Logs::default(),
        }
    }

    /// Also gives people the events of these logs.
    #[must_use]
    pub fn with_logs(mut self, logs: Logs<'a>) -> Self {
        self.logs = logs;
        self
    }

    /// Leaves the single main table out: [`Person::single`] is empty. Timelines come from the joined
    /// table alone.
    #[must_use]
    pub const fn joined_only(mut self) -> Self {
        self.joined_only = true;
        self
    }

    /// Links every person of a partition and calls `each` once a person, in no meaningful order
    /// unless `in_key_order` asks for the order of keys, which is the same for every order of input
    /// and every number of partitions.
    pub fn partition(
        &self,
        partition: &Partition,
        in_key_order: bool,
        scratch: &mut Scratch,
        counts: &mut LinkCounts,
        mut each: impl FnMut(&Person<'_>),
    ) {
        scratch.group(partition);
        scratch.events.meet(&self.logs, partition, &mut counts.events);
        let people = partition.people.len();
        let order = if in_key_order { partition.people.in_key_order() } else { Vec::new() };
        for n in 0..people {
            let person = order.get(n).copied().unwrap_or(n as u32);
            self.person(partition, person, scratch, counts, &mut each);
        }
    }

    /// Collects those whom the unpaid carers of a partition name as cared for (P-26), on events of the
    /// joined table that touch the period. People whose rows name nobody cost next to nothing.
    pub fn carer_links(
        &self,
        partition: &Partition,
        period: Period,
        scratch: &mut Scratch,
        links: &mut CarerLinks,
    ) {
        let names_someone = |detail: &CldDetail| detail.linked_ids.iter().any(|&id| id != 0);
        let rows = partition.cld_detail.iter().zip(partition.persons.cld.iter());
        let naming = rows.filter(|(detail, _)| names_someone(detail)).map(|(_, person)| person);
        let mut naming: Vec<u32> = naming.collect();
        if naming.is_empty() {
            return;
        }
        naming.sort_unstable();
        naming.dedup();
        scratch.group(partition);
        let mut counts = CldCounts::default();
        for person in naming {
            scratch.gather(partition, person);
            self.preparation.clear_null_texts(scratch.cld.rows_mut(), &mut scratch.details);
            if scratch.is_shared(&self.guard) {
                continue;
            }
            scratch.leave_out_weak_matches(&self.settings);
            scratch.joined.clear();
            self.preparation.prepare(
                Mode::Joined,
                scratch.cld.rows(),
                &scratch.details,
                self.death_of_rows(&scratch.registered),
                &mut scratch.cld_scratch,
                &mut scratch.joined,
                &mut counts,
            );
            links.add(&scratch.joined, &scratch.details, period);
        }
    }

    /// The registered death that preparation goes by: none under edition A.
    fn death_of_rows(&self, registered: &[DeathRecord]) -> OptDay {
        match self.settings.cld.edition {
            Edition::A => OptDay::NONE,
            Edition::B => event_filter::registered_death(registered),
        }
    }

    fn person(
        &self,
        partition: &Partition,
        number: u32,
        scratch: &mut Scratch,
        counts: &mut LinkCounts,
        each: &mut impl FnMut(&Person<'_>),
    ) {
        let s = scratch;
        s.gather(partition, number);
        self.preparation.clear_null_texts(s.cld.rows_mut(), &mut s.details);
        let id = partition.people.id(number);
        let key = PersonKey::from(id);
        let episodes = s.apc.rows().len();
        let (arrivals, booked) = (s.ecds.rows().len(), s.outpatients.rows().len());
        let rows = episodes + arrivals + booked + s.cld.rows().len() + s.registered.len();

        let kinds = s.cld.rows().iter().map(|row| row.id_kind);
        let mut id_kind = kinds.min().unwrap_or(PersonIdKind::Hospital);
        let no_identifier = id.is_empty();
        let shared = !no_identifier && s.is_shared(&self.guard);
        if no_identifier || shared {
            id_kind = PersonIdKind::None;
            if shared {
                counts.shared_identifier += rows as u64;
                let rows = s.cld.rows_mut().iter_mut();
                rows.for_each(|row| row.id_kind = PersonIdKind::None);
            } else {
                counts.no_identifier += rows as u64;
            }
        } else {
            counts.people += 1;
            counts.checksum = counts.checksum.wrapping_add(key.0);
        }
        let known = id_kind != PersonIdKind::None;
        s.events.gather(&self.logs, number, known, &mut counts.events);

        counts.hospital.death_weak_match_rows += s.leave_out_weak_matches(&self.settings);
        let registered = Registered::of(&s.registered);
        // the two rules choose differently among several registrations of one person
        let death_of_rows = self.death_of_rows(&s.registered);
        let (rows_of_care, details) = (s.cld.rows(), s.details.as_slice());
        if self.joined_only {
            s.joined.clear();
            self.preparation.prepare(
                Mode::Joined,
                rows_of_care,
                details,
                death_of_rows,
                &mut s.cld_scratch,
                &mut s.joined,
                &mut counts.cld,
            );
        } else {
            self.preparation.both(
                rows_of_care,
                details,
                death_of_rows,
                &mut s.cld_scratch,
                &mut s.joined,
                &mut s.single,
                &mut counts.cld,
            );
        }
        s.attendances.clear();
        s.appointments.clear();
        if known {
            self.stays.attendances(
                s.ecds.rows(),
                &mut s.hospital_scratch,
                &mut s.attendances,
                &mut counts.hospital,
            );
            let booked = s.outpatients.rows();
            self.stays.appointments(booked, &mut s.appointments, &mut counts.hospital);
        } else {
            counts.hospital.attendance_rows += arrivals as u64;
            counts.hospital.attendance_no_person_rows += arrivals as u64;
            counts.hospital.appointment_rows += booked as u64;
            counts.hospital.appointment_no_person_rows += booked as u64;
        }
        let emergency_care = death_in_emergency_care(&s.attendances);
        let care = date_of_death(&s.joined);
        let of = |registration, hospital| {
            choose_death(registration, hospital, care, self.settings.timeline)
        };
        let otherwise = match of(OptDay::NONE, OptDay::NONE).chosen {
            none if none.is_none() => of(registered.registration, OptDay::NONE).chosen,
            day => day,
        };
        let deaths = self.stays.build_with_codes(
            s.apc.rows(),
            &s.codes,
            KnownDeaths { registered: registered.death, emergency_care, otherwise },
            known,
            &mut s.hospital_scratch,
            &mut s.spells,
            &mut s.cips,
            &mut counts.hospital,
        );
        if !partition.codes.is_empty() {
            s.group_episodes();
        }
        s.attendance_spells.clear();
        // without any attendance in the input there is nothing that an admission could lack (K6)
        if self.attendances_given {
            self.stays.link_attendances(
                &s.attendances,
                &mut s.spells,
                &mut s.hospital_scratch,
                &mut s.attendance_spells,
                &mut counts.hospital,
            );
            flag_stays(&s.spells, &mut s.cips);
        }
        let death = match of(registered.death, deaths.hospital) {
            none if none.chosen.is_none() => of(registered.registration, OptDay::NONE),
            death => death,
        };
        // what the person before left behind is not the line of records without a person
        s.line.visits.clear();
        s.line.death = OptDay::NONE;
        s.line.flags = LineFlags::default();
        if known {
            self.lines.build(
                &LineInput {
                    events: &s.joined,
                    spells: &s.spells,
                    cips: &s.cips,
                    attendances: &s.attendances,
                    links: &s.attendance_spells,
                    death,
                    birth: birth(&s.cips, &s.joined),
                    logged: s.events.states(),
                },
                &mut s.line_scratch,
                &mut s.line,
                &mut counts.lines,
            );
        }
        each(&Person {
            key,
            id,
            id_kind,
            linkable: id_kind.is_linkable(),
            episodes: s.apc.rows(),
            codes: &s.codes,
            cld_rows: s.cld.rows(),
            cld_details: &s.details,
            joined: &s.joined,
            single: &s.single,
            spells: &s.spells,
            cips: &s.cips,
            attendances: &s.attendances,
            attendance_spells: &s.attendance_spells,
            appointments: &s.appointments,
            events: s.events.events(),
            intervals: if known { s.line_scratch.intervals() } else { &[] },
            death,
            line: &s.line,
        });
    }
}

impl Scratch {
    /// Groups the records of a partition by person.
    fn group(&mut self, partition: &Partition) {
        let Partition { people, persons, .. } = partition;
        let people = people.len();
        self.apc.fill(people, &persons.apc, &partition.apc);
        if !partition.codes.is_empty() {
            self.apc.fill_places(&persons.apc);
        }
        self.cld.fill(people, &persons.cld, &partition.cld);
        if !partition.cld_detail.is_empty() {
            self.cld.fill_places(&persons.cld);
        }
        self.ecds.fill(people, &persons.ecds, &partition.ecds);
        self.outpatients.fill(people, &persons.outpatients, &partition.outpatients);
        self.deaths.fill(people, &persons.deaths, &partition.deaths);
    }

    /// Whether the records gathered are those of many people under one identifier. A council's own
    /// identifier comes of no hashing, so its months of birth may differ as they like: the latest
    /// details choose one (P-24).
    fn is_shared(&self, guard: &SharedIdentifier) -> bool {
        let (episodes, rows) = (self.apc.rows(), self.cld.rows());
        let hashed = rows.iter().filter(|row| row.id_kind != PersonIdKind::LaLocal);
        guard.applies(
            episodes.len().max(rows.len()),
            episodes.iter().map(|row| row.birth).chain(hashed.map(|row| row.birth)),
            episodes.iter().map(|row| row.sex),
        )
    }

    /// Notes which episodes make up which spell.
    fn group_episodes(&mut self) {
        let Self { spells, spell_episodes, apc, codes, hospital_scratch, .. } = self;
        let episodes = apc.rows();
        spell_episodes.clear();
        if !spells.is_empty() {
            Stays::episodes_of_spells(hospital_scratch, spell_episodes);
        }
        let first = |spell: usize| spells.get(spell).map_or(u32::MAX, |spell| spell.first_episode);
        codes.set_spells(spells.len(), spell_episodes, episodes, first);
    }

    /// Drops the death records whose match is too weak (`sus-fields.md` section 9) and says how many.
    fn leave_out_weak_matches(&mut self, settings: &LinkSettings<'_>) -> u64 {
        let all = self.registered.len();
        self.registered.retain(|record| record.match_rank <= settings.hospital.death_match_rank);
        (all - self.registered.len()) as u64
    }

    /// Puts the records of one person in an order that does not depend on the order of reading.
    fn gather(&mut self, partition: &Partition, person: u32) {
        self.apc.load(person);
        self.codes.clear();
        if !partition.codes.is_empty() {
            self.apc.places(person).for_each(|n| self.codes.push_row(&partition.codes, n));
        }
        self.cld.load(person);
        self.details.clear();
        if !partition.cld_detail.is_empty() {
            self.details.extend(self.cld.places(person).map(|n| partition.cld_detail[n]));
        }
        self.ecds.load(person);
        self.outpatients.load(person);
        self.deaths.load(person);
        self.registered.clear();
        self.registered.extend_from_slice(self.deaths.rows());
    }
}

/// Gives to each stay the flags that its spells got after they were joined.
fn flag_stays(spells: &[Spell], stays: &mut [Cips]) {
    for spell in spells {
        if let Some(stay) = stays.get_mut(spell.cips as usize) {
            stay.flags.0 |= spell.flags.0 & StayFlags::NO_ATTENDANCE;
        }
    }
}

/// The earliest death in emergency care: its departure, or its arrival.
fn death_in_emergency_care(attendances: &[Attendance]) -> OptDay {
    attendances
        .iter()
        .filter(|attendance| attendance.disposal == Disposal::Died)
        .map(|died| if died.departure.is_some() { died.departure } else { died.arrival })
        .fold(OptDay::NONE, earliest)
}

/// The earlier of two days, as far as they are known.
fn earliest(a: OptDay, b: OptDay) -> OptDay {
    if a.is_none() || (b.is_some() && b < a) { b } else { a }
}

/// What the registrations of one person say.
struct Registered {
    /// The earliest date of death.
    death: OptDay,
    /// The earliest date of registration, which stands in only when nothing else tells of the death
    ///
    registration: OptDay,
}

impl Registered {
    fn of(records: &[DeathRecord]) -> Self {
        let first =
            |day: fn(&DeathRecord) -> OptDay| records.iter().map(day).fold(OptDay::NONE, earliest);
        Self {
            death: first(|record| record.death),
            registration: first(|record| record.registration),
        }
    }
}

#[cfg(test)]
mod tests;
