import { expect, test } from 'vitest';
import type { Consumer } from '../../../functions/backbone/consumer.ts';
import { Throttled, Transient } from '../../../functions/backbone/failure.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { OrderShipped } from '../../../schemas/generated/facts.ts';
import { ManualClock } from '../../manual-clock.ts';
import { ConsumedQueue } from './consumed-queue.ts';
import { eventBridgeMessage, shippedOrder } from './eventbridge-message.ts';
import { silentFunction } from './silent-function.ts';

const { measured } = silentFunction();

const order = (orderId: string) =>
  eventBridgeMessage({ metadata: { id: `e-${orderId}` }, data: { ...shippedOrder, orderId } });

/** A consumer that fails as told, attempt by attempt, and then handles. */
function watcher(...failures: readonly Error[]) {
  const handled: string[] = [];
  const script = [...failures];
  const consumer: Consumer<{ readonly OrderShipped: typeof OrderShipped }> = {
    subscription: subscription('watcher', { OrderShipped }),
    handle: (events) =>
      events.map(({ data }) => {
        const failure = script.shift();
        if (failure !== undefined) return Promise.reject(failure);
        handled.push(data.orderId);
        return Promise.resolve();
      }),
  };
  return { consumer, handled };
}

const storm = (times: number) => Array.from({ length: times }, () => new Throttled('slower'));
const troubles = (times: number) => Array.from({ length: times }, () => new Transient('later'));

const kinds = [
  { of: 'a standard queue', group: undefined },
  { of: 'a FIFO queue', group: 'order#o1' },
];

test.each(kinds)('in $of it dead-letters nothing, however long', async ({ group }) => {
  // A FIFO queue's own limit on receipts is what ends it there.
  const storms = group === undefined ? 300 : 25;
  const { consumer, handled } = watcher(...storm(storms));
  const consumed = new ConsumedQueue(consumer, {
    clock: new ManualClock(),
    maxReceives: group === undefined ? 15 : 30,
  });
  consumed.send(order('o1'), group);

  await consumed.drain();

  expect(handled).toEqual(['o1']);
  expect(consumed.queue.deadLetters).toEqual([]);
  expect(measured).toMatchObject({ EventsPutOff: storms, EventsHandled: 1 });
});

test.each(kinds)('in $of it leaves an event all its attempts', async ({ group }) => {
  const { consumer, handled } = watcher(...troubles(2), ...storm(10), ...troubles(2));
  const consumed = new ConsumedQueue(consumer, { clock: new ManualClock(), maxReceives: 30 });
  consumed.send(order('o1'), group);

  await consumed.drain();

  expect(handled).toEqual(['o1']);
});

test.each(kinds)('in $of an event that used them up is put aside, and tells since when it fails', async ({ group }) => {
  const { consumer } = watcher(...troubles(2), ...storm(10), ...troubles(3));
  const consumed = new ConsumedQueue(consumer, { clock: new ManualClock(), maxReceives: 30 });
  consumed.send(order('o1'), group);
  const firstFailure = new Date(consumed.clock.now()).toISOString();

  await consumed.drain();

  expect(consumed.queue.deadLetters).toMatchObject([
    { body: order('o1'), attributes: { reason: 'transient_failure', attempts: '5', firstFailure, eventId: 'e-o1' } },
  ]);
});

test('the copy of an event that was dead-lettered once begins anew', async () => {
  const { consumer, handled } = watcher(...troubles(5), ...troubles(4));
  const consumed = new ConsumedQueue(consumer, { clock: new ManualClock() });
  consumed.send(order('o1'));
  await consumed.drain();
  const [letter] = consumed.queue.deadLetters;

  // As `StartMessageMoveTask` does it.
  consumed.queue.send(letter ?? { body: '', attributes: {} });
  await consumed.drain();

  expect(handled).toEqual(['o1']);
});

test('attributes that make no sense count for nothing', async () => {
  const { consumer, handled } = watcher(...troubles(4));
  const consumed = new ConsumedQueue(consumer, { clock: new ManualClock() });
  const attributes = { attemptsBefore: '-3', waits: 'many', failingSince: 'long ago' };
  consumed.queue.send({ body: order('o1'), attributes });

  await consumed.drain();

  expect(handled).toEqual(['o1']);
});
