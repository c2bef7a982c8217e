//! Predictions: under which conditions, when they are repeated, and at which time scale.

use std::cell::OnceCell;
use std::rc::Rc;

use engine::browser::{Calibration, Costs};
use lab::lint::lints;
use lab::metrics::Metrics;
use session::address::Place;
use session::plan::{Plan, Refusal, plan};
use session::predict;
use virtual_clock::{Conditions, Run};

use super::{Prediction, State};

/// Up to this many tasks (of all strategies together) are predicted at once, in the same frame. With more,
/// one strategy at a time is predicted, so that the page stays responsive.
const PREDICTED_AT_ONCE: usize = 20_000;

/// Predictions and the automatic scale agree after two passes, unless they alternate.
const MOST_PASSES: u32 = 4;

impl State {
    /// To be called when predictions no longer hold, but measurements still do.
    pub(super) fn predict_anew(&mut self) {
        self.start_predicting(self.address.scale.unwrap_or(1.0));
        self.passes_left = MOST_PASSES;
        let setup = (self.address.values.lab().setup)(&self.address.values);
        if setup.tasks * self.rows.len() <= PREDICTED_AT_ONCE {
            while !self.is_predicted() {
                self.predict_next();
            }
        }
    }

    pub(super) fn start_predicting(&mut self, scale: f64) {
        self.scale = scale;
        self.predicted = 0;
        self.passes_left = self.passes_left.saturating_sub(1);
    }

    /// Whether all predictions are for the current values.
    pub fn is_predicted(&self) -> bool {
        self.predicted == self.rows.len()
    }

    pub(super) fn predict_next(&mut self) {
        let conditions = self.conditions();
        let values = &self.address.values;
        let Some(row) = self.rows.get_mut(self.predicted) else { return };
        let Run { trace, depends_on_scale } = predict(row.strategy, values, conditions);
        let metrics = Metrics::of(&trace, values);
        let lints = lints(row.strategy, &trace, &metrics, values, None);
        let index = OnceCell::new();
        row.prediction = Some(Rc::new(Prediction { trace, metrics, lints, depends_on_scale, index }));
        self.predicted += 1;
        if self.is_predicted() {
            self.settle_scale();
        }
    }

    /// The conditions that predictions are made for.
    pub fn conditions(&self) -> Conditions {
        Conditions {
            scale: self.scale,
            has_timer_step: !self.address.is_ideal,
            kindest_yield: self.browser.kindest_yield,
            is_hidden: false,
            costs: self.costs().unwrap_or(Costs::NONE),
            cores: if self.address.is_ideal { usize::MAX } else { self.browser.cores },
        }
    }

    /// The calibration of the place of live runs, once known.
    pub fn calibration(&self) -> Option<&Calibration> {
        self.calibrations[usize::from(self.address.place == Place::Page)].as_ref()
    }

    /// The costs that predictions include.
    pub fn costs(&self) -> Option<Costs> {
        self.calibration().filter(|_| !self.address.is_ideal)?.costs
    }

    /// The automatic scale depends on the predictions, and these may depend on the scale. Predicts again
    /// until the two agree.
    pub(super) fn settle_scale(&mut self) {
        let planned = self.plan().map_or(self.scale, |plan| plan.scale);
        let depends =
            self.rows.iter().any(|row| row.prediction.as_ref().is_some_and(|one| one.depends_on_scale));
        if planned != self.scale && depends && self.passes_left > 0 {
            self.start_predicting(planned);
        }
    }

    /// What a live run would be like.
    pub fn plan(&self) -> Result<Plan, Refusal> {
        plan(&self.predicted_scores(), self.address.scale, self.address.place)
    }
}
