// Live runs in workers: the page stays responsive, and a broken worker is replaced.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./browser.js";

let site;
before(async () => { site = await start(); });
after(() => site.close());

const QUICK = "?tasks=20&cpu_ms=5&latency_ms=40&scale=0.5&strategies=batched,yielding,no-io";

const status = (page) => page.locator("#status").textContent();
const ended = (page) => page.waitForSelector("#run:enabled", { timeout: 60_000 });
const summary = (page) => page.evaluate(() => window.loopscope.summary());

const SILENCE = "(worker) => {}";

/** The first worker that gets work does `what` instead; later ones work as they should. */
const breakFirstWorker = (what, isSilent) => ({
  before: new Function(`
    const Real = Worker;
    let isBroken = false;
    globalThis.Worker = class extends Real {
      postMessage(data, ...rest) {
        if (data instanceof Uint8Array && !isBroken) {
          isBroken = true;
          (${what})(this);
        } else {
          super.postMessage(data, ...rest);
        }
      }
    };
    // Keeps the test short: the first timeout of twenty seconds lasts one.
    const wait = setTimeout;
    let isFirst = ${isSilent};
    globalThis.setTimeout = (call, delay, ...rest) => {
      const isShort = delay === 20_000 && isFirst;
      if (isShort) isFirst = false;
      return wait(call, isShort ? 1_000 : delay, ...rest);
    };
  `),
});

test("while a strategy blocks its worker, the page stays smooth and draws the run", async () => {
  const page = await site.open("?tasks=20&strategies=blocking&scale=1");
  await page.click("#run");
  await page.waitForSelector(".row.running");
  const coloured = () => page.locator(".row canvas").evaluate((canvas) => {
    // Measurements are drawn in full colour, mere predictions pale.
    const [red, green, blue] = getComputedStyle(canvas).getPropertyValue("--blocked").match(/\w\w/g).map((hex) => parseInt(hex, 16));
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let solid = 0;
    for (let i = 0; i < data.length; i += 4) solid += data[i] === red && data[i + 1] === green && data[i + 2] === blue;
    return solid;
  });
  await page.waitForTimeout(500);
  const early = await coloured();
  await page.waitForTimeout(800);
  assert.ok(await coloured() > early, "the bar grows while the worker blocks");
  // On a busy machine the measurement may be repeated; there is a click in each.
  while (await page.locator("#click-me").count()) {
    await page.click("#click-me", { timeout: 1_000 }).catch(() => {});
    await page.waitForTimeout(100);
  }
  await ended(page);
  const [{ measured }] = (await summary(page)).strategies;
  assert.equal(measured.run_on, "worker");
  assert.ok(measured.longest_block_ms > 2_000, `${measured.longest_block_ms}`);
  assert.ok(measured.probes.timer_lag_ms.max > 2_000, "a timer of the worker had to wait");
  assert.ok(measured.probes.outside_lag_ms.max > 1_000, "so had a message from outside");
  assert.ok(measured.probes.frame_gap_ms.p95 < 500, "the page's frames had not");
  assert.ok(measured.probes.input_delay_ms.max < 500, "nor had the click");
  assert.deepEqual(page.problems, []);
});

test("a crashed worker is explained, and the next run works", async () => {
  for (const what of [
    "(worker) => worker.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }))",
    "(worker) => worker.dispatchEvent(new MessageEvent('message', { data: 'gibberish' }))",
    "(worker) => worker.dispatchEvent(new MessageEvent('message', { data: new Uint8Array([250, 1, 2]) }))",
    SILENCE,
  ]) {
    const page = await site.open(QUICK, breakFirstWorker(what, what === SILENCE));
    await page.click("#run");
    await page.waitForSelector(".status.failed");
    assert.match(await status(page), /could not be calibrated|broke|no sign of life/, what);
    const { strategies } = await page.evaluate(() => window.loopscope.run());
    assert.ok(strategies.every(({ measured }) => measured.completed === 20), what);
    await page.context().close();
  }
});

test("without workers a run on the page is offered, and works", async () => {
  const page = await site.open(QUICK, { before: () => { delete globalThis.Worker; } });
  await page.click("#run");
  await page.waitForSelector(".status.failed");
  assert.match(await status(page), /does not start a worker .* on this page/);
  await page.selectOption("#place", "page");
  await page.click("#run");
  await ended(page);
  const { strategies } = await summary(page);
  assert.ok(strategies.every(({ measured }) => measured.completed === 20 && measured.run_on === "page"));
});

test("in a race all strategies run at once, and too few cores are reported", async () => {
  const page = await site.open(`${QUICK}&race=1`, {
    before: () => Object.defineProperty(navigator, "hardwareConcurrency", { get: () => 2 }),
  });
  await page.click("#run");
  await page.waitForFunction(() => document.querySelectorAll(".row.running").length > 1);
  await ended(page);
  assert.match(await status(page), /fewer cores than strategies/);
  assert.ok((await summary(page)).strategies.every(({ measured }) => measured.unclean && measured.completed === 20));
});

test("the strategy workers computes in several threads at once", async () => {
  for (const start of ["warm", "cold"]) {
    const page = await site.open(`?tasks=20&strategies=workers&workers=2&worker_start=${start}&scale=1`);
    const result = await page.evaluate(() => window.loopscope.run());
    const [{ measured }] = result.strategies;
    assert.equal(measured.completed, 20);
    assert.ok(measured.longest_block_ms < 100, `the loop stays free: ${measured.longest_block_ms}`);
    const { traceEvents } = await page.evaluate(() => window.loopscope.trace("chrome"));
    const lanes = new Set(traceEvents.filter(({ name, pid }) => name === "cpu" && pid === 1).map(({ tid }) => tid));
    assert.equal(lanes.size, 2, "both threads computed");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});

test("a calibration is made once, shown, stored, and can be left out", async () => {
  const page = await site.open(QUICK);
  assert.match(await page.locator(".calibration").textContent(), /Not calibrated yet/);
  await page.click("#run");
  await ended(page);
  const { costs } = (await summary(page)).environment.calibration;
  assert.ok(costs.record_ms > 0 && costs.record_ms < 0.01, `recording takes ${costs.record_ms} ms`);
  assert.ok(costs.worker_start_ms > 0 && costs.message_ms > 0);
  await page.reload();
  await page.waitForSelector("#run:enabled");
  await page.click(".calibration summary");
  assert.ok(await page.locator(".calibration dt").count() > 12);
  const totals = () => page.locator(".band.predicted dd.total").allTextContents();
  await page.check("#ideal");
  await page.waitForFunction(() => location.search.includes("calibration=ideal"));
  assert.deepEqual(await totals(), ["140 ms", "140 ms", "100 ms"]);
});

test("a sweep runs in a worker, reports progress, and can be stopped", async () => {
  const page = await site.open("?tasks=600&calibration=ideal");
  const { chart, told, longest } = await page.evaluate(async () => {
    const told = [];
    let [longest, last] = [0, performance.now()];
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const progress = (share) => told.push(share);
    const chart = await window.loopscope.sweep({ param: "latency_ms", points: 200, progress });
    clearInterval(timer);
    return { chart, told, longest };
  });
  assert.equal(chart.series.length, 8);
  const blocking = chart.series.find(({ strategy }) => strategy === "blocking");
  for (const { x, y } of blocking.points) assert.equal(y.mid, 600 * (16 + x), `at a latency of ${x} ms`);
  assert.ok(told.length > 0 && told.every((share, index) => share <= 1 && !(share < told[index - 1])), `${told}`);
  assert.ok(longest < 300, `the page stood still for ${longest} ms`);
  const stopped = await page.evaluate(async () => {
    const chart = window.loopscope.sweep({ param: "tasks", points: 200 });
    setTimeout(() => window.loopscope.stop(), 300);
    return chart;
  });
  assert.equal(stopped, undefined);
  const refusal = await page.evaluate(() => window.loopscope.sweep({ param: "nothing" }).catch(String));
  assert.match(refusal, /nothing/);
});

test("programs print in the predicted order, in a worker and on the page", async () => {
  for (const place of ["worker", "page"]) {
    const page = await site.open(`?lab=event-loop-order&run_on=${place}`);
    const order = ({ lab_metrics }) => lab_metrics.order.join();
    let ran, differing;
    for (let attempt = 0; attempt < 3 && differing?.length !== 0; attempt += 1) {
      ran = (await page.evaluate(() => window.loopscope.run())).strategies.filter(({ measured }) => measured);
      assert.ok(ran.length >= 15, `${ran.length} programs ran`);
      differing = ran.filter(({ predicted, measured }) => order(measured) !== order(predicted)).map(({ id }) => id);
      // If the machine pauses for 16 ms, the next frame is due before the timer; nothing excuses another program.
      assert.deepEqual(differing.filter((id) => id !== "frames"), [], place);
    }
    assert.deepEqual(differing, [], place);
    assert.match(await page.locator("#verdict").textContent(), /printed in the predicted order/);
    await page.context().close();
  }
});

test("a deadlock is measured as one, and named", async () => {
  const page = await site.open("?lab=shared-state&strategies=locked,two-locks-crossed&scale=1");
  const { strategies } = await page.evaluate(() => window.loopscope.run());
  assert.match(strategies[1].measured.stalled, /^stalled: writer \d waits for lock \d/);
  assert.match(await page.locator("#verdict").textContent(), /deadlock: writer \d waits for lock \d, which writer \d has/);
  assert.deepEqual(page.problems, []);
});
