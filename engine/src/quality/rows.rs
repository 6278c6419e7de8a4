//! The rules that look at one row (`cld-data-quality.md` sections 4.1 to 4.6).

use super::code::{Check, Condition, Reason};
use super::item::Item;
use super::plan::{Frequency, Plan};
use super::rule::{Rule, Tested};
use super::values::{context, linked_ids};
use throughcare_linkage::cld::cleaning::Cleaned;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, Component, EventType, Field, Outcome, ServiceType,
};
use throughcare_linkage::day::{Day, OptDay};
use throughcare_linkage::records::cld::{CldDetail, CldRow, Seen, raw_of};

/// 1900-01-01, before which no date of a record lies (V003).
const FIRST_DAY: Day = Day(-25_567);
/// 2100-12-31, after which none does.
const LAST_DAY: Day = Day(47_846);
/// Days in a quarter at most (V086).
const QUARTER_DAYS: i32 = 92;

/// The rules of a raw row of a submission. `has_person` says whether it has any identifier.
#[must_use]
pub fn raw_row(plan: &Plan<'_>, row: &CldRow, detail: &CldDetail, has_person: bool) -> Tested {
    let mut t = Tested::default();
    let period_end = plan.submission(row).stated.map(|stated| stated.end);
    let c = context(plan, row, detail, period_end);
    structure(&mut t, plan, row, detail);
    t.test(Rule::V010, !has_person);
    t.test_if(plan.is_given[Item::LocalId as usize], Rule::V011, detail.local_id == 0);
    let is_association = c.client == ClientType::UnpaidCarerByAssociation;
    dates(&mut t, plan, row, c.event, is_association);
    content(&mut t, plan, row, detail, &c);
    if c.event == EventType::Service {
        services(&mut t, plan, row, &c);
        let needs_cost = c.condition(Item::UnitCost) == Condition::Mandatory;
        costs(&mut t, plan, row, detail, needs_cost);
    }
    t
}

/// V003 to V006.
fn structure(t: &mut Tested, plan: &Plan<'_>, row: &CldRow, detail: &CldDetail) {
    let seen = |bit: Seen| detail.seen.has(bit);
    let outside = |day: OptDay| day.get().is_some_and(|day| day < FIRST_DAY || day > LAST_DAY);
    let bad_date = [Seen::PERIOD_START_BAD, Seen::PERIOD_END_BAD, Seen::BIRTH_BAD, Seen::DEATH_BAD]
        .into_iter()
        .any(seen);
    let dates = [row.start, row.raw_end, row.death];
    t.test(Rule::V003, bad_date || dates.into_iter().any(outside));
    let bad_number = [Seen::UNIT_COST_BAD, Seen::PLANNED_UNITS_BAD, Seen::ADULTS_BAD];
    let bad_number = bad_number.into_iter().any(seen);
    let number = detail.unit_cost.get().is_some()
        || detail.planned_units.get().is_some()
        || detail.adults != CldDetail::NO_ADULTS;
    t.test_if(number || bad_number, Rule::V004, bad_number);
    let filled = Field::ALL.into_iter().map(|field| (field, raw_of(field, row, detail)));
    let mut filled = filled.filter(|(_, raw)| !raw.is_none()).peekable();
    let has_coded = filled.peek().is_some();
    let no_value = filled.any(|(field, raw)| plan.code(field, raw).is_no_value);
    t.test_if(has_coded, Rule::V005, no_value);
    if let Some(is_listed) = plan.is_listed(row.la) {
        t.test(Rule::V006, !is_listed);
    }
}

/// V040 to V053.
fn dates(t: &mut Tested, plan: &Plan<'_>, row: &CldRow, kind: EventType, is_association: bool) {
    let submission = plan.submission(row);
    let (start, end, death) = (row.start, row.raw_end, row.death);
    let both = |a: OptDay, b: OptDay| a.is_some() && b.is_some();
    let after_import =
        |day: OptDay| day.get().zip(submission.import).is_some_and(|(day, import)| day > import);
    let has_import = submission.import.is_some();
    let is_service = kind == EventType::Service;
    let is_other = matches!(kind, EventType::Request | EventType::Assessment | EventType::Review);
    t.test_if(!is_association, Rule::V040, start.is_none());
    t.test_if(is_other, Rule::V041, end.is_none());
    t.test_if(both(start, end), Rule::V042, end < start);
    t.test_if(start.is_some() && has_import, Rule::V043, after_import(start));
    t.test_if(is_other && end.is_some() && has_import, Rule::V044, after_import(end));
    t.test_if(is_service && end.is_some() && has_import, Rule::V045, after_import(end));
    let birth = OptDay::from(row.birth.first_day());
    t.test_if(death.is_some(), Rule::V046, after_import(death) || birth > death);
    t.test_if(both(death, start), Rule::V047, death < start);
    t.test_if(both(death, end), Rule::V048, end > death);
    t.test_if(death.is_some() && is_service, Rule::V049, end.is_none());
    t.test_if(death.is_some() && !is_association, Rule::V050, end.is_none());
    if let (Some(stated), Some(end), true) = (submission.stated, end.get(), is_other) {
        t.test(Rule::V051, !stated.contains(end));
    }
    let last = end.get().or(submission.import);
    let length = start.get().zip(last).map(|(start, last)| last.since(start));
    let of_request = matches!(kind, EventType::Request | EventType::Assessment);
    if let (Some(_), Some(days), true) = (end.get(), length, of_request) {
        t.test(Rule::V052, days > 365);
    }
    if let (Some(days), true) = (length, is_service) {
        match plan.cleaning.service_type(row.service_type) {
            ServiceType::StMax => t.test(Rule::V053, days > 182),
            ServiceType::OtherShortTerm => t.test(Rule::V053, days > 365),
            _ => {}
        }
    }
}

/// V060 to V068, V074, V075, V077.
fn content(
    t: &mut Tested,
    plan: &Plan<'_>,
    row: &CldRow,
    detail: &CldDetail,
    c: &super::code::Context,
) {
    let kind = c.event;
    let is_known = !matches!(kind, EventType::None | EventType::Invalid);
    let is_association = c.client == ClientType::UnpaidCarerByAssociation;
    t.test_if(!is_association, Rule::V060, !is_known);
    let of_request = !row.route.is_none();
    let of_assessment = !(row.assessment_type.is_none()
        && detail.eligible_needs.is_none()
        && detail.assessment_method.is_none());
    let of_service = !(row.service_type.is_none()
        && row.component.is_none()
        && row.mechanism.is_none()
        && detail.cost_frequency.is_none())
        || detail.cqc_location != 0
        || detail.unit_cost.get().is_some()
        || detail.planned_units.get().is_some();
    let of_review = !(row.review_reason.is_none()
        && detail.review_outcomes.is_none()
        && detail.review_method.is_none());
    let strange = (of_request && kind != EventType::Request)
        || (of_assessment && kind != EventType::Assessment)
        || (of_service && kind != EventType::Service)
        || (of_review && kind != EventType::Review);
    t.test_if(is_known, Rule::V061, strange);
    let has_event = !row.event_type.is_none()
        || row.start.is_some()
        || row.raw_end.is_some()
        || !row.outcome.is_none()
        || of_request
        || of_assessment
        || of_service
        || of_review;
    let linked = linked_ids(detail);
    t.test_if(is_association, Rule::V062, has_event || linked == 0);
    let to_self = detail.local_id != 0 && detail.linked_ids.contains(&detail.local_id);
    t.test_if(linked > 0, Rule::V064, to_self);
    t.test_if(
        detail.adults != CldDetail::NO_ADULTS,
        Rule::V065,
        usize::from(detail.adults) < linked,
    );
    let outcome = plan.cleaning.outcome(row.outcome);
    let is_financial = c.assessment == AssessmentType::Financial;
    t.test_if(is_known && !is_association && !is_financial, Rule::V066, row.outcome.is_none());
    let is_open = kind == EventType::Service && row.raw_end.is_none();
    t.test_if(is_open && !row.outcome.is_none(), Rule::V067, outcome != Outcome::Continuation);
    let is_deceased = outcome == Outcome::NfaDeceased;
    let dies_within = row.start.is_some()
        && row.raw_end.is_some()
        && row.start <= row.death
        && row.death <= row.raw_end;
    t.test_if(is_deceased || dies_within, Rule::V068, !(is_deceased && row.death.is_some()));
    match kind {
        EventType::Assessment => t.test(Rule::V074, row.assessment_type.is_none()),
        EventType::Review => {
            let lacks_outcomes = c.reason == Reason::Planned && detail.review_outcomes.is_none();
            t.test(Rule::V075, row.review_reason.is_none() || lacks_outcomes);
        }
        EventType::Request => t.test(Rule::V077, row.route.is_none()),
        EventType::Service => {
            t.test_if(
                detail.cqc_location != 0,
                Rule::V076,
                !plan.has_cqc_form(detail.cqc_location),
            );
        }
        _ => {}
    }
}

/// V069 to V073.
fn services(t: &mut Tested, plan: &Plan<'_>, row: &CldRow, c: &super::code::Context) {
    let is_home = matches!(c.service, ServiceType::Nursing | ServiceType::Residential);
    let self_funded = plan.cleaning.outcome(row.outcome) == Outcome::NfaSelfFunded;
    t.test_if(self_funded, Rule::V069, !is_home);
    let service_known = !matches!(c.service, ServiceType::None | ServiceType::Invalid);
    let component_known = !matches!(c.component, Component::None | Component::Invalid);
    t.test_if(service_known && component_known, Rule::V070, !goes_with(c.service, c.component));
    let (is_st_max, is_reablement) =
        (c.service == ServiceType::StMax, c.component == Component::Reablement);
    t.test_if(is_st_max || is_reablement, Rule::V071, is_st_max != is_reablement);
    t.test_if(c.service == ServiceType::Community, Rule::V072, row.mechanism.is_none());
    t.test_if(is_home, Rule::V073, !row.mechanism.is_none());
}

/// Whether a service type can have a component. Components that name no length of support go with
/// every type but nursing and residential care.
fn goes_with(service: ServiceType, component: Component) -> bool {
    use Component as C;
    let is_home = matches!(component, C::LongTermNursing | C::LongTermResidential);
    let is_long = is_home || component == C::OtherLongTerm;
    let is_short = matches!(
        component,
        C::Reablement | C::ShortTermNursing | C::ShortTermResidential | C::OtherShortTerm
    );
    let is_carers =
        matches!(component, C::CarerRespite | C::CarerSitting | C::CarerUniversal | C::OtherCarer);
    match service {
        ServiceType::Nursing => component == C::LongTermNursing,
        ServiceType::Residential => component == C::LongTermResidential,
        ServiceType::Community | ServiceType::Prison => !(is_home || is_short || is_carers),
        ServiceType::StMax | ServiceType::LowLevel | ServiceType::OtherShortTerm => {
            !(is_long || is_carers)
        }
        ServiceType::CarerDirect | ServiceType::CarerIndirect => !(is_long || is_short),
        ServiceType::None | ServiceType::Invalid => true,
    }
}

/// V080 to V086.
fn costs(t: &mut Tested, plan: &Plan<'_>, row: &CldRow, detail: &CldDetail, is_mandatory: bool) {
    t.test_if(is_mandatory, Rule::V080, detail.unit_cost.get().is_none());
    let Some(pence) = detail.unit_cost.get() else { return };
    t.test(Rule::V081, pence <= 0);
    let frequency = plan.frequency(detail.cost_frequency);
    t.test(Rule::V082, frequency == Frequency::Unknown);
    let units = detail.planned_units.get();
    let week = match frequency {
        Frequency::ByUnit => {
            t.test(Rule::V083, units.is_none());
            // pence and hundredths of units
            units.map(|units| (pence.saturating_mul(units), 100))
        }
        Frequency::PerWeeks(times, weeks) => {
            t.test_if(units.is_some(), Rule::V084, units != Some(100));
            Some((pence.saturating_mul(times), weeks))
        }
        Frequency::OneOff => {
            let last = row.raw_end.get().or(plan.submission(row).import);
            if let (Some(start), Some(last)) = (row.start.get(), last) {
                t.test(Rule::V086, last.since(start) > QUARTER_DAYS);
            }
            None
        }
        Frequency::Unknown | Frequency::NoCharge => None,
    };
    if let Some((amount, of)) = week {
        let amount = amount.saturating_abs();
        t.test(Rule::V085, amount > 1_000_000 * of || amount < 100 * of);
    }
}

/// The rules of a record of the main table (section 4.3, and V027). `period_end` is its last day.
#[must_use]
pub fn record(plan: &Plan<'_>, event: &CareEvent, row: &CldRow, detail: &CldDetail) -> Tested {
    let mut t = Tested::default();
    let birth = OptDay::from(event.birth.first_day());
    t.test(Rule::V020, birth.is_none());
    let import = plan.submission(row).import;
    if let Some(birth) = birth.get() {
        let in_future = import.is_some_and(|import| birth > import);
        t.test(Rule::V021, in_future || birth > event.start);
    }
    let at = match event.event_type {
        EventType::Service => event.end.or(event.reference_end),
        _ => event.end.or(event.start),
    };
    if let Some(age) = event.birth.dhsc_age(at) {
        t.test(Rule::V022, age < 18);
    }
    let period_end = plan.window.map_or(event.reference_end, |window| window.end);
    let age = event.birth.dhsc_age(period_end);
    if let Some(age) = age {
        t.test(Rule::V023, age >= 115);
    }
    let mut has_coded = false;
    let mut not_listed = false;
    for field in Field::ALL {
        let raw = raw_of(field, row, detail);
        if !raw.is_none() {
            has_coded = true;
            not_listed |= plan.code(field, raw).check == Check::NotListed;
        }
    }
    t.test_if(has_coded, Rule::V027, not_listed);
    let support = plan.cleaning.cleaned(Field::PrimarySupportReason, detail.primary_support_reason);
    t.test_if(
        event.client_type == ClientType::ServiceUser && support != Cleaned::NONE,
        Rule::V028,
        support == plan.labels.carer_reason,
    );
    let is_carer =
        matches!(event.client_type, ClientType::UnpaidCarer | ClientType::UnpaidCarerByAssociation);
    t.test_if(
        is_carer || age.is_some_and(|age| age >= 65),
        Rule::V030,
        !detail.employment.is_none(),
    );
    t
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v003_dates_lie_from_1900_to_2100() {
        assert_eq!(Day::from_ymd(1900, 1, 1), Some(FIRST_DAY));
        assert_eq!(Day::from_ymd(2100, 12, 31), Some(LAST_DAY));
    }

    #[test]
    fn v070_a_short_stay_is_no_long_term_support() {
        assert!(goes_with(ServiceType::Residential, Component::LongTermResidential));
        assert!(!goes_with(ServiceType::Residential, Component::ShortTermResidential));
        assert!(goes_with(ServiceType::Community, Component::HomeSupport));
        assert!(!goes_with(ServiceType::Community, Component::Reablement));
        assert!(goes_with(ServiceType::StMax, Component::HomeSupport));
        assert!(!goes_with(ServiceType::StMax, Component::LongTermNursing));
        assert!(!goes_with(ServiceType::CarerDirect, Component::Reablement));
        assert!(goes_with(ServiceType::CarerDirect, Component::CarerRespite));
    }
}
