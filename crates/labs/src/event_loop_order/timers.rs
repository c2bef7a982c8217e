//! **Timers**: the earliest deadline first.
//!
//! What counts is when a timer is due, not when it was set. A timer of 0 ms is no exception: it is due
//! at once, and still waits until the code that set it is through.
//!
//! *Mistaken for* an exact time: a timer says "not before", never "at".

use super::Program;

pub async fn run(program: Program) {
    program.set_timeout(30, |program| program.print(1));
    program.set_timeout(10, |program| program.print(2));
    program.set_timeout(0, |program| program.print(3));
    program.print(4);
}
