import { expect, test } from 'vitest';
import { PermanentFailure } from '../../../functions/backbone/failure.ts';
import { atRandom } from '../../simulation/choices.ts';
import { onCall } from '../../simulation/faults.ts';
import { World, type WorldOptions } from '../../simulation/world.ts';
import { ParcelHandedIn, type PostOfficeProps, postOffice, told, type Work } from './post-office.ts';

const BY_SUBJECT = { fifo: { groupBy: '$.detail.metadata.subject' } };

/** Parcels of streets: `a1`, `a2` and so on are those of street a. */
function streets(parcels: readonly string[], props: PostOfficeProps = {}, options: WorldOptions = {}) {
  const world = new World(postOffice({ ...BY_SUBJECT, ...props }), { stepMs: 0, ...options });
  for (const parcel of parcels) world.send(ParcelHandedIn, { parcel }, { metadata: { subject: parcel.slice(0, 1) } });
  return world;
}

test('what is held up holds up its group and no other', async () => {
  const faults = onCall('ink.stamp', 'dies-before');
  const world = streets(['a1', 'a2', 'b1', 'b2'], { batchSize: 1 }, { faults });

  await world.run();

  expect(told(world)).toEqual(['b1 by desk-2 at 0', 'b2 by desk-2 at 0', 'a1 by desk-2 at 60', 'a2 by desk-2 at 60']);
});

test('a group is never in two environments at a time', async () => {
  const world = streets(['a1', 'a2', 'a3'], { batchSize: 1 });

  await world.run();

  expect(told(world)).toEqual(['a1 by desk-1 at 0', 'a2 by desk-1 at 0', 'a3 by desk-1 at 0']);
});

test('each group is handled in the order in which it came to the queue, whatever else is chosen', async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const world = streets(['a1', 'b1', 'a2', 'c1', 'b2', 'a3'], { batchSize: 3 }, { choices: atRandom(seed) });

    await world.run();

    const came = world.events.map(({ detail }) => (detail as { data: { parcel: string } }).data.parcel);
    const stamped = world.parts.stamps.map(({ parcel }) => parcel);
    for (const street of ['a', 'b', 'c']) {
      const of = (parcels: readonly string[]) => parcels.filter((parcel) => parcel.startsWith(street));
      expect(of(stamped)).toEqual(of(came));
    }
  }
});

test('the same content within five minutes is left out', async () => {
  const world = streets(['a1'], {}, { faults: onCall('bus.deliver', 'twice') });

  await world.run();

  expect(told(world)).toEqual(['a1 by desk-1 at 0']);
});

test('what is redriven within five minutes is not left out', async () => {
  let isOpen = false;
  const start = (): Work => (parcel, stamp) =>
    isOpen ? stamp(parcel) : Promise.reject(new PermanentFailure('the desk is closed'));
  const world = streets(['a1'], { start });
  await world.run();
  expect(world.queue('desk').deadLetters).toMatchObject([{ by: 'consumer', group: 'a' }]);

  isOpen = true;
  await world.heal();

  expect(told(world)).toEqual(['a1 by desk-1 at 0']);
});

test('an event without the value that groups it cannot be delivered', async () => {
  const world = new World(postOffice(BY_SUBJECT));
  world.send(ParcelHandedIn, { parcel: 'p1' });

  await world.run();

  expect(told(world)).toEqual([]);
  expect(world.undelivered).toMatchObject([{ queue: 'desk', event: { 'detail-type': 'ParcelHandedIn' } }]);
});
