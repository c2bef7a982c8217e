//! The guess before the result is shown: put the strategies in order, enter a time, and see how far off it
//! was.

use engine::trace::Nanos;
use lab::Strategy;
use session::digits::parse;
use session::guess::{Guess, Score, places};
use session::words::{number, signed_percent, time};
use texts::{Language, text};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::html::html;
use super::parts::on_click;
use crate::app::state::{Action, State};
use crate::app::store::Store;

/// The question before the result.
pub fn question(store: &Store, state: &State) -> Html {
    let language = state.language;
    let skip = on_click(store, || Action::SetGuessFirst(false));
    let on_submit = {
        let store = store.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form = event.target_unchecked_into::<HtmlElement>();
            let input = form.query_selector("input").ok().flatten();
            let ms = input.and_then(|input| parse(&input.unchecked_into::<HtmlInputElement>().value()));
            let ms = ms.unwrap_or_default();
            store.dispatch(Action::MakeGuess(Nanos::from_ms(ms)));
        })
    };
    let Some(guess) = state.guess.as_ref() else { return Html::default() };
    let is_about_order = state.is_about_order();
    html! { in language;
        <section id="guess" class="guess" tabindex="-1" aria-labelledby="guess-title">
            <h2 id="guess-title">@"guess.title"</h2>
            <form onsubmit={on_submit}>
                if is_about_order {
                    <p>@"guess.print"</p>
                } else {
                    <p>@"guess.order"</p>
                    <ol>{ for guess.order.iter().map(|strategy| candidate(store, language, strategy)) }</ol>
                    <p class="hidden" role="status">{ moved(language, guess) }</p>
                    <p>
                        <label for="guess-ms">@"guess.time"</label>{ " " }
                        <input id="guess-ms" type="number" min="1" step="any" required={true} />{ " ms" }
                    </p>
                }
                <p class="actions">
                    <button id="guess-done" class="primary">@"guess.done"</button>
                    <button id="guess-skip" type="button" class="quiet" onclick={skip}>@"guess.skip"</button>
                </p>
            </form>
        </section>
    }
}

/// A strategy in the guessed order, with buttons to move it.
fn candidate(store: &Store, language: Language, strategy: &'static Strategy) -> Html {
    let name = text(language, &strategy.key("name"), &[]);
    let button = |is_up: bool| {
        let store = store.clone();
        let onclick = Callback::from(move |event: MouseEvent| {
            store.dispatch(Action::ShiftGuess(strategy, is_up));
            follow(&event.target_unchecked_into::<HtmlElement>(), is_up);
        });
        let (class, key) = if is_up { ("plain up", "guess.up") } else { ("plain down", "guess.down") };
        html! {
            <button type="button" {class} {onclick}
                aria-label={text(language, key, &[("strategy", &name)])}>
                <svg viewBox="0 0 16 16" aria-hidden="true">
                    <path d={if is_up { "M8 13V3M4 7l4-4 4 4" } else { "M8 3v10M4 9l4 4 4-4" }} />
                </svg>
            </button>
        }
    };
    html! {
        <li data-strategy={strategy.id}>
            <span class="name">{ name.clone() }</span>
            <span class="note">{ text(language, &strategy.key("idea"), &[]) }</span>
            { button(true) }
            { button(false) }
        </li>
    }
}

/// The buttons stay in their places while strategies move, so the focus is moved along with the strategy.
fn follow(button: &HtmlElement, is_up: bool) {
    let next = || {
        let item = button.closest("li").ok()??;
        let item = if is_up { item.previous_element_sibling()? } else { item.next_element_sibling()? };
        let same = item.query_selector(if is_up { ".up" } else { ".down" }).ok()??;
        same.unchecked_into::<HtmlElement>().focus().ok()
    };
    next();
}

/// What is announced: the place of the moved strategy.
fn moved(language: Language, guess: &Guess) -> String {
    let place =
        guess.moved.and_then(|moved| Some((moved, guess.order.iter().position(|one| *one == moved)?)));
    place.map_or_else(String::new, |(strategy, place)| {
        let (place, count) =
            (number(language, (place + 1) as f64), number(language, guess.order.len() as f64));
        let strategy = text(language, &strategy.key("name"), &[]);
        text(language, "guess.moved", &[("strategy", &strategy), ("place", &place), ("count", &count)])
    })
}

/// How far off the guess was. Shown above the result.
pub fn answer(store: &Store, state: &State) -> Html {
    let language = state.language;
    let label = |key: &str| text(language, key, &[]);
    let (results, is_measured) = state.scores();
    // In labs about the order of lines, no time is asked for.
    let guess = state.guess.as_ref().filter(|_| !state.is_about_order());
    let Some((guess, score)) = guess.and_then(|guess| Some((guess, guess.score(&results)?))) else {
        return Html::default();
    };
    let again = on_click(store, || Action::SetGuessFirst(true));
    let clock = if is_measured { "verdict.by_measurement" } else { "verdict.by_prediction" };
    html! { in language;
        <section id="guessed" class="guess" aria-labelledby="guessed-title">
            <h2 id="guessed-title">
                @"guess.yours"{ " " }<span class="clock">{ label(clock) }</span>
            </h2>
            <p>{ sentence(language, guess, score) }</p>
            <ol>{ for guess.order.iter().enumerate().map(|(index, strategy)| {
                let places = places(strategy, &guess.order, &results);
                let is_right = places.contains(&(index + 1));
                html! { in language;
                    <li class={(!is_right).then_some("off")}>
                        <span class="name">{ label(&strategy.key("name")) }</span>
                        <span class="note">
                            if is_right {
                                @"guess.right"
                            } else {
                                { text(language, "guess.place", &[("place", &number(language, *places.start() as f64))]) }
                            }
                        </span>
                    </li>
                }
            }) }</ol>
            <button id="guess-again" class="quiet" onclick={again} disabled={state.phase.is_live()}>@"guess.again"</button>
        </section>
    }
}

fn sentence(language: Language, guess: &Guess, score: Score) -> String {
    let count = |count: usize| number(language, count as f64);
    text(
        language,
        "guess.score",
        &[
            ("right", &count(score.right)),
            ("pairs", &count(score.pairs)),
            ("guessed", &time(language, guess.time.unwrap_or_default())),
            ("fastest", &time(language, score.fastest)),
            ("off", &signed_percent(language, score.off)),
        ],
    )
}
