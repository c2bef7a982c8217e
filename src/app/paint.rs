//! Paints pictures onto canvases, at most once per frame, and only if something has changed.
//!
//! Knows the timeline's pictures, the state and the style sheet's colours. Requests frames only while there
//! is something to draw: a page at rest draws nothing.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use engine::trace::{Nanos, TaskId};
use gloo_render::{AnimationFrame, request_animation_frame};
use timeline::Viewport;
use timeline::index::Index;
use timeline::picture::{Colour, Indexed, Layout, Palette, Picture, Scene};
use wasm_bindgen::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement, ImageData};

use super::background::Background;
use super::state::{Row, State};
use super::store::Store;
use super::view::Look;

/// Paints the timelines of a page. A cheap-clone handle.
#[derive(Clone)]
pub struct Painter(Rc<Inner>);

struct Inner {
    store: Store,
    /// The frame that is requested; dropping it takes the request back.
    frame: RefCell<Option<AnimationFrame>>,
    /// The time of the last frame, while the playhead moves.
    played_at: Cell<Option<f64>>,
    /// The end of the axis when something was last painted.
    end: Cell<Nanos>,
    palette: RefCell<Option<Palette>>,
    /// What is out of sight.
    background: RefCell<Option<Background>>,
    /// What is on each canvas.
    painted: RefCell<Vec<Painted>>,
    overview: RefCell<Option<Overview>>,
    picture: RefCell<Picture>,
}

/// The size of a canvas: its width in CSS pixels, and device pixels per CSS pixel.
type Size = (f64, f64);

/// Everything that a canvas depends on, except colours.
#[derive(Clone, PartialEq)]
struct Painted {
    row: Row,
    measured: Grown,
    view: Viewport,
    ratio: f64,
    layout: Layout,
    most_in_flight: u32,
    task: Option<TaskId>,
}

/// Everything that the overview depends on, except colours.
type Overview = (Vec<Row>, Vec<Grown>, Nanos, Size);

/// A measurement as far as it was recorded. Once it has grown, its index is another one.
#[derive(Clone)]
struct Grown(Option<Rc<Index>>);

impl PartialEq for Grown {
    fn eq(&self, other: &Grown) -> bool {
        self.0.as_ref().map(Rc::as_ptr) == other.0.as_ref().map(Rc::as_ptr)
    }
}

impl PartialEq for Painter {
    fn eq(&self, other: &Painter) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Painter {
    /// A painter of the state of this store.
    pub fn new(store: Store) -> Painter {
        Painter(Rc::new(Inner {
            store,
            frame: RefCell::default(),
            played_at: Cell::default(),
            end: Cell::default(),
            palette: RefCell::default(),
            background: RefCell::default(),
            painted: RefCell::default(),
            overview: RefCell::default(),
            picture: RefCell::default(),
        }))
    }

    /// Requests a frame, in which everything is painted that has changed by then.
    pub fn request(&self) {
        if self.0.frame.borrow().is_none() {
            let painter = self.clone();
            self.0.frame.replace(Some(request_animation_frame(move |now_ms| painter.frame(now_ms))));
        }
    }

    /// What is out of sight from now on is not painted for now.
    pub fn leave_out(&self, background: Background) {
        self.0.background.replace(Some(background));
    }

    /// Paints no more: what it painted on is gone.
    pub fn stop(&self) {
        self.0.frame.take();
    }

    /// Paints everything again, after a change of colours or canvases.
    pub fn repaint(&self) {
        self.0.palette.replace(None);
        self.0.painted.borrow_mut().clear();
        self.0.overview.replace(None);
        self.request();
    }

    fn frame(&self, now_ms: f64) {
        self.0.frame.take();
        self.play(now_ms);
        let state = self.0.store.state();
        let end = state.axis_end();
        self.paint_all(&state, end);
        if self.0.end.replace(end) != end {
            self.0.store.tell_lookers();
        }
    }

    /// Moves the playhead by the time since the last frame.
    fn play(&self, now_ms: f64) {
        if !self.0.store.state().view.is_playing {
            self.0.played_at.set(None);
            return;
        }
        if let Some(last_ms) = self.0.played_at.replace(Some(now_ms)) {
            self.0.store.look(Look::Advance(Nanos::from_ms(now_ms - last_ms)));
        }
        self.request();
    }

    fn paint_all(&self, state: &State, end: Nanos) -> Option<()> {
        let window = web_sys::window()?;
        let (document, ratio) = (window.document()?, window.device_pixel_ratio());
        let find =
            |selector: &str| document.query_selector(selector).ok()??.dyn_into::<HtmlCanvasElement>().ok();
        // All sizes are read before anything is written, so that nothing is laid out twice.
        let background = self.0.background.borrow();
        let n_rows = background.as_ref().map_or(0, Background::n_rows);
        let rows = || state.rows.iter().take(n_rows);
        let canvases: Vec<_> = rows()
            .filter_map(|row| find(&format!("[data-strategy=\"{}\"] canvas", row.strategy.id)))
            .collect();
        // Every row is as wide as the others.
        let width = f64::from(canvases.first()?.client_width());
        let overview = find("#overview canvas").map(|canvas| (f64::from(canvas.client_width()), canvas));
        if canvases.len() < rows().count() {
            return None; // rows that are not there yet: who makes them asks again
        }
        if self.0.palette.borrow().is_none() {
            self.0
                .palette
                .replace(Some(palette(&window.get_computed_style(&document.document_element()?).ok()??)?));
        }
        let palette = self.0.palette.borrow();
        let is_far = |number: usize| background.as_ref().is_some_and(|one| one.is_far(number));
        for (_, (row, canvas)) in rows().zip(&canvases).enumerate().filter(|(number, _)| !is_far(*number)) {
            self.paint_row(state, row, canvas, (width, ratio), end, palette.as_ref()?);
        }
        let (width, canvas) = overview?;
        self.paint_overview(state, &canvas, (width, ratio), end, palette.as_ref()?);
        Some(())
    }

    fn paint_row(
        &self,
        state: &State,
        row: &Row,
        canvas: &HtmlCanvasElement,
        (width, ratio): Size,
        end: Nanos,
        palette: &Palette,
    ) {
        if width < 1.0 {
            return; // it is not shown
        }
        let measured = row.measurement.as_ref().map(|one| one.index());
        let (from, to) = state.view.window(end);
        let painted = Painted {
            row: row.clone(),
            measured: Grown(measured.clone()),
            view: Viewport { from, to, width: (width * ratio).round() },
            ratio,
            layout: row.layout(state.view.shows_tasks),
            most_in_flight: state.most_in_flight(),
            task: state.view.lit(),
        };
        if self.0.painted.borrow().contains(&painted) {
            return;
        }
        let Painted { view, layout, most_in_flight, task, .. } = painted;
        let trace = row.measurement.as_ref().map(|one| one.trace.borrow());
        let measured = trace.as_deref().zip(measured.as_deref());
        let of = |(trace, index)| Indexed { trace, index };
        let predicted = row.prediction.as_ref().map(|one| (&one.trace, one.index()));
        let scene = Scene {
            predicted: predicted.map(of),
            measured: measured.map(of),
            view,
            ratio,
            layout,
            most_in_flight,
            task,
        };
        let mut picture = self.0.picture.borrow_mut();
        picture.draw(&scene, palette);
        put(canvas, &picture, ratio);
        let mut all = self.0.painted.borrow_mut();
        all.retain(|one| one.row.strategy != painted.row.strategy);
        all.push(painted);
    }

    fn paint_overview(
        &self,
        state: &State,
        canvas: &HtmlCanvasElement,
        size: Size,
        end: Nanos,
        palette: &Palette,
    ) {
        let measured: Vec<_> =
            state.rows.iter().map(|row| Grown(row.measurement.as_ref().map(|one| one.index()))).collect();
        let shown = Some((state.rows.clone(), measured.clone(), end, size));
        if size.0 < 1.0 || *self.0.overview.borrow() == shown {
            return;
        }
        let indices =
            state.rows.iter().zip(&measured).map(|(row, measured)| {
                measured.0.as_deref().or_else(|| Some(row.prediction.as_ref()?.index()))
            });
        let view = Viewport { from: Nanos::ZERO, to: end, width: (size.0 * size.1).round() };
        let mut picture = self.0.picture.borrow_mut();
        picture.draw_overview(indices, view, size.1, palette);
        put(canvas, &picture, size.1);
        self.0.overview.replace(shown);
    }
}

/// Copies a picture to a canvas, pixel by pixel.
pub fn put(canvas: &HtmlCanvasElement, picture: &Picture, ratio: f64) {
    let (width, height) = (picture.width as u32, picture.height as u32);
    if height == 0 || width == 0 {
        return;
    }
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
        // The property is a standard one: setting it cannot fail.
        let css_height = (f64::from(height) / ratio).round() as u32;
        let _ = canvas.style().set_property("height", &format!("{css_height}px"));
    }
    let draw = || {
        let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
        let context: CanvasRenderingContext2d = context.dyn_into()?;
        let image = ImageData::new_with_u8_clamped_array_and_sh(
            Clamped(picture.pixels.as_flattened()),
            width,
            height,
        )?;
        context.put_image_data(&image, 0.0, 0.0)
    };
    // A browser that cannot draw shows the text inside the canvas.
    draw().unwrap_or_else(|error: JsValue| wasm_bindgen::throw_val(error));
}

/// The style sheet's colours for the theme in use.
fn palette(style: &CssStyleDeclaration) -> Option<Palette> {
    let colour = |name: &str| parse(style.get_property_value(name).ok()?.trim());
    Some(Palette {
        track: colour("--track")?,
        cpu: colour("--cpu")?,
        blocked: (colour("--blocked")?, colour("--blocked-stripes")?),
        freeze: colour("--freeze")?,
        yields: colour("--yield")?,
        in_flight: (colour("--in-flight")?, colour("--in-flight-edge")?),
        queued: colour("--queued")?,
        work: colour("--work")?,
        waiting: colour("--soft")?,
        outline: colour("--outline")?,
        accent: colour("--accent")?,
    })
}

/// Reads a colour written as `#rrggbb`.
fn parse(text: &str) -> Option<Colour> {
    let part = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    text.starts_with('#').then_some(())?;
    Some([part(1)?, part(3)?, part(5)?, 255])
}
