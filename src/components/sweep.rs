//! The tab with the sweep: a metric of every strategy over one parameter, as a chart that also sets the
//! parameter.

use engine::trace::Nanos;
use lab::metrics::{Metric, Unit};
use lab::{FindingValue, Lab, Param};
use session::chart::{Picture, SIZE, picture, place};
use session::sweep::{Band, Chart, Series};
use session::words::{number, param_text, parameter, time};
use texts::{Language, text};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::html::html;
use super::parts::{Markup, button, choice};
use super::row::percent;
use crate::app::run::Runner;
use crate::app::state::{Action, State};
use crate::app::store::Store;
use crate::app::tabs::{SweepPhase, TabAction};

/// Colours and dashes. No two of twelve strategies share both.
const COLOURS: usize = 8;
const DASHES: usize = 4;

/// The choice of what to sweep, the progress, and the chart.
pub fn sweep(store: &Store, runner: &Runner, state: &State) -> Html {
    let lab = state.address.values.lab();
    let Some((param, metric)) = state.tabs.swept(lab) else {
        return html! { in state.language; <p class="note">@"sweep.no_parameter"</p> };
    };
    let chart = state
        .tabs
        .sweep
        .chart
        .as_ref()
        .map(|found| (&found.0, &found.1))
        .filter(|(one, _)| one.lab == lab.id && one.param == param && one.metric == metric);
    let wanted = state.tabs.request(&state.address);
    html! {
        <>
            <div class="panel-head">
                { choices(store, state, param, metric) }
                { progress(store, runner, state) }
            </div>
            { for chart.map(|(chart, asked)| {
                // Until the next chart is there, the one of other values stays, and is marked as such.
                let class = if wanted.as_ref() == Some(asked) { "sweep" } else { "sweep stale" };
                html! { <div {class}>{ drawn(store, state, chart) }</div> }
            }) }
        </>
    }
}

/// The parameters that can be swept, and the metrics that can be shown.
fn choices(store: &Store, state: &State, param: &str, metric: &str) -> Html {
    let language = state.language;
    let lab = state.address.values.lab();
    let params = lab.params.iter().map(|one| (one.key.to_string(), param_name(language, lab, one))).collect();
    let metrics = metrics(state).into_iter().map(|key| (key.clone(), metric_name(language, &key))).collect();
    let choose = |param: Option<&str>, metric: Option<&str>| {
        let (store, param, metric) = (store.clone(), param.map(str::to_string), metric.map(str::to_string));
        move |chosen: String| {
            let or_chosen = |one: &Option<String>| one.as_ref().unwrap_or(&chosen).clone();
            store.dispatch(Action::Tab(TabAction::ChooseSweep(lab, or_chosen(&param), or_chosen(&metric))));
        }
    };
    let label = |key: &str| text(language, key, &[]);
    html! {
        <>
            { choice("sweep-param", label("sweep.over"), params, param, choose(None, Some(metric))) }
            { choice("sweep-metric", label("sweep.number"), metrics, metric, choose(Some(param), None)) }
        </>
    }
}

/// The metrics that all labs have, then the lab's own numbers.
fn metrics(state: &State) -> Vec<String> {
    let mut keys: Vec<String> = Metric::ALL.iter().map(|metric| metric.key.to_string()).collect();
    let findings =
        state.rows.iter().filter_map(|row| row.prediction.as_ref()).flat_map(|one| &one.metrics.findings);
    for finding in findings.filter(|one| !matches!(one.value, FindingValue::Order(_))) {
        let key = format!("lab_metrics.{}", finding.key);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

fn metric_name(language: Language, key: &str) -> String {
    match key.strip_prefix("lab_metrics.") {
        Some(finding) => text(language, &format!("finding.{finding}"), &[]),
        None => {
            let name = Metric::find(key).map_or(key, |metric| metric.name);
            text(language, &format!("metric.{name}"), &[])
        }
    }
}

fn param_name(language: Language, lab: &Lab, param: &Param) -> String {
    param_text(language, lab, param, "name")
}

fn strategy_name(language: Language, lab: &Lab, id: &str) -> String {
    lab.strategy(id).map_or_else(String::new, |one| text(language, &one.key("name"), &[]))
}

/// The progress of the sweep, with buttons to stop or restart it.
fn progress(store: &Store, runner: &Runner, state: &State) -> Html {
    let language = state.language;
    let label = |key: &str| text(language, key, &[]);
    let again = || {
        let store = store.clone();
        button(label("sweep.again"), None, move || store.dispatch(Action::Tab(TabAction::SweepAgain)))
    };
    let (sentence, button) = match &state.tabs.sweep.phase {
        _ if state.phase.is_live() => (label("sweep.after_run"), Html::default()),
        SweepPhase::Idle => (String::new(), Html::default()),
        SweepPhase::Running(share) => {
            let done = text(language, "unit.percent", &[("n", &number(language, (share * 100.0).round()))]);
            let (store, runner) = (store.clone(), runner.clone());
            let button = button(label("run.stop"), None, move || {
                store.dispatch(Action::Tab(TabAction::SetSweep(SweepPhase::Stopped)));
                runner.sweeper().stop();
            });
            (text(language, "sweep.running", &[("done", &done)]), button)
        }
        SweepPhase::Stopped => (label("sweep.stopped"), again()),
        SweepPhase::Nothing(problem) => (problem.sentence(language), Html::default()),
        SweepPhase::Broke(reason) => (text(language, "sweep.broke", &[("reason", reason)]), again()),
    };
    html! { <><span class="note" role="status">{ sentence }</span>{ button }</> }
}

/// The chart, its values at the point that the reader points at, and what follows from it.
fn drawn(store: &Store, state: &State, chart: &Chart) -> Html {
    let language = state.language;
    let lab = state.address.values.lab();
    let swept = state.address.values.iter().find(|(param, _)| param.key == chart.param);
    let (Some((param, value)), Some(picture)) = (swept, picture(chart)) else { return Html::default() };
    let xs: Vec<f64> =
        chart.series.first().map_or_else(Vec::new, |one| one.points.iter().map(|point| point.x).collect());
    // Until the reader points at something, the point nearest to the current value.
    let distance = |index: &usize| (xs[*index] - value).abs();
    let nearest = (0..xs.len()).min_by(|one, other| distance(one).total_cmp(&distance(other)));
    let index = state.tabs.sweep.pointed.or(nearest).unwrap_or_default().min(xs.len() - 1);
    let at = parameter(language, lab, param, xs[index]);
    let told: Vec<_> = chart.series.iter().map(|one| reading(language, chart, one, index)).collect();
    let names: Vec<_> = chart.series.iter().map(|one| strategy_name(language, lab, &one.strategy)).collect();
    let aloud = names.iter().zip(&told).map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>();
    let aloud = format!("{} {at}. {}", param_name(language, lab, param), aloud.join(", "));
    let mut reading = Markup::default();
    for ((name, value), series) in names.iter().zip(&told).zip(&chart.series) {
        let style = style(lab, series);
        reading.add(&[
            "<li><svg viewBox=\"0 0 30 10\" aria-hidden=\"true\"><path class=\"",
            &style,
            "\" d=\"M0 5H30\"/></svg>",
        ]);
        reading.text("<span>", name, "</span>");
        reading.text("<b>", value, "</b></li>");
    }
    let mut found = Markup::default();
    findings(language, lab, chart, param).iter().for_each(|one| found.text("<li>", one, "</li>"));
    html! { in language;
        <>
            <div class="chart">
                <div>{ metric_name(language, &chart.metric) }</div>
                { plot(store, state, chart, &picture, param, &xs, index, &aloud) }
                <div class="x-title">{ param_name(language, lab, param) }</div>
            </div>
            <div class="reading">
                <p>{ format!("{}: {at}", param_name(language, lab, param)) }</p>
                <ul>{ reading.html() }</ul>
            </div>
            <ul class="found">{ found.html() }</ul>
            <p class="note">@"sweep.help"</p>
        </>
    }
}

/// The look of a strategy's line, which does not depend on the other strategies shown.
fn style(lab: &Lab, series: &Series) -> String {
    let index = lab.strategies.iter().position(|one| one.id == series.strategy).unwrap_or_default();
    format!("line colour-{} dash-{}", index % COLOURS, (index + index / COLOURS) % DASHES)
}

/// The value of a strategy at a point, in words.
fn reading(language: Language, chart: &Chart, series: &Series, index: usize) -> String {
    let point = series.points.get(index).filter(|point| point.is_complete);
    match point.and_then(|point| point.y) {
        None => "–".to_string(),
        Some(Band { low, high, .. }) if low != high => {
            format!("{} – {}", amount(language, chart.unit, low), amount(language, chart.unit, high))
        }
        Some(band) => amount(language, chart.unit, band.mid),
    }
}

fn amount(language: Language, unit: Unit, amount: f64) -> String {
    match unit {
        Unit::Ms => time(language, Nanos::from_ms(amount)),
        Unit::Count => number(language, amount),
        Unit::Share => text(language, "unit.percent", &[("n", &number(language, amount * 100.0))]),
    }
}

/// The drawing, which is also a slider: arrow keys and the pointer move from point to point, Enter and a
/// click set the parameter.
#[expect(clippy::too_many_arguments, reason = "all of it is what is drawn")]
fn plot(
    store: &Store,
    state: &State,
    chart: &Chart,
    picture: &Picture,
    param: &'static Param,
    xs: &[f64],
    index: usize,
    aloud: &str,
) -> Html {
    let language = state.language;
    let lab = state.address.values.lab();
    let last = xs.len() - 1;
    let point_at = {
        let (store, pointed) = (store.clone(), state.tabs.sweep.pointed);
        move |index: Option<usize>| {
            if index != pointed {
                store.dispatch(Action::Tab(TabAction::PointAt(index)));
            }
        }
    };
    let set = {
        let (store, x, is_live) = (store.clone(), xs[index], state.phase.is_live());
        move || {
            if !is_live {
                store.dispatch(Action::SetValue(param.key, x));
            }
        }
    };
    let on_key = {
        let (point_at, set) = (point_at.clone(), set.clone());
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" | "ArrowUp" => (index + 1).min(last),
                "ArrowLeft" | "ArrowDown" => index.saturating_sub(1),
                "Home" => 0,
                "End" => last,
                "Enter" | " " => {
                    event.prevent_default();
                    return set();
                }
                _ => return,
            };
            event.prevent_default();
            point_at(Some(next));
        })
    };
    let on_move = {
        let point_at = point_at.clone();
        Callback::from(move |event: PointerEvent| {
            let width = event.target_unchecked_into::<HtmlElement>().client_width();
            let share = f64::from(event.offset_x()) / f64::from(width.max(1));
            point_at(Some(((share * last as f64).round() as usize).min(last)));
        })
    };
    let on_leave = Callback::from(move |_: PointerEvent| point_at(None));
    let on_click = Callback::from(move |_: MouseEvent| set());
    let here = place(xs, state.address.values.get(param.key));
    let cursor = picture.xs.get(index).copied();
    html! { in language;
        <div class="plot" role="slider" tabindex="0" aria-label=@"sweep.chart"
            aria-valuemin="0" aria-valuemax={last.to_string()} aria-valuenow={index.to_string()}
            aria-valuetext={aloud.to_string()} onkeydown={on_key} onpointermove={on_move}
            onpointerleave={on_leave} onclick={on_click}>
            { drawing(language, lab, chart, picture, param, here, cursor) }
        </div>
    }
}

/// The visible part of the drawing.
fn drawing(
    language: Language,
    lab: &Lab,
    chart: &Chart,
    picture: &Picture,
    param: &Param,
    here: Option<f64>,
    cursor: Option<f64>,
) -> Html {
    let whole = |number: f64| (number.round() as i32).to_string();
    let size = whole(SIZE);
    let mut markup = Markup::default();
    markup.add(&[
        "<svg viewBox=\"0 0 ",
        &size,
        " ",
        &size,
        "\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
    ]);
    let mut path = |class: &str, d: &[&str]| {
        markup.add(&["<path class=\"", class, "\" d=\""]);
        markup.add(d);
        markup.add(&["\"/>"]);
    };
    for tick in &picture.y_ticks {
        path("grid-line", &["M0 ", &whole(tick.at), "H", &size]);
    }
    for (from, to) in &picture.crossovers {
        path("crossover", &["M", &whole(*from), " 0H", &whole(*to), "V", &size, "H", &whole(*from), "Z"]);
    }
    for (class, x) in [("here", here), ("cursor", cursor)] {
        if let Some(x) = x {
            path(class, &["M", &whole(x), " 0V", &size]);
        }
    }
    for (line, series) in picture.lines.iter().zip(&chart.series) {
        let style = style(lab, series);
        path(&format!("spread {style}"), &[&line.band]);
        path(&style, &[&line.path]);
        path(&format!("dots {style}"), &[&line.dots]);
    }
    if let Some((x, y)) = picture.best {
        for class in ["best ring", "best"] {
            path(class, &["M", &whole(x), " ", &whole(y), "h0"]);
        }
    }
    markup.add(&["</svg>"]);
    for (axis, property, ticks) in [("y", "top", &picture.y_ticks), ("x", "left", &picture.x_ticks)] {
        for tick in ticks {
            let told = match axis {
                "y" => amount(language, chart.unit, tick.value),
                _ => parameter(language, lab, param, tick.value),
            };
            let place = percent(property, tick.at / SIZE * 100.0);
            markup.text(&format!("<span class=\"{axis}-tick\" style=\"{place}\">"), &told, "</span>");
        }
    }
    markup.html()
}

/// The best point, and where the best strategy changes.
fn findings(language: Language, lab: &Lab, chart: &Chart, param: &Param) -> Vec<String> {
    let name = |id: &str| strategy_name(language, lab, id);
    let x = |x: f64| parameter(language, lab, param, x);
    let param_name = param_name(language, lab, param);
    let best = chart.best.iter().map(|best| {
        let (strategy, value) = (name(&best.strategy), amount(language, chart.unit, best.y));
        let values =
            [("strategy", strategy.as_str()), ("value", &value), ("param", &param_name), ("x", &x(best.x))];
        text(language, "sweep.best", &values)
    });
    let crossovers = chart.crossovers.iter().map(|one| {
        let (before, after) = (name(&one.before), name(&one.after));
        let (from, to) = (x(one.from), x(one.to));
        let values = [
            ("param", param_name.as_str()),
            ("from", &from),
            ("to", &to),
            ("before", &before),
            ("after", &after),
        ];
        text(language, "sweep.crossover", &values)
    });
    best.chain(crossovers).collect()
}
