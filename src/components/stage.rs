//! The strategies below each other on one time axis, with the tools to move the view.

use std::rc::Rc;

use engine::trace::{Nanos, SpanKind};
use session::words::{moment, number, scale as scale_text};
use texts::{Language, text};
use timeline::{Viewport, ticks};
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ResizeObserver};
use yew::prelude::*;

use super::html::html;
use super::inspector::inspector;
use super::row::{StrategyRow, percent};
use super::run_bar::step;
use super::term::term;
use super::tip::tip;
use super::tools::tools;
use crate::app::background::Background;
use crate::app::gestures;
use crate::app::paint::Painter;
use crate::app::run::Runner;
use crate::app::state::{Phase, Row, State};
use crate::app::store::Store;
use crate::app::view::View;

/// The props of the stage.
#[derive(Clone, Properties)]
pub struct StageProps {
    /// The store that its actions go to.
    pub store: Store,
    /// The runner that starts live runs.
    pub runner: Runner,
    /// The state that is shown.
    pub state: Rc<State>,
    /// What of it is out of sight.
    pub background: Background,
    /// Changes whenever everything must be painted anew.
    pub repaint: u32,
}

/// A different state is rendered anew. Rows are compared one by one.
impl PartialEq for StageProps {
    fn eq(&self, other: &StageProps) -> bool {
        Rc::ptr_eq(&self.state, &other.state)
            && self.background == other.background
            && self.repaint == other.repaint
    }
}

/// The tools, the axis, the rows, and the loop at the playhead. When the view changes, only this part of the
/// page is rendered.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let StageProps { store, runner, state, background, repaint } = props;
    let painter = use_memo((), |()| Painter::new(store.clone()));
    let looks = use_mut_ref(|| 0u32);
    let look = use_state(|| 0u32);
    let element = use_node_ref();
    {
        let (store, runner, painter, element) =
            (store.clone(), runner.clone(), painter.clone(), element.clone());
        use_effect_with((), move |()| {
            let own = painter.clone();
            runner.set_painter(Rc::new(move || own.request()));
            let looker = Callback::from(move |()| {
                *looks.borrow_mut() += 1;
                look.set(*looks.borrow());
            });
            store.on_look(looker.clone());
            let last = painter.clone();
            let stage = element.cast::<HtmlElement>();
            let gestures = stage.as_ref().map(|stage| gestures::listen(stage, &store));
            let resized = stage.and_then(|stage| Resized::watch(&stage, move || painter.request()));
            move || {
                drop((gestures, resized));
                store.off_look(&looker);
                last.stop();
            }
        });
    }
    {
        let painter = painter.clone();
        use_effect_with((state.theme(), *repaint), move |_| painter.repaint());
    }
    // Whatever was rendered may be another picture; the painter finds out.
    painter.leave_out(background.clone());
    use_effect(move || painter.request());

    let language = state.language;
    // The page is not told what is looked at.
    let view = &store.state().view;
    let end = state.axis_end();
    let mut class = "stage".to_string();
    if !background.is_there {
        class.push_str(" begun");
    }
    if !state.is_predicted() {
        class.push_str(" stale");
    }
    if view.playhead.is_none_or(|at| view.share(at, end).is_none()) {
        class.push_str(" no-playhead");
    }
    html! { in language;
        <section id="stage" {class} tabindex="-1" aria-label=@"page.strategies"
            style={playhead(view, end)} ref={element}>
            <h2 class="hidden">@"page.timelines"</h2>
            { tools(store, state, view) }
            <div id="timelines" tabindex="0" role="group" aria-label=@"timeline.name" aria-describedby="timeline-keys">
                <div class="stage-head columns">
                    <div id="overview" aria-hidden="true" style={places(view, end)}><canvas /><i class="window" /><i class="playhead" /></div>
                    { axis(view, end, language) }
                    // In labs about order, there are no numbers below the headings.
                    { for ["makespan", "speed_up", "freeze", "error"].into_iter().filter(|_| !state.is_about_order()).map(|key| term(language, key)) }
                </div>
                { for state.rows.iter().take(background.n_rows()).enumerate().map(|(number, row)| {
                    row_of_state(background.state_of(number, state), row, language)
                }) }
            </div>
            if background.is_there {
                { tip(state, view) }
                <details class="keys">
                    <summary>@"timeline.help"</summary>
                    <p id="timeline-keys">@"timeline.keys"</p>
                </details>
                { inspector(store, state, view) }
                <p class="legend" aria-label=@"legend.title">
                    { for legend(state, view).into_iter().map(|kind| html! {
                        <span><i class={format!("swatch {kind}")} />{ text(language, &format!("legend.{kind}"), &[]) }</span>
                    }) }
                </p>
                { method(state) }
            }
        </section>
    }
}

/// The row of a strategy as it is in this state, which need not be the one that `row` is in.
fn row_of_state(state: &State, row: &Row, language: Language) -> Html {
    let row = state.rows.iter().find(|one| one.strategy == row.strategy).unwrap_or(row);
    let is_correct = |row: &&Row| row.prediction.as_ref().is_some_and(|one| one.metrics.is_correct());
    let baseline = state.rows.iter().find(is_correct).cloned();
    yew::html! {
        <StrategyRow key={row.strategy.id} row={row.clone()} {baseline} {language}
            is_running={is_running(state, row)} missing={state.missing(row.strategy)} />
    }
}

/// Watches an element's size for as long as it is kept.
struct Resized {
    observer: ResizeObserver,
    _changed: Closure<dyn FnMut()>,
}

impl Resized {
    fn watch(element: &HtmlElement, changed: impl FnMut() + 'static) -> Option<Resized> {
        let changed = Closure::<dyn FnMut()>::new(changed);
        let observer = ResizeObserver::new(changed.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Resized { observer, _changed: changed })
    }
}

impl Drop for Resized {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// The position of the playhead, for all rows.
fn playhead(view: &View, end: Nanos) -> String {
    percent("--playhead", view.playhead.and_then(|at| view.share(at, end)).unwrap_or_default() * 100.0)
}

/// The positions of playhead and window in the overview.
fn places(view: &View, end: Nanos) -> String {
    let (from, to) = view.window(end);
    let share = |at: Nanos| at.0 as f64 / end.0 as f64 * 100.0;
    [
        percent("--moment", share(view.playhead.unwrap_or_default())),
        percent("--from", share(from)),
        percent("--length", share(to.since(from))),
    ]
    .join(";")
}

/// Whether a strategy is running.
fn is_running(state: &State, row: &Row) -> bool {
    let is_open = || row.measurement.as_ref().is_some_and(|one| one.metrics.is_none());
    state.phase == Phase::Running(row.strategy) || (state.phase == Phase::Racing && is_open())
}

/// The parts that the legend explains: always the loop's lane, the rest if it occurs.
fn legend(state: &State, view: &View) -> Vec<&'static str> {
    let indices = || state.rows.iter().filter_map(|row| Some(row.prediction.as_ref()?.index()));
    let beside = |kind: SpanKind| {
        let mut lanes = indices().flat_map(|index| index.lanes.iter().skip(1).flatten());
        lanes.any(|(one, _)| *one == kind).then_some(kind.id())
    };
    let kinds = [SpanKind::Work, SpanKind::Service, SpanKind::Waiting, SpanKind::Switch, SpanKind::Down];
    let level = indices().any(|index| !index.gauges.is_empty()).then_some("level");
    let has_requests = indices().any(|index| !index.in_flight.is_empty());
    let in_flight = has_requests.then_some("in_flight");
    let queued = indices().any(|index| !index.queued.is_empty()).then_some("queued");
    // Lanes of tasks show what the loop's lane only counts.
    let tasks = ["service", "delivery"].into_iter().filter(|_| view.shows_tasks && has_requests);
    let mut all: Vec<_> =
        ["cpu", "blocked", "freeze", "yield", "idle"].into_iter().chain(in_flight).collect();
    all.extend(queued.into_iter().chain(kinds.into_iter().filter_map(beside)).chain(level));
    let tasks: Vec<_> = tasks.filter(|kind| !all.contains(kind)).collect();
    all.extend(tasks.into_iter().chain(["outline"]));
    all
}

/// How the measurements were made, and in which time they are given.
fn method(state: &State) -> Html {
    let language = state.language;
    let Some(environment) = &state.environment else { return Html::default() };
    let place = state.rows.iter().find_map(|row| Some(row.measurement.as_ref()?.place));
    let place = text(language, &format!("place.{}", place.unwrap_or(state.address.place).id()), &[]);
    let blocks = number(language, environment.calibration.blocks_per_ms);
    let scale =
        state.rows.iter().find_map(|row| Some(row.measurement.as_ref()?.scale)).filter(|scale| *scale < 1.0);
    let scaled = scale.map(|scale| {
        let (scale, factor) = (scale_text(language, scale), number(language, 1.0 / scale));
        text(language, "run.scaled", &[("scale", &scale), ("factor", &factor)])
    });
    html! {
        <p class="note">
            { text(language, "run.method", &[("place", &place), ("step", &step(state)), ("blocks", &blocks)]) }{ " " }
            { for scaled }
        </p>
    }
}

/// Beyond this place, in percent, there is no room to the right of a tick for its time.
const LAST_LABEL: f64 = 89.0;

/// The axis: round times along the visible stretch, and the time of the playhead.
fn axis(view: &View, end: Nanos, language: Language) -> Html {
    // In percent of the width, so that no size has to be measured.
    let (from, to) = view.window(end);
    let shown = Viewport { from, to, width: 100.0 };
    let times = ticks(shown, 20.0);
    let step = times.get(1).map_or(to.since(from), |second| second.since(times[0]));
    let playhead = view.playhead.filter(|at| view.share(*at, end).is_some());
    html! {
        <div class="axis" aria-hidden="true">
            { for times.into_iter().filter(|at| shown.x(*at) < LAST_LABEL).map(|at| html! {
                <span style={percent("left", shown.x(at))}>{ moment(language, at, step) }</span>
            }) }
            { for playhead.map(|at| html! {
                <b>{ moment(language, at, Nanos(to.since(from).0 / 500)) }</b>
            }) }
        </div>
    }
}
