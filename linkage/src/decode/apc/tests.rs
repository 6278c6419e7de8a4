use super::*;

#[test]
fn a02_recoded_admission_methods_become_one_form() {
    for (raw, wanted) in
        [("66", "2A"), ("67", "2B"), ("68", "2C"), ("69", "2D"), ("2a", "2A"), ("21.0", "21")]
    {
        assert_eq!(admission_method(raw), Code::new(wanted), "{raw}");
    }
    assert!(admission_method("98").is_none() && admission_method("99").is_none());
}

#[test]
fn a02_infant_age_codes_are_age_0() {
    for code in 7001..=7007 {
        assert_eq!(age(Number::new(code)), 0);
    }
    assert_eq!(age(Number::new(18)), 18);
    assert_eq!((age(Number::new(999)), age(Number::new(-1)), age(Number::NONE)), (255, 255, 255));
}

#[test]
fn the_missing_value_catalogue_keeps_what_has_a_meaning() {
    assert_eq!(CODES[DESTINATION].1("98"), Code::new("98"));
    assert!(CODES[DESTINATION].1("99").is_none() && CODES[SOURCE].1("98").is_none());
    assert_eq!(CODES[DISCHARGE_METHOD].1("8"), Code::new("8"));
    assert!(CODES[DISCHARGE_METHOD].1("9").is_none() && CODES[CLASS].1("9").is_none());
    assert!(CODES[FUNCTION].1("&").is_none() && CODES[FUNCTION].1("999").is_none());
    assert!(sex("0").is_none() && sex("X").is_none());
    assert_eq!((sex("9"), sex("Female")), (Code::new("9"), Code::new("2")));
    assert_eq!((ethnic("A1"), ethnic("Z")), (Code::new("A"), Code::new("Z")));
    assert!(ethnic("99").is_none() && ethnic("X").is_none());
}

#[test]
fn every_code_column_stands_where_its_name_says() {
    let columns = CODES.map(|(column, _)| column);
    assert_eq!(columns[METHOD], Apc::AdmissionMethod);
    assert_eq!(columns[MANAGEMENT], Apc::Management);
    assert_eq!(columns[ADMIT], Apc::AdmitFunction);
    assert_eq!(columns[TYPE], Apc::EpisodeType);
    assert_eq!((columns[SEX], columns[ETHNIC]), (Apc::Sex, Apc::Ethnic));
}

#[test]
fn providers_are_compared_by_trust() {
    assert_eq!(provider("RGP75"), "RGP");
    assert_eq!(provider("RGP"), "RGP");
    assert_eq!(provider("8HN01"), "8HN01");
    assert_eq!(provider("NT420"), "NT420");
    assert_eq!(provider("89997"), "");
}

#[test]
fn the_management_type_is_derived_by_class_before_method() {
    let derive = |method: &str, class: &str| {
        let by_method = management_by_method(Code::new(method));
        derived_management(by_method, Code::new(class)).text()
    };
    assert_eq!(derive("21", "3"), "RDA");
    assert_eq!(derive("21", "4"), "RNA");
    assert_eq!(derive("11", "2"), "DC");
    assert_eq!(derive("2D", "1"), "EM");
    assert_eq!(derive("81", "1"), "NE");
    assert_eq!(derive("12", "1"), "EL");
    assert_eq!(derive("12", ""), "");
}

#[test]
fn diagnoses_are_split_trimmed_and_classed() {
    let cancer = |text: &str| diagnosis(text).cancer;
    assert!(
        cancer("C509") && cancer("c97x") && cancer("D37") && cancer("D48.9") && cancer("Z51.1")
    );
    assert!(
        !cancer("C98") && !cancer("D36") && !cancer("D49") && !cancer("Z510") && !cancer("I10X")
    );
    assert!(diagnosis("O721").obstetric && !diagnosis("Z370").obstetric);
    let all = diagnosis("||E119 ,J849 ,I10X ||N390 ,R296");
    assert_eq!((all.count, all.cancer), (5, false));
    assert!(diagnosis("||E119 ||C349 ,O80").cancer);
    for none in ["", "-", "&", "R69X", "R69X3", "R69X8", "R69"] {
        assert_eq!(diagnosis(none).count, 0, "{none}");
    }
}

#[test]
fn m05a_only_a_known_administrative_category_takes_a_stay_out_of_the_nhs() {
    assert_eq!(["02", "04", "2"].map(is_not_nhs), [true; 3]);
    assert_eq!(["01", "03", "1", "", "98", "99", "-"].map(is_not_nhs), [false; 7]);
}

#[test]
fn midnight_behind_a_date_is_no_time() {
    let date = |minute| Moment { minute, ..Moment::NONE };
    assert_eq!(clock(Some(NO_TIME), date(0)), NO_TIME);
    assert_eq!(clock(Some(NO_TIME), date(75)), 75);
    assert_eq!(clock(Some(0), date(75)), 0);
    assert_eq!(clock(None, date(NO_TIME)), NO_TIME);
}

#[test]
fn sus_4_deprivation_is_a_decile_as_a_number_or_in_the_words_of_hes() {
    assert_eq!(["1", "10", "3.0"].map(imd_decile), [1, 10, 3]);
    assert_eq!(["Most deprived 10%", "More deprived 10-20%"].map(imd_decile), [1, 2]);
    assert_eq!(["More deprived 40-50%", "Less deprived 40-50%"].map(imd_decile), [5, 6]);
    assert_eq!(["Less deprived 10-20%", "Least deprived 10%"].map(imd_decile), [9, 10]);
    assert_eq!(["", "0", "11", "NULL", "Most deprived", "deprived 5%"].map(imd_decile), [0; 6]);
}
