//! Live runs: the only place that starts and cancels them, and that touches the browser clock.
//!
//! Measured work stays outside of Yew's render queue: while a strategy runs, nothing is
//! rendered. The heartbeat moves, and now and then the row at work repaints itself.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlElement, VisibilityState};

use super::state::{Action, Failure, Phase, State, Void};
use super::store::Store;
use crate::lab::Strategy;
use crate::runtime::YieldWith;
use crate::runtime::browser_clock::{self, BrowserRun};
use crate::summary::{Calibration, Environment};

/// Time between two beats of the heart.
const BEAT_MS: u32 = 100;

/// Beats that the heart takes from one side to the other.
const BEATS_ACROSS: u32 = 8;

/// Beats between two repaints of the row at work: painting takes time from the strategy it shows.
const BEATS_PER_REPAINT: u32 = 3;

/// A clock with a larger step cannot even be calibrated by in a reasonable time.
const LARGEST_STEP_MS: f64 = 5.0;

/// How often a run looks whether a large prediction, which it needs, is there.
const PREDICTION_POLL_MS: u32 = 20;

/// A run is void when the clock's step is more than this share of it.
const LARGEST_STEP_SHARE: f64 = 0.02;

/// Starts and cancels live runs. A cheap-clone handle.
#[derive(Clone)]
pub struct Runner(Rc<Inner>);

struct Inner {
    store: Store,
    current: RefCell<Option<BrowserRun>>,
    is_live: Cell<bool>,
    is_cancelled: Cell<bool>,
    was_hidden: Cell<bool>,
    /// Repaints the row at work.
    painter: RefCell<Option<Rc<dyn Fn()>>>,
    /// Who waits for the end of the run.
    waiting: RefCell<Vec<tokio::sync::oneshot::Sender<()>>>,
}

impl PartialEq for Runner {
    fn eq(&self, other: &Runner) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Runner {
    /// A runner that reports to `store`.
    pub fn new(store: Store) -> Runner {
        Runner(Rc::new(Inner {
            store,
            current: RefCell::default(),
            is_live: Cell::new(false),
            is_cancelled: Cell::new(false),
            was_hidden: Cell::new(false),
            painter: RefCell::default(),
            waiting: RefCell::default(),
        }))
    }

    /// Starts a live run of all strategies shown, one after another. Does nothing while one is going on.
    pub fn start(&self) {
        let runner = self.clone();
        spawn_local(async move { runner.run().await });
    }

    /// Starts a live run, or joins the one that is going on, and waits for its end.
    pub async fn run(&self) {
        if self.0.is_live.replace(true) {
            return self.ended().await;
        }
        self.0.is_cancelled.set(false);
        self.0.was_hidden.set(false);
        while !self.0.store.state().is_predicted() {
            TimeoutFuture::new(PREDICTION_POLL_MS).await;
        }
        match check(&self.0.store.state()) {
            Ok(scale) => {
                self.0.store.dispatch(Action::StartRun);
                self.run_all(scale).await;
            }
            Err(failure) => self.0.store.dispatch(Action::FailRun(failure)),
        }
        self.0.is_live.set(false);
        for waiting in self.0.waiting.take() {
            // Who no longer waits need not be told.
            let _ = waiting.send(());
        }
    }

    /// Waits until no live run is going on.
    async fn ended(&self) {
        if self.0.is_live.get() {
            let (sender, receiver) = tokio::sync::oneshot::channel();
            self.0.waiting.borrow_mut().push(sender);
            // The sender is kept until the run has ended.
            let _ = receiver.await;
        }
    }

    /// Stops the live run, if there is one, and waits until it has ended.
    pub async fn halt(&self) {
        self.stop();
        self.ended().await;
    }

    /// Stops the live run, if there is one. Nothing of it stays but what was measured.
    pub fn stop(&self) {
        self.0.is_cancelled.set(true);
        if let Some(run) = &*self.0.current.borrow() {
            run.cancel();
        }
    }

    /// Says how to repaint the row at work.
    pub fn set_painter(&self, painter: Option<Rc<dyn Fn()>>) {
        self.0.painter.replace(painter);
    }

    async fn run_all(&self, scale: f64) {
        let phase = match self.run_each(scale).await {
            Err(error) => {
                let reason = error.as_string().unwrap_or_else(|| format!("{error:?}"));
                Phase::Failed(Failure::Browser(reason))
            }
            Ok(()) if self.0.was_hidden.get() => Phase::Failed(Failure::Hidden),
            Ok(()) if self.0.is_cancelled.get() => Phase::Stopped,
            Ok(()) => Phase::Finished,
        };
        self.0.store.dispatch(Action::EndRun(phase));
    }

    async fn run_each(&self, scale: f64) -> Result<(), JsValue> {
        let store = &self.0.store;
        let _watch = watch_visibility(self.clone());
        let _heartbeat = heartbeat(self.clone());
        settle().await;
        let Some(environment) = self.environment().await else { return Ok(()) };
        store.dispatch(Action::SetEnvironment(environment.clone()));
        let strategies: Vec<_> = store.state().rows.iter().map(|row| row.strategy).collect();
        for strategy in strategies {
            if self.0.is_cancelled.get() {
                break;
            }
            self.run_one(strategy, scale, &environment).await?;
        }
        Ok(())
    }

    /// Where the measurement is made; nothing when it was stopped meanwhile.
    async fn environment(&self) -> Option<Environment> {
        let blocks_per_ms = browser_clock::calibrate(|| !self.0.is_cancelled.get()).await?;
        let navigator = web_sys::window().map(|window| window.navigator());
        Some(Environment {
            user_agent: navigator.as_ref().and_then(|one| one.user_agent().ok()).unwrap_or_default(),
            cores: navigator.map_or(1, |one| one.hardware_concurrency() as u32),
            clock_step_us: browser_clock::clock_step_ms() * 1e3,
            isolated: js_sys::Reflect::get(&js_sys::global(), &"crossOriginIsolated".into())
                .is_ok_and(|value| value.is_truthy()),
            calibration: Calibration { blocks_per_ms },
        })
    }

    async fn run_one(
        &self,
        strategy: &'static Strategy,
        scale: f64,
        environment: &Environment,
    ) -> Result<(), JsValue> {
        let store = &self.0.store;
        let values = store.state().address.values.clone();
        let blocks_per_ms = environment.calibration.blocks_per_ms;
        let mut run = BrowserRun::prepare(scale, blocks_per_ms, |rt| (strategy.start)(&rt, &values))?;
        let trace = run.trace();
        store.dispatch(Action::BeginStrategy(strategy, trace.clone(), scale));
        settle().await; // the page is painted and at rest before the clock starts
        let finished = run.finished();
        run.start()?;
        self.0.current.replace(Some(run));
        if self.0.is_cancelled.get() {
            self.stop();
        }
        finished.await;
        drop(self.0.current.take());
        let real_ms = trace.borrow().end().as_ms() * scale;
        let is_coarse = environment.clock_step_us / 1e3 > LARGEST_STEP_SHARE * real_ms;
        let void =
            if self.0.was_hidden.get() { Some(Void::Hidden) } else { is_coarse.then_some(Void::CoarseClock) };
        store.dispatch(Action::EndStrategy(strategy, void));
        Ok(())
    }
}

/// The scale at which the strategies shown may be run.
fn check(state: &State) -> Result<f64, Failure> {
    let mut values = state.address.values.iter();
    let choice = values.find(|(param, _)| param.key == "yield_with").map_or(0, |(_, choice)| choice as usize);
    if let Some(with) = choice.checked_sub(1).and_then(|index| YieldWith::ALL.get(index))
        && !browser_clock::has(*with)
    {
        return Err(Failure::MissingYield(*with));
    }
    if is_hidden() {
        return Err(Failure::Hidden);
    }
    if browser_clock::clock_step_ms() > LARGEST_STEP_MS {
        return Err(Failure::CoarseClock);
    }
    state.plan().map(|plan| plan.scale).map_err(Failure::Refused)
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

fn is_hidden() -> bool {
    document().is_some_and(|document| document.visibility_state() == VisibilityState::Hidden)
}

/// Waits until what was rendered is on the screen: two frames, and a moment for what they left behind.
async fn settle() {
    for _ in 0..2 {
        next_frame().await;
    }
    TimeoutFuture::new(30).await;
}

/// Waits for the next frame; where there are none (a hidden tab), for a moment.
async fn next_frame() {
    let frame = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.request_animation_frame(&resolve);
        }
    });
    // A promise that only resolves cannot fail.
    futures_lite::future::or(async { drop(JsFuture::from(frame).await) }, TimeoutFuture::new(100)).await;
}

/// Stops the run when the tab is hidden: browsers slow hidden tabs down, so what follows says nothing.
/// Watches for as long as it is kept.
fn watch_visibility(runner: Runner) -> Option<EventListener> {
    let document = document()?;
    Some(EventListener::new(&document, "visibilitychange", move |_| {
        if is_hidden() {
            runner.0.was_hidden.set(true);
            runner.stop();
        }
    }))
}

/// Ten times a second while it lives: moves the heartbeat, now and then repaints the row at work.
///
/// A frame costs the page some milliseconds that the strategy would have had, so there are few.
fn heartbeat(runner: Runner) -> Interval {
    let heart = document().and_then(|document| document.get_element_by_id("heart"));
    let heart: Option<HtmlElement> = heart.and_then(|element| element.dyn_into().ok());
    let beats = Cell::new(0u32);
    Interval::new(BEAT_MS, move || {
        let beat = beats.get() + 1;
        beats.set(beat);
        if let Some(heart) = &heart {
            let phase = beat % (2 * BEATS_ACROSS);
            let percent = 100 * phase.min(2 * BEATS_ACROSS - phase) / BEATS_ACROSS;
            // The property is a standard one: setting it cannot fail.
            let _ = heart.style().set_property("transform", &format!("translateX({percent}%)"));
        }
        if beat.is_multiple_of(BEATS_PER_REPAINT) {
            let painter = runner.0.painter.borrow().clone();
            if let Some(paint) = painter {
                paint();
            }
        }
    })
}
