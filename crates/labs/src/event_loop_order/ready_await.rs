//! **Ready await**: does every `await` let the others run?
//!
//! In Rust and in Python it does not: what is already there is taken, and the code goes on without a
//! pause. In JavaScript every `await` costs a microtask, so there 2 would come before 4. But on no
//! event loop does it let a timer or a click in.
//!
//! *Mistaken for* a yield: a loop that awaits only what is ready freezes the page.

use super::Program;

pub async fn run(program: Program) {
    program.print(1);
    program.queue_microtask(|program| program.print(2));
    program.set_timeout(0, |program| program.print(3));
    program.ready().await;
    program.print(4);
}
