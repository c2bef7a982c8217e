//! **Microtasks first**: a timer of 0 ms against a microtask that queues another one.
//!
//! The loop goes on to the next task only when no microtask is left, and those that microtasks have
//! queued count as well. (HTML standard: *perform a microtask checkpoint*.)
//!
//! *Mistaken for* a yield: microtasks that queue microtasks can keep the loop busy forever.

use super::Program;

pub async fn run(program: Program) {
    program.set_timeout(0, |program| program.print(1));
    program.queue_microtask(|program| {
        program.print(2);
        program.queue_microtask(|program| program.print(3));
    });
    program.print(4);
}
