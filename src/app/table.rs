//! All metrics as a table: in the reader's language for the page, as CSV for programs. Knows the state, no
//! browser.

use engine::trace::{Distribution, Nanos};
use lab::metrics::{Metric, Metrics};
use lab::{FindingValue, Strategy};
use session::digits;
use session::words::{finding, number, time};
use texts::{Language, text};

use super::state::State;

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

/// The number of columns before the lab's own numbers.
const FIRST_COLUMNS: usize = 3;

/// A table, in words and numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// The headings of the columns.
    pub head: Vec<String>,
    /// For each strategy a line of predicted numbers and, once measured, one of measured numbers. The first
    /// cell is its name.
    pub lines: Vec<Vec<Cell>>,
}

/// A cell of the table.
#[derive(Clone, PartialEq, Debug)]
pub struct Cell {
    /// The text, in the reader's language.
    pub text: String,
    /// Whether it means that the run's result is wrong.
    pub is_fault: bool,
}

/// A strategy, the name of a clock, and the metrics on that clock.
type Line<'a> = (&'static Strategy, &'static str, &'a Metrics);

fn lines(state: &State) -> impl Iterator<Item = Line<'_>> {
    state.rows.iter().flat_map(|row| {
        let predicted = row.prediction.as_ref().map(|one| (row.strategy, "predicted", &one.metrics));
        let measured = row.measurement.as_ref().and_then(|one| one.valid());
        predicted.into_iter().chain(measured.map(|metrics| (row.strategy, "measured", metrics)))
    })
}

/// The keys of the lab's own numbers that any strategy has, in the order in which they first occur.
fn findings(state: &State) -> Vec<&'static str> {
    let mut findings = Vec::new();
    for key in lines(state).flat_map(|(_, _, metrics)| metrics.findings.iter().map(|one| one.key)) {
        if !findings.contains(&key) {
            findings.push(key);
        }
    }
    findings
}

/// The table for the page. The lab's own numbers come right after the makespan, since the lab is about them.
pub fn table(state: &State) -> Table {
    let language = state.language;
    let findings = findings(state);
    let (first, rest) = COLUMNS.split_at(FIRST_COLUMNS);
    let of_all = |keys: &[&str]| keys.iter().map(|key| format!("metric.{key}")).collect::<Vec<_>>();
    let own = findings.iter().map(|key| format!("finding.{key}"));
    let head = of_all(first).into_iter().chain(own).chain(of_all(rest));
    Table {
        head: head.map(|key| text(language, &key, &[])).collect(),
        lines: lines(state).map(|one| cells(language, one, &findings)).collect(),
    }
}

fn cells(language: Language, (strategy, clock, metrics): Line<'_>, findings: &[&str]) -> Vec<Cell> {
    let count = |count: usize| number(language, count as f64);
    let dash = || "–".to_string();
    let latency = |pick: fn(&Distribution) -> Nanos| {
        metrics.io_latency.as_ref().map_or_else(dash, |latency| time(language, pick(latency)))
    };
    let efficiency = metrics.efficiency().map_or_else(dash, |share| {
        text(language, "unit.percent", &[("n", &number(language, share * 100.0))])
    });
    let plain = |text: String| Cell { text, is_fault: false };
    let own = findings.iter().map(|key| match metrics.findings.iter().find(|one| one.key == *key) {
        Some(one) => Cell { text: finding(language, &one.value), is_fault: one.is_fault },
        None => plain(dash()),
    });
    let first = [
        text(language, &strategy.key("name"), &[]),
        text(language, &format!("row.{clock}"), &[]),
        time(language, metrics.makespan),
    ];
    let rest = [
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
    first.into_iter().map(plain).chain(own).chain(rest.into_iter().map(plain)).collect()
}

/// The table as Markdown, in the reader's language.
pub fn markdown(state: &State) -> String {
    let Table { head, lines } = table(state);
    let line = |cells: &[String]| {
        let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rule: Vec<_> = (0..head.len())
        .map(|index| if index < FIRST_COLUMNS - 1 { "---" } else { "---:" }.to_string())
        .collect();
    let mut written = line(&head) + &line(&rule);
    for cells in lines {
        written += &line(&cells.into_iter().map(|cell| cell.text).collect::<Vec<_>>());
    }
    written
}

/// The metrics as CSV (RFC 4180), with the names and units of the summary.
pub fn csv(state: &State) -> String {
    let findings = findings(state);
    let names = Metric::ALL.iter().map(|metric| metric.key.to_string());
    let own = findings.iter().map(|key| format!("lab_metrics.{key}"));
    let head = ["strategy", "clock"].map(str::to_string).into_iter().chain(names).chain(own);
    let mut written = csv_line(head);
    for (strategy, clock, metrics) in lines(state) {
        let numbers =
            Metric::ALL.iter().map(|metric| metric.read(metrics).map_or_else(String::new, digits::write));
        let own = findings.iter().map(|key| {
            let found = metrics.findings.iter().find(|one| one.key == *key);
            found.map_or_else(String::new, |one| plain(&one.value))
        });
        let names = [strategy.id, clock].map(str::to_string);
        written += &csv_line(names.into_iter().chain(numbers).chain(own));
    }
    written
}

/// No cell contains anything that has to be quoted.
fn csv_line(cells: impl Iterator<Item = String>) -> String {
    cells.collect::<Vec<_>>().join(",") + "\r\n"
}

/// A finding's value, for programs.
fn plain(value: &FindingValue) -> String {
    match value {
        FindingValue::Count(count) | FindingValue::Part(count, _) => digits::write(*count as f64),
        FindingValue::Time(time) => digits::write(time.as_ms()),
        FindingValue::Share(share) => digits::write(*share),
        FindingValue::Order(order) => order.iter().map(u32::to_string).collect::<Vec<_>>().join(" "),
    }
}
