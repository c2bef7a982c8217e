//! On which terms a live run takes place: whether it may, at which scale, where, and with how much patience.

use engine::browser::Calibration;
use session::measured::Environment;

use super::watch;
use crate::app::state::{Failure, State};

/// A clock with a larger step cannot even be calibrated by in a reasonable time.
const LARGEST_STEP_MS: f64 = 5.0;

/// The scale at which the strategies shown may be run.
pub fn check(state: &State) -> Result<f64, Failure> {
    // One strategy that cannot be run is left out; with none left there is nothing to run.
    let missing: Vec<_> = state.rows.iter().map(|row| state.missing(row.strategy)).collect();
    if let Some(Some(with)) = missing.first()
        && missing.iter().all(Option::is_some)
    {
        return Err(Failure::MissingYield(*with));
    }
    if watch::is_hidden() {
        return Err(Failure::Hidden);
    }
    if browser_clock::clock_step_ms() > LARGEST_STEP_MS {
        return Err(Failure::CoarseClock);
    }
    state.plan().map(|plan| plan.scale).map_err(Failure::Refused)
}

/// Where a measurement is made.
pub fn environment(calibration: Calibration) -> Environment {
    let navigator = web_sys::window().map(|window| window.navigator());
    Environment {
        user_agent: navigator.as_ref().and_then(|one| one.user_agent().ok()).unwrap_or_default(),
        cores: cores() as u32,
        clock_step_us: browser_clock::clock_step_ms() * 1e3,
        is_isolated: js_sys::Reflect::get(&js_sys::global(), &"crossOriginIsolated".into())
            .is_ok_and(|value| value.is_truthy()),
        calibration,
    }
}

/// How many threads can really run at once, as far as the browser tells.
pub fn cores() -> usize {
    web_sys::window().map_or(1, |window| window.navigator().hardware_concurrency() as usize).max(1)
}
