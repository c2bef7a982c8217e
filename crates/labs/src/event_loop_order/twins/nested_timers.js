// Nested timers: from the seventh on, 0 ms are 4 ms; messages run ahead.
export function run(print) {
  const timer = (number) => {
    print(number);
    if (number < 8) setTimeout(() => timer(number + 1));
  };
  setTimeout(() => timer(1));

  const { port1, port2 } = new MessageChannel();
  let number = 9;
  port1.onmessage = () => {
    print(number);
    if (number < 15) port2.postMessage(null);
    else port1.close();
    number += 1;
  };
  port2.postMessage(null);
}
