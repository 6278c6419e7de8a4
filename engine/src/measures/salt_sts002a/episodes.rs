//! Steps 1 to 5 for the rows of one person: clusters of ST-Max services, and their sequels.

use super::class;
use crate::measures::salt::cluster::{self, Member, Span};
use crate::measures::salt::labels::Label;
use crate::measures::salt::latest;
use crate::measures::salt::onward::{self, Chain, Cluster, Onward};
use crate::measures::salt::row::Row;
use crate::measures::salt::sequel::{self, Last, RecordType};
use crate::measures::salt::table::Context;
use throughcare_linkage::day::Day;

/// An episode that counts once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Council: number in `Frame::la_codes`.
    pub la: u16,
    /// Type of record.
    pub record_type: RecordType,
    /// Number of the sequel.
    pub class: u8,
}

/// What became of the rows of a person, by the filter at which they fell. Of the services of a cluster
/// one stands for it.
const SUPERSEDED: usize = 0;
const NO_ST_MAX: usize = 1;
const NOT_IN_COHORT: usize = 2;
const CLUSTERED: usize = 3;
const NOT_IN_YEAR: usize = 4;
/// It counts.
pub const COUNTED: usize = 5;

/// Finds the reablement of new clients, one person at a time.
#[derive(Clone, Debug)]
pub struct Episodes {
    context: Context,
    chain_of: Chain,
    spans: Vec<Span>,
    members: Vec<Member>,
    outcomes: Vec<Label>,
    chain: Vec<Row>,
    results_3: Vec<(u16, Label, u8)>,
    counted: Vec<Counted>,
    fates: [i64; COUNTED + 1],
}

impl Episodes {
    /// Nothing found yet.
    pub fn new(context: Context) -> Self {
        let chain_of = Chain {
            window_days: context.settings.reablement_window_days,
            gap_days: context.settings.chain_gap_days,
            makes_clusters: Row::is_st_max,
            as_published: context.as_published(),
        };
        Self {
            context,
            chain_of,
            spans: Vec::new(),
            members: Vec::new(),
            outcomes: Vec::new(),
            chain: Vec::new(),
            results_3: Vec::new(),
            counted: Vec::new(),
            fates: [0; COUNTED + 1],
        }
    }

    /// The episodes of the last person that count.
    pub fn counted(&self) -> &[Counted] {
        &self.counted
    }

    /// Rows of the last person by the filter at which they fell.
    pub fn fates(&self) -> &[i64; COUNTED + 1] {
        &self.fates
    }

    /// Follows the reablement of one person. `cohort` has council and start of the services that
    /// requests led to.
    pub fn follow(&mut self, rows: &mut Vec<Row>, cohort: &[(u16, Day)]) {
        self.counted.clear();
        self.results_3.clear();
        self.fates = [0; COUNTED + 1];
        self.fates[SUPERSEDED] = latest::keep(rows, false);
        rows.sort_unstable_by_key(|row| (row.la, onward::order(row)));

        let today = self.context.today;
        self.spans.clear();
        for (n, row) in (0u32..).zip(rows.iter()) {
            if !row.is_st_max() {
                self.fates[NO_ST_MAX] += 1;
            } else if cohort.contains(&(row.la, row.start)) {
                self.spans.push(Span::new(row.la, row.start, row.end.or(today), n));
            } else {
                self.fates[NOT_IN_COHORT] += 1;
            }
        }
        self.fates[CLUSTERED] = self.spans.len() as i64;
        let mut members = std::mem::take(&mut self.members);
        let gap = self.context.settings.reablement_gap_days;
        cluster::find(&mut self.spans, gap, self.context.as_published(), &mut members);
        for of_cluster in members.chunk_by(|a, b| (a.la, a.cluster) == (b.la, b.cluster)) {
            let Some(la) = of_cluster.first().map(|member| member.la) else { continue };
            let fate = self.follow_cluster(rows, la, of_cluster);
            if of_cluster.iter().any(|member| member.own) {
                self.fates[CLUSTERED] -= 1;
                self.fates[fate] += 1;
            }
        }
        self.members = members;
    }

    /// Steps 2 to 5 for one cluster; its fate.
    fn follow_cluster(&mut self, rows: &[Row], la: u16, members: &[Member]) -> usize {
        let Some(cluster) = bounds(rows, members, self.context.today) else { return NOT_IN_YEAR };
        if !self.context.year.contains(cluster.end) {
            return NOT_IN_YEAR;
        }
        let as_published = self.context.as_published();
        best_outcomes(rows, members, &self.context, cluster.end, &mut self.outcomes);

        let council = onward::council(rows, la);
        let onward = self.chain_of.follow(council, cluster, &mut self.chain);
        let services = self.chain.iter().filter(|row| row.is_service());
        let services = services.filter_map(|row| Some((class::rank(row.service_type)?, row)));
        let service = services.min_by_key(|(rank, _)| *rank);
        let service = service.map(|(_, row)| class::of_service(row.service_type));
        let labels = &self.context.labels;
        let usable = |outcome| labels.is_no_further_action(outcome);
        let last = sequel::last_outcome(&self.chain, usable);
        let record_type = sequel::record_type(onward, service.is_some(), last);

        for &outcome in &self.outcomes {
            let own = |record_type| class::of_own(record_type, outcome, labels, as_published);
            let class = match record_type {
                RecordType::Service => service.unwrap_or(class::NULL),
                RecordType::Outcome => match last {
                    Some(Last::One(outcome)) => class::of_last(outcome, as_published),
                    _ => class::OTHER,
                },
                _ => own(record_type),
            };
            let mut add = |record_type, class| {
                self.counted.push(Counted { la, record_type, class });
            };
            // point d of section 14: no join ever meets a null outcome
            if as_published && outcome.is_null() {
                if record_type != RecordType::NoOnward {
                    add(RecordType::NoOnward, own(RecordType::NoOnward));
                }
                if !matches!(onward, Onward::None | Onward::OutOfScope) {
                    add(RecordType::OutOfScope, own(RecordType::OutOfScope));
                }
            }
            if as_published && record_type == RecordType::Outcome {
                let result = (la, outcome, class);
                if self.results_3.contains(&result) {
                    continue;
                }
                self.results_3.push(result);
            }
            add(record_type, class);
        }
        COUNTED
    }
}

/// First start and latest end of a cluster of services; an open end is today.
pub fn bounds(rows: &[Row], members: &[Member], today: Day) -> Option<Cluster> {
    let of_cluster = || members.iter().filter_map(|member| rows.get(member.row as usize));
    let start = of_cluster().map(|row| row.start).min()?;
    let end = of_cluster().map(|row| row.end.or(today)).max()?;
    Some(Cluster { start, end })
}

/// The different outcomes of the services that end last, as far as none has a better rank; as intended
/// one of them.
pub fn best_outcomes(
    rows: &[Row],
    members: &[Member],
    context: &Context,
    end: Day,
    outcomes: &mut Vec<Label>,
) {
    let of_cluster = members.iter().filter_map(|member| rows.get(member.row as usize));
    let last = of_cluster.filter(|row| row.end.or(context.today) == end);
    outcomes.clear();
    outcomes.extend(last.map(|row| row.outcome));
    outcomes.sort_unstable();
    outcomes.dedup();
    let rank = |outcome: &Label| sequel::rank(*outcome, context.as_published());
    let best = outcomes.iter().map(rank).min();
    outcomes.retain(|outcome| Some(rank(outcome)) == best);
    if !context.as_published() {
        // texts that are not ranked are alike but for those that begin NFA
        let labels = &context.labels;
        outcomes.sort_unstable_by_key(|outcome| !labels.is_no_further_action(*outcome));
        outcomes.truncate(1);
    }
}
