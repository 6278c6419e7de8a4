//! The report: one self-contained page for readers who do not know the tables. It has no script and
//! fetches nothing; every part says so when the run made no figures for it.

mod bars;
mod comparison;
mod curve;
mod headline;
mod journeys;
mod matrix;
mod over_time;
mod page;
mod picture;
mod quality;
mod sankey;
mod strip;
mod style;
mod sunburst;
mod svg;
#[cfg(test)]
mod tests;
mod words;

pub use comparison::comparison_svg;
pub use picture::{PICTURE_COVERAGE, graph_svg};

use crate::disclosure::{Protected, Released};
use crate::output::{About, OutputError, write_file};
use askama::Template;
use std::path::Path;

/// The report as HTML.
///
/// # Errors
/// Never in practice: the template writes to memory.
pub fn report_html(released: &Protected<Released>, about: &About) -> Result<String, OutputError> {
    Ok(page::Page::new(released, about).render()?)
}

/// The pathways, the states over time, the sequences that many follow and the groups of the first anchor of
/// a release as one SVG file; of breakdowns the states over time.
#[must_use]
pub fn pathways_svg(released: &Protected<Released>) -> String {
    journeys::svg_file(released)
}

/// Writes the report.
///
/// # Errors
/// When the file cannot be written.
pub fn write_report(
    released: &Protected<Released>,
    about: &About,
    path: &Path,
) -> Result<(), OutputError> {
    write_file(path, report_html(released, about)?.as_bytes())
}
