//! How long requests of a period wait, those that still wait included: Kaplan–Meier curves. Not
//! published; the estimate is that of `linked-metrics.md` M8.

use super::counts::{Band, Of, What};
use super::waits::Wait;
use super::{STRATA, WaitingTimes, stratum};
use crate::figure::{AreaType, CurveRow};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::stratum::{joined, of_period};
use crate::survival::{Exit, RiskTable, survival_curve};
use std::collections::BTreeMap;
use throughcare_linkage::day::{Day, Period};

/// The two events, in the order of output: name, and what counts their days and those without.
const EVENTS: [(&str, What, What); 2] = [
    ("first_response", What::Response, What::WaitingResponse),
    ("first_service", What::Service, What::WaitingService),
];

impl WaitingTimes {
    /// Counts the first request that the person starts in each period: its days to each event, or to
    /// the day of death or the last day of `observed_to`, whichever comes first. A request that was
    /// assessed without a service in sight is last seen without one on that day.
    pub(super) fn add_times(
        &mut self,
        council: u16,
        observed_to: Day,
        death: Option<Day>,
        waits: &[Wait],
    ) {
        let last = death.map_or(observed_to, |death| death.min(observed_to));
        for (span, period) in (0u16..).zip(&self.periods) {
            let mut of_period =
                waits.iter().filter(|wait| !wait.overlaps && period.contains(wait.start));
            let Some(wait) = of_period.next() else { continue };
            let Some(band) = wait.band else { continue };
            let refused = wait.response.filter(|_| wait.leads_nowhere).map(|answer| answer.start);
            for ((_, event, censored), (answer, until)) in
                EVENTS.into_iter().zip([(wait.response, None), (wait.service, refused)])
            {
                let answered = answer.map(|answer| answer.start).filter(|&day| day <= last);
                let (what, day) = match answered {
                    Some(day) => (event, day),
                    None => (censored, until.map_or(last, |until| until.min(last))),
                };
                let days = day.since(wait.start).max(0);
                self.times.add(Of { span, council, what, band }, days);
            }
        }
    }

    /// The last day on which an answer in a council would be on record.
    pub(super) fn observed_to(la: u16, frame: &Frame, latest_reference_end: Day) -> Day {
        let covered = frame.coverage.get(usize::from(la)).and_then(|days| days.last());
        covered.map_or(latest_reference_end, |days| days.end)
    }

    /// Adds the curves: by event, period, England, regions by name and councils by code, stratum.
    /// With several periods the stratum names them: `period=2024-04-01..2025-03-31`.
    pub(super) fn curves(&self, out: &mut Vec<CurveRow>) {
        type Row = (u16, AreaType, u16);
        for (event, what, censored) in EVENTS {
            let mut rows: BTreeMap<Row, BTreeMap<Band, RiskTable>> = BTreeMap::new();
            let of_event = |of: &Of| of.what == what || of.what == censored;
            for (of, days, records) in self.times.iter().filter(|(of, ..)| of_event(of)) {
                for (kind, area) in self.areas(of.council) {
                    let bands = rows.entry((of.span, kind, area)).or_default();
                    let times = bands.entry(of.band).or_insert(RiskTable::new(1));
                    let exit = if of.what == what { Exit::Event(0) } else { Exit::Censored };
                    times.add(days.into(), exit, records);
                }
            }
            for ((span, kind, area), of_bands) in &rows {
                let Some(&period) = self.periods.get(usize::from(*span)) else { continue };
                let area_code = self.places.area(*kind, *area).code;
                for bands in STRATA {
                    let mut times = RiskTable::new(1);
                    for band in bands {
                        of_bands.get(band).into_iter().for_each(|more| times.merge(more));
                    }
                    let points = survival_curve(&times, &self.settings.curve_days);
                    out.extend(points.into_iter().map(|point| CurveRow {
                        measure: Self::NAME.into(),
                        area_code: area_code.clone(),
                        stratum: self.stratum_of(period, bands),
                        event: event.into(),
                        is_horizon: false,
                        point,
                    }));
                }
            }
        }
    }

    fn stratum_of(&self, period: Period, bands: &[Band]) -> String {
        joined(&[&of_period(period, self.periods.len() > 1), &stratum(bands)])
    }
}
