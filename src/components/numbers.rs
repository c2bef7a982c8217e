//! All the numbers, as a table.

use yew::prelude::*;

use crate::app::state::State;
use crate::i18n::{Language, number, text, time};
use crate::lab::Strategy;
use crate::metrics::Metrics;
use crate::trace::Nanos;

const COLUMNS: [&str; 13] = [
    "strategy",
    "clock",
    "makespan",
    "lower_bound",
    "efficiency",
    "cpu",
    "longest_block",
    "completed",
    "yields",
    "max_in_flight",
    "p50",
    "p95",
    "max",
];

/// The table: for each strategy a line of predicted numbers and, once measured, one of measured.
pub fn numbers(state: &State) -> Html {
    let language = state.language;
    let label = |key: &str| text(language, key, &[]);
    let lines = state.rows.iter().flat_map(|row| {
        let predicted =
            row.prediction.as_ref().map(|one| line(language, row.strategy, "row.predicted", &one.metrics));
        let measured = row
            .measurement
            .as_ref()
            .and_then(|one| Some(line(language, row.strategy, "row.measured", one.valid()?)));
        [predicted, measured]
    });
    html! {
        <section class="numbers-table" aria-labelledby="numbers-title">
            <h2 id="numbers-title">{ label("page.numbers") }</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="numbers-title">
                <table>
                    <thead>
                        <tr>{ for COLUMNS.map(|key| html! { <th scope="col">{ label(&format!("metric.{key}")) }</th> }) }</tr>
                    </thead>
                    <tbody>{ for lines.flatten() }</tbody>
                </table>
            </div>
        </section>
    }
}

fn line(language: Language, strategy: &Strategy, clock: &str, metrics: &Metrics) -> Html {
    let label = |key: &str| text(language, key, &[]);
    let count = |count: usize| number(language, count as f64);
    let dash = || "–".to_string();
    let latency = |pick: fn(&crate::metrics::Distribution) -> Nanos| {
        metrics.io_latency.as_ref().map_or_else(dash, |latency| time(language, pick(latency)))
    };
    let efficiency = metrics.efficiency().map_or_else(dash, |share| {
        text(language, "unit.percent", &[("n", &number(language, share * 100.0))])
    });
    let cells = [
        label(clock),
        time(language, metrics.makespan),
        time(language, metrics.lower_bound),
        efficiency,
        time(language, metrics.cpu),
        time(language, metrics.longest_block),
        count(metrics.completed),
        count(metrics.yields),
        count(metrics.max_in_flight),
        latency(|one| one.p50),
        latency(|one| one.p95),
        latency(|one| one.max),
    ];
    html! {
        <tr>
            <th scope="row">{ label(&strategy.key("name")) }</th>
            { for cells.map(|cell| html! { <td>{ cell }</td> }) }
        </tr>
    }
}
