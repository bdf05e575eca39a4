import { expect, test } from 'vitest';
import { cartOf, checkOut, counted, orderEnds, orderShows, stocked, stockSettles } from './shop.ts';

test('an order that cannot be shipped is cancelled, its money refunded and its stock released', async () => {
  const sku = await stocked(4);
  const orderId = await checkOut(cartOf(sku, 3, { shippingAddress: 'addr_unreachable' }));

  expect(await orderEnds(orderId)).toMatchObject({ status: 'cancelled', reason: 'shipment_failed' });
  const once = {
    OrderPlaced: 1,
    InventoryReserved: 1,
    PaymentCaptured: 1,
    OrderConfirmed: 1,
    ShipmentFailed: 1,
    OrderCancelled: 1,
    InventoryReleased: 1,
    PaymentRefunded: 1,
  };
  expect(counted(await orderShows(orderId, Object.keys(once)))).toEqual(once);
  const untouched = { available: 4, reserved: 0, shipped: 0, received: 4 };
  expect(await stockSettles(sku, untouched)).toEqual(untouched);
});
