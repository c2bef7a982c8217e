//! What stands where in a picture. Knows what a trace has, and no pixels of it.

use engine::trace::{Gauge, Lane, TaskId};

use crate::index::Index;

/// Top and height in CSS pixels: the stripe that marks a freeze.
pub const FREEZE: (f64, f64) = (0.0, 3.0);
/// The loop's lane.
pub const LOOP: (f64, f64) = (5.0, 16.0);
/// The ticks of yields below it.
pub const YIELDS: (f64, f64) = (22.0, 3.0);
/// The life of the task that is lit up.
pub const LIFE: (f64, f64) = (27.0, 4.0);
/// Requests in flight.
pub const IN_FLIGHT: (f64, f64) = (33.0, 20.0);
/// Space above a lane beside the loop's and above a gauge.
pub const GAP: f64 = 2.0;
/// The most height that the lanes beside the loop's get, and the most and the least for one of them.
pub const LANES: (f64, f64, f64) = (120.0, 10.0, 2.0);
/// Height of a gauge.
pub const GAUGE: f64 = 16.0;
/// Height of the lane of a task, and the space above all of them.
pub const TASK: (f64, f64) = (3.0, 6.0);

/// What stands where in a picture, from top to bottom: the loop, its requests, those who work beside it,
/// gauges, tasks.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Layout {
    /// Whether there are requests.
    pub(super) has_requests: bool,
    n_lanes: usize,
    n_gauges: usize,
    /// How many lanes of tasks there are.
    pub(super) n_tasks: usize,
    tasks_per_lane: usize,
    /// Height of a lane beside the loop's, with the space above it.
    pub(super) lane: f64,
}

/// A part of a picture.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Part {
    /// The loop's lane.
    Loop,
    /// Its requests.
    Requests,
    /// A lane beside it.
    Lane(Lane),
    /// A gauge.
    Gauge(Gauge),
    /// A task, the first of those that share a lane.
    Task(TaskId),
}

impl Layout {
    /// The layout that has room for both traces of a strategy.
    pub fn of(predicted: Option<&Index>, measured: Option<&Index>, shows_tasks: bool) -> Layout {
        let both = || [predicted, measured].into_iter().flatten();
        let most = |count: fn(&Index) -> usize| both().map(count).max().unwrap_or_default();
        let n_lanes = most(|one| one.lanes.len() - 1);
        let (all, highest, least) = LANES;
        let tasks_per_lane = most(Index::tasks_per_lane);
        Layout {
            has_requests: both().any(|one| !one.in_flight.is_empty()),
            n_lanes,
            n_gauges: most(|one| one.gauges.len()),
            n_tasks: if shows_tasks { most(|one| one.n_tasks.div_ceil(one.tasks_per_lane())) } else { 0 },
            tasks_per_lane,
            lane: (all / n_lanes.max(1) as f64).min(highest).max(least).floor() + GAP,
        }
    }

    /// The height of the whole in CSS pixels.
    pub fn height(self) -> f64 {
        let space = if self.n_tasks > 0 { TASK.1 } else { 0.0 };
        self.tasks_top() + self.n_tasks as f64 * TASK.0 + space
    }

    /// The top of the lanes beside the loop's.
    pub fn lanes_top(self) -> f64 {
        if self.has_requests { IN_FLIGHT.0 + IN_FLIGHT.1 } else { IN_FLIGHT.0 }
    }

    /// The top of the gauges.
    pub fn gauges_top(self) -> f64 {
        self.lanes_top() + self.n_lanes as f64 * self.lane
    }

    /// The top of the lanes of tasks.
    pub fn tasks_top(self) -> f64 {
        self.gauges_top() + self.n_gauges as f64 * (GAUGE + GAP)
    }

    /// What stands at a height.
    pub fn part_at(self, y: f64) -> Part {
        let index = |top: f64, height: f64, count: usize| (((y - top) / height) as usize).min(count - 1);
        if y >= self.tasks_top() && self.n_tasks > 0 {
            let lane = index(self.tasks_top() + TASK.1, TASK.0, self.n_tasks);
            Part::Task(TaskId((lane * self.tasks_per_lane) as u32))
        } else if y >= self.gauges_top() && self.n_gauges > 0 {
            Part::Gauge(Gauge(index(self.gauges_top(), GAUGE + GAP, self.n_gauges) as u16))
        } else if y >= self.lanes_top() && self.n_lanes > 0 {
            Part::Lane(Lane(index(self.lanes_top(), self.lane, self.n_lanes) as u16 + 1))
        } else if y >= IN_FLIGHT.0 && self.has_requests {
            Part::Requests
        } else {
            Part::Loop
        }
    }
}
