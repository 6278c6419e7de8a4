//! Differences between two groups as lines on a scale.

use super::svg;
use crate::disclosure::{Decimal, Entry, Protected, ReleasedComparison, ReleasedRow};
use crate::output::{NOT_FOR_RELEASE, plain_name};
use std::fmt::Write;

/// Moves in a picture: the surest.
const MOST_MOVES: usize = 24;
/// Width of the scale, and of a column of numbers.
const SCALE: f64 = 420.0;
const COLUMN: f64 = 84.0;
const TOP: f64 = 98.0;
const ROW: f64 = 24.0;
/// Width of a letter, at most.
const LETTER: f64 = 7.2;

/// A picture of the moves whose shares differ most surely: the difference as a point, its interval as a line,
/// filled where 0 lies outside. Complete with its style, readable without colour.
#[must_use]
pub fn comparison_svg(compared: &Protected<ReleasedComparison>) -> String {
    let limits = |row: &ReleasedRow| {
        let of = row.difference;
        let [value, lower, upper] =
            [of.value, of.lower, of.upper].map(|number| number.shown().map(|d| d.value * 100.0));
        Some([value?, lower?, upper?])
    };
    let drawn: Vec<(&ReleasedRow, [f64; 3])> =
        compared.rows.iter().filter_map(|row| Some((row, limits(row)?))).take(MOST_MOVES).collect();
    let farthest = drawn.iter().flat_map(|(_, limits)| limits).fold(1.0f64, |a, b| a.max(b.abs()));
    // so that the ticks between are whole too
    let reach = (farthest / 10.0).ceil() * 10.0;
    let name = |row: &ReleasedRow, between: &str| {
        format!("{} {between} {}", plain_name(&row.from), plain_name(&row.to))
    };
    let longest = drawn.iter().map(|(row, _)| name(row, "→").chars().count()).max().unwrap_or(0);
    let left = 30.0 + longest as f64 * LETTER;
    let right = left + SCALE;
    let x = |points: f64| (left + right) / 2.0 + points / reach * SCALE / 2.0;
    let [one, other] = &compared.groups;
    let title = format!("How the moves of two groups differ: {other} less {one}");
    let height = TOP + ROW * drawn.len() as f64 + 62.0;
    let told = drawn.iter().map(|(row, [value, lower, upper])| {
        let (value, lower, upper) = (signed(*value), signed(*lower), signed(*upper));
        format!("{}: {value} points ({lower} to {upper})", name(row, "to"))
    });
    let told = told.collect::<Vec<_>>().join("; ");
    let groups = [one, other].map(|group| svg::wrapped(group, 11));
    let columns: [f64; 3] = [0.0, 1.0, 2.0].map(|n| right + 24.0 + COLUMN * (n + 0.8));
    let width = (columns[2] + 24.0).max(820.0);
    let mut picture = svg::open("comparison", width, height, &title, &told);
    picture = picture.replacen(
        "<svg ",
        &format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" "
        ),
        1,
    );
    picture.push_str(
        "<style>text{font-family:Arial,Helvetica,sans-serif;font-size:13px;fill:#111}\
         .strong{font-weight:bold;font-size:15px}.head{font-weight:bold}.small{font-size:12px;fill:#333}</style>\n",
    );
    svg::rectangle(&mut picture, 0.0, 0.0, width, height, "#ffffff");
    svg::text(&mut picture, 12.0, 22.0, "start", "strong", &title);
    let alike = match &compared.standardised[..] {
        [] => String::new(),
        keys => format!(", made alike in {}", keys.join(" and ")),
    };
    let of = format!(
        "Share of the moves out of a state, in percentage points, with 95% intervals{alike}. Filled points: 0 lies outside."
    );
    svg::text(&mut picture, 12.0, 42.0, "start", "small", &of);
    let bottom = TOP + ROW * drawn.len() as f64;
    for tick in [-1.0, -0.5, 0.0, 0.5, 1.0] {
        let at = x(tick * reach);
        let (colour, width) = if tick == 0.0 { ("#111", 1.4) } else { ("#bbb", 0.8) };
        let _ = writeln!(
            picture,
            "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{:.1}\" y2=\"{bottom:.1}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>",
            TOP - 6.0
        );
        svg::text(&mut picture, at, bottom + 16.0, "middle", "small", &signed(tick * reach));
    }
    let middle = (left + right) / 2.0;
    let sides =
        [(left, "start", format!("← more in {one}")), (right, "end", format!("more in {other} →"))];
    for (at, anchor, text) in sides {
        svg::text(&mut picture, at, TOP - 12.0, anchor, "small", &text);
    }
    svg::text(&mut picture, middle, bottom + 32.0, "middle", "small", "Difference in points");
    for (lines, &at) in std::iter::once(&vec!["Difference".to_owned()]).chain(&groups).zip(&columns)
    {
        for (n, line) in lines.iter().rev().enumerate() {
            let y = TOP - 12.0 - 14.0 * n as f64;
            svg::text(&mut picture, at, y, "end", "head", line);
        }
    }
    let share = |of: Entry<Decimal>| {
        of.shown().map_or("[c]".to_owned(), |d| format!("{:.0}%", d.value * 100.0))
    };
    for (n, (row, [value, lower, upper])) in drawn.iter().enumerate() {
        let y = TOP + ROW * n as f64 + ROW / 2.0;
        svg::text(&mut picture, left - 14.0, y + 4.0, "end", "node", &name(row, "→"));
        let _ = writeln!(
            picture,
            "<line x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#111\" stroke-width=\"2\"/>",
            x(*lower),
            x(*upper)
        );
        let fill = if row.difference.is_sure() { "#111" } else { "#fff" };
        let _ = writeln!(
            picture,
            "<circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{fill}\" stroke=\"#111\" stroke-width=\"1.6\"/>",
            x(*value)
        );
        let numbers = [signed(*value), share(row.probability[0]), share(row.probability[1])];
        for (text, &at) in numbers.iter().zip(&columns) {
            svg::text(&mut picture, at, y + 4.0, "end", "node", text);
        }
    }
    let note = format!(
        "{} moves shown, {} not shown: few people of a group made them, or one group never left the state.{}",
        drawn.len(),
        compared.hidden + compared.rows.len() - drawn.len(),
        if compared.not_for_release {
            ""
        } else {
            " Shares are of rounded counts, differences are not."
        }
    );
    svg::text(&mut picture, 12.0, bottom + 52.0, "start", "small", &note);
    if compared.not_for_release {
        svg::text(&mut picture, width - 12.0, 22.0, "end", "strong", NOT_FOR_RELEASE);
    }
    picture.push_str("</svg>\n");
    picture
}

/// Whole points with their sign; 0 has none.
fn signed(points: f64) -> String {
    match points.round() {
        0.0 => "0".into(),
        below if below < 0.0 => format!("\u{2212}{:.0}", -below),
        above => format!("+{above:.0}"),
    }
}
