//! What a worker does: it takes orders and reports. The other end of a [`crate::thread::Thread`].
//!
//! It runs strategies on its own event loop, or computes for somebody else's. It must not know the page.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{EventTarget, MessageEvent};

use crate::address::Address;
use crate::orders::{Order, Report, decode, encode};
use crate::probes::PERIOD_MS;
use crate::runtime::browser_clock::{self, BrowserRun, CpuKernel, Probe, epoch_ms, now_ms};
use crate::runtime::event_loop::Conditions;
use crate::sweep::{Chart, Problem, Request, Sweep};
use crate::thread::told;
use crate::trace::Seen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = postMessage)]
    fn post_message(data: &JsValue);
}

/// How often a run reports what it recorded, in real milliseconds.
const REPORT_MS: f64 = 100.0;

/// Whether this program was loaded into a worker and not into a page.
pub fn is_worker() -> bool {
    web_sys::window().is_none()
}

/// Takes orders until the worker is ended.
pub fn serve() {
    std::panic::set_hook(Box::new(|panic| report(&Report::Failed(panic.to_string()))));
    let worker = Rc::new(Worker::default());
    let global: EventTarget = js_sys::global().unchecked_into();
    let listener = EventListener::new(&global, "message", move |event| {
        let data = event.unchecked_ref::<MessageEvent>().data();
        let bytes = data.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
        match decode(&bytes) {
            Ok(order) => worker.clone().obey(order),
            Err(error) => report(&Report::Failed(error.to_string())),
        }
    });
    // It listens for as long as the worker lives.
    listener.forget();
    report(&Report::Ready);
}

fn report(report: &Report) {
    post_message(&Uint8Array::from(&encode(report)[..]));
}

/// A sweep, telling now and then how far it is.
async fn sweep(request: &Request, conditions: Conditions) -> Result<Chart, Problem> {
    let mut sweep = Sweep::new(request, conditions)?;
    let mut told_ms = now_ms();
    while sweep.step() {
        if now_ms() - told_ms > REPORT_MS {
            told_ms = now_ms();
            report(&Report::Swept(sweep.progress()));
        }
    }
    sweep.finish()
}

#[derive(Default)]
struct Worker {
    /// Of the run that is going on.
    probe: RefCell<Option<Probe>>,
    kernel: RefCell<Option<CpuKernel>>,
}

impl Worker {
    fn obey(self: Rc<Self>, order: Order) {
        match order {
            Order::Calibrate(depth) => spawn_local(async move {
                if let Some(calibration) = browser_clock::calibrate(depth, &|| true).await {
                    report(&Report::Calibrated(Box::new(calibration)));
                }
            }),
            Order::Run { query, strategy, scale, blocks_per_ms } => spawn_local(async move {
                if let Err(error) = self.run(&query, &strategy, scale, blocks_per_ms).await {
                    report(&Report::Failed(told(&error)));
                }
            }),
            Order::Sweep(request, conditions) => spawn_local(async move {
                report(&Report::Charted(sweep(&request, *conditions).await.map(Box::new)));
            }),
            Order::Ping { sent_ms } => {
                if let Some(probe) = &*self.probe.borrow() {
                    probe.outside(epoch_ms() - sent_ms);
                }
            }
            Order::Watch => {
                // For as long as the worker lives.
                Interval::new(PERIOD_MS, || report(&Report::Ping { sent_ms: epoch_ms() })).forget();
            }
            Order::Compute { key, blocks } => {
                let began_ms = epoch_ms();
                self.kernel.borrow_mut().get_or_insert_with(|| CpuKernel::new(1.0)).compress(blocks);
                report(&Report::Computed { key, began_ms, ended_ms: epoch_ms() });
            }
        }
    }

    async fn run(&self, query: &str, strategy: &str, scale: f64, blocks_per_ms: f64) -> Result<(), JsValue> {
        let (address, _) = Address::parse(query);
        let values = address.values;
        let strategy = values.lab().strategy(strategy).ok_or("no such strategy")?;
        let mut run = BrowserRun::of(strategy, &values, scale, blocks_per_ms).await?;
        let (trace, seen) = (run.trace(), RefCell::new(Seen::default()));
        run.tap(REPORT_MS, {
            let trace = trace.clone();
            move || report(&Report::Recorded(trace.borrow().since(&mut seen.borrow_mut())))
        });
        self.probe.replace(Some(Probe::start()?));
        run.start()?;
        run.finished().await;
        if let Some(reason) = run.broken() {
            return Err(reason.into());
        }
        run.flush();
        // Pings that came while the run held the thread are still to be taken in.
        TimeoutFuture::new(1).await;
        let samples = self.probe.take().map(Probe::finish).unwrap_or_default();
        report(&Report::Ended(samples));
        Ok(())
    }
}
