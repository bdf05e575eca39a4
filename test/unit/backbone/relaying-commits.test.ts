import { expect, test } from 'vitest';
import { parseEnvelope } from '../../../functions/backbone/envelope.ts';
import type { Commit } from '../../../functions/backbone/event-store.ts';
import {
  publicationsOf,
  type RefusedCommit,
  relay,
  type TableChange,
  WrongSource,
} from '../../../functions/backbone/relay.ts';
import { eventBridgeMessage } from './eventbridge-message.ts';
import { publication } from './publication.ts';
import { ScriptedPublisher } from './scripted-publisher.ts';

const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const commit: Commit = {
  stream: 'order#order-c1',
  version: 7,
  time: '2026-01-31T12:00:00.000Z',
  correlationId: 'flow-1',
  correlationTime: '2026-01-31T11:00:00.000Z',
  facts: [
    {
      id: 'f1',
      type: 'OrderPlaced',
      data: { total: 5 },
      causationId: 'e1',
      hops: 2,
      traceparent,
      published: { source: 'shop.orders', sequence: 4, schemaVersion: 3 },
    },
    { id: 'f2', type: 'TermsNoted', data: {}, causationId: 'e1', hops: 2 },
    {
      id: 'f3',
      type: 'OrderCancelled',
      data: null,
      causationId: 'e2',
      hops: 5,
      published: { source: 'shop.orders', sequence: 5, schemaVersion: 1 },
    },
  ],
  causes: [],
};

test("a commit's published facts go out with all that is known of them, and its others do not", () => {
  expect(publicationsOf(commit, 'shop.orders')).toEqual([
    {
      metadata: {
        id: 'f1',
        time: '2026-01-31T12:00:00.000Z',
        type: 'OrderPlaced',
        source: 'shop.orders',
        subject: 'order#order-c1',
        version: 7,
        sequence: 4,
        schemaVersion: 3,
        correlationId: 'flow-1',
        correlationTime: '2026-01-31T11:00:00.000Z',
        causationId: 'e1',
        hops: 2,
        traceparent,
      },
      data: { total: 5 },
    },
    {
      metadata: {
        id: 'f3',
        time: '2026-01-31T12:00:00.000Z',
        type: 'OrderCancelled',
        source: 'shop.orders',
        subject: 'order#order-c1',
        version: 7,
        sequence: 5,
        schemaVersion: 1,
        correlationId: 'flow-1',
        correlationTime: '2026-01-31T11:00:00.000Z',
        causationId: 'e2',
        hops: 5,
        // The commit is older than traces are: one is begun by its correlation.
        traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
      },
      data: null,
    },
  ]);
});

test("a fact that another context publishes is not published under the relay's own source", () => {
  expect(() => publicationsOf(commit, 'shop.payments')).toThrow(
    new WrongSource('OrderPlaced', 'shop.orders', 'shop.payments'),
  );
  expect(() => publicationsOf(commit, 'shop.payments')).toThrow(
    'OrderPlaced is published by shop.orders, but this relay publishes for shop.payments',
  );
});

test('of a flow of which nobody knows when it began, that is left out', () => {
  const { correlationTime: _, ...older } = commit;

  for (const { metadata } of publicationsOf(older, 'shop.orders')) {
    expect(metadata).not.toHaveProperty('correlationTime');
  }
});

test('what goes out is what a consumer reads', () => {
  for (const { metadata, data } of publicationsOf(commit, 'shop.orders')) {
    const body = eventBridgeMessage({ metadata, data }, { 'detail-type': metadata.type });
    expect(parseEnvelope(body)).toEqual({ data, delivery: { metadata, timeGiven: true } });
  }
});

function scene(...batches: readonly (readonly string[] | Error)[]) {
  const publisher = new ScriptedPublisher();
  const dead: RefusedCommit[] = [];
  const changes = batches.map((ids, n): TableChange => {
    const publications = () => {
      if (ids instanceof Error) throw ids;
      return ids.map((id) => publication(id));
    };
    return { sequenceNumber: `record-${n}`, key: { pk: 'jar#1', sk: n }, publications };
  });
  const deadLetter = (refused: RefusedCommit) => Promise.resolve(void dead.push(refused));
  return { publisher, dead, changes, ports: { publisher, deadLetter } };
}

test('all of a batch goes out in one go, in its order', async () => {
  const { publisher, changes, ports } = scene(['a', 'b'], [], ['c']);

  expect(await relay(changes, 77, ports)).toEqual({
    published: ['a', 'b', 'c'].map((id) => publication(id)),
    failed: 0,
    refused: [],
  });

  expect(publisher.given.map(({ metadata }) => metadata.id)).toEqual(['a', 'b', 'c']);
  expect(publisher.untilMs).toEqual([77]);
});

test('what is refused for good goes to the dead letters by its key, and the others go on', async () => {
  const { publisher, dead, changes, ports } = scene(['a'], ['b', 'b2'], ['c']);
  publisher.answers.set('b', { kind: 'refused', code: 'MalformedDetail', message: 'never' });

  const refused = [{ key: { pk: 'jar#1', sk: 1 }, code: 'MalformedDetail', message: 'never' }];
  expect(await relay(changes, 0, ports)).toEqual({
    published: ['a', 'b2', 'c'].map((id) => publication(id)),
    failed: 0,
    refused,
  });
  expect(dead).toEqual(refused);
});

test('the stream resumes at the first change that failed for now', async () => {
  const { publisher, changes, ports } = scene(['a'], ['b', 'b2'], ['c']);
  publisher.answers.set('b2', { kind: 'failed', code: 'ThrottlingException', message: 'slow down' });
  publisher.answers.set('c', { kind: 'failed', code: 'Other', message: '' });

  expect(await relay(changes, 0, ports)).toEqual({
    published: [publication('a'), publication('b')],
    failed: 2,
    refused: [],
    resumeAt: {
      sequenceNumber: 'record-1',
      key: { pk: 'jar#1', sk: 1 },
      code: 'ThrottlingException',
      message: 'slow down',
    },
  });
});

test('what comes after the failure is not put into the dead letters yet: it comes again', async () => {
  const { publisher, dead, changes, ports } = scene(['a'], ['b'], ['c']);
  publisher.answers.set('a', { kind: 'refused', code: 'MalformedDetail', message: '' });
  publisher.answers.set('b', { kind: 'failed', code: 'ThrottlingException', message: '' });
  publisher.answers.set('c', { kind: 'refused', code: 'MalformedDetail', message: '' });

  await relay(changes, 0, ports);

  expect(dead.map(({ key }) => key.sk)).toEqual([0]);
});

test('a commit of which one fact is refused and another failed is not a dead letter yet', async () => {
  const { publisher, dead, changes, ports } = scene(['a', 'b']);
  publisher.answers.set('a', { kind: 'refused', code: 'MalformedDetail', message: '' });
  publisher.answers.set('b', { kind: 'failed', code: 'ThrottlingException', message: '' });

  expect(await relay(changes, 0, ports)).toMatchObject({ resumeAt: { sequenceNumber: 'record-0' } });
  expect(dead).toEqual([]);
});

test('a change that cannot be understood goes to the dead letters, and the others go on', async () => {
  const { dead, changes, ports } = scene(['a'], new TypeError('no facts'), ['c']);

  expect(await relay(changes, 0, ports)).toMatchObject({ published: [publication('a'), publication('c')] });
  expect(dead).toEqual([{ key: { pk: 'jar#1', sk: 1 }, code: 'TypeError', message: 'no facts' }]);
});

test('when even the dead letter cannot be written, the turn fails: nothing is passed over', async () => {
  const { publisher, changes, ports } = scene(['a']);
  publisher.answers.set('a', { kind: 'refused', code: 'MalformedDetail', message: '' });
  const deadLetter = () => Promise.reject(new Error('no queue'));

  await expect(relay(changes, 0, { ...ports, deadLetter })).rejects.toThrow('no queue');
});
