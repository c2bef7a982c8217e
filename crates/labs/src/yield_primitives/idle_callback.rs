//! **`requestIdleCallback`**: one piece for every idle period.
//!
//! The browser calls when it has nothing else to do. A callback that is asked for in an idle period belongs
//! to the next one, which begins when the browser looks again: when something is due, at the latest after
//! 50 ms. (W3C requestIdleCallback; HTML standard, *computeDeadline*.)
//!
//! *Costs* up to 50 ms per yield; the quieter the page, the more.
//! *Choose it* for work that need not be done at all, and do as much of it in one call as the deadline allows.

use engine::YieldWith;

use super::Workload;

pub async fn run(work: Workload) {
    for piece in work.pieces() {
        work.compute(piece);
        work.yield_with(YieldWith::IdleCallback).await;
    }
}
