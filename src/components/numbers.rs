//! All the numbers, as a table.

use yew::prelude::*;

use crate::app::state::State;
use crate::i18n::{Language, finding, number, text, time};
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

/// So many columns stand before the lab's own numbers.
const FIRST_COLUMNS: usize = 3;

/// The table: for each strategy a line of predicted numbers and, once measured, one of measured.
pub fn numbers(state: &State) -> Html {
    let language = state.language;
    let label = |key: &str| text(language, key, &[]);
    let numbers = || {
        state.rows.iter().flat_map(|row| {
            let predicted = row.prediction.as_ref().map(|one| (row, "row.predicted", &one.metrics));
            let measured = row.measurement.as_ref().and_then(|one| one.valid());
            predicted.into_iter().chain(measured.map(|metrics| (row, "row.measured", metrics)))
        })
    };
    // The lab's own numbers, whichever strategy has them, in the order in which they first occur.
    let mut findings: Vec<&str> = Vec::new();
    for key in numbers().flat_map(|(_, _, metrics)| metrics.findings.iter().map(|one| one.key)) {
        if !findings.contains(&key) {
            findings.push(key);
        }
    }
    // They come first, behind the total time: they are what the lab is about.
    let (first, rest) = COLUMNS.split_at(FIRST_COLUMNS);
    let of_all = |keys: &[&str]| keys.iter().map(|key| format!("metric.{key}")).collect::<Vec<_>>();
    let own = findings.iter().map(|key| format!("finding.{key}"));
    let head = of_all(first).into_iter().chain(own).chain(of_all(rest));
    html! {
        <section class="numbers-table">
            <h2 id="numbers-title">{ label("page.numbers") }</h2>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="numbers-title">
                <table>
                    <thead>
                        <tr>{ for head.map(|key| html! { <th scope="col">{ label(&key) }</th> }) }</tr>
                    </thead>
                    <tbody>
                        { for numbers().map(|(row, clock, metrics)| {
                            line(language, row.strategy, clock, metrics, &findings)
                        }) }
                    </tbody>
                </table>
            </div>
        </section>
    }
}

fn line(language: Language, strategy: &Strategy, clock: &str, metrics: &Metrics, findings: &[&str]) -> Html {
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
    let (first, rest) = cells.split_at(FIRST_COLUMNS - 1); // the strategy's name is the head of the line
    html! {
        <tr>
            <th scope="row">{ label(&strategy.key("name")) }</th>
            { for first.iter().map(|cell| html! { <td>{ cell }</td> }) }
            { for findings.iter().map(|key| match metrics.findings.iter().find(|one| one.key == *key) {
                Some(one) => html! {
                    <td class={one.is_fault.then_some("fault")}>{ finding(language, &one.value) }</td>
                },
                None => html! { <td>{ dash() }</td> },
            }) }
            { for rest.iter().map(|cell| html! { <td>{ cell }</td> }) }
        </tr>
    }
}
