//! The strategies one under another on one time axis.

use yew::prelude::*;

use super::row::{StrategyRow, percent};
use super::run_bar::step;
use crate::app::paint::Axes;
use crate::app::run::Runner;
use crate::app::state::{Phase, Row, State};
use crate::i18n::{Language, number, scale as scale_text, text, time};
use crate::timeline::{Viewport, ticks};
use crate::trace::{Lane, Nanos, SpanKind};

/// The axis and the rows. `repaint` changes whenever everything must be painted anew.
pub fn stage(runner: &Runner, state: &State, repaint: u32) -> Html {
    let language = state.language;
    let label = |key: &str| text(language, key, &[]);
    let predicted = state.rows.iter().filter_map(|row| row.prediction.as_ref());
    let most_predicted = predicted.map(|one| one.metrics.max_in_flight).max();
    let axes = Axes { end: state.axis_end(), most_in_flight: most_predicted.unwrap_or(1).max(1) };
    let is_correct = |row: &&Row| row.prediction.as_ref().is_some_and(|one| one.metrics.is_correct());
    let baseline = state.rows.iter().find(is_correct).cloned();
    html! {
        <section id="stage" class={classes!("stage", (!state.is_predicted()).then_some("stale"))} tabindex="-1"
            aria-label={label("page.strategies")}>
            <h2 class="hidden">{ label("page.timelines") }</h2>
            <div class="stage-head" aria-hidden="true">
                { axis(axes.end, language) }
                <span>{ label("row.total") }</span>
                <span>{ label("row.speed_up") }</span>
                <span>{ label("row.freeze") }</span>
                <span>{ label("row.error") }</span>
            </div>
            { for state.rows.iter().map(|row| html! {
                <StrategyRow key={row.strategy.id} row={row.clone()} baseline={baseline.clone()} {axes} {language}
                    runner={runner.clone()} is_running={is_running(state, row)} missing={state.missing(row.strategy)}
                    theme={state.theme()} {repaint} />
            }) }
            <p class="legend" aria-label={label("legend.title")}>
                { for legend(state).into_iter().map(|kind| html! {
                    <span><i class={format!("swatch {kind}")} />{ text(language, &format!("legend.{kind}"), &[]) }</span>
                }) }
            </p>
            { method(state) }
        </section>
    }
}

/// Whether a strategy is at work.
fn is_running(state: &State, row: &Row) -> bool {
    let is_open = || row.measurement.as_ref().is_some_and(|one| one.metrics.is_none());
    state.phase == Phase::Running(row.strategy) || (state.phase == Phase::Racing && is_open())
}

/// What there is to be explained: the loop's lane always, the rest where it occurs.
fn legend(state: &State) -> Vec<&'static str> {
    let traces = || state.rows.iter().filter_map(|row| Some(&row.prediction.as_ref()?.trace));
    let beside = |kind: SpanKind| {
        traces().any(|trace| trace.spans_of(kind).any(|span| span.lane != Lane::LOOP)).then_some(kind.id())
    };
    let kinds = [SpanKind::Work, SpanKind::Service, SpanKind::Waiting, SpanKind::Switch, SpanKind::Down];
    let level = traces().any(|trace| trace.gauges().next().is_some()).then_some("level");
    let always = ["cpu", "blocked", "freeze", "yield", "in_flight", "idle"];
    always.into_iter().chain(kinds.into_iter().filter_map(beside)).chain(level).collect()
}

/// How the measurements were made, and in whose time they are told.
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

/// Round times along the width.
fn axis(end: Nanos, language: Language) -> Html {
    // In percent of the width, so that it fits at every size without being measured.
    let view = Viewport { from: Nanos::ZERO, to: end, width: 100.0 };
    html! {
        <div class="axis">
            { for ticks(view, 20.0).into_iter().map(|at| html! {
                <span style={percent("left", view.x(at))}>{ time(language, at) }</span>
            }) }
        </div>
    }
}
