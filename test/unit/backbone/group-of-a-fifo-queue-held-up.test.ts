import { expect, test } from 'vitest';
import type { Consumer } from '../../../functions/backbone/consumer.ts';
import { PermanentFailure, Transient } from '../../../functions/backbone/failure.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { OrderShipped } from '../../../schemas/generated/facts.ts';
import { ManualClock } from '../../manual-clock.ts';
import { ConsumedQueue } from './consumed-queue.ts';
import { eventBridgeMessage, shippedOrder } from './eventbridge-message.ts';
import { silentFunction } from './silent-function.ts';

silentFunction();

const order = (orderId: string) => eventBridgeMessage({ data: { ...shippedOrder, orderId } });

/** A consumer that notes what it attempts, and fails an order as often as told. */
function watcher(failures: Readonly<Record<string, readonly Error[]>>) {
  const attempts: string[] = [];
  const left = new Map(Object.entries(failures).map(([orderId, errors]) => [orderId, [...errors]]));
  const consumer: Consumer<{ readonly OrderShipped: typeof OrderShipped }> = {
    subscription: subscription('watcher', { OrderShipped }),
    handle: (events) =>
      events.map(({ data: { orderId } }) => {
        attempts.push(orderId);
        const failure = left.get(orderId)?.shift();
        return failure === undefined ? Promise.resolve() : Promise.reject(failure);
      }),
  };
  return { consumer, attempts };
}

function scene(failures: Readonly<Record<string, readonly Error[]>>) {
  const { consumer, attempts } = watcher(failures);
  const consumed = new ConsumedQueue(consumer, { clock: new ManualClock(), maxReceives: 30 });
  for (const [group, ...orders] of [
    ['a', 'a1', 'a2'],
    ['b', 'b1', 'b2', 'b3'],
    ['c', 'c1'],
  ] as const) {
    for (const one of orders) consumed.send(order(one), group);
  }
  return { consumed, attempts };
}

const troubles = (times: number) => Array.from({ length: times }, () => new Transient('later'));

test('a failure holds up what follows in its own group, and no other group', async () => {
  const { consumed, attempts } = scene({ b1: troubles(1) });

  expect(await consumed.deliver()).toEqual([order('b1'), order('b2'), order('b3')]);

  expect(attempts).toEqual(['a1', 'a2', 'b1', 'c1']);
});

test('the group goes on in its order, as soon as its first comes again', async () => {
  const { consumed, attempts } = scene({ b1: troubles(2) });
  const startMs = consumed.clock.now();

  await consumed.drain();

  expect(attempts).toEqual(['a1', 'a2', 'b1', 'c1', 'b1', 'b1', 'b2', 'b3']);
  // 0.5 and 1 second, in whole seconds: those behind did not hold the group for the visibility timeout.
  expect(consumed.clock.now() - startMs).toBeLessThanOrEqual(3_000);
});

test('those behind come again with the first: SQS delivers nothing of a group of which anything is held', async () => {
  const { consumed } = scene({ b1: troubles(1) });
  await consumed.deliver();

  consumed.clock.advance(1_000);

  expect(consumed.queue.receive().map(({ body }) => body)).toEqual([order('b1'), order('b2'), order('b3')]);
});

test('a hopeless event does not hold up its group: it is put aside, with its group', async () => {
  const { consumed, attempts } = scene({ b1: [new PermanentFailure('no')] });

  expect(await consumed.deliver()).toEqual([]);

  expect(attempts).toEqual(['a1', 'a2', 'b1', 'b2', 'b3', 'c1']);
  expect(consumed.queue.deadLetters).toMatchObject([{ body: order('b1'), group: 'b' }]);
});

test('what cannot be read does not hold up its group either', async () => {
  const { consumed } = scene({});
  consumed.send('{', 'd');
  consumed.send(order('d2'), 'd');

  expect(await consumed.deliver()).toEqual([]);

  expect(consumed.queue.deadLetters).toMatchObject([{ body: '{', group: 'd', attributes: { reason: 'malformed' } }]);
});

test('those behind keep all their attempts, however often they were delivered with the first', async () => {
  const { consumed, attempts } = scene({ b1: troubles(4), b2: troubles(4), b3: troubles(5) });

  await consumed.drain();

  expect(attempts.filter((one) => one === 'b2')).toHaveLength(5);
  expect(consumed.queue.deadLetters).toMatchObject([{ body: order('b3'), attributes: { attempts: '5' } }]);
});

test('when all fail, all stay, and nothing is thrown', async () => {
  const { consumed } = scene({ a1: troubles(1), b1: troubles(1), c1: troubles(1) });

  expect(await consumed.deliver()).toHaveLength(6);
});
