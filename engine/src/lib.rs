//! Transition graphs, measures, disclosure control and reports from linked timelines.
//!
//! Data flows one way, and a module imports only what stands above it in this file.

pub mod study;
pub mod figure;
pub mod frame;
pub mod measures;
pub mod disclosure;
pub mod output;
pub mod report;
