//! What the reader looks at: which stretch of time, which moment, which task. Plain data, shared by all
//! rows; knows neither traces nor pixels.

use engine::number::within;
use engine::trace::{Nanos, TaskId};
use lab::Strategy;

/// No less than this is ever stretched over the whole width.
const SHORTEST: Nanos = Nanos(10_000);

/// How fast the playhead moves of itself, in the lab's time per real time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Speed {
    /// As the lab's time goes by.
    #[default]
    Full,
    /// A quarter of that.
    Quarter,
    /// A sixteenth.
    Sixteenth,
}

impl Speed {
    /// Every speed, the fastest first.
    pub const ALL: [Speed; 3] = [Speed::Full, Speed::Quarter, Speed::Sixteenth];

    /// The number to divide by.
    pub fn divisor(self) -> u64 {
        match self {
            Speed::Full => 1,
            Speed::Quarter => 4,
            Speed::Sixteenth => 16,
        }
    }
}

/// A point under the pointer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Point {
    /// In the picture of this strategy.
    pub strategy: &'static Strategy,
    /// At this time.
    pub at: Nanos,
    /// So many CSS pixels below its upper edge.
    pub y: f64,
    /// How long a pixel is: so far from it something still counts as hit.
    pub pixel: Nanos,
    /// The task that is there.
    pub task: Option<TaskId>,
    /// Where there is room for what is told about it: CSS pixels from the stage's left and upper edge.
    pub room: (f64, f64),
}

/// What the reader looks at.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct View {
    /// The stretch that is shown; nothing: all there is.
    window: Option<(Nanos, Nanos)>,
    /// The moment that is looked at.
    pub playhead: Option<Nanos>,
    /// Whether the playhead moves of itself.
    pub is_playing: bool,
    /// How fast it does.
    pub speed: Speed,
    /// The task that was chosen.
    pub task: Option<TaskId>,
    /// What is under the pointer.
    pub point: Option<Point>,
    /// Whether every task has a lane.
    pub shows_tasks: bool,
    /// Whose loop is inspected; nothing: the first one's.
    pub focus: Option<&'static Strategy>,
}

/// What changes the view.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Look {
    /// Stretches time by a factor, around a place: 0 is the left edge, 1 the right one.
    ZoomAt(f64, f64),
    /// Stretches time by a factor, around the playhead if it is in sight, else around the middle.
    Zoom(f64),
    /// Moves along by a share of the width.
    PanBy(f64),
    /// Shows this stretch.
    Show(Nanos, Nanos),
    /// Shows everything.
    Fit,
    /// Looks at a moment; nothing: at none.
    SetPlayhead(Option<Nanos>),
    /// Lets the playhead move, from the start if it is at the end; or stops it.
    TogglePlay,
    /// Chooses how fast it moves.
    SetSpeed(Speed),
    /// So much real time has passed.
    Advance(Nanos),
    /// Points at something, or at nothing.
    PointAt(Option<Point>),
    /// Chooses a task, or none.
    SelectTask(Option<TaskId>),
    /// Gives every task a lane, or does not.
    ToggleTasks,
    /// Inspects the loop of this strategy.
    FocusOn(&'static Strategy),
}

impl View {
    /// The stretch that is shown of an axis that ends then.
    pub fn window(&self, end: Nanos) -> (Nanos, Nanos) {
        match self.window {
            Some((from, to)) if from < end => (from, to.min(end)),
            _ => (Nanos::ZERO, end),
        }
    }

    /// Whether there is more than what is shown.
    pub fn is_zoomed(&self, end: Nanos) -> bool {
        self.window(end) != (Nanos::ZERO, end)
    }

    /// The task that is lit up: the one under the pointer, else the chosen one.
    pub fn lit(&self) -> Option<TaskId> {
        self.point.and_then(|point| point.task).or(self.task)
    }

    /// Where a time stands in the window: 0 at its left edge, 1 at its right one, nothing outside.
    pub fn share(&self, at: Nanos, end: Nanos) -> Option<f64> {
        let (from, to) = self.window(end);
        let is_inside = from <= at && at <= to;
        is_inside.then(|| at.since(from).0 as f64 / to.since(from).0.max(1) as f64)
    }

    /// Does what was asked for, on an axis that ends then.
    pub fn apply(&mut self, look: Look, end: Nanos) {
        match look {
            Look::ZoomAt(share, factor) => self.zoom(share, factor, end),
            Look::Zoom(factor) => {
                let share = self.playhead.and_then(|at| self.share(at, end)).unwrap_or(0.5);
                self.zoom(share, factor, end);
            }
            Look::PanBy(share) => {
                let (from, to) = self.window(end);
                let length = to.since(from);
                self.show_from(from.0 as f64 + share * length.0 as f64, length, end);
            }
            Look::Show(from, to) => {
                let length = to.since(from).max(SHORTEST);
                self.show_from(from.0 as f64, length, end);
            }
            Look::Fit => self.window = None,
            Look::SetPlayhead(at) => {
                self.playhead = at.map(|at| at.min(end));
                self.is_playing &= at.is_some();
                self.follow(end);
            }
            Look::TogglePlay => {
                self.is_playing = !self.is_playing;
                if self.is_playing && self.playhead.is_none_or(|at| at >= end) {
                    self.playhead = Some(Nanos::ZERO);
                    self.follow(end);
                }
            }
            Look::SetSpeed(speed) => self.speed = speed,
            Look::Advance(real) => {
                let at = self.playhead.unwrap_or_default() + Nanos(real.0 / self.speed.divisor());
                self.is_playing &= at < end;
                self.playhead = Some(at.min(end));
                self.follow(end);
            }
            Look::PointAt(point) => self.point = point,
            Look::SelectTask(task) => self.task = task,
            Look::ToggleTasks => self.shows_tasks = !self.shows_tasks,
            Look::FocusOn(strategy) => self.focus = Some(strategy),
        }
    }

    /// Zooms, and keeps what is at that place there.
    fn zoom(&mut self, share: f64, factor: f64, end: Nanos) {
        let (from, to) = self.window(end);
        let length = to.since(from).0 as f64;
        let at = from.0 as f64 + share * length;
        let new = within(length / factor, SHORTEST.0.min(end.0) as f64, end.0 as f64);
        self.show_from(at - share * new, Nanos(new.round() as u64), end);
    }

    /// Shows a stretch of this length, from there or as near as it can be.
    fn show_from(&mut self, from: f64, length: Nanos, end: Nanos) {
        let from = Nanos(within(from, 0.0, end.since(length).0 as f64).round() as u64);
        self.window = (length < end).then_some((from, from + length));
    }

    /// Turns the page when the playhead has left the window.
    fn follow(&mut self, end: Nanos) {
        let Some(at) = self.playhead.filter(|at| self.share(*at, end).is_none()) else { return };
        let (from, to) = self.window(end);
        let length = to.since(from);
        // Onwards it comes in at the left, back at the right.
        let start = if at > to { at.0 as f64 } else { at.0 as f64 - length.0 as f64 };
        self.show_from(start, length, end);
    }
}
