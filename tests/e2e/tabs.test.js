// The tabs below the timelines, as readers use them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./browser.js";

let site;
before(async () => { site = await start(); });
after(() => site.close());

const panel = (page) => page.locator("#tab-panel");
const open = (page) => page.locator('[role="tab"][aria-selected="true"]').textContent();

test("arrow keys switch tabs, and the address keeps the open one", async () => {
  const page = await site.open();
  assert.equal(await open(page), "Explanation");
  await page.locator("#tab-explain").focus();
  for (const expected of ["Code", "Numbers", "Sweep", "Explanation"]) {
    await page.keyboard.press("ArrowRight");
    assert.equal(await open(page), expected);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), expected);
  }
  await page.keyboard.press("End");
  await page.waitForFunction(() => location.search.includes("view=sweep"));
  const again = await site.open("?view=code");
  assert.equal(await open(again), "Code");
  assert.deepEqual([page.problems, again.problems], [[], []]);
});

test("a lesson has the figures that are shown, and ticks off what was seen", async () => {
  const page = await site.open();
  await page.waitForSelector(".lesson");
  assert.match(await panel(page).textContent(), /There are 60 tasks.*Blocking takes 6\.96 s/s);
  assert.equal(await page.locator(".tick.done").count(), 0);
  await page.evaluate(() => window.loopscope.set({ tasks: 100, cpu_ms: 1, latency_ms: 500 }));
  await page.waitForSelector(".tick.done");
  assert.match(await panel(page).textContent(), /There are 100 tasks/);
  await page.evaluate(() => window.loopscope.set({ tasks: 60, cpu_ms: 16, latency_ms: 100 }));
  await page.waitForFunction(() => /There are 60 tasks/.test(document.querySelector(".lesson").textContent));
  assert.equal(await page.locator(".tick.done").count(), 1, "what was seen stays ticked");
});

test("the code is the strategy's own, in three languages", async () => {
  const page = await site.open("?view=code");
  await page.waitForSelector(".listing");
  await page.selectOption("#code-strategy", "yielding");
  assert.match(await page.locator(".listing").textContent(), /pace\.yield_if_due\(\)\.await/);
  await page.getByRole("button", { name: "Python" }).click();
  assert.match(await page.locator(".listing").textContent(), /await asyncio\.sleep\(0\)/);
  await page.getByRole("button", { name: "JavaScript" }).click();
  assert.match(await page.locator(".listing").textContent(), /await work\.yield\(\)/);
  assert.ok(await page.locator(".listing .k").count() > 3, "it is highlighted");
});

test("the line that runs at the playhead is marked in its source", async () => {
  const page = await site.open("?view=code");
  const told = page.locator("#line-told");
  const marked = (kind) => page.$$eval(`#line-marks .${kind}`, (all) => all.map((one) => one.style.getPropertyValue("--at")));
  await told.filter({ hasText: /^Set the playhead on a timeline/ }).waitFor();
  const clickAt = async (share, strategy) => {
    const lanes = page.locator(`.row[data-strategy="${strategy}"] canvas`).first();
    const box = await lanes.boundingBox();
    await lanes.click({ position: { x: box.width * share, y: 12 } });
  };
  await clickAt(0.1, "yielding");
  assert.equal(await page.inputValue("#code-strategy"), "yielding", "the source belongs to the timeline");
  const [line] = await marked("runs");
  const source = (await page.locator(".listing code").textContent()).split("\n");
  assert.match(source[line - 1], /work\.compute\(job\)/);
  assert.match(await told.textContent(), new RegExp(`^At the playhead: line ${line} runs`));
  const text = await page.locator(".listing code").boundingBox();
  const mark = await page.locator("#line-marks .runs").boundingBox();
  const height = text.height / (source.length - 1);
  assert.ok(Math.abs(mark.y - text.y - (line - 1) * height) < 2, "the mark lies behind its line");

  await clickAt(0.1, "one-at-a-time");
  assert.deepEqual(await marked("runs"), []);
  const [waiting] = await marked("waits");
  assert.match((await page.locator(".listing code").textContent()).split("\n")[waiting - 1], /\.await/);
  // The list follows the source that is shown, even after another one was chosen from it.
  await page.selectOption("#code-strategy", "yielding");
  await page.selectOption("#code-strategy", "blocking");
  await clickAt(0.1, "yielding");
  assert.equal(await page.inputValue("#code-strategy"), "yielding");
  await page.getByRole("button", { name: "Python" }).click();
  assert.equal(await page.locator("#line-marks").count(), 0);
  assert.deepEqual(page.problems, []);
});

test("a failed download is explained, and can be tried again", async () => {
  const page = await site.open();
  await page.waitForSelector(".lesson");
  await page.route("**/assets/code/**", (route) => route.abort());
  await page.click("#tab-code");
  await page.waitForSelector(".missing");
  await page.unroute("**/assets/code/**");
  await page.locator(".missing button").click();
  await page.waitForSelector(".listing");
});

test("the numbers can be copied, or selected where the browser refuses", async () => {
  const page = await site.open("?view=numbers&strategies=blocking,yielding");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy as CSV" }).click();
  await page.waitForFunction(() => document.querySelector("#tab-panel [role=status]").textContent === "Copied.");
  const csv = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(csv, /^strategy,clock,makespan_ms,/);
  assert.match(csv, /\nblocking,predicted,6960,/);
  const refused = await site.open("?view=numbers", { before: () => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
  } });
  await refused.getByRole("button", { name: "Copy as Markdown" }).click();
  await refused.waitForSelector(".refused textarea");
  assert.match(await refused.locator(".refused textarea").inputValue(), /^\| Strategy \| Clock \| Total time \|/);
});

test("a sweep is drawn, can be read by keyboard, and sets its parameter", async () => {
  const page = await site.open("?view=sweep&tasks=20");
  const plot = page.locator(".plot");
  await plot.waitFor({ timeout: 60_000 });
  assert.match(await page.locator(".found").textContent(), /Best of all: .*overtakes/);
  await plot.focus();
  await page.keyboard.press("End");
  assert.match(await plot.getAttribute("aria-valuetext"), /^Computing 200 ms\. Blocking: 6 s/);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.search.includes("cpu_ms=200"));
  assert.equal(await page.inputValue("#param-cpu_ms"), "200");
  const box = await plot.boundingBox();
  await plot.click({ position: { x: box.width / 2, y: 40 } });
  await page.waitForFunction(() => /cpu_ms=(9|10)\d/.test(location.search));
  await page.selectOption("#sweep-metric", "longest_block_ms");
  await page.waitForFunction(() => /Longest block/.test(document.querySelector(".chart")?.textContent ?? ""), null, { timeout: 60_000 });
  assert.deepEqual(page.problems, []);
});

test("a sweep can be stopped and restarted", async () => {
  const page = await site.open("?view=sweep&tasks=20000");
  await page.locator("#tab-panel").getByRole("button", { name: "Stop" }).click({ timeout: 60_000 });
  assert.match(await panel(page).textContent(), /Stopped\./);
  await page.evaluate(() => window.loopscope.set({ tasks: 10 }));
  await page.locator(".plot").waitFor({ timeout: 60_000 });
});
