//! Predictions: under which conditions, when they are repeated, and at which time scale.

use std::rc::Rc;

use engine::browser::{Calibration, Costs};
use engine::trace::Nanos;
use lab::verdict::Scored;
use lab::{Strategy, Values};
use session::address::Place;
use session::begin;
use session::plan::{Plan, Refusal, automatic_scale, fits, plan, truer_scale};
use virtual_clock::{Conditions, Run, Simulation};

use super::{Prediction, State};

/// Up to this many tasks (of all strategies together) are predicted at once, in the same frame. With more,
/// one strategy at a time is predicted, so that the page stays responsive.
const PREDICTED_AT_ONCE: usize = 20_000;

/// How the automatic scale is found, a pass of predictions each.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Pass {
    /// At the scale that the reader has chosen, or that was found: there is no other.
    Last,
    /// At scale 1.
    Reference,
    /// At a smaller scale, to be compared with the makespans at scale 1.
    Smaller(Vec<Nanos>),
    /// At one in between.
    Between(Vec<Nanos>),
}

/// A prediction that is to be made.
#[derive(Clone, Debug)]
pub struct Due {
    strategy: &'static Strategy,
    values: Values,
    conditions: Conditions,
}

impl PartialEq for Due {
    fn eq(&self, other: &Due) -> bool {
        std::ptr::eq(self.strategy, other.strategy)
            && self.values == other.values
            && self.conditions == other.conditions
    }
}

impl Due {
    /// Starts it.
    pub fn begin(&self) -> Simulation {
        begin(self.strategy, &self.values, self.conditions)
    }

    /// What it comes to.
    pub fn end(&self, run: Run) -> Prediction {
        Prediction::of(self.strategy, &self.values, run)
    }
}

impl State {
    /// To be called when predictions no longer hold, but measurements still do.
    pub(super) fn predict_anew(&mut self) {
        let pass = if self.address.scale.is_some() { Pass::Last } else { Pass::Reference };
        self.start_pass(pass, self.address.scale.unwrap_or(1.0));
        if fits(&self.address.values).is_err() {
            self.rows.iter_mut().for_each(|row| row.prediction = None);
            self.predicted = self.rows.len();
            return;
        }
        let setup = (self.address.values.lab().setup)(&self.address.values);
        if (setup.tasks + setup.beside) * self.rows.len() <= PREDICTED_AT_ONCE {
            while !self.is_predicted() {
                self.predict_next();
            }
        }
    }

    fn start_pass(&mut self, pass: Pass, scale: f64) {
        (self.pass, self.scale, self.predicted) = (pass, scale, 0);
    }

    /// Whether all predictions are for the current values.
    pub fn is_predicted(&self) -> bool {
        self.predicted == self.rows.len()
    }

    /// The prediction that is due next.
    pub fn due(&self) -> Option<Due> {
        let strategy = self.rows.get(self.predicted)?.strategy;
        Some(Due { strategy, values: self.address.values.clone(), conditions: self.conditions() })
    }

    pub(super) fn predict_next(&mut self) {
        if let Some(due) = self.due() {
            let run = due.begin().finish();
            self.take_prediction(due.end(run));
        }
    }

    pub(super) fn take_prediction(&mut self, prediction: Prediction) {
        let Some(row) = self.rows.get_mut(self.predicted) else { return };
        row.prediction = Some(Rc::new(prediction));
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

    /// The automatic scale follows from the predictions, and those may depend on the scale: a smaller one is taken only
    /// where it tells about the same as scale 1.
    fn settle_scale(&mut self) {
        let makespans = |scores: &[Scored<'_>]| scores.iter().map(|(_, one)| one.makespan).collect();
        let scores = self.predicted_scores();
        let (pass, scale) = match &self.pass {
            _ if !self.depends_on_scale() => return,
            Pass::Last => return,
            Pass::Reference => match automatic_scale(&scores) {
                1.0 => return,
                scale => (Pass::Smaller(makespans(&scores)), scale),
            },
            Pass::Smaller(reference) => match truer_scale(reference, &scores, self.scale) {
                None => return,
                Some(1.0) => (Pass::Last, 1.0),
                Some(scale) => (Pass::Between(reference.clone()), scale),
            },
            Pass::Between(reference) => match truer_scale(reference, &scores, self.scale) {
                None => return,
                Some(_) => (Pass::Last, 1.0),
            },
        };
        self.start_pass(pass, scale);
    }

    fn depends_on_scale(&self) -> bool {
        let mut predictions = self.rows.iter().filter_map(|row| row.prediction.as_ref());
        predictions.any(|one| one.depends_on_scale)
    }

    /// What a live run would be like.
    pub fn plan(&self) -> Result<Plan, Refusal> {
        fits(&self.address.values)?;
        let scores = self.predicted_scores();
        // Where it changes nothing, it is as small as one likes.
        let found = || if self.depends_on_scale() { self.scale } else { automatic_scale(&scores) };
        let (scale, is_chosen) = (self.address.scale.unwrap_or_else(found), self.address.scale.is_some());
        plan(&scores, scale, is_chosen, self.address.place)
    }
}
