//! What the reader can change: scenarios, parameters, and which strategies are shown.

use lab::{Control, Lab, Param, Scenario, Strategy};
use session::address;
use session::words::param_text;
use texts::{Language, text};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::html::html;
use super::parts::{on_click, on_tick};
use super::term::tooltip;
use crate::app::state::{Action, State};
use crate::app::store::Store;

/// The panel with all controls; `is_open` says whether it is unfolded at first.
pub fn controls(store: &Store, state: &State, is_open: bool) -> Html {
    let language = state.language;
    let reset = on_click(store, || Action::Reset);
    let on_guess = on_tick(store, Action::SetGuessFirst);
    html! { in language;
        <details id="controls" class="controls" open={is_open}>
            <summary>@"page.parameters"</summary>
            <fieldset disabled={state.phase.is_live()}>
                <legend class="hidden">@"page.parameters"</legend>
                { scenarios(store, state) }
                <div class="params">
                    { for state.address.values.iter().map(|(param, number)| knob(store, state.address.values.lab(), param, number, language)) }
                </div>
                <div class="shown" role="group" aria-label=@"page.strategies">
                    <h2>@"page.strategies"</h2>
                    { for state.address.values.lab().strategies.iter().map(|strategy| toggle(store, state, strategy)) }
                </div>
                <label class="check">
                    <input id="predict-first" type="checkbox" checked={state.address.guesses_first} onchange={on_guess} />
                    @"guess.first"
                </label>
                <button id="reset" class="quiet" onclick={reset}>@"page.reset"</button>
            </fieldset>
        </details>
    }
}

fn toggle(store: &Store, state: &State, strategy: &'static Strategy) -> Html {
    let is_shown = state.address.strategies.contains(&strategy);
    let is_last = is_shown && state.address.strategies.len() == 1;
    let store = store.clone();
    let onchange = Callback::from(move |_| store.dispatch(Action::ToggleStrategy(strategy)));
    html! {
        <label key={strategy.id}>
            <input type="checkbox" checked={is_shown} disabled={is_last} {onchange} />
            { text(state.language, &strategy.key("name"), &[]) }
        </label>
    }
}

/// Scenarios as chips, and those of the book's grid, which differ only in two numbers, as a list.
fn scenarios(store: &Store, state: &State) -> Html {
    let language = state.language;
    let lab = state.address.values.lab();
    let cells = || lab.scenarios.iter().filter_map(|scenario| Some((scenario, scenario.cell?)));
    let is_named = |scenario: &Scenario| scenario.cell.is_none() || scenario.published.is_some();
    let current = state.address.scenario.filter(|scenario| lab.values_of(scenario) == state.address.values);
    let choose = |scenario: &'static Scenario| {
        let store = store.clone();
        Callback::from(move |_| store.dispatch(Action::SetScenario(scenario)))
    };
    let on_grid = {
        let store = store.clone();
        Callback::from(move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some(scenario) = lab.scenario(&chosen) {
                store.dispatch(Action::SetScenario(scenario));
            }
        })
    };
    if lab.scenarios.is_empty() {
        return Html::default();
    }
    html! { in language;
        <div class="scenarios">
            <h2>@"page.scenarios"</h2>
            <div class="chips">
                { for lab.scenarios.iter().filter(|one| is_named(one)).map(|scenario| html! {
                    <button key={scenario.id} class="chip" aria-pressed={(current == Some(scenario)).to_string()}
                        onclick={choose(scenario)}>
                        { text(language, &format!("lab.{}.scenario.{}", lab.id, scenario.id), &[]) }
                    </button>
                }) }
            </div>
            if cells().next().is_some() {
                <label class="grid">
                    <span>@"page.grid"</span>
                    <select onchange={on_grid}>
                        <option value="" selected={current.is_none_or(|one| one.cell.is_none())}>
                            @"page.grid_none"
                        </option>
                        { for cells().map(|(scenario, (tasks, difficulty))| html! {
                            <option key={scenario.id} value={scenario.id} selected={current == Some(scenario)}>
                                { format!("{tasks} × {difficulty}") }
                            </option>
                        }) }
                    </select>
                </label>
            }
        </div>
    }
}

/// One parameter: a slider and a number, or a list of options.
fn knob(store: &Store, lab: &Lab, param: &'static Param, number: f64, language: Language) -> Html {
    let store = store.clone();
    let set = move |number: f64| store.dispatch(Action::SetValue(param.key, number));
    let name = param_text(language, lab, param, "name");
    let hint = param_text(language, lab, param, "hint");
    let id = format!("param-{}", param.key);
    let hint_id = format!("{id}-hint");
    let unit = unit(param.key);

    let body = if let Control::Choice(options) = param.control {
        let onchange = Callback::from(move |event: Event| {
            set(f64::from(event.target_unchecked_into::<HtmlSelectElement>().selected_index()));
        });
        html! {
            <select id={id.clone()} {onchange} aria-describedby={hint_id.clone()}>
                { for options.iter().enumerate().map(|(index, option)| html! {
                    <option value={*option} selected={index as f64 == number}>
                        { param_text(language, lab, param, &format!("option.{option}")) }
                    </option>
                }) }
            </select>
        }
    } else {
        let onchange = {
            let set = set.clone();
            Callback::from(move |event: Event| {
                let input = event.target_unchecked_into::<HtmlInputElement>();
                let typed = address::read(param, &input.value()).map_or(number, |typed| param.clamp(typed));
                // What was typed may stand for the same value; then nothing is rendered again.
                input.set_value(&address::write(param, typed));
                set(typed);
            })
        };
        let has_slider = param.control != Control::Number;
        let slider = has_slider.then(|| slider(param, number, &name, unit, &hint_id, set));
        html! {
            <>
                { for slider }
                <span class="number">
                    <input id={id.clone()} type="number" min={address::write(param, param.min)} max={address::write(param, param.max)}
                        value={address::write(param, number)} {onchange} aria-describedby={hint_id.clone()} />
                    <span class="unit" aria-hidden="true">{ unit }</span>
                </span>
            </>
        }
    };
    html! {
        <div key={param.key} class="knob tipped" data-param={param.key}>
            <label for={id}>{ name }</label>
            { body }
            { tooltip(hint_id, hint) }
        </div>
    }
}

/// A slider over the stops of a parameter. A value between two stops is shown at the upper one.
fn slider(
    param: &'static Param,
    number: f64,
    name: &str,
    unit: &str,
    hint_id: &str,
    set: impl Fn(f64) + 'static,
) -> Html {
    let stops = param.stops();
    let last = stops.len() - 1;
    let position = stops.partition_point(|stop| *stop < number).min(last);
    let oninput = Callback::from(move |event: InputEvent| {
        let position = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
        if let Some(stop) = stops.get(position as usize) {
            set(*stop);
        }
    });
    html! {
        <input type="range" data-slider={param.key} min="0" max={last.to_string()} step="1"
            value={position.to_string()} {oninput} aria-label={name.to_string()}
            aria-valuetext={format!("{} {unit}", address::write(param, number))} aria-describedby={hint_id.to_string()} />
    }
}

/// The unit at the end of a parameter's key.
fn unit(key: &str) -> &'static str {
    match key.rsplit('_').next() {
        Some("ms") => "ms",
        Some("percent") => "%",
        _ => "",
    }
}
