// Moving the view of the timelines: by wheel, pointer, keys and buttons.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "./browser.js";

let site;
before(async () => { site = await start(); });
after(() => site.close());

const TWO = "?tasks=10&strategies=one-at-a-time,yielding&calibration=ideal";

const axis = (page) => page.locator(".axis span").allTextContents();
const shown = (page) => page.locator("#overview").evaluate((one) => parseFloat(one.style.getPropertyValue("--length")));
const left = (page) => page.locator("#overview").evaluate((one) => parseFloat(one.style.getPropertyValue("--from")));
const playhead = (page) => page.locator("#inspector-title ~ output").textContent();
const settled = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

async function canvas(page, index = 0) {
  const found = page.locator(".row canvas").nth(index);
  await found.scrollIntoViewIfNeeded();
  return found.boundingBox();
}

test("a wheel scrolls the page unless Ctrl is held or the timelines are in use", async () => {
  const page = await site.open(TWO);
  const box = await canvas(page);
  await page.mouse.move(box.x + 100, box.y + 10);
  await page.mouse.wheel(0, -100);
  await settled(page);
  assert.equal(await shown(page), 100);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -100);
  await page.keyboard.up("Control");
  await settled(page);
  const zoomed = await shown(page);
  assert.ok(zoomed < 90, `${zoomed} %`);
  await page.mouse.click(box.x + 100, box.y + 10);
  await page.mouse.wheel(0, -100);
  await settled(page);
  assert.ok(await shown(page) < zoomed);
  await page.mouse.dblclick(box.x + 150, box.y + 10);
  await settled(page);
  assert.equal(await shown(page), 100);
  assert.deepEqual(page.problems, []);
});

test("dragging pans, two fingers zoom, and the overview shows where", async () => {
  const page = await site.open(TWO);
  await page.click("#zoom-in");
  await page.click("#zoom-in");
  const before = await left(page);
  const box = await canvas(page);
  await page.mouse.move(box.x + 200, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 10, { steps: 4 });
  await page.mouse.up();
  await settled(page);
  assert.ok(await left(page) > before, "later times come into view");
  await page.click("#fit");
  await page.locator(".row canvas").first().evaluate((one) => {
    const { left, top } = one.getBoundingClientRect();
    const send = (name, pointerId, x) => one.dispatchEvent(new PointerEvent(name, { bubbles: true, pointerId, pointerType: "touch", clientX: left + x, clientY: top + 5 }));
    send("pointerdown", 11, 100);
    send("pointerdown", 12, 200);
    send("pointermove", 12, 300);
    send("pointerup", 12, 300);
    send("pointerup", 11, 100);
  });
  await settled(page);
  assert.ok(Math.abs(await shown(page) - 50) < 2, `twice as far apart shows half: ${await shown(page)} %`);
  const overview = await page.locator("#overview").boundingBox();
  await page.mouse.click(overview.x + overview.width - 2, overview.y + 4);
  await settled(page);
  assert.ok(Math.abs(await left(page) + await shown(page) - 100) < 1, "the end");
});

test("the view can be moved by keyboard alone", async () => {
  const page = await site.open(TWO);
  await page.locator("#timelines").focus();
  const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); await settled(page); };
  await press("w", "w", "d");
  assert.ok(await shown(page) < 50 && await left(page) > 0);
  await press("ArrowLeft", "a", "a", "a", "a", "a", "a", "a");
  assert.equal(await left(page), 0);
  await press("f");
  assert.equal(await shown(page), 100);
  const events = [];
  for (const key of [".", ".", ".", ","]) { await press(key); events.push(await playhead(page)); }
  assert.deepEqual(events, ["0 ms", "16 ms", "116 ms", "16 ms"]);
  await press("ArrowDown", "ArrowDown");
  assert.equal(await page.locator("#task").inputValue(), "2");
  await press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.id), "");
});

test("the playhead moves at the chosen speed, shows the loop's state, and then rests", async () => {
  const page = await site.open("?tasks=10&strategies=one-at-a-time&calibration=ideal");
  await page.selectOption("#speed", { index: 1 });
  await page.click("#play");
  await page.waitForTimeout(800);
  await page.click("#play");
  const ms = parseFloat(await playhead(page));
  assert.ok(ms > 100 && ms < 320, `${ms} ms after 800 ms at a quarter`);
  assert.match(await page.locator(".inspector table").textContent(), /In flight/);
  await page.waitForTimeout(100);
  const painted = await page.evaluate(async () => {
    let count = 0;
    const [put, frame] = [CanvasRenderingContext2D.prototype.putImageData, window.requestAnimationFrame];
    CanvasRenderingContext2D.prototype.putImageData = function (...all) { count += 1; return put.apply(this, all); };
    window.requestAnimationFrame = (...all) => { count += 1; return frame.apply(window, all); };
    await new Promise((done) => setTimeout(done, 600));
    return count;
  });
  assert.equal(painted, 0, "a page at rest requests no frame and draws nothing");
});

test("a task lights up in every strategy, and its phases are listed", async () => {
  const page = await site.open(TWO);
  const accent = () => page.evaluate(() => {
    const [red, green, blue] = getComputedStyle(document.documentElement).getPropertyValue("--accent").match(/\w\w/g).map((hex) => parseInt(hex, 16));
    return [...document.querySelectorAll(".row canvas")].map((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) count += data[i] === red && data[i + 1] === green && data[i + 2] === blue;
      return count;
    });
  });
  assert.deepEqual(await accent(), [0, 0]);
  const box = await canvas(page);
  await page.mouse.move(box.x + 3, box.y + 10);
  await settled(page);
  assert.ok((await accent()).every((count) => count > 0), `${await accent()}`);
  assert.match(await page.locator(".tip").textContent(), /Task 1: computing.*computing16 ms.*waiting for an answer100 ms/);
  await page.mouse.move(5, 5);
  await page.fill("#task", "4");
  await page.keyboard.press("Enter");
  await settled(page);
  assert.ok((await accent()).every((count) => count > 0));
  // Readers who do not use a pointer are told as much.
  assert.match(await page.locator(".inspector [role=status]").textContent(), /^task 4.*computing16 ms/);
});

test("with lanes for tasks a row grows, and the axis labels differ at any zoom", async () => {
  const page = await site.open(TWO);
  const height = (await canvas(page)).height;
  await page.click("#tasks");
  await settled(page);
  assert.ok((await canvas(page)).height >= height + 30);
  for (let step = 0; step < 20; step += 1) await page.click("#zoom-in");
  const times = await axis(page);
  assert.equal(new Set(times).size, times.length, `${times}`);
  assert.ok(times.length > 1);
});

test("pictures are sharp at every pixel ratio", async () => {
  for (const deviceScaleFactor of [1, 1.5, 2, 3]) {
    const page = await site.open(TWO, { deviceScaleFactor });
    const [pixels, width] = await page.locator(".row canvas").first().evaluate((one) => [one.width, one.clientWidth]);
    assert.ok(Math.abs(pixels - width * deviceScaleFactor) <= 1, `${pixels} for ${width} at ${deviceScaleFactor}`);
    await page.context().close();
  }
});
