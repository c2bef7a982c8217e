// Idle: `requestIdleCallback` against everything else.
export function run(print) {
  requestIdleCallback(() => {
    print(1);
    requestIdleCallback(() => print(2));
    setTimeout(() => print(3));
  });
  setTimeout(() => print(4));
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    print(5);
    port1.close();
  };
  port2.postMessage(null);
}
