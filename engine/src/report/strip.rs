//! Strips of states with a legend in words. States have the look of [`style`].

use super::{style, svg};
use crate::output::plain_name;

pub const WIDTH: f64 = 960.0;
pub const LEFT: f64 = 100.0;
pub const RIGHT: f64 = 620.0;
/// Room for the axis below a picture.
pub const BOTTOM_ROOM: f64 = 50.0;
/// Height of an entry of the legend, and of each further line of its text.
const ENTRY: f64 = 24.0;
const LINE: f64 = 15.0;
/// Letters of a line of the legend.
const WRAP: usize = 40;

/// States one after the other, of so many steps; an empty state leaves a gap. States have their name where
/// it has room.
pub fn draw(
    picture: &mut String,
    at: (f64, f64),
    size: (f64, f64),
    states: &[String],
    steps: usize,
) {
    let width = size.0 / steps.max(1) as f64;
    let mut step = 0;
    for run in states.chunk_by(|a, b| a == b) {
        let Some(code) = run.first() else { continue };
        if !code.is_empty() {
            let (x, wide) = (at.0 + step as f64 * width, run.len() as f64 * width);
            style::block(picture, (x, at.1), (wide, size.1), code);
            let name = plain_name(code);
            if size.1 >= style::INSIDE && style::has_room(name, wide) {
                style::name(picture, x + wide / 2.0, at.1 + size.1 / 2.0, code, name);
            }
        }
        step += run.len();
    }
}

/// Days below a picture of so many steps whose lower edge is at `bottom`.
pub fn axis(picture: &mut String, steps: usize, step_days: i32, bottom: f64) {
    let width = (RIGHT - LEFT) / steps.max(1) as f64;
    let every = steps.div_ceil(7).max(1);
    for step in (0..steps).step_by(every) {
        let x = LEFT + (step as f64 + 0.5) * width;
        let day = (step as i32 * step_days).to_string();
        svg::text(picture, x, bottom + 20.0, "middle", "small", &day);
    }
    let middle = (LEFT + RIGHT) / 2.0;
    svg::text(picture, middle, bottom + 42.0, "middle", "small", "Days since the start");
}

/// How high a legend is.
pub fn legend_height(labels: &[(String, String)]) -> f64 {
    let further = |text: &str| svg::wrapped(text, WRAP).len().saturating_sub(1);
    labels.iter().map(|(_, text)| ENTRY + LINE * further(text) as f64).sum::<f64>() + 4.0
}

/// Codes and texts on the right, one below the other.
pub fn legend(picture: &mut String, labels: &[(String, String)]) {
    let mut y = 2.0;
    for (code, text) in labels {
        style::block(picture, (RIGHT + 16.0, y), (22.0, 16.0), code);
        let lines = svg::wrapped(text, WRAP);
        for (n, line) in lines.iter().enumerate() {
            let y = y + 12.5 + LINE * n as f64;
            svg::text(picture, RIGHT + 46.0, y, "start", "small", line);
        }
        y += ENTRY + LINE * lines.len().saturating_sub(1) as f64;
    }
}

/// The height of a picture, as its view box says.
pub fn height_of(picture: &str) -> Option<f64> {
    let (_, view) = picture.split_once("viewBox=\"")?;
    let (view, _) = view.split_once('"')?;
    view.split(' ').nth(3)?.parse().ok()
}
