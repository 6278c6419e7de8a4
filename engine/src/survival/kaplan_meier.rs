//! The Kaplan–Meier estimate with Greenwood's variance (`linked-metrics.md` M8).

use super::risk_table::{AtTime, RiskTable, Time};
use crate::wilson::Z;

/// How close to a half a share counts as a half: products of quotients may miss it by the last bits.
const HALF: f64 = 0.5 + 1e-12;

/// The share who have not had an event, at every time with one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KaplanMeier {
    steps: Vec<Survival>,
}

/// The estimate from one time up to the next step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Survival {
    /// Time.
    pub time: Time,
    /// Records at risk just before.
    pub at_risk: i64,
    /// Events at this time.
    pub events: i64,
    /// Estimated share without an event after this time.
    pub share: f64,
    /// Greenwood's sum `Σ d / (n (n − d))`; times at which everybody at risk had the event add nothing.
    pub greenwood: f64,
}

/// The kind of 95% limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limits {
    /// On the scale of `ln(−ln S)`: always within 0 and 1.
    #[default]
    LogLog,
    /// `S ± z SE`, cut to 0 and 1.
    Plain,
}

/// Mean time without an event up to a horizon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RestrictedMean {
    /// The mean, in units of time.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
}

impl Survival {
    /// Before the first event.
    pub(super) const START: Self =
        Self { time: Time::MIN, at_risk: 0, events: 0, share: 1.0, greenwood: 0.0 };

    /// Takes the next time. Nothing changes where there are no events.
    pub(super) fn step(&mut self, at: &AtTime<'_>) {
        let events = at.all_events();
        if events == 0 || at.at_risk <= 0 {
            return;
        }
        let (n, d) = (at.at_risk as f64, events as f64);
        (self.time, self.at_risk, self.events) = (at.time, at.at_risk, events);
        self.share *= 1.0 - d / n;
        if at.at_risk > events {
            self.greenwood += d / (n * (n - d));
        }
    }

    /// Variance of the share.
    #[must_use]
    pub fn variance(&self) -> f64 {
        self.share * self.share * self.greenwood
    }

    /// 95% limits of the share, in order. Log–log limits do not exist at 0 and 1.
    #[must_use]
    pub fn limits(&self, kind: Limits) -> Option<(f64, f64)> {
        match kind {
            Limits::Plain => {
                let spread = Z * self.variance().sqrt();
                Some(((self.share - spread).max(0.0), (self.share + spread).min(1.0)))
            }
            Limits::LogLog if self.share <= 0.0 || self.share >= 1.0 => None,
            Limits::LogLog => {
                let spread = (Z * self.greenwood.sqrt() / self.share.ln().abs()).exp();
                // the larger power of a share is the smaller share
                Some((self.share.powf(spread), self.share.powf(1.0 / spread)))
            }
        }
    }
}

impl KaplanMeier {
    /// The estimate from a table; every cause is the event. At one time events come before those
    /// last seen, who are still at risk.
    ///
    /// With delayed entry the share is 0 for good once everybody at risk has the event, even if
    /// others enter later.
    #[must_use]
    pub fn new(table: &RiskTable) -> Self {
        let mut last = Survival::START;
        let mut steps = Vec::new();
        for at in table.at_times() {
            last.step(&at);
            if last.time == at.time {
                steps.push(last);
            }
        }
        Self { steps }
    }

    /// Every time with an event.
    #[must_use]
    pub fn steps(&self) -> &[Survival] {
        &self.steps
    }

    /// The estimate at the end of `time`; before the first event the share is 1.
    #[must_use]
    pub fn at(&self, time: Time) -> Survival {
        let later = self.steps.partition_point(|step| step.time <= time);
        later.checked_sub(1).and_then(|n| self.steps.get(n)).copied().unwrap_or(Survival::START)
    }

    /// The smallest time at which the share is a half or less; `None` while it is more.
    #[must_use]
    pub fn median(&self) -> Option<Time> {
        self.steps.iter().find(|step| step.share <= HALF).map(|step| step.time)
    }

    /// The area under the share from 0 to `horizon`, with the variance
    /// `Σ (area after t)² d / (n (n − d))`. Events at negative times count as at 0.
    #[must_use]
    pub fn restricted_mean(&self, horizon: Time) -> RestrictedMean {
        let mut area = 0.0;
        let mut variance = 0.0;
        let mut until = horizon;
        for step in self.steps.iter().rev().filter(|step| step.time < horizon) {
            let from = step.time.max(0);
            area += step.share * (until - from) as f64;
            until = from;
            let (n, d) = (step.at_risk as f64, step.events as f64);
            if step.at_risk > step.events {
                variance += area * area * d / (n * (n - d));
            }
        }
        RestrictedMean { mean: area + until.max(0) as f64, variance }
    }
}
