// Every lab in the catalogue, which the page itself lists: it opens, explains itself, shows its sources and runs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./browser.js";

let site;
let labs;
before(async () => {
  site = await start();
  const page = await site.open();
  labs = await page.evaluate(() => window.loopscope.labs());
  await page.context().close();
});
after(() => site.close());

/** Calls `check` with each lab and a page that shows it. */
async function eachLab(query, check) {
  for (const lab of labs) {
    const page = await site.open(`?lab=${lab.id}${query}`);
    await check(lab, page);
    assert.deepEqual(page.problems, [], lab.id);
    await page.context().close();
  }
}

test("the page lists the labs with everything to choose", () => {
  assert.ok(labs.length > 5);
  for (const { id, strategies, params, quick } of labs) {
    assert.ok(strategies.length > 1, id);
    for (const { key, min, max, default: value } of params) assert.ok(min <= value && value <= max, `${id}: ${key}`);
    for (const key of Object.keys(quick)) assert.ok(params.some((param) => param.key === key), `${id}: ${key}`);
  }
});

for (const language of ["en", "ko"]) {
  test(`every lab predicts and has its lesson (${language})`, async () => {
    await eachLab(`&lang=${language}`, async (lab, page) => {
      assert.equal(await page.locator(".row").count(), lab.strategies.length, lab.id);
      await page.waitForSelector(".lesson h3");
      assert.ok(!(await page.textContent("#tab-panel")).includes("{{"), lab.id);
      assert.ok(!(await page.textContent("main")).includes(`lab.${lab.id}.`), `${lab.id} shows a key`);
    });
  });
}

test("every lab shows the sources that it declares", async () => {
  await eachLab("&view=code&lang=en", async (lab, page) => {
    for (const { id, twins } of lab.strategies) {
      await page.waitForSelector("#code-strategy");
      await page.selectOption("#code-strategy", id);
      for (const [name, extension] of [["Rust", "rs"], ["Python", "py"], ["JavaScript", "js"]]) {
        await page.getByRole("button", { name, exact: true }).click();
        const isThere = extension === "rs" || twins.includes(extension);
        assert.equal(await page.locator(".listing").count(), Number(isThere), `${lab.id}: ${id} in ${name}`);
      }
    }
  });
});

test("every lab runs for real", async () => {
  await eachLab("", async (lab, page) => {
    const asked = { ...lab.quick, scale: 1 };
    const { strategies } = await page.evaluate((asked) => window.loopscope.set(asked).then(() => window.loopscope.run()), asked);
    for (const { id, predicted, measured } of strategies) {
      // A worker has neither frames nor idle periods; strategies that need them are left out.
      if (!measured) continue;
      assert.equal(measured.completed, predicted.completed, `${lab.id}: ${id}`);
      assert.equal(measured.stalled === null, predicted.stalled === null, `${lab.id}: ${id}`);
    }
    assert.ok(strategies.filter(({ measured }) => measured).length > 1, lab.id);
  });
});
