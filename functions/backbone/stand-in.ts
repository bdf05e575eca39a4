import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { OutsideCall } from './aggregate.ts';
import type { Fact } from './fact.ts';
import { Transient } from './failure.ts';
import type { Outside } from './outside.ts';

/** A stand-in for an outside service does not answer this time. */
export class NoAnswer extends Transient {
  override readonly name = 'NoAnswer';
}

/** How often a flaky reference fails before it works. */
const FLAKY_FAILURES = 2;

const KEYS_KEPT_MS = 24 * 3600 * 1000;

/** A call beside its outcome: what was done can be read from the memory. */
export interface StandInRecord<Call extends OutsideCall, Outcome extends Fact> {
  readonly call: Call;
  readonly outcome: Outcome;
}

/** How a stand-in answers. */
export interface StandInRules<Call extends OutsideCall, Outcome extends Fact> {
  /** Who does not answer, for people: `the carrier`. */
  readonly name: string;
  /** What decides how a call goes. */
  readonly reference: (call: Call) => string | undefined;
  /** The reference that is not answered twice. */
  readonly flaky: string;
  /** The reference that is never answered. */
  readonly down: string;
  /** What comes of a call that is answered. */
  readonly outcome: (call: Call) => Outcome;
  /** The answer to a question about a call that was never made. */
  readonly notFound: (call: Call) => Outcome;
}

/** A service of the outside that is none: it answers by reference, and remembers by key, in its memory. */
export function standIn<Call extends OutsideCall, Outcome extends Fact>(
  memory: StandInMemory<StandInRecord<Call, Outcome>>,
  { name, reference, flaky, down, outcome, notFound }: StandInRules<Call, Outcome>,
): Outside<Call, Outcome> {
  return {
    async perform(call) {
      const { times, result } = await memory.called(call.key);
      if (result !== undefined) return result.outcome;
      const about = reference(call);
      if (about === down || (about === flaky && times <= FLAKY_FAILURES)) {
        throw new NoAnswer(`${name} does not answer (call ${times} of ${call.key})`);
      }
      return (await memory.keep(call.key, { call, outcome: outcome(call) })).outcome;
    },

    async ask(call) {
      return (await memory.find(call.key))?.outcome ?? notFound(call);
    },

    keysKeptMs: KEYS_KEPT_MS,
  };
}

/**
 * What a stand-in for an outside service remembers: for each key how often it was called, and its first result.
 * In a table, so that all instances of a function see the same.
 */
export interface StandInMemory<Result> {
  /** Counts a call. */
  called(key: string): Promise<{ readonly times: number; readonly result: Result | undefined }>;
  /** Keeps the result, unless there is one: then that one is answered. */
  keep(key: string, result: Result): Promise<Result>;
  find(key: string): Promise<Result | undefined>;
}

/** A stand-in's memory in a DynamoDB table with the partition key `key`. */
export class DynamoDbStandInMemory<Result> implements StandInMemory<Result> {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async called(key: string): Promise<{ times: number; result: Result | undefined }> {
    const { Attributes } = await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { key },
        UpdateExpression: 'ADD times :one',
        ExpressionAttributeValues: { ':one': 1 },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return { times: Number(Attributes?.times), result: Attributes?.result as Result | undefined };
  }

  async keep(key: string, result: Result): Promise<Result> {
    const { Attributes } = await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { key },
        UpdateExpression: 'SET #result = if_not_exists(#result, :result)',
        ExpressionAttributeNames: { '#result': 'result' },
        ExpressionAttributeValues: { ':result': result },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes?.result as Result;
  }

  async find(key: string): Promise<Result | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { key }, ConsistentRead: true }),
    );
    return Item?.result as Result | undefined;
  }
}
