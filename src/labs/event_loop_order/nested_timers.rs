//! **Nested timers**: a timer of 0 ms that sets a timer of 0 ms, and so on.
//!
//! The first six come at once. From the seventh on the browser makes each wait for at least 4 ms
//! (HTML standard: *if nesting level is greater than 5*), so the timer of 6 ms overtakes it.
//!
//! *Costs* 4 ms a step: 600 yields through `setTimeout(0)` are two and a half seconds of waiting.

use super::Program;

pub async fn run(program: Program) {
    program.set_timeout(6, |program| program.print(1));
    program.set_timeout(0, |program| step(program, 2));
}

fn step(program: Program, number: u32) {
    program.print(number);
    if number < 9 {
        program.set_timeout(0, move |program| step(program, number + 1));
    }
}
