//! Fetches texts of the page itself, and turns to another language once its texts are here.

use std::cell::Cell;

use session::address::Notice;
use texts::Language;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

use super::state::Action;
use super::store::Store;

/// The text at a path below the page; nothing where it cannot be had.
pub async fn fetch(path: &str) -> Option<String> {
    let response = web_sys::window()?.fetch_with_str(path);
    let response: Response = JsFuture::from(response).await.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    // Some hosts answer with a whole page where there is nothing.
    (response.ok() && !text.starts_with("<!d") && !text.starts_with("<!D")).then_some(text)
}

/// Learns the texts of a language, unless they are known. Whether they are known then.
pub async fn learn(language: Language) -> bool {
    if !texts::knows(language)
        && let Some(file) = fetch(&format!("assets/texts/{}.txt", language.id())).await
    {
        texts::learn(language, file);
    }
    texts::knows(language)
}

thread_local! {
    /// The language that was chosen last.
    static WANTED: Cell<Option<Language>> = const { Cell::new(None) };
}

/// Turns to another language as soon as its texts are here. Where they cannot be had, says so, and calls `refused`.
pub fn speak(store: &Store, language: Language, refused: impl FnOnce() + 'static) {
    let store = store.clone();
    WANTED.set(Some(language));
    spawn_local(async move {
        let is_known = learn(language).await;
        if WANTED.get() != Some(language) {
            // Another one was chosen meanwhile.
        } else if is_known {
            store.dispatch(Action::SetLanguage(language));
        } else {
            refused();
            store.dispatch(Action::Notify(Notice::NoTexts { language }));
        }
    });
}
