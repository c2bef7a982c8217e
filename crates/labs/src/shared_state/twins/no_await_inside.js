// No await inside: first await what must be awaited, then read and write in one go.
export async function run(counting) {
  await counting.writeTogether(async () => {
    while (counting.nextUpdate()) {
      await counting.ask();
      const count = counting.read(); // from here to the next line nobody else runs
      counting.write(count + 1);
    }
  });
}
