// `postTask`, user-blocking: always the most urgent task.
export async function run(work) {
  for (const piece of work.pieces) {
    work.compute(piece);
    await scheduler.postTask(() => {}, { priority: "user-blocking" });
  }
}
