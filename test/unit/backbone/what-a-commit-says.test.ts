import { expect, test } from 'vitest';
import { traceparentAfter } from '../../../functions/backbone/trace-context.ts';
import { coin } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

test('it tells what happened, when, in which flow and because of what, and leaves out what nobody knows', async () => {
  const jars = new Jars();
  const event = received('e1', coin(5), { timeGiven: false, hops: 2 });

  await jars.instance().react([event]);

  expect(jars.store.inner.commits('jar#1')).toStrictEqual([
    {
      stream: 'jar#1',
      version: 1,
      time: '2026-01-31T12:00:00.000Z',
      correlationId: 'flow-of-e1',
      facts: [
        {
          id: 'id-1',
          type: 'CoinKept',
          data: { amount: 5 },
          causationId: 'e1',
          hops: 3,
          traceparent: traceparentAfter(event.metadata, 'id-1'),
          published: { source: 'toy.jars', sequence: 1, schemaVersion: 3 },
        },
      ],
      causes: [{ subscription: 'coins', eventId: 'e1' }],
    },
  ]);
});
