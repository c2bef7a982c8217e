//! Lab `event-loop-order`: what runs next?
//!
//! Small programs that print numbers. A number says where its line is in the source; the event loop decides
//! the order in which they are printed. This file holds what a program can do, under the names that browsers
//! use; each program is a file next to it, to be read before it is run.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use engine::trace::{MarkKind, Nanos, TaskId, Trace};
use engine::{Runtime, Task, Work, YieldWith};
use lab::lesson::Try;
use lab::{Finding, FindingValue, Lab, Need, Setup, Twin, strategy};

mod background;
mod continuation;
mod equal_timers;
mod frames;
mod idle;
mod late_timers;
mod message_and_timer;
mod microtasks_between;
mod microtasks_first;
mod nested_awaits;
mod nested_timers;
mod priorities;
mod ready_await;
mod spawned;
#[cfg(test)]
mod tests;
mod timers;
mod two_chains;

/// A program of this lab. Each has a twin in the browsers' JavaScript.
macro_rules! program {
    ($module:ident) => {
        strategy!($module, |rt, _values| to_the_end(rt.clone(), |program| Box::pin($module::run(program))))
            .also_in(&[Twin::JavaScript])
    };
}

/// The lab, as listed in the catalogue.
pub static LAB: Lab = Lab {
    id: "event-loop-order",
    params: &[],
    strategies: &[
        program!(spawned),
        program!(ready_await),
        program!(nested_awaits),
        program!(two_chains),
        program!(microtasks_first),
        program!(microtasks_between),
        program!(timers),
        program!(equal_timers),
        program!(nested_timers),
        program!(late_timers),
        program!(message_and_timer),
        program!(priorities).needing(Need::Yield(YieldWith::PostTaskUserVisible)),
        program!(continuation).needing(Need::Yield(YieldWith::SchedulerYield)),
        program!(background).needing(Need::Yield(YieldWith::BackgroundYield)),
        program!(frames).needing(Need::Yield(YieldWith::AnimationFrame)),
        program!(idle).needing(Need::Yield(YieldWith::IdleCallback)),
    ],
    scenarios: &[],
    // A program has lines, not tasks.
    setup: |_| Setup::new(0, 1),
    sweep: None,
    tries: &[
        Try::new("run", |seen| !seen.measured.is_empty()),
        Try::new("on_page", |seen| seen.measured("idle").is_some()),
    ],
    findings: |_, trace| vec![Finding::new("order", FindingValue::Order(printed(trace)))],
    quick: &[],
};

/// The numbers in the order in which they were printed.
fn printed(trace: &Trace) -> Vec<u32> {
    trace.marks_of(MarkKind::Printed).map(|mark| mark.task.0).collect()
}

/// What printing a number costs, in lab time: little, but enough to be seen on the timeline.
const PRINT: Nanos = Nanos(500_000);

/// The priorities of `scheduler.postTask`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Priority {
    /// Before everything else.
    UserBlocking,
    /// The default.
    UserVisible,
    /// After everything else.
    Background,
}

/// What a program can do. Cheap to clone; every callback gets one.
#[derive(Clone)]
pub struct Program {
    rt: Runtime,
    /// What is still to run. The run owns it, so that a program that is stopped leaves nothing behind.
    pending: Weak<RefCell<Vec<Task<()>>>>,
}

/// Runs a program, and everything that it has asked for.
async fn to_the_end(rt: Runtime, run: fn(Program) -> Work) {
    let pending = Rc::new(RefCell::new(Vec::new()));
    run(Program { rt, pending: Rc::downgrade(&pending) }).await;
    loop {
        let Some(task) = pending.borrow_mut().pop() else { break };
        task.await;
    }
}

impl Program {
    /// Prints a number.
    #[track_caller]
    pub fn print(&self, number: u32) {
        self.rt.reached();
        self.rt.mark(MarkKind::Printed, TaskId(number));
        self.rt.spend_cpu(TaskId(number), PRINT);
    }

    /// Computes for this many milliseconds. Nothing else runs meanwhile.
    #[track_caller]
    pub fn compute(&self, ms: u64) {
        self.rt.reached();
        self.rt.spend_cpu(TaskId::NONE, Nanos(ms * 1_000_000));
    }

    /// Starts `work` next to the caller. It begins when the caller next awaits something.
    pub fn spawn(&self, work: impl Future<Output = ()> + 'static) {
        if let Some(pending) = self.pending.upgrade() {
            pending.borrow_mut().push(self.rt.spawn(work));
        }
    }

    /// Awaits something that is already there.
    pub async fn ready(&self) {}

    /// Awaits something that will be there one microtask later.
    pub async fn microtask(&self) {
        self.rt.yield_now(YieldWith::Microtask).await;
    }

    /// Calls `then` when the code of this turn is through, before the loop goes on.
    pub fn queue_microtask(&self, then: impl FnOnce(Program) + 'static) {
        self.when(std::future::ready(()), then);
    }

    /// Calls `then` after this many milliseconds: never sooner, perhaps later.
    pub fn set_timeout(&self, ms: u64, then: impl FnOnce(Program) + 'static) {
        self.when(self.rt.sleep(Nanos(ms * 1_000_000)), then);
    }

    /// Sends a message to ourselves through a `MessageChannel`, and calls `then` when it arrives.
    pub fn post_message(&self, then: impl FnOnce(Program) + 'static) {
        self.when(self.rt.turn(YieldWith::Message), then);
    }

    /// Calls `then` in a task of this priority.
    pub fn post_task(&self, priority: Priority, then: impl FnOnce(Program) + 'static) {
        let with = match priority {
            Priority::UserBlocking => YieldWith::PostTaskUserBlocking,
            Priority::UserVisible => YieldWith::PostTaskUserVisible,
            Priority::Background => YieldWith::PostTaskBackground,
        };
        self.when(self.rt.turn(with), then);
    }

    /// Calls `then` where our code would continue after `scheduler.yield()`.
    pub fn scheduler_yield(&self, then: impl FnOnce(Program) + 'static) {
        self.when(self.rt.turn(YieldWith::SchedulerYield), then);
    }

    /// The same in a task of background priority, which the continuation inherits.
    pub fn scheduler_yield_in_background(&self, then: impl FnOnce(Program) + 'static) {
        self.when(self.rt.turn(YieldWith::BackgroundYield), then);
    }

    /// Calls `then` when the next frame is drawn.
    pub fn request_animation_frame(&self, then: impl FnOnce(Program) + 'static) {
        self.when(self.rt.turn(YieldWith::AnimationFrame), then);
    }

    /// Calls `then` when there is nothing else to do.
    pub fn request_idle_callback(&self, then: impl FnOnce(Program) + 'static) {
        self.when(self.rt.turn(YieldWith::IdleCallback), then);
    }

    fn when(&self, it_is_time: impl Future<Output = ()> + 'static, then: impl FnOnce(Program) + 'static) {
        let program = self.clone();
        self.spawn(async move {
            it_is_time.await;
            then(program);
        });
    }
}
