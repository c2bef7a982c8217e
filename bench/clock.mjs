// Compares the virtual clock with other simulators, in rounds in which each runs once.
//
//   node bench/clock.mjs <rounds> <stream.rs, native> <in wasm> <in wasm, as the page has it> [<python with SimPy>]
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median, spread, table, target } from "./report.mjs";

const TASKS = 200_000;
const [rounds, native, wasm, small, python] = process.argv.slice(2);
const speeds = {};

for (let round = 0; round < Number(rounds); round++) {
  for (const line of run(native)) {
    const [name, speed] = line.split(" ");
    note(name, speed);
  }
  note("loopscope, wasm", ...run(process.execPath, here("stream.cjs"), wasm));
  note("loopscope, wasm as the page has it", ...run(process.execPath, here("stream.cjs"), small));
  if (python) note("SimPy", ...run(python, here("stream.py"), String(TASKS)));
}

const ours = speeds.loopscope;
const ratios = (name) => ours.map((speed, round) => speed / speeds[name][round]);
console.log(`\n${TASKS} tasks through a server of 100; medians of ${rounds} rounds (quartiles)\n`);
table([
  ["", "tasks/s", "loopscope is × as fast"],
  ...Object.keys(speeds).map((name) => [name, spread(speeds[name], 0), spread(ratios(name), 2)]),
]);
console.log();
const ratio = (name) => median(ratios(name));
if (python) target("50 × as fast as SimPy", ratio("SimPy") >= 50, `${ratio("SimPy").toFixed(0)} ×`);
for (const [name, least] of [["simu-des", 1.5], ["simrs", 0.8]]) {
  target(`${least} × as fast as ${name}`, ratio(name) >= least, `${ratio(name).toFixed(2)} ×`);
}
const inPage = 1 / ratio("loopscope, wasm as the page has it");
target("in the page's wasm at least 0.75 × as fast as natively", inPage >= 0.75, `${inPage.toFixed(2)} ×`);

function note(name, speed) {
  (speeds[name] ??= []).push(Number(speed));
}

function here(file) {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** The lines that a program prints. */
function run(program, ...parameters) {
  return execFileSync(program, parameters, { encoding: "utf8" }).trim().split("\n");
}
