// Microtask: a promise that is resolved already. It looks like a yield and is none.
export async function run(work) {
  for (const piece of work.pieces) {
    work.compute(piece);
    await null;
  }
}
