//! What the metrics of several strategies show, as claims to be put into words. Knows metrics, not languages.

use engine::trace::{LONG_TASK, Nanos};

use crate::metrics::{Metrics, Stall};
use crate::{Finding, Strategy};

/// A strategy with its metrics.
pub type Scored<'a> = (&'static Strategy, &'a Metrics);

/// Something that the metrics show. The page puts it into the reader's language. Times are lab time.
#[derive(Clone, PartialEq, Debug)]
pub enum Claim {
    /// The fastest strategy, and how it compares with the baseline.
    Fastest {
        /// The fastest strategy.
        strategy: &'static Strategy,
        /// Its makespan.
        makespan: Nanos,
        /// How many times as fast as the baseline it is.
        speed_up: f64,
        /// The strategy that all others are compared with.
        baseline: &'static Strategy,
        /// The longest turn of the fastest strategy.
        longest_block: Nanos,
        /// Other strategies that are as fast, but block the loop for no less time.
        equals: Vec<&'static Strategy>,
    },
    /// All strategies take about the same time, so speed is no reason to choose one.
    NoneFaster {
        /// The makespan of the fastest.
        makespan: Nanos,
    },
    /// The strategy that freezes the page for longest, if that is long enough to be felt.
    Freezes {
        /// The strategy.
        strategy: &'static Strategy,
        /// Its longest turn.
        longest_block: Nanos,
    },
    /// A strategy that does all its work, but with a wrong result.
    Wrong {
        /// The strategy.
        strategy: &'static Strategy,
        /// Its makespan.
        makespan: Nanos,
        /// Whether no correct strategy is faster.
        is_fast: bool,
        /// What is wrong.
        fault: Finding,
    },
    /// Programs that are compared not for speed but for the order in which they print.
    Orders {
        /// How many there are.
        count: usize,
        /// Those that printed in another order than predicted; `None` before they were run.
        differing: Option<Vec<&'static Strategy>>,
    },
    /// A run that came to a halt.
    Stalled {
        /// The strategy.
        strategy: &'static Strategy,
        /// Why, and who waits for whom.
        stall: Stall,
    },
}

/// Makespans within this ratio count as the same.
pub const SAME: f64 = 1.01;

/// Whether each program printed in the predicted order. A run is a strategy with its predicted and its
/// measured metrics. `None` if the lab is not about order.
pub fn orders(runs: &[(&'static Strategy, &Metrics, &Metrics)]) -> Option<Claim> {
    runs.first()?.1.order()?;
    let differs = |(_, predicted, measured): &&(_, &Metrics, &Metrics)| predicted.order() != measured.order();
    let differing = runs.iter().filter(differs).map(|(strategy, _, _)| *strategy).collect();
    Some(Claim::Orders { count: runs.len(), differing: Some(differing) })
}

/// What to say about these strategies, the most important first. The first correct one is the baseline.
pub fn verdict(scored: &[Scored<'_>]) -> Vec<Claim> {
    if scored.iter().any(|(_, metrics)| metrics.order().is_some()) {
        return vec![Claim::Orders { count: scored.len(), differing: None }];
    }
    let stalled = scored
        .iter()
        .filter_map(|(strategy, metrics)| Some(Claim::Stalled { strategy, stall: metrics.stalled.clone()? }));
    let complete: Vec<Scored> = scored
        .iter()
        .filter(|(strategy, metrics)| !strategy.is_bound && metrics.is_complete())
        .copied()
        .collect();
    let correct: Vec<Scored> = complete.iter().filter(|(_, metrics)| metrics.is_correct()).copied().collect();
    let quickest = correct.iter().map(|(_, metrics)| metrics.makespan).min();
    let wrong = complete.iter().filter_map(|(strategy, metrics)| {
        let (makespan, fault) = (metrics.makespan, metrics.fault()?.clone());
        let is_fast = quickest.is_some_and(|quickest| is_no_slower(makespan, quickest));
        Some(Claim::Wrong { strategy, makespan, is_fast, fault })
    });
    speed(&correct).into_iter().chain(wrong).chain(freeze(&complete)).chain(stalled).collect()
}

fn is_no_slower(a: Nanos, b: Nanos) -> bool {
    a.0 as f64 <= b.0 as f64 * SAME
}

fn speed(contenders: &[Scored<'_>]) -> Option<Claim> {
    let (baseline, slow) = contenders.first().filter(|_| contenders.len() > 1)?;
    let quickest = contenders.iter().map(|(_, metrics)| metrics.makespan).min()?;
    let slowest = contenders.iter().map(|(_, metrics)| metrics.makespan).max()?;
    if is_no_slower(slowest, quickest) {
        return Some(Claim::NoneFaster { makespan: quickest });
    }
    // Of all that count as equally fast, the one that blocks the loop least.
    let first = || contenders.iter().filter(|(_, metrics)| is_no_slower(metrics.makespan, quickest));
    let (strategy, fast) = first().min_by_key(|(_, metrics)| metrics.longest_block)?;
    Some(Claim::Fastest {
        strategy,
        makespan: fast.makespan,
        speed_up: fast.speed_up(slow)?,
        baseline,
        longest_block: fast.longest_block,
        equals: first().map(|(one, _)| *one).filter(|one| one != strategy).collect(),
    })
}

fn freeze(contenders: &[Scored<'_>]) -> Option<Claim> {
    let (strategy, metrics) = contenders.iter().rev().max_by_key(|(_, metrics)| metrics.longest_block)?;
    (metrics.longest_block > LONG_TASK)
        .then_some(Claim::Freezes { strategy, longest_block: metrics.longest_block })
}
