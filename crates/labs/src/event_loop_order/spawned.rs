//! **Spawned**: when does a spawned task begin?
//!
//! Not at once. `spawn` only puts it into the queue; it first runs when the code that is running now
//! has come to an end or awaits. Python's `create_task` does the same.
//!
//! *Mistaken for* a call: whoever expects the task to have begun after `spawn` reads old values.

use super::Program;

pub async fn run(program: Program) {
    program.print(1);
    let beside = program.clone();
    program.spawn(async move { beside.print(2) });
    program.print(3);
}
