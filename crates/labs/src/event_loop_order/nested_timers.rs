//! **Nested timers**: a chain of timers of 0 ms, each set by the one before, beside a chain of messages.
//!
//! For six steps they take turns. From the seventh timer on the browser makes each wait for at least
//! 4 ms (HTML standard: *if nesting level is greater than 5*), and the messages run ahead.
//!
//! *Costs* 4 ms per step: 600 yields through `setTimeout(0)` are two and a half seconds of waiting.

use super::Program;

pub async fn run(program: Program) {
    program.set_timeout(0, |program| timer(program, 1));
    program.post_message(|program| message(program, 9));
}

fn timer(program: Program, number: u32) {
    program.print(number);
    if number < 8 {
        program.set_timeout(0, move |program| timer(program, number + 1));
    }
}

fn message(program: Program, number: u32) {
    program.print(number);
    if number < 15 {
        program.post_message(move |program| message(program, number + 1));
    }
}
