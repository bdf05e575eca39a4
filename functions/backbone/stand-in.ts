import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

/** A stand-in for an outside service does not answer this time. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** How often a flaky reference fails before it works. */
export const FLAKY_FAILURES = 2;

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
