//! Lab `shared-workload`: compute, then save.
//!
//! Each of N tasks computes for a while and then saves its result on a server. The strategies differ only in
//! when they wait. This file holds what they share; each strategy is a file next to it, written to be read.

use std::rc::Rc;

use engine::trace::{LONG_TASK, MarkKind, Nanos, TaskId};
use engine::{Random, Runtime, Semaphore, Server, Task, Workers, YieldWith};
use lab::lesson::Try;
use lab::{Control, Lab, Need, Param, Published, Scenario, Setup, Twin, Values, strategy};

mod batched;
mod blocking;
mod gather_all;
mod no_io;
mod no_yield;
mod one_at_a_time;
#[cfg(test)]
mod tests;
mod workers;
mod yielding;

/// The lab, as listed in the catalogue.
pub static LAB: Lab = Lab {
    id: "shared-workload",
    params: &PARAMS,
    strategies: &[
        strategy!(blocking, Workload::new).also_in(&Twin::ALL),
        strategy!(one_at_a_time, Workload::new).also_in(&Twin::ALL),
        strategy!(batched, Workload::new).also_in(&Twin::ALL),
        strategy!(gather_all, Workload::new).also_in(&Twin::ALL),
        strategy!(no_yield, Workload::new).also_in(&Twin::ALL),
        strategy!(yielding, Workload::new).also_in(&Twin::ALL).needing(Need::ChosenYield),
        strategy!(workers, Workload::new).also_in(&Twin::ALL).needing(Need::Workers(workers_ready)),
        strategy!(no_io, Workload::new).also_in(&Twin::ALL).as_bound(),
    ],
    scenarios: &SCENARIOS,
    setup: |values| Setup::new(values.count("tasks"), values.count("capacity")),
    sweep: Some(("cpu_ms", "makespan_ms")),
    tries: &[
        Try::new("run", |seen| seen.measured("blocking").is_some() && seen.measured("yielding").is_some()),
        Try::new("much_waiting", |seen| seen.takes("yielding", 5, "one-at-a-time")),
        Try::new("much_computing", |seen| seen.takes("blocking", 125, "yielding")),
        Try::new("no_real_yield", |seen| {
            let freeze = |id: &str| seen.predicted(id).map(|metrics| metrics.longest_block);
            freeze("yielding")
                .zip(freeze("no-yield"))
                .is_some_and(|(one, other)| one > LONG_TASK && one >= other)
        }),
    ],
    findings: |_, _| Vec::new(),
    quick: &[
        ("latency_ms", 100.0),
        ("capacity", 3.0),
        ("in_flight", 6.0),
        ("tasks", 8.0),
        ("cpu_ms", 20.0),
        ("batch", 4.0),
        ("workers", 2.0),
    ],
};

static PARAMS: [Param; 12] = [
    Param::new("tasks", 1.0, 100_000.0, 60.0, Control::Logarithmic),
    Param::new("cpu_ms", 0.0, 200.0, 16.0, Control::Linear),
    Param::new("latency_ms", 0.0, 10_000.0, 100.0, Control::Logarithmic),
    Param::new("capacity", 1.0, 10_000.0, 100.0, Control::Logarithmic),
    Param::new("batch", 1.0, 10_000.0, 100.0, Control::Logarithmic),
    Param::new("in_flight", 1.0, 10_000.0, 100.0, Control::Logarithmic),
    Param::new("yield_every_ms", 0.0, 1_000.0, 0.0, Control::Logarithmic),
    Param::YIELD_WITH,
    Param::new("workers", 1.0, 16.0, 4.0, Control::Linear),
    Param::new("worker_start", 0.0, 1.0, 0.0, Control::Choice(&["warm", "cold"])),
    Param::JITTER_PERCENT,
    Param::SEED,
];

/// Gorelick and Ozsvald, *High Performance Python*, chapter on asynchronous I/O: 600 tasks of difficulty 8.
const BOOK: Published = Published { strategy: "yielding", baseline: "blocking", speed_up: 7.3 };

/// How many threads are ready before the clock starts. A pool is usually kept from one use to the next.
fn workers_ready(values: &Values) -> usize {
    if values.count("worker_start") == 0 { values.count("workers") } else { 0 }
}

/// One cell of the book's grid. Its difficulty is the cost of bcrypt: each step doubles the work, and 8 takes
/// 16 ms here.
macro_rules! cell {
    ($id:literal, $tasks:literal, $difficulty:literal) => {
        Scenario {
            cell: Some(($tasks, $difficulty)),
            ..Scenario::new($id, &[("tasks", $tasks as f64), ("cpu_ms", (8u32 << ($difficulty - 7)) as f64)])
        }
    };
}

static SCENARIOS: [Scenario; 16] = [
    Scenario { published: Some(BOOK), ..cell!("book", 600, 8) },
    Scenario::new(
        "io-bound",
        &[("tasks", 100.0), ("cpu_ms", 1.0), ("latency_ms", 500.0), ("capacity", 20.0)],
    ),
    Scenario::new("cpu-bound", &[("tasks", 40.0), ("cpu_ms", 50.0), ("latency_ms", 20.0)]),
    Scenario::new("slow-server", &[("tasks", 40.0), ("cpu_ms", 5.0), ("capacity", 1.0)]),
    Scenario::new(
        "overload",
        &[("tasks", 1_000.0), ("cpu_ms", 1.0), ("batch", 1_000.0), ("in_flight", 1_000.0)],
    ),
    cell!("book-100-7", 100, 7),
    cell!("book-100-8", 100, 8),
    cell!("book-100-9", 100, 9),
    cell!("book-100-10", 100, 10),
    cell!("book-300-7", 300, 7),
    cell!("book-300-8", 300, 8),
    cell!("book-300-9", 300, 9),
    cell!("book-300-10", 300, 10),
    cell!("book-600-7", 600, 7),
    cell!("book-600-9", 600, 9),
    cell!("book-600-10", 600, 10),
];

/// One task: how long it computes, and how long the server takes to save its result, both in lab time.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    id: TaskId,
    cpu: Nanos,
    save: Nanos,
}

/// A result that is computed but not saved yet.
#[derive(Clone, Copy, Debug)]
pub struct Computed {
    id: TaskId,
    save: Nanos,
}

/// What the strategies work with. Cheap to clone, so that every spawned save can own one.
#[derive(Clone)]
pub struct Workload {
    rt: Runtime,
    server: Server,
    jobs: Rc<[Job]>,
    /// How many results `batched` collects before it sends them.
    pub batch: usize,
    /// How many saves may be in flight at once.
    pub in_flight: usize,
    yield_every: Nanos,
    yield_with: YieldWith,
    n_workers: usize,
    are_workers_ready: bool,
}

impl Workload {
    fn new(rt: &Runtime, values: &Values) -> Workload {
        Workload {
            rt: rt.clone(),
            server: Server::new(rt, values.count("capacity")),
            jobs: jobs(values),
            batch: values.count("batch"),
            in_flight: values.count("in_flight"),
            yield_every: Nanos::from_ms(values.get("yield_every_ms")),
            yield_with: values.yield_with(rt),
            n_workers: values.count("workers"),
            are_workers_ready: workers_ready(values) > 0,
        }
    }

    /// The tasks, in the order in which they are to be done.
    pub fn jobs(&self) -> Vec<Job> {
        self.jobs.to_vec()
    }

    /// Does the computing part of a task. Nothing else runs meanwhile.
    #[track_caller]
    pub fn compute(&self, job: Job) -> Computed {
        self.rt.reached();
        self.rt.spend_cpu(job.id, job.cpu);
        Computed { id: job.id, save: job.save }
    }

    /// The threads that compute next to the loop. Unless they are ready, they are started first.
    #[track_caller]
    pub fn workers(&self) -> impl Future<Output = Workers> {
        self.rt.reached();
        async {
            if self.are_workers_ready {
                Workers::new(&self.rt, self.n_workers)
            } else {
                Workers::start(&self.rt, self.n_workers).await
            }
        }
    }

    /// Does the computing part of a task on another thread.
    #[track_caller]
    pub fn compute_elsewhere(&self, workers: &Workers, job: Job) -> impl Future<Output = Computed> {
        self.rt.reached();
        async move {
            workers.compute(job.id, job.cpu).await;
            Computed { id: job.id, save: job.save }
        }
    }

    /// Sends a result to the server and waits until it is saved. Nothing is sent before the first `await`.
    #[track_caller]
    pub fn save(&self, result: Computed) -> impl Future<Output = ()> + use<> {
        self.rt.reached();
        let work = self.clone();
        async move {
            work.server.request(result.id, result.save).await;
            work.done(result);
        }
    }

    /// Saves once `limit` gives a permit, so that no more saves are in flight at once than it has permits.
    #[track_caller]
    pub fn save_within(&self, limit: &Semaphore, result: Computed) -> impl Future<Output = ()> + use<> {
        self.rt.reached();
        self.rt.limit_in_flight(self.in_flight);
        let (work, limit) = (self.clone(), limit.clone());
        async move {
            let _permit = limit.acquire().await;
            work.save(result).await;
        }
    }

    /// Saves like a blocking call: the thread is kept until the result is saved.
    #[track_caller]
    pub fn save_in_place(&self, result: Computed) {
        self.rt.reached();
        self.server.request_in_place(result.id, result.save);
        self.done(result);
    }

    /// Marks the task of this result as completed.
    pub fn done(&self, result: Computed) {
        self.rt.mark(MarkKind::TaskCompleted, result.id);
    }

    /// Starts a save next to the caller. It begins when the caller next awaits something.
    pub fn spawn(&self, save: impl Future<Output = ()> + 'static) -> Task<()> {
        self.rt.spawn(save)
    }

    /// Starts all `saves` at once and waits for all of them.
    #[track_caller]
    pub fn gather(
        &self,
        saves: impl Iterator<Item = impl Future<Output = ()> + 'static>,
    ) -> impl Future<Output = ()> {
        self.rt.reached();
        self.wait_for(saves.map(|save| self.spawn(save)).collect())
    }

    /// Waits for saves that were started before.
    #[track_caller]
    pub fn wait_for(&self, saves: Vec<Task<()>>) -> impl Future<Output = ()> + use<> {
        self.rt.reached();
        async {
            for save in saves {
                save.await; // they run at the same time, so it costs nothing to await them one after another
            }
        }
    }

    /// A pace at which to give the event loop a turn: after every task, or every so many milliseconds.
    pub fn pace(&self) -> Pace {
        Pace { rt: self.rt.clone(), every: self.yield_every, with: self.yield_with, last: self.rt.now() }
    }
}

/// Decides when the event loop should get a turn.
pub struct Pace {
    rt: Runtime,
    every: Nanos,
    with: YieldWith,
    last: Nanos,
}

impl Pace {
    /// Yields if the time has come.
    #[track_caller]
    pub fn yield_if_due(&mut self) -> impl Future<Output = ()> {
        self.rt.reached();
        async {
            if self.rt.now() - self.last >= self.every {
                self.rt.yield_now(self.with).await;
                self.last = self.rt.now();
            }
        }
    }
}

/// The tasks that the parameters describe. Jitter spreads both times evenly around their means.
fn jobs(values: &Values) -> Rc<[Job]> {
    let mut random = Random::new(values.get("seed") as u64);
    let jitter = values.get("jitter_percent"); // looked up once, for there may be many tasks
    let mut spread = |mean: Nanos| random.around(mean, jitter);
    let cpu = Nanos::from_ms(values.get("cpu_ms"));
    let save = Nanos::from_ms(values.get("latency_ms"));
    (0..values.count("tasks") as u32)
        .map(|number| Job { id: TaskId(number), cpu: spread(cpu), save: spread(save) })
        .collect()
}
