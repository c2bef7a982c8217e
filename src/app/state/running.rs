//! What the state knows of live runs: which strategies can be run, and their measurements.

use std::cell::RefCell;
use std::rc::Rc;

use engine::YieldWith;
use engine::probes::{Probes, Samples};
use lab::lint::lints;
use lab::metrics::Metrics;
use lab::{Need, Strategy};
use session::address::Place;
use session::measured::{instrumentation, is_disturbed};

use super::{Measurement, Phase, Row, SharedTrace, State, Void};

impl State {
    pub(super) fn begin_strategy(&mut self, strategy: &'static Strategy, trace: SharedTrace, scale: f64) {
        let place = self.address.place;
        self.phase = if place == Place::Race { Phase::Racing } else { Phase::Running(strategy) };
        let measurement = Measurement {
            trace,
            scale,
            place,
            is_unclean: self.is_unclean(),
            metrics: None,
            lints: Vec::new(),
            probes: Probes::default(),
            instrumentation: None,
            void: None,
            index: RefCell::default(),
        };
        self.measure(strategy, measurement);
    }

    pub(super) fn measure(&mut self, strategy: &'static Strategy, measurement: Measurement) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.strategy == strategy) {
            row.measurement = Some(Rc::new(measurement));
        }
    }

    pub(super) fn end_strategy(&mut self, strategy: &'static Strategy, samples: Samples, void: Option<Void>) {
        let Some(row) = self.rows.iter().find(|row| row.strategy == strategy) else {
            return;
        };
        let Some(running) = row.measurement.clone() else {
            return;
        };
        let Measurement { scale, place, is_unclean, .. } = *running;
        let values = &self.address.values;
        let trace = running.trace.clone();
        let metrics = Metrics::of(&trace.borrow(), values);
        let is_disturbed = place != Place::Race
            && row
                .prediction
                .as_ref()
                .is_some_and(|one| is_disturbed(strategy, &one.metrics, &metrics, scale));
        let void = void.or(is_disturbed.then_some(Void::Disturbed));
        // Neither a coarse clock nor a busy machine changes an order.
        let void = void.filter(|void| *void == Void::Hidden || metrics.order().is_none());
        let lints = lints(strategy, &trace.borrow(), &metrics, values, void.and_then(Void::spoiled));
        let costs = self.calibration().and_then(|known| known.costs);
        let instrumentation = costs.map(|costs| instrumentation(&trace.borrow(), &samples, &costs, scale));
        let measurement = Measurement {
            trace,
            scale,
            place,
            is_unclean,
            metrics: Some(metrics),
            lints,
            probes: Probes::of(samples, scale),
            instrumentation,
            void,
            index: RefCell::default(),
        };
        self.measure(strategy, measurement);
    }

    /// The rows that this browser can run in the chosen place.
    pub fn runnable(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| self.missing(row.strategy).is_none())
    }

    /// The way to yield that a strategy needs and that this browser does not offer in the chosen place;
    /// `None` if nothing is missing.
    pub fn missing(&self, strategy: &Strategy) -> Option<YieldWith> {
        let chosen = self.address.values.iter().find(|(param, _)| param.key == "yield_with");
        let chosen = chosen.and_then(|(_, choice)| YieldWith::ALL.get((choice as usize).checked_sub(1)?));
        let needed = match strategy.needs {
            Need::Yield(with) => Some(with),
            Need::ChosenYield => chosen.copied(),
            Need::Nothing | Need::Workers(_) => None,
        };
        needed.filter(|with| !self.browser.has(*with, self.address.place))
    }

    /// Whether a race of all strategies shown has too few cores, so that they slow each other down.
    pub fn is_unclean(&self) -> bool {
        self.address.place == Place::Race && self.browser.cores < self.runnable().count()
    }
}
