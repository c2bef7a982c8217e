//! What the clock needs of the browser where web-sys has no binding, or a slow one. Uses only what pages and
//! workers both have, and never the DOM.

use engine::YieldWith;
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Performance;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    pub(crate) static PERFORMANCE: Performance;

    #[wasm_bindgen(js_name = setTimeout)]
    pub(crate) fn set_timeout(callback: &Function, delay_ms: f64, key: f64) -> i32;

    #[wasm_bindgen(js_name = clearTimeout)]
    pub(crate) fn clear_timeout(handle: i32);

    /// `scheduler` of the WICG scheduling APIs. web-sys has no binding for `yield`.
    pub(crate) type Scheduler;

    #[wasm_bindgen(thread_local_v2, js_name = scheduler)]
    pub(crate) static SCHEDULER: Option<Scheduler>;
}

// `scheduler` is looked up once, since each look calls into the browser. The inner functions look superfluous, but
// if WebAssembly directly calls the function that calls `yield` or `postTask`, Chromium takes a microsecond longer,
// a quarter of a yield. Nor has a promise to be handed over.
#[wasm_bindgen(inline_js = "
    const scheduler = globalThis.scheduler;
    const yieldInside = (callback) => { scheduler.yield().then(callback); };
    const postInside = (callback, options) => { scheduler.postTask(callback, options); };
    export function yieldThen(callback) { yieldInside(callback); }
    export function postTask(callback, options) { postInside(callback, options); }
")]
extern "C" {
    #[wasm_bindgen(js_name = yieldThen)]
    pub(crate) fn yield_then(callback: &Function);

    #[wasm_bindgen(js_name = postTask)]
    pub(crate) fn post_task(callback: &Function, options: &Object);
}

/// Milliseconds on this thread's clock.
pub fn now_ms() -> f64 {
    PERFORMANCE.with(Performance::now)
}

/// Milliseconds since the Unix epoch, on the clock that all threads share.
pub fn epoch_ms() -> f64 {
    PERFORMANCE.with(|clock| clock.time_origin() + clock.now())
}

/// A clock that shows the same time for this many looks in a row steps too rarely to measure anything, if it
/// steps at all.
pub(crate) const MOST_LOOKS: u32 = 1_000_000;

/// The smallest step of this thread's clock, in milliseconds. Infinite for a clock that stands still or does
/// not go forward.
pub fn clock_step_ms() -> f64 {
    let step = || {
        let start = now_ms();
        let later = (0..MOST_LOOKS).map(|_| now_ms()).find(|now| *now > start);
        later.map_or(f64::INFINITY, |now| now - start)
    };
    let first = step();
    if first.is_infinite() { first } else { (0..4).map(|_| step()).fold(first, f64::min) }
}

/// Whether this browser offers this way to yield, on this thread.
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

/// The kindest way to yield that this browser offers.
pub fn kindest_yield() -> YieldWith {
    YieldWith::ALL.into_iter().find(|with| has(*with)).unwrap_or(YieldWith::Message)
}

pub(crate) fn call_global(name: &str, callback: &Function) {
    if let Ok(function) = Reflect::get(&js_sys::global(), &name.into()).and_then(JsCast::dyn_into::<Function>)
    {
        // It does not throw for anything that we pass.
        let _ = function.call1(&JsValue::UNDEFINED, callback);
    }
}
