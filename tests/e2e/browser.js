// A real browser on the built page, which is served from a sub-path as by a static host.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const DIST = process.env.LOOPSCOPE_DIST;
const SUB_PATH = "/some/where/";
const TYPES = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
];

const IS_THOROUGH = process.env.LOOPSCOPE_THOROUGH === "1";

/** What chance starts from. A failure tells it, so that it can be had again. */
export const SEED = Number(process.env.LOOPSCOPE_SEED ?? 1);

/** How often something is tried: a tenth of the full number, unless all are asked for. */
export const times = (full) => IS_THOROUGH ? full : Math.ceil(full / 10);

/** Chance that can be had again (mulberry32). It also runs in the page, so it knows nothing around it. */
export function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (end) => Math.floor(next() * end);
  return { next, upTo, pick: (all) => all[upTo(all.length)] };
}

/** What `promise` comes to; an error with `what` when it takes longer than `ms`, as on a page that stands still. */
export function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${what}: longer than ${ms} ms`)), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Starts a server and a browser; `open` gives a fresh page each time, `close` ends both. Serves `others` as well. */
export async function start(others = {}) {
  const folders = Object.entries({ [SUB_PATH]: DIST, ...others });
  // What is asked for may be long.
  const server = createServer({ maxHeaderSize: 1 << 20 }, (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const [path, folder] = folders.find(([path]) => pathname.startsWith(path)) ?? [pathname, "missing"];
    const file = join(folder, normalize(pathname.slice(path.length) || "index.html"));
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    // Like many static hosts. Without it no script loads in a frame with an opaque origin.
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });

  /**
   * Opens the page; `before` runs in it before anything else, `routes` are paths that are answered otherwise.
   * Problems of the page end up in `page.problems`.
   */
  async function open(query = "", { before, routes = {}, ...options } = {}) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.problems = [];
    page.requests = [];
    page.on("pageerror", (error) => page.problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
    page.on("request", (request) => page.requests.push(request.url()));
    if (before) await page.addInitScript(before);
    for (const [path, answer] of Object.entries(routes)) await page.route(path, answer);
    await page.goto(`${origin}${SUB_PATH}${query}`);
    await page.waitForSelector("#run:enabled, #guess, #failure:not([hidden])", { timeout: 20_000 });
    // What is out of sight comes after the first paint.
    await page.waitForSelector("#tab-panel, #guess, #failure:not([hidden])", { state: "attached" });
    return page;
  }

  /** Opens another path of the server. */
  async function openAt(path) {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${origin}${path}`);
    return page;
  }

  /** A page that has not been opened yet. */
  async function blank(options) {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })).newPage();
    page.setDefaultTimeout(20_000);
    return page;
  }

  async function close() {
    await browser.close();
    server.close();
  }

  return { open, openAt, blank, close, origin, browser };
}
