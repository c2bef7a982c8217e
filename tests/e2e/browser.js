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

/** Starts a server and a browser: `open` opens a fresh page, `close` ends both. `others`: more folders to serve, by path. */
export async function start(others = {}) {
  const folders = Object.entries({ [SUB_PATH]: DIST, ...others });
  const server = createServer((request, response) => {
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

  /** Opens the page; `before` runs in it before anything else. Errors on the page are collected in `page.problems`. */
  async function open(query = "", { before, ...options } = {}) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.problems = [];
    page.requests = [];
    page.on("pageerror", (error) => page.problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
    page.on("request", (request) => page.requests.push(request.url()));
    if (before) await page.addInitScript(before);
    await page.goto(`${origin}${SUB_PATH}${query}`);
    await page.waitForSelector("#run:enabled, #guess, #failure:not([hidden])", { timeout: 20_000 });
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

  return { open, openAt, blank, close, origin };
}
