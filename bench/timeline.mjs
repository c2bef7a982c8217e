// Compares our timeline with a hand-written canvas and with vis-timeline: first paint, and frames while panning and
// zooming.
//
//   node bench/timeline.mjs <rounds> <folder of timeline.rs as built by wasm-bindgen --target web> [<folder of vis-timeline>]
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { start } from "../tests/e2e/browser.js";
import { median, table, target } from "./report.mjs";

const SIZES = [10_000, 100_000, 1_000_000];
const LANES = 100;
const FRAMES = 120;
// The most seconds that a round of vis-timeline may take. A size that took longer once is not tried again.
const LIMIT = 30;
const [rounds, folder, vis] = [Number(process.argv[2]), ...process.argv.slice(3)];
const KINDS = vis ? ["ours", "naive", "vis"] : ["ours", "naive"];

const { openAt, close } = await start({
  "/bench/": fileURLToPath(new URL(".", import.meta.url)),
  "/timeline/": folder,
  ...(vis && { "/vis/": vis }),
});
try {
  const rows = [["spans on 100 lanes", "", "first paint", "frame p50", "frame p95", "work p95", "frames over 17 ms"]];
  for (const n_spans of SIZES) {
    const found = Object.fromEntries(KINDS.map((kind) => [kind, []]));
    const gaveUp = new Set();
    for (let round = 0; round < rounds; round++) {
      for (const kind of KINDS.filter((kind) => !gaveUp.has(kind))) {
        const page = await openAt("/bench/timeline.html");
        await page.waitForFunction(() => window.Timeline);
        if (kind === "vis") {
          await page.addStyleTag({ url: "/vis/styles/vis-timeline-graph2d.min.css" });
          await page.addScriptTag({ url: "/vis/standalone/umd/vis-timeline-graph2d.min.js" });
        }
        const measured = page.evaluate(measure, { kind, n_spans, n_lanes: LANES, n_frames: kind === "ours" ? FRAMES : 30 });
        const result = kind === "vis" ? await Promise.race([measured.catch(() => null), sleep(LIMIT * 1000, null, { ref: false })]) : await measured;
        if (result) found[kind].push(result);
        else gaveUp.add(kind);
        await page.context().close();
      }
    }
    for (const [kind, all] of Object.entries(found)) {
      if (gaveUp.has(kind)) {
        rows.push([n_spans.toLocaleString("en"), kind, `gave up after ${LIMIT} s`, "", "", "", ""]);
        continue;
      }
      const of = (key) => median(all.map((one) => one[key]));
      const ms = (key) => `${of(key).toFixed(1)} ms`;
      rows.push([n_spans.toLocaleString("en"), kind, ms("first"), ms("p50"), ms("p95"), ms("work"), `${(of("late") * 100).toFixed(0)} %`]);
      if (kind === "ours" && n_spans === 1_000_000) {
        target("first paint of a million spans within 150 ms", of("first") <= 150, ms("first"));
        target("95 % of its frames done within 16 ms", of("work") <= 16, ms("work"));
        target("everything that pointing, stepping and inspecting look up in it within 8 ms, at worst", of("lookUp") <= 8, ms("lookUp"));
      }
    }
  }
  table(rows);
  console.log("\nFirst paint: from the trace being there until the browser has put the picture on the screen, sorting included.");
  console.log("Frame: from one frame to the next while panning and zooming (16.7 ms where none is missed); work: of that, ours.");
} finally {
  await close();
}

/** Runs in the page. */
async function measure({ kind, n_spans, n_lanes, n_frames }) {
  const timeline = new window.Timeline(n_spans, n_lanes);
  const end = timeline.end_ms();
  const canvas = document.getElementById(kind);
  for (const other of document.querySelectorAll("body > *:not(script)")) if (other !== canvas) other.remove();
  const frame = () => new Promise(requestAnimationFrame);
  /** Resolves once the next frame is on the screen. */
  const shown = async () => { await frame(); await new Promise((done) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = done; port2.postMessage(0); }); };
  let draw;
  // The same spans for the others.
  const spans = [];
  if (kind !== "ours") {
    let chance = 1;
    for (let number = 0; number < n_spans; number++) {
      chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) >>> 0;
      const start = Math.floor(number / n_lanes) * 0.1;
      spans.push({ start, end: start + ((chance >>> 16) + 10_000) / 1e6, lane: number % n_lanes, kind: (chance >>> 30) % 3 });
    }
  }
  let chart;
  if (kind === "ours") {
    draw = (from, to) => timeline.draw(canvas, from, to);
  } else if (kind === "vis") {
    // It counts in whole milliseconds, so each stands for a microsecond. Rows that never stack cost it least.
    const scale = 1000;
    draw = (from, to) => {
      const window = { start: from * scale, end: to * scale };
      if (chart) {
        chart.setWindow(window.start, window.end, { animation: false });
      } else {
        const items = spans.map(({ start, end, lane, kind }, id) => ({ id, group: lane, start: start * scale, end: end * scale, content: "", className: `kind-${kind}` }));
        const groups = Array.from({ length: n_lanes }, (_, id) => ({ id, content: "" }));
        chart = new vis.Timeline(canvas, new vis.DataSet(items), groups, { ...window, stack: false, margin: 0, height: "433px", showCurrentTime: false, zoomMin: 1 });
      }
    };
  } else {
    // Draws spans one by one, except those outside the view.
    const context = canvas.getContext("2d");
    const colours = ["#7b61b8", "#3b7fc4", "#00856a"];
    draw = (from, to) => {
      const scale = 1250 / (to - from);
      context.clearRect(0, 0, 1250, 433);
      for (const { start, end, lane, kind } of spans) {
        if (end < from || start > to) continue;
        context.fillStyle = colours[kind];
        context.fillRect((start - from) * scale, 33 + lane * 4, Math.max(1, (end - start) * scale), 2);
      }
    };
  }
  await shown();
  const begun = performance.now();
  if (kind === "ours") timeline.sort();
  draw(0, end);
  await shown();
  const first = performance.now() - begun;
  const [gaps, works] = [[], []];
  let last = await frame();
  for (let number = 0; number < n_frames; number++) {
    // Zooms in on the middle, pans, and zooms out again.
    const phase = number / n_frames;
    const length = end * (phase < 0.33 ? 1 - phase * 2.7 : phase < 0.66 ? 0.11 : 0.11 + (phase - 0.66) * 2.6);
    const from = Math.max(0, Math.min(end - length, end * (0.2 + phase * 0.5) - length / 2));
    const before = performance.now();
    draw(from, from + length);
    works.push(performance.now() - before);
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }
  // The very first one is slower, since the code is not optimised yet. It counts as well.
  const lookUps = [];
  if (kind === "ours") {
    for (let number = 0; number < 100; number++) {
      const before = performance.now();
      timeline.look_up((end * number) / 100);
      lookUps.push(performance.now() - before);
    }
  }
  const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
  return { first, p50: quantile(gaps, 0.5), p95: quantile(gaps, 0.95), work: quantile(works, 0.95), lookUp: Math.max(...lookUps), late: gaps.filter((gap) => gap > 17.5).length / gaps.length };
}
