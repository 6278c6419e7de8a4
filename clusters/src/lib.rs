//! Distances between sequences of states, and groups of similar ones.
//!
//! A sequence has one state for each step of time, and every sequence of a set has the same number of
//! steps. Each distinct sequence stands once, with a weight: how many follow it. [`distance`] says how
//! far two are apart, [`matrix`] finds all distances on all threads, [`medoids`] picks the sequences that
//! stand for groups, [`silhouette`] tells how well the groups are set apart.
//!
//! The crate knows nothing of health care. All costs and distances are whole hundredths, so that results
//! are the same whatever the threads; [`UNIT`] of them are 1.
//!
//! ```
//! use throughcare_clusters::{Costs, Distance, Matrix, medoids, silhouette};
//!
//! let sequences = [b"\0\0\0\0".as_slice(), b"\0\0\0\x01", b"\x01\x01\x01\x01"];
//! let distance = Distance::OptimalMatching(Costs::constant(2));
//! let matrix = Matrix::of(&sequences, &distance);
//! assert_eq!(matrix.between(0, 1), 200); // one substitution, or one state out and one in
//!
//! let groups = medoids::groups(&matrix, &[10, 1, 5], 2);
//! assert_eq!(groups.medoids, [0, 2]);
//! assert_eq!(groups.of, [0, 0, 1]);
//! assert!(silhouette::mean(&matrix, &[10, 1, 5], &groups) > 0.9);
//! ```
//!
//! Data flows one way, and a module imports only what stands above it in this file.

pub mod distance;
mod alignment;
pub mod matrix;
pub mod medoids;
pub mod sample;
pub mod silhouette;

pub use distance::{Costs, Distance, UNIT};
pub use matrix::Matrix;
pub use medoids::Groups;
