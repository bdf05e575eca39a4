import { expect, test } from 'vitest';
import { coin, jarWithSnapshots } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

const at = (minute: number) => `2026-01-31T11:${String(minute).padStart(2, '0')}:00.000Z`;

/** Six coins, minute by minute; the snapshot at 6 remembers the causes of 5 and 6 only. */
async function sixCoins() {
  const jars = new Jars(jarWithSnapshots({ every: 3, rememberCauses: 2 }));
  for (const n of [1, 2, 3, 4, 5, 6]) await jars.filledWith(received(`e${n}`, coin(n), { time: at(n) }));
  return jars;
}

test.each([1, 2, 3, 4])("the cause at version %i is found in the older part by the event's own time", async (n) => {
  const jars = await sixCoins();

  expect(await jars.instance().react([received(`e${n}`, coin(n), { time: at(n) })])).toEqual(['done']);

  expect(jars.store.calls).toEqual(['load jar#1', 'causes of jar#1 up to 4']);
  expect(jars.store.told('jar#1')).toHaveLength(6);
});

test('a remembered cause is known without reading the older part', async () => {
  const jars = await sixCoins();

  await jars.instance().react([received('e5', coin(5), { time: at(5) })]);

  expect(jars.store.calls).toEqual(['load jar#1']);
});

test('an event that is younger than all that is forgotten is none of it', async () => {
  const jars = await sixCoins();

  await jars.instance().react([received('young', coin(7), { time: '2026-01-31T11:04:00.001Z' })]);

  expect(jars.store.calls).toEqual(['load jar#1', 'append jar#1 at 7']);
});

test('an event as old as what is forgotten may be some of it', async () => {
  const jars = await sixCoins();

  await jars.instance().react([received('late', coin(7), { time: at(4) })]);

  expect(jars.store.calls).toEqual(['load jar#1', 'causes of jar#1 up to 4', 'append jar#1 at 7']);
});

test('a time that the producer did not give proves nothing', async () => {
  const jars = await sixCoins();

  await jars.instance().react([received('e1', coin(1), { time: at(50), timeGiven: false })]);

  expect(jars.store.calls).toEqual(['load jar#1', 'causes of jar#1 up to 4']);
  expect(jars.store.told('jar#1')).toHaveLength(6);
});

test('the highest time of all forgotten causes counts, however they arrived', async () => {
  const jars = new Jars(jarWithSnapshots({ every: 3, rememberCauses: 2 }));
  for (const [n, minute] of [2, 30, 3, 4, 5, 6, 7, 8, 9].entries()) {
    await jars.filledWith(received(`e${n}`, coin(n), { time: at(minute) }));
  }

  await jars.instance().react([received('e1', coin(1), { time: at(30) })]);

  expect(jars.store.told('jar#1')).toHaveLength(9);
});

test('a warm function forgets and finds what a cold one does', async () => {
  const jars = new Jars(jarWithSnapshots({ every: 3, rememberCauses: 2 }));
  const warm = jars.instance();
  for (const n of [1, 2, 3, 4, 5, 6]) await warm.react([received(`e${n}`, coin(n), { time: at(n) })]);
  jars.store.calls.length = 0;

  await warm.react([received('e1', coin(1), { time: at(1) })]);

  expect(jars.store.calls).toEqual(['causes of jar#1 up to 4']);
  expect(jars.store.told('jar#1')).toHaveLength(6);
});
