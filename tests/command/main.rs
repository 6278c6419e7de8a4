//! The command as a user runs it: files in, files and messages out.

mod bad_input;
mod determinism;
mod explain;
mod hes;
mod outputs;
mod run;
mod support;
