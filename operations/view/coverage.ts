import { BatchGetCommand, type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../functions/backbone/clock.ts';
import { DynamoDbReadModel } from '../../functions/backbone/dynamodb-read-model.ts';
import { publicationsOf } from '../../functions/backbone/relay.ts';
import type { Subscription } from '../../functions/backbone/subscription.ts';
import { TIMELINE } from '../../functions/order-view/projection.ts';
import { type OrderView, type TimelineEntry, toOrderView } from '../../functions/order-view/view.ts';
import { type Store, tableOn } from '../catalogue.ts';
import { scanCommits } from '../streams/commits.ts';

/** A line that an order's timeline has to show. */
export interface Expected {
  readonly orderId: string;
  readonly factId: string;
  /** The line itself, of a fact that no store keeps and no replay brings: it is taken over. */
  readonly takeOver?: Omit<TimelineEntry, 'id'>;
}

/** What a view is held against. */
export interface Coverage {
  /** How many lines are there, those taken over included. */
  readonly covered: number;
  readonly takenOver: number;
  /** Lines that did not come. */
  readonly missing: readonly Expected[];
}

export interface CoveragePorts {
  readonly documents: DynamoDBDocumentClient;
  readonly clock: Clock;
  /** Tells how much is still to be handled: while that becomes less, it is waited. */
  readonly backlog: () => Promise<number>;
  readonly signal: AbortSignal;
  readonly onProgress: (covered: number) => void;
  /**
   * How long to wait while nothing moves.
   *
   * @default 60,000
   */
  readonly patienceMs?: number;
}

/** The most that a BatchGetItem takes. */
const MOST_KEYS = 100;
const ASK_EVERY_MS = 500;
const PATIENCE_MS = 60_000;

/** Of so many at most it is told what is missing, so that memory does not grow with what is. */
const MOST_TOLD = 1_000;

/**
 * Waits until a view's table shows all lines, page by page.
 *
 * @returns what is there and what is not; it does not wait for ever, and ends when it is told to
 */
export async function cover(
  table: string,
  pages: AsyncIterable<readonly Expected[]>,
  { documents, clock, backlog, signal, onProgress, patienceMs = PATIENCE_MS }: CoveragePorts,
): Promise<Coverage> {
  const readModel = new DynamoDbReadModel(documents, { table, key: 'orderId' });
  const missing: Expected[] = [];
  let [covered, takenOver] = [0, 0];

  for await (const page of pages) {
    let open = await missingOf(documents, table, page);
    for (const { orderId, factId, takeOver } of open) {
      if (takeOver === undefined) continue;
      await readModel.apply({ id: orderId, member: { key: `${TIMELINE}${factId}`, value: { ...takeOver } } });
      takenOver += 1;
    }
    open = open.filter(({ takeOver }) => takeOver === undefined);
    let least = Number.POSITIVE_INFINITY;
    let movedMs = clock.now();
    while (open.length > 0 && signal.aborted !== true) {
      const left = open.length + (await backlog());
      if (left < least) [least, movedMs] = [left, clock.now()];
      if (clock.now() - movedMs >= patienceMs) break;
      await clock.sleep(ASK_EVERY_MS);
      open = await missingOf(documents, table, open);
    }
    missing.push(...open.slice(0, MOST_TOLD - missing.length));
    covered += page.length - open.length;
    onProgress(covered);
    if (signal.aborted) break;
  }
  return { covered, takenOver, missing };
}

/** What the stores know: all that a replay brings, whatever the old view has made of it. */
export async function* linesInStores(
  documents: DynamoDBDocumentClient,
  busName: string,
  stores: readonly Store[],
  { facts }: Subscription,
): AsyncGenerator<readonly Expected[]> {
  for (const store of stores.filter((one) => one.facts.some((type) => type in facts))) {
    for await (const commits of scanCommits(documents, tableOn(busName, store), { published: true })) {
      yield commits.flatMap((commit) =>
        publicationsOf(commit, store.source).flatMap(({ metadata: { id, type }, data }): readonly Expected[] => {
          const orderId = orderIdIn(data);
          return type in facts && orderId !== undefined ? [{ orderId, factId: id }] : [];
        }),
      );
    }
  }
}

/**
 * What another view shows.
 *
 * @param isKept whether a store keeps such a fact
 */
export async function* linesInView(
  documents: DynamoDBDocumentClient,
  table: string,
  isKept: (line: Pick<TimelineEntry, 'type' | 'source'>) => boolean,
): AsyncGenerator<readonly Expected[]> {
  let next: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: next }),
    );
    yield (page.Items ?? []).map(toOrderView).flatMap((view) => linesOf(view, isKept));
    next = page.LastEvaluatedKey;
  } while (next !== undefined);
}

function linesOf({ orderId, timeline }: OrderView, isKept: Parameters<typeof linesInView>[2]): readonly Expected[] {
  return timeline.map(({ id, ...line }) => ({ orderId, factId: id, ...(!isKept(line) && { takeOver: line }) }));
}

/** Those of the lines that a table does not show, or not yet. */
async function missingOf(
  documents: DynamoDBDocumentClient,
  table: string,
  lines: readonly Expected[],
): Promise<readonly Expected[]> {
  const orderIds = [...new Set(lines.map(({ orderId }) => orderId))];
  const shown = new Set<string>();
  for (let at = 0; at < orderIds.length; at += MOST_KEYS) {
    const Keys = orderIds.slice(at, at + MOST_KEYS).map((orderId) => ({ orderId }));
    // What DynamoDB leaves unanswered counts as missing, and is asked for again.
    const { Responses = {} } = await documents.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
    );
    for (const { orderId, timeline } of (Responses[table] ?? []).map(toOrderView)) {
      for (const { id } of timeline) shown.add(`${orderId} ${id}`);
    }
  }
  return lines.filter(({ orderId, factId }) => !shown.has(`${orderId} ${factId}`));
}

function orderIdIn(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('orderId' in data)) return undefined;
  return typeof data.orderId === 'string' ? data.orderId : undefined;
}
