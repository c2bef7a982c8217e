//! The clock itself: tells the time, spends it, and arranges wake-ups. What happens in a turn is up to the
//! [`Core`].

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use engine::YieldWith;
use engine::browser::NESTING_LIMIT;
use engine::clock::{Clock, Core, Key, Stretch, Stretches, Wake};
use engine::trace::{Nanos, Outcome};
use js_sys::{Function, Object, Reflect};
use tokio::sync::oneshot;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, MessagePort, Performance};

use crate::bindings::{
    MOST_LOOKS, PERFORMANCE, call_global, clear_timeout, kindest_yield, now_ms, post_task, set_timeout,
    yield_then,
};
use crate::cpu_kernel::CpuKernel;
use crate::other_thread::OtherThread;
use crate::thread::{Computed, Thread, Word};

/// What a message to ourselves is for. The messages of a port arrive in the order in which they were posted, so
/// this waits here: to read it from the message would cost a tenth of a yield.
pub(crate) enum Message {
    /// Begin the run.
    Begin,
    /// A yield of this key is over.
    Yield(Key),
    /// Set the timer of this key, which is then not nested.
    Hop(Key),
}

/// What is arranged under a key.
#[derive(Clone, Copy, Default)]
struct Slot {
    /// The timer's handle; zero if no timer is set.
    timer: i32,
    /// When the event is due, on this thread's clock. It must not be reported before.
    due_ms: f64,
    /// How deeply the timer is nested in timers.
    nesting: u32,
}

pub(crate) struct BrowserClock {
    this: Weak<BrowserClock>,
    /// When the run started, on this thread's clock, in real time.
    origin_ms: Cell<f64>,
    /// Real time per lab time.
    pub(crate) scale: f64,
    kernel: CpuKernel,
    pub(crate) core: OnceCell<Weak<Core>>,
    slots: RefCell<Vec<Slot>>,
    /// The keys of callbacks that carry none, for each way to yield: first in, first out.
    posted: [RefCell<VecDeque<Key>>; YieldWith::ALL.len()],
    pub(crate) callbacks: OnceCell<Callbacks>,
    port: MessagePort,
    /// What the messages that were posted to ourselves are for: first in, first out.
    messages: RefCell<VecDeque<Message>>,
    /// Posts messages from another thread. Empty until somebody asks for it.
    pub(crate) other_thread: OnceCell<Result<OtherThread, JsValue>>,
    nesting: Cell<u32>,
    is_background: Cell<bool>,
    pub(crate) done: RefCell<Option<oneshot::Sender<()>>>,
    /// The threads that compute for the run, by number.
    threads: RefCell<Vec<Option<Thread>>>,
    /// When threads worked for a key. To be taken once the key has fired.
    stretches: Stretches,
    /// Why the run broke off; `None` if it did not.
    pub(crate) broken: RefCell<Option<String>>,
    pub(crate) tap: RefCell<Option<Tap>>,
    /// The lab time from which on the next recording is reported.
    pub(crate) next_report: Cell<Nanos>,
}

/// Called every so often while something is recorded.
pub(crate) struct Tap {
    pub(crate) every_ms: f64,
    pub(crate) report: Rc<dyn Fn()>,
}

/// The functions that the browser calls. They hold the clock weakly, so calls after the end of the run do
/// nothing. The garbage collector frees them once the browser cannot call them any more.
pub(crate) struct Callbacks {
    timer: Function,
    /// For messages from another thread.
    other_thread: Function,
    /// One for each way to yield, in the order of [`YieldWith::ALL`].
    posted: Vec<Function>,
    /// The options of `postTask` for each of them.
    options: Vec<Object>,
}

impl Clock for BrowserClock {
    fn now(&self) -> Nanos {
        // Rounded by hand, since WebAssembly has no instruction for `f64::round`.
        Nanos(((now_ms() - self.origin_ms.get()) * 1e6 / self.scale + 0.5) as u64)
    }

    fn spend_cpu(&self, cost: Nanos) {
        self.kernel.work(cost.as_ms() * self.scale);
    }

    fn wait_in_place(&self, at: Nanos) {
        let (mut last, mut looks) = (Nanos::ZERO, 0);
        // A clock that stands still must not keep the thread for ever.
        while last < at && looks < MOST_LOOKS {
            let now = self.now();
            looks = if now > last { 0 } else { looks + 1 };
            last = last.max(now);
            // Nobody else could say meanwhile that the run is alive.
            self.recorded(now);
        }
    }

    fn kindest_yield(&self) -> YieldWith {
        kindest_yield()
    }

    fn arrange(&self, now: Nanos, wake: Wake, key: Key) -> Nanos {
        match wake {
            Wake::Timer(delay) => self.set_timer(key, self.real_ms(now + delay)),
            Wake::Response(at) => self.await_response(key, self.real_ms(at)),
            Wake::Message(at) => self.await_other_thread(key, self.real_ms(at)),
            Wake::Yield(with) => self.give_back(with, key),
            Wake::Started(thread) => self.start_thread(thread, key),
            Wake::Computed(thread, cost) => self.compute_on(thread, cost, key),
        }
        // What the browser adds (the clamp, the time until a frame) is not known.
        match wake {
            Wake::Timer(delay) => now + delay,
            Wake::Response(at) | Wake::Message(at) => at,
            _ => now,
        }
    }

    fn take_stretch(&self, key: Key) -> Stretch {
        self.stretches.take(key)
    }

    fn recorded(&self, end: Nanos) {
        // By the recorded time, since a look at the clock costs as much as recording.
        if end >= self.next_report.get() {
            self.report();
        }
    }

    fn start_other_thread(&self) {
        if let Some(callbacks) = self.callbacks.get() {
            self.other_thread.get_or_init(|| OtherThread::start(&callbacks.other_thread));
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
    /// A clock that has not begun. `done` is told when the run has ended.
    pub(crate) fn new(
        scale: f64,
        blocks_per_ms: f64,
        port: MessagePort,
        done: oneshot::Sender<()>,
    ) -> Rc<BrowserClock> {
        Rc::new_cyclic(|this| BrowserClock {
            this: this.clone(),
            origin_ms: Cell::new(now_ms()),
            scale,
            kernel: CpuKernel::new(blocks_per_ms),
            core: OnceCell::new(),
            slots: RefCell::default(),
            posted: Default::default(),
            callbacks: OnceCell::new(),
            port,
            messages: RefCell::default(),
            other_thread: OnceCell::new(),
            nesting: Cell::new(0),
            is_background: Cell::new(false),
            done: RefCell::new(Some(done)),
            threads: RefCell::default(),
            stretches: Stretches::default(),
            broken: RefCell::default(),
            tap: RefCell::default(),
            next_report: Cell::new(Nanos(u64::MAX)),
        })
    }

    /// A lab time as real time on this thread's clock.
    fn real_ms(&self, at: Nanos) -> f64 {
        self.origin_ms.get() + at.as_ms() * self.scale
    }

    fn set_timer(&self, key: Key, due_ms: f64) {
        let Some(callbacks) = self.callbacks.get() else {
            return;
        };
        // The browser cuts delays to whole milliseconds, so they are rounded up: no timer is early. (Minus a
        // millionth, so that 5.000000001 becomes 5.)
        let delay_ms = (due_ms - now_ms() - 1e-6).ceil().max(0.0);
        let timer = set_timeout(&callbacks.timer, delay_ms, key as f64);
        self.put(key, Slot { timer, due_ms, nesting: self.nesting.get() + 1 });
    }

    /// Calls the tap, if there is one.
    pub(crate) fn report(&self) {
        if let Some(tap) = &*self.tap.borrow() {
            (tap.report)();
            self.next_report.set(self.now() + Nanos::from_ms(tap.every_ms / self.scale));
        }
    }

    /// Starts a thread, and reports when it takes commands. A thread that does not start breaks the run.
    fn start_thread(&self, number: usize, key: Key) {
        let weak = self.core.get().cloned().unwrap_or_default();
        let Some(clock) = self.this.upgrade() else { return };
        spawn_local(async move {
            let started = start_thread(&clock).await;
            let Some(core) = weak.upgrade().filter(|core| !core.is_finished()) else { return };
            match started {
                Ok(thread) => {
                    clock.keep(number, thread);
                    clock.turn(Some(key), 0, false);
                }
                Err(reason) => clock.break_off(&core, reason),
            }
        });
    }

    pub(crate) fn keep(&self, number: usize, thread: Thread) {
        let mut threads = self.threads.borrow_mut();
        if threads.len() <= number {
            threads.resize_with(number + 1, || None);
        }
        threads[number] = Some(thread);
    }

    fn compute_on(&self, number: usize, cost: Nanos, key: Key) {
        let blocks = self.kernel.blocks(cost.as_ms() * self.scale);
        match self.threads.borrow().get(number) {
            Some(Some(thread)) => thread.compute(key as u32, blocks),
            // The thread was never started, so waiting for it would take forever.
            _ => {
                if let Some(core) = self.core.get().and_then(Weak::upgrade) {
                    self.break_off(&core, format!("there is no thread {number}"));
                }
            }
        }
    }

    fn on_word(&self, word: Word) {
        match word {
            Word::Computed(Computed { key, began_ms, ended_ms }) => {
                let origin_ms = PERFORMANCE.with(Performance::time_origin) + self.origin_ms.get();
                let lab = |epoch_ms: f64| Nanos::from_ms((epoch_ms - origin_ms) / self.scale);
                let (start, end) = (lab(began_ms), lab(ended_ms));
                let key = key as Key;
                // The clocks of two threads may differ by a step. Nothing ends after it was seen.
                let end = end.min(self.now());
                self.stretches.put(key, Stretch { start: start.min(end), end });
                self.turn(Some(key), 0, false);
            }
            Word::Said(_) => {}
            Word::Broke(reason) => {
                if let Some(core) = self.core.get().and_then(Weak::upgrade) {
                    self.break_off(&core, reason);
                }
            }
        }
    }

    /// Ends a run that cannot go on because one of its threads is gone.
    fn break_off(&self, core: &Core, reason: String) {
        if !core.is_finished() {
            self.broken.replace(Some(reason));
            core.finish(Outcome::Cancelled);
            if let Some(done) = self.done.take() {
                let _ = done.send(());
            }
        }
    }

    fn put(&self, key: Key, slot: Slot) {
        let mut slots = self.slots.borrow_mut();
        if slots.len() <= key {
            slots.resize(key + 1, Slot::default());
        }
        slots[key] = slot;
    }

    /// A response is not a timer and pays no clamp. Where a timer would pay it, a message comes first.
    fn await_response(&self, key: Key, due_ms: f64) {
        if self.nesting.get() >= NESTING_LIMIT && due_ms - now_ms() < 4.0 {
            self.hop(key, due_ms);
        } else {
            self.set_timer(key, due_ms);
        }
    }

    fn await_other_thread(&self, key: Key, due_ms: f64) {
        if let Some(Ok(other_thread)) = self.other_thread.get() {
            self.put(key, Slot { timer: 0, due_ms, nesting: 0 });
            other_thread.post(key as f64, due_ms);
        }
    }

    /// Posts a message whose turn sets the timer, so that the timer is not nested.
    fn hop(&self, key: Key, due_ms: f64) {
        self.put(key, Slot { timer: 0, due_ms, nesting: 0 });
        let _ = self.post(Message::Hop(key));
    }

    /// The first turn, with which the run's time starts.
    fn begin(&self) {
        self.origin_ms.set(now_ms());
        self.turn(None, 0, false);
    }

    /// Posts a message to ourselves.
    ///
    /// # Errors
    /// If the browser refuses a message, which it does not from an open port.
    pub(crate) fn post(&self, message: Message) -> Result<(), JsValue> {
        self.messages.borrow_mut().push_back(message);
        self.port.post_message(&JsValue::NULL)
    }

    fn give_back(&self, with: YieldWith, key: Key) {
        match with {
            YieldWith::Message => drop(self.post(Message::Yield(key))),
            YieldWith::Timeout => self.set_timer(key, now_ms()),
            YieldWith::MessageThenTimeout => self.hop(key, now_ms()),
            YieldWith::BackgroundYield if !self.is_background.get() => {
                // The first yield has to enter the background. From there, continuations stay in it.
                self.queue(YieldWith::PostTaskBackground, key);
            }
            // The same call: a continuation has the priority of its task, so this one stays in the
            // background.
            YieldWith::SchedulerYield if self.is_background.get() => {
                self.queue(YieldWith::BackgroundYield, key);
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
        spin_until(slot.due_ms);
        self.turn(Some(key), slot.nesting, false);
    }

    fn on_other_thread(&self, key: Key) {
        let due_ms = self.slots.borrow()[key].due_ms;
        // The clocks of two threads may differ slightly. Never sooner, perhaps later.
        spin_until(due_ms);
        self.turn(Some(key), 0, false);
    }

    pub(crate) fn on_message(&self) {
        let message = self.messages.borrow_mut().pop_front();
        match message {
            Some(Message::Begin) => self.begin(),
            Some(Message::Yield(key)) => self.turn(Some(key), 0, false),
            Some(Message::Hop(key)) => {
                if self.core.get().and_then(Weak::upgrade).is_none_or(|core| core.is_finished()) {
                    return; // the run is over, so no timer is set for it any more
                }
                self.nesting.set(0);
                let due_ms = self.slots.borrow()[key].due_ms;
                self.set_timer(key, due_ms);
            }
            None => {}
        }
    }

    fn on_posted(&self, with: YieldWith) {
        let key = self.posted[index_of(with)].borrow_mut().pop_front();
        let is_background = matches!(
            with,
            YieldWith::PostTaskBackground | YieldWith::BackgroundYield | YieldWith::IdleCallback
        );
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
            // An error means that nobody is waiting any more.
            let _ = done.send(());
        }
    }
}

/// Waits in place for the rest of a millisecond, but not for a clock that stands still.
fn spin_until(due_ms: f64) {
    let _ = (0..MOST_LOOKS).find(|_| now_ms() >= due_ms);
}

/// Starts a thread that computes for this clock.
pub(crate) async fn start_thread(clock: &Rc<BrowserClock>) -> Result<Thread, String> {
    let weak = Rc::downgrade(clock);
    let hear = move |word| {
        if let Some(clock) = weak.upgrade() {
            clock.on_word(word);
        }
    };
    Thread::start(Box::new(hear)).await
}

/// Its index in [`YieldWith::ALL`].
fn index_of(with: YieldWith) -> usize {
    YieldWith::ALL.into_iter().position(|one| one == with).unwrap_or_default()
}

impl Callbacks {
    pub(crate) fn of(clock: &Rc<BrowserClock>) -> Callbacks {
        let weak = Rc::downgrade(clock);
        let timer = Closure::<dyn Fn(f64)>::new(move |key: f64| {
            if let Some(clock) = weak.upgrade() {
                clock.on_timer(key as Key);
            }
        });
        let weak = Rc::downgrade(clock);
        let other_thread = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let (Some(clock), Some(key)) = (weak.upgrade(), event.data().as_f64()) {
                clock.on_other_thread(key as Key);
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
        Callbacks {
            timer: timer.into_js_value().unchecked_into(),
            other_thread: other_thread.into_js_value().unchecked_into(),
            posted: posted.into(),
            options: options.into(),
        }
    }
}
