import { expect, test } from 'vitest';
import { DynamoDbEventStore, toCommit } from '../../../functions/backbone/dynamodb-event-store.ts';
import { ManualClock } from '../../manual-clock.ts';
import { page, ScriptedDynamoDb } from './scripted-dynamodb.ts';

function scene() {
  const dynamoDb = new ScriptedDynamoDb();
  return { dynamoDb, store: new DynamoDbEventStore(dynamoDb.client, { table: 'jars', clock: new ManualClock() }) };
}

const rule = { every: 3, stateVersion: 2 };
const item = (sk: number, stateVersion?: number) => ({
  pk: 'jar#1',
  sk,
  time: '2026-01-31T12:00:00.000Z',
  correlationId: 'flow',
  facts: [],
  causes: [{ subscription: 'coins', eventId: `e${sk}` }],
  ...(stateVersion !== undefined && { snapshot: { stateVersion, state: null, sequence: 0, causes: [] } }),
});
const versions = (commits: readonly { readonly version: number }[]) => commits.map(({ version }) => version);

test('it is read newest first, strongly consistent, without counters, and no more than up to a snapshot', async () => {
  const { dynamoDb, store } = scene();
  dynamoDb.answers.push(page([item(7), item(6, 2), item(5)], { pk: 'jar#1', sk: 5 }));

  expect(versions(await store.load('jar#1', rule))).toEqual([6, 7]);

  expect(dynamoDb.requests).toEqual([
    {
      operation: 'Query',
      input: {
        TableName: 'jars',
        KeyConditionExpression: 'pk = :stream AND sk > :counter',
        ExpressionAttributeValues: { ':stream': { S: 'jar#1' }, ':counter': { N: '0' } },
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: 3,
      },
    },
  ]);
});

test('a snapshot of another version of the state is passed over', async () => {
  const { dynamoDb, store } = scene();
  dynamoDb.answers.push(
    page([item(7), item(6, 1), item(5)], { pk: 'jar#1', sk: 5 }),
    page([item(4), item(3, 2)], { pk: 'jar#1', sk: 3 }),
  );

  expect(versions(await store.load('jar#1', rule))).toEqual([3, 4, 5, 6, 7]);

  expect(dynamoDb.requests[1]?.input).toMatchObject({
    ConsistentRead: true,
    ExclusiveStartKey: { pk: { S: 'jar#1' }, sk: { N: '5' } },
  });
});

test('without a snapshot it is read to its first commit, and not beyond', async () => {
  const { dynamoDb, store } = scene();
  dynamoDb.answers.push(page([item(3), item(2), item(1)], { pk: 'jar#1', sk: 1 }));

  expect(versions(await store.load('jar#1', rule))).toEqual([1, 2, 3]);
  expect(dynamoDb.requests).toHaveLength(1);
});

test('a page that holds nothing is not the end', async () => {
  const { dynamoDb, store } = scene();
  dynamoDb.answers.push(page([], { pk: 'jar#1', sk: 2 }), page([item(1)]));

  expect(versions(await store.load('jar#1', rule))).toEqual([1]);
});

test('a stream that does not exist has no commits', async () => {
  const { store } = scene();

  expect(await store.load('jar#1', rule)).toEqual([]);
});

test('the older causes are read strongly consistent, page by page', async () => {
  const { dynamoDb, store } = scene();
  dynamoDb.answers.push(page([item(1), item(2)], { pk: 'jar#1', sk: 2 }), page([item(3)]));

  const causes = await store.causesUpTo('jar#1', 3);

  expect(causes.map(({ eventId }) => eventId)).toEqual(['e1', 'e2', 'e3']);
  expect(dynamoDb.requests.map(({ input }) => input)).toEqual([
    expect.objectContaining({
      KeyConditionExpression: 'pk = :stream AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':stream': { S: 'jar#1' }, ':first': { N: '1' }, ':last': { N: '3' } },
      ConsistentRead: true,
    }),
    expect.objectContaining({ ConsistentRead: true, ExclusiveStartKey: { pk: { S: 'jar#1' }, sk: { N: '2' } } }),
  ]);
});

test('an item is read as the commit that was written', () => {
  const { pk, sk, ...rest } = item(4, 2);

  expect(toCommit({ pk, sk, ...rest, published: 1 })).toEqual({ stream: 'jar#1', version: 4, ...rest });
});
