//! A strategy: its picture over time, with the metrics of both clocks next to it.
//!
//! It makes the canvas, and leaves painting it to the painter.

use engine::YieldWith;
use engine::trace::{LONG_TASK, Outcome};
use lab::metrics::{Metrics, model_error};
use session::words::{number, signed_percent, time, yield_name};
use texts::{Language, text};
use yew::prelude::*;

use super::html::html;
use super::sparkline::sparkline;
use super::term::term;
use crate::app::state::{Measurement, Row, Void};

/// The props of a row.
#[derive(Clone, PartialEq, Properties)]
pub struct RowProps {
    /// The strategy with its prediction and its measurement.
    pub row: Row,
    /// The row that all others are compared with.
    pub baseline: Option<Row>,
    /// The reader's language.
    pub language: Language,
    /// Whether a live run is in progress.
    pub is_running: bool,
    /// A way to yield that the strategy needs and that is missing.
    pub missing: Option<YieldWith>,
}

/// A strategy's name, its timeline and its metrics.
#[component]
pub fn StrategyRow(props: &RowProps) -> Html {
    let RowProps { row, language, is_running, .. } = props;
    let label = |key: &str| text(*language, key, &[]);
    let strategy = row.strategy;
    let name = label(&strategy.key("name"));
    let picture = match (&row.prediction, &row.measurement) {
        (None, None) => "row.canvas_empty",
        (_, None) => "row.canvas_predicted",
        _ => "row.canvas_measured",
    };
    html! { in *language;
        <article class={if *is_running { "row running" } else { "row" }} data-strategy={strategy.id}>
            <header>
                <h3>{ name.as_str() }</h3>
                <p>{ label(&strategy.key("idea")) }</p>
            </header>
            <div class="columns">
                <div class="lanes">
                    <canvas role="img" aria-label={text(*language, picture, &[("strategy", &name)])} />
                    <i class="playhead" />
                </div>
                <div class="bands">
                    <div class="band predicted">
                        <span class="clock">@"row.predicted"</span>
                        { predicted_numbers(props) }
                    </div>
                    <div class="band measured">
                        <span class="clock">@"row.measured"</span>
                        { measured_numbers(props) }
                    </div>
                    <div class="band lag">
                        <span class="clock">{ term(*language, "loop_lag") }</span>
                        { for lag(props) }
                    </div>
                </div>
            </div>
        </article>
    }
}

/// How late the loop was, in the measurement or, if there is none, in the prediction.
fn lag(props: &RowProps) -> Option<Html> {
    let RowProps { row, language, .. } = props;
    match &row.measurement {
        Some(measurement) => Some(sparkline(*language, &measurement.trace.borrow())),
        None => Some(sparkline(*language, &row.prediction.as_ref()?.trace)),
    }
}

/// The lines of a program in the order in which it printed them, if the lab is about that.
fn prints(metrics: Option<&Metrics>) -> Option<Html> {
    let order = metrics.and_then(Metrics::order)?;
    let printed = order.iter().map(u32::to_string).collect::<Vec<_>>().join(" → ");
    Some(html! { <p class="prints">{ printed }</p> })
}

/// A length for a style, in percent.
pub fn percent(property: &str, percent: f64) -> String {
    let hundredths = (percent * 100.0).round().max(0.0) as u32;
    format!("{property}: {}.{:02}%", hundredths / 100, hundredths % 100)
}

fn predicted_numbers(props: &RowProps) -> Html {
    let metrics = props.row.prediction.as_ref().map(|one| &one.metrics);
    let baseline = props.baseline.as_ref().and_then(|row| Some(&row.prediction.as_ref()?.metrics));
    prints(metrics).unwrap_or_else(|| numbers(props.language, metrics, baseline, None))
}

fn measured_numbers(props: &RowProps) -> Html {
    let language = props.language;
    let Some(measurement) = &props.row.measurement else {
        let primitive = |with: YieldWith| yield_name(language, with);
        let empty = match props.missing {
            Some(with) => text(language, "row.missing", &[("primitive", &primitive(with))]),
            None => text(language, "row.not_measured", &[]),
        };
        return html! { <span class="empty">{ empty }</span> };
    };
    if let Some(key) = why_not(measurement) {
        return html! { in language;
            <dl class="numbers">
                <div><dt>@"row.total"</dt><dd class="void">{ text(language, key, &[]) }</dd></div>
            </dl>
        };
    }
    let metrics = measurement.valid();
    let baseline = props.baseline.as_ref().and_then(|row| row.measurement.as_ref()?.valid());
    let predicted = props.row.prediction.as_ref().map(|one| one.metrics.makespan);
    let error =
        metrics.zip(predicted).and_then(|(measured, predicted)| model_error(predicted, measured.makespan));
    prints(metrics).unwrap_or_else(|| numbers(language, metrics, baseline, error))
}

/// The key of the word that is shown in place of a missing number.
fn why_not(measurement: &Measurement) -> Option<&'static str> {
    match measurement.void {
        Some(Void::Disturbed) => return Some("row.disturbed"),
        Some(_) => return Some("row.void"),
        None => {}
    }
    let was_stopped = measurement.trace.borrow().outcome() == Some(Outcome::Cancelled);
    was_stopped.then_some("row.partial")
}

/// The four numbers to the right of a band, with a dash for each that is missing.
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
    let error = error.map(|error| signed_percent(language, error));
    html! { in language;
        <dl class="numbers">
            <div><dt>@"row.total"</dt><dd class={if is_wrong { "total wrong" } else { "total" }}>{ total }</dd></div>
            <div><dt>@"row.speed_up"</dt><dd>{ speed_up }</dd></div>
            <div><dt>@"row.freeze"</dt><dd class={is_frozen.then_some("frozen")}>{ freeze }</dd></div>
            <div><dt>@"row.error"</dt><dd>{ error.unwrap_or_default() }</dd></div>
        </dl>
    }
}
