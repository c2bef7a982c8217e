// Every task: give the thread back after each task.
export async function run(work) {
  for (const job of work.jobs) {
    work.compute(job);
    await work.giveWay();
  }
}
