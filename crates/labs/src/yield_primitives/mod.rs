//! Lab `yield-primitives`: what does a yield let through?
//!
//! A loop computes in small pieces and gives the thread back after each. Next to it there are timers,
//! messages from another thread, responses of a server, and frames. Every strategy is the same loop with
//! another way to yield; they differ in who gets a turn meanwhile, and in what a yield costs.

use std::cell::Cell;
use std::rc::Rc;

use engine::trace::{Gauge, MarkKind, Name, Nanos, SpanKind, TaskId, Trace};
use engine::{OtherThread, Runtime, Server, Task, YieldWith};
use lab::lesson::Try;
use lab::{Control, Finding, FindingValue, Lab, Need, Param, Scenario, Setup, Twin, Values, strategy};

mod animation_frame;
mod background_yield;
mod idle_callback;
mod message;
mod message_then_timeout;
mod microtask;
mod no_yield;
mod post_task_background;
mod post_task_user_blocking;
mod post_task_user_visible;
mod scheduler_yield;
#[cfg(test)]
mod tests;
mod timeout;

/// A strategy: the loop with its module's way to yield, with everything else going on next to it.
macro_rules! way {
    ($module:ident) => {
        strategy!($module, |rt, values| in_company(Workload::new(rt, values), $module::run))
            .also_in(&[Twin::JavaScript])
    };
}

/// The lab, as listed in the catalogue.
pub static LAB: Lab = Lab {
    id: "yield-primitives",
    params: &PARAMS,
    strategies: &[
        way!(timeout),
        way!(message),
        way!(message_then_timeout),
        way!(post_task_user_visible).needing(Need::Yield(YieldWith::PostTaskUserVisible)),
        way!(post_task_user_blocking).needing(Need::Yield(YieldWith::PostTaskUserBlocking)),
        way!(post_task_background).needing(Need::Yield(YieldWith::PostTaskBackground)),
        way!(scheduler_yield).needing(Need::Yield(YieldWith::SchedulerYield)),
        way!(background_yield).needing(Need::Yield(YieldWith::BackgroundYield)),
        way!(animation_frame).needing(Need::Yield(YieldWith::AnimationFrame)),
        way!(idle_callback).needing(Need::Yield(YieldWith::IdleCallback)),
        way!(microtask),
        way!(no_yield).as_bound(),
    ],
    scenarios: &SCENARIOS,
    setup: |values| Setup {
        // A timer and a message at every multiple of `every_ms`, for as long as the loop computes.
        beside: (2.0 * values.get("tasks") * values.get("cpu_ms") / values.get("every_ms")) as usize,
        ..Setup::new(values.count("tasks") + values.count("fetches"), values.count("fetches"))
    },
    sweep: Some(("cpu_ms", "makespan_ms")),
    tries: &[
        Try::new("run", |seen| seen.measured("timeout").is_some() && seen.measured("microtask").is_some()),
        Try::new("cheap_timeout", |seen| seen.takes("timeout", 110, "no-yield")),
        Try::new("cheap_frames", |seen| seen.takes("animation-frame", 125, "no-yield")),
    ],
    findings: |_, trace| findings(trace),
    quick: &[("tasks", 20.0)],
};

static PARAMS: [Param; 5] = [
    Param::new("tasks", 1.0, 2_000.0, 200.0, Control::Logarithmic),
    Param::new("cpu_ms", 0.0, 200.0, 1.0, Control::Linear),
    Param::new("every_ms", 1.0, 1_000.0, 10.0, Control::Logarithmic),
    Param::new("fetches", 0.0, 100.0, 5.0, Control::Logarithmic),
    Param::new("fetch_ms", 1.0, 1_000.0, 100.0, Control::Logarithmic),
];

static SCENARIOS: [Scenario; 2] = [
    Scenario::new("small-pieces", &[]),
    Scenario::new("long-pieces", &[("tasks", 20.0), ("cpu_ms", 50.0), ("every_ms", 50.0)]),
];

/// What the strategies work with. Cheap to clone.
#[derive(Clone)]
pub struct Workload {
    rt: Runtime,
    other_thread: OtherThread,
    server: Server,
    pieces: u32,
    cpu: Nanos,
    every: Nanos,
    fetches: usize,
    fetch: Nanos,
    timers: Counter,
    messages: Counter,
    responses: Counter,
    frames: Counter,
}

/// One piece of the computing.
#[derive(Clone, Copy, Debug)]
pub struct Piece(TaskId);

impl Workload {
    fn new(rt: &Runtime, values: &Values) -> Workload {
        let ms = |key: &str| Nanos::from_ms(values.get(key));
        Workload {
            rt: rt.clone(),
            other_thread: rt.other_thread(),
            server: Server::new(rt, values.count("fetches")),
            pieces: values.count("tasks") as u32,
            cpu: ms("cpu_ms"),
            every: ms("every_ms"),
            fetches: values.count("fetches"),
            fetch: ms("fetch_ms"),
            timers: Counter::new(rt, "timers"),
            messages: Counter::new(rt, "messages"),
            responses: Counter::new(rt, "responses"),
            frames: Counter::new(rt, "frames"),
        }
    }

    /// The pieces, in the order in which they are to be computed.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> + use<> {
        (0..self.pieces).map(|number| Piece(TaskId(number)))
    }

    /// Computes one piece. Nothing else runs meanwhile.
    #[track_caller]
    pub fn compute(&self, piece: Piece) {
        self.rt.reached();
        self.rt.spend_cpu(piece.0, self.cpu);
        self.rt.mark(MarkKind::TaskCompleted, piece.0);
    }

    /// Gives the thread back in this way, and continues when it is our turn again.
    #[track_caller]
    pub fn yield_with(&self, with: YieldWith) -> impl Future<Output = ()> {
        self.rt.reached();
        self.rt.yield_now(with)
    }

    /// What goes on next to the loop: all requests at once, and a timer and a message at every multiple of
    /// `every` until the computing would be over without yields.
    fn company(&self) -> Vec<Task<()>> {
        let computing = self.cpu.0 * u64::from(self.pieces);
        let times = (1..computing.div_ceil(self.every.0)).map(|number| Nanos(number * self.every.0));
        let timed = times.flat_map(|at| {
            [self.timers.after(self.rt.sleep(at)), self.messages.after(self.other_thread.message(at))]
        });
        let ids = (self.pieces..).map(TaskId).take(self.fetches);
        let fetched = ids.map(|id| self.responses.after(self.clone().fetch_page(id)));
        timed.chain(fetched).collect()
    }

    async fn fetch_page(self, id: TaskId) {
        self.server.request(id, self.fetch).await;
        self.rt.mark(MarkKind::TaskCompleted, id);
    }

    /// Asks for one frame after another.
    async fn draw(self) {
        loop {
            self.rt.turn(YieldWith::AnimationFrame).await;
            self.frames.add();
        }
    }
}

/// Counts how often something got a turn.
#[derive(Clone)]
struct Counter {
    rt: Runtime,
    gauge: Gauge,
    count: Rc<Cell<i64>>,
}

impl Counter {
    fn new(rt: &Runtime, name: &'static str) -> Counter {
        Counter { rt: rt.clone(), gauge: rt.open_gauge(Name::new(name, 1)), count: Rc::default() }
    }

    fn add(&self) {
        self.count.set(self.count.get() + 1);
        self.rt.gauge(self.gauge, self.count.get());
    }

    /// Adds one to the count when `it` has happened.
    fn after(&self, it: impl Future<Output = ()> + 'static) -> Task<()> {
        let counter = self.clone();
        self.rt.spawn(async move {
            it.await;
            counter.add();
        })
    }
}

/// Runs a strategy's loop with everything else going on next to it, then waits for what did not get a turn.
async fn in_company<F: Future<Output = ()>>(work: Workload, run: impl FnOnce(Workload) -> F) {
    let rt = work.rt.clone();
    let company = work.company();
    let frames = rt.spawn(work.clone().draw());
    rt.turn(YieldWith::Microtask).await; // lets them begin to wait
    run(work).await;
    drop(frames);
    for task in company {
        task.await;
    }
}

/// What a yield cost, and what got a turn while the loop computed.
fn findings(trace: &Trace) -> Vec<Finding> {
    let pieces: Vec<_> = trace.spans_of(SpanKind::Cpu).collect();
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return Vec::new() };
    let computing: Nanos = pieces.iter().map(|piece| piece.duration()).sum();
    let n_yields = pieces.len() as u64 - 1;
    let yields = (last.end - first.start) - computing;
    let mut found = vec![
        Finding::new("computed_after_ms", FindingValue::Time(last.end)),
        Finding::new("yield_cost_ms", FindingValue::Time(Nanos(yields.0 / n_yields.max(1)))),
    ];
    let seen = |key: &str| {
        let gauge = trace.gauges().find(|(_, name)| name.key == key).map(|(gauge, _)| gauge);
        gauge.into_iter().flat_map(|gauge| trace.samples_of(gauge))
    };
    for key in ["timers", "messages", "responses", "frames"] {
        let meanwhile = seen(key).filter(|sample| sample.at < last.end).count();
        found.push(Finding::new(key, FindingValue::Count(meanwhile as i64)));
    }
    found.extend(
        seen("timers").next().map(|sample| Finding::new("first_timer_ms", FindingValue::Time(sample.at))),
    );
    found
}
