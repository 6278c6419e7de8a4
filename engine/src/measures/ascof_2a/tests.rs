//! The worked example, the traps, and the method against its steps written out slowly.

mod examples;
mod people;
mod reference;
mod traps;
