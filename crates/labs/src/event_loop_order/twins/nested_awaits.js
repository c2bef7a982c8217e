// Nested awaits: three functions deep, and the innermost waits.
export async function run(print) {
  queueMicrotask(() => print(1));
  await outer(print);
  print(2);
}

async function outer(print) {
  print(3);
  await inner(print);
  print(4);
}

async function inner(print) {
  print(5);
  await null; // here all three functions wait
  print(6);
}
