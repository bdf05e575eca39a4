import { expect, test } from 'vitest';
import { coin, seal } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

/*
 *     winner:            load ── append 1 with the cause e2 ✓
 *     loser:   load ── decide e1 e2 e3 ── append 1 ✗ ── load: e2 is known ── decide e1 e3 ── append 2 ✓
 */
test('only the causes that are known now are dropped, and the rest is decided again', async () => {
  const jars = new Jars();
  jars.store.nextAppends(jars.rival(received('e2', coin(2))));

  const answers = await jars.instance().react([1, 2, 3].map((n) => received(`e${n}`, coin(n))));

  expect(answers).toEqual(['done', 'done', 'done']);
  expect(jars.store.causes('jar#1')).toEqual([['e2'], ['e1', 'e3']]);
  expect(jars.store.told('jar#1')).toEqual(['CoinKept:2', 'CoinKept:1 CoinKept:3']);
});

test('the rest is decided on what the winner wrote', async () => {
  const jars = new Jars();
  jars.store.nextAppends(jars.rival(received('winner', seal)));

  await jars.instance().react([received('e1', coin(1)), received('e2', coin(2))]);

  expect(jars.store.told('jar#1')).toEqual(['SealNoted', '-']);
  expect(jars.store.causes('jar#1')).toEqual([['winner'], ['e1', 'e2']]);
});

test('a batch whose events the winner has all handled writes nothing', async () => {
  const jars = new Jars();
  const batch = [received('e1', coin(1)), received('e2', coin(2))];
  jars.store.nextAppends(jars.rival(...batch));

  expect(await jars.instance().react(batch)).toEqual(['done', 'done']);

  expect(jars.store.told('jar#1')).toEqual(['CoinKept:1 CoinKept:2']);
});
