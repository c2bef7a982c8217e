//! Shapes onto a canvas. Knows the timeline's shapes and the style sheet's colours, not the state.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::timeline::{Bar, BarKind, Viewport, in_flight, lane_bars, loop_bars};
use crate::trace::{Nanos, Trace};

/// Height of the stripe that marks a freeze, above the loop's lane, in CSS pixels.
const FREEZE: f64 = 3.0;
/// Top and height of the loop's lane.
const LOOP: (f64, f64) = (4.0, 14.0);
/// Top and height of the lane of requests in flight.
const IN_FLIGHT: (f64, f64) = (22.0, 20.0);
/// The opacity of what covers next to nothing of its pixels.
const LEAST_OPACITY: f64 = 0.25;
/// Height of both lanes together.
const HEIGHT: f64 = IN_FLIGHT.0 + IN_FLIGHT.1;
/// From the top of one lane beside the loop's own to the next, and what of it is drawn.
const LANE: (f64, f64) = (11.0, 8.0);

/// The height of a canvas with so many lanes beside the loop's own, in CSS pixels.
pub fn height(lanes: usize) -> f64 {
    HEIGHT + lanes as f64 * LANE.0 + if lanes > 0 { 3.0 } else { 0.0 }
}

/// What the axes of a canvas stand for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Axes {
    /// The time at the right edge.
    pub end: Nanos,
    /// The requests in flight at the top of their lane.
    pub most_in_flight: usize,
}

/// The colours, as the style sheet has them for the theme in use.
struct Colours {
    track: String,
    cpu: String,
    blocked: String,
    blocked_stripes: String,
    freeze: String,
    yields: String,
    in_flight: String,
    in_flight_edge: String,
}

impl Colours {
    fn of(canvas: &HtmlCanvasElement) -> Option<Colours> {
        let style = web_sys::window()?.get_computed_style(canvas).ok()??;
        let colour = |name: &str| style.get_property_value(name).map(|value| value.trim().to_string()).ok();
        Some(Colours {
            track: colour("--track")?,
            cpu: colour("--cpu")?,
            blocked: colour("--blocked")?,
            blocked_stripes: colour("--blocked-stripes")?,
            freeze: colour("--freeze")?,
            yields: colour("--yield")?,
            in_flight: colour("--in-flight")?,
            in_flight_edge: colour("--in-flight-edge")?,
        })
    }
}

/// The stretch of time that a canvas of this width shows.
pub fn view(width: f64, axes: Axes) -> Viewport {
    Viewport { from: Nanos::ZERO, to: axes.end, width: width.max(1.0) }
}

/// Draws `trace` onto `canvas`, sharp at its pixel ratio. Does nothing on a canvas that is not shown.
pub fn paint(canvas: &HtmlCanvasElement, trace: &Trace, axes: Axes) {
    let width = f64::from(canvas.client_width());
    let (Some(context), Some(colours)) = (prepare(canvas, width), Colours::of(canvas)) else {
        return;
    };
    let view = view(width, axes);
    // The loop is there from the start of the run to its end: idle where nothing else is drawn.
    context.set_fill_style_str(&colours.track);
    context.fill_rect(0.0, LOOP.0, view.x(trace.end()).min(width), LOOP.1);
    level(&context, &colours, trace, view, axes.most_in_flight);
    for bar in loop_bars(trace, view) {
        draw(&context, &colours, bar, LOOP);
    }
    for (lane, _) in trace.lanes() {
        context.set_global_alpha(1.0);
        let top = HEIGHT + 3.0 + f64::from(lane.0 - 1) * LANE.0;
        context.set_fill_style_str(&colours.track);
        context.fill_rect(0.0, top, view.x(trace.end()).min(width), LANE.1);
        for bar in lane_bars(trace, lane, view) {
            draw(&context, &colours, bar, (top, LANE.1));
        }
    }
    context.set_global_alpha(1.0);
}

/// Empties the canvas, gives it as many pixels as it covers and returns its context in CSS pixels.
pub fn prepare(canvas: &HtmlCanvasElement, width: f64) -> Option<CanvasRenderingContext2d> {
    let ratio = web_sys::window()?.device_pixel_ratio();
    if width < 1.0 {
        return None;
    }
    canvas.set_width((width * ratio).round() as u32);
    canvas.set_height((f64::from(canvas.client_height()) * ratio).round() as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.scale(ratio, ratio).ok()?;
    Some(context)
}

fn draw(context: &CanvasRenderingContext2d, colours: &Colours, bar: Bar, (top, height): (f64, f64)) {
    let Bar { kind, x, width, share } = bar;
    // Where a pixel is covered only in part, it is paler; but never so pale that it vanishes.
    context.set_global_alpha(share.max(LEAST_OPACITY));
    match kind {
        BarKind::Cpu => {
            context.set_fill_style_str(&colours.cpu);
            context.fill_rect(x, top, width, height);
        }
        BarKind::Waiting => {
            context.set_fill_style_str(&colours.blocked_stripes);
            context.fill_rect(x, top + height / 2.0 - 1.0, width, 2.0);
        }
        BarKind::Blocked => {
            context.set_fill_style_str(&colours.blocked);
            context.fill_rect(x, top, width, height);
            stripes(context, colours, x, width, (top, height));
        }
        BarKind::Freeze => {
            context.set_fill_style_str(&colours.freeze);
            context.fill_rect(x, 0.0, width, FREEZE);
        }
        BarKind::Yield => {
            context.set_fill_style_str(&colours.yields);
            context.fill_rect(x, top + height, 1.0, 3.0);
        }
    }
}

/// Slanted lines, so that colour is not the only sign of waiting in place.
fn stripes(
    context: &CanvasRenderingContext2d,
    colours: &Colours,
    x: f64,
    width: f64,
    (top, height): (f64, f64),
) {
    const DISTANCE: f64 = 5.0;
    if width < 2.0 * DISTANCE {
        return;
    }
    context.save();
    context.begin_path();
    context.rect(x, top, width, height);
    context.clip();
    context.set_stroke_style_str(&colours.blocked_stripes);
    context.set_line_width(1.0);
    context.begin_path();
    let mut at = x - height;
    while at < x + width {
        context.move_to(at, top + height);
        context.line_to(at + height, top);
        at += DISTANCE;
    }
    context.stroke();
    context.restore();
}

/// Requests in flight, as an area with an edge. One request is always to be seen.
fn level(context: &CanvasRenderingContext2d, colours: &Colours, trace: &Trace, view: Viewport, most: usize) {
    const LEAST: f64 = 2.0;
    let (top, height) = IN_FLIGHT;
    let levels = in_flight(trace, view);
    let height_of = |level: u32| {
        let share = f64::from(level) / most.max(1) as f64;
        if level == 0 { 0.0 } else { (share * height).max(LEAST).min(height) }
    };
    let mut x = 0;
    while x < levels.len() {
        let level = levels[x];
        let run = levels[x..].iter().take_while(|one| **one == level).count();
        let tall = height_of(level);
        if tall > 0.0 {
            let y = top + height - tall;
            context.set_fill_style_str(&colours.in_flight);
            context.fill_rect(x as f64, y, run as f64, tall);
            context.set_fill_style_str(&colours.in_flight_edge);
            context.fill_rect(x as f64, y, run as f64, 1.0);
        }
        x += run;
    }
}
