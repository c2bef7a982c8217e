//! A part of a strategy's traces as pixels: the prediction as an outline over the measurement.
//!
//! Knows sorted traces and colours, not canvases. The work is bounded by the number of pixels, not of spans,
//! and nothing vanishes: whatever happened in a column colours it a little.

use engine::trace::{Gauge, Lane, Nanos, SpanKind, TaskId, Trace};

use super::Viewport;
use super::coverage::Stretches;
use super::index::{Index, Layer};
use super::levels::Levels;

/// Red, green, blue and opacity.
pub type Colour = [u8; 4];

/// The opacity of something that covers hardly any of its column.
const LEAST_OPACITY: u8 = 72;
/// The opacity of the fill of a prediction where nothing is measured.
const PALE: u8 = 140;

/// Top and height in CSS pixels: the stripe that marks a freeze.
const FREEZE: (f64, f64) = (0.0, 3.0);
/// The loop's lane.
const LOOP: (f64, f64) = (5.0, 16.0);
/// The marks of yields below the loop's lane.
const YIELDS: (f64, f64) = (22.0, 3.0);
/// The life of the highlighted task.
const LIFE: (f64, f64) = (27.0, 4.0);
/// Requests in flight.
const IN_FLIGHT: (f64, f64) = (33.0, 20.0);
/// The space above a gauge, and above a lane that is not the loop's.
const GAP: f64 = 2.0;
/// The greatest height of all lanes but the loop's together, and the greatest and the least height of one of
/// them.
const LANES: (f64, f64, f64) = (120.0, 10.0, 2.0);
/// The height of a gauge.
const GAUGE: f64 = 16.0;
/// The height of a task's lane, and the space above all such lanes.
const TASK: (f64, f64) = (3.0, 6.0);
/// The width, in lines, from which on a border has sides.
const NARROWEST: usize = 4;
/// The height of a strategy in the overview.
const OVERVIEW: f64 = 4.0;

/// The colours of a theme.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Palette {
    /// The loop while it is idle.
    pub track: Colour,
    /// Computing.
    pub cpu: Colour,
    /// Waiting in place, and the stripes on it.
    pub blocked: (Colour, Colour),
    /// The page is frozen; a process is down.
    pub freeze: Colour,
    /// A yield; a switch of a core.
    pub yields: Colour,
    /// Requests in flight, and their upper edge.
    pub in_flight: (Colour, Colour),
    /// Waiting at the server.
    pub queued: Colour,
    /// Work beside the loop.
    pub work: Colour,
    /// Waiting for somebody else.
    pub waiting: Colour,
    /// The outline of what was predicted.
    pub outline: Colour,
    /// The highlighted task.
    pub accent: Colour,
}

/// How a kind is filled, so that it can be told by more than its colour.
#[derive(Clone, Copy, PartialEq)]
enum Texture {
    Solid,
    /// With slanted lines.
    Stripes(Colour),
    /// The lower half.
    Half,
    /// A line in the middle.
    Thin,
    /// Every other point.
    Dots,
}

impl Palette {
    fn of(&self, kind: SpanKind) -> (Colour, Texture) {
        match kind {
            SpanKind::Blocked => (self.blocked.0, Texture::Stripes(self.blocked.1)),
            SpanKind::Service => (self.in_flight.1, Texture::Half),
            SpanKind::Work => (self.work, Texture::Solid),
            SpanKind::Switch => (self.yields, Texture::Dots),
            SpanKind::Down => (self.freeze, Texture::Stripes(self.track)),
            SpanKind::Queued => (self.queued, Texture::Dots),
            SpanKind::Waiting | SpanKind::Delivery => (self.waiting, Texture::Thin),
            SpanKind::Cpu | SpanKind::Turn | SpanKind::Yield => (self.cpu, Texture::Solid),
        }
    }
}

/// What is where in a picture, from top to bottom: the loop, its requests, the other lanes, gauges, tasks.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Layout {
    has_requests: bool,
    n_lanes: usize,
    n_gauges: usize,
    n_tasks: usize,
    tasks_per_lane: usize,
    /// The height of a lane that is not the loop's, with the space above it.
    lane: f64,
}

/// A part of a picture.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Part {
    /// The loop's lane.
    Loop,
    /// The requests in flight.
    Requests,
    /// Another lane.
    Lane(Lane),
    /// A gauge.
    Gauge(Gauge),
    /// A task; if several share a lane, the first of them.
    Task(TaskId),
}

impl Layout {
    /// A layout with room for both traces of a strategy.
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

    /// The height of the picture, in CSS pixels.
    pub fn height(self) -> f64 {
        let space = if self.n_tasks > 0 { TASK.1 } else { 0.0 };
        self.tasks_top() + self.n_tasks as f64 * TASK.0 + space
    }

    fn lanes_top(self) -> f64 {
        if self.has_requests { IN_FLIGHT.0 + IN_FLIGHT.1 } else { IN_FLIGHT.0 }
    }

    fn gauges_top(self) -> f64 {
        self.lanes_top() + self.n_lanes as f64 * self.lane
    }

    fn tasks_top(self) -> f64 {
        self.gauges_top() + self.n_gauges as f64 * (GAUGE + GAP)
    }

    /// The part at a height, in CSS pixels from the top.
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

/// A trace with its index.
#[derive(Clone, Copy)]
pub struct Indexed<'a> {
    /// The trace.
    pub trace: &'a Trace,
    /// The index of this trace.
    pub index: &'a Index,
}

/// What to draw of a strategy.
pub struct Scene<'a> {
    /// The prediction, if it is to be drawn.
    pub predicted: Option<Indexed<'a>>,
    /// The measurement, if there is one.
    pub measured: Option<Indexed<'a>>,
    /// The stretch of time, and the width in device pixels.
    pub view: Viewport,
    /// Device pixels per CSS pixel.
    pub ratio: f64,
    /// The layout.
    pub layout: Layout,
    /// The number of requests in flight that reaches the top of their lane.
    pub most_in_flight: u32,
    /// The highlighted task, if there is one.
    pub task: Option<TaskId>,
}

/// Pixels, row by row.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Picture {
    /// The width in device pixels.
    pub width: usize,
    /// The height in device pixels.
    pub height: usize,
    /// All pixels.
    pub pixels: Vec<Colour>,
}

impl Picture {
    /// Clears the picture and gives it this size, in device pixels.
    fn reset(&mut self, width: usize, height: usize) {
        (self.width, self.height) = (width, height);
        self.pixels.clear();
        self.pixels.resize(width * height, [0; 4]);
    }

    /// The colour of a pixel; `None` outside the picture.
    pub fn pixel(&self, x: usize, y: usize) -> Option<Colour> {
        self.pixels.get(y * self.width + x).copied().filter(|_| x < self.width)
    }

    /// Draws a strategy.
    pub fn draw(&mut self, scene: &Scene, palette: &Palette) {
        let height = (scene.layout.height() * scene.ratio).round() as usize;
        self.reset(scene.view.width.max(1.0) as usize, height);
        let mut brush = Brush::new(self, scene.view, scene.ratio);
        let filled = scene.measured.or(scene.predicted);
        let opacity = if scene.measured.is_some() { 255 } else { PALE };
        if let Some(filled) = filled {
            brush.fill(filled, scene, palette, opacity);
        }
        if let Some(predicted) = scene.predicted {
            brush.outline(predicted.index, scene, palette);
        }
        if let (Some(task), Some(filled)) = (scene.task, filled) {
            brush.life(filled, task, palette);
        }
    }

    /// Draws one lane of each of several strategies, close together: usually the loop's.
    pub fn draw_overview<'a>(
        &mut self,
        strategies: impl ExactSizeIterator<Item = Option<&'a Index>>,
        view: Viewport,
        ratio: f64,
        palette: &Palette,
    ) {
        let height = (strategies.len() as f64 * OVERVIEW * ratio).round() as usize;
        self.reset(view.width.max(1.0) as usize, height);
        let mut brush = Brush::new(self, view, ratio);
        for (number, index) in strategies.enumerate() {
            if let Some(index) = index {
                let band = (number as f64 * OVERVIEW, OVERVIEW - 1.0);
                // If the loop does nothing, the first lane that does something.
                let lane = index.lanes.iter().find(|lane| !lane.is_empty());
                brush.lane(lane, 1, band, Some(index.end), palette, 255);
            }
        }
    }
}

/// Draws on a picture, one band after another.
struct Brush<'a> {
    picture: &'a mut Picture,
    view: Viewport,
    ratio: f64,
    /// The times at the edges of the columns.
    edges: Vec<Nanos>,
    /// A buffer for the shares of a layer.
    shares: Vec<u8>,
    peaks: Vec<u32>,
    line: Vec<Colour>,
}

impl<'a> Brush<'a> {
    fn new(picture: &'a mut Picture, view: Viewport, ratio: f64) -> Brush<'a> {
        let length = view.to.since(view.from).0 as f64 / picture.width as f64;
        let edges = (0..=picture.width).map(|x| view.from + Nanos((x as f64 * length) as u64)).collect();
        let (shares, peaks, line) = (Vec::new(), Vec::new(), Vec::new());
        Brush { picture, view, ratio, edges, shares, peaks, line }
    }

    /// A band in CSS pixels as device pixels, at least one high: its first row, and the row below it.
    fn rows(&self, (top, height): (f64, f64)) -> (usize, usize) {
        let first = ((top * self.ratio).round() as usize).min(self.picture.height);
        let last = (((top + height) * self.ratio).round() as usize).max(first + 1);
        (first, last.min(self.picture.height))
    }

    /// How many columns a run has that ends at `end`.
    fn columns_until(&self, end: Nanos) -> usize {
        (self.view.x(end).ceil().max(0.0) as usize).min(self.picture.width)
    }

    fn fill(&mut self, one: Indexed, scene: &Scene, palette: &Palette, opacity: u8) {
        let Indexed { index, trace } = one;
        let layout = scene.layout;
        let solid = |colour: Colour| (colour, Texture::Solid);
        index.freezes.shares(&self.edges, 1, &mut self.shares);
        self.texture(solid(palette.freeze), FREEZE, opacity);
        self.lane(index.lanes.first(), 1, LOOP, Some(index.end), palette, opacity);
        index.yields.shares(&self.edges, 1, &mut self.shares);
        self.texture(solid(palette.yields), YIELDS, opacity);
        if layout.has_requests {
            let most = scene.most_in_flight;
            self.level(&index.in_flight, most, IN_FLIGHT, index.end, palette.in_flight, opacity);
            self.queue(&index.queued, most, palette.queued, opacity);
        }
        for (number, lane) in index.lanes.iter().skip(1).enumerate() {
            let top = layout.lanes_top() + number as f64 * layout.lane + GAP;
            self.lane(Some(lane), 1, (top, layout.lane - GAP), None, palette, opacity);
        }
        for (number, gauge) in index.gauges.iter().enumerate() {
            let top = layout.gauges_top() + number as f64 * (GAUGE + GAP) + GAP;
            self.level(gauge, gauge.peak(), (top, GAUGE), index.end, palette.in_flight, opacity);
        }
        if layout.n_tasks > 0 {
            let whole = index.tasks_per_lane() as u32;
            for (number, lane) in index.tasks(trace).iter().enumerate() {
                let top = layout.tasks_top() + TASK.1 + number as f64 * TASK.0;
                self.lane(Some(lane), whole, (top, TASK.0), None, palette, opacity);
            }
        }
    }

    /// Draws the layers of a lane, where `whole` is all there can be at once. The lane is idle until `end`.
    fn lane(
        &mut self,
        lane: Option<&Vec<Layer>>,
        whole: u32,
        band: (f64, f64),
        end: Option<Nanos>,
        palette: &Palette,
        opacity: u8,
    ) {
        let (first, last) = self.rows(band);
        let width = self.picture.width;
        let idle = end.map_or(0, |end| self.columns_until(end));
        self.line.clear();
        self.line.resize(idle, palette.track);
        self.line.resize(width, [0; 4]);
        let layers = || lane.into_iter().flatten();
        for (kind, coverage) in layers() {
            if let (colour, Texture::Solid) = palette.of(*kind) {
                coverage.shares(&self.edges, whole, &mut self.shares);
                for (pixel, share) in self.line.iter_mut().zip(&self.shares) {
                    *pixel = mix(*pixel, colour, visible(*share, opacity));
                }
            }
        }
        for row in self.picture.pixels.chunks_mut(width).take(last).skip(first) {
            row.copy_from_slice(&self.line);
        }
        for (kind, coverage) in layers() {
            let look = palette.of(*kind);
            if look.1 != Texture::Solid {
                coverage.shares(&self.edges, whole, &mut self.shares);
                self.texture(look, band, opacity);
            }
        }
    }

    /// Fills a band in the columns that have a share of the layer.
    fn texture(&mut self, (colour, texture): (Colour, Texture), band: (f64, f64), opacity: u8) {
        const DISTANCE: usize = 5;
        let (first, last) = self.rows(band);
        let size = (self.ratio.round() as usize).max(1);
        let middle = (first + last) / 2;
        for y in first..last {
            let is_in = match texture {
                Texture::Half => y >= middle,
                Texture::Thin => (middle..middle + size).contains(&y) || last - first == 1,
                _ => true,
            };
            if !is_in {
                continue;
            }
            let row = &mut self.picture.pixels[y * self.picture.width..][..self.picture.width];
            for (x, (pixel, share)) in row.iter_mut().zip(&self.shares).enumerate() {
                if *share == 0 {
                    continue;
                }
                let colour = match texture {
                    Texture::Stripes(other) if ((x + y) / size).is_multiple_of(DISTANCE) => other,
                    Texture::Dots if (x / size + (y - first) / size) % 2 == 1 => continue,
                    _ => colour,
                };
                *pixel = mix(*pixel, colour, visible(*share, opacity));
            }
        }
    }

    /// Draws a level over time as an area with an edge. A level above zero is always visible.
    fn level(
        &mut self,
        levels: &Levels,
        most: u32,
        band: (f64, f64),
        end: Nanos,
        (colour, edge): (Colour, Colour),
        opacity: u8,
    ) {
        levels.peaks(&self.edges, &mut self.peaks);
        self.peaks.truncate(self.columns_until(end));
        let line = (self.ratio.round() as usize).max(1);
        for x in 0..self.peaks.len() {
            let (top, bottom) = self.reach(self.peaks[x], most, band);
            for y in top..bottom {
                let (colour, opacity) = if y < top + line { (edge, 255) } else { (colour, opacity) };
                self.mix_at(x, y, colour, opacity);
            }
        }
    }

    /// Draws the requests that wait at the server, as a part of those in flight.
    fn queue(&mut self, levels: &Levels, most: u32, colour: Colour, opacity: u8) {
        levels.peaks(&self.edges, &mut self.peaks);
        let size = (self.ratio.round() as usize).max(1);
        for x in 0..self.peaks.len() {
            let (top, bottom) = self.reach(self.peaks[x], most, IN_FLIGHT);
            for y in (top..bottom).filter(|y| (x / size + y / size).is_multiple_of(2)) {
                self.mix_at(x, y, colour, opacity);
            }
        }
    }

    /// The rows that a level covers.
    fn reach(&self, level: u32, most: u32, band: (f64, f64)) -> (usize, usize) {
        let (first, last) = self.rows(band);
        let share = f64::from(level) / f64::from(most.max(1));
        let least = if level == 0 { 0.0 } else { 2.0 * self.ratio };
        let tall = (share * (last - first) as f64).max(least).round() as usize;
        (last.saturating_sub(tall).max(first), last)
    }

    /// Draws the outline of a prediction: the borders of work, and the edges of levels.
    fn outline(&mut self, index: &Index, scene: &Scene, palette: &Palette) {
        let layout = scene.layout;
        // If the prediction is filled, its levels have edges already.
        let is_alone = scene.measured.is_none();
        let level = if is_alone { palette.in_flight.1 } else { palette.outline };
        self.border(index.lanes.first(), LOOP, palette.outline, is_alone);
        if layout.has_requests {
            self.edge(&index.in_flight, scene.most_in_flight, IN_FLIGHT, index.end, level);
        }
        for (number, lane) in index.lanes.iter().skip(1).enumerate() {
            let top = layout.lanes_top() + number as f64 * layout.lane + GAP;
            self.border(Some(lane), (top, layout.lane - GAP), palette.outline, is_alone);
        }
        for (number, gauge) in index.gauges.iter().enumerate() {
            let top = layout.gauges_top() + number as f64 * (GAUGE + GAP) + GAP;
            self.edge(gauge, gauge.peak(), (top, GAUGE), index.end, level);
        }
    }

    /// Draws a border around each stretch of work on a lane. If the prediction is filled, stretches too
    /// narrow for an inside get no border.
    fn border(&mut self, lane: Option<&Vec<Layer>>, band: (f64, f64), colour: Colour, is_alone: bool) {
        let mut busy = vec![0u8; self.picture.width];
        let is_work = |kind: SpanKind| !matches!(kind, SpanKind::Waiting | SpanKind::Switch);
        for (_, coverage) in lane.into_iter().flatten().filter(|(kind, _)| is_work(*kind)) {
            coverage.shares(&self.edges, 1, &mut self.shares);
            busy.iter_mut().zip(&self.shares).for_each(|(sum, share)| *sum = sum.saturating_add(*share));
        }
        let (first, last) = self.rows(band);
        let line = (self.ratio.round() as usize).max(1);
        let mut x = 0;
        while let Some(from) = busy[x..].iter().position(|share| *share > 0).map(|free| x + free) {
            let to = from + busy[from..].iter().take_while(|share| **share > 0).count();
            let has_sides = to - from >= NARROWEST * line;
            x = to;
            if is_alone && !has_sides {
                continue;
            }
            for (x, share) in busy.iter().enumerate().take(to).skip(from) {
                let opacity = visible(*share, 255);
                let is_side = has_sides && (x < from + line || x + line >= to);
                let cap = if is_side { last - first } else { line };
                (first..first + cap)
                    .chain(last - line..last)
                    .for_each(|y| self.mix_at(x, y, colour, opacity));
            }
        }
    }

    /// Draws the upper edge of a level.
    fn edge(&mut self, levels: &Levels, most: u32, band: (f64, f64), end: Nanos, colour: Colour) {
        levels.peaks(&self.edges, &mut self.peaks);
        self.peaks.truncate(self.columns_until(end));
        let line = (self.ratio.round() as usize).max(1);
        let mut before = self.rows(band).1;
        for x in 0..self.peaks.len() {
            let (top, bottom) = self.reach(self.peaks[x], most, band);
            let rows = (top.min(before), (top + line).max(before.min(bottom)));
            if self.peaks[x] > 0 || before < bottom {
                (rows.0..rows.1.min(bottom)).for_each(|y| self.mix_at(x, y, colour, 255));
            }
            before = top;
        }
    }

    /// Draws the life of a task: a shade from its first moment to its last, and what it was spent on.
    fn life(&mut self, one: Indexed, task: TaskId, palette: &Palette) {
        const SHADE: u8 = 34;
        let spans = one.index.life(one.trace, task);
        let (Some(start), Some(end)) =
            (spans.iter().map(|span| span.start).min(), spans.iter().map(|span| span.end).max())
        else {
            return;
        };
        if end < self.view.from || start > self.view.to {
            return;
        }
        let from = self.view.x(start).max(0.0) as usize;
        let to = (self.view.x(end).max(0.0).ceil() as usize).max(from + 1).min(self.picture.width);
        for x in from..to {
            (0..self.picture.height).for_each(|y| self.mix_at(x, y, palette.accent, SHADE));
        }
        for kind in SpanKind::ALL {
            let (colour, texture) = match kind {
                SpanKind::Cpu | SpanKind::Blocked | SpanKind::Work => (palette.accent, Texture::Solid),
                SpanKind::Service => (palette.accent, Texture::Half),
                SpanKind::Queued => (palette.accent, Texture::Dots),
                _ => (palette.accent, Texture::Thin),
            };
            let mut stretches = Stretches::default();
            for span in spans.iter().filter(|span| span.kind() == kind) {
                stretches.push(span.start, span.end);
            }
            stretches.cover().shares(&self.edges, 1, &mut self.shares);
            self.texture((colour, texture), LIFE, 255);
        }
    }

    fn mix_at(&mut self, x: usize, y: usize, colour: Colour, opacity: u8) {
        if let Some(pixel) = self.picture.pixels.get_mut(y * self.picture.width + x) {
            *pixel = mix(*pixel, colour, opacity);
        }
    }
}

/// The opacity of a share of a column, where all of it would have this opacity.
#[inline(always)]
fn visible(share: u8, opacity: u8) -> u8 {
    match share {
        0 => 0,
        255 => opacity,
        share => part(share, opacity).max(LEAST_OPACITY),
    }
}

/// Called for every pixel and channel.
#[inline(always)]
fn part(a: u8, b: u8) -> u8 {
    ((u32::from(a) * u32::from(b) + 127) / 255) as u8
}

/// A colour over another, with this opacity.
#[inline(always)]
fn mix(under: Colour, over: Colour, opacity: u8) -> Colour {
    match (opacity, under[3]) {
        (0, _) => under,
        (255, _) => over,
        (_, 0) => [over[0], over[1], over[2], opacity],
        _ => {
            let rest = 255 - opacity;
            [
                part(over[0], opacity) + part(under[0], rest),
                part(over[1], opacity) + part(under[1], rest),
                part(over[2], opacity) + part(under[2], rest),
                opacity + part(under[3], rest),
            ]
        }
    }
}
