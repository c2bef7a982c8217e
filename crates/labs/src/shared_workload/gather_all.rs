//! **Gather all**: one batch of everything.
//!
//! Compute all results first, then send all of them and wait: `asyncio.gather(*saves)`.
//! The shortest program that overlaps its saves, and the longest freeze.
//!
//! *Costs* N × compute, then ⌈N / capacity⌉ saves; frozen for all of the computing.
//! *Choose it* when there is little to compute and the server can take all requests at once.

use super::Workload;

pub async fn run(work: Workload) {
    let results: Vec<_> = work.jobs().into_iter().map(|job| work.compute(job)).collect();
    let saves = results.into_iter().map(|result| work.save(result));
    work.gather(saves).await;
}
