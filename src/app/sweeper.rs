//! Sweeps in a worker: one at a time, and any of them can be stopped.

use std::cell::{Cell, RefCell};

use session::sweep::{Chart, Problem, Request};
use virtual_clock::Conditions;

use super::crew::{Crew, News, StopSignal};
use crate::worker::host::Word;
use crate::worker::messages::{Command, Report};

/// Why there is no chart.
#[derive(Debug)]
pub enum Trouble {
    /// There is nothing to sweep.
    Problem(Problem),
    /// The worker broke, or could not be started.
    Broke(String),
}

/// Makes sweeps.
#[derive(Default)]
pub struct Sweeper {
    current: RefCell<Option<StopSignal>>,
    /// How often a sweep was stopped: one whose worker still starts notices by it.
    stops: Cell<u32>,
}

impl Sweeper {
    /// Makes a sweep; one that is still going on is stopped. Nothing when it was stopped itself.
    ///
    /// # Errors
    /// When there is nothing to sweep, or the worker breaks.
    pub async fn sweep(
        &self,
        request: Request,
        conditions: Conditions,
        on_progress: &dyn Fn(f64),
    ) -> Result<Option<Chart>, Trouble> {
        self.stop();
        let stops = self.stops.get();
        let mut crew = Crew::start(1).await.map_err(Trouble::Broke)?;
        if self.stops.get() != stops {
            return Ok(None);
        }
        self.current.replace(Some(crew.stop_signal()));
        crew.command(0, &Command::Sweep(request, Box::new(conditions)));
        loop {
            match crew.next().await {
                News::Heard(_, Word::Report(Report::Swept(share))) => on_progress(share),
                News::Heard(_, Word::Report(Report::Charted(chart))) => {
                    return chart.map(|chart| Some(*chart)).map_err(Trouble::Problem);
                }
                News::Heard(_, Word::Report(_)) | News::Beat => {}
                News::Heard(_, Word::Broke(reason)) => return Err(Trouble::Broke(reason)),
                News::Silent(_) => return Err(Trouble::Broke(String::new())),
                News::Stopped => return Ok(None),
            }
        }
    }

    /// Stops the sweep that is going on, if one is.
    pub fn stop(&self) {
        self.stops.set(self.stops.get() + 1);
        if let Some(signal) = self.current.take() {
            signal.stop();
        }
    }
}
