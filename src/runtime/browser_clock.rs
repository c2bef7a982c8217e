//! The browser clock: runs a strategy on the event loop of this thread, for real.
//!
//! Works on a page and in a worker alike: it uses only what both have, and never the DOM.
//! It arranges wake-ups and measures time; what a turn does is the [`Core`]'s business.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Object, Reflect};
use tokio::sync::oneshot;
use wasm_bindgen::prelude::*;
use web_sys::{MessageChannel, Performance};

use super::cpu_kernel::CpuKernel;
use super::event_loop::NESTING_LIMIT;
use super::{Clock, Core, Key, Runtime, Wake, YieldWith};
use crate::lab::Work;
use crate::trace::{Nanos, Outcome, Trace};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: Performance;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, delay_ms: f64, key: f64) -> i32;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(handle: i32);

    /// `scheduler` of the WICG scheduling APIs; web-sys has no binding for `yield`.
    type Scheduler;

    #[wasm_bindgen(thread_local_v2, js_name = scheduler)]
    static SCHEDULER: Option<Scheduler>;

    /// A port through which only numbers go; web-sys would make an object of each.
    type NumberPort;

    #[wasm_bindgen(method, js_name = postMessage)]
    fn post(this: &NumberPort, number: f64);

    type NumberEvent;

    #[wasm_bindgen(method, getter, js_name = data)]
    fn number(this: &NumberEvent) -> f64;
}

// The functions inside look superfluous, but where WebAssembly directly calls what calls `yield` or `postTask`,
// Chromium takes a microsecond longer, a quarter of a yield. And no promise has to be handed over.
#[wasm_bindgen(inline_js = "
    const yieldInside = (callback) => { scheduler.yield().then(callback); };
    const postInside = (callback, options) => { scheduler.postTask(callback, options); };
    export function yieldThen(callback) { yieldInside(callback); }
    export function postTask(callback, options) { postInside(callback, options); }
")]
extern "C" {
    #[wasm_bindgen(js_name = yieldThen)]
    fn yield_then(callback: &Function);

    #[wasm_bindgen(js_name = postTask)]
    fn post_task(callback: &Function, options: &Object);
}

/// The message that begins a run; all others are numbers.
const BEGIN: f64 = f64::NAN;

/// Milliseconds on this thread's clock.
pub fn now_ms() -> f64 {
    PERFORMANCE.with(Performance::now)
}

/// The smallest step that this thread's clock shows, in milliseconds.
pub fn clock_step_ms() -> f64 {
    let step = || {
        let start = now_ms();
        loop {
            let now = now_ms();
            if now > start {
                return now - start;
            }
        }
    };
    (0..5).map(|_| step()).fold(f64::INFINITY, f64::min)
}

/// How many blocks of the CPU kernel take a millisecond here; nothing when `go_on` says no meanwhile.
///
/// The speed of an undisturbed machine is wanted: whatever else it does, and a browser that still
/// compiles hot code in the background, only make rounds slower. So it is measured in rounds, with
/// pauses, until the two fastest agree. Takes a quarter of a second; on a clock of whole milliseconds
/// up to two and a half, in stretches of 50 ms.
pub async fn calibrate(go_on: impl Fn() -> bool) -> Option<f64> {
    const LEAST_ROUNDS: usize = 12;
    const MOST_ROUNDS: usize = 40;
    const AGREEMENT: f64 = 1.02;
    const PAUSE_MS: u32 = 10;
    let step_ms = clock_step_ms();
    let (mut fastest, mut second) = (0.0f64, 0.0f64);
    for round in 1..=MOST_ROUNDS {
        if !go_on() {
            return None;
        }
        let speed = CpuKernel::measure(now_ms, step_ms);
        second = second.max(speed.min(fastest));
        fastest = fastest.max(speed);
        if round >= LEAST_ROUNDS && fastest <= second * AGREEMENT {
            break;
        }
        TimeoutFuture::new(PAUSE_MS).await;
    }
    Some(second)
}

/// Whether this browser has this way to yield.
pub fn has(with: YieldWith) -> bool {
    let has_global = |name: &str| Reflect::has(&js_sys::global(), &name.into()).unwrap_or(false);
    let has_method = |name: &str| {
        SCHEDULER.with(|scheduler| {
            scheduler.as_ref().is_some_and(|scheduler| Reflect::has(scheduler, &name.into()).unwrap_or(false))
        })
    };
    match with {
        YieldWith::BackgroundYield => has_method("yield") && has_method("postTask"),
        YieldWith::SchedulerYield => has_method("yield"),
        YieldWith::PostTaskBackground | YieldWith::PostTaskUserVisible | YieldWith::PostTaskUserBlocking => {
            has_method("postTask")
        }
        YieldWith::AnimationFrame => has_global("requestAnimationFrame"),
        YieldWith::IdleCallback => has_global("requestIdleCallback"),
        YieldWith::Message | YieldWith::Timeout | YieldWith::MessageThenTimeout | YieldWith::Microtask => {
            true
        }
    }
}

/// The kindest way to yield that this browser has.
pub fn kindest_yield() -> YieldWith {
    YieldWith::ALL.into_iter().find(|with| has(*with)).unwrap_or(YieldWith::Message)
}

/// What is arranged under a key.
#[derive(Clone, Copy, Default)]
struct Slot {
    /// The timer's handle; zero when no timer is set.
    timer: i32,
    /// When the timer may report, on this thread's clock.
    due_ms: f64,
    /// How deep the timer is nested in timers.
    nesting: u32,
}

struct BrowserClock {
    /// Real time of the run's start, on this thread's clock.
    origin_ms: Cell<f64>,
    /// Real time per lab time.
    scale: f64,
    kernel: CpuKernel,
    core: OnceCell<Weak<Core>>,
    slots: RefCell<Vec<Slot>>,
    /// Keys handed to callbacks that carry none: first in, first out.
    posted: [RefCell<VecDeque<Key>>; YieldWith::ALL.len()],
    callbacks: OnceCell<Callbacks>,
    port: NumberPort,
    nesting: Cell<u32>,
    is_background: Cell<bool>,
    done: RefCell<Option<oneshot::Sender<()>>>,
}

/// The functions that the browser calls. They hold the clock weakly, so whatever the browser still
/// calls after the run does nothing; the garbage collector takes them when it no longer can.
struct Callbacks {
    timer: Function,
    /// One for each way to yield, in the order of [`YieldWith::ALL`].
    posted: Vec<Function>,
    /// What `postTask` is told for each of them.
    options: Vec<Object>,
}

impl Clock for BrowserClock {
    fn now(&self) -> Nanos {
        Nanos(((now_ms() - self.origin_ms.get()) * 1e6 / self.scale).round() as u64)
    }

    fn spend_cpu(&self, cost: Nanos) {
        self.kernel.work(cost.as_ms() * self.scale);
    }

    fn wait_in_place(&self, at: Nanos) {
        while self.now() < at {}
    }

    fn kindest_yield(&self) -> YieldWith {
        kindest_yield()
    }

    fn arrange(&self, wake: Wake, key: Key) {
        match wake {
            Wake::Timer(delay) => self.set_timer(key, self.real_ms(self.now() + delay)),
            Wake::Response(at) => self.await_response(key, self.real_ms(at)),
            Wake::Yield(with) => self.give_back(with, key),
        }
    }

    fn revoke(&self, key: Key) -> bool {
        let mut slots = self.slots.borrow_mut();
        let Some(slot) = slots.get_mut(key).filter(|slot| slot.timer != 0) else {
            return false;
        };
        clear_timeout(slot.timer);
        slot.timer = 0;
        true
    }
}

impl BrowserClock {
    /// A lab time on this thread's clock.
    fn real_ms(&self, at: Nanos) -> f64 {
        self.origin_ms.get() + at.as_ms() * self.scale
    }

    fn set_timer(&self, key: Key, due_ms: f64) {
        let Some(callbacks) = self.callbacks.get() else {
            return;
        };
        // The browser cuts delays to whole milliseconds; rounded up, none comes too early.
        // (A millionth is taken off so that 5.000000001 is 5.)
        let delay_ms = (due_ms - now_ms() - 1e-6).ceil().max(0.0);
        let timer = set_timeout(&callbacks.timer, delay_ms, key as f64);
        self.put(key, Slot { timer, due_ms, nesting: self.nesting.get() + 1 });
    }

    fn put(&self, key: Key, slot: Slot) {
        let mut slots = self.slots.borrow_mut();
        if slots.len() <= key {
            slots.resize(key + 1, Slot::default());
        }
        slots[key] = slot;
    }

    /// A response is no timer and pays no clamp: where a timer would, it is set behind a message.
    fn await_response(&self, key: Key, due_ms: f64) {
        if self.nesting.get() >= NESTING_LIMIT && due_ms - now_ms() < 4.0 {
            self.hop(key, due_ms);
        } else {
            self.set_timer(key, due_ms);
        }
    }

    /// A message first, whose turn sets the timer: so it is not nested.
    fn hop(&self, key: Key, due_ms: f64) {
        self.put(key, Slot { timer: 0, due_ms, nesting: 0 });
        self.post(-(key as f64) - 1.0);
    }

    /// The first turn. The run's time starts here.
    fn begin(&self) {
        self.origin_ms.set(now_ms());
        self.turn(None, 0, false);
    }

    /// A message to oneself: a key, what makes it negative for a hop, or [`BEGIN`].
    fn post(&self, data: f64) {
        // Posting a number to an open port cannot fail: it needs no transfer and no clone of an object.
        self.port.post(data);
    }

    fn give_back(&self, with: YieldWith, key: Key) {
        match with {
            YieldWith::Message => self.post(key as f64),
            YieldWith::Timeout => self.set_timer(key, now_ms()),
            YieldWith::MessageThenTimeout => self.hop(key, now_ms()),
            YieldWith::BackgroundYield if !self.is_background.get() => {
                // The first one has to enter the background; from there its continuations stay in it.
                self.queue(YieldWith::PostTaskBackground, key);
            }
            _ => self.queue(with, key),
        }
    }

    /// Asks for a callback that carries no key.
    fn queue(&self, with: YieldWith, key: Key) {
        let Some(callbacks) = self.callbacks.get() else {
            return;
        };
        let index = index_of(with);
        let callback = &callbacks.posted[index];
        self.posted[index].borrow_mut().push_back(key);
        match with {
            YieldWith::PostTaskBackground
            | YieldWith::PostTaskUserVisible
            | YieldWith::PostTaskUserBlocking => post_task(callback, &callbacks.options[index]),
            YieldWith::BackgroundYield | YieldWith::SchedulerYield => yield_then(callback),
            YieldWith::AnimationFrame => call_global("requestAnimationFrame", callback),
            YieldWith::IdleCallback => call_global("requestIdleCallback", callback),
            YieldWith::Message
            | YieldWith::Timeout
            | YieldWith::MessageThenTimeout
            | YieldWith::Microtask => {}
        }
    }

    fn on_timer(&self, key: Key) {
        let slot = std::mem::take(&mut self.slots.borrow_mut()[key]);
        // Some browsers fire a fraction of a millisecond early. Never sooner, perhaps later.
        while now_ms() < slot.due_ms {}
        self.turn(Some(key), slot.nesting, false);
    }

    fn on_message(&self, data: f64) {
        if data.is_nan() {
            self.begin();
        } else if data >= 0.0 {
            self.turn(Some(data as Key), 0, false);
        } else {
            if self.core.get().and_then(Weak::upgrade).is_none_or(|core| core.is_finished()) {
                return; // The run is over: no timer for it any more.
            }
            let key = (-data - 1.0) as Key;
            self.nesting.set(0);
            let due_ms = self.slots.borrow()[key].due_ms;
            self.set_timer(key, due_ms);
        }
    }

    fn on_posted(&self, with: YieldWith) {
        let key = self.posted[index_of(with)].borrow_mut().pop_front();
        let is_background = matches!(with, YieldWith::PostTaskBackground | YieldWith::BackgroundYield);
        self.turn(key, 0, is_background);
    }

    fn turn(&self, key: Option<Key>, nesting: u32, is_background: bool) {
        let Some(core) = self.core.get().and_then(Weak::upgrade) else {
            return;
        };
        if core.is_finished() {
            return;
        }
        self.nesting.set(nesting);
        self.is_background.set(is_background);
        core.turn(key);
        if core.is_finished()
            && let Some(done) = self.done.take()
        {
            // Nobody may be waiting any more; then nobody needs to know.
            let _ = done.send(());
        }
    }
}

/// Where it stands in [`YieldWith::ALL`].
fn index_of(with: YieldWith) -> usize {
    YieldWith::ALL.into_iter().position(|one| one == with).unwrap_or_default()
}

fn call_global(name: &str, callback: &Function) {
    if let Ok(function) = Reflect::get(&js_sys::global(), &name.into()).and_then(JsCast::dyn_into::<Function>)
    {
        // Throws for nothing that we pass.
        let _ = function.call1(&JsValue::UNDEFINED, callback);
    }
}

impl Callbacks {
    fn of(clock: &Rc<BrowserClock>) -> Callbacks {
        let weak = Rc::downgrade(clock);
        let timer = Closure::<dyn Fn(f64)>::new(move |key: f64| {
            if let Some(clock) = weak.upgrade() {
                clock.on_timer(key as Key);
            }
        });
        let posted = YieldWith::ALL.map(|with| {
            let weak = Rc::downgrade(clock);
            let callback = Closure::<dyn Fn()>::new(move || {
                if let Some(clock) = weak.upgrade() {
                    clock.on_posted(with);
                }
            });
            callback.into_js_value().unchecked_into()
        });
        let options = YieldWith::ALL.map(|with| {
            let options = Object::new();
            let priority = match with {
                YieldWith::PostTaskBackground => "background",
                YieldWith::PostTaskUserBlocking => "user-blocking",
                _ => "user-visible",
            };
            // Setting a property of a new object cannot fail.
            let _ = Reflect::set(&options, &"priority".into(), &priority.into());
            options
        });
        let timer = timer.into_js_value().unchecked_into();
        Callbacks { timer, posted: posted.into(), options: options.into() }
    }
}

/// A strategy at work on this thread's event loop. Dropping it cancels it.
pub struct BrowserRun {
    core: Rc<Core>,
    clock: Rc<BrowserClock>,
    /// The far end of the clock's port, kept open for as long as the run lasts.
    channel: MessageChannel,
    done: Option<oneshot::Receiver<()>>,
}

impl BrowserRun {
    /// Prepares to run `strategy`: nothing of it runs before [`BrowserRun::start`].
    ///
    /// `scale` is real time per lab time; `blocks_per_ms` is the result of [`calibrate`].
    ///
    /// # Errors
    /// When the browser refuses a `MessageChannel`.
    pub fn prepare(
        scale: f64,
        blocks_per_ms: f64,
        strategy: impl FnOnce(Runtime) -> Work,
    ) -> Result<BrowserRun, JsValue> {
        let channel = MessageChannel::new()?;
        let (sender, receiver) = oneshot::channel();
        let clock = Rc::new(BrowserClock {
            origin_ms: Cell::new(now_ms()),
            scale,
            kernel: CpuKernel::new(blocks_per_ms),
            core: OnceCell::new(),
            slots: RefCell::default(),
            posted: Default::default(),
            callbacks: OnceCell::new(),
            port: channel.port2().unchecked_into(),
            nesting: Cell::new(0),
            is_background: Cell::new(false),
            done: RefCell::new(Some(sender)),
        });
        let core = Core::new(clock.clone());
        let _ = clock.core.set(Rc::downgrade(&core));
        let _ = clock.callbacks.set(Callbacks::of(&clock));
        core.start(strategy);

        let weak = Rc::downgrade(&clock);
        let on_message = Closure::<dyn Fn(NumberEvent)>::new(move |event: NumberEvent| {
            if let Some(clock) = weak.upgrade() {
                clock.on_message(event.number());
            }
        });
        channel.port1().set_onmessage(Some(on_message.into_js_value().unchecked_ref()));
        Ok(BrowserRun { core, clock, channel, done: Some(receiver) })
    }

    /// Lets the run begin, in a turn of its own; its time starts with that turn.
    ///
    /// # Errors
    /// When the browser refuses a message.
    pub fn start(&self) -> Result<(), JsValue> {
        self.channel.port2().post_message(&BEGIN.into())
    }

    /// The trace, which grows until [`BrowserRun::finished`].
    pub fn trace(&self) -> Rc<RefCell<Trace>> {
        self.core.trace()
    }

    /// Waits until the run has ended in whatever way. Ready at once when asked for again.
    pub fn finished(&mut self) -> impl Future<Output = ()> + use<> {
        let done = self.done.take();
        async move {
            if let Some(done) = done {
                // An error means that the run was dropped, which ends it too.
                let _ = done.await;
            }
        }
    }

    /// How many wake-ups are still arranged; none once a run has ended and its messages are read.
    pub fn outstanding(&self) -> usize {
        self.core.outstanding()
    }

    /// Stops the run where it is and takes back everything that it arranged.
    pub fn cancel(&self) {
        self.core.finish(Outcome::Cancelled);
        self.core.shut_down();
        if let Some(done) = self.clock.done.take() {
            let _ = done.send(());
        }
    }
}

impl Drop for BrowserRun {
    fn drop(&mut self) {
        self.cancel();
        self.channel.port1().set_onmessage(None);
        self.channel.port1().close();
    }
}
