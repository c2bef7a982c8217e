//! The help: keys, and explanations of all words. The browser itself manages its focus.

use texts::text;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::html::html;
use super::parts::on_tick;
use super::term::{TERMS, meaning};
use crate::app::state::{Action, State};
use crate::app::store::Store;

/// The keys of the keyboard, with the message keys of what they do.
const KEYS: [(&str, &str); 8] = [
    ("?", "help.open"),
    ("w s", "help.zoom"),
    ("a d ← →", "help.move"),
    ("f", "timeline.fit"),
    (", .", "help.step"),
    ("space", "help.play"),
    ("↑ ↓", "help.task"),
    ("esc", "help.leave"),
];

/// Opens the help, unless it is open.
pub fn open() {
    let document = web_sys::window().and_then(|window| window.document());
    let dialog = document.and_then(|document| document.get_element_by_id("help"));
    if let Some(dialog) = dialog.and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok()) {
        // An error means that it is open already.
        let _ = dialog.show_modal();
    }
}

/// The dialog, closed at first. Its form closes it without any code of ours.
pub fn help(store: &Store, state: &State) -> Html {
    let language = state.language;
    let label = |key: &str| text(language, key, &[]);
    let on_keys = on_tick(store, Action::SetKeys);
    html! { in language;
        <dialog id="help" class="help" closedby="any" aria-labelledby="help-title">
            <form method="dialog">
                <h2 id="help-title">@"help.title"</h2>
                { super::notices::close(language, Callback::noop()) }
            </form>
            <h3>@"help.keys"</h3>
            <dl class="keys">
                { for KEYS.iter().map(|(keys, what)| html! {
                    <div>
                        <dt>{ for keys.split(' ').map(|key| html! { <kbd>{ key }</kbd> }) }</dt>
                        <dd>{ label(what) }</dd>
                    </div>
                }) }
            </dl>
            <label class="check">
                <input id="keys" type="checkbox" checked={!state.settings.has_no_keys} onchange={on_keys} />
                @"help.single_keys"
            </label>
            <h3>@"help.words"</h3>
            <dl class="words">
                { for TERMS.iter().map(|key| html! {
                    <div><dt>{ label(&format!("term.{key}")) }</dt><dd>{ meaning(language, key) }</dd></div>
                }) }
            </dl>
        </dialog>
    }
}
