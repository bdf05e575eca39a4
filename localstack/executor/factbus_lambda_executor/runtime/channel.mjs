/*
 * Messages to and from the executor: a line of JSON, whose `bytes` says how long the body is that follows.
 */
import { Socket } from 'node:net';

const LINE_END = 10;

/** The one socket that this process is given. */
export function openChannel(fd) {
  const socket = new Socket({ fd, readable: true, writable: true });
  let received = Buffer.alloc(0);
  let waiting;

  function deliver() {
    const message = take();
    if (message === undefined || waiting === undefined) return;
    // From here on the function alone keeps the process alive: when it has nothing left to wait for, it has ended
    // without an answer, and so does the process, as on Lambda.
    socket.unref();
    const resolve = waiting;
    waiting = undefined;
    resolve(message);
  }

  function take() {
    const end = received.indexOf(LINE_END);
    if (end < 0) return undefined;
    const header = JSON.parse(received.subarray(0, end));
    const bodyEnd = end + 1 + header.bytes;
    if (received.length < bodyEnd) return undefined;
    const body = received.subarray(end + 1, bodyEnd).toString();
    received = received.subarray(bodyEnd);
    return { header, body };
  }

  function write(header, body, then) {
    socket.write(`${JSON.stringify({ ...header, bytes: Buffer.byteLength(body) })}\n${body}`, then);
  }

  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    deliver();
  });
  // LocalStack is gone, by whatever end: nobody waits for an answer any more.
  socket.on('end', () => process.exit(0));
  socket.on('error', () => process.exit(0));

  return {
    /** The next invocation. */
    next: () =>
      new Promise((resolve) => {
        waiting = resolve;
        socket.ref();
      }),
    /** @param json the result, as JSON */
    result: (json) => write({ error: false, last: false }, json),
    error: (error) => write({ error: true, last: false }, JSON.stringify(error)),
    /** An error after which this process ends. */
    lastError: (error, then) => write({ error: true, last: true }, JSON.stringify(error), then),
  };
}
