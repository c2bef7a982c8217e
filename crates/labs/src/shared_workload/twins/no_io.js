// No I/O: the computing alone, nothing saved.
export async function run(work) {
  for (const job of work.jobs) work.compute(job);
}
