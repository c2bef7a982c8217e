// No yield: start each save in the background, but never give the thread back.
export async function run(work) {
  const saves = [];
  for (const job of work.jobs) {
    const result = work.compute(job);
    // A promise starts at once, unlike a task; but the request first leaves when the thread is free.
    saves.push(work.saveWithin(work.limit, result));
    // Missing here: the line that lets the saves begin.
  }
  await Promise.all(saves);
}
