import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';

/** A call as it goes over the wire. */
export interface WireCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What is answered to a call: a body, an error by its name and status, or a failure of the connection. */
export type WireAnswer =
  | { readonly body: unknown }
  | { readonly error: string; readonly status: number }
  | { readonly broken: Error };

interface WireRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** An AWS that answers as it is told, and keeps what it was asked. */
export class ScriptedAws {
  readonly calls: WireCall[] = [];
  readonly #answer: (call: WireCall) => WireAnswer;

  constructor(answer: (call: WireCall) => WireAnswer) {
    this.#answer = answer;
  }

  /** How often, and in which order, each operation was asked for. */
  get operations(): readonly string[] {
    return this.calls.map(({ operation }) => operation);
  }

  get queues(): SQSClient {
    return new SQSClient({ ...this.#config, md5: false });
  }

  get events(): EventBridgeClient {
    return new EventBridgeClient(this.#config);
  }

  get #config() {
    return {
      region: 'eu-central-1',
      credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
      maxAttempts: 1,
      requestHandler: { handle: (request: WireRequest) => this.#handle(request) },
    } as const;
  }

  #handle({ headers, body }: WireRequest) {
    const operation = headers['x-amz-target']?.split('.').at(-1) ?? '';
    const call = { operation, input: JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)) };
    this.calls.push(call);
    const answer = this.#answer(call);
    if ('broken' in answer) return Promise.reject(answer.broken);
    const [statusCode, content] =
      'error' in answer ? [answer.status, { __type: answer.error, message: answer.error }] : [200, answer.body];
    const response = {
      statusCode,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: Buffer.from(JSON.stringify(content)),
    };
    return Promise.resolve({ response });
  }
}
