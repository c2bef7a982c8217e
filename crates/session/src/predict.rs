//! Prediction: a strategy of a lab, run on the virtual clock. A pure function of its arguments.

use lab::{Strategy, Values};
use virtual_clock::{Conditions, Run};

/// What `strategy` does with these values, under these conditions.
pub fn predict(strategy: &Strategy, values: &Values, conditions: Conditions) -> Run {
    virtual_clock::run(conditions, |rt| strategy.begin(&rt, values))
}
