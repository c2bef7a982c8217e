// Continuation: it goes before tasks of its priority that were there first.
export async function run(print) {
  setTimeout(() => print(1));
  scheduler.postTask(() => print(2));
  scheduler.postTask(() => print(3), { priority: "user-blocking" });
  await scheduler.yield();
  print(4);
  await scheduler.yield();
  print(5);
}
