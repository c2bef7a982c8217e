//! The tabs below the timelines (WAI-ARIA tab pattern: arrow keys switch tabs).

use session::address::Tab;
use texts::text;
use yew::prelude::*;

use super::code::code;
use super::explain::explain;
use super::html::html;
use super::numbers::numbers;
use super::parts::focus;
use super::sweep::sweep;
use crate::app::run::Runner;
use crate::app::state::{Action, State};
use crate::app::store::Store;

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
