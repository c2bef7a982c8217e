//! The reader's guess before the result is shown (in which order the strategies finish, and how long the
//! fastest takes), and how far off it was. Knows labs and metrics, not the page.

use std::ops::RangeInclusive;

use engine::trace::Nanos;
use lab::verdict::{SAME, Scored};
use lab::{Strategy, Values};

/// What a reader expects of a comparison. Times are lab time.
#[derive(Clone, PartialEq, Debug)]
pub struct Guess {
    /// The values that the guess is about.
    values: Values,
    /// The strategies, the fastest first. Bounds are left out.
    pub order: Vec<&'static Strategy>,
    /// The strategy that was moved last, if any.
    pub moved: Option<&'static Strategy>,
    /// The guessed makespan of the fastest. Once it is there, the guess is made.
    pub time: Option<Nanos>,
}

/// How good a guess was.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Score {
    /// The number of pairs of strategies.
    pub pairs: usize,
    /// How many of them the guess has in the right order; equally fast ones are right either way.
    pub right: usize,
    /// The makespan of the fastest.
    pub fastest: Nanos,
    /// How far the guessed time is off, as a fraction: 0.1 is a tenth too long.
    pub off: f64,
}

impl Guess {
    /// A guess about these strategies that is still to be made; they are in their given order.
    pub fn new(values: &Values, strategies: &[&'static Strategy]) -> Guess {
        let order = strategies.iter().filter(|one| !one.is_bound).copied().collect();
        Guess { values: values.clone(), order, moved: None, time: None }
    }

    /// Whether this guess is about these values and strategies.
    pub fn is_about(&self, values: &Values, strategies: &[&'static Strategy]) -> bool {
        let asked = strategies.iter().filter(|one| !one.is_bound);
        self.values == *values
            && asked.clone().count() == self.order.len()
            && asked.into_iter().all(|one| self.order.contains(one))
    }

    /// Moves a strategy up or down by one place. At the end of the list it stays where it is.
    pub fn shift(&mut self, strategy: &'static Strategy, is_up: bool) {
        let Some(place) = self.order.iter().position(|one| *one == strategy) else { return };
        let other = if is_up { place.checked_sub(1) } else { Some(place + 1) };
        if let Some(other) = other.filter(|other| *other < self.order.len()) {
            self.order.swap(place, other);
            self.moved = Some(strategy);
        }
    }

    /// How the guess compares with these results. `None` before it is made, or if no strategy completes its
    /// work.
    pub fn score(&self, results: &[Scored<'_>]) -> Option<Score> {
        let guessed = self.time?;
        let times: Vec<_> = self.order.iter().map(|one| total(one, results)).collect();
        let fastest = times.iter().flatten().min().copied()?;
        let pairs = || (0..times.len()).flat_map(|i| (i + 1..times.len()).map(move |j| (i, j)));
        let right = pairs().filter(|(i, j)| is_no_later(times[*i], times[*j])).count();
        let off = guessed.0 as f64 / fastest.0.max(1) as f64 - 1.0;
        Some(Score { pairs: pairs().count(), right, fastest, off })
    }
}

/// The places that a strategy has among these, counted from 1: more than one where others count as equally
/// fast.
pub fn places(
    strategy: &Strategy,
    among: &[&'static Strategy],
    results: &[Scored<'_>],
) -> RangeInclusive<usize> {
    let own = total(strategy, results);
    let count = |is_counted: &dyn Fn(Option<Nanos>) -> bool| {
        among.iter().filter(|other| is_counted(total(other, results))).count()
    };
    1 + count(&|other| !is_no_later(own, other))..=count(&|other| is_no_later(other, own))
}

/// The makespan of a strategy; `None` if it does not complete its work.
fn total(strategy: &Strategy, results: &[Scored<'_>]) -> Option<Nanos> {
    let (_, metrics) = results.iter().find(|(one, _)| *one == strategy)?;
    metrics.is_complete().then_some(metrics.makespan)
}

/// A strategy that does not complete its work is later than all that do.
fn is_no_later(one: Option<Nanos>, other: Option<Nanos>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.0 as f64 <= other.0 as f64 * SAME,
        (one, other) => one.is_some() || other.is_none(),
    }
}
