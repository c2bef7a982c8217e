//! What the numbers say, as claims to be put into words. Knows metrics, not languages.

use engine::trace::Nanos;

use crate::metrics::{Metrics, Stall};
use crate::{Finding, Strategy};

/// One strategy with its numbers.
pub type Scored<'a> = (&'static Strategy, &'a Metrics);

/// Something that the numbers show. The page says it in the reader's language.
#[derive(Clone, PartialEq, Debug)]
pub enum Claim {
    /// The fastest strategy, and how it stands beside the baseline.
    Fastest {
        /// Who.
        strategy: &'static Strategy,
        /// In what time.
        makespan: Nanos,
        /// How many times as fast as the baseline.
        speed_up: f64,
        /// The strategy that all are compared with.
        baseline: &'static Strategy,
        /// The longest block of the fastest.
        longest_block: Nanos,
        /// Those that take the same time, but block the loop for no less.
        equals: Vec<&'static Strategy>,
    },
    /// All strategies take about the same time, so the choice does not matter for speed.
    NoneFaster {
        /// In what time.
        makespan: Nanos,
    },
    /// The strategy that freezes the page for longest, where that is felt.
    Freezes {
        /// Who.
        strategy: &'static Strategy,
        /// For how long.
        longest_block: Nanos,
    },
    /// A strategy that does all its work, but not right.
    Wrong {
        /// Who.
        strategy: &'static Strategy,
        /// In what time.
        makespan: Nanos,
        /// Whether no strategy that does it right is faster.
        is_fast: bool,
        /// What is wrong.
        fault: Finding,
    },
    /// Programs that are not compared for speed: what matters is the order in which each prints.
    Orders {
        /// How many they are.
        count: usize,
        /// Those that printed in another order than predicted; nothing before they were run.
        differing: Option<Vec<&'static Strategy>>,
    },
    /// A run that came to a halt.
    Stalled {
        /// Who.
        strategy: &'static Strategy,
        /// Why, and who waits for whom.
        stall: Stall,
    },
}

/// Two times within this ratio count as the same.
pub const SAME: f64 = 1.01;

/// W3C Long Tasks: a turn longer than this is a long task.
pub const LONG_TASK: Nanos = Nanos(50_000_000);

/// Whether programs printed in the order that was predicted: each with its predicted and its measured numbers.
/// Nothing where the lab is not about order.
pub fn orders(runs: &[(&'static Strategy, &Metrics, &Metrics)]) -> Option<Claim> {
    runs.first()?.1.order()?;
    let differs = |(_, predicted, measured): &&(_, &Metrics, &Metrics)| predicted.order() != measured.order();
    let differing = runs.iter().filter(differs).map(|(strategy, _, _)| *strategy).collect();
    Some(Claim::Orders { count: runs.len(), differing: Some(differing) })
}

/// What to say about these strategies, the most important first. The first that does its work right is the baseline.
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
    // Among those that are as good as equally fast, the one that freezes the page least.
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
