//! What a prediction depends on, besides the strategy and its values: [`Conditions`].

use engine::YieldWith;
use engine::browser::Costs;
use engine::trace::Nanos;
use serde::{Deserialize, Serialize};

/// What a run depends on, besides the strategy and its values.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Conditions {
    /// Real time per lab time. The browser's own periods (clamp, frame, timer step) do not scale, so at a
    /// smaller scale they are longer in lab time.
    pub scale: f64,
    /// Whether timers count in whole milliseconds, as in browsers.
    pub has_timer_step: bool,
    /// The kindest way to yield that the browser has.
    pub kindest_yield: YieldWith,
    /// Whether the tab is hidden, from the start of the run: timers are throttled, and no frame is drawn.
    pub is_hidden: bool,
    /// What the browser's event loop costs, in real time.
    pub costs: Costs,
    /// How many threads can really run at the same time.
    pub cores: usize,
}

impl Conditions {
    /// The rules alone, without any overhead. The formulas then hold exactly.
    pub const IDEAL: Conditions = Conditions {
        scale: 1.0,
        has_timer_step: false,
        kindest_yield: YieldWith::ALL[0],
        is_hidden: false,
        costs: Costs::NONE,
        cores: usize::MAX,
    };

    /// A real time of the browser's, as lab time.
    pub(crate) fn lab_time(&self, real: Nanos) -> Nanos {
        real.scaled(1.0 / self.scale)
    }
}
