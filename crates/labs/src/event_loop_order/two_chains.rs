//! **Two chains**: two tasks that each wait for a microtask after every line.
//!
//! The queue of microtasks is first in, first out. A task that waits goes to its end, so the two take turns;
//! and the timer waits until neither has anything left, since all microtasks belong to one turn.
//!
//! *Mistaken for* fairness to all: the two are fair to each other, and to nobody else.

use super::Program;

pub async fn run(program: Program) {
    program.set_timeout(0, |program| program.print(1));
    let (one, other) = (program.clone(), program.clone());
    program.spawn(async move {
        one.print(2);
        one.microtask().await;
        one.print(3);
        one.microtask().await;
        one.print(4);
    });
    program.spawn(async move {
        other.print(5);
        other.microtask().await;
        other.print(6);
    });
}
