//! **Idle**: `requestIdleCallback` against everything else.
//!
//! Idle callbacks run when there is nothing else to do: after messages, due timers and even background
//! tasks. One that is asked for in an idle period belongs to the next, which may begin 50 ms later.
//! (W3C requestIdleCallback: *start an idle period*.)
//!
//! *Choose it* for work that may as well never happen. On a busy page it may never get its turn.

use super::Program;

pub async fn run(program: Program) {
    program.request_idle_callback(|program| {
        program.print(1);
        program.request_idle_callback(|program| program.print(2));
        program.set_timeout(0, |program| program.print(3));
    });
    program.set_timeout(0, |program| program.print(4));
    program.post_message(|program| program.print(5));
}
