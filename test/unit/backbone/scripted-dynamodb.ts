import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { documentClient } from '../../../functions/backbone/aws-ports.ts';

/** What DynamoDB answers to a request, as it goes over the wire. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface WireRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

type Item = Readonly<Record<string, unknown>>;

/** A DynamoDB that answers from a script: adapters are told by what they send, and by what they make of the answers. */
export class ScriptedDynamoDb {
  /** Each request: which operation, and what it asked for. */
  readonly requests: { readonly operation: string; readonly input: Readonly<Record<string, unknown>> }[] = [];
  /** The next answers; when there are none left, everything succeeds and nothing is found. */
  readonly answers: Answer[] = [];
  readonly client = documentClient(
    new DynamoDBClient({
      region: 'eu-central-1',
      credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
      maxAttempts: 1,
      requestHandler: { handle: (request: WireRequest) => this.#handle(request) },
    }),
  );

  #handle({ headers, body }: WireRequest) {
    const operation = headers['x-amz-target']?.split('.').at(-1) ?? '';
    this.requests.push({ operation, input: JSON.parse(new TextDecoder().decode(body)) });
    const { status, body: answer } = this.answers.shift() ?? { status: 200, body: {} };
    const bytes = Buffer.from(JSON.stringify(answer));
    const response = { statusCode: status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: bytes };
    return Promise.resolve({ response });
  }
}

/** A page of a query. */
export function page(items: readonly Item[], next?: Item): Answer {
  const marshalled = items.map((item) => marshall(item, { removeUndefinedValues: true }));
  return { status: 200, body: { Items: marshalled, ...(next && { LastEvaluatedKey: marshall(next) }) } };
}

/** A refusal by the name of its exception. */
export function refusal(name: string, about: Item = {}): Answer {
  return { status: 400, body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name, ...about } };
}

/** A cancelled transaction: for each of its items why, and what lies there. */
export function cancelled(...reasons: readonly (readonly [code: string, item?: Item])[]): Answer {
  return refusal('TransactionCanceledException', {
    CancellationReasons: reasons.map(([Code, item]) => ({ Code, ...(item && { Item: marshall(item) }) })),
  });
}
