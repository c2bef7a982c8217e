// What readers do with the page, in a real browser.
import assert from "node:assert/strict";
import { cpus } from "node:os";
import { after, before, test } from "node:test";
import { start } from "./browser.js";

let site;
before(async () => { site = await start(); });
after(() => site.close());

const ALL = ["blocking", "one-at-a-time", "batched", "gather-all", "no-yield", "yielding", "workers", "no-io"];
const QUICK = "?tasks=20&cpu_ms=5&latency_ms=40&scale=0.5&strategies=batched,yielding,no-io";

/** The status at the end of a run. On a busy machine some of the run may be void. */
const RAN = /^(Done|Void where it says so)/;
const TWO_CORES = cpus().length === 2;

const totals = (page, band) => page.locator(`.band.${band} dd.total`).allTextContents();
const status = (page) => page.locator("#status").textContent();
const ended = (page) => page.waitForSelector("#run:enabled", { timeout: 60_000 });
const summary = (page) => page.evaluate(() => window.loopscope.summary());

test("the first paint shows every strategy with its prediction and one obvious button", async () => {
  const page = await site.open();
  assert.equal(await page.locator("h1").textContent(), "Compute, then save");
  assert.deepEqual(await page.locator(".row").evaluateAll((rows) => rows.map((row) => row.dataset.strategy)), ALL);
  assert.deepEqual(await totals(page, "predicted"), ["6.96 s", "6.96 s", "1.06 s", "1.06 s", "1.06 s", "1.06 s", TWO_CORES ? "580 ms" : "340 ms", "960 ms"]);
  assert.equal(await page.locator("#run").textContent(), "Run it for real");
  assert.match(await status(page), /in a worker: the page stays free/);
  assert.match(await page.locator("#verdict").textContent(), /^Workers finishes first: [\d.]+ ms, [\d.]+ times as fast as Blocking/);
  await page.selectOption("#place", "page");
  assert.match(await status(page), /Blocking will freeze it for 3.48 s/);
  assert.match(await page.locator(".lints li").first().textContent(), /^Blocking \(60 tasks in 6.96 s\), Batched, Gather all, No yield/);
  const painted = await page.locator(".row canvas").first().evaluate((canvas) => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels.some((value) => value > 0);
  });
  assert.ok(painted, "the prediction is drawn");
  assert.deepEqual(page.problems, []);
});

test("no server is asked for anything after the page has loaded", async () => {
  const page = await site.open(QUICK);
  await page.waitForSelector(".lesson");
  const loaded = page.requests.length;
  assert.ok(page.requests.every((url) => url.startsWith(site.origin) || url.startsWith("data:")), `${page.requests}`);
  await page.click("#run");
  await ended(page);
  // A worker loads only the page's own JavaScript again, not the program.
  const own = page.requests.slice(0, loaded).filter((url) => url.endsWith(".js"));
  const asked = page.requests.slice(loaded).filter((url) => !url.startsWith("blob:"));
  assert.ok(asked.every((url) => own.includes(url)), `${asked}`);
});

test("a slider updates the prediction and the address, and a reload keeps both", async () => {
  const page = await site.open();
  await page.locator('[data-slider="tasks"]').focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector("#param-tasks").value === "80");
  assert.equal((await totals(page, "predicted"))[0], "9.28 s");
  await page.waitForFunction(() => location.search.includes("tasks=80"));
  await page.reload();
  await page.waitForSelector("#run:enabled");
  assert.equal(await page.locator("#param-tasks").inputValue(), "80");
  assert.equal((await totals(page, "predicted"))[0], "9.28 s");
  await page.click("#reset");
  await page.waitForFunction(() => !location.search.includes("tasks"));
  assert.equal((await totals(page, "predicted"))[0], "6.96 s");
});

test("a number out of range is clamped", async () => {
  const page = await site.open();
  for (const [typed, taken] of [["0", "1"], ["-7", "1"], ["1e9", "100000"]]) {
    await page.fill("#param-tasks", typed);
    await page.keyboard.press("Enter");
    await page.waitForFunction((taken) => document.querySelector("#param-tasks").value === taken, taken);
  }
});

test("a scenario is one click, and the book's figure is shown next to ours", async () => {
  const page = await site.open();
  await page.getByRole("button", { name: "The book" }).click();
  await page.waitForFunction(() => location.search.includes("scenario=book"));
  assert.match(await page.locator(".verdict").textContent(), /7.3 times as fast as Blocking; predicted here: 7.18 times/);
});

test("a live run measures every strategy and says so", async () => {
  const page = await site.open(QUICK);
  assert.equal(await page.locator(".band.measured .empty").count(), 3);
  await page.click("#run");
  await ended(page);
  assert.match(await status(page), RAN);
  const { strategies, environment } = await summary(page);
  for (const { id, predicted, measured } of strategies) {
    assert.equal(measured.completed, 20, id);
    assert.ok([null, "disturbed"].includes(measured.void), id);
    assert.equal(measured.scale, 0.5);
    assert.ok(measured.makespan_ms >= measured.lower_bound_ms - 0.5, id);
    assert.ok(measured.makespan_ms > predicted.makespan_ms * 0.5, `${id}: ${measured.makespan_ms}`);
  }
  if (strategies.every(({ measured }) => measured.void === null)) {
    assert.match(await status(page), /^Done: 3 strategies measured at time scale 1\/2/);
    assert.equal(await page.locator(".verdict .clock").textContent(), "measured");
    await page.getByRole("tab", { name: "Numbers" }).click();
    assert.equal(await page.locator("#tab-panel tbody tr").count(), 6);
  }
  assert.ok(environment.calibration.blocks_per_ms > 1);
  assert.deepEqual(page.problems, []);
});

test("a blocking run is shown as the freeze that it is", async () => {
  const page = await site.open("?tasks=10&strategies=blocking&scale=0.5&run_on=page");
  await page.click("#run");
  await ended(page);
  const [{ measured }] = (await summary(page)).strategies;
  assert.ok(measured.longest_block_ms >= 1_100, `${measured.longest_block_ms}`);
  assert.equal(await page.locator(".band.measured dd.frozen").count(), 1);
});

test("a run can be stopped, keeps what it has, and the next one works", async () => {
  const page = await site.open("?tasks=200&strategies=blocking,one-at-a-time&cpu_ms=1&latency_ms=5&scale=1");
  await page.click("#run");
  await page.waitForSelector('.row.running[data-strategy="one-at-a-time"]', { timeout: 20_000 });
  await page.waitForTimeout(300);
  await page.click("#stop");
  await ended(page);
  assert.match(await status(page), /^Stopped/);
  const [first, second] = (await summary(page)).strategies.map(({ measured }) => measured);
  assert.equal(first.completed, 200);
  assert.equal(second.void, "stopped");
  assert.ok(second.completed < 200);
  assert.equal(await page.locator('[data-strategy="one-at-a-time"] .band.measured dd.void').textContent(), "stopped");
  await page.locator("#param-tasks").fill("5");
  await page.keyboard.press("Enter");
  await page.click("#run");
  await ended(page);
  assert.match(await status(page), RAN);
});

test("the keyboard alone is enough", async () => {
  const page = await site.open(QUICK);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.locator("#run").focus();
  await page.keyboard.press("Enter");
  await ended(page);
  assert.match(await status(page), RAN);
});

test("pointing at a timeline shows what ran there", async () => {
  const page = await site.open("?strategies=blocking&tasks=4");
  const box = await page.locator(".row canvas").boundingBox();
  await page.mouse.move(box.x + box.width * 0.02, box.y + 10);
  assert.match(await page.locator(".tip").textContent(), /Task 1: computing/);
  await page.mouse.move(box.x + box.width * 0.2, box.y + 10);
  assert.match(await page.locator(".tip").textContent(), /Task 1: waiting in place.*1 in flight/);
  await page.mouse.move(5, 5);
  await page.waitForSelector(".tip", { state: "detached" });
});

test("a mangled address still gives a page, and says what it could not read", async () => {
  const page = await site.open("?tasks=abc&capacity=1e12&lab=%E0%A4%A&what=%00&strategies=nobody&scale=-3&v=7");
  assert.equal(await page.locator(".row").count(), ALL.length);
  assert.equal(await page.locator(".notices li").count(), 7);
  await page.locator(".notices button").first().click();
  await page.waitForFunction(() => document.querySelectorAll(".notices li").length === 6);
  await page.waitForFunction(() => location.search.includes("capacity=10000"));
  assert.deepEqual(page.problems, []);
});

test("an hour of freeze is refused, with a reason and a way out", async () => {
  const page = await site.open("?tasks=100000&strategies=blocking&scale=1&run_on=page");
  const expected = /Blocking would freeze this page for 3\.22 h\. Try time scale 1\/100 with at most [\d,]+ tasks/;
  assert.match(await status(page), expected);
  await page.click("#run");
  await page.waitForSelector(".status.failed");
  assert.match(await status(page), expected);
});

test("a hundred thousand tasks are predicted without freezing the page", async () => {
  const page = await site.open("?tasks=100000");
  const longest = await page.evaluate(() => new Promise((resolve) => {
    let [longest, last] = [0, performance.now()];
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    window.loopscope.set({ seed: 2 });
    setTimeout(() => { clearInterval(timer); resolve(longest); }, 2_500);
  }));
  await ended(page);
  assert.ok(longest < 1_000, `a stretch of ${longest} ms`);
  assert.equal((await totals(page, "predicted"))[0], "3.22 h");
});

test("a run is void, with the reason, if the tab gets hidden", async () => {
  const page = await site.open("?tasks=200&strategies=one-at-a-time&scale=1");
  await page.click("#run");
  await page.waitForSelector(".row.running");
  await page.waitForTimeout(200);
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await ended(page);
  assert.match(await status(page), /the tab was hidden/);
  assert.equal((await summary(page)).strategies[0].measured.void, "hidden");
  assert.equal(await page.locator(".band.measured dd.void").textContent(), "void");
});

test("runs work without a scheduler and with a coarse clock", async () => {
  const page = await site.open(QUICK, {
    before: () => {
      delete globalThis.scheduler;
      const exact = performance.now.bind(performance);
      performance.now = () => Math.floor(exact());
    },
  });
  await page.click("#run");
  await ended(page);
  const { strategies, environment } = await summary(page);
  assert.equal(environment.clock_step_us, 1_000);
  assert.ok(strategies.every(({ measured }) => measured.completed === 20));
  await page.selectOption("#param-yield_with", "scheduler-yield");
  const rest = await page.evaluate(() => window.loopscope.run());
  assert.deepEqual(rest.strategies.map(({ measured }) => measured?.completed ?? null), [20, null, 20]);
  assert.match(await page.locator('[data-strategy="yielding"] .empty').textContent(), /not available there: scheduler\.yield/);
  const refusal = await page.evaluate(async () => {
    await window.loopscope.set({ strategies: "yielding" });
    return window.loopscope.run().then(String, String);
  });
  assert.match(refusal, /this browser has no scheduler\.yield/);
});

test("without WebAssembly the page says so", async () => {
  const page = await site.open("", { before: () => { delete globalThis.WebAssembly; } });
  assert.equal(await page.locator("#failure").isVisible(), true);
});

test("a failed download and broken code are explained", async () => {
  const lost = await site.open("", { before: () => { WebAssembly.instantiateStreaming = WebAssembly.instantiate = () => Promise.reject(new Error("lost")); } });
  assert.equal(await lost.locator("#failure").isVisible(), true);
  assert.match(await lost.locator("#failure-reason").textContent(), /lost/);
  const broken = await site.open();
  await broken.evaluate(() => {
    CanvasRenderingContext2D.prototype.putImageData = () => { throw new Error("a broken canvas"); };
  });
  await broken.locator('[data-slider="tasks"]').focus();
  await broken.keyboard.press("ArrowRight");
  await broken.waitForSelector("#failure:not([hidden])");
  assert.match(await broken.locator("#failure-reason").textContent(), /a broken canvas/);
});

test("Korean readers get Korean, and a choice of language is kept in the address", async () => {
  const page = await site.open("", { locale: "ko-KR" });
  assert.equal(await page.locator("#run").textContent(), "실제로 실행하기");
  assert.equal(await page.locator("html").getAttribute("lang"), "ko");
  await page.selectOption("#language", "en");
  await page.waitForFunction(() => location.search.includes("lang=en"));
  assert.equal(await page.locator("#run").textContent(), "Run it for real");
  await page.selectOption("#theme", "dark");
  await page.waitForFunction(() => location.search.includes("theme=dark"));
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
});

test("everything fits at every width", async () => {
  for (const width of [360, 390, 768, 1440, 3840]) {
    for (const query of ["?scenario=book", "?scenario=book&lang=ko"]) {
      const page = await site.open(query, { viewport: { width, height: 900 } });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} px too wide at ${width} ${query}`);
      await page.context().close();
    }
  }
});

test("everything still fits after a run, at every width", async () => {
  const page = await site.open(`${QUICK}&view=numbers`);
  await page.click("#run");
  await ended(page);
  for (const width of [320, 390, 768, 1121, 1240, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} px too wide at ${width}`);
  }
});

test("a change of language reaches every row, and is refused with a reason without its texts", async () => {
  const page = await site.open("?strategies=blocking,yielding");
  const names = () => page.locator(".row h3").allTextContents();
  await page.selectOption("#language", "ko");
  await page.waitForFunction(() => document.documentElement.lang === "ko");
  assert.deepEqual(await names(), ["블로킹", "양보하기"]);
  const offline = await site.open("?strategies=blocking,yielding");
  await offline.route("**/ko.txt", (route) => route.abort());
  await offline.selectOption("#language", "ko");
  await offline.waitForSelector(".notices li");
  assert.match(await offline.locator(".notices li").textContent(), /한국어: the texts could not be loaded/);
  assert.equal(await offline.inputValue("#language"), "en");
  assert.equal(await offline.locator("html").getAttribute("lang"), "en");
});

test("going back leads to the previous lab", async () => {
  const page = await site.open("?tasks=7");
  await page.waitForFunction(() => location.search.startsWith("?v=1"));
  await page.click("[data-lab=dishes]");
  await page.waitForFunction(() => location.search.includes("lab=dishes"));
  await page.goBack();
  await page.waitForFunction(() => document.querySelector("[data-lab=shared-workload]").ariaCurrent === "page");
  assert.equal(await page.inputValue("#param-tasks"), "7");
  await page.goForward();
  await page.waitForFunction(() => document.querySelector("[data-lab=dishes]").ariaCurrent === "page");
});

test("programs control the page through window.loopscope", async () => {
  const page = await site.open();
  await page.evaluate(() => window.loopscope.set({ tasks: 6, cpu_ms: 2, latency_ms: 20, strategies: "blocking,yielding" }));
  const result = await page.evaluate(() => window.loopscope.run());
  assert.deepEqual(result.strategies.map(({ id }) => id), ["blocking", "yielding"]);
  assert.ok(result.strategies.every(({ measured }) => measured.completed === 6));
  assert.equal(result.address, "v=1&lab=shared-workload&tasks=6&cpu_ms=2&latency_ms=20&strategies=blocking,yielding");
  const trace = await page.evaluate(() => window.loopscope.trace("chrome"));
  const names = trace.traceEvents.filter(({ ph }) => ph === "M").map(({ args }) => args.name);
  assert.deepEqual(names, ["blocking (predicted)", "yielding (predicted)", "blocking (measured)", "yielding (measured)"]);
  assert.ok(trace.traceEvents.every(({ ph, ts }) => ph === "M" || ts >= 0));
  for (const call of ["set(5)", "set()", "set({ tasks: { toString() { throw new Error('no') } } })", 'trace("pdf")']) {
    const answer = await page.evaluate((call) => eval(`window.loopscope.${call}`).then(String, (error) => `no: ${error}`), call);
    assert.ok(answer.startsWith("no: "), `${call}: ${answer}`);
  }
  assert.deepEqual(page.problems, []);
});

test("during a run its bars grow and the heartbeat moves", async () => {
  const page = await site.open("?tasks=40&strategies=one-at-a-time&scale=0.5");
  await page.click("#run");
  await page.waitForSelector(".row.running");
  const look = () => page.evaluate(() => {
    // Measurements are drawn in full colour, mere predictions pale.
    const [red, green, blue] = getComputedStyle(document.documentElement).getPropertyValue("--cpu").match(/\w\w/g).map((hex) => parseInt(hex, 16));
    const solid = (data) => { let n = 0; for (let i = 0; i < data.length; i += 4) n += data[i] === red && data[i + 1] === green && data[i + 2] === blue; return n; };
    const canvas = document.querySelector(".row canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const painted = solid(data);
    return { painted, heart: document.getElementById("heart").style.transform };
  });
  await page.waitForTimeout(500);
  const early = await look();
  await page.waitForTimeout(900);
  const late = await look();
  assert.ok(late.painted > early.painted, `${early.painted}, then ${late.painted} pixels`);
  const hearts = new Set([early.heart, late.heart]);
  for (let beat = 0; beat < 4; beat += 1) {
    await page.waitForTimeout(120);
    hearts.add((await look()).heart);
  }
  assert.ok(hearts.size > 1, "the heartbeat moves");
  await page.click("#stop");
});

test("headings are aligned with their numbers", async () => {
  for (const width of [360, 768, 1440]) {
    const page = await site.open("", { viewport: { width, height: 900 } });
    const edges = (selector) => page.locator(selector).evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().right)));
    const heads = await edges(".stage-head > span");
    const numbers = (await edges('[data-strategy="blocking"] .predicted .numbers > div')).slice(0, 4);
    assert.deepEqual(heads, numbers, `at ${width}`);
    await page.context().close();
  }
});

test("a double click on Run runs, and a jump within the page loses nothing", async () => {
  const page = await site.open(QUICK);
  await page.dblclick("#run");
  await ended(page);
  assert.match(await status(page), RAN);
  await page.locator(".skip").focus();
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
  assert.match(await status(page), RAN);
  assert.ok((await summary(page)).strategies.every(({ measured }) => measured.completed === 20));
});

test("a tab hidden during the calibration gives no result", async () => {
  const page = await site.open(QUICK);
  await page.click("#run");
  await page.waitForTimeout(80);
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await ended(page);
  assert.match(await status(page), /the tab was hidden/);
  assert.ok((await summary(page)).strategies.every(({ measured }) => measured === null));
});

test("a clock too coarse for measuring is refused at once", async () => {
  const page = await site.open(QUICK, {
    before: () => {
      const exact = performance.now.bind(performance);
      performance.now = () => Math.floor(exact() / 16) * 16;
    },
  });
  await page.click("#run");
  await page.waitForSelector(".status.failed");
  assert.match(await status(page), /clock steps by more than 5 ms/);
});

test("a change of values stops the run with the old ones", async () => {
  const page = await site.open("?tasks=300&strategies=one-at-a-time&scale=1");
  const old = page.evaluate(() => window.loopscope.run());
  await page.waitForSelector(".row.running");
  await page.evaluate(() => window.loopscope.set({ tasks: 3 }));
  assert.equal((await old).strategies[0].measured.void, "stopped");
  const result = await page.evaluate(() => window.loopscope.run());
  assert.equal(result.strategies[0].measured.completed, 3);
  await Promise.all([
    page.evaluate(() => window.loopscope.set({ tasks: 5 })),
    page.evaluate(() => window.loopscope.set({ cpu_ms: 3 })),
  ]);
  assert.match((await summary(page)).address, /tasks=5&cpu_ms=3/);
  const again = page.evaluate(() => window.loopscope.run());
  await page.waitForTimeout(50);
  await page.evaluate(() => window.loopscope.stop());
  await again;
  assert.equal((await page.evaluate(() => window.loopscope.run())).strategies[0].measured.completed, 5);
  const refusal = await page.evaluate(async () => {
    await window.loopscope.set({ tasks: 100_000, scale: 1, strategies: "blocking", run_on: "page" });
    return window.loopscope.run().then(String, String);
  });
  assert.match(refusal, /This cannot be run: Blocking would freeze this page/);
});
