// `scheduler.yield()`: a continuation, before all tasks of its priority.
export async function run(work) {
  for (const piece of work.pieces) {
    work.compute(piece);
    await scheduler.yield();
  }
}
