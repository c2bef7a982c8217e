//! The button that starts a run, what the run will be like, and its progress.

use engine::trace::Nanos;
use lab::Strategy;
use session::address::Place;
use session::digits::{parse, write};
use session::plan::{MOST_EVENTS, Refusal};
use session::words::{number, scale as scale_text, time, yield_name};
use texts::{Language, text};
use yew::prelude::*;

use super::html::html;
use super::parts::{on_choice, on_click};
use super::term::{meaning, tooltip};
use crate::app::run::Runner;
use crate::app::state::{Action, Failure, Phase, State, Void};
use crate::app::store::Store;

/// The speeds on offer, besides the automatic one.
const SCALES: [f64; 8] = [1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001];

/// The bar above the timelines.
pub fn run_bar(store: &Store, runner: &Runner, state: &State) -> Html {
    let language = state.language;
    let is_live = state.phase.is_live();
    let label = |key: &str| text(language, key, &[]);
    let start = {
        let runner = runner.clone();
        Callback::from(move |_| runner.start())
    };
    let stop = {
        let runner = runner.clone();
        Callback::from(move |event: MouseEvent| {
            // The second click of a double click on Run ends up here, and is not meant for us.
            if event.detail() < 2 {
                runner.stop();
            }
        })
    };
    let pin = on_click(store, || Action::Pin);
    let key = if state.is_measured() { "run.again" } else { "run.start" };
    html! { in language;
        <section class="run-bar">
            <div class="actions">
                if is_live {
                    <button id="stop" class="primary stop" onclick={stop}>@"run.stop"</button>
                } else {
                    <button id="run" class="primary" onclick={start} disabled={!state.is_predicted()}>
                        { label(key) }
                    </button>
                }
                { place(store, state) }
                { speed(store, state) }
                <button id="pin" class="quiet" onclick={pin} disabled={is_live || !state.is_predicted()}>
                    @"pin.pin"
                </button>
            </div>
            <div class="progress">
                <p id="status" class={status_class(&state.phase)}>{ status(state) }</p>
                if is_live {
                    <button id="click-me" class="quiet">
                        @"run.click_me"{ " " }<output id="input-delay" />
                    </button>
                    <div class="heartbeat" title=@"run.heartbeat">
                        <span aria-hidden="true"><span id="heart"><i /></span></span>
                        <span>@"run.pulse"</span>
                    </div>
                }
            </div>
            <p class="hidden" role="status">{ announcement(state) }</p>
        </section>
    }
}

/// The choice of where the run takes place.
fn place(store: &Store, state: &State) -> Html {
    let language = state.language;
    let onchange =
        on_choice(store, |chosen| Some(Action::SetPlace(Place::from_id(chosen).unwrap_or(Place::Worker))));
    html! { in language;
        <div class="speed tipped">
            <label for="place">@"run.place"</label>
            <select id="place" {onchange} disabled={state.phase.is_live()} aria-describedby="place-hint">
                { for Place::ALL.into_iter().map(|place| html! {
                    <option value={place.id()} selected={state.address.place == place}>
                        { text(language, &format!("place.{}", place.id()), &[]) }
                    </option>
                }) }
            </select>
            { tooltip("place-hint".to_string(), meaning(language, "worker")) }
        </div>
    }
}

fn speed(store: &Store, state: &State) -> Html {
    let language = state.language;
    let onchange = on_choice(store, |chosen| Some(Action::SetScale(parse(chosen))));
    let chosen = state.address.scale;
    let auto = match state.plan() {
        Ok(plan) if chosen.is_none() => {
            text(language, "run.scale_auto", &[("scale", &scale_text(language, plan.scale))])
        }
        _ => text(language, "run.scale_auto", &[("scale", "…")]),
    };
    let odd = chosen.filter(|scale| !SCALES.contains(scale));
    html! { in language;
        <div class="speed tipped">
            <label for="scale">@"run.scale"</label>
            <select id="scale" {onchange} disabled={state.phase.is_live()} aria-describedby="scale-hint">
                <option value="auto" selected={chosen.is_none()}>{ auto }</option>
                { for SCALES.into_iter().chain(odd).map(|scale| html! {
                    <option value={write(scale)} selected={chosen == Some(scale)}>
                        { scale_text(language, scale) }
                    </option>
                }) }
            </select>
            { tooltip("scale-hint".to_string(), meaning(language, "scale")) }
        </div>
    }
}

fn status_class(phase: &Phase) -> &'static str {
    if matches!(phase, Phase::Failed(_)) { "status failed" } else { "status" }
}

/// Only runs are announced, since the plan changes with every step of a slider.
fn announcement(state: &State) -> String {
    if state.phase == Phase::Idle { String::new() } else { status(state) }
}

/// The progress of the run or, if there is none, its plan.
pub fn status(state: &State) -> String {
    let language = state.language;
    match &state.phase {
        Phase::Calibrating => text(language, "run.calibrating", &[]),
        Phase::Running(strategy) => {
            let index =
                state.runnable().position(|row| row.strategy == *strategy).map_or(0, |index| index + 1);
            let (index, count) = (index.to_string(), state.runnable().count().to_string());
            let name = name(language, strategy);
            text(language, "run.running", &[("strategy", &name), ("index", &index), ("count", &count)])
        }
        Phase::Racing => text(language, "run.racing", &[("count", &state.runnable().count().to_string())]),
        Phase::Stopped => text(language, "run.stopped", &[]),
        Phase::Failed(failure) => failure_text(state, failure),
        Phase::Finished if voids(state).any(|void| void == Void::CoarseClock) => {
            text(language, "run.void_coarse", &[("step", &step(state))])
        }
        Phase::Finished if voids(state).any(|void| void == Void::Disturbed) => {
            text(language, "run.void_disturbed", &[])
        }
        Phase::Finished => {
            let scale =
                state.rows.iter().find_map(|row| Some(row.measurement.as_ref()?.scale)).unwrap_or(1.0);
            let measured = state.rows.iter().filter(|row| row.measurement.is_some());
            let count = measured.count().to_string();
            let values = [("count", count.as_str()), ("scale", &scale_text(language, scale))];
            let is_unclean =
                state.rows.iter().filter_map(|row| row.measurement.as_ref()).any(|one| one.is_unclean);
            let key = if is_unclean { "run.finished_unclean" } else { "run.finished" };
            text(language, key, &values)
        }
        Phase::Idle if !state.is_predicted() => text(language, "page.predicting", &[]),
        Phase::Idle => match state.plan() {
            Ok(plan) => {
                let total = time(language, plan.total);
                match plan.freeze.filter(|(_, freeze)| *freeze > engine::trace::LONG_TASK) {
                    Some((strategy, freeze)) => text(
                        language,
                        "run.plan_freeze",
                        &[
                            ("total", &total),
                            ("strategy", &name(language, strategy)),
                            ("freeze", &time(language, freeze)),
                        ],
                    ),
                    None => {
                        let key = match state.address.place {
                            Place::Page => "run.plan",
                            Place::Worker => "run.plan_worker",
                            Place::Race => "run.plan_race",
                        };
                        text(language, key, &[("total", &total)])
                    }
                }
            }
            Err(refusal) => refusal_text(state, &refusal),
        },
    }
}

/// Why some measurements do not count. (A hidden tab fails the whole run.)
fn voids(state: &State) -> impl Iterator<Item = Void> {
    state.rows.iter().filter_map(|row| row.measurement.as_ref()?.void)
}

/// The step of this browser's clock.
pub fn step(state: &State) -> String {
    let micros = state.environment.as_ref().map_or(0.0, |one| one.clock_step_us);
    time(state.language, Nanos((micros * 1e3).round() as u64))
}

fn name(language: Language, strategy: &Strategy) -> String {
    text(language, &strategy.key("name"), &[])
}

fn failure_text(state: &State, failure: &Failure) -> String {
    let language = state.language;
    match failure {
        Failure::Refused(refusal) => refusal_text(state, refusal),
        Failure::MissingYield(with) => {
            let primitive = yield_name(language, *with);
            text(language, "run.refused_yield", &[("primitive", &primitive)])
        }
        Failure::Hidden => text(language, "run.void_hidden", &[]),
        Failure::CoarseClock => text(language, "run.refused_clock", &[]),
        Failure::NoWorker(reason) => {
            text(language, "run.no_worker", &[("reason", &reason_text(language, reason))])
        }
        Failure::Crashed(strategy, reason) => {
            let values = [("strategy", name(language, strategy)), ("reason", reason_text(language, reason))];
            text(language, "run.crashed", &values.each_ref().map(|(key, value)| (*key, value.as_str())))
        }
        Failure::Hung(strategy) => text(language, "run.hung", &[("strategy", &name(language, strategy))]),
        Failure::Uncalibrated(reason) => {
            text(language, "run.uncalibrated", &[("reason", &reason_text(language, reason))])
        }
    }
}

/// The reason that the browser gave, if it gave one.
fn reason_text(language: Language, reason: &str) -> String {
    if reason.is_empty() { text(language, "run.no_reason", &[]) } else { reason.to_string() }
}

fn refusal_text(state: &State, refusal: &Refusal) -> String {
    let language = state.language;
    match refusal {
        Refusal::Freeze { strategy, freeze, suggested_scale, suggested_share } => {
            let strategy = name(language, strategy);
            let freeze = time(language, *freeze);
            let scale = scale_text(language, *suggested_scale);
            let values = [("strategy", strategy.as_str()), ("freeze", &freeze), ("scale", &scale)];
            match suggested_share {
                None => text(language, "run.refused_freeze", &values),
                Some(share) => {
                    let setup = (state.address.values.lab().setup)(&state.address.values);
                    let tasks = number(language, (setup.tasks as f64 * share).floor());
                    text(language, "run.refused_freeze_share", &[&values[..], &[("tasks", &tasks)]].concat())
                }
            }
        }
        Refusal::TooLong { total } => {
            text(state.language, "run.refused_long", &[("total", &time(state.language, *total))])
        }
        Refusal::TooMuch { events } => text(
            state.language,
            "run.refused_much",
            &[
                ("events", &number(state.language, *events as f64)),
                ("most", &number(state.language, MOST_EVENTS as f64)),
            ],
        ),
        Refusal::TooCoarse { latency, suggested_scale } => {
            // A wait below a microsecond is better shown as a microsecond than as zero.
            let latency = time(language, (*latency).max(Nanos(1_000)));
            let scale = scale_text(language, *suggested_scale);
            text(language, "run.refused_coarse", &[("latency", &latency), ("scale", &scale)])
        }
    }
}
