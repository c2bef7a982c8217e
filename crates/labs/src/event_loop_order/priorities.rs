//! **Priorities**: four tasks of `scheduler.postTask`, the least urgent first.
//!
//! The most urgent comes first, whenever it was posted; among equals, the older one. A microtask is
//! still before all of them, since it belongs to the turn that is not over.
//!
//! *Choose them* to say what can wait. There is no priority that lets only *some* others go first.

use super::{Priority, Program};

pub async fn run(program: Program) {
    program.post_task(Priority::Background, |program| program.print(1));
    program.post_task(Priority::UserVisible, |program| program.print(2));
    program.post_task(Priority::UserVisible, |program| program.print(3));
    program.post_task(Priority::UserBlocking, |program| program.print(4));
    program.queue_microtask(|program| program.print(5));
}
