//! Steps 5 and 6 of clients, 4 of carers: figures and attrition from the counts.

use super::{Ascof3d, Band, Cells, FILTERS, HALVES, Half, Support, Tally};
use crate::attrition::Steps;
use crate::figure::{Area, AttritionStep, Figure, Unit, Value};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::place::Places;
use crate::study::Method;

impl Half {
    /// Names of the shares with what their numerators count, and of the table of unknown mechanisms.
    const fn parts(self) -> ([(&'static str, &'static [Support]); 2], &'static str) {
        const SELF_DIRECTED: &[Support] = &[Support::DirectPayment, Support::ManagedBudget];
        const DIRECT_PAYMENT: &[Support] = &[Support::DirectPayment];
        match self {
            Self::Clients => (
                [
                    ("1a_clients_self_directed", SELF_DIRECTED),
                    ("2a_clients_direct_payment", DIRECT_PAYMENT),
                ],
                "clients_unknown_mechanism",
            ),
            Self::Carers => (
                [
                    ("1b_carers_self_directed", SELF_DIRECTED),
                    ("2b_carers_direct_payment", DIRECT_PAYMENT),
                ],
                "carers_unknown_mechanism",
            ),
        }
    }

    /// Whether the denominator counts people with this support.
    pub(super) fn counts(self, support: Support) -> bool {
        match support {
            Support::DirectPayment | Support::ManagedBudget | Support::Commissioned => true,
            Support::Unknown => self == Self::Clients,
            Support::Other => false,
        }
    }
}

impl Band {
    const ALL: [Self; 3] = [Self::WorkingAge, Self::Older, Self::Unknown];
}

/// The rows of a share: all ages, the unknown ones included, then each band.
const STRATA: [(&str, &[Band]); 3] = [
    ("", &Band::ALL),
    ("age_band=18 to 64", &[Band::WorkingAge]),
    ("age_band=65 and above", &[Band::Older]),
];

impl Cells {
    fn people(&self, bands: &[Band], is_in: impl Fn(Support) -> bool) -> i64 {
        const IN_ORDER: [Support; 4] = [
            Support::DirectPayment,
            Support::ManagedBudget,
            Support::Commissioned,
            Support::Unknown,
        ];
        let of_band = |&band: &Band| {
            let people = IN_ORDER.into_iter().zip(self.0[band as usize]);
            people.filter(|(support, _)| is_in(*support)).map(|(_, people)| people).sum::<i64>()
        };
        bands.iter().map(of_band).sum()
    }
}

/// Adds the figures of a period: part by part for England, regions by name and councils by code.
pub(super) fn figures(tally: &Tally, places: &Places, frame: &Frame, out: &mut Vec<Figure>) {
    let areas =
        HALVES.map(|half| tally.councils[half as usize].with_sums(places, frame, Cells::add));
    for (half, areas) in HALVES.into_iter().zip(&areas) {
        let (shares, _) = half.parts();
        for (part, numerator) in shares {
            for (area, cells) in areas {
                for (stratum, bands) in STRATA {
                    let people = cells.people(bands, |support| half.counts(support));
                    out.push(Figure {
                        stratum: stratum.into(),
                        numerator: Some(
                            cells.people(bands, |support| numerator.contains(&support)),
                        ),
                        denominator: Some(people),
                        // the published value of no people is 0, which is the numerator
                        value: if people > 0 { Value::Percent(1) } else { Value::Count },
                        unit: Unit::Percent,
                        ..figure(tally, part, area)
                    });
                }
            }
        }
    }
    for (half, areas) in HALVES.into_iter().zip(&areas) {
        let (_, part) = half.parts();
        for (area, cells) in areas {
            let people = cells.people(&Band::ALL, |support| support == Support::Unknown);
            out.push(Figure { numerator: Some(people), ..figure(tally, part, area) });
        }
    }
}

fn figure(tally: &Tally, part: &str, area: &Area) -> Figure {
    Figure {
        measure: Ascof3d::NAME,
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

/// Adds the attrition of a period and half, from the events of the joined table to the denominator.
pub(super) fn attrition(tally: &Tally, half: Half, method: Method, out: &mut Vec<AttritionStep>) {
    let Tally { period, .. } = tally;
    let adult = format!("aged under 18 on {}", period.end);
    let highest = "another event of the person in the council ranks as high or higher".to_owned();
    let (part, filters): (_, [(&'static str, String); FILTERS]) = match half {
        Half::Clients => (
            "clients",
            [
                ("3D 10.1 step 1", "not of a service user".into()),
                ("3D 10.1 step 1", "not long-term support".into()),
                ("3D 10.1 step 1", "ended before it started".into()),
                ("3D 10.1 step 1", format!("did not run on {}", period.end)),
                ("3D 10.1 step 1", format!("died before {} by the latest details", period.end)),
                ("3D 10.1 step 3", adult),
                ("3D 10.1 step 3", highest),
                ("3D 10.1 step 4", "the highest is nursing, residential or prison care".into()),
            ],
        ),
        Half::Carers => {
            let named = match method {
                Method::AsPublished => {
                    "in no category of support, such as direct support without a component"
                }
                Method::AsIntended => "in no category of support",
            };
            (
                "carers",
                [
                    ("3D 10.2 step 1", "not of an unpaid carer".into()),
                    ("3D 10.2 step 2", named.into()),
                    ("3D 10.2 step 1", "ended before it started".into()),
                    (
                        "3D 10.2 step 1",
                        format!("did not run from {} to {}", period.start, period.end),
                    ),
                    (
                        "3D 10.2 step 1",
                        format!("died before {} by the latest details", period.start),
                    ),
                    ("3D 10.2 step 3", adult),
                    ("3D 10.2 step 3", highest),
                    (
                        "3D 10.2 step 4",
                        "the highest is advice, no direct support or an unknown mechanism".into(),
                    ),
                ],
            )
        }
    };
    let of = Steps { measure: Ascof3d::NAME, part, period: *period, unit: Unit::Events };
    let start = ("3D step 1", "events of the joined table".to_owned());
    tally.attrition[half as usize].steps(&of, start, filters, out);
}
