//! A result that is kept: [`Pinned`].

use lab::metrics::Metrics;
use lab::verdict::Scored;
use lab::{Strategy, Values};

/// A result that was kept to be compared with others.
#[derive(Clone, PartialEq, Debug)]
pub struct Pinned {
    /// What it was made with.
    pub values: Values,
    /// The predicted numbers.
    pub predicted: Vec<(&'static Strategy, Metrics)>,
    /// The measured numbers, if everything was measured.
    pub measured: Option<Vec<(&'static Strategy, Metrics)>>,
}

impl Pinned {
    /// The strategies that are in both results, with their numbers then and now: measured where both are.
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
