//! 2A: the share of the episodes of STS002a with a sequel on the lists that needed no long-term support.

use super::share;
use crate::attrition::FilterText;
use crate::figure::{Area, Figure, Unit};
use crate::frame::Frame;
use crate::measures::salt::row::{Row, View};
use crate::measures::salt::submissions::Reads;
use crate::measures::salt::table::{Build, Cell, Cells, Context, Tally};
use crate::measures::salt_sts002a::{self, NewClients};
use throughcare_linkage::day::Period;

/// ASCOF 2A of NHS England.
#[derive(Clone, Debug)]
pub struct Ascof2a {
    found: NewClients,
}

impl Build for Ascof2a {
    const NAME: &'static str = "ascof_2a";
    const RULE: &'static str = "STS002a step 1";
    const READS: Reads = Reads::All;
    const PARTS: &'static [&'static str] = &["nhse-2324"];
    const COUNTS: Unit = Unit::Episodes;
    const ATTRITION: &'static str = "nhse-2324";

    fn new(context: Context) -> Self {
        Self { found: NewClients::new(context) }
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        self.found.admit(view)
    }

    fn admits(&self) -> Vec<FilterText> {
        self.found.admits()
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        self.found.follow(rows, tally);
        for found in self.found.episodes.counted() {
            match salt_sts002a::ascof_2a(found.class) {
                salt_sts002a::Ascof2a::Neither => {}
                counts => {
                    let both = counts == salt_sts002a::Ascof2a::Both;
                    share::count(tally, found.la, 0, 0, both);
                }
            }
        }
    }

    fn counts(&self) -> Vec<FilterText> {
        self.found.counts()
    }

    fn stratum(&self, _: Cell) -> String {
        String::new()
    }

    fn figures(
        &self,
        area: &Area,
        cells: &Cells,
        period: Period,
        _: &Frame,
        out: &mut Vec<Figure>,
    ) {
        out.push(share::figure::<Self>(area, cells, period, (0, &[0], ""), 1));
    }
}
