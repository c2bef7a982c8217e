// `requestIdleCallback`: one piece for every idle period.
export async function run(work) {
  for (const piece of work.pieces) {
    work.compute(piece);
    await new Promise((resume) => requestIdleCallback(resume));
  }
}
