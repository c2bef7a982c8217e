//! Prediction: a strategy of a lab, run on the virtual clock. A pure function of its arguments.

use crate::lab::{Strategy, Values};
use crate::runtime::event_loop::Conditions;
use crate::runtime::virtual_clock;
use crate::trace::Trace;

/// What `strategy` would record with these values under these conditions.
pub fn predict(strategy: &Strategy, values: &Values, conditions: Conditions) -> Trace {
    virtual_clock::run(conditions, |rt| (strategy.start)(&rt, values))
}
