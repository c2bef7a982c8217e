//! Prediction: a strategy of a lab, run on the virtual clock. A pure function of its arguments.

use lab::{Strategy, Values};
use virtual_clock::{Conditions, Run, Simulation};

/// What `strategy` does with these values, under these conditions.
pub fn predict(strategy: &Strategy, values: &Values, conditions: Conditions) -> Run {
    begin(strategy, values, conditions).finish()
}

/// The same to be made a few turns at a time: a large prediction must not keep the thread for long.
pub fn begin(strategy: &Strategy, values: &Values, conditions: Conditions) -> Simulation {
    Simulation::new(conditions, |rt| strategy.begin(&rt, values))
}
