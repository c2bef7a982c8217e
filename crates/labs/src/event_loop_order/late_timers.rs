//! **Late timers**: three timers become due while the loop computes.
//!
//! Nobody looks at the clock during a turn. When it ends, the loop finds all three due and runs them
//! in the order of their deadlines; but the message, though posted last, is already in line.
//! (Chromium: a timer gets its place in line when the loop notices that it is due.)
//!
//! *Mistaken for* an interrupt: a timer never interrupts anything.

use super::Program;

pub async fn run(program: Program) {
    program.set_timeout(6, |program| program.print(1));
    program.set_timeout(4, |program| program.print(2));
    program.set_timeout(2, |program| program.print(3));
    program.compute(20);
    program.post_message(|program| program.print(4));
}
