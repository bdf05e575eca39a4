import { expect, test } from 'vitest';
import { commit, commitIfEnough, notYet } from '../../../functions/backbone/aggregate.ts';
import { breakage, coin, coinFromPurse, type JarFact, jar, seal } from './jar-aggregate.ts';
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
  expect(jars.observed).toEqual(['conflict', 'duplicate']);
});

test('ten lost races in a row fail the event, and the counter is left alone', async () => {
  const jars = new Jars();
  await purseWith(jars, 1);
  jars.store.nextAppends(...Array.from({ length: 10 }, (_, n) => jars.rival(received(`winner-${n}`, coin(n + 1)))));

  expect(await jars.instance().react([received('loser', coinFromPurse(5))])).toEqual([
    'UnsettledConflict: jar#1: lost the race for the next version 10 times in a row',
  ]);

  expect(jars.store.inner.counter('purse')).toEqual({ coins: 1, changes: 1 });
});

/*
 *     winner:                        break the jar at 1 ✓
 *     loser:   load ── take a coin ────────────── at 1 ✗ ── load: nothing can matter any more
 */
test('what cannot matter any more after a lost race is done, and leaves no trace', async () => {
  const jars = new Jars();
  await purseWith(jars, 1);
  jars.store.nextAppends(jars.rival(received('winner', breakage)));

  expect(await jars.instance().react([received('loser', coinFromPurse(5))])).toEqual(['done']);

  expect(jars.store.told('jar#1')).toEqual(['BreakNoted']);
  expect(jars.store.inner.counter('purse')).toEqual({ coins: 1, changes: 1 });
});

test('what comes too early after a lost race fails, and leaves no trace', async () => {
  const jars = new Jars({
    ...jar,
    decide: (state, input, at) => (state.sealed ? notYet('the jar is sealed') : jar.decide(state, input, at)),
  });
  await purseWith(jars, 1);
  jars.store.nextAppends(jars.rival(received('winner', seal)));

  expect(await jars.instance().react([received('loser', coinFromPurse(5))])).toEqual([
    'NotYet: jar#1: CoinTaken comes too early: the jar is sealed',
  ]);

  expect(jars.store.told('jar#1')).toEqual(['SealNoted']);
});

/*
 *     take a coin at 1: too low ── "empty" at 1 ╳ not written         the next event: at 1, for nothing was written yet
 */
test('a warm function does not take for written what the counter refused', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  jars.store.nextAppends('undisturbed', 'fails before it takes effect');
  expect(await warm.react([received('e1', coinFromPurse(5))])).toEqual(['StoreFailure: not written']);
  jars.store.calls.length = 0;

  expect(await warm.react([received('e2', coin(2))])).toEqual(['done']);

  expect(jars.store.calls).toEqual(['load jar#1', 'append jar#1 at 1']);
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
