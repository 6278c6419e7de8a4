use super::*;

fn cleaning(values: &[(Field, &str)], extra: &[ExtraValue]) -> (Cleaning, Vec<Raw>) {
    let raw = RawValues::default();
    let numbers = values.iter().map(|&(field, text)| raw.intern(field, text)).collect();
    (Cleaning::new(&raw, extra).unwrap(), numbers)
}

fn extra(field: &str, raw: &str, cleaned: Option<&str>) -> ExtraValue {
    ExtraValue { field: field.into(), raw: raw.into(), cleaned: cleaned.map(Into::into) }
}

fn cleaned(field: Field, text: &str) -> String {
    let (cleaning, numbers) = cleaning(&[(field, text)], &[]);
    cleaning.cleaned_label(field, numbers[0]).to_owned()
}

#[test]
fn p10_worked_example_of_ethnicity() {
    let field = Field::Ethnicity;
    let texts =
        ["White - Irish", "white: irish ", "Mixed: White and Asian", "White", "Klingon", ""];
    let values: Vec<_> = texts.iter().map(|&text| (field, text)).collect();
    let (cleaning, raw) = cleaning(&values, &[]);
    let found: Vec<(&str, &str)> = raw
        .iter()
        .map(|&raw| {
            let value = cleaning.cleaned(field, raw);
            (cleaning.label(field, value), cleaning.attribute(field, value, "group"))
        })
        .collect();
    let mixed = "Mixed or multiple ethnic groups";
    let mixed_asian = "Mixed or multiple ethnic groups: White and Asian";
    assert_eq!(
        found,
        [
            ("White: Irish", "White"),
            ("White: Irish", "White"),
            (mixed_asian, mixed),
            ("Invalid and not mapped", "Unknown"),
            ("", ""),
            ("", ""),
        ]
    );
    assert_eq!(cleaning.unmapped(Edition::A), [(field, raw[4], "Klingon")]);
}

#[test]
fn p10_lists_agree_with_the_label_enums() {
    let (cleaning, _) = cleaning(&[], &[]);
    let same = |field: Field, labels: Vec<&str>| {
        let of_list: Vec<&str> = cleaning.labels(field).map(|(_, label)| label).collect();
        assert_eq!(of_list, labels, "{}", field.name());
    };
    same(Field::EventType, EventType::ALL.iter().map(|v| v.label()).collect());
    same(Field::ClientType, ClientType::ALL.iter().map(|v| v.label()).collect());
    same(Field::ServiceType, ServiceType::ALL.iter().map(|v| v.label()).collect());
    same(Field::ServiceComponent, Component::ALL.iter().map(|v| v.label()).collect());
    same(Field::EventOutcome, Outcome::ALL.iter().map(|v| v.label()).collect());
    same(Field::AssessmentType, AssessmentType::ALL.iter().map(|v| v.label()).collect());
    same(Field::Gender, Gender::ALL.iter().map(|v| v.label()).collect());
}

#[test]
fn p10_lists_have_as_many_labels_as_the_specification() {
    let (cleaning, _) = cleaning(&[], &[]);
    let counts = [
        (Field::EventType, 4),
        (Field::Gender, 4),
        (Field::Ethnicity, 21),
        (Field::ClientType, 3),
        (Field::PrimarySupportReason, 13),
        (Field::AccommodationStatus, 22),
        (Field::EmploymentStatus, 7),
        (Field::EventOutcome, 17),
        (Field::ServiceType, 9),
        (Field::ServiceComponent, 25),
        (Field::DeliveryMechanism, 3),
        (Field::CostFrequency, 11),
        (Field::RequestRouteOfAccess, 8),
        (Field::ReviewReason, 8),
    ];
    for (field, labels) in counts {
        assert_eq!(cleaning.labels(field).count(), labels, "{}", field.name());
    }
    let settled = |label| {
        let field = Field::AccommodationStatus;
        cleaning.attribute(field, cleaning.find(field, label).unwrap(), "group").to_owned()
    };
    assert_eq!(settled("Unknown: Presumed at home"), "1");
    assert_eq!(settled("Registered care home"), "0");
    for (value, label) in cleaning.labels(Field::EventOutcome) {
        let rank = cleaning.attribute(Field::EventOutcome, value, "rank");
        assert_eq!(rank, Outcome::from_label(label).unwrap().rank().to_string());
    }
}

#[test]
fn p10_release_1_labels_map_forward() {
    let pairs = [
        (Field::EventOutcome, "No change in package", "Continuation of support or services"),
        (Field::EventOutcome, "NFA- Other", "NFA: Other"),
        (
            Field::EventOutcome,
            "Progress to End of Life Care",
            "Release 1 specification only: Not mapped",
        ),
        (Field::ClientType, "Carer known by association", "Unpaid carer known by association"),
        (Field::AccommodationStatus, "Tenant - private landlord", "Tenant: Private landlord"),
        (Field::ServiceComponent, "Home Support", "Home support or domiciliary care"),
        (Field::ServiceComponent, "Professional Support", "Invalid and not mapped"),
        (
            Field::PrimarySupportReason,
            "Social Support: Support to Carer",
            "Social support: Support to unpaid carer",
        ),
    ];
    for (field, raw, label) in pairs {
        assert_eq!(cleaned(field, raw), label);
    }
}

#[test]
fn p10_the_normaliser_ignores_punctuation_and_blanks() {
    assert_eq!(cleaned(Field::EventOutcome, "nfa – support   declined."), "NFA: Support declined");
    assert_eq!(
        cleaned(Field::ServiceType, "long_term support (community)"),
        "Long term support: Community"
    );
    assert_eq!(cleaned(Field::ServiceType, "long*term support: community"), "");
}

#[test]
fn p10_entries_that_look_alike_need_an_exact_match() {
    let extra = [
        extra("Gender", "m-1", Some("Male")),
        extra("gender", "m1", Some("Female")),
        extra("GENDER", "x", None),
    ];
    let field = Field::Gender;
    let texts = ["M-1", "m1 ", "m 1", "X"].map(|text| (field, text));
    let (cleaning, raw) = cleaning(&texts, &extra);
    let labels: Vec<&str> = raw.iter().map(|&raw| cleaning.cleaned_label(field, raw)).collect();
    assert_eq!(labels, ["Male", "Female", "", "Invalid and not mapped"]);
}

#[test]
fn p10_additions_are_checked_and_win_over_the_lists() {
    let raw = RawValues::default();
    let error = |value| Cleaning::new(&raw, &[value]).unwrap_err();
    assert!(error(extra("Genda", "m", Some("Male"))).contains("unknown field \"Genda\""));
    assert!(error(extra("Gender", "m", Some("Man"))).contains("unknown label \"Man\""));
    assert!(error(extra("Gender", "NULL", Some("Male"))).contains("NULL"));
    let two = [extra("Gender", "m", Some("Male")), extra("Gender", "M", Some("Other"))];
    assert!(Cleaning::new(&raw, &two).unwrap_err().contains("two labels"));

    let value = extra("ethnicity", "White", Some("white: irish"));
    let (cleaning, numbers) = cleaning(&[(Field::Ethnicity, "white")], &[value]);
    assert_eq!(cleaning.cleaned_label(Field::Ethnicity, numbers[0]), "White: Irish");
}

#[test]
fn p10_incomplete_lists_take_new_labels() {
    let value = extra("Review Reason", "Unplanned: Fire", Some("Unplanned: Emergency"));
    let (cleaning, raw) = cleaning(&[(Field::ReviewReason, "unplanned: fire")], &[value]);
    assert_eq!(cleaning.cleaned_label(Field::ReviewReason, raw[0]), "Unplanned: Emergency");
    assert_eq!(
        cleaning.attribute(
            Field::ReviewReason,
            cleaning.cleaned(Field::ReviewReason, raw[0]),
            "group"
        ),
        ""
    );
    assert_eq!(cleaning.review_type(raw[0]), ReviewType::Unplanned);
}

#[test]
fn p10_review_types() {
    let field = Field::ReviewReason;
    let cases = [
        ("Unplanned - Hospital (Planned and unplanned episodes)", ReviewType::Unplanned),
        ("Unplanned: A reason no list has", ReviewType::Unplanned),
        ("Planned", ReviewType::Planned),
        ("Review of short term support", ReviewType::ShortTerm),
        ("Invalid and not mapped", ReviewType::Unknown),
        ("Klingon", ReviewType::None),
        ("", ReviewType::None),
    ];
    let texts = cases.map(|(text, _)| (field, text));
    let (cleaning, raw) = cleaning(&texts, &[]);
    for ((text, kind), raw) in cases.into_iter().zip(raw) {
        assert_eq!(cleaning.review_type(raw), kind, "{text}");
    }
}

#[test]
fn c1_folds_follow_the_texts_not_the_order_of_reading() {
    let field = Field::ServiceComponent;
    let texts = ["meals", "Day Support", "MEALS", "day support", "Zoo"];
    let forward = texts.map(|text| (field, text));
    let mut backward = forward;
    backward.reverse();
    let (one, one_raw) = cleaning(&forward, &[]);
    let (other, mut other_raw) = cleaning(&backward, &[]);
    other_raw.reverse();
    let folds: Vec<u16> = one_raw.iter().map(|&raw| one.fold(field, raw)).collect();
    assert_eq!(folds, [2, 1, 2, 1, 3]);
    assert_eq!(folds, other_raw.iter().map(|&raw| other.fold(field, raw)).collect::<Vec<_>>());
    assert_eq!(one.fold(field, Raw::NONE), 0);
    assert_eq!(one.unmapped(Edition::A).len(), 1);
}

#[test]
fn event_types_by_edition() {
    let field = Field::EventType;
    let texts = ["SERVICE", "Services", "Referral", "reviewed", "Blah"].map(|text| (field, text));
    let (cleaning, raw) = cleaning(&texts, &[]);
    use EventType::{None, Request, Review, Service};
    let of = |edition| raw.iter().map(|&raw| cleaning.event_type(raw, edition)).collect::<Vec<_>>();
    // a referral contains none of the words that edition A asks for
    assert_eq!(of(Edition::A), [Service, Service, None, Review, None]);
    assert_eq!(of(Edition::B), [Service, None, Request, None, None]);
    let is_service: Vec<bool> = raw.iter().map(|&raw| cleaning.is_service_text(raw)).collect();
    assert_eq!(is_service, [true, true, false, false, false]);
}

#[test]
fn the_standing_of_a_text_minds_its_capitals() {
    let field = Field::ClientType;
    let texts = ["Service user", "Service User", "SERVICE USER", "", "NULL", "Nobody"];
    let (cleaning, raw) = cleaning(&texts.map(|text| (field, text)), &[]);
    let found: Vec<Standing> = raw.iter().map(|&raw| cleaning.standing(field, raw)).collect();
    use Standing::{Blank, NullText, Release1, Release2, Unmapped, Variant};
    assert_eq!(found, [Release2, Release1, Variant, Blank, NullText, Unmapped]);
    assert_eq!(cleaning.unmapped(Edition::A).len(), 2);
    assert_eq!(cleaning.unmapped(Edition::B), [(field, raw[5], "Nobody")]);
}

#[test]
fn texts_beyond_the_last_number_have_no_meaning() {
    let (cleaning, _) = cleaning(&[(Field::Gender, "Male")], &[]);
    assert_eq!(cleaning.gender(Raw(u16::MAX)), Gender::None);
    assert_eq!(cleaning.fold(Field::Gender, Raw(u16::MAX)), u16::MAX);
    assert_eq!(cleaning.gender(Raw(1)), Gender::Male);
}
