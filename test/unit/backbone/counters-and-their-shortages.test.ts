import { expect, test } from 'vitest';
import { commit, commitIfEnough } from '../../../functions/backbone/aggregate.ts';
import { coinFromPurse, type JarFact, jar, seal } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

async function purseWith(jars: Jars, coins: number) {
  const commit = { version: 1, time: '2026-01-31T11:00:00.000Z', correlationId: 'c', facts: [], causes: [] };
  await jars.store.inner.append({ stream: 'gift', ...commit }, [{ counter: 'purse', add: { coins } }]);
}

test('the counter changes with the commit', async () => {
  const jars = new Jars();
  await purseWith(jars, 2);

  await jars.instance().react([received('e1', coinFromPurse(5))]);

  expect(jars.store.told('jar#1')).toEqual(['CoinKept:5']);
  expect(jars.store.inner.counter('purse')).toEqual({ coins: 1, changes: 2 });
});

test('the same event takes from the counter once', async () => {
  const jars = new Jars();
  await purseWith(jars, 2);
  jars.store.nextAppends('takes effect, and its answer is lost');

  for (const _ of [1, 2, 3]) await jars.instance().react([received('e1', coinFromPurse(5))]);

  expect(jars.store.inner.counter('purse')).toEqual({ coins: 1, changes: 2 });
});

test('a counter that is too low is left alone, and what follows then is committed with the cause', async () => {
  const jars = new Jars();

  expect(await jars.instance().react([received('e1', coinFromPurse(5))])).toEqual(['done']);

  expect(jars.store.told('jar#1')).toEqual(['PurseFoundEmpty']);
  expect(jars.store.causes('jar#1')).toEqual([['e1']]);
  expect(jars.store.inner.counter('purse')).toEqual({});
});

/*
 *     winner:                                seal the jar at 1 ✓
 *     loser:   load ── take a coin at 1: too low ──── "empty" at 1 ✗ ── load ── decide again from the event: sealed
 */
test('a shortage that lost its race is forgotten', async () => {
  const jars = new Jars();
  jars.store.nextAppends('undisturbed', async () => {
    await purseWith(jars, 1);
    await jars.rival(received('winner', seal))();
  });

  await jars.instance().react([received('loser', coinFromPurse(5))]);

  expect(jars.store.told('jar#1')).toEqual(['SealNoted', '-']);
  expect(jars.store.inner.counter('purse')).toEqual({ coins: 1, changes: 1 });
});

test('a version that is taken comes before a counter that is too low', async () => {
  const jars = new Jars();
  await purseWith(jars, 1);
  const event = received('e1', coinFromPurse(5));
  jars.store.nextAppends(jars.rival(event));

  expect(await jars.instance().react([event])).toEqual(['done']);

  expect(jars.store.told('jar#1')).toEqual(['CoinKept:5']);
});

test('a shortage that nothing was decided for fails the event', async () => {
  const jars = new Jars({
    ...jar,
    decide: () => {
      const { facts, counters } = {
        facts: [],
        counters: [{ counter: 'purse', add: { coins: -1 }, atLeast: { field: 'coins', amount: 1 } }],
      };
      return { kind: 'commit', facts, counters, ifShort: undefined };
    },
  });

  expect(await jars.instance().react([received('e1', seal)])).toEqual([
    'UnexpectedShortage: jar#1: nothing was decided for the case of [{"counter":"purse","field":"coins","needed":1,"found":0}]',
  ]);
});

test('what follows from a shortage must fit its schema too', async () => {
  const jars = new Jars({
    ...jar,
    decide: () =>
      commitIfEnough<JarFact>(
        [],
        [{ counter: 'purse', add: { coins: -1 }, atLeast: { field: 'coins', amount: 1 } }],
        () => [{ type: 'CoinKept', data: { amount: 1_000 } }],
      ),
  });

  expect(await jars.instance().react([received('e1', seal)])).toEqual([
    'UnreadableEvent: CoinKept does not fit its schema in version 3',
  ]);
  expect(jars.store.told('jar#1')).toEqual([]);
});

test('a commit that demands nothing of its counters always gets them', async () => {
  const jars = new Jars({ ...jar, decide: () => commit<JarFact>([], [{ counter: 'purse', add: { coins: -3 } }]) });

  await jars.instance().react([received('e1', seal)]);

  expect(jars.store.inner.counter('purse')).toEqual({ coins: -3, changes: 1 });
});
