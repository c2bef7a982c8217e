//! **Microtasks between**: two timers are due, and each queues a microtask.
//!
//! Each timer is a turn of its own, and every turn ends with its microtasks. So the first timer's
//! microtask runs before the second timer. (Node.js differed until version 11.)
//!
//! *Mistaken for* two queues, worked off one after the other.

use super::Program;

pub async fn run(program: Program) {
    program.set_timeout(0, |program| {
        program.print(1);
        program.queue_microtask(|program| program.print(2));
    });
    program.set_timeout(0, |program| {
        program.print(3);
        program.queue_microtask(|program| program.print(4));
    });
}
