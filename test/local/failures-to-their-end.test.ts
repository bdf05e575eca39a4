import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../functions/backbone/clock.ts';
import type { Consumer } from '../../functions/backbone/consumer.ts';
import { consumerFunction } from '../../functions/backbone/consumer-function.ts';
import type { DeadLetterAttributes } from '../../functions/backbone/dead-letter.ts';
import { PermanentFailure, Throttled, Transient } from '../../functions/backbone/failure.ts';
import { subscription } from '../../functions/backbone/subscription.ts';
import { waitFor } from '../../localstack/shop/wait.ts';
import { OrderShipped } from '../../schemas/generated/facts.ts';
import { eventBridgeMessage, shippedOrder } from '../unit/backbone/eventbridge-message.ts';
import { silentFunction } from '../unit/backbone/silent-function.ts';
import { FedQueue, type FedQueueProps, type FoundDeadLetter } from './fed-queue.ts';

silentFunction();

const RETRY = { baseSeconds: 1, capSeconds: 1, attempts: 3 };
const time = new Date().toISOString();

const order = (orderId: string, metadata = {}) =>
  eventBridgeMessage(
    { metadata: { id: `e-${orderId}`, time, ...metadata }, data: { ...shippedOrder, orderId } },
    { time },
  );

const opened: FedQueue[] = [];
afterEach(async () => {
  for (const queue of opened.splice(0)) await queue.close();
});

/** A consumer on a queue of its own that fails orders as told, attempt by attempt, and notes what it attempts. */
async function scene(failures: Readonly<Record<string, readonly (() => Error)[]>>, props: Partial<FedQueueProps> = {}) {
  const queue = await FedQueue.create({ maxReceiveCount: RETRY.attempts + 10, ...props });
  opened.push(queue);
  const attempts: string[] = [];
  const script = new Map(Object.entries(failures).map(([orderId, errors]) => [orderId, [...errors]]));
  const consumer: Consumer<{ readonly OrderShipped: typeof OrderShipped }> = {
    subscription: subscription('watcher', { OrderShipped }),
    handle: (events) =>
      events.map(({ data: { orderId } }) => {
        attempts.push(orderId);
        const failure = script.get(orderId)?.shift();
        return failure === undefined ? Promise.resolve() : Promise.reject(failure());
      }),
  };
  const handler = consumerFunction(consumer, { clock: systemClock, queue: queue.port, retry: RETRY });
  return { queue, attempts, handler };
}

const times = (count: number, failure: () => Error) => Array.from({ length: count }, () => failure);
const trouble = () => new Transient('later');
const mistake = () => new TypeError('undefined is not a function');
const storm = () => new Throttled('slower');
const closed = () => new PermanentFailure('closed for ever');

/** What a consumer wrote beside a dead letter. */
function written({ isMovedBySqs, attributes }: FoundDeadLetter): DeadLetterAttributes {
  expect(isMovedBySqs).toBe(false);
  return attributes;
}

describe('an event that is hopeless', () => {
  test.each([
    ['no JSON', '{"detail-type":', 'malformed', {}],
    ['no event', '{"orderId":"order-c1"}', 'not_an_event', {}],
    [
      'an unknown fact',
      eventBridgeMessage(shippedOrder, { 'detail-type': 'OrderLost' }),
      'unknown_fact',
      { eventId: 'bus-1' },
    ],
    ['invalid', eventBridgeMessage({ orderId: 'o1' }), 'invalid', { eventId: 'bus-1' }],
    ['of an unknown version', order('o1', { schemaVersion: 9 }), 'unknown_version', { eventId: 'e-o1' }],
    [
      'a loop',
      order('o1', { hops: 32, correlationId: 'flow' }),
      'too_many_hops',
      { eventId: 'e-o1', correlationId: 'flow' },
    ],
  ])('because it is %s is in the dead-letter queue, untouched, without an attempt', async (_, body, reason, who) => {
    const { queue, attempts, handler } = await scene({});
    await queue.send(body);
    queue.feed(handler);

    const letter = await queue.deadLetter();

    expect(letter.body).toBe(body);
    expect(written(letter)).toMatchObject({
      reason,
      consumer: 'watcher',
      attempts: '1',
      errorName: 'UnreadableEvent',
      ...who,
    });
    expect(attempts).toEqual([]);
    expect(await waitFor('the queue to be empty', async () => (await queue.isEmpty()) || undefined)).toBe(true);
  });

  test('because its handler says so is there after one attempt', async () => {
    const { queue, attempts, handler } = await scene({ o1: times(9, closed) });
    await queue.send(order('o1'));
    queue.feed(handler);

    expect(written(await queue.deadLetter())).toMatchObject({
      reason: 'permanent_failure',
      errorName: 'PermanentFailure',
      errorMessage: 'closed for ever',
      stack: expect.stringContaining('at '),
      eventId: 'e-o1',
    });
    expect(attempts).toEqual(['o1']);
  });
});

describe('an event that fails', () => {
  test.each([
    ['transient_failure', trouble],
    ['unexpected_failure', mistake],
  ])('is in the dead-letter queue when its attempts are used up: %s', async (reason, failure) => {
    const { queue, attempts, handler } = await scene({ o1: times(9, failure) });
    await queue.send(order('o1'));
    queue.feed(handler);

    const { attempts: told, firstFailure = '', lastFailure = '', ...rest } = written(await queue.deadLetter());

    expect(rest).toMatchObject({ reason, eventId: 'e-o1' });
    expect({ attempts, told }).toEqual({ attempts: ['o1', 'o1', 'o1'], told: '3' });
    expect(Date.parse(lastFailure)).toBeGreaterThanOrEqual(Date.parse(firstFailure));
  });

  test('and then does not is handled', async () => {
    const { queue, attempts, handler } = await scene({ o1: times(2, trouble) });
    await queue.send(order('o1'));
    queue.feed(handler);

    await waitFor('the third attempt', async () => (attempts.length === 3 && (await queue.isEmpty())) || undefined);
    expect(await queue.isDeadLetterQueueEmpty()).toBe(true);
  });

  test('and is throttled in between has all its attempts', async () => {
    const script = [...times(2, trouble), ...times(3, storm)];
    const { queue, attempts, handler } = await scene({ o1: script });
    await queue.send(order('o1'));
    queue.feed(handler);

    await waitFor('the sixth delivery', async () => (attempts.length === 6 && (await queue.isEmpty())) || undefined);
    expect(await queue.isDeadLetterQueueEmpty()).toBe(true);
  });

  test('until a time that is known comes again then, and not before', async () => {
    const untilMs = Date.now() + 3_000;
    const { queue, attempts, handler } = await scene({ o1: [() => new Transient('at three', { retryAtMs: untilMs })] });
    await queue.send(order('o1'));
    queue.feed(handler);

    await waitFor('the second delivery', async () => attempts.length === 2 || undefined);
    expect(Date.now()).toBeGreaterThanOrEqual(untilMs - 250);
  });
});

test('an event that crashes the function is in the dead-letter queue by SQS, which can be told', async () => {
  const { queue } = await scene({}, { visibilitySeconds: 0, maxReceiveCount: 3 });
  await queue.send(order('o1'));
  let deaths = 0;
  queue.feed(() => {
    deaths += 1;
    return Promise.resolve(undefined);
  });

  const letter = await queue.deadLetter();

  expect(letter.body).toBe(order('o1'));
  expect(letter).toMatchObject({ isMovedBySqs: true, attributes: {} });
  expect(deaths).toBe(3);
});

test('in a FIFO queue a failure holds up its own group, in order, and what is hopeless holds up nobody', async () => {
  const { queue, attempts, handler } = await scene({ b1: times(2, trouble), c1: [closed] }, { fifo: true });
  for (const one of ['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'b3']) await queue.send(order(one), one[0]);
  const startMs = performance.now();
  queue.feed(handler);

  expect(written(await queue.deadLetter())).toMatchObject({ reason: 'permanent_failure', eventId: 'e-c1' });
  await waitFor('the queue to be empty', async () => (await queue.isEmpty()) || undefined);

  const of = (group: string) => attempts.filter((one) => one.startsWith(group));
  expect({ a: of('a'), b: of('b'), c: of('c') }).toEqual({
    a: ['a1', 'a2'],
    b: ['b1', 'b1', 'b1', 'b2', 'b3'],
    c: ['c1', 'c2'],
  });
  expect(attempts.indexOf('a2')).toBeLessThan(attempts.lastIndexOf('b1'));
  // Those behind were not hidden for the visibility timeout.
  expect(performance.now() - startMs).toBeLessThan(30_000);
});
