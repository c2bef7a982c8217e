//! The conformance tests on the event loop of a real browser, and tests of what only a browser can show.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod conformance;

use std::cell::Cell;
use std::rc::Rc;

use browser_clock::BrowserRun;
use conformance::{TestClock, for_each_body};
use engine::browser::Depth;
use engine::trace::{Nanos, Outcome, SpanKind, TaskId, Trace};
use engine::{Runtime, Work, Workers, YieldWith};
use session::sweep::{Request, sweep};
use virtual_clock::Conditions;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

struct Browser;

/// Starts a run at this scale. The CPU kernel is calibrated once for all tests.
async fn start(scale: f64, strategy: impl FnOnce(Runtime) -> Work) -> BrowserRun {
    thread_local! {
        static BLOCKS_PER_MS: Cell<Option<f64>> = const { Cell::new(None) };
    }
    let blocks_per_ms = match BLOCKS_PER_MS.get() {
        Some(blocks) => blocks,
        None => browser_clock::calibrate(Depth::Speed, &|| true).await.unwrap().blocks_per_ms,
    };
    BLOCKS_PER_MS.set(Some(blocks_per_ms));
    let run = BrowserRun::prepare(scale, blocks_per_ms, strategy).unwrap();
    run.start().unwrap();
    run
}

impl TestClock for Browser {
    const IS_EXACT: bool = false;

    async fn run(strategy: impl FnOnce(Runtime) -> Work) -> Trace {
        let mut run = start(1.0, strategy).await;
        run.finished().await;
        run.trace().take()
    }

    fn has(with: YieldWith) -> bool {
        browser_clock::has(with)
    }
}

macro_rules! in_the_browser {
    ($body:ident) => {
        #[wasm_bindgen_test]
        async fn $body() {
            conformance::$body::<Browser>().await;
        }
    };
}

for_each_body!(in_the_browser);

#[wasm_bindgen_test]
async fn a_cancelled_run_leaves_nothing_behind() {
    let went_on = Rc::new(Cell::new(false));
    let flag = went_on.clone();
    let mut run = start(1.0, |rt| {
        Box::pin(async move {
            let timers: Vec<_> = (0..10).map(|_| rt.spawn(rt.sleep(Nanos(30_000_000)))).collect();
            rt.yield_now(YieldWith::Message).await;
            for timer in timers {
                timer.await;
            }
            flag.set(true);
        })
    })
    .await;
    gloo_timers::future::TimeoutFuture::new(5).await;
    assert_eq!(run.outstanding(), 10, "ten timers are set");
    run.cancel();
    run.finished().await;
    assert_eq!(run.outstanding(), 0, "all of them are cleared");
    assert_eq!(run.trace().borrow().outcome(), Some(Outcome::Cancelled));
    gloo_timers::future::TimeoutFuture::new(60).await;
    assert!(!went_on.get());
}

/// Counts the browser's own timers: every `setTimeout` that has neither fired nor been cleared.
#[wasm_bindgen(inline_js = "
    let live = new Set();
    const set = globalThis.setTimeout, clear = globalThis.clearTimeout;
    export function watch_timers() {
        globalThis.setTimeout = (callback, delay, ...rest) => {
            const id = set((...given) => { live.delete(id); callback(...given); }, delay, ...rest);
            live.add(id);
            return id;
        };
        globalThis.clearTimeout = (id) => { live.delete(id); clear(id); };
    }
    export function live_timers() { return live.size; }
    export function unwatch_timers() { globalThis.setTimeout = set; globalThis.clearTimeout = clear; }
")]
extern "C" {
    fn watch_timers();
    fn live_timers() -> u32;
    fn unwatch_timers();
}

#[wasm_bindgen_test]
async fn a_cancelled_run_clears_its_timers_in_the_browser() {
    let run = start(1.0, |rt| {
        Box::pin(async move {
            rt.yield_now(YieldWith::Message).await;
            watch_timers();
            let timers: Vec<_> = (0..10).map(|_| rt.spawn(rt.sleep(Nanos(60_000_000_000)))).collect();
            // One more, which is still to be set, behind a message, when the run ends.
            rt.yield_now(YieldWith::MessageThenTimeout).await;
            for timer in timers {
                timer.await;
            }
        })
    })
    .await;
    while live_timers() < 10 {
        next_message().await;
    }
    run.cancel();
    next_message().await;
    let left = live_timers();
    unwatch_timers();
    assert_eq!(left, 0);
}

/// Waits for a message to ourselves, which needs no timer.
async fn next_message() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let channel = web_sys::MessageChannel::new().unwrap();
        channel.port1().set_onmessage(Some(&resolve));
        channel.port2().post_message(&JsValue::NULL).unwrap();
    });
    wasm_bindgen_futures::JsFuture::from(promise).await.unwrap();
}

#[wasm_bindgen_test]
async fn dropping_a_run_cancels_it() {
    let went_on = Rc::new(Cell::new(false));
    let flag = went_on.clone();
    let run = start(1.0, |rt| {
        Box::pin(async move {
            for _ in 0..100 {
                rt.yield_now(rt.kindest_yield()).await;
                rt.spend_cpu(TaskId(0), Nanos(1_000_000));
            }
            flag.set(true);
        })
    })
    .await;
    gloo_timers::future::TimeoutFuture::new(5).await;
    drop(run);
    gloo_timers::future::TimeoutFuture::new(200).await;
    assert!(!went_on.get());
}

/// How long computing takes depends on the machine and on what else it does; that twice the CPU takes longer
/// does not.
#[wasm_bindgen_test]
async fn twice_the_cpu_is_twice_the_work() {
    let trace = Browser::run(|rt| {
        Box::pin(async move {
            for task in 0..10 {
                rt.spend_cpu(TaskId(task), Nanos(if task % 2 == 0 { 10_000_000 } else { 20_000_000 }));
                rt.yield_now(rt.kindest_yield()).await;
            }
        })
    })
    .await;
    let median = |parity: u32| {
        let mut times: Vec<_> = trace
            .spans_of(SpanKind::Cpu)
            .filter(|span| span.task.0 % 2 == parity)
            .map(|span| span.duration())
            .collect();
        times.sort_unstable();
        times[times.len() / 2].as_ms()
    };
    let ratio = median(1) / median(0);
    assert!((1.2..3.5).contains(&ratio), "twice the CPU took {ratio} times as long");
}

#[wasm_bindgen_test]
async fn a_scaled_run_is_reported_in_lab_time() {
    let mut run = start(0.1, |rt| Box::pin(async move { rt.sleep(Nanos(200_000_000)).await })).await;
    let began = browser_clock::now_ms();
    run.finished().await;
    let real = browser_clock::now_ms() - began;
    let reported = run.trace().borrow().end().as_ms();
    assert!(reported >= 199.0, "200 ms of lab time, reported as {reported}");
    assert!(real < reported / 2.0, "but it took {real} ms of real time");
}

/// Prints how long it takes, and asserts nothing about it: that depends on the machine and on the build
/// profile.
#[wasm_bindgen_test]
fn a_sweep_of_shared_workload_finishes() {
    let request = Request {
        address: "lab=shared-workload&tasks=600".to_string(),
        param: "cpu_ms".to_string(),
        metric: "makespan_ms".to_string(),
        points: 200,
        seeds: 20,
    };
    let began = browser_clock::now_ms();
    let chart = sweep(&request, Conditions::IDEAL).unwrap();
    console_log!("200 points, 600 tasks, all strategies: {} ms", browser_clock::now_ms() - began);
    assert!(chart.series.iter().all(|series| series.points.iter().all(|point| point.y.is_some())));
}

#[wasm_bindgen_test]
async fn a_thread_that_nobody_started_ends_the_run_with_a_reason() {
    let mut run = start(1.0, |rt| {
        Box::pin(async move { Workers::new(&rt, 2).compute(TaskId(0), Nanos(1_000_000)).await })
    })
    .await;
    run.finished().await;
    assert!(run.broken().unwrap().contains("no thread"));
    assert_eq!(run.trace().borrow().outcome(), Some(Outcome::Cancelled));
}
