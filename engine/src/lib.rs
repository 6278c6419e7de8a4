//! Transition graphs, measures, disclosure control and reports from linked timelines.
//!
//! Data flows one way, and a module imports only what stands above it in this file.

pub mod study;
pub mod figure;
pub mod frame;
pub mod place;
pub mod stratum;
pub mod tally;
pub mod histogram;
pub mod wilson;
pub mod attrition;
pub mod stay;
pub mod cohort;
pub mod measures;
pub mod graph;
pub mod disclosure;
pub mod output;
pub mod report;
pub mod quality;
pub mod study_file;
pub mod run;
pub mod batch;
