//! A link to what is shown: into the clipboard, else into the reader's hands. Knows the address, not the lab.

use gloo_timers::future::TimeoutFuture;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::state::{Action, Shared};
use super::store::Store;

/// How long it is told that the link is in the clipboard.
const TOLD_MS: u32 = 5_000;

#[wasm_bindgen]
extern "C" {
    /// There is no clipboard on a page without encryption, and a frame may be forbidden to use it.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<Promise, JsValue>;
}

/// Copies a link to what is shown, and says what became of it.
pub fn share(store: &Store) {
    let link = link(&store.state().address.to_query());
    let store = store.clone();
    spawn_local(async move {
        let copied = async { JsFuture::from(write_text(&link)?).await };
        if copied.await.is_err() {
            store.dispatch(Action::Share(Some(Shared::ByHand { link, is_framed: is_framed() })));
            return;
        }
        store.dispatch(Action::Share(Some(Shared::Copied)));
        TimeoutFuture::new(TOLD_MS).await;
        if store.state().shared == Some(Shared::Copied) {
            store.dispatch(Action::Share(None));
        }
    });
}

/// The page at this query. (The address bar is written only when the reader is at rest.)
fn link(query: &str) -> String {
    let here = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let page = here.split(['?', '#']).next().unwrap_or_default();
    format!("{page}?{query}")
}

/// Whether the page is part of another.
pub fn is_framed() -> bool {
    let Some(window) = web_sys::window() else { return false };
    window.parent().is_ok_and(|parent| parent.is_some_and(|parent| parent != window))
}
