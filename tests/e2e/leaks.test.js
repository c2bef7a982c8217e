// Runs that are started and stopped leave nothing behind: no worker, no listener, no memory.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SEED, dice, start, times, within } from "./browser.js";

let site;
before(async () => { site = await start(); });
after(() => site.close());

const WARM = 10;
const MOST_GROWTH = 0.02;
const WITH_MEMORY = () => addEventListener("TrunkApplicationStarted", ({ detail }) => { globalThis.memory = detail.wasm.memory; });

/** How many workers there are in the whole browser, those of workers included. */
async function workers() {
  const session = await site.browser.newBrowserCDPSession();
  const { targetInfos } = await session.send("Target.getTargets", { filter: [{}] });
  await session.detach();
  return targetInfos.filter(({ type }) => type === "worker").length;
}

/** Starts a run and stops it after so long. */
const runFor = (page, ms) => within(60_000, "a run that is stopped", page.evaluate(async (ms) => {
  const run = window.loopscope.run().catch(() => {});
  await new Promise((done) => setTimeout(done, ms));
  await window.loopscope.stop();
  await run;
}, ms));

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
  let then;
  for (let index = 0; index < times(1_000); index += 1) {
    if (index === WARM) then = await held(page, cdp);
    // The first ones go everywhere, so that what is kept once is kept by then.
    const [lab, place] = index < WARM ? [labs[index % labs.length], ["worker", "page", "race"][index % 3]] : [pick(labs), pick(["worker", "page", "race"])];
    const asked = { lab: lab.id, race: Number(place === "race"), run_on: place === "page" ? "page" : "worker" };
    const isThreads = lab.id === "shared-workload" && upTo(2) === 0;
    await page.evaluate((asked) => window.loopscope.set(asked), isThreads ? { ...asked, tasks: 20, scale: 0.1, strategies: "workers" } : asked);
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
    for (let index = 0; index < times(200); index += 1) await runFor(page, 380 + upTo(320));
    await page.waitForTimeout(1_500);
    assert.equal(await workers(), then, `seed ${SEED}`);
    assert.deepEqual(page.problems, []);
  });
}
