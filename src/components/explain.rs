//! The tab with the lesson: its text with the figures of what is shown, and things to try.

use lab::Strategy;
use session::lesson::fill;
use texts::text;
use yew::prelude::*;

use super::fetched::fetched;
use super::html::html;
use super::parts::button;
use crate::app::state::{Action, State};
use crate::app::store::Store;

/// The lesson of the lab.
pub fn explain(store: &Store, state: &State) -> Html {
    let lab = state.address.values.lab();
    fetched(store, state, |lesson| {
        let is_missing = |one: &&Strategy| {
            !state.address.strategies.contains(one) && lesson.contains(&format!("{{{{{}.", one.id))
        };
        let missing: Vec<_> = lab.strategies.iter().filter(is_missing).collect();
        let show = {
            let (store, missing) = (store.clone(), missing.clone());
            move || missing.iter().for_each(|one| store.dispatch(Action::ToggleStrategy(one)))
        };
        let filled = fill(lesson, state.language, &state.shown(), |id| state.tabs.is_tried(lab, id));
        html! { in state.language;
            <div class="lesson">
                // Text of the page's own, with figures that are only names and numbers, so it may be markup.
                { Html::from_html_unchecked(filled.into()) }
                if !missing.is_empty() && !state.phase.is_live() {
                    <p class="note">@"lesson.missing"</p>
                    { button(text(state.language, "lesson.show", &[]), None, show) }
                }
                <p class="note">@"lesson.figures"</p>
            </div>
        }
    })
}
