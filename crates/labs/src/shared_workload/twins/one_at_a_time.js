// One at a time: asynchronous, but each save is awaited before the next task begins.
export async function run(work) {
  for (const job of work.jobs) {
    const result = work.compute(job);
    await work.save(result); // others may run now; we do not
  }
}
