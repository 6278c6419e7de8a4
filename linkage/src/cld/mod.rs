//! Client Level Data: from submissions to unique events (`cld-preparation.md`).
//!
//! Rules P-01 to P-06 look at whole submissions ([`reporting_period`], [`submission`]); the rest
//! looks at one person at a time ([`prepare`]).

pub mod event;
pub mod settings;
pub(crate) mod lists;
pub mod cleaning;
pub mod reporting_period;
pub mod submission;
pub mod coverage;
pub mod event_filter;
pub mod age;
pub mod counts;
mod unique_event;
mod deduplicate;
pub mod prepare;
pub mod person_details;
#[cfg(test)]
pub(crate) mod testing;
