// Every 100 ms: the upper end of what the book advises.
export async function run(work) {
  let sliceBegan = performance.now();
  for (const job of work.jobs) {
    work.compute(job);
    if (performance.now() - sliceBegan >= 100) {
      await work.giveWay();
      sliceBegan = performance.now();
    }
  }
}
