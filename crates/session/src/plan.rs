//! Before a live run: at which scale, how long it will take, how long the page will freeze,
//! and whether it may be run at all. A pure function of the prediction.

use engine::browser::TIMER_STEP;
use engine::trace::Nanos;
use lab::Strategy;
use lab::verdict::Scored;

use crate::address::Place;

/// How long the slowest strategy of a run should take, in real time.
const TARGET: Nanos = Nanos(3_000_000_000);

/// The longest freeze that a reader is ever put through, in real time.
pub const LONGEST_FREEZE: Nanos = Nanos(10_000_000_000);

/// What a live run will be like. All times are real.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// Real time per lab time.
    pub scale: f64,
    /// All strategies together.
    pub total: Nanos,
    /// The strategy that will freeze the page for longest, and how long that is.
    pub freeze: Option<(&'static Strategy, Nanos)>,
}

/// Why a live run may not be started. All times are real.
#[derive(Clone, PartialEq, Debug)]
pub enum Refusal {
    /// A strategy would freeze the page for too long.
    Freeze {
        /// Who.
        strategy: &'static Strategy,
        /// For how long.
        freeze: Nanos,
        /// A scale at which the freeze is short enough.
        suggested_scale: f64,
        /// At that scale, the share of the tasks that can be run; nothing: all of them.
        suggested_share: Option<f64>,
    },
    /// Something would take less time than the browser can wait for.
    TooCoarse {
        /// How long it would take.
        latency: Nanos,
        /// The smallest scale at which it can be waited for.
        suggested_scale: f64,
    },
}

/// Plans a live run of these strategies, as predicted. `scale`: as the reader wants it, or nothing.
///
/// # Errors
/// When the page would be frozen for too long, or the scale is too small to measure anything.
pub fn plan(predicted: &[Scored<'_>], scale: Option<f64>, place: Place) -> Result<Plan, Refusal> {
    let slowest = predicted.iter().map(|(_, metrics)| metrics.makespan).max().unwrap_or_default();
    let latency = predicted.iter().filter_map(|(_, metrics)| metrics.shortest_wait).min();
    let latency = latency.filter(|latency| *latency > Nanos::ZERO);
    let finest = latency.map_or(0.0, |latency| TIMER_STEP.0 as f64 / latency.0 as f64).min(1.0);
    let scale = scale.unwrap_or_else(|| round_scale(TARGET.0 as f64 / slowest.0.max(1) as f64).max(finest));

    let frozen = predicted.iter().rev().max_by_key(|(_, metrics)| metrics.longest_block);
    let freeze = frozen.map(|(strategy, metrics)| (*strategy, metrics.longest_block.scaled(scale)));
    if let Some((strategy, metrics)) = frozen
        && place == Place::Page
        && metrics.longest_block.scaled(scale) > LONGEST_FREEZE
    {
        let wanted = round_scale(TARGET.0 as f64 / metrics.longest_block.0 as f64);
        let suggested_scale = wanted.max(finest);
        // So few tasks that all of the strategy is as short as a freeze may be.
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
    Ok(Plan { scale, total, freeze: freeze.filter(|_| place == Place::Page) })
}

/// The next round scale (1, 1/2, 1/5, 1/10 …) that is at most a quarter above `exact`.
pub fn round_scale(exact: f64) -> f64 {
    let mut denominator = 1.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            let scale = 1.0 / (factor * denominator);
            if scale <= exact * 1.25 || denominator >= 1e9 {
                return scale;
            }
        }
        denominator *= 10.0;
    }
}
