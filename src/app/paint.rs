//! Shapes onto a canvas. Knows the timeline's shapes and the style sheet's colours, not the state.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::timeline::{Bar, BarKind, Viewport, in_flight, lane_bars, levels, loop_bars};
use crate::trace::{Gauge, Lane, Nanos, Trace};

/// Height of the stripe that marks a freeze, above the loop's lane, in CSS pixels.
const FREEZE: f64 = 3.0;
/// Top and height of the loop's lane.
const LOOP: (f64, f64) = (4.0, 14.0);
/// Top and height of the lane of requests in flight.
const IN_FLIGHT: (f64, f64) = (22.0, 20.0);
/// The opacity of what covers next to nothing of its pixels.
const LEAST_OPACITY: f64 = 0.25;
/// Height of both together.
const HEIGHT: f64 = IN_FLIGHT.0 + IN_FLIGHT.1;
/// Space above a lane beside the loop's and above a gauge.
const GAP: f64 = 2.0;
/// The most height that the lanes beside the loop's get, and the most and the least for one of them.
const LANES: (f64, f64, f64) = (120.0, 10.0, 2.0);
/// Height of a gauge.
const GAUGE: f64 = 16.0;

/// What stands where on a canvas: below the loop and its requests those who work beside it, then the gauges.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Layout {
    n_lanes: usize,
    n_gauges: usize,
    /// Height of a lane beside the loop's, with the space above it.
    lane: f64,
}

/// A part of a canvas.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Part {
    /// The loop's lane, and its requests.
    Loop,
    /// A lane beside it.
    Lane(Lane),
    /// A gauge.
    Gauge(Gauge),
}

impl Layout {
    /// The layout for a trace.
    pub fn of(trace: &Trace) -> Layout {
        let (n_lanes, n_gauges) = (trace.lanes().count(), trace.gauges().count());
        let (all, most, least) = LANES;
        Layout { n_lanes, n_gauges, lane: (all / n_lanes.max(1) as f64).min(most).max(least).floor() + GAP }
    }

    /// The height of the whole in CSS pixels.
    pub fn height(self) -> f64 {
        self.gauges_top() + self.n_gauges as f64 * (GAUGE + GAP)
    }

    fn gauges_top(self) -> f64 {
        HEIGHT + self.n_lanes as f64 * self.lane
    }

    /// What stands at a height.
    pub fn part_at(self, y: f64) -> Part {
        if y >= self.gauges_top() && self.n_gauges > 0 {
            let index = ((y - self.gauges_top()) / (GAUGE + GAP)) as usize;
            Part::Gauge(Gauge(index.min(self.n_gauges - 1) as u16))
        } else if y >= HEIGHT && self.n_lanes > 0 {
            let index = ((y - HEIGHT) / self.lane) as usize;
            Part::Lane(Lane(index.min(self.n_lanes - 1) as u16 + 1))
        } else {
            Part::Loop
        }
    }
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
    work: String,
    waiting: String,
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
            work: colour("--work")?,
            waiting: colour("--soft")?,
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
    let layout = Layout::of(trace);
    let (Some(context), Some(colours)) = (prepare(canvas, width, layout.height()), Colours::of(canvas))
    else {
        return;
    };
    let view = view(width, axes);
    // The loop is there from the start of the run to its end: idle where nothing else is drawn.
    context.set_fill_style_str(&colours.track);
    context.fill_rect(0.0, LOOP.0, view.x(trace.end()).min(width), LOOP.1);
    level(&context, &colours, &in_flight(trace, view), axes.most_in_flight, IN_FLIGHT);
    for bar in loop_bars(trace, view) {
        draw(&context, &colours, bar, LOOP);
    }
    for (lane, _) in trace.lanes() {
        let top = HEIGHT + f64::from(lane.0 - 1) * layout.lane + GAP;
        for bar in lane_bars(trace, lane, view) {
            draw(&context, &colours, bar, (top, layout.lane - GAP));
        }
    }
    context.set_global_alpha(1.0);
    for (gauge, _) in trace.gauges() {
        let top = layout.gauges_top() + f64::from(gauge.0) * (GAUGE + GAP) + GAP;
        let most = trace.samples_of(gauge).map(|sample| sample.level).max().unwrap_or_default();
        level(&context, &colours, &levels(trace, gauge, view), most as usize, (top, GAUGE));
    }
}

/// Empties the canvas, gives it this height and as many pixels as it covers and returns its context in CSS pixels.
pub fn prepare(canvas: &HtmlCanvasElement, width: f64, height: f64) -> Option<CanvasRenderingContext2d> {
    let ratio = web_sys::window()?.device_pixel_ratio();
    if width < 1.0 {
        return None;
    }
    // The property is a standard one: setting it cannot fail.
    let _ = canvas.style().set_property("height", &format!("{}px", height as u32));
    canvas.set_width((width * ratio).round() as u32);
    canvas.set_height((height * ratio).round() as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.scale(ratio, ratio).ok()?;
    Some(context)
}

/// A bar on the lane with this top and height.
fn draw(context: &CanvasRenderingContext2d, colours: &Colours, bar: Bar, (top, height): (f64, f64)) {
    let fill = |colour: &str, top: f64, height: f64| {
        context.set_fill_style_str(colour);
        context.fill_rect(bar.x, top, bar.width, height);
    };
    let Bar { kind, x, width, share } = bar;
    let middle = top + (height / 2.0).floor();
    // Where a pixel is covered only in part, it is paler; but never so pale that it vanishes.
    context.set_global_alpha(share.max(LEAST_OPACITY));
    match kind {
        BarKind::Cpu => fill(&colours.cpu, top, height),
        BarKind::Blocked => {
            fill(&colours.blocked, top, height);
            stripes(context, colours, x, width, (top, height));
        }
        BarKind::Freeze => fill(&colours.freeze, 0.0, FREEZE),
        BarKind::Work => fill(&colours.work, top, height),
        BarKind::Request => fill(&colours.in_flight, top, height),
        BarKind::Switch => fill(&colours.yields, top, height),
        BarKind::Down => fill(&colours.freeze, top, height),
        // A line, so that colour is not the only sign that nothing is done.
        BarKind::Waiting => fill(&colours.waiting, middle, 1.0),
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

/// A level over time, as an area with an edge. Where there is one at all, it is to be seen.
fn level(
    context: &CanvasRenderingContext2d,
    colours: &Colours,
    levels: &[u32],
    most: usize,
    (top, height): (f64, f64),
) {
    const LEAST: f64 = 2.0;
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
