//! Three hints for the first visit.

use texts::text;
use yew::prelude::*;

use super::html::html;
use super::parts::focus;
use crate::app::state::{Action, State};
use crate::app::store::Store;

const HINTS: [&str; 3] = ["hints.turn", "hints.run", "hints.help"];

/// The hints, until they are dismissed.
pub fn hints(store: &Store, state: &State) -> Html {
    if !state.shows_hints {
        return Html::default();
    }
    let label = |key: &str| text(state.language, key, &[]);
    let store = store.clone();
    let dismiss = Callback::from(move |_: MouseEvent| {
        store.dispatch(Action::ShowHints(false));
        // The button that had it is gone.
        focus("run");
    });
    html! { in state.language;
        <section id="hints" class="hints" aria-labelledby="hints-title">
            <h2 id="hints-title" class="hidden">@"hints.title"</h2>
            <ol>{ for HINTS.iter().map(|key| html! { <li>{ label(key) }</li> }) }</ol>
            <button id="hints-done" class="quiet" onclick={dismiss}>@"hints.done"</button>
        </section>
    }
}
