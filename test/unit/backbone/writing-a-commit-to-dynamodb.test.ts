import { expect, test } from 'vitest';
import { DynamoDbEventStore } from '../../../functions/backbone/dynamodb-event-store.ts';
import type { Commit } from '../../../functions/backbone/event-store.ts';
import { ManualClock } from '../../manual-clock.ts';
import { cancelled, refusal, ScriptedDynamoDb } from './scripted-dynamodb.ts';

function scene() {
  const dynamoDb = new ScriptedDynamoDb();
  const clock = new ManualClock();
  return { dynamoDb, clock, store: new DynamoDbEventStore(dynamoDb.client, { table: 'jars', clock }) };
}

const fact = { id: 'f1', type: 'CoinKept', data: { amount: 5 }, causationId: 'e1', hops: 1 };
const commit: Commit = {
  stream: 'jar#1',
  version: 7,
  time: '2026-01-31T12:00:00.000Z',
  correlationId: 'flow',
  facts: [fact, { ...fact, id: 'f2', published: { source: 'toy.jars', sequence: 3, schemaVersion: 1 } }],
  causes: [{ subscription: 'coins', eventId: 'e1' }],
};
const take = (counter: string, coins: number) => ({
  counter,
  add: { coins: -coins },
  atLeast: { field: 'coins', amount: coins },
});

test('a commit is one put under the condition that its version does not exist', async () => {
  const { dynamoDb, store } = scene();

  expect(await store.append(commit)).toEqual({ kind: 'appended' });

  expect(dynamoDb.requests).toEqual([
    {
      operation: 'PutItem',
      input: {
        TableName: 'jars',
        ConditionExpression: 'attribute_not_exists(pk)',
        Item: expect.objectContaining({ pk: { S: 'jar#1' }, sk: { N: '7' }, published: { N: '1' } }),
      },
    },
  ]);
});

test("a commit without published facts says so, and the stream's filter can leave it out", async () => {
  const { dynamoDb, store } = scene();

  await store.append({ ...commit, facts: [fact] });

  expect(dynamoDb.requests[0]?.input.Item).not.toHaveProperty('published');
});

test('a version that exists is a conflict', async () => {
  const { dynamoDb, store } = scene();
  dynamoDb.answers.push(refusal('ConditionalCheckFailedException'));

  expect(await store.append(commit)).toEqual({ kind: 'conflict' });
});

test('whatever else goes wrong is thrown', async () => {
  const { dynamoDb, store } = scene();
  dynamoDb.answers.push(refusal('ResourceNotFoundException'), refusal('ResourceNotFoundException'));

  await expect(store.append(commit)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(store.append(commit, [take('purse', 2)])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('counters change in one transaction with the commit, each under its own condition', async () => {
  const { dynamoDb, store } = scene();
  const gift = { counter: 'bowl', add: { coins: 1, gifts: 1 } };

  expect(await store.append(commit, [take('purse', 2), gift])).toEqual({ kind: 'appended' });

  const [{ operation, input } = { operation: '', input: {} }] = dynamoDb.requests;
  expect(operation).toBe('TransactWriteItems');
  expect(input.TransactItems).toEqual([
    { Put: expect.objectContaining({ ConditionExpression: 'attribute_not_exists(pk)' }) },
    {
      Update: {
        TableName: 'jars',
        Key: { pk: { S: 'purse' }, sk: { N: '0' } },
        UpdateExpression: 'ADD #f0 :f0, #f1 :f1',
        ConditionExpression: '#least >= :least',
        ExpressionAttributeNames: { '#f0': 'coins', '#f1': 'changes', '#least': 'coins' },
        ExpressionAttributeValues: { ':f0': { N: '-2' }, ':f1': { N: '1' }, ':least': { N: '2' } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    {
      Update: {
        TableName: 'jars',
        Key: { pk: { S: 'bowl' }, sk: { N: '0' } },
        UpdateExpression: 'ADD #f0 :f0, #f1 :f1, #f2 :f2',
        ExpressionAttributeNames: { '#f0': 'coins', '#f1': 'gifts', '#f2': 'changes' },
        ExpressionAttributeValues: { ':f0': { N: '1' }, ':f1': { N: '1' }, ':f2': { N: '1' } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
  ]);
});

test('counters that are too low are told with what was there; one that does not exist holds 0', async () => {
  const { dynamoDb, store } = scene();
  const low = { pk: 'purse', sk: 0, coins: 1, changes: 4 };
  dynamoDb.answers.push(cancelled(['None'], ['ConditionalCheckFailed', low], ['None'], ['ConditionalCheckFailed']));

  const counters = [take('purse', 2), take('bowl', 1), take('sock', 3)];

  expect(await store.append(commit, counters)).toEqual({
    kind: 'short',
    shortages: [
      { counter: 'purse', field: 'coins', needed: 2, found: 1 },
      { counter: 'sock', field: 'coins', needed: 3, found: 0 },
    ],
  });
});

test.each(['ConditionalCheckFailed', 'TransactionConflict'])(
  'a version that is taken stays so, and comes before a counter with %s',
  async (code) => {
    const { dynamoDb, store } = scene();
    dynamoDb.answers.push(cancelled(['ConditionalCheckFailed'], [code]));

    expect(await store.append(commit, [take('purse', 2)])).toEqual({ kind: 'conflict' });
    expect(dynamoDb.requests).toHaveLength(1);
  },
);

test('a version that a transaction is writing just now is a conflict', async () => {
  const { dynamoDb, store } = scene();
  dynamoDb.answers.push(refusal('TransactionConflictException'));

  expect(await store.append(commit)).toEqual({ kind: 'conflict' });
});

test('those who write a counter in one process take turns', async () => {
  const { dynamoDb, store } = scene();
  const writes = ['jar#1', 'jar#2', 'jar#3'].map((stream, n) => {
    return store.append({ ...commit, stream }, [take('purse', 1), take(`own-${n}`, 1)]);
  });
  const free = store.append({ ...commit, stream: 'jar#4' }, [take('bowl', 1)]);
  await free;
  // The one that shares no counter did not wait for those that do.
  const begun = dynamoDb.requests.length;

  await Promise.all(writes);

  expect(begun).toBeLessThan(4);
  expect(dynamoDb.requests).toHaveLength(4);
});

test.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
  '%s of a counter comes before a shortage, and is tried again after a random wait',
  async (code) => {
    const { dynamoDb, clock, store } = scene();
    dynamoDb.answers.push(cancelled(['None'], [code]), cancelled([code], ['ConditionalCheckFailed']));

    expect(await store.append(commit, [take('purse', 2)])).toEqual({ kind: 'appended' });

    expect(dynamoDb.requests).toHaveLength(3);
    expect(clock.slept).toHaveLength(2);
    expect(Math.max(...clock.slept)).toBeLessThanOrEqual(50);
  },
);

test('counters that stay fought over are left for later', async () => {
  const { dynamoDb, store } = scene();
  dynamoDb.answers.push(...Array.from({ length: 12 }, () => cancelled(['None'], ['TransactionConflict'])));

  await expect(store.append(commit, [take('purse', 2), take('bowl', 1)])).rejects.toMatchObject({
    name: 'ContendedCounters',
    message: 'jar#1 at version 7: the counters purse, bowl are being written by others',
    cause: expect.objectContaining({ name: 'TransactionCanceledException' }),
  });
  expect(dynamoDb.requests).toHaveLength(12);
});

test.each([
  ['for a reason that nobody knows', cancelled(['None'], ['ValidationError'])],
  ['for a condition that was not set', cancelled(['None'], ['None'], ['ConditionalCheckFailed'])],
  ['without a reason', refusal('TransactionCanceledException')],
])('a transaction that is cancelled %s is thrown', async (_, answer) => {
  const { dynamoDb, store } = scene();
  dynamoDb.answers.push(answer);
  const gift = { counter: 'bowl', add: { coins: 1 } };

  await expect(store.append(commit, [take('purse', 2), gift])).rejects.toMatchObject({
    name: 'TransactionCanceledException',
  });
});
