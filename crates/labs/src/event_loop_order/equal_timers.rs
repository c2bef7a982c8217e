//! **Equal timers**: several timers with the same deadline.
//!
//! They run in the order in which they were set (HTML standard, *run steps after a timeout*), each in a
//! turn of its own: what the first one posts can come before the last one.
//!
//! *Mistaken for* one event: between two of them the loop may do anything.

use super::Program;

pub async fn run(program: Program) {
    program.set_timeout(10, |program| program.print(1));
    program.set_timeout(5, |program| program.print(2));
    program.set_timeout(10, |program| program.print(3));
    program.set_timeout(5, |program| program.print(4));
}
