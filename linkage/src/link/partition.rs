//! One partition at a time: group its records by person, link each person, hand the person on.

use super::facts::{Facts, LinkSettings, NO_IDENTIFIER, SHARED_IDENTIFIER};
use super::group::Grouped;
use super::guard::SharedIdentifier;
use super::person::{Person, birth};
use crate::audit::Audit;
use crate::chunks::Chunks;
use crate::cld::counts::CldCounts;
use crate::cld::event::CareEvent;
use crate::cld::event_filter;
use crate::cld::person_details::{CarerLinks, date_of_death};
use crate::cld::prepare::{self, Preparation};
use crate::cld::settings::{Edition, Mode};
use crate::day::{OptDay, Period};
use crate::hospital::counts::HospitalCounts;
use crate::hospital::death::KnownDeaths;
use crate::hospital::settings::HospitalSettings;
use crate::hospital::stay::{Cips, Spell};
use crate::hospital::stays::{self, Stays};
use crate::person::PersonIdKind;
use crate::records::apc::Episode;
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
    emergency_care_given: bool,
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
        self.cld.to_audit(&mut audit);
        self.hospital.to_audit(&mut audit);
        self.lines.to_audit(&mut audit);
        audit
    }
}

/// Buffers that one thread uses for all its people.
#[derive(Debug, Default)]
pub struct Scratch {
    apc: Grouped,
    cld: Grouped,
    ecds: Grouped,
    deaths: Grouped,
    episodes: Vec<Episode>,
    rows: Vec<CldRow>,
    row_order: Vec<u32>,
    details: Vec<CldDetail>,
    arrivals: Vec<Attendance>,
    registered: Vec<DeathRecord>,
    joined: Vec<CareEvent>,
    single: Vec<CareEvent>,
    spells: Vec<Spell>,
    cips: Vec<Cips>,
    attendances: Vec<Attendance>,
    links: Vec<u32>,
    line: Line,
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
            emergency_care_given: facts.emergency_care_given,
        }
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
        let rows = partition.cld_detail.iter().zip(&partition.persons.cld);
        let naming = rows.filter(|(detail, _)| names_someone(detail)).map(|(_, &person)| person);
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
            scratch.drop_weak_matches(self.settings.hospital);
            if scratch.is_shared(&self.guard) {
                continue;
            }
            scratch.joined.clear();
            self.preparation.prepare(
                Mode::Joined,
                &scratch.rows,
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
        let id = partition.people.id(number);
        let key = partition.people.key(number);
        let rows = s.episodes.len() + s.rows.len() + s.arrivals.len() + s.registered.len();

        let mut id_kind =
            s.rows.iter().map(|row| row.id_kind).min().unwrap_or(PersonIdKind::Hospital);
        let no_identifier = id.is_empty();
        let shared = !no_identifier && s.is_shared(&self.guard);
        if no_identifier || shared {
            id_kind = PersonIdKind::None;
            if shared {
                counts.shared_identifier += rows as u64;
                s.rows.iter_mut().for_each(|row| row.id_kind = PersonIdKind::None);
            } else {
                counts.no_identifier += rows as u64;
            }
        } else {
            counts.people += 1;
            counts.checksum = counts.checksum.wrapping_add(key.0);
        }
        let known = id_kind != PersonIdKind::None;

        counts.hospital.weak_registrations += s.drop_weak_matches(self.settings.hospital);
        // the two rules choose differently among several registrations of one person
        let death_of_rows = self.death_of_rows(&s.registered);
        self.preparation.both(
            &s.rows,
            &s.details,
            death_of_rows,
            &mut s.cld_scratch,
            &mut s.joined,
            &mut s.single,
            &mut counts.cld,
        );
        s.attendances.clear();
        self.stays.attendances(
            &s.arrivals,
            &mut s.hospital_scratch,
            &mut s.attendances,
            &mut counts.hospital,
        );
        let registered = Registered::of(&s.registered);
        let emergency_care = death_in_emergency_care(&s.attendances);
        let care = date_of_death(&s.joined);
        let of = |registration, hospital| {
            choose_death(registration, hospital, care, self.settings.timeline)
        };
        let others = match of(OptDay::NONE, OptDay::NONE).chosen {
            none if none.is_none() => of(registered.registration, OptDay::NONE).chosen,
            day => day,
        };
        let deaths = self.stays.build(
            &s.episodes,
            KnownDeaths { registered: registered.death, emergency_care, otherwise: others },
            known,
            &mut s.hospital_scratch,
            &mut s.spells,
            &mut s.cips,
            &mut counts.hospital,
        );
        s.links.clear();
        if self.emergency_care_given {
            self.stays.link_attendances(
                &s.attendances,
                &s.spells,
                &mut s.hospital_scratch,
                &mut s.links,
                &mut counts.hospital,
            );
        }
        let death = of(registered.death, deaths.hospital);
        let death =
            if death.chosen.is_some() { death } else { of(registered.registration, OptDay::NONE) };
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
                    links: &s.links,
                    death,
                    birth: birth(&s.cips, &s.joined),
                    has_care_records: !s.rows.is_empty(),
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
            episodes: &s.episodes,
            cld_rows: &s.rows,
            cld_details: &s.details,
            joined: &s.joined,
            single: &s.single,
            spells: &s.spells,
            cips: &s.cips,
            attendances: &s.attendances,
            intervals: if known { s.line_scratch.intervals() } else { &[] },
            death,
            line: &s.line,
        });
    }
}

impl Scratch {
    /// Groups the records of a partition by person.
    fn group(&mut self, partition: &Partition) {
        let people = partition.people.len();
        self.apc.fill(people, &partition.persons.apc);
        self.cld.fill(people, &partition.persons.cld);
        self.ecds.fill(people, &partition.persons.ecds);
        self.deaths.fill(people, &partition.persons.deaths);
    }

    /// Whether the records gathered are those of many people under one identifier.
    fn is_shared(&self, guard: &SharedIdentifier) -> bool {
        guard.applies(
            self.episodes.len().max(self.rows.len()),
            self.episodes.iter().map(|row| row.birth).chain(self.rows.iter().map(|row| row.birth)),
            self.episodes.iter().map(|row| row.sex),
        )
    }

    /// Leaves out registrations that match too weakly, and returns how many (`sus-fields.md` 9).
    fn drop_weak_matches(&mut self, settings: &HospitalSettings) -> u64 {
        let before = self.registered.len();
        self.registered.retain(|record| record.match_rank <= settings.max_death_match_rank);
        (before - self.registered.len()) as u64
    }

    /// Copies the records of one person out of the partition, each kind in an order that does not
    /// depend on the order of reading.
    fn gather(&mut self, partition: &Partition, person: u32) {
        fn copy<R: Copy>(rows: &Chunks<R>, order: &[u32], out: &mut Vec<R>) {
            out.clear();
            out.extend(order.iter().map(|&n| rows[n as usize]));
        }
        self.episodes.clear();
        self.episodes.extend(self.apc.of(person).iter().map(|&n| partition.apc.get(n as usize)));
        copy(&partition.ecds, self.ecds.of(person), &mut self.arrivals);
        copy(&partition.deaths, self.deaths.of(person), &mut self.registered);
        self.episodes.sort_unstable_by_key(|row| (row.file, row.row));
        self.arrivals.sort_unstable_by_key(|row| (row.file, row.row));

        self.row_order.clear();
        self.row_order.extend_from_slice(self.cld.of(person));
        let key = |&n: &u32| {
            let row = &partition.cld[n as usize];
            (row.record_id, row.file, row.row)
        };
        self.row_order.sort_unstable_by_key(key);
        copy(&partition.cld, &self.row_order, &mut self.rows);
        self.details.clear();
        if !partition.cld_detail.is_empty() {
            copy(&partition.cld_detail, &self.row_order, &mut self.details);
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
mod tests {
    use super::*;
    use crate::cld::person_details::LatestDetails;
    use crate::cld::settings::CldSettings;
    use crate::codes::cld::Field;
    use crate::day::Day;
    use crate::progress::Silent;
    use crate::read::{Inputs, read};
    use crate::timeline::settings::TimelineSettings;

    #[test]
    fn p26_carers_are_asked_before_any_details() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("events.csv");
        let header = "LA_Code,Der_NHS_LA_Combined_Person_ID,LA_Person_Unique_Identifier,Client_Type,\
                      Event_Type,Event_Start_Date,Event_End_Date,Has_Unpaid_Carer,\
                      Adult_1_Linked_Person_ID,Der_Age_Event_Start_Date\n";
        let rows = "100,C1,5,Unpaid carer,Service,2025-06-01,,,77,60\n\
                    100,C2,6,Unpaid carer,Service,2024-06-01,2025-03-31,,78,\n\
                    200,C3,7,Unpaid carer,Service,2025-06-01,,,78,\n\
                    100,P1,77,Service user,Service,2025-06-01,,No,,199\n\
                    100,P2,78,Service user,Service,2025-06-01,,No,,x\n";
        std::fs::write(&file, format!("{header}{rows}")).unwrap();
        let records =
            read(&Inputs { cld_events: vec![file], ..Inputs::default() }, &Silent).unwrap();
        let (cld, hospital) = (CldSettings::default(), HospitalSettings::default());
        let timeline = TimelineSettings::default();
        let settings = LinkSettings {
            cld: &cld,
            hospital: &hospital,
            timeline: &timeline,
            extra_values: &[],
            as_of: None,
        };
        let facts = Facts::new(&records, &settings).unwrap();
        let linker = Linker::new(settings, &facts, &records.texts);
        let (mut scratch, mut counts) = (Scratch::default(), LinkCounts::default());
        let day = |text| Day::parse_iso(text).unwrap();
        let year = Period { start: day("2025-04-01"), end: day("2026-03-31") };
        let mut links = CarerLinks::default();
        for partition in &records.partitions {
            linker.carer_links(partition, year, &mut scratch, &mut links);
        }
        let details = LatestDetails::new(&facts.cleaning, &links);
        let mut found = Vec::new();
        for partition in &records.partitions {
            linker.partition(partition, true, &mut scratch, &mut counts, |person| {
                let la = person.joined[0].la;
                let has_carer = details.has_carer(la, person.joined, person.cld_details);
                let label = facts.cleaning.label(Field::HasUnpaidCarer, has_carer).to_owned();
                found.push((person.id.to_vec(), label, person.cld_rows[0].age_at_start));
            });
        }
        found.sort();
        let of = |id: &str| found.iter().find(|row| row.0 == id.as_bytes()).unwrap();
        assert_eq!((of("P1").1.as_str(), of("P2").1.as_str()), ("Yes", "No"));
        // ages as supplied; none when missing or no number
        let ages = ["C1", "C2", "P1", "P2"].map(|id| of(id).2);
        assert_eq!(ages, [60, CldRow::NO_AGE, 199, CldRow::NO_AGE]);
    }

    fn registration(death: &str, registered: &str, match_rank: u8) -> DeathRecord {
        let day = |text: &str| OptDay::from(Day::parse_iso(text));
        let (death, registration) = (day(death), day(registered));
        DeathRecord { death, registration, row: 1, file: 0, match_rank }
    }

    #[test]
    fn x05_the_earliest_date_of_death_counts_and_registrations_stand_apart() {
        let of = |records: &[DeathRecord]| {
            let found = Registered::of(records);
            (found.death, found.registration)
        };
        let day = |text: &str| OptDay::from(Day::parse_iso(text));
        assert_eq!(of(&[]), (OptDay::NONE, OptDay::NONE));
        let records = [
            registration("2024-05-08", "2024-05-20", 1),
            registration("2024-05-07", "", 1),
            registration("", "2024-05-01", 1),
        ];
        assert_eq!(of(&records), (day("2024-05-07"), day("2024-05-01")));
    }

    #[test]
    fn sus09_a_weak_match_is_no_registration_and_is_counted() {
        let records = [1, 6, 7, 8, 0].map(|rank| registration("2024-05-08", "", rank));
        let mut scratch = Scratch { registered: records.to_vec(), ..Scratch::default() };
        assert_eq!(scratch.drop_weak_matches(&HospitalSettings::default()), 2);
        let ranks: Vec<u8> = scratch.registered.iter().map(|record| record.match_rank).collect();
        assert_eq!(ranks, [1, 6, 0]);
        let all = HospitalSettings { max_death_match_rank: 8, ..HospitalSettings::default() };
        let mut scratch = Scratch { registered: records.to_vec(), ..Scratch::default() };
        assert_eq!(scratch.drop_weak_matches(&all), 0);
    }
}
