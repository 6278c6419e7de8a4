//! Figures and attrition from the counts.

use super::{Activity, Carers, Part, Share, Snapshot, Tally, event_filter, filter, place};
use crate::attrition::Steps;
use crate::figure::{Area, AttritionStep, Figure, Unit, Value};
use crate::frame::Frame;
use crate::measures::Measure;
use throughcare_linkage::codes::cld::ServiceType;
use throughcare_linkage::day::Period;

const BANDS: [&str; 2] = ["18 to 64", "65 and above"];
const SETTINGS: [&str; 4] = ["Nursing", "Residential", "Community", "Prison"];

/// Rows of the quarters: part, name, stratum, and whether it counts people alone.
const ROWS: [(Part, &str, Option<ServiceType>, bool); 9] = [
    (Part::Requests, "requests", None, false),
    (Part::Assessments, "assessments", None, false),
    (Part::OtherAssessments, "other_assessments", None, false),
    (Part::NewServices, "new_services", None, false),
    (Part::NewDirectServices, "new_services", Some(ServiceType::CarerDirect), false),
    (Part::NewIndirectServices, "new_services", Some(ServiceType::CarerIndirect), false),
    (Part::Reviews, "reviews", None, false),
    (Part::Carers, "carers", None, true),
    (Part::ByAssociation, "carers_by_association", None, true),
];

impl Carers {
    pub(super) fn figures(&self, frame: &Frame, out: &mut Vec<Figure>) {
        let reasons = frame.details.support_reasons();
        for tally in &self.tallies {
            let areas = tally.councils.with_sums(&self.places, frame, Snapshot::add);
            for part in ["has_carer", "has_carer_of_known"] {
                for (area, snapshot) in &areas {
                    for (stratum, share) in strata(snapshot, &reasons) {
                        out.push(share_figure(tally, part, area, stratum, share));
                    }
                }
            }
        }
        for (quarter, councils) in (0..self.quarters.len()).zip(&self.activity) {
            let Some(period) = self.quarters.period(quarter) else { continue };
            let areas = councils.with_sums(&self.places, frame, Activity::add);
            for (part, name, service, of_people) in ROWS {
                for (area, activity) in &areas {
                    let [events, people] = activity.0[part as usize];
                    let (numerator, denominator, unit) = if of_people {
                        (people, None, Unit::People)
                    } else {
                        (events, Some(people), Unit::Events)
                    };
                    out.push(Figure {
                        stratum: service
                            .map(|service| format!("service_type={}", service.label()))
                            .unwrap_or_default(),
                        numerator: Some(numerator),
                        denominator,
                        unit,
                        counts: unit,
                        ..figure(period, name, area)
                    });
                }
            }
        }
    }

    pub(super) fn steps(&self, out: &mut Vec<AttritionStep>) {
        let start = ("carers 12.3", "events of the joined table".to_owned());
        for tally in &self.tallies {
            let Period { end, .. } = tally.period;
            let filters: [(&'static str, String); filter::NUMBER] = [
                ("carers 12.3", "not long-term support of a service user".into()),
                ("carers 12.3", format!("not open on {end}")),
                ("carers 12.3", format!("died before {end} by the latest details")),
                ("carers 12.3", "another service of the same person in the council".into()),
            ];
            let (measure, period, unit) = (Self::NAME, tally.period, Unit::Events);
            let of = Steps { measure, part: "has_carer", period, unit };
            tally.attrition.steps(&of, start.clone(), filters, out);
        }
        let Some(period) = self.quarters.span() else { return };
        let filters: [(&'static str, String); event_filter::NUMBER] = [
            ("carers 12.4", "not of an unpaid carer; known by association is none".into()),
            ("carers 12.4", "of no known type".into()),
            ("carers 12.4", "not dated in a quarter with figures".into()),
        ];
        let of = Steps { measure: Self::NAME, part: "events", period, unit: Unit::Events };
        self.attrition.steps(&of, ("carers 12.4", start.1), filters, out);
    }
}

/// The total, then the breakdowns. Reasons that nobody has are left out.
fn strata(snapshot: &Snapshot, reasons: &[String]) -> Vec<(String, Share)> {
    let of = |position: usize| snapshot.0.get(position).copied().unwrap_or_default();
    let mut rows = vec![(String::new(), of(place::TOTAL))];
    for (n, band) in BANDS.iter().enumerate() {
        rows.push((format!("age_band={band}"), of(place::BANDS + n)));
    }
    let labels = std::iter::once("Not recorded").chain(reasons.iter().map(String::as_str));
    for (n, reason) in labels.enumerate() {
        let share = of(place::REASONS + n);
        if share.people > 0 {
            rows.push((format!("support_reason={reason}"), share));
        }
    }
    for (n, setting) in SETTINGS.iter().enumerate() {
        rows.push((format!("setting={setting}"), of(place::SETTINGS + n)));
    }
    rows
}

fn share_figure(tally: &Tally, part: &str, area: &Area, stratum: String, share: Share) -> Figure {
    let denominator = if part == "has_carer" { share.people } else { share.known };
    Figure {
        stratum,
        numerator: Some(share.with_carer),
        denominator: Some(denominator),
        value: if denominator > 0 { Value::Percent(1) } else { Value::Unavailable },
        unit: Unit::Percent,
        ..figure(tally.period, part, area)
    }
}

fn figure(period: Period, part: &str, area: &Area) -> Figure {
    Figure {
        measure: Carers::NAME,
        part: part.into(),
        period,
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
