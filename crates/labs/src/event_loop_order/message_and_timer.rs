//! **Message and timer**: both should come at once; which comes first?
//!
//! The standard leaves it open: messages and timers come from different sources, and the browser chooses
//! among its sources. In Chromium a message to ourselves takes its place at the end of the turn, behind
//! the timer of 0 ms, which takes it at once.
//!
//! *Mistaken for* a rule: other browsers may differ, so a program should not depend on it.

use super::Program;

pub async fn run(program: Program) {
    program.post_message(|program| {
        program.print(1);
        program.post_message(|program| program.print(2));
    });
    program.set_timeout(0, |program| program.print(3));
}
