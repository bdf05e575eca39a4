import { expect, test } from 'vitest';
import { effect } from '../../../functions/backbone/effect.ts';
import type { Fact, FactType, Validator } from '../../../functions/backbone/fact.ts';
import type { IdempotencyTable } from '../../../functions/backbone/in-memory-idempotency-records.ts';
import { InMemoryPublisher } from '../../../functions/backbone/in-memory-publisher.ts';
import { InMemoryStandInMemory } from '../../../functions/backbone/in-memory-stand-in-memory.ts';
import { type StandInRecord, standIn } from '../../../functions/backbone/stand-in.ts';
import { type Fault, onCall, PlanDoesNotFit, planned } from '../../simulation/faults.ts';
import { type PortSpec, READ, WRITE } from '../../simulation/port.ts';
import { type Site, World, type WorldOptions } from '../../simulation/world.ts';
import { publication } from '../backbone/publication.ts';
import { desk, type Parcel, ParcelHandedIn, postOffice, postOfficeWith } from './post-office.ts';

/** What the bus answered for publications, and what it took. */
async function publishing(ids: readonly string[], fault: Fault) {
  const bus = new InMemoryPublisher();
  const answers: string[] = [];
  const start: Parameters<typeof postOffice>[0] = {
    start: (on) => async () => {
      const given = await on.publisher(bus).publish(
        ids.map((id) => publication(id)),
        0,
      );
      answers.push(...given.map((answer) => (answer.kind === 'failed' ? answer.code : answer.kind)));
    },
  };
  await postOfficeWith(['p1'], start, { faults: onCall('bus.publish', fault) }).run();
  return { answers, taken: bus.published.map(({ metadata }) => metadata.id) };
}

test('the bus takes every second entry', async () => {
  expect(await publishing(['f1', 'f2', 'f3'], 'partial')).toEqual({
    answers: ['published', 'ThrottlingException', 'published'],
    taken: ['f1', 'f3'],
  });
});

test('of a single entry there is no second', async () => {
  await expect(publishing(['f1'], 'partial')).rejects.toThrow(PlanDoesNotFit);
});

test('the bus says entry by entry that it is throttled', async () => {
  expect(await publishing(['f1', 'f2'], 'throttled')).toEqual({
    answers: ['ThrottlingException', 'ThrottlingException'],
    taken: [],
  });
});

interface Ride {
  readonly key: string;
}
type Ridden = Fact<'Ridden', null>;

/** A courier who forgets after an hour whom he has driven. */
function courierOffice(site: Site) {
  const memory = new InMemoryStandInMemory<StandInRecord<Ride, Ridden>>({ clock: site.clock, afterMs: 3_600_000 });
  const courier = {
    ...standIn(memory, {
      name: 'the courier',
      reference: () => undefined,
      flaky: 'flaky',
      down: 'down',
      outcome: (): Ridden => ({ type: 'Ridden', data: null }),
      notFound: (): Ridden => ({ type: 'Ridden', data: null }),
    }),
    keysKeptMs: 3_600_000,
  };
  const office = postOffice({
    start: (on) => {
      const outside = on.outside('courier', courier);
      return async (parcel) => void (await outside.perform({ key: `${parcel}/${outside.keysKeptMs}` }));
    },
  })(site);
  return { ...office, memory };
}

test('a call whose message comes again too late happens anew', async () => {
  const world = new World(courierOffice, { faults: onCall('courier.perform', 'expired') });
  world.send(ParcelHandedIn, { parcel: 'p1' });

  await world.run();

  expect(world.parts.memory.ledger.map(({ key }) => key)).toEqual(['p1/3600000', 'p1/3600000']);
});

test('a call whose message comes again in time does not', async () => {
  const world = new World(courierOffice, { faults: onCall('courier.perform', 'dies-after') });
  world.send(ParcelHandedIn, { parcel: 'p1' });

  await world.run();

  expect(world.parts.memory.ledger.map(({ key }) => key)).toEqual(['p1/3600000']);
});

interface Shelf {
  readonly slots: readonly string[];
  look(slot: string): Promise<boolean>;
  put(slot: string): Promise<void>;
}

const SHELF: PortSpec<Shelf> = {
  look: {
    about: (slot) => slot,
    faults: [...READ, 'stale'],
    answers: { stale: () => Promise.resolve(false) },
  },
  put: { about: (slot) => slot, faults: WRITE, throttledAs: 'TooManyRequestsException' },
};

class WoodenShelf implements Shelf {
  readonly #full = new Set<string>(['s1']);

  get slots() {
    return ['s1', 's2'];
  }

  look(slot: string) {
    return Promise.resolve(this.#full.has(slot));
  }

  put(slot: string) {
    if (this.#full.has(slot)) throw new RangeError(`${slot} is full`);
    this.#full.add(slot);
    return Promise.resolve();
  }
}

/** What somebody sees at a shelf. */
async function atShelf(see: (shelf: Shelf) => Promise<unknown>, options: WorldOptions = {}): Promise<unknown> {
  const seen: unknown[] = [];
  const shelf = new WoodenShelf();
  const start: Parameters<typeof postOffice>[0] = {
    start: (on) => async () => void seen.push(await see(on.port<Shelf>('shelf', shelf, SHELF)).catch(String)),
  };
  await postOfficeWith(['p1'], start, options).run();
  return seen[0];
}

test('a port of one’s own has its methods and all else', async () => {
  expect(await atShelf(async (shelf) => [shelf.slots, await shelf.look('s1'), await shelf.look('s2')])).toEqual([
    ['s1', 's2'],
    true,
    false,
  ]);
});

test('a stale read shows what was there before', async () => {
  expect(await atShelf((shelf) => shelf.look('s1'), { faults: onCall('shelf.look', 'stale') })).toBe(false);
});

test('what a method throws is its answer, thrown at once or not', async () => {
  expect(await atShelf((shelf) => shelf.put('s1'))).toBe('RangeError: s1 is full');
});

test('a service is throttled under the name that it has for it', async () => {
  const faults = onCall('shelf.put', 'throttled');

  expect(await atShelf((shelf) => shelf.put('s2'), { faults })).toMatch(/^TooManyRequestsException: shelf.put of s2/);
});

test('a fault that a call cannot have ends the run, and says what it can have', async () => {
  const run = atShelf((shelf) => shelf.look('s1'), { faults: planned({ 3: 'error-after' }) });

  await expect(run).rejects.toThrow(
    "call 3 is shelf.look of s1 by desk-1, which knows no 'error-after': error-before, dies-before, throttled, stale",
  );
});

const ParcelGreeted: FactType<'ParcelGreeted', Parcel> = {
  type: 'ParcelGreeted',
  source: 'toy.desk',
  schemaVersion: 1,
  accepts: ((_data): _data is Parcel => true) as Validator<Parcel>,
};

/** An effect that greets parcels, as often as it has to. */
function greeters({ consumer, publisher }: Site) {
  const greeted: string[] = [];
  const records: IdempotencyTable = new Map();
  consumer({
    subscription: desk,
    start: (on) => {
      const act = {
        once: ({ parcel }: Parcel) => parcel,
        act: ({ data }: { readonly data: Parcel }) => {
          greeted.push(data.parcel);
          return Promise.resolve(data);
        },
      };
      const ports = { publisher: on.publisher(publisher), records: on.idempotencyRecords(records), clock: on.clock };
      return effect(desk, { ParcelHandedIn: act }, { ...ports, publishes: ParcelGreeted });
    },
  });
  return { greeted };
}

test.each<{ readonly what: string; readonly fault: Fault; readonly times: number }>([
  { what: 'records.put', fault: 'dies-after', times: 1 },
  { what: 'records.put', fault: 'competitor', times: 1 },
  { what: 'records.complete', fault: 'dies-before', times: 2 },
  { what: 'records.complete', fault: 'dies-after', times: 1 },
  { what: 'bus.publish', fault: 'error-after', times: 1 },
])('an effect with $what, $fault, acts $times times and tells one fact', async ({ what, fault, times }) => {
  const world = new World(greeters, { faults: onCall(what, fault) });
  world.send(ParcelHandedIn, { parcel: 'p1' });

  await world.run();

  expect(world.plan).not.toEqual({});
  expect(world.parts.greeted).toHaveLength(times);
  expect(world.published(ParcelGreeted)).toMatchObject([{ data: { parcel: 'p1' } }]);
});
