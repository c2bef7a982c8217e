//! The tabs below the timelines (WAI-ARIA tab pattern: arrow keys switch tabs).

use session::address::Tab;
use texts::text;
use yew::prelude::*;

use super::code::code;
use super::explain::explain;
use super::html::html;
use super::numbers::numbers;
use super::parts::{button, focus};
use super::sweep::sweep;
use crate::app::run::Runner;
use crate::app::state::{Action, State};
use crate::app::store::Store;
use crate::app::tabs::{Asset, TabAction, path};

/// The tabs, and the panel of the open one.
pub fn tabs(store: &Store, runner: &Runner, state: &State) -> Html {
    let language = state.language;
    let open = state.tab();
    let on_key = {
        let store = store.clone();
        Callback::from(move |event: KeyboardEvent| {
            let count = Tab::ALL.len();
            let current = Tab::ALL.iter().position(|view| *view == open).unwrap_or_default();
            let next = match event.key().as_str() {
                "ArrowRight" => (current + 1) % count,
                "ArrowLeft" => (current + count - 1) % count,
                "Home" => 0,
                "End" => count - 1,
                _ => return,
            };
            event.prevent_default();
            store.dispatch(Action::SetTab(Tab::ALL[next]));
            focus(&tab_id(Tab::ALL[next]));
        })
    };
    let tab = |view: Tab| {
        let is_open = view == open;
        let store = store.clone();
        let turn_to = Callback::from(move |_| store.dispatch(Action::SetTab(view)));
        html! {
            <button key={view.id()} role="tab" id={tab_id(view)} class="tab" aria-selected={is_open.to_string()}
                aria-controls="tab-panel" tabindex={if is_open { "0" } else { "-1" }} onclick={turn_to}>
                { text(language, &format!("tab.{}", view.id()), &[]) }
            </button>
        }
    };
    html! { in language;
        <section class="tabs" aria-label=@"tab.title">
            <div class="tablist" role="tablist" aria-label=@"tab.title" onkeydown={on_key}>
                { for Tab::ALL.into_iter().map(tab) }
            </div>
            <div id="tab-panel" class="tab-panel" role="tabpanel" tabindex="0" aria-labelledby={tab_id(open)}>
                { match open {
                    Tab::Explain => explain(store, state),
                    Tab::Code => code(store, state),
                    Tab::Numbers => numbers(store, state),
                    Tab::Sweep => sweep(store, runner, state),
                } }
            </div>
        </section>
    }
}

fn tab_id(view: Tab) -> String {
    format!("tab-{}", view.id())
}

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
