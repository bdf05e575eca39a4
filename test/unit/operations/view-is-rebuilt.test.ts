import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { type CoveragePorts, cover, type Expected, linesInView } from '../../../operations/view/coverage.ts';
import { deployArguments } from '../../../operations/view/deployment.ts';
import { currentViewTable, nextGeneration, switchView, viewsOn } from '../../../operations/view/generations.ts';
import { ManualClock } from '../../manual-clock.ts';
import { type Answer, page, refusal, ScriptedDynamoDb } from '../backbone/scripted-dynamodb.ts';

const TABLE = 'factbus-order-view-2';

const ok = (body: unknown): Answer => ({ status: 200, body });
const nothing = ok({});
const tablesAre = (...TableNames: readonly string[]): Answer => ok({ TableNames });
const line = (type: string) => ({ type, source: 'shop.orders', time: '2026-01-31T12:00:00.000Z', causationId: null });

/** Orders as a BatchGetItem finds them, each with its facts. */
function found(orders: Readonly<Record<string, readonly string[]>>): Answer {
  const items = Object.entries(orders).map(([orderId, ids]) =>
    marshall({ orderId, ...Object.fromEntries(ids.map((id) => [`fact#${id}`, line('OrderPlaced')])) }),
  );
  return ok({ Responses: { [TABLE]: items } });
}

async function* pagesOf(...pages: readonly (readonly Expected[])[]) {
  yield* pages;
}

function setUp(backlog: () => number = () => 0) {
  const dynamoDb = new ScriptedDynamoDb();
  const clock = new ManualClock();
  const place = { documents: dynamoDb.client, busName: 'factbus' };
  const ports: CoveragePorts = {
    documents: dynamoDb.client,
    clock,
    backlog: () => Promise.resolve(backlog()),
    signal: new AbortController().signal,
    onProgress: () => {},
  };
  return { dynamoDb, clock, place, ports };
}

describe('which generation is read', () => {
  it('is the first that there is, until another is switched to', async () => {
    const { dynamoDb, place } = setUp();
    dynamoDb.answers.push(nothing, tablesAre('factbus-order-view-2', 'factbus-order-view-3', 'factbus-orders'));
    expect(await currentViewTable(place)).toBe('factbus-order-view-2');

    dynamoDb.answers.push(
      ok({ Item: marshall({ readModel: 'order-view', current: 3 }) }),
      tablesAre('factbus-order-view', 'factbus-order-view-3'),
    );
    expect(await viewsOn(place)).toEqual({ current: 3, tables: [1, 3] });
  });

  it('is the first on a stage that knows no generations', async () => {
    const { dynamoDb, place } = setUp();
    dynamoDb.answers.push(refusal('ResourceNotFoundException'), tablesAre());
    expect(await currentViewTable(place)).toBe('factbus-order-view');
  });

  it('is not taken for one of another stage, nor of another table', async () => {
    const { dynamoDb, place } = setUp();
    dynamoDb.answers.push(
      nothing,
      tablesAre('factbus-order-view', 'factbus-order-view-archive', 'factbus-prod-order-view'),
    );
    expect(await viewsOn(place)).toEqual({ current: 1, tables: [1] });
  });

  it('is switched only from the one that was current', async () => {
    const { dynamoDb, clock, place } = setUp();
    await switchView(place, { from: 1, to: 2 }, clock);
    expect(dynamoDb.requests[0]?.input).toMatchObject({
      TableName: 'factbus-read-models',
      ConditionExpression: 'attribute_not_exists(#current) OR #current = :from',
      ExpressionAttributeValues: { ':from': { N: '1' }, ':to': { N: '2' } },
    });
    dynamoDb.answers.push(refusal('ConditionalCheckFailedException'));
    await expect(switchView(place, { from: 1, to: 2 }, clock)).rejects.toThrow('ConditionalCheckFailed');
  });
});

describe('the generation to fill', () => {
  it('is one that waits for it, or else one that there never was', () => {
    expect(nextGeneration({ current: 1, tables: [1] }, () => true)).toBe(2);
    expect(nextGeneration({ current: 1, tables: [1, 2] }, () => true)).toBe(2);
    // A durable stage has kept the table of 2, with what it held when it was given up.
    expect(nextGeneration({ current: 1, tables: [1, 2] }, (one) => one === 1)).toBe(3);
    expect(nextGeneration({ current: 3, tables: [1, 3] }, () => true)).toBe(4);
  });

  it('is deployed beside the others, with what else the stage is deployed with', () => {
    expect(deployArguments({ stage: 'prod', generations: [1, 2], context: ['mailFrom=a@b.de'] })).toEqual(
      ['stage=prod', 'mailFrom=a@b.de', 'orderViews=1,2'].flatMap((pair) => ['-c', pair]),
    );
  });
});

describe('a view has caught up', () => {
  const expected: readonly Expected[] = [
    { orderId: 'order-1', factId: 'a' },
    { orderId: 'order-1', factId: 'b' },
    { orderId: 'order-2', factId: 'c' },
  ];

  it('when it shows every line, however long the queue takes', async () => {
    let left = 400;
    const { dynamoDb, clock, ports } = setUp(() => left--);
    const startMs = clock.now();
    dynamoDb.answers.push(...Array.from({ length: 300 }, () => found({ 'order-1': ['a'] })));
    dynamoDb.answers.push(found({ 'order-1': ['a', 'b'], 'order-2': [] }), found({ 'order-2': ['c'] }));

    expect(await cover(TABLE, pagesOf(expected), ports)).toEqual({ covered: 3, takenOver: 0, missing: [] });
    expect(clock.now() - startMs).toBeGreaterThan(60_000);
  });

  it('and has not when nothing moves any more: then it tells what is missing', async () => {
    const { dynamoDb, clock, ports } = setUp(() => 0);
    dynamoDb.answers.push(...Array.from({ length: 200 }, () => found({ 'order-1': ['a', 'b'] })));
    const startMs = clock.now();

    expect(await cover(TABLE, pagesOf(expected), ports)).toEqual({
      covered: 2,
      takenOver: 0,
      missing: [{ orderId: 'order-2', factId: 'c' }],
    });
    expect(clock.now() - startMs).toBeGreaterThanOrEqual(60_000);
  });

  it('asks again for what DynamoDB left unanswered', async () => {
    const { dynamoDb, ports } = setUp();
    dynamoDb.answers.push(
      ok({ Responses: {}, UnprocessedKeys: {} }),
      found({ 'order-1': ['a', 'b'], 'order-2': ['c'] }),
    );
    expect(await cover(TABLE, pagesOf(expected), ports)).toMatchObject({ covered: 3, missing: [] });
  });

  it('takes over from the old one what no replay brings, and only that', async () => {
    const { dynamoDb, ports } = setUp();
    const item = { orderId: 'order-1', 'fact#a': line('OrderPlaced'), 'fact#mail': line('NotificationSent') };
    dynamoDb.answers.push(page([item]), found({ 'order-1': ['a'] }));
    const lines = linesInView(ports.documents, 'factbus-order-view', ({ type }) => type === 'OrderPlaced');

    expect(await cover(TABLE, lines, ports)).toEqual({ covered: 2, takenOver: 1, missing: [] });
    expect(dynamoDb.requests.at(-1)).toMatchObject({
      operation: 'UpdateItem',
      input: { TableName: TABLE, Key: { orderId: { S: 'order-1' } }, ExpressionAttributeNames: { '#f0': 'fact#mail' } },
    });
  });
});
