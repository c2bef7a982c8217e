// How far predictions are off: scenarios of `shared-workload`, run for real at scale 1, in a worker and on the page.
//
//   node bench/model.mjs
import { start } from "../tests/e2e/browser.js";
import { median, table, target } from "./report.mjs";

const QUICK = "batched,gather-all,no-yield,yielding,workers,no-io";
/** Strategies that wait for every single save would take minutes in some scenarios and freeze the page in others. */
const SCENARIOS = {
  default: {},
  "cpu-bound": { scenario: "cpu-bound" },
  "slow-server": { scenario: "slow-server" },
  "io-bound": { scenario: "io-bound", strategies: QUICK },
  overload: { scenario: "overload", strategies: QUICK },
  "book-100-7": { scenario: "book-100-7", strategies: QUICK },
  "book-300-7": { scenario: "book-300-7", strategies: QUICK },
};
const ALL = "blocking,one-at-a-time,batched,gather-all,no-yield,yielding,workers,no-io";

const { open, close } = await start();
try {
  for (const place of ["worker", "page"]) await report(place);
} finally {
  await close();
}

async function report(place) {
  console.log(`\nModel error in ${place === "page" ? "the page" : "a worker"}, % (v: void, the machine was busy)`);
  const page = await open(`?run_on=${place}`);
  const rows = [["", ...ALL.split(",")]];
  const errors = [];
  let instrumentation = 0;
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    const asked = { strategies: ALL, ...scenario, workers: 2, scale: 1 };
    const { strategies } = await page.evaluate((asked) => window.loopscope.set(asked).then(() => window.loopscope.run()), asked);
    const cells = Object.fromEntries(strategies.map(({ id, predicted, measured }) => {
      if (measured.void) return [id, "v"];
      const error = (predicted.makespan_ms / measured.makespan_ms - 1) * 100;
      errors.push(Math.abs(error));
      if (name === "default") instrumentation = Math.max(instrumentation, measured.instrumentation * 100);
      return [id, error.toFixed(1)];
    }));
    rows.push([name, ...ALL.split(",").map((id) => cells[id] ?? "")]);
  }
  table(rows);
  const { costs } = (await page.evaluate(() => window.loopscope.summary())).environment.calibration;
  const middle = median(errors);
  target("a median error of at most 5 %", middle <= 5, `${middle.toFixed(2)} % of ${errors.length} runs`);
  target("recording a span takes at most 200 ns", costs.record_ms <= 200e-6, `${(costs.record_ms * 1e6).toFixed(0)} ns`);
  target("instrumentation takes at most 1 % by default", instrumentation <= 1, `${instrumentation.toFixed(3)} %`);
  await page.context().close();
}
