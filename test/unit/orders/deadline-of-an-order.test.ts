import { describe, expect, test } from 'vitest';
import { type OrderFact, type OrderInput, orderDecider } from '../../../functions/orders/decider.ts';
import { given } from '../../given-when-then.ts';
import { received } from '../backbone/received.ts';
import {
  cartCheckedOut,
  inventoryReserved,
  orderCancelled,
  orderConfirmed,
  orderPlaced,
  orderShipped,
  paymentCaptured,
} from './mug-order.ts';
import { OrdersShelf } from './orders-shelf.ts';

const orderId = 'order-c1';
const deadlinePassed: OrderInput = { type: 'OrderDeadlinePassed', data: { orderId } };
const requestNoted: OrderFact = { type: 'CancellationRequestNoted', data: { orderId } };
const stockHeld: OrderFact = { type: 'StockHeldNoted', data: { orderId } };

test.each([
  ['nothing was heard of since', [orderPlaced]],
  ['only its stock is held', [orderPlaced, stockHeld]],
] as const)('an order that is not confirmed in its time is cancelled: %s', (_, facts) => {
  given(orderDecider, ...facts)
    .when(deadlinePassed)
    .then(orderCancelled('deadline_passed'));
});

test.each([
  ['confirmed', [orderPlaced, orderConfirmed]],
  ['shipped', [orderPlaced, orderConfirmed, orderShipped]],
  ['cancelled', [orderPlaced, orderCancelled('requested')]],
] as const)('an order that is %s has nothing to do with its deadline any more', (_, facts) => {
  given(orderDecider, ...facts)
    .when(deadlinePassed)
    .thenSkips();
});

test.each([
  ['nothing', []],
  ['a request to cancel it', [requestNoted]],
] as const)('of an order of which there is %s, no deadline passes', (_, facts) => {
  given(orderDecider, ...facts)
    .when(deadlinePassed)
    .thenSkips();
});

test('a deadline that comes before its order counts when it comes again', async () => {
  const shelf = new OrdersShelf();
  await shelf.deadlinePasses('placed');
  await shelf.handle(received('cart', cartCheckedOut));

  await shelf.deadlinePasses('placed');

  expect(shelf.told).toEqual(['OrderPlaced', 'OrderCancelled']);
});

describe('the OrderPlaced that comes back', () => {
  test('cancels the order, once, however often it comes back and under whatever ids', async () => {
    const shelf = new OrdersShelf();
    await shelf.handle(received('cart', cartCheckedOut));

    expect(await shelf.deadlinePasses('placed', 'placed', 'republished')).toEqual(['done', 'done', 'done']);
    expect(await shelf.deadlinePasses('placed')).toEqual(['done']);

    expect(shelf.told).toEqual(['OrderPlaced', 'OrderCancelled']);
  });

  test('is the cause that it is to the subscription of deadlines, and to no other', async () => {
    const shelf = new OrdersShelf();
    await shelf.handle(received('cart', cartCheckedOut));

    await shelf.deadlinePasses('placed');

    const [, cancelled] = shelf.store.inner.commits('order#order-c1');
    expect(cancelled?.causes).toMatchObject([{ subscription: 'orders-deadline', eventId: 'placed' }]);
    expect(cancelled?.facts).toMatchObject([{ type: 'OrderCancelled', causationId: 'placed', hops: 1 }]);
  });

  test('writes nothing where the order was confirmed in time', async () => {
    const shelf = new OrdersShelf();
    await shelf.handle(received('cart', cartCheckedOut), received('reserved', inventoryReserved));
    await shelf.handle(received('captured', paymentCaptured));
    shelf.store.calls.length = 0;

    expect(await shelf.deadlinePasses('placed')).toEqual(['done']);

    expect(shelf.store.calls).toEqual(['load order#order-c1']);
  });
});

test('an order that no other context ever heard of is cancelled, and keeps nothing', async () => {
  const shelf = new OrdersShelf();
  await shelf.handle(received('cart', cartCheckedOut));

  await shelf.deadlinePasses('placed');

  expect(shelf.published).toEqual(['OrderPlaced', 'OrderCancelled:deadline_passed']);
  expect(await shelf.settlementIsDue('cancelled')).toEqual(['done']);
});

test('a deadline that could not be written comes again', async () => {
  const shelf = new OrdersShelf();
  await shelf.handle(received('cart', cartCheckedOut));
  shelf.store.nextAppends('fails before it takes effect', 'takes effect, and its answer is lost');

  expect(await shelf.deadlinePasses('placed')).toEqual(['StoreFailure: not written']);
  expect(await shelf.deadlinePasses('placed')).toEqual(['StoreFailure: written, but nobody was told']);
  expect(await shelf.deadlinePasses('placed')).toEqual(['done']);

  expect(shelf.published).toEqual(['OrderPlaced', 'OrderCancelled:deadline_passed']);
});
