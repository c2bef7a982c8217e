// Every 50 ms: the longest turn that is no long task.
export async function run(work) {
  let sliceBegan = performance.now();
  for (const job of work.jobs) {
    work.compute(job);
    if (performance.now() - sliceBegan >= 50) {
      await work.giveWay();
      sliceBegan = performance.now();
    }
  }
}
