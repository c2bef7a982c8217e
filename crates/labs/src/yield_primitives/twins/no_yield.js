// No yield: the computing alone, in one turn.
export async function run(work) {
  for (const piece of work.pieces) {
    work.compute(piece);
  }
}
