//! Fetches the page's own texts, and switches to another language once its texts are here.

use std::cell::Cell;

use futures_lite::future::or;
use gloo_timers::future::TimeoutFuture;
use session::address::Notice;
use texts::Language;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

use super::state::Action;
use super::store::Store;

/// An answer that takes longer is no longer waited for: the reader is told, and may ask again.
const PATIENCE_MS: u32 = 5_000;

/// The end of every page of HTML that is fetched: what comes without it is cut, or something else.
const END: &str = "<!--end-->
";

/// The text at a path below the page; nothing where it cannot be had in time.
async fn fetch(path: &str) -> Option<String> {
    let answer = async {
        let response = web_sys::window()?.fetch_with_str(path);
        let response: Response = JsFuture::from(response).await.ok()?.dyn_into().ok()?;
        let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
        response.ok().then_some(text)
    };
    let late = async {
        TimeoutFuture::new(PATIENCE_MS).await;
        None
    };
    or(answer, late).await
}

/// The HTML at a path below the page, whole; nothing where it cannot be had in time.
pub async fn fetch_html(path: &str) -> Option<String> {
    Some(fetch(path).await?.strip_suffix(END)?.to_string())
}

/// Learns the texts of a language, unless they are known. Whether they are known then.
pub async fn learn(language: Language) -> bool {
    if !texts::knows(language)
        && let Some(file) = fetch(&format!("assets/texts/{}.txt", language.id())).await
    {
        // What is not learned is told by what is known then.
        texts::learn(language, file);
    }
    texts::knows(language)
}

thread_local! {
    /// The language that was chosen last.
    static WANTED: Cell<Option<Language>> = const { Cell::new(None) };
}

/// Switches to another language as soon as its texts are here. If they cannot be fetched, shows a notice and
/// calls `refused`.
pub fn speak(store: &Store, language: Language, refused: impl FnOnce() + 'static) {
    let store = store.clone();
    WANTED.set(Some(language));
    spawn_local(async move {
        let is_known = learn(language).await;
        if WANTED.get() != Some(language) {
            // Another language was chosen meanwhile.
        } else if is_known {
            store.dispatch(Action::SetLanguage(language));
        } else {
            refused();
            store.dispatch(Action::Notify(Notice::NoTexts { language }));
        }
    });
}
