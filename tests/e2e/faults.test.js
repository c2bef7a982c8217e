// What may go wrong around the page: each fault is told in words, soon, and what comes after it works.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { start, within } from "./browser.js";

let site;
before(async () => { site = await start(); });
after(() => site.close());

const QUICK = "?tasks=20&cpu_ms=5&latency_ms=40&scale=0.5&strategies=batched,yielding";
/** Five seconds, and one for a machine that is busy. */
const SOON_MS = 6_000;

const status = (page) => page.locator("#status").textContent();
const run = (page) => within(60_000, "run()", page.evaluate(() => window.loopscope.run()));
const close = (page) => within(SOON_MS, "close", page.context().close()).catch(() => {});

/** The sentence that is seen at `selector`, soon. */
async function told(page, selector, what) {
  const found = page.locator(selector).first();
  await found.waitFor({ timeout: SOON_MS }).catch(() => assert.fail(`${what}: nothing is told within ${SOON_MS / 1_000} s`));
  const sentence = (await found.innerText()).trim();
  assert.match(sentence, /\w+ \w+/, what);
  return sentence;
}

async function runs(page, what) {
  const { strategies } = await run(page);
  assert.ok(strategies.every(({ measured }) => measured?.completed === 20), `${what}: the next run`);
}

/** The first worker does `what` shortly after it was given a strategy, which `isBroken` tells. */
const breakFirstWorker = (what) => `
  const isRun = (data) => data instanceof Uint8Array && new TextDecoder().decode(data).includes("lab=");
  const Real = Worker;
  URL.revokeObjectURL = () => {}; // the script below imports what the page would revoke
  let first;
  globalThis.Worker = class extends Real {
    constructor(url, options) {
      const script = \`
        import "\${url}";
        const isRun = \${isRun};
        addEventListener("message", ({ data }) => isRun(data) && setTimeout(() => { ${what} }, 50));
      \`;
      super(first ? url : URL.createObjectURL(new Blob([script], { type: "text/javascript" })), options);
      first ??= this;
    }
    postMessage(data, ...rest) {
      super.postMessage(data, ...rest);
      globalThis.isBroken ||= this === first && isRun(data);
    }
  };
`;

for (const [what, fault] of [["closes itself", "close()"], ["falls silent", "for (;;);"], ["throws", "throw new Error('a broken worker')"]]) {
  test(`a worker that ${what} amid a run is told, and the next run works`, async () => {
    const page = await site.open(QUICK, { before: { content: breakFirstWorker(fault) } });
    await page.click("#run");
    await page.waitForFunction(() => globalThis.isBroken);
    assert.match(await told(page, ".status.failed", what), /worker that ran Batched/);
    await runs(page, what);
  });
}

test("where there are no workers it is told, and a run on the page works", async () => {
  const page = await site.open(QUICK, { before: () => { delete globalThis.Worker; } });
  await page.click("#run");
  assert.match(await told(page, ".status.failed", "no Worker"), /does not start a worker/);
  await page.evaluate(() => window.loopscope.set({ run_on: "page" }));
  await runs(page, "no Worker");
});

test("a run needs no network, once there was one", async () => {
  const page = await site.open(QUICK);
  await runs(page, "online");
  await page.context().setOffline(true);
  await runs(page, "offline");
  await page.evaluate(() => window.loopscope.set({ strategies: "workers" }));
  await runs(page, "offline, with threads");
  assert.deepEqual(page.problems, []);
});

/** What may come instead of a file. */
const ANSWERS = {
  "a page of HTML": (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Sign in</title><p>Sign in to the network" }),
  nothing: (route) => route.fulfill({ body: "" }),
  half: async (route) => {
    const body = await (await route.fetch()).text();
    await route.fulfill({ body: body.slice(0, body.length / 2) });
  },
  "404": (route) => route.fulfill({ status: 404, contentType: "text/html", body: "<h1>Not found</h1>" }),
  "no answer": () => {},
};

for (const [what, answer] of Object.entries(ANSWERS)) {
  test(`texts, lessons and sources instead of which comes ${what}`, async () => {
    const fresh = await site.blank();
    await fresh.route("**/assets/texts/en.txt", answer);
    await fresh.goto(`${site.origin}/some/where/`, { waitUntil: "commit" });
    await fresh.waitForFunction(() => typeof window.wasmBindings === "object");
    await told(fresh, "#failure", `texts: ${what}`);
    await fresh.unroute("**/assets/texts/en.txt");
    await fresh.click("#retry");
    await fresh.waitForSelector("#run:enabled");
    await close(fresh);

    const page = await site.open(QUICK);
    await page.route("**/assets/texts/ko.txt", answer);
    await page.selectOption("#language", "ko");
    assert.match(await told(page, ".notices li", `other texts: ${what}`), /한국어: the texts could not be loaded/);
    await page.unroute("**/assets/texts/ko.txt");
    await page.selectOption("#language", "ko");
    await page.waitForFunction(() => document.getElementById("run").textContent === "실제로 실행하기");
    await close(page);

    for (const [tab, folder, whole] of [["explain", "lessons", ".lesson h3"], ["code", "code", ".listing"]]) {
      const page = await site.open(`${QUICK}&view=${tab}`, { routes: { [`**/assets/${folder}/**`]: answer } });
      await told(page, ".missing", `${folder}: ${what}`);
      assert.equal(await page.locator(whole).count(), 0, `${folder}: ${what}`);
      await page.unroute(`**/assets/${folder}/**`);
      await page.click(".missing button");
      await page.waitForSelector(whole);
      await runs(page, `${folder}: ${what}`);
      await close(page);
    }
  });
}

test("storage that throws is done without", async () => {
  for (const before of [
    () => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("forbidden", "SecurityError"); } }),
    () => { Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }; },
    () => { Storage.prototype.getItem = Storage.prototype.removeItem = () => { throw new DOMException("broken"); }; },
  ]) {
    const page = await site.open(QUICK, { before });
    await page.selectOption("#theme", "dark");
    await runs(page, String(before));
    assert.deepEqual(page.problems, [], String(before));
    await close(page);
  }
});

test("a clipboard that refuses, or never answers, leaves the text to the reader", async () => {
  for (const before of [
    () => { navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError")); },
    () => { navigator.clipboard.writeText = () => { throw new Error("no"); }; },
    () => { navigator.clipboard.writeText = () => new Promise(() => {}); },
  ]) {
    const page = await site.open(`${QUICK}&view=numbers`, { before });
    await page.click("#share");
    await told(page, "#shared", String(before));
    assert.match(await page.locator("#share-link").inputValue(), /tasks=20/, String(before));
    await page.getByRole("button", { name: "Copy as CSV" }).click();
    await page.locator(".refused textarea").waitFor({ timeout: SOON_MS });
    assert.deepEqual(page.problems, [], String(before));
    await close(page);
  }
});

/** Ways in which `performance.now` may be wrong; each is given what is right. */
const CLOCKS = {
  "steps by 100 ms": "(now) => Math.floor(now / 100) * 100",
  "stands still": "() => 1_000",
  "goes backwards": "(now) => 1e6 - now",
  "jumps back": "(now) => now % 50",
  "is no number": "() => NaN",
};

for (const [what, clock] of Object.entries(CLOCKS)) {
  for (const when of ["from the start", "from the second run on"]) {
    test(`a clock that ${what} ${when} is told or does no harm`, async (t) => {
      const before = `
        const exact = performance.now.bind(performance);
        globalThis.isWrong = ${when === "from the start"};
        performance.now = () => globalThis.isWrong ? (${clock})(exact()) : exact();
      `;
      const page = await site.open(`${QUICK}&run_on=page`, { before: { content: before } });
      t.after(() => close(page));
      if (when !== "from the start") await runs(page, "right clock");
      const ended = page.evaluate(() => {
        globalThis.isWrong = true;
        return window.loopscope.run().then((summary) => ({ summary }), ({ message }) => ({ message }));
      });
      const { summary, message } = await within(SOON_MS, `run() with a clock that ${what}`, ended);
      if (summary) {
        const isStrange = (value) => typeof value === "number" ? !Number.isFinite(value) || value < 0 || value > 1e6 : Object.values(value ?? {}).some(isStrange);
        for (const { measured } of summary.strategies) {
          assert.ok(measured.void, `what was measured with it counts: ${measured.makespan_ms} ms`);
          assert.ok(!isStrange(measured), JSON.stringify(measured));
        }
      } else {
        assert.match(message, /clock/);
      }
      assert.match(await status(page), /\w+ \w+/);
      assert.equal(await page.locator("#failure").isVisible(), false);
      await page.evaluate(() => { globalThis.isWrong = false; });
      await runs(page, "right clock again");
      assert.deepEqual(page.problems, []);
    });
  }
}

test("a crash is told with ways out, and nobody waits for an answer that will not come", async () => {
  const page = await site.open("?tasks=300&strategies=one-at-a-time&scale=1&theme=dark");
  const pending = page.evaluate(() => window.loopscope.run().then(() => "done", ({ message }) => `no: ${message}`));
  await page.waitForSelector(".row.running");
  // What draws the page panics when the document takes nothing in any more.
  await page.evaluate(() => {
    globalThis.insert = Node.prototype.insertBefore;
    Node.prototype.insertBefore = () => { throw new Error("nothing is taken in"); };
    document.querySelector("#tab-numbers").click();
  });
  await told(page, "#failure", "a crash");
  assert.match(await within(SOON_MS, "the pending run()", pending), /^no: ./);
  for (const call of ["summary()", "run()", "set({ tasks: 3 })", "labs()", "stop()", 'trace("chrome")', 'sweep({ param: "tasks" })']) {
    const answer = page.evaluate(`loopscope.${call}.then(() => "done", ({ message }) => "no: " + message)`);
    assert.match(await within(1_000, call, answer), /^no: ./, call);
  }
  await page.evaluate(() => { Node.prototype.insertBefore = globalThis.insert; });
  const ways = await page.locator("#failure :is(button, a):visible").allInnerTexts();
  for (const way of [/reload|again/i, /default/i, /copy/i]) assert.ok(ways.some((text) => way.test(text)), `${way} is not among “${ways.join("”, “")}”`);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const way = (name) => page.locator("#failure :is(button, a):visible", { hasText: name });
  await way(/copy/i).click();
  await page.waitForFunction(() => navigator.clipboard.readText().then((text) => text.includes("tasks=300")));
  await way(/default/i).click();
  await page.waitForSelector("#run:enabled");
  assert.doesNotMatch(page.url(), /tasks=300/);
  await page.evaluate(() => window.loopscope.summary());
});

test("timelines may leave the page while a frame is pending", async () => {
  const page = await site.open("?tasks=20");
  const play = async () => {
    await page.locator("#timelines").focus();
    await page.keyboard.press("Space");
  };
  await play();
  await page.check("#predict-first");
  await page.waitForSelector("#guess");
  await page.fill("#guess-ms", "500");
  await page.click("#guess-done");
  await page.waitForSelector("#guess-again");
  await play();
  await page.click("#guess-again");
  await page.waitForSelector("#guess");
  await page.evaluate(async () => {
    for (let turn = 0; turn < 300; turn += 1) {
      window.loopscope.set({ predict_first: turn % 2 });
      await new Promise((done) => setTimeout(done, 2));
    }
    await window.loopscope.set({ predict_first: 0 });
  });
  assert.deepEqual(page.problems, []);
  assert.equal(await page.locator("#failure").isVisible(), false);
  await page.waitForSelector("#run:enabled");
});

test("set() turns to another language with all of its texts", async () => {
  const page = await site.open(QUICK);
  await page.evaluate(() => window.loopscope.set({ lang: "ko" }));
  await page.waitForFunction(() => document.documentElement.lang === "ko");
  assert.equal(await page.locator("#run").textContent(), "실제로 실행하기");
  assert.doesNotMatch(await page.locator("main").innerText(), /Run it|Strategies/);
});

test("a file that is opened without a server says how it wants to be opened, and nothing else", async () => {
  const page = await site.blank();
  await page.goto(pathToFileURL(`${process.env.LOOPSCOPE_DIST}/index.html`).href);
  await page.waitForTimeout(1_000);
  const seen = (await page.locator("body").innerText()).trim();
  assert.match(seen, /serve/i);
  assert.equal(await page.getByText(/serve/i).filter({ visible: true }).count(), 1, seen);
  assert.doesNotMatch(seen, /needs WebAssembly|could not be downloaded|has run into a problem|[가-힣]/);
  const largest = await page.locator("svg:visible").evaluateAll((all) => Math.max(0, ...all.map((one) => one.getBoundingClientRect().width)));
  assert.ok(largest <= 64, `a picture is ${largest} px wide`);
});

test("without its style sheet a failure is one sentence, too", async () => {
  const page = await site.blank();
  await page.route("**/*.css", (route) => route.abort());
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(`${site.origin}/some/where/`);
  await told(page, "#failure", "no style");
  assert.equal(await page.locator("#failure .why:visible").count(), 1);
  assert.equal(await page.locator("#failure .why:visible span:visible").count(), 1);
});

test("a width of the panel that makes no sense is not taken", async () => {
  for (const panel of ["1e9", "abc", "-5", "NaN", "70000", "99999"]) {
    const page = await site.open(QUICK, { before: { content: `localStorage.setItem("loopscope.settings", "panel=${panel}")` } });
    const width = await page.locator("#controls").evaluate((one) => one.getBoundingClientRect().width);
    assert.ok(width >= 200 && width <= 500, `${width} px for ${panel}`);
    const property = await page.evaluate(() => document.documentElement.style.getPropertyValue("--panel"));
    assert.match(property, /^$|^\d{3}px$/, panel);
    await close(page);
  }
});

test("the focus goes somewhere when the hints go", async () => {
  const page = await site.open(QUICK);
  await page.click("#hints-done");
  await page.waitForSelector("#hints", { state: "detached" });
  assert.notEqual(await page.evaluate(() => document.activeElement.tagName), "BODY");
});

test("in forced colours the button that matters has an edge", async () => {
  const page = await site.open(QUICK, { forcedColors: "active" });
  const { width, style } = await page.locator("#run").evaluate((one) => {
    const { borderTopWidth, borderTopStyle, outlineWidth, outlineStyle } = getComputedStyle(one);
    return borderTopStyle !== "none" ? { width: borderTopWidth, style: borderTopStyle } : { width: outlineWidth, style: outlineStyle };
  });
  assert.ok(parseFloat(width) >= 1 && style !== "none", `${width} ${style}`);
});
