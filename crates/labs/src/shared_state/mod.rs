//! Lab `shared-state`: several writers add to one counter.
//!
//! For each update, a writer asks a server whether it may, and then adds one to the count. Everything runs on
//! one thread, and still updates get lost: at every `await` somebody else may run. The strategies differ in
//! what they hold while they await. This file holds what they share; each strategy is a file next to it,
//! written to be read.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use engine::trace::{Gauge, MarkKind, Name, Nanos, SpanKind, TaskId, Trace};
use engine::{Mutex, Notify, Random, Runtime, Task};
use lab::lesson::Try;
use lab::metrics::Metrics;
use lab::{Control, Finding, FindingValue, Lab, Param, Scenario, Setup, Twin, Values, strategy};

mod locked;
mod no_await_inside;
mod read_await_write;
#[cfg(test)]
mod tests;
mod two_locks_crossed;
mod two_locks_ordered;

/// The lab, as listed in the catalogue.
pub static LAB: Lab = Lab {
    id: "shared-state",
    params: &[
        Param::new("updates", 1.0, 1_000.0, 20.0, Control::Logarithmic),
        Param::new("writers", 1.0, 50.0, 4.0, Control::Linear),
        Param::new("await_ms", 0.0, 1_000.0, 20.0, Control::Logarithmic),
        Param::JITTER_PERCENT.starting_at(80.0),
        Param::SEED,
    ],
    strategies: &[
        strategy!(read_await_write, Counting::new).also_in(&Twin::ALL),
        strategy!(locked, Counting::new).also_in(&Twin::ALL),
        strategy!(no_await_inside, Counting::new).also_in(&Twin::ALL),
        strategy!(two_locks_crossed, Counting::new).also_in(&[Twin::Python]),
        strategy!(two_locks_ordered, Counting::new).also_in(&[Twin::Python]),
    ],
    scenarios: &[
        Scenario::new("in-step", &[("jitter_percent", 0.0)]),
        Scenario::new("crowd", &[("updates", 200.0), ("writers", 20.0)]),
        Scenario::new("one-writer", &[("writers", 1.0)]),
    ],
    setup: |values| Setup::new(values.count("updates"), values.count("writers")),
    sweep: Some(("writers", "makespan_ms")),
    tries: &[
        Try::new("run", |seen| seen.measured("read-await-write").is_some()),
        Try::new("one_writer", |seen| seen.predicted("read-await-write").is_some_and(Metrics::is_correct)),
        Try::new("in_step", |seen| {
            seen.values.get("jitter_percent") == 0.0 && seen.values.get("writers") > 1.0
        }),
        Try::new("dear_lock", |seen| seen.takes("no-await-inside", 12, "locked")),
    ],
    findings,
    quick: &[("updates", 8.0), ("writers", 2.0), ("await_ms", 60.0), ("jitter_percent", 0.0)],
};

/// One addition to the count.
#[derive(Clone, Copy, Debug)]
pub struct Update(TaskId);

/// Somebody who adds to the count. The number counts from 1.
#[derive(Clone, Copy, Debug)]
pub struct Writer(usize);

impl Writer {
    /// Whether this is the second writer, the fourth and so on.
    pub fn is_even(self) -> bool {
        self.0.is_multiple_of(2)
    }
}

/// What the strategies work with. Cheap to clone, so that every writer can own one.
#[derive(Clone)]
pub struct Counting {
    rt: Runtime,
    server: Rc<Answers>,
    updates: Rc<Cell<u32>>,
    wanted: u32,
    writers: usize,
    count: Rc<Cell<i64>>,
    gauge: Gauge,
    /// Lock 1, which protects the count.
    pub count_lock: Mutex<()>,
    /// Lock 2, which protects the server.
    pub server_lock: Mutex<()>,
}

impl Counting {
    fn new(rt: &Runtime, values: &Values) -> Counting {
        let gauge = rt.open_gauge(Name::new(COUNT, 1));
        rt.gauge(gauge, 0);
        Counting {
            rt: rt.clone(),
            server: Rc::new(Answers::new(values)),
            updates: Rc::default(),
            wanted: values.count("updates") as u32,
            writers: values.count("writers"),
            count: Rc::default(),
            gauge,
            count_lock: Mutex::new(rt, Name::new("lock", 1), ()),
            server_lock: Mutex::new(rt, Name::new("lock", 2), ()),
        }
    }

    /// Lets all writers do `job` at the same time, and waits for all of them.
    #[track_caller]
    pub fn write_together<F: Future<Output = ()> + 'static>(
        &self,
        job: impl Fn(Counting, Writer) -> F,
    ) -> impl Future<Output = ()> {
        self.rt.reached();
        let writers: Vec<Task<()>> = (1..=self.writers)
            .map(|number| {
                let lane = self.rt.open_lane(Name::new("writer", number as u16));
                self.rt.spawn_as(lane, job(self.clone(), Writer(number)))
            })
            .collect();
        async {
            for writer in writers {
                writer.await;
            }
        }
    }

    /// The next update that nobody has begun; `None` if there is none left.
    pub fn next_update(&self) -> Option<Update> {
        let number = self.updates.get();
        self.updates.set(number + 1);
        (number < self.wanted).then_some(Update(TaskId(number)))
    }

    /// Asks the server whether the update may be made. The answer is always yes, but others run meanwhile.
    #[track_caller]
    pub fn ask(&self, update: Update) -> impl Future<Output = ()> {
        self.rt.reached();
        async move {
            let (lane, start) = (self.rt.actor().lane, self.rt.now());
            self.rt.mark(MarkKind::RequestSent, update.0);
            self.server.answer(&self.rt).await;
            self.rt.record_on(lane, SpanKind::Service, update.0, start, self.rt.now());
            self.rt.mark(MarkKind::ResponseSeen, update.0);
        }
    }

    /// The count as it is now.
    pub fn read(&self) -> i64 {
        self.count.get()
    }

    /// Sets the count. With that the update is done.
    pub fn write(&self, update: Update, count: i64) {
        self.count.set(count);
        self.rt.gauge(self.gauge, count);
        self.rt.mark(MarkKind::TaskCompleted, update.0);
    }
}

/// A server whose answers take a while, and always come in the order in which they are due.
///
/// Timers alone would not do: a browser may fire two that are due at almost the same time in the wrong order.
/// A measurement would then lose other updates than the prediction.
struct Answers {
    random: RefCell<Random>,
    mean: Nanos,
    jitter_percent: f64,
    /// When the latest answer was due: the time, as if no answer were ever late.
    now: Cell<Nanos>,
    /// The outstanding answers: when each is due, and its number, in the order of the questions.
    due: RefCell<Vec<(Nanos, u64)>>,
    given: Notify,
    asked: Cell<u64>,
}

impl Answers {
    fn new(values: &Values) -> Answers {
        Answers {
            random: RefCell::new(Random::new(values.get("seed") as u64)),
            mean: Nanos::from_ms(values.get("await_ms")),
            jitter_percent: values.get("jitter_percent"),
            now: Cell::default(),
            due: RefCell::default(),
            given: Notify::new(),
            asked: Cell::default(),
        }
    }

    /// Waits for an answer: at least as long as was drawn for it, and until all answers that are due sooner
    /// were given.
    async fn answer(&self, rt: &Runtime) {
        let takes = self.random.borrow_mut().around(self.mean, self.jitter_percent);
        let number = self.asked.replace(self.asked.get() + 1);
        let answer = (self.now.get() + takes, number);
        self.due.borrow_mut().push(answer);

        rt.response(rt.now() + takes).await;
        while self.due.borrow().iter().min() != Some(&answer) {
            self.given.notified().await;
        }
        self.due.borrow_mut().retain(|one| *one != answer);
        self.now.set(answer.0);
        self.given.notify_waiters();
    }
}

const COUNT: &str = "count";

/// What the count should be, what it is, and how many updates were made but then overwritten.
fn findings(values: &Values, trace: &Trace) -> Vec<Finding> {
    let expected = values.count("updates") as i64;
    let actual = trace.samples().last().map_or(0, |sample| sample.level);
    let made = trace.marks_of(MarkKind::TaskCompleted).count() as i64;
    let counts = [("expected_count", expected), ("actual_count", actual)];
    let counts = counts.map(|(key, count)| Finding::new(key, FindingValue::Count(count)));
    let lost = (made > 0).then(|| Finding::fault("lost_updates", made - actual, made));
    counts.into_iter().chain(lost).collect()
}
