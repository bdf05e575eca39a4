import { describe, expect, test } from 'vitest';
import { type OrderFact, orderDecider } from '../../../functions/orders/decider.ts';
import { given } from '../../given-when-then.ts';
import { received } from '../backbone/received.ts';
import {
  cartCheckedOut,
  orderCancellationRejected,
  orderCancellationRequested,
  orderCancelled,
  orderConfirmed,
  orderPlaced,
  orderShipped,
  paymentCaptured,
  paymentFailed,
  shipmentFailed,
} from './mug-order.ts';
import { OrdersShelf } from './orders-shelf.ts';

const requestNoted: OrderFact = { type: 'CancellationRequestNoted', data: { orderId: 'order-c1' } };
const tooLate = orderCancellationRejected('too_late');
const alreadyCancelled = orderCancellationRejected('already_cancelled');

test('a placed order is cancelled when its customer asks', () => {
  given(orderDecider, orderPlaced).when(orderCancellationRequested).then(orderCancelled('requested'));
});

test('nobody has to say why', () => {
  given(orderDecider, orderPlaced)
    .when({ type: 'OrderCancellationRequested', data: { orderId: 'order-c1' } })
    .then(orderCancelled('requested'));
});

describe('a request that comes before its cart', () => {
  test('is remembered, once', () => {
    given(orderDecider).when(orderCancellationRequested).then(requestNoted);
    given(orderDecider, requestNoted).when(orderCancellationRequested).thenNothing();
  });

  test('cancels the order in the moment in which it is placed', () => {
    given(orderDecider, requestNoted).when(cartCheckedOut).then(orderPlaced, orderCancelled('requested'));
  });

  test('is one commit with its cart: nobody ever meets the order placed', async () => {
    const shelf = new OrdersShelf();

    await shelf.handle(received('request', orderCancellationRequested));
    await shelf.handle(received('cart', cartCheckedOut));

    expect(shelf.told).toEqual(['CancellationRequestNoted', 'OrderPlaced OrderCancelled']);
  });

  test('answers a second request after the cart', async () => {
    const shelf = new OrdersShelf();
    for (const id of ['click-1', 'click-2']) await shelf.handle(received(id, orderCancellationRequested));
    await shelf.handle(received('cart', cartCheckedOut));

    await shelf.handle(received('click-3', orderCancellationRequested));

    expect(shelf.published).toEqual([
      'OrderPlaced',
      'OrderCancelled:requested',
      'OrderCancellationRejected:already_cancelled',
    ]);
  });
});

describe('a request that comes too late is told so, and nothing changes', () => {
  test.each([
    ['confirmed', [orderPlaced, orderConfirmed]],
    ['shipped', [orderPlaced, orderConfirmed, orderShipped]],
  ] as const)('when the order is %s', (_, facts) => {
    given(orderDecider, ...facts)
      .when(orderCancellationRequested)
      .then(tooLate);
    given(orderDecider, ...facts, tooLate)
      .when(orderCancellationRequested)
      .thenNothing();
  });

  test.each(['requested', 'out_of_stock', 'payment_failed', 'deadline_passed'] as const)(
    'when the order is cancelled already: %s',
    (reason) => {
      given(orderDecider, orderPlaced, orderCancelled(reason)).when(orderCancellationRequested).then(alreadyCancelled);
      given(orderDecider, orderPlaced, orderCancelled(reason), alreadyCancelled)
        .when(orderCancellationRequested)
        .thenNothing();
    },
  );

  test('and the order goes on as if nobody had asked', async () => {
    const shelf = new OrdersShelf();
    await shelf.handle(received('cart', cartCheckedOut));
    await shelf.handle(received('captured', paymentCaptured));
    await shelf.handle(received('request', orderCancellationRequested));

    await shelf.handle(received('failed', shipmentFailed('address_unreachable')));

    expect(shelf.published).toEqual([
      'OrderPlaced',
      'OrderConfirmed',
      'OrderCancellationRejected:too_late',
      'OrderCancelled:shipment_failed',
    ]);
  });
});

test('an order that was confirmed when it was asked about, and then failed, has two answers, each once', async () => {
  const shelf = new OrdersShelf();
  await shelf.handle(received('cart', cartCheckedOut));
  await shelf.handle(received('captured', paymentCaptured));
  await shelf.handle(received('click-1', orderCancellationRequested), received('click-2', orderCancellationRequested));
  await shelf.handle(received('failed', shipmentFailed('carrier_refused')));
  await shelf.handle(received('click-3', orderCancellationRequested), received('click-4', orderCancellationRequested));

  expect(shelf.published.slice(2)).toEqual([
    'OrderCancellationRejected:too_late',
    'OrderCancelled:shipment_failed',
    'OrderCancellationRejected:already_cancelled',
  ]);
});

test('a request that comes again under its own id is answered once', async () => {
  const shelf = new OrdersShelf();
  await shelf.handle(received('cart', cartCheckedOut));

  for (const _ of [1, 2]) await shelf.handle(received('request', orderCancellationRequested));
  await shelf.handle(received('declined', paymentFailed('declined')));

  expect(shelf.published).toEqual(['OrderPlaced', 'OrderCancelled:requested']);
});
