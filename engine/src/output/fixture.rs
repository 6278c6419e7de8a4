//! Made-up results for tests of outputs and report.

use super::about::{About, Source};
use crate::figure::{
    Area, AreaType, AttritionStep, Clock, Content, CurveRow, Figure, QualityFigure, Results,
    StateFigure, Transition, Unit, Value,
};
use crate::survival::{Exit, RiskTable, incidence_curves, survival_curve};
use throughcare_linkage::day::{Day, Period};

const COUNCILS: [(&str, &str); 8] = [
    ("101", "Ashbourne"),
    ("102", "Brackley & District"),
    ("103", "Calderfield"),
    ("104", "Dunmere"),
    ("105", "Eastwick"),
    ("106", "Farleigh"),
    ("107", "Isle of Gannet"),
    ("108", "Holmeshire"),
];

pub(crate) fn period() -> Period {
    Period { start: Day(19_814), end: Day(20_178) }
}

pub(crate) fn about() -> About {
    About {
        title: "Discharge and social care, 2024-25".into(),
        publisher: "A made-up department".into(),
        contact: "statistics@example.org".into(),
        periods: vec![period()],
        as_of: Some(Day(20_284)),
        sources: vec![
            Source { name: "Social care (Client Level Data)".into(), files: 4, rows: 1_204_332 },
            Source { name: "Admitted patient care".into(), files: 2, rows: 884_120 },
            Source { name: "Deaths".into(), files: 1, rows: 40_211 },
        ],
        warnings: vec!["Council 107 sent no submission for 2024-25 quarter 3.".into()],
        method_edition: "2026-10".into(),
        engine_version: "0.1.0".into(),
        quality_notes: vec!["91% of social care records carry a linkable person.".into()],
    }
}

fn council(number: usize) -> Area {
    let (code, name) = COUNCILS[number];
    Area { kind: AreaType::La, code: code.into(), name: name.into() }
}

fn figure(measure: &'static str, part: &str, area: Area, n: i64, d: i64, value: Value) -> Figure {
    Figure {
        measure,
        part: part.into(),
        period: period(),
        area,
        stratum: String::new(),
        numerator: Some(n),
        denominator: Some(d),
        value,
        interval: None,
        unit: Unit::Percent,
        counts: Unit::Discharges,
    }
}

/// Results with every table: eight councils and England.
pub(crate) fn results() -> Results {
    let mut results = Results::default();
    for (measure, part, base, percent) in [
        ("readmission", "30d", 4_000, 14),
        ("usual_residence", "", 5_000, 82),
        ("new_care", "", 4_000, 9),
    ] {
        let mut totals = (0, 0);
        for number in 0..COUNCILS.len() {
            let d = if number == 6 { 26 } else { base / (number as i64 + 1) };
            let n = d * (percent + number as i64 % 3) / 100;
            totals = (totals.0 + n, totals.1 + d);
            let mut row = figure(measure, part, council(number), n, d, Value::Percent(1));
            row.interval = Some((n as f64, n as f64));
            results.measures.push(row);
        }
        let row = figure(measure, part, Area::england(), totals.0, totals.1, Value::Percent(1));
        results.measures.push(row);
    }
    for number in 0..COUNCILS.len() {
        let cases = if number == 6 { 5 } else { 900 };
        let value = Value::Statistic(6.25 + number as f64);
        let mut row = figure("los", "mean", council(number), 0, cases, value);
        row.numerator = None;
        row.unit = Unit::Days;
        results.measures.push(row);
    }
    let mut row = figure("los", "mean", Area::england(), 0, 7_000, Value::Statistic(8.4));
    row.numerator = None;
    row.unit = Unit::Days;
    results.measures.push(row);
    for client in ["65 to 74", "75 to 84", "85 and over"] {
        for (part, n) in
            [("part1", 830), ("part1_died", 60), ("part1_readmitted", 3), ("part2", 31)]
        {
            let mut row = figure("ascof_2d", part, Area::england(), n, 1_000, Value::Percent(1));
            row.stratum = format!("client_type={client}");
            row.counts = Unit::People;
            results.measures.push(row);
        }
    }
    for (step, what, out) in [
        (1u16, "hospital stays that ended in the period", 0i64),
        (2, "the person cannot be linked", 1_203),
        (3, "died in hospital", 812),
        (4, "aged under 18", 4),
    ] {
        results.attrition.push(AttritionStep {
            measure: "readmission",
            part: String::new(),
            period: period(),
            step,
            rule: "M7.1",
            what: what.into(),
            records_out: out,
            records_left: 20_000 - i64::from(step) * 700,
            people_left: Some(16_000 - i64::from(step) * 500),
            unit: Unit::Discharges,
        });
    }
    graph(&mut results);
    for number in 0..3 {
        for (source, check, n) in
            [("cld", "rows without a person", 40), ("linkage", "people in both sources", 1_900)]
        {
            results.quality.push(QualityFigure {
                area: council(number),
                source,
                check: check.into(),
                numerator: n,
                denominator: Some(2_400),
                unit: Unit::People,
                content: Content::Count,
            });
        }
    }
    results
}

fn graph(results: &mut Results) {
    let moves: [(&str, &[(&str, i64)]); 9] = [
        (
            "IP_EM",
            &[
                ("HOME", 9_100),
                ("COMM", 2_300),
                ("STMAX", 1_450),
                ("NURS", 620),
                ("RES", 480),
                ("ST_BED", 390),
                ("DEAD", 910),
                ("IP_REHAB", 300),
                ("PRISON", 3),
                ("ST_OTH", 5),
            ],
        ),
        ("IP_EL", &[("HOME", 3_050), ("COMM", 210), ("STMAX", 120), ("DEAD", 12)]),
        ("STMAX", &[("HOME", 820), ("COMM", 410), ("IP_EM", 260), ("RES", 60), ("DEAD", 40)]),
        ("ST_BED", &[("HOME", 110), ("NURS", 90), ("RES", 80), ("COMM", 60), ("IP_EM", 40)]),
        ("COMM", &[("IP_EM", 1_900), ("NURS", 210), ("RES", 260), ("DEAD", 330), ("HOME", 400)]),
        ("NURS", &[("IP_EM", 260), ("DEAD", 420)]),
        ("RES", &[("IP_EM", 280), ("DEAD", 240), ("NURS", 90)]),
        (
            "HOME",
            &[("IP_EM", 12_600), ("IP_EL", 3_300), ("COMM", 700), ("DEAD", 510), ("STMAX", 200)],
        ),
        ("IP_REHAB", &[("HOME", 160), ("STMAX", 70), ("COMM", 40), ("DEAD", 2)]),
    ];
    let mut times = RiskTable::new(1);
    [(5, 3), (20, 67), (40, 30)].iter().for_each(|&(day, n)| times.add(day, Exit::Event(0), n));
    times.add(90, Exit::Censored, 10);
    results.curves.extend(survival_curve(&times, &[7, 28]).into_iter().map(|point| CurveRow {
        measure: "waiting_times".into(),
        area_code: "E92000001".into(),
        stratum: String::new(),
        event: "first_response".into(),
        is_horizon: false,
        point,
    }));
    let mut times = RiskTable::new(3);
    for (day, cause, n) in [(3, 0, 90), (20, 2, 20), (25, 1, 30), (29, 0, 60), (80, 2, 40)] {
        times.add(day, Exit::Event(cause), n);
    }
    times.add(90, Exit::Censored, 760);
    let events = ["readmission", "care_home", "death"];
    for (event, points) in events.into_iter().zip(incidence_curves(&times, &[7, 28, 30, 90])) {
        results.curves.extend(points.into_iter().map(|point| CurveRow {
            measure: "readmission".into(),
            area_code: "E92000001".into(),
            stratum: String::new(),
            event: event.into(),
            is_horizon: true,
            point,
        }));
    }
    for (from, targets) in moves {
        let from_total = targets.iter().map(|&(_, count)| count).sum();
        for &(to, count) in targets {
            results.transitions.push(Transition {
                scheme: "full".into(),
                area_code: "E92000001".into(),
                stratum: String::new(),
                from: from.into(),
                to: to.into(),
                count,
                people: count - count / 10,
                from_total,
                clock: Clock::Days,
                total_time: count * 9,
                stays: count,
                quartiles_days: [Some(2.0), Some(6.0), Some(11.5)],
                person_time: from_total * 30,
            });
        }
        results.states.push(StateFigure {
            scheme: "full".into(),
            area_code: "E92000001".into(),
            stratum: String::new(),
            state: from.into(),
            visits: from_total + 100,
            people: from_total - from_total / 8,
            clock: Clock::Days,
            total_time: from_total * 30,
            starts: 400,
            ends: 120,
            censored: 100,
        });
    }
}
