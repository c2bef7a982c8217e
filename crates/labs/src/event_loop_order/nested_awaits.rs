//! **Nested awaits**: what goes on when the innermost of three functions has to wait?
//!
//! Calling an `async fn` and awaiting it is like calling any function: no queue, no turn. Only where
//! something is really waited for does the whole stack of functions stop, and it goes on as a whole.
//!
//! *Mistaken for* tasks: three nested functions are one task, however many `await`s lie between.

use super::Program;

pub async fn run(program: Program) {
    program.queue_microtask(|program| program.print(1));
    outer(&program).await;
    program.print(2);
}

async fn outer(program: &Program) {
    program.print(3);
    inner(program).await;
    program.print(4);
}

async fn inner(program: &Program) {
    program.print(5);
    program.microtask().await; // here all three functions wait
    program.print(6);
}
