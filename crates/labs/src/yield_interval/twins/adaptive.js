// Adaptive: give way when somebody waits, and otherwise when the slice is used up.
export async function run(work) {
  let sliceBegan = performance.now();
  for (const job of work.jobs) {
    work.compute(job);
    const inputIsPending = navigator.scheduling?.isInputPending(); // Chromium only
    if (inputIsPending || performance.now() - sliceBegan >= 50) {
      await work.giveWay();
      sliceBegan = performance.now();
    }
  }
}
