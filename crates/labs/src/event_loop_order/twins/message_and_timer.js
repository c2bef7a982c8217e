// Message and timer: both asked for at the same time. The standard leaves the order to the browser.
const { port1, port2 } = new MessageChannel();

export function run(print) {
  port1.onmessage = () => {
    print(1);
    port1.onmessage = () => {
      print(2);
      port1.close();
    };
    port2.postMessage(null);
  };
  port2.postMessage(null);
  setTimeout(() => print(3));
}
