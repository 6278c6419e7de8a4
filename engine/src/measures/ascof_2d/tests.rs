//! Worked examples, boundaries and a slow reference.

mod by;
mod edges;
mod examples;
mod people;
mod reference;
mod traps;
