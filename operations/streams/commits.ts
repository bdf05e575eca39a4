import { type DynamoDBDocumentClient, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { timestamp } from '../../functions/backbone/clock.ts';
import { type CommitItem, toCommit } from '../../functions/backbone/dynamodb-event-store.ts';
import type { Commit } from '../../functions/backbone/event-store.ts';
import type { TimeRange } from '../moment.ts';

/** Which commits of a table are meant: those that fit all that is given. */
export interface CommitSelection extends TimeRange {
  readonly correlationId?: string;
  /** Only those with facts that go on the bus. @default false */
  readonly published?: boolean;
}

export interface ReadOptions {
  /** Stops before the next page. */
  readonly signal?: AbortSignal;
  /** Told how many items have been read, whether they are meant or not. */
  readonly onRead?: (count: number) => void;
}

/** How many parts of a table are read at a time. */
const SEGMENTS = 4;

/** A stream's commits, page by page, oldest first. */
export async function* readStream(
  client: DynamoDBDocumentClient,
  table: string,
  stream: string,
  selection: CommitSelection = {},
  { signal, onRead }: ReadOptions = {},
): AsyncGenerator<readonly Commit[]> {
  const { expression, names, values } = filterOf(selection);
  let next: Record<string, unknown> | undefined;
  let read = 0;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        // Version 0 would be a counter.
        KeyConditionExpression: 'pk = :stream AND sk > :counter',
        ...(expression !== undefined && { FilterExpression: expression }),
        ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
        ExpressionAttributeValues: { ...values, ':stream': stream, ':counter': 0 },
        ConsistentRead: true,
        ExclusiveStartKey: next,
      }),
    );
    read += page.ScannedCount ?? 0;
    onRead?.(read);
    yield (page.Items ?? []).map((item) => toCommit(item as CommitItem));
    next = page.LastEvaluatedKey;
  } while (next !== undefined && signal?.aborted !== true);
}

/**
 * The commits of a whole table, page by page; each stream's in their order, and the streams in none. It reads, and costs,
 * the whole table whatever is meant: streams are not found by anything but their names.
 */
export async function* scanCommits(
  client: DynamoDBDocumentClient,
  table: string,
  selection: CommitSelection,
  { signal, onRead }: ReadOptions = {},
): AsyncGenerator<readonly Commit[]> {
  const { expression, names, values } = filterOf(selection);
  let read = 0;
  let segments = Array.from({ length: SEGMENTS }, (_, segment) => ({
    segment,
    next: undefined as Record<string, unknown> | undefined,
  }));
  while (segments.length > 0 && signal?.aborted !== true) {
    const pages = await Promise.all(
      segments.map(async ({ segment, next }) => {
        const page = await client.send(
          new ScanCommand({
            TableName: table,
            Segment: segment,
            TotalSegments: SEGMENTS,
            FilterExpression: ['sk > :counter', ...(expression === undefined ? [] : [expression])].join(' AND '),
            ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
            ExpressionAttributeValues: { ...values, ':counter': 0 },
            ConsistentRead: true,
            ExclusiveStartKey: next,
          }),
        );
        return { segment, page };
      }),
    );
    for (const { page } of pages) read += page.ScannedCount ?? 0;
    onRead?.(read);
    yield pages.flatMap(({ page }) => page.Items ?? []).map((item) => toCommit(item as CommitItem));
    segments = pages.flatMap(({ segment, page: { LastEvaluatedKey: next } }) =>
      next === undefined ? [] : [{ segment, next }],
    );
  }
}

/** All pages as one. */
export async function collected<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

interface FilterExpression {
  readonly expression: string | undefined;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

function filterOf({ sinceMs, untilMs, correlationId, published = false }: CommitSelection): FilterExpression {
  // Times of one format compare as text.
  const conditions = [
    ...(sinceMs === undefined
      ? []
      : [{ text: '#time >= :since', name: ['#time', 'time'], value: [':since', timestamp(sinceMs)] }]),
    ...(untilMs === undefined
      ? []
      : [{ text: '#time <= :until', name: ['#time', 'time'], value: [':until', timestamp(untilMs)] }]),
    ...(correlationId === undefined
      ? []
      : [{ text: 'correlationId = :flow', name: [], value: [':flow', correlationId] }]),
    ...(published ? [{ text: 'attribute_exists(published)', name: [], value: [] }] : []),
  ];
  return {
    expression: conditions.length === 0 ? undefined : conditions.map(({ text }) => text).join(' AND '),
    names: Object.fromEntries(conditions.flatMap(({ name }) => (name.length > 0 ? [name] : []))),
    values: Object.fromEntries(conditions.flatMap(({ value }) => (value.length > 0 ? [value] : []))),
  };
}
