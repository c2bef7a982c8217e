// The strategies of the lab `shared-workload` in plain JavaScript. They record nothing but a few sums.

import { compute, stepsPerMs, warmUp } from "./kernel.js";

const now = () => performance.now();

const channel = new MessageChannel();
const waiting = [];
channel.port1.onmessage = () => waiting.shift()();

/** Ways to yield, under the ids that the page uses. */
const YIELDS = {
  "background-yield": () => scheduler.yield(), // from within a background task
  "post-task-background": () => scheduler.postTask(() => {}, { priority: "background" }),
  "post-task-user-visible": () => scheduler.postTask(() => {}, { priority: "user-visible" }),
  "scheduler-yield": () => scheduler.yield(),
  message: () => new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(0);
  }),
};

/** Runs `work` as a task of its own: a background task if its yields should be of that priority. */
const asTask = (work, yieldWith) =>
  scheduler.postTask(work, { priority: yieldWith === "background-yield" ? "background" : "user-visible" });

/** A fair semaphore: first in, first out. */
class Semaphore {
  #free;
  #queue = [];
  constructor(limit) {
    this.#free = limit;
  }
  acquire() {
    if (this.#free === 0) return new Promise((resolve) => this.#queue.push(resolve));
    this.#free -= 1;
    return null; // no need to wait
  }
  release() {
    const next = this.#queue.shift();
    if (next) next();
    else this.#free += 1;
  }
}

/** Frees its slots on an ideal clock, like a real server; only the delivery waits for the loop. */
class Server {
  #freeAt;
  constructor(capacity) {
    this.#freeAt = new Array(capacity).fill(-Infinity);
  }
  /** Returns the time at which the response is due. */
  send(latency) {
    let slot = 0;
    for (let i = 1; i < this.#freeAt.length; i++) if (this.#freeAt[i] < this.#freeAt[slot]) slot = i;
    return (this.#freeAt[slot] = Math.max(now(), this.#freeAt[slot]) + latency);
  }
  request(latency) {
    const due = this.send(latency);
    return new Promise((resolve) => setTimeout(resolve, due - now()));
  }
}

/** One run: its options and its sums. */
class Run {
  cpu = 0;
  longestBlock = 0;
  #blockStart = now();
  constructor(options) {
    Object.assign(this, options);
    this.steps = options.cpu_ms * stepsPerMs();
    this.server = new Server(options.capacity);
  }
  compute() {
    const start = now();
    compute(this.steps);
    this.cpu += now() - start;
  }
  save() {
    return this.server.request(this.latency_ms);
  }
  async saveWithin(semaphore) {
    const full = semaphore.acquire();
    if (full) await full;
    await this.save();
    semaphore.release();
  }
  /** Awaits a promise, which gives the thread back. */
  async pause(promise) {
    this.longestBlock = Math.max(this.longestBlock, now() - this.#blockStart);
    await promise;
    this.#blockStart = now();
  }
  begin() {
    this.#blockStart = now();
  }
}

const STRATEGIES = {
  async blocking(run) {
    for (let i = 0; i < run.tasks; i++) {
      run.compute();
      for (const due = run.server.send(run.latency_ms); now() < due; );
    }
    await run.pause();
  },
  async "one-at-a-time"(run) {
    for (let i = 0; i < run.tasks; i++) {
      run.compute();
      await run.pause(run.save());
    }
  },
  async batched(run) {
    for (let done = 0; done < run.tasks; done += run.batch) {
      const size = Math.min(run.batch, run.tasks - done);
      for (let i = 0; i < size; i++) run.compute();
      await run.pause(Promise.all(Array.from({ length: size }, () => run.save())));
    }
  },
  async "gather-all"(run) {
    for (let i = 0; i < run.tasks; i++) run.compute();
    await run.pause(Promise.all(Array.from({ length: run.tasks }, () => run.save())));
  },
  async yielding(run) {
    const inFlight = new Semaphore(run.in_flight);
    const saves = [];
    for (let i = 0; i < run.tasks; i++) {
      run.compute();
      saves.push(run.saveWithin(inFlight));
      await run.pause(YIELDS[run.yield_with]());
    }
    await run.pause(Promise.all(saves));
  },
  async workers(run) {
    const inFlight = new Semaphore(run.in_flight);
    const saves = [];
    let next = 0;
    await new Promise((resolve) => {
      for (const worker of run.pool) {
        const feed = () => {
          if (next < run.tasks) worker.postMessage({ id: next++, steps: run.steps });
        };
        worker.onmessage = ({ data }) => {
          run.begin();
          feed();
          run.cpu += data.cpu;
          saves.push(run.saveWithin(inFlight));
          if (saves.length === run.tasks) resolve();
          run.pause();
        };
        feed();
        feed(); // one more job in the queue, so that no worker waits for the page
      }
    });
    await Promise.all(saves);
  },
};

/** Worker threads that are ready to compute at full speed. */
function startWorkers(count) {
  const pool = Array.from({ length: count }, () => new Worker("kernel.js", { type: "module" }));
  const ready = (worker) => new Promise((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ warm: true });
  });
  return Promise.all(pool.map((worker) => ready(worker).then(() => worker)));
}

let isWarm = false;

/** Runs a strategy. The options are those of the page's address. */
export async function run(strategy, options) {
  if (!isWarm) warmUp();
  isWarm = true;
  const pool = strategy === "workers" ? await startWorkers(options.workers) : [];
  const run = new Run({ ...options, pool });
  await new Promise((resolve) => setTimeout(resolve, 60)); // lets the page come to rest
  const makespan_ms = await asTask(async () => {
    const start = now();
    run.begin();
    await STRATEGIES[strategy](run);
    return now() - start;
  }, options.yield_with);
  for (const worker of pool) worker.terminate();
  return { makespan_ms, cpu_ms: run.cpu, longest_block_ms: run.longestBlock };
}

/** How many milliseconds this many yields take, one after another. */
export function yields(yieldWith, count) {
  const giveBack = YIELDS[yieldWith];
  return asTask(async () => {
    const start = now();
    for (let i = 0; i < count; i++) await giveBack();
    return now() - start;
  }, yieldWith);
}

/** How many milliseconds it takes to start this many empty tasks and to wait for all of them. */
export function spawns(count) {
  const work = async () => {};
  return asTask(async () => {
    const start = now();
    await Promise.all(Array.from({ length: count }, () => Promise.resolve().then(work)));
    return now() - start;
  });
}
