//! What the wheel, the pointer and keys mean on the timelines. Knows the state and elements, and draws
//! nothing.
//!
//! A wheel scrolls the page as usual, unless the reader has clicked into the timelines or holds Ctrl.

use std::cell::RefCell;
use std::rc::Rc;

use engine::number::within;
use engine::trace::{Nanos, TaskId};
use gloo_events::{EventListener, EventListenerOptions};
use lab::Strategy;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, PointerEvent, WheelEvent};

use super::state::{Action, Direction};
use super::store::Store;
use super::view::Look;

/// The factor of one zoom step, by a key or a button.
pub const ZOOM_STEP: f64 = 1.5;
/// The fraction of the width that one step moves to the side.
pub const PAN_STEP: f64 = 0.15;
/// How many pixels of the wheel zoom by a factor of two.
const WHEEL_PIXELS: f64 = 300.0;
/// The furthest that a pointer may move, in pixels, for a click.
const CLICK_PIXELS: f64 = 4.0;

/// What a pointer that is down does.
#[derive(Clone, Copy, PartialEq)]
enum Hold {
    /// Moves the window with the pointer.
    Lanes,
    /// Moves the playhead.
    Axis,
    /// Moves the window in the overview.
    Overview,
}

/// A pointer that is down.
#[derive(Clone, Copy)]
struct Pointer {
    id: i32,
    hold: Hold,
    x: f64,
    has_moved: bool,
}

type Pointers = Rc<RefCell<Vec<Pointer>>>;

/// Listens on the stage until the returned listeners are dropped.
pub fn listen(stage: &HtmlElement, store: &Store) -> Vec<EventListener> {
    let pointers = Pointers::default();
    let on = |name: &'static str, act: fn(&Store, &Pointers, &Event)| {
        let (store, pointers) = (store.clone(), pointers.clone());
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(stage, name, options, move |event| act(&store, &pointers, event))
    };
    vec![
        on("wheel", |store, _, event| wheel(store, event.unchecked_ref())),
        on("keydown", |store, _, event| key(store, event.unchecked_ref())),
        on("pointerdown", |store, pointers, event| down(store, pointers, event.unchecked_ref())),
        on("pointermove", |store, pointers, event| moved(store, pointers, event.unchecked_ref())),
        on("pointerup", |store, pointers, event| up(store, pointers, event.unchecked_ref())),
        on("pointercancel", |_, pointers, _| pointers.borrow_mut().clear()),
        on("pointerleave", |store, _, event| {
            // A finger leaves as soon as it has tapped, but its tip should still be readable.
            if event.unchecked_ref::<PointerEvent>().pointer_type() != "touch" {
                store.look(Look::PointAt(None));
            }
        }),
        on("dblclick", |store, _, event| {
            if place(event).is_some_and(|place| place.hold != Hold::Overview) {
                store.look(Look::Fit);
            }
        }),
    ]
}

/// The element that an event is about, and the place in it.
struct Place {
    hold: Hold,
    element: Element,
    left: f64,
    top: f64,
    width: f64,
}

fn place(event: &Event) -> Option<Place> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let of = |selector: &str, hold: Hold| {
        let element = target.closest(selector).ok()??;
        let bounds = element.get_bounding_client_rect();
        Some(Place { hold, left: bounds.left(), top: bounds.top(), width: bounds.width().max(1.0), element })
    };
    of(".lanes", Hold::Lanes).or_else(|| of(".axis", Hold::Axis)).or_else(|| of("#overview", Hold::Overview))
}

impl Place {
    fn share(&self, x: f64) -> f64 {
        within((x - self.left) / self.width, 0.0, 1.0)
    }

    /// The strategy whose lanes these are.
    fn strategy(&self, store: &Store) -> Option<&'static Strategy> {
        let id = self.element.closest("[data-strategy]").ok()??.get_attribute("data-strategy")?;
        store.state().rows.iter().map(|row| row.strategy).find(|strategy| strategy.id == id)
    }
}

fn wheel(store: &Store, event: &WheelEvent) {
    let Some(place) = place(event).filter(|place| place.hold != Hold::Overview) else { return };
    let (dx, dy) = (event.delta_x(), event.delta_y());
    let unit = if event.delta_mode() == WheelEvent::DOM_DELTA_PIXEL { 1.0 } else { 33.0 };
    let is_sideways = dx.abs() > dy.abs() || event.shift_key();
    let is_zoom = event.ctrl_key() || event.meta_key();
    if is_sideways && !is_zoom {
        let state = store.state();
        if state.view.is_zoomed(state.axis_end()) {
            event.prevent_default();
            let way = if dx == 0.0 { dy } else { dx };
            store.look(Look::PanBy(way * unit / place.width));
        }
    } else if is_zoom || is_in_use(&place) {
        event.prevent_default();
        // A pinch on a touchpad comes as a wheel with Ctrl, in small steps.
        let strength = if is_zoom && dy.abs() < 20.0 { 6.0 } else { 1.0 };
        let doublings = within(-dy * unit * strength / WHEEL_PIXELS, -2.0, 2.0);
        store.look(Look::ZoomAt(place.share(f64::from(event.client_x())), power_of_two(doublings)));
    }
}

/// Two to a small power, precise enough for a wheel.
fn power_of_two(exponent: f64) -> f64 {
    let rise = 1.0 + exponent.abs() * (0.66 + 0.34 * exponent.abs());
    if exponent < 0.0 { 1.0 / rise } else { rise }
}

/// Whether the reader has clicked or tabbed into the timelines.
fn is_in_use(place: &Place) -> bool {
    place.element.closest("#timelines:focus-within").is_ok_and(|found| found.is_some())
}

fn down(store: &Store, pointers: &Pointers, event: &PointerEvent) {
    let Some(place) = place(event).filter(|_| event.button() == 0) else { return };
    // If it cannot be captured, it is followed for as long as it stays.
    let _ = place.element.set_pointer_capture(event.pointer_id());
    let x = f64::from(event.client_x());
    pointers.borrow_mut().retain(|one| one.id != event.pointer_id() && one.hold == place.hold);
    pointers.borrow_mut().push(Pointer { id: event.pointer_id(), hold: place.hold, x, has_moved: false });
    match place.hold {
        Hold::Lanes => {}
        Hold::Axis => scrub(store, &place, x),
        Hold::Overview => center(store, &place, x),
    }
}

fn moved(store: &Store, pointers: &Pointers, event: &PointerEvent) {
    let place = place(event);
    let x = f64::from(event.client_x());
    let known = pointers.borrow().clone();
    let Some((index, pointer)) = known.iter().enumerate().find(|(_, one)| one.id == event.pointer_id())
    else {
        let point =
            place.filter(|place| place.hold == Hold::Lanes).and_then(|place| point(store, &place, event));
        if point != store.state().view.point {
            store.look(Look::PointAt(point));
        }
        return;
    };
    let Some(place) = place else { return };
    let dx = x - pointer.x;
    if !pointer.has_moved && dx.abs() < CLICK_PIXELS {
        return;
    }
    match pointer.hold {
        Hold::Axis => scrub(store, &place, x),
        Hold::Overview => center(store, &place, x),
        Hold::Lanes => match known.iter().find(|one| one.id != pointer.id) {
            // Two fingers: the time between them stays between them.
            Some(other) => {
                let (before, after) = ((pointer.x - other.x).abs(), (x - other.x).abs());
                if before > 1.0 && after > 1.0 {
                    store.look(Look::ZoomAt(place.share(other.x), after / before));
                }
            }
            None => store.look(Look::PanBy(-dx / place.width)),
        },
    }
    if let Some(pointer) = pointers.borrow_mut().get_mut(index) {
        (pointer.x, pointer.has_moved) = (x, true);
    }
}

fn up(store: &Store, pointers: &Pointers, event: &PointerEvent) {
    let pointer = pointers.borrow().iter().find(|one| one.id == event.pointer_id()).copied();
    pointers.borrow_mut().retain(|one| one.id != event.pointer_id());
    let Some(place) = place(event) else { return };
    if pointer.is_none_or(|pointer| pointer.has_moved || pointer.hold != Hold::Lanes) {
        return;
    }
    scrub(store, &place, f64::from(event.client_x()));
    if let Some(strategy) = place.strategy(store) {
        store.dispatch(Action::Look(Look::FocusOn(strategy))); // so that its source is shown
    }
    let point = point(store, &place, event);
    store.look(Look::SelectTask(point.and_then(|point| point.task)));
    store.look(Look::PointAt(point));
}

fn point(store: &Store, place: &Place, event: &PointerEvent) -> Option<super::view::Point> {
    let y = f64::from(event.client_y()) - place.top;
    let share = place.share(f64::from(event.client_x()));
    let point = store.state().point(place.strategy(store)?, share, y, place.width)?;
    let stage = place.element.closest("#stage").ok()??.get_bounding_client_rect();
    let lanes = place.element.get_bounding_client_rect();
    let room = (f64::from(event.client_x()) - stage.left(), lanes.bottom() - stage.top());
    Some(super::view::Point { room, ..point })
}

/// Moves the playhead to the pointer.
fn scrub(store: &Store, place: &Place, x: f64) {
    let state = store.state();
    let (from, to) = state.view.window(state.axis_end());
    let at = from + Nanos((place.share(x) * to.since(from).0 as f64) as u64);
    store.look(Look::SetPlayhead(Some(at)));
}

/// Moves the window to the pointer in the overview.
fn center(store: &Store, place: &Place, x: f64) {
    let state = store.state();
    let end = state.axis_end();
    let (from, to) = state.view.window(end);
    let length = to.since(from);
    let start = Nanos((place.share(x) * end.0 as f64) as u64).since(Nanos(length.0 / 2));
    let start = start.min(end.since(length));
    store.look(Look::Show(start, start + length));
}

/// Keys by their position, so that they are the same for every keyboard layout.
fn key(store: &Store, event: &KeyboardEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let Some(target) = target.filter(|target| target.id() == "timelines") else { return };
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    match event.code().as_str() {
        "KeyW" => store.look(Look::Zoom(ZOOM_STEP)),
        "KeyS" => store.look(Look::Zoom(1.0 / ZOOM_STEP)),
        "KeyA" | "ArrowLeft" => store.look(Look::PanBy(-PAN_STEP)),
        "KeyD" | "ArrowRight" => store.look(Look::PanBy(PAN_STEP)),
        "ArrowUp" => light(store, -1),
        "ArrowDown" => light(store, 1),
        "KeyF" | "Digit0" | "Numpad0" => store.look(Look::Fit),
        "Comma" | "BracketLeft" => store.quietly(Action::Step(Direction::Previous)),
        "Period" | "BracketRight" => store.quietly(Action::Step(Direction::Next)),
        "Space" => store.look(Look::TogglePlay),
        "Escape" => {
            store.look(Look::SelectTask(None));
            store.look(Look::PointAt(None));
            let _ = target.blur();
        }
        _ => return,
    }
    event.prevent_default();
}

/// Highlights the next or the previous task.
fn light(store: &Store, step: i64) {
    let state = store.state();
    let last = i64::from(state.n_tasks()) - 1;
    let chosen = state.view.task.and_then(TaskId::number).map_or(0, |number| i64::from(number) + step);
    if last >= 0 {
        store.look(Look::PointAt(None));
        store.look(Look::SelectTask(Some(TaskId(chosen.max(0).min(last) as u32))));
    }
}
