// Compares Loopscope's strategies in a real browser with the same in plain JavaScript (twin.js), in turns.
//
//   node bench/loop.mjs <rounds> <folder of turns.rs as built by wasm-bindgen --target web>
import { fileURLToPath } from "node:url";
import { start } from "../tests/e2e/browser.js";
import { median, spread, table, target } from "./report.mjs";

const LOAD = { cpu_ms: 5, latency_ms: 100, capacity: 100, batch: 100, in_flight: 100, workers: 2 };
/** Strategies that wait for every single save get fewer and shorter ones, so that a round stays short. */
const WORKLOADS = {
  blocking: { ...LOAD, tasks: 30, latency_ms: 20 },
  "one-at-a-time": { ...LOAD, tasks: 30, latency_ms: 20 },
  batched: { ...LOAD, tasks: 300 },
  "gather-all": { ...LOAD, tasks: 300 },
  yielding: { ...LOAD, tasks: 300, yield_with: "background-yield" },
  workers: { ...LOAD, tasks: 300 },
};
/** Strategies with a target are run more often. */
const REPEATED = { yielding: 3 };
const YIELDS = ["background-yield", "scheduler-yield", "post-task-background", "post-task-user-visible", "message"];
const YIELDS_PER_RUN = 1_000;
const SPAWNS_PER_RUN = 10_000;
const PAIRS_PER_ROUND = 30;

const rounds = Number(process.argv[2]);
const turns = process.argv[3];
const { open, openAt, close } = await start({
  "/bench/": fileURLToPath(new URL(".", import.meta.url)),
  "/turns/": turns,
});
try {
  const drawing = await open("?v=1&lab=shared-workload");
  const still = await open("?v=1&lab=shared-workload", { before: stopTheHeart });
  const twin = await openAt("/bench/index.html");
  await twin.waitForFunction(() => window.runtime);
  await compareTurns(twin);
  await compareStrategies({ drawing, still }, twin);
} finally {
  await close();
}

/** Keeps the page from drawing during a run (BEAT_MS in src/app/run.rs), since the twin does not draw either. */
function stopTheHeart() {
  const set = window.setInterval;
  window.setInterval = (callback, ms, ...rest) => (ms === 100 ? 0 : set(callback, ms, ...rest));
}

/** What a yield and a spawned task cost, without any computing. */
async function compareTurns(page) {
  const kinds = [
    ...YIELDS.map((id) => ({ label: `yield: ${id}`, name: "yields", parameters: [id, YIELDS_PER_RUN] })),
    { label: "spawned task", name: "spawns", parameters: [SPAWNS_PER_RUN] },
  ].map((kind) => ({ ...kind, ours: [], script: [] }));
  /** Short runs of both sides in turns, so that changes of the machine's speed affect both. In µs per yield or task. */
  const pairsOf = ({ name, parameters }) => page.evaluate(async ([name, parameters, pairs]) => {
    const cost = async (api) => ((await api[name](...parameters)) * 1e3) / parameters.at(-1);
    const costs = { ours: [], script: [] };
    for (let i = 0; i < pairs; i++) {
      costs.ours.push(await cost(window.runtime));
      costs.script.push(await cost(window.twin));
    }
    return costs;
  }, [name, parameters, PAIRS_PER_ROUND]);
  for (let round = -1; round < rounds; round++) {
    for (const kind of kinds) {
      const { ours, script } = await pairsOf(kind);
      if (round < 0) continue; // a round for the compilers to warm up
      kind.ours.push(...ours);
      kind.script.push(...script);
    }
  }
  const ratios = ({ ours, script }) => ours.map((cost, i) => cost / script[i]);
  console.log(`\nµs each; medians of ${rounds * PAIRS_PER_ROUND} runs of each side (quartiles)\n`);
  table([
    ["", "ours", "JavaScript", "ratio"],
    ...kinds.map((kind) => [kind.label, spread(kind.ours, 2), spread(kind.script, 2), spread(ratios(kind), 2)]),
  ]);
  console.log();
  for (const kind of kinds.filter(({ name }) => name === "yields")) {
    const ratio = median(ratios(kind));
    target(`${kind.label} at most 1.08 × JavaScript's`, ratio <= 1.08, `${ratio.toFixed(2)} ×`);
  }
}

/** The strategies of the lab. The twin's tasks take as long as ours took just before. */
async function compareStrategies(pages, twin) {
  const rows = [
    ...Object.keys(WORKLOADS).map((strategy) => ({ label: strategy, strategy, page: pages.still })),
    { label: "yielding, page drawing", strategy: "yielding", page: pages.drawing },
  ].map((row) => ({ ...row, load: WORKLOADS[row.strategy], pairs: [] }));
  const unknown = new Set();
  for (let round = 0; round < rounds; round++) {
    for (const { strategy, page, load, pairs } of rows) {
      for (let i = 0; i < (REPEATED[strategy] ?? 1) && !unknown.has(strategy); i++) {
        const ours = await runOnPage(page, strategy, load);
        if (!ours) {
          console.log(`The page does not know \`${strategy}\`: left out.`);
          unknown.add(strategy);
          break;
        }
        const options = { ...load, cpu_ms: ours.cpu_ms / load.tasks };
        const script = await twin.evaluate(([strategy, options]) => window.twin.run(strategy, options), [strategy, options]);
        pairs.push({ ours: numbers(ours, strategy, load), script: numbers(script, strategy, load) });
      }
    }
  }
  console.log(`
Ours / JavaScript's; medians of alternating runs (quartiles). The fair ratio is that of the makespans, each
divided by the least that what the very run computed could have taken: machines change speed as they run.
`);
  const fair = ({ ours, script }) => ours.excess / script.excess;
  table([
    ["", "pairs", "makespan, ms", "ratio", "fair ratio", "longest block, ms", "CPU a task, ms"],
    ...rows.filter(({ pairs }) => pairs.length).map(({ label, pairs }) => {
      const both = (key, digits) =>
        ["ours", "script"].map((side) => median(pairs.map((pair) => pair[side][key])).toFixed(digits)).join(" / ");
      return [
        label,
        String(pairs.length),
        both("makespan", 0),
        median(pairs.map(({ ours, script }) => ours.makespan / script.makespan)).toFixed(3),
        spread(pairs.map(fair), 3),
        both("block", 1),
        both("cpu", 2),
      ];
    }),
  ]);
  console.log();
  for (const [name, most] of [["yielding", 1.005], ["yielding, page drawing", 1.012]]) {
    const ratio = median(rows.find(({ label }) => label === name).pairs.map(fair));
    target(`${name}: at most ${most} × JavaScript's`, ratio <= most, `${ratio.toFixed(3)} ×`);
  }
}

/** Runs one strategy on the page; null if the page does not know it. */
async function runOnPage(page, strategy, load) {
  const measured = await page.evaluate(async ([strategy, load]) => {
    const { loopscope } = window;
    await loopscope.set({ v: 1, lab: "shared-workload", strategies: strategy, scale: 1, run_on: "page", ...load });
    const shown = (await loopscope.summary()).strategies.map(({ id }) => id);
    if (shown.length !== 1 || shown[0] !== strategy) return null;
    const { strategies: [{ measured }] } = await loopscope.run();
    return measured;
  }, [strategy, load]);
  if (!measured) return null;
  if (measured.void || measured.unfinished > 0) throw new Error(`${strategy}: the run does not count`);
  return measured;
}

/** The compared numbers, from the sums of either side. */
function numbers({ makespan_ms, cpu_ms, longest_block_ms }, strategy, { tasks, latency_ms, capacity, workers }) {
  const threads = strategy === "workers" ? workers : 1;
  const cpu = cpu_ms / tasks;
  const savesInSequence = { blocking: tasks, "one-at-a-time": tasks }[strategy] ?? 1;
  const computing = cpu_ms / threads + savesInSequence * latency_ms;
  const serving = cpu + Math.ceil(tasks / capacity) * latency_ms;
  const least = Math.max(computing, serving);
  return { makespan: makespan_ms, excess: makespan_ms / least, block: longest_block_ms, cpu };
}
