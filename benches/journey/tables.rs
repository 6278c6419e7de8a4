//! The four tables of the journey workload as mergeable counts.

use anyhow::Context;
use std::collections::BTreeMap;
use std::path::Path;
use throughcare_engine::graph::counts::GraphCounts;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::facts::Facts;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::store::Texts;
use throughcare_linkage::timeline::interval::Interval;
use throughcare_linkage::timeline::scheme::Scheme;
use throughcare_linkage::timeline::sequence::{Piece, walk};
use throughcare_linkage::timeline::settings::TimelineSettings;
use throughcare_linkage::timeline::state::State;

/// Discharges that count: from 2023-04-01 to 2025-02-28.
const DISCHARGES: Period = Period { start: Day(19_448), end: Day(20_147) };
/// Latest readmission, in days after discharge.
const READMISSION_DAYS: i32 = 29;
/// Latest first service, in days after discharge.
const SERVICE_DAYS: i32 = 28;
/// Discharge method 4: died.
const DIED: Code = Code::new("4");

/// The care states, in the alphabetical order of their service types, and those types.
const SERVICES: [(State, &str); 6] = [
    (State::Community, "Long term support: Community"),
    (State::Nursing, "Long term support: Nursing care"),
    (State::Residential, "Long term support: Residential care"),
    (State::LowLevel, "Short term support: Ongoing low level"),
    (State::ShortTermOther, "Short term support: Other short term"),
    (State::StMax, "Short term support: ST-Max"),
];

/// Counts of some people.
pub struct Tables {
    scheme: Scheme,
    window_end: Day,
    graph: GraphCounts,
    // discharges and readmissions by provider
    readmission: Vec<[i64; 2]>,
    // people and days by council and service; the last service is none
    first_service: Vec<[[i64; 2]; SERVICES.len() + 1]>,
}

impl Tables {
    pub fn new(settings: &TimelineSettings, facts: &Facts) -> Self {
        let scheme = Scheme::new(settings);
        Self {
            graph: GraphCounts::new(scheme.len()),
            scheme,
            window_end: facts.window_end,
            readmission: Vec::new(),
            first_service: Vec::new(),
        }
    }

    pub fn add(&mut self, person: &Person<'_>) {
        self.add_line(person);
        for (n, stay) in person.cips.iter().enumerate() {
            if stay.discharge_method == DIED || !DISCHARGES.contains(stay.discharge) {
                continue;
            }
            let readmitted = person.cips.get(n + 1).is_some_and(|next| {
                let gap = next.admission.since(stay.discharge);
                next.emergency && (0..=READMISSION_DAYS).contains(&gap)
            });
            let counts = slot(&mut self.readmission, stay.provider);
            counts[0] += 1;
            counts[1] += i64::from(readmitted);

            let (service, days) = first_service(person.intervals, stay.discharge);
            let counts = &mut slot(&mut self.first_service, stay.residence)[service];
            counts[0] += 1;
            counts[1] += i64::from(days);
        }
    }

    fn add_line(&mut self, person: &Person<'_>) {
        let Self { scheme, window_end, graph, .. } = self;
        let home = scheme.of(State::Home);
        let dead = scheme.of(State::Dead);
        let visits = &person.line.visits;
        let died = person.line.death.get();
        if died.is_none() && visits.iter().all(|visit| scheme.of(visit.state) == home) {
            return;
        }
        graph.begin();
        walk(person.line, scheme, 0, |piece| match piece {
            Piece::Visit(step) if step.state == dead => {
                let days = died.map_or(0, |died| window_end.since(died));
                graph.visit(usize::from(dead), days, false);
            }
            Piece::Visit(step) => graph.visit(usize::from(step.state), step.days, step.censored),
            Piece::Move(step) => {
                graph.step(usize::from(step.from), usize::from(step.to), step.days);
            }
        });
    }

    pub fn merge(mut self, other: Self) -> Self {
        self.graph.merge(&other.graph);
        for (n, counts) in (0u16..).zip(&other.readmission) {
            add(slot(&mut self.readmission, n), counts);
        }
        for (n, services) in (0u16..).zip(&other.first_service) {
            for (mine, theirs) in slot(&mut self.first_service, n).iter_mut().zip(services) {
                add(mine, theirs);
            }
        }
        self
    }

    /// Writes the tables with the columns and state numbers of the peers' programs.
    pub fn write(&self, texts: &Texts, out: &Path) -> anyhow::Result<()> {
        let mut numbered: BTreeMap<u8, usize> = BTreeMap::new();
        for (n, name) in self.scheme.names().iter().enumerate() {
            if let Ok(number) = name.parse() {
                numbered.insert(number, n);
            }
        }
        let mut transitions = writer(out, "transitions.csv", ["st", "nx", "count", "days"])?;
        let mut occupancy = writer(out, "occupancy.csv", ["st", "count", "days"])?;
        for (number, &state) in &numbered {
            for (next, &to) in &numbered {
                let edge = self.graph.edge(state, to);
                if edge.count > 0 {
                    transitions.serialize((number, next, edge.count, edge.days))?;
                }
            }
            let totals = self.graph.state(state);
            if totals.visits > 0 {
                occupancy.serialize((number, totals.visits, totals.days))?;
            }
        }
        let mut readmission =
            writer(out, "readmission.csv", ["provider", "discharges", "readmitted"])?;
        for (provider, counts) in by_text(&texts.provider.texts(), &self.readmission) {
            if counts[0] > 0 {
                readmission.serialize((provider, counts[0], counts[1]))?;
            }
        }
        let mut services =
            writer(out, "first_service.csv", ["la", "service_type", "count", "days"])?;
        for (council, counts) in by_text(&texts.la.texts(), &self.first_service) {
            let types = SERVICES.iter().map(|(_, label)| *label).chain(["none"]);
            for (label, [people, days]) in types.zip(counts) {
                if *people > 0 {
                    services.serialize((council, label, people, days))?;
                }
            }
        }
        for mut table in [transitions, occupancy, readmission, services] {
            table.flush()?;
        }
        Ok(())
    }
}

/// The first care interval that starts up to [`SERVICE_DAYS`] after a discharge: its place in
/// [`SERVICES`] and the days until then. On one day the first type by name.
fn first_service(intervals: &[Interval], discharge: Day) -> (usize, i32) {
    intervals
        .iter()
        .filter(|interval| (0..=SERVICE_DAYS).contains(&interval.start.since(discharge)))
        .filter_map(|interval| {
            let service = SERVICES.iter().position(|(state, _)| *state == interval.state)?;
            Some((interval.start, service))
        })
        .min()
        .map_or((SERVICES.len(), 0), |(start, service)| (service, start.since(discharge)))
}

fn slot<T: Clone + Default>(counts: &mut Vec<T>, number: u16) -> &mut T {
    let number = usize::from(number);
    if counts.len() <= number {
        counts.resize(number + 1, T::default());
    }
    &mut counts[number]
}

fn add(mine: &mut [i64; 2], theirs: &[i64; 2]) {
    mine[0] += theirs[0];
    mine[1] += theirs[1];
}

fn by_text<'a, T>(texts: &'a [Box<str>], counts: &'a [T]) -> BTreeMap<&'a str, &'a T> {
    texts.iter().map(|text| &**text).zip(counts).collect()
}

fn writer<const N: usize>(
    out: &Path,
    name: &str,
    heading: [&str; N],
) -> anyhow::Result<csv::Writer<std::fs::File>> {
    let path = out.join(name);
    let mut table = csv::Writer::from_path(&path)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    table.write_record(heading)?;
    Ok(table)
}
