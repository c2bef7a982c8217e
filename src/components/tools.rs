//! Everything that can be done with the timelines, as labelled buttons.

use engine::trace::TaskId;
use session::digits::parse;
use session::words::number;
use texts::text;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::html::html;
use crate::app::gestures::{PAN_STEP, ZOOM_STEP};
use crate::app::state::{Action, Direction, State};
use crate::app::store::Store;
use crate::app::view::{Look, Speed, View};

/// The bar above the timelines.
pub fn tools(store: &Store, state: &State, view: &View) -> Html {
    let language = state.language;
    let label = |key: &str| text(language, key, &[]);
    let tool = |id: &'static str, icon: &'static str, key: &str, action: fn() -> Action| {
        let store = store.clone();
        let onclick = Callback::from(move |_| store.quietly(action()));
        html! {
            <button {id} class="tool" aria-label={label(key)} title={label(key)} {onclick}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d={icon} /></svg>
            </button>
        }
    };
    let play = if view.is_playing {
        ("M5 3v10M11 3v10", "timeline.pause")
    } else {
        ("M5 3l7 5-7 5z", "timeline.play")
    };
    let toggle_tasks = {
        let store = store.clone();
        Callback::from(move |_| store.look(Look::ToggleTasks))
    };
    html! { in language;
        <div class="tools" role="toolbar" aria-label=@"timeline.tools">
            <span class="group">
                { tool("previous", "M4 3v10M12 3L6 8l6 5z", "timeline.previous", || Action::Step(Direction::Previous)) }
                { tool("play", play.0, play.1, || Action::Look(Look::TogglePlay)) }
                { tool("next", "M12 3v10M4 3l6 5-6 5z", "timeline.next", || Action::Step(Direction::Next)) }
                { speed(store, state, view) }
            </span>
            <span class="group">
                { tool("zoom-out", "M3 8h10", "timeline.zoom_out", || Action::Look(Look::Zoom(1.0 / ZOOM_STEP))) }
                { tool("zoom-in", "M3 8h10M8 3v10", "timeline.zoom_in", || Action::Look(Look::Zoom(ZOOM_STEP))) }
                { tool("pan-left", "M10 3L5 8l5 5", "timeline.left", || Action::Look(Look::PanBy(-PAN_STEP))) }
                { tool("pan-right", "M6 3l5 5-5 5", "timeline.right", || Action::Look(Look::PanBy(PAN_STEP))) }
                { tool("fit", "M2 3v10M14 3v10M4 8h8M6 6L4 8l2 2M10 6l2 2-2 2", "timeline.fit", || Action::Look(Look::Fit)) }
            </span>
            <span class="group">
                { task(store, state, view) }
                <button id="tasks" class="tool text" aria-pressed={view.shows_tasks.to_string()} onclick={toggle_tasks}>
                    @"timeline.tasks"
                </button>
            </span>
        </div>
    }
}

fn speed(store: &Store, state: &State, view: &View) -> Html {
    let language = state.language;
    let store = store.clone();
    let onchange = Callback::from(move |event: Event| {
        let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        store.look(Look::SetSpeed(Speed::ALL.get(index as usize).copied().unwrap_or_default()));
    });
    let name = |speed: Speed| match speed.divisor() {
        1 => number(language, 1.0),
        divisor => format!("1/{divisor}"),
    };
    html! { in language;
        <select id="speed" aria-label=@"timeline.speed" {onchange}>
            { for Speed::ALL.into_iter().map(|speed| html! {
                <option selected={view.speed == speed}>{ text(language, "unit.times", &[("n", &name(speed))]) }</option>
            }) }
        </select>
    }
}

/// Highlights a task by its number.
fn task(store: &Store, state: &State, view: &View) -> Html {
    let n_tasks = state.n_tasks();
    if n_tasks == 0 {
        return Html::default();
    }
    let store = store.clone();
    let onchange = Callback::from(move |event: Event| {
        let typed = parse(&event.target_unchecked_into::<HtmlInputElement>().value());
        let number = typed.map(|typed| (typed as u32).saturating_sub(1).min(n_tasks - 1));
        store.look(Look::SelectTask(number.map(TaskId)));
    });
    let value =
        view.task.and_then(TaskId::number).map_or_else(String::new, |number| (number + 1).to_string());
    html! { in state.language;
        <label class="pick">
            <span>@"timeline.task"</span>
            <input id="task" type="number" min="1" max={n_tasks.to_string()} {value} {onchange} />
        </label>
    }
}
