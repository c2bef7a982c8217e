// Blocking: compute, then save and wait on the spot.
export async function run(work) {
  for (const job of work.jobs) {
    const result = work.compute(job);
    work.saveInPlace(result); // a synchronous XMLHttpRequest: the event loop never gets its turn
  }
}
