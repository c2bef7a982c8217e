//! A result that is kept for comparison: [`Pinned`].

use lab::metrics::Metrics;
use lab::verdict::Scored;
use lab::{Strategy, Values};

/// A result that is kept, to be compared with later ones.
#[derive(Clone, PartialEq, Debug)]
pub struct Pinned {
    /// The address that it belongs to.
    pub values: Values,
    /// The predicted metrics.
    pub predicted: Vec<(&'static Strategy, Metrics)>,
    /// The measured metrics; `None` unless everything was measured.
    pub measured: Option<Vec<(&'static Strategy, Metrics)>>,
}

impl Pinned {
    /// The strategies that are in both results, with their metrics then and now: measured if both results
    /// are, else predicted.
    pub fn beside<'a>(
        &'a self,
        now: &[Scored<'a>],
        is_measured: bool,
    ) -> Vec<(&'static Strategy, &'a Metrics, &'a Metrics)> {
        let before = self.measured.as_ref().filter(|_| is_measured).unwrap_or(&self.predicted);
        let beside = |(strategy, after): &Scored<'a>| {
            let (_, before) = before.iter().find(|(one, _)| one == strategy)?;
            Some((*strategy, before, *after))
        };
        now.iter().filter_map(beside).collect()
    }
}
