//! Differences between two groups as lines on a scale.

use super::svg;
use crate::disclosure::{Protected, ReleasedComparison, ReleasedRow};
use std::fmt::Write;

/// Moves in a picture: the surest.
const MOST_MOVES: usize = 24;
const WIDTH: f64 = 980.0;
const LEFT: f64 = 270.0;
const RIGHT: f64 = 720.0;
const TOP: f64 = 74.0;
const ROW: f64 = 24.0;

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
    let reach = (farthest / 5.0).ceil() * 5.0;
    let x = |points: f64| (LEFT + RIGHT) / 2.0 + points / reach * (RIGHT - LEFT) / 2.0;
    let [one, other] = &compared.groups;
    let title = format!("Moves of two groups: {other} less {one}");
    let height = TOP + ROW * drawn.len() as f64 + 46.0;
    let told = drawn.iter().map(|(row, [value, lower, upper])| {
        format!("{} to {}: {value:+.0} points ({lower:+.0} to {upper:+.0})", row.from, row.to)
    });
    let told = told.collect::<Vec<_>>().join("; ");
    let mut picture = svg::open("comparison", WIDTH, height, &title, &told);
    picture = picture.replacen(
        "<svg ",
        &format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH:.0}\" height=\"{height:.0}\" "
        ),
        1,
    );
    picture.push_str(
        "<style>text{font-family:Arial,Helvetica,sans-serif;font-size:13px;fill:#111}\
         .strong{font-weight:bold;font-size:15px}.small{font-size:12px;fill:#333}</style>\n",
    );
    svg::rectangle(&mut picture, 0.0, 0.0, WIDTH, height, "#ffffff");
    svg::text(&mut picture, 12.0, 22.0, "start", "strong", &title);
    let alike = match &compared.standardised[..] {
        [] => String::new(),
        keys => format!(", made alike in {}", keys.join(" and ")),
    };
    let of = format!(
        "Share of the moves out of a state, in percentage points, with 95% intervals{alike}. Filled: 0 lies outside."
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
        let label = format!("{:+}", tick * reach);
        let label = if tick == 0.0 { "0" } else { &label };
        svg::text(&mut picture, at, bottom + 16.0, "middle", "small", label);
    }
    let share = |row: &ReleasedRow, n: usize| {
        row.probability[n].shown().map_or("[c]".to_owned(), |d| format!("{:.0}%", d.value * 100.0))
    };
    for (n, (row, [value, lower, upper])) in drawn.iter().enumerate() {
        let y = TOP + ROW * n as f64 + ROW / 2.0;
        let label = format!("{} → {}", row.from, row.to);
        svg::text(&mut picture, LEFT - 14.0, y + 4.0, "end", "node", &label);
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
        let said = format!("{value:+.0}   ({} against {})", share(row, 0), share(row, 1));
        svg::text(&mut picture, RIGHT + 18.0, y + 4.0, "start", "node", &said);
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
    svg::text(&mut picture, 12.0, bottom + 36.0, "start", "small", &note);
    picture.push_str("</svg>\n");
    picture
}
