//! 2E: people with long-term support who live in settled accommodation.

use super::share;
use crate::attrition::FilterText;
use crate::figure::{Area, Figure, Unit};
use crate::frame::Frame;
use crate::measures::salt::labels::{
    Label, accommodation, event_type, gender, is_settled, service_type,
};
use crate::measures::salt::row::{Row, View};
use crate::measures::salt::submissions::Reads;
use crate::measures::salt::support::Preferred;
use crate::measures::salt::table::{Build, Cell, Cells, Context, Tally};
use throughcare_linkage::day::Period;

/// ASCOF 2E of NHS England.
#[derive(Clone, Debug)]
pub struct Ascof2e {
    context: Context,
}

/// Decimals of a share that the published code does not round.
const UNROUNDED: u8 = 6;

/// Filters of the rows of a person, by number.
const GENDER: usize = 0;
const NOT_PREFERRED: usize = 1;

impl Build for Ascof2e {
    const NAME: &'static str = "ascof_2e";
    const RULE: &'static str = "NHSE 2E";
    const READS: Reads = Reads::Latest;
    const PARTS: &'static [&'static str] = &["nhse-2324"];
    const COUNTS: Unit = Unit::People;
    const ATTRITION: &'static str = "nhse-2324";

    fn new(context: Context) -> Self {
        Self { context }
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        let year = self.context.year;
        let supported = matches!(
            view.service_type(),
            service_type::NURSING | service_type::RESIDENTIAL | service_type::COMMUNITY
        );
        let filters = [
            supported && view.event_type() == event_type::SERVICE && view.is_service_user(),
            view.overlaps(year),
            view.alive_on(year.start),
        ];
        filters.iter().position(|passes| !passes).map_or(Ok(1), Err)
    }

    fn admits(&self) -> Vec<FilterText> {
        let year = self.context.year;
        vec![
            ("NHSE 2E", "not nursing, residential or community support of a service user".into()),
            ("NHSE 2E", format!("no day from {} to {}", year.start, year.end)),
            ("N6", format!("died before {}", year.start)),
        ]
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        rows.sort_unstable_by_key(|row| row.la);
        for council in rows.chunk_by(|a, b| a.la == b.la) {
            let Some(la) = council.first().map(|row| row.la) else { continue };
            // the latest start, then known before unknown; of several statuses none is known
            let mut preferred = Preferred::new();
            let latest = council.iter().map(|row| row.start).max();
            let known = |row: &Row| {
                let status = row.accommodation;
                !status.is_null() && status != accommodation::UNKNOWN
            };
            let latest = || council.iter().filter(move |row| Some(row.start) == latest);
            for row in latest() {
                preferred.take(0, known(row), row.start, row.accommodation);
            }
            let Some((_, status)) = preferred.get() else { continue };
            let any_known = latest().any(known);
            let settled = is_settled(status.unwrap_or(accommodation::UNKNOWN));
            let has = |sex: Label| latest().any(|row| row.gender == sex && known(row) == any_known);
            let mut counted = false;
            for sex in [gender::MALE, gender::FEMALE].into_iter().filter(|&sex| has(sex)) {
                share::count(tally, la, 0, gender::LIST.level(sex), settled);
                counted = true;
            }
            tally.fell(NOT_PREFERRED, council.len() as i64 - 1);
            if counted {
                tally.passed(1);
            } else {
                tally.fell(GENDER, 1);
            }
        }
    }

    fn counts(&self) -> Vec<FilterText> {
        vec![
            ("NHSE 2E", "the person is neither male nor female at the latest start".into()),
            ("NHSE 2E", "another row of the person in the council".into()),
        ]
    }

    fn stratum(&self, _: Cell) -> String {
        String::new()
    }

    /// Total, which is the sum of both, male and female.
    fn figures(
        &self,
        area: &Area,
        cells: &Cells,
        period: Period,
        _: &Frame,
        out: &mut Vec<Figure>,
    ) {
        let [male, female] = [gender::MALE, gender::FEMALE].map(|sex| gender::LIST.level(sex));
        for (levels, stratum) in
            [(&[male, female][..], ""), (&[male], "gender=Male"), (&[female], "gender=Female")]
        {
            let of = (0, levels, stratum);
            out.push(share::figure::<Self>(area, cells, period, of, UNROUNDED));
        }
    }
}
