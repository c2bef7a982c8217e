//! What an open tab shows of a text that is fetched: the text, that it is on its way, or that it is missing.

use texts::text;
use yew::prelude::*;

use super::html::html;
use super::parts::button;
use crate::app::state::{Action, State};
use crate::app::store::Store;
use crate::app::tabs::{Asset, TabAction, path};

/// What `show` makes of the text that the open tab needs or, until it is there, a message.
pub fn fetched(store: &Store, state: &State, show: impl FnOnce(&str) -> Html) -> Html {
    let Some(path) = path(state.tab(), &state.address.values, state.language) else {
        return Html::default();
    };
    let label = |key: &str| text(state.language, key, &[]);
    match state.tabs.asset(&path) {
        Some(Asset::There(text)) => show(text),
        Some(Asset::Missing) => {
            let store = store.clone();
            let again = move || store.dispatch(Action::Tab(TabAction::Forget(path.clone())));
            html! { in state.language;
                <div class="missing" role="alert">
                    <p>@"tab.missing"</p>
                    { button(label("tab.again"), None, again) }
                </div>
            }
        }
        None if state.phase.is_live() => html! { in state.language; <p class="note">@"tab.after_run"</p> },
        _ => html! { in state.language; <p class="note" role="status">@"tab.coming"</p> },
    }
}
