//! Worked examples, boundaries and a slow reference.

mod edges;
mod examples;
mod people;
mod reference;
mod traps;
