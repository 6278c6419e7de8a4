//! How states look: a colour and a pattern each, the same in every picture, so that they can be told apart
//! in black and white too. The patterns are defined once a page ([`definitions`]).

use super::svg;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Marks of the ink on the paper.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Texture {
    Plain,
    /// Lines so far apart and so wide, turned by degrees from the level.
    Lines(i16, f64, f64),
    /// Two sets of lines so far apart, turned by degrees.
    Crossed(i16, f64),
    /// Dots so far apart, of a radius.
    Dots(f64, f64),
}

/// The look of a state.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Style {
    paper: &'static str,
    ink: &'static str,
    texture: Texture,
}

const fn style(paper: &'static str, ink: &'static str, texture: Texture) -> Style {
    Style { paper, ink, texture }
}

/// What states without a look of their own have: those of a scheme that a study makes up.
const OTHERS: [Style; 6] = [
    style("#d9d9d9", "#333333", Texture::Lines(30, 7.0, 1.4)),
    style("#6d6d6d", "#ffffff", Texture::Dots(6.0, 1.2)),
    style("#f2f2f2", "#333333", Texture::Crossed(0, 7.0)),
    style("#4a4a4a", "#ffffff", Texture::Lines(120, 7.0, 1.4)),
    style("#c2c2c2", "#222222", Texture::Dots(8.0, 2.2)),
    style("#8a8a8a", "#111111", Texture::Crossed(30, 8.0)),
];

/// The look of a state of any scheme.
fn of(code: &str) -> Style {
    use Texture::{Crossed, Dots, Lines, Plain};
    match code {
        "DEAD" => style("#1d1d1d", "#1d1d1d", Plain),
        "IP_EM" | "HOSP" => style("#12355b", "#a9c9ec", Lines(-45, 7.0, 1.3)),
        "IP_MAT" => style("#c3d7ee", "#12355b", Dots(6.0, 1.2)),
        "IP_EL" => style("#3c6ea5", "#ffffff", Lines(90, 6.0, 1.2)),
        "IP_MH" => style("#53608f", "#ffffff", Dots(6.0, 1.3)),
        "IP_REHAB" => style("#a9c3dd", "#12355b", Lines(0, 6.0, 1.3)),
        "IP_OTH" => style("#dbe5f0", "#12355b", Crossed(0, 7.0)),
        "AE" => style("#e9f0f8", "#12355b", Lines(-45, 5.0, 1.6)),
        "NURS" => style("#5b3a8c", "#e6dcf5", Crossed(45, 7.0)),
        "RES" | "CARE_HOME" | "LTS_CARE_HOME" => style("#c7b3e2", "#3c2266", Lines(45, 6.0, 1.6)),
        "PRISON" => style("#6e6259", "#ffffff", Crossed(0, 6.0)),
        "ST_BED" => style("#a6541d", "#ffe9d6", Lines(0, 5.0, 1.4)),
        "STMAX" | "ST" => style("#f0b45c", "#5c2d05", Dots(7.0, 1.7)),
        "COMM" | "LTS_COMM" | "COMM/HOME_SUPPORT" => {
            style("#2f7f86", "#eafcfc", Lines(45, 9.0, 1.3))
        }
        "COMM/DIRECT_PAYMENT" => style("#8cc6cb", "#0d3b40", Lines(90, 5.0, 1.2)),
        "COMM/SUPPORTED_LIVING" => style("#1c5a60", "#d8f3f4", Dots(8.0, 1.6)),
        "COMM/SHARED_LIVES" => style("#b5dfe2", "#0d3b40", Crossed(45, 8.0)),
        "COMM/EXTRA_CARE" => style("#2e7350", "#e5f7ec", Lines(0, 8.0, 1.6)),
        "COMM/OTHER" => style("#d3ecee", "#0d3b40", Dots(5.0, 0.9)),
        "ST_OTH" => style("#d9c27a", "#4a3b06", Lines(90, 8.0, 1.8)),
        "ST_LOW" => style("#f3ebc8", "#6b5b14", Lines(0, 8.0, 1.3)),
        "CARER" => style("#7c8c4c", "#fbffe9", Lines(-45, 9.0, 2.0)),
        "CARER_SELF" => style("#c5d19f", "#333d10", Crossed(45, 6.0)),
        "AWAIT" => style("#f0beb8", "#7d1f15", Lines(-30, 6.0, 1.5)),
        "AWAIT_ASSESS" => style("#fae3e0", "#7d1f15", Dots(5.0, 1.1)),
        "AWAIT_SERVICE" => style("#a8453b", "#ffecea", Crossed(60, 8.0)),
        "HOME" | "NONE" => style("#e8ebe0", "#e8ebe0", Plain),
        "END" => style("#ffffff", "#8c8c8c", Lines(-45, 12.0, 0.8)),
        "UNOBS" | "LOST" => style("#ffffff", "#767676", Dots(9.0, 0.9)),
        "OTHER" => style("#bdbdbd", "#333333", Crossed(0, 5.0)),
        made_up => {
            let sum =
                made_up.bytes().fold(0usize, |sum, byte| sum * 31 % 1_009 + usize::from(byte));
            OTHERS[sum % OTHERS.len()]
        }
    }
}

/// The plain colour of a state, for areas that stand beside its pattern.
pub fn paper(code: &str) -> &'static str {
    of(code).paper
}

/// The name of a state's pattern.
fn id(code: &str) -> String {
    let mut id = String::from("state-");
    for byte in code.bytes() {
        if byte.is_ascii_alphanumeric() {
            id.push(byte.into());
        } else {
            let _ = write!(id, "_{byte:02x}");
        }
    }
    id
}

/// What an area of a state is filled with; needs [`definitions`] on the same page.
pub fn fill(code: &str) -> String {
    let style = of(code);
    if style.texture == Texture::Plain { style.paper.into() } else { format!("url(#{})", id(code)) }
}

/// The patterns of states, each once: empty without any.
pub fn definitions<'a>(codes: impl IntoIterator<Item = &'a str>) -> String {
    let codes: BTreeSet<&str> = codes.into_iter().collect();
    let patterns: String = codes.into_iter().map(pattern).collect();
    if patterns.is_empty() { String::new() } else { format!("<defs>\n{patterns}</defs>\n") }
}

fn pattern(code: &str) -> String {
    let Style { paper, ink, texture } = of(code);
    let (turn, gap, marks) = match texture {
        Texture::Plain => return String::new(),
        Texture::Lines(turn, gap, wide) => (
            turn,
            gap,
            format!(
                "<path d=\"M0 {0}H{gap}\" stroke=\"{ink}\" stroke-width=\"{wide}\"/>",
                gap / 2.0
            ),
        ),
        Texture::Crossed(turn, gap) => (
            turn,
            gap,
            format!("<path d=\"M0 {0}H{gap}M{0} 0V{gap}\" stroke=\"{ink}\"/>", gap / 2.0),
        ),
        Texture::Dots(gap, radius) => (
            45,
            gap,
            format!("<circle cx=\"{0}\" cy=\"{0}\" r=\"{radius}\" fill=\"{ink}\"/>", gap / 2.0),
        ),
    };
    let id = id(code);
    format!(
        "<pattern id=\"{id}\" width=\"{gap}\" height=\"{gap}\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate({turn})\"><rect width=\"{gap}\" height=\"{gap}\" fill=\"{paper}\"/>\
         {marks}</pattern>\n"
    )
}

/// A rectangle of one state.
pub fn block(picture: &mut String, at: (f64, f64), size: (f64, f64), code: &str) {
    let _ = writeln!(
        picture,
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\" {EDGE}/>",
        at.0,
        at.1,
        size.0,
        size.1,
        fill(code)
    );
}

/// The edge of areas, so that pale ones end somewhere too.
pub const EDGE: &str = "stroke=\"#3b3b3b\" stroke-width=\"0.6\"";

/// Least height and letter width of a text within an area.
pub const INSIDE: f64 = 15.0;
const LETTER: f64 = 6.9;

/// Whether a text has room in a width.
pub fn has_room(text: &str, width: f64) -> bool {
    room(text) <= width
}

/// The width that a text takes up within an area.
pub fn room(text: &str) -> f64 {
    text.chars().count() as f64 * LETTER + 10.0
}

/// The name of a state within its area, on a white plate where the area has a pattern or is dark.
pub fn name(picture: &mut String, x: f64, middle: f64, code: &str, name: &str) {
    if of(code).texture != Texture::Plain || code == "DEAD" {
        let width = name.chars().count() as f64 * 6.3 + 8.0;
        let _ = writeln!(
            picture,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"14\" rx=\"3\" fill=\"#ffffff\" fill-opacity=\"0.93\"/>",
            x - width / 2.0,
            middle - 7.0
        );
    }
    inside(picture, x, middle, "middle", name);
}

/// A text within an area, with a white edge.
pub fn inside(picture: &mut String, x: f64, middle: f64, anchor: &str, text: &str) {
    svg::text(picture, x, middle + 4.4, anchor, "inside", text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughcare_linkage::timeline::state::State;

    /// The relative luminance of a colour (WCAG 2.2), 0 to 1.
    fn luminance(colour: &str) -> f64 {
        let part = |n: usize| {
            let level = u8::from_str_radix(&colour[1 + 2 * n..3 + 2 * n], 16).unwrap();
            let level = f64::from(level) / 255.0;
            if level <= 0.04045 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn codes() -> Vec<&'static str> {
        let parts = [
            "COMM/DIRECT_PAYMENT",
            "COMM/SUPPORTED_LIVING",
            "COMM/SHARED_LIVES",
            "COMM/EXTRA_CARE",
            "COMM/OTHER",
            "OTHER",
            "END",
        ];
        State::ALL.iter().map(|state| state.code()).chain(parts).collect()
    }

    #[test]
    fn the_marks_of_every_pattern_stand_out_from_their_paper_and_patterns_differ() {
        let codes = codes();
        for (n, code) in codes.iter().enumerate() {
            let one = of(code);
            if one.texture != Texture::Plain {
                assert!(contrast(one.paper, one.ink) >= 3.0, "{code}");
            }
            for other in &codes[..n] {
                let (found, differs) = (of(other), contrast(one.paper, of(other).paper) >= 1.25);
                // without colour: other marks, or the same on a lighter or darker paper
                assert!(one.texture != found.texture || differs, "{code} {other}");
            }
        }
    }

    #[test]
    fn states_that_stand_next_to_each_other_differ_in_lightness_or_marks() {
        let all: Vec<&str> = State::ALL.iter().map(|state| state.code()).collect();
        let schemes: [&[&str]; 3] = [
            &all,
            &["DEAD", "HOSP", "CARE_HOME", "ST", "COMM", "NONE", "UNOBS"],
            &["DEAD", "HOSP", "LTS_CARE_HOME", "NONE", "STMAX", "LTS_COMM", "UNOBS"],
        ];
        for scheme in schemes {
            for pair in scheme.windows(2) {
                let [one, other] = [of(pair[0]), of(pair[1])];
                assert_ne!(one.texture, other.texture, "{pair:?}");
            }
        }
    }

    #[test]
    fn patterns_are_defined_once_and_named_by_the_state() {
        let text = definitions(["COMM/OTHER", "HOME", "COMM/OTHER", "DEAD"]);
        assert_eq!(text.matches("<pattern").count(), 1);
        assert!(text.contains(&fill("COMM/OTHER")["url(#".len()..].replace(')', "\"")));
        assert_eq!(fill("HOME"), paper("HOME"));
        assert_eq!(definitions(["DEAD"]), "");
        let made_up: BTreeSet<String> = ["Ward <1>", "Ward 1"].map(fill).into();
        assert_eq!(made_up.len(), 2);
        assert!(made_up.iter().all(|fill| !fill.contains(['<', ' '])));
    }
}
