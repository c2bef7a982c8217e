//! Fetches the page's own texts, and switches to another language once its texts are here.

use std::cell::Cell;
use std::pin::Pin;

use session::address::Notice;
use texts::Language;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

use super::state::Action;
use super::store::Store;

/// What is on its way. Boxed, so that it is compiled once and not for everybody who waits for it.
type Coming<T> = Pin<Box<dyn Future<Output = T>>>;

/// The text at a path below the page, which is asked for at once; nothing where it cannot be had.
pub fn fetch(path: &str) -> Coming<Option<String>> {
    let response = web_sys::window().map(|window| window.fetch_with_str(path));
    Box::pin(async {
        let response: Response = JsFuture::from(response?).await.ok()?.dyn_into().ok()?;
        let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
        // Some hosts answer with a whole page where there is nothing.
        (response.ok() && !text.starts_with("<!d") && !text.starts_with("<!D")).then_some(text)
    })
}

/// Learns the texts of a language, which are asked for at once, unless they are known. Whether they are known then.
pub fn learn(language: Language) -> Coming<bool> {
    let coming = (!texts::knows(language)).then(|| fetch(&format!("assets/texts/{}.txt", language.id())));
    Box::pin(async move {
        if let Some(coming) = coming
            && let Some(file) = coming.await
        {
            texts::learn(language, file);
        }
        texts::knows(language)
    })
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
