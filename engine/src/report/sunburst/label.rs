//! A text within a segment of a ring.

use crate::report::{style, svg};
use std::f64::consts::TAU;

/// Places that are tried on either side of the middle of a segment.
const PLACES: i32 = 20;
/// Depths in a ring that are tried: in its middle, and further inside, where a wide text ends sooner.
const DEPTHS: [f64; 3] = [0.5, 0.42, 0.35];
/// Lines of a text at most, and the letters of a line.
const LINES: usize = 3;
const LETTERS: [usize; 5] = [usize::MAX, 24, 18, 14, 10];

/// A segment around a point: radii from inner to outer, angles clockwise from the top.
pub struct Area {
    pub around: (f64, f64),
    pub radii: (f64, f64),
    pub angles: (f64, f64),
}

impl Area {
    /// The point at a radius and an angle.
    pub fn point(&self, radius: f64, angle: f64) -> (f64, f64) {
        (self.around.0 + radius * angle.sin(), self.around.1 - radius * angle.cos())
    }

    /// Whether all of a rectangle lies within; it is left, top, right, bottom.
    fn holds(&self, [left, top, right, bottom]: [f64; 4]) -> bool {
        let (x, y) = self.around;
        let ((inner, outer), (from, to)) = (self.radii, self.angles);
        let nearest = (x.clamp(left, right) - x).hypot(y.clamp(top, bottom) - y);
        let angle = |of_x: f64, of_y: f64| (of_x - x).atan2(y - of_y);
        let own = angle(f64::midpoint(left, right), f64::midpoint(top, bottom));
        // a rectangle beside the centre is seen from there between two of its corners
        let mut corners = [(left, top), (right, top), (right, bottom), (left, bottom)].into_iter();
        nearest >= inner
            && corners.all(|corner| {
                let turn = angle(corner.0, corner.1) - own;
                let turned = own.rem_euclid(TAU) + turn - TAU * (turn / TAU).round();
                (corner.0 - x).hypot(corner.1 - y) <= outer && turned >= from && turned <= to
            })
    }
}

/// A text in lines around a point.
pub struct Label {
    middle: (f64, f64),
    lines: Vec<String>,
}

impl Label {
    /// A text where it has room, in as few lines and as near to the middle of the segment as can be.
    pub fn within(area: &Area, text: &str) -> Option<Self> {
        let ((inner, outer), (from, to)) = (area.radii, area.angles);
        LETTERS.into_iter().find_map(|letters| {
            let lines = svg::wrapped(text, letters);
            let places = (0..PLACES)
                .flat_map(|n| [n, -n])
                .map(|n| from + (to - from) * (0.5 + f64::from(n) / f64::from(2 * PLACES)));
            let mut labels = places.flat_map(|angle| {
                DEPTHS.map(|depth| Self {
                    middle: area.point(inner + (outer - inner) * depth, angle),
                    lines: lines.clone(),
                })
            });
            if lines.len() > LINES { None } else { labels.find(|label| area.holds(label.edges())) }
        })
    }

    /// Left, top, right, bottom.
    pub fn edges(&self) -> [f64; 4] {
        let wide = self.lines.iter().map(|line| style::room(line)).fold(0.0, f64::max) / 2.0;
        let high = style::INSIDE * self.lines.len() as f64 / 2.0;
        let (x, y) = self.middle;
        [x - wide, y - high, x + wide, y + high]
    }

    /// Draws it on a segment of a state.
    pub fn draw(&self, picture: &mut String, code: &str) {
        let [_, top, ..] = self.edges();
        for (n, line) in self.lines.iter().enumerate() {
            let middle = top + style::INSIDE * (n as f64 + 0.5);
            style::name(picture, self.middle.0, middle, code, line);
        }
    }
}
