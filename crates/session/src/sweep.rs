//! A sweep: how a metric of each strategy changes with one parameter, all else being equal. On the virtual
//! clock.
//!
//! Knows labs, predictions and metrics, neither the page nor the worker that it may run in. It advances in
//! steps, one point of one strategy at a time, so that its caller can report progress and can stop between
//! any two steps.

use engine::trace::Trace;
use lab::metrics::{Better, Metric, Metrics, Unit};
use lab::verdict::SAME;
use lab::{Control, FindingValue, Lab, Param, Strategy, Values};
use serde::{Deserialize, Serialize};
use texts::{Language, text};
use virtual_clock::Conditions;

use crate::address::Address;
use crate::predict;

/// The prefix of a lab's own findings among the names of metrics.
const FINDING: &str = "lab_metrics.";

/// The most points in a chart.
const MOST_POINTS: usize = 1_000;

/// More seeds than this hardly change a band.
const MOST_SEEDS: usize = 100;

/// What to sweep: plain data that can be sent to a worker.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Request {
    /// The lab, its values and its strategies, as a query string.
    pub address: String,
    /// The key of the parameter to vary.
    pub param: String,
    /// The name of the metric in the summary: `makespan_ms`, `io_latency_ms.p95`, `lab_metrics.…`.
    #[serde(default = "makespan")]
    pub metric: String,
    /// The most points. A choice has one for each option, however many there are.
    #[serde(default = "forty")]
    pub points: usize,
    /// How many seeds to try if the lab is random: the one of the address and those that follow it.
    #[serde(default = "twenty")]
    pub seeds: usize,
}

fn makespan() -> String {
    "makespan_ms".to_string()
}

fn forty() -> usize {
    40
}

fn twenty() -> usize {
    20
}

impl Request {
    /// A sweep of the makespan over `param`, with the default numbers of points and seeds.
    pub fn new(address: &Address, param: &str) -> Request {
        Request {
            address: address.to_query(),
            param: param.to_string(),
            metric: makespan(),
            points: forty(),
            seeds: twenty(),
        }
    }
}

/// Why there is no chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The lab has no such parameter.
    UnknownParam {
        /// The key.
        key: String,
    },
    /// There is no such metric.
    UnknownMetric {
        /// The key.
        key: String,
    },
    /// The metric exists, but no run of this lab with these values has it.
    NoNumbers {
        /// The key.
        key: String,
    },
}

impl Problem {
    /// The problem as a sentence for the reader.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Problem::UnknownParam { key } => text(language, "sweep.unknown_param", &[("key", key)]),
            Problem::UnknownMetric { key } => text(language, "sweep.unknown_metric", &[("key", key)]),
            Problem::NoNumbers { key } => text(language, "sweep.no_numbers", &[("key", key)]),
        }
    }
}

/// The result of a sweep, ready to be drawn or sent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Chart {
    /// The id of the lab.
    pub lab: String,
    /// The key of the parameter along the x axis.
    pub param: String,
    /// If the parameter is a choice, the ids of its options, which x indexes; else empty.
    pub options: Vec<String>,
    /// The key of the metric along the y axis.
    pub metric: String,
    /// The unit of y.
    pub unit: Unit,
    /// Which way y is better. `None` if the metric has no better; then `best` is `None` as well.
    pub better: Option<Better>,
    /// One line for each strategy, in the lab's order.
    pub series: Vec<Series>,
    /// The best point of all strategies, of those whose runs are correct. Bounds do not compete.
    pub best: Option<Optimum>,
    /// Where the best strategy changes, by ascending x. Empty for a choice, whose options have no order.
    pub crossovers: Vec<Crossover>,
}

/// One strategy's line.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Series {
    /// The id of the strategy.
    pub strategy: String,
    /// Whether it does not do the work but sets a bound that no strategy can beat.
    pub is_bound: bool,
    /// Whether its runs depend on the seed, at any point where that was checked.
    pub is_random: bool,
    /// Its points, by ascending x.
    pub points: Vec<Point>,
    /// The best of its points whose runs are correct; the first, if several are equally good.
    pub best: Option<Optimum>,
}

/// One strategy at one value of the parameter.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Point {
    /// The value; for a choice, the index of the option.
    pub x: f64,
    /// The metric. `None` if no run has it, or if the sweep has not come this far.
    pub y: Option<Band>,
    /// Whether every run completed its work.
    pub is_complete: bool,
    /// Whether the result of every run is right. Only such points are compared.
    pub is_correct: bool,
}

/// A number that may depend on the seed. If it does not, all three are equal.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Band {
    /// The least of all seeds.
    pub low: f64,
    /// The median (nearest rank).
    pub mid: f64,
    /// The greatest of all seeds.
    pub high: f64,
}

impl Band {
    fn of(numbers: &[f64]) -> Option<Band> {
        // So few numbers that inserting each in its place is fast enough.
        let mut sorted = Vec::new();
        for number in numbers {
            sorted.insert(sorted.partition_point(|one| one <= number), *number);
        }
        let mid = *sorted.get(sorted.len().checked_sub(1)? / 2)?;
        Some(Band { low: *sorted.first()?, mid, high: *sorted.last()? })
    }
}

/// The best point of a strategy, or of all strategies.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Optimum {
    /// The id of the strategy.
    pub strategy: String,
    /// The parameter's value.
    pub x: f64,
    /// The metric there.
    pub y: f64,
}

/// Where the best strategy changes. A difference of 1 % or less counts as none, as in the verdict.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Crossover {
    /// The id of the strategy that is best up to here.
    pub before: String,
    /// The id of the strategy that is best from here on.
    pub after: String,
    /// The last point at which `before` is no worse than `after`.
    pub from: f64,
    /// The point after `from`.
    pub to: f64,
    /// Where straight lines between these two points cross. An estimate, since nothing was predicted in
    /// between. `None` if one of the two strategies has no number there.
    pub estimate: Option<f64>,
}

/// The metric that a sweep is about.
enum Quantity {
    Metric(&'static Metric),
    Finding(String),
}

impl Quantity {
    fn find(key: &str) -> Option<Quantity> {
        match key.strip_prefix(FINDING) {
            Some(finding) => Some(Quantity::Finding(finding.to_string())),
            None => Metric::find(key).map(Quantity::Metric),
        }
    }

    /// Its value, its unit, and which way it is better. `None` if the run has no such number.
    fn read(&self, metrics: &Metrics) -> Option<(f64, Unit, Option<Better>)> {
        match self {
            Quantity::Metric(metric) => Some((metric.read(metrics)?, metric.unit, metric.better)),
            Quantity::Finding(key) => {
                let finding = metrics.findings.iter().find(|finding| finding.key == key)?;
                match finding.value {
                    FindingValue::Time(time) => Some((time.as_ms(), Unit::Ms, Some(Better::Lower))),
                    // Whether many are good depends on the lab.
                    FindingValue::Count(count) | FindingValue::Part(count, _) => {
                        Some((count as f64, Unit::Count, None))
                    }
                    FindingValue::Share(share) => Some((share, Unit::Share, None)),
                    FindingValue::Order(_) => None,
                }
            }
        }
    }
}

/// A sweep in progress.
pub struct Sweep {
    conditions: Conditions,
    values: Values,
    strategies: Vec<&'static Strategy>,
    param: &'static Param,
    quantity: Quantity,
    /// Never empty; a single one if the lab has no seed, or if the seed itself is swept.
    seeds: Vec<f64>,
    done: usize,
    chart: Chart,
}

impl Sweep {
    /// A sweep before its first step.
    ///
    /// # Errors
    /// If the lab has no such parameter, or there is no such metric.
    pub fn new(request: &Request, conditions: Conditions) -> Result<Sweep, Problem> {
        let (Address { values, strategies, .. }, _) = Address::parse(&request.address);
        let lab = values.lab();
        let param =
            find(lab, &request.param).ok_or_else(|| Problem::UnknownParam { key: request.param.clone() })?;
        let quantity = Quantity::find(&request.metric)
            .ok_or_else(|| Problem::UnknownMetric { key: request.metric.clone() })?;
        let stops = stops(param, request.points.clamp(2, MOST_POINTS));
        let series = strategies.iter().map(|strategy| Series {
            strategy: strategy.id.to_string(),
            is_bound: strategy.is_bound,
            is_random: false,
            points: stops
                .iter()
                .map(|x| Point { x: *x, y: None, is_complete: false, is_correct: false })
                .collect(),
            best: None,
        });
        let chart = Chart {
            lab: lab.id.to_string(),
            param: param.key.to_string(),
            options: param.options().iter().map(ToString::to_string).collect(),
            metric: request.metric.clone(),
            unit: Unit::Count,
            better: None,
            series: series.collect(),
            best: None,
            crossovers: Vec::new(),
        };
        let seeds = seeds(&values, param, request.seeds.clamp(1, MOST_SEEDS));
        Ok(Sweep { conditions, values, strategies, param, quantity, seeds, done: 0, chart })
    }

    /// Predicts the next point. Returns `false` if none is left.
    ///
    /// A strategy is random if another seed gives another trace. That is checked at the parameter's least and
    /// greatest values, and at every option of a choice; all seeds are predicted only for points from the
    /// first random one on.
    pub fn step(&mut self) -> bool {
        let series = self.done.checked_div(self.stops()).unwrap_or_default();
        let Some(strategy) = self.strategies.get(series).copied() else { return false };
        let turn = self.done % self.stops();
        // The two ends come first.
        let index = match turn {
            0 => 0,
            1 => self.stops() - 1,
            _ => turn - 1,
        };
        self.values.set(self.param.key, self.chart.series[series].points[index].x);
        let (trace, metrics) = self.predict(strategy, 0);
        let mut runs = vec![metrics];
        let is_probe = turn <= 1 || !self.chart.options.is_empty();
        if self.seeds.len() > 1 && (is_probe || self.chart.series[series].is_random) {
            let (other, metrics) = self.predict(strategy, 1);
            self.chart.series[series].is_random |= trace != other;
            runs.push(metrics);
        }
        if self.chart.series[series].is_random {
            runs.extend((2..self.seeds.len()).map(|seed| self.predict(strategy, seed).1));
        }
        let readings: Vec<_> = runs.iter().filter_map(|metrics| self.quantity.read(metrics)).collect();
        if let Some((_, unit, better)) = readings.first() {
            (self.chart.unit, self.chart.better) = (*unit, *better);
        }
        let point = &mut self.chart.series[series].points[index];
        point.y = Band::of(&readings.iter().map(|reading| reading.0).collect::<Vec<_>>());
        point.is_complete = runs.iter().all(Metrics::is_complete);
        point.is_correct = runs.iter().all(Metrics::is_correct);
        self.done += 1;
        true
    }

    fn predict(&mut self, strategy: &Strategy, seed: usize) -> (Trace, Metrics) {
        if self.seeds.len() > 1 {
            self.values.set(SEED, self.seeds[seed]);
        }
        let trace = predict(strategy, &self.values, self.conditions).trace;
        let metrics = Metrics::of(&trace, &self.values);
        (trace, metrics)
    }

    fn stops(&self) -> usize {
        self.chart.series.first().map_or(0, |series| series.points.len())
    }

    /// The fraction of all points that are predicted: 1 is all of them.
    pub fn progress(&self) -> f64 {
        self.done as f64 / (self.stops() * self.strategies.len()).max(1) as f64
    }

    /// The chart of what was predicted so far; complete once [`Sweep::step`] has returned `false`.
    ///
    /// # Errors
    /// If no run had the metric.
    pub fn finish(mut self) -> Result<Chart, Problem> {
        let mut points = self.chart.series.iter().flat_map(|series| &series.points);
        if points.all(|point| point.y.is_none()) {
            return Err(Problem::NoNumbers { key: self.chart.metric });
        }
        if let Some(better) = self.chart.better {
            for series in &mut self.chart.series {
                series.best = best(series, better);
            }
            let bests = contenders(&self.chart.series).filter_map(|series| series.best.as_ref());
            self.chart.best = first_best(bests, |one| one.y, better).cloned();
            if self.chart.options.is_empty() {
                self.chart.crossovers = crossovers(&self.chart.series, better);
            }
        }
        Ok(self.chart)
    }
}

/// Runs a whole sweep.
///
/// # Errors
/// If there is no such parameter or metric, or if no run has that metric.
pub fn sweep(request: &Request, conditions: Conditions) -> Result<Chart, Problem> {
    let mut sweep = Sweep::new(request, conditions)?;
    while sweep.step() {}
    sweep.finish()
}

/// The key of the parameter that labs with random numbers have.
const SEED: &str = "seed";

fn find(lab: &'static Lab, key: &str) -> Option<&'static Param> {
    lab.params.iter().find(|param| param.key == key)
}

/// The seed of `values` and those that follow it, `count` in all; after the greatest seed comes the least. A
/// single one if the lab has no seed, or if the seed itself is swept.
fn seeds(values: &Values, swept: &Param, count: usize) -> Vec<f64> {
    let Some(seed) = find(values.lab(), SEED).filter(|seed| seed.key != swept.key) else {
        return vec![0.0];
    };
    let first = values.get(SEED);
    let following = (0..count).map(|number| first + number as f64);
    following.map(|one| if one > seed.max { one - seed.max - 1.0 + seed.min } else { one }).collect()
}

/// At most `most` values of the parameter, in ascending order, among them its least and its greatest: its own
/// stops, thinned out evenly, or with whole numbers put evenly between them. For a choice, every option; for
/// a seed, the first ones.
fn stops(param: &Param, most: usize) -> Vec<f64> {
    let stops = match param.control {
        Control::Choice(options) => return (0..options.len()).map(|index| index as f64).collect(),
        Control::Number => {
            let numbers = (0..most).map(|number| param.min + number as f64);
            return numbers.take_while(|number| *number <= param.max).collect();
        }
        Control::Linear | Control::Logarithmic => param.stops(),
    };
    if stops.len() > most {
        let last = stops.len() - 1;
        let at = |number: usize| (number * last + (most - 1) / 2) / (most - 1);
        return (0..most).map(|number| stops[at(number)]).collect();
    }
    let gaps = || stops.windows(2).map(|pair| (pair[0], (pair[1] - pair[0]) as usize));
    let count = |parts: usize| 1 + gaps().map(|(_, gap)| gap.min(parts)).sum::<usize>();
    let mut parts = 1;
    while count(parts + 1) <= most && count(parts + 1) > count(parts) {
        parts += 1;
    }
    let filled = gaps().flat_map(|(start, gap)| {
        let pieces = gap.min(parts);
        (0..pieces).map(move |piece| start + (gap * piece / pieces) as f64)
    });
    filled.chain(stops.last().copied()).collect()
}

/// The strategies that compete; bounds do not.
fn contenders(series: &[Series]) -> impl Iterator<Item = &Series> {
    series.iter().filter(|series| !series.is_bound)
}

/// The best of `all`; the first, if several are equally good.
fn first_best<T>(all: impl Iterator<Item = T>, number: impl Fn(&T) -> f64, better: Better) -> Option<T> {
    all.min_by(|one, other| cost(number(one), better).total_cmp(&cost(number(other), better)))
}

/// A number for which less is better, whatever the metric.
fn cost(number: f64, better: Better) -> f64 {
    match better {
        Better::Lower => number,
        Better::Higher => -number,
    }
}

fn best(series: &Series, better: Better) -> Option<Optimum> {
    let correct = series.points.iter().filter(|point| point.is_correct);
    let numbers = correct.filter_map(|point| Some((point.x, point.y?.mid)));
    let (x, y) = first_best(numbers, |one| one.1, better)?;
    Some(Optimum { strategy: series.strategy.clone(), x, y })
}

/// Follows the best strategy from the least x to the greatest. It stays the best until another is better by
/// more than counts as the same; then the crossover is where that other began to be ahead, which is searched
/// backwards.
fn crossovers(series: &[Series], better: Better) -> Vec<Crossover> {
    let contenders: Vec<&Series> = contenders(series).collect();
    let cost_of = |series: &Series, index: usize| {
        let point = &series.points[index];
        Some(cost(point.y.filter(|_| point.is_correct)?.mid, better))
    };
    let mut found = Vec::new();
    let mut leader: Option<&Series> = None;
    for index in 0..contenders.first().map_or(0, |series| series.points.len()) {
        let all = contenders.iter().filter_map(|series| Some((*series, cost_of(series, index)?)));
        let Some((best, least)) = first_best(all, |one| one.1, Better::Lower) else { continue };
        let Some(before) = leader else {
            leader = Some(best);
            continue;
        };
        let is_still_best =
            cost_of(before, index).is_some_and(|cost| cost - least <= (SAME - 1.0) * least.abs());
        if is_still_best {
            continue;
        }
        let lead = |index: usize| Some(cost_of(best, index)? - cost_of(before, index)?);
        let from = (0..index).rev().find(|index| lead(*index).is_none_or(|lead| lead >= 0.0));
        let from = from.unwrap_or_default();
        let (left, right) = (before.points[from].x, before.points[from + 1].x);
        let estimate = lead(from)
            .zip(lead(from + 1))
            .map(|(ahead, behind)| left + (right - left) * ahead / (ahead - behind));
        found.push(Crossover {
            before: before.strategy.clone(),
            after: best.strategy.clone(),
            from: left,
            to: right,
            estimate,
        });
        leader = Some(best);
    }
    found
}
