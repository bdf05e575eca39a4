import { expect, test } from 'vitest';
import { received } from '../backbone/received.ts';
import {
  cartCheckedOut,
  inventoryReservationFailed,
  orderCancellationRequested,
  paymentCaptured,
  paymentRefunded,
} from './mug-order.ts';
import { OrdersShelf } from './orders-shelf.ts';

const cart = received('cart', cartCheckedOut);
const request = received('request', orderCancellationRequested);
const captured = received('captured', paymentCaptured);

async function placedOrder(): Promise<OrdersShelf> {
  const shelf = new OrdersShelf();
  await shelf.handle(cart);
  return shelf;
}

/*
 *     request:            load 1 ── cancel at 2 ✓
 *     captured:   load 1 ── confirm ──────────── at 2 ✗ ── load: cancelled ── note the money at 3
 */
test('the request wins: the order is cancelled, and the money that came too late is to go back', async () => {
  const shelf = await placedOrder();
  shelf.store.nextAppends(() => shelf.rival.handle(request));

  expect(await shelf.handle(captured)).toEqual(['done']);

  expect(shelf.told).toEqual(['OrderPlaced', 'OrderCancelled', 'PaymentCaptureNoted']);
  expect(await shelf.settlementIsDue('cancelled')).toEqual([expect.stringContaining('its money is not refunded')]);
  await shelf.handle(received('refunded', paymentRefunded));
  expect(await shelf.settlementIsDue('cancelled')).toEqual(['done']);
});

/*
 *     request:    load 1 ── cancel ──────────── at 2 ✗ ── load: confirmed ── too late, at 3
 *     captured:           load 1 ── confirm at 2 ✓
 */
test('the capture wins: the order is confirmed, and the request is told that it is too late', async () => {
  const shelf = await placedOrder();
  shelf.store.nextAppends(() => shelf.rival.handle(captured));

  expect(await shelf.handle(request)).toEqual(['done']);

  expect(shelf.published).toEqual(['OrderPlaced', 'OrderConfirmed', 'OrderCancellationRejected:too_late']);
});

/*
 *     deadline:           load 1 ── cancel at 2 ✓
 *     captured:   load 1 ── confirm ──────────── at 2 ✗ ── load: cancelled ── note the money at 3
 */
test('the deadline wins: the order is cancelled, and the money that came too late is to go back', async () => {
  const shelf = await placedOrder();
  shelf.store.nextAppends(() => shelf.rival.deadlinePasses('placed'));

  expect(await shelf.handle(captured)).toEqual(['done']);

  expect(shelf.told).toEqual(['OrderPlaced', 'OrderCancelled', 'PaymentCaptureNoted']);
  expect(await shelf.settlementIsDue('cancelled')).toEqual([expect.stringContaining('its money is not refunded')]);
});

/*
 *     deadline:   load 1 ── cancel ──────────── at 2 ✗ ── load: confirmed ── nothing
 *     captured:           load 1 ── confirm at 2 ✓
 */
test('the capture wins against the deadline: the order is confirmed', async () => {
  const shelf = await placedOrder();
  shelf.store.nextAppends(() => shelf.rival.handle(captured));

  expect(await shelf.deadlinePasses('placed')).toEqual(['done']);

  expect(shelf.told).toEqual(['OrderPlaced', 'OrderConfirmed']);
});

/*
 *     deadline:           load 1 ── cancel at 2 ✓
 *     request:    load 1 ── cancel ─────────── at 2 ✗ ── load: cancelled ── rejected at 3
 */
test('of deadline and request one cancels, and a request that lost is answered', async () => {
  const shelf = await placedOrder();
  shelf.store.nextAppends(() => shelf.rival.deadlinePasses('placed'));

  expect(await shelf.handle(request)).toEqual(['done']);

  expect(shelf.published).toEqual([
    'OrderPlaced',
    'OrderCancelled:deadline_passed',
    'OrderCancellationRejected:already_cancelled',
  ]);
});

test('of shortage and request one cancels, and a shortage that lost changes nothing', async () => {
  const shelf = await placedOrder();
  shelf.store.nextAppends(() => shelf.rival.handle(request));

  expect(await shelf.handle(received('short', inventoryReservationFailed))).toEqual(['done']);

  expect(shelf.published).toEqual(['OrderPlaced', 'OrderCancelled:requested']);
});

/*
 *     request:                      note at 1 ✓
 *     cart:      (assumes nothing) place ───── at 1 ✗ ── load: to be cancelled ── place and cancel at 2
 */
test('a request that overtakes its cart at the last moment cancels it', async () => {
  const shelf = new OrdersShelf();
  shelf.store.nextAppends(() => shelf.rival.handle(request));

  expect(await shelf.handle(cart)).toEqual(['done']);

  expect(shelf.told).toEqual(['CancellationRequestNoted', 'OrderPlaced OrderCancelled']);
  expect(shelf.store.calls).toEqual([
    'append order#order-c1 at 1',
    'load order#order-c1',
    'append order#order-c1 at 2',
  ]);
});

/*
 *     request:   load: nothing ── note ── at 1 ✗ ── load: placed ── cancel at 2
 *     cart:                 place at 1 ✓
 */
test('a request that its cart overtakes at the last moment cancels it', async () => {
  const shelf = new OrdersShelf();
  shelf.store.nextAppends(() => shelf.rival.handle(cart));

  expect(await shelf.handle(request)).toEqual(['done']);

  expect(shelf.told).toEqual(['OrderPlaced', 'OrderCancelled']);
});

test('in one batch, the one that stands first wins', async () => {
  const requestFirst = await placedOrder();
  const captureFirst = await placedOrder();

  await requestFirst.handle(request, captured);
  await captureFirst.handle(captured, request);

  expect(requestFirst.told).toEqual(['OrderPlaced', 'OrderCancelled PaymentCaptureNoted']);
  expect(captureFirst.published).toEqual(['OrderPlaced', 'OrderConfirmed', 'OrderCancellationRejected:too_late']);
});

test('all at once: the order ends once, and who lost is answered or undone', async () => {
  const shelf = await placedOrder();

  await Promise.all([shelf.handle(request), shelf.handle(captured), shelf.deadlinePasses('placed')]);

  const [placed, end, ...answers] = shelf.published;
  expect(placed).toBe('OrderPlaced');
  expect(end).toMatch(/^(OrderConfirmed|OrderCancelled:(requested|deadline_passed))$/);
  expect(answers).toEqual(
    end === 'OrderCancelled:requested'
      ? []
      : [`OrderCancellationRejected:${end === 'OrderConfirmed' ? 'too_late' : 'already_cancelled'}`],
  );
});
