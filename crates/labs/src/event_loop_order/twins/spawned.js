// Spawned: what is put off begins when the code of the turn is through.
export function run(print) {
  print(1);
  Promise.resolve().then(() => print(2)); // an async function that is called would begin at once
  print(3);
}
