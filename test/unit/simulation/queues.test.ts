import { expect, test } from 'vitest';
import { type Fault, type Faults, onCall } from '../../simulation/faults.ts';
import { World } from '../../simulation/world.ts';
import { ParcelHandedIn, postOffice, postOfficeWith, told } from './post-office.ts';

const ALWAYS_DIES: Faults = { at: ({ port }) => (port === 'ink' ? 'dies-before' : undefined) };

test('what an environment held when it died comes again after the visibility timeout', async () => {
  const world = postOfficeWith(['p1'], { visibilitySeconds: 45 }, { faults: onCall('ink.stamp', 'dies-before') });

  await world.run();

  expect(told(world)).toEqual(['p1 by desk-2 at 45']);
  expect(world.queue('desk').messages).toEqual([]);
});

test('the visibility timeout is six times the function’s own, unless it is given', async () => {
  const world = postOfficeWith(['p1'], { timeoutSeconds: 3 }, { faults: onCall('ink.stamp', 'dies-before') });

  await world.run();

  expect(told(world)).toEqual(['p1 by desk-2 at 18']);
});

test('after its last receive a message is in the dead-letter queue, and comes back when it is redriven', async () => {
  const world = postOfficeWith(['p1'], { maxReceives: 3 }, { faults: ALWAYS_DIES });

  await world.run();

  expect(world.calls.filter(({ port }) => port === 'ink')).toHaveLength(3);
  expect(world.queue('desk').deadLetters).toMatchObject([{ by: 'queue', attributes: {} }]);
  expect(told(world)).toEqual([]);

  await world.heal();

  expect(told(world)).toEqual(['p1 by desk-4 at 180']);
  expect(world.queue('desk').deadLetters).toEqual([]);
});

test('what the consumer cannot read is in the dead-letter queue at once, with its reason', async () => {
  const world = postOfficeWith([]);
  world.sendRaw({ source: 'toy.street', type: 'ParcelHandedIn', detail: { metadata: 1, data: { parcel: 'p1' } } });

  await world.run();

  expect(world.queue('desk').deadLetters).toMatchObject([{ by: 'consumer', attributes: { reason: 'not_an_event' } }]);
});

test('a delayed queue holds back what comes, and not what comes again', async () => {
  const world = postOfficeWith(['p1'], { delaySeconds: 900 }, { faults: onCall('ink.stamp', 'dies-before') });

  await world.run();

  expect(told(world)).toEqual(['p1 by desk-2 at 960']);
});

test('a batch holds at most so many messages, and no more batches than allowed are under way', async () => {
  const world = postOfficeWith(['p1', 'p2', 'p3', 'p4', 'p5'], { batchSize: 2, maxConcurrency: 2 });

  await world.run();

  const called = world.trace.filter(({ did }) => did === 'is called');
  expect(called.map(({ who, about }) => `${who}: ${about.split(' ').length}`)).toEqual([
    'desk-1: 2',
    'desk-2: 2',
    'desk-1: 1',
  ]);
  expect(told(world)).toHaveLength(5);
});

test('of a batch only what failed comes again', async () => {
  const seen: string[] = [];
  const start = () => async (parcel: string, stamp: (parcel: string) => Promise<void>) => {
    seen.push(parcel);
    if (parcel === 'bad' && seen.filter((one) => one === 'bad').length === 1) throw new RangeError('not today');
    await stamp(parcel);
  };
  const world = new World(postOffice({ start }), { stepMs: 0 });
  for (const parcel of ['p1', 'bad', 'p2']) world.send(ParcelHandedIn, { parcel }, { inSeconds: 1 });

  await world.run();

  expect(seen).toEqual(['p1', 'bad', 'p2', 'bad']);
  expect(world.parts.stamps.map(({ parcel }) => parcel)).toEqual(['p1', 'p2', 'bad']);
});

interface OnTheWay {
  readonly what: string;
  readonly fault: Fault;
  readonly stamps: readonly string[];
}

test.each<OnTheWay>([
  { what: 'queue.deliver', fault: 'fails', stamps: ['p1 by desk-1 at 60'] },
  { what: 'queue.deliver', fault: 'twice', stamps: ['p1 by desk-1 at 0', 'p1 by desk-2 at 0'] },
  { what: 'queue.delete', fault: 'lost', stamps: ['p1 by desk-1 at 0', 'p1 by desk-1 at 60'] },
  { what: 'bus.deliver', fault: 'twice', stamps: ['p1 by desk-1 at 0', 'p1 by desk-1 at 0'] },
  { what: 'bus.deliver', fault: 'late', stamps: ['p1 by desk-1 at 300'] },
])('$what, $fault: $stamps', async ({ what, fault, stamps }) => {
  const world = postOfficeWith(['p1'], {}, { faults: onCall(what, fault) });

  await world.run();

  expect(told(world)).toEqual(stamps);
  expect(Object.values(world.plan)).toEqual([fault]);
});
