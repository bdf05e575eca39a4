import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atRandom, type Choices, inOrder, recorded } from '../../simulation/choices.ts';
import { byChance, type Faults, NO_FAULTS, planned } from '../../simulation/faults.ts';
import type { World, WorldOptions } from '../../simulation/world.ts';
import { postOfficeWith, type Stamp } from './post-office.ts';
import { type Bank, bankWith } from './savings-bank.ts';

const DROPS = [
  ['1', 7],
  ['2', 8],
  ['1', 9],
  ['2', 0],
  ['3', 5],
] as const;

async function ran(options: WorldOptions): Promise<World<Bank>> {
  const world = bankWith(DROPS, { stepMs: 1, ...options, shards: 2 });
  await world.run();
  return world;
}

const anySeed = fc.integer();

test('one seed, one run: to the last line of the timeline', async () => {
  await fc.assert(
    fc.asyncProperty(anySeed, async (seed) => {
      const run = () => ran({ seed, choices: atRandom(seed), faults: byChance(seed, 0.1), skewMs: 500 });
      const [one, other] = [await run(), await run()];
      expect(other.timeline()).toBe(one.timeline());
      expect(other.picks).toEqual(one.picks);
      expect(other.calls).toEqual(one.calls);
      expect(other.events).toEqual(one.events);
    }),
    { numRuns: 30 },
  );
});

test('what was chosen and what went wrong is enough to repeat a run', async () => {
  await fc.assert(
    fc.asyncProperty(anySeed, async (seed) => {
      const one = await ran({ choices: atRandom(seed), faults: byChance(seed, 0.1) });
      const other = await ran({ choices: recorded(one.picks), faults: planned(one.plan) });
      expect(other.timeline()).toBe(one.timeline());
    }),
    { numRuns: 30 },
  );
});

test('other seeds, other runs', async () => {
  const runs = new Set<string>();
  for (let seed = 1; seed <= 10; seed += 1) runs.add((await ran({ choices: atRandom(seed) })).timeline());

  expect(runs.size).toBe(10);
});

test('two worlds that run at the same time do not meet', async () => {
  const apart = [await ran({ seed: 1 }), await ran({ seed: 2 })].map((world) => world.timeline());
  const together = await Promise.all([ran({ seed: 1 }), ran({ seed: 2 })]);

  expect(together.map((world) => world.timeline())).toEqual(apart);
});

test('up to its first fault a run is the one without it', async () => {
  const plain = await ran({});
  for (const { n, faults } of plain.calls.filter((_, at) => at % 5 === 0)) {
    const [fault] = faults;
    if (fault === undefined) continue;
    const faulty = await ran({ faults: planned({ [n]: fault }) });
    expect(faulty.calls.slice(0, n - 1)).toEqual(plain.calls.slice(0, n - 1));
    expect(faulty.calls[n - 1]).toEqual({ ...plain.calls[n - 1], fault });
  }
});

test('picks of another run are no error: the last that there is stands for what is not', async () => {
  const world = await ran({ choices: recorded(Array.from({ length: 200 }, () => 99)) });

  expect(world.picks.length).toBeGreaterThan(0);
  expect(world.choicePoints.slice(0, 200).every(({ count, picked }) => picked === count - 1)).toBe(true);
});

test('choices that are none end the run', async () => {
  const wrong: Choices = { pick: (count) => count };

  await expect(ran({ choices: wrong })).rejects.toThrow(/^the choices picked (\d+) of \1 at a choice of/);
});

test('all schedules can be gone through, one after another', async () => {
  const schedules = new Set<string>();
  const orders = new Set<string>();
  let prefix: readonly number[] | undefined = [];
  while (prefix !== undefined) {
    const world: World<{ readonly stamps: readonly Stamp[] }> = postOfficeWith(
      ['p1', 'p2'],
      { batchSize: 1 },
      { choices: recorded(prefix), warm: false },
    );
    await world.run();
    schedules.add(world.picks.join(' '));
    orders.add(world.parts.stamps.map(({ parcel }) => parcel).join(' '));
    prefix = nextDepthFirst(world);
  }

  // Each parcel is sent, delivered and stamped: two chains of three steps interleave in 6 over 3 ways.
  expect(schedules.size).toBe(20);
  expect(orders).toEqual(new Set(['p1 p2', 'p2 p1']));
});

/** The last choice that has another possibility takes it, and all behind it are open again. */
function nextDepthFirst(world: World<unknown>): readonly number[] | undefined {
  const last = world.choicePoints.findLastIndex(({ count, picked }) => picked + 1 < count);
  if (last < 0) return undefined;
  return [...world.picks.slice(0, last), (world.picks[last] ?? 0) + 1];
}

test('the plain course has no faults and no surprises', async () => {
  const options: { readonly choices: Choices; readonly faults: Faults } = { choices: inOrder, faults: NO_FAULTS };

  expect((await ran(options)).timeline()).toBe((await ran({})).timeline());
});
