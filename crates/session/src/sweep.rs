//! A sweep: how a metric of each strategy changes with one parameter, all else equal. On the virtual clock.
//!
//! Knows labs, predictions and metrics; it knows neither the page nor the worker that it may
//! run in. It goes on step by step, one point of one strategy at a time, so that whoever
//! drives it can tell how far it is and stop between two steps.

use engine::trace::Trace;
use lab::metrics::{Better, Metric, Metrics, Unit};
use lab::verdict::SAME;
use lab::{Control, FindingValue, Lab, Param, Strategy, Values};
use serde::{Deserialize, Serialize};
use texts::{Language, text};
use virtual_clock::Conditions;

use crate::address::Address;
use crate::predict;

/// What findings of a lab are called in a request, before their own key.
const FINDING: &str = "lab_metrics.";

/// No chart shows more points than this.
const MOST_POINTS: usize = 1_000;

/// More seeds than this no longer change a band much.
const MOST_SEEDS: usize = 100;

/// What to sweep. Plain data, to be sent to a worker.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Request {
    /// The lab, its values and its strategies, as a query string.
    pub address: String,
    /// The key of the parameter to vary.
    pub param: String,
    /// The number to look at, by its name in the summary: `makespan_ms`, `io_latency_ms.p95`, `lab_metrics.…`.
    #[serde(default = "makespan")]
    pub metric: String,
    /// The most points; a choice always has one for each option.
    #[serde(default = "forty")]
    pub points: usize,
    /// How many seeds, where the lab is random: the one of the address, and those that follow it.
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
    /// A sweep of the total time over `param`, as it is until something else is asked for.
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

/// Why there is nothing to show.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The lab has no such parameter.
    UnknownParam {
        /// The key.
        key: String,
    },
    /// There is no such number.
    UnknownMetric {
        /// The key.
        key: String,
    },
    /// The number exists, but no run of this lab with these values has one.
    NoNumbers {
        /// The key.
        key: String,
    },
}

impl Problem {
    /// What to tell the reader.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Problem::UnknownParam { key } => text(language, "sweep.unknown_param", &[("key", key)]),
            Problem::UnknownMetric { key } => text(language, "sweep.unknown_metric", &[("key", key)]),
            Problem::NoNumbers { key } => text(language, "sweep.no_numbers", &[("key", key)]),
        }
    }
}

/// The result, ready to be drawn or sent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Chart {
    /// The id of the lab.
    pub lab: String,
    /// The key of the parameter along the x axis.
    pub param: String,
    /// The ids that x counts from zero, where the parameter is a choice; else none.
    pub options: Vec<String>,
    /// The key of the metric along the y axis.
    pub metric: String,
    /// What y is counted in.
    pub unit: Unit,
    /// Which way y is better; nothing where that is not for us to say: then there is no best either.
    pub better: Option<Better>,
    /// One line for each strategy, in the lab's order.
    pub series: Vec<Series>,
    /// The best point of all that did all the work right; bounds do not compete.
    pub best: Option<Optimum>,
    /// Where another strategy becomes the best, by ascending x. None for a choice, which has no order.
    pub crossovers: Vec<Crossover>,
}

/// One strategy's line.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Series {
    /// The id of the strategy.
    pub strategy: String,
    /// Whether it is no way to do the work, but what no way can beat.
    pub is_bound: bool,
    /// Whether its runs depend on the seed anywhere that was looked at.
    pub is_random: bool,
    /// By ascending x.
    pub points: Vec<Point>,
    /// Its best point of those that did all the work right; of several equally good ones the first.
    pub best: Option<Optimum>,
}

/// One strategy at one value.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Point {
    /// The parameter's value; of a choice, the index of the option.
    pub x: f64,
    /// What the metric comes to; nothing where there is no such number (or it was not yet looked at).
    pub y: Option<Band>,
    /// Whether every run did all its work.
    pub is_complete: bool,
    /// Whether every run did it right; only such points are compared.
    pub is_correct: bool,
}

/// A number that may depend on the seed: where it does not, all three are the same.
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
        // So few that each is put where it belongs.
        let mut sorted = Vec::new();
        for number in numbers {
            sorted.insert(sorted.partition_point(|one| one <= number), *number);
        }
        let mid = *sorted.get(sorted.len().checked_sub(1)? / 2)?;
        Some(Band { low: *sorted.first()?, mid, high: *sorted.last()? })
    }
}

/// The best that there is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Optimum {
    /// The id of the strategy.
    pub strategy: String,
    /// At which value of the parameter.
    pub x: f64,
    /// What the metric comes to there.
    pub y: f64,
}

/// Where the best strategy changes. Differences of a hundredth count as none, as in the verdict.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Crossover {
    /// The id of the strategy that is best before.
    pub before: String,
    /// The id of the strategy that is best after.
    pub after: String,
    /// The last point at which the one is no worse than the other.
    pub from: f64,
    /// The point behind it.
    pub to: f64,
    /// Where straight lines between those points cross: an estimate, for between them nothing was predicted.
    /// Nothing where one of the two has no number.
    pub estimate: Option<f64>,
}

/// The number that a sweep looks at.
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

    /// What it comes to, its unit, and which way it is better.
    fn read(&self, metrics: &Metrics) -> Option<(f64, Unit, Option<Better>)> {
        match self {
            Quantity::Metric(metric) => Some((metric.read(metrics)?, metric.unit, metric.better)),
            Quantity::Finding(key) => {
                let finding = metrics.findings.iter().find(|finding| finding.key == key)?;
                match finding.value {
                    FindingValue::Time(time) => Some((time.as_ms(), Unit::Ms, Some(Better::Lower))),
                    // Of a count nobody knows here whether many are good.
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

/// A sweep on its way.
pub struct Sweep {
    conditions: Conditions,
    values: Values,
    strategies: Vec<&'static Strategy>,
    param: &'static Param,
    quantity: Quantity,
    /// Never none; one alone where the lab has no seed, or where the seed itself is swept.
    seeds: Vec<f64>,
    done: usize,
    chart: Chart,
}

impl Sweep {
    /// A sweep that has not begun.
    ///
    /// # Errors
    /// When the lab has no such parameter, or there is no such metric.
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

    /// Predicts the next point. `false`: there is none left.
    ///
    /// A strategy is random when it makes another trace with another seed. That is looked at where the
    /// parameter is least and greatest, and at every option of a choice; only where it is so, every point
    /// is predicted with all seeds.
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

    /// How much is done: 1 is all of it.
    pub fn progress(&self) -> f64 {
        self.done as f64 / (self.stops() * self.strategies.len()).max(1) as f64
    }

    /// What was found so far; all of it once [`Sweep::step`] has said so.
    ///
    /// # Errors
    /// When no run had the number that was asked for.
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

/// A whole sweep at once.
///
/// # Errors
/// When there is no such parameter or metric, or no run has that number.
pub fn sweep(request: &Request, conditions: Conditions) -> Result<Chart, Problem> {
    let mut sweep = Sweep::new(request, conditions)?;
    while sweep.step() {}
    sweep.finish()
}

/// The key of the parameter that random labs have.
const SEED: &str = "seed";

fn find(lab: &'static Lab, key: &str) -> Option<&'static Param> {
    lab.params.iter().find(|param| param.key == key)
}

/// The seed of `values` and those that follow it.
fn seeds(values: &Values, swept: &Param, count: usize) -> Vec<f64> {
    let Some(seed) = find(values.lab(), SEED).filter(|seed| seed.key != swept.key) else {
        return vec![0.0];
    };
    let first = values.get(SEED);
    let following = (0..count).map(|number| first + number as f64);
    following.map(|one| if one > seed.max { one - seed.max - 1.0 + seed.min } else { one }).collect()
}

/// At most `most` values of the parameter, ascending, with its least and its greatest: its own stops, thinned
/// evenly or with whole numbers evenly put between them. Of a choice every option; of a seed the first ones.
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

/// The strategies that compete: bounds do not.
fn contenders(series: &[Series]) -> impl Iterator<Item = &Series> {
    series.iter().filter(|series| !series.is_bound)
}

/// The first of the best.
fn first_best<T>(all: impl Iterator<Item = T>, number: impl Fn(&T) -> f64, better: Better) -> Option<T> {
    all.min_by(|one, other| cost(number(one), better).total_cmp(&cost(number(other), better)))
}

/// So that less is better, whatever the metric.
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
/// more than counts as the same; where that began is looked up backwards.
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
