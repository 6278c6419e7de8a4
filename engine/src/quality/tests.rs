//! Data quality of small submissions, worked out by hand and by a slow reference.

mod examples;
mod reference;
mod rules;
mod sketch;
mod submissions;
