import { expect, test } from 'vitest';
import { coin, seal } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

/*
 *     winner:      load ── append 1 ✓
 *     loser:   load ── decide ── append 1 ✗ ── load ── decide again ── append 2 ✓
 */
test('the loser decides again on what the winner wrote', async () => {
  const jars = new Jars();
  jars.store.nextAppends(jars.rival(received('winner', seal)));

  expect(await jars.instance().react([received('loser', coin(5))])).toEqual(['done']);

  expect(jars.store.told('jar#1')).toEqual(['SealNoted', '-']);
  expect(jars.observed).toEqual(['conflict']);
});

test('the loser of a race for one event finds that it is done', async () => {
  const jars = new Jars();
  const event = received('e1', coin(5));
  jars.store.nextAppends(jars.rival(event));

  expect(await jars.instance().react([event])).toEqual(['done']);

  expect(jars.store.told('jar#1')).toEqual(['CoinKept:5']);
  expect(jars.observed).toEqual(['conflict', 'duplicate']);
});

test('from the second lost race on it waits for a random time', async () => {
  const jars = new Jars();
  const rivals = [1, 2, 3].map((n) => jars.rival(received(`winner-${n}`, coin(n))));
  jars.store.nextAppends(...rivals);

  await jars.instance().react([received('loser', coin(5))]);

  expect(jars.store.told('jar#1')).toEqual(['CoinKept:1', 'CoinKept:2', 'CoinKept:3', 'CoinKept:5']);
  expect(jars.clock.slept).toHaveLength(2);
});

test('ten lost races in a row fail the event, and nothing else is harmed', async () => {
  const jars = new Jars();
  jars.store.nextAppends(...Array.from({ length: 10 }, (_, n) => jars.rival(received(`winner-${n}`, coin(n + 1)))));
  const event = received('loser', coin(50));

  expect(await jars.instance().react([event])).toEqual([
    'UnsettledConflict: jar#1: lost the race for the next version 10 times in a row',
  ]);
  expect(jars.store.told('jar#1')).not.toContain('CoinKept:50');

  expect(await jars.instance().react([event])).toEqual(['done']);
  expect(jars.store.told('jar#1').at(-1)).toBe('CoinKept:50');
});
