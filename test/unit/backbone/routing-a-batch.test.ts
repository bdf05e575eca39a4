import { expect, test } from 'vitest';
import type { Received } from '../../../functions/backbone/envelope.ts';
import type { Fact } from '../../../functions/backbone/fact.ts';
import { reactor } from '../../../functions/backbone/reactor.ts';
import type { Streams } from '../../../functions/backbone/stream-reactor.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { OrderCancelled, OrderPlaced } from '../../../schemas/generated/facts.ts';
import { invocation } from './invocation.ts';
import { received } from './received.ts';

/** Notes what it is to react to; fails the events whose ids begin with `bad`. */
class Noted implements Streams<Fact> {
  readonly calls: string[] = [];

  react(id: string, name: string, events: readonly Received<Fact>[], opens: boolean): readonly Promise<void>[] {
    this.calls.push(
      `${id} by ${name}: ${events.map(({ metadata }) => metadata.id).join(' ')}${opens ? ', opens' : ''}`,
    );
    return events.map(({ metadata }) =>
      metadata.id.startsWith('bad') ? Promise.reject(new RangeError(metadata.id)) : Promise.resolve(),
    );
  }
}

const placed = (id: string, orderId: string) =>
  received(id, {
    type: 'OrderPlaced',
    data: {
      orderId,
      cartId: 'c',
      customerId: 'cus',
      currency: 'EUR',
      lines: [],
      total: 0,
      paymentMethod: 'tok_ok',
      shippingAddress: 'addr_ok',
    },
  } as const);
const cancelled = (id: string, orderId: string) =>
  received(id, { type: 'OrderCancelled', data: { orderId, customerId: 'cus', reason: 'requested' } } as const);

function scene() {
  const [openers, closers] = [new Noted(), new Noted()];
  const consumer = reactor(subscription('shelf', { OrderPlaced, OrderCancelled }), {
    OrderPlaced: { to: openers, id: ({ orderId }) => orderId, opens: true },
    OrderCancelled: { to: closers, id: ({ orderId }) => orderId },
  });
  return { openers, closers, consumer };
}

test("the events of one stream go together, in their order, and under the subscription's name", () => {
  const { openers, closers, consumer } = scene();

  void consumer.handle(
    [placed('e1', 'a'), placed('e2', 'b'), cancelled('e3', 'a'), placed('e4', 'a'), cancelled('e5', 'a')],
    invocation(),
  );

  expect(openers.calls).toEqual(['a by shelf: e1 e4, opens', 'b by shelf: e2, opens']);
  expect(closers.calls).toEqual(['a by shelf: e3 e5']);
});

test('a batch of nothing has no answers', () => {
  const { openers, consumer } = scene();

  expect(consumer.handle([], invocation())).toEqual([]);
  expect(openers.calls).toEqual([]);
});

test('each answer is that of the event at its place', async () => {
  const { consumer } = scene();

  const answers = consumer.handle(
    [placed('e1', 'a'), placed('bad2', 'b'), cancelled('bad3', 'a'), placed('e4', 'a'), cancelled('e5', 'a')],
    invocation(),
  );

  const settled = await Promise.allSettled(answers);
  expect(settled.map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.message))).toEqual([
    'done',
    'bad2',
    'bad3',
    'done',
    'done',
  ]);
});

test('an event whose stream cannot be told fails alone', async () => {
  const openers = new Noted();
  const consumer = reactor(subscription('shelf', { OrderPlaced }), {
    OrderPlaced: {
      to: openers,
      id: ({ orderId }) => {
        if (orderId === 'odd') throw new RangeError('no stream for odd');
        return orderId;
      },
    },
  });

  const answers = consumer.handle([placed('e1', 'a'), placed('e2', 'odd'), placed('e3', 'a')], invocation());

  const settled = await Promise.allSettled(answers);
  expect(settled.map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.message))).toEqual([
    'done',
    'no stream for odd',
    'done',
  ]);
  expect(openers.calls).toEqual(['a by shelf: e1 e3']);
});

test('the first event of a stream tells whether the stream is taken to be new', () => {
  const { openers } = scene();
  const both = reactor(subscription('shelf', { OrderPlaced, OrderCancelled }), {
    OrderPlaced: { to: openers, id: ({ orderId }) => orderId, opens: true },
    OrderCancelled: { to: openers, id: ({ orderId }) => orderId },
  });

  void both.handle([cancelled('e1', 'a'), placed('e2', 'a')], invocation());

  expect(openers.calls).toEqual(['a by shelf: e1 e2']);
});
