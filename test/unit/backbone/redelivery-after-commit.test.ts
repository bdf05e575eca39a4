import { expect, test } from 'vitest';
import { coin } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

/*
 *     load ── decide ── append ✓ ╳ the answer is lost, so the event comes again ── load: its cause is there
 */
test('an append that took effect without an answer is found by the redelivery', async () => {
  const jars = new Jars();
  jars.store.nextAppends('takes effect, and its answer is lost');
  const event = received('e1', coin(5));

  expect(await jars.instance().react([event])).toEqual(['StoreFailure: written, but nobody was told']);
  expect(await jars.instance().react([event])).toEqual(['done']);

  expect(jars.store.told('jar#1')).toEqual(['CoinKept:5']);
  expect(jars.observed).toEqual(['duplicate']);
});

test('the instance that lost the answer finds it too', async () => {
  const jars = new Jars();
  const instance = jars.instance();
  await instance.react([received('e0', coin(1))]);
  jars.store.nextAppends('takes effect, and its answer is lost');
  const event = received('e1', coin(5));

  await instance.react([event]);
  expect(await instance.react([event])).toEqual(['done']);

  expect(jars.store.told('jar#1')).toEqual(['CoinKept:1', 'CoinKept:5']);
});

test('an append that failed before it took effect is made by the redelivery', async () => {
  const jars = new Jars();
  jars.store.nextAppends('fails before it takes effect');
  const event = received('e1', coin(5));

  expect(await jars.instance().react([event])).toEqual(['StoreFailure: not written']);
  expect(await jars.instance().react([event])).toEqual(['done']);

  expect(jars.store.told('jar#1')).toEqual(['CoinKept:5']);
});
