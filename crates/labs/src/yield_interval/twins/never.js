// Never: compute everything in one turn.
export async function run(work) {
  for (const job of work.jobs) work.compute(job);
}
