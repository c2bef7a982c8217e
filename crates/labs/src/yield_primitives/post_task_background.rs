//! **`postTask`, background**: the lowest priority, which is for what can wait.
//!
//! Everything that is due goes before our next piece. On a busy page that can take long, and that is the
//! point.
//!
//! *Costs* a few microseconds per yield on a quiet page.
//! *Choose it* for long computing next to I/O, where there is no `scheduler.yield`.

use engine::YieldWith;

use super::Workload;

pub async fn run(work: Workload) {
    for piece in work.pieces() {
        work.compute(piece);
        work.yield_with(YieldWith::PostTaskBackground).await;
    }
}
