//! Time to event from tables of integers: how long until something happens, when some are last seen
//! without it and others leave by another way (`linked-metrics.md` M8, M9).
//!
//! Nothing here knows of health care. A [`RiskTable`] counts who left at which time and by which cause,
//! and adds up over any split of the people; every estimate is made from it once, in the order of times.
//! One file an estimator: [`KaplanMeier`], [`AalenJohansen`] for competing causes, [`Occupancy`] for
//! states in general, [`log_rank`] and [`gray`] to compare groups.

mod aalen_johansen;
mod chi_square;
mod curve;
mod gray;
mod groups;
mod kaplan_meier;
mod log_rank;
mod multi_state;
mod risk_table;

pub use aalen_johansen::{AalenJohansen, Incidence, cumulative_incidence};
pub use chi_square::GroupTest;
pub use curve::{Point, incidence_curves, incidence_curves_in, survival_curve};
pub use gray::gray;
pub use kaplan_meier::{KaplanMeier, Limits, RestrictedMean, Survival};
pub use log_rank::log_rank;
pub use multi_state::{MoveTable, Occupancy, occupancy};
pub use risk_table::{AtTime, Exit, RiskTable, Time};

#[cfg(test)]
mod tests;
