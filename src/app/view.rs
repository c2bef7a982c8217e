//! The view: the stretch of time, the moment and the task that the reader looks at. Plain data, shared by all
//! rows; knows neither traces nor pixels.

use engine::number::within;
use engine::trace::{Nanos, TaskId};
use lab::Strategy;

/// The shortest stretch of time that the view can show.
const SHORTEST: Nanos = Nanos(10_000);

/// How fast the playhead moves by itself, in lab time per real time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Speed {
    /// As fast as lab time.
    #[default]
    Full,
    /// A quarter as fast.
    Quarter,
    /// A sixteenth as fast.
    Sixteenth,
}

impl Speed {
    /// Every speed, the fastest first.
    pub const ALL: [Speed; 3] = [Speed::Full, Speed::Quarter, Speed::Sixteenth];

    /// The number to divide real time by.
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
    /// The strategy whose picture it is in.
    pub strategy: &'static Strategy,
    /// Its time, in lab time.
    pub at: Nanos,
    /// Its distance from the upper edge of the picture, in CSS pixels.
    pub y: f64,
    /// The lab time of a pixel: something this far from the point still counts as hit.
    pub pixel: Nanos,
    /// The task at the point.
    pub task: Option<TaskId>,
    /// Where there is room for the tip: CSS pixels from the stage's left and upper edges.
    pub room: (f64, f64),
}

/// The view of the timelines.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct View {
    /// The stretch of time that is shown; `None` means all of it.
    window: Option<(Nanos, Nanos)>,
    /// The moment that the reader looks at, if any.
    pub playhead: Option<Nanos>,
    /// Whether the playhead moves by itself.
    pub is_playing: bool,
    /// How fast the playhead moves.
    pub speed: Speed,
    /// The chosen task.
    pub task: Option<TaskId>,
    /// The point under the pointer.
    pub point: Option<Point>,
    /// Whether every task has a lane.
    pub shows_tasks: bool,
    /// The strategy whose loop is inspected; `None` means the first.
    pub focus: Option<&'static Strategy>,
}

/// A change of the view.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Look {
    /// Zooms by a factor, around a place: 0 is the left edge, 1 the right edge.
    ZoomAt(f64, f64),
    /// Zooms by a factor, around the playhead if it is visible, else around the middle.
    Zoom(f64),
    /// Moves by a fraction of the width.
    PanBy(f64),
    /// Shows this stretch.
    Show(Nanos, Nanos),
    /// Shows everything.
    Fit,
    /// Puts the playhead at a moment, or removes it.
    SetPlayhead(Option<Nanos>),
    /// Starts the playhead (from the beginning, if it is at the end), or stops it.
    TogglePlay,
    /// Chooses how fast the playhead moves.
    SetSpeed(Speed),
    /// Moves the playhead after this much real time.
    Advance(Nanos),
    /// Points at something, or at nothing.
    PointAt(Option<Point>),
    /// Chooses a task, or none.
    SelectTask(Option<TaskId>),
    /// Shows a lane for every task, or hides them.
    ToggleTasks,
    /// Inspects the loop of this strategy.
    FocusOn(&'static Strategy),
}

impl View {
    /// The stretch of time that is shown, on an axis that ends at `end`.
    pub fn window(&self, end: Nanos) -> (Nanos, Nanos) {
        match self.window {
            Some((from, to)) if from < end => (from, to.min(end)),
            _ => (Nanos::ZERO, end),
        }
    }

    /// Whether only a part of the axis is shown.
    pub fn is_zoomed(&self, end: Nanos) -> bool {
        self.window(end) != (Nanos::ZERO, end)
    }

    /// The highlighted task: the one under the pointer, else the chosen one.
    pub fn lit(&self) -> Option<TaskId> {
        self.point.and_then(|point| point.task).or(self.task)
    }

    /// The place of a time in the window, from 0 at the left edge to 1 at the right edge; `None` outside.
    pub fn share(&self, at: Nanos, end: Nanos) -> Option<f64> {
        let (from, to) = self.window(end);
        let is_inside = from <= at && at <= to;
        is_inside.then(|| at.since(from).0 as f64 / to.since(from).0.max(1) as f64)
    }

    /// Applies a change, on an axis that ends at `end`.
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

    /// Zooms, and keeps the time at this place where it is.
    fn zoom(&mut self, share: f64, factor: f64, end: Nanos) {
        let (from, to) = self.window(end);
        let length = to.since(from).0 as f64;
        let at = from.0 as f64 + share * length;
        let new = within(length / factor, SHORTEST.0.min(end.0) as f64, end.0 as f64);
        self.show_from(at - share * new, Nanos(new.round() as u64), end);
    }

    /// Shows a stretch of this length, from this time or as near to it as possible.
    fn show_from(&mut self, from: f64, length: Nanos, end: Nanos) {
        let from = Nanos(within(from, 0.0, end.since(length).0 as f64).round() as u64);
        self.window = (length < end).then_some((from, from + length));
    }

    /// Moves the window on when the playhead has left it.
    fn follow(&mut self, end: Nanos) {
        let Some(at) = self.playhead.filter(|at| self.share(*at, end).is_none()) else { return };
        let (from, to) = self.window(end);
        let length = to.since(from);
        // Forwards, the playhead re-enters at the left edge; backwards, at the right.
        let start = if at > to { at.0 as f64 } else { at.0 as f64 - length.0 as f64 };
        self.show_from(start, length, end);
    }
}
