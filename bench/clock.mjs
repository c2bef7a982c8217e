// Compares the virtual clock with other simulators, in rounds in which each runs once.
//
//   node bench/clock.mjs <rounds> <stream.rs, native> <in wasm> <in wasm, for size> [<python with SimPy>]
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
  note("loopscope, wasm for size", ...run(process.execPath, here("stream.cjs"), small));
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
target("faster than simu-des", ratio("simu-des") > 1, `${ratio("simu-des").toFixed(2)} ×`);
const half = 1 / ratio("loopscope, wasm");
target("in wasm at least half as fast as natively", half >= 0.5, `${half.toFixed(2)} ×`);

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
