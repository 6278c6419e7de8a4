//! Step 10: figures and attrition from the counts.

use super::outcome::{Counting, Final, Sequel};
use super::{Ascof2a, Band, FILTERS, Filter, Settings, Tally};
use crate::attrition::Steps;
use crate::figure::{Area, AttritionStep, Figure, Unit, Value};
use crate::frame::Frame;
use crate::measures::{Measure, councils};
use crate::place::Places;
use std::collections::BTreeMap;

/// Episodes that count.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    numerator: i64,
    denominator: i64,
}

impl Share {
    fn of(counting: Counting, episodes: i64) -> Self {
        match counting {
            Counting::Both => Self { numerator: episodes, denominator: episodes },
            Counting::Denominator => Self { numerator: 0, denominator: episodes },
            Counting::Neither | Counting::Unclassified => Self::default(),
        }
    }
}

/// Episodes of an area by band, sequel and final outcome.
type Sequels = BTreeMap<(Band, Sequel, Final), i64>;

/// Adds the figures of a period: for England, regions by name and councils by code the shares (all
/// ages, 18 to 64, 65 and above), then for each of these areas the sequels that it has.
pub(super) fn figures(tally: &Tally, places: &Places, frame: &Frame, out: &mut Vec<Figure>) {
    let with_a_row = councils::with_a_row(places, frame);
    let mut by_council: BTreeMap<u16, Sequels> =
        with_a_row.into_iter().map(|council| (council, Sequels::new())).collect();
    for (cell, &episodes) in &tally.episodes {
        let sequels = by_council.entry(cell.council).or_default();
        *sequels.entry((cell.band, cell.sequel, cell.outcome)).or_default() += episodes;
    }
    let areas = councils::with_sums(places, &by_council, |sum: &mut Sequels, more| {
        for (&key, episodes) in more {
            *sum.entry(key).or_default() += episodes;
        }
    });
    for (area, sequels) in &areas {
        for band in [None, Some(Band::WorkingAge), Some(Band::Older)] {
            out.push(share(tally, area, sequels, band));
        }
    }
    for (area, sequels) in &areas {
        for (&(band, sequel, outcome), &episodes) in sequels {
            let share = Share::of(outcome.counting(), episodes);
            out.push(Figure {
                part: "sequel".into(),
                stratum: format!(
                    "age_band={}; sequel_type={}; final_outcome={}",
                    band.label(),
                    sequel.label(),
                    outcome.label()
                ),
                numerator: Some(share.numerator),
                denominator: Some(share.denominator),
                value: Value::Statistic(episodes as f64),
                unit: Unit::Episodes,
                ..figure(tally, area)
            });
        }
    }
}

/// The share of an area and a band; all ages, the unknown ones included, without a band.
fn share(tally: &Tally, area: &Area, sequels: &Sequels, band: Option<Band>) -> Figure {
    let mut sum = Share::default();
    for (&(of, _, outcome), &episodes) in sequels {
        if band.is_none_or(|band| band == of) {
            let share = Share::of(outcome.counting(), episodes);
            sum.numerator += share.numerator;
            sum.denominator += share.denominator;
        }
    }
    Figure {
        stratum: band.map(|band| format!("age_band={}", band.label())).unwrap_or_default(),
        numerator: Some(sum.numerator),
        denominator: Some(sum.denominator),
        // the published value of no episodes is 0, which is the numerator
        value: if sum.denominator > 0 { Value::Percent(1) } else { Value::Count },
        ..figure(tally, area)
    }
}

fn figure(tally: &Tally, area: &Area) -> Figure {
    Figure {
        measure: Ascof2a::NAME,
        part: String::new(),
        period: tally.period,
        area: area.clone(),
        stratum: String::new(),
        numerator: None,
        denominator: None,
        value: Value::Unavailable,
        interval: None,
        unit: Unit::Percent,
        counts: Unit::Episodes,
    }
}

/// Adds the attrition of a period, from the events of the joined table to the denominator.
pub(super) fn attrition(tally: &Tally, settings: &Settings, out: &mut Vec<AttritionStep>) {
    let period = tally.period;
    let first = out.len();
    let start = ("2A step 1", "events of the joined table".to_owned());
    let filters: [(&'static str, String); FILTERS] = [
        ("2A step 1", "not of a service user".into()),
        ("2A step 1", "ended before it started".into()),
        ("2A step 2", "not an ST-Max service".into()),
        (
            "2A step 3",
            format!(
                "part of the reablement episode of another service: started at most {} days after \
                 the latest end so far",
                settings.cluster_gap_days
            ),
        ),
        ("2A step 5", format!("episode did not end from {} to {}", period.start, period.end)),
        ("2A step 5", "aged under 18 at the end".into()),
        ("2A step 5", "died before the start by the latest details".into()),
        (
            "2A step 7",
            format!(
                "existing client: long-term support ran until fewer than {} days before",
                settings.new_client_days
            ),
        ),
        ("2A step 9", "what followed cannot be classified".into()),
        (
            "2A step 9",
            "died, declined, self-funded, referred to the NHS or admitted to hospital".into(),
        ),
    ];
    let of = Steps { measure: Ascof2a::NAME, part: "", period, unit: Unit::Events };
    tally.attrition.steps(&of, start, filters, out);
    // from here on a record is an episode; the first step is what there was
    let from = first + Filter::Clustered as usize + 1;
    out.iter_mut().skip(from).for_each(|step| step.unit = Unit::Episodes);
}
