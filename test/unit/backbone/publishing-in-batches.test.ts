import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventBridgePublisher } from '../../../functions/backbone/eventbridge-publisher.ts';
import { ManualClock } from '../../manual-clock.ts';
import { publication } from './publication.ts';
import { ScriptedBus } from './scripted-bus.ts';

function publisher() {
  const bus = new ScriptedBus();
  const clock = new ManualClock();
  return { bus, clock, publisher: new EventBridgePublisher(bus.client, { bus: 'factbus', clock }) };
}

const many = (count: number, data?: unknown) => Array.from({ length: count }, (_, n) => publication(`f${n}`, data));

test('an entry carries the fact as its envelope says', async () => {
  const { bus, publisher: to } = publisher();
  const fact = publication('f1', { amount: 5 });

  expect(await to.publish([fact], 0)).toEqual([{ kind: 'published' }]);

  expect(bus.calls).toEqual([
    {
      Entries: [
        {
          EventBusName: 'factbus',
          Source: 'toy.jars',
          DetailType: 'CoinKept',
          Time: new Date('2026-01-31T12:00:00.000Z'),
          Detail: JSON.stringify({ metadata: fact.metadata, data: { amount: 5 } }),
        },
      ],
    },
  ]);
});

test('ten go in one call', async () => {
  const { bus, publisher: to } = publisher();

  await to.publish(many(23), 0);

  expect(bus.ids.map(({ length }) => length)).toEqual([10, 10, 3]);
});

test('nothing to publish is no call', async () => {
  const { bus, publisher: to } = publisher();

  expect(await to.publish([], 0)).toEqual([]);
  expect(bus.calls).toEqual([]);
});

test('no call is larger than the bus takes, and every fact goes once, in order', async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 200 * 1024 }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(sizes, async (sizes) => {
      const { bus, publisher: to } = publisher();
      const facts = sizes.map((size, n) => publication(`f${n}`, 'x'.repeat(size)));
      await to.publish(facts, 0);
      const bytes = bus.calls.map(({ Entries = [] }) =>
        Entries.reduce((sum, { Detail = '' }) => sum + 14 + 'toy.jars'.length + 'CoinKept'.length + Detail.length, 0),
      );
      expect(Math.max(...bytes)).toBeLessThanOrEqual(256 * 1024);
      expect(bus.ids.flat()).toEqual(facts.map(({ metadata }) => metadata.id));
    }),
    { numRuns: 20 },
  );
});

test('an entry that is larger than a whole call is refused, and the others go', async () => {
  const { bus, publisher: to } = publisher();
  const facts = [publication('a'), publication('large', 'é'.repeat(131_072)), publication('b')];

  const answers = await to.publish(facts, 0);

  expect(answers.map(({ kind }) => kind)).toEqual(['published', 'refused', 'published']);
  expect(answers[1]).toMatchObject({
    code: 'EntryTooLarge',
    message: expect.stringMatching(/^CoinKept large has 262\d+ bytes/),
  });
  expect(bus.ids).toEqual([['a', 'b']]);
});
