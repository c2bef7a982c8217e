//! **Continuation**: the rest of our code after `scheduler.yield()`, against tasks that were there before.
//!
//! A continuation goes before all tasks of its priority, even before those that have waited longer
//! (WICG Prioritized Task Scheduling: *effective priority*). Timers and messages rank like those tasks.
//!
//! *Costs* the others their turn: a loop that yields this way lets input and frames in, and nothing else.

use super::{Priority, Program};

pub async fn run(program: Program) {
    program.set_timeout(0, |program| program.print(1));
    program.post_task(Priority::UserVisible, |program| program.print(2));
    program.post_task(Priority::UserBlocking, |program| program.print(3));
    program.scheduler_yield(|program| {
        program.print(4);
        program.scheduler_yield(|program| program.print(5));
    });
}
