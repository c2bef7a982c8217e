//! **Batched**: collect a batch of results, send them all at once, wait for all of them.
//!
//! The saves of a batch overlap with each other, so a batch waits once instead of B times.
//! But nothing is sent while we compute, and nothing is computed while we wait.
//!
//! *Costs* N × compute, and one save per batch (more when the batch exceeds the server's
//! capacity); the longest freeze is a whole batch of computing.
//! *Choose it* when results come in groups anyway and nobody needs the page meanwhile.

use super::Workload;

pub async fn run(work: Workload) {
    for batch in work.jobs().chunks(work.batch) {
        let results: Vec<_> = batch.iter().map(|job| work.compute(*job)).collect();
        let saves = results.into_iter().map(|result| work.save(result));
        work.gather(saves).await; // the slowest save of the batch decides
    }
}
