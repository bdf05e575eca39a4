import { expect, test } from 'vitest';
import { breakage, coin, jar, seal } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

test('an event that changes nothing is committed without facts', async () => {
  const jars = new Jars();
  await jars.filledWith(received('old', seal));

  expect(await jars.instance().react([received('e1', coin(5))])).toEqual(['done']);

  expect(jars.store.told('jar#1')).toEqual(['SealNoted', '-']);
  expect(jars.store.causes('jar#1')).toEqual([['old'], ['e1']]);
});

test('its duplicate is known when it would matter', async () => {
  const reopened: typeof jar = {
    ...jar,
    decide: (state, input, at) =>
      jar.decide({ ...state, sealed: input.type === 'CoinDropped' && unsealed < 1 }, input, at),
  };
  let unsealed = 0;
  const jars = new Jars(reopened);
  await jars.instance().react([received('e1', coin(5))]);
  unsealed = 1;

  await jars.instance().react([received('e1', coin(5))]);

  expect(jars.store.told('jar#1')).toEqual(['-']);
});

test('what is skipped leaves no trace', async () => {
  const jars = new Jars();
  await jars.filledWith(received('old', breakage));

  expect(await jars.instance().react([received('e1', coin(5))])).toEqual(['done']);

  expect(jars.store.told('jar#1')).toEqual(['BreakNoted']);
  expect(jars.store.calls).toEqual(['load jar#1']);
});
