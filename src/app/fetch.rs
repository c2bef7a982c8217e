//! Fetches texts of the page itself. Knows no state.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// The text at a path below the page; nothing where it cannot be had.
pub async fn fetch(path: &str) -> Option<String> {
    let response = web_sys::window()?.fetch_with_str(path);
    let response: Response = JsFuture::from(response).await.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    // Some hosts answer with a whole page where there is nothing.
    (response.ok() && !text.starts_with("<!d") && !text.starts_with("<!D")).then_some(text)
}
