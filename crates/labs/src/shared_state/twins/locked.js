// Locked: a lock around all of it, the await included. (Browsers have navigator.locks.)
export async function run(counting) {
  await counting.writeTogether(async () => {
    while (counting.nextUpdate()) {
      await navigator.locks.request("count", async () => {
        const count = counting.read();
        await counting.ask(); // the others run now, but wait for the lock
        counting.write(count + 1);
      });
    }
  });
}
