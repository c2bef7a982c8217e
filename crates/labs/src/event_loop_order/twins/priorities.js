// Priorities: four posted tasks, the least urgent first.
export function run(print) {
  scheduler.postTask(() => print(1), { priority: "background" });
  scheduler.postTask(() => print(2));
  scheduler.postTask(() => print(3));
  scheduler.postTask(() => print(4), { priority: "user-blocking" });
  queueMicrotask(() => print(5));
}
