//! Before a live run: its scale, how long it will take, how long the page will freeze, and whether it may be
//! started at all. A pure function of the predictions.

use engine::browser::TIMER_STEP;
use engine::trace::Nanos;
use lab::verdict::Scored;
use lab::{Strategy, Values};

use crate::address::{LEAST_SCALE, Place};

/// How long the slowest strategy of a run should take, in real time.
const TARGET: Nanos = Nanos(3_000_000_000);

/// The longest freeze that a reader is ever put through, in real time.
pub const LONGEST_FREEZE: Nanos = Nanos(10_000_000_000);

/// The longest run that is started at a scale that the reader has not chosen, in real time.
pub const LONGEST_RUN: Nanos = Nanos(600_000_000_000);

/// The most things that can happen in one run: the trace of more does not fit into a reader's memory.
pub const MOST_EVENTS: usize = 1_000_000;

/// How far the automatic scale may change what is predicted: a tenth.
pub const MOST_DISTORTION: f64 = 0.1;

/// Whether what the values describe can be predicted at all.
///
/// # Errors
/// When more would happen than can be kept in memory.
pub fn fits(values: &Values) -> Result<(), Refusal> {
    let setup = (values.lab().setup)(values);
    let events = setup.tasks.saturating_add(setup.beside);
    if events > MOST_EVENTS { Err(Refusal::TooMuch { events }) } else { Ok(()) }
}

/// What a live run will be like. All times are real.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// Real time per lab time.
    pub scale: f64,
    /// How long all strategies take together; in a race, the longest of them.
    pub total: Nanos,
    /// The strategy that will freeze the page for longest, and for how long. `None` if the run is not on the
    /// page.
    pub freeze: Option<(&'static Strategy, Nanos)>,
}

/// Why a live run may not be started. All times are real.
#[derive(Clone, PartialEq, Debug)]
pub enum Refusal {
    /// A strategy would freeze the page for longer than [`LONGEST_FREEZE`].
    Freeze {
        /// The strategy.
        strategy: &'static Strategy,
        /// The length of the freeze.
        freeze: Nanos,
        /// A scale at which the freeze is short enough, or as short as timers allow.
        suggested_scale: f64,
        /// The fraction of the tasks to run at that scale, so that the freeze is short enough. `None` means
        /// all of them.
        suggested_share: Option<f64>,
    },
    /// It would take too long, and at no smaller scale would it be the same: the browser's own periods do not scale.
    TooLong {
        /// All strategies together.
        total: Nanos,
    },
    /// More would happen than can be kept in memory.
    TooMuch {
        /// How many things would happen, at least.
        events: usize,
    },
    /// Something would take less time than the browser can wait for.
    TooCoarse {
        /// How long the shortest wait would be.
        latency: Nanos,
        /// The smallest scale at which the browser can wait for it.
        suggested_scale: f64,
    },
}

/// The shortest wait of all, if anybody waits; and the smallest scale at which it can be waited for.
fn finest(predicted: &[Scored<'_>]) -> (Option<Nanos>, f64) {
    let latency = predicted.iter().filter_map(|(_, metrics)| metrics.shortest_wait).min();
    let latency = latency.filter(|latency| *latency > Nanos::ZERO);
    (latency, latency.map_or(0.0, |latency| TIMER_STEP.0 as f64 / latency.0 as f64).min(1.0))
}

/// The scale at which the slowest of these strategies takes about three seconds.
pub fn automatic_scale(predicted: &[Scored<'_>]) -> f64 {
    let slowest = predicted.iter().map(|(_, metrics)| metrics.makespan).max().unwrap_or_default();
    round_scale(TARGET.0 as f64 / slowest.0.max(1) as f64).max(finest(predicted).1).max(LEAST_SCALE)
}

/// A scale at which the browser's own periods, which do not scale, change no prediction by more than
/// [`MOST_DISTORTION`]: `reference` are the makespans at scale 1, `predicted` those at `scale`. Nothing when `scale` is
/// small enough a change already.
pub fn truer_scale(reference: &[Nanos], predicted: &[Scored<'_>], scale: f64) -> Option<f64> {
    let distortions = reference.iter().zip(predicted).map(|(reference, (_, metrics))| {
        (metrics.makespan.0 as f64 - reference.0 as f64).abs() / reference.0.max(1) as f64
    });
    let worst = distortions.fold(0.0, f64::max);
    // What does not scale weighs 1/scale times as much in the lab's time.
    let truer = 1.0 / (1.0 + (1.0 / scale - 1.0) * MOST_DISTORTION / worst);
    (worst > MOST_DISTORTION).then(|| scale_above(truer))
}

/// Plans a live run of these strategies, as predicted for `scale`. `is_chosen`: the reader wants that scale.
///
/// # Errors
/// When the page would be frozen for too long, the run would take too long at a scale that nobody has chosen, or the
/// scale is too small to measure anything.
pub fn plan(predicted: &[Scored<'_>], scale: f64, is_chosen: bool, place: Place) -> Result<Plan, Refusal> {
    let (latency, finest) = finest(predicted);
    let frozen = predicted.iter().rev().max_by_key(|(_, metrics)| metrics.longest_block);
    let freeze = frozen.map(|(strategy, metrics)| (*strategy, metrics.longest_block.scaled(scale)));
    if let Some((strategy, metrics)) = frozen
        && place == Place::Page
        && metrics.longest_block.scaled(scale) > LONGEST_FREEZE
    {
        let wanted = round_scale(TARGET.0 as f64 / metrics.longest_block.0 as f64);
        let suggested_scale = wanted.max(finest);
        // Few enough tasks that the strategy as a whole takes no longer than the target.
        let share = TARGET.0 as f64 / metrics.makespan.scaled(suggested_scale).0 as f64;
        return Err(Refusal::Freeze {
            strategy,
            freeze: metrics.longest_block.scaled(scale),
            suggested_scale,
            suggested_share: (wanted < suggested_scale).then_some(share.min(1.0)),
        });
    }
    if let Some(latency) = latency.filter(|_| scale < finest) {
        return Err(Refusal::TooCoarse { latency: latency.scaled(scale), suggested_scale: finest });
    }
    let times = predicted.iter().map(|(_, metrics)| metrics.makespan.scaled(scale));
    let total = if place == Place::Race { times.max().unwrap_or_default() } else { times.sum() };
    if total > LONGEST_RUN && !is_chosen {
        return Err(Refusal::TooLong { total });
    }
    Ok(Plan { scale, total, freeze: freeze.filter(|_| place == Place::Page) })
}

/// Round scales: 1, 1/2, 1/5, 1/10 …
fn round_scales() -> impl Iterator<Item = f64> {
    let powers = std::iter::successors(Some(1.0), |power| (*power < 1e9).then_some(power * 10.0));
    powers.flat_map(|power| [1.0, 2.0, 5.0].map(|factor| 1.0 / (factor * power)))
}

/// The next round scale that is at most a quarter above `exact`.
pub fn round_scale(exact: f64) -> f64 {
    round_scales().find(|scale| *scale <= exact * 1.25).unwrap_or(LEAST_SCALE)
}

/// The smallest round scale that is not below `least`.
fn scale_above(least: f64) -> f64 {
    round_scales().take_while(|scale| *scale >= least).last().unwrap_or(1.0)
}
