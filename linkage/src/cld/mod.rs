//! Client Level Data: from submissions to unique events (`cld-preparation.md`).
//!
//! Rules P-01 to P-06 look at whole submissions ([`reporting_period`], [`submission`]); the rest
//! looks at one person at a time ([`prepare`]).

pub mod event;
