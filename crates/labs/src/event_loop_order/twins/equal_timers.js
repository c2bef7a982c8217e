// Equal timers: those with the same deadline in the order in which they were set.
export function run(print) {
  setTimeout(() => print(1), 10);
  setTimeout(() => print(2), 5);
  setTimeout(() => print(3), 10);
  setTimeout(() => print(4), 5);
}
