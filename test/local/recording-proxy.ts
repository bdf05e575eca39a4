import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call to AWS as it went over the wire. */
export interface RecordedCall {
  /** Such as `DynamoDB.PutItem`. */
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Stands before an AWS endpoint, passes everything on, and remembers what was called. */
export interface RecordingProxy {
  readonly endpoint: string;
  /** What was called since the last time of asking. */
  take(): readonly RecordedCall[];
  close(): Promise<void>;
}

export async function recordingProxy(endpoint: string): Promise<RecordingProxy> {
  const target = new URL(endpoint);
  let calls: RecordedCall[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const body = Buffer.concat(await incoming.toArray());
    calls.push(recorded(incoming, body.toString()));
    const { method, url, headers } = incoming;
    const onwards = request({ host: target.hostname, port: target.port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onwards.on('error', (error) => outgoing.destroy(error));
    onwards.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = calls;
      calls = [];
      return taken;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** AWS's JSON protocols name the operation in a header, its query protocol in the body. */
function recorded({ headers }: IncomingMessage, body: string): RecordedCall {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const [service = '', operation = ''] = target.split('.');
    return { operation: `${service.replace(/_\d+$/, '')}.${operation}`, body: JSON.parse(body) };
  }
  const form = Object.fromEntries(new URLSearchParams(body));
  return { operation: `Query.${form.Action}`, body: form };
}
