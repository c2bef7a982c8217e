//! **Background**: the same continuation, but of a background task.
//!
//! It still goes before tasks of its own priority; but that priority is the lowest, so timers, messages
//! and everything else come first.
//!
//! *Choose it* to yield: it is the cheapest way, and nobody has to wait for us.

use super::{Priority, Program};

pub async fn run(program: Program) {
    program.scheduler_yield_in_background(|program| {
        program.print(1);
        program.post_task(Priority::Background, |program| program.print(2));
        program.scheduler_yield_in_background(|program| program.print(3));
        program.set_timeout(0, |program| program.print(4));
    });
}
