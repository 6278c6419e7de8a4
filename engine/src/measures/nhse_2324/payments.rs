//! 3D: self-directed support and direct payments, of clients at the snapshot and of carers in the year.

use super::share;
use crate::attrition::FilterText;
use crate::figure::{Area, Figure, Unit};
use crate::frame::Frame;
use crate::measures::salt::carers::{self, Support};
use crate::measures::salt::labels::{component, service_type};
use crate::measures::salt::row::{Row, View};
use crate::measures::salt::submissions::Reads;
use crate::measures::salt::support;
use crate::measures::salt::table::{Build, Cell, Cells, Context, Tally};
use crate::measures::salt_lts001a::BY_AGE;
use throughcare_linkage::day::Period;

/// The parts, by number.
const SELF_DIRECTED: u8 = 0;
const DIRECT_PAYMENT: u8 = 1;

/// ASCOF 3D of NHS England for clients, parts 1a and 2a.
#[derive(Clone, Debug)]
pub struct Clients {
    context: Context,
    best: Vec<(u16, u8)>,
}

/// The rank of support: community support with the component direct payment is one.
fn rank(row: &Row) -> u8 {
    let community = row.service_type == service_type::COMMUNITY;
    if community && row.component == component::DIRECT_PAYMENT {
        return 3;
    }
    support::rank(row.service_type, row.mechanism)
}

/// Filters of the rows of a client, by number.
const NOT_COMMUNITY: usize = 0;
const NOT_PREFERRED: usize = 1;

impl Build for Clients {
    const NAME: &'static str = "ascof_3d";
    const RULE: &'static str = "NHSE 3D";
    const READS: Reads = Reads::Latest;
    const PARTS: &'static [&'static str] =
        &["nhse-2324_1a_clients_self_directed", "nhse-2324_2a_clients_direct_payment"];
    const COUNTS: Unit = Unit::People;
    const ATTRITION: &'static str = "nhse-2324_clients";

    fn new(context: Context) -> Self {
        Self { context, best: Vec::new() }
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        let at = self.context.year.end;
        let filters = [
            view.is_long_term() && view.is_service_user(),
            view.starts_by(at) && view.lasts_to(at),
            view.alive_on(at),
            view.row.birth.is_known(),
        ];
        filters.iter().position(|passes| !passes).map_or(Ok(1), Err)
    }

    fn admits(&self) -> Vec<FilterText> {
        let at = self.context.year.end;
        vec![
            ("NHSE 3D", "not long-term support of a service user".into()),
            ("NHSE 3D", format!("not running on {at}")),
            ("N6", format!("died before {at}")),
            ("N5", "no month of birth".into()),
        ]
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        let at = self.context.year.end;
        rows.sort_unstable_by_key(|row| row.la);
        let mut people = 0;
        let mut in_tables = 0;
        for (band, from, to) in BY_AGE {
            let of_age = |row: &&Row| row.age(at).is_some_and(|age| from <= age && age <= to);
            // the smallest rank of each council
            self.best.clear();
            for row in rows.iter().filter(of_age) {
                in_tables += 1;
                match self.best.last_mut() {
                    Some((la, best)) if *la == row.la => *best = rank(row).min(*best),
                    _ => self.best.push((row.la, rank(row))),
                }
            }
            // as published it is joined to rows without the council: a row also stays when it has the
            // smallest rank that the person has in another one
            let as_published = self.context.as_published();
            let stays = |row: &&Row| {
                let is_best =
                    |&(la, best): &(u16, u8)| best == rank(row) && (as_published || la == row.la);
                self.best.iter().any(is_best)
            };
            let community = |row: &&Row| of_age(row) && row.service_type == service_type::COMMUNITY;
            for &(la, _) in &self.best {
                let kept = || {
                    let of_council = rows.iter().filter(move |row| row.la == la);
                    of_council.filter(community).filter(stays).map(rank)
                };
                if let Some(best) = kept().min() {
                    share::count(tally, la, SELF_DIRECTED, band, best <= 4);
                    share::count(tally, la, DIRECT_PAYMENT, band, best == 3);
                    tally.passed(1);
                } else {
                    tally.fell(NOT_COMMUNITY, 1);
                }
                people += 1;
            }
        }
        tally.fell(NOT_PREFERRED, in_tables - people);
        tally.fell(NOT_PREFERRED + 1, rows.len() as i64 - in_tables);
    }

    fn counts(&self) -> Vec<FilterText> {
        vec![
            ("NHSE 3D", "the person's support is not in the community".into()),
            ("NHSE 3D", "another row of the person in the council".into()),
            ("NHSE 3D", "aged under 18".into()),
        ]
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
        for part in [SELF_DIRECTED, DIRECT_PAYMENT] {
            let rows =
                [(&[0, 1][..], ""), (&[0], "age_band=18 to 64"), (&[1], "age_band=65 and above")];
            for (levels, stratum) in rows {
                let of = (part, levels, stratum);
                out.push(share::figure::<Self>(area, cells, period, of, 1));
            }
        }
    }
}

/// ASCOF 3D of NHS England for carers, parts 1b and 2b.
#[derive(Clone, Debug)]
pub struct Carers {
    context: Context,
}

/// Filters of the rows of a carer, by number.
const NO_CATEGORY: usize = 0;
const NO_SUPPORT: usize = 1;
const UNDER_18: usize = 2;
const OTHER_ROW: usize = 3;

/// Levels of the total and of the bands.
const ALL: u8 = 0;
const WORKING_AGE: u8 = 1;
const OLDER: u8 = 2;

impl Build for Carers {
    const NAME: &'static str = "ascof_3d";
    const RULE: &'static str = "NHSE 3D";
    const READS: Reads = Reads::Latest;
    const PARTS: &'static [&'static str] =
        &["nhse-2324_1b_carers_self_directed", "nhse-2324_2b_carers_direct_payment"];
    const COUNTS: Unit = Unit::People;
    const ATTRITION: &'static str = "nhse-2324_carers";

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
            ("NHSE 3D", "not an event of a carer".into()),
            ("NHSE 3D", format!("no day from {} to {}", year.start, year.end)),
            ("N6", format!("died before {}", year.start)),
            (
                "3D step 1",
                "no service of a carer, assessment, review, information or advice".into(),
            ),
        ]
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        let at = self.context.year.end;
        rows.sort_unstable_by_key(|row| row.la);
        for council in rows.chunk_by(|a, b| a.la == b.la) {
            let Some(la) = council.first().map(|row| row.la) else { continue };
            let supports = council.iter().filter_map(Support::with_component);
            let with_support = supports.clone().count() as i64;
            tally.fell(NO_CATEGORY, council.len() as i64 - with_support);
            let Some(best) = supports.min() else { continue };
            tally.fell(OTHER_ROW, with_support - 1);
            if best > Support::Commissioned {
                tally.fell(NO_SUPPORT, 1);
                continue;
            }
            // a carer without a month of birth was born in 1800: an adult of no band
            let of_best = council.iter().filter(|row| Support::with_component(row) == Some(best));
            let mut levels = [false; 3];
            for age in of_best.map(|row| row.age(at)) {
                levels[usize::from(ALL)] |= age.is_none_or(|age| age > 17);
                levels[usize::from(WORKING_AGE)] |= age.is_some_and(|age| (18..=64).contains(&age));
                levels[usize::from(OLDER)] |= age.is_some_and(|age| (65..=200).contains(&age));
            }
            for (level, _) in (0u8..).zip(levels).filter(|(_, counts)| *counts) {
                share::count(tally, la, SELF_DIRECTED, level, best <= Support::ManagedBudget);
                share::count(tally, la, DIRECT_PAYMENT, level, best == Support::DirectPayment);
            }
            if levels.contains(&true) {
                tally.passed(1);
            } else {
                tally.fell(UNDER_18, 1);
            }
        }
    }

    fn counts(&self) -> Vec<FilterText> {
        vec![
            ("3D step 2", "direct support without a component, or no support at all".into()),
            ("NHSE 3D", "the carer has no direct payment, managed or commissioned support".into()),
            ("NHSE 3D", "aged under 18".into()),
            ("NHSE 3D", "another row of the carer in the council".into()),
        ]
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
        for part in [SELF_DIRECTED, DIRECT_PAYMENT] {
            let rows =
                [(ALL, ""), (WORKING_AGE, "age_band=18 to 64"), (OLDER, "age_band=65 and above")];
            for (level, stratum) in rows {
                let of = (part, &[level][..], stratum);
                out.push(share::figure::<Self>(area, cells, period, of, 1));
            }
        }
    }
}
