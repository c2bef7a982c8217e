//! `window.loopscope`: the page for the console, notebooks and tests. It goes through the same
//! store and runner as the buttons.

use js_sys::{Object, Promise, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::run::Runner;
use super::state::Action;
use super::store::Store;
use crate::address::Address;
use crate::summary::chrome_trace;

#[wasm_bindgen]
extern "C" {
    /// Whatever it is, as text; throws for what has none.
    #[wasm_bindgen(catch, js_name = String)]
    fn to_text(value: &JsValue) -> Result<String, JsValue>;
}

/// Hangs `loopscope` onto the window: `version`, `set(params)`, `run()`, `stop()`, `summary()`, `trace(format)`.
pub fn expose(store: &Store, runner: &Runner) {
    let api = Object::new();
    let set = |name: &str, value: &JsValue| {
        // Setting a property of a new object cannot fail.
        let _ = Reflect::set(&api, &name.into(), value);
    };
    set("version", &env!("CARGO_PKG_VERSION").into());
    set(
        "set",
        &method({
            let store = store.clone();
            move |params| set_params(&store, &params)
        }),
    );
    set(
        "run",
        &method({
            let (store, runner) = (store.clone(), runner.clone());
            move |_| {
                let (store, runner) = (store.clone(), runner.clone());
                future_to_promise(async move {
                    runner.run().await;
                    to_js(&store.state().summary())
                })
            }
        }),
    );
    set(
        "stop",
        &method({
            let runner = runner.clone();
            move |_| {
                runner.stop();
                Promise::resolve(&JsValue::UNDEFINED)
            }
        }),
    );
    set(
        "summary",
        &method({
            let store = store.clone();
            move |_| settled(to_js(&store.state().summary()))
        }),
    );
    set(
        "trace",
        &method({
            let store = store.clone();
            move |format| settled(trace(&store, &format))
        }),
    );
    if let Some(window) = web_sys::window() {
        let _ = Reflect::set(&window, &"loopscope".into(), &api);
    }
}

/// A method of one argument that returns a promise, and lives as long as the page.
fn method(call: impl Fn(JsValue) -> Promise + 'static) -> JsValue {
    Closure::<dyn Fn(JsValue) -> Promise>::new(call).into_js_value()
}

fn settled(result: Result<JsValue, JsValue>) -> Promise {
    match result {
        Ok(value) => Promise::resolve(&value),
        Err(error) => Promise::reject(&error),
    }
}

/// As plain objects, like what `JSON.parse` gives.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

/// Takes an object of address keys, on top of what is shown.
fn set_params(store: &Store, params: &JsValue) -> Promise {
    let Some(params) = params.dyn_ref::<Object>() else {
        return Promise::reject(&js_sys::Error::new("set() takes an object of address keys").into());
    };
    let mut query = form_urlencoded::Serializer::new(store.state().address.to_query());
    for entry in Object::entries(params).iter() {
        let entry: js_sys::Array = entry.unchecked_into();
        match (to_text(&entry.get(0)), to_text(&entry.get(1))) {
            (Ok(key), Ok(value)) => query.append_pair(&key, &value),
            (Err(error), _) | (_, Err(error)) => return Promise::reject(&error),
        };
    }
    let (address, notices) = Address::parse(&query.finish());
    store.dispatch(Action::Open(address, notices));
    Promise::resolve(&JsValue::UNDEFINED)
}

fn trace(store: &Store, format: &JsValue) -> Result<JsValue, JsValue> {
    if format.as_string().is_some_and(|format| format != "chrome") {
        return Err(js_sys::Error::new("trace() knows one format: \"chrome\"").into());
    }
    let state = store.state();
    let measured: Vec<_> =
        state.rows.iter().filter_map(|row| Some((row, row.measurement.as_ref()?.trace.borrow()))).collect();
    let predicted = state.rows.iter().filter_map(|row| {
        Some((format!("{} (predicted)", row.strategy.id), &row.prediction.as_ref()?.trace))
    });
    let measured = measured.iter().map(|(row, trace)| (format!("{} (measured)", row.strategy.id), &**trace));
    to_js(&chrome_trace(predicted.chain(measured)))
}
