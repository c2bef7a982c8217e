// Compares the built page with its goals: how fast it answers a slider, how soon it shows the first prediction, and
// how much is downloaded.
//
//   node bench/page.mjs <rounds>
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { start } from "../tests/e2e/browser.js";
import { median, quantile, spread, table, target } from "./report.mjs";

const SLIDER = { query: "?tasks=1000", param: "cpu_ms", frames: 100 };
const SLOWER = 4;

const rounds = Number(process.argv[2]);
const { open, blank, close, origin } = await start();
try {
  await compareSlider();
  await compareFirst();
} finally {
  await close();
}
weigh();

/** All strategies of `shared-workload`, and a parameter that changes in every frame, as under a dragged slider. */
async function compareSlider() {
  const all = { handler: [], render: [], gaps: [] };
  for (let round = 0; round < rounds; round++) {
    const page = await open(SLIDER.query);
    const { rows, ...times } = await page.evaluate(drag, SLIDER);
    if (rows !== 8) throw new Error(`there are ${rows} strategies, not 8`);
    for (const [kind, values] of Object.entries(times)) all[kind].push(...values);
    await page.context().close();
  }
  console.log(`\n1000 tasks × 8 strategies, ${SLIDER.param} changed in each of ${rounds} × ${SLIDER.frames} frames\n`);
  table([
    ["ms", "median (quartiles)", "p95"],
    ["event handler: predicting", spread(all.handler, 1), quantile(all.handler, 0.95).toFixed(1)],
    ["right after it: rendering", spread(all.render, 1), quantile(all.render, 0.95).toFixed(1)],
    ["from frame to frame", spread(all.gaps, 1), quantile(all.gaps, 0.95).toFixed(1)],
  ]);
  console.log();
  const [handler, gap] = [median(all.handler), quantile(all.gaps, 0.95)];
  target("a slider's event handled within 3 ms, at the median", handler <= 3, `${handler.toFixed(1)} ms`);
  target("95 % of the frames under a moving slider within 17 ms", gap <= 17, `${gap.toFixed(1)} ms`);
}

/** Runs in the page: moves the slider by one stop in every frame. */
async function drag({ param, frames }) {
  const slider = document.querySelector(`[data-slider="${param}"]`);
  const times = { handler: [], render: [], gaps: [] };
  const frame = () => new Promise(requestAnimationFrame);
  let last = await frame();
  for (let number = 0; number < frames; number++) {
    slider.value = Number(slider.value) + 1;
    const before = performance.now();
    slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
    const handled = performance.now();
    await null; // Yew renders in a microtask that was queued before this one
    times.handler.push(handled - before);
    times.render.push(performance.now() - handled);
    const now = await frame();
    times.gaps.push(now - last);
    last = now;
  }
  return { rows: document.querySelectorAll("[data-strategy]").length, ...times };
}

/** From the start of the navigation until the first predicted makespan is on the screen, on a slow machine. */
async function compareFirst() {
  const all = [];
  for (let round = 0; round < rounds; round++) {
    const page = await blank({ locale: "en-US" });
    // Navigates from another page on the same host, so that the process that is slowed down also opens the page.
    await page.goto(`${origin}/some/where/assets/lessons/dishes.en.html`);
    await page.addInitScript(watch);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    await page.goto(`${origin}/some/where/`);
    all.push(await page.evaluate(() => window.shown));
    await page.context().close();
  }
  console.log(`\nFirst prediction with the processor ${SLOWER} × as slow: ${spread(all, 0)} ms (${rounds} rounds)\n`);
  const first = median(all) / 1000;
  target("the first prediction drawn within 0.7 s", first <= 0.7, `${first.toFixed(2)} s`);
}

/** Runs in the page before anything else. */
function watch() {
  const frame = () => new Promise(requestAnimationFrame);
  window.shown = new Promise((done) => {
    new MutationObserver(async (_, observer) => {
      if (!document.querySelector(".band.predicted dd.total")) return;
      observer.disconnect();
      await frame();
      await frame(); // what was drawn in the previous frame is on the screen
      done(performance.now());
    }).observe(document, { childList: true, subtree: true });
  });
}

/** What a first visit downloads before its first prediction, compressed as by a good host. */
function weigh() {
  const dist = process.env.LOOPSCOPE_DIST;
  const names = readdirSync(dist, { recursive: true }).map((name) => name.replaceAll("\\", "/"));
  const isProgram = (name) => /\.(html|css|js|wasm)$/.test(name) && !name.startsWith("assets/");
  const files = [...names.filter(isProgram), "assets/texts/en.txt"];
  const size = (name) => brotliCompressSync(readFileSync(join(dist, name))).length / 1000;
  const sizes = files.map((name) => [name, size(name)]);
  const total = sizes.reduce((sum, [, kilobytes]) => sum + kilobytes, 0);
  console.log("\nDownload, compressed with Brotli\n");
  table([["", "kB"], ...sizes.map(([name, kilobytes]) => [name, kilobytes.toFixed(1)]), ["together", total.toFixed(1)]]);
  console.log();
  target("at most 285 kB are downloaded", total <= 285, `${total.toFixed(1)} kB`);
}
