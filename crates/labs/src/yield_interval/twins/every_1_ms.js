// Every 1 ms: finer than anyone can feel.
export async function run(work) {
  let sliceBegan = performance.now();
  for (const job of work.jobs) {
    work.compute(job);
    if (performance.now() - sliceBegan >= 1) {
      await work.giveWay();
      sliceBegan = performance.now();
    }
  }
}
