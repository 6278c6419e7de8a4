//! The numbered rules as counts by council: tested, failed, people who fail.

use super::links::{Holder, Links};
use super::people::{self, Pair, Passing, Service};
use super::plan::{Plan, Submission};
use super::rows;
use super::rule::{Rule, Tested};
use hashbrown::{DefaultHashBuilder, HashMap, HashSet};
use std::hash::BuildHasher;
use throughcare_linkage::cld::event_filter::{corrected_end, death_of_row, is_alive, is_in_period};
use throughcare_linkage::cld::person_details::{CarerLinks, Explained, LatestDetails, Why};
use throughcare_linkage::cld::settings::Edition;
use throughcare_linkage::codes::cld::{ClientType, Component, EventType, Field, Raw, ServiceType};
use throughcare_linkage::day::{Day, OPEN_END, OptDay};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::records::cld::{CldDetail, CldRow};

/// Records of one person beyond which an identifier is implausible, and so are more than two dates of
/// death (V017).
pub const MOST_ROWS: usize = 1_000;
/// Fewest people or services of a council of which a repeated day tells anything (V024, V055).
const FEWEST: u64 = 100;

/// Rows or people of one rule in one council.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleCount {
    /// Rows, people or groups to which the rule applies.
    pub tested: u64,
    /// Of them, those that fail it.
    pub failed: u64,
    /// People with a failure.
    pub people: u64,
}

/// Counts of every rule.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    councils: Vec<Vec<RuleCount>>,
    links: Links,
    births: HashMap<(u16, u16), u64>,
    starts: HashMap<(u16, Day), u64>,
    overlap_days: HashMap<u16, u64>,
    /// People of each submission.
    pub submission_people: Vec<u64>,
    /// Open services of each council's previous submission, and those of them that the latest
    /// submission does not have (S09).
    pub lost: HashMap<u16, Pair>,
    scratch: Scratch,
}

/// Memory reused from person to person.
#[derive(Clone, Debug, Default)]
struct Scratch {
    hasher: DefaultHashBuilder,
    councils: Vec<Council>,
    explained: Vec<Explained>,
    submissions: Vec<u16>,
    current: HashSet<[u64; 3]>,
    intervals: Vec<(Day, Day)>,
    no_links: CarerLinks,
}

/// What is gathered of one person in one council.
#[derive(Clone, Debug, Default)]
struct Council {
    number: u16,
    la: u16,
    failed: u128,
    services: Vec<Service>,
    requests: Vec<(Day, Day)>,
    reablement: Vec<(Day, Day)>,
    passing: Vec<Passing>,
    copies: Vec<u64>,
    local_ids: Vec<(u32, u32)>,
    open_before: Vec<[u64; 3]>,
    is_service_user: bool,
    has_rows: bool,
}

impl Council {
    fn clear(&mut self, number: u16, la: u16) {
        let Self {
            services, requests, reablement, passing, copies, local_ids, open_before, ..
        } = self;
        services.clear();
        requests.clear();
        reablement.clear();
        passing.clear();
        copies.clear();
        local_ids.clear();
        open_before.clear();
        (self.number, self.la, self.failed) = (number, la, 0);
        (self.is_service_user, self.has_rows) = (false, false);
    }
}

impl Checks {
    /// Takes the rows and records of a person, or of those without one, into the counts.
    pub fn add(&mut self, plan: &Plan<'_>, person: &Person<'_>) {
        if person.cld_rows.is_empty() {
            return;
        }
        let mut s = std::mem::take(&mut self.scratch);
        let mut used = 0;
        s.submissions.clear();
        s.current.clear();
        for (n, row) in person.cld_rows.iter().enumerate() {
            let detail = person.cld_details.get(n).copied().unwrap_or_default();
            if person.is_known() && !row.is_prepared() && !s.submissions.contains(&row.submission) {
                s.submissions.push(row.submission);
            }
            let submission = plan.submission(row);
            if !(submission.is_selected || submission.is_previous) {
                continue;
            }
            let at = place(&mut s.councils, &mut used, plan.places.council(row.la), row.la);
            let council = &mut s.councils[at];
            if submission.is_previous && !submission.is_selected {
                let kind = plan.cleaning.event_type(row.event_type, plan.edition);
                if kind == EventType::Service && row.raw_end.is_none() && row.start.is_some() {
                    council.open_before.push(event_key(plan, plan.edition, row, kind, row.raw_end));
                }
                continue;
            }
            council.has_rows = true;
            let tested = rows::raw_row(plan, row, &detail, !person.id.is_empty());
            council.failed |= tested.failed;
            self.count_row(council.number, tested);
            self.gather(plan, person, council, row, &detail, submission, &s.hasher);
            let kind = plan.cleaning.event_type(row.event_type, plan.edition);
            if row.start.is_some() {
                s.current.insert(event_key(plan, plan.edition, row, kind, row.raw_end));
            }
        }
        if person.is_known() {
            for &number in &s.submissions {
                let at = usize::from(number);
                if self.submission_people.len() <= at {
                    self.submission_people.resize(at + 1, 0);
                }
                self.submission_people[at] += 1;
            }
            self.records(plan, person, &mut s, &mut used);
        }
        self.person(plan, person, &mut s, used);
        self.scratch = s;
    }

    fn count_row(&mut self, council: u16, tested: Tested) {
        let counts = counts(&mut self.councils, council);
        for rule in Tested::rules(tested.tested) {
            counts[rule as usize].tested += 1;
        }
        for rule in Tested::rules(tested.failed) {
            counts[rule as usize].failed += 1;
        }
    }

    /// Notes what rules over several rows need of a row.
    #[allow(clippy::too_many_arguments, reason = "one row with its surroundings")]
    fn gather(
        &mut self,
        plan: &Plan<'_>,
        person: &Person<'_>,
        council: &mut Council,
        row: &CldRow,
        detail: &CldDetail,
        submission: Submission,
        hasher: &DefaultHashBuilder,
    ) {
        let nameless = CldRow { record_id: 0, row: 0, file: 0, ..*row };
        council.copies.push(hasher.hash_one((nameless, *detail)));
        let client = plan.cleaning.client_type(row.client_type);
        council.is_service_user |= client == ClientType::ServiceUser;
        // what only people need is not gathered of the many rows without a person
        let is_known = person.is_known();
        if is_known && detail.local_id != 0 {
            match council.local_ids.iter_mut().find(|(id, _)| *id == detail.local_id) {
                Some((_, rows)) => *rows += 1,
                None => council.local_ids.push((detail.local_id, 1)),
            }
        }
        for id in detail.linked_ids.into_iter().filter(|&id| id != 0) {
            self.links.name(council.number, id);
        }
        let Some(start) = row.start.get() else { return };
        let kind = plan.cleaning.event_type(row.event_type, plan.edition);
        let last = people::last_day(row.raw_end);
        if kind == EventType::Service {
            let service_type = plan.cleaning.service_type(row.service_type);
            let component = plan.cleaning.component(row.component);
            let location = detail.cqc_location;
            if is_known {
                let service = Service { start, end: last, service_type, component, location };
                council.services.push(service);
            }
            if is_known && component == Component::Reablement {
                council.reablement.push((start, last));
            }
            *self.starts.entry((council.number, start)).or_default() += 1;
            if service_type.is_long_term() && row.raw_end.is_none() {
                let mut t = Tested::default();
                t.test(Rule::V054, is_april_the_first(start));
                council.failed |= t.failed;
                self.count_row(council.number, t);
            }
        } else if is_known && kind == EventType::Request {
            council.requests.push((start, last));
        }
        let registered = person.death.registration;
        let death =
            death_of_row(plan.edition, row.id_kind, row.death, registered, registered.is_some());
        let end = corrected_end(start, row.raw_end, death);
        let passes = !row.event_type.is_none()
            && submission.reference.is_none_or(|period| {
                is_in_period(plan.cleaning.is_service_text(row.event_type), start, end, period)
                    && is_alive(start, death, period)
            });
        if passes && is_known {
            let content = hasher.hash_one((
                plan.cleaning.outcome(row.outcome),
                row.raw_end,
                plan.cleaning.cleaned(Field::DeliveryMechanism, row.mechanism),
                (detail.unit_cost, detail.planned_units),
                plan.cleaning.cleaned(Field::CostFrequency, detail.cost_frequency),
            ));
            council.passing.push(Passing {
                event: event_key(plan, plan.edition, row, kind, end),
                content,
                cleaned: event_key(plan, Edition::B, row, kind, end),
                raw: event_key(plan, Edition::A, row, kind, end),
            });
        }
    }

    /// The rules of records of the main table.
    fn records(&mut self, plan: &Plan<'_>, person: &Person<'_>, s: &mut Scratch, used: &mut usize) {
        for event in plan.main(person) {
            let Some(row) = person.cld_rows.get(event.row as usize) else { continue };
            let detail = person.cld_details.get(event.row as usize).copied().unwrap_or_default();
            let at = place(&mut s.councils, used, plan.places.council(event.la), event.la);
            let tested = rows::record(plan, event, row, &detail);
            s.councils[at].failed |= tested.failed;
            self.count_row(s.councils[at].number, tested);
        }
        s.explained.clear();
        let latest = LatestDetails::with_codes(plan.cleaning, &s.no_links, &plan.details);
        latest.explain(plan.main(person), person.cld_details, &mut s.explained);
        for explained in &s.explained {
            let number = plan.places.council(explained.details.la);
            let at = place(&mut s.councils, used, number, explained.details.la);
            let tested = self.details(plan, person, explained);
            s.councils[at].failed |= tested.failed;
            self.count_row(number, tested);
        }
    }

    /// V025, V026, V029 of one person in one council, and the month of birth of V024.
    fn details(&mut self, plan: &Plan<'_>, person: &Person<'_>, explained: &Explained) -> Tested {
        let Explained { details, reasons } = explained;
        let mut t = Tested::default();
        let events = || plan.main(person).iter().filter(|event| event.la == details.la);
        let births = || events().map(|event| event.birth).filter(|birth| birth.is_known());
        if let Some(first) = births().next() {
            t.test(Rule::V025, births().any(|birth| birth != first));
            let number = plan.places.council(details.la);
            *self.births.entry((number, details.birth.0)).or_default() += 1;
        }
        for (rule, reason) in [
            (Rule::V026a, reasons.gender),
            (Rule::V026b, reasons.ethnicity),
            (Rule::V026c, reasons.primary_support_reason),
            (Rule::V026d, reasons.accommodation_stated),
            (Rule::V026e, reasons.employment),
            (Rule::V026f, reasons.funding),
        ] {
            t.test_if(reason.why != Why::NoValue, rule, reason.why == Why::Tie);
        }
        let open = || {
            events().filter(|event| {
                event.event_type == EventType::Service
                    && event.end.is_none()
                    && event.service_type.is_long_term()
            })
        };
        if reasons.accommodation_stated.why == Why::Latest && open().next().is_some() {
            let in_home =
                [plan.labels.nursing_home, plan.labels.care_home].contains(&details.accommodation);
            let is_home = |kind| matches!(kind, ServiceType::Nursing | ServiceType::Residential);
            let only_homes = open().all(|event| is_home(event.service_type));
            let no_home = !open().any(|event| is_home(event.service_type));
            t.test(Rule::V029, (only_homes && !in_home) || (no_home && in_home));
        }
        t
    }

    /// The rules over several rows of a person, council by council.
    fn person(&mut self, plan: &Plan<'_>, person: &Person<'_>, s: &mut Scratch, used: usize) {
        let is_known = person.is_known();
        let in_councils = s.councils[..used].iter().filter(|council| council.has_rows).count();
        let deaths = distinct_deaths(person);
        let rows = person.cld_rows.iter();
        let imports = rows.filter_map(|row| plan.submission(row).import).max();
        let last_known = imports.or(plan.window.map(|window| window.end)).unwrap_or(OPEN_END);
        for n in 0..used {
            let Scratch { councils, intervals, current, explained, .. } = s;
            let council = &mut councils[n];
            let number = council.number;
            let copies = distinct(&mut council.copies);
            self.count(council, Rule::V090, [council.copies.len() as u64, copies]);
            if is_known && council.has_rows {
                let [v091, v092, v093] = people::duplicates(&mut council.passing);
                self.count(council, Rule::V091, v091);
                self.count(council, Rule::V092, v092);
                self.count(council, Rule::V093, v093);
                for (rule, of, gap_days, latest) in [
                    (Rule::V096, &council.reablement, 7, true),
                    (Rule::V097, &council.requests, 4, false),
                ] {
                    intervals.clear();
                    intervals.extend_from_slice(of);
                    intervals.sort_unstable();
                    intervals.dedup();
                    let counts = people::groups(intervals, gap_days, latest);
                    if counts[1] > 0 {
                        council.failed |= 1 << rule as u8;
                    }
                    self.count_only(number, rule, counts);
                }
                let mut t = Tested::default();
                let days = people::overlaps(&mut council.services, last_known, &mut t);
                if days > 0 {
                    *self.overlap_days.entry(number).or_default() += days;
                }
                let is_nhs = person.id_kind.is_linkable();
                t.test_if(
                    is_nhs && !council.local_ids.is_empty(),
                    Rule::V013,
                    council.local_ids.len() > 1,
                );
                t.test_if(is_nhs, Rule::V016, in_councils > 1);
                t.test(Rule::V017, person.cld_rows.len() > MOST_ROWS || deaths > 2);
                if let (Some(cld), Some(registered)) =
                    (person.death.cld.get(), person.death.registration.get())
                {
                    t.test(Rule::V056, cld.since(registered).abs() > 7);
                }
                council.failed |= t.failed;
                self.count_row(number, t);
                let details = explained.iter().find(|one| one.details.la == council.la);
                let says_no_carer = details.is_some_and(|one| {
                    one.reasons.has_carer.why == Why::Latest
                        && one.details.has_carer == plan.labels.has_carer_no
                });
                for &(id, rows) in &council.local_ids {
                    self.links.hold(
                        number,
                        id,
                        Holder {
                            has_nhs: is_nhs,
                            is_service_user: council.is_service_user,
                            says_no_carer: says_no_carer && council.is_service_user,
                            rows,
                        },
                    );
                }
            }
            if !council.open_before.is_empty() {
                let open = &mut council.open_before;
                open.sort_unstable();
                open.dedup();
                let gone = open.iter().filter(|event| !current.contains(*event)).count();
                let lost = self.lost.entry(number).or_default();
                lost[0] += open.len() as u64;
                lost[1] += gone as u64;
            }
            if is_known {
                let failed = council.failed;
                let counts = counts(&mut self.councils, number);
                for rule in Tested::rules(failed) {
                    counts[rule as usize].people += 1;
                }
            }
        }
    }

    /// Counts rows of a rule and notes the person if any failed.
    fn count(&mut self, council: &mut Council, rule: Rule, pair: Pair) {
        if pair[1] > 0 {
            council.failed |= 1 << rule as u8;
        }
        self.count_only(council.number, rule, pair);
    }

    fn count_only(&mut self, council: u16, rule: Rule, [tested, failed]: Pair) {
        let count = &mut counts(&mut self.councils, council)[rule as usize];
        count.tested += tested;
        count.failed += failed;
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: Self) {
        for (council, theirs) in (0u16..).zip(other.councils) {
            if theirs.is_empty() {
                continue;
            }
            for (mine, more) in counts(&mut self.councils, council).iter_mut().zip(theirs) {
                mine.tested += more.tested;
                mine.failed += more.failed;
                mine.people += more.people;
            }
        }
        self.links.merge(other.links);
        add_all(&mut self.births, other.births);
        add_all(&mut self.starts, other.starts);
        add_all(&mut self.overlap_days, other.overlap_days);
        if self.submission_people.len() < other.submission_people.len() {
            self.submission_people.resize(other.submission_people.len(), 0);
        }
        for (mine, more) in self.submission_people.iter_mut().zip(other.submission_people) {
            *mine += more;
        }
        for (council, more) in other.lost {
            let lost = self.lost.entry(council).or_default();
            lost[0] += more[0];
            lost[1] += more[1];
        }
    }

    /// Counts by council, in the order of codes, and rule; and by council the days on which support of
    /// different settings overlaps (V094).
    #[must_use]
    pub fn finish(&self) -> (Vec<Vec<RuleCount>>, HashMap<u16, u64>) {
        let mut councils = self.councils.clone();
        let of_links = self.links.tests();
        let mut add = |council: u16, rule: Rule, [tested, failed]: Pair, people: bool| {
            let count = &mut counts(&mut councils, council)[rule as usize];
            count.tested += tested;
            count.failed += failed;
            count.people += if people { failed } else { 0 };
        };
        for (&(council, rule), &pair) in &of_links {
            add(council, rule, pair, matches!(rule, Rule::V014 | Rule::V031));
        }
        for (council, pair) in repeated(&self.births, 100) {
            add(council, Rule::V024, pair, true);
        }
        let others = self.starts.iter().filter(|((_, day), _)| !is_april_the_first(*day));
        let others: HashMap<(u16, Day), u64> = others.map(|(&key, &n)| (key, n)).collect();
        for (council, pair) in repeated(&others, 20) {
            add(council, Rule::V055, pair, false);
        }
        (councils, self.overlap_days.clone())
    }
}

/// By council: all, and those of a value that more than one in `share` has; nothing where there are
/// too few to tell.
fn repeated<V: Copy + Eq + std::hash::Hash>(
    counts: &HashMap<(u16, V), u64>,
    share: u64,
) -> HashMap<u16, Pair> {
    let mut found: HashMap<u16, Pair> = HashMap::new();
    for (&(council, _), &n) in counts {
        found.entry(council).or_default()[0] += n;
    }
    found.retain(|_, pair| pair[0] >= FEWEST);
    for (&(council, _), &n) in counts {
        if let Some(pair) = found.get_mut(&council)
            && n * share > pair[0]
            && n >= 10
        {
            pair[1] += n;
        }
    }
    found
}

fn add_all<K: Eq + std::hash::Hash>(mine: &mut HashMap<K, u64>, theirs: HashMap<K, u64>) {
    for (key, more) in theirs {
        *mine.entry(key).or_default() += more;
    }
}

fn counts(councils: &mut Vec<Vec<RuleCount>>, council: u16) -> &mut [RuleCount] {
    let at = usize::from(council);
    if councils.len() <= at {
        councils.resize(at + 1, Vec::new());
    }
    let counts = &mut councils[at];
    if counts.is_empty() {
        counts.resize(Rule::ALL.len(), RuleCount::default());
    }
    counts
}

/// Where the person's rows in a council are gathered.
fn place(councils: &mut Vec<Council>, used: &mut usize, number: u16, la: u16) -> usize {
    if let Some(at) = councils[..*used].iter().position(|council| council.number == number) {
        return at;
    }
    if councils.len() == *used {
        councils.push(Council::default());
    }
    councils[*used].clear(number, la);
    *used += 1;
    *used - 1
}

/// How many of the values are copies of another. Sorts them.
fn distinct(values: &mut [u64]) -> u64 {
    values.sort_unstable();
    values.windows(2).filter(|two| two[0] == two[1]).count() as u64
}

fn distinct_deaths(person: &Person<'_>) -> usize {
    let mut first = [OptDay::NONE; 3];
    let mut found = 0;
    for death in person.cld_rows.iter().map(|row| row.death).filter(|death| death.is_some()) {
        if found < 3 && !first[..found].contains(&death) {
            first[found] = death;
            found += 1;
        }
    }
    found
}

fn is_april_the_first(day: Day) -> bool {
    day == day.month_start() && day.year_month().1 == 4
}

/// The unique event of a row within one person (P-12), by raw values (edition A) or cleaned ones.
fn event_key(
    plan: &Plan<'_>,
    edition: Edition,
    row: &CldRow,
    kind: EventType,
    end: OptDay,
) -> [u64; 3] {
    let value = |field: Field, raw: Raw| match edition {
        Edition::A => u64::from(plan.cleaning.fold(field, raw)),
        Edition::B => u64::from(plan.cleaning.cleaned(field, raw).0),
    };
    let day = |day: OptDay| u64::from(day.or(Day(i32::MIN)).0.cast_unsigned());
    let (first, second) = match kind {
        EventType::Request => (value(Field::RequestRouteOfAccess, row.route), 0),
        EventType::Assessment => (value(Field::AssessmentType, row.assessment_type), 0),
        EventType::Service => (
            value(Field::ServiceType, row.service_type),
            value(Field::ServiceComponent, row.component),
        ),
        _ => (0, 0),
    };
    let end = if kind == EventType::Service { OptDay::NONE } else { end };
    [
        u64::from(row.la) << 48 | day(row.start) << 16 | value(Field::ClientType, row.client_type),
        day(end) << 16 | value(Field::EventType, row.event_type),
        first << 16 | second,
    ]
}
