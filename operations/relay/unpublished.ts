import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type CommitItem, toCommit } from '../../functions/backbone/dynamodb-event-store.ts';
import type { Commit } from '../../functions/backbone/event-store.ts';
import { parseObject } from '../dead-letters/json-object.ts';
import type { HeldLetter } from '../dead-letters/survey.ts';
import type { TimeRange } from '../moment.ts';
import { collected, scanCommits } from '../streams/commits.ts';

/** A relay's dead letter, and the commits that it stands for. */
export interface Unpublished {
  readonly letter: HeldLetter;
  readonly commits: readonly Commit[];
  /** Why there are none. */
  readonly why?: string;
}

/** Lambda's note tells when the records came into the table's stream, which is a moment after they were committed. */
const MARGIN_MS = 60_000;

/**
 * Finds what a relay's dead letter stands for: the commit of its key, or, where Lambda gave up on records and noted when
 * they came, all that was committed at that time.
 */
export async function readUnpublished(
  client: DynamoDBDocumentClient,
  table: string,
  letter: HeldLetter,
): Promise<Unpublished> {
  const body = parseObject(letter.body) ?? {};
  if (typeof body.pk === 'string') {
    const commit = await readCommit(client, table, body.pk, Number(body.sk));
    if (commit !== undefined) return { letter, commits: [commit] };
    return {
      letter,
      commits: [],
      why: `${table} holds no commit ${body.pk} v${body.sk}; what follows from a counter cannot be published again`,
    };
  }
  const range = rangeOf(body.DDBStreamBatchInfo);
  if (range === undefined) return { letter, commits: [], why: 'it names neither a commit nor a time' };
  const commits = await collected(scanCommits(client, table, { ...range, published: true }));
  return commits.length > 0 ? { letter, commits } : { letter, commits, why: `${table} holds no commit of its time` };
}

async function readCommit(
  client: DynamoDBDocumentClient,
  table: string,
  pk: string,
  sk: number,
): Promise<Commit | undefined> {
  // Version 0 is a counter.
  if (!(sk >= 1)) return undefined;
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }));
  return Item === undefined ? undefined : toCommit(Item as CommitItem);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
function rangeOf(info: unknown): TimeRange | undefined {
  if (typeof info !== 'object' || info === null) return undefined;
  const {
    approximateArrivalOfFirstRecord: first,
    approximateArrivalOfLastRecord: last,
  }: Readonly<Record<string, unknown>> = { ...info };
  const [firstMs, lastMs] = [Date.parse(String(first)), Date.parse(String(last))];
  if (Number.isNaN(firstMs) || Number.isNaN(lastMs)) return undefined;
  return { sinceMs: firstMs - MARGIN_MS, untilMs: lastMs + MARGIN_MS };
}
