//! Lab `yield-interval`: how often should a long computation give the thread back?
//!
//! A loop computes many small tasks while input arrives now and then. Input that arrives during a turn waits
//! until the loop is free again. So long slices make input wait, and yields that cost something make the
//! whole run take longer. The strategies differ only in when they yield.
//!
//! The input is simulated. Its times of arrival are known, like the responses of the simulated server, and it
//! is delivered by a message from another thread. (A browser may give real input priority over other tasks,
//! but cannot let it interrupt a turn.)

use std::cell::Cell;
use std::rc::Rc;

use engine::trace::{Distribution, Lane, MarkKind, Name, Nanos, SpanKind, TaskId, Trace};
use engine::{OtherThread, Random, Runtime, Task, YieldWith};
use lab::lesson::Try;
use lab::{Control, Finding, FindingValue, Lab, Need, Param, Scenario, Setup, Twin, Values, strategy};

mod adaptive;
mod every_100_ms;
mod every_16_ms;
mod every_1_ms;
mod every_50_ms;
mod every_5_ms;
mod every_task;
mod never;
#[cfg(test)]
mod tests;

/// A strategy that computes at the pace of its module while input arrives.
macro_rules! paced {
    ($module:ident) => {
        strategy!($module, |rt, values| beside_input(Workload::new(rt, values), $module::run))
            .needing(Need::ChosenYield)
            .also_in(&[Twin::JavaScript])
    };
}

/// The lab, as listed in the catalogue.
pub static LAB: Lab = Lab {
    id: "yield-interval",
    params: &PARAMS,
    strategies: &[
        paced!(never),
        paced!(every_100_ms),
        paced!(every_50_ms),
        paced!(every_16_ms),
        paced!(every_5_ms),
        paced!(every_1_ms),
        paced!(every_task),
        paced!(adaptive),
    ],
    scenarios: &SCENARIOS,
    setup: |values| Setup {
        beside: (values.get("tasks") * values.get("cpu_ms") / values.get("input_every_ms")) as usize,
        ..Setup::new(values.count("tasks"), 1)
    },
    sweep: Some(("input_every_ms", "lab_metrics.input_delay_p95_ms")),
    tries: &[
        Try::new("run", |seen| seen.measured("never").is_some() && seen.measured("every-5-ms").is_some()),
        Try::new("dear_yield", |seen| seen.takes("never", 33, "every-task")),
        Try::new("adaptive", |seen| seen.takes("adaptive", 50, "every-task")),
    ],
    findings: |_, trace| findings(trace),
    quick: &[("tasks", 100.0)],
};

static PARAMS: [Param; 5] = [
    Param::new("tasks", 1.0, 100_000.0, 600.0, Control::Logarithmic),
    Param::new("cpu_ms", 0.0, 200.0, 1.0, Control::Linear),
    Param::new("input_every_ms", 1.0, 1_000.0, 10.0, Control::Logarithmic),
    Param::YIELD_WITH,
    Param::SEED,
];

/// The value of `yield_with` for this way to yield.
const fn option(with: YieldWith) -> f64 {
    let mut option = 1;
    while YieldWith::ALL[option - 1] as usize != with as usize {
        option += 1;
    }
    option as f64
}

static SCENARIOS: [Scenario; 3] = [
    Scenario::new("cheap-yield", &[]),
    Scenario::new("timeout", &[("yield_with", option(YieldWith::Timeout))]),
    Scenario::new("message", &[("yield_with", option(YieldWith::Message))]),
];

/// What the strategies work with. Cheap to clone.
#[derive(Clone)]
pub struct Workload {
    rt: Runtime,
    other_thread: OtherThread,
    tasks: u32,
    cpu: Nanos,
    yield_with: YieldWith,
    /// When each input arrives, in lab time.
    inputs: Rc<[Nanos]>,
    handled: Rc<Cell<usize>>,
    input_lane: Lane,
}

/// One small task.
#[derive(Clone, Copy, Debug)]
pub struct Job(TaskId);

impl Workload {
    fn new(rt: &Runtime, values: &Values) -> Workload {
        Workload {
            rt: rt.clone(),
            other_thread: rt.other_thread(),
            tasks: values.count("tasks") as u32,
            cpu: Nanos::from_ms(values.get("cpu_ms")),
            yield_with: values.yield_with(rt),
            inputs: inputs(values),
            handled: Rc::default(),
            input_lane: rt.open_lane(Name::new("input", 1)),
        }
    }

    /// The tasks, in the order in which they are to be computed.
    pub fn jobs(&self) -> impl Iterator<Item = Job> + use<> {
        (0..self.tasks).map(|number| Job(TaskId(number)))
    }

    /// Computes one task. Nothing else runs meanwhile.
    #[track_caller]
    pub fn compute(&self, job: Job) {
        self.rt.reached();
        self.rt.spend_cpu(job.0, self.cpu);
        self.rt.mark(MarkKind::TaskCompleted, job.0);
    }

    /// The lab time since the run began.
    pub fn now(&self) -> Nanos {
        self.rt.now()
    }

    /// Gives the thread back, and continues when it is our turn again.
    #[track_caller]
    pub fn give_way(&self) -> impl Future<Output = ()> {
        self.rt.reached();
        self.rt.yield_now(self.yield_with)
    }

    /// Whether input has arrived that nobody has handled yet, like `navigator.scheduling.isInputPending()`.
    pub fn input_is_pending(&self) -> bool {
        self.inputs.get(self.handled.get()).is_some_and(|arrival| *arrival <= self.now())
    }

    /// Waits for one input, and records how long the input had to wait.
    fn handle_input(&self, number: usize) -> Task<()> {
        let (work, arrival) = (self.clone(), self.inputs[number]);
        let message = self.other_thread.message(arrival);
        self.rt.spawn(async move {
            message.await;
            let id = TaskId(work.tasks + number as u32);
            work.rt.record_on(work.input_lane, SpanKind::Delivery, id, arrival, work.now());
            work.handled.set(work.handled.get() + 1);
        })
    }
}

/// A length of lab time in milliseconds, as the strategies write it.
pub const fn ms(ms: u64) -> Nanos {
    Nanos(ms * 1_000_000)
}

/// Runs a strategy while input arrives.
async fn beside_input<F: Future<Output = ()>>(work: Workload, run: impl FnOnce(Workload) -> F) {
    let inputs: Vec<_> = (0..work.inputs.len()).map(|number| work.handle_input(number)).collect();
    work.rt.turn(YieldWith::Microtask).await; // lets the inputs begin to wait
    run(work).await;
    for input in inputs {
        input.await;
    }
}

/// When input arrives, until the computing would be over without yields. Gaps are between half and one and a
/// half times their mean.
fn inputs(values: &Values) -> Rc<[Nanos]> {
    let mut random = Random::new(values.get("seed") as u64);
    let mean = Nanos::from_ms(values.get("input_every_ms"));
    let computing = Nanos::from_ms(values.get("cpu_ms") * values.get("tasks"));
    let mut gap = move || random.around(mean, 50.0);
    let arrivals = std::iter::successors(Some(gap()), |last| Some(*last + gap()));
    arrivals.take_while(|arrival| *arrival < computing).collect()
}

/// When the computing was over, and how long input had to wait.
fn findings(trace: &Trace) -> Vec<Finding> {
    let computed_after = trace.spans_of(SpanKind::Cpu).last().map_or(Nanos::ZERO, |span| span.end);
    let delays: Vec<_> = trace.spans_of(SpanKind::Delivery).map(|span| span.duration()).collect();
    let mut found = vec![
        Finding::new("computed_after_ms", FindingValue::Time(computed_after)),
        Finding::new("inputs", FindingValue::Count(delays.len() as i64)),
    ];
    if let Some(delay) = Distribution::of(delays) {
        found.extend([
            Finding::new("input_delay_p50_ms", FindingValue::Time(delay.p50)),
            Finding::new("input_delay_p95_ms", FindingValue::Time(delay.p95)),
            Finding::new("input_delay_max_ms", FindingValue::Time(delay.max)),
        ]);
    }
    found
}
