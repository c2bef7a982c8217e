//! Copies text for the reader. If the browser refuses, the page shows the text instead.

use futures_lite::future::or;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::state::Action;
use super::store::Store;
use super::tabs::{Copied, TabAction};

#[wasm_bindgen]
extern "C" {
    /// Throws if there is no clipboard, as on pages from an insecure connection. A frame may be forbidden to
    /// use it.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<js_sys::Promise, JsValue>;
}

/// A browser that asks the reader first may wait for as long as this for an answer.
const PATIENCE_MS: u32 = 3_000;

/// Puts `text` into the clipboard. Returns whether the browser allowed it.
pub async fn put(text: &str) -> bool {
    match write_text(text) {
        Ok(written) => {
            let written = async { JsFuture::from(written).await.is_ok() };
            or(written, async {
                TimeoutFuture::new(PATIENCE_MS).await;
                false
            })
            .await
        }
        Err(_) => false,
    }
}

/// Puts `text` into the clipboard, and dispatches the outcome.
pub fn copy(store: &Store, text: String) {
    let store = store.clone();
    spawn_local(async move {
        let copied = if put(&text).await { Copied::Done } else { Copied::Refused(text.into()) };
        store.dispatch(Action::Tab(TabAction::Copy(copied)));
    });
}
