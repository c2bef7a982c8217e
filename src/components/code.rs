//! The tab with the sources: a strategy as it runs here, and its twins in other languages.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::tabs::fetched;
use crate::app::state::{Action, State};
use crate::app::store::Store;
use crate::app::tabs::{CodeLanguage, TabAction, source};
use crate::i18n::text;
use crate::lab::Strategy;

/// A choice of strategy and language, and the source.
pub fn code(store: &Store, state: &State) -> Html {
    let shown = &state.address.strategies;
    let Some(strategy) = state.tabs.strategy(shown) else { return Html::default() };
    let language = state.tabs.code_language;
    let label = |key: &str| text(state.language, key, &[]);
    let lab = state.address.values.lab();
    let on_strategy = {
        let store = store.clone();
        Callback::from(move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some(strategy) = lab.strategy(&chosen) {
                store.dispatch(Action::Tab(TabAction::ShowStrategy(strategy)));
            }
        })
    };
    let button = |one: CodeLanguage| {
        let store = store.clone();
        let show = Callback::from(move |_| store.dispatch(Action::Tab(TabAction::ShowLanguage(one))));
        html! {
            <button key={one.id()} class="chip" aria-pressed={(one == language).to_string()} onclick={show}>
                { label(&format!("code.{}", one.id())) }
            </button>
        }
    };
    html! {
        <>
            <div class="panel-head">
                <label>
                    <span class="hidden">{ label("code.strategy") }</span>
                    <select id="code-strategy" onchange={on_strategy}>
                        { for shown.iter().map(|one| html! {
                            <option key={one.id} value={one.id} selected={*one == strategy}>
                                { label(&one.key("name")) }
                            </option>
                        }) }
                    </select>
                </label>
                <div class="chips" role="group" aria-label={label("code.language")}>
                    { for CodeLanguage::ALL.into_iter().map(button) }
                </div>
            </div>
            { fetched(store, state, |asset| match source(asset, strategy, language) {
                Some(source) => listing(state, strategy, source),
                None => {
                    let name = label(&format!("code.{}", language.id()));
                    html! { <p class="note">{ text(state.language, "code.no_twin", &[("language", &name)]) }</p> }
                }
            }) }
        </>
    }
}

/// The source itself, which is what its asset holds, and what it is.
fn listing(state: &State, strategy: &Strategy, source: &str) -> Html {
    let language = state.tabs.code_language;
    let label = text(state.language, &strategy.key("name"), &[]);
    let about = text(state.language, &format!("code_about.{}", language.id()), &[]);
    // The page's own text.
    let source = format!("<span>{source}</span>").into();
    html! {
        <>
            <p class="note">{ about }</p>
            <pre class="listing" tabindex="0" role="region" aria-label={label} translate="no">
                <code>{ Html::from_html_unchecked(source) }</code>
            </pre>
        </>
    }
}
