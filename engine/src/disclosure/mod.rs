//! Disclosure control: turns exact results into tables that may leave the secure setting.
//!
//! [`protect`] is the only way to a [`Protected`] value, and writers take nothing else:
//!
//! ```compile_fail
//! use throughcare_engine::disclosure::{Protected, Released};
//! let made_outside = Protected(Released::default()); // the field is private
//! ```
//!
//! ```
//! use throughcare_engine::disclosure::{Profile, Protected, Released, protect};
//! use throughcare_engine::figure::Results;
//! let released: Protected<Released> = protect(&Results::default(), &Profile::default());
//! assert!(released.measures.is_empty());
//! ```

mod areas;
mod comparison;
mod control;
mod curves;
mod families;
mod graph;
mod graph_views;
mod journeys;
mod number;
mod pathways;
mod primary;
mod profile;
mod quality;
mod released;
mod released_journeys;
mod secondary;
#[cfg(test)]
mod tests;

pub use comparison::{ReleasedComparison, ReleasedDifference, ReleasedRow, release_comparison};
pub use graph_views::{GraphView, GraphViews, graph_views, state_graphs};
pub use number::Decimal;
pub use profile::{
    DisclosureSettings, PctFrom, Profile, ProfileError, ProfileName, Rules, Small, round_to,
};
pub use released::{
    Entry, Marker, Reason, Released, ReleasedCurve, ReleasedFigure, ReleasedFollow,
    ReleasedPathway, ReleasedQuality, ReleasedState, ReleasedStep, ReleasedTransition, Summary,
};

pub use released_journeys::{
    ReleasedCluster, ReleasedJourneys, ReleasedReach, ReleasedSequence, ReleasedTypology,
};

use crate::figure::Results;
use std::ops::Deref;

/// A value that went through disclosure control. Only this module makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Protected<T>(T);

impl<T> Deref for Protected<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Puts every table under its profile: primary suppression and rounding (section 5), secondary
/// suppression (section 6), folding of rare edges (section 8). Rows keep the order of the results;
/// folded edges come last of their origin.
#[must_use]
pub fn protect(results: &Results, profile: &Profile) -> Protected<Released> {
    Protected(control::release(results, profile))
}
