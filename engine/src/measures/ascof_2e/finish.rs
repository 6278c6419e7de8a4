//! Steps 5 and 6: figures and attrition from the counts.

use super::{Ascof2e, Band, Cells, Part, Share, Tally, filter};
use crate::attrition::Steps;
use crate::figure::{Area, AttritionStep, Figure, Unit, Value};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::place::Places;

impl Part {
    const fn names(self) -> [&'static str; 2] {
        match self {
            Self::All => ["all", "all_unknown_accommodation"],
            Self::LearningDisability => {
                ["learning_disability", "learning_disability_unknown_accommodation"]
            }
        }
    }

    const fn bands(self) -> &'static [Band] {
        match self {
            Self::All => &[Band::WorkingAge, Band::Older],
            Self::LearningDisability => &[Band::WorkingAge],
        }
    }
}

impl Band {
    const fn label(self) -> &'static str {
        match self {
            Self::WorkingAge => "18 to 64",
            Self::Older => "65 and above",
        }
    }
}

/// Adds the figures of a period and part: for England, regions by name and councils by code the shares
/// (both bands; each band; each band by gender), then for each of these areas the people whose
/// accommodation is unknown.
pub(super) fn figures(
    tally: &Tally,
    part: Part,
    places: &Places,
    frame: &Frame,
    out: &mut Vec<Figure>,
) {
    let areas = tally.councils[part as usize].with_sums(places, frame, Cells::add);
    let [share_part, unknown_part] = part.names();
    for (area, cells) in &areas {
        let sum = |bands: &[Band], genders: &[usize]| {
            let shares = bands.iter().flat_map(|&band| {
                genders.iter().map(move |&gender| cells.shares[band as usize][gender])
            });
            shares.fold(Share::default(), Share::plus)
        };
        let mut push = |stratum: String, share: Share| {
            out.push(Figure {
                stratum,
                numerator: Some(share.settled),
                denominator: Some(share.people),
                // the published value of no people is 0, which is the numerator
                value: if share.people > 0 { Value::Percent(1) } else { Value::Count },
                unit: Unit::Percent,
                ..figure(tally, share_part, area)
            });
        };
        push(String::new(), sum(part.bands(), &[0, 1, 2]));
        for &band in part.bands() {
            let age = format!("age_band={}", band.label());
            push(age.clone(), sum(&[band], &[0, 1, 2]));
            push(format!("{age}; gender=Male"), sum(&[band], &[0]));
            push(format!("{age}; gender=Female"), sum(&[band], &[1]));
        }
    }
    for (area, cells) in &areas {
        out.push(Figure {
            numerator: Some(cells.unknown_accommodation),
            ..figure(tally, unknown_part, area)
        });
    }
}

fn figure(tally: &Tally, part: &str, area: &Area) -> Figure {
    Figure {
        measure: Ascof2e::NAME,
        part: part.into(),
        period: tally.period,
        area: area.clone(),
        stratum: String::new(),
        numerator: None,
        denominator: None,
        value: Value::Count,
        interval: None,
        unit: Unit::People,
        counts: Unit::People,
    }
}

/// Adds the attrition of a period and part, from the events of the joined table to the denominator.
pub(super) fn attrition(tally: &Tally, part: Part, out: &mut Vec<AttritionStep>) {
    let period = tally.period;
    let first = "another service of the same person in the council";
    let [a, b, c]: [(&'static str, &str); 3] = match part {
        Part::All => [
            ("2E step 3", "aged under 18 at the latest end of support, or the end of the period"),
            ("2E step 5", first),
            ("2E step 5", "of unknown age"),
        ],
        Part::LearningDisability => [
            ("2E step 2", "latest primary support reason is not learning disability"),
            ("2E step 3", "not aged 18 to 64 at the latest end of support, or of unknown age"),
            ("2E step 5", first),
        ],
    };
    let filters: [(&'static str, String); filter::NUMBER] = [
        ("2E step 1", "not long-term support of a service user".into()),
        ("2E step 1", "ended before it started".into()),
        ("2E step 1", format!("did not run from {} to {}", period.start, period.end)),
        ("2E step 2", format!("died before {} by the latest details", period.start)),
        (a.0, a.1.into()),
        (b.0, b.1.into()),
        (c.0, c.1.into()),
    ];
    let [name, _] = part.names();
    let of = Steps { measure: Ascof2e::NAME, part: name, period, unit: Unit::Events };
    let start = ("2E step 1", "events of the joined table".to_owned());
    tally.attrition[part as usize].steps(&of, start, filters, out);
}
