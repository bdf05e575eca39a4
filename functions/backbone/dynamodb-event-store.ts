import {
  type CancellationReason,
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type Clock, fullJitter } from './clock.ts';
import {
  type Appended,
  type Cause,
  CHANGES,
  type Commit,
  ContendedCounters,
  type CounterChange,
  type CounterShortage,
  type EventStore,
  type SnapshotRule,
} from './event-store.ts';

/** How a commit lies in the table: `pk` is the stream, `sk` the version. */
export type CommitItem = Omit<Commit, 'stream' | 'version'> & {
  readonly pk: string;
  readonly sk: number;
  /** How many facts are published; absent where none is, so that the stream's filter can leave the commit out. */
  readonly published?: number;
};

/** How a counter lies in the table: below every version. */
export const COUNTER_SK = 0;

const CONTENTION = { attempts: 12, baseMs: 25, capMs: 400 };

/** Streams in a DynamoDB table. One commit is one item; every read is strongly consistent. */
export class DynamoDbEventStore implements EventStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;
  /** The last of those who write a counter, in this process. */
  readonly #turns = new Map<string, Promise<void>>();

  constructor(client: DynamoDBDocumentClient, { table, clock }: { table: string; clock: Clock }) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  async load(stream: string, { every, stateVersion }: SnapshotRule): Promise<readonly Commit[]> {
    const newestFirst: Commit[] = [];
    let next: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :stream AND sk > :counter',
          ExpressionAttributeValues: { ':stream': stream, ':counter': COUNTER_SK },
          ConsistentRead: true,
          ScanIndexForward: false,
          Limit: every,
          ExclusiveStartKey: next,
        }),
      );
      const commits = (page.Items ?? []).map((item) => toCommit(item as CommitItem));
      const usable = commits.findIndex(({ snapshot }) => snapshot?.stateVersion === stateVersion);
      if (usable >= 0) return [...newestFirst, ...commits.slice(0, usable + 1)].reverse();
      newestFirst.push(...commits);
      next = newestFirst.at(-1)?.version === 1 ? undefined : page.LastEvaluatedKey;
    } while (next !== undefined);
    return newestFirst.reverse();
  }

  async causesUpTo(stream: string, version: number): Promise<readonly Cause[]> {
    const causes: Cause[] = [];
    let next: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :stream AND sk BETWEEN :first AND :last',
          ExpressionAttributeValues: { ':stream': stream, ':first': 1, ':last': version },
          ProjectionExpression: 'causes',
          ConsistentRead: true,
          ExclusiveStartKey: next,
        }),
      );
      causes.push(...(page.Items ?? []).flatMap((item) => (item as Pick<CommitItem, 'causes'>).causes));
      next = page.LastEvaluatedKey;
    } while (next !== undefined);
    return causes;
  }

  append(commit: Commit, counters: readonly CounterChange[] = []): Promise<Appended> {
    if (counters.length === 0) return this.#put(commit);
    return this.#inTurn(counters, () => this.#transact(commit, counters));
  }

  /**
   *     writer A: load version 6 ── decide ── put 7 ✓
   *     writer B:   load version 6 ── decide ──── put 7 ✗ conflict ── load version 7 ── decide again ── put 8 ✓
   */
  async #put(commit: Commit): Promise<Appended> {
    try {
      await this.#client.send(new PutCommand(this.#putOf(commit)));
      return { kind: 'appended' };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { kind: 'conflict' };
      // A transaction is writing this very version: whoever loads again sees whether it did.
      if (error instanceof TransactionConflictException) return { kind: 'conflict' };
      throw error;
    }
  }

  /**
   * Lets the writers of a counter in this process take turns. A batch of orders for one SKU would otherwise fight with
   * itself before it meets the other instances.
   */
  async #inTurn<T>(counters: readonly CounterChange[], write: () => Promise<T>): Promise<T> {
    const before = counters.map(({ counter }) => this.#turns.get(counter));
    const { promise: turn, resolve: done } = Promise.withResolvers<void>();
    for (const { counter } of counters) this.#turns.set(counter, turn);
    await Promise.all(before);
    try {
      return await write();
    } finally {
      done();
      for (const { counter } of counters) if (this.#turns.get(counter) === turn) this.#turns.delete(counter);
    }
  }

  async #transact(commit: Commit, counters: readonly CounterChange[]): Promise<Appended> {
    const items = [{ Put: this.#putOf(commit) }, ...counters.map((change) => ({ Update: this.#updateOf(change) }))];
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#client.send(new TransactWriteCommand({ TransactItems: items }));
        return { kind: 'appended' };
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const answer = readCancellation(error.CancellationReasons ?? [], counters);
        if (answer === 'unexplained') throw error;
        if (answer !== 'contended') return answer;
        if (attempt + 1 >= CONTENTION.attempts) throw new ContendedCounters(commit, counters, error);
        await this.#clock.sleep(fullJitter(attempt, CONTENTION, this.#clock));
      }
    }
  }

  #putOf(commit: Commit) {
    return { TableName: this.#table, Item: toItem(commit), ConditionExpression: 'attribute_not_exists(pk)' };
  }

  #updateOf({ counter, add, atLeast }: CounterChange) {
    const fields = Object.entries({ ...add, [CHANGES]: 1 });
    return {
      TableName: this.#table,
      Key: { pk: counter, sk: COUNTER_SK },
      UpdateExpression: `ADD ${fields.map((_, n) => `#f${n} :f${n}`).join(', ')}`,
      ExpressionAttributeNames: {
        ...Object.fromEntries(fields.map(([field], n) => [`#f${n}`, field])),
        ...(atLeast && { '#least': atLeast.field }),
      },
      ExpressionAttributeValues: {
        ...Object.fromEntries(fields.map(([, amount], n) => [`:f${n}`, amount])),
        ...(atLeast && { ':least': atLeast.amount }),
      },
      ...(atLeast && { ConditionExpression: '#least >= :least' }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
  }
}

/**
 * Why a transaction was cancelled: the first reason is the commit's, the others are the counters'.
 *
 * The order of the questions matters. A taken version never becomes free again, so it is final whatever else was in
 * the way, and says that the counters may have been changed for this very event already. A conflict says nothing of the
 * counters' values. Only what is left makes a low counter a shortage.
 */
function readCancellation(
  reasons: readonly CancellationReason[],
  counters: readonly CounterChange[],
): Exclude<Appended, { kind: 'appended' }> | 'contended' | 'unexplained' {
  const codes = reasons.map(({ Code }) => Code);
  if (codes[0] === 'ConditionalCheckFailed') return { kind: 'conflict' };
  if (codes.some((code) => code !== undefined && CONTENDED.has(code))) return 'contended';
  const [first, ...others] = counters.flatMap(({ counter, atLeast }, n): CounterShortage[] => {
    const reason = reasons[n + 1];
    if (reason?.Code !== 'ConditionalCheckFailed' || atLeast === undefined) return [];
    const found = Number(reason.Item?.[atLeast.field]?.N ?? 0);
    return [{ counter, field: atLeast.field, needed: atLeast.amount, found }];
  });
  return first === undefined ? 'unexplained' : { kind: 'short', shortages: [first, ...others] };
}

const CONTENDED = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** The item that holds a commit. */
export function toItem({ stream, version, ...rest }: Commit): CommitItem {
  const published = rest.facts.filter((fact) => fact.published !== undefined).length;
  return { pk: stream, sk: version, ...rest, ...(published > 0 && { published }) };
}

/** The commit that an item holds. */
export function toCommit({ pk, sk, published: _, ...rest }: CommitItem): Commit {
  return { stream: pk, version: sk, ...rest };
}
