// Batched: collect a batch of results, send them all at once, wait for all of them.
export async function run(work) {
  for (let start = 0; start < work.jobs.length; start += work.batch) {
    const results = work.jobs.slice(start, start + work.batch).map((job) => work.compute(job));
    await Promise.all(results.map((result) => work.save(result)));
  }
}
