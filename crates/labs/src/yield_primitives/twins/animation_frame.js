// `requestAnimationFrame`: one piece for every frame.
export async function run(work) {
  for (const piece of work.pieces) {
    work.compute(piece);
    await new Promise(requestAnimationFrame);
  }
}
