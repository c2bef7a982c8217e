//! The tab with the sources: a strategy as it runs here, and its twins in other languages.

use lab::Strategy;
use texts::text;
use yew::prelude::*;

use super::fetched::fetched;
use super::html::html;
use super::parts::{button, choice};
use crate::app::lines::{MARKS, TOLD};
use crate::app::state::{Action, State};
use crate::app::store::Store;
use crate::app::tabs::{CodeLanguage, TabAction, source};
use crate::app::view::Look;

/// The choice of strategy and language, and the source.
pub fn code(store: &Store, state: &State) -> Html {
    let shown = &state.address.strategies;
    let Some(strategy) = state.focused().map(|row| row.strategy) else { return Html::default() };
    let language = state.tabs.code_language;
    let label = |key: &str| text(state.language, key, &[]);
    let lab = state.address.values.lab();
    let names = shown.iter().map(|one| (one.id.to_string(), label(&one.key("name")))).collect();
    let show_strategy = {
        let store = store.clone();
        move |chosen: String| {
            if let Some(strategy) = lab.strategy(&chosen) {
                store.dispatch(Action::Look(Look::FocusOn(strategy)));
            }
        }
    };
    let show_language = |one: CodeLanguage| {
        let store = store.clone();
        button(label(&format!("code.{}", one.id())), Some(one == language), move || {
            store.dispatch(Action::Tab(TabAction::ShowLanguage(one)));
        })
    };
    html! {
        <>
            <div class="panel-head">
                { choice("code-strategy", label("code.strategy"), names, strategy.id, show_strategy) }
                <div class="chips" role="group" aria-label={label("code.language")}>
                    { for CodeLanguage::ALL.into_iter().map(show_language) }
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

/// The source from its asset, with a label.
fn listing(state: &State, strategy: &Strategy, source: &str) -> Html {
    let language = state.tabs.code_language;
    let label = text(state.language, &strategy.key("name"), &[]);
    let about = text(state.language, &format!("code_about.{}", language.id()), &[]);
    let numbers: String = (1..=source.lines().count()).map(|number| format!("{number}\n")).collect();
    // Text of the page's own, so it may be markup.
    let source = format!("<span>{source}</span>").into();
    html! {
        <>
            <p class="note">{ about }</p>
            if language == CodeLanguage::Rust {
                <p class="note" id={TOLD} />
            }
            <pre class="listing" tabindex="0" role="region" aria-label={label} translate="no">
                if language == CodeLanguage::Rust {
                    <span id={MARKS} aria-hidden="true" />
                }
                <span class="line-numbers" aria-hidden="true">{ numbers }</span>
                <code>{ Html::from_html_unchecked(source) }</code>
            </pre>
        </>
    }
}
