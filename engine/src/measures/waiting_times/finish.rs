//! Stage 4 of the published code: figures and attrition from the counts.

use super::counts::{Band, What};
use super::pool::Kind;
use super::{FILTERS, STRATA, WaitingTimes, stratum};
use crate::attrition::Steps;
use crate::figure::{Area, AreaType, AttritionStep, Figure, Unit, Value};
use crate::histogram::Histogram;
use crate::measures::Measure;
use std::collections::BTreeMap;
use throughcare_linkage::codes::cld::{AssessmentType, ServiceType};
use throughcare_linkage::day::Period;

/// The counts of one area and quarter.
type Cells = BTreeMap<(What, Band), Histogram>;

impl WaitingTimes {
    /// Adds the figures: by quarter, then England, regions by name and councils by code, as far as they
    /// have counted anything, then by part and stratum.
    pub(super) fn figures(&self, out: &mut Vec<Figure>) {
        let mut rows: BTreeMap<(u16, AreaType, u16), Cells> = BTreeMap::new();
        for quarter in 0..self.quarters.len() {
            rows.entry((quarter, AreaType::England, 0)).or_default();
        }
        for (of, number, records) in self.counts.iter() {
            for (kind, area) in self.areas(of.council) {
                let cells = rows.entry((of.span, kind, area)).or_default();
                cells.entry((of.what, of.band)).or_default().add(number, records);
            }
        }
        for ((quarter, kind, area), cells) in &rows {
            let Some(period) = self.quarters.period(*quarter) else { continue };
            let area = self.places.area(*kind, *area);
            AreaFigures { period, area, cells }.push(out);
        }
    }

    /// Adds the attrition, from the events of the joined table to the first responses that count.
    pub(super) fn steps(&self, out: &mut Vec<AttritionStep>) {
        let Some(period) = self.quarters.span() else { return };
        let settings = &self.settings;
        let filters: [(&'static str, String); FILTERS] = [
            ("waiting step 0", "not a request".into()),
            ("waiting step 2", "not of a service user".into()),
            ("waiting step 2", format!("started before {}", settings.requests_from)),
            (
                "waiting step 2",
                format!("aged under {} at the start, or of unknown age", settings.minimum_age),
            ),
            (
                "waiting step 3",
                format!(
                    "existing client: long-term support in the {} months before, or other short-term \
                     support in the {} months before",
                    settings.long_term_months, settings.short_term_months
                ),
            ),
            (
                "waiting step 4",
                "outcome is missing, no further action or admission to hospital".into(),
            ),
            ("waiting step 12", "runs into what answered an earlier request".into()),
            ("waiting step 14", "no response on record".into()),
            (
                "waiting step 14",
                "response is not in a quarter with figures, or of unknown age".into(),
            ),
        ];
        let of = Steps { measure: Self::NAME, part: "", period, unit: Unit::Events };
        let start = ("waiting step 0", "events of the joined table".to_owned());
        self.attrition.steps(&of, start, filters, out);
    }
}

/// The figures of one area and quarter.
struct AreaFigures<'a> {
    period: Period,
    area: Area,
    cells: &'a Cells,
}

const QUANTILES: [(&str, u16); 4] = [("", 500), ("_p25", 250), ("_p75", 750), ("_p90", 900)];

impl AreaFigures<'_> {
    fn push(&self, out: &mut Vec<Figure>) {
        for (name, what) in [("first_response", What::Response), ("first_service", What::Service)] {
            let days = STRATA.map(|bands| self.days(what, bands));
            for (suffix, permille) in QUANTILES {
                for (bands, days) in STRATA.into_iter().zip(&days) {
                    out.push(self.statistic(format!("{name}{suffix}"), bands, days, permille));
                }
            }
        }
        for (name, what) in [
            ("first_response_waiting", What::WaitingResponse),
            ("first_service_waiting", What::WaitingService),
        ] {
            let days = STRATA.map(|bands| self.days(what, bands));
            for (bands, days) in STRATA.into_iter().zip(&days) {
                let people = days.records();
                out.push(Figure {
                    counts: Unit::People,
                    ..self.count(name, stratum(bands), people, Unit::People)
                });
            }
            for (bands, days) in STRATA.into_iter().zip(&days) {
                out.push(Figure {
                    counts: Unit::People,
                    ..self.statistic(format!("{name}_median"), bands, days, 500)
                });
            }
        }
        for (name, what) in [("response_type", What::ResponseType), ("pool_events", What::Pool)] {
            for band in Band::ALL {
                let events = self.days(what, &[band]);
                for (kind, label) in [
                    (Kind::Request, "Request"),
                    (Kind::Assessment, "Assessment"),
                    (Kind::Service, "Service"),
                ] {
                    let stratum = format!("{}; event_type={label}", stratum(&[band]));
                    let records = events.between(kind as i32, kind as i32);
                    out.push(self.count(name, stratum, records, Unit::Events));
                }
            }
        }
        for band in Band::ALL {
            for (code, records) in self.days(What::AssessmentType, &[band]).iter() {
                let kinds = AssessmentType::ALL.iter();
                let label = kinds.copied().find(|&kind| kind as i32 == code).unwrap_or_default();
                let stratum = format!("{}; assessment_type={}", stratum(&[band]), label.label());
                out.push(self.count("response_assessment_type", stratum, records, Unit::Events));
            }
        }
        for band in Band::ALL {
            for (code, records) in self.days(What::ServiceType, &[band]).iter() {
                let kinds = ServiceType::ALL.iter();
                let label = kinds.copied().find(|&kind| kind as i32 == code).unwrap_or_default();
                let stratum = format!("{}; service_type={}", stratum(&[band]), label.label());
                out.push(self.count("first_service_type", stratum, records, Unit::Events));
            }
        }
    }

    fn days(&self, what: What, bands: &[Band]) -> Histogram {
        let mut sum = Histogram::default();
        for &band in bands {
            if let Some(days) = self.cells.get(&(what, band)) {
                sum.merge(days);
            }
        }
        sum
    }

    fn statistic(&self, part: String, bands: &[Band], days: &Histogram, permille: u16) -> Figure {
        Figure {
            numerator: None,
            denominator: Some(days.records()),
            value: days.quantile(permille).map_or(Value::Unavailable, Value::Statistic),
            ..self.count(&part, stratum(bands), 0, Unit::Days)
        }
    }

    fn count(&self, part: &str, stratum: String, records: i64, unit: Unit) -> Figure {
        Figure {
            measure: WaitingTimes::NAME,
            part: part.into(),
            period: self.period,
            area: self.area.clone(),
            stratum,
            numerator: Some(records),
            denominator: None,
            value: Value::Count,
            interval: None,
            unit,
            counts: Unit::Events,
        }
    }
}
