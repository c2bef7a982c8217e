//! Before a live run: its scale, how long it will take, how long the page will freeze, and whether it may be
//! started at all. A pure function of the predictions.

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
    /// Some wait would be shorter than the browser's timers can measure.
    TooCoarse {
        /// How long the shortest wait would be.
        latency: Nanos,
        /// The smallest scale at which the browser can wait for it.
        suggested_scale: f64,
    },
}

/// Plans a live run of these strategies. `scale` is the scale that the reader asked for; `None` leaves it to
/// the plan.
///
/// # Errors
/// When the page would be frozen for too long, or the scale is too small for timers.
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
    Ok(Plan { scale, total, freeze: freeze.filter(|_| place == Place::Page) })
}

/// The largest round scale (1, 1/2, 1/5, 1/10 …) that is at most a quarter above `exact`.
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
