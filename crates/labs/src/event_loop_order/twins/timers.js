// Timers: the earliest deadline first.
export function run(print) {
  setTimeout(() => print(1), 30);
  setTimeout(() => print(2), 10);
  setTimeout(() => print(3), 0);
  print(4);
}
