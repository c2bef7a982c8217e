//! Things to try in a lab, and how to tell that the reader has seen the result: [`Try`]. Knows values and
//! metrics, neither texts nor the page.

use engine::trace::Nanos;

use crate::Values;
use crate::metrics::Metrics;
use crate::verdict::Scored;

/// Something to try. It is ticked off once the reader has seen what it is meant to show.
#[derive(Clone, Copy, Debug)]
pub struct Try {
    /// Its name in the lesson's text.
    pub id: &'static str,
    /// Whether the page now shows what this is about.
    pub is_seen: fn(&Shown<'_>) -> bool,
}

impl Try {
    /// Something to try, with the test for having seen it.
    pub const fn new(id: &'static str, is_seen: fn(&Shown<'_>) -> bool) -> Try {
        Try { id, is_seen }
    }
}

/// What the page shows.
#[derive(Debug)]
pub struct Shown<'a> {
    /// The parameters' values.
    pub values: &'a Values,
    /// The strategies shown, with what is predicted for these values.
    pub predicted: Vec<Scored<'a>>,
    /// The strategies that were run with these values, with what was measured; void runs are left out.
    pub measured: Vec<Scored<'a>>,
}

impl<'a> Shown<'a> {
    /// The predicted metrics of a strategy; `None` if it is not shown.
    pub fn predicted(&self, id: &str) -> Option<&'a Metrics> {
        find(&self.predicted, id)
    }

    /// The measured metrics of a strategy; `None` if it has no run that counts.
    pub fn measured(&self, id: &str) -> Option<&'a Metrics> {
        find(&self.measured, id)
    }

    /// The predicted makespan, for comparing; `None` if the strategy is not shown or its run is not correct.
    pub fn makespan(&self, id: &str) -> Option<Nanos> {
        self.predicted(id).filter(|metrics| metrics.is_correct()).map(|metrics| metrics.makespan)
    }

    /// Whether one strategy's predicted makespan is at most `at_most_percent` percent of another's.
    pub fn takes(&self, id: &str, at_most_percent: u64, of: &str) -> bool {
        let pair = self.makespan(id).zip(self.makespan(of));
        pair.is_some_and(|(one, other)| one.0 * 100 <= other.0 * at_most_percent)
    }
}

fn find<'a>(scores: &[Scored<'a>], id: &str) -> Option<&'a Metrics> {
    scores.iter().find(|(strategy, _)| strategy.id == id).map(|(_, metrics)| *metrics)
}
