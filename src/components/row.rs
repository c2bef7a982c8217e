//! One strategy: its prediction and its measurement over time, and the numbers of both.

use std::rc::Rc;

use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use crate::address::Theme;
use crate::app::paint::{Axes, Layout, Part, paint, prepare, view};
use crate::app::run::Runner;
use crate::app::state::{Measurement, Row, Void};
use crate::i18n::{Language, named, number, text, time};
use crate::metrics::{Metrics, model_error};
use crate::runtime::YieldWith;
use crate::timeline::{in_flight_at, lane_span_at, level_at, loop_span_at};
use crate::trace::{Gauge, Lane, Nanos, Outcome, Span, SpanKind, Trace};
use crate::verdict::LONG_TASK;

#[derive(Clone, PartialEq, Properties)]
pub struct RowProps {
    pub row: Row,
    /// The row that all are compared with.
    pub baseline: Option<Row>,
    pub axes: Axes,
    pub language: Language,
    pub runner: Runner,
    pub is_running: bool,
    /// A way to yield that the strategy needs and that there is not.
    pub missing: Option<YieldWith>,
    pub theme: Option<Theme>,
    /// Changes whenever everything must be painted anew.
    pub repaint: u32,
}

/// What is under the pointer.
#[derive(Clone, PartialEq)]
struct Tip {
    source: Source,
    /// In percent of the width.
    x: f64,
    lines: Vec<String>,
}

/// A strategy's name, its two timelines and its numbers.
#[component]
pub fn StrategyRow(props: &RowProps) -> Html {
    let RowProps { row, axes, language, runner, is_running, .. } = props.clone();
    let predicted = use_node_ref();
    let measured = use_node_ref();
    let tip = use_state_eq(|| None::<Tip>);
    use_paint(props, &predicted, &measured);
    {
        let (measured, measurement, strategy) = (measured.clone(), row.measurement.clone(), row.strategy);
        use_effect_with((is_running, axes), move |(is_running, axes)| {
            let axes = *axes;
            if *is_running {
                runner.set_painter(
                    strategy,
                    Some(Rc::new(move || {
                        if let (Some(canvas), Some(one)) =
                            (measured.cast::<HtmlCanvasElement>(), &measurement)
                        {
                            paint(&canvas, &one.trace.borrow(), axes);
                        }
                    })),
                );
            }
            let is_running = *is_running;
            move || {
                if is_running {
                    runner.set_painter(strategy, None);
                }
            }
        });
    }
    let label = |key: &str| text(language, key, &[]);
    let strategy = row.strategy;
    let name = label(&strategy.key("name"));
    html! {
        <article class={classes!("row", (is_running).then_some("running"))} data-strategy={strategy.id}>
            <header>
                <h3>{ name }</h3>
                <p>{ label(&strategy.key("idea")) }</p>
            </header>
            <div class="band predicted">
                <span class="clock">{ label("row.predicted") }</span>
                { lanes(props, Source::Predicted, &predicted, &tip) }
                { predicted_numbers(props) }
            </div>
            <div class="band measured">
                <span class="clock">{ label("row.measured") }</span>
                { lanes(props, Source::Measured, &measured, &tip) }
                { measured_numbers(props) }
            </div>
        </article>
    }
}

/// Paints both canvases whenever something that they show has changed.
#[hook]
fn use_paint(props: &RowProps, predicted: &NodeRef, measured: &NodeRef) {
    let (predicted, measured) = (predicted.clone(), measured.clone());
    let shown = (props.row.clone(), props.axes, props.theme, props.repaint);
    use_effect_with(shown, move |(row, axes, _, _)| {
        if let (Some(canvas), Some(prediction)) = (predicted.cast::<HtmlCanvasElement>(), &row.prediction) {
            paint(&canvas, &prediction.trace, *axes);
        }
        let Some(canvas) = measured.cast::<HtmlCanvasElement>() else {
            return;
        };
        match &row.measurement {
            Some(measurement) => paint(&canvas, &measurement.trace.borrow(), *axes),
            None => {
                // As high as the measurement will be, so that nothing jumps.
                let trace = row.prediction.as_ref().map(|one| &one.trace);
                let layout = trace.map_or_else(|| Layout::of(&Trace::default()), Layout::of);
                drop(prepare(&canvas, f64::from(canvas.client_width()), layout.height()));
            }
        }
    });
}

/// Which of a row's two traces.
#[derive(Clone, Copy, PartialEq)]
enum Source {
    Predicted,
    Measured,
}

impl Source {
    /// The key of what a screen reader says for the picture.
    fn label(self, is_empty: bool) -> &'static str {
        match self {
            _ if is_empty => "row.canvas_empty",
            Source::Predicted => "row.canvas_predicted",
            Source::Measured => "row.canvas_measured",
        }
    }

    fn metrics(self, row: &Row) -> Option<&Metrics> {
        match self {
            Source::Predicted => Some(&row.prediction.as_ref()?.metrics),
            Source::Measured => row.measurement.as_ref()?.metrics.as_ref(),
        }
    }

    fn read<T>(self, row: &Row, read: impl FnOnce(&Trace) -> T) -> Option<T> {
        match self {
            Source::Predicted => Some(read(&row.prediction.as_ref()?.trace)),
            Source::Measured => Some(read(&row.measurement.as_ref()?.trace.borrow())),
        }
    }
}

/// A canvas with the lanes of one trace, which tells what is under the pointer.
fn lanes(props: &RowProps, source: Source, canvas: &NodeRef, tip: &UseStateHandle<Option<Tip>>) -> Html {
    let RowProps { row, axes, language, .. } = props.clone();
    let name = text(language, &row.strategy.key("name"), &[]);
    let is_empty = source.read(&row, |_| ()).is_none();
    let label = text(language, source.label(is_empty), &[("strategy", &name)]);
    let prints = source.metrics(&row).and_then(Metrics::order).map(printed);
    let on_move = {
        let (canvas, tip) = (canvas.clone(), tip.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else {
                return;
            };
            let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
            let view = view(f64::from(canvas.client_width()), axes);
            let lines = source.read(&row, |trace| {
                let (at, pixel) = (view.time(x), view.pixel());
                match Layout::of(trace).part_at(y) {
                    _ if at > trace.end() => None,
                    Part::Loop => Some(describe(language, trace, at, pixel)),
                    Part::Lane(lane) => Some(describe_lane(language, trace, lane, at, pixel)),
                    Part::Gauge(gauge) => Some(describe_gauge(language, trace, gauge, at)),
                }
            });
            tip.set(lines.flatten().map(|lines| Tip { source, x: x / view.width * 100.0, lines }));
        })
    };
    let on_leave = {
        let tip = tip.clone();
        Callback::from(move |_: PointerEvent| tip.set(None))
    };
    html! {
        <div class="lanes">
            <canvas ref={canvas.clone()} role="img" aria-label={label} onpointermove={on_move} onpointerleave={on_leave} />
            if is_empty {
                <span class="empty">{ empty(props) }</span>
            }
            { for prints.iter().map(|order| html! { <span class="prints">{ order }</span> }) }
            if let Some(tip) = (**tip).as_ref().filter(|tip| tip.source == source) {
                <div class="tip" style={percent("--x", tip.x)}>
                    { for tip.lines.iter().map(|line| html! { <span>{ line }</span> }) }
                </div>
            }
        </div>
    }
}

/// The lines of a program in the order in which it printed them.
fn printed(order: &[u32]) -> String {
    order.iter().map(u32::to_string).collect::<Vec<_>>().join(" → ")
}

/// What stands where nothing was measured.
fn empty(props: &RowProps) -> String {
    let primitive = |with: YieldWith| text(props.language, &format!("yield_with.{}", with.id()), &[]);
    match props.missing {
        Some(with) => text(props.language, "row.missing", &[("primitive", &primitive(with))]),
        None => text(props.language, "row.not_measured", &[]),
    }
}

/// A length of a style, in percent.
pub fn percent(property: &str, percent: f64) -> String {
    let hundredths = (percent * 100.0).round().max(0.0) as u32;
    format!("{property}: {}.{:02}%", hundredths / 100, hundredths % 100)
}

/// What the loop was about at one moment.
fn describe(language: Language, trace: &Trace, at: Nanos, pixel: Nanos) -> Vec<String> {
    let in_flight = in_flight_at(trace, at).to_string();
    let mut lines = match loop_span_at(trace, at, pixel) {
        None => vec![text(language, "tip.idle", &[]), time(language, at)],
        Some(span) => {
            let task = span.task.number().map_or_else(String::new, |number| (number + 1).to_string());
            let key = match span.kind {
                SpanKind::Cpu => "tip.cpu",
                SpanKind::Blocked => "tip.blocked",
                SpanKind::Yield => "tip.yield",
                _ => "tip.turn",
            };
            vec![text(language, key, &[("task", &task)]), from_to(language, span)]
        }
    };
    lines.push(text(language, "tip.in_flight", &[("n", &in_flight)]));
    lines
}

fn from_to(language: Language, span: Span) -> String {
    let (start, end) = (time(language, span.start), time(language, span.end));
    let duration = time(language, span.duration());
    text(language, "tip.span", &[("start", &start), ("end", &end), ("duration", &duration)])
}

/// What somebody beside the loop was about at one moment.
fn describe_lane(language: Language, trace: &Trace, lane: Lane, at: Nanos, pixel: Nanos) -> Vec<String> {
    let who = named(language, "lane", &trace.name_of(lane.into()));
    let Some(span) = lane_span_at(trace, lane, at, pixel) else {
        let what = text(language, "tip.nothing", &[]);
        return vec![text(language, "tip.lane", &[("who", &who), ("what", &what)]), time(language, at)];
    };
    let what = text(language, &format!("legend.{}", span.kind.id()), &[]);
    let mut lines = vec![text(language, "tip.lane", &[("who", &who), ("what", &what)])];
    if span.task.number().is_some() {
        lines.push(named(language, "lane", &trace.name_of(span.task.into())));
    }
    lines.push(from_to(language, span));
    lines
}

/// The level of a gauge at one moment.
fn describe_gauge(language: Language, trace: &Trace, gauge: Gauge, at: Nanos) -> Vec<String> {
    let name = trace.gauges().find(|(one, _)| *one == gauge).map(|(_, name)| name);
    let who = name.map_or_else(String::new, |name| named(language, "gauge", name));
    let what = number(language, level_at(trace, gauge, at).unwrap_or_default() as f64);
    vec![text(language, "tip.lane", &[("who", &who), ("what", &what)]), time(language, at)]
}

fn predicted_numbers(props: &RowProps) -> Html {
    let metrics = props.row.prediction.as_ref().map(|one| &one.metrics);
    let baseline = props.baseline.as_ref().and_then(|row| Some(&row.prediction.as_ref()?.metrics));
    numbers(props.language, metrics, baseline, None)
}

fn measured_numbers(props: &RowProps) -> Html {
    let language = props.language;
    let Some(measurement) = &props.row.measurement else {
        return numbers(language, None, None, None);
    };
    if let Some(key) = why_not(measurement) {
        return html! {
            <dl class="numbers">
                <div><dt>{ text(language, "row.total", &[]) }</dt><dd class="void">{ text(language, key, &[]) }</dd></div>
            </dl>
        };
    }
    let metrics = measurement.valid();
    let baseline = props.baseline.as_ref().and_then(|row| row.measurement.as_ref()?.valid());
    let predicted = props.row.prediction.as_ref().map(|one| one.metrics.makespan);
    let error =
        metrics.zip(predicted).and_then(|(measured, predicted)| model_error(predicted, measured.makespan));
    numbers(language, metrics, baseline, error)
}

/// The key of the word that stands where a number cannot.
fn why_not(measurement: &Measurement) -> Option<&'static str> {
    match measurement.void {
        Some(Void::Disturbed) => return Some("row.disturbed"),
        Some(_) => return Some("row.void"),
        None => {}
    }
    let was_stopped = measurement.trace.borrow().outcome() == Some(Outcome::Cancelled);
    was_stopped.then_some("row.partial")
}

/// The four numbers at the right of a band; a dash for each that there is not.
fn numbers(
    language: Language,
    metrics: Option<&Metrics>,
    baseline: Option<&Metrics>,
    error: Option<f64>,
) -> Html {
    let label = |key: &str| text(language, key, &[]);
    let dash = || "–".to_string();
    let total = metrics.map_or_else(dash, |metrics| match metrics.stalled {
        Some(_) => label("row.halted"),
        None => time(language, metrics.makespan),
    });
    let is_wrong = metrics.is_some_and(|metrics| metrics.stalled.is_some() || metrics.fault().is_some());
    let speed_up = metrics.zip(baseline).and_then(|(metrics, baseline)| metrics.speed_up(baseline));
    let speed_up =
        speed_up.map_or_else(dash, |times| text(language, "unit.times", &[("n", &number(language, times))]));
    let freeze = metrics.map_or_else(dash, |metrics| time(language, metrics.longest_block));
    let is_frozen = metrics.is_some_and(|metrics| metrics.longest_block > LONG_TASK);
    let error = error.map(|error| {
        let percent = number(language, (error * 1_000.0).round().abs() / 10.0);
        let sign = if error < 0.0 { "−" } else { "+" };
        text(language, "unit.percent", &[("n", &format!("{sign}{percent}"))])
    });
    html! {
        <dl class="numbers">
            <div><dt>{ label("row.total") }</dt><dd class={classes!("total", is_wrong.then_some("wrong"))}>{ total }</dd></div>
            <div><dt>{ label("row.speed_up") }</dt><dd>{ speed_up }</dd></div>
            <div><dt>{ label("row.freeze") }</dt><dd class={is_frozen.then_some("frozen")}>{ freeze }</dd></div>
            <div><dt>{ label("row.error") }</dt><dd>{ error.unwrap_or_default() }</dd></div>
        </dl>
    }
}
