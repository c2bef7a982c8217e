// Runs that are started and stopped leave nothing behind: no worker, no listener, no memory.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SEED, dice, start, times, within } from "./browser.js";

let site;
before(async () => { site = await start(); });
after(() => site.close());

const PLACES = ["worker", "page", "race"];
const MOST_GROWTH = 0.02;
const WITH_MEMORY = () => addEventListener("TrunkApplicationStarted", ({ detail }) => { globalThis.memory = detail.wasm.memory; });

/** How many workers there are in the whole browser, those of workers included. */
async function workers() {
  const session = await site.browser.newBrowserCDPSession();
  const { targetInfos } = await session.send("Target.getTargets", { filter: [{}] });
  await session.detach();
  return targetInfos.filter(({ type }) => type === "worker").length;
}

/** Starts a run and stops it after so long; if asked for, counted from the moment when its first strategy begins. */
const runFor = (page, ms, isFromStrategy = false) => within(60_000, "a run that is stopped", page.evaluate(async ([ms, isFromStrategy]) => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  let isOver = false;
  const run = window.loopscope.run().catch(() => {}).then(() => { isOver = true; });
  while (isFromStrategy && !isOver && !document.querySelector(".row.running")) await pause(5);
  await pause(ms);
  await window.loopscope.stop();
  await run;
}, [ms, isFromStrategy]));

/** What the page holds, at rest and always in the same state. */
async function held(page, cdp) {
  await page.evaluate(() => window.loopscope.set({ lab: "shared-workload", run_on: "worker", race: 0 }));
  await page.waitForSelector(".lesson h3");
  await page.waitForTimeout(1_500);
  for (let time = 0; time < 3; time += 1) await cdp.send("HeapProfiler.collectGarbage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  const of = (name) => metrics.find((one) => one.name === name).value;
  return {
    workers: await workers(),
    listeners: of("JSEventListeners"),
    nodes: of("Nodes"),
    heap: of("JSHeapUsedSize"),
    memory: await page.evaluate(() => memory.buffer.byteLength),
  };
}

function assertSame(now, then, what) {
  const grown = Object.keys(then).filter((key) => now[key] > then[key] * (1 + MOST_GROWTH));
  assert.deepEqual(grown, [], `${what}: ${JSON.stringify(then)}, then ${JSON.stringify(now)}`);
}

test("runs stopped at any moment leave nothing behind", async () => {
  const page = await site.open("", { before: WITH_MEMORY });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  const labs = await page.evaluate(() => window.loopscope.labs());
  const { upTo, pick } = dice(SEED);
  const go = (lab, place, isThreads) => page.evaluate((asked) => window.loopscope.set(asked), {
    lab: lab.id,
    race: Number(place === "race"),
    run_on: place === "page" ? "page" : "worker",
    ...(isThreads && { tasks: 20, scale: 0.1, strategies: "workers" }),
  });
  // First everywhere, and for long: what is kept once, or needed at most, is there by then.
  for (const place of PLACES) {
    await go(labs[0], place, true);
    await runFor(page, 5_000);
    for (const lab of labs) {
      await go(lab, place);
      await runFor(page, 1_000, true);
    }
  }
  const then = await held(page, cdp);
  for (let index = 0; index < times(1_000); index += 1) {
    const lab = pick(labs);
    await go(lab, pick(PLACES), lab === labs[0] && upTo(2) === 0);
    await runFor(page, upTo(700));
  }
  assertSame(await held(page, cdp), then, `seed ${SEED}`);
  assert.deepEqual(page.problems, []);
});

for (const race of [0, 1]) {
  test(`threads that are stopped as they start are ended${race ? ", in a race, too" : ""}`, async () => {
    const page = await site.open(`?tasks=20&scale=0.1&strategies=workers&race=${race}`);
    const { upTo } = dice(SEED);
    await runFor(page, 3_000);
    await page.waitForTimeout(1_500);
    const then = await workers();
    for (let index = 0; index < times(400); index += 1) await runFor(page, upTo(300), true);
    await page.waitForTimeout(1_500);
    assert.equal(await workers(), then, `seed ${SEED}`);
    assert.deepEqual(page.problems, []);
  });
}
