import { expect, test } from 'vitest';
import { coin } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

test('it is decided once for each subscription, and once only', async () => {
  const jars = new Jars();
  const event = received('e1', coin(5));

  for (const subscription of ['coins', 'coins-delayed', 'coins', 'coins-delayed']) {
    await jars.instance().react([event], { subscription });
  }

  expect(jars.store.told('jar#1')).toEqual(['CoinKept:5', 'CoinKept:5']);
  expect(jars.store.inner.commits('jar#1').map(({ causes }) => causes)).toEqual([
    [{ subscription: 'coins', eventId: 'e1', timeMs: Date.parse('2026-01-31T11:59:59.000Z') }],
    [{ subscription: 'coins-delayed', eventId: 'e1', timeMs: Date.parse('2026-01-31T11:59:59.000Z') }],
  ]);
});

test('a cause has no time when the producer gave none', async () => {
  const jars = new Jars();

  await jars.instance().react([received('e1', coin(5), { timeGiven: false })]);

  expect(jars.store.inner.commits('jar#1')[0]?.causes).toEqual([{ subscription: 'coins', eventId: 'e1' }]);
});
