// `setTimeout(0)`: a timer, which is held back by 4 ms when it is nested.
export async function run(work) {
  for (const piece of work.pieces) {
    work.compute(piece);
    await new Promise((resume) => setTimeout(resume));
  }
}
