//! Curves of the time to competing events, drawn and as a table.

use super::svg;
use crate::disclosure::{Decimal, Released, ReleasedCurve};
use crate::output::{measure_name, plain_name};
use std::fmt::Write;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 380.0;
const LEFT: f64 = 64.0;
/// Where lines end, at most: their names need room.
const RIGHT: f64 = 690.0;
const LEAST_RIGHT: f64 = 420.0;
/// Width of a letter of names, at most.
const LETTER: f64 = 7.9;
/// Room of a piece of a line beside its name.
const SAMPLE: f64 = 34.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 330.0;
/// Least distance between two texts at the ends of lines.
const LINE: f64 = 20.0;

/// Days up to which each has a point.
const MOST_POINTS: usize = 40;

/// Ink and dashes of the lines, in order: told apart without colour by their dashes and by the text at
/// their ends.
const PENS: [(&str, &str); 8] = [
    ("#12355b", ""),
    ("#2f7f86", "11 5"),
    ("#6b4c9a", "3 4"),
    ("#7a4a12", "14 4 3 4"),
    ("#444444", "6 8"),
    ("#b5531c", "2 7"),
    ("#1c5a60", "20 6"),
    ("#8f1d14", "8 3 2 3 2 3"),
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
        "community" => "Care at home".into(),
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
    let y = |share: f64| BOTTOM - share / top * (BOTTOM - TOP);
    let ends: Vec<End> = lines
        .iter()
        .zip(PENS.iter().cycle())
        .filter_map(|(line, &pen)| {
            let last = line.last()?;
            let share = last.estimate.shown()?;
            let text = format!("{} {}", event_name(&last.event), percent(share));
            Some(End { text, height: y(share.value), pen })
        })
        .collect();
    let longest = ends.iter().map(|end| end.text.chars().count()).max().unwrap_or(0);
    let right = (WIDTH - SAMPLE - 16.0 - longest as f64 * LETTER).clamp(LEAST_RIGHT, RIGHT);
    let x = |day: i32| LEFT + f64::from(day) / f64::from(last_day) * (right - LEFT);
    let spoken: Vec<&str> = ends.iter().map(|end| end.text.as_str()).collect();
    let description = format!("Share by day {last_day}: {}.", spoken.join(", "));
    let id = format!("curve-{number}");
    let hidden = lines.iter().filter(|line| line.iter().all(|row| row.estimate.shown().is_none()));
    let hidden: Vec<String> =
        hidden.filter_map(|line| Some(event_name(&line.first()?.event))).collect();
    let height = if hidden.is_empty() { HEIGHT } else { HEIGHT + 24.0 };
    let mut picture = svg::open(&id, WIDTH, height, heading, &description);
    if !hidden.is_empty() {
        let text = format!("Not drawn, since few people had it: {}.", hidden.join(", "));
        svg::text(&mut picture, LEFT, HEIGHT + 14.0, "start", "small", &text);
    }
    let mut mark = 0.0;
    while mark <= top + step / 2.0 {
        let height = y(mark);
        let _ = writeln!(
            picture,
            "<line x1=\"{LEFT:.1}\" x2=\"{right:.1}\" y1=\"{height:.1}\" y2=\"{height:.1}\" stroke=\"#c9c9c9\"/>"
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
    svg::text(&mut picture, (LEFT + right) / 2.0, BOTTOM + 42.0, "middle", "small", "Days");
    for (line, (ink, dashes)) in lines.iter().zip(PENS.iter().cycle()) {
        let points = points(line, x, y);
        let _ = writeln!(
            picture,
            "<path d=\"{}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"2.6\" stroke-dasharray=\"{dashes}\"/>",
            path(&points)
        );
        // the line says nothing of the days between
        for (x, y) in points.iter().skip(1).take_while(|_| points.len() <= MOST_POINTS) {
            let _ = writeln!(
                picture,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.4\" fill=\"#ffffff\" stroke=\"{ink}\" stroke-width=\"1.8\"/>"
            );
        }
    }
    for End { text, height, pen: (ink, dashes) } in spread(ends) {
        let _ = writeln!(
            picture,
            "<path d=\"M{:.1} {height:.1}h{:.1}\" stroke=\"{ink}\" stroke-width=\"2.6\" stroke-dasharray=\"{dashes}\"/>",
            right + 10.0,
            SAMPLE - 10.0
        );
        svg::text(&mut picture, right + SAMPLE + 6.0, height + 4.5, "start", "node", &text);
    }
    picture.push_str("</svg>\n");
    picture
}

/// The name of a line, where it stands and how the line looks.
struct End {
    text: String,
    height: f64,
    pen: (&'static str, &'static str),
}

/// Where a line begins, and its shown days.
fn points(
    line: &[&ReleasedCurve],
    x: impl Fn(i32) -> f64,
    y: impl Fn(f64) -> f64,
) -> Vec<(f64, f64)> {
    let shown = |row: &&ReleasedCurve| Some((x(row.day), y(row.estimate.shown()?.value)));
    std::iter::once((x(0), y(0.0))).chain(line.iter().filter_map(shown)).collect()
}

/// Straight from one shown day to the next: the days between are not nothing, they are not shown.
fn path(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (n, (x, y)) in points.iter().enumerate() {
        let _ = write!(path, "{}{x:.1} {y:.1}", if n == 0 { 'M' } else { 'L' });
    }
    path
}

/// A step of the scale and its top, for shares up to `highest`.
fn scale(highest: f64) -> (f64, f64) {
    let step = [0.01, 0.02, 0.05, 0.1].into_iter().find(|step| highest / step <= 6.0);
    let step = step.unwrap_or(0.2);
    (step, (highest / step).ceil() * step)
}

/// The names at the ends of lines so far apart that each can be read, and all within the picture.
fn spread(mut ends: Vec<End>) -> Vec<End> {
    ends.sort_by(|a, b| b.height.total_cmp(&a.height).then_with(|| a.text.cmp(&b.text)));
    let mut lowest = f64::INFINITY;
    for end in &mut ends {
        end.height = end.height.min(lowest - LINE);
        lowest = end.height;
    }
    let above = (TOP - lowest).max(0.0);
    ends.iter_mut().for_each(|end| end.height += above);
    ends
}
