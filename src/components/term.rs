//! Words that not everybody knows, explained in place: under the pointer and on focus.
//!
//! Explanations are shown by the style sheet alone: a `.tooltip` inside a `.tipped`.

use texts::{Language, text};
use yew::prelude::*;

use super::html::html;

/// The words that are explained, in the order of the help.
pub const TERMS: [&str; 15] = [
    "event_loop",
    "turn",
    "long_task",
    "blocked",
    "yield",
    "microtask",
    "in_flight",
    "makespan",
    "lower_bound",
    "speed_up",
    "freeze",
    "loop_lag",
    "error",
    "scale",
    "worker",
];

/// A word with its explanation. It may occur in several places of the page.
pub fn term(language: Language, key: &str) -> Html {
    let meaning = meaning(language, key);
    html! {
        <span class="tipped">
            <button type="button" class="term" aria-description={meaning.clone()}>
                { text(language, &format!("term.{key}"), &[]) }
            </button>
            <span class="tooltip" aria-hidden="true">{ meaning }</span>
        </span>
    }
}

/// The explanation of a word.
pub fn meaning(language: Language, key: &str) -> String {
    text(language, &format!("meaning.{key}"), &[])
}

/// The explanation of a control, which refers to it by `id` (`aria-describedby`).
pub fn tooltip(id: String, explanation: String) -> Html {
    html! { <span {id} class="tooltip">{ explanation }</span> }
}
