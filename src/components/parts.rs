//! Small parts that several others use, so that each is compiled once.

use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::html::html;
use crate::app::state::Action;
use crate::app::store::Store;

/// A click handler that always does the same.
pub fn on_click(store: &Store, action: fn() -> Action) -> Callback<MouseEvent> {
    let store = store.clone();
    Callback::from(move |_| store.dispatch(action()))
}

/// A handler for ticking and unticking a box.
pub fn on_tick(store: &Store, action: fn(bool) -> Action) -> Callback<Event> {
    let store = store.clone();
    Callback::from(move |event: Event| {
        store.dispatch(action(event.target_unchecked_into::<HtmlInputElement>().checked()));
    })
}

/// A handler for choosing from a list, by the chosen value. It does nothing for values that it does not know.
pub fn on_choice(store: &Store, action: fn(&str) -> Option<Action>) -> Callback<Event> {
    let store = store.clone();
    Callback::from(move |event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        if let Some(action) = action(&chosen) {
            store.dispatch(action);
        }
    })
}

/// A labelled list of values with their names to choose from. Reports the chosen value.
pub fn choice(
    id: &'static str,
    label: String,
    options: Vec<(String, String)>,
    chosen: &str,
    on_choose: impl Fn(String) + 'static,
) -> Html {
    let onchange = Callback::from(move |event: Event| {
        on_choose(event.target_unchecked_into::<HtmlSelectElement>().value());
    });
    html! {
        <label>
            <span>{ label }</span>
            <select {id} {onchange}>
                { for options.into_iter().map(|(value, name)| html! {
                    <option key={value.clone()} value={value.clone()} selected={value == chosen}>{ name }</option>
                }) }
            </select>
        </label>
    }
}

/// A quiet button. If `is_pressed` is given, it is a toggle.
pub fn button(label: String, is_pressed: Option<bool>, on_click: impl Fn() + 'static) -> Html {
    let class = if is_pressed.is_some() { "chip" } else { "quiet" };
    html! {
        <button {class} aria-pressed={is_pressed.map(|one| one.to_string())} onclick={Callback::from(move |_| on_click())}>
            { label }
        </button>
    }
}

/// Focuses the element with this id, without scrolling the page.
pub fn focus(id: &str) {
    let element = web_sys::window().and_then(|window| window.document()?.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // An element of the page can always be focused.
        let _ = element.focus_with_options(&options);
    }
}

/// Markup as text, which is smaller than the same as virtual nodes. Text from elsewhere must be added by
/// [`Markup::text`].
#[derive(Default)]
pub struct Markup(String);

impl Markup {
    /// Adds markup as it is.
    pub fn add(&mut self, pieces: &[&str]) {
        pieces.iter().for_each(|piece| self.0.push_str(piece));
    }

    /// Adds an element with a text in it.
    pub fn text(&mut self, start: &str, text: &str, end: &str) {
        self.add(&[start, &escaped(text), end]);
    }

    /// The markup as a node.
    pub fn html(self) -> Html {
        Html::from_html_unchecked(self.0.into())
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
