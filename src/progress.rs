//! Progress on standard error: bars on a terminal, plain lines otherwise.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use throughcare_linkage::progress::Progress;

/// Shows the stages of a command.
pub struct Shown {
    terminal: bool,
    quiet: bool,
    current: Mutex<Option<Stage>>,
}

struct Stage {
    name: &'static str,
    unit: &'static str,
    total: u64,
    done: u64,
    start: Instant,
    bar: ProgressBar,
}

impl Shown {
    /// Progress for whoever looks on; nothing at all when `quiet`.
    pub fn new(quiet: bool) -> Self {
        Self { terminal: std::io::stderr().is_terminal(), quiet, current: Mutex::default() }
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
    }
}
