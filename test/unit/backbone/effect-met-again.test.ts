import { expect, test } from 'vitest';
import { timestamp } from '../../../functions/backbone/clock.ts';
import { uuidFrom } from '../../../functions/backbone/ids.ts';
import { Bell, reached } from './bell.ts';

const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

test('what was done is told with all that is known of its cause', async () => {
  const bell = new Bell();

  const flow = { correlationId: 'flow', correlationTime: '2026-01-31T11:00:00.000Z' };
  expect(await bell.handle([reached('e1', 'red', { hops: 3, ...flow, traceparent })])).toEqual(['done']);

  expect(bell.publisher.given).toEqual([
    {
      metadata: {
        id: uuidFrom('bell', 'red'),
        time: '2026-01-31T12:00:00.000Z',
        type: 'BellRung',
        source: 'toy.doors',
        subject: 'bell#red',
        schemaVersion: 1,
        ...flow,
        causationId: 'e1',
        hops: 4,
        traceparent: expect.stringMatching(/^00-a{32}-(?!b{16})[0-9a-f]{16}-01$/),
      },
      data: { door: 'red' },
    },
  ]);
});

test.each([
  ['again', 'e1'],
  ['under another id', 'e2'],
])('the same fact %s acts no second time, and is told again as the first', async (_, id) => {
  const bell = new Bell();
  await bell.handle([reached('e1', 'red')]);
  bell.clock.advance(60_000);

  expect(await bell.handle([reached(id, 'red', { correlationId: 'other' })])).toEqual(['done']);

  expect(bell.rung).toEqual(['red']);
  const [first, second] = bell.publisher.given;
  expect(second).toEqual(first);
});

test('another fact acts', async () => {
  const bell = new Bell();

  await bell.handle([reached('e1', 'red'), reached('e2', 'green')]);

  expect(bell.rung).toEqual(['red', 'green']);
});

test('when there was nothing to do, nothing is told, then and later', async () => {
  const bell = new Bell();
  bell.ring = () => Promise.resolve(undefined);

  expect(await bell.handle([reached('e1', 'red')])).toEqual(['done']);
  expect(await bell.handle([reached('e1', 'red')])).toEqual(['done']);

  expect(bell.rung).toEqual(['red']);
  expect(bell.publisher.given).toEqual([]);
});

test('a record lasts twice as long as an event may wait in a queue and its dead-letter queue', async () => {
  const bell = new Bell();
  await bell.handle([reached('e1', 'red')]);

  bell.clock.advance(36 * 24 * 3600_000);
  await bell.handle([reached('e2', 'red', { time: timestamp(bell.clock.now()) })]);
  expect(bell.rung).toEqual(['red']);

  bell.clock.advance(1_000);
  await bell.handle([reached('e3', 'red', { time: timestamp(bell.clock.now()) })]);
  expect(bell.rung).toEqual(['red', 'red']);
});
