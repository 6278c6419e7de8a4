//! Curves of the time to competing events, drawn and as a table.

use super::svg;
use crate::disclosure::{Decimal, Entry, Released, ReleasedCurve};
use crate::output::{measure_name, plain_name};
use std::fmt::Write;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 380.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 690.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 330.0;
/// Least distance between two texts at the ends of lines.
const LINE: f64 = 20.0;

/// Ink and dashes of the lines, in order: told apart without colour by their dashes and by the text at
/// their ends.
const PENS: [(&str, &str); 5] = [
    ("#12355b", ""),
    ("#2f7f86", "11 5"),
    ("#6b4c9a", "3 4"),
    ("#7a4a12", "14 4 3 4"),
    ("#444444", "6 8"),
];

/// The curves of one measure: everyone in England, the latest period.
pub struct Curves {
    pub heading: String,
    pub svg: String,
    /// Names of the events, the columns of the table.
    pub events: Vec<String>,
    /// Rows of the table: day, then the share by each event.
    pub rows: Vec<Vec<String>>,
}

/// The curves of every measure with competing events.
pub fn build(released: &Released) -> Vec<Curves> {
    let england = released.curves.iter().filter(|row| row.area_code == "E92000001");
    let total = england.filter(|row| {
        row.stratum.is_empty() || row.stratum.starts_with("period=") && !row.stratum.contains(';')
    });
    let mut measures: Vec<Vec<&ReleasedCurve>> = Vec::new();
    // how long requests wait has two starts, and no competing events
    for row in total.filter(|row| row.measure != "waiting_times") {
        match measures.last_mut() {
            Some(rows) if rows.first().is_some_and(|first| first.measure == row.measure) => {
                rows.push(row);
            }
            _ => measures.push(vec![row]),
        }
    }
    let numbered = measures.into_iter().enumerate();
    numbered.map(|(number, rows)| of_measure(number, &rows)).collect()
}

fn of_measure(number: usize, rows: &[&ReleasedCurve]) -> Curves {
    let latest = rows.iter().map(|row| &row.stratum).max();
    let rows: Vec<&ReleasedCurve> =
        rows.iter().copied().filter(|row| Some(&row.stratum) == latest).collect();
    let lines: Vec<&[&ReleasedCurve]> = rows.chunk_by(|a, b| a.event == b.event).collect();
    let heading = rows.first().map_or_else(String::new, |row| match &*row.measure {
        "readmission" => "What comes first after leaving hospital".into(),
        other => format!("Time to an event: {}", measure_name(other)),
    });
    let last_day = rows.iter().map(|row| row.day).max().unwrap_or(0);
    let days: Vec<i32> =
        [7, 28, 30, 84, 90, 180, 365].into_iter().filter(|&day| day <= last_day).collect();
    let table = days
        .iter()
        .map(|&day| {
            let shares = lines.iter().map(|line| share_by(line, day).map_or("–".into(), percent));
            std::iter::once(format!("{day}")).chain(shares).collect()
        })
        .collect();
    let events = lines.iter().filter_map(|line| line.first());
    Curves {
        svg: draw(number, &heading, &lines, last_day),
        heading,
        events: events.map(|row| event_name(&row.event)).collect(),
        rows: table,
    }
}

/// The share by the end of a day: of the last shown row up to it.
fn share_by(line: &[&ReleasedCurve], day: i32) -> Option<Decimal> {
    line.iter().rev().find(|row| row.day <= day).and_then(|row| row.estimate.shown())
}

/// A share of 1 in per cent, without the two decimals that go into the hundred.
fn percent(share: Decimal) -> String {
    let decimals = share.decimals.saturating_sub(2);
    format!("{}%", Decimal::rounded(share.value * 100.0, decimals))
}

fn event_name(event: &str) -> String {
    match event {
        "readmission" => "Emergency readmission".into(),
        "any_admission" => "Admission to hospital".into(),
        "care_home" => "Move to a care home".into(),
        "death" => "Death".into(),
        "service" => "Start of a service".into(),
        state => plain_name(state).into(),
    }
}

fn draw(number: usize, heading: &str, lines: &[&[&ReleasedCurve]], last_day: i32) -> String {
    let shares = lines.iter().flat_map(|line| line.iter()).filter_map(|row| row.estimate.shown());
    let highest = shares.map(|share| share.value).fold(0.0, f64::max);
    if highest <= 0.0 || last_day <= 0 {
        return String::new();
    }
    let (step, top) = scale(highest);
    let x = |day: i32| LEFT + f64::from(day) / f64::from(last_day) * (RIGHT - LEFT);
    let y = |share: f64| BOTTOM - share / top * (BOTTOM - TOP);
    let ends: Vec<(String, f64)> = lines
        .iter()
        .filter_map(|line| {
            let last = line.last()?;
            let share = last.estimate.shown()?;
            let text = format!("{} {}", event_name(&last.event), percent(share));
            Some((text, share.value))
        })
        .collect();
    let spoken: Vec<&str> = ends.iter().map(|(text, _)| text.as_str()).collect();
    let description = format!("Share by day {last_day}: {}.", spoken.join(", "));
    let id = format!("curve-{number}");
    let mut picture = svg::open(&id, WIDTH, HEIGHT, heading, &description);
    let mut mark = 0.0;
    while mark <= top + step / 2.0 {
        let height = y(mark);
        let _ = writeln!(
            picture,
            "<line x1=\"{LEFT:.1}\" x2=\"{RIGHT:.1}\" y1=\"{height:.1}\" y2=\"{height:.1}\" stroke=\"#c9c9c9\"/>"
        );
        let text = format!("{:.0}%", mark * 100.0);
        svg::text(&mut picture, LEFT - 8.0, height + 4.0, "end", "small", &text);
        mark += step;
    }
    let marks = [0, 30, 90, 180, 270, 365].into_iter().filter(|&day| day <= last_day);
    let mut marks: Vec<i32> = marks.collect();
    if marks.len() < 3 {
        marks = vec![0, last_day / 2, last_day];
    }
    for day in marks {
        svg::text(&mut picture, x(day), BOTTOM + 20.0, "middle", "small", &day.to_string());
    }
    svg::text(&mut picture, (LEFT + RIGHT) / 2.0, BOTTOM + 42.0, "middle", "small", "Days");
    for (line, (ink, dashes)) in lines.iter().zip(PENS.iter().cycle()) {
        let _ = writeln!(
            picture,
            "<path d=\"{}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"2.6\" stroke-dasharray=\"{dashes}\"/>",
            path(line, x, y)
        );
    }
    for (text, height) in spread(&ends, y) {
        svg::text(&mut picture, RIGHT + 10.0, height + 4.0, "start", "node", &text);
    }
    picture.push_str("</svg>\n");
    picture
}

/// Steps from one shown day to the next.
fn path(line: &[&ReleasedCurve], x: impl Fn(i32) -> f64, y: impl Fn(f64) -> f64) -> String {
    let mut path = format!("M{:.1} {:.1}", x(0), y(0.0));
    for row in line {
        if let Entry::Shown(share) = row.estimate {
            let _ = write!(path, "H{:.1}V{:.1}", x(row.day), y(share.value));
        }
    }
    path
}

/// A step of the scale and its top, for shares up to `highest`.
fn scale(highest: f64) -> (f64, f64) {
    let step = [0.01, 0.02, 0.05, 0.1].into_iter().find(|step| highest / step <= 6.0);
    let step = step.unwrap_or(0.2);
    (step, (highest / step).ceil() * step)
}

/// Heights of the texts at the ends of lines, so far apart that each can be read.
fn spread(ends: &[(String, f64)], y: impl Fn(f64) -> f64) -> Vec<(String, f64)> {
    let mut texts: Vec<(String, f64)> =
        ends.iter().map(|(text, share)| (text.clone(), y(*share))).collect();
    texts.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut lowest = f64::INFINITY;
    for (_, height) in &mut texts {
        *height = height.min(lowest - LINE);
        lowest = *height;
    }
    texts
}
