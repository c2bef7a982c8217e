// Late timers: three become due while the loop computes.
export function run(print) {
  setTimeout(() => print(1), 6);
  setTimeout(() => print(2), 4);
  setTimeout(() => print(3), 2);
  const end = performance.now() + 20;
  while (performance.now() < end);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    print(4);
    port1.close();
  };
  port2.postMessage(null);
}
