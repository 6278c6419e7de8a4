//! Progress on standard error: bars on a terminal, plain lines otherwise.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use throughcare_linkage::progress::Progress;

/// Shows the stages of a command.
pub struct Shown {
    terminal: bool,
    quiet: bool,
    current: Mutex<Option<Stage>>,
    finished: Mutex<Vec<Timing>>,
}

struct Stage {
    name: &'static str,
    unit: &'static str,
    total: u64,
    done: u64,
    start: Instant,
    bar: ProgressBar,
}

/// How long a finished stage took.
#[derive(Clone, Debug)]
pub struct Timing {
    /// The stage.
    pub stage: &'static str,
    /// What it counts.
    pub unit: &'static str,
    /// How many it did.
    pub done: u64,
    /// How long it took.
    pub time: Duration,
}

impl Shown {
    /// Progress for whoever looks on; nothing at all when `quiet`.
    pub fn new(quiet: bool) -> Self {
        Self {
            terminal: std::io::stderr().is_terminal(),
            quiet,
            current: Mutex::default(),
            finished: Mutex::default(),
        }
    }

    /// The finished stages in order.
    pub fn timings(&self) -> Vec<Timing> {
        self.finished.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Progress for Shown {
    fn begin(&self, stage: &'static str, unit: &'static str, total: u64) {
        self.end();
        let bar = if self.quiet || !self.terminal {
            ProgressBar::hidden()
        } else {
            let style = ProgressStyle::with_template(
                "{prefix:>22} [{bar:30}] {human_pos}/{human_len} {msg}  {per_sec}  {eta} left",
            )
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("=> ");
            let bar =
                ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(10))
                    .with_style(style);
            bar.set_prefix(stage);
            bar.set_message(unit);
            bar
        };
        let stage = Stage { name: stage, unit, total, done: 0, start: Instant::now(), bar };
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(stage);
    }

    fn advance(&self, done: u64) {
        if let Some(stage) = &mut *self.current.lock().unwrap_or_else(PoisonError::into_inner) {
            stage.done += done;
            stage.bar.inc(done);
        }
    }

    fn end(&self) {
        let Some(stage) = self.current.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return;
        };
        stage.bar.finish_and_clear();
        let done = if stage.done == 0 { stage.total } else { stage.done };
        let time = stage.start.elapsed();
        if !self.quiet {
            eprintln!(
                "{:>22}  {} {} in {:.1} s",
                stage.name,
                crate::wording::thousands(done),
                stage.unit,
                time.as_secs_f64()
            );
        }
        self.finished.lock().unwrap_or_else(PoisonError::into_inner).push(Timing {
            stage: stage.name,
            unit: stage.unit,
            done,
            time,
        });
    }
}
