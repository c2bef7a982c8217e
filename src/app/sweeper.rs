//! Sweeps in a worker: one at a time, which can be stopped at any time.

use std::cell::{Cell, RefCell};

use session::sweep::{Chart, Problem, Request};
use virtual_clock::Conditions;

use super::crew::{Crew, News, StopSignal};
use crate::worker::host::Word;
use crate::worker::messages::{Command, Report};

/// Why there is no chart.
#[derive(Debug)]
pub enum Trouble {
    /// The request cannot be swept.
    Problem(Problem),
    /// The worker broke or could not be started, for this reason.
    Broke(String),
}

/// Makes sweeps, one at a time.
#[derive(Default)]
pub struct Sweeper {
    current: RefCell<Option<StopSignal>>,
    /// How often a sweep was stopped, by which a sweep notices it whose worker is still starting.
    stops: Cell<u32>,
}

impl Sweeper {
    /// Makes a sweep, and stops the one in progress, if any. `None` if it was itself stopped.
    ///
    /// # Errors
    /// If the request cannot be swept, or the worker breaks.
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

    /// Stops the sweep in progress, if there is one.
    pub fn stop(&self) {
        self.stops.set(self.stops.get() + 1);
        if let Some(signal) = self.current.take() {
            signal.stop();
        }
    }
}
