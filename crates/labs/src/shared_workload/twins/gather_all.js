// Gather all: one batch of everything.
export async function run(work) {
  const results = work.jobs.map((job) => work.compute(job));
  await Promise.all(results.map((result) => work.save(result)));
}
