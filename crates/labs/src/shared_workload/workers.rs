//! **Workers**: compute on other threads, and let the event loop only wait.
//!
//! A thread computes for us while we await its result, so the loop is free all the time.
//! What `run_in_executor` with a `ProcessPoolExecutor` does in Python, web workers do here.
//!
//! *Costs* N × compute ÷ workers and the last save, as long as there is a core for each
//! worker; starting one takes a while, and every task travels there and back by message.
//! *Choose it* when most of the time goes into computing, or when no freeze is acceptable.

use engine::Semaphore;

use super::Workload;

pub async fn run(work: Workload) {
    let workers = work.workers().await;
    let in_flight = Semaphore::new(work.in_flight);
    let mut saves = Vec::new();

    for job in work.jobs() {
        let (work, workers, in_flight) = (work.clone(), workers.clone(), in_flight.clone());
        saves.push(work.clone().spawn(async move {
            let result = work.compute_elsewhere(&workers, job).await; // the loop stays free
            work.save_within(&in_flight, result).await;
        }));
    }
    work.wait_for(saves).await;
}
