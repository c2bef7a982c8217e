// Ready await: in JavaScript every await costs a microtask, so 2 comes before 4. In Rust it does not.
export async function run(print) {
  print(1);
  queueMicrotask(() => print(2));
  setTimeout(() => print(3));
  await null;
  print(4);
}
