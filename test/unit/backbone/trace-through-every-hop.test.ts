import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEnvelope } from '../../../functions/backbone/envelope.ts';
import { publicationsOf } from '../../../functions/backbone/relay.ts';
import { traceparentAfter, traceparentOf } from '../../../functions/backbone/trace-context.ts';
import { followedTraceparent } from './arbitrary-metadata.ts';
import { eventBridgeMessage } from './eventbridge-message.ts';
import { coin } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

const followed = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

test('where no trace comes in, one is begun by the correlation id: all who receive the event see the same', () => {
  // The beginnings of `printf 'trace\0cart' | sha256sum` and of `printf 'span\0e1' | sha256sum`.
  const begun = '00-a1cc5b5a913ee0f28641ac5a72cd79b4-13afdb8ee38346da-01';

  expect(traceparentOf({ id: 'e1', correlationId: 'cart' })).toBe(begun);
  expect(traceparentOf({ id: 'e2', correlationId: 'cart' }).slice(0, 35)).toBe(begun.slice(0, 35));
});

test('a trace that came in is followed as it is', () => {
  fc.assert(
    fc.property(followedTraceparent, (traceparent) => {
      expect(traceparentOf({ id: 'e1', correlationId: 'c', traceparent })).toBe(traceparent);
    }),
  );
});

test.each([
  ['no trace id', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`],
  ['no parent id', `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`],
  ['a version that cannot be', `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`],
  ['upper case', `00-${'A'.repeat(32)}-${'b'.repeat(16)}-01`],
  ['nothing of the kind', 'none'],
])('a trace with %s is not followed, and another is begun', (_, traceparent) => {
  const event = { id: 'e1', correlationId: 'cart', traceparent };

  expect(traceparentOf(event)).toBe(traceparentOf({ id: 'e1', correlationId: 'cart' }));
  expect(traceparentAfter(event, 'f1')).toBe(traceparentAfter({ id: 'e1', correlationId: 'cart' }, 'f1'));
});

test('the trace stays over any number of hops, and each fact is a span of its own', () => {
  fc.assert(
    fc.property(followedTraceparent, fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 32 }), (first, ids) => {
      const chain = [first];
      for (const id of ids) {
        const traceparent = chain.at(-1) ?? '';
        chain.push(traceparentAfter({ id: 'cause', correlationId: 'c', traceparent }, id));
      }
      const parts = chain.map((traceparent) => traceparent.split('-'));
      expect(new Set(parts.map(([, traceId]) => traceId)).size).toBe(1);
      expect(new Set(parts.map(([, , spanId]) => spanId)).size).toBe(ids.length + 1);
    }),
  );
});

test('the same fact, made again, is the same span', () => {
  const cause = { id: 'e1', correlationId: 'c', traceparent: followed };

  expect(traceparentAfter(cause, 'f1')).toBe(traceparentAfter(cause, 'f1'));
});

test('of the flags, those are handed on that version 00 knows', () => {
  const cause = { id: 'e1', correlationId: 'c', traceparent: `cc-${'a'.repeat(32)}-${'b'.repeat(16)}-fe` };

  expect(traceparentAfter(cause, 'f1')).toMatch(/^00-a{32}-[0-9a-f]{16}-02$/);
});

test('what was committed keeps its trace, however often and from wherever it comes again', async () => {
  const jars = new Jars();
  await jars.instance().react([received('e1', coin(1), { traceparent: followed })]);
  const [commit] = jars.store.inner.commits('jar#1');
  if (commit === undefined) throw new Error('nothing was committed');

  const [first, second] = [1, 2].map(() => publicationsOf(commit, 'toy.jars')[0]?.metadata.traceparent);
  expect(first).toMatch(/^00-a{32}-(?!b{16})[0-9a-f]{16}-01$/);
  expect(second).toBe(first);

  const [publication] = publicationsOf(commit, 'toy.jars');
  const replayed = { 'detail-type': 'CoinKept', source: 'toy.jars', 'replay-name': 'again-1', id: 'another-bus-id' };
  expect(parseEnvelope(eventBridgeMessage(publication, replayed)).delivery.metadata.traceparent).toBe(first);
});
