//! Control of the table `quality`.

use super::control::figures;
use super::primary::Draft;
use super::profile::{Profile, ProfileName, Rules};
use super::released::{Entry, Marker, Reason, ReleasedQuality, Summary};
use crate::figure::{Content, Figure, QualityFigure, Results, Unit, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use throughcare_linkage::day::{Day, Period};

/// Fewest records, and fewest people, with a raw text that is shown: also under profiles that
/// suppress no count, for the text itself may tell who it is.
const FEWEST_WITH_TEXT: i64 = 5;

/// What stands in the place of the texts that few records or people have.
const FEW: &str = "(values of few records)";

/// Data-quality counts are shares like any other, but for what [`Content`] says.
pub(super) fn quality(
    results: &Results,
    profile: &Profile,
    summary: &mut Summary,
) -> Vec<ReleasedQuality> {
    let rows = pooled(&results.quality, profile);
    let of_people = |row: &QualityFigure| {
        matches!(row.content, Content::Count | Content::Amount { .. } | Content::RawText { .. })
    };
    let counted: Vec<Figure> =
        rows.iter().filter(|row| of_people(row)).map(|row| as_figure(row)).collect();
    let mut released = figures(&counted, "quality", &results.regions, summary, |figure| {
        profile.of_source(figure.measure)
    })
    .into_iter();
    let exact = Profile::named(ProfileName::None);
    rows.iter()
        .filter_map(|row| {
            let figure = match row.content {
                Content::NotAvailable => return Some(not_available(row)),
                Content::NotOfPeople => {
                    Draft::new(&as_figure(row), exact.of_source(row.source), [None; 2]).release()
                }
                _ => released.next()?,
            };
            let mut released = ReleasedQuality {
                area: figure.area,
                source: figure.measure,
                check: figure.part,
                numerator: figure.numerator,
                denominator: figure.denominator,
                value: figure.value,
                unit: figure.counts,
                status: figure.status,
            };
            if let Content::Amount { people } = row.content
                && profile.of_source(row.source).is_small(people)
            {
                summary.hide("quality", Reason::SmallBase);
                released.numerator = Entry::Marked(Marker::Confidential);
                released.value = Entry::Marked(Marker::Confidential);
                released.status = Some(Marker::Confidential);
            }
            Some(released)
        })
        .collect()
}

fn as_figure(row: &QualityFigure) -> Figure {
    let is_share = row.denominator.is_some();
    Figure {
        measure: row.source,
        part: row.check.clone(),
        period: Period { start: Day(0), end: Day(0) },
        area: row.area.clone(),
        stratum: String::new(),
        numerator: Some(row.numerator),
        denominator: row.denominator,
        value: if is_share { Value::Percent(1) } else { Value::Count },
        interval: None,
        unit: if is_share { Unit::Percent } else { row.unit },
        counts: row.unit,
    }
}

fn not_available(row: &QualityFigure) -> ReleasedQuality {
    ReleasedQuality {
        area: row.area.clone(),
        source: row.source,
        check: row.check.clone(),
        numerator: Entry::Marked(Marker::NotAvailable),
        denominator: Entry::Marked(Marker::NotAvailable),
        value: Entry::Marked(Marker::NotAvailable),
        unit: row.unit,
        status: Some(Marker::NotAvailable),
    }
}

/// The rows with their texts in the check. Texts of few records or people become one row a check,
/// which stands where the first of them stood.
fn pooled<'a>(rows: &'a [QualityFigure], profile: &Profile) -> Vec<Cow<'a, QualityFigure>> {
    let mut out: Vec<Cow<'a, QualityFigure>> = Vec::with_capacity(rows.len());
    let mut pools: BTreeMap<(&crate::figure::Area, &str, &str), usize> = BTreeMap::new();
    for row in rows {
        let Content::RawText { text, people } = &row.content else {
            out.push(Cow::Borrowed(row));
            continue;
        };
        let rules: Rules = profile.of_source(row.source);
        let few = if profile.is_none() { 1 } else { rules.threshold.max(FEWEST_WITH_TEXT) };
        if row.numerator >= few && *people >= few {
            let check = format!("{}; value={text}", row.check);
            out.push(Cow::Owned(QualityFigure { check, ..row.clone() }));
            continue;
        }
        let key = (&row.area, row.source, row.check.as_str());
        match pools.get(&key).and_then(|&at| out.get_mut(at)) {
            Some(pool) => pool.to_mut().numerator += row.numerator,
            None => {
                pools.insert(key, out.len());
                let check = format!("{}; value={FEW}", row.check);
                out.push(Cow::Owned(QualityFigure { check, ..row.clone() }));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::protect;
    use crate::figure::{Area, AreaType};

    fn row(check: &str, numerator: i64, content: Content) -> QualityFigure {
        QualityFigure {
            area: Area { kind: AreaType::La, code: "100".into(), name: "Northton".into() },
            source: "dq_new_values",
            check: check.into(),
            numerator,
            denominator: None,
            unit: Unit::Events,
            content,
        }
    }

    fn text(text: &str, numerator: i64, people: i64) -> QualityFigure {
        row("field=Gender", numerator, Content::RawText { text: text.into(), people })
    }

    fn released(rows: Vec<QualityFigure>, name: ProfileName) -> Vec<(String, Option<i64>, String)> {
        let results = Results { quality: rows, ..Results::default() };
        let released = protect(&results, &Profile::named(name));
        let marker = |status: Option<Marker>| status.map_or("", Marker::code).to_owned();
        let rows = released.quality.iter();
        rows.map(|row| (row.check.clone(), row.numerator.shown(), marker(row.status))).collect()
    }

    #[test]
    fn raw_texts_of_few_records_or_people_are_never_told() {
        let rows = vec![
            text("man", 12, 11),
            text("brother of Mary Smith", 3, 3),
            text("lives at 4 High Street", 40, 1),
            text("M", 2, 2),
        ];
        for name in [ProfileName::Cld5, ProfileName::Hes7, ProfileName::Round5] {
            let rows = released(rows.clone(), name);
            let shown: Vec<_> = rows.iter().map(|(check, n, _)| (check.as_str(), *n)).collect();
            assert_eq!(
                shown,
                [
                    ("field=Gender; value=man", Some(10)),
                    ("field=Gender; value=(values of few records)", Some(45)),
                ],
                "{name:?}"
            );
        }
        assert_eq!(released(rows, ProfileName::None).len(), 4);
    }

    #[test]
    fn a_pool_of_few_records_is_suppressed_and_pools_are_kept_apart_by_check() {
        let other = QualityFigure { check: "field=Ethnicity".into(), ..text("Elf", 9, 4) };
        let rows = released(vec![text("a", 1, 1), other, text("b", 2, 2)], ProfileName::Cld5);
        assert_eq!(
            rows,
            [
                ("field=Gender; value=(values of few records)".into(), None, "c".into()),
                ("field=Ethnicity; value=(values of few records)".into(), Some(10), String::new()),
            ]
        );
    }

    #[test]
    fn files_are_not_people_and_what_is_not_available_says_so() {
        let files = QualityFigure {
            denominator: Some(2),
            unit: Unit::Files,
            ..row("no heading Gender", 1, Content::NotOfPeople)
        };
        let rows = released(
            vec![
                files,
                row("measure=los", 0, Content::NotAvailable),
                row("days", 30, Content::Amount { people: 2 }),
                row("days", 30, Content::Amount { people: 9 }),
            ],
            ProfileName::Cld5,
        );
        let rows: Vec<_> = rows.iter().map(|(_, n, status)| (*n, status.as_str())).collect();
        assert_eq!(rows, [(Some(1), ""), (None, "x"), (None, "c"), (Some(30), "")]);
    }

    #[test]
    fn shares_of_the_same_records_are_made_of_rounded_counts() {
        let share = QualityFigure {
            denominator: Some(33),
            source: "dq_field_summary",
            ..row("field=Gender; figure=mandatory valid", 22, Content::Count)
        };
        let results = Results { quality: vec![share], ..Results::default() };
        let released = protect(&results, &Profile::default());
        assert_eq!(released.quality[0].numerator, Entry::Shown(20));
        assert_eq!(released.quality[0].denominator, Entry::Shown(35));
        let value = released.quality[0].value.shown().map(|value| value.to_string());
        assert_eq!(value.as_deref(), Some("57"));
    }
}
