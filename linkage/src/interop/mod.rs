//! Exchange of columns with other Arrow implementations.

#[cfg(feature = "arrow2")]
pub mod arrow2;
