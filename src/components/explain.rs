//! The tab with the lesson: its text with the figures of what is shown, and what there is to try.

use yew::prelude::*;

use super::html::html;
use super::tabs::fetched;
use crate::app::state::State;
use crate::app::store::Store;
use crate::lesson::fill;

/// The lesson of the lab.
pub fn explain(store: &Store, state: &State) -> Html {
    let lab = state.address.values.lab();
    fetched(store, state, |lesson| {
        let filled = fill(lesson, state.language, &state.seen(), |id| state.tabs.is_ticked(lab, id));
        html! { in state.language;
            <div class="lesson">
                // The page's own text, and figures that hold nothing but names and numbers.
                { Html::from_html_unchecked(filled.into()) }
                <p class="note">@"lesson.figures"</p>
            </div>
        }
    })
}
