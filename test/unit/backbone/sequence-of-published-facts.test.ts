import { expect, test } from 'vitest';
import { coin, coinFromPurse, jarWithSnapshots, seal } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

test('it counts the published facts alone, without gaps, over commits, snapshots and starts cold and warm', async () => {
  const jars = new Jars(jarWithSnapshots({ every: 4 }));
  const [empty, full] = [received('empty', coinFromPurse(1)), (n: number) => received(`e${n}`, coin(n))];

  await jars.instance().react([full(1), full(2)]);
  await jars.instance().react([full(0)]);
  await jars.instance().react([full(3)]);
  await jars.instance().react([empty]);
  const warm = jars.instance();
  await warm.react([full(4)]);
  await warm.react([full(5), received('seal', seal)]);

  const facts = jars.store.inner.commits('jar#1').map(({ facts }) => {
    return facts.map(({ type, published }) => `${type} ${published?.sequence ?? '-'}`);
  });
  expect(facts).toEqual([
    ['CoinKept 1', 'CoinKept 2'],
    [],
    ['CoinKept 3'],
    ['PurseFoundEmpty -'],
    ['CoinKept 4'],
    ['CoinKept 5', 'SealNoted -'],
  ]);
});

test('each says who publishes it, and by which version of its schema it was written', async () => {
  const jars = new Jars();

  await jars.instance().react([received('e1', coin(1))]);

  expect(jars.store.inner.commits('jar#1')[0]?.facts[0]?.published).toEqual({
    source: 'toy.jars',
    sequence: 1,
    schemaVersion: 3,
  });
});

test('versions are counted without gaps too', async () => {
  const jars = new Jars();

  for (const n of [1, 2, 3]) await jars.instance().react([received(`e${n}`, coin(n))]);

  expect(jars.store.inner.commits('jar#1').map(({ version }) => version)).toEqual([1, 2, 3]);
});
