//! NHS England's reconstruction of the SALT collection from care records (`cld-metrics.md` sections 13
//! to 22): what its tables share.
//!
//! Unlike other measures these work on the raw rows of submissions: Release 1 labels as they were typed
//! (N1, [`labels`]), an identifier of their own (N2, [`table`]), one submission or all of them (N3 and
//! N4, [`submissions`]), ends as submitted (N7). Each table is a [`table::Build`]; [`table::Table`]
//! makes a measure of it.

mod by_council;
pub mod carers;
pub mod cluster;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
pub(crate) mod sts_reference;
pub mod labels;
pub mod latest;
pub mod onward;
pub mod row;
pub mod sequel;
pub mod submissions;
pub mod support;
pub mod table;

use labels::Spelling;
use serde::{Deserialize, Serialize};
use throughcare_linkage::day::{Day, Period};

/// The table `[measures.salt]`, shared by every measure `salt_…`. Every default is the published
/// method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The year of the collection, both days included; by default each of the study's periods. Its
    /// last day is the snapshot date of LTS001b and LTS001c.
    pub year: Option<Period>,
    /// The last day of import that is considered; by default the study's `as_of`, else any.
    pub cut_off: Option<Day>,
    /// The day that an open end becomes where rows are joined (N8); by default the cut-off, else the
    /// day of the latest import, and never before the year is over.
    pub today: Option<Day>,
    /// Which spelling of the labels counts.
    pub labels: Spelling,
    /// STS001: requests are one cluster up to this gap (N9).
    pub request_gap_days: i32,
    /// STS002a and STS002b: reablement is one cluster up to this gap (N9).
    pub reablement_gap_days: i32,
    /// LTS001c: services are one chain up to this gap (N9).
    pub support_gap_days: i32,
    /// STS001: the first onward event starts at most this many days after the cluster ends.
    pub request_window_days: i32,
    /// STS002a: the first onward event starts at most this many days after the cluster ends.
    pub reablement_window_days: i32,
    /// A later onward event starts at most this many days after the previous one ends.
    pub chain_gap_days: i32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            year: None,
            cut_off: None,
            today: None,
            labels: Spelling::default(),
            request_gap_days: 4,
            reablement_gap_days: 1,
            support_gap_days: 1,
            request_window_days: 28,
            reablement_window_days: 3,
            chain_gap_days: 3,
        }
    }
}

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        if let Some(year) = self.year {
            super::check_periods(&[year])?;
            for (key, day) in [("cut_off", self.cut_off), ("today", self.today)] {
                if let Some(day) = day
                    && day <= year.end
                {
                    let end = year.end;
                    return Err(format!("{key} = {day} must be after the year ends on {end}"));
                }
            }
        }
        let days = [
            ("request_gap_days", self.request_gap_days),
            ("reablement_gap_days", self.reablement_gap_days),
            ("support_gap_days", self.support_gap_days),
            ("request_window_days", self.request_window_days),
            ("reablement_window_days", self.reablement_window_days),
            ("chain_gap_days", self.chain_gap_days),
        ];
        match days.iter().find(|(_, days)| *days < 0) {
            Some((name, days)) => Err(format!("{name} = {days} must not be negative")),
            None => Ok(()),
        }
    }
}
