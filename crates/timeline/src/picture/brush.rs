//! Draws on a picture: each band of it from an index, a column of pixels at a time.

use engine::trace::{Nanos, SpanKind, TaskId};

use super::colours::{Colour, Palette, Texture, mix, visible};
use super::layout::{FREEZE, GAP, GAUGE, IN_FLIGHT, LIFE, LOOP, TASK, YIELDS};
use super::{Indexed, Picture, Scene};
use crate::Viewport;
use crate::coverage::Stretches;
use crate::index::{Index, Layer};
use crate::levels::Levels;

/// A border has sides from so many lines of width on.
const NARROWEST: usize = 4;

/// Draws on a picture, a band of it after another.
pub struct Brush<'a> {
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
    /// A brush for a stretch of time.
    pub fn new(picture: &'a mut Picture, view: Viewport, ratio: f64) -> Brush<'a> {
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

    /// What happened, as far as its trace goes.
    pub fn fill(&mut self, one: Indexed, scene: &Scene, palette: &Palette, opacity: u8) {
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

    /// The layers of a lane, of which all together are `whole`; idle until `end`.
    pub fn lane(
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

    /// What was predicted: the borders of what is at work, and the heights of levels.
    pub fn outline(&mut self, index: &Index, scene: &Scene, palette: &Palette) {
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

    /// The life of a task: a shade from its first moment to its last, and what it was at in between.
    pub fn life(&mut self, one: Indexed, task: TaskId, palette: &Palette) {
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
