//! A stretch of one strategy's traces as pixels: the prediction as an outline over the measurement.
//!
//! Knows sorted traces and colours, and nothing of canvases. The work is bounded by the pixels, not by
//! the spans, and nothing vanishes: whatever happened in a column leaves a trace of colour there.
//!
//! Start here: `layout` says what stands where, `colours` how it looks, `brush` draws it.

use engine::trace::{TaskId, Trace};

use self::brush::Brush;
pub use self::colours::{Colour, Palette};
pub use self::layout::{Layout, Part};
use crate::Viewport;
use crate::index::Index;

mod brush;
mod colours;
mod layout;

/// Where nothing is measured, the prediction is also filled, this pale.
const PALE: u8 = 140;
/// Height of a strategy in the overview.
const OVERVIEW: f64 = 4.0;

/// A trace and its index.
#[derive(Clone, Copy)]
pub struct Indexed<'a> {
    /// The trace.
    pub trace: &'a Trace,
    /// The same, sorted.
    pub index: &'a Index,
}

/// What is to be drawn of a strategy.
pub struct Scene<'a> {
    /// What it would do.
    pub predicted: Option<Indexed<'a>>,
    /// What it did.
    pub measured: Option<Indexed<'a>>,
    /// The stretch of time, on so many device pixels.
    pub view: Viewport,
    /// Device pixels per CSS pixel.
    pub ratio: f64,
    /// Where everything stands.
    pub layout: Layout,
    /// The requests in flight at the top of their lane.
    pub most_in_flight: u32,
    /// The task that is lit up.
    pub task: Option<TaskId>,
}

/// Pixels, row by row.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Picture {
    /// Device pixels from left to right.
    pub width: usize,
    /// Device pixels from top to bottom.
    pub height: usize,
    /// All of them.
    pub pixels: Vec<Colour>,
}

impl Picture {
    /// Empties it, at this size in device pixels.
    fn reset(&mut self, width: usize, height: usize) {
        (self.width, self.height) = (width, height);
        self.pixels.clear();
        self.pixels.resize(width * height, [0; 4]);
    }

    /// The colour of a pixel; nothing outside.
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

    /// Draws a lane of each of several strategies, one close under another: the loop's, as a rule.
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
                // Where the loop has nothing to do, the first who has.
                let lane = index.lanes.iter().find(|lane| !lane.is_empty());
                brush.lane(lane, 1, band, Some(index.end), palette, 255);
            }
        }
    }
}
