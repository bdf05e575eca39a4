import { expect, test } from 'vitest';
import { SNAPSHOTS } from '../../../functions/backbone/aggregate.ts';
import { coin, jarWithSnapshots, seal } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

test('every third commit carries the folded state, and the causes of the last two', async () => {
  const jars = new Jars(jarWithSnapshots({ every: 3, rememberCauses: 2 }));
  for (const n of [1, 2, 3, 4]) await jars.instance().react([received(`e${n}`, coin(n))]);

  const snapshots = jars.store.inner.commits('jar#1').map(({ snapshot }) => snapshot);

  const timeMs = Date.parse('2026-01-31T11:59:59.000Z');
  expect(snapshots).toEqual([
    undefined,
    undefined,
    {
      stateVersion: 1,
      state: { coins: [1, 2, 3], sealed: false, broken: false },
      sequence: 3,
      causes: [
        { subscription: 'coins', eventId: 'e2', timeMs, version: 2 },
        { subscription: 'coins', eventId: 'e3', timeMs, version: 3 },
      ],
      forgotten: { version: 1, timeMs },
    },
    undefined,
  ]);
});

test('as long as no commit is older than what it remembers, a snapshot carries every cause and has forgotten nothing', async () => {
  const jars = new Jars(jarWithSnapshots({ every: 3, rememberCauses: 3 }));
  for (const n of [1, 2, 3]) await jars.instance().react([received(`e${n}`, coin(n))]);

  const timeMs = Date.parse('2026-01-31T11:59:59.000Z');
  expect(jars.store.inner.commits('jar#1')[2]?.snapshot).toStrictEqual({
    stateVersion: 1,
    state: { coins: [1, 2, 3], sealed: false, broken: false },
    sequence: 3,
    causes: [1, 2, 3].map((version) => ({ subscription: 'coins', eventId: `e${version}`, timeMs, version })),
  });
});

test('a load brings three commits at most, and they tell the same as all of them', async () => {
  const jars = new Jars(jarWithSnapshots({ every: 3, rememberCauses: 50 }));
  const loaded: number[] = [];
  for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
    await jars.instance().react([received(`e${n}`, coin(n))]);
    loaded.push(jars.store.lastLoaded);
  }

  expect(loaded).toEqual([0, 1, 2, 1, 2, 3, 1, 2, 3, 1]);
  await jars.instance().react([received('s', seal), received('e1', coin(1))]);
  expect(jars.store.told('jar#1')).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `CoinKept:${n}`),
    'SealNoted',
  ]);
  expect(jars.store.inner.commits('jar#1')[8]?.snapshot?.state).toEqual({
    coins: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    sealed: false,
    broken: false,
  });
});

test.each([1, 2])(
  'a snapshot of another version of the state is not used, with one every %i commits',
  async (every) => {
    const before = new Jars(jarWithSnapshots({ every, stateVersion: 1 }));
    for (const n of [1, 2, 3]) await before.instance().react([received(`e${n}`, coin(n))]);
    const after = new Jars(jarWithSnapshots({ every, stateVersion: 2 }));
    for (const { snapshot, ...commit } of before.store.inner.commits('jar#1')) {
      const old = snapshot && { snapshot: { ...snapshot, state: 'of another shape' } };
      await after.store.inner.append({ ...commit, ...old });
    }

    await after.instance().react([received('e4', coin(4)), received('e1', coin(1))]);

    expect(after.store.lastLoaded).toBe(3);
    expect(after.store.told('jar#1').at(-1)).toBe('CoinKept:4');
    expect(after.store.inner.commits('jar#1').at(-1)?.snapshot).toMatchObject({
      stateVersion: 2,
      state: { coins: [1, 2, 3, 4] },
      sequence: 4,
    });
  },
);

test('by default a load brings 20 commits at most, and a snapshot the causes of the last 40', async () => {
  const jars = new Jars(jarWithSnapshots(SNAPSHOTS));
  const loaded: number[] = [];
  for (let n = 1; n <= 60; n += 1) {
    await jars.instance().react([received(`e${n}`, coin(n))]);
    loaded.push(jars.store.lastLoaded);
  }

  const snapshot = jars.store.inner.commits('jar#1')[59]?.snapshot;
  expect(Math.max(...loaded)).toBe(20);
  expect(snapshot?.causes.map(({ version }) => version)).toEqual(Array.from({ length: 40 }, (_, n) => n + 21));
  expect(snapshot?.stateVersion).toBe(1);
});

test("the correlation stays that of the stream's first event beyond snapshots", async () => {
  const jars = new Jars(jarWithSnapshots({ every: 2 }));
  for (const n of [1, 2, 3, 4, 5]) await jars.instance().react([received(`e${n}`, coin(n))]);

  expect(jars.store.inner.commits('jar#1').map(({ correlationId }) => correlationId)).toEqual(
    Array(5).fill('flow-of-e1'),
  );
});
