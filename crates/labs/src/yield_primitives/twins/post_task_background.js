// `postTask`, background: everything else goes first.
export async function run(work) {
  for (const piece of work.pieces) {
    work.compute(piece);
    await scheduler.postTask(() => {}, { priority: "background" });
  }
}
