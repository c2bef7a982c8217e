// Read, await, write: the count is read before the await, and written after it.
export async function run(counting) {
  await counting.writeTogether(async () => {
    while (counting.nextUpdate()) {
      const count = counting.read();
      await counting.ask(); // the others run now, and read the same count
      counting.write(count + 1);
    }
  });
}
