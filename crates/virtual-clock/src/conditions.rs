//! What a prediction depends on besides its strategy: [`Conditions`].

use engine::YieldWith;
use engine::browser::Costs;
use engine::trace::Nanos;
use serde::{Deserialize, Serialize};

/// What a run depends on besides its strategy.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Conditions {
    /// Real time per lab time: the browser's own periods (clamp, frame, timer step) do not scale, so in the
    /// lab's time they are that much longer.
    pub scale: f64,
    /// Whether timers are cut to whole milliseconds, as browsers do.
    pub has_timer_step: bool,
    /// The kindest way to yield that the browser has.
    pub kindest_yield: YieldWith,
    /// Whether the tab is hidden, from the start of the run: timers are throttled, and no frame is drawn.
    pub is_hidden: bool,
    /// What the browser's own doings cost, in real time.
    pub costs: Costs,
    /// How many threads can really run at once.
    pub cores: usize,
}

impl Conditions {
    /// The rules alone, without any overhead: the formulas hold exactly.
    pub const IDEAL: Conditions = Conditions {
        scale: 1.0,
        has_timer_step: false,
        kindest_yield: YieldWith::ALL[0],
        is_hidden: false,
        costs: Costs::NONE,
        cores: usize::MAX,
    };

    /// A time of the browser's own, in the lab's time.
    pub(crate) fn lab_time(&self, real: Nanos) -> Nanos {
        real.scaled(1.0 / self.scale)
    }
}
