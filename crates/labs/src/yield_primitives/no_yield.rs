//! **No yield**: the computing alone, in one turn.
//!
//! Not a way to share the thread, but the bound to beat: no loop that gives it back can finish earlier.
//! The distance of the others from it is what their yields cost.
//!
//! *Costs* nothing but the patience of everybody else.

use super::Workload;

pub async fn run(work: Workload) {
    for piece in work.pieces() {
        work.compute(piece);
    }
}
