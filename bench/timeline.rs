//! The timeline on a canvas, with any number of spans, for bench/timeline.mjs.

#[cfg(target_arch = "wasm32")]
mod browser {
    use engine::trace::{Lane, Name, Nanos, Span, SpanKind, TaskId, Trace};
    use loopscope::app::paint::put;
    use timeline::index::Index;
    use timeline::inspect;
    use timeline::picture::{Indexed, Layout, Palette, Picture, Scene};
    use timeline::{Viewport, event_after, event_before, lane_span_at, loop_span_at, phases};
    use wasm_bindgen::prelude::*;
    use web_sys::HtmlCanvasElement;

    /// A trace, with what is needed to draw it.
    #[wasm_bindgen]
    pub struct Timeline {
        trace: Trace,
        index: Index,
        picture: Picture,
        palette: Palette,
    }

    #[wasm_bindgen]
    impl Timeline {
        /// A trace of `n_spans` spans on `n_lanes` lanes, in the order in which a run would record them.
        #[wasm_bindgen(constructor)]
        pub fn new(n_spans: u32, n_lanes: u32) -> Timeline {
            let mut trace = Trace::default();
            let lanes: Vec<_> =
                (0..n_lanes).map(|lane| trace.open_lane(Name::new("core", lane as u16 + 1))).collect();
            let mut chance = 1u32;
            for number in 0..n_spans {
                chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let start = u64::from(number / n_lanes) * 100_000;
                let length = u64::from(chance >> 16) + 10_000;
                let kind = [SpanKind::Work, SpanKind::Cpu, SpanKind::Service][(chance >> 30) as usize % 3];
                let span = Span::new(kind, TaskId(number), Nanos(start), Nanos(start + length));
                trace.push_span(span.on(lanes[(number % n_lanes) as usize]));
            }
            let palette = Palette {
                cpu: [59, 127, 196, 255],
                work: [123, 97, 184, 255],
                in_flight: ([159, 217, 198, 255], [0, 133, 106, 255]),
                track: [241, 242, 245, 255],
                ..Palette::default()
            };
            Timeline { trace, index: Index::default(), picture: Picture::default(), palette }
        }

        /// When the trace ends, in milliseconds.
        pub fn end_ms(&self) -> f64 {
            self.trace.end().as_ms()
        }

        /// Indexes the trace: once, before the first picture.
        pub fn sort(&mut self) {
            self.index = Index::of(&self.trace);
        }

        /// Looks up what pointing at a moment, stepping from it and inspecting it need. Returns how much was
        /// found.
        pub fn look_up(&self, at_ms: f64) -> usize {
            let (at, pixel) = (Nanos::from_ms(at_ms), Nanos(1_000));
            let span = lane_span_at(&self.trace, Lane(7), at, pixel);
            let phases = span.map(|span| phases(&self.index.life(&self.trace, span.task)));
            let steps = [event_after(&self.trace, at), event_before(&self.trace, at)];
            let spans = [loop_span_at(&self.trace, at, pixel), inspect::at(&self.trace, at).running];
            phases.into_iter().flatten().count()
                + steps.iter().flatten().count()
                + spans.iter().flatten().count()
        }

        /// Draws a stretch of the trace onto a canvas.
        pub fn draw(&mut self, canvas: &HtmlCanvasElement, from_ms: f64, to_ms: f64) {
            let view = Viewport {
                from: Nanos::from_ms(from_ms),
                to: Nanos::from_ms(to_ms),
                width: f64::from(canvas.client_width()),
            };
            let scene = Scene {
                predicted: None,
                measured: Some(Indexed { trace: &self.trace, index: &self.index }),
                view,
                ratio: 1.0,
                layout: Layout::of(None, Some(&self.index), false),
                most_in_flight: 1,
                task: None,
            };
            self.picture.draw(&scene, &self.palette);
            put(canvas, &self.picture, 1.0);
        }
    }
}

fn main() {}
