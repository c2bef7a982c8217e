//! Measures how late the loop of this thread is for others during a run. Knows nothing of the run.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use engine::probes::{PERIOD_MS, Samples};
use engine::trace::Nanos;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use web_sys::MessageChannel;

use crate::bindings::now_ms;

/// A timer in every period of the probes, and in its turn a message to ourselves. Dropping the probe ends it.
pub struct Probe(Rc<Inner>);

struct Inner {
    samples: RefCell<Samples>,
    channel: MessageChannel,
    /// When the outstanding message was posted, if there is one.
    posted_ms: Cell<Option<f64>>,
    /// When the timer is due.
    due_ms: Cell<f64>,
    timer: RefCell<Option<Timeout>>,
    listener: RefCell<Option<EventListener>>,
}

impl Probe {
    /// Starts a probe of this thread.
    ///
    /// # Errors
    /// If the browser refuses a `MessageChannel`.
    pub fn start() -> Result<Probe, JsValue> {
        let probe = Rc::new(Inner {
            samples: RefCell::default(),
            channel: MessageChannel::new()?,
            posted_ms: Cell::new(None),
            due_ms: Cell::new(0.0),
            timer: RefCell::default(),
            listener: RefCell::default(),
        });
        let weak = Rc::downgrade(&probe);
        let listener = EventListener::new(&probe.channel.port1(), "message", move |_| {
            if let Some(probe) = weak.upgrade() {
                probe.on_message();
            }
        });
        probe.channel.port1().start();
        probe.listener.replace(Some(listener));
        probe.set_timer();
        Ok(Probe(probe))
    }

    /// Does the work of one look at once, to measure what it costs.
    pub(super) fn look(&self) {
        self.0.clone().on_timer();
        self.0.on_message();
    }

    /// Notes that a message from another thread took `lag_ms` to arrive.
    pub fn outside(&self, lag_ms: f64) {
        self.0.samples.borrow_mut().outside_lag.push(Nanos::from_ms(lag_ms));
    }

    /// What was measured. A timer or message that is overdue counts with the time that it has waited so far.
    pub fn finish(self) -> Samples {
        let probe = &self.0;
        drop(probe.timer.take());
        let mut samples = probe.samples.take();
        let now = now_ms();
        if now > probe.due_ms.get() {
            samples.timer_lag.push(Nanos::from_ms(now - probe.due_ms.get()));
        }
        samples.port_lag.extend(probe.posted_ms.get().map(|posted| Nanos::from_ms(now - posted)));
        samples
    }
}

impl Inner {
    fn set_timer(self: &Rc<Self>) {
        self.due_ms.set(now_ms() + f64::from(PERIOD_MS));
        let weak = Rc::downgrade(self);
        let timer = Timeout::new(PERIOD_MS, move || {
            if let Some(probe) = weak.upgrade() {
                probe.on_timer();
            }
        });
        self.timer.replace(Some(timer));
    }

    fn on_timer(self: Rc<Self>) {
        let now = now_ms();
        self.samples.borrow_mut().timer_lag.push(Nanos::from_ms(now - self.due_ms.get()));
        if self.posted_ms.get().is_none() {
            self.posted_ms.set(Some(now));
            // Null can be posted to an open port.
            let _ = self.channel.port2().post_message(&JsValue::NULL);
        }
        self.set_timer();
    }

    fn on_message(&self) {
        if let Some(posted) = self.posted_ms.take() {
            self.samples.borrow_mut().port_lag.push(Nanos::from_ms(now_ms() - posted));
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.channel.port1().close();
    }
}
