// `postTask`, user-visible: a task like any other.
export async function run(work) {
  for (const piece of work.pieces) {
    work.compute(piece);
    await scheduler.postTask(() => {});
  }
}
