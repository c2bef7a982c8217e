// Two chains: two tasks that wait for a microtask after every line.
export function run(print) {
  setTimeout(() => print(1));
  queueMicrotask(async () => {
    print(2);
    await null;
    print(3);
    await null;
    print(4);
  });
  queueMicrotask(async () => {
    print(5);
    await null;
    print(6);
  });
}
