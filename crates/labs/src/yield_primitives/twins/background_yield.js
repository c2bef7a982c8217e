// `scheduler.yield()` in the background: the continuation inherits the priority of the task that it is in.
export async function run(work) {
  await scheduler.postTask(async () => {
    for (const piece of work.pieces) {
      work.compute(piece);
      await scheduler.yield();
    }
  }, { priority: "background" });
}
