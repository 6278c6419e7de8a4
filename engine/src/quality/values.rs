//! The department's data quality table as counts: council by field by condition, and by check or raw
//! text (`cld-data-quality.md` section 2).

use super::code::{Check, Condition, Context, Reason};
use super::item::Item;
use super::plan::{Plan, Submission};
use hashbrown::HashMap;
use throughcare_linkage::cld::cleaning::Cleaned;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{EventType, Field, Raw};
use throughcare_linkage::day::{Day, OptDay};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::records::cld::{CldDetail, CldRow, Seen, raw_of};

/// Records of the main table, field by field.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// By council of the plan's places; 0 for records without one.
    councils: Vec<Option<Box<Block>>>,
    /// Counts of raw texts beyond the dense ones.
    beyond: HashMap<(u16, Field, Raw, Condition), u64>,
    /// Raw texts that are no label: records and the people behind them.
    texts: HashMap<(u16, Field, Raw), Behind>,
    seen: Vec<(u16, Field, Raw)>,
}

/// Records and the people behind them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// Records.
    pub records: u64,
    /// People with at least one.
    pub people: u64,
}

#[derive(Clone, Debug)]
struct Block {
    records: u64,
    /// Fields without a list: by field, condition and check.
    plain: Box<[[[u64; 10]; 4]; Item::ALL.len()]>,
    /// Coded fields: by [`Plan::slot`].
    coded: Vec<u64>,
}

/// Records of one council, or of England, by field, condition and check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes {
    /// Records.
    pub records: u64,
    counts: Vec<[[u64; 10]; 4]>,
}

impl Default for Classes {
    fn default() -> Self {
        Self { records: 0, counts: vec![[[0; 10]; 4]; Item::ALL.len()] }
    }
}

impl Classes {
    /// Records of a field with a condition and a check.
    #[must_use]
    pub fn get(&self, item: Item, condition: Condition, check: Check) -> u64 {
        self.counts[item as usize][condition as usize][check as usize]
    }

    fn count(&mut self, item: Item, condition: Condition, check: Check, records: u64) {
        self.counts[item as usize][condition as usize][check as usize] += records;
    }

    /// Adds the records of another council.
    pub fn merge(&mut self, other: &Self) {
        self.records += other.records;
        let mine = self.counts.iter_mut().flatten().flatten();
        mine.zip(other.counts.iter().flatten().flatten()).for_each(|(mine, more)| *mine += more);
    }
}

/// One raw text of a coded field in one council.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextCount {
    /// The field.
    pub field: Field,
    /// Its raw text; none for blank.
    pub raw: Raw,
    /// Condition.
    pub condition: Condition,
    /// Check.
    pub check: Check,
    /// Records.
    pub records: u64,
}

impl Values {
    /// Takes the person's records of the main table.
    pub fn add(&mut self, plan: &Plan<'_>, person: &Person<'_>) {
        self.seen.clear();
        for event in plan.main(person) {
            if let Some(row) = person.cld_rows.get(event.row as usize) {
                let detail = person.cld_details.get(event.row as usize).copied();
                self.record(plan, event, row, &detail.unwrap_or_default());
            }
        }
        self.seen.sort_unstable_by_key(|&(council, field, raw)| (council, field, raw.0));
        for key in self.seen.chunk_by(|a, b| a == b) {
            let behind = self.texts.entry(key[0]).or_default();
            behind.records += key.len() as u64;
            behind.people += 1;
        }
    }

    fn record(&mut self, plan: &Plan<'_>, event: &CareEvent, row: &CldRow, detail: &CldDetail) {
        let council = plan.places.council(event.la);
        let submission = plan.submission(row);
        let period_end = submission.stated.map_or(event.reference_end, |stated| stated.end);
        let context = context(plan, row, detail, Some(period_end));
        let block = block(&mut self.councils, council, plan);
        block.records += 1;
        for item in Item::ALL {
            if !plan.is_given[item as usize] {
                continue;
            }
            let condition = context.condition(item);
            let Some(field) = item.coded() else {
                let check = plain_check(plan, item, condition, event, row, detail, submission);
                block.plain[item as usize][condition as usize][check as usize] += 1;
                continue;
            };
            let raw = raw_of(field, row, detail);
            match plan.slot(field, raw, condition as usize) {
                Some(slot) => block.coded[slot] += 1,
                None => {
                    *self.beyond.entry((council, field, raw, condition)).or_default() += 1;
                }
            }
            if !raw.is_none() && !plan.code(field, raw).is_label {
                self.seen.push((council, field, raw));
            }
        }
    }

    /// Adds the records of other people.
    pub fn merge(&mut self, other: Self) {
        if self.councils.len() < other.councils.len() {
            self.councils.resize(other.councils.len(), None);
        }
        for (mine, theirs) in self.councils.iter_mut().zip(other.councils) {
            let Some(theirs) = theirs else { continue };
            let Some(mine) = mine else {
                *mine = Some(theirs);
                continue;
            };
            mine.records += theirs.records;
            let counts = mine.plain.iter_mut().flatten().flatten();
            counts.zip(theirs.plain.iter().flatten().flatten()).for_each(|(n, more)| *n += more);
            mine.coded.iter_mut().zip(theirs.coded).for_each(|(n, more)| *n += more);
        }
        for (key, records) in other.beyond {
            *self.beyond.entry(key).or_default() += records;
        }
        for (key, more) in other.texts {
            let behind = self.texts.entry(key).or_default();
            behind.records += more.records;
            behind.people += more.people;
        }
    }

    /// Councils with records, in the order of their codes; 0 is none.
    pub fn councils(&self) -> impl Iterator<Item = u16> + '_ {
        (0u16..)
            .zip(&self.councils)
            .filter(|(_, block)| block.is_some())
            .map(|(council, _)| council)
    }

    /// The raw texts of a council, blank included, with their counts: by field, then by text, then by
    /// condition.
    #[must_use]
    pub fn texts(&self, plan: &Plan<'_>, council: u16) -> Vec<TextCount> {
        let Some(Some(block)) = self.councils.get(usize::from(council)) else { return Vec::new() };
        let mut found = Vec::new();
        let mut push = |field, raw: Raw, condition: Condition, records| {
            let check = if raw.is_none() {
                Check::of_blank(condition)
            } else {
                plan.code(field, raw).check.of_filled(condition)
            };
            if records > 0 {
                found.push(TextCount { field, raw, condition, check, records });
            }
        };
        for field in Field::ALL {
            for raw in (0..plan.dense_texts(field)).map(Raw) {
                for condition in Condition::ALL {
                    if let Some(slot) = plan.slot(field, raw, condition as usize) {
                        push(field, raw, condition, block.coded[slot]);
                    }
                }
            }
        }
        for (&(of, field, raw, condition), &records) in &self.beyond {
            if of == council {
                push(field, raw, condition, records);
            }
        }
        let text = |count: &TextCount| plan.cleaning.text(count.field, count.raw);
        found.sort_unstable_by(|a, b| {
            (a.field, text(a), a.condition).cmp(&(b.field, text(b), b.condition))
        });
        found
    }

    /// Records of a council by field, condition and check.
    #[must_use]
    pub fn classes(&self, plan: &Plan<'_>, council: u16) -> Classes {
        let mut classes = Classes::default();
        let Some(Some(block)) = self.councils.get(usize::from(council)) else { return classes };
        classes.records = block.records;
        classes.counts = block.plain.to_vec();
        for count in self.texts(plan, council) {
            if let Some(item) = Item::of_coded(count.field) {
                classes.count(item, count.condition, count.check, count.records);
            }
        }
        classes
    }

    /// Records and people behind a raw text that is no label.
    #[must_use]
    pub fn behind(&self, council: u16, field: Field, raw: Raw) -> Behind {
        self.texts.get(&(council, field, raw)).copied().unwrap_or_default()
    }
}

fn block<'b>(
    councils: &'b mut Vec<Option<Box<Block>>>,
    council: u16,
    plan: &Plan<'_>,
) -> &'b mut Block {
    let at = usize::from(council);
    if councils.len() <= at {
        councils.resize(at + 1, None);
    }
    councils[at].get_or_insert_with(|| {
        Box::new(Block {
            records: 0,
            plain: Box::new([[[0; 10]; 4]; Item::ALL.len()]),
            coded: vec![0; plan.slots()],
        })
    })
}

/// What the conditions of a row depend on. `period_end` is the last day of its reporting period.
#[must_use]
pub fn context(
    plan: &Plan<'_>,
    row: &CldRow,
    detail: &CldDetail,
    period_end: Option<Day>,
) -> Context {
    let cleaning = plan.cleaning;
    let reason = cleaning.cleaned(Field::ReviewReason, row.review_reason);
    let reason = if row.review_reason.is_none() || reason == Cleaned::INVALID {
        Reason::Undetermined
    } else if begins_planned(cleaning.label(Field::ReviewReason, reason))
        || begins_planned(cleaning.text(Field::ReviewReason, row.review_reason))
    {
        Reason::Planned
    } else {
        Reason::Other
    };
    let age = period_end.and_then(|end| row.birth.calendar_age(end));
    let mechanism = cleaning.cleaned(Field::DeliveryMechanism, row.mechanism);
    let support = cleaning.cleaned(Field::PrimarySupportReason, detail.primary_support_reason);
    Context {
        client: cleaning.client_type(row.client_type),
        event: cleaning.event_type(row.event_type, plan.edition),
        assessment: cleaning.assessment_type(row.assessment_type),
        reason,
        service: cleaning.service_type(row.service_type),
        component: cleaning.component(row.component),
        is_commissioned: !mechanism.is_none() && mechanism == plan.labels.commissioned,
        is_learning_disability: !support.is_none() && support == plan.labels.learning_disability,
        is_working_age: age.is_some_and(|age| (18..=64).contains(&age)),
        has_death: row.death.is_some(),
    }
}

fn begins_planned(text: &str) -> bool {
    text.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("planned"))
}

/// The check of a field without a list.
fn plain_check(
    plan: &Plan<'_>,
    item: Item,
    condition: Condition,
    event: &CareEvent,
    row: &CldRow,
    detail: &CldDetail,
    submission: Submission,
) -> Check {
    let seen = |bit: Seen| detail.seen.has(bit);
    let future =
        |day: OptDay| day.get().zip(submission.import).is_some_and(|(day, import)| day > import);
    let birth = OptDay::from(row.birth.first_day());
    let filled = |is_filled: bool| is_filled.then_some(Check::Valid);
    let stated = |here: Seen, bad: Seen| {
        if seen(bad) { Some(Check::WrongType) } else { filled(seen(here)) }
    };
    let amount = |is_filled: bool, bad: Seen| {
        if seen(bad) { Some(Check::WrongType) } else { filled(is_filled) }
    };
    let linked = |n: usize| {
        let id = detail.linked_ids[n];
        let to_self = id != 0 && id == detail.local_id;
        filled(id != 0).map(|valid| if to_self { Check::Conflict } else { valid })
    };
    let found = match item {
        Item::LaCode => filled(row.la != 0).map(|valid| match plan.is_listed(row.la) {
            Some(false) => Check::NotListed,
            _ => valid,
        }),
        Item::PeriodStart => stated(Seen::PERIOD_START, Seen::PERIOD_START_BAD),
        Item::PeriodEnd => stated(Seen::PERIOD_END, Seen::PERIOD_END_BAD),
        Item::NhsNumber => {
            let is_prepared = row.is_prepared();
            filled(seen(Seen::NHS_NUMBER) || (is_prepared && row.id_kind.is_linkable()))
        }
        Item::LocalId => filled(detail.local_id != 0),
        Item::GpPractice => filled(seen(Seen::GP_PRACTICE)),
        Item::Birth if birth.is_none() => seen(Seen::BIRTH_BAD).then_some(Check::WrongType),
        Item::Birth if future(birth) => Some(Check::Impossible),
        Item::Birth if birth > row.start => Some(Check::Conflict),
        Item::Birth => Some(Check::Valid),
        Item::Death if seen(Seen::DEATH_BAD) => Some(Check::WrongType),
        Item::Death if row.death.is_none() => None,
        Item::Death if future(row.death) => Some(Check::Impossible),
        Item::Death if birth > row.death => Some(Check::Conflict),
        Item::Death => Some(Check::Valid),
        Item::EventReference => filled(seen(Seen::EVENT_REFERENCE)),
        Item::EventDescription => filled(seen(Seen::EVENT_DESCRIPTION)),
        Item::Start if future(row.start) => Some(Check::Impossible),
        Item::Start => filled(row.start.is_some()),
        Item::End if row.raw_end.is_none() => None,
        Item::End if row.raw_end < row.start => Some(Check::Conflict),
        Item::End if event.event_type != EventType::Service && future(row.raw_end) => {
            Some(Check::Impossible)
        }
        Item::End => Some(Check::Valid),
        Item::Adults if seen(Seen::ADULTS_BAD) => Some(Check::WrongType),
        Item::Adults if detail.adults == CldDetail::NO_ADULTS => None,
        Item::Adults if usize::from(detail.adults) < linked_ids(detail) => Some(Check::Conflict),
        Item::Adults => Some(Check::Valid),
        Item::Linked1 => linked(0),
        Item::Linked2 => linked(1),
        Item::Linked3 => linked(2),
        Item::CqcLocation if detail.cqc_location == 0 => None,
        Item::CqcLocation if !plan.has_cqc_form(detail.cqc_location) => Some(Check::WrongType),
        Item::CqcLocation => Some(Check::Valid),
        Item::UnitCost => amount(detail.unit_cost.get().is_some(), Seen::UNIT_COST_BAD),
        Item::PlannedUnits => amount(detail.planned_units.get().is_some(), Seen::PLANNED_UNITS_BAD),
        // the postcode is withheld; coded fields do not come here
        _ => None,
    };
    found.map_or_else(|| Check::of_blank(condition), |check| check.of_filled(condition))
}

/// How many linked identifiers are filled.
#[must_use]
pub fn linked_ids(detail: &CldDetail) -> usize {
    detail.linked_ids.iter().filter(|&&id| id != 0).count()
}
