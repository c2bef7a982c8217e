// The CPU work of the twin: a hash loop with a fixed number of steps. Loaded as a worker, it does nothing else.
//
// As one plain loop it took three times as long in its first sixty calls, and again whenever
// its caller was optimised anew with the loop inlined. Unrolled it is too large to be inlined, in
// chunks it is optimised by call count, and its state is in a typed array so that no tier boxes it.

const UNROLLED = 16;
const PER_CHUNK = 256;
const state = new Int32Array(1);
const STEP = "h ^= h >>> 15; h = Math.imul(h, 0x2c1b3c6d); h ^= h >>> 12; h = (h + i) | 0; i = (i + 1) | 0;";
const chunk = new Function(
  "state", "i", "count",
  `let h = state[0]; for (let k = 0; k < count; k++) { ${STEP.repeat(UNROLLED)} } state[0] = h;`,
);

/** Computes this many steps, without a pause. */
export function compute(steps) {
  let i = 0;
  for (let left = Math.ceil(steps / UNROLLED); left > 0; left -= PER_CHUNK) {
    const count = Math.min(PER_CHUNK, left);
    chunk(state, i, count);
    i += count * UNROLLED;
  }
}

/** Computes until the compiler has nothing left to improve. */
export function warmUp(ms = 1000) {
  for (const end = performance.now() + ms; performance.now() < end; ) compute(1_000_000);
}

/** How many steps take a millisecond at present. */
export function stepsPerMs() {
  const STEPS = 400_000;
  const speeds = Array.from({ length: 15 }, () => {
    const start = performance.now();
    compute(STEPS);
    return STEPS / (performance.now() - start);
  });
  return speeds.sort((a, b) => a - b)[7];
}

if (typeof document === "undefined") {
  self.onmessage = ({ data: { id, steps, warm } }) => {
    if (warm) {
      warmUp();
      postMessage({ warm });
      return;
    }
    const start = performance.now();
    compute(steps);
    postMessage({ id, cpu: performance.now() - start });
  };
}
