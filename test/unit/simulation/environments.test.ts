import { expect, test } from 'vitest';
import { recorded } from '../../simulation/choices.ts';
import { type Fault, onCall } from '../../simulation/faults.ts';
import { World } from '../../simulation/world.ts';
import { ParcelHandedIn, postOffice, postOfficeWith, told, type Work } from './post-office.ts';

/** Counts the parcels that it has seen since it started. */
const counting = (seen: string[]) => (): Work => {
  let count = 0;
  return async (parcel, stamp) => {
    count += 1;
    seen.push(`${parcel} is its ${count}.`);
    await stamp(parcel);
  };
};

test('a warm environment keeps its memory', async () => {
  const seen: string[] = [];
  const world = new World(postOffice({ start: counting(seen) }));
  for (const [second, parcel] of ['p1', 'p2'].entries())
    world.send(ParcelHandedIn, { parcel }, { inSeconds: second * 10 });

  await world.run();

  expect(seen).toEqual(['p1 is its 1.', 'p2 is its 2.']);
});

test('one that dies loses it', async () => {
  const seen: string[] = [];
  const world = new World(postOffice({ start: counting(seen) }), { faults: onCall('ink.stamp', 'dies-after', 2) });
  for (const [second, parcel] of ['p1', 'p2'].entries())
    world.send(ParcelHandedIn, { parcel }, { inSeconds: second * 10 });

  await world.run();

  expect(seen).toEqual(['p1 is its 1.', 'p2 is its 2.', 'p2 is its 1.']);
});

test('in a world that is never warm nobody remembers anything', async () => {
  const seen: string[] = [];
  const world = new World(postOffice({ start: counting(seen) }), { warm: false });
  for (const [second, parcel] of ['p1', 'p2'].entries())
    world.send(ParcelHandedIn, { parcel }, { inSeconds: second * 10 });

  await world.run();

  expect(seen).toEqual(['p1 is its 1.', 'p2 is its 1.']);
});

test('one that takes longer than its time is killed, and nothing of it goes on', async () => {
  const after: string[] = [];
  const start = () => async (parcel: string, stamp: (parcel: string) => Promise<void>, on: { name: string }) => {
    await stamp(parcel);
    if (on.name === 'desk-1') await sleepy.sleep(20_000);
    after.push(on.name);
  };
  let sleepy: { sleep(ms: number): Promise<void> };
  const world = postOfficeWith(['p1'], {
    start: (on) => {
      if (on.name === 'desk-1') sleepy = on.clock;
      return start();
    },
  });

  await world.run();

  expect(told(world)).toEqual(['p1 by desk-1 at 0', 'p1 by desk-2 at 60']);
  expect(after).toEqual(['desk-2']);
  expect(world.trace).toContainEqual(expect.objectContaining({ who: 'desk-1', did: 'is killed' }));
});

test('one that waits for something out of this world is killed, too, and is not heard when it comes', async () => {
  const { promise: elsewhere, resolve: comes } = Promise.withResolvers<void>();
  const start = (on: { readonly name: string }): Work => {
    if (on.name === 'desk-1') return () => elsewhere;
    return (parcel, stamp) => {
      if (parcel === 'p2') comes();
      return stamp(parcel);
    };
  };
  const world = postOfficeWith(['p1'], { start });
  world.send(ParcelHandedIn, { parcel: 'p2' }, { inSeconds: 30 });

  await world.run();

  expect(told(world)).toEqual(['p2 by desk-2 at 30', 'p1 by desk-2 at 60']);
});

test('a function sets no timer of the process: nothing but the end of its time ends it', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  const seen: number[] = [];
  const start = (): Work => async (parcel, stamp) => {
    await stamp(parcel);
    seen.push(timers());
  };
  const before = timers();

  await postOfficeWith(['p1'], { start }).run();

  expect(seen).toEqual([before]);
});

test('what an environment left undone waits until it is called again, as on Lambda', async () => {
  const done: string[] = [];
  const start =
    (): Work =>
    async (parcel, stamp, { clock }) => {
      const stamping = stamp(parcel).then(() => done.push(`${parcel} at ${(clock.now() - START_MS) / 1000}`));
      // The first is not awaited: its answer is given before it is done.
      if (parcel !== 'p1') await stamping;
    };
  const world = postOfficeWith([], { start });
  world.send(ParcelHandedIn, { parcel: 'p1' });
  world.send(ParcelHandedIn, { parcel: 'p2' }, { inSeconds: 30 });

  await world.run();

  expect(done).toEqual(['p1 at 30', 'p2 at 30']);
});

const START_MS = Date.parse('2026-01-31T12:00:00.000Z');

test('between two calls of one environment another may do anything', async () => {
  const orders = new Set<string>();
  for (let picks = 0; picks < 64; picks += 1) {
    const digits = [...picks.toString(2).padStart(6, '0')].map(Number);
    const start = (): Work => async (parcel, stamp) => {
      await stamp(`${parcel} first`);
      await stamp(`${parcel} second`);
    };
    const choices = recorded([0, 0, ...digits]);
    const world = postOfficeWith(['a', 'b'], { start, batchSize: 1 }, { choices });
    await world.run();
    orders.add(world.parts.stamps.map(({ parcel }) => parcel).join(', '));
  }

  expect(orders).toContain('a first, b first, a second, b second');
  expect(orders).toContain('a first, a second, b first, b second');
  expect(orders).toContain('b first, a first, b second, a second');
});

test('clocks may be off, each its own way, and no further than allowed', async () => {
  const offMs = new Map<string, number>();
  const start = (on: { readonly name: string; readonly clock: { now(): number } }): Work => {
    return (parcel, stamp) => {
      offMs.set(on.name, on.clock.now() - START_MS);
      return stamp(parcel);
    };
  };
  const world = postOfficeWith(['p1', 'p2', 'p3'], { start, batchSize: 1 }, { skewMs: 2_000 });

  await world.run();

  expect(offMs.size).toBe(3);
  expect(new Set(offMs.values()).size).toBe(3);
  for (const ms of offMs.values()) expect(Math.abs(ms)).toBeLessThanOrEqual(2_000);
});

test('ids are unique, and shaped like UUIDs', async () => {
  const ids: string[] = [];
  const start = (on: { readonly ids: { next(): string } }): Work => {
    return async (parcel, stamp) => {
      ids.push(on.ids.next(), on.ids.next());
      await stamp(parcel);
    };
  };
  const faults = { at: ({ n }: { readonly n: number }): Fault | undefined => (n === 4 ? 'dies-before' : undefined) };

  await postOfficeWith(['p1', 'p2'], { start, batchSize: 1 }, { faults }).run();

  expect(ids.length).toBeGreaterThanOrEqual(4);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});
