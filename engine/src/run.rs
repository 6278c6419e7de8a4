//! A whole run in memory: read, settle, link, measure. Nothing is written here and nothing leaves:
//! [`crate::batch`] puts the results through disclosure control and into files.

use crate::active_days::ActiveDays;
use crate::activities::Logs;
use crate::clinical::{Clinical, Told};
use crate::clusters;
use crate::coded::CodedFields;
use crate::details::Details;
use crate::event_log::LogCounts;
use crate::event_log::time_to::LogTimes;
use crate::figure::{Area, Content, Figure, QualityFigure, Results, Unit, Value};
use crate::frame::Frame;
use crate::graph::journeys::Journeys;
use crate::graph::strata::LookUps;
use crate::measures::needs::Given;
use crate::measures::{Measure, Measures, NAMES, Settings, carers, linkage};
use crate::pathways::{self, Pathways};
use crate::quality::plan::Plan;
use crate::quality::{self, Quality};
use crate::study::Study;
use crate::study_file::StudyFile;
use crate::study_file::error::nearest;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use throughcare_linkage::audit::Audit;
use throughcare_linkage::cld::cleaning::Cleaned;
use throughcare_linkage::cld::person_details::CarerLinks;
use throughcare_linkage::cld::settings::Edition;
use throughcare_linkage::codes::cld::{Field, Raw};
use throughcare_linkage::day::Period;
use throughcare_linkage::error::Error;
use throughcare_linkage::link::events;
use throughcare_linkage::link::facts::{Facts, LinkSettings};
use throughcare_linkage::link::partition::{LinkCounts, Linker, Scratch};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::lookup::{self, Areas, Population, Residences};
use throughcare_linkage::progress::Progress;
use throughcare_linkage::read::{self, FileRead, Inputs, Records};
use throughcare_linkage::store::Partition;
use throughcare_linkage::timeline::interval::CareRules;

/// Records of a study, read and settled: everything but the people.
#[derive(Debug)]
pub struct Prepared {
    /// The study.
    pub study: StudyFile,
    /// The records.
    pub records: Records,
    /// What was settled over all of them.
    pub facts: Facts,
    /// What measures may look at.
    pub frame: Frame,
    /// What the inputs have, as far as measures need it.
    pub given: Given,
}

/// What came out of a run, before disclosure control.
#[derive(Debug)]
pub struct Outcome {
    /// Every figure.
    pub results: Results,
    /// What preparation and linkage left out, rule by rule.
    pub audit: Audit,
    /// People met.
    pub people: u64,
}

/// One pass over the people: what it is called, and what links them.
pub(crate) struct Pass<'a> {
    pub stage: &'static str,
    pub linker: Linker<'a>,
    pub progress: &'a dyn Progress,
}

/// The counts of some people: what one thread holds.
#[derive(Debug)]
struct Partial {
    measures: Measures,
    journeys: Journeys,
    active_days: ActiveDays,
    pathways: Pathways,
    quality: Quality,
}

impl Partial {
    fn merge(mut self, other: Self) -> Self {
        self.measures.merge(other.measures);
        self.journeys.merge(&other.journeys);
        self.active_days.merge(&other.active_days);
        self.pathways.merge(&other.pathways);
        self.quality.merge(other.quality);
        self
    }
}

impl Prepared {
    /// Reads the inputs of a study and settles what depends on all of them.
    ///
    /// # Errors
    ///
    /// A file cannot be read as what it should be; an added value has no place in the code lists.
    pub fn read(mut study: StudyFile, progress: &dyn Progress) -> Result<Self, Error> {
        let areas = study.lookups.areas.as_deref().map(lookup::read_areas).transpose()?;
        let residences =
            study.lookups.lsoa_utla.as_deref().map(lookup::read_residences).transpose()?;
        let population =
            study.lookups.population.as_deref().map(lookup::read_population).transpose()?;
        let extra_values =
            study.cld.mapping.as_deref().map(lookup::read_mapping).transpose()?.unwrap_or_default();
        let keep_codes = study.measures.needs_codes();
        let trusted_statuses = Some(study.hospital.nhs_number_statuses.clone());
        let inputs = Inputs { keep_codes, trusted_statuses, ..study.inputs.clone() };
        let records = read::read(&inputs, progress)?;
        known_activities(&study, &records)?;
        let ends = find_activities(&mut study, &records)?;
        let settings = LinkSettings {
            cld: &study.cld,
            hospital: &study.hospital,
            timeline: &study.timeline,
            extra_values: &extra_values,
            as_of: study.study.as_of,
        };
        let mut facts = Facts::new(&records, &settings)?;
        facts.assumptions.extend(ends);
        let lookups = [
            ("areas", areas.is_some()),
            ("lsoa_utla", residences.is_some()),
            ("population", population.is_some()),
        ];
        let lookups = lookups.into_iter().filter(|(_, is_given)| *is_given).map(|(name, _)| name);
        let given = Given::new(&records.files, lookups);
        let frame = Frame {
            details: details(&study, &records, &facts, &settings),
            unavailable: NAMES
                .iter()
                .copied()
                .filter(|name| given.prevents(name).is_some())
                .collect(),
            areas: areas.unwrap_or_default(),
            residences: residences.unwrap_or_default(),
            population: population.unwrap_or_default(),
            ..frame(&study, &given, &records, &facts)
        };
        Ok(Self { study, records, facts, frame, given })
    }

    /// What links the people of the study.
    pub(crate) fn linker(&self) -> Linker<'_> {
        let settings = LinkSettings {
            cld: &self.study.cld,
            hospital: &self.study.hospital,
            timeline: &self.study.timeline,
            extra_values: &[],
            as_of: self.study.study.as_of,
        };
        let logs = events::Logs::beside(&self.records, &self.facts.event_states);
        Linker::new(settings, &self.facts, &self.records.texts).with_logs(logs)
    }

    /// Links every person and computes the measures of the study.
    #[must_use]
    pub fn measure(&self, progress: &dyn Progress) -> Outcome {
        self.measure_these(&self.study.measures, progress)
    }

    /// Links every person and computes only what data quality needs.
    #[must_use]
    pub fn check(&self, progress: &dyn Progress) -> Outcome {
        let linkage = vec![<linkage::Linkage as Measure>::NAME.to_owned()];
        let settings =
            Settings { include: linkage, time_to: Vec::new(), ..self.study.measures.clone() };
        let mut checked = self.measure_these(&settings, progress);
        checked.results.transitions.clear();
        checked.results.states.clear();
        checked.results.pathways.clear();
        checked.results.journeys.clear();
        let others: Vec<&'static str> =
            NAMES.iter().copied().filter(|name| self.study.measures.asks_for(name)).collect();
        let known = quality::unavailable(&others, &self.given);
        let is_new = |row: &QualityFigure| !checked.results.quality.contains(row);
        let more: Vec<QualityFigure> = known.into_iter().filter(is_new).collect();
        checked.results.quality.extend(more);
        checked
    }

    fn measure_these(&self, settings: &Settings, progress: &dyn Progress) -> Outcome {
        let plan = Plan::new(&self.records, &self.facts, &self.frame);
        let look_ups = LookUps::new(&self.frame);
        let empty = || Partial {
            measures: Measures::new(settings, &self.frame),
            journeys: Journeys::new(&self.study.timeline, &self.frame.study.periods),
            active_days: ActiveDays::new(&self.study.timeline, &self.frame.study.periods),
            pathways: Pathways::new(
                &self.study.graph,
                &self.study.timeline,
                &self.frame.study.periods,
                &look_ups,
            ),
            quality: Quality::default(),
        };
        let add = |partial: &mut Partial, person: &Person<'_>| {
            partial.quality.add(&plan, person);
            partial.measures.add(person, &self.frame);
            partial.journeys.add(person.line);
            partial.active_days.add(person.line);
            partial.pathways.add(person);
        };
        let pass = Pass { stage: "linking and measuring", linker: self.linker(), progress };
        let (partial, counts) = self.count_people(&pass, empty, add, Partial::merge);
        let mut results = Results::default();
        partial.measures.finish(&self.frame, &mut results);
        // nobody misses a measure in a study of event logs alone
        let is_asked = |name: &&'static str| {
            settings.asks_for(name)
                && !(self.study.inputs.is_logs_only() && settings.include.is_empty())
        };
        let asked: Vec<&'static str> = NAMES.iter().copied().filter(is_asked).collect();
        results.measures.extend(self.unavailable(&asked));
        partial.journeys.finish(&mut results);
        partial.active_days.finish(&mut results);
        partial.pathways.finish(&mut results);
        clusters::of_all(&mut results, &self.study.graph.clusters);
        self.event_logs(progress, &mut results);
        results.regions = self.regions();
        let audit = counts.audit();
        results.quality.extend(quality::of_audit(&audit));
        results.quality.extend(quality::of_files(&self.records));
        results.quality.extend(quality::unavailable(&asked, &self.given));
        results.quality.extend(quality::absent_headings(&self.records.files));
        let inputs = quality::Inputs {
            records: &self.records,
            facts: &self.facts,
            cld: &self.study.cld,
            settings: &self.study.quality,
            frame: &self.frame,
        };
        results.quality.extend(partial.quality.figures(&plan, &inputs));
        results.quality.extend(quality::linked::of_hospital(&counts.hospital));
        let cld = &counts.cld;
        let add_up = [cld.joined.adds_up(), cld.single.adds_up()];
        results.quality.extend(quality::self_checks(&results.measures, add_up));
        Outcome { results, audit, people: counts.people }
    }

    /// Region by council, of the look-up of areas.
    pub(crate) fn regions(&self) -> BTreeMap<String, String> {
        let areas = self.frame.areas.iter().filter(|area| !area.region.is_empty());
        areas.map(|area| (area.la_code.clone(), area.region.clone())).collect()
    }

    /// The graphs and variants of the event logs.
    fn event_logs(&self, progress: &dyn Progress, results: &mut Results) {
        for log in &self.records.logs {
            let cases: usize = log.partitions.iter().map(|part| part.people.len()).sum();
            progress.begin("following cases", "cases", cases as u64);
            let counts = LogCounts::of(log);
            progress.advance(cases as u64);
            progress.end();
            results.quality.push(QualityFigure {
                area: Area::england(),
                source: "events",
                check: format!("{}: cases with events of one moment, ordered by row", log.name),
                numerator: counts.tied,
                denominator: Some(counts.cases),
                unit: Unit::People,
                content: Content::Count,
            });
            counts.finish(log, self.study.graph.most_paths, results);
        }
        let several = self.records.logs.len() > 1;
        for settings in &self.study.log_times {
            for log in &self.records.logs {
                let stratum = if several { format!("log={}", log.name) } else { String::new() };
                if let Some(times) = LogTimes::of(settings, log) {
                    times.finish(settings, &stratum, results);
                }
            }
        }
    }

    /// A row without a number for each measure that the inputs do not allow, so that its absence is
    /// seen; the table `quality` says why.
    fn unavailable<'a>(&'a self, asked: &'a [&'static str]) -> impl Iterator<Item = Figure> + 'a {
        let lacking = asked.iter().filter(|name| self.frame.unavailable.contains(*name));
        lacking.flat_map(|measure| {
            self.frame.study.periods.iter().map(|&period| Figure {
                measure,
                part: String::new(),
                period,
                area: Area::england(),
                stratum: String::new(),
                numerator: None,
                denominator: None,
                value: Value::Unavailable,
                interval: None,
                unit: Unit::People,
                counts: Unit::People,
            })
        })
    }

    /// Links every person once more and passes on what `take` made of each partition, in the order of
    /// the people's keys, which is the same for every order of input and every number of partitions
    /// and threads. Partitions are linked in parallel, as many at a time as there are threads, while
    /// those before them are passed on: no more are held.
    ///
    /// # Errors
    ///
    /// The first error of `give`; nothing is passed on after it.
    pub fn in_key_order<T: Default + Send, E: Send>(
        &self,
        progress: &dyn Progress,
        take: impl Fn(&mut T, &Person<'_>) + Sync,
        mut give: impl FnMut(T) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        let linker = self.linker();
        let people: usize = self.records.partitions.iter().map(|part| part.people.len()).sum();
        progress.begin("writing records", "people", people as u64);
        let link = |scratch: &mut Scratch, partition: &Partition| {
            let mut taken = T::default();
            let mut counts = LinkCounts::default();
            linker.partition(partition, true, scratch, &mut counts, |person| {
                take(&mut taken, person);
            });
            progress.advance(partition.people.len() as u64);
            taken
        };
        let mut linked: Vec<T> = Vec::new();
        for partitions in self.records.partitions.chunks(rayon::current_num_threads()) {
            let (given, next) = rayon::join(
                || linked.drain(..).try_for_each(&mut give),
                || partitions.par_iter().map_init(Scratch::default, link).collect(),
            );
            given?;
            linked = next;
        }
        linked.into_iter().try_for_each(give)?;
        progress.end();
        Ok(())
    }

    /// Links every person and counts people on all threads, each in counts of its own that are merged in
    /// the end. `merge` must not depend on the order.
    pub(crate) fn count_people<T: Send>(
        &self,
        pass: &Pass<'_>,
        empty: impl Fn() -> T + Sync,
        add: impl Fn(&mut T, &Person<'_>) + Sync,
        merge: impl Fn(T, T) -> T + Sync + Send,
    ) -> (T, LinkCounts) {
        let Pass { stage, linker, progress } = pass;
        let partitions = &self.records.partitions;
        let people: usize = partitions.iter().map(|part| part.people.len()).sum();
        progress.begin(stage, "people", people as u64);
        // chunks of whole partitions: few enough that the big tables of a partial are made seldom
        let chunk = (partitions.len() / (4 * rayon::current_num_threads())).max(1);
        let counted = partitions.par_chunks(chunk).map(|partitions| {
            let (mut partial, mut counts) = (empty(), LinkCounts::default());
            let mut scratch = Scratch::default();
            for partition in partitions {
                linker.partition(partition, false, &mut scratch, &mut counts, |person| {
                    add(&mut partial, person);
                });
                progress.advance(partition.people.len() as u64);
            }
            // of all measures it is large, and halves wait for one another on a thread's stack
            (Box::new(partial), Box::new(counts))
        });
        let counted = counted.reduce_with(|(one, mut counts), (other, more)| {
            counts.merge(&more);
            (Box::new(merge(*one, *other)), counts)
        });
        progress.end();
        counted.map_or_else(
            || (empty(), LinkCounts::default()),
            |(partial, counts)| (*partial, *counts),
        )
    }

    /// Whom unpaid carers name, for each period of the study (P-26): needs all people before the
    /// latest details of any.
    #[must_use]
    pub fn carer_links(&self) -> Vec<(Period, CarerLinks)> {
        let linker = self.linker();
        let periods = self.frame.study.periods.iter();
        periods.map(|&period| (period, carer_links(&self.records, &linker, period))).collect()
    }

    /// The files that were read.
    #[must_use]
    pub fn files(&self) -> &[FileRead] {
        &self.records.files
    }
}

/// Looks for the activities that `[[time_to]]` and the anchors of pathways name beside other words; gives
/// what is taken for the end of logs.
fn find_activities(study: &mut StudyFile, records: &Records) -> Result<Vec<String>, Error> {
    let tables = &mut study.measures.time_to;
    let is_activity = |anchor: &pathways::Anchor| matches!(anchor, pathways::Anchor::Activity(_));
    if tables.iter().all(|table| table.activities().next().is_none())
        && !study.graph.anchors.iter().any(is_activity)
    {
        return Ok(Vec::new());
    }
    let logs = Logs::new(&records.logs);
    study.graph.find_activities(&logs)?;
    let mut ends = BTreeSet::new();
    for table in tables {
        table.find_activities(&logs)?;
        for activity in table.ending_activities() {
            ends.extend(activity.until().map(|until| (logs.name_of(activity), until)));
        }
    }
    let say = |(log, until)| {
        format!(
            "The event log {log} is taken to end before {until}, the day after its latest event: times to its \
             activities are followed no further."
        )
    };
    Ok(ends.into_iter().map(say).collect())
}

/// Refuses a table `[[time_to]]` of a study of event logs alone that names an activity which no log has.
fn known_activities(study: &StudyFile, records: &Records) -> Result<(), Error> {
    let names = || records.logs.iter().flat_map(|log| &log.activities).map(|name| &**name);
    let all =
        study.log_times.iter().flat_map(|table| table.activities().map(move |of| (table, of)));
    for (table, activity) in all {
        if names().all(|name| name != activity) {
            let near = nearest(activity, names()).map(|near| format!("; did you mean {near:?}?"));
            let what = format!("[[time_to]] {}: no log has the activity {activity:?}", table.name);
            let mut list: Vec<&str> = names().collect();
            list.sort_unstable();
            list.dedup();
            return Err(Error::new(what + &near.unwrap_or_default())
                .advise(format!("Name one of these: {}", list.join(", "))));
        }
    }
    Ok(())
}

fn frame(study: &StudyFile, given: &Given, records: &Records, facts: &Facts) -> Frame {
    let edition = study.cld.edition;
    let texts = &records.texts;
    let clinical = if study.measures.needs_codes() {
        let (diagnoses, operations) = (texts.diagnosis.texts(), texts.operation.texts());
        let told = match [false, true].map(|by_operations| given.prevents_conditions(by_operations))
        {
            [Some(_), _] => Told::Nothing,
            [None, Some(_)] => Told::Diagnoses,
            [None, None] => Told::Operations,
        };
        Clinical::new(&study.measures.clinical, &diagnoses, &operations, told)
    } else {
        Clinical::default()
    };
    let available = |key: &String| given.prevents_breakdown(key).is_none();
    let by = study.study.by.iter().filter(|key| available(key)).cloned().collect();
    Frame {
        study: Study { by, ..study.study.clone() },
        la_codes: records.texts.la.texts(),
        providers: records.texts.provider.texts(),
        lsoas: records.texts.lsoa.texts(),
        details: Details::default(),
        cqc_locations: records.texts.cqc_location.texts(),
        clinical: Arc::new(clinical),
        coded: CodedFields::new(&records.texts.raw, &facts.cleaning),
        single: single_window(records, facts),
        joined: facts.selection.joined_window,
        snapshots: study.cld.snapshots.clone(),
        areas: Areas::default(),
        residences: Residences::default(),
        population: Population::default(),
        edition,
        inexact_event_types: inexact_event_types(records, facts, edition),
        sus_end: facts.sus_end,
        sus_start: facts.sus_start,
        coverage: facts.coverage.clone(),
        care_rules: CareRules::new(&study.timeline),
        unavailable: BTreeSet::new(),
        submissions: crate::frame::submissions(records, &study.cld.exclude_imports),
        raw_texts: Field::ALL.iter().map(|&field| records.texts.raw.texts(field)).collect(),
    }
}

/// Latest person details, with the links from carers where a measure asks for them.
fn details(
    study: &StudyFile,
    records: &Records,
    facts: &Facts,
    settings: &LinkSettings<'_>,
) -> Details {
    let measures = &study.measures;
    let is_asked = measures.include.is_empty()
        || measures.include.iter().any(|name| name == <carers::Carers as Measure>::NAME);
    let period = measures.carers.latest_period(&study.study.periods).filter(|_| is_asked);
    let links = period.map_or(CarerLinks::default(), |period| {
        let linker = Linker::new(*settings, facts, &records.texts);
        carer_links(records, &linker, period)
    });
    let imports = records.submissions.iter().map(|(key, _)| key.import).collect();
    Details::new(Arc::clone(&facts.cleaning), links, imports)
}

/// Whom the unpaid carers of all partitions name as cared for in a period (P-26).
fn carer_links(records: &Records, linker: &Linker<'_>, period: Period) -> CarerLinks {
    let of_partition = |(mut scratch, mut links): (Scratch, CarerLinks), partition| {
        linker.carer_links(partition, period, &mut scratch, &mut links);
        (scratch, links)
    };
    let merge = |mut one: CarerLinks, other: CarerLinks| {
        one.merge(&other);
        one
    };
    records
        .partitions
        .par_iter()
        .fold(Default::default, of_partition)
        .map(|(_, links)| links)
        .reduce(CarerLinks::default, merge)
}

/// First and last day of the single table. A table that was prepared elsewhere is both tables.
fn single_window(records: &Records, facts: &Facts) -> Option<Period> {
    let prepared_only = records.submissions.is_empty();
    let joined = facts.selection.joined_window.filter(|_| prepared_only);
    facts.selection.single_window.or(joined)
}

/// Numbers of the raw event types that no list maps: edition A still sees a type in them when they
/// contain its name.
fn inexact_event_types(records: &Records, facts: &Facts, edition: Edition) -> BTreeSet<u16> {
    if edition == Edition::B {
        return BTreeSet::new();
    }
    let texts = records.texts.raw.texts(Field::EventType).len();
    let numbers = (1..=u16::MAX).take(texts);
    let unmapped =
        |number: &u16| facts.cleaning.cleaned(Field::EventType, Raw(*number)) == Cleaned::NONE;
    numbers.filter(unmapped).collect()
}
