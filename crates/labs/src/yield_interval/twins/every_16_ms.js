// Every 16 ms: one frame.
export async function run(work) {
  let sliceBegan = performance.now();
  for (const job of work.jobs) {
    work.compute(job);
    if (performance.now() - sliceBegan >= 16) {
      await work.giveWay();
      sliceBegan = performance.now();
    }
  }
}
