import { expect, test } from 'vitest';
import { received } from '../backbone/received.ts';
import { cartCheckedOut, paymentCaptured, shipmentDispatched, shipmentFailed } from './mug-order.ts';
import { OrdersShelf } from './orders-shelf.ts';

const dispatched = received('dispatched', shipmentDispatched);
const failed = received('failed', shipmentFailed('carrier_unavailable'));

async function confirmedOrder(): Promise<OrdersShelf> {
  const shelf = new OrdersShelf();
  await shelf.handle(received('cart', cartCheckedOut));
  await shelf.handle(received('captured', paymentCaptured));
  return shelf;
}

// Shipping never tells both, but the order does not have to believe that.

/*
 *     dispatched:         load 2 ── ship at 3 ✓
 *     failed:     load 2 ── cancel ────────── at 3 ✗ ── load: shipped ── nothing at 4
 */
test('a shipped order is not cancelled', async () => {
  const shelf = await confirmedOrder();
  shelf.store.nextAppends(() => shelf.rival.handle(dispatched));

  await shelf.handle(failed);

  expect(shelf.told).toEqual(['OrderPlaced', 'OrderConfirmed', 'OrderShipped', '-']);
});

/*
 *     dispatched:  load 2 ── ship ──────────── at 3 ✗ ── load: cancelled ── nothing at 4
 *     failed:             load 2 ── cancel at 3 ✓
 */
test('a cancelled order is not shipped', async () => {
  const shelf = await confirmedOrder();
  shelf.store.nextAppends(() => shelf.rival.handle(failed));

  await shelf.handle(dispatched);

  expect(shelf.told).toEqual(['OrderPlaced', 'OrderConfirmed', 'OrderCancelled', '-']);
});
