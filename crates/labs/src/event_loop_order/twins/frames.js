// Frames: a callback asks for another frame.
export function run(print) {
  requestAnimationFrame(() => {
    print(1);
    requestAnimationFrame(() => print(2));
    setTimeout(() => print(3));
    queueMicrotask(() => print(4));
  });
  requestAnimationFrame(() => print(5));
}
