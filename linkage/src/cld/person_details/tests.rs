use super::*;
use crate::cld::event::ReviewType;
use crate::cld::settings::Mode;
use crate::cld::testing::{World, day, opt, period};
use crate::codes::cld::{AssessmentType, Component, EventType, Outcome, ServiceType};
use crate::person::PersonIdKind;

#[test]
fn p25_a_death_known_to_an_older_submission_only_still_counts() {
    let mut world = World::default();
    let old = world.submit("100", "2026-01-20", "2025-01-01", "2025-12-31");
    let new = world.submit("100", "2026-04-20", "2026-01-01", "2026-03-31");
    world.settings.joined = Some(period("2025-01-01", "2026-03-31"));
    for (submission, start, death) in [
        (new, "2025-02-01", "-"),
        (old, "2025-03-01", "2025-11-02"),
        (old, "2025-04-01", "2025-11-05"),
        (old, "2025-05-01", "2025-11-03"),
    ] {
        let mut row = world.row(submission, "Service", start, "-");
        row.death = opt(death);
        world.push(row);
    }
    let (mut events, _) = world.prepare(Mode::Joined);
    assert_eq!(events.len(), 4);
    assert_eq!(date_of_death(&events), opt("2025-11-05"));
    events.reverse();
    assert_eq!(date_of_death(&events), opt("2025-11-05"));
    // a later reference period wins over a later date
    events[0].reference_end = day("2026-06-30");
    events[0].death = opt("2025-11-01");
    assert_eq!(date_of_death(&events), opt("2025-11-01"));
    assert_eq!(date_of_death(&[]), OptDay::NONE);
}

/// Events of a person whose rows are all of council 100 in one table, one detail each.
#[derive(Default)]
struct Table {
    world: World,
    events: Vec<CareEvent>,
    details: Vec<CldDetail>,
}

impl Table {
    /// A row of the table: event type, reference period end, end, start.
    fn row(
        &mut self,
        kind: EventType,
        reference_end: &str,
        end: &str,
        start: &str,
    ) -> &mut CldDetail {
        self.events.push(CareEvent {
            record_id: self.events.len() as u64,
            start: day(start),
            end: opt(end),
            raw_end: opt(end),
            death: OptDay::NONE,
            reference_start: day("2025-01-01"),
            reference_end: day(reference_end),
            row: self.events.len() as u32,
            la: 1,
            birth: BirthMonth::default(),
            event_type: kind,
            client_type: ClientType::ServiceUser,
            service_type: ServiceType::None,
            component: Component::None,
            outcome: Outcome::None,
            assessment_type: AssessmentType::None,
            gender: Gender::None,
            review_type: ReviewType::None,
            mechanism: Raw::NONE,
            id_kind: PersonIdKind::NhsTraced,
            cropped: false,
        });
        self.details.push(CldDetail::default());
        self.details.last_mut().unwrap()
    }

    fn service(&mut self, kind: ServiceType, component: Component, end: &str) {
        self.row(EventType::Service, "2026-03-31", end, "2025-05-01");
        let event = self.events.last_mut().unwrap();
        (event.service_type, event.component) = (kind, component);
    }

    /// The only line, with the labels of cleaned values by field; the same for both orders of rows.
    fn line(
        &self,
        links: &CarerLinks,
    ) -> (PersonDetails, impl Fn(Field, Cleaned) -> String + use<>) {
        let cleaning = self.world.cleaning();
        let mut out = Vec::new();
        let mut turned = self.events.clone();
        turned.reverse();
        LatestDetails::new(&cleaning, links).append(&self.events, &self.details, &mut out);
        LatestDetails::new(&cleaning, links).append(&turned, &self.details, &mut out);
        assert_eq!(out.len(), 2);
        assert_eq!(out[0], out[1]);
        (out[0], move |field, value| cleaning.label(field, value).to_owned())
    }
}

#[test]
fn p16_rows_tied_for_first_place_must_agree() {
    let mut table = Table::default();
    let rows = [
        (Gender::Unknown, "2026-03-31", "-", "2025-01-01"),
        (Gender::Male, "2025-12-31", "2025-10-01", "2025-09-01"),
        (Gender::Female, "2025-12-31", "2025-10-01", "2025-09-01"),
        (Gender::Female, "2025-12-31", "2025-09-30", "2025-09-15"),
    ];
    for (gender, reference_end, end, start) in rows {
        table.row(EventType::Review, reference_end, end, start);
        table.events.last_mut().unwrap().gender = gender;
    }
    assert_eq!(table.line(&CarerLinks::default()).0.gender, Gender::Unknown);
    table.events.remove(1);
    assert_eq!(table.line(&CarerLinks::default()).0.gender, Gender::Female);
}

#[test]
fn p18_to_p21_what_counts_as_known() {
    let mut table = Table::default();
    let raw = |table: &Table, field, text| table.world.raw(field, text);
    let refused = raw(&table, Field::Ethnicity, "No data: Refused");
    let undeclared = raw(&table, Field::Ethnicity, "No data: Undeclared or not known");
    let carer = raw(&table, Field::PrimarySupportReason, "Social Support: Support to Carer");
    let nonsense = raw(&table, Field::EmploymentStatus, "nonsense");
    *table.row(EventType::Review, "2026-03-31", "2026-02-01", "2026-02-01") = CldDetail {
        ethnicity: undeclared,
        primary_support_reason: carer,
        employment: nonsense,
        funding: nonsense,
        ..CldDetail::default()
    };
    table.row(EventType::Review, "2025-12-31", "2025-10-01", "2025-10-01").ethnicity = refused;
    let (line, label) = table.line(&CarerLinks::default());
    assert_eq!(label(Field::Ethnicity, line.ethnicity), "No data: Refused");
    assert_eq!(label(Field::EmploymentStatus, line.employment), "Invalid and not mapped");
    assert_eq!(label(Field::ClientFundingStatus, line.funding), "Unknown");
    let reason = label(Field::PrimarySupportReason, line.primary_support_reason);
    assert_eq!(reason, "Social support: Support to unpaid carer");

    // any other known reason beats the carer reason; a real group beats a refusal
    let old = CldDetail {
        primary_support_reason: raw(&table, Field::PrimarySupportReason, "Mental Health Support"),
        ethnicity: raw(&table, Field::Ethnicity, "White: Roma"),
        funding: raw(&table, Field::ClientFundingStatus, "Fully client funded"),
        ..CldDetail::default()
    };
    *table.row(EventType::Review, "2025-06-30", "2025-05-01", "2025-05-01") = old;
    let (line, label) = table.line(&CarerLinks::default());
    assert_eq!(
        label(Field::PrimarySupportReason, line.primary_support_reason),
        "Mental health support"
    );
    assert_eq!(label(Field::Ethnicity, line.ethnicity), "White: Roma");
    assert_eq!(label(Field::ClientFundingStatus, line.funding), "Fully client funded");
}

#[test]
fn p17_every_gender_but_unknown_counts_as_known() {
    let gender = |rows: &[(Gender, &str)]| {
        let mut table = Table::default();
        for &(gender, reference_end) in rows {
            table.row(EventType::Review, reference_end, "2025-02-01", "2025-01-01");
            table.events.last_mut().unwrap().gender = gender;
        }
        table.line(&CarerLinks::default()).0.gender
    };
    let (old, new) = ("2025-12-31", "2026-03-31");
    assert_eq!(gender(&[(Gender::Other, old), (Gender::Unknown, new)]), Gender::Other);
    assert_eq!(gender(&[(Gender::Male, old), (Gender::Invalid, new)]), Gender::Male);
    assert_eq!(gender(&[(Gender::Male, old), (Gender::Other, new)]), Gender::Other);
    assert_eq!(gender(&[(Gender::None, new)]), Gender::Unknown);
}

/// A person whose two latest rows, tied for first place, say these.
fn tied(
    field: Field,
    texts: [&str; 2],
) -> (PersonDetails, impl Fn(Field, Cleaned) -> String + use<>) {
    let mut table = Table::default();
    for text in texts {
        let raw = table.world.raw(field, text);
        let detail = table.row(EventType::Review, "2026-03-31", "2026-01-01", "2026-01-01");
        match field {
            Field::Ethnicity => detail.ethnicity = raw,
            Field::EmploymentStatus => detail.employment = raw,
            Field::PrimarySupportReason => detail.primary_support_reason = raw,
            Field::ClientFundingStatus => detail.funding = raw,
            Field::HasUnpaidCarer => detail.has_carer = raw,
            _ => detail.accommodation = raw,
        }
    }
    table.line(&CarerLinks::default())
}

#[test]
fn p18_to_p26_known_values_that_disagree_are_the_unknown_value_of_the_field() {
    let (line, label) = tied(Field::Ethnicity, ["White: Roma", "White: Irish"]);
    assert_eq!(label(Field::Ethnicity, line.ethnicity), "No data: Undeclared or not known");
    let paid = ["Paid: Less than 16 hours a week", "Paid: 16 or more hours a week"];
    let (line, label) = tied(Field::EmploymentStatus, paid);
    assert_eq!(label(Field::EmploymentStatus, line.employment), "Unknown");
    let reasons = ["Mental health support", "Learning disability support"];
    let (line, label) = tied(Field::PrimarySupportReason, reasons);
    assert_eq!(label(Field::PrimarySupportReason, line.primary_support_reason), "Unknown");
    let (line, label) = tied(Field::HasUnpaidCarer, ["Yes", "No"]);
    assert_eq!(label(Field::HasUnpaidCarer, line.has_carer), "Unknown");
    let homes = ["Refuge", "Owner occupier or shared ownership scheme"];
    let (line, label) = tied(Field::AccommodationStatus, homes);
    assert_eq!(label(Field::AccommodationStatus, line.accommodation), "Unknown");
}

#[test]
fn p19_an_invalid_status_ranks_with_the_unknown_one_and_the_later_of_them_stands() {
    let status = |rows: [(&str, &str); 2]| {
        let mut table = Table::default();
        for (text, reference_end) in rows {
            let raw = table.world.raw(Field::EmploymentStatus, text);
            table.row(EventType::Review, reference_end, "2025-02-01", "2025-01-01").employment =
                raw;
        }
        let (line, label) = table.line(&CarerLinks::default());
        label(Field::EmploymentStatus, line.employment)
    };
    let (old, new) = ("2025-12-31", "2026-03-31");
    assert_eq!(status([("Unknown", old), ("nonsense", new)]), "Invalid and not mapped");
    assert_eq!(status([("nonsense", old), ("Unknown", new)]), "Unknown");
    assert_eq!(
        status([("Not in paid employment: Voluntary work only", old), ("nonsense", new)]),
        "Not in paid employment: Voluntary work only"
    );
}

#[test]
fn p22_statuses_that_disagree_are_derived_from_services() {
    let mut table = Table::default();
    table.service(ServiceType::Prison, Component::None, "-");
    let refuge = table.world.raw(Field::AccommodationStatus, "Refuge");
    let owner =
        table.world.raw(Field::AccommodationStatus, "Owner occupier or shared ownership scheme");
    for status in [refuge, owner] {
        table.row(EventType::Review, "2026-03-31", "2026-01-01", "2026-01-01").accommodation =
            status;
    }
    let (line, label) = table.line(&CarerLinks::default());
    let prison = "Prison, young offenders institution or detention centre";
    assert_eq!(label(Field::AccommodationStatus, line.accommodation), prison);
}

#[test]
fn p23_services_of_any_client_type_count_and_their_components_before_community_and_prison() {
    use Component as C;
    use ServiceType as S;
    let supported = "Supported accommodation, supported lodgings or supported group home";
    let extra = "Sheltered housing, extra care housing or other sheltered housing";
    for (kind, component, status) in [
        (S::Residential, C::ExtraCare, "Registered care home"),
        (S::Community, C::SupportedLiving, supported),
        (S::Prison, C::ExtraCare, extra),
        (S::Prison, C::HomeSupport, "Prison, young offenders institution or detention centre"),
        (S::CarerDirect, C::None, "Unknown"),
    ] {
        let mut table = Table::default();
        table.service(kind, component, "-");
        table.events.last_mut().unwrap().client_type = ClientType::UnpaidCarer;
        let (line, label) = table.line(&CarerLinks::default());
        assert_eq!(label(Field::AccommodationStatus, line.accommodation), status);
    }
}

#[test]
fn p23_accommodation_from_services() {
    use Component as C;
    use ServiceType as S;
    let sheltered = "Sheltered housing, extra care housing or other sheltered housing";
    type Services = &'static [(ServiceType, Component, &'static str)];
    let people: [(Services, &str, bool); 9] = [
        (
            &[(S::Nursing, C::None, "-"), (S::Community, C::HomeSupport, "-")],
            "Registered nursing home",
            false,
        ),
        (&[(S::Community, C::HomeSupport, "-")], "Unknown: Presumed at home", true),
        (&[(S::Community, C::DaySupport, "-")], "Unknown: Presumed in community", false),
        (
            &[(S::Community, C::SharedLives, "-"), (S::Community, C::ExtraCare, "-")],
            "Unknown: Presumed in community",
            false,
        ),
        (&[(S::StMax, C::ExtraCare, "-")], sheltered, true),
        (&[(S::StMax, C::Reablement, "-")], "Unknown", false),
        (&[], "Unknown", false),
        (
            &[(S::Community, C::HomeSupport, "2026-03-30"), (S::OtherShortTerm, C::None, "-")],
            "Unknown",
            false,
        ),
        // three rows: the second and third do not bring the first component back
        (
            &[
                (S::Community, C::SharedLives, "-"),
                (S::Community, C::ExtraCare, "-"),
                (S::Community, C::SharedLives, "-"),
            ],
            "Unknown: Presumed in community",
            false,
        ),
    ];
    for (services, status, is_settled) in people {
        let mut table = Table::default();
        table.row(EventType::Review, "2026-03-31", "2026-01-01", "2026-01-01");
        for &(kind, component, end) in services {
            table.service(kind, component, end);
        }
        let (line, label) = table.line(&CarerLinks::default());
        assert_eq!(label(Field::AccommodationStatus, line.accommodation), status);
        assert_eq!(line.is_settled, is_settled, "{status}");
    }
    // a known status is not derived
    let mut table = Table::default();
    table.service(S::Nursing, C::None, "-");
    let refuge = table.world.raw(Field::AccommodationStatus, "refuge");
    table.row(EventType::Review, "2025-03-31", "2025-01-01", "2025-01-01").accommodation = refuge;
    let (line, label) = table.line(&CarerLinks::default());
    assert_eq!(label(Field::AccommodationStatus, line.accommodation), "Refuge");
}

#[test]
fn p24_earliest_birth_of_the_latest_reference_period() {
    let mut table = Table::default();
    for (reference_end, year, month) in [
        ("2026-03-31", 1950, 5),
        ("2026-03-31", 1949, 11),
        ("2025-12-31", 1920, 1),
        ("2026-06-30", 0, 0),
    ] {
        table.row(EventType::Review, reference_end, "2025-02-01", "2025-01-01");
        table.events.last_mut().unwrap().birth = BirthMonth::new(year, month);
    }
    let (mut line, _) = table.line(&CarerLinks::default());
    assert_eq!(line.birth, BirthMonth::new(1949, 11));
    let end = day("2026-03-31");
    assert_eq!(line.working_age_band(end), "65 and above");
    line.birth = BirthMonth::new(2025, 6);
    assert_eq!(line.working_age_band(end), "Unknown"); // age 0
    line.birth = BirthMonth::new(2020, 6);
    assert_eq!(line.working_age_band(end), "Under 18");
}

#[test]
fn p26_carers_of_the_council_override() {
    let mut person = Table::default();
    let no = person.world.raw(Field::HasUnpaidCarer, "No");
    *person.row(EventType::Review, "2026-03-31", "2025-06-01", "2025-06-01") =
        CldDetail { local_id: 77, has_carer: no, ..CldDetail::default() };
    let period = period("2025-04-01", "2026-03-31");
    let value_of = |la: u16, (start, end): (&str, &str), client_type: ClientType| {
        let mut carer = Table::default();
        carer.row(EventType::Review, "2026-03-31", end, start).linked_ids = [0, 77, 0];
        let event = carer.events.last_mut().unwrap();
        (event.la, event.client_type) = (la, client_type);
        let (mut one, mut links) = (CarerLinks::default(), CarerLinks::default());
        one.add(&carer.events, &carer.details, period);
        links.merge(&one);
        let (line, label) = person.line(&links);
        label(Field::HasUnpaidCarer, line.has_carer)
    };
    let value = |la, end: &str, client_type| value_of(la, ("2024-01-01", end), client_type);
    let starting = |start: &str| value_of(1, (start, "-"), ClientType::UnpaidCarer);
    assert_eq!(value(1, "-", ClientType::UnpaidCarer), "Yes");
    assert_eq!(value(1, "2025-04-01", ClientType::UnpaidCarerByAssociation), "Yes");
    assert_eq!(value(1, "2025-03-31", ClientType::UnpaidCarer), "No");
    assert_eq!(value(2, "-", ClientType::UnpaidCarer), "No");
    // also when it begins on the last day of the period, and not after it
    assert_eq!([starting("2026-03-31"), starting("2026-04-01")], ["Yes", "No"]);
    assert_eq!(value(1, "-", ClientType::ServiceUser), "No");
}

#[test]
fn p27_the_more_frequent_local_id_breaks_ties() {
    let mut table = Table::default();
    for (local_id, start) in [(5, "2025-06-01"), (6, "2025-06-01"), (6, "2025-01-01")] {
        table.row(EventType::Review, "2026-03-31", "2025-06-01", start).local_id = local_id;
    }
    assert_eq!(table.line(&CarerLinks::default()).0.local_id, 6);
    table.row(EventType::Review, "2026-03-31", "2025-06-01", "2025-01-02").local_id = 5;
    assert_eq!(table.line(&CarerLinks::default()).0.local_id, 0);
}

/// The only explained line.
fn explained(table: &Table, links: &CarerLinks) -> Explained {
    let cleaning = table.world.cleaning();
    let latest = LatestDetails::new(&cleaning, links);
    let (mut out, mut turned) = (Vec::new(), table.events.clone());
    turned.reverse();
    latest.explain(&table.events, &table.details, &mut out);
    latest.explain(&turned, &table.details, &mut out);
    assert_eq!(out.len(), 2);
    assert_eq!(out[0], out[1], "whatever the order of rows");
    out[0]
}

#[test]
fn p16_the_reason_names_the_row_that_came_first_or_the_tie() {
    let mut table = Table::default();
    let why = |table: &Table| explained(table, &CarerLinks::default()).reasons.gender;
    table.row(EventType::Review, "2026-03-31", "-", "2025-01-01");
    assert_eq!(why(&table), Reason { why: Why::NoValue, record_id: None });
    for (gender, end, start) in [
        (Gender::Female, "2025-09-30", "2025-09-15"),
        (Gender::Female, "2025-10-01", "2025-09-01"),
        (Gender::Female, "2025-10-01", "2025-09-01"),
    ] {
        table.row(EventType::Review, "2025-12-31", end, start);
        table.events.last_mut().unwrap().gender = gender;
    }
    // rows 2 and 3 agree: the one with the smaller record id stands for both
    assert_eq!(why(&table), Reason { why: Why::Latest, record_id: Some(2) });
    table.events[3].gender = Gender::Male;
    assert_eq!(why(&table), Reason { why: Why::Tie, record_id: None });
    // a third tied row does not bring either of them back
    table.row(EventType::Review, "2025-12-31", "2025-10-01", "2025-09-01");
    table.events.last_mut().unwrap().gender = Gender::Female;
    assert_eq!(why(&table), Reason { why: Why::Tie, record_id: None });
}

#[test]
fn p23_and_p26_the_reason_is_a_service_or_a_carer() {
    let mut table = Table::default();
    table.row(EventType::Review, "2026-03-31", "2026-01-01", "2026-01-01").local_id = 77;
    let none = explained(&table, &CarerLinks::default()).reasons;
    assert_eq!([none.accommodation.why, none.has_carer.why], [Why::NoValue; 2]);
    table.service(ServiceType::Nursing, Component::None, "-");
    let mut links = CarerLinks::default();
    links.cared_for.insert((1, 77));
    let reasons = explained(&table, &links).reasons;
    assert_eq!(reasons.accommodation, Reason { why: Why::Services, record_id: Some(1) });
    assert_eq!(reasons.accommodation_stated, Reason::default());
    assert_eq!(reasons.has_carer, Reason { why: Why::CarerLink, record_id: None });
    // services that tell nothing leave the reason of the stated status
    table.events[1].service_type = ServiceType::OtherShortTerm;
    assert_eq!(explained(&table, &links).reasons.accommodation, Reason::default());
}

#[test]
fn p24_and_p25_the_reason_is_the_row_of_the_latest_period_with_the_value() {
    let mut table = Table::default();
    for (reference_end, birth, death) in [
        ("2026-03-31", (1950, 5), "-"),
        ("2026-03-31", (1949, 11), "-"),
        ("2025-12-31", (1949, 11), "2025-11-05"),
        ("2025-12-31", (1949, 11), "2025-11-02"),
    ] {
        table.row(EventType::Review, reference_end, "2025-02-01", "2025-01-01");
        let event = table.events.last_mut().unwrap();
        (event.birth, event.death) = (BirthMonth::new(birth.0, birth.1), opt(death));
    }
    let reasons = explained(&table, &CarerLinks::default()).reasons;
    assert_eq!(reasons.birth, Reason { why: Why::Latest, record_id: Some(1) });
    assert_eq!(reasons.death, Reason { why: Why::Latest, record_id: Some(2) });
}

#[test]
fn p27_all_local_identifiers_of_the_council_once_each() {
    let mut table = Table::default();
    for (la, local_id) in [(1, 6), (1, 5), (2, 9), (1, 6), (1, 0)] {
        table.row(EventType::Review, "2026-03-31", "2025-06-01", "2025-06-01").local_id = local_id;
        table.events.last_mut().unwrap().la = la;
    }
    let mut ids = vec![1, 2, 3];
    local_ids(1, &table.events, &table.details, &mut ids);
    assert_eq!(ids, [5, 6]);
}

#[test]
fn p28_one_line_per_council() {
    let mut table = Table::default();
    for la in [2, 1, 2] {
        table.row(EventType::Review, "2026-03-31", "2025-06-01", "2025-06-01");
        table.events.last_mut().unwrap().la = la;
    }
    let cleaning = table.world.cleaning();
    let links = CarerLinks::default();
    let mut out = Vec::new();
    LatestDetails::new(&cleaning, &links).append(&table.events, &[], &mut out);
    assert_eq!(out.iter().map(|line| line.la).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(
        cleaning.label(Field::Ethnicity, out[0].ethnicity),
        "No data: Undeclared or not known"
    );
}
