//! Steps 2 to 9 for the rows of one person: clusters of requests of new clients, and their sequels.

use super::class;
use crate::measures::salt::cluster::{self, Member, Span};
use crate::measures::salt::labels::Label;
use crate::measures::salt::latest;
use crate::measures::salt::onward::{self, Chain, Cluster, Onward};
use crate::measures::salt::row::Row;
use crate::measures::salt::sequel::{self, Last, RecordType};
use crate::measures::salt::table::Context;
use throughcare_linkage::day::Day;

/// A request that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Council: number in `Frame::la_codes`.
    pub la: u16,
    /// Type of record.
    pub record_type: RecordType,
    /// Number of the sequel.
    pub class: u8,
    /// How often it counts.
    pub times: i64,
}

/// What became of the rows of a person, by the filter at which they fell. Of the requests of a cluster
/// one stands for it.
pub const SUPERSEDED: usize = 0;
const NO_REQUEST: usize = 1;
const CLUSTERED: usize = 2;
const NOT_IN_YEAR: usize = 3;
const EXISTING: usize = 4;
const NO_ROUTE: usize = 5;
/// It counts.
pub const COUNTED: usize = 6;

/// What tells apart the rows at the end of a cluster: age, route, outcome.
type EndRow = (Option<i32>, Label, Label);

/// What makes two results of record type 3 one (point e).
type Result3 = (u16, EndRow, u8);

/// Finds the requests of new clients, one person at a time.
#[derive(Clone, Debug)]
pub struct Requests {
    context: Context,
    chain_of: Chain,
    spans: Vec<Span>,
    members: Vec<Member>,
    ends: Vec<EndRow>,
    chain: Vec<Row>,
    results_3: Vec<Result3>,
    counted: Vec<Counted>,
    cohort: Vec<(u16, Day)>,
    fates: [i64; COUNTED + 1],
}

impl Requests {
    /// Nothing found yet.
    pub fn new(context: Context) -> Self {
        let chain_of = Chain {
            window_days: context.settings.request_window_days,
            gap_days: context.settings.chain_gap_days,
            makes_clusters: Row::is_request,
            as_published: context.as_published(),
        };
        Self {
            context,
            chain_of,
            spans: Vec::new(),
            members: Vec::new(),
            ends: Vec::new(),
            chain: Vec::new(),
            results_3: Vec::new(),
            counted: Vec::new(),
            cohort: Vec::new(),
            fates: [0; COUNTED + 1],
        }
    }

    /// The requests of the last person that count.
    pub fn counted(&self) -> &[Counted] {
        &self.counted
    }

    /// Council and start of the ST-Max services that the requests of the last person led to (step 9).
    pub fn cohort(&self) -> &[(u16, Day)] {
        &self.cohort
    }

    /// Rows of the last person by the filter at which they fell.
    pub fn fates(&self) -> &[i64; COUNTED + 1] {
        &self.fates
    }

    /// Follows the requests of one person, whose rows are those of the build.
    pub fn follow(&mut self, rows: &mut Vec<Row>) {
        self.counted.clear();
        self.cohort.clear();
        self.results_3.clear();
        self.fates = [0; COUNTED + 1];
        self.fates[SUPERSEDED] = latest::keep(rows, true);
        rows.sort_unstable_by_key(|row| (row.la, onward::order(row)));

        let today = self.context.today;
        self.spans.clear();
        self.spans.extend(
            (0u32..)
                .zip(rows.iter())
                .filter(|(_, row)| row.is_request())
                .map(|(n, row)| Span::new(row.la, row.start, row.end.or(today), n)),
        );
        self.fates[NO_REQUEST] = (rows.len() - self.spans.len()) as i64;
        self.fates[CLUSTERED] = self.spans.len() as i64;
        let mut members = std::mem::take(&mut self.members);
        let gap = self.context.settings.request_gap_days;
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

    /// Steps 3 to 9 for one cluster; its fate.
    fn follow_cluster(&mut self, rows: &[Row], la: u16, members: &[Member]) -> usize {
        let year = self.context.year;
        let of_cluster = || members.iter().filter_map(|member| rows.get(member.row as usize));
        let in_year = |row: &&Row| row.end.get().is_some_and(|end| year.contains(end));
        let Some(start) = of_cluster().map(|row| row.start).min() else { return NOT_IN_YEAR };
        let Some(end) = of_cluster().filter(in_year).filter_map(|row| row.end.get()).max() else {
            return NOT_IN_YEAR;
        };
        let cluster = Cluster { start, end };
        let council = onward::council(rows, la);

        self.ends.clear();
        let last = of_cluster().filter(|row| row.end == end.into());
        self.ends.extend(last.map(|row| (row.age(year.end), row.route, row.outcome)));
        self.ends.sort_unstable();
        self.ends.dedup();
        if council.iter().any(|row| row.is_long_term_on(start)) {
            // as published the test joins on route and outcome, which null never meets
            let as_published = self.context.as_published();
            self.ends.retain(|(_, route, outcome)| {
                as_published && (route.is_null() || outcome.is_null())
            });
            if self.ends.is_empty() {
                return EXISTING;
            }
        }
        if !self.keep_best() {
            return NO_ROUTE;
        }

        let onward = self.chain_of.follow(council, cluster, &mut self.chain);
        let service = self.chain.iter().filter(|row| row.is_service());
        let service = service.filter_map(|row| class::of_service(row.service_type)).min();
        let usable = |outcome| class::of_outcome(outcome) != class::UNCLASSED;
        let last = sequel::last_outcome(&self.chain, usable);
        let record_type = sequel::record_type(onward, service.is_some(), last);
        if record_type == RecordType::Service && service == Some(class::ST_MAX) {
            let st_max = self.chain.iter().filter(|row| row.is_st_max());
            self.cohort.extend(st_max.map(|row| (la, row.start)));
        }
        for n in 0..self.ends.len() {
            self.count(n, la, onward, (record_type, service, last));
        }
        COUNTED
    }

    /// Step 5: keeps the rows with the best outcome that have a route; as intended, one row. Whether
    /// any is left.
    fn keep_best(&mut self) -> bool {
        let as_published = self.context.as_published();
        let rank = |end: &EndRow| sequel::rank(end.2, as_published);
        let best = self.ends.iter().map(rank).min();
        self.ends.retain(|end| Some(rank(end)) == best);
        if as_published {
            self.ends.retain(|(_, route, _)| !route.is_null());
        } else {
            self.ends.sort_unstable_by_key(|end| (class::of_outcome(end.2), end.0));
            self.ends.truncate(1);
        }
        !self.ends.is_empty()
    }

    /// Counts one row at the end of a cluster.
    fn count(
        &mut self,
        n: usize,
        la: u16,
        onward: Onward,
        (record_type, service, last): (RecordType, Option<u8>, Option<Last>),
    ) {
        let Some(&end) = self.ends.get(n) else { return };
        let (_, route, outcome) = end;
        let as_published = self.context.as_published();
        // point b: rows of one route and rank were joined to each other
        let equals = self.ends.iter().filter(|other| other.1 == route).count() as i64;
        let null = as_published && outcome.is_null();
        let own = class::of_outcome(outcome);
        let class = match record_type {
            RecordType::NoOnward => own,
            RecordType::Service => service.unwrap_or(class::NULL),
            RecordType::Outcome => match last {
                Some(Last::One(outcome)) => class::of_outcome(outcome),
                _ => class::OTHER,
            },
            RecordType::Neither => own,
            RecordType::OutOfScope
                if as_published && sequel::rank(outcome, false) == sequel::UNRANKED =>
            {
                class::NULL
            }
            RecordType::OutOfScope => own,
        };
        let mut add = |record_type, class, times| {
            self.counted.push(Counted { la, record_type, class, times });
        };
        // point d: no join ever meets a null outcome
        if null || record_type == RecordType::NoOnward {
            add(RecordType::NoOnward, own, equals);
        }
        if null && onward != Onward::None {
            add(RecordType::OutOfScope, class::NULL, 1);
        }
        match record_type {
            RecordType::NoOnward => {}
            RecordType::OutOfScope if null => {}
            RecordType::Outcome if as_published => {
                let result = (la, end, class);
                if !self.results_3.contains(&result) {
                    self.results_3.push(result);
                    add(record_type, class, 1);
                }
            }
            _ => add(record_type, class, 1),
        }
    }
}
