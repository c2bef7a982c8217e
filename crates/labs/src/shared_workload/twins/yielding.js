// Yielding: start each save in the background, and give the thread back after each result.
export async function run(work) {
  const saves = [];
  for (const job of work.jobs) {
    const result = work.compute(job);
    saves.push(work.saveWithin(work.limit, result));
    await work.yield(); // scheduler.yield() in a background task, or a message: responses are taken in
  }
  await Promise.all(saves);
}
