//! Strips of states: one colour a state, the same in every picture, with a legend in words.

use super::svg;
use std::fmt::Write;

pub const WIDTH: f64 = 960.0;
pub const LEFT: f64 = 64.0;
pub const RIGHT: f64 = 640.0;
/// Room for the axis below a picture.
pub const BOTTOM_ROOM: f64 = 50.0;
/// Height of a line of the legend.
const LINE: f64 = 22.0;

/// The colour of a state of any scheme.
pub fn colour(code: &str) -> &'static str {
    match code {
        "DEAD" => "#1d1d1d",
        "IP_EM" | "HOSP" => "#12355b",
        "IP_MAT" => "#86a9d1",
        "IP_EL" => "#3c6ea5",
        "IP_MH" => "#53608f",
        "IP_REHAB" => "#7192b5",
        "IP_OTH" => "#a9bcd2",
        "AE" => "#5d7fb3",
        "NURS" => "#5b3a8c",
        "RES" | "CARE_HOME" | "LTS_CARE_HOME" => "#9377bd",
        "PRISON" => "#6e6259",
        "ST_BED" => "#a6541d",
        "STMAX" | "ST" => "#e39a2d",
        "COMM" | "LTS_COMM" | "COMM/HOME_SUPPORT" => "#2f7f86",
        "COMM/DIRECT_PAYMENT" => "#58a0a6",
        "COMM/SUPPORTED_LIVING" => "#1c5a60",
        "COMM/SHARED_LIVES" => "#7fc0c4",
        "COMM/EXTRA_CARE" => "#3f9468",
        "COMM/OTHER" => "#a3cfd1",
        "ST_OTH" => "#c9ac4a",
        "ST_LOW" => "#e2d295",
        "CARER" | "CARER_SELF" => "#8a9a5b",
        "AWAIT" => "#d9827a",
        "AWAIT_ASSESS" => "#efb8b2",
        "AWAIT_SERVICE" => "#b5544b",
        "HOME" | "NONE" => "#dfe3d6",
        "UNOBS" => "#ffffff",
        _ => "#b8b8b8",
    }
}

/// A block of one state.
pub fn block(picture: &mut String, at: (f64, f64), size: (f64, f64), code: &str) {
    let border = if code == "UNOBS" { " stroke=\"#b8b8b8\" stroke-width=\"0.5\"" } else { "" };
    let _ = writeln!(
        picture,
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"{border}/>",
        at.0,
        at.1,
        size.0,
        size.1,
        colour(code)
    );
}

/// States one after the other, of so many steps; an empty state leaves a gap.
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
            let x = at.0 + step as f64 * width;
            block(picture, (x, at.1), (run.len() as f64 * width, size.1), code);
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

/// How high a legend of so many lines is.
pub fn legend_height(lines: usize) -> f64 {
    LINE * lines as f64 + 4.0
}

/// Codes and texts on the right, one below the other.
pub fn legend(picture: &mut String, labels: &[(String, String)]) {
    for (n, (code, text)) in labels.iter().enumerate() {
        let y = n as f64 * LINE + 2.0;
        block(picture, (RIGHT + 16.0, y), (14.0, 14.0), code);
        svg::text(picture, RIGHT + 38.0, y + 12.0, "start", "small", text);
    }
}

/// The height of a picture, as its view box says.
pub fn height_of(picture: &str) -> Option<f64> {
    let (_, view) = picture.split_once("viewBox=\"")?;
    let (view, _) = view.split_once('"')?;
    view.split(' ').nth(3)?.parse().ok()
}
