import { expect, test } from 'vitest';
import type { Consumer } from '../../../functions/backbone/consumer.ts';
import { consumerFunction } from '../../../functions/backbone/consumer-function.ts';
import { PermanentFailure, Transient } from '../../../functions/backbone/failure.ts';
import { InMemorySourceQueue } from '../../../functions/backbone/in-memory-source-queue.ts';
import type { SourceQueue } from '../../../functions/backbone/source-queue.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { OrderShipped } from '../../../schemas/generated/facts.ts';
import { ManualClock } from '../../manual-clock.ts';
import { eventBridgeMessage, shippedOrder } from './eventbridge-message.ts';
import { invocation } from './invocation.ts';
import { silentFunction } from './silent-function.ts';
import { sqsEvent } from './sqs-event.ts';

const { lines, measured } = silentFunction();

/** What handling an order comes to, by its id; it goes well with any other. */
const FAILURES: Readonly<Record<string, Error>> = {
  bad: new RangeError('no'),
  busy: new Transient('later'),
  closed: new PermanentFailure('closed for ever'),
};

/** Notes what it is asked. */
class NotedQueue implements SourceQueue {
  readonly asked: string[] = [];
  readonly inner = new InMemorySourceQueue({ clock: new ManualClock() });

  retryIn(receiptHandle: string, seconds: number): Promise<void> {
    this.asked.push(`${receiptHandle} in ${seconds} s`);
    return Promise.resolve();
  }

  sendAgain(): Promise<void> {
    return Promise.reject(new Error('nothing here is throttled'));
  }

  async quarantine(letter: Parameters<SourceQueue['quarantine']>[0]): Promise<void> {
    await this.inner.quarantine(letter);
  }

  acknowledge(receiptHandle: string): Promise<void> {
    this.asked.push(`${receiptHandle} acknowledged`);
    return Promise.resolve();
  }
}

type Watched = { readonly OrderShipped: typeof OrderShipped };

function scene(handle?: Consumer<Watched>['handle']) {
  const batches: string[][] = [];
  const consumer: Consumer<Watched> = {
    subscription: subscription('watcher', { OrderShipped }),
    handle:
      handle ??
      ((events) => {
        batches.push(events.map(({ data }) => data.orderId));
        return events.map(({ data: { orderId } }) => {
          const failure = FAILURES[orderId];
          return failure === undefined ? Promise.resolve() : Promise.reject(failure);
        });
      }),
  };
  const queue = new NotedQueue();
  const retry = { baseSeconds: 2, capSeconds: 60, attempts: 5 };
  return { batches, queue, handler: consumerFunction(consumer, { clock: new ManualClock(), queue, retry }) };
}

const order = (orderId: string) =>
  eventBridgeMessage({ metadata: { id: `e-${orderId}`, correlationId: 'flow' }, data: { ...shippedOrder, orderId } });

test('only those that failed come again, after a backoff on their attempts', async () => {
  const { batches, queue, handler } = scene();

  const answer = await handler(sqsEvent(order('o1'), order('bad'), order('o3'), order('busy')), invocation());

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm4' }] });
  expect(batches).toEqual([['o1', 'bad', 'o3', 'busy']]);
  // Both were received for the third time, and the chance is one half.
  expect(queue.asked).toEqual(['receipt-m2 in 4 s', 'receipt-m4 in 4 s']);
  expect(measured).toMatchObject({ EventsHandled: 2, EventsRetried: 2 });
});

test('what cannot be read is put aside at once with the reason, and does not hold up the others', async () => {
  const { batches, queue, handler } = scene();
  const unreadable = eventBridgeMessage({});

  const answer = await handler(sqsEvent('{', order('o2'), unreadable, order('o4')), invocation());

  expect(answer).toEqual({ batchItemFailures: [] });
  expect(batches).toEqual([['o2', 'o4']]);
  expect(queue.inner.deadLetters).toMatchObject([
    { body: '{', attributes: { reason: 'malformed', consumer: 'watcher', errorName: 'UnreadableEvent' } },
    { body: unreadable, attributes: { reason: 'invalid', eventId: 'bus-1', correlationId: 'bus-1' } },
  ]);
  expect(measured).toMatchObject({ EventsHandled: 2 });
});

test('what a handler knows to be hopeless is put aside at once', async () => {
  const { queue, handler } = scene();

  const answer = await handler(sqsEvent(order('closed'), order('o2')), invocation());

  expect(answer).toEqual({ batchItemFailures: [] });
  expect(queue.inner.deadLetters).toMatchObject([
    {
      body: order('closed'),
      attributes: {
        reason: 'permanent_failure',
        errorName: 'PermanentFailure',
        errorMessage: 'closed for ever',
        eventId: 'e-closed',
      },
    },
  ]);
  expect(queue.asked).toEqual([]);
});

test('what has broken metadata is put aside under the id that the bus gave it', async () => {
  const { queue, handler } = scene();

  await handler(sqsEvent(eventBridgeMessage({ metadata: { hops: -1 }, data: shippedOrder })), invocation());

  expect(queue.inner.deadLetters).toMatchObject([{ attributes: { reason: 'not_an_event', eventId: 'bus-1' } }]);
});

test('when all fail, all come again, and nothing is thrown', async () => {
  const { handler } = scene();

  const answer = await handler(sqsEvent(order('busy'), order('bad')), invocation());

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }] });
});

test('one batch after the other is answered for itself', async () => {
  const { handler } = scene();
  await handler(sqsEvent(order('bad')), invocation());

  expect(await handler(sqsEvent(order('o1')), invocation())).toEqual({ batchItemFailures: [] });
});

test('a consumer that gives no answer for an event has failed it', async () => {
  const { handler } = scene(() => [Promise.resolve()]);

  const answer = await handler(sqsEvent(order('o1'), order('o2')), invocation());

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
});

test('a consumer that throws instead of answering has failed all, and what cannot be read is put aside all the same', async () => {
  const { queue, handler } = scene(() => {
    throw new RangeError('no');
  });

  const answer = await handler(sqsEvent(order('o1'), '{', order('o3')), invocation());

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm3' }] });
  expect(queue.inner.deadLetters).toHaveLength(1);
});

test('a hopeless event is put aside while its neighbours are still at work', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { queue, handler } = scene((events) =>
    events.map(({ data }) => (data.orderId === 'slow' ? promise : Promise.reject(new PermanentFailure('no')))),
  );

  const answer = handler(sqsEvent(order('slow'), order('hopeless')), invocation());
  await expect.poll(() => queue.inner.deadLetters.length).toBe(1);
  resolve();

  expect(await answer).toEqual({ batchItemFailures: [] });
});

test('each event has a line of its own, which tells the flow that it belongs to', async () => {
  const { handler } = scene();

  await handler(sqsEvent(order('o1'), order('busy'), order('bad'), order('closed')), invocation());

  const about = { consumer: 'watcher', attempt: 3, type: 'OrderShipped', correlation_id: 'flow' };
  const line = (messageId: string, eventId: string, more = {}) =>
    expect.objectContaining({ ...about, messageId, eventId, ...more });
  expect(lines).toEqual([
    ['info', 'handled', line('m1', 'e-o1')],
    ['warn', 'failed, and comes again', line('m2', 'e-busy', { reason: 'transient', inSeconds: 4 })],
    ['error', 'failed, and comes again', line('m3', 'e-bad', { reason: 'unexpected', error: FAILURES.bad })],
    ['error', 'goes to the dead-letter queue', line('m4', 'e-closed', { reason: 'permanent_failure' })],
  ]);
});

test('an unreadable message has a line that tells why', async () => {
  const { handler } = scene();

  await handler(sqsEvent('{'), invocation());

  const about = { consumer: 'watcher', messageId: 'm1', attempt: 3, reason: 'malformed' };
  expect(lines).toEqual([['error', 'goes to the dead-letter queue', expect.objectContaining(about)]]);
});
