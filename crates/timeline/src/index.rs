//! A trace, sorted once, so that any stretch of it can be drawn quickly.
//!
//! Knows traces, stretches of time and levels. Building an index reads all spans; drawing reads none.

use std::cell::{OnceCell, RefCell};

use engine::trace::{Gauge, LONG_TASK, Lane, MarkKind, Nanos, Span, SpanKind, TaskId, Trace};

use super::coverage::{Coverage, Stretches};
use super::levels::Levels;

/// The most lanes for tasks. More tasks than this share lanes, and a lane then shows how many of its tasks do
/// what.
pub const MOST_TASK_LANES: usize = 40;

/// The kinds that a lane shows, in the order in which they are drawn: later ones are on top.
const LAYERS: [SpanKind; 7] = [
    SpanKind::Waiting,
    SpanKind::Service,
    SpanKind::Work,
    SpanKind::Cpu,
    SpanKind::Blocked,
    SpanKind::Switch,
    SpanKind::Down,
];

/// The kinds that the lane of a task shows, in the same order.
const TASK_LAYERS: [SpanKind; 7] = [
    SpanKind::Waiting,
    SpanKind::Queued,
    SpanKind::Service,
    SpanKind::Delivery,
    SpanKind::Work,
    SpanKind::Cpu,
    SpanKind::Blocked,
];

/// A kind, and how many spans of it there are at each time.
pub type Layer = (SpanKind, Coverage);

/// A sorted trace.
#[derive(Debug, Default)]
pub struct Index {
    /// When the run ended, or how far it has come.
    pub end: Nanos,
    /// The layers of each lane, the loop's first.
    pub lanes: Vec<Vec<Layer>>,
    /// The turns that are long tasks, in which the page was frozen.
    pub freezes: Coverage,
    /// The moments at which the thread was given back.
    pub yields: Coverage,
    /// The requests in flight.
    pub in_flight: Levels,
    /// The requests in flight that wait at the server for a free slot.
    pub queued: Levels,
    /// The level of each gauge.
    pub gauges: Vec<Levels>,
    /// The number of tasks.
    pub n_tasks: usize,
    tasks: OnceCell<Vec<Vec<Layer>>>,
    /// The task that was last asked for, with its spans.
    life: RefCell<Option<(TaskId, Vec<Span>)>>,
}

impl Index {
    /// Sorts a trace.
    pub fn of(trace: &Trace) -> Index {
        let n_lanes = trace.lanes().count() + 1;
        let mut lanes = Grid::of(n_lanes, trace, |span| {
            // What the loop waits for is shown by levels instead.
            let is_shown =
                span.lane != Lane::LOOP || matches!(span.kind(), SpanKind::Cpu | SpanKind::Blocked);
            is_shown.then_some(usize::from(span.lane.0))
        });
        let mut freezes = Stretches::default();
        let mut yields = Stretches::default();
        let mut queued = Stretches::default();
        let mut n_tasks = 0;
        for span in trace.spans() {
            lanes.push(span);
            match span.kind() {
                SpanKind::Turn if span.duration() > LONG_TASK => freezes.push(span.start, span.end),
                SpanKind::Yield => yields.push(span.start, span.start),
                SpanKind::Queued => queued.push(span.start, span.end),
                _ => {}
            }
            n_tasks = n_tasks.max(span.task.number().map_or(0, |number| number as usize + 1));
        }
        Index {
            end: trace.end(),
            lanes: lanes.layers(&LAYERS),
            freezes: freezes.cover(),
            yields: yields.cover(),
            in_flight: in_flight(trace),
            queued: Levels::of(queued.count()),
            gauges: trace.gauges().map(|(gauge, _)| levels(trace, gauge)).collect(),
            n_tasks,
            tasks: OnceCell::new(),
            life: RefCell::default(),
        }
    }

    /// The lanes of the tasks: one for each task or, if there are too many, one for several neighbours.
    /// Computed once, for this trace.
    pub fn tasks(&self, trace: &Trace) -> &[Vec<Layer>] {
        self.tasks.get_or_init(|| {
            let per_lane = self.tasks_per_lane();
            let n_lanes = self.n_tasks.div_ceil(per_lane);
            let mut lanes =
                Grid::of(n_lanes, trace, |span| span.task.number().map(|number| number as usize / per_lane));
            trace.spans().iter().for_each(|span| lanes.push(span));
            lanes.layers(&TASK_LAYERS)
        })
    }

    /// How many tasks share a lane.
    pub fn tasks_per_lane(&self) -> usize {
        self.n_tasks.div_ceil(MOST_TASK_LANES).max(1)
    }

    /// All spans of a task of this trace, in the order of their starts. The trace is read again for another
    /// task.
    pub fn life(&self, trace: &Trace, task: TaskId) -> Vec<Span> {
        let mut last = self.life.borrow_mut();
        if let Some((known, spans)) = &*last
            && *known == task
        {
            return spans.clone();
        }
        let mut spans: Vec<Span> = Vec::new();
        for span in trace.spans().iter().filter(|span| span.task == task) {
            let place = spans.partition_point(|one| (one.start, one.end) <= (span.start, span.end));
            spans.insert(place, *span);
        }
        *last = Some((task, spans.clone()));
        spans
    }
}

/// The stretches of every lane and kind, with room for all of them from the start.
struct Grid<F> {
    lane_of: F,
    stretches: Vec<Stretches>,
}

const N_KINDS: usize = SpanKind::ALL.len();

impl<F: Fn(&Span) -> Option<usize>> Grid<F> {
    fn of(n_lanes: usize, trace: &Trace, lane_of: F) -> Grid<F> {
        let mut counts = vec![0usize; n_lanes * N_KINDS];
        for span in trace.spans() {
            let cell = lane_of(span).map(|lane| lane * N_KINDS + span.kind() as usize);
            if let Some(count) = cell.and_then(|cell| counts.get_mut(cell)) {
                *count += 1;
            }
        }
        Grid { lane_of, stretches: counts.into_iter().map(Stretches::with_room).collect() }
    }

    fn push(&mut self, span: &Span) {
        let cell = (self.lane_of)(span).map(|lane| lane * N_KINDS + span.kind() as usize);
        if let Some(stretches) = cell.and_then(|cell| self.stretches.get_mut(cell)) {
            stretches.push(span.start, span.end);
        }
    }

    /// The layers of each lane, of these kinds. Kinds that do not occur are left out.
    fn layers(mut self, kinds: &[SpanKind]) -> Vec<Vec<Layer>> {
        let counted = |lane: &mut [Stretches], kind: SpanKind| {
            let coverage = std::mem::take(&mut lane[kind as usize]).cover();
            (!coverage.is_empty()).then_some((kind, coverage))
        };
        let layers = |lane: &mut [Stretches]| kinds.iter().filter_map(|kind| counted(lane, *kind)).collect();
        self.stretches.chunks_mut(N_KINDS).map(layers).collect()
    }
}

/// The requests that were sent and whose responses were not seen yet.
fn in_flight(trace: &Trace) -> Levels {
    let mut level = 0u32;
    let levels = trace.marks().iter().filter_map(|mark| {
        level = match mark.kind {
            MarkKind::RequestSent => level + 1,
            MarkKind::ResponseSeen => level.saturating_sub(1),
            _ => return None,
        };
        Some((mark.at, level))
    });
    Levels::of(levels.collect())
}

/// The level of a gauge. Negative levels count as zero.
fn levels(trace: &Trace, gauge: Gauge) -> Levels {
    let level = |level: i64| u32::try_from(level.max(0)).unwrap_or(u32::MAX);
    Levels::of(trace.samples_of(gauge).map(|sample| (sample.at, level(sample.level))).collect())
}
