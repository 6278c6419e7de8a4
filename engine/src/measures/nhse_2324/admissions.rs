//! 2B and 2C: people admitted to care homes in the year who are still there when it is over.

use crate::attrition::FilterText;
use crate::figure::{Area, Figure, Unit, Value};
use crate::frame::Frame;
use crate::measures::care_home_admissions::Band;
use crate::measures::care_home_admissions::population::{self, Group};
use crate::measures::salt::labels::{event_type, service_type};
use crate::measures::salt::latest;
use crate::measures::salt::row::{Row, View};
use crate::measures::salt::submissions::Reads;
use crate::measures::salt::table::{Build, Cell, Cells, Context, Tally};
use throughcare_linkage::day::{Day, OptDay, Period};

/// Admissions of one band.
#[derive(Clone, Debug)]
struct Admissions {
    context: Context,
}

/// Filters of the rows of a person, by number.
const SUPERSEDED: usize = 0;
const LATER: usize = 1;
const NOT_OPEN: usize = 2;
const EARLIER: usize = 3;
const OTHER_BAND: usize = 4;
const SAME_PERSON: usize = 5;

impl Admissions {
    /// The day after the year.
    fn snapshot(&self) -> Day {
        self.context.year.end.plus(1)
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        let home = matches!(view.service_type(), service_type::NURSING | service_type::RESIDENTIAL);
        let filters = [
            home && view.event_type() == event_type::SERVICE && view.is_service_user(),
            view.row.birth.is_known(),
        ];
        filters.iter().position(|passes| !passes).map_or(Ok(1), Err)
    }

    fn admits(&self) -> Vec<FilterText> {
        vec![
            ("NHSE 2B/2C", "not long-term nursing or residential care of a service user".into()),
            ("N5", "no month of birth".into()),
        ]
    }

    /// Counts a person in each council with an admission at an age of the band.
    fn count(&self, rows: &mut Vec<Row>, of_band: fn(i32) -> bool, tally: &mut Tally<'_>) {
        let snapshot = self.snapshot();
        // a version that was closed later goes, unless the import that closed it has an open one too
        tally.fell(SUPERSEDED, latest::keep(rows, false));
        let mut left = rows.len();
        let mut fell = |filter: usize, rows: &Vec<Row>, tally: &mut Tally<'_>| {
            tally.fell(filter, (left - rows.len()) as i64);
            left = rows.len();
        };
        rows.retain(|row| row.start < snapshot);
        fell(LATER, rows, tally);
        let reaches = |day: OptDay| day.get().is_none_or(|day| day >= snapshot);
        rows.retain(|row| reaches(row.end) && reaches(row.death));
        fell(NOT_OPEN, rows, tally);
        // matched by the identifier, whatever the council
        if rows.iter().any(|row| row.start < self.context.year.start) {
            rows.clear();
        }
        fell(EARLIER, rows, tally);
        rows.retain(|row| row.age(snapshot).is_some_and(of_band));
        fell(OTHER_BAND, rows, tally);
        rows.sort_unstable_by_key(|row| row.la);
        rows.dedup_by_key(|row| row.la);
        fell(SAME_PERSON, rows, tally);
        tally.passed(rows.len() as i64);
        for row in rows {
            tally.add(row.la, 0, [0, 0], 1);
        }
    }

    fn counts(&self) -> Vec<FilterText> {
        let snapshot = self.snapshot();
        let start = self.context.year.start;
        vec![
            ("NHSE 2B/2C", "an earlier version of the service".into()),
            ("NHSE 2B/2C", format!("did not start before {snapshot}")),
            ("NHSE 2B/2C", format!("ended or died before {snapshot}")),
            ("NHSE 2B/2C", format!("the person was in such care before {start}")),
            ("NHSE 2B/2C", format!("another age on {snapshot}")),
            ("NHSE 2B/2C", "another row of the person in the council".into()),
        ]
    }
}

/// The row of an area: people over the population of the band.
fn figure<B: Build>(
    area: &Area,
    cells: &Cells,
    period: Period,
    frame: &Frame,
    band: Band,
) -> Figure {
    let population = population::of_area(frame, area, Group::of(band));
    Figure {
        measure: B::NAME,
        part: "nhse-2324".into(),
        period,
        area: area.clone(),
        stratum: String::new(),
        numerator: Some(cells.values().sum()),
        denominator: population,
        value: population.map_or(Value::Unavailable, |_| Value::Per(100_000.0)),
        interval: None,
        unit: Unit::PerPopulation,
        counts: Unit::People,
    }
}

/// ASCOF 2B of NHS England: people of 18 to 64.
#[derive(Clone, Debug)]
pub struct Ascof2b(Admissions);

impl Build for Ascof2b {
    const NAME: &'static str = "ascof_2b";
    const RULE: &'static str = "NHSE 2B/2C";
    const READS: Reads = Reads::All;
    const PARTS: &'static [&'static str] = &["nhse-2324"];
    const COUNTS: Unit = Unit::People;
    const ATTRITION: &'static str = "nhse-2324";

    fn new(context: Context) -> Self {
        Self(Admissions { context })
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        self.0.admit(view)
    }

    fn admits(&self) -> Vec<FilterText> {
        self.0.admits()
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        self.0.count(rows, |age| (18..=64).contains(&age), tally);
    }

    fn counts(&self) -> Vec<FilterText> {
        self.0.counts()
    }

    fn stratum(&self, _: Cell) -> String {
        String::new()
    }

    fn figures(
        &self,
        area: &Area,
        cells: &Cells,
        period: Period,
        frame: &Frame,
        out: &mut Vec<Figure>,
    ) {
        out.push(figure::<Self>(area, cells, period, frame, Band::WorkingAge));
    }
}

/// ASCOF 2C of NHS England: people of 65 and over.
#[derive(Clone, Debug)]
pub struct Ascof2c(Admissions);

impl Build for Ascof2c {
    const NAME: &'static str = "ascof_2c";
    const RULE: &'static str = "NHSE 2B/2C";
    const READS: Reads = Reads::All;
    const PARTS: &'static [&'static str] = &["nhse-2324"];
    const COUNTS: Unit = Unit::People;
    const ATTRITION: &'static str = "nhse-2324";

    fn new(context: Context) -> Self {
        Self(Admissions { context })
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        self.0.admit(view)
    }

    fn admits(&self) -> Vec<FilterText> {
        self.0.admits()
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        self.0.count(rows, |age| age >= 65, tally);
    }

    fn counts(&self) -> Vec<FilterText> {
        self.0.counts()
    }

    fn stratum(&self, _: Cell) -> String {
        String::new()
    }

    fn figures(
        &self,
        area: &Area,
        cells: &Cells,
        period: Period,
        frame: &Frame,
        out: &mut Vec<Figure>,
    ) {
        out.push(figure::<Self>(area, cells, period, frame, Band::Older));
    }
}
