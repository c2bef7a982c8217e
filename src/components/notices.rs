//! What in the address could not be taken as given, a sentence each, to be dismissed.

use std::rc::Rc;

use yew::prelude::*;

use crate::address::Notice;
use crate::app::state::{Action, State};
use crate::app::store::Store;
use crate::i18n::{Language, text};

#[derive(Clone, PartialEq, Properties)]
pub struct NoticesProps {
    pub store: Store,
    pub state: Rc<State>,
}

/// The notices, or nothing.
#[component]
pub fn Notices(props: &NoticesProps) -> Html {
    let language = props.state.language;
    if props.state.notices.is_empty() {
        return Html::default();
    }
    let dismiss = |index: usize| {
        let store = props.store.clone();
        Callback::from(move |_| store.dispatch(Action::DismissNotice(index)))
    };
    html! {
        <ul class="notices" role="status">
            { for props.state.notices.iter().enumerate().map(|(index, notice)| html! {
                <li>
                    <span>{ sentence(language, notice) }</span>
                    <button class="plain" onclick={dismiss(index)} aria-label={text(language, "page.dismiss", &[])}>
                        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8" /></svg>
                    </button>
                </li>
            }) }
        </ul>
    }
}

/// Given values are somebody else's text: however long, a sentence stays a sentence.
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
        Notice::OtherVersion { given } => text(language, "notice.other_version", &[("given", &short(given))]),
    }
}
