//! The worker's end: takes commands and sends reports. The page's end is [`Worker`](super::host::Worker).
//!
//! It runs strategies on its own event loop, or sweeps. It must not know the page.

use std::cell::RefCell;
use std::rc::Rc;

use browser_clock::thread::{self, told};
use browser_clock::{Probe, calibrate, epoch_ms, now_ms};
use engine::probes::PERIOD_MS;
use engine::trace::Cursor;
use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use session::address::Address;
use session::sweep::{Chart, Problem, Request, Sweep};
use virtual_clock::Conditions;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::messages::{Command, Report, decode, encode};
use crate::live;

/// How often a worker says that it is alive, in real milliseconds.
pub const ALIVE_MS: u32 = 1_000;

/// How often a run reports what it recorded, in real milliseconds.
const REPORT_MS: f64 = 100.0;

/// Whether this program was loaded into a worker, not into a page.
pub fn is_worker() -> bool {
    web_sys::window().is_none()
}

/// Takes commands until the page ends the worker.
pub fn serve() {
    // For as long as the worker lives.
    Interval::new(ALIVE_MS, || report(&Report::Alive)).forget();
    let worker = Rc::new(Guest::default());
    thread::serve(move |bytes| match decode(&bytes) {
        Ok(command) => worker.clone().obey(command),
        Err(error) => thread::fail(error.to_string()),
    });
}

fn report(report: &Report) {
    thread::say(encode(report));
}

/// Runs a whole sweep, with reports of its progress.
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
struct Guest {
    /// Watches the current run, if there is one.
    probe: RefCell<Option<Probe>>,
}

impl Guest {
    fn obey(self: Rc<Self>, command: Command) {
        match command {
            Command::Calibrate(depth) => spawn_local(async move {
                if let Some(calibration) = calibrate(depth, &|| true).await {
                    report(&Report::Calibrated(Box::new(calibration)));
                }
            }),
            Command::Run { query, strategy, scale, blocks_per_ms } => spawn_local(async move {
                if let Err(error) = self.run(&query, &strategy, scale, blocks_per_ms).await {
                    thread::fail(told(&error));
                }
            }),
            Command::Sweep(request, conditions) => spawn_local(async move {
                report(&Report::Charted(sweep(&request, *conditions).await.map(Box::new)));
            }),
            Command::Ping { sent_ms } => {
                if let Some(probe) = &*self.probe.borrow() {
                    probe.outside(epoch_ms() - sent_ms);
                }
            }
            Command::Watch => {
                // For as long as the worker lives.
                Interval::new(PERIOD_MS, || report(&Report::Ping { sent_ms: epoch_ms() })).forget();
            }
        }
    }

    async fn run(&self, query: &str, strategy: &str, scale: f64, blocks_per_ms: f64) -> Result<(), JsValue> {
        let (address, _) = Address::parse(query);
        let values = address.values;
        let strategy = values.lab().strategy(strategy).ok_or("no such strategy")?;
        let mut run = live::prepare(strategy, &values, scale, blocks_per_ms).await?;
        let (trace, seen) = (run.trace(), RefCell::new(Cursor::default()));
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
        // Pings that came while the run held the thread are still in the queue.
        TimeoutFuture::new(1).await;
        let samples = self.probe.take().map(Probe::finish).unwrap_or_default();
        report(&Report::Ended(samples));
        Ok(())
    }
}
