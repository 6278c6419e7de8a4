//! How long work tells whoever waits for it.

/// Receives the progress of a stage. The default methods say nothing.
pub trait Progress: Sync {
    /// A stage of `total` units (rows, bytes or people, named by `unit`) begins.
    fn begin(&self, stage: &'static str, unit: &'static str, total: u64) {
        let _ = (stage, unit, total);
    }

    /// `done` more units of the current stage are done.
    fn advance(&self, done: u64) {
        let _ = done;
    }

    /// The current stage is over.
    fn end(&self) {}
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}
