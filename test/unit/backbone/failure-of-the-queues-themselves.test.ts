import { expect, test } from 'vitest';
import type { Consumer } from '../../../functions/backbone/consumer.ts';
import { PermanentFailure, Throttled, Transient } from '../../../functions/backbone/failure.ts';
import type { SourceQueue } from '../../../functions/backbone/source-queue.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { OrderShipped } from '../../../schemas/generated/facts.ts';
import { ManualClock } from '../../manual-clock.ts';
import { ConsumedQueue } from './consumed-queue.ts';
import { eventBridgeMessage, shippedOrder } from './eventbridge-message.ts';
import { silentFunction } from './silent-function.ts';

const { lines } = silentFunction();

const body = eventBridgeMessage({ data: shippedOrder });
const broken = () => Promise.reject(new Error('the queue is not there'));

function watcher(failure: () => Error | undefined): Consumer<{ readonly OrderShipped: typeof OrderShipped }> {
  return {
    subscription: subscription('watcher', { OrderShipped }),
    handle: (events) =>
      events.map(() => {
        const error = failure();
        return error === undefined ? Promise.resolve() : Promise.reject(error);
      }),
  };
}

/** A queue of which one operation fails for so many times. */
function failing(operation: keyof SourceQueue, times: number) {
  let left = times;
  return (queue: SourceQueue): SourceQueue => ({
    retryIn: (...args) => queue.retryIn(...args),
    sendAgain: (...args) => queue.sendAgain(...args),
    quarantine: (...args) => queue.quarantine(...args),
    acknowledge: (...args) => queue.acknowledge(...args),
    [operation]: (...args: never[]) => {
      left -= 1;
      return left < 0 ? Reflect.apply(queue[operation], queue, args) : broken();
    },
  });
}

test('a message that cannot be put aside stays, and is put aside when it comes again', async () => {
  const consumed = new ConsumedQueue(
    watcher(() => new PermanentFailure('no')),
    { clock: new ManualClock(), port: failing('quarantine', 2) },
  );
  consumed.send(body);

  expect(await consumed.deliver()).toEqual([body]);
  await consumed.drain();

  expect(consumed.queue.deadLetters).toMatchObject([
    { body, attributes: { reason: 'permanent_failure', attempts: '3' } },
  ]);
});

test('a message that can never be put aside is put aside by SQS', async () => {
  const consumed = new ConsumedQueue(
    watcher(() => new PermanentFailure('no')),
    { clock: new ManualClock(), port: failing('quarantine', Number.POSITIVE_INFINITY) },
  );
  consumed.send(body);

  await consumed.drain();

  expect(consumed.queue.deadLetters).toEqual([{ body, attributes: {} }]);
});

test('a message whose backoff cannot be set comes again after the visibility timeout', async () => {
  let failures = 1;
  const consumed = new ConsumedQueue(
    watcher(() => {
      failures -= 1;
      return failures < 0 ? undefined : new Transient('later');
    }),
    { clock: new ManualClock(), port: failing('retryIn', 1) },
  );
  consumed.send(body);

  expect(await consumed.deliver()).toEqual([body]);
  expect(consumed.queue.nextVisibleMs).toBe(consumed.clock.now() + 60_000);
  await consumed.drain();

  expect(consumed.queue.deadLetters).toEqual([]);
  expect(lines.map(([, message]) => message)).toContain('stays in its queue: nothing could be done about its failure');
});

test('a throttled message that cannot be sent again stays', async () => {
  let failures = 1;
  const consumed = new ConsumedQueue(
    watcher(() => {
      failures -= 1;
      return failures < 0 ? undefined : new Throttled('slower');
    }),
    { clock: new ManualClock(), port: failing('sendAgain', 1) },
  );
  consumed.send(body);

  expect(await consumed.deliver()).toEqual([body]);
  await consumed.drain();

  expect(consumed.queue.deadLetters).toEqual([]);
});
