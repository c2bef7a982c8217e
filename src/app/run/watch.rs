//! Watches the page during a live run: is the tab hidden, do frames come, does input wait?
//!
//! Each watcher watches until it is dropped.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use browser_clock::now_ms;
use engine::trace::Nanos;
use futures_lite::future::or;
use gloo_events::{EventListener, EventListenerOptions};
use gloo_render::{AnimationFrame, request_animation_frame};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Object, Reflect};
use tokio::sync::oneshot;
use wasm_bindgen::prelude::*;
use web_sys::{Event, PerformanceEntry, PerformanceObserver, PerformanceObserverEntryList, VisibilityState};

/// Whether the tab is hidden now.
pub fn is_hidden() -> bool {
    document().is_some_and(|document| document.visibility_state() == VisibilityState::Hidden)
}

/// Calls `on_hidden` when the tab is hidden.
pub fn visibility(on_hidden: impl Fn() + 'static) -> Option<EventListener> {
    let listener = EventListener::new(&document()?.into(), "visibilitychange", move |_| {
        if is_hidden() {
            on_hidden();
        }
    });
    Some(listener)
}

pub fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// Waits until what was rendered is on the screen: two frames, and a moment for the work that follows them.
pub async fn settle() {
    for _ in 0..2 {
        next_frame().await;
    }
    TimeoutFuture::new(30).await;
}

/// Waits for the next frame or, if there are none (in a hidden tab), for a moment.
async fn next_frame() {
    let (sender, frame) = oneshot::channel();
    let _requested = request_animation_frame(move |_| {
        // Who no longer waits need not be told.
        let _ = sender.send(());
    });
    or(async { drop(frame.await) }, TimeoutFuture::new(100)).await;
}

/// Measures the times between the page's frames.
pub struct Frames(Rc<FramesInner>);

#[derive(Default)]
struct FramesInner {
    gaps: RefCell<Vec<Nanos>>,
    last_ms: Cell<f64>,
    /// The frame that is requested; dropping it takes the request back.
    frame: RefCell<Option<AnimationFrame>>,
}

impl Frames {
    /// Starts measuring.
    pub fn start() -> Frames {
        let frames = Rc::new(FramesInner { last_ms: Cell::new(now_ms()), ..FramesInner::default() });
        FramesInner::request(&frames);
        Frames(frames)
    }

    /// Forgets what was measured.
    pub fn forget(&self) {
        self.0.last_ms.set(now_ms());
        self.0.gaps.borrow_mut().clear();
    }

    /// What was measured since it was started or made to forget. The current gap counts with its length so
    /// far.
    pub fn seen(&self) -> Vec<Nanos> {
        let open = Nanos::from_ms(now_ms() - self.0.last_ms.get());
        self.0.gaps.borrow().iter().copied().chain([open]).collect()
    }
}

impl FramesInner {
    fn note(&self) {
        let now = now_ms();
        self.gaps.borrow_mut().push(Nanos::from_ms(now - self.last_ms.replace(now)));
    }

    fn request(this: &Rc<FramesInner>) {
        let weak = Rc::downgrade(this);
        let frame = request_animation_frame(move |_| {
            if let Some(frames) = weak.upgrade() {
                frames.note();
                FramesInner::request(&frames);
            }
        });
        this.frame.replace(Some(frame));
    }
}

/// Measures how long the reader's clicks and keys wait: from the event's time stamp to its handler.
pub struct Input {
    delays: Rc<RefCell<Vec<Nanos>>>,
    _listeners: Vec<EventListener>,
}

impl Input {
    /// Starts measuring. `on_input` is called with each delay.
    pub fn watch(on_input: impl Fn(Nanos) + Clone + 'static) -> Input {
        let delays = Rc::new(RefCell::new(Vec::new()));
        let listen = |kind: &'static str| {
            let (delays, on_input) = (delays.clone(), on_input.clone());
            let options = EventListenerOptions::run_in_capture_phase();
            let window = web_sys::window()?;
            Some(EventListener::new_with_options(&window, kind, options, move |event: &Event| {
                let delay = Nanos::from_ms(now_ms() - event.time_stamp());
                delays.borrow_mut().push(delay);
                on_input(delay);
            }))
        };
        let listeners = ["pointerdown", "keydown"].into_iter().filter_map(listen).collect();
        Input { delays, _listeners: listeners }
    }

    /// Forgets what was measured.
    pub fn forget(&self) {
        self.delays.borrow_mut().clear();
    }

    /// The delays since it was started or made to forget.
    pub fn seen(&self) -> Vec<Nanos> {
        self.delays.borrow().clone()
    }
}

/// Measures how long the reader's clicks and keys take until the frame that shows their effect: W3C Event
/// Timing, if the browser has it (in steps of 8 ms, from 16 ms on).
pub struct Interactions {
    durations: Rc<RefCell<Vec<Nanos>>>,
    observer: Option<PerformanceObserver>,
}

impl Interactions {
    /// Starts measuring.
    pub fn watch() -> Interactions {
        let durations = Rc::new(RefCell::new(Vec::new()));
        let noted = durations.clone();
        Interactions { durations, observer: observe(noted) }
    }

    /// Forgets what was measured.
    pub fn forget(&self) {
        self.durations.borrow_mut().clear();
    }

    /// The durations since it was started or made to forget.
    pub fn seen(&self) -> Vec<Nanos> {
        self.durations.borrow().clone()
    }
}

impl Drop for Interactions {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}

fn observe(durations: Rc<RefCell<Vec<Nanos>>>) -> Option<PerformanceObserver> {
    let on_entries =
        Closure::<dyn Fn(PerformanceObserverEntryList)>::new(move |entries: PerformanceObserverEntryList| {
            let entries = entries.get_entries().into_iter().map(JsCast::unchecked_into::<PerformanceEntry>);
            let clicks = entries.filter(|entry| matches!(entry.name().as_str(), "pointerdown" | "keydown"));
            durations.borrow_mut().extend(clicks.map(|entry| Nanos::from_ms(entry.duration())));
        });
    // The browser keeps the callback for as long as it observes.
    let observer = PerformanceObserver::new(on_entries.into_js_value().unchecked_ref()).ok()?;
    let options = Object::new();
    for (key, value) in [("type", JsValue::from("event")), ("durationThreshold", JsValue::from(16))] {
        Reflect::set(&options, &key.into(), &value).ok()?;
    }
    // web-sys knows only the older form of the options. A type that the browser does not support is ignored.
    observer.observe(options.unchecked_ref());
    Some(observer)
}
