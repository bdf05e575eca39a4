import { expect, test } from 'vitest';
import { breakage, coin, seal } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

test('a stream that it wrote is not read again', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', coin(1))]);
  jars.store.calls.length = 0;

  await warm.react([received('e2', coin(2))]);

  expect(jars.store.calls).toEqual(['append jar#1 at 2']);
});

test('a duplicate of what it wrote is known without a call', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', coin(1))]);
  jars.store.calls.length = 0;

  expect(await warm.react([received('e1', coin(1))])).toEqual(['done']);

  expect(jars.store.calls).toEqual([]);
});

/*
 *     warm:   append 1 ✓                  (remembers 1) append 2 ✗ ── load ── append 3 ✓
 *     rival:             load ── append 2 ✓
 */
test('when others wrote since, its write fails and it reads', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', coin(1))]);
  await jars.rival(received('e2', seal))();
  jars.store.calls.length = 0;

  await warm.react([received('e3', coin(3))]);

  expect(jars.store.calls).toEqual(['append jar#1 at 2', 'load jar#1', 'append jar#1 at 3']);
  expect(jars.store.told('jar#1')).toEqual(['CoinKept:1', 'SealNoted', '-']);
});

test('before deciding nothing it reads what it remembers', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', seal)]);
  jars.store.calls.length = 0;

  await warm.react([received('e2', coin(2))]);

  expect(jars.store.calls).toEqual(['load jar#1', 'append jar#1 at 2']);
});

test('before skipping it reads what it remembers', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', breakage)]);
  jars.store.calls.length = 0;

  await warm.react([received('e2', coin(2))]);

  expect(jars.store.calls).toEqual(['load jar#1']);
});

test('before refusing it reads what it remembers: somebody may have changed the answer', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', coin(1))]);
  await jars.rival(received('e2', breakage))();

  expect(await warm.react([received('e3', coin(-1))])).toEqual(['done']);
});
