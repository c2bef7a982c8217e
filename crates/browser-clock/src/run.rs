//! A strategy that runs on this thread's event loop: [`BrowserRun`].

use std::cell::RefCell;
use std::rc::Rc;

use engine::clock::Core;
use engine::trace::{Nanos, Outcome, Trace};
use engine::{Runtime, Work};
use tokio::sync::oneshot;
use wasm_bindgen::prelude::*;
use web_sys::MessageChannel;

use crate::clock::{BrowserClock, Callbacks, Message, Tap, start_thread};

/// A strategy that runs on this thread's event loop. Dropping it cancels it.
pub struct BrowserRun {
    core: Rc<Core>,
    clock: Rc<BrowserClock>,
    /// Holds both ends of the clock's port, which stays open for as long as the run lasts.
    channel: MessageChannel,
    done: Option<oneshot::Receiver<()>>,
}

impl BrowserRun {
    /// Prepares to run `strategy`. Nothing of it runs before [`BrowserRun::start`].
    ///
    /// `scale` is real time per lab time, `blocks_per_ms` the calibrated speed of the CPU kernel.
    ///
    /// # Errors
    /// If the browser refuses a `MessageChannel`, or a worker that the strategy needs.
    pub fn prepare(
        scale: f64,
        blocks_per_ms: f64,
        strategy: impl FnOnce(Runtime) -> Work,
    ) -> Result<BrowserRun, JsValue> {
        BrowserRun::prepare_boxed(scale, blocks_per_ms, Box::new(strategy))
    }

    /// The same, compiled once for all strategies.
    fn prepare_boxed(
        scale: f64,
        blocks_per_ms: f64,
        strategy: Box<dyn FnOnce(Runtime) -> Work + '_>,
    ) -> Result<BrowserRun, JsValue> {
        let channel = MessageChannel::new()?;
        let (sender, receiver) = oneshot::channel();
        let clock = BrowserClock::new(scale, blocks_per_ms, channel.port2(), sender);
        let core = Core::new(clock.clone());
        let _ = clock.core.set(Rc::downgrade(&core));
        let _ = clock.callbacks.set(Callbacks::of(&clock));
        core.start(strategy);
        if let Some(Err(error)) = clock.other_thread.get() {
            core.shut_down();
            return Err(error.clone());
        }

        let weak = Rc::downgrade(&clock);
        let on_message = Closure::<dyn Fn()>::new(move || {
            if let Some(clock) = weak.upgrade() {
                clock.on_message();
            }
        });
        channel.port1().set_onmessage(Some(on_message.into_js_value().unchecked_ref()));
        Ok(BrowserRun { core, clock, channel, done: Some(receiver) })
    }

    /// Starts `count` threads, so that they are ready before the clock starts.
    ///
    /// # Errors
    /// If the browser refuses a worker.
    pub async fn start_threads(&self, count: usize) -> Result<(), JsValue> {
        for number in 0..count {
            self.clock.keep(number, start_thread(&self.clock).await?);
        }
        Ok(())
    }

    /// Lets the run begin, in a turn of its own. Its time starts with that turn.
    ///
    /// # Errors
    /// If the browser refuses a message.
    pub fn start(&self) -> Result<(), JsValue> {
        self.clock.post(Message::Begin)
    }

    /// From now on calls `report` about once every `every_ms` (real milliseconds) in which something is
    /// recorded, even while a strategy never yields.
    pub fn tap(&self, every_ms: f64, report: impl Fn() + 'static) {
        self.clock.next_report.set(Nanos::from_ms(every_ms / self.clock.scale));
        self.clock.tap.replace(Some(Tap { every_ms, report: Rc::new(report) }));
    }

    /// Calls the tap a last time.
    pub fn flush(&self) {
        self.clock.report();
    }

    /// Why the run broke off; `None` if it did not.
    pub fn broken(&self) -> Option<String> {
        self.clock.broken.borrow().clone()
    }

    /// The trace, which grows until the run has [`finished`](BrowserRun::finished).
    pub fn trace(&self) -> Rc<RefCell<Trace>> {
        self.core.trace()
    }

    /// Waits until the run has ended, with whatever outcome. A second call is ready at once.
    pub fn finished(&mut self) -> impl Future<Output = ()> + use<> {
        let done = self.done.take();
        async move {
            if let Some(done) = done {
                // An error means that the run was dropped, which ends it as well.
                let _ = done.await;
            }
        }
    }

    /// How many wake-ups are still arranged; zero once a run has ended and its messages were received.
    pub fn outstanding(&self) -> usize {
        self.core.outstanding()
    }

    /// Stops the run where it is, and revokes everything that it arranged.
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
