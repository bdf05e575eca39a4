import { expect, test } from 'vitest';
import type { Consumer } from '../../../functions/backbone/consumer.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { OrderShipped } from '../../../schemas/generated/facts.ts';
import { ManualClock } from '../../manual-clock.ts';
import { ConsumedQueue } from './consumed-queue.ts';
import { eventBridgeMessage, shippedOrder } from './eventbridge-message.ts';
import { silentFunction } from './silent-function.ts';

silentFunction();

const order = (orderId: string) => eventBridgeMessage({ data: { ...shippedOrder, orderId } });

/** A consumer that never gets done with the order `deadly`, nor with what is in its batch beside it. */
const watcher: Consumer<{ readonly OrderShipped: typeof OrderShipped }> = {
  subscription: subscription('watcher', { OrderShipped }),
  handle: (events) =>
    events.some(({ data }) => data.orderId === 'deadly')
      ? events.map(() => new Promise<void>(() => undefined))
      : events.map(() => Promise.resolve()),
};

/*
 *     batch: 1 2 ☠ 4 5 ── dies, 5 times: all its attempts ── 4 ack · 1 ack · ☠ dies ── 2 ack · ☠ dies ── … ── ☠ to the DLQ
 */
test('those beside an event that crashes the function are handled, and it alone goes to the dead-letter queue', async () => {
  const consumed = new ConsumedQueue(watcher, { clock: new ManualClock() });
  // A chance that varies, or the crash would always come first.
  const chances = [0.1, 0.7, 0.3, 0.9, 0.5, 0.2];
  let turn = 0;
  consumed.clock.random = () => {
    turn += 1;
    return chances[turn % chances.length] ?? 0;
  };
  for (const orderId of ['o1', 'o2', 'deadly', 'o4', 'o5']) consumed.send(order(orderId));

  for (let deaths = 0; deaths < consumed.retry.attempts + 10; deaths += 1) await consumed.deliverAndDie();
  await consumed.deliver();

  expect(consumed.queue.deadLetters).toEqual([{ body: order('deadly'), attributes: {} }]);
  expect(consumed.queue.length).toBe(0);
});

test('what comes in the meantime is handled with the next batch, and before the suspects', async () => {
  const consumed = new ConsumedQueue(watcher, { clock: new ManualClock() });
  consumed.send(order('deadly'));
  for (let deaths = 0; deaths < consumed.retry.attempts; deaths += 1) await consumed.deliverAndDie();
  consumed.send(order('late'));

  await consumed.deliverAndDie();

  expect(consumed.queue.receive().map(({ body }) => body)).toEqual([order('deadly')]);
});

test('a batch in which nothing crashed is acknowledged by its answer alone', async () => {
  const acknowledged: string[] = [];
  const consumed = new ConsumedQueue(watcher, {
    clock: new ManualClock(),
    port: (queue) => ({
      retryIn: (...args) => queue.retryIn(...args),
      sendAgain: (...args) => queue.sendAgain(...args),
      quarantine: (...args) => queue.quarantine(...args),
      acknowledge: (receiptHandle) => Promise.resolve(void acknowledged.push(receiptHandle)),
    }),
  });
  for (const orderId of ['o1', 'o2']) consumed.send(order(orderId));

  expect(await consumed.deliver()).toEqual([]);

  expect(acknowledged).toEqual([]);
});
