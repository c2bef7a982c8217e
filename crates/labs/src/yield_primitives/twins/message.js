// Message: a message to ourselves through a `MessageChannel`.
const { port1, port2 } = new MessageChannel();

export async function run(work) {
  for (const piece of work.pieces) {
    work.compute(piece);
    await new Promise((resume) => {
      port1.onmessage = resume;
      port2.postMessage(null);
    });
  }
  port1.close();
}
