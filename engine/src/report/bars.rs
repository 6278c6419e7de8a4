//! Bars by area.

use super::svg;
use super::words;
use crate::disclosure::{Entry, ReleasedFigure};
use crate::figure::AreaType;

/// More councils than this are shown by region instead.
const MOST_COUNCILS: usize = 40;
const WIDTH: f64 = 960.0;
const LEFT: f64 = 230.0;
const RIGHT: f64 = 840.0;
const ROW: f64 = 26.0;

/// The rows of one measure and part to draw: councils, or regions where there are many councils,
/// and England last. Names order the areas.
pub fn choose<'a>(rows: &[&'a ReleasedFigure]) -> Vec<&'a ReleasedFigure> {
    let of_kind = |kind: AreaType| -> Vec<&'a ReleasedFigure> {
        rows.iter().copied().filter(|row| row.area.kind == kind).collect()
    };
    let councils = of_kind(AreaType::La);
    let mut chosen =
        if councils.len() > MOST_COUNCILS { of_kind(AreaType::Region) } else { councils };
    chosen.sort_by(|a, b| (&a.area.name, &a.area.code).cmp(&(&b.area.name, &b.area.code)));
    chosen.extend(of_kind(AreaType::England));
    chosen
}

/// The picture; empty without rows. Bars begin at zero.
pub fn draw(id: &str, title: &str, rows: &[&ReleasedFigure]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let shown = |row: &ReleasedFigure| row.value.shown().map_or(0.0, |value| value.value);
    let longest = rows.iter().map(|row| shown(row)).fold(0.0, f64::max);
    let scale = if longest > 0.0 { (RIGHT - LEFT) / longest } else { 0.0 };
    let parts: Vec<String> =
        rows.iter().map(|row| format!("{} {}", row.area.name, words::value(row))).collect();
    let height = ROW * rows.len() as f64 + 6.0;
    let mut svg = svg::open(id, WIDTH, height, title, &format!("{}.", parts.join(", ")));
    for (number, row) in rows.iter().enumerate() {
        let y = ROW * number as f64 + 3.0;
        let baseline = y + ROW / 2.0 + 4.0;
        let england = row.area.kind == AreaType::England;
        let class = if england { "node strong" } else { "node" };
        svg::text(&mut svg, LEFT - 10.0, baseline, "end", class, &row.area.name);
        let width = shown(row) * scale;
        if matches!(row.value, Entry::Shown(_)) {
            let fill = if england { "#12355b" } else { "#2f7f86" };
            svg::rectangle(&mut svg, LEFT, y + 3.0, width.max(1.0), ROW - 6.0, fill);
            svg::text(&mut svg, LEFT + width + 8.0, baseline, "start", "node", &words::value(row));
        } else {
            svg::text(&mut svg, LEFT + 4.0, baseline, "start", "small", &words::value(row));
        }
    }
    svg.push_str("</svg>\n");
    svg
}
