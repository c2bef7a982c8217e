// Microtasks between: each callback is followed by its own.
export function run(print) {
  setTimeout(() => {
    print(1);
    queueMicrotask(() => print(2));
  });
  setTimeout(() => {
    print(3);
    queueMicrotask(() => print(4));
  });
}
