//! Shares a link to what is shown: copies it, or shows it to be copied. Knows the address, not the lab.

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;

use super::copy::put;
use super::state::{Action, Shared};
use super::store::Store;

/// How long the page says that the link is in the clipboard.
const TOLD_MS: u32 = 5_000;

/// Copies a link to what is shown, and shows the outcome.
pub fn share(store: &Store) {
    let link = link(&store.state().address.to_query());
    let store = store.clone();
    spawn_local(async move {
        if !put(&link).await {
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

/// The URL of the page with this query. (The address bar may be a moment behind.)
fn link(query: &str) -> String {
    let here = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let page = here.split(['?', '#']).next().unwrap_or_default();
    format!("{page}?{query}")
}

/// Whether the page is in a frame of another.
pub fn is_framed() -> bool {
    let Some(window) = web_sys::window() else { return false };
    window.parent().is_ok_and(|parent| parent.is_some_and(|parent| parent != window))
}
