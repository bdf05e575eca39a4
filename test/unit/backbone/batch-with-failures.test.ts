import { expect, test } from 'vitest';
import type { Consumer } from '../../../functions/backbone/consumer.ts';
import { consumerFunction } from '../../../functions/backbone/consumer-function.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { OrderShipped } from '../../../schemas/generated/facts.ts';
import { ManualClock } from '../../manual-clock.ts';
import { eventBridgeMessage, shippedOrder } from './eventbridge-message.ts';
import { invocation } from './invocation.ts';
import { silentFunction } from './silent-function.ts';
import { fifoEvent, sqsEvent } from './sqs-event.ts';

const { lines, measured } = silentFunction();

/** Handles orders, but for those that are called `bad`. */
function scene() {
  const batches: string[][] = [];
  const consumer: Consumer<{ readonly OrderShipped: typeof OrderShipped }> = {
    subscription: subscription('watcher', { OrderShipped }),
    handle: (events) => {
      batches.push(events.map(({ data }) => data.orderId));
      return events.map(({ data }) =>
        data.orderId === 'bad' ? Promise.reject(new RangeError('no')) : Promise.resolve(),
      );
    },
  };
  return { batches, handler: consumerFunction(consumer, { clock: new ManualClock() }) };
}

const order = (orderId: string) =>
  eventBridgeMessage({ metadata: { id: `e-${orderId}`, correlationId: 'flow' }, data: { ...shippedOrder, orderId } });

test('only those that failed come again', async () => {
  const { batches, handler } = scene();

  const answer = await handler(sqsEvent(order('o1'), order('bad'), order('o3')), invocation());

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
  expect(batches).toEqual([['o1', 'bad', 'o3']]);
  expect(measured).toEqual({ EventsHandled: 2, EventsFailed: 1 });
});

test('what cannot be read does not hold up the others', async () => {
  const { batches, handler } = scene();

  const answer = await handler(sqsEvent('{', order('o2'), eventBridgeMessage({}), order('o4')), invocation());

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm3' }] });
  expect(batches).toEqual([['o2', 'o4']]);
});

test('when all fail, all come again, and nothing is thrown', async () => {
  const { handler } = scene();

  const answer = await handler(sqsEvent('{', order('bad')), invocation());

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }] });
});

test('one batch after the other is answered for itself', async () => {
  const { handler } = scene();
  await handler(sqsEvent(order('bad')), invocation());

  expect(await handler(sqsEvent(order('o1')), invocation())).toEqual({ batchItemFailures: [] });
});

test('a consumer that gives no answer for an event has failed it', async () => {
  const consumer: Consumer<{ readonly OrderShipped: typeof OrderShipped }> = {
    subscription: subscription('watcher', { OrderShipped }),
    handle: () => [Promise.resolve()],
  };
  const handler = consumerFunction(consumer, { clock: new ManualClock() });

  const answer = await handler(sqsEvent(order('o1'), order('o2')), invocation());

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
});

test('in a FIFO queue a failure holds up what follows in its own group, and no other group', async () => {
  const { batches, handler } = scene();

  const answer = await handler(
    fifoEvent(
      ['a', order('a1')],
      ['b', order('bad')],
      ['a', order('a2')],
      ['b', order('b2')],
      ['c', '{'],
      ['c', order('c2')],
    ),
    invocation(),
  );

  expect(answer).toEqual({
    batchItemFailures: ['m2', 'm4', 'm5', 'm6'].map((itemIdentifier) => ({ itemIdentifier })),
  });
  expect(batches.flat()).toEqual(['a1', 'bad', 'a2']);
});

test('in a FIFO queue too, when all fail, nothing is thrown', async () => {
  const { handler } = scene();

  const answer = await handler(fifoEvent(['a', order('bad')], ['a', order('a2')]), invocation());

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }] });
});

test('each event has a line of its own, which tells the flow that it belongs to', async () => {
  const { handler } = scene();

  await handler(sqsEvent(order('o1'), order('bad')), invocation());

  const about = { consumer: 'watcher', attempt: 3, type: 'OrderShipped', correlation_id: 'flow' };
  expect(lines).toEqual([
    ['info', 'handled', expect.objectContaining({ ...about, messageId: 'm1', eventId: 'e-o1' })],
    [
      'error',
      'failed',
      expect.objectContaining({ ...about, messageId: 'm2', eventId: 'e-bad', error: new RangeError('no') }),
    ],
  ]);
});

test('an unreadable message has a line that tells why', async () => {
  const { handler } = scene();

  await handler(sqsEvent('{'), invocation());

  expect(lines).toEqual([
    [
      'error',
      'unreadable',
      { consumer: 'watcher', messageId: 'm1', attempt: 3, error: expect.objectContaining({ reason: 'malformed' }) },
    ],
  ]);
});
