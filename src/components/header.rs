//! The name of the page, its language and its colours.

use lab::Lab;
use labs::CATALOGUE;
use session::address::Theme;
use texts::{Language, text};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::help;
use super::html::html;
use super::parts::on_choice;
use super::share::shared;
use crate::app::fetch::speak;
use crate::app::share::share;
use crate::app::state::{Action, State};
use crate::app::store::Store;

/// A button for every lab. During a run they only look disabled: if they scroll, the keyboard still has to
/// reach them.
pub fn labs(store: &Store, state: &State) -> Html {
    let language = state.language;
    let current = state.address.values.lab();
    let turn_to = |lab: &'static Lab| {
        let store = store.clone();
        Callback::from(move |_| {
            if !store.state().phase.is_live() {
                store.dispatch(Action::SetLab(lab));
            }
        })
    };
    html! { in language;
        <nav class="labs" aria-label=@"page.labs">
            { for CATALOGUE.into_iter().map(|lab| html! {
                <button class="lab" data-lab={lab.id} aria-disabled={state.phase.is_live().then_some("true")} onclick={turn_to(lab)}
                    aria-current={(lab == current).then_some("page")}>
                    { text(language, &format!("lab.{}.name", lab.id), &[]) }
                </button>
            }) }
        </nav>
    }
}

/// The bar at the top.
pub fn header(store: &Store, state: &State) -> Html {
    let (language, theme) = (state.language, state.theme());
    let on_language = {
        let store = store.clone();
        Callback::from(move |event: Event| {
            let list = event.target_unchecked_into::<HtmlSelectElement>();
            if let Some(chosen) = Language::from_id(&list.value()) {
                speak(&store, chosen, move || list.set_value(language.id()));
            }
        })
    };
    let on_theme = on_choice(store, |chosen| Some(Action::SetTheme(Theme::from_id(chosen))));
    let on_share = {
        let store = store.clone();
        Callback::from(move |_| share(&store))
    };
    html! { in language;
        <header class="top">
            <div class="brand">
                <svg viewBox="0 0 32 32" aria-hidden="true">
                    <path d="M16 5a11 11 0 1 1-9.5 5.5" />
                    <path class="arrow" d="M6.5 4.5v6h6" />
                    <circle cx="16" cy="16" r="3" />
                </svg>
                <span class="name">{ env!("CARGO_PKG_NAME") }</span>
                <span class="tagline">@"page.tagline"</span>
            </div>
            <div class="share">
                <button id="share" class="quiet" onclick={on_share} aria-label=@"share.share">
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 10V2M5 5l3-3 3 3M3 9v4h10V9" /></svg>
                    <span>@"share.share"</span>
                </button>
                { shared(store, state) }
            </div>
            <label>
                <span class="hidden">@"page.language"</span>
                <select id="language" onchange={on_language}>
                    { for Language::ALL.into_iter().map(|one| html! {
                        <option value={one.id()} lang={one.id()} selected={one == language}>{ one.name() }</option>
                    }) }
                </select>
            </label>
            <label>
                <span class="hidden">@"page.theme"</span>
                <select id="theme" onchange={on_theme}>
                    <option value="auto" selected={theme.is_none()}>@"page.theme_auto"</option>
                    <option value="light" selected={theme == Some(Theme::Light)}>@"page.theme_light"</option>
                    <option value="dark" selected={theme == Some(Theme::Dark)}>@"page.theme_dark"</option>
                </select>
            </label>
            <button id="help-button" class="quiet" aria-haspopup="dialog" aria-label=@"help.title"
                onclick={Callback::from(|_| help::open())}>{ "?" }</button>
        </header>
    }
}
