// Whatever stands in an address or is given to `set`: the page goes on, answers, and is never still for long.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SEED, dice, start, times, within } from "./browser.js";

let site;
let labs;
before(async () => {
  site = await start();
  const page = await site.open();
  labs = await page.evaluate(() => window.loopscope.labs());
  await page.context().close();
});
after(() => site.close());

const LARGEST_MS = 1e13;
const LONGEST_FREEZE_MS = 500;
const LARGEST_MEMORY = 600e6;

/** What a page says of itself after something was done to it: `look(act)` gives all that is wrong, in words. */
const WATCHED = {
  content: `
    globalThis.dice = ${dice};
    addEventListener("TrunkApplicationStarted", ({ detail }) => { globalThis.memory = detail.wasm.memory; });
    let longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ entryTypes: ["longtask"] });
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));
    const late = (ms) => pause(ms).then(() => "late");
    const isStrange = (value) => typeof value === "number"
      ? !Number.isFinite(value) || Math.abs(value) >= ${LARGEST_MS}
      : value !== null && typeof value === "object" && Object.values(value).some(isStrange);
    globalThis.look = async (act) => {
      const problems = [];
      longest = 0;
      const began = performance.now();
      const acted = act();
      longest = Math.max(longest, performance.now() - began);
      if (await Promise.race([acted, late(5_000)]) === "late") problems.push("it is never answered");
      await pause(0);
      for (let waited = 0; !document.querySelector("#run:enabled, #guess"); waited += 20) {
        if (waited > 5_000) { problems.push("it is never predicted"); break; }
        await pause(20);
      }
      const summary = await Promise.race([window.loopscope.summary().catch(String), late(5_000)]);
      if (summary === "late") problems.push("summary() does not settle");
      else if (typeof summary === "string") problems.push("summary(): " + summary);
      else if (isStrange(summary.strategies)) problems.push("a strange number in " + JSON.stringify(summary.strategies));
      const failure = document.getElementById("failure");
      if (!failure.hidden) problems.push("failure: " + failure.innerText);
      if (longest > ${LONGEST_FREEZE_MS}) problems.push("it stood still for " + Math.round(longest) + " ms");
      return problems;
    };
  `,
};

const visit = (page, query) => page.evaluate((query) => look(() => {
  history.pushState(null, "", `?${query}`);
  dispatchEvent(new PopStateEvent("popstate"));
}), query);

const short = (text) => text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;

/** So many failures tell enough. */
const ENOUGH = 8;

/** Tries all inputs on one page, and what went wrong once more on a page of its own; what is wrong then, in words. */
async function tryAll(inputs, attempt, name) {
  const wrong = [];
  const fresh = () => site.open("", { before: WATCHED });
  let page = await fresh();
  const tried = async (input) => {
    const problems = await within(30_000, "it hangs", attempt(page, input)).catch((error) => [String(error)]);
    return problems.concat(page.problems.splice(0));
  };
  const renew = async () => {
    await within(5_000, "close", page.context().close()).catch(() => {});
    page = await fresh();
  };
  for (const input of inputs) {
    if (wrong.length === ENOUGH) break;
    if (!(await tried(input)).length) continue;
    await renew();
    const problems = await tried(input);
    if (!problems.length) continue;
    wrong.push(`${name(input)}: ${problems.join("; ")}`);
    await renew();
  }
  await page.context().close();
  return wrong;
}

const NUMBERS = [
  "0", "-0", "1", "-1", "0.5", "1e3", "1e308", "1e309", "-1e309", "1e-320", "NaN", "nan", "Infinity", "-Infinity", "inf",
  "0x10", "0b1", "1_000", "1,5", "+5", " 7 ", ".5", "5.", "e5", "١٢", "12", "½", "٣e٢", "--5", "1e", "9".repeat(400),
  "18446744073709551616", "9007199254740993", "4294967296", "2147483648", `0.${"0".repeat(400)}1`,
];
const BROKEN = ["%", "%%", "%zz", "%f", "%ff%fe", "%c0%80", "%ed%a0%80", "%00", "%0a%0d", "%1b[31m", "%e2%80%ae", "\u2028", "\ud7ff", "", "&&", "=", ";", "#", "+", "<script>", "{{tasks}}", "%{n}", "'\""];
const WORDS = ["1", "0", "true", "on", "page", "worker", "race", "ideal", "en", "ko", "KO", "dark", "light", "code", "numbers", "sweep", "timeout", "microtask", "idle-callback"];
const KEYS = ["view", "v", "lab", "scenario", "strategies", "scale", "run_on", "race", "calibration", "predict_first", "lang", "theme", "embed", "autorun", "width", "__proto__", "constructor", "toString", "", "ключ"];

/** An address that somebody, or something, has mangled. */
function mangled(chance) {
  const { upTo, pick, next } = chance;
  const lab = pick(labs);
  const known = () => [...KEYS, ...pick(labs).params.map(({ key }) => key), ...lab.params.map(({ key }) => key)];
  const value = () => pick([
    () => pick(NUMBERS), () => pick(NUMBERS), () => pick(BROKEN), () => pick(WORDS),
    () => String((next() - 0.5) * 10 ** upTo(20)),
    () => pick(labs).id, () => pick(pick(labs).scenarios) ?? "", () => pick(pick(labs).strategies).id,
    () => pick(pick(labs).params.flatMap(({ options }) => options)) ?? "",
    () => lab.strategies.map(({ id }) => id).reverse().join(pick([",", "%2C", ",,", " "])),
    () => pick(["x", "%20", "9", "한"]).repeat(pick([100, 3_000])),
  ])();
  const key = () => {
    const one = pick(known());
    return pick([one, one, one, one, one, one.toUpperCase(), `${one}%00`, `%20${one}`, pick(BROKEN), `k${upTo(99)}`]);
  };
  const pairs = Array.from({ length: 1 + upTo(8) }, () => `${key()}=${value()}`);
  if (next() < 0.7) pairs.unshift(`lab=${lab.id}`);
  const whole = {
    repeated: () => Array(50).fill(pairs).flat(),
    many: () => pairs.concat(Array.from({ length: 1_000 + upTo(4_000) }, (_, index) => `${pick(["u", "tasks"])}${index}=${upTo(99)}`)),
    every: () => known().map((key) => `${key}=${value()}`),
  };
  const all = next() < 0.06 ? pick(Object.values(whole))() : pairs;
  return all.join(pick(["&", "&", "&", "&&", ";&"]));
}

test("no address, however mangled, breaks the page", async () => {
  const chance = dice(SEED);
  const queries = Array.from({ length: times(10_000) }, () => mangled(chance));
  assert.deepEqual(await tryAll(queries, visit, (query) => `?${short(query)}`), [], `seed ${SEED}`);
});

test("no address, however mangled, keeps the page from opening", async () => {
  const chance = dice(SEED + 1);
  for (let index = 0; index < 15; index += 1) {
    const query = mangled(chance);
    const page = await site.open(`?${query}`, { before: WATCHED });
    const problems = await within(30_000, query, page.evaluate(() => look(() => {})));
    assert.deepEqual(problems.concat(page.problems), [], `seed ${SEED}, navigation ${index}: ?${short(query)}`);
    await page.context().close();
  }
});

test("an address of very many keys is read at once", async () => {
  const many = (key) => Array.from({ length: 20_000 }, (_, index) => `${key(index)}=${index}`).join("&");
  const queries = [many((index) => `unknown${index}`), many(() => "tasks"), many(() => "unknown")];
  assert.deepEqual(await tryAll(queries, visit, short), []);
});

/** Gives `set` what nobody should; the seed tells what. Runs in the page. */
function give(seed) {
  const { pick, upTo, next } = dice(seed);
  const boom = () => { throw new Error("the reader's own"); };
  const cyclic = {};
  cyclic.self = cyclic;
  const value = () => pick([
    () => null, () => undefined, () => NaN, () => -Infinity, () => 1e300, () => upTo(1e6), () => -1, () => "", () => "7", () => "x".repeat(1e4),
    () => Symbol("s"), () => 10n ** 30n, () => [], () => [1, [2, [3]]], () => cyclic, () => Object.create(null), () => () => {}, () => new Date(NaN),
    () => ({ toString: boom }), () => ({ toString: () => ({}), valueOf: () => ({}) }), () => new Proxy({}, { get: boom }), () => "\ud800", () => true,
    () => ({ toString: () => { window.loopscope.set({ tasks: 3 }); return "5"; } }), () => "blocking,yielding", () => "page", () => "ko", () => "1",
  ])();
  const key = () => pick(["tasks", "cpu_ms", "latency_ms", "lab", "scenario", "strategies", "scale", "run_on", "race", "lang", "theme", "view", "predict_first", "calibration", "v", "nothing", "", "\ud800", "__proto__"]);
  const plain = () => Object.fromEntries(Array.from({ length: 1 + upTo(4) }, () => [key(), value()]));
  const given = pick([
    plain, plain, plain, plain, value,
    () => Object.defineProperty({}, key(), { enumerable: true, get: boom }),
    () => new Proxy(plain(), { ownKeys: boom }),
    () => new Proxy(plain(), { get: boom }),
    () => new Proxy(plain(), { getOwnPropertyDescriptor: boom }),
    () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; },
    () => Object.assign(Object.create(null), plain()),
    () => Object.assign(Object.create(plain()), { [Symbol.iterator]: 1, [Symbol("tasks")]: 2 }),
    () => Object.assign(() => {}, plain()), () => [["tasks", "5"]], () => new Map([["tasks", 5]]), () => new URLSearchParams("tasks=5"),
    () => Object.freeze(plain()), () => Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`k${index}`, index])),
    () => document.body, () => window.loopscope, () => Promise.resolve(plain()),
  ])();
  return look(() => window.loopscope.set(given).catch(() => {}));
}

test("no object, however strange, breaks set()", async () => {
  const seeds = Array.from({ length: times(3_000) }, (_, index) => SEED * 100_000 + index);
  const attempt = (page, seed) => page.evaluate(`(${give})(${seed})`);
  assert.deepEqual(await tryAll(seeds, attempt, (seed) => `set() with seed ${seed}`), []);
});

test("what a getter throws is what set() rejects with", async () => {
  const page = await site.open();
  for (const given of [
    "{ get tasks() { throw new Error('mine') } }",
    "new Proxy({ tasks: 1 }, { ownKeys() { throw new Error('mine') } })",
    "{ tasks: { toString() { throw new Error('mine') } } }",
  ]) {
    const answer = page.evaluate(`loopscope.set(${given}).then(() => "taken", (error) => error.message)`);
    assert.equal(await within(5_000, given, answer), "mine", given);
  }
  assert.deepEqual(page.problems, []);
});

/** All parameters at one end, and each alone at its own, as addresses. */
function corners({ id, params }) {
  const at = (end) => (param) => `${param.key}=${param.options[param[end]] ?? param[end]}`;
  const sides = ["min", "max"].map(at);
  const alone = params.flatMap((param) => sides.map((side) => [side(param)]));
  return [...sides.map((side) => params.map(side)), ...alone].map((pairs) => [`lab=${id}`, ...pairs].join("&"));
}

/** Goes to a corner and gives what is wrong with it. Runs in the page. */
async function corner({ query, strategies, largest }) {
  const [began, problems] = [performance.now(), []];
  let [latest, due] = [0, performance.now() + 10];
  const tick = () => {
    latest = Math.max(latest, performance.now() - due);
    due = performance.now() + 10;
  };
  const timer = setInterval(tick, 10);
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  history.pushState(null, "", `?${query}`);
  dispatchEvent(new PopStateEvent("popstate"));
  const status = () => document.getElementById("status")?.textContent;
  const isDone = () => document.querySelector("#run:enabled");
  do await pause(20); while (!isDone() && performance.now() - began < 3_000);
  const predicted = isDone() && (await window.loopscope.summary()).strategies.length;
  if (!isDone()) {
    problems.push(`not predicted after 3 s: ${status()}`);
  } else if (predicted !== strategies) {
    const sentence = status();
    const refusal = await Promise.race([window.loopscope.run().then(() => "none", ({ message }) => message), pause(3_000)]);
    if (!sentence || refusal !== sentence) problems.push(`${predicted} of ${strategies} predicted, “${sentence}” is shown, the refusal is “${refusal}”`);
  }
  tick();
  clearInterval(timer);
  if (latest > 100) problems.push(`a timer is ${Math.round(latest)} ms late`);
  if (memory.buffer.byteLength > largest) problems.push(`${Math.round(memory.buffer.byteLength / 1e6)} MB are taken`);
  return problems;
}

test("every lab at every corner is predicted, or refused in words, and the page stays free", async () => {
  const inputs = labs.flatMap((lab) => corners(lab).map((query) => ({ query, strategies: lab.strategies.length, largest: LARGEST_MEMORY })));
  assert.deepEqual(await tryAll(inputs, (page, input) => page.evaluate(corner, input), ({ query }) => `?${query}`), []);
});
