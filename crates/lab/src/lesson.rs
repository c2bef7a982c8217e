//! What there is to try in a lab, and when it was seen: [`Try`]. Knows values and numbers, neither texts nor the page.

use engine::trace::Nanos;

use crate::Values;
use crate::metrics::Metrics;
use crate::verdict::Scored;

/// Something to try, which ticks itself off once the reader has seen what it shows.
#[derive(Clone, Copy, Debug)]
pub struct Try {
    /// Its name in the lesson's text.
    pub id: &'static str,
    /// Whether what it is about is on the page.
    pub is_seen: fn(&Shown<'_>) -> bool,
}

impl Try {
    /// Something to try.
    pub const fn new(id: &'static str, is_seen: fn(&Shown<'_>) -> bool) -> Try {
        Try { id, is_seen }
    }
}

/// What is on the page.
#[derive(Debug)]
pub struct Shown<'a> {
    /// What is set.
    pub values: &'a Values,
    /// What is predicted for it.
    pub predicted: Vec<Scored<'a>>,
    /// What was measured with it, as far as it counts.
    pub measured: Vec<Scored<'a>>,
}

impl<'a> Shown<'a> {
    /// The predicted numbers of a strategy, if it is shown.
    pub fn predicted(&self, id: &str) -> Option<&'a Metrics> {
        find(&self.predicted, id)
    }

    /// The measured numbers of a strategy, if it was run.
    pub fn measured(&self, id: &str) -> Option<&'a Metrics> {
        find(&self.measured, id)
    }

    /// The predicted total time, for comparing; nothing for a run that got it wrong.
    pub fn makespan(&self, id: &str) -> Option<Nanos> {
        self.predicted(id).filter(|metrics| metrics.is_correct()).map(|metrics| metrics.makespan)
    }

    /// Whether one strategy is shown to take at most so many hundredths of another's time.
    pub fn takes(&self, id: &str, at_most_percent: u64, of: &str) -> bool {
        let pair = self.makespan(id).zip(self.makespan(of));
        pair.is_some_and(|(one, other)| one.0 * 100 <= other.0 * at_most_percent)
    }
}

fn find<'a>(scores: &[Scored<'a>], id: &str) -> Option<&'a Metrics> {
    scores.iter().find(|(strategy, _)| strategy.id == id).map(|(_, metrics)| *metrics)
}
