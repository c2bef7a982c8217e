//! The result of a comparison for other programs: the summary of the public contract.
//!
//! Names and units are part of the contract. So these types stand apart from those of the other crates, which
//! may change without them. All times are milliseconds: lab time (unscaled) in the numbers of a run, real
//! time in those of a browser. Knows numbers, not the page.

use engine::trace::{Distribution, Nanos};
use engine::{YieldWith, browser, probes};
use lab::lint::{Figures, Lint};
use lab::metrics::Metrics;
use lab::{Finding, FindingValue, Lab, Param, Strategy};
use serde::{Serialize, Serializer};

use crate::address::{Address, VERSION};
use crate::measured;

/// Everything predicted and measured at one address.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Summary {
    version: &'static str,
    lab: &'static str,
    address: String,
    environment: Option<Environment>,
    strategies: Vec<StrategySummary>,
}

impl Summary {
    /// The summary of `strategies` at `address`. `environment` is `None` until something was measured.
    pub fn new(
        address: &Address,
        environment: Option<Environment>,
        strategies: impl Iterator<Item = StrategySummary>,
    ) -> Summary {
        Summary {
            version: VERSION,
            lab: address.values.lab().id,
            address: address.to_query(),
            environment,
            strategies: strategies.collect(),
        }
    }
}

/// One strategy: its numbers on both clocks, and what its runs show.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StrategySummary {
    id: &'static str,
    predicted: Numbers,
    measured: Option<Measured>,
    lints: Vec<LintSummary>,
}

impl StrategySummary {
    /// A strategy with its prediction, its measurement if there is one, and the lints of both.
    pub fn new(
        strategy: &'static Strategy,
        predicted: &Metrics,
        measured: Option<Measured>,
        lints: Vec<ClockedLint>,
    ) -> StrategySummary {
        let lints = lints.into_iter().map(LintSummary::of).collect();
        StrategySummary { id: strategy.id, predicted: Numbers::of(predicted), measured, lints }
    }
}

/// The numbers of one run.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Numbers {
    makespan_ms: f64,
    lower_bound_ms: f64,
    cpu_ms: f64,
    longest_block_ms: f64,
    completed: usize,
    failed: usize,
    unfinished: usize,
    yields: usize,
    max_in_flight: usize,
    io_latency_ms: Option<Spread>,
    /// `stalled` or `step-limit`, and who waits for whom. `None` if the run did not come to a halt.
    stalled: Option<String>,
    #[serde(skip_serializing_if = "Findings::is_empty")]
    lab_metrics: Findings,
}

impl Numbers {
    /// The metrics of a run, in the units of the contract.
    pub fn of(metrics: &Metrics) -> Numbers {
        Numbers {
            makespan_ms: metrics.makespan.as_ms(),
            lower_bound_ms: metrics.lower_bound.as_ms(),
            cpu_ms: metrics.cpu.as_ms(),
            longest_block_ms: metrics.longest_block.as_ms(),
            completed: metrics.completed,
            failed: metrics.failed,
            unfinished: metrics.unfinished,
            yields: metrics.yields,
            max_in_flight: metrics.max_in_flight,
            io_latency_ms: metrics.io_latency.map(Spread::of),
            stalled: metrics.stalled.as_ref().map(ToString::to_string),
            lab_metrics: Findings(metrics.findings.clone()),
        }
    }
}

/// Nearest-rank percentiles and the maximum, in milliseconds.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Spread {
    p50: f64,
    p95: f64,
    max: f64,
}

impl Spread {
    fn of(Distribution { p50, p95, max }: Distribution) -> Spread {
        Spread { p50: p50.as_ms(), p95: p95.as_ms(), max: max.as_ms() }
    }
}

/// The lab's own numbers. As JSON, an object of plain numbers or lists of them.
#[derive(Clone, PartialEq, Debug)]
struct Findings(Vec<Finding>);

impl Findings {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Findings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|finding| (finding.key, FindingNumber::of(&finding.value))))
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum FindingNumber<'a> {
    Whole(i64),
    Real(f64),
    List(&'a [u32]),
}

impl FindingNumber<'_> {
    fn of(value: &FindingValue) -> FindingNumber<'_> {
        match value {
            FindingValue::Count(count) | FindingValue::Part(count, _) => FindingNumber::Whole(*count),
            FindingValue::Time(time) => FindingNumber::Real(time.as_ms()),
            FindingValue::Share(share) => FindingNumber::Real(*share),
            FindingValue::Order(order) => FindingNumber::List(order),
        }
    }
}

/// A lint, with the clock of the run that it was found in.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ClockedLint {
    /// `predicted` or `measured`.
    pub clock: &'static str,
    /// What the run shows.
    pub lint: Lint,
}

#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
struct LintSummary {
    clock: &'static str,
    id: &'static str,
    from_ms: f64,
    to_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<f64>,
}

impl LintSummary {
    fn of(ClockedLint { clock, lint }: ClockedLint) -> LintSummary {
        let Figures { count, of, time, share } = lint.figures();
        LintSummary {
            clock,
            id: lint.kind().id(),
            from_ms: lint.from.as_ms(),
            to_ms: lint.to.as_ms(),
            count,
            of,
            time_ms: time.map(Nanos::as_ms),
            share,
        }
    }
}

/// The numbers of a live run, with how it was made.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Measured {
    /// The same numbers as for the prediction.
    #[serde(flatten)]
    pub numbers: Numbers,
    /// `page` or `worker`.
    pub run_on: &'static str,
    /// Whether a race had too few cores for the strategy to have one of its own.
    pub unclean: bool,
    /// Real time per lab time. The times in `numbers` are unscaled.
    pub scale: f64,
    /// The fraction of the makespan that recording and probing took, by the calibration. `None` without one.
    pub instrumentation: Option<f64>,
    /// What the probes saw during the run.
    pub probes: Probes,
    /// Why the run does not count; `None` if it counts.
    pub void: Option<&'static str>,
}

/// What each probe saw, under its own name; `None` for a probe that saw nothing. The lags are lab time, the
/// page's own (`frame_gap_ms`, `input_delay_ms`, `interaction_ms`) real time.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct Probes {
    timer_lag_ms: Option<Spread>,
    port_lag_ms: Option<Spread>,
    outside_lag_ms: Option<Spread>,
    frame_gap_ms: Option<Spread>,
    input_delay_ms: Option<Spread>,
    interaction_ms: Option<Spread>,
}

impl Probes {
    /// The same distributions, in the units of the contract.
    pub fn of(probes: &probes::Probes) -> Probes {
        Probes {
            timer_lag_ms: probes.timer_lag.map(Spread::of),
            port_lag_ms: probes.port_lag.map(Spread::of),
            outside_lag_ms: probes.outside_lag.map(Spread::of),
            frame_gap_ms: probes.frame_gap.map(Spread::of),
            input_delay_ms: probes.input_delay.map(Spread::of),
            interaction_ms: probes.interaction.map(Spread::of),
        }
    }
}

/// The browser and the machine that a measurement was made with.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Environment {
    user_agent: String,
    cores: u32,
    clock_step_us: f64,
    isolated: bool,
    calibration: Calibration,
}

impl Environment {
    /// The same facts, under the names of the contract.
    pub fn of(environment: &measured::Environment) -> Environment {
        let measured::Environment { user_agent, cores, clock_step_us, is_isolated, calibration } =
            environment;
        Environment {
            user_agent: user_agent.clone(),
            cores: *cores,
            clock_step_us: *clock_step_us,
            isolated: *is_isolated,
            calibration: Calibration {
                blocks_per_ms: calibration.blocks_per_ms,
                costs: calibration.costs.as_ref().map(Costs::of),
            },
        }
    }
}

#[derive(Clone, PartialEq, Debug, Serialize)]
struct Calibration {
    blocks_per_ms: f64,
    costs: Option<Costs>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
struct Costs {
    spawn_ms: f64,
    /// In the order of [`YieldWith::ALL`]; `None` for a way that the browser does not have.
    yield_ms: [Option<f64>; YieldWith::ALL.len()],
    timer_lateness_ms: f64,
    message_ms: f64,
    worker_start_ms: f64,
    parallel_slowdown: f64,
    record_ms: f64,
    probe_ms: f64,
}

impl Costs {
    fn of(costs: &browser::Costs) -> Costs {
        Costs {
            spawn_ms: costs.spawn.as_ms(),
            yield_ms: costs.yields.map(|cost| cost.map(Nanos::as_ms)),
            timer_lateness_ms: costs.timer_lateness.as_ms(),
            message_ms: costs.message.as_ms(),
            worker_start_ms: costs.worker_start.as_ms(),
            parallel_slowdown: costs.parallel_slowdown,
            record_ms: costs.record.as_ms(),
            probe_ms: costs.probe.as_ms(),
        }
    }
}

/// A lab for programs that go through all of them.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct LabOutline {
    id: &'static str,
    params: Vec<ParamOutline>,
    scenarios: Vec<&'static str>,
    strategies: Vec<StrategyOutline>,
    /// Changes to the defaults, by address key, with which a run of each strategy takes at most a second.
    quick: Quick,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
struct ParamOutline {
    key: &'static str,
    min: f64,
    max: f64,
    default: f64,
    /// The ids that the numbers stand for, if the parameter is a choice; else empty.
    options: &'static [&'static str],
}

#[derive(Clone, PartialEq, Debug, Serialize)]
struct StrategyOutline {
    id: &'static str,
    /// The extensions of its twins' files.
    twins: Vec<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
struct Quick(&'static [(&'static str, f64)]);

impl Serialize for Quick {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

/// All labs, in the order of the catalogue.
pub fn labs() -> Vec<LabOutline> {
    let param = |param: &Param| ParamOutline {
        key: param.key,
        min: param.min,
        max: param.max,
        default: param.default,
        options: param.options(),
    };
    let strategy = |one: &Strategy| StrategyOutline {
        id: one.id,
        twins: one.twins.iter().map(|twin| twin.extension()).collect(),
    };
    let lab = |lab: &Lab| LabOutline {
        id: lab.id,
        params: lab.params.iter().map(param).collect(),
        scenarios: lab.scenarios.iter().map(|scenario| scenario.id).collect(),
        strategies: lab.strategies.iter().map(strategy).collect(),
        quick: Quick(lab.quick),
    };
    labs::CATALOGUE.into_iter().map(lab).collect()
}
