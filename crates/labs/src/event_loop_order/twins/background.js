// Background: the same continuation, but of a background task.
export function run(print) {
  scheduler.postTask(async () => {
    print(1);
    scheduler.postTask(() => print(2), { priority: "background" });
    setTimeout(() => print(4));
    await scheduler.yield();
    print(3);
  }, { priority: "background" });
}
