import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import type { RefusedCommit } from '../../../functions/backbone/relay.ts';
import { deadLetterQueue, type ItemChange, relayFunction } from '../../../functions/backbone/relay-function.ts';
import { ManualClock } from '../../manual-clock.ts';
import { invocation } from './invocation.ts';
import { publication } from './publication.ts';
import { ScriptedPublisher } from './scripted-publisher.ts';
import { silentFunction } from './silent-function.ts';
import { tableStreamEvent } from './table-stream-event.ts';

const { measured } = silentFunction();

function scene() {
  const publisher = new ScriptedPublisher();
  const dead: RefusedCommit[] = [];
  const clock = new ManualClock();
  const derived: ItemChange[] = [];
  const handler = relayFunction(
    { source: 'toy.jars', publisher, clock, deadLetter: (refused) => Promise.resolve(void dead.push(refused)) },
    (change) => {
      derived.push(change);
      return [publication(`derived-${change.after.changes}`)];
    },
  );
  return { publisher, dead, clock, derived, handler };
}

const commitItem = (sk: number) => ({
  pk: 'jar#1',
  sk,
  time: '2026-01-31T12:00:00.000Z',
  correlationId: 'flow',
  facts: [
    {
      id: `f${sk}`,
      type: 'CoinKept',
      data: { amount: 2 ** 53 - 1, note: 'zwölf 🪙' },
      causationId: 'e1',
      hops: 1,
      published: { source: 'toy.jars', sequence: sk, schemaVersion: 3 },
    },
  ],
  causes: [{ subscription: 'coins', eventId: 'e1' }],
  published: 1,
});

test('what was committed is published whole, under the own source', async () => {
  const { publisher, clock, handler } = scene();

  expect(await handler(tableStreamEvent({ after: commitItem(1) }), invocation())).toEqual({ batchItemFailures: [] });

  expect(publisher.given).toEqual([
    {
      metadata: {
        id: 'f1',
        time: '2026-01-31T12:00:00.000Z',
        type: 'CoinKept',
        source: 'toy.jars',
        subject: 'jar#1',
        version: 1,
        sequence: 1,
        schemaVersion: 3,
        correlationId: 'flow',
        causationId: 'e1',
        hops: 1,
        traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
      },
      data: { amount: 2 ** 53 - 1, note: 'zwölf 🪙' },
    },
  ]);
  expect(publisher.untilMs).toEqual([clock.now() + 5_000]);
  expect(measured).toEqual({ FactsPublished: 1, RelayDelay: 0 });
});

test('the stream resumes at the first commit that the bus did not take', async () => {
  const { publisher, handler } = scene();
  publisher.answers.set('f2', { kind: 'failed', code: 'ThrottlingException', message: '' });

  const event = tableStreamEvent(...[1, 2, 3].map((sk) => ({ after: commitItem(sk) })));

  expect(await handler(event, invocation())).toEqual({ batchItemFailures: [{ itemIdentifier: 's2' }] });
  expect(measured).toEqual({ FactsPublished: 2, RelayDelay: 0, PublishFailures: 1 });
});

test('a fact that ends a saga is counted by how it ended, and how late the bus had it', async () => {
  const publisher = new ScriptedPublisher();
  const outcomes: string[] = [];
  const ports = { source: 'toy.jars', publisher, clock: new ManualClock(), deadLetter: () => Promise.resolve() };
  const handler = relayFunction({
    ...ports,
    outcomeOf: ({ metadata: { id } }) => {
      if (id === 'f1') return undefined;
      outcomes.push(id);
      return 'full';
    },
  });
  publisher.answers.set('f3', { kind: 'failed', code: 'ThrottlingException', message: '' });
  const items = [1, 2, 3].map((sk) => ({ after: { ...commitItem(sk), time: '2026-01-31T11:59:59.000Z' } }));

  await handler(tableStreamEvent(...items), invocation());

  expect(outcomes, 'what the bus did not take is no outcome yet').toEqual(['f2']);
  expect(measured).toMatchObject({ SagaOutcomes: 1, RelayDelay: 2_000 });
});

test('an item that is no commit goes to the dead letters by its key, and the others go on', async () => {
  const { publisher, dead, handler } = scene();

  const event = tableStreamEvent({ after: { pk: 'odd', sk: 4, published: 1 } }, { after: commitItem(1) });

  expect(await handler(event, invocation())).toEqual({ batchItemFailures: [] });
  expect(dead).toEqual([{ key: { pk: 'odd', sk: 4 }, code: 'TypeError', message: expect.any(String) }]);
  expect(publisher.given).toHaveLength(1);
  expect(measured).toEqual({ FactsPublished: 1, RelayDelay: 0, CommitsRefused: 1 });
});

test("a commit of another context's facts goes to the dead letters, and says whose they are", async () => {
  const { publisher, dead, handler } = scene();
  const { facts, ...rest } = commitItem(1);
  const strangers = facts.map((fact) => ({ ...fact, published: { ...fact.published, source: 'toy.errands' } }));

  await handler(tableStreamEvent({ after: { ...rest, facts: strangers } }), invocation());

  const message = 'CoinKept is published by toy.errands, but this relay publishes for toy.jars';
  expect(dead).toEqual([{ key: { pk: 'jar#1', sk: 1 }, code: 'WrongSource', message }]);
  expect(publisher.given).toEqual([]);
});

test('a changed item is handed over with what it was and when it changed, and what follows is published', async () => {
  const { publisher, derived, handler } = scene();
  const [before, after] = [
    { pk: 'purse', sk: 0, coins: 1, changes: 6 },
    { pk: 'purse', sk: 0, coins: 0, changes: 7 },
  ];

  await handler(tableStreamEvent({ before, after }), invocation());

  expect(derived).toEqual([{ key: { pk: 'purse', sk: 0 }, before, after, atMs: 1_769_860_800_000 }]);
  expect(publisher.given.map(({ metadata }) => metadata.id)).toEqual(['derived-7']);
});

test('without such facts a changed item is passed over', async () => {
  const publisher = new ScriptedPublisher();
  const ports = { source: 'toy.jars', publisher, clock: new ManualClock(), deadLetter: () => Promise.resolve() };
  const [before, after] = [{ pk: 'jar#1', sk: 1 }, commitItem(1)];

  expect(await relayFunction(ports)(tableStreamEvent({ before, after }), invocation())).toEqual({
    batchItemFailures: [],
  });
  expect(publisher.given).toEqual([]);
});

test('a dead letter holds the key, and why, cut to what an attribute can hold', async () => {
  const client = new SQSClient({ region: 'eu-central-1' });
  const sent: unknown[] = [];
  client.middlewareStack.add(
    () => (args) => {
      sent.push(args.input);
      return Promise.resolve({ response: {}, output: { $metadata: {} } });
    },
    { step: 'initialize', priority: 'high' },
  );
  const deadLetter = deadLetterQueue(client, 'https://queue');

  await deadLetter({ key: { pk: 'jar#1', sk: 7 }, code: 'MalformedDetail', message: 'x'.repeat(5_000) });
  await deadLetter({ key: { pk: 'jar#1', sk: 8 }, code: 'MalformedDetail', message: '' });

  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
  expect(sent).toEqual([
    {
      QueueUrl: 'https://queue',
      MessageBody: '{"pk":"jar#1","sk":7}',
      MessageAttributes: { reason: attribute('MalformedDetail'), error: attribute('x'.repeat(1_000)) },
    },
    {
      QueueUrl: 'https://queue',
      MessageBody: '{"pk":"jar#1","sk":8}',
      MessageAttributes: { reason: attribute('MalformedDetail'), error: attribute('MalformedDetail') },
    },
  ]);
});
