//! LTS003: carers by the support that they had in the year (`cld-metrics.md` section 21).

use super::salt::carers::{self, Support};
use super::salt::row::{Row, View};
use super::salt::submissions::Reads;
use super::salt::table::{Build, Cell, Context, Table, Tally};
use crate::attrition::FilterText;
use crate::figure::Unit;

pub use super::salt::Settings;

/// The measure `salt_lts003`: people by support, and by age at the end of the year and support.
pub type SaltLts003 = Table<Lts003>;

/// Carers in the year.
#[derive(Clone, Debug)]
pub struct Lts003 {
    context: Context,
}

/// Age bands, by number; 0 is all ages.
const BANDS: [&str; 7] =
    ["", "Under 18", "18 to 25", "26 to 64", "65 to 84", "85 and over", "Unknown"];

const fn band(age: Option<i32>) -> u8 {
    match age {
        None => 6,
        Some(..=17) => 1,
        Some(18..=25) => 2,
        Some(26..=64) => 3,
        Some(65..=84) => 4,
        Some(_) => 5,
    }
}

/// Filters of the rows of a person, by number.
const NO_SUPPORT: usize = 0;
const NOT_PREFERRED: usize = 1;

impl Build for Lts003 {
    const NAME: &'static str = "salt_lts003";
    const RULE: &'static str = "LTS003";
    const READS: Reads = Reads::Latest;
    const PARTS: &'static [&'static str] = &[""];
    const COUNTS: Unit = Unit::People;

    fn new(context: Context) -> Self {
        Self { context }
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        let year = self.context.year;
        let filters = [
            carers::is_carer(view) && view.is_event(),
            view.overlaps(year),
            view.alive_on(year.start),
            carers::shows_support(view),
        ];
        filters.iter().position(|passes| !passes).map_or(Ok(1), Err)
    }

    fn admits(&self) -> Vec<FilterText> {
        let year = self.context.year;
        vec![
            ("LTS003", "not an event of a carer".into()),
            ("LTS003", format!("no day from {} to {}", year.start, year.end)),
            ("N6", format!("died before {}", year.start)),
            (
                "3D step 1",
                "no service of a carer, assessment, review, information or advice".into(),
            ),
        ]
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        rows.sort_unstable_by_key(|row| row.la);
        for council in rows.chunk_by(|a, b| a.la == b.la) {
            let Some(la) = council.first().map(|row| row.la) else { continue };
            let supports = council.iter().filter_map(Support::of);
            let with_support = supports.clone().count() as i64;
            tally.fell(NO_SUPPORT, council.len() as i64 - with_support);
            let Some(best) = supports.min() else { continue };
            tally.fell(NOT_PREFERRED, with_support - 1);
            tally.passed(1);
            tally.add(la, 0, [0, 0], 1);
            tally.add(la, 0, [0, best as u8], 1);
            // a person whose rows differ in the month of birth is in every band of these rows
            let of_best = council.iter().filter(|row| Support::of(row) == Some(best));
            let bands = of_best.map(|row| 1u8 << band(row.age(self.context.year.end)));
            let bands = bands.fold(0, |bits, bit| bits | bit);
            for band in (1..=6).filter(|band| bands >> band & 1 == 1) {
                tally.add(la, 0, [band, best as u8], 1);
            }
        }
    }

    fn counts(&self) -> Vec<FilterText> {
        vec![
            ("LTS003", "shows no support: a service without a service type".into()),
            ("LTS003", "another row stands for the carer in the council".into()),
        ]
    }

    fn stratum(&self, cell: Cell) -> String {
        let [band, support] = cell.levels;
        let support = Support::ALL.iter().find(|known| **known as u8 == support);
        let support = support.map_or("", |support| support.label());
        match BANDS.get(usize::from(band)) {
            Some(band) if !band.is_empty() => format!("age_band={band}; support={support}"),
            _ => format!("support={support}"),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
