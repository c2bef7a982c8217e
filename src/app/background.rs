//! What is out of sight, which need not take part in everything at once.
//!
//! Under a moving slider it follows when the reader is at rest: else it would take a third of every frame. At first it
//! is left out until the rest is on the screen. Knows the document and the state, and nothing of what is rendered.

use std::rc::Rc;

use browser_clock::now_ms;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Window};
use yew::prelude::*;

use super::state::State;

/// Who has moved nothing for this long is at rest.
const REST_MS: u32 = 150;

/// The place of the tabs under the timelines; rows have their numbers, and none comes so far.
pub const TABS: usize = 31;

/// Which state what is out of sight is to show.
#[derive(Clone)]
pub struct Background {
    /// The one when the reader was last at rest.
    at_rest: Rc<State>,
    /// What shows it, a bit for each place; none while the reader is at rest.
    far: u32,
    /// Whether there is anything out of sight yet.
    pub is_there: bool,
}

/// Two are the same when they show the same states in the same places.
impl PartialEq for Background {
    fn eq(&self, other: &Background) -> bool {
        Rc::ptr_eq(&self.at_rest, &other.at_rest) && self.far == other.far && self.is_there == other.is_there
    }
}

impl Background {
    /// What is to be shown there, while the page shows `state`.
    pub fn state_of<'a>(&'a self, place: usize, state: &'a Rc<State>) -> &'a Rc<State> {
        if self.is_far(place) { &self.at_rest } else { state }
    }

    /// How many rows are rendered: all, but at first those that can be in sight under what stands above them.
    pub fn n_rows(&self) -> usize {
        const ABOVE: usize = 5;
        const ROW: f64 = 110.0;
        let height = || web_sys::window().map_or(0.0, |window| height(&window));
        if self.is_there { usize::MAX } else { ((height() / ROW) as usize).saturating_sub(ABOVE).max(1) }
    }

    /// Whether it is left behind for now.
    pub fn is_far(&self, place: usize) -> bool {
        self.far >> place.min(TABS) & 1 == 1
    }
}

/// How the reader moves.
struct Pace {
    last: Rc<State>,
    at_rest: Rc<State>,
    moved_at_ms: f64,
}

impl Pace {
    /// Takes note of another state, and tells which one is at rest. The first move of all is shown everywhere.
    fn follow(&mut self, state: &Rc<State>) -> Rc<State> {
        let now_ms = now_ms();
        let has_moved = state.address.values != self.last.address.values;
        let is_behind = !Rc::ptr_eq(&self.at_rest, &self.last);
        let is_quick = now_ms - self.moved_at_ms < f64::from(REST_MS);
        // Nothing may be rendered late that then falls into a measured run.
        if !is_quick || !(has_moved || is_behind) || state.phase.is_live() {
            self.at_rest = state.clone();
        }
        if has_moved {
            self.moved_at_ms = now_ms;
        }
        self.last = state.clone();
        self.at_rest.clone()
    }
}

/// What is out of sight while the page shows `state`.
#[hook]
pub fn use_background(state: &Rc<State>) -> Background {
    let first = (state.clone(), state.clone());
    let pace = use_mut_ref(|| Pace { last: first.0, at_rest: first.1, moved_at_ms: f64::NEG_INFINITY });
    let is_there = use_state(|| false);
    let again = use_force_update();
    let at_rest = pace.borrow_mut().follow(state);
    let is_behind = !Rc::ptr_eq(&at_rest, state);
    {
        let is_there = is_there.clone();
        use_effect_with((), move |()| after_paint(move || is_there.set(true)));
    }
    use_effect(move || {
        let catch_up = move || {
            pace.borrow_mut().moved_at_ms = f64::NEG_INFINITY;
            again.force_update();
        };
        let pending = web_sys::window().filter(|_| is_behind).map(|window| {
            let at_rest = Timeout::new(REST_MS, catch_up.clone());
            (at_rest, EventListener::once(&window, "scroll", move |_| catch_up()))
        });
        move || drop(pending)
    });
    let far = if is_behind { far().unwrap_or_default() } else { 0 };
    Background { at_rest, far, is_there: *is_there }
}

/// Calls back when the next frame is on the screen.
fn after_paint(callback: impl FnOnce() + 'static) {
    let then = Closure::once_into_js(move || Timeout::new(0, callback).forget());
    // Only what is no function is refused.
    let _ = web_sys::window().map(|window| window.request_animation_frame(then.unchecked_ref()));
}

/// What is out of sight. Nothing has changed since the last frame, so nothing is laid out for this.
fn far() -> Option<u32> {
    let window = web_sys::window()?;
    let places = window.document()?.query_selector_all(".row, .tabs").ok()?;
    let n_rows = places.length().checked_sub(1)?;
    let mut far = 0;
    for number in 0..=n_rows {
        let place = places.get(number)?.unchecked_into::<Element>().get_bounding_client_rect();
        if place.top() >= height(&window) || place.bottom() <= 0.0 {
            far |= 1 << if number == n_rows { TABS as u32 } else { number };
        }
    }
    Some(far)
}

fn height(window: &Window) -> f64 {
    window.inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::INFINITY)
}
