// Workers: compute on other threads, and let the event loop only wait.
export async function run(work) {
  await Promise.all(work.jobs.map(async (job) => {
    const result = await work.computeElsewhere(job); // postMessage to a worker: the loop stays free
    await work.saveWithin(work.limit, result);
  }));
}
