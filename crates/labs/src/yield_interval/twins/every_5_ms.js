// Every 5 ms: React's slice.
export async function run(work) {
  let sliceBegan = performance.now();
  for (const job of work.jobs) {
    work.compute(job);
    if (performance.now() - sliceBegan >= 5) {
      await work.giveWay();
      sliceBegan = performance.now();
    }
  }
}
