import { expect, test } from 'vitest';
import type { Fact } from '../../../functions/backbone/fact.ts';
import { NO_OUTSIDE } from '../../../functions/backbone/outside.ts';
import { streams, taken } from '../../../functions/backbone/stream-reactor.ts';
import { ManualClock } from '../../manual-clock.ts';
import { type CoinDropped, coin, jar } from './jar-aggregate.ts';
import { numberedIds } from './numbered-ids.ts';
import { type About, received } from './received.ts';
import { ScriptedEventStore } from './scripted-event-store.ts';

type CoinReturned = Fact<'CoinReturned', { readonly amount: number }>;

/** Jars that take a returned coin for one that was dropped. */
function scene() {
  const store = new ScriptedEventStore();
  const ports = { store, clock: new ManualClock(), ids: numberedIds(), functionTimeoutMs: 30_000 };
  const dropping = streams(jar, NO_OUTSIDE, ports);
  const returning = taken(dropping, ({ data }: CoinReturned): CoinDropped => coin(data.amount));
  const returned = (id: string, amount: number, about: About = {}) => {
    const fact: CoinReturned = { type: 'CoinReturned', data: { amount } };
    return received(id, fact, about);
  };
  const settle = async (promises: readonly Promise<void>[]) =>
    (await Promise.allSettled(promises)).map((one) => (one.status === 'fulfilled' ? 'done' : String(one.reason)));
  return { store, dropping, returning, returned, settle };
}

test('the decider sees what it is taken for', async () => {
  const { store, returning, returned, settle } = scene();

  expect(await settle(returning.react('1', 'returns', [returned('e1', 5), returned('e2', 7)], false))).toEqual([
    'done',
    'done',
  ]);

  expect(store.told('jar#1')).toEqual(['CoinKept:5 CoinKept:7']);
});

test('it stays the event that it was: id, time, correlation, hops and trace', async () => {
  const { store, returning, returned, settle } = scene();
  const trace = 'a'.repeat(32);
  const traceparent = `00-${trace}-${'b'.repeat(16)}-01`;
  const event = returned('e1', 5, { correlationId: 'flow-7', hops: 4, traceparent });

  await settle(returning.react('1', 'returns', [event], false));

  const [commit] = store.inner.commits('jar#1');
  expect(commit?.correlationId).toBe('flow-7');
  expect(commit?.causes).toEqual([
    { subscription: 'returns', eventId: 'e1', timeMs: Date.parse('2026-01-31T11:59:59.000Z') },
  ]);
  expect(commit?.facts).toMatchObject([{ causationId: 'e1', hops: 5, traceparent: expect.stringContaining(trace) }]);
});

test('a time that its producer did not give is not taken for given', async () => {
  const { store, returning, returned, settle } = scene();

  await settle(returning.react('1', 'returns', [returned('e1', 5, { timeGiven: false })], false));

  expect(store.inner.commits('jar#1')[0]?.causes).toEqual([{ subscription: 'returns', eventId: 'e1' }]);
});

test('each promise is that of the event at its place', async () => {
  const { returning, returned, settle } = scene();

  expect(await settle(returning.react('1', 'returns', [returned('e1', 5), returned('bad', -1)], false))).toEqual([
    'done',
    'RangeError: a coin of -1',
  ]);
});

test('it is known to its own subscription, and new to one that takes it for what it is', async () => {
  const { store, dropping, returning, returned, settle } = scene();

  for (const _ of [1, 2]) await settle(returning.react('1', 'returns', [returned('e1', 5)], false));
  await settle(dropping.react('1', 'coins', [received('e1', coin(5))], false));

  expect(store.told('jar#1')).toEqual(['CoinKept:5', 'CoinKept:5']);
});

test('it may open its stream', async () => {
  const { store, returning, returned, settle } = scene();

  await settle(returning.react('1', 'returns', [returned('e1', 5)], true));

  expect(store.calls).toEqual(['append jar#1 at 1']);
});
