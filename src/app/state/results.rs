//! What follows from the metrics: scores, verdict, lints, and the summary for other programs.

use engine::trace::Nanos;
use lab::lesson::Shown;
use lab::lint::{Lint, LintKind};
use lab::verdict::{Claim, Scored, orders, verdict};
use lab::{Published, Strategy};
use session::protocol::{self, StrategySummary, Summary};

use super::{Pinned, Row, State};

impl State {
    /// What lessons take their figures from.
    pub fn shown(&self) -> Shown<'_> {
        let rows = self.rows.iter();
        Shown {
            values: &self.address.values,
            predicted: self.predicted_scores(),
            measured: rows
                .filter_map(|row| Some((row.strategy, row.measurement.as_ref()?.valid()?)))
                .collect(),
        }
    }

    /// The metrics that the verdict is about, and whether they were measured.
    pub fn scores(&self) -> (Vec<Scored<'_>>, bool) {
        match self.measured_scores() {
            Some(scores) => (scores, true),
            None => (self.predicted_scores(), false),
        }
    }

    /// The same, but predicted ones unless `may_be_measured`.
    pub fn scores_as(&self, may_be_measured: bool) -> (Vec<Scored<'_>>, bool) {
        if may_be_measured { self.scores() } else { (self.predicted_scores(), false) }
    }

    /// The strategies with their predicted metrics.
    pub fn predicted_scores(&self) -> Vec<Scored<'_>> {
        self.rows.iter().filter_map(|row| Some((row.strategy, &row.prediction.as_ref()?.metrics))).collect()
    }

    /// The strategies with their measured metrics; `None` unless all were measured.
    pub(super) fn measured_scores(&self) -> Option<Vec<Scored<'_>>> {
        // Strategies that this browser cannot run do not prevent the comparison of the others.
        let scores = self.runnable().map(|row| Some((row.strategy, row.measurement.as_ref()?.valid()?)));
        scores.collect::<Option<Vec<_>>>().filter(|scores| !scores.is_empty())
    }

    /// The verdict, and whether it is about measurements.
    pub fn verdict(&self) -> (Vec<Claim>, bool) {
        match self.measured_scores() {
            Some(scores) => {
                let runs: Vec<_> = self.rows.iter().filter_map(Row::compared).collect();
                (orders(&runs).map_or_else(|| verdict(&scores), |claim| vec![claim]), true)
            }
            None => (verdict(&self.predicted_scores()), false),
        }
    }

    /// The lints of the runs that the verdict is about: each kind once, with all strategies that show it.
    ///
    /// Why a measurement is spoiled is shown in place of its result. That a turn is long is left out if
    /// another lint says why.
    pub fn lints(&self) -> Vec<(LintKind, Vec<(&'static Strategy, Lint)>)> {
        let is_measured = self.measured_scores().is_some();
        let of_row = |row: &Row| match is_measured {
            true => row.measurement.as_ref().map(|one| one.lints.clone()),
            false => row.prediction.as_ref().map(|one| one.lints.clone()),
        };
        let mut found = Vec::new();
        for row in &self.rows {
            let lints = of_row(row).unwrap_or_default();
            let has_cause = lints
                .iter()
                .any(|one| matches!(one.kind(), LintKind::NeverYielded | LintKind::OnlyMicrotasks));
            let goes_without_saying =
                |one: &Lint| one.kind().is_spoiled() || (has_cause && one.kind() == LintKind::LoopBlocked);
            let told = lints.into_iter().filter(|one| !goes_without_saying(one));
            found.extend(told.map(|lint| (row.strategy, lint)));
        }
        let of_kind = |kind: LintKind| found.iter().filter(move |(_, lint)| lint.kind() == kind).copied();
        let merged = LintKind::ALL.map(|kind| (kind, of_kind(kind).collect::<Vec<_>>()));
        merged.into_iter().filter(|(_, lints)| !lints.is_empty()).collect()
    }

    /// The published result for the current scenario, with our own.
    pub fn published(&self) -> Option<(Published, f64)> {
        let scenario = self.address.scenario?;
        let is_unchanged = self.address.values == self.address.values.lab().values_of(scenario);
        let published = scenario.published.filter(|_| is_unchanged)?;
        let scores = self.predicted_scores();
        let of =
            |id: &str| scores.iter().find(|(strategy, _)| strategy.id == id).map(|(_, metrics)| *metrics);
        Some((published, of(published.strategy)?.speed_up(of(published.baseline)?)?))
    }

    /// The summary for other programs.
    pub fn summary(&self) -> Summary {
        let rows = self.rows.iter().filter_map(|row| {
            let predicted = &row.prediction.as_ref()?.metrics;
            let measured = row.measurement.as_ref().and_then(|one| one.summary());
            Some(StrategySummary::new(row.strategy, predicted, measured, row.lints()))
        });
        let environment = self.environment.as_ref().map(protocol::Environment::of);
        Summary::new(&self.address, environment, rows)
    }

    /// The end of the shared time axis: the longest makespan.
    pub fn axis_end(&self) -> Nanos {
        let measured = |row: &Row| row.measurement.as_ref().map(|one| one.trace.borrow().end());
        let predicted = |row: &Row| row.prediction.as_ref().map(|one| one.metrics.makespan);
        let ends = self.rows.iter().flat_map(|row| [predicted(row), measured(row)]).flatten();
        ends.max().unwrap_or_default().max(Nanos(1_000))
    }

    pub(super) fn to_pin(&self) -> Pinned {
        let own = |scores: Vec<Scored<'_>>| {
            scores.into_iter().map(|(one, metrics)| (one, metrics.clone())).collect()
        };
        Pinned {
            values: self.address.values.clone(),
            predicted: own(self.predicted_scores()),
            measured: self.measured_scores().filter(|scores| !scores.is_empty()).map(own),
        }
    }

    /// The number of requests in flight that reaches the top of their lanes.
    pub fn most_in_flight(&self) -> u32 {
        let predicted = self.rows.iter().filter_map(|row| row.prediction.as_ref());
        predicted.map(|one| one.metrics.max_in_flight as u32).max().unwrap_or(1).max(1)
    }

    /// The number of tasks.
    pub fn n_tasks(&self) -> u32 {
        (self.address.values.lab().setup)(&self.address.values).tasks as u32
    }

    /// Whether the lab is about the order in which programs print.
    pub fn is_about_order(&self) -> bool {
        self.predicted_scores().iter().any(|(_, metrics)| metrics.order().is_some())
    }

    /// Whether any strategy shown was measured.
    pub fn is_measured(&self) -> bool {
        self.rows.iter().any(|row| row.measurement.is_some())
    }
}
