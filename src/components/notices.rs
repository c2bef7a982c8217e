//! Notices of what in the address could not be taken as given, a sentence for each, to be dismissed.

use session::address::Notice;
use session::words::number;
use texts::{Language, text};
use yew::prelude::*;

use super::html::html;
use crate::app::state::{Action, State};
use crate::app::store::Store;

/// The notices. Their place always exists, so that new ones are announced.
pub fn notices(store: &Store, state: &State) -> Html {
    let language = state.language;
    let dismiss = |index: usize| {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.dispatch(Action::DismissNotice(index)))
    };
    html! {
        <div role="status">
        <ul class="notices" hidden={state.notices.is_empty()}>
            { for state.notices.iter().enumerate().map(|(index, notice)| html! {
                <li>
                    <span>{ sentence(language, notice) }</span>
                    { close(language, dismiss(index)) }
                </li>
            }) }
        </ul>
        </div>
    }
}

/// A button that closes something.
pub fn close(language: Language, onclick: Callback<MouseEvent>) -> Html {
    html! { in language;
        <button class="plain" {onclick} aria-label=@"page.dismiss">
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8" /></svg>
        </button>
    }
}

/// Given values come from outside, so they are cut to a length that fits into a sentence.
fn sentence(language: Language, notice: &Notice) -> String {
    const LONGEST: usize = 40;
    let short = |given: &str| match given.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &given[..end]),
        None => given.to_string(),
    };
    match notice {
        Notice::Clamped { key, given, used } => {
            text(language, "notice.clamped", &[("key", key), ("given", &short(given)), ("used", used)])
        }
        Notice::Unreadable { key, given } => {
            text(language, "notice.unreadable", &[("key", key), ("given", &short(given))])
        }
        Notice::UnknownKey { key } => text(language, "notice.unknown_key", &[("key", &short(key))]),
        Notice::More { count } => text(language, "notice.more", &[("n", &number(language, *count as f64))]),
        Notice::NoTexts { language: wanted } => {
            text(language, "notice.no_texts", &[("language", wanted.name())])
        }
        Notice::OtherVersion { given } => text(language, "notice.other_version", &[("given", &short(given))]),
    }
}
