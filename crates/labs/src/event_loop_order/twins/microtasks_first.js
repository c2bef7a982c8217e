// Microtasks first: they run before any timer, and so do those that they queue.
export function run(print) {
  setTimeout(() => print(1));
  queueMicrotask(() => {
    print(2);
    queueMicrotask(() => print(3));
  });
  print(4);
}
