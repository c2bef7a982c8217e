// Message, then `setTimeout(0)`: the message's turn sets the timer, so that it is never nested.
const { port1, port2 } = new MessageChannel();

export async function run(work) {
  for (const piece of work.pieces) {
    work.compute(piece);
    await new Promise((resume) => {
      port1.onmessage = () => setTimeout(resume);
      port2.postMessage(null);
    });
  }
  port1.close();
}
