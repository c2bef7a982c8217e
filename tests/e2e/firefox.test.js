// The page in Firefox, by WebDriver BiDi: predictions are shown, and runs in a worker and on the page finish.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";
import { start } from "./browser.js";

// `cargo xtask test` sets this, and installs the browser if it can.
const executablePath = process.env.FIREFOX;
const skip = executablePath || process.env.CI ? false : "there is no Firefox here: name one in FIREFOX";

const QUICK = "?tasks=20&cpu_ms=5&latency_ms=40&scale=0.5&strategies=batched,yielding,no-io";

let site;
let firefox;
before(async () => {
  if (skip) return;
  site = await start();
  firefox = await puppeteer.launch({ browser: "firefox", executablePath, headless: true, args: ["--width=1440", "--height=900"] });
});
after(async () => {
  await firefox?.close();
  await site?.close();
});

async function open(query) {
  const page = await firefox.newPage();
  page.setDefaultTimeout(30_000);
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  await page.goto(`${site.origin}/some/where/${query}`);
  await page.waitForSelector("#run:enabled");
  return page;
}

test("Firefox shows every prediction", { skip }, async () => {
  const page = await open("?calibration=ideal&lang=en");
  const totals = await page.$$eval(".band.predicted dd.total", (all) => all.map((one) => one.textContent));
  assert.equal(totals.length, 8);
  assert.deepEqual(totals.slice(0, 3), ["6.96 s", "6.96 s", "1.06 s"]);
  assert.deepEqual(page.problems, []);
});

for (const place of ["worker", "page"]) {
  test(`a run in Firefox (${place}) measures every strategy`, { skip }, async () => {
    const page = await open(`${QUICK}&run_on=${place}&lang=en`);
    await page.click("#run");
    await page.waitForSelector("#stop");
    await page.waitForSelector("#run:enabled", { timeout: 60_000 });
    const { strategies } = await page.evaluate(() => window.loopscope.summary());
    const status = await page.$eval("#status", (one) => one.textContent);
    for (const { id, measured } of strategies) {
      assert.equal(measured?.completed, 20, `${id}: ${status}`);
      assert.equal(measured.run_on, place);
    }
    assert.deepEqual(page.problems, []);
  });
}

test("the help is a dialog in Firefox as well", { skip }, async () => {
  const page = await open(QUICK);
  await page.focus("#run");
  await page.keyboard.type("?");
  await page.waitForSelector("#help[open]");
  await page.keyboard.press("Escape");
  await page.waitForSelector("#help:not([open])");
});
