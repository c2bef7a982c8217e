//! `window.loopscope`: the page's interface for the console, notebooks and tests. Uses the same store and
//! runner as the buttons.

use std::cell::RefCell;
use std::pin::Pin;

use engine::trace::Trace;
use js_sys::{Array, Function, Object, Promise, Reflect};
use serde::Serialize;
use session::address::Notice;
use session::chrome_trace::chrome_trace;
use session::protocol::labs;
use session::sweep::Request;
use session::words::number;
use slab::Slab;
use texts::text;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::fetch::learn;
use super::run::Runner;
use super::state::{Action, Phase};
use super::store::Store;
use super::sweeper::Trouble;
use crate::components::run_bar::status;

#[wasm_bindgen]
extern "C" {
    /// A value as text. Throws if it has none.
    #[wasm_bindgen(catch, js_name = String)]
    fn to_text(value: &JsValue) -> Result<String, JsValue>;

    /// The keys of an object with their values; throws what its getters throw.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = entries)]
    fn entries_of(object: &Object) -> Result<Array, JsValue>;
}

/// More events than this make a file of hundreds of megabytes, which no viewer opens.
const MOST_EVENTS: usize = 1_000_000;

thread_local! {
    /// Rejects the promises that were given and are not settled yet.
    static PENDING: RefCell<Slab<Function>> = const { RefCell::new(Slab::new()) };
    /// Why the program cannot go on, once it cannot.
    static CRASHED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Adds `loopscope` to the window: `version`, `set(params)`, `run()`, `stop()`, `sweep(request)`,
/// `summary()`, `trace(format)`, `labs()`.
pub fn expose(store: &Store, runner: &Runner) {
    let api = Object::new();
    let set = |name: &str, value: &JsValue| {
        // Setting a property of a new object cannot fail.
        let _ = Reflect::set(&api, &name.into(), value);
    };
    let method = |name: &str, call: fn(Store, Runner, JsValue) -> Answer| {
        let (store, runner) = (store.clone(), runner.clone());
        let call = move |argument| promise(call(store.clone(), runner.clone(), argument));
        // It lives as long as the page.
        set(name, &Closure::<dyn Fn(JsValue) -> Promise>::new(call).into_js_value());
    };
    set("version", &env!("CARGO_PKG_VERSION").into());
    method("set", |store, runner, params| Box::pin(set_params(store, runner, params)));
    method("run", |store, runner, _| Box::pin(run(store, runner)));
    method("stop", |_, runner, _| {
        Box::pin(async move {
            runner.halt().await;
            Ok(JsValue::UNDEFINED)
        })
    });
    method("sweep", |store, runner, request| Box::pin(sweep(store, runner, request)));
    method("summary", |store, _, _| Box::pin(async move { to_js(&store.state().summary()) }));
    method("labs", |_, _, _| Box::pin(async { to_js(&labs()) }));
    method("trace", |store, _, format| Box::pin(async move { trace(&store, &format) }));
    if let Some(window) = web_sys::window() {
        let _ = Reflect::set(&window, &"loopscope".into(), &api);
    }
}

/// The program cannot go on: whoever waits for an answer is told, and whoever asks from now on.
pub fn crash(reason: &str) {
    // It may have broken amid either of them.
    let pending = PENDING.with(|pending| pending.try_borrow_mut().map(|mut all| std::mem::take(&mut *all)));
    let _ =
        CRASHED.with(|crashed| crashed.try_borrow_mut().map(|mut known| *known = Some(reason.to_string())));
    for (_, reject) in pending.into_iter().flatten() {
        // The caller's own handlers run later, and throw on their own account.
        let _ = reject.call1(&JsValue::UNDEFINED, &error(reason));
    }
}

/// A promise of an answer, which is rejected if the program breaks before it has one.
fn promise(answer: Answer) -> Promise {
    if let Some(reason) = CRASHED.with_borrow(Clone::clone) {
        return Promise::reject(&error(&reason));
    }
    let mut answer = Some(answer);
    Promise::new(&mut |resolve, reject| {
        let Some(answer) = answer.take() else { return };
        let key = PENDING.with_borrow_mut(|pending| pending.insert(reject.clone()));
        spawn_local(async move {
            let (settle, value) = match answer.await {
                Ok(value) => (resolve, value),
                Err(error) => (reject, error),
            };
            PENDING.with_borrow_mut(|pending| pending.try_remove(key));
            // Settling a promise does not throw.
            let _ = settle.call1(&JsValue::UNDEFINED, &value);
        });
    })
}

type Answer = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// Runs what is shown. Resolves with the summary; rejects with the reason if nothing was run.
async fn run(store: Store, runner: Runner) -> Result<JsValue, JsValue> {
    runner.run().await;
    let state = store.state();
    match state.phase {
        Phase::Failed(_) => Err(error(&status(&state))),
        _ => to_js(&state.summary()),
    }
}

/// Sets address keys from an object, on top of what is shown.
async fn set_params(store: Store, runner: Runner, params: JsValue) -> Result<JsValue, JsValue> {
    let params = params.dyn_ref::<Object>().ok_or_else(|| error("set() takes an object of address keys"))?;
    let mut pairs = Vec::new();
    for entry in entries_of(params)?.iter() {
        let entry: Array = entry.unchecked_into();
        pairs.push((to_text(&entry.get(0))?, to_text(&entry.get(1))?));
    }
    runner.halt().await;
    let (mut address, mut notices) = store.state().address.with(&pairs);
    if let Some(language) = address.language.filter(|language| !texts::knows(*language))
        && !learn(language).await
    {
        address.language = store.state().address.language;
        notices.push(Notice::NoTexts { language });
    }
    store.dispatch(Action::Open(address, notices));
    Ok(JsValue::UNDEFINED)
}

/// Sweeps a parameter of what is shown: `{ param, metric, points, seeds, progress }`, of which only `param`
/// is required. Resolves with the chart, or with nothing if the sweep was stopped by `stop()` or by another
/// sweep.
async fn sweep(store: Store, runner: Runner, request: JsValue) -> Result<JsValue, JsValue> {
    let get = |key: &str| Reflect::get(&request, &key.into()).unwrap_or_default();
    let state = store.state();
    let mut wanted = Request::new(&state.address, &get("param").as_string().unwrap_or_default());
    if let Some(metric) = get("metric").as_string() {
        wanted.metric = metric;
    }
    for (key, number) in [("points", &mut wanted.points), ("seeds", &mut wanted.seeds)] {
        if let Some(given) = get(key).as_f64() {
            *number = given as usize;
        }
    }
    let progress = get("progress").dyn_into::<Function>().ok();
    let on_progress = move |share: f64| {
        if let Some(progress) = &progress {
            // Errors of the caller's own function are the caller's business.
            let _ = progress.call1(&JsValue::UNDEFINED, &share.into());
        }
    };
    match runner.sweeper().sweep(wanted, state.conditions(), &on_progress).await {
        Ok(Some(chart)) => to_js(&chart),
        Ok(None) => Ok(JsValue::UNDEFINED),
        Err(Trouble::Problem(problem)) => Err(error(&problem.sentence(state.language))),
        Err(Trouble::Broke(reason)) => Err(error(&reason)),
    }
}

fn error(message: &str) -> JsValue {
    js_sys::Error::new(message).into()
}

/// A value as plain objects, like those of `JSON.parse`.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

fn trace(store: &Store, format: &JsValue) -> Result<JsValue, JsValue> {
    if format.as_string().is_some_and(|format| format != "chrome") {
        return Err(error("trace() knows one format: \"chrome\""));
    }
    let state = store.state();
    let recorded = |trace: &Trace| trace.spans().len() + trace.marks().len();
    let n_events: usize = (state.rows.iter())
        .flat_map(|row| {
            let measured = row.measurement.as_ref().map(|one| recorded(&one.trace.borrow()));
            measured.into_iter().chain(row.prediction.as_ref().map(|one| recorded(&one.trace)))
        })
        .sum();
    if n_events > MOST_EVENTS {
        let (n, most) = (number(state.language, n_events as f64), number(state.language, MOST_EVENTS as f64));
        return Err(error(&text(state.language, "api.trace_too_large", &[("n", &n), ("most", &most)])));
    }
    let measured: Vec<_> =
        state.rows.iter().filter_map(|row| Some((row, row.measurement.as_ref()?.trace.borrow()))).collect();
    let predicted = state.rows.iter().filter_map(|row| {
        Some((format!("{} (predicted)", row.strategy.id), &row.prediction.as_ref()?.trace))
    });
    let measured = measured.iter().map(|(row, trace)| (format!("{} (measured)", row.strategy.id), &**trace));
    to_js(&chrome_trace(predicted.chain(measured)))
}
