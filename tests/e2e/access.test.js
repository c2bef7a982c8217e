// The page for everybody: axe's rules, use by keyboard alone, stored settings, sharing, explanations and messages.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { start } from "./browser.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** WCAG 2.2 AA, and axe's best practices. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let site;
before(async () => { site = await start(); });
after(() => site.close());

const QUICK = "?tasks=20&cpu_ms=5&latency_ms=40&scale=0.5&strategies=batched,yielding,no-io";
const ended = (page) => page.waitForSelector("#run:enabled", { timeout: 60_000 });

/** Everything that axe finds on the page in its present state, in words. */
async function findings(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
    RULES,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

const clean = async (page, where) => assert.deepEqual(await findings(page), [], where);

for (const [width, height] of [[1440, 900], [768, 1024], [390, 844]]) {
  for (const theme of ["light", "dark"]) {
    test(`axe finds nothing at ${width} px in ${theme} colours, before, during and after a run`, async () => {
      const language = theme === "dark" ? "ko" : "en";
      const page = await site.open(`?strategies=batched,yielding,no-io&scale=1&lang=${language}&tsks=3`, { viewport: { width, height }, colorScheme: theme });
      await clean(page, "at first, with hints and a notice");
      await page.evaluate(() => document.querySelectorAll("main details").forEach((one) => { one.open = true; }));
      await clean(page, "with everything unfolded");
      await page.click("#run");
      await page.waitForSelector(".row.running");
      await clean(page, "during a run");
      await ended(page);
      await page.click("#pin");
      await clean(page, "after a run, which is then pinned");
      await page.click("#help-button");
      await clean(page, "with the help");
      await page.context().close();
    });
  }
}

test("axe finds nothing in any lab", async () => {
  const page = await site.open();
  const labs = await page.locator(".lab").evaluateAll((all) => all.map((one) => one.dataset.lab));
  for (const lab of labs) {
    await page.click(`[data-lab=${lab}]`);
    await page.waitForFunction((lab) => location.search.includes(lab), lab);
    await clean(page, lab);
  }
});

test("axe finds nothing while a guess is asked for, and after it", async () => {
  const page = await site.open("?predict_first=1");
  await clean(page, "asked");
  await page.fill("#guess-ms", "1000");
  await page.click("#guess-done");
  await clean(page, "answered");
});

test("every control can be reached by keyboard, and shows its focus", async () => {
  const page = await site.open(QUICK);
  const wanted = await page.evaluate(() => {
    // Only one of several tabs is in the Tab order; the arrow keys lead to the others.
    const all = document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']");
    const reachable = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0;
    return [...all].filter(reachable).length;
  });
  const reached = new Set();
  for (let step = 0; step < wanted + 5; step += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const one = document.activeElement;
      if (one === document.body) return null;
      one.dataset.reached ??= String(document.querySelectorAll("[data-reached]").length);
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return { number: one.dataset.reached, html: one.outerHTML.slice(0, 80), outlineStyle, outlineWidth };
    });
    if (!focus) continue;
    reached.add(focus.number);
    assert.ok(focus.outlineStyle !== "none" && parseFloat(focus.outlineWidth) >= 2, `no visible focus: ${focus.html}`);
  }
  assert.ok(reached.size >= wanted, `${reached.size} of ${wanted}`);
});

test("? opens the help, Escape closes it, and the focus goes back", async () => {
  const page = await site.open(QUICK);
  await page.focus("#run");
  await page.keyboard.press("?");
  await page.waitForSelector("#help[open]");
  assert.ok(await page.locator("#help .words dt").count() >= 15);
  await page.keyboard.press("Escape");
  await page.waitForSelector("#help:not([open])", { state: "attached" });
  assert.equal(await page.evaluate(() => document.activeElement.id), "run");
  await page.focus("#param-tasks");
  await page.keyboard.press("?");
  assert.equal(await page.locator("#help[open]").count(), 0, "what is typed into a field is no shortcut");
  await page.click("#help-button");
  await page.uncheck("#keys");
  await page.keyboard.press("Escape");
  await page.focus("#run");
  await page.keyboard.press("?");
  assert.equal(await page.locator("#help[open]").count(), 0, "single keys were switched off");
});

test("an explanation is shown on focus, and Escape hides it", async () => {
  const page = await site.open(QUICK);
  const tip = page.locator("#scale-hint");
  assert.equal(await tip.isVisible(), false);
  await page.focus("#place");
  await page.keyboard.press("Tab");
  await tip.waitFor({ state: "visible" });
  await page.keyboard.press("Escape");
  await tip.waitFor({ state: "hidden" });
});

test("the hints of the first visit can be dismissed for good", async () => {
  const page = await site.open(QUICK);
  assert.equal(await page.locator("#hints li").count(), 3);
  await page.click("#hints-done");
  assert.equal(await page.locator("#hints").count(), 0);
  await page.reload();
  await page.waitForSelector("#run:enabled");
  assert.equal(await page.locator("#hints").count(), 0);
});

test("language, colours and the panel's width are stored, and an address wins", async () => {
  const page = await site.open(QUICK);
  await page.selectOption("#language", "ko");
  await page.selectOption("#theme", "dark");
  await page.focus("#divider");
  for (let step = 0; step < 3; step += 1) await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector("#divider").ariaValueNow === "328");
  const width = () => page.locator("#controls").evaluate((one) => one.getBoundingClientRect().width);
  assert.equal(await width(), 328);
  const at = page.url().split("?")[0];
  await page.goto(`${at}${QUICK}`);
  await page.waitForSelector("#run:enabled");
  assert.equal(await page.locator("html").getAttribute("lang"), "ko");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  assert.equal(await width(), 328);
  await page.goto(`${at}${QUICK}&lang=en&theme=light`);
  await page.waitForSelector("#run:enabled");
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "light");
});

test("without storage everything works, and the first paint has the colours of the address", async () => {
  const page = await site.open(`${QUICK}&theme=dark`, {
    before: () => Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("no"); } }),
  });
  await page.selectOption("#language", "ko");
  await page.click("#hints-done");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  assert.deepEqual(page.problems, []);
});

test("Share copies a link to what is shown", async () => {
  const page = await site.open(QUICK, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.fill("#param-tasks", "30");
  await page.keyboard.press("Enter");
  await page.click("#share");
  await page.waitForSelector("#shared");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /^http.*\/some\/where\/\?v=1&lab=shared-workload&tasks=30&/);
  await page.keyboard.press("Escape");
  await page.waitForSelector("#shared", { state: "detached" });
});

test("without the clipboard the link is shown to be copied, and a frame says why", async () => {
  const page = await site.open(QUICK, {
    before: () => Object.defineProperty(navigator, "clipboard", { get: () => undefined }),
  });
  await page.click("#share");
  assert.match(await page.locator("#share-link").inputValue(), /tasks=20/);
  assert.match(await page.locator("#shared label").textContent(), /^This page may not/);
  await page.setContent(`<iframe sandbox="allow-scripts" src="${page.url()}" width="1000" height="800"></iframe>`);
  const frame = page.frameLocator("iframe");
  await frame.locator("#run:enabled").waitFor();
  assert.equal(await frame.locator("#hints").count(), 0);
  await frame.locator("#share").click();
  assert.match(await frame.locator("#shared label").textContent(), /^Inside this frame/);
});

test("a broken link is explained", async () => {
  const page = await site.open("?lab=nothing&tasks=many&cpu_ms=99999&what=ever&v=9");
  assert.equal(await page.locator(".notices li").count(), 5);
  await page.locator(".notices button").first().click();
  assert.equal(await page.locator(".notices li").count(), 4);
});

test("a run is announced when it begins and when it ends", async () => {
  const page = await site.open(QUICK);
  const announced = page.locator(".run-bar [role=status]");
  assert.equal(await announced.textContent(), "", "a plan is no news");
  await page.click("#run");
  await page.waitForFunction(() => /Running/.test(document.querySelector(".run-bar [role=status]").textContent));
  await ended(page);
  assert.match(await announced.textContent(), /^(Done|Void)/);
});

test("while the program loads, the page says what it is and shows progress, and nothing jumps", async () => {
  const page = await site.blank();
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route("**/*.wasm", async (route) => { await held; await route.continue(); });
  await page.goto(`${site.origin}/some/where/?theme=dark&lang=ko`, { waitUntil: "commit" });
  await page.waitForSelector(".skeleton");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  assert.match(await page.locator("h1").innerText(), /비동기 프로그램이 시간을 어디에 쓰는지 보기/);
  assert.equal(await page.locator("progress").isVisible(), true);
  const place = (selector) => page.locator(selector).first().evaluate((one) => Math.round(one.getBoundingClientRect().left));
  const before = await place(".results");
  await page.evaluate(AXE);
  assert.deepEqual(await findings(page), []);
  await page.evaluate(() => {
    window.shift = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((one) => { window.shift += one.value; })).observe({ type: "layout-shift", buffered: true });
  });
  release();
  await page.waitForSelector("#run:enabled");
  await page.waitForTimeout(500);
  assert.equal(await place(".results"), before);
  assert.ok(await page.evaluate(() => window.shift) < 0.05, `${await page.evaluate(() => window.shift)}`);
});

test("a download that fails can be tried again", async () => {
  const page = await site.blank();
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(`${site.origin}/some/where/`);
  await page.waitForSelector("#failure:not([hidden])");
  assert.match(await page.locator("#failure").innerText(), /could not be downloaded/);
  await page.unroute("**/*.wasm");
  await page.click("#retry");
  await page.waitForSelector("#run:enabled");
  assert.equal(await page.locator("#failure").isVisible(), false);
});

test("with reduced motion, nothing moves by itself", async () => {
  const page = await site.open(QUICK, { reducedMotion: "reduce" });
  const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((one) => {
    const { animationName, transitionDuration } = getComputedStyle(one);
    return animationName !== "none" || parseFloat(transitionDuration) > 0;
  }).length);
  assert.equal(moving, 0);
});

test("nothing of the result is shown until the guess is made, then how far off it was", async () => {
  const page = await site.open("?strategies=blocking,batched,yielding&predict_first=1&calibration=ideal");
  assert.equal(await page.locator(".row, .verdict, .numbers-table, #run").count(), 0);
  await page.click('#guess [data-strategy="blocking"] .down');
  await page.keyboard.press("Enter"); // the focus went with it
  const order = () => page.locator("#guess li").evaluateAll((all) => all.map((one) => one.dataset.strategy));
  assert.deepEqual(await order(), ["batched", "yielding", "blocking"]);
  await page.click("#guess-done");
  assert.equal(await page.locator(".row").count(), 0, "a guess needs a time as well");
  await page.fill("#guess-ms", "530");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".row");
  assert.match(await page.locator("#guessed").textContent(), /right for 3 of 3 pairs.*1\.06 s; you said 530 ms \(−50 %\)/);
  await page.fill("#param-tasks", "30");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#guess");
  await page.click("#guess-skip");
  await page.waitForSelector(".row");
  await page.waitForFunction(() => !location.search.includes("predict_first"));
});

test("programs are guessed from their sources, without a time", async () => {
  const page = await site.open("?lab=event-loop-order&predict_first=1");
  assert.match(await page.locator(".guessing .listing").textContent(), /program\.print/);
  await page.click("#guess-done");
  await page.waitForSelector(".row");
  assert.equal(await page.locator("#guessed").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.id), "stage", "the focus is not lost");
});

test("without its texts the page says so, and stops loading", async () => {
  const page = await site.blank();
  await page.route("**/texts/*.txt", (route) => route.abort());
  await page.goto(`${site.origin}/some/where/`);
  await page.waitForSelector("#failure:not([hidden])");
  assert.ok(await page.locator("#failure .download").first().isVisible());
  assert.equal(await page.locator("#loading").count(), 0);
});

test("a pinned result is compared with the next one", async () => {
  const page = await site.open("?strategies=blocking,yielding&calibration=ideal");
  await page.click("#pin");
  await page.fill("#param-latency_ms", "200");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /12\.96/.test(document.querySelector("#pinned")?.textContent ?? "")
    || /13 s/.test(document.querySelector("#pinned")?.textContent ?? ""));
  assert.match(await page.locator("#pinned .note").textContent(), /^Latency: 100 ms → 200 ms$/);
  const first = await page.locator("#pinned tbody tr").first().locator("td").allTextContents();
  assert.deepEqual(first.slice(0, 3), ["6.96 s", "13 s", "+86.2 %"]);
  await page.locator("#pinned .plain").click();
  assert.equal(await page.locator("#pinned").count(), 0);

  // A pinned prediction is not compared with a later measurement.
  const quick = await site.open(QUICK);
  await quick.click("#pin");
  await quick.click("#run");
  await ended(quick);
  assert.equal(await quick.locator("#pinned .clock").textContent(), "predicted");
});

test("each finding leads to its evidence", async () => {
  const page = await site.open("", { viewport: { width: 1440, height: 600 } });
  const evidence = page.locator(".lints .evidence");
  assert.ok(await evidence.count() >= 4);
  await evidence.filter({ hasText: "No yield" }).first().click();
  const top = await page.locator('.row[data-strategy="no-yield"]').evaluate((row) => row.getBoundingClientRect().top);
  assert.ok(top > -1 && top < 600, `${top}`);
});
