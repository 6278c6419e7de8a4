//! The command as a user runs it: files in, files and messages out.
#![allow(clippy::expect_used, clippy::panic)] // a fault in a test's own files is a failed test

mod bad_input;
mod by;
mod codes;
mod compare;
mod determinism;
mod event_log;
mod explain;
mod graph;
mod hes;
mod linked_events;
mod outputs;
mod pathways;
mod quality;
mod run;
mod salt_return;
mod stays;
mod support;
mod waits;
mod xes;
